"""Practices in each state with reviews, calls, pledges, and positions of made-up countries. All of it is made up."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from importlib import resources
from typing import Any

from django.db import transaction
from django.utils import timezone

from torogoz.domain.practices import Written
from torogoz.exchange.readers import positions
from torogoz.shared.institutions.models import Officer
from torogoz.shared.provisions.models import Instrument
from torogoz.shared.provisions.queries import objectives
from torogoz.topics.commitments.position_actions import import_positions
from torogoz.topics.practices import actions, call_actions, lists, pledge_actions, replication_actions, review_actions
from torogoz.topics.practices.call_models import Call, Pledge, PledgeUpdate
from torogoz.topics.practices.models import Practice, ReplicationReport, Review

A_DAY = timedelta(days=1)
MADE_UP_COUNTRIES = {
    "XAA": ("País inventado A", "Made-up country A"),
    "XAB": ("País inventado B", "Made-up country B"),
    "XAC": ("País inventado C", "Made-up country C"),
}
"""Under codes that ISO 3166 leaves to users: no country has them."""
INVENTED = "Inventado para la demostración: no ocurrió."
MADE_UP = "Made up for the demonstration: it did not happen."


@transaction.atomic
def load_practices(*, now: datetime) -> bool:
    """Add it all, once; whether anything was added."""
    if Practice.objects.filter(made_up=True).exists():
        return False
    before = _call(
        "Salud y trabajo al volver (convocatoria inventada)", "Health and work on return (made up)", -90, -40, now
    )
    opened = _call(
        "Niñez que vuelve sola (convocatoria inventada)", "Children who return alone (made up)", -20, 40, now
    )
    _published(before, now)
    _in_review(now)
    _sent_back(now)
    _practice(
        "enlace-salud", "MINSAL", "Guías de vacunación", "Vaccination guides", opened, now - 6 * A_DAY, submit=True
    )
    _practice("enlace-trabajo", "MTPS", "Taller de hojas de vida", "", None, now - 2 * A_DAY)
    _pledges(opened, now)
    _positions(now)
    return True


def _officer(username: str) -> Officer:
    return Officer.objects.get(username=username)


def _call(title_es: str, title_en: str, opens: int, closes: int, now: datetime) -> Call:
    today = timezone.localdate(now)
    call = Call(
        title_es=title_es, title_en=title_en, text_es=INVENTED, text_en=MADE_UP, opens_on=today + opens * A_DAY,
        open_until=today + closes * A_DAY,
    )  # fmt: skip
    by = _officer("secretaria")
    return call_actions.open_call(
        by=by, institution="RREE", call=call, objective_codes=["7", "15"], now=now + opens * A_DAY
    )


def _practice(
    username: str,
    institution: str,
    name_es: str,
    name_en: str,
    call: Call | None,
    at: datetime,
    *,
    submit: bool = False,
) -> Practice:
    """A practice as its institution wrote it at a moment; in English too where it has an English name."""
    texts = {f"{field}_es": INVENTED for field in ("summary", "results", "lessons", "conditions")}
    texts["title_es"] = f"{name_es} (inventada)"
    if name_en:
        texts |= {f"{field}_en": MADE_UP for field in ("summary", "results", "lessons", "conditions")}
        texts["title_en"] = f"{name_en} (made up)"
    written = Written(
        texts=texts, place="Municipio inventado", country="SLV", began_on=date(2021, 3, 1), ended_on=date(2024, 6, 30),
        organisations=("Asociación inventada",), objectives=("7", "15"), principles=("people_centred", "human_rights"),
        evidence="Informe inventado, 2024", cost_amount=Decimal(18_500), cost_currency="USD",
    )  # fmt: skip
    by, key = _officer(username), call.key if call else None
    made = actions.start(by=by, institution=institution, written=written, call=key, token=None, now=at)
    return actions.submit(by=by, practice=made, seen=made.version, now=at) if submit else made


def _ask(practice: Practice, reviewer: str, at: datetime) -> Review:
    return review_actions.ask(by=_officer("secretaria"), practice=practice, reviewer=_officer(reviewer), now=at)


def _reads(review: Review, at: datetime, *, conflict: str = "") -> Review:
    return review_actions.declare(by=review.officer, review=review, conflict=conflict, now=at)


def _gives(review: Review, scores: Sequence[int | None], at: datetime, *, named: bool = False) -> None:
    """The scores in the order of the criteria; the last one goes for those behind it."""
    codes = [one.code for one in lists.criteria(review.practice.criteria_version or lists.newest_criteria())]
    given = {code: scores[min(number, len(scores) - 1)] for number, code in enumerate(codes)}
    review_actions.give(
        by=review.officer, review=_reads(review, at), scores=given, reasons=dict.fromkeys(codes, INVENTED),
        advice=INVENTED, named=named, now=at + A_DAY,
    )  # fmt: skip


def _published(call: Call, now: datetime) -> None:
    """One who was asked declared a conflict, two others reviewed it; it was repeated twice, once without success."""
    at = now - 80 * A_DAY
    made = _practice(
        "enlace-salud", "MINSAL", "Clínica en la recepción", "A clinic at reception", call, at, submit=True
    )
    actions.validate_translation(by=_officer("enlace-salud-2"), practice=made, seen=made.version, now=at + A_DAY)
    _reads(_ask(made, "enlace-trabajo-2", at + A_DAY), at + 2 * A_DAY, conflict="Trabajó en la clínica inventada.")
    _gives(_ask(made, "observatorio", at + 3 * A_DAY), (3, 3, 2), at + 5 * A_DAY, named=True)
    _gives(_ask(made, "enlace-trabajo", at + 3 * A_DAY), (3, 2, 3, None, 2), at + 6 * A_DAY)
    made = review_actions.publish(by=_officer("secretaria"), practice=made, now=at + 10 * A_DAY)
    _repeated(made, "enlace-trabajo", {"institution": "MTPS"}, "worked", at + 30 * A_DAY)
    _repeated(made, "secretaria", {"organisation": "Organización inventada"}, "did_not_work", at + 40 * A_DAY)


def _repeated(practice: Practice, by: str, who: dict[str, str], result: str, at: datetime) -> None:
    told = ReplicationReport(
        result=result,
        why_es=INVENTED,
        why_en=MADE_UP,
        support_from="Institución inventada",
        support_es="",
        support_en="",
    )
    whole: dict[str, Any] = {"institution": "", "organisation": ""} | who
    replication_actions.record_replication(
        by=_officer(by), practice=practice, **whole, place="Otro municipio inventado", country="SLV",
        began_on=date(2025, 2, 1), report=told, token=None, now=at,
    )  # fmt: skip


def _in_review(now: datetime) -> None:
    at = now - 15 * A_DAY
    made = _practice("enlace-trabajo", "MTPS", "Ferias de empleo", "Job fairs", None, at, submit=True)
    _gives(_ask(made, "observatorio", at + A_DAY), (3, 2), at + 2 * A_DAY)
    _reads(_ask(made, "enlace-salud", at + A_DAY), at + 3 * A_DAY)


def _sent_back(now: datetime) -> None:
    at = now - 30 * A_DAY
    made = _practice("enlace-salud", "MINSAL", "Línea telefónica", "", None, at, submit=True)
    review_actions.send_back(
        by=_officer("secretaria"), practice=made, reason="Falta decir a cuántas personas atendió. (Inventado.)",
        now=at + A_DAY,
    )  # fmt: skip


def _pledges(call: Call, now: datetime) -> None:
    """An own one, one that matches it by a ratio, one that matches without saying how, a joint one, one overdue."""
    at = now - 10 * A_DAY
    own = _pledge(
        "enlace-salud", "MINSAL", "own", ("Fondo de clínicas", "Fund of clinics"), 40_000, "USD", 200, at, call
    )
    _tell(own, "enlace-salud", "in_progress", Decimal(9_000), at + 2 * A_DAY)
    ratio = {"gives": Decimal(1), "for_each": Decimal(2), "cap": Decimal(15_000)}
    name = ("Una parte más por cada dos", "One more part for each two")
    half = _pledge(
        "enlace-trabajo", "MTPS", "matching", name, 18_000, "USD", 220, at + A_DAY, call, matches=own, ratio=ratio
    )
    _tell(half, "enlace-trabajo", "planning", None, at + 3 * A_DAY)
    name = ("Materiales, sin decir cuántos", "Materials, without saying how many")
    _pledge("enlace-trabajo", "MTPS", "matching", name, 500, "cajas", 90, at + A_DAY, call, matches=own)
    name = ("Formar a quien recibe", "To train who receives")
    joint = _pledge(
        "enlace-trabajo", "MTPS", "joint", name, 200, "personas", 150, at, call, partners=["MINSAL", "RREE"]
    )
    pledge_actions.confirm_pledge(by=_officer("enlace-salud"), pledge=joint, institution="MINSAL", now=at + A_DAY)
    late = now - 100 * A_DAY
    late_one = _pledge("enlace-salud", "MINSAL", "own", ("Manual", "Handbook"), 1, "manual", 60, late, None)
    _tell(late_one, "enlace-salud", "in_progress", Decimal(0), late + A_DAY)


def _pledge(
    username: str, institution: str, kind: str, name: tuple[str, str], target: int, unit: str, days: int, at: datetime,
    call: Call | None, *, matches: Pledge | None = None, partners: Sequence[str] = (),
    ratio: Mapping[str, Decimal] | None = None,
) -> Pledge:  # fmt: skip
    said = Pledge(
        kind=kind, type="financial" if unit == "USD" else "human", title_es=f"{name[0]} (promesa inventada)",
        title_en=f"{name[1]} (made-up pledge)", text_es=INVENTED, text_en=MADE_UP, measure_es="lo inventado",
        measure_en="what was made up", target=Decimal(target), unit=unit,
        due_on=timezone.localdate(at) + days * A_DAY, **(ratio or {}),
    )  # fmt: skip
    return pledge_actions.make_pledge(
        by=_officer(username), institution=institution, pledge=said, matches=matches.key if matches else None,
        partners=partners, objective_codes=["15"], now=at, call=call,
    )  # fmt: skip


def _tell(pledge: Pledge, by: str, stage: str, reached: Decimal | None, at: datetime) -> None:
    told = PledgeUpdate(stage=stage, on=timezone.localdate(at), reached=reached, text_es=INVENTED, text_en=MADE_UP)
    pledge_actions.update_pledge(by=_officer(by), pledge=pledge, update=told, now=at)


def _positions(now: datetime) -> None:
    """The table of made-up positions, as the secretariat imports one."""
    table = resources.files("torogoz.site.demonstration").joinpath("made_up_positions.csv").read_bytes()
    numbers, today = {one.code for one in objectives()}, timezone.localdate(now)
    found, faults = positions.read(table, countries=MADE_UP_COUNTRIES, objectives=numbers, today=today)
    assert not faults, faults
    import_positions(by=_officer("secretaria"), found=found, made_up=True, now=now)
    for code, (spanish, english) in MADE_UP_COUNTRIES.items():
        Instrument.objects.filter(kind=Instrument.Kind.FOREIGN_POSITION, country=code, made_up=True).update(
            name_es=spanish, name_en=english
        )
