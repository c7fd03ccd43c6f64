"""Votes of made-up bodies in the made-up consultation: a ranking and a budget, closed, and dots that are still open."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from torogoz.domain.polls import HideUntil, Kind, Secrecy, Voters
from torogoz.shared.institutions.models import Officer
from torogoz.shared.polls import actions
from torogoz.shared.polls.actions import Asks, Choice
from torogoz.shared.polls.models import Poll
from torogoz.site.demonstration.consulting import CODE, SHEET
from torogoz.topics.consultation import vote_actions, vote_queries
from torogoz.topics.consultation.process_models import Process
from torogoz.topics.consultation.vote_actions import VoteSaid

SPEAKS = {"MINSAL": "enlace-salud", "MTPS": "enlace-trabajo"}
"""Who votes for which institution; for the bodies outside the State the secretariat types what came on paper."""
PRIORITIES = (
    Choice("A", "Esperar menos en el centro", "Waiting less at the centre"),
    Choice("B", "Certificar oficios aprendidos afuera", "Certifying trades learned abroad"),
    Choice("C", "Cupo en la escuela todo el año", "A place at school all year"),
    Choice("D", "Llamada gratis a la familia", "A free call to the family"),
)
PROJECTS = (
    Choice("A", "Sala de llamadas", "Room for calls", Decimal(8000)),
    Choice("B", "Taller de certificación", "Certification workshop", Decimal(9000)),
    Choice("C", "Lugar para cambiarse", "Place to change clothes", Decimal(5000)),
    Choice("D", "Autobús a otro departamento", "Bus to another department", Decimal(14000)),
)
RANKED = {"MINSAL": "ADCB", "MTPS": "BACD", "Asociación inventada del Norte": "CAB", "Universidad inventada": "BCA"}
BOUGHT = {"MINSAL": "AC", "MTPS": "B", "Asociación inventada del Norte": "ACD", "Universidad inventada": "BC"}


@transaction.atomic
def load_seat_votes(*, now: datetime) -> bool:
    """Make the votes, if they are not there; whether they were made."""
    process = Process.objects.filter(code=CODE).select_related("convener").first()
    if process is None or Poll.objects.filter(about=process.key, voters=Voters.SEATS.value).exists():
        return False
    by = Officer.objects.get(username="secretaria")
    began = now - timedelta(days=6)
    said = {
        "closes_at": now - timedelta(days=1),
        "options": PRIORITIES,
        "title_es": "Prioridades inventadas",
        "title_en": "Made-up priorities",
        "question_es": "¿En qué orden se atienden estas prioridades? (inventada)",
        "question_en": "In which order are these priorities dealt with? (made up)",
    }
    ranking = _open(by, process, Kind.RANK, began, **said)
    budget = _open(
        by,
        process,
        Kind.BUDGET,
        began,
        **{
            **said,
            "options": PROJECTS,
            "rules": {"budget": "22000"},
            "title_es": "Fondo inventado",
            "title_en": "Made-up fund",
            "question_es": "¿Qué proyectos apoya? Hay 22 000 dólares inventados.",
            "question_en": "Which projects do you support? There are 22,000 made-up dollars.",
        },
    )
    for body, order in RANKED.items():
        _cast(by, ranking, body, {"places": {code: at for at, code in enumerate(order, 1)}}, began)
    for body, codes in BOUGHT.items():
        _cast(by, budget, body, {"approved": list(codes)}, began)
    _open(
        by,
        process,
        Kind.DOTS,
        began,
        **{
            **said,
            "closes_at": now + timedelta(days=20),
            "rules": {"dots": 10, "most": 6},
            "title_es": "Reparto inventado de puntos",
            "title_en": "Made-up spreading of dots",
            "question_es": "¿Cuánto pesa cada prioridad? (inventada, abierta todavía)",
            "question_en": "How much does each priority weigh? (made up, still open)",
        },
    )
    return True


def _open(by: Officer, process: Process, kind: Kind, now: datetime, **said: Any) -> Poll:
    bodies = [one.key for one in vote_queries.may_vote(process)]
    asks = Asks(
        kind=kind, voters=Voters.SEATS, secrecy=Secrecy.NAMED, hide_until=HideUntil.CLOSED, opens_at=now, **said
    )
    return vote_actions.open_vote(by=by, process=process, said=VoteSaid(asks, bodies), now=now)


def _cast(by: Officer, poll: Poll, body: str, content: dict[str, Any], now: datetime) -> None:
    seat = next(
        one for one in poll.roll.all() if body in (one.name_es, one.institution.code if one.institution else "")
    )
    officer = Officer.objects.get(username=SPEAKS[body]) if body in SPEAKS else by
    sheet = "" if body in SPEAKS else SHEET
    actions.cast_named(by=officer, seat=seat, content=content, sheet=sheet, now=now + timedelta(hours=2))
