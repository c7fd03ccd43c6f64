"""Two devices without a reliable connection, played many times over: nothing may be lost, nothing written twice.

A plan says which forms two devices fill in; it is played once without faults, and again and again with faults drawn
from a seed. Afterwards an officer decides about what waits, by a rule that looks at the forms alone. What is stored at
the end must be the same. Faults: a request that is lost on the way, one that is cut off at a byte, one that is answered
and whose answer is lost, one that comes twice, one that comes much later, forms in another order, and a server that is
killed at any of its statements to the database.
"""

import hashlib
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from tests.filled_forms import ARRIVAL, CARE, INTERVIEW, PICTURE, arrival, care
from torogoz.exchange.blankforms.filled import person_reference, read, sections_of
from torogoz.shared.attachments.models import Attachment
from torogoz.shared.attachments.queries import content
from torogoz.shared.devices.actions import decide
from torogoz.shared.devices.applying import person_meant
from torogoz.shared.devices.models import FilledForm, Ruling
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.models import Person, Section
from torogoz.statistics.forms.shipped import SINGLE_FORM
from torogoz.topics.returns.models import Arrival

MOST_STATEMENTS = 160
"""As many statements, and a few more, are sent to the database for one form: the server is killed at one of them."""
CALM_AFTER = 60
"""Requests after which the line is good, so that every schedule ends."""


class Killed(BaseException):
    """The server was killed: no handler of errors sees it, and nothing is answered."""


@dataclass(frozen=True)
class Request:
    """One request: a form, and the files that go with it."""

    written: bytes
    files: tuple[tuple[str, bytes], ...] = ()
    more: bool = False

    def body(self) -> bytes:
        """As it goes over the line."""
        parts = [("xml_submission_file", self.written), *self.files]
        lines = b""
        for name, clear in parts:
            head = f'--B\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n\r\n'
            lines += head.encode() + clear + b"\r\n"
        if self.more:
            lines += b'--B\r\nContent-Disposition: form-data; name="*isIncomplete*"\r\n\r\nyes\r\n'
        return lines + b"--B--\r\n"


@dataclass(frozen=True)
class Plan:
    """For each device, its forms; for each form, the requests in which it is sent."""

    devices: tuple[tuple[tuple[Request, ...], ...], ...]

    @property
    def forms(self) -> int:
        """How many forms were filled in."""
        return sum(len(device) for device in self.devices)


@dataclass
class Happened:
    """What a schedule had of each fault, and how many requests it took."""

    faults: Counter[str] = field(default_factory=Counter)
    requests: int = 0


def plan(seed: int) -> Plan:
    """The registrar's forms (arrivals with interviews, one person twice) and the nurse's (some with a photograph, one
    person with two answers)."""
    draw = random.Random(seed)
    people = [f"{draw.randrange(10**8):08d}" for _ in range(2)]
    documents = [f"{digits}-{check_digit(digits)}" for digits in people]

    def instance() -> UUID:
        return UUID(int=draw.getrandbits(128), version=4)

    def header(place: int) -> dict[str, str]:
        name = {"given1": ("Marta", "Elías")[place], "surname1": ("Inventada", "Ejemplo")[place]}
        who = {"document_1_kind": "DUI", "document_1_number": documents[place], "document_1_issuer": "SLV"}
        day = {"arrived_on": f"2026-11-{10 + place}", "birth": f"19{60 + 10 * place}-05"}
        return {**ARRIVAL, **name, **who, **day}

    registrar = [
        (Request(arrival(instance(), header(place), migration={**INTERVIEW, "detained_days": str(place)})),)
        for place in range(2)
    ]
    twice = draw.randrange(2)
    registrar.append((Request(arrival(instance(), header(twice), migration={**INTERVIEW, "detained_days": "77"})),))
    nurse = [_photographed(instance(), documents[0], draw)]
    nurse += [
        (Request(care(instance(), documents[1], {**CARE, "care": answer})),)
        for answer in draw.sample(["FIT", "TREATED", "REFERRED"], 2)
    ]
    return Plan((tuple(registrar), tuple(nurse)))


