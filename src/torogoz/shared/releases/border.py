"""From a file of crossings to what a release is given of the border: crossings, migrations, and their nowcast."""

from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from pathlib import Path

from torogoz.domain.residence import Policy, Rule
from torogoz.exchange.readers.crossings import read_crossings
from torogoz.shared.releases.making import Supply
from torogoz.statistics import border
from torogoz.statistics.residence.classify import Classified, classify
from torogoz.statistics.residence.nowcast import Nowcast, TooShort, nowcast

CROSSINGS, MIGRATION = "CROSSINGS", "MIGRATION"


@dataclass(frozen=True)
class Border:
    """What a file of crossings gives a release, and what was found on the way.

    no_nowcast  why there is no estimate of recent months; empty when there is one
    """

    supplies: dict[str, Supply]
    found: Classified
    no_nowcast: str


def border_of(path: Path, rule: Rule, policy: Policy, *, known_until: date, today: date, zone: tzinfo) -> Border:
    """Read, clean and classify the crossings of a file until the close of a day, and estimate the recent months.

    raises  CrossingsUnreadable, NothingToClassify
    """
    found = classify(read_crossings(path), rule, policy, today=today, cut_off=known_until)
    made: Nowcast | None = None
    reason = ""
    try:
        made = nowcast(found.crossings, rule, found.cut_off)
    except TooShort as short:
        reason = str(short)
    method = border.method(found, None if made is None else made.trained)
    countable = datetime.combine(border.countable_until(found.cut_off, rule), time(), tzinfo=zone)
    migration = Supply(
        found.crossings,
        until=countable,
        provisional=border.provisional_periods(found.crossings),
        estimates=None if made is None else border.estimates(made.monthly),
        method=method,
    )
    return Border(
        {CROSSINGS: Supply(found.crossings, method=border.quality(found)), MIGRATION: migration}, found, reason
    )
