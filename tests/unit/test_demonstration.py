"""The demonstration country follows the published totals, and is the same each time."""

from collections import Counter

import pytest

from torogoz.domain.access import Role
from torogoz.site.demonstration.country import DEPARTMENTS, MadeUpReturn, made_up_returns, years
from torogoz.site.demonstration.offices import AIRPORT, CENTRE, OFFICERS

DISTRICTS = {code: (f"{code}-101", f"{code}-102") for code in DEPARTMENTS}


@pytest.fixture(scope="module")
def country() -> list[MadeUpReturn]:
    return list(made_up_returns(DISTRICTS))


def share(country: list[MadeUpReturn], year: int, what: str, value: str) -> float:
    of_year = [one for one in country if one.arrived_at.year == year]
    return sum(getattr(one, what) == value for one in of_year) / len(of_year)


def test_there_are_twenty_thousand_people_each_with_a_key_of_their_own(country: list[MadeUpReturn]) -> None:
    assert len(country) == len({one.key for one in country}) == 20_000


def test_the_same_seed_gives_the_same_people_and_another_seed_others(country: list[MadeUpReturn]) -> None:
    assert list(made_up_returns(DISTRICTS)) == country
    assert list(made_up_returns(DISTRICTS, seed=1)) != country


def test_each_year_has_its_share_of_the_published_totals(country: list[MadeUpReturn]) -> None:
    plan = years()
    whole = sum(year.total for year in plan)
    drawn = Counter((one.arrived_at.replace(tzinfo=None)).year for one in country)
    for year in plan:
        # the arrivals of the last evening of a year fall into the next one in universal time
        assert abs(drawn[year.year] - 20_000 * year.total / whole) <= 3, year.year


def test_the_land_heavy_and_the_air_only_regime_are_both_there(country: list[MadeUpReturn]) -> None:
    assert share(country, 2016, "route", "LAND") == pytest.approx(31_147 / 52_548, abs=0.01)
    assert share(country, 2024, "route", "LAND") == pytest.approx(21 / 14_986, abs=0.01)
    assert share(country, 2024, "returned_from", "USA") == pytest.approx(14_189 / 14_986, abs=0.01)


def test_men_women_and_minors_follow_the_published_shares(country: list[MadeUpReturn]) -> None:
    adults = [one for one in country if one.arrived_at.year == 2017 and int(one.birth[:4]) < 1998]
    women = sum(one.sex == "F" for one in adults) / len(adults)
    assert women == pytest.approx(17 / 90, abs=0.03)


def test_ten_institutions_have_officers_at_one_centre_and_two_centres_receive() -> None:
    at_the_centre = {officer.institution for officer in OFFICERS if officer.office == CENTRE}
    assert len(at_the_centre) >= 9
    assert {officer.institution for officer in OFFICERS if officer.office == AIRPORT} == {"DGME", "MINSAL"}
    assert {officer.role for officer in OFFICERS} == set(Role)
