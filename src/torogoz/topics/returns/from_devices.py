"""An arrival from a device: the header of a filled form, read as the page of arrival reads what is typed.

It is what `shared/devices/reception.py` asks of a topic. The answers have been checked by their questions already.
"""

from dataclasses import replace
from datetime import date, datetime, time
from uuid import UUID

from django.utils import timezone

from torogoz.domain.conditions import UNKNOWN, Values
from torogoz.domain.names import PARTS, PersonName
from torogoz.domain.people import DocumentTyped
from torogoz.domain.questions import NONE, Answers, SectionForm
from torogoz.domain.returns import AlreadyArrived, Answer, ArrivalUnclear, Declaration
from torogoz.shared.institutions.models import Office, Officer
from torogoz.shared.people.models import Encounter, Person
from torogoz.shared.people.queries import encounters_seen_by, resembling, sections_seen_by
from torogoz.shared.people.weighing import Who
from torogoz.topics.returns import queries
from torogoz.topics.returns.actions import NewPerson, record_arrival
from torogoz.topics.returns.forms import MOST_DOCUMENTS


def described(header: Answers) -> Who:
    """Who the header speaks of."""
    person = _person(header)
    papers = tuple((document.kind, document.number) for document in person.documents)
    return Who(person.name, tuple(person.aliases), person.sex, person.birth, papers)


def arrive(*, by: Officer, header: Answers, person: Person | None, token: UUID, now: datetime) -> Encounter:
    """Record the arrival that a header declares."""
    for field in ("centre", "returned_from", "route"):
        if header[field] == UNKNOWN:
            raise ArrivalUnclear(field, "unknown")
    centre = Office.objects.get(code=header["centre"], receives_arrivals=True)
    day, hour = date.fromisoformat(_text(header, "arrived_on")), time.fromisoformat(_text(header, "arrived_at"))
    arrived_at = timezone.make_aware(datetime.combine(day, hour))
    try:
        arrival = record_arrival(
            by=by,
            person=person or _new(by, header, now),
            centre=centre,
            arrived_at=arrived_at,
            declared=_declared(header),
            token=token,
            now=now,
        )
    except AlreadyArrived:
        if person is None:
            raise
        return _of_that_day(by, person, day, now)
    return arrival.encounter


def where(*, by: Officer, person: Person, now: datetime) -> Encounter | None:
    """The encounter that the officer adds to: the newest at an own office, else the newest within reach."""
    return queries.where_to_write(by, encounters_seen_by(by, person, now), now)


def known(*, by: Officer, encounter: Encounter, form: SectionForm, now: datetime) -> Values:
    """The facts of the header, and what other sections say that this one works with, as far as they are open."""
    arrived = queries.arrivals_of(by, [encounter], now).get(encounter.pk)
    facts = queries.known_facts(by, encounter.person, arrived, now)
    for other in sections_seen_by(by, encounter, now).shared:
        if other.form.code != form.code:
            facts |= {fact: answer for fact, answer in other.answers.items() if fact in form.needs}
    return facts


def _of_that_day(by: Officer, person: Person, day: date, now: datetime) -> Encounter:
    """The arrival that the person has on this day; where the officer does not see it, there is no more to be done."""
    first, end = queries.bounds_of(day)
    seen = encounters_seen_by(by, person, now)
    found = [each for each in seen if each.kind == queries.RETURN and first <= each.occurred_at < end]
    if not found:
        raise AlreadyArrived("arrived_on", "same_day", day=day.isoformat())
    return found[0]


def _new(by: Officer, header: Answers, now: datetime) -> NewPerson:
    """Who is to be registered. Whoever is alike was looked at: while there is anybody, the form waits for a person."""
    alike = resembling(by, described(header), now=now)
    return replace(_person(header), none_fits=frozenset(one.key for one in alike))


def _person(header: Answers) -> NewPerson:
    documents = (
        DocumentTyped(
            _place(header, f"document_{number}_kind"),
            _text(header, f"document_{number}_number"),
            _text(header, f"document_{number}_issuer") or UNKNOWN,
        )
        for number in range(1, MOST_DOCUMENTS + 1)
    )
    return NewPerson(
        name=PersonName(**{part: _text(header, part) for part in PARTS}),
        aliases=_text(header, "aliases").splitlines(),
        sex=_text(header, "sex") or UNKNOWN,
        birth=_text(header, "birth"),
        nationality=_text(header, "nationality") or UNKNOWN,
        documents=tuple(document for document in documents if document.number),
    )


def _declared(header: Answers) -> Declaration:
    needs = header.get("needs", [])
    return Declaration(
        returned_from=_text(header, "returned_from"),
        route=_text(header, "route"),
        accompanied=_answer(header, "accompanied"),
        origin_department=_place(header, "origin_department"),
        origin_district=_place(header, "origin_district"),
        destination_department=_place(header, "destination_department"),
        destination_district=_place(header, "destination_district"),
        reason=_text(header, "reason") or UNKNOWN,
        needs=tuple(need for need in needs if need not in (NONE, UNKNOWN)) if isinstance(needs, list) else (),
        pregnant=_answer(header, "pregnant"),
        disabled=_answer(header, "disabled"),
        injured=_answer(header, "injured"),
    )


def _text(header: Answers, field: str) -> str:
    return str(header.get(field, ""))


def _answer(header: Answers, field: str) -> Answer:
    return Answer(_text(header, field) or UNKNOWN)


def _place(header: Answers, field: str) -> str:
    """A department, district or kind of document; unknown is empty."""
    code = _text(header, field)
    return "" if code == UNKNOWN else code
