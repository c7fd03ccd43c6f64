"""Votes of made-up people abroad: in a consultation that is closed, so that its results are seen, and in one that is
open, so that whoever looks on may vote. Nothing is real."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from torogoz.domain.consultations import Part, PhaseKind
from torogoz.domain.polls import HideUntil, Kind, Secrecy, Voters
from torogoz.shared.institutions.models import Officer
from torogoz.shared.polls import actions, online_actions
from torogoz.shared.polls.models import Poll, Statement, Vote
from torogoz.site.demonstration.consulting import CODE
from torogoz.topics.consultation import actions as process_actions
from torogoz.topics.consultation.actions import Invited, ProcessTyped
from torogoz.topics.consultation.online_words import TEXT
from torogoz.topics.consultation.process_models import Process

COUNTRIES = {"USA": 150, "CAN": 30, "ESP": 24, "ITA": 16, "MEX": 12, "SWE": 3}
"""How many made-up people vote from where."""
OPEN = "consulta-inventada-abierta"
OPEN_FOR = timedelta(days=60)
SO_FAR = {"USA": 40, "CAN": 12, "ESP": 10}
"""How many made-up people have voted in the open one."""
TO_TRY = ProcessTyped(
    title_es="Consulta inventada para probar el voto en línea",
    title_en="Made-up consultation to try the vote on line",
    question_es="¿Qué hace falta para volver con dignidad, o para vivir bien donde ya vive? (inventada)",
    question_en="What does it take to return with dignity, or to live well where you live? (made up)",
    mandate_es="Mandato inventado de la demostración.",
    mandate_en="Made-up mandate of the demonstration.",
    rule="consensus",
    quorum_seats=1,
    quorum_groups={},
)
STATEMENTS = (
    ("El consulado debería abrir los sábados.", "The consulate should open on Saturdays.", 0.9, 0.9),
    (
        "Prefiero hacer los trámites por teléfono que viajar.",
        "I prefer paperwork by phone to travelling.",
        0.8,
        0.7,
    ),
    ("Quien retorna necesita sobre todo un empleo.", "Who returns needs a job above all.", 0.8, 0.4),
    ("Quien retorna necesita sobre todo vivienda.", "Who returns needs housing above all.", 0.3, 0.7),
    (
        "Los títulos obtenidos afuera deberían valer sin otro examen.",
        "Degrees earned abroad should count without another exam.",
        0.7,
        0.2,
    ),
    ("Enviar dinero cuesta demasiado.", "Sending money costs too much.", 0.9, 0.5),
    (
        "El Estado debería poner un dólar por cada dólar de la comunidad.",
        "The State should add a dollar to each dollar of the community.",
        0.75,
        0.6,
    ),
    (
        "Volvería a vivir en El Salvador en cinco años.",
        "I would live in El Salvador again in five years.",
        0.2,
        0.6,
    ),
    ("Mis hijos deberían aprender español en la escuela.", "My children should learn Spanish at school.", 0.8, 0.85),
    (
        "Las municipalidades deberían tener a alguien para la diáspora.",
        "Municipalities should have somebody for the diaspora.",
        0.6,
        0.65,
    ),
)
"""Statements in both languages, and how likely each of two made-up ways of thinking agrees."""


@transaction.atomic
def load_votes(*, now: datetime, seed: int = 20261126) -> bool:
    """Make the on-line consultation and its votes, if they are not there; whether they were made."""
    process = Process.objects.filter(code=CODE).select_related("convener").first()
    if process is None or Poll.objects.filter(about=process.key, kind=Kind.STATEMENTS.value).exists():
        return False
    began = now - timedelta(days=20)
    by = Officer.objects.get(username="secretaria")
    poll = actions.make_poll(by=by, owner=process.convener, about=process.key, asks=_asks(began, now), now=began)
    asked = [
        online_actions.add_statement(by=by, poll=poll, text_es=spanish, text_en=english, now=began)
        for spanish, english, _, _ in STATEMENTS
    ]
    dice = random.Random(seed)
    opened = began + timedelta(hours=2)
    for country, people in COUNTRIES.items():
        for _ in range(people):
            _vote(poll, asked, country, dice, opened + timedelta(days=dice.randrange(17)))
    Statement.objects.filter(poll=poll).update(frozen=True)
    return True


@transaction.atomic
def load_open_votes(*, now: datetime, seed: int = 20261127) -> bool:
    """Make a second, smaller consultation whose vote is open, if it is not there; whether it was made."""
    if Process.objects.filter(code=OPEN).exists():
        return False
    by, began, today = Officer.objects.get(username="secretaria"), now - timedelta(days=2), timezone.localdate(now)
    process = process_actions.create_process(by=by, institution="RREE", code=OPEN, typed=TO_TRY, now=began)
    ends = today + OPEN_FOR
    process_actions.set_phase(
        by=by, process=process, kind=PhaseKind.ONLINE, starts_on=today - timedelta(days=2), ends_on=ends, now=began
    )
    process_actions.invite(by=by, process=process, bodies=[Invited("government", Part.DECIDES, 1, "GAMI")], now=began)
    for step in ("convene", "start"):
        process_actions.take_step(by=by, process=process, step=step, now=began)
    process.refresh_from_db()
    process_actions.publish(by=by, process=process, results=False, shown=True, now=began)
    asks = replace(
        _asks(began, now + OPEN_FOR),
        title_es="Consulta en línea inventada, abierta",
        title_en="Made-up on-line consultation, open",
        hide_until=HideUntil.VOTED,
    )
    poll = actions.make_poll(by=by, owner=process.convener, about=process.key, asks=asks, now=began)
    asked = [
        online_actions.add_statement(by=by, poll=poll, text_es=spanish, text_en=english, now=began)
        for spanish, english, _, _ in STATEMENTS
    ]
    dice = random.Random(seed)
    for country, people in SO_FAR.items():
        for _ in range(people):
            _vote(poll, asked, country, dice, began + timedelta(hours=2))
    Statement.objects.filter(poll=poll).update(frozen=True)
    return True


def _asks(began: datetime, now: datetime) -> actions.Asks:
    return actions.Asks(
        kind=Kind.STATEMENTS,
        voters=Voters.ATTESTED,
        secrecy=Secrecy.TOKEN,
        hide_until=HideUntil.CLOSED,
        title_es="Consulta en línea inventada",
        title_en="Made-up on-line consultation",
        question_es="¿Qué hace falta para volver con dignidad, o para vivir bien donde ya vive?",
        question_en="What does it take to return with dignity, or to live well where you live?",
        opens_at=began + timedelta(hours=1),
        closes_at=now - timedelta(hours=1),
    )


def _vote(poll: Poll, asked: list[Statement], country: str, dice: random.Random, now: datetime) -> None:
    """Somebody made up, who thinks in one of two ways and leaves some statements out."""
    who, _code = online_actions.attest(
        poll=poll,
        country=country,
        age_group=dice.choice(("18-29", "30-44", "45-59", "60+")),
        sex=dice.choice(("", "F", "M")),
        text=TEXT,
        sworn=True,
        now=now,
    )
    way = 0 if dice.random() < (0.7 if country == "USA" else 0.35) else 1
    votes = []
    for said, row in zip(asked, STATEMENTS, strict=True):
        if dice.random() < 0.9:
            drawn, likely = dice.random(), (row[2], row[3])[way]
            value = 1 if drawn < likely else 0 if drawn > 0.93 else -1
            votes.append(Vote(attestation=who, statement=said, number=1, turn=0, value=value, on=now.date()))
    Vote.objects.bulk_create(votes)
