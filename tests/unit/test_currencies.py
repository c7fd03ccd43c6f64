"""The list of currencies beside the one that Babel carries (CLDR), which is kept by others."""

from babel.core import get_global

from torogoz.domain.currencies import ISO_4217, OFFERED

REPLACED = {"BGN"}
"""Bulgaria pays in euros since 1 January 2026 (ISO 4217, amendment 180); Babel 2.18 does not know it yet."""
STILL_LISTED = {"SVC"}
"""No longer paid with in El Salvador, and still in ISO 4217."""


def test_the_list_is_the_money_with_which_some_country_pays_today() -> None:
    paid = {
        code
        for uses in get_global("territory_currencies").values()
        for code, _since, until, tender in uses
        if tender and until is None
    }
    assert (paid - ISO_4217, ISO_4217 - paid) == (REPLACED, STILL_LISTED)


def test_what_forms_offer_is_of_the_list() -> None:
    assert set(OFFERED) <= ISO_4217
