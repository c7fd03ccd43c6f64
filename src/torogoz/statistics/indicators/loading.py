"""From the YAML of a definition to an `Indicator`, refusing everything that is not understood.

A key that nobody knows, a column that the table has not, a name without its English: each is an error that names the
file, the indicator and the key, and the nearest word that would be understood. Nothing is guessed, nothing left out.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import chain, combinations
from pathlib import Path
from typing import Final

from torogoz.statistics import periods
from torogoz.statistics.dataflows import DATAFLOWS, TIME, nearest
from torogoz.statistics.indicators.definition import (
    FREQUENCIES,
    UNITS,
    Breakdown,
    Count,
    Disclosure,
    External,
    Indicator,
    Links,
    Measure,
    Policy,
    Quality,
    Rate,
    Ratio,
    Share,
    Stock,
    Sum,
    Unit,
    dataflows_of,
    tables_of,
)
from torogoz.statistics.indicators.grammar import read_measure
from torogoz.statistics.indicators.tables import BREAKDOWNS, TABLES, Type
from torogoz.statistics.strict_yaml import Node, UnclearDefinition, documents

DEFINITIONS: Final = Path(__file__).with_name("definitions")
REQUIRED = ("id", "name", "description", "measure", "unit", "breakdowns", "disclosure")
KEYS = (*REQUIRED, "frequency", "sets", "quality", "links")
LANGUAGES = ("es", "en")
ESMS = (
    "accuracy", "accessibility", "coherence", "comparability", "confidentiality", "contact", "frequency", "method",
    "relevance", "revision", "source", "timeliness",
)  # fmt: skip
GCM_OBJECTIVES = range(1, 24)
DEMANDS = tuple(f"S{number}" for number in range(1, 18))
_SDG = re.compile(r"\d{1,2}(?:\.[0-9a-d]{1,2}){0,2}")
_ID = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")


def read(text: str, file: str) -> list[Indicator]:
    """The indicators of a text. `file` is what messages call it. Raises UnclearDefinition."""
    return [_indicator(node) for node in documents(text, file)]


def load(path: Path) -> list[Indicator]:
    """The indicators of a file. Raises UnclearDefinition, OSError."""
    try:
        return read(path.read_text(encoding="utf-8"), path.name)
    except UnicodeDecodeError as mistake:
        raise UnclearDefinition(f"{path.name}: this is not a text in UTF-8") from mistake


def load_all(paths: Iterable[Path]) -> dict[str, Indicator]:
    """The indicators of several files by id. Raises UnclearDefinition with the first mistake of every file."""
    found: dict[str, tuple[str, Indicator]] = {}
    mistakes = []
    for path in paths:
        try:
            for indicator in load(path):
                if indicator.id in found:
                    other = found[indicator.id][0]
                    raise UnclearDefinition(f"{path.name}: {indicator.id}: id: {other} has an indicator of this id too")
                found[indicator.id] = (path.name, indicator)
        except UnclearDefinition as mistake:
            mistakes.append(str(mistake))
    if mistakes:
        raise UnclearDefinition("\n".join(mistakes))
    return {name: indicator for name, (_, indicator) in found.items()}


@cache
def shipped() -> dict[str, Indicator]:
    """The indicators that Torogoz publishes, by id, in the order of their files: all are read from dataflows."""
    return load_all(sorted(DEFINITIONS.glob("*.yaml")))


@cache
def of_rows() -> dict[str, Indicator]:
    """The indicators that are computed from rows of persons and events, by id: `torogoz cube`, for an office."""
    return load_all(sorted(DEFINITIONS.glob("rows/*.yaml")))


def indicator(name: str) -> Indicator:
    """The indicator of Torogoz of this id. Raises UnclearDefinition, naming the nearest."""
    known = shipped() | of_rows()
    if name not in known:
        raise UnclearDefinition(f"there is no indicator {name}{nearest(name, known)}")
    return known[name]


def _indicator(node: Node) -> Indicator:
    if isinstance(node.value, dict) and isinstance(node.value.get("id"), str):
        node = replace(node, subject=node.value["id"])
    keys = node.mapping(KEYS, REQUIRED)
    name = keys["id"].text()
    if not _ID.fullmatch(name):
        raise keys["id"].mistake(f"should be capitals, figures and underscores, like SV_12_PERSONS, not {name}")
    measure = read_measure(keys["measure"])
    unit = UNITS[keys["unit"].word(UNITS, "unit")]
    frequency = _frequency(node, keys.get("frequency"), measure)
    _check_unit(keys["unit"], measure, unit)
    _check_opening(keys["measure"], measure, frequency)
    breakdowns = _breakdowns(keys["breakdowns"], measure)
    names = tuple(each.id for each in breakdowns)
    return Indicator(
        name,
        *_both(keys["name"]),
        *_both(keys["description"]),
        measure=measure,
        unit=unit,
        frequency=frequency,
        breakdowns=breakdowns,
        sets=_sets(keys.get("sets"), breakdowns),
        disclosure=_disclosure(keys["disclosure"]),
        quality=_quality(keys["quality"], names, measure) if "quality" in keys else Quality(),
        links=_links(keys["links"]) if "links" in keys else Links(),
    )


def _both(node: Node) -> tuple[str, str]:
    """A text in both languages."""
    keys = node.mapping(LANGUAGES, LANGUAGES)
    return keys["es"].text(), keys["en"].text()


def _frequency(indicator: Node, node: Node | None, measure: Measure) -> tuple[str, ...]:
    """How often the figures are given, from the shortest period; none for what a dataflow gives as it comes."""
    tables = [TABLES[name] for name in tables_of(measure)]
    if not tables:
        if node is not None:
            raise node.mistake("a dataflow is given in its own periods; leave the key out")
        return ()
    if node is None:
        raise indicator.mistake("frequency is missing")
    words = [each.word(FREQUENCIES, "frequency") for each in node.items(least=1)]
    for table in tables:
        for word in words:
            if FREQUENCIES.index(word) < FREQUENCIES.index(table.finest):
                raise node.mistake(f"{table.id} has no periods as short as {word}; its shortest are {table.finest}")
    return tuple(word for word in FREQUENCIES if word in words)


def _check_unit(node: Node, measure: Measure, unit: Unit) -> None:
    """Refuse a unit that says another factor than the measure. Raises UnclearDefinition.

    What a dataflow says is in the unit of its publisher: a price that is a percentage stays one.
    """
    if isinstance(measure, External):
        return
    factor = measure.per if isinstance(measure, Rate) else measure.times if isinstance(measure, Ratio | Share) else 1
    if unit.factor != factor:
        raise node.mistake(f"{unit.code} ({unit.name_en}) is × {unit.factor:,}, but the measure is × {factor:,}")


def _check_opening(node: Node, measure: Measure, frequency: Sequence[str]) -> None:
    """Refuse an opening stock in the middle of a period, whose flows nobody could part. Raises UnclearDefinition."""
    if not isinstance(measure, Stock) or not measure.at:
        return
    end = periods.bounds(measure.at)[1]
    for word in frequency:
        if (end.month % {"M": 1, "Q": 3, "A": 12}[word]) or (end + timedelta(days=1)).day != 1:
            raise node.mistake(f"the opening at the end of {measure.at} lies within a period of frequency {word}")


def _breakdowns(node: Node, measure: Measure) -> tuple[Breakdown, ...]:
    """The breakdowns, each of which every table and dataflow of the measure allows."""
    found: dict[str, Breakdown] = {}
    for each in node.items():
        breakdown = _breakdown(each, measure)
        if breakdown.id in found:
            raise each.mistake(f"{breakdown.id} stands there twice")
        for other in found.values():
            if other.dimension == breakdown.dimension:
                _check_alike(each, breakdown, other)
        found[breakdown.id] = breakdown
    return tuple(found.values())


def _check_alike(node: Node, breakdown: Breakdown, other: Breakdown) -> None:
    """Refuse two breakdowns of one dimension that a reader of the figures could not tell apart."""
    if other.total != breakdown.total:
        raise node.mistake(f"its total is {breakdown.total}, that of {other.id} is {other.total}")
    if not breakdown.codes or not other.codes:
        raise node.mistake(f"it codes {breakdown.dimension}, as {other.id} does: both need a closed list of codes")


def _breakdown(node: Node, measure: Measure) -> Breakdown:
    tables = [TABLES[name] for name in tables_of(measure)]
    flows = [DATAFLOWS[name] for name in dataflows_of(measure)] if not tables else []
    if flows:
        shared = [name for name in flows[0].names if name != TIME and all(name in flow.names for flow in flows)]
        dimension = flows[0].dimension(node.word(shared, "dimension of the dataflow called"))
        return Breakdown(
            id=dimension.id,
            dimension=dimension.id,
            column=dimension.id,
            name_es=dimension.means_es or dimension.id,
            name_en=dimension.means_en or dimension.id,
            codelist=dimension.codelist,
            total=dimension.total,
        )
    breakdown = BREAKDOWNS[node.word(BREAKDOWNS, "breakdown")]
    needed = Type.WHOLE if breakdown.bands else Type.CODE
    for table in tables:
        if breakdown.column not in table.columns:
            able = [name for name, other in BREAKDOWNS.items() if other.column in table.columns]
            raise node.mistake(f"{table.id} has no {breakdown.column}. It can be broken down by {', '.join(able)}.")
        held = table.columns[breakdown.column].type
        if held is not needed:
            raise node.mistake(f"{table.id}.{breakdown.column} holds {held}, not {needed}")
    return replace(breakdown, codes=breakdown.band_codes() or tables[0].columns[breakdown.column].codes)


def _sets(node: Node | None, breakdowns: Sequence[Breakdown]) -> tuple[tuple[str, ...], ...]:
    """The grouping sets with all their margins; without any, the total and each breakdown alone."""
    names = [each.id for each in breakdowns]
    if node is None:
        return ((), *((name,) for name in names))
    dimension = {each.id: each.dimension for each in breakdowns}
    found: dict[tuple[str, ...], None] = {(): None}
    for each in node.items(least=1):
        words = [word.word(names, "breakdown of this indicator called") for word in each.items(least=1)]
        if len({dimension[word] for word in words}) < len(words):
            raise each.mistake(f"{' and '.join(words)} are the same dimension and cannot be crossed")
        ordered = [name for name in names if name in words]
        margins = chain.from_iterable(combinations(ordered, size) for size in range(len(ordered) + 1))
        found.update(dict.fromkeys(margins))
    return tuple(sorted(found, key=lambda each: (len(each), [names.index(name) for name in each])))


def _disclosure(node: Node) -> Disclosure:
    keys = node.mapping(("policy", "min"), ["policy"])
    policy = Policy(keys["policy"].word(list(Policy), "policy"))
    if policy is Policy.NONE:
        if "min" in keys:
            raise keys["min"].mistake("the policy none protects nothing; leave the key out")
        return Disclosure(policy, 0)
    return Disclosure(policy, keys["min"].whole(3, 100) if "min" in keys else 5)


def _quality(node: Node, names: Sequence[str], measure: Measure) -> Quality:
    keys = node.mapping(("missing_max", "sum_rules", "jump"))
    missing = keys["missing_max"].mapping(names) if "missing_max" in keys else {}
    rules = keys["sum_rules"].items(least=1) if "sum_rules" in keys else []
    jump = keys["jump"].mapping(("mad",), ["mad"])["mad"].number(1, 100) if "jump" in keys else None
    if rules and not isinstance(measure, Count | Sum | Stock | External):
        raise keys["sum_rules"].mistake("only counts, sums, stocks and dataflows have parts that add up to a total")
    return Quality(
        missing_max={name: value.number(0, 1) for name, value in missing.items()},
        sum_rules=tuple(
            tuple(word.word(names, "breakdown of this indicator called") for word in rule.items(least=1))
            for rule in rules
        ),
        jump=jump,
    )


def _links(node: Node) -> Links:
    keys = node.mapping(("gcm", "sdg", "demands", "esms"))
    sdg = [(each, each.text()) for each in keys["sdg"].items(least=1)] if "sdg" in keys else []
    for each, word in sdg:
        if not _SDG.fullmatch(word):
            raise each.mistake(f"should be an SDG target or indicator, like '10.7.1', not {word}")
    demands = keys["demands"].items(least=1) if "demands" in keys else []
    gcm = keys["gcm"].items(least=1) if "gcm" in keys else []
    return Links(
        gcm=tuple(each.whole(GCM_OBJECTIVES[0], GCM_OBJECTIVES[-1]) for each in gcm),
        sdg=tuple(word for _, word in sdg),
        demands=tuple(each.word(DEMANDS, "demand") for each in demands),
        esms={name: _both(value) for name, value in keys["esms"].mapping(ESMS).items()} if "esms" in keys else {},
    )
