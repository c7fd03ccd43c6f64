"""The municipalities of El Salvador by the names institutions write: the 262 before 2024, districts, the 44 of today.

Seven names stand in more than one department, and the same ground has borne several names; within a department every
name leads to one municipality of 2024. The names are data that the project ships with `shared/places`; they are read
here as a file, since readers know no database.
"""

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources

from torogoz.domain.letters import fold
from torogoz.exchange.readers.boundaries import DEPARTMENTS
from torogoz.exchange.readers.cells import code_of

UNKNOWN = "_U"
WHOLE = "SLV"


def department(text: str) -> str | None:
    """ISO 3166-2 code of a department written by name or code; `_U` for a blank, None for any other word."""
    word = text.strip()
    if fold(word) in ("", "_u", "desconocido", "ignorado", "no especificado"):
        return UNKNOWN
    return word.upper() if word.upper() in DEPARTMENTS.values() else DEPARTMENTS.get(code_of(word))


def municipality(of_department: str, text: str) -> str | None:
    """Code of the municipality of 2024 in which a place of that name lies; None if the department has no such name."""
    word = text.strip()
    return _names().get((of_department, fold(word))) or _codes().get(word.upper())


def place(text: str) -> str | None:
    """`text` if it is the code of the country, of a department or of a municipality of 2024."""
    word = text.strip().upper()
    known = word == WHOLE or word in DEPARTMENTS.values() or _codes().get(word) == word
    return word if known else None


@cache
def _rows() -> Mapping[str, dict[str, str]]:
    text = resources.files("torogoz").joinpath("shared", "places", "data", "places.csv").read_text(encoding="utf-8")
    return {row["code"]: row for row in csv.DictReader(text.splitlines())}


@cache
def _codes() -> Mapping[str, str]:
    """The municipality of 2024 by the code of any unit within it, and of itself."""
    found = {}
    for code, row in _rows().items():
        if row["level"] == "municipality":
            found[code] = code
        elif row["level"] == "district":
            found[code] = row["parent"]
        elif row["level"] == "old_municipality":
            found[code] = _rows()[row["successor"]]["parent"]
    return found


@cache
def _names() -> Mapping[tuple[str, str], str]:
    """The municipality of 2024 by department and folded name."""
    return {(code[:5], fold(_rows()[code]["name"])): municipality for code, municipality in _codes().items()}
