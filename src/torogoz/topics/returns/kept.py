"""What the reception and what follows it keep of a person: how it is disposed of, and what of it is in the own file."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _

from torogoz.domain.disposal import Deed
from torogoz.domain.onward import Way
from torogoz.domain.reintegration import LAST_MONTHS, Level, Moment, Need, Outcome, months_later
from torogoz.domain.retention import DataClass
from torogoz.domain.sections import ONWARD, REINTEGRATION, SESSIONS
from torogoz.domain.sessions import SessionKind
from torogoz.shared.data_rights.registry import Asked, Holding, Part, to_the_minute
from torogoz.shared.vault.keyring import CannotOpen
from torogoz.topics.returns import own_arrivals
from torogoz.topics.returns.attention_forms import SESSION_KINDS
from torogoz.topics.returns.models import Assessment, Attention, Bag, Plan, PlanAction, PlanVersion, Stay, Trip
from torogoz.topics.returns.onward_forms import WAYS
from torogoz.topics.returns.plan_words import LEVELS, MOMENTS, NEEDS, OUTCOMES

Opened = TypeVar("Opened")
ORDINARY, SENSITIVE, IDENTITY = (
    frozenset({one}) for one in (DataClass.ORDINARY, DataClass.SENSITIVE, DataClass.IDENTITY)
)

HOLDINGS: Sequence[Holding] = (
    Holding("returns.assessment", "plan__encounter__person", SENSITIVE),
    Holding("returns.planaction", "plan__encounter__person", SENSITIVE),
    Holding("returns.planversion", "plan__encounter__person", SENSITIVE),
    Holding("returns.plan", "encounter__person", SENSITIVE),
    Holding("returns.attention", "encounter__person", SENSITIVE),
    Holding(
        "returns.arrival",
        "encounter__person",
        SENSITIVE,
        Deed.BLANK,
        blank={"pregnant": "_U", "disabled": "_U", "injured": "_U", "needs": []},
    ),
    Holding("returns.bag", "encounter__person", ORDINARY),
    Holding("returns.trip", "encounter__person", ORDINARY),
    Holding("returns.stay", "encounter__person", ORDINARY),
    Holding("returns.manifestline", "arrival__encounter__person", IDENTITY),
)

STAYS: Mapping[str, str] = {
    "returns.arrival": "from where, by which way, to which district and why, for statistics; its health is blanked",
    "returns.stopmade": "which stop of the circuit was made, for statistics",
}

TOLD: Mapping[str, str] = {
    "returns.arrival": "arrivals",
    "returns.stopmade": "stops",
    "returns.plan": "plans",
    "returns.planversion": "plans",
    "returns.planaction": "plan_actions",
    "returns.assessment": "follow_ups",
    "returns.attention": "sessions",
    "returns.bag": "belongings",
    "returns.trip": "trips",
    "returns.stay": "lodging",
}

UNTOLD: Mapping[str, str] = {
    "returns.manifestline": "what a list said of her before she arrived; what she said herself on arrival is told",
}


def parts_of(asked: Asked) -> list[Part]:
    """Arrivals and stops (`own_arrivals`), and what follows them."""
    return [*own_arrivals.parts_of(asked), *_afterwards(asked)]


def _afterwards(asked: Asked) -> list[Part]:
    """Plans, their actions and follow-ups, sessions without what was said in them, belongings, way home, lodging."""
    shown = {code: asked.alone and code not in asked.closed for code in (REINTEGRATION, SESSIONS, ONWARD)}
    plans = _plans(asked) if shown[REINTEGRATION] else None
    actions = _actions(asked) if shown[REINTEGRATION] else None
    follow_ups = _follow_ups(asked) if shown[REINTEGRATION] else None
    sessions = _sessions(asked) if shown[SESSIONS] else None
    bags, trips, stays = (_bags(asked), _trips(asked), _stays(asked)) if shown[ONWARD] else (None, None, None)
    return [
        Part(
            "plans",
            plans,
            _("Plan de reintegración"),
            (_("Versión"), _("Lo que necesita"), _("Lo que quiere lograr"), _("Acordado el")),
            [row for one in plans or () for row in _versions_printed(one)],
            (2, 5, 6, 3),
        ),
        Part(
            "plan_actions",
            actions,
            _("Lo que se hará"),
            (_("Qué"), _("Quién"), _("Institución"), _("A más tardar"), _("Resultado")),
            [
                (
                    one["what"] or _shut(),
                    one["who"] or "",
                    one["institution"],
                    one["due_on"],
                    str(OUTCOMES[Outcome(one["outcome"])]),
                )
                for one in actions or ()
            ],
            (5, 3, 2, 2, 3),
        ),
        Part(
            "follow_ups",
            follow_ups,
            _("Seguimientos"),
            (_("Cuándo"), _("Día"), _("Instrumento"), _("Puntaje")),
            [
                (
                    str(MOMENTS[Moment(one["moment"])]),
                    one["made_on"],
                    f"{one['instrument']} {one['version']}",
                    one["score"] or _("sin puntaje"),
                )
                for one in follow_ups or ()
            ],
            (4, 3, 4, 3),
        ),
        Part(
            "sessions",
            sessions,
            _("Sesiones de atención psicosocial"),
            (_("Día"), _("Cómo fue"), _("Institución"), _("Próxima cita")),
            [
                (one["held_on"], str(SESSION_KINDS[SessionKind(one["kind"])]), one["institution"], one["next_on"] or "")
                for one in sessions or ()
            ],
            (3, 4, 3, 3),
        ),
        Part(
            "belongings",
            bags,
            _("Pertenencias"),
            (_("Sello"), _("Qué hay"), _("Guardadas el"), _("Entregadas el")),
            [
                (one["seal"], one["things"] or _shut(), one["recorded_at"][:10], (one["given_at"] or "")[:10])
                for one in bags or ()
            ],
            (3, 6, 3, 3),
        ),
        Part(
            "trips",
            trips,
            _("Camino a casa"),
            (_("Cómo"), _("Adónde"), _("Sale")),
            [
                (str(WAYS[Way(one["way"])]), one["place"] or _shut(), to_the_minute(one["leaves_at"]))
                for one in trips or ()
            ],
            (4, 5, 3),
        ),
        Part(
            "lodging",
            stays,
            _("Dónde durmió"),
            (_("Lugar"), _("Primera noche"), _("Salida")),
            [(one["place"], one["first_night"], one["leaves_on"]) for one in stays or ()],
            (6, 3, 3),
        ),
    ]


def open_matters(people: Collection[int], now: datetime) -> list[tuple[int, str]]:
    """Plans that are not closed, while a follow-up of them can still be made: one that was forgotten holds nothing."""
    since = months_later(timezone.localdate(now), -LAST_MONTHS)
    running = Plan.objects.filter(encounter__person__in=people, closed_on__isnull=True, opened_on__gte=since)
    return list(running.values_list("encounter__person", "institution__code"))


def _plans(asked: Asked) -> list[dict[str, Any]]:
    found = []
    for plan in Plan.objects.filter(encounter__in=asked.encounters).select_related("institution").order_by("pk"):
        versions = PlanVersion.objects.filter(plan=plan).select_related("plan__institution").order_by("number")
        found.append(
            {
                "institution": plan.institution.code,
                "opened_on": plan.opened_on.isoformat(),
                "closed_on": plan.closed_on.isoformat() if plan.closed_on else None,
                "closed_because": plan.closed_because,
                "versions": [_version(one, asked) for one in versions],
            }
        )
    return found


def _version(one: PlanVersion, asked: Asked) -> dict[str, Any]:
    """What was agreed; the note of who accompanies is of her, and is not told."""
    content = _opened(lambda: one.content_in(asked.batch))
    return {
        "number": one.number,
        "recorded_at": _when(one.recorded_at),
        "needs": {need.value: level.value for need, level in content.needed.items()} if content else None,
        "goals": list(content.goals) if content else None,
        "agreed_on": one.agreed_on.isoformat() if one.agreed_on else None,
        "agreed_how": one.agreed_how,
    }


def _versions_printed(plan: dict[str, Any]) -> list[tuple[str, ...]]:
    return [
        (
            f"{plan['institution']} {one['number']}",
            "; ".join(f"{NEEDS[Need(need)]}: {LEVELS[Level(level)]}" for need, level in one["needs"].items())
            if one["needs"] is not None
            else _shut(),
            "; ".join(one["goals"] or ()),
            one["agreed_on"] or _("Todavía no"),
        )
        for one in plan["versions"]
    ]


def _actions(asked: Asked) -> list[dict[str, Any]]:
    stored = PlanAction.objects.filter(plan__encounter__in=asked.encounters)
    related = ("plan__institution", "institution")
    return [_action(one, asked) for one in stored.select_related(*related).order_by("pk")]


def _action(one: PlanAction, asked: Asked) -> dict[str, Any]:
    said = _opened(lambda: one.said_in(asked.batch)) or {}
    return {
        "what": said.get("what"),
        "who": said.get("who"),
        "institution": one.institution.code,
        "due_on": one.due_on.isoformat(),
        "outcome": one.outcome,
        "ended_on": one.ended_on.isoformat() if one.ended_on else None,
    }


def _follow_ups(asked: Asked) -> list[dict[str, Any]]:
    found = []
    stored = Assessment.objects.filter(plan__encounter__in=asked.encounters)
    for one in stored.select_related("plan__institution").order_by("made_on", "pk"):
        said = _opened(lambda one=one: one.said_in(asked.batch))  # type: ignore[misc]
        whole = said[1].whole.score if said else None
        found.append(
            {
                "moment": one.moment,
                "made_on": one.made_on.isoformat(),
                "institution": one.plan.institution.code,
                "instrument": one.instrument,
                "version": one.version,
                "answers": said[0] if said else None,
                "score": f"{float(whole):.2f}" if whole is not None else None,
            }
        )
    return found


def _sessions(asked: Asked) -> list[dict[str, Any]]:
    """That there were sessions. What was said in them is read by who attends alone: the policy opens it to nobody."""
    stored = Attention.objects.filter(encounter__in=asked.encounters).select_related("institution")
    return [
        {
            "held_on": one.held_on.isoformat(),
            "kind": one.kind,
            "institution": one.institution.code,
            "next_on": one.next_on.isoformat() if one.next_on else None,
        }
        for one in stored.order_by("held_on", "pk")
    ]


def _bags(asked: Asked) -> list[dict[str, Any]]:
    stored = Bag.objects.filter(encounter__in=asked.encounters).select_related("institution").order_by("pk")
    return [
        {
            "seal": one.number,
            "things": _opened(lambda one=one: one.things_in(asked.batch)),  # type: ignore[misc]
            "institution": one.institution.code,
            "recorded_at": _when(one.recorded_at),
            "given_to": one.given_to,
            "given_at": _when(one.given_at) if one.given_at else None,
        }
        for one in stored
    ]


def _trips(asked: Asked) -> list[dict[str, Any]]:
    stored = Trip.objects.filter(encounter__in=asked.encounters).select_related("institution").order_by("pk")
    return [
        {
            "way": one.way,
            "place": _opened(lambda one=one: one.place_in(asked.batch)),  # type: ignore[misc]
            "leaves_at": _when(one.leaves_at),
            "institution": one.institution.code,
        }
        for one in stored
    ]


def _stays(asked: Asked) -> list[dict[str, Any]]:
    stored = Stay.objects.filter(encounter__in=asked.encounters).select_related("institution", "shelter")
    return [
        {
            "place": one.shelter.name,
            "first_night": one.first_night.isoformat(),
            "leaves_on": one.leaves_on.isoformat(),
            "institution": one.institution.code,
        }
        for one in stored.order_by("first_night", "pk")
    ]


def _opened(read: Callable[[], Opened]) -> Opened | None:
    try:
        return read()
    except CannotOpen:
        return None


def _shut() -> str:
    return _("Cifrado, y hoy no abre")


def _when(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="minutes")
