"""Made-up polls: of five seats or more, named or secret, and of statements for a made-up diaspora."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from tests.world import NOW, World
from torogoz.domain.polls import Answer, HideUntil, Kind, Secrecy, Voters
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.institutions.models import Institution
from torogoz.shared.polls import actions, online_actions
from torogoz.shared.polls.actions import Asks, Choice, Place
from torogoz.shared.polls.models import Attestation, Poll, Statement
from torogoz.site.access_matrix.compact import ONLINE
from torogoz.topics.consultation.process_models import Process

HOUR = timedelta(hours=1)
BODIES = ("MINSAL", "MTPS", "GAMI", "PNC", "PGR", "ISDEMU")
RULES: Mapping[Kind, dict[str, Any]] = {
    Kind.SCALE: {"rule": "consensus"},
    Kind.RANK: {},
    Kind.DOTS: {"dots": 5, "most": 3},
    Kind.QUADRATIC: {"credits": 9},
    Kind.BUDGET: {"budget": 100},
    Kind.STATEMENTS: {},
}


def make_poll(
    world: World,
    kind: Kind,
    *,
    secrecy: Secrecy = Secrecy.NAMED,
    hide_until: HideUntil = HideUntil.CLOSED,
    voters: Voters = Voters.SEATS,
    bodies: Sequence[str] = BODIES,
    about: UUID | None = None,
    opens_at: datetime = NOW - HOUR,
    closes_at: datetime = NOW + HOUR,
    rules: dict[str, Any] | None = None,
    now: datetime = NOW - 2 * HOUR,
) -> Poll:
    """A poll of RREE about nothing real, open from an hour before NOW to an hour after it."""
    institutions = {one.code: one for one in Institution.objects.all()}
    costs = {"a": 60, "b": 40, "c": 30}
    choices = [Choice(code, f"Opción {code}", f"Option {code}", Decimal(cost)) for code, cost in costs.items()]
    asks = Asks(
        kind=kind,
        voters=voters,
        secrecy=secrecy,
        hide_until=hide_until,
        title_es="Votación inventada",
        title_en="Made-up poll",
        question_es="¿Qué se prefiere?",
        question_en="What is preferred?",
        opens_at=opens_at,
        closes_at=closes_at,
        rules=RULES[kind] if rules is None else rules,
        options=() if kind in {Kind.SCALE, Kind.STATEMENTS} else choices,
        roll=[Place(uuid4(), institutions[code], code, code, "government") for code in bodies]
        if voters is Voters.SEATS
        else (),
    )
    return actions.make_poll(
        by=world.officers["secretariat"], owner=institutions["RREE"], about=about or uuid4(), asks=asks, now=now
    )


def statement_poll(world: World, *, hide_until: HideUntil = HideUntil.CLOSED, **details: Any) -> Poll:
    """A poll of statements for whoever attests."""
    return make_poll(
        world,
        Kind.STATEMENTS,
        secrecy=Secrecy.TOKEN,
        hide_until=hide_until,
        voters=Voters.ATTESTED,
        bodies=(),
        **details,
    )


def statement(world: World, poll: Poll, number: int) -> Statement:
    """A made-up statement of the secretariat."""
    return online_actions.add_statement(
        by=world.officers["secretariat"],
        poll=poll,
        text_es=f"Frase inventada número {number}",
        text_en=f"Made-up statement number {number}",
        now=NOW,
    )


def attested(poll: Poll, country: str = "USA", now: datetime = NOW) -> tuple[Attestation, str]:
    """Somebody made up who swore to live abroad, and the code that she keeps."""
    return online_actions.attest(poll=poll, country=country, age_group="30-44", sex="", text=1, sworn=True, now=now)


def say(poll: Poll, code: str, said: Statement, answer: Answer, *, turn: int = 0, now: datetime = NOW) -> None:
    """Vote on a statement as its form would."""
    online_actions.vote(
        poll=poll.key, code=code, statement=said.key, answer=answer, wording=said.wording, turn=turn, now=now
    )


def online(
    world: World, hide_until: HideUntil = HideUntil.CLOSED, statements: int = 3, code: str = "inventada"
) -> Poll:
    """A published process of RREE with an open poll of statements, now."""
    codelists.load()
    now = timezone.now()
    process = Process.objects.create(
        code=ONLINE,
        title_es="Consulta inventada",
        title_en="Made-up consultation",
        question_es="¿Qué necesita?",
        question_en="What do you need?",
        convener=Institution.objects.get(code="RREE"),
        published_at=now,
        created_at=now,
        changed_at=now,
        made_up=True,
    )
    poll = statement_poll(
        world, hide_until=hide_until, about=process.key, opens_at=now - HOUR, closes_at=now + HOUR, now=now - 2 * HOUR
    )
    for number in range(statements):
        statement(world, poll, number)
    return poll


def closed_with_votes(world: World) -> Poll:
    """The same, closed, with the votes of six made-up people on each statement."""
    poll = online(world)
    now = timezone.now()
    for _ in range(6):
        _who, code = attested(poll, now=now)
        for said in poll.statements.order_by("number"):
            say(poll, code, said, Answer.AGREE, now=now)
    Poll.objects.filter(pk=poll.pk).update(closes_at=now)
    return poll
