"""What the topic that receives people does with a form from a device: shared apps know no topic, so it is asked here.

The setting RECEPTION names the module; `topics/returns/from_devices.py` is the one that ships.
"""

from datetime import datetime
from importlib import import_module
from typing import Protocol, cast
from uuid import UUID

from django.conf import settings

from torogoz.domain.conditions import Values
from torogoz.domain.questions import Answers, SectionForm
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.models import Encounter, Person
from torogoz.shared.people.weighing import Who


class Reception(Protocol):
    """What is asked of the topic."""

    def described(self, header: Answers) -> Who:
        """Who the header speaks of."""

    def arrive(self, *, by: Officer, header: Answers, person: Person | None, token: UUID, now: datetime) -> Encounter:
        """Record the arrival that a header declares, of a registered person or of one to be registered.

        Who is to be registered was searched for first: nobody was alike, or a person said that none of them fits.

        The arrival of a registered person on a day that has one already is that one. Raises Refused, FieldsRefused,
        NotAllowed.
        """

    def where(self, *, by: Officer, person: Person, now: datetime) -> Encounter | None:
        """The encounter that the officer adds a section to; None where there is none within reach."""

    def known(self, *, by: Officer, encounter: Encounter, form: SectionForm, now: datetime) -> Values:
        """The facts on which questions of a section may depend, as far as they are open to the officer."""


def reception() -> Reception:
    """The topic's part."""
    return cast(Reception, import_module(settings.RECEPTION))
