"""Requests of made-up people about their own data, in several states, and one breach. All of it is made up."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from torogoz.domain.breaches import Category, Told
from torogoz.domain.children import counts_as_child, minority
from torogoz.domain.data_rights import AnswerBy, Asker, Proof, Right, Why
from torogoz.shared.data_rights import actions, breach_actions
from torogoz.shared.data_rights.models import Breach, Request
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.models import Encounter, Person
from torogoz.shared.people.queries import birth_of, names_of
from torogoz.site.demonstration.offices import CENTRE

A_DAY = timedelta(days=1)
INVENTED = "Inventado para la demostración: nadie lo pidió."
AUTHORITY = "Partida de nacimiento inventada para la demostración."
DECIDED = "Decisión inventada para la demostración."
LOST = (
    "Brecha inventada para la demostración: una lista de llegadas impresa quedó a la vista en la recepción. No ocurrió."
)

Next = Callable[[Request, Officer, datetime], object]


def load_rights(*, now: datetime) -> int:
    """Add requests and a breach, once; how many requests were added."""
    if Request.objects.exists() or Breach.objects.exists():
        return 0
    window, decides = Officer.objects.get(username="dgme"), Officer.objects.get(username="datos")
    people = _people(now)
    asked = list(zip(people, _ASKED, strict=False))
    for person, (right, proof, ago, follows) in asked:
        at = now - ago * A_DAY
        request = _received(window, person, right, proof, at)
        for number, follow in enumerate(follows, start=1):
            follow(request, decides, at + number * timedelta(hours=4))
    _breach(decides, now)
    return len(asked)


def _people(now: datetime) -> list[Person]:
    """As many made-up people as there are requests, who arrived at the centre long enough ago."""
    before = now - 60 * A_DAY
    met = Encounter.objects.filter(person__made_up=True, office__code=CENTRE, occurred_at__lt=before)
    found = met.select_related("person").order_by("-occurred_at", "-pk")[: len(_ASKED)]
    return [one.person for one in found]


def _received(window: Officer, person: Person, right: Right, proof: Proof, at: datetime) -> Request:
    child = counts_as_child(minority(birth_of(person), timezone.localdate(at)))
    return actions.receive_request(
        by=window,
        person=person,
        right=right,
        purpose=None,
        asker=Asker.PARENT if child else Asker.PERSON,
        heard=child,
        minor=child,
        proof=proof,
        answer_by=AnswerBy.WINDOW,
        language="español",
        name=str(names_of(person)[0]),
        document="",
        authority=AUTHORITY if child else "",
        what=INVENTED,
        contact="",
        now=at,
    )


def _take(request: Request, by: Officer, at: datetime) -> object:
    return actions.take_request(by=by, request=request, now=at)


def _extend(request: Request, by: Officer, at: datetime) -> object:
    return actions.extend_term(by=by, request=request, words=DECIDED, now=at)


def _grant(request: Request, by: Officer, at: datetime) -> object:
    return actions.grant_request(by=by, request=request, words=DECIDED, now=at)


def _deny(request: Request, by: Officer, at: datetime) -> object:
    return actions.deny_request(by=by, request=request, why=Why.OTHERS, words=DECIDED, now=at)


def _answer(request: Request, by: Officer, at: datetime) -> object:
    return actions.deliver_answer(by=by, request=request, words=DECIDED, now=at)


_ASKED: tuple[tuple[Right, Proof, int, tuple[Next, ...]], ...] = (
    (Right.ACCESS, Proof.DOCUMENT, 1, ()),
    (Right.PORTABILITY, Proof.NONE, 2, ()),
    (Right.RECTIFICATION, Proof.DOCUMENT, 9, (_take,)),
    (Right.RECTIFICATION, Proof.DOCUMENT, 12, (_take, _grant)),
    (Right.ACCESS, Proof.KNOWN, 20, (_take, _extend)),
    (Right.PORTABILITY, Proof.DOCUMENT, 25, (_take, _deny, _answer)),
    (Right.ACCESS, Proof.DOCUMENT, 50, (_take,)),
)
"""What was asked, how it was checked who asks, how many days ago, and what followed. The last one is past its day."""


def _breach(by: Officer, now: datetime) -> None:
    """One breach, of which one of the three that must know was told."""
    at = now - timedelta(hours=60)
    breach = breach_actions.record_breach(
        by=by,
        discovered_at=at,
        began_at=None,
        what=LOST,
        categories=[Category.IDENTITY, Category.JOURNEY],
        people=None,
        now=at + timedelta(hours=1),
    )
    breach_actions.note_notice(
        by=by, breach=breach, told=Told.ACE, done_at=at + timedelta(hours=30), how="Oficio inventado",
        now=at + timedelta(hours=31),
    )  # fmt: skip
