"""Names for made-up people, from a list written for this purpose: the commonest first."""

import csv
from importlib import resources

_ROWS = list(
    csv.DictReader(
        resources.files("torogoz.site")
        .joinpath("data/demonstration_names.csv")
        .read_text(encoding="utf-8")
        .splitlines()
    )
)
SURNAMES = tuple(row["name"] for row in _ROWS if row["kind"] == "surname")
WOMEN = tuple(row["name"] for row in _ROWS if row["kind"] == "woman")
MEN = tuple(row["name"] for row in _ROWS if row["kind"] == "man")
NICKNAMES = {row["name"]: row["nickname"] for row in _ROWS if row["nickname"]}
