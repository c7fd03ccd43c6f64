"""What an institution asks to have drawn from a register of its own: TABLES.yaml, and the rows of the file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import polars as pl
import yaml

from torogoz.exchange.readers.contract import Unreadable
from torogoz.exchange.readers.tables import Sheet, Table, open_file, plain
from torogoz.statistics.disclosure.private.design import Columns, Design, NotInDesign, bounded
from torogoz.statistics.disclosure.private.ledger import Budget

KEYS: Final = ("dataset", "person", "rows_of_one", "least_shown", "budget", "delta", "columns", "tables", "impossible")
COLUMN_KEYS: Final = ("codes", "blank", "total", "geography")
PLACES: Final = ("country", "department")
FINER: Final = ("municip", "canton", "cantón", "district", "distrito", "settlement", "address", "colonia", "barrio")
LEAST: Final = 10
MOST_CELLS: Final = 2_000_000


@dataclass(frozen=True)
class Request:
    """What TABLES.yaml asks for.

    person  the column that says whose row it is; "" if each row is one person
    blank   the code that an empty cell of a column stands for
    """

    design: Design
    person: str
    blank: Mapping[str, str]
    budget: Budget
    delta: Fraction | None


def request_of(path: Path) -> Request:
    """Read TABLES.yaml. Raises Unreadable, saying which line of it cannot be and what to write instead."""
    try:
        asked = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as refused:
        raise Unreadable(f"{path.name} cannot be opened: {refused.strerror}") from refused
    except (yaml.YAMLError, UnicodeDecodeError) as mistake:
        raise Unreadable(f"{path.name} is not YAML: {' '.join(str(mistake).split())}") from mistake
    if not isinstance(asked, dict):
        raise Unreadable(f"{path.name} must have the keys {', '.join(KEYS)}")
    _only(asked, KEYS, path.name)
    columns = _mapping(asked, "columns", path.name)
    described = {str(name): _column(str(name), each, path.name) for name, each in columns.items()}
    try:
        design = Design(
            dataset=_text(asked.get("dataset"), "dataset", path.name),
            codes={name: each["codes"] for name, each in described.items()},
            tables=_tables(asked.get("tables"), path.name),
            rows_of_one=_whole(asked.get("rows_of_one", 1), "rows_of_one", path.name, least=1),
            least_shown=_whole(asked.get("least_shown", LEAST), "least_shown", path.name, least=LEAST),
            impossible=_impossible(asked.get("impossible") or [], path.name),
            totals={name: each["total"] for name, each in described.items()},
        )
    except NotInDesign as mistake:
        raise Unreadable(f"{path.name}: {mistake}") from mistake
    cells = sum(int(design.possible(columns).size) for columns in design.measured())
    if cells > MOST_CELLS:
        raise Unreadable(f"{path.name} asks for {cells:,} cells; {MOST_CELLS:,} is the most. Ask for smaller tables")
    person = str(asked.get("person") or "")
    if design.rows_of_one > 1 and not person:
        raise Unreadable(
            f"{path.name}: rows_of_one is above 1, so `person` must name the column that says whose row it is"
        )
    budget = _mapping(asked, "budget", path.name)
    _only(budget, ("epsilon", "delta"), f"{path.name}, budget")
    delta = None if asked.get("delta") is None else number(asked["delta"], f"{path.name}: delta")
    if delta is not None and delta >= 1:
        raise Unreadable(
            f"{path.name}: δ must lie between zero and one, and far nearer to zero, and is {asked['delta']}"
        )
    return Request(
        design,
        person,
        {name: each["blank"] for name, each in described.items() if each["blank"]},
        Budget(
            number(budget.get("epsilon"), f"{path.name}: budget.epsilon"),
            Fraction(0) if budget.get("delta") is None else number(budget["delta"], f"{path.name}: budget.delta"),
        ),
        delta,
    )


def rows_of(path: Path, request: Request) -> pl.DataFrame:
    """The rows of a file that the tables are counted over: the columns of the design alone, each person bounded.

    returns  columns of `request.design.columns` (str); no other column of the file is read any further
    raises   Unreadable if a column is missing, or a cell is empty that has no code for blank
    """
    opened: Table | Sheet = open_file(path)[0]
    table = opened.table(0) if isinstance(opened, Sheet) else opened
    if table.ragged:
        raise Unreadable(f"row {table.ragged[0][0]} of {path.name} has more or fewer fields than the header; mend it")
    wanted = [*request.design.columns, *([request.person] if request.person else [])]
    missing = [name for name in wanted if plain(name) not in table.names]
    if missing:
        raise Unreadable(f"{path.name} has no column {', '.join(missing)}; it has {', '.join(table.header)}")
    frame = table.frame.select(
        *(
            pl.col(plain(name)).fill_null(pl.lit(request.blank.get(name), dtype=pl.String)).alias(name)
            for name in request.design.columns
        ),
        *([pl.col(plain(request.person)).alias("\0person")] if request.person else []),
    )
    for name in request.design.columns:
        empty = frame[name].null_count()
        if empty:
            raise Unreadable(f"{empty} cells of {name} are empty; say with `blank: CODE` what an empty cell stands for")
    return bounded(frame, "\0person", request.design.rows_of_one) if request.person else frame


def number(written: object, what: str) -> Fraction:
    """A number above zero as an exact fraction: "4", 0.5, 1e-6, "1/3". Raises Unreadable."""
    try:
        value = Fraction(str(written))
    except (ValueError, ZeroDivisionError) as mistake:
        raise Unreadable(f"{what} must be a number above zero, and is {written!r}") from mistake
    if value <= 0:
        raise Unreadable(f"{what} must be a number above zero, and is {written!r}")
    return value


def _column(name: str, described: object, file: str) -> dict[str, Any]:
    """The codes, blank and total of a column; a place finer than a department is refused."""
    if not isinstance(described, dict):
        raise Unreadable(f"{file}: column {name} must have `codes`")
    _only(described, COLUMN_KEYS, f"{file}, column {name}")
    codes = _codes(described.get("codes"), f"{file}, column {name}")
    place = described.get("geography", "")
    if place and place not in PLACES:
        raise Unreadable(f"{file}: the geography of {name} is {place}; nothing finer than a department is published")
    if any(word in name.lower() for word in FINER):
        raise Unreadable(f"{file}: {name} looks finer than a department, and nothing finer is published")
    blank = "" if described.get("blank") is None else _text(described["blank"], f"blank of {name}", file)
    if blank and blank not in codes:
        raise Unreadable(f"{file}: blank of {name} is {blank}, which is not among its codes")
    total = _text(described.get("total", "_T"), f"total of {name}", file)
    if total in codes:
        raise Unreadable(f"{file}: {total} is a code of {name} and cannot be its total too")
    return {"codes": codes, "blank": blank, "total": total}


def _codes(written: object, where: str) -> tuple[str, ...]:
    if not isinstance(written, list) or not written:
        raise Unreadable(f"{where}: `codes` must list every code that the column may have, also those nobody has now")
    codes = tuple(_text(code, "a code", where) for code in written)
    if len(set(codes)) != len(codes):
        raise Unreadable(f"{where}: a code is listed twice")
    return codes


def _tables(written: object, file: str) -> tuple[Columns, ...]:
    if not isinstance(written, list) or not all(isinstance(each, list) and each for each in written):
        raise Unreadable(f"{file}: `tables` must be a list of lists of columns, such as [[SEX, AGE], [COUNTRY]]")
    tables = tuple(tuple(map(str, each)) for each in written)
    for table in tables:
        if len(set(table)) != len(table):
            raise Unreadable(f"{file}: the table {', '.join(table)} names a column twice")
    return tables


def _impossible(written: object, file: str) -> tuple[dict[str, str], ...]:
    if not isinstance(written, list) or not all(isinstance(each, dict) and each for each in written):
        raise Unreadable(f"{file}: `impossible` must be a list such as [{{AGE: Y0T8, CIVIL_STATUS: MARRIED}}]")
    return tuple({str(name): _text(code, f"code of {name}", file) for name, code in each.items()} for each in written)


def _mapping(asked: Mapping[str, Any], key: str, file: str) -> dict[str, Any]:
    found = asked.get(key)
    if not isinstance(found, dict) or not found:
        raise Unreadable(f"{file}: `{key}` is missing")
    return found


def _text(written: object, what: str, where: str) -> str:
    """A text. YAML reads a bare yes, no, on or off as true or false, which no file has: such codes need quotes."""
    if isinstance(written, bool):
        raise Unreadable(f"{where}: {what} is read as {written}; write it in quotes")
    if not isinstance(written, str | int) or str(written) == "":
        raise Unreadable(f"{where}: {what} is missing or no text")
    return str(written)


def _whole(written: object, what: str, file: str, least: int) -> int:
    if isinstance(written, bool) or not isinstance(written, int) or written < least:
        raise Unreadable(f"{file}: {what} must be a whole number of at least {least}, and is {written!r}")
    return written


def _only(asked: Mapping[str, Any], keys: Sequence[str], where: str) -> None:
    strange = [str(key) for key in asked if key not in keys]
    if strange:
        raise Unreadable(f"{where}: {', '.join(strange)} is not known; there are {', '.join(keys)}")
