"""The rules of estimates: what is refused, what contradicts, and that nothing is made of a blank."""

from dataclasses import replace
from datetime import date

import pytest

from torogoz.domain.violence import (
    Estimate,
    EstimateRefused,
    Mark,
    RecommendationRefused,
    check,
    check_reason,
    contradict,
    contradictions,
    number,
    period_bounds,
    spread,
)

TODAY = date(2026, 11, 20)
ESTIMATE = Estimate(
    concept="HOMICIDES",
    area="SLV",
    period="2015",
    low=None,
    best=6656,
    high=None,
    method="recuento",
    source="una fuente",
    published_on=date(2016, 1, 3),
)


def refusal(estimate: Estimate) -> tuple[str, str]:
    with pytest.raises(EstimateRefused) as caught:
        check(estimate, today=TODAY)
    assert caught.value.explain("es") != caught.value.explain("en")
    return caught.value.field, caught.value.code


def test_an_estimate_as_published_is_kept() -> None:
    check(ESTIMATE, today=TODAY)
    check(replace(ESTIMATE, best=None, low=100.0, high=200.0), today=TODAY)


def test_what_cannot_be_is_refused_beside_its_field() -> None:
    assert refusal(replace(ESTIMATE, best=None)) == ("best", "nothing_measured")
    assert refusal(replace(ESTIMATE, best=None, low=3.0)) == ("best", "nothing_measured")
    assert refusal(replace(ESTIMATE, low=7000.0)) == ("best", "not_in_order")
    assert refusal(replace(ESTIMATE, low=5.0, high=4.0, best=None)) == ("best", "not_in_order")
    assert refusal(replace(ESTIMATE, period="2015-13")) == ("period", "not_a_period")
    assert refusal(replace(ESTIMATE, period="2016/2006")) == ("period", "period_ends_first")
    assert refusal(replace(ESTIMATE, published_on=date(2014, 12, 31))) == ("published_on", "published_before")
    assert refusal(replace(ESTIMATE, published_on=date(2026, 11, 21))) == ("published_on", "published_in_the_future")
    assert refusal(replace(ESTIMATE, mark=Mark.VERIFIED)) == ("where", "verified_by_nobody")
    assert refusal(replace(ESTIMATE, method="  ")) == ("method", "no_method")
    assert refusal(replace(ESTIMATE, source="")) == ("source", "no_source")


def test_figures_are_read_as_people_write_them_and_a_blank_is_none() -> None:
    assert number("best", " 6 656 ") == 6656
    assert number("best", "41,650") == 41650
    assert number("best", "1.1") == 1.1
    assert number("best", "") is None
    for text, code in (("seis", "not_a_number"), ("nan", "not_a_number"), ("-3", "below_zero"), ("1e12", "too_large")):
        with pytest.raises(EstimateRefused) as caught:
            number("best", text)
        assert caught.value.code == code


def test_periods_are_a_year_a_month_or_a_span() -> None:
    assert period_bounds("2015") == (date(2015, 1, 1), date(2015, 12, 31))
    assert period_bounds("2016-02") == (date(2016, 2, 1), date(2016, 2, 29))
    assert period_bounds("2017-01/2017-09") == (date(2017, 1, 1), date(2017, 9, 30))


def test_estimates_contradict_only_about_the_same_and_without_a_common_figure() -> None:
    wide = replace(ESTIMATE, low=6000.0, high=7000.0)
    other = replace(ESTIMATE, best=6657.0, source="otra")
    assert contradict(ESTIMATE, other)
    assert not contradict(wide, other)
    assert not contradict(wide, ESTIMATE)
    assert not contradict(ESTIMATE, replace(other, area="SV-SS"))
    assert not contradict(ESTIMATE, replace(other, period="2016"))
    assert contradict(replace(ESTIMATE, best=None, low=1.0, high=2.0), other)
    assert contradictions([ESTIMATE, wide, other]) == [(0, 2)]


def test_the_spread_of_figures_is_not_said_where_one_is_zero_or_alone() -> None:
    assert spread([ESTIMATE]) is None
    assert spread([ESTIMATE, replace(ESTIMATE, best=0.0)]) is None
    assert spread([ESTIMATE, replace(ESTIMATE, best=3328.0)]) == 2


def test_a_recommendation_says_why() -> None:
    assert (
        check_reason("  cubre   todo el país y define a quién cuenta ") == "cubre todo el país y define a quién cuenta"
    )
    for reason in ("porque sí", "x" * 700):
        with pytest.raises(RecommendationRefused):
            check_reason(reason)
