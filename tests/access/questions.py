"""What is asked in each of two worlds: lists, counts, order, ranks, exports, errors, pages; and whether they agree."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.access.worlds import ANOTHER_DAY, NOBODYS_NUMBER, NUMBERS, Cast, Change, hidden_changes, policy_read_once
from tests.world import NOW
from torogoz.domain.access import Verb
from torogoz.domain.consents import ConsentRefused, Given, GivenBy, Purpose
from torogoz.domain.handovers import Ground, HandoverRefused, Urgency
from torogoz.domain.returns import ArrivalRefused, Declaration
from torogoz.domain.sections import IDENTITY
from torogoz.shared.attachments.queries import attachments_seen_by
from torogoz.shared.cases import actions as consents
from torogoz.shared.cases import handover_actions, handover_queries
from torogoz.shared.cases import queries as cases
from torogoz.shared.exports import queries as exports
from torogoz.shared.institutions import access
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.people import queries as people
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.models import Person
from torogoz.topics.returns import actions as returns
from torogoz.topics.returns import queries as arrivals
from torogoz.topics.returns import reuse

DAY = timezone.localdate(NOW)
JUST_NOW = NOW - timedelta(minutes=40)
SOUGHT = ("Norma Beatriz Quijada", "Rosa Quijada", "Kijda", "José Zelaya", "Marta Cerén Menjívar")
RANDOM = re.compile(rb'name="(?:csrfmiddlewaretoken|token)" value="[\w-]+"')
BACKEND = "django.contrib.auth.backends.ModelBackend"
NOBODY = UUID(int=0)

Question = Callable[[Officer], object]


@dataclass(frozen=True)
class Leak:
    """A question that was answered otherwise because of what the officer may not see."""

    seed: int
    officer: str
    question: str
    changes: tuple[str, ...]

    def __str__(self) -> str:
        return f"world {self.seed}, {self.officer}: {self.question} tells of {', '.join(self.changes)}"


def questions(made: Cast) -> dict[str, Question]:
    """By name, each question of a world; a person is asked about by her key, whether the officer sees her or not."""
    asked: dict[str, Question] = {
        "the list of the day": _list_of_the_day,
        "how many arrived": lambda officer: len(_list_of_the_day(officer)),
        "the list of the day before": lambda officer: _list_of_the_day(officer, DAY - timedelta(days=1)),
        "an export": _export,
        "the hand-overs": lambda officer: _handovers(officer),
        "how many hand-overs wait": lambda officer: handover_queries.waiting_handovers(officer, NOW),
        "the glass to review": lambda officer: [
            (one.person, one.overdue, one.may_judge) for one in cases.glass_seen_by(officer, NOW)
        ],
        "what was not asked again": _reuse,
        "a document that nobody has": lambda officer: bool(cases.elsewhere(officer, NOBODYS_NUMBER, NOW)),
    }
    for text in SOUGHT:
        asked[f"the search for {text}"] = lambda officer, text=text: _search(officer, name=text)  # type: ignore[misc]
    for number in NUMBERS:
        asked[f"the search for {number}"] = lambda officer, number=number: _search(officer, document=number)  # type: ignore[misc]
    for person in made.people:
        asked |= {f"{name} of {person.key}": question for name, question in _about(person).items()}
    for person in made.people[:2]:
        asked |= {f"{name} of {person.key}": question for name, question in _told_about(person).items()}
    return asked


def _about(person: Person) -> dict[str, Question]:
    return {
        "the page": lambda officer: _page(officer, person),
        "the corrections": lambda officer: len(people.corrections_seen_by(officer, person, NOW)),
        "the consents": lambda officer: (
            _seen(officer, person)
            and [(one.recipient.code, one.institution.code) for one in cases.consents_seen_by(officer, person, NOW)]
        ),
        "the hand-overs": lambda officer: _handovers(officer, person),
    }


def _told_about(person: Person) -> dict[str, Question]:
    """Errors: what the officer is told who tries to do something with the person."""
    return {
        "the answer to a hand-over": lambda officer: _error_of(lambda: _send(officer, person)),
        "the answer to a consent": lambda officer: _error_of(lambda: _give(officer, person)),
        "the answer to a second arrival": lambda officer: _error_of(lambda: _arrive(officer, person, JUST_NOW)),
        "the answer to a second arrival, on another day": lambda officer: _error_of(
            lambda: _arrive(officer, person, ANOTHER_DAY)
        ),
    }


def _list_of_the_day(officer: Officer, day: date = DAY) -> list[object]:
    centres = arrivals.centres_of(officer, NOW)
    return [
        (str(one.person.key), str(people.names_of(one.person)[0]), sorted(one.facts), one.needs, one.stop)
        for one in arrivals.arrivals_of_day(officer, centres, day, NOW)
    ]


def _search(officer: Officer, *, name: str = "", document: str = "") -> list[object]:
    centres = arrivals.centres_of(officer, NOW)
    if not any(access.may(officer, Verb.SEARCH, access.at(centre.pk), IDENTITY, NOW) for centre in centres):
        return []
    found = people.search_seen_by(officer, name=name, document=document, birth_year=None, now=NOW)
    return [
        (str(one.key), one.score, one.reasons, str(one.name), one.sex, one.birth, one.documents, one.last_met_at)
        for one in found
    ]


def _export(officer: Officer) -> object:
    if not exports.may_export(officer, NOW):
        return None
    made = exports.exported(officer, DAY - timedelta(days=9), DAY, NOW, "es")
    return made.frame.write_csv(), made.cases, made.people, made.sections


def _handovers(officer: Officer, person: Person | None = None) -> list[object]:
    return [
        (str(one.key), one.state, sorted(one.sides), one.steps, one.name, one.sender)
        for one in handover_queries.handovers_seen_by(officer, NOW, person=person)
    ]


def _reuse(officer: Officer) -> object:
    if not reuse.supervises(officer, NOW):
        return None
    found = reuse.reuse_seen_by(officer, NOW - timedelta(days=9), NOW, NOW)
    return [(one.form.code, one.written, one.needed, one.known, one.missing) for one in found]


def _seen(officer: Officer, person: Person) -> Person | None:
    return people.person_seen_by(officer, person.key, NOW)


def _page(officer: Officer, person: Person) -> object:
    """What the page of a person is made of."""
    seen = _seen(officer, person)
    if seen is None:
        return None
    met = people.encounters_seen_by(officer, seen, NOW)
    arrived = arrivals.arrivals_of(officer, met, NOW)
    parts = []
    for one in met:
        shown = people.sections_seen_by(officer, one, NOW)
        parts.append(
            (
                str(one.key),
                [(each.form.code, each.answers, each.may_write) for each in shown.shared],
                [form.code for form in shown.to_write],
                [(each.attachment.code, each.name) for each in attachments_seen_by(officer, one, NOW)],
                sorted(arrived[one.pk].facts) if one.pk in arrived else None,
            )
        )
    return people.identity_seen_by(officer, seen, NOW), parts, people.may_correct(officer, seen, NOW)


def _send(officer: Officer, person: Person) -> object:
    if _seen(officer, person) is None:
        raise NotAllowed
    to = handover_queries.receivers(officer, NOW)
    return handover_actions.send(
        by=officer,
        person=person,
        to=to[0],
        urgency=Urgency.URGENT,
        reason="texto inventado de una derivación",
        sections=[IDENTITY],
        ground=Ground.CONSENT if person.pk % 2 else Ground.PROTOCOL,
        now=NOW,
    )


def _give(officer: Officer, person: Person) -> object:
    if _seen(officer, person) is None:
        raise NotAllowed
    return consents.give_consent(
        by=officer,
        person=person,
        recipient=Institution.objects.get(code="LOCAL"),
        purpose=Purpose.ATTENTION,
        sections=[IDENTITY, "health"],
        given=Given.SIGNED,
        given_by=GivenBy.PERSON,
        assent=False,
        language="español",
        witness="",
        valid_until=DAY + timedelta(days=9),
        now=NOW,
    )


def _arrive(officer: Officer, person: Person, at: datetime) -> object:
    centres = arrivals.registering_centres(officer, NOW)
    if _seen(officer, person) is None or not centres:
        raise NotAllowed
    return returns.record_arrival(
        by=officer,
        person=person,
        centre=centres[0],
        arrived_at=at,
        declared=Declaration("USA", "AIR"),
        token=uuid4(),
        now=NOW,
    )


def _error_of(act: Callable[[], object]) -> str:
    """What the officer is told; what was done is taken back."""
    told = "stored"
    with transaction.atomic():
        try:
            act()
        except (HandoverRefused, ConsentRefused, ArrivalRefused) as why:
            told = why.explain("es")
        except (NotAllowed, IndexError):
            told = "nothing is there"
        transaction.set_rollback(True)
    return told


def pages(made: Cast, officer: Officer) -> dict[str, Question]:
    """The same over HTTP, byte by byte."""
    addresses = ["/", reverse("returns:index"), reverse("cases:handovers"), reverse("returns:transports")]
    addresses += [reverse("returns:person", args=[key]) for key in (NOBODY, *(each.key for each in made.people))]

    def get(address: str) -> bytes:
        client = Client()
        client.force_login(officer, backend=BACKEND)
        with transaction.atomic():
            answer = client.get(address)
            transaction.set_rollback(True)
        return bytes(answer.status_code) + RANDOM.sub(b"", answer.content)

    return {f"the page {address}": lambda _officer, address=address: get(address) for address in addresses}  # type: ignore[misc]


def compare(made: Cast, seed: int, *, over_http: bool = False, about: str = "") -> Iterator[tuple[int, list[Leak]]]:
    """For each officer of a world, twice: how many questions were asked in two worlds, and the leaks among them.

    All that is hidden is changed at once, and then a part of it, so that two changes do not make up for one another.
    over_http   whether pages are asked too
    about       asks only the questions whose names begin so
    """
    for officer in (*made.officers, made.dice.choice(sorted(made.world.officers.values(), key=str))):
        with policy_read_once():
            changes = list(hidden_changes(made, officer))
            asked = questions(made) | (pages(made, officer) if over_http else {})
            asked = {name: question for name, question in asked.items() if name.startswith(about)}
            before = {name: _answer(question, officer) for name, question in asked.items()} if changes else {}
            for chosen in (changes, made.dice.sample(changes, len(changes) // 2)):
                if chosen:
                    then = _after(chosen, asked, officer)
                    different = [name for name in asked if then[name] != before[name]]
                    yield (
                        len(asked),
                        [
                            Leak(
                                seed, officer.username, name, _guilty(chosen, name, asked[name], before[name], officer)
                            )
                            for name in different
                        ],
                    )


def _answer(question: Question, officer: Officer) -> str:
    return repr(question(officer))


def _after(changes: list[Change], asked: dict[str, Question], officer: Officer) -> dict[str, str]:
    with transaction.atomic():
        for change in changes:
            change.do()
        answers = {name: _answer(question, officer) for name, question in asked.items()}
        transaction.set_rollback(True)
    return answers


def _guilty(changes: list[Change], name: str, question: Question, before: str, officer: Officer) -> tuple[str, ...]:
    """The changes that alone make the difference; all, when it takes several."""
    alone = tuple(c.what for c in changes if _after([c], {name: question}, officer)[name] != before)
    return alone or tuple(change.what for change in changes)
