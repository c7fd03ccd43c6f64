"""Where the figures that others published contradict each other, in the reader's words: both stay."""

from dataclasses import dataclass

from torogoz.statistics.contradictions import broken_sums, rival_totals
from torogoz.topics.flows import queries
from torogoz.topics.flows.questions import Question


@dataclass(frozen=True)
class Broken:
    """Parts that do not add up to their total, and whose total they are instead."""

    what: str
    series: str
    period: str
    parts: tuple[tuple[str, float], ...]
    sum: float
    total: float
    equals: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Disagreeing:
    """Series that disagree on one total."""

    what: str
    period: str
    totals: tuple[tuple[str, float], ...]
    decimals: int


def contradictions(language: str, question: Question) -> tuple[list[Broken], list[Disagreeing]]:
    """What does not add up, and who disagrees with whom, among the published figures that a question is about."""
    names = queries.names_of(question.flow, language)
    found = queries.figures(question.split_by())

    def said(dimension: str, code: str) -> str:
        return names[dimension].get(code, code)

    broken = [
        Broken(
            what=said("INDICATOR", each.indicator),
            series=said("SERIES", each.series),
            period=each.period,
            parts=tuple((said("BREAKDOWN", part), value) for part, value in each.parts),
            sum=each.sum,
            total=each.total,
            equals=tuple((period, said("SERIES", series)) for period, series in each.equals),
        )
        for each in broken_sums(found)
    ]
    rivals = [
        Disagreeing(
            what=said("INDICATOR", each.indicator),
            period=each.period,
            totals=tuple((said("SERIES", series), value) for series, value in each.totals),
            decimals=0 if all(value.is_integer() for _, value in each.totals) else 1,
        )
        for each in rival_totals(found)
    ]
    return broken, rivals
