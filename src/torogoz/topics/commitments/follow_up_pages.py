"""What the public pages of the follow-up show: themes by status, what is missing, what diverges, the calendar."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from torogoz.exchange.writers.ical import Day, calendar
from torogoz.shared.institutions.models import Institution
from torogoz.shared.provisions import queries as provisions
from torogoz.shared.provisions.models import Provision
from torogoz.shared.ui.templatetags.ui import language, localised
from torogoz.statistics.deliberation.progress import Status
from torogoz.topics.commitments import public_queries, queries
from torogoz.topics.commitments.entry_queries import followed
from torogoz.topics.commitments.follow_up_words import COLUMNS, MISSING, SIGNS, STATUSES
from torogoz.topics.commitments.published import Divergence, DutyLine, FollowUp
from torogoz.topics.commitments.review_content import Followed, Missing

LISTED: Final = (Missing.TARGET, Missing.REPORT, Missing.MEASURE, Missing.ASSESSMENT, Missing.RESPONSIBLE)


@dataclass(frozen=True)
class Told:
    """One commitment of an adopted position: in which theme of which position, and what came of it."""

    provision: Provision
    theme: str
    position: str
    entry: Followed

    @property
    def follow_up(self) -> FollowUp:
        return self.entry.follow_up


@dataclass(frozen=True)
class Shown:
    """A status with its sign and its word."""

    sign: str
    word: str


@dataclass(frozen=True)
class Matrix:
    """How many there are of each status, by theme: of one column, and of no other."""

    title: str
    note: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...], int], ...]

    @property
    def totals(self) -> tuple[int, ...]:
        return tuple(map(sum, zip(*(cells for _, cells, _ in self.rows), strict=True))) if self.rows else ()

    @property
    def total(self) -> int:
        return sum(count for _, _, count in self.rows)


def shown(status: Status) -> Shown:
    return Shown(SIGNS[status], str(STATUSES[status]))


def apart(divergence: Divergence) -> dict[str, Any]:
    """A divergence in words: which columns, what each says, how many steps lie between."""
    return {
        "one": str(COLUMNS[divergence.one]),
        "one_status": shown(divergence.one_status),
        "other": str(COLUMNS[divergence.other]),
        "other_status": shown(divergence.other_status),
        "steps": divergence.steps,
    }


def overview(now: datetime) -> dict[str, Any]:
    """Three tables of themes by status, one for each column, and what is missing."""
    told = _told(now)
    found = [each.entry for each in told]
    return {
        "count": len(found),
        "matrices": [_official(told), _computed(told), _independent(told)],
        "missing": [(what.value, str(MISSING[what]), sum(what in each.missing for each in found)) for what in LISTED],
        "diverging": sum(bool(each.follow_up.divergences) for each in found),
        "late": sum(each.late for each in public_queries.public_duties(now)),
        "made_up": any(each.made_up for each in found),
    }


def missing(what: Missing, now: datetime) -> dict[str, Any]:
    """The commitments of which something is missing."""
    rows = _named([each for each in _told(now) if what in each.entry.missing])
    return {"what": what.value, "word": str(MISSING[what]), "rows": rows, "count": len(rows)}


def divergences(now: datetime) -> dict[str, Any]:
    """The commitments of which two columns lie two steps or more apart, the widest first."""
    told = _told(now)
    far = {each.provision.pk: found for each in told if (found := each.follow_up.divergences)}
    rows = _named([each for each in told if each.provision.pk in far])
    rows.sort(key=lambda row: -max(one.steps for one in far[row["provision"].pk]))
    rows = [{**row, "badges": [apart(one) for one in far[row["provision"].pk]]} for row in rows]
    return {"rows": rows, "count": len(rows), "all": len(told)}


def _named(told: list[Told]) -> list[dict[str, Any]]:
    """Commitments as lists show them: the words of those alone that are listed."""
    words = provisions.words_of([each.provision for each in told])
    return [
        {
            "provision": each.provision,
            "title": queries.title(words[each.provision.pk], language()),
            "position": each.position,
        }
        for each in told
    ]


def duties(now: datetime) -> dict[str, Any]:
    """The calendar of duties: what is late, what comes, what is met."""
    found = public_queries.public_duties(now)
    titles = titles_of(found)
    rows = [{"duty": each, "title": titles.get(each.provision.hex, "")} for each in found]
    return {
        "late": [row for row in rows if row["duty"].late],  # type: ignore[attr-defined]
        "coming": [row for row in rows if not row["duty"].late and not row["duty"].met],  # type: ignore[attr-defined]
        "met": [row for row in rows if row["duty"].met],  # type: ignore[attr-defined]
        "count": len(rows),
    }


def institution(body: Institution, now: datetime) -> dict[str, Any]:
    """One institution: its measures, what it owes, what it reported; the reports of one that ended stay."""
    reports = public_queries.public_reports_of(body, now)
    words = provisions.words_of([provision for provision, _ in reports])
    owed = public_queries.public_duties(now, body)
    titles = titles_of(owed)
    return {
        "body": body,
        "ended": body.valid_until is not None and body.valid_until <= timezone.localdate(now),
        "measures": public_queries.public_measures_of(body, now),
        "duties": [{"duty": each, "title": titles.get(each.provision.hex, "")} for each in owed],
        "reports": [
            {
                "provision": provision,
                "title": queries.title(words[provision.pk], language()),
                "report": report,
                "status": shown(report.status),
            }
            for provision, report in reports
        ],
    }


def ical(now: datetime, tongue: str, address: str) -> bytes:
    """The days by which reports are due, as a calendar that a telephone can follow."""
    found = public_queries.public_duties(now)
    with translation.override(tongue):
        titles = titles_of(found)
        days = [
            Day(
                f"{each.key}@torogoz",
                each.due_on,
                _("%(body)s: informe sobre %(code)s") % {"body": each.body.code, "code": each.code},
                f"{titles.get(each.provision.hex, '')}\n{localised(each, 'cycle')}"
                + (f"\n{_('Informe recibido')}" if each.met else ""),
                each.told_at,
                f"{address}/commitments/provisions/{each.provision}/" if address else "",
            )
            for each in found
        ]
        name = _("Informes sobre compromisos: fechas")
        return calendar(name, "-//Torogoz//Commitments//ES-EN", tongue, days)


def titles_of(found: Iterable[DutyLine]) -> Mapping[str, str]:
    """What the commitments of these duties are called, by the key of the commitment."""
    keys = {each.provision for each in found}
    rows = list(provisions.adopted_commitments().filter(key__in=keys)) if keys else []
    words = provisions.words_of(rows)
    return {each.key.hex: queries.title(words[each.pk], language()) for each in rows}


def columns(found: FollowUp) -> dict[str, Any]:
    """The three columns of one commitment, each with what it says and from whom."""
    return {
        "official": shown(found.official),
        "report": found.reports[0] if found.reports else None,
        "computed": [(each, shown(each.status)) for each in found.series],
        "no_series": shown(Status.NO_TARGET),
        "independent": [(each, shown(each.status)) for each in found.independent],
        "no_assessment": shown(Status.NO_INFORMATION),
        "badges": [apart(each) for each in found.divergences],
    }


def called(provision: Provision) -> str:
    """The code and the name of a commitment, for headings."""
    return f"{provision.code}. {queries.title(provisions.words_of([provision])[provision.pk], language())}"


def _told(now: datetime) -> list[Told]:
    """The commitments of every adopted position, in the order of its text; which position, where there are several."""
    positions = {each.code: each for each in provisions.adopted_positions()}
    place = {code: number for number, code in enumerate(positions)}
    found = sorted(provisions.commitments(*positions), key=lambda each: place[each.instrument.code])
    came = followed(found, now)
    sections = list(provisions.sections(*positions))
    words = provisions.words_of(sections)
    called = {each.pk: queries.title(words[each.pk], language()) for each in sections}
    whole = {code: localised(each, "name") for code, each in positions.items()}
    told = []
    for each in found:
        over, position = provisions.section_over(each), whole[each.instrument.code] if len(positions) > 1 else ""
        theme = called[over.pk] if over else ""
        named = " · ".join(filter(None, (theme, position))) or whole[each.instrument.code]
        told.append(Told(each, named, position, came[each.pk]))
    return told


def _official(told: Iterable[Told]) -> Matrix:
    counted = Counter((each.theme, each.follow_up.official) for each in told)
    note = _("Compromisos, según el informe publicado más reciente de quien responde.")
    return _matrix(str(COLUMNS["official"]), note, counted)


def _computed(told: Iterable[Told]) -> Matrix:
    counted = Counter((each.theme, status) for each in told for status in each.follow_up.computed)
    note = _("Series, no compromisos: uno puede tener varias. El que no tiene ninguna cuenta como sin meta fijada.")
    return _matrix(str(COLUMNS["computed"]), note, counted)


def _independent(told: Iterable[Told]) -> Matrix:
    counted = Counter(
        (each.theme, status)
        for each in told
        for status in [line.status for line in each.follow_up.independent] or [Status.NO_INFORMATION]
    )
    note = _("La evaluación más reciente de cada organismo independiente; sin ninguna, sin información.")
    return _matrix(str(COLUMNS["independent"]), note, counted)


def _matrix(title: str, note: str, counted: Counter[tuple[str, Status]]) -> Matrix:
    """The themes in the order of the text, which is that in which they were counted."""
    present = [status for status in Status if any(key[1] is status for key in counted)]
    rows = [
        (theme, tuple(counted[theme, status] for status in present))
        for theme in dict.fromkeys(key[0] for key in counted)
    ]
    return Matrix(
        title,
        note,
        tuple(str(STATUSES[status]) for status in present),
        tuple((theme, cells, sum(cells)) for theme, cells in rows),
    )
