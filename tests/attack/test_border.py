"""The attack on the published tables of the border, as on those of returns: nothing hidden is worked out."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from torogoz.domain.residence import Policy
from torogoz.site.demonstration.crossings import made_up_crossings
from torogoz.statistics.coverage import months_between
from torogoz.statistics.releases import PLANS, attacked, published
from torogoz.statistics.residence.classify import Classified, classify


@pytest.fixture(scope="module")
def found() -> Classified:
    raw = made_up_crossings(1_500, until=datetime(2023, 7, 1, tzinfo=UTC))
    return classify(raw, policy=Policy.DROP_IMPUTE, today=date(2026, 11, 20), cut_off=date(2023, 6, 30))


@pytest.mark.parametrize(("dataflow", "last"), [("CROSSINGS", "2022-12"), ("MIGRATION", "2022-06")])
def test_the_attack_recovers_nothing_of_what_is_hidden(found: Classified, dataflow: str, last: str) -> None:
    plan, months = PLANS[dataflow], months_between("2021-01", last)
    rows = plan.deidentified(found.crossings).filter(pl.col("TIME_PERIOD").is_in(months))
    ours = published(rows, plan, months)
    hidden = ours.counts["HIDDEN"].to_numpy()
    small = (ours.counts["OBS_VALUE"] > 0) & (ours.counts["OBS_VALUE"] < plan.rule.threshold)
    assert hidden.sum() > 50
    assert (small.to_numpy() <= hidden).all()
    widths = attacked(ours.cells, plan.dimensions(rows, months), plan).width
    assert widths[hidden].min() >= plan.rule.threshold
    known_not_zero = attacked(ours.cells, plan.dimensions(rows, months), plan, least=1.0).width
    assert known_not_zero[hidden & small.to_numpy()].min() >= 1
