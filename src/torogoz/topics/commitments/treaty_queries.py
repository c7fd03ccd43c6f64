"""Which treaties El Salvador is party to, as the tables that were imported say; what none says is not known."""

from dataclasses import dataclass
from typing import Final

from torogoz.shared.codelists.queries import countries
from torogoz.shared.provisions import queries as provisions
from torogoz.shared.provisions.models import CountryStatus, Instrument

HERE: Final = "SLV"


@dataclass(frozen=True)
class Treaty:
    """One treaty: what the country is to it (None: not known), and how many others are known to be."""

    instrument: Instrument
    here: CountryStatus | None
    parties: int
    signatories: int
    others: tuple[tuple[str, CountryStatus], ...]


def treaties(language: str) -> list[Treaty]:
    """Every treaty, those with a known status first."""
    names = dict(countries(language))
    found = []
    for instrument in provisions.treaties():
        statuses = sorted(instrument.statuses.all(), key=lambda each: names.get(each.country, each.country))
        here = next((each for each in statuses if each.country == HERE), None)
        parties = sum(each.status == CountryStatus.Status.PARTY for each in statuses)
        others = tuple((names.get(each.country, each.country), each) for each in statuses)
        found.append(Treaty(instrument, here, parties, len(statuses) - parties, others))
    return sorted(found, key=lambda each: each.here is None)
