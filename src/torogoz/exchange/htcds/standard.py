"""The fields of HTCDS 2.0, and what a value of each may be."""

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("fields.csv")
ATTRIBUTION: Final = (
    "Human Trafficking Case Data Standard (HTCDS) 2.0, International Organization for Migration, CC BY 4.0, "
    "https://github.com/UNMigration/HTCDS (commit 3c2f6537cd76). Fields and codes are the standard's; the choice of "
    "columns and the values are this file's."
)
SEVERAL: Final = ";"
"""What separates the codes of a field that takes several."""

COUNTRIES: Final = frozenset({"prs_Citizenship", "prs_MailingCountry", "org_ShippingCountry", "hte_Country"})
LANGUAGES: Final = frozenset({"prs_PrimaryLanguage", "prs_SecondaryLanguage"})


@dataclass(frozen=True)
class Field:
    """One field: the part of the standard that it stands in, its type, and its codes with their labels, if closed."""

    name: str
    section: str
    label: str
    type: str
    core: bool
    codes: Mapping[str, str]

    @property
    def several(self) -> bool:
        """Whether it takes several codes."""
        return self.type.startswith("Multiselect")

    def wrong(self, value: str) -> str:
        """What is wrong with a value, in words; nothing when it can be kept. An empty value is not known."""
        if not value:
            return ""
        parts = [part.strip() for part in value.split(SEVERAL)] if self.several else [value]
        if len(parts) != len(set(parts)):
            return "says a code twice"
        found = (self._wrong(part) for part in parts)
        return next((why for why in found if why), "")

    def _wrong(self, value: str) -> str:
        if self.codes:
            return "" if value in self.codes else f"“{value}” is not a code of it"
        if self.name in COUNTRIES:
            return "" if re.fullmatch(r"[A-Z]{2,3}", value) else f"“{value}” is not a country code of ISO 3166"
        if self.name in LANGUAGES:
            return "" if re.fullmatch(r"[a-z]{2,3}", value) else f"“{value}” is not a language code of ISO 639"
        check = CHECKS.get(self.type)
        return check(value) if check else ""


def _day(value: str) -> str:
    try:
        if f"{date.fromisoformat(value):%Y-%m-%d}" == value:
            return ""
    except ValueError:
        pass
    return f"“{value}” is not a day, like 2026-05-17"


def _number(value: str) -> str:
    return "" if re.fullmatch(r"-?\d+(\.\d+)?", value) else f"“{value}” is not a number"


def _degrees(value: str) -> str:
    if _number(value):
        return _number(value)
    return "" if abs(float(value)) <= 180 else f"“{value}” is beyond 180 degrees"


def _truth(value: str) -> str:
    return "" if value in ("true", "false") else f"“{value}” is neither true nor false"


CHECKS: Final[Mapping[str, Callable[[str], str]]] = {
    "Date": _day,
    "Number": _number,
    "Geolocation": _degrees,
    "Checkbox": _truth,
}


def _listed() -> dict[str, Field]:
    found: dict[str, Field] = {}
    with FILE.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            before = found.get(line["name"])
            codes = {**(before.codes if before else {}), **({line["code"]: line["code_label"]} if line["code"] else {})}
            found[line["name"]] = Field(
                line["name"], line["section"], line["label"], line["type"], line["core"] == "Y", codes
            )
    return found


FIELDS: Final[Mapping[str, Field]] = _listed()
