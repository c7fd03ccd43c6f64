"""Addresses and years in a national review, as they are printed."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from torogoz.exchange.documents.content import Items
from torogoz.shared.provisions.serving import PledgeLine, PracticeLine
from torogoz.topics.commitments import review_blocks
from torogoz.topics.commitments.review_models import ReportRun

DAY = date(2026, 3, 1)


def serving(address: str) -> str:
    practice = PracticeLine(uuid4(), "/practices/p/", ("1",), "Una", "One", "A", "A", "", None, None, DAY, False)
    pledge = PledgeLine(
        uuid4(), "/practices/pledges/q/", ("1",), "Otra", "Other", "A", "A", "m", "m", Decimal(3), "u", DAY, DAY,
        "vale", "holds", False, None, False, False,
    )  # fmt: skip
    found = review_blocks.serving([practice], [pledge], "1", review_blocks.teller("es"), address)
    return " ".join(str(block) for block in found if isinstance(block, Items))


def test_practices_and_pledges_are_printed_with_the_whole_address_of_the_site() -> None:
    told = serving("https://torogoz.example/commitments/reviews/1/")
    assert "'https://torogoz.example/practices/p/'" in told
    assert "'https://torogoz.example/practices/pledges/q/'" in told
    assert "'/practices/p/'" in serving(""), "where the site is not known nothing is made up"


@pytest.mark.parametrize(("last", "said"), [(2026, "2026"), (2027, "2026–2027")])
def test_one_year_is_written_once(last: int, said: str) -> None:
    assert review_blocks.years(2026, last) == said
    assert ReportRun(first_year=2026, last_year=last).years == said
