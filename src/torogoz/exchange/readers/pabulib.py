"""`.pb` files of Pabulib with approval ballots: what it was about, what projects cost, what voters approved."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from torogoz.exchange.readers.contract import Unreadable


@dataclass(frozen=True)
class PabulibElection:
    """What the file says. `about` holds its META lines; `ballots` the projects of each voter, in its order."""

    about: Mapping[str, str]
    budget: Fraction
    names: Mapping[str, str]
    costs: Mapping[str, Fraction]
    ballots: tuple[frozenset[str], ...]


def pabulib_of(path: Path) -> PabulibElection:
    """Read a file. Raises Unreadable, with the row, for ballots that are no approvals or what is missing or unknown."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as refused:
        raise Unreadable(f"{path.name} cannot be read as UTF-8 text: {refused}; nothing was read") from refused
    parts: dict[str, list[tuple[int, list[str]]]] = {}
    rows = list(csv.reader(text.splitlines(), delimiter=";"))
    part = ""
    for number, row in enumerate(rows, 1):
        if len(row) == 1 and row[0].strip().upper() in {"META", "PROJECTS", "VOTES"}:
            part = row[0].strip().upper()
            parts[part] = []
        elif row and part:
            parts[part].append((number, [cell.strip() for cell in row]))
    if missing := {"META", "PROJECTS", "VOTES"} - set(parts):
        raise Unreadable(f"{path.name} has no part {min(missing)} of Pabulib; nothing was read")
    about = {row[0]: row[1] for _, row in parts["META"][1:] if len(row) > 1}
    if about.get("vote_type") != "approval":
        raise Unreadable(
            f"{path.name} has ballots of the kind {about.get('vote_type')!r}, not approval; nothing was read"
        )
    at = 0
    try:
        names, costs = {}, {}
        for row_of_project, cells in _records(parts["PROJECTS"]):
            at = row_of_project
            costs[cells["project_id"]] = Fraction(cells["cost"])
            names[cells["project_id"]] = cells.get("name", cells["project_id"])
        ballots = []
        for row_of_ballot, cells in _records(parts["VOTES"]):
            at = row_of_ballot
            ballot = frozenset(each for each in cells["vote"].split(",") if each)
            if unknown := ballot - set(costs):
                raise ValueError(f"{min(unknown)} is no project")
            ballots.append(ballot)
        budget = Fraction(about["budget"])
    except (KeyError, ValueError, ZeroDivisionError) as wrong:
        raise Unreadable(f"{path.name}, row {at}: {wrong}; nothing was read") from wrong
    return PabulibElection(about, budget, names, costs, tuple(ballots))


def _records(rows: list[tuple[int, list[str]]]) -> list[tuple[int, dict[str, str]]]:
    """The rows below the header, each cell under its column."""
    if not rows:
        return []
    header = rows[0][1]
    return [(number, dict(zip(header, row, strict=False))) for number, row in rows[1:]]
