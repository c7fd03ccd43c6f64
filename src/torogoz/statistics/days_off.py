"""The holidays of El Salvador, those of the city of San Salvador with them: where the institutions have their seat.

source      the package `holidays` (Vacanza), which cites the Labour Code of 1972, art. 190, and decrees 399 of 2016 and
            208 of 2012. Vacations that only public offices have are not in it: without them a term ends sooner, which
            is the side on which an institution may err.
"""

from datetime import date
from functools import lru_cache

import holidays

COUNTRY, CITY = "SV", "SS"
LONGEST = 3  # years that a term may touch: forty working days end in the next year at the latest


@lru_cache(maxsize=64)
def holidays_from(year: int) -> frozenset[date]:
    """The holidays of `year` and of the two years after it."""
    calendar = holidays.country_holidays(COUNTRY, subdiv=CITY, years=range(year, year + LONGEST))
    return frozenset(calendar)
