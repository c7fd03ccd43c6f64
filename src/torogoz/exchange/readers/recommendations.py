"""Recommendations of the Universal Periodic Review, from a table in the layout of the UPR Info database.

The tables that were looked at (sessions 6 to 13) are in Mac Roman with a carriage return at the end of each line, and
hold all countries. Subjects are joined by a comma without a blank after it, so that a comma inside a subject stays.
"""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from torogoz.exchange.readers.rows import Line, lines_of, none_of, text_of

COLUMNS: Final = ("To", "Text", "From", "Response", "Action", "Issue", "Session")
ANSWERS: Final = {"accepted": "accepted", "noted": "noted"}
BETWEEN_SUBJECTS: Final = re.compile(r",(?=\S)")
ACTIONS: Final = range(1, 6)
LONGEST_TEXT: Final = 4000


@dataclass(frozen=True)
class Recommended:
    """One recommendation as the table gives it, and the line it came from."""

    line: int
    text: str
    made_by: str
    answer: str
    action: int
    issues: tuple[str, ...]
    session: int

    @property
    def code(self) -> str:
        """A code that is the same whenever the same recommendation is read again: of its session, maker and words."""
        said = f"{self.session}\n{self.made_by}\n{self.text}"
        return f"{self.session}-{hashlib.sha256(said.encode()).hexdigest()[:10]}"


def read_recommendations(content: bytes, country: str) -> list[Recommended]:
    """The recommendations to a country, by the name that the table gives it; each once, in the order of the file.

    raises  RowRefused for the first row of that country that cannot be kept, and for a table without any of it
    """
    lines = list(lines_of(text_of(content, otherwise="mac_roman"), COLUMNS))
    own = [_recommended(line) for line in lines if line.cells["To"].strip() == country]
    if not own:
        raise none_of(country, Counter(line.cells["To"].strip() for line in lines), "To")
    return list({each.code: each for each in own}.values())


def _recommended(line: Line) -> Recommended:
    cells = {name: cell.strip() for name, cell in line.cells.items()}
    if not cells["Text"]:
        raise line.refuse("Text", "la recomendación no tiene texto", "the recommendation has no text")
    if len(cells["Text"]) > LONGEST_TEXT:
        raise line.refuse("Text", "el texto es demasiado largo", "the text is too long")
    if not cells["From"] or len(cells["From"]) > 120:
        raise line.refuse("From", "falta quién la hizo, o es demasiado largo", "who made it is missing or too long")
    answer = ANSWERS.get(cells["Response"].casefold())
    if answer is None:
        raise line.refuse(
            "Response",
            f"«{cells['Response'][:40]}» no es Accepted ni Noted",
            f"“{cells['Response'][:40]}” is neither Accepted nor Noted",
        )
    return Recommended(
        line.number,
        cells["Text"],
        cells["From"],
        answer,
        _number(line, "Action", ACTIONS),
        tuple(issue.strip() for issue in BETWEEN_SUBJECTS.split(cells["Issue"]) if issue.strip()),
        _number(line, "Session", range(1, 1000)),
    )


def _number(line: Line, column: str, within: range) -> int:
    text = line.cells[column].strip()
    if not re.fullmatch(r"[0-9]{1,4}", text) or int(text) not in within:
        low, high = within[0], within[-1]
        raise line.refuse(
            column,
            f"«{text[:20]}» no es un número de {low} a {high}",
            f"“{text[:20]}” is not a number from {low} to {high}",
        )
    return int(text)
