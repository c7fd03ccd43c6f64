"""The CSV files that the project ships, and how one is read."""

import csv
from datetime import date
from importlib import resources


def rows(package: str, name: str) -> list[dict[str, str]]:
    """The rows of `data/name.csv` of `package`, in the order of the file."""
    text = resources.files(package).joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def day(text: str) -> date | None:
    """A date written 2024-05-01, or None where none is given."""
    return date.fromisoformat(text) if text else None
