"""How a notice is said: what was found, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from torogoz.exchange.writers.charts.numbers import written
from torogoz.shared.institutions.models import Institution
from torogoz.shared.releases.models import AnomalyNotice, NoticeDecision
from torogoz.shared.releases.queries import Answered
from torogoz.shared.releases.words import meaning

CODELISTS = {"COUNTERPART_AREA": "AREA", "REF_AREA": "DEPARTMENT", "ORIGIN": "DEPARTMENT"}
Names = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Said:
    """A notice as a page prints it.

    by   the statistical office that answered, by its institution: what the public reads
    who  the officer who answered: for officers only
    """

    notice: AnomalyNotice
    about: str
    sentence: str
    kind: str
    text: str
    by: str
    who: str
    decided_at: datetime | None


def said(answered: Answered, names: Names, institutions: Mapping[str, Institution], language: str) -> Said:
    """A notice in words."""
    notice, last = answered.notice, answered.last
    institution = institutions.get(last.institution) if last else None
    called = (institution.name_en if language == "en" else institution.name_es) if institution else ""
    return Said(
        notice=notice,
        about=about(notice, names, language),
        sentence=sentence(notice, language),
        kind=last.kind if last else "",
        text=_text(last, language),
        by=called or (last.institution if last else ""),
        who=last.officer.full_name if last else "",
        decided_at=last.decided_at if last else None,
    )


def about(notice: AnomalyNotice, names: Names, language: str) -> str:
    """What the figure is of: `sex: Women · month`."""
    if notice.rule == "late_file":
        return _("el archivo")
    parts = []
    for word in notice.series.split():
        name, _sign, code = word.strip("()").partition("=")
        called = meaning(name, language).split(";")[0] if name != "TIME_PERIOD" else _("período")
        listed = names.get(CODELISTS.get(name, name), {})
        parts.append(f"{called}: {listed.get(code, code)}" if code else _("por %(what)s") % {"what": called})
    return " · ".join(parts) or _("el total")


def sentence(notice: AnomalyNotice, language: str) -> str:
    """What was found."""
    value, expected = _number(notice.value, language), _number(notice.expected, language)
    percent = {
        "value": _number(100 * (notice.value or 0), language),
        "expected": _number(100 * (notice.expected or 0), language),
        "score": _number(100 * (notice.score or 0), language),
    }
    match notice.rule:
        case "seasonal":
            return _("%(value)s; por el mismo mes del año anterior se esperaba cerca de %(expected)s.") % {
                "value": value,
                "expected": expected,
            }
        case "level":
            return _("%(value)s; por los meses anteriores se esperaba cerca de %(expected)s.") % {
                "value": value,
                "expected": expected,
            }
        case "missing_share":
            return _("Se desconoce en el %(value)s %%; antes en el %(expected)s %%.") % percent
        case "broken_sum":
            return _("El total es %(value)s, pero sus partes suman %(expected)s.") % {
                "value": value,
                "expected": expected,
            }
        case "unseen_code":
            return _("Un código que la publicación anterior no tenía: %(value)s.") % {"value": value}
        case "late_file":
            return _("Lleva %(value)s días de retraso.") % {"value": value}
        case _:
            return _("Ahora %(value)s; se había publicado %(expected)s (cambia un %(score)s %%).") % {
                "value": value,
                "expected": expected,
                "score": percent["score"],
            }


def _number(value: float | None, language: str) -> str:
    return "–" if value is None else written(value, language, 0)


def _text(last: NoticeDecision | None, language: str) -> str:
    if last is None:
        return ""
    return last.text_en if language == "en" and last.text_en else last.text_es
