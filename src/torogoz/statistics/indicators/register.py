"""The register of the sixty-two indicators of the observatory: which are given, and what the others wait for."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from torogoz.statistics.indicators.definition import Indicator
from torogoz.statistics.indicators.loading import shipped

FILE: Final = Path(__file__).with_suffix(".yaml")


class UnclearRegister(ValueError):
    """The register names what does not exist, or an indicator has neither a definition nor what it waits for."""


@dataclass(frozen=True)
class Entry:
    """One line of the register.

    definitions   the indicators that give it, by id; none when it waits
    waits_for_es  what it waits for, "" when it is given
    gcm           objectives of the Global Compact for Migration
    sdg           indicators of the Sustainable Development Goals whose wording was read
    sdg_proposed  links from memory, which a reader is told are not verified
    """

    number: int
    name_es: str
    name_en: str
    definitions: tuple[str, ...]
    waits_for_es: str
    waits_for_en: str
    gcm: tuple[int, ...]
    sdg: tuple[str, ...]
    sdg_proposed: tuple[str, ...]

    @property
    def given(self) -> bool:
        """Whether there is a definition that gives it."""
        return bool(self.definitions)


@cache
def register() -> tuple[Entry, ...]:
    """Every line of the register, by number. Raises UnclearRegister."""
    entries = tuple(_entry(line) for line in yaml.safe_load(FILE.read_text(encoding="utf-8")))
    if [entry.number for entry in entries] != list(range(1, len(entries) + 1)):
        raise UnclearRegister("the indicators are numbered from 1, each once and in order")
    named = [name for entry in entries for name in entry.definitions]
    strange = sorted(set(named) - set(shipped()))
    if strange:
        raise UnclearRegister(f"there is no definition of {', '.join(strange)}")
    left = sorted(set(shipped()) - set(named))
    if left or len(named) != len(set(named)):
        raise UnclearRegister(f"each definition gives one line of the register; look at {', '.join(left) or named}")
    return entries


def entry_of(indicator: Indicator) -> Entry:
    """The line of the register that an indicator gives."""
    return next(entry for entry in register() if indicator.id in entry.definitions)


def _entry(line: Mapping[str, Any]) -> Entry:
    definitions, waits = tuple(line.get("definitions", ())), line.get("waits_for", {})
    if bool(definitions) == bool(waits):
        raise UnclearRegister(f"indicator {line['number']} has either definitions or what it waits for, not both")
    return Entry(
        number=line["number"],
        name_es=line["name"]["es"],
        name_en=line["name"]["en"],
        definitions=definitions,
        waits_for_es=waits.get("es", ""),
        waits_for_en=waits.get("en", ""),
        gcm=tuple(line["gcm"]),
        sdg=tuple(line.get("sdg", ())),
        sdg_proposed=tuple(line.get("sdg_proposed", ())),
    )
