"""Parts that a review and a dossier have in common: responsible bodies, flags, readings, measures, reports, answers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urljoin

from torogoz.domain.commitments import MilestoneState
from torogoz.exchange.documents.content import Block, Figure, Heading, Items, Note, Paragraph, Span, Table
from torogoz.exchange.writers.charts import figure as charts
from torogoz.exchange.writers.charts.line import LineChart, line
from torogoz.exchange.writers.charts.plane import Series
from torogoz.exchange.writers.charts.table import NOT_AVAILABLE, SUPPRESSED, Cell, State
from torogoz.shared.provisions.serving import PledgeLine, PracticeLine
from torogoz.shared.ui import documents
from torogoz.shared.ui.documents import OTHER
from torogoz.statistics.deliberation.progress import Status
from torogoz.topics.commitments.published import (
    AssessmentLine,
    Body,
    MeasureLine,
    MilestoneLine,
    ReadingLine,
    ReportLine,
    SeriesLine,
)
from torogoz.topics.commitments.review_content import FlagEntry, InstrumentEntry, ProvisionEntry
from torogoz.topics.commitments.review_words import STATUSES, WORDS


@dataclass(frozen=True)
class Teller(documents.Teller):
    """Says what stands in a review or a dossier."""

    def status(self, status: Status) -> str:
        """A status in words."""
        return STATUSES[self.language][status]

    def body(self, body: Body) -> str:
        """The name of an institution."""
        return self.of(body, "name") or body.code


def teller(language: str) -> Teller:
    """Who says things in a language."""
    return Teller(language, WORDS[language])


def adopted(position: InstrumentEntry, tell: Teller) -> list[tuple[str, str]]:
    """Who adopted a position and when, and where it was read: for a title page."""
    day = tell.day(position.adopted_on) if position.adopted_on else tell["no_adoption"]
    found = [(tell["adopted_by"], tell.of(position, "body")), (tell["adopted_on"], day)]
    return [(label, said) for label, said in [*found, (tell["source"], tell.of(position, "source"))] if said]


def years(first: int, last: int) -> str:
    """A period of years as it is written: one year once."""
    return f"{first}" if first == last else f"{first}–{last}"


def responsible(provision: ProvisionEntry, tell: Teller) -> Paragraph:
    """Who answers for a provision."""
    holders = [each for each in provision.responsible if each.valid_until is None]
    said = "; ".join(
        f"{tell.body(each.body)} ({tell['lead_word' if each.leads else 'support_word']})" for each in holders
    )
    return Paragraph([Span(f"{tell['responsible']}: ", strong=True), Span(said or tell["nobody"])])


def printed(provision: ProvisionEntry, tell: Teller) -> list[Block]:
    """The printed wording, in the language or else in the other; nothing where the name says the same."""
    here, there = (getattr(provision, f"printed_{each}") for each in (tell.language, OTHER[tell.language]))
    said = here or there
    if not said or said == getattr(provision, f"name_{tell.language}"):
        return []
    return [Paragraph([Span(f"{tell['printed']}: ", strong=True), Span(f"«{said}»")])]


def flags(found: Iterable[FlagEntry], tell: Teller) -> list[Block]:
    """What is odd in the printed text: named, quoted as printed, never corrected."""
    blocks: list[Block] = []
    for each in found:
        pieces = [Span(f"{tell['as_printed']} «{each.printed}». ")] if each.printed else []
        note = tell.of(each, "note")
        blocks.append(Note(tell["flag"].format(name=tell.of(each, "name")), [*pieces, Span(note)]))
    return blocks


def readings(code: str, found: Iterable[SeriesLine], tell: Teller) -> list[Block]:
    """Each series with what it said, edition by edition, as a chart where there are several periods, and as a table."""
    blocks: list[Block] = []
    for series in found:
        name, unit = tell.of(series, "name"), tell.of(series, "unit")
        codes = "".join(f", {dimension} {value}" for dimension, value in series.series)
        target = tell["target_none"]
        if series.target is not None:
            value = tell.number(series.target, series.decimals)
            target = tell["target_is"].format(target=value, unit=unit, target_year=series.target_year)
        facts = tell["series"].format(
            dataflow=series.dataflow,
            codes=codes,
            base=tell.number(series.base, series.decimals),
            unit=unit,
            base_year=series.base_year,
            target=target,
        )
        state = f" {tell['stale']}" if series.stale else ""
        blocks.append(Paragraph([Span(tell["reading_of"].format(name=name), strong=True)]))
        blocks.append(Paragraph(f"{facts} {tell['ground'].format(ground=series.ground)}{state}"))
        if not series.readings:
            blocks.append(Paragraph(tell["no_reading"]))
            continue
        table = _reading_table(series, name, unit, tell)
        drawn = _chart(code, series, name, unit, tell)
        blocks += [drawn, table] if drawn else [table]
    return blocks


def _reading_table(series: SeriesLine, name: str, unit: str, tell: Teller) -> Table:
    rows = [
        (
            each.period or tell["no_value"],
            _value(each, series.decimals, tell),
            tell.status(each.status),
            each.release or each.vintage,
            tell.day(each.public_since),
        )
        for each in series.readings
    ]
    head = (
        tell["reading_period"],
        f"{tell['reading_value']} ({unit})" if unit else tell["reading_value"],
        tell["computed"],
        tell["reading_edition"],
        tell["reading_public"],
    )
    return Table(tell["reading_caption"].format(name=name), head, rows, (2, 2, 3, 5, 4), (1,))


def _value(reading: ReadingLine, decimals: int, tell: Teller) -> str:
    if reading.hidden:
        return tell["hidden"]
    if reading.value is None:
        return tell["no_value"]
    value = tell.number(reading.value, decimals)
    return f"{value} ({tell['provisional']})" if reading.provisional else value


def _chart(code: str, series: SeriesLine, name: str, unit: str, tell: Teller) -> Figure | None:
    """The line of the newest reading of each period; None for fewer than two periods, or for what is below zero."""
    by_period: dict[str, ReadingLine] = {}
    for each in series.readings:
        if each.period:
            by_period.setdefault(each.period, each)
    if len(by_period) < 2 or any((each.value or 0) < 0 for each in by_period.values()):
        return None
    periods = sorted(by_period)
    newest = max(by_period.values(), key=lambda each: each.public_since)
    points = [
        tell["figure_point"].format(period=period, value=_value(by_period[period], series.decimals, tell))
        for period in periods
    ]
    said = tell["figure_says"].format(name=name, unit=unit, said="; ".join(points))
    words = charts.Figure(
        f"series-{series.key.hex}",
        name,
        said,
        unit,
        f"{series.dataflow}, {newest.release or newest.vintage}",
        tell.day(newest.public_since),
        tell.language,
        series.decimals,
    )
    cells = [_cell(by_period[period]) for period in periods]
    title = tell["figure_title"].format(code=code, name=name)
    return Figure(title, line(LineChart(words, periods, [Series(name, cells)])), said)


def _cell(reading: ReadingLine) -> Cell:
    if reading.hidden:
        return SUPPRESSED
    if reading.value is None:
        return NOT_AVAILABLE
    return Cell(reading.value, State.PROVISIONAL if reading.provisional else State.KNOWN)


def measures(found: Iterable[MeasureLine], tell: Teller) -> list[Block]:
    """Each measure with who leads it, its milestones and its money."""
    blocks: list[Block] = []
    for measure in found:
        name = tell.of(measure, "name")
        supporting = ", ".join(tell.body(each) for each in measure.supporting)
        led = tell["measure_led"].format(
            lead=tell.body(measure.lead),
            when=tell["when"].format(start=tell.day(measure.starts_on), end=tell.day(measure.ends_on)),
            supporting=tell["supported"].format(bodies=supporting) if supporting else "",
        )
        summary = tell.of(measure, "summary")
        blocks.append(Paragraph([Span(f"{name}. ", strong=True), Span(f"{led} {summary}".strip())]))
        blocks += _milestones(measure, name, tell)
        blocks.append(_money(measure, name, tell))
    return blocks


def _milestones(measure: MeasureLine, name: str, tell: Teller) -> list[Block]:
    if not measure.milestones:
        return [Paragraph(tell["no_milestones"])]
    rows = [
        (tell.of(each, "name"), tell.number(float(each.weight), 2), tell.day(each.due_on), milestone_state(each, tell))
        for each in measure.milestones
    ]
    head = (tell["milestone"], tell["weight"], tell["due"], tell["state"])
    table = Table(tell["milestones_caption"].format(name=name), head, rows, (5, 1.2, 2.6, 3), (1,))
    reached = measure.progress
    if reached is None:
        return [table]
    if reached.share is not None:
        said = tell["progress"].format(share=_percent(reached.share, tell))
    else:
        said = tell["progress_between"].format(low=_percent(reached.low, tell), high=_percent(reached.high, tell))
    return [table, Paragraph(said)]


def milestone_state(milestone: MilestoneLine, tell: Teller) -> str:
    """Whether a milestone is reached, open, late, or that nobody said."""
    if milestone.state is MilestoneState.DONE:
        return tell["done"].format(day=tell.day(milestone.done_on))
    known = tell["open"] if milestone.state is MilestoneState.OPEN else tell["state_unknown"]
    return f"{known}, {tell['late']}" if milestone.overdue else known


def _percent(share: float, tell: Teller) -> str:
    return f"{tell.number(100 * share)} %" if tell.language == "es" else f"{tell.number(100 * share)}%"


def _money(measure: MeasureLine, name: str, tell: Teller) -> Block:
    if not measure.money:
        return Paragraph(tell["no_money"])
    rows = [
        (f"{each.year}", each.source, *(money(value, each.currency, tell) for value in _amounts(each)))
        for each in measure.money
    ]
    head = (tell["year"], tell["source"], tell["planned"], tell["committed"], tell["executed"])
    return Table(tell["money_caption"].format(name=name), head, rows, (1.2, 4, 3, 3, 3), (2, 3, 4))


def _amounts(line: Any) -> tuple[Decimal | None, ...]:
    return (line.planned, line.committed, line.executed)


def money(value: Decimal | None, currency: str, tell: Teller) -> str:
    """An amount with its currency; that it is not known is said, and is not zero."""
    return tell["unknown_money"] if value is None else f"{currency} {tell.number(float(value), 2)}"


def reports(found: Iterable[ReportLine], tell: Teller) -> list[Block]:
    """What institutions say, in their words, each under its name."""
    blocks: list[Block] = []
    for each in found:
        said = tell["report_by"].format(body=tell.body(each.body), cycle=each.cycle, status=tell.status(each.status))
        late = tell["report_late"].format(due=tell.day(each.due_on)) if each.late else ""
        blocks.append(Paragraph([Span(said, strong=True), Span(late)]))
        blocks.append(Paragraph(tell.of(each, "narrative") or tell["no_words"]))
        blocks += _evidence(each, tell)
    return blocks


def assessment(code: str, one: AssessmentLine, tell: Teller) -> list[Block]:
    """What an independent body finds, its reasons, and what institutions answer."""
    head = tell["assessment_by"].format(code=code, body=tell.body(one.body), status=tell.status(one.status))
    day = Span(f"{tell['assessed_on'].format(day=tell.day(one.published_at))} ", emphasis=True)
    blocks: list[Block] = [Heading(head, 2), Paragraph([day, Span(tell.of(one, "reasons") or tell["no_words"])])]
    blocks += _evidence(one, tell)
    for each in one.replies:
        title = tell["reply"].format(body=tell.body(each.body), day=tell.day(each.at))
        blocks.append(Note(f"{title}.", tell.of(each, "text")))
    if not one.replies:
        blocks.append(Paragraph(tell["no_reply"]))
    return blocks


def serving(
    practices: Sequence[PracticeLine], pledges: Sequence[PledgeLine], codes: str, tell: Teller, address: str
) -> Iterator[Block]:
    """The practices that others may repeat, and what was pledged, of some objectives; each has its page on the site.

    address  the whole address of the document, on the same site; empty where it is not known
    """
    if practices:
        offered = [
            (tell.of(each, "title"), tell.of(each, "by"), _where(each, tell), tell.day(each.published_on))
            for each in practices
        ]
        head = (tell["practice"], tell["practice_by"], tell["practice_where"], tell["practice_page"])
        yield Table(tell["practices_caption"].format(codes=codes), head, offered, (3, 3, 2.4, 2))
        yield _pages(practices, tell, address)
    if pledges:
        promised = [
            (
                tell.of(each, "title"),
                tell.of(each, "by"),
                f"{tell.of(each, 'measure')}: {tell.number(float(each.target), _decimals(each.target))} {each.unit}",
                tell.day(each.due_on),
                f"{tell.of(each, 'stage')}, {tell['pledge_late']}" if each.late else tell.of(each, "stage"),
            )
            for each in pledges
        ]
        columns = (tell["pledge"], tell["pledge_by"], tell["pledge_measure"], tell["due"], tell["state"])
        yield Table(tell["pledges_caption"].format(codes=codes), columns, promised, (3, 3, 3, 2, 1.8))
        yield _pages(pledges, tell, address)


def _pages(found: Iterable[PracticeLine | PledgeLine], tell: Teller, address: str) -> Items:
    """Where each is found, whole and in lines of their own: an address does not fit into a column."""
    told = [(tell.of(each, "title"), urljoin(address, each.path)) for each in found]
    return Items([[Span(f"{title}: "), Span(where, emphasis=True)] for title, where in told])


def _where(practice: PracticeLine, tell: Teller) -> str:
    begins, ends = (f"{day.year}" if day else "" for day in (practice.began_on, practice.ended_on))
    years = "–".join(dict.fromkeys(each for each in (begins, ends) if each))
    return ", ".join(each for each in (practice.place, years) if each) or tell["unknown"]


def _decimals(number: Decimal) -> int:
    return 0 if number == number.to_integral_value() else 2


def _evidence(thing: Any, tell: Teller) -> list[Block]:
    what = " ".join(each for each in (thing.evidence_text, thing.evidence_address) if each)
    return [Paragraph([Span(tell["evidence"].format(what=what), emphasis=True)])] if what else []


def check(tell: Teller) -> Items:
    """How anybody computes the hash again."""
    return Items(tell.lines("check_items"), ordered=True)
