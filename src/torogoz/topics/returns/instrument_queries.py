"""The instruments that there are: those that ship, and those that an authority loaded."""

from functools import cache
from pathlib import Path

from torogoz.domain.instruments import Instrument
from torogoz.exchange.readers.instruments import instrument_from, instrument_of
from torogoz.topics.returns.models import LoadedInstrument

SHIPPED = Path(__file__).resolve().parent / "instruments"
REINTEGRATION = "REINTEGRATION"
"""Code of the instrument that is asked at each follow-up."""


def instrument_versions(code: str = REINTEGRATION) -> dict[int, Instrument]:
    """Every version of an instrument by its number, in order: those that ship, and those that an authority loaded."""
    loaded = LoadedInstrument.objects.filter(code=code).order_by("version")
    every = [*_shipped(), *(instrument_from(row.text, f"{row.code} {row.version}") for row in loaded)]
    return {one.version: one for one in sorted(every, key=lambda one: one.version) if one.code == code}


@cache
def _shipped() -> tuple[Instrument, ...]:
    return tuple(instrument_of(path) for path in sorted(SHIPPED.glob("*.yaml")))
