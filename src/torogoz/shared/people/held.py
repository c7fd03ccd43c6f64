"""A person is held while something is written of her, and nothing is hung on a record that is disposed of.

A disposal holds its people too (data_rights/disposal_actions.py). So of a write and a disposal that meet, one comes
after the other: the disposal finds what was written, or the write finds that there was a disposal and is refused.
Hold the person before anything else, so that the two do not wait for one another.
"""

from collections.abc import Mapping
from typing import ClassVar

from torogoz.domain.refusals import Refused
from torogoz.shared.people.models import Person


class Disposed(Refused):
    """Data of the person were disposed of since she was looked at, or who she is was. Nothing was stored."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "disposed": (
            "No se guardó: mientras tanto se eliminaron datos de esta persona, por una eliminación que alguien "
            "confirmó. Lo que usted escribió sigue aquí. Búsquela de nuevo antes de guardarlo; si ya no aparece y "
            "la atiende hoy, regístrela como nueva.",
            "Nothing was saved: meanwhile data of this person were disposed of, by a disposal that somebody "
            "confirmed. What you typed is still here. Search for her again before you save it; if she is not found "
            "any more and you attend her today, register her anew.",
        ),
    }

    def __init__(self) -> None:
        super().__init__("", "disposed")


def hold(*people: Person) -> tuple[Person, ...]:
    """The people as they are stored now, in the order of the arguments, held until the end of the transaction.

    raises      Disposed for a shell, and for who had data disposed of after the argument was read
    """
    rows = Person.objects.select_for_update(of=("self",)).select_related("institution")
    held = {one.pk: one for one in rows.filter(pk__in=[one.pk for one in people]).order_by("pk")}
    for read in people:
        if held[read.pk].shell or held[read.pk].disposed_at != read.disposed_at:
            raise Disposed
    return tuple(held[read.pk] for read in people)
