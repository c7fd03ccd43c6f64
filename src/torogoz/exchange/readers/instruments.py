"""Definitions of instruments, as YAML that is reviewed in git or loaded by an authority."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import yaml

from torogoz.domain.instruments import Band, Dimension, Instrument, InstrumentRefused, Item, Option, Words
from torogoz.exchange.readers.contract import Unreadable

KEYS: Final = {
    "code",
    "version",
    "es",
    "en",
    "dimensions",
    "items",
    "bands",
    "scales",
    "least_answered",
    "source",
    "dated",
    "provisional",
    "notice",
}


def instrument_of(path: Path) -> Instrument:
    """Read one definition from a file. Raises Unreadable, which says what of it cannot be."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as refused:
        raise Unreadable(f"{path.name} cannot be read as UTF-8 text: {refused}") from refused
    return instrument_from(text, path.name)


def instrument_from(text: str, name: str) -> Instrument:
    """Read one definition from its text; `name` is for messages. Raises Unreadable."""
    try:
        written = yaml.safe_load(text)
    except yaml.YAMLError as mistake:
        raise Unreadable(f"{name} is not YAML: {' '.join(str(mistake).split())}") from mistake
    if not isinstance(written, dict):
        raise Unreadable(f"{name} must have the keys {', '.join(sorted(KEYS))}")
    if unknown := {str(key) for key in written} - KEYS:
        raise Unreadable(f"{name} has keys that nothing reads: {', '.join(sorted(unknown))}")
    try:
        return _instrument(written)
    except InstrumentRefused as refused:
        raise Unreadable(f"{name}: {refused}") from refused
    except KeyError as missing:
        raise Unreadable(f"{name}: the key {missing} is missing") from missing
    except (TypeError, ValueError, AttributeError, ZeroDivisionError) as wrong:
        raise Unreadable(f"{name}: a value cannot be what it says: {wrong}") from wrong


def _instrument(written: Mapping[str, Any]) -> Instrument:
    scales = {name: _options(options) for name, options in written.get("scales", {}).items()}
    notice = written.get("notice") or {"es": "", "en": ""}
    if not isinstance(written["version"], int) or not isinstance(written["provisional"], bool):
        raise ValueError("`version` is a whole number and `provisional` is true or false")
    if not isinstance(written["dated"], date):
        raise ValueError("`dated` is a day, as 2026-11-26")
    return Instrument(
        code=str(written["code"]),
        version=written["version"],
        words=_words(written),
        dimensions=tuple(
            Dimension(str(each["code"]), _words(each), _number(each.get("weight", 1))) for each in written["dimensions"]
        ),
        items=tuple(_item(each, scales) for each in written["items"]),
        bands=tuple(Band(str(each["code"]), _words(each), _number(each["least"])) for each in written["bands"]),
        least_answered=_number(written["least_answered"]),
        source=str(written["source"]),
        dated=written["dated"],
        provisional=written["provisional"],
        notice=_words(notice),
    )


def _item(written: Mapping[str, Any], scales: Mapping[str, tuple[Option, ...]]) -> Item:
    options = scales[written["scale"]] if "scale" in written else _options(written["options"])
    return Item(
        code=str(written["code"]),
        dimension=str(written["dimension"]),
        words=_words(written),
        options=options,
        weight=_number(written.get("weight", 1)),
        may_not_apply=bool(written.get("may_not_apply", False)),
    )


def _options(written: Any) -> tuple[Option, ...]:
    return tuple(Option(str(each["code"]), _words(each), _number(each["value"])) for each in written)


def _words(written: Mapping[str, Any]) -> Words:
    return Words(str(written["es"]), str(written["en"]))


def _number(written: object) -> Fraction:
    """A number exactly as it is written: 0.1 is one tenth, and 1/3 is a third."""
    if isinstance(written, bool):
        raise ValueError(f"{written} is no number")
    return Fraction(str(written))
