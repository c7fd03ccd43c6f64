"""The publisher's English words for incidents are said in Spanish, wherever they are known."""

import pytest

from torogoz.exchange.readers import iom
from torogoz.exchange.readers.cells import code_of
from torogoz.topics.flows.incidents import in_spanish


@pytest.mark.parametrize(
    ("dimension", "code", "said"),
    [
        ("REF_AREA", "MEDITERRANEAN", "Mediterráneo"),
        ("ORIGIN", "CENTRAL_AMERICA_P", "Centroamérica, se presume"),
        ("CAUSE", "DROWNING-MIXED_OR_UNKNOWN", "Ahogamiento; Varias causas, o se desconoce"),
        ("ROUTE", "DARIEN_GAP", "Tapón del Darién"),
        ("ROUTE", "A_ROUTE_OF_NEXT_YEAR", None),
        ("CAUSE", "DROWNING-A_NEW_CAUSE", None),
        ("SEX", "F", None),
    ],
)
def test_a_code_is_said_whole_or_not_at_all(dimension: str, code: str, said: str | None) -> None:
    assert in_spanish(dimension, code) == said


@pytest.mark.parametrize("name", sorted(frozenset().union(*iom.SCHEMES.values())))
def test_every_region_that_the_reader_knows_has_its_spanish(name: str) -> None:
    assert in_spanish("REF_AREA", code_of(name))


@pytest.mark.parametrize("name", iom.CAUSES)
def test_every_cause_that_the_reader_knows_has_its_spanish(name: str) -> None:
    assert in_spanish("CAUSE", code_of(name))
