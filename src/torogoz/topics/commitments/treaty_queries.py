"""Which treaties El Salvador is party to, as the tables that were imported say; what none says is not known."""

from dataclasses import dataclass
from typing import Final

from torogoz.domain.alphabet import alphabetical
from torogoz.domain.mechanisms import BODY_OF
from torogoz.shared.codelists.queries import countries
from torogoz.shared.codelists.queries import names as named_in
from torogoz.shared.provisions import queries as provisions
from torogoz.shared.provisions.models import CountryStatus, Instrument

HERE: Final = "SLV"


@dataclass(frozen=True)
class Treaty:
    """One treaty: what the country is to it (None: not known), and how many others are known to be.

    body           code of the committee that watches over it; empty where the register knows none
    recommended    how many of its recommendations to the country are stored
    """

    instrument: Instrument
    here: CountryStatus | None
    parties: int
    signatories: int
    others: tuple[tuple[str, CountryStatus], ...]
    body: str
    body_name: str
    recommended: int


def treaties(language: str) -> list[Treaty]:
    """Every treaty, those with a known status first."""
    names, bodies = dict(countries(language)), named_in("MECHANISM", language)
    counted = provisions.many_recommended(provisions.recommended_by())
    found = []
    for instrument in provisions.treaties():
        called = [(names.get(each.country, each.country), each) for each in instrument.statuses.all()]
        others = tuple(sorted(called, key=lambda pair: alphabetical(pair[0])))
        statuses = [each for _name, each in others]
        here = next((each for each in statuses if each.country == HERE), None)
        parties = sum(each.status == CountryStatus.Status.PARTY for each in statuses)
        body = BODY_OF.get(instrument.code, "")
        found.append(
            Treaty(
                instrument,
                here,
                parties,
                len(statuses) - parties,
                others,
                body,
                bodies.get(body, body),
                counted.get(body, 0),
            )
        )
    return sorted(found, key=lambda each: each.here is None)
