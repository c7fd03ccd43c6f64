"""What is answered to who asks for a person that is not open: nothing, or for what purpose a consent would open her."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from torogoz.domain.access import REFUSED, Verb
from torogoz.domain.consents import Purpose
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.audit.words import PURPOSES
from torogoz.shared.institutions.models import Officer
from torogoz.shared.institutions.purposes import shut_by_purpose, that_would_open
from torogoz.shared.people.models import Person
from torogoz.shared.people.queries import subject_of


def to_declare(officer: Officer, key: UUID, now: datetime) -> tuple[Purpose, ...]:
    """The purposes under which the officer would read this person; none for who is not of the recipient of a consent.

    The person is looked for only when there is such a consent, so that to everybody else a key of somebody and a key of
    nothing take the same steps.
    """
    if not shut_by_purpose(officer, str(key), now):
        return ()
    person = Person.objects.filter(key=key).first()
    return that_would_open(officer, subject_of(person), now) if person else ()


def refused(request: HttpRequest, officer: Officer, key: UUID, now: datetime) -> HttpResponse:
    """Record that a person was asked for and not shown; say what to declare, to whom that may be said."""
    purposes = to_declare(officer, key, now)
    if not purposes:
        return not_found(request, verb=Verb.VIEW, what="person", subject=key, now=now)
    disclosed(request, verb=Verb.VIEW, what="person", subjects=[key], decision=REFUSED, now=now)
    return render(request, "people/shut.html", {"purposes": named(purposes), "person_key": key}, status=404)


def named(purposes: tuple[Purpose, ...]) -> list[tuple[str, str]]:
    """Each purpose with the words for it, to be declared by a button."""
    return [(purpose.value, str(PURPOSES[purpose])) for purpose in purposes]
