"""The laws that may be named as the ground of sharing, as shipped: only what a source that was read says of them."""

from datetime import date

from torogoz.domain.consents import Purpose
from torogoz.shared.codelists.shipped import day, rows
from torogoz.shared.institutions.models import LegalGround

FILE = "legal_grounds"


class GroundsUnclear(Exception):
    """A line of the laws cannot be read. Nothing was changed."""


def load() -> int:
    """Insert or update every shipped law; how many. None is taken away: an agreed line may name it.

    Raises GroundsUnclear, with the number of the line in legal_grounds.csv.
    """
    shipped = [_ground(number, row) for number, row in enumerate(rows("torogoz.shared.institutions", FILE), start=2)]
    LegalGround.objects.bulk_create(
        shipped,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[
            "name_es",
            "name_en",
            "instrument",
            "article",
            "says_es",
            "says_en",
            "classes",
            "purposes",
            "confirmed",
            "valid_from",
            "valid_until",
            "source",
            "read_on",
        ],
    )
    return len(shipped)


def _ground(number: int, row: dict[str, str]) -> LegalGround:
    try:
        return LegalGround(
            code=row["code"],
            name_es=row["name_es"],
            name_en=row["name_en"],
            instrument=row["instrument"],
            article=row["article"],
            says_es=row["says_es"],
            says_en=row["says_en"],
            classes=row["classes"].split(),
            purposes=[Purpose(one).value for one in row["purposes"].split()],
            confirmed={"Y": True, "N": False}[row["confirmed"]],
            valid_from=day(row["valid_from"]),
            valid_until=day(row["valid_until"]),
            source=row["source"],
            read_on=date.fromisoformat(row["read_on"]),
        )
    except (KeyError, ValueError) as reason:
        raise GroundsUnclear(f"legal_grounds.csv line {number}: {reason}") from reason
