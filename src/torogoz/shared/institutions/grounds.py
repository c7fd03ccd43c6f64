"""The laws that may be named as the ground of sharing, as shipped: only what a source that was read says of them."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from torogoz.domain.consents import Purpose
from torogoz.shared.codelists.shipped import day, rows
from torogoz.shared.institutions.models import LegalGround

FILE = "legal_grounds"


class GroundsUnclear(Exception):
    """A line of the laws cannot be read. Nothing was changed."""


UNKNOWN_ARTICLE = ("artículo por confirmar", "article to be confirmed")
NOT_CONFIRMED = ("lo confirma un abogado", "a lawyer confirms it")


def grounds_in_force(today: date) -> list[LegalGround]:
    """The laws of the list that may be named today, by their code."""
    since = Q(valid_from__isnull=True) | Q(valid_from__lte=today)
    until = Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    return list(LegalGround.objects.filter(since, until).order_by("code"))


def may_ground(law: LegalGround, sections: Collection[str], purpose: str) -> bool:
    """Whether the list names this law for all of these sections and this purpose."""
    return (not law.classes or set(sections) <= set(law.classes)) and (not law.purposes or purpose in law.purposes)


def named(law: LegalGround, language: str) -> str:
    """A law with its article, or that none is known; and that no lawyer has confirmed it, while none has."""
    place = 0 if language.startswith("es") else 1
    said = f"{(law.name_es, law.name_en)[place]}, {law.article or UNKNOWN_ARTICLE[place]}"
    return said if law.confirmed else f"{said} ({NOT_CONFIRMED[place]})"


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