def _photographed(instance: UUID, document: str, draw: random.Random) -> tuple[Request, ...]:
    """A form whose photograph goes in a request of its own, or in the same."""
    written, picture = care(instance, document, {**CARE, "file_health": "1.png"}), (("1.png", PICTURE),)
    if draw.random() < 0.5:
        return (Request(written, picture),)
    return (Request(written, more=True), Request(written, picture))


def check_digit(digits: str) -> int:
    """The last digit of a DUI with these eight."""
    return (10 - sum(int(digit) * weight for digit, weight in zip(digits, range(9, 1, -1), strict=True)) % 10) % 10


def deliver(asked: Client, body: bytes, came: int) -> int:
    """The status of the answer to a body of which `came` bytes come."""
    head: dict[str, Any] = {"CONTENT_TYPE": "multipart/form-data; boundary=B", "CONTENT_LENGTH": str(len(body))}
    return asked.generic("POST", "/devices/submission", **head, **{"wsgi.input": BytesIO(body[:came])}).status_code


@contextmanager
def taken_back() -> Iterator[None]:
    """Take back at the end whatever was stored, so that the next schedule begins on the same ground."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def killed_at(statement: int) -> Iterator[None]:
    """Kill the server at this statement to the database, if it comes to that."""
    left = [statement]

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            raise Killed
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield


class Line:
    """The line between devices and the server, with faults drawn from a seed."""

    def __init__(self, draw: random.Random, *, faulty: bool) -> None:
        self.draw = draw
        self.faulty = faulty
        self.happened = Happened()
        self.late: list[tuple[Client, bytes]] = []

    def send(self, asked: Client, request: Request) -> bool:
        """Send a request; whether the device hears that it was taken."""
        body = request.body()
        self.happened.requests += 1
        fault = self._fault()
        self.happened.faults[fault] += 1
        match fault:
            case "lost":
                return False
            case "late":
                self.late.append((asked, body))
                return False
            case "cut":
                status = deliver(asked, body, self.draw.randrange(len(body) - 2))
                assert status == 400, status
                return False
            case "killed":
                return self._killed(asked, body)
            case "repeated":
                deliver(asked, body, len(body))
        status = deliver(asked, body, len(body))
        assert status in (201, 202), status
        return fault != "unanswered"

    def _killed(self, asked: Client, body: bytes) -> bool:
        try:
            with transaction.atomic(), killed_at(self.draw.randint(1, MOST_STATEMENTS)):
                deliver(asked, body, len(body))
        except Killed:
            pass
        return False

    def _fault(self) -> str:
        if self.late and self.draw.random() < 0.2:
            asked, body = self.late.pop(self.draw.randrange(len(self.late)))
            deliver(asked, body, len(body))
        if not self.faulty or self.happened.requests > CALM_AFTER:
            return "none"
        kinds = ("none", "lost", "late", "cut", "killed", "repeated", "unanswered")
        return self.draw.choices(kinds, weights=(4, 1, 1, 1, 2, 1, 1))[0]

    def clear(self) -> None:
        """Let everything arrive that is still on the way."""
        for asked, body in self.late:
            deliver(asked, body, len(body))


def play(plan: Plan, devices: Sequence[Client], deciders: Sequence[Officer], seed: int, *, faulty: bool) -> Happened:
    """Send every form until its device has heard that it was taken, and decide about what waits."""
    draw = random.Random(seed)
    line = Line(draw, faulty=faulty)
    unsent = [(asked, form) for asked, forms in zip(devices, plan.devices, strict=True) for form in forms]
    while unsent:
        place = draw.randrange(len(unsent)) if faulty else 0
        asked, form = unsent[place]
        if all(line.send(asked, request) for request in form):
            unsent.pop(place)
    line.clear()
    decide_all(deciders)
    return line.happened


def decide_all(deciders: Sequence[Officer]) -> None:
    """Decide by a rule that looks at nothing but the forms: the same document is the same person, another one is
    another, and of two answers the later in the alphabet counts."""
    by = {officer.memberships.get().institution_id: officer for officer in deciders}
    while form := FilledForm.objects.filter(state="held").order_by("why", "instance").first():
        officer, now = by[form.institution_id], timezone.now()
        verdict, person = _verdict(form, officer)
        before = form.rulings.count()
        done = decide(by=officer, form=form, verdict=verdict, reason="Por regla de la prueba.", person=person, now=now)
        assert before < 4, (done.why, done.wrong)


def _verdict(form: FilledForm, officer: Officer) -> tuple[Ruling.Verdict, Person | None]:
    filled = read(form.written)
    match form.why:
        case "duplicate":
            document = filled.said["header"]["document_1_number"]
            person = person_meant(document, officer, timezone.now())
            return (Ruling.Verdict.SAME if person else Ruling.Verdict.OTHER), person
        case "person":
            return Ruling.Verdict.SAME, person_meant(person_reference(filled), officer, timezone.now())
        case "differs":
            (part,) = sections_of(filled, SINGLE_FORM)
            stored = Section.objects.get(encounter=form.encounter, code=part.form.code)
            later = sorted(part.answers.items(), key=str) > sorted(stored.answers.items(), key=str)
            return (Ruling.Verdict.REPLACE if later else Ruling.Verdict.NOTHING), None
    raise AssertionError(f"a form waits because {form.why}: {form.wrong}")


def stored() -> dict[str, list[object]]:
    """What is stored of everybody, whoever wrote it and in whatever order."""
    documents = {
        person.pk: sorted(each.number for each in person.identifiers.select_related("institution"))
        for person in Person.objects.all()
    }
    return {
        "people": sorted(
            (str(documents[each.pk]), str(each.names.get(kind="main").as_person_name()), each.birth)
            for each in Person.objects.all()
        ),
        "arrivals": sorted(
            (str(documents[each.encounter.person_id]), str(each.encounter.occurred_at), each.returned_from, each.route)
            for each in Arrival.objects.select_related("encounter")
        ),
        "sections": sorted(
            (str(documents[each.encounter.person_id]), each.code, each.form_version, str(sorted(each.answers.items())))
            for each in Section.objects.select_related("encounter", "institution")
        ),
        "attachments": sorted(
            (str(documents[each.encounter.person_id]), each.code, each.media, _digest(each))
            for each in Attachment.objects.select_related("encounter", "institution")
        ),
        "forms": sorted(FilledForm.objects.values_list("instance", "digest")),
    }


def _digest(attachment: Attachment) -> str:
    return hashlib.sha256(b"".join(content(attachment))).hexdigest()


def lost_and_doubled(plan: Plan) -> tuple[int, int]:
    """How many forms that were taken are neither written nor decided about, and what is there twice."""
    sent = {read(requests[0].written).instance for device in plan.devices for requests in device}
    done = FilledForm.objects.filter(state__in=("applied", "closed"))
    lost = len(sent - set(done.values_list("instance", flat=True)))
    said = stored()
    people = Counter(str(row[0]) for row in said["people"])  # type: ignore[index]  # rows are tuples
    arrivals = Counter(str(row[:2]) for row in said["arrivals"])  # type: ignore[index]
    files = Counter(str(row) for row in said["attachments"])
    forms = Counter(str(row) for row in said["forms"])
    return lost, sum(count - 1 for counted in (people, arrivals, files, forms) for count in counted.values())


@dataclass
class Played:
    """Schedules that were played: how many, with how many requests and faults, and what went wrong."""

    schedules: int = 0
    forms: int = 0
    requests: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    doubled: int = 0
    unlike: list[int] = field(default_factory=list)


def play_many(seeds: Sequence[int], plans: int, devices: Sequence[Client], deciders: Sequence[Officer]) -> Played:
    """Play a schedule of faults for each seed, on one of so many plans, and hold its end against the one without."""
    played, without_faults = Played(), {}
    for seed in seeds:
        number = seed % plans
        chosen = plan(number)
        if number not in without_faults:
            with taken_back():
                play(chosen, devices, deciders, seed, faulty=False)
                without_faults[number] = stored()
        with taken_back():
            happened = play(chosen, devices, deciders, seed, faulty=True)
            lost, doubled = lost_and_doubled(chosen)
            if stored() != without_faults[number]:
                played.unlike.append(seed)
        played.schedules += 1
        played.forms += chosen.forms
        played.requests += happened.requests
        played.faults += happened.faults
        played.lost += lost
        played.doubled += doubled
    return played
