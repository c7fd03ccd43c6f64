"""A question to the data in words: `REF_AREA=USA,CAN TIME_PERIOD=2020`, its answer, and a hint when there is none."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import polars as pl

from torogoz.shared.codelists.queries import names
from torogoz.shared.sources.queries import observations
from torogoz.statistics.dataflows import Dataflow, Role, UnclearQuestion, UnknownCode, dataflow, select
from torogoz.statistics.private_releases import RELEASED

REPORTER, PARTNER = "REF_AREA", "COUNTERPART_AREA"


class NothingImported(Exception):
    """The dataflow exists, but no file that feeds it was imported."""


def where_of(words: Sequence[str]) -> dict[str, list[str]]:
    """The codes per dimension in words such as `REF_AREA=USA,CAN,SEX=F`; repetition adds. Raises UnclearQuestion."""
    where: dict[str, list[str]] = {}
    for word in words:
        name = ""
        for part in filter(None, (piece.strip() for piece in word.split(","))):
            before, equals, code = part.partition("=")
            if equals:
                name, part = before.strip().upper(), code.strip()
            if not name or not part:
                raise UnclearQuestion(f"cannot read {word!r}; write DIMENSION=CODE, for example REF_AREA=USA,CAN,SEX=F")
            codes = where.setdefault(name, [])
            if part not in codes:
                codes.append(part)
    return where


def by_of(words: Sequence[str]) -> list[str]:
    """The dimensions in words such as `SEX,TIME_PERIOD`."""
    return [name.strip().upper() for word in words for name in word.split(",") if name.strip()]


def answer(
    name: str,
    where: Mapping[str, Sequence[str]],
    by: Sequence[str] | None,
    as_of: datetime | None = None,
    vintage: str = "",
) -> tuple[pl.DataFrame, str]:
    """The answer to a question (as `statistics.dataflows.select` gives it), and a hint if it is empty.

    raises   UnclearQuestion, UnclearPeriod, NoSuchVintage, NothingImported, VintageDamaged
    """
    flow = dataflow(name)
    for dimension in (*where, *(by or ())):
        flow.dimension(dimension)
    data = observations(name, as_of, vintage)
    if data.head(1).collect().is_empty():
        raise NothingImported(
            f"nothing of {name} is published yet: `torogoz release CODE` makes a release"
            if name in RELEASED
            else f"no data of {name} is in use: import a file that feeds it with `torogoz import FILE`; "
            "`torogoz sources` lists what there is"
        )
    known = {each.id: set(names(each.codelist, "en")) for each in flow.dimensions if each.codelist}
    found = select(data, flow, where, by, known)
    return found, "" if found.height else _hint(data, flow, where, by, known)


def _hint(
    data: pl.LazyFrame,
    flow: Dataflow,
    where: Mapping[str, Sequence[str]],
    by: Sequence[str] | None,
    known: Mapping[str, set[str]],
) -> str:
    """What to change in a question that nothing answers."""
    if by is not None and _rows(data, flow, where, known):
        silent = [
            each.id
            for each in flow.dimensions
            if each.role is Role.TOTAL and each.id not in where and each.id not in by
        ]
        return f"these data have no total over {', '.join(silent)}; name its codes in --where or add it to --by"
    swap = {REPORTER: PARTNER, PARTNER: REPORTER}
    if any(name in swap for name in where) and set(swap) <= set(flow.names):
        turned = {swap.get(name, name): codes for name, codes in where.items()}
        if _rows(data, flow, turned, known):
            here, there = flow.dimension(REPORTER), flow.dimension(PARTNER)
            return (
                f"with {REPORTER} and {PARTNER} swapped there is an answer: in {flow.id}, {REPORTER} is the "
                f"{here.means_en} and {PARTNER} the {there.means_en}"
            )
    for name in where:
        others = {each: codes for each, codes in where.items() if each != name}
        if _rows(data, flow, others, known):
            near = select(data, flow, others, None, known)[name].unique().sort().to_list()
            shown = ", ".join(near[:8]) + (f" … {near[-1]} ({len(near)} in all)" if len(near) > 8 else "")
            return f"without {name}={','.join(where[name])} there is an answer; {name} could be {shown}"
    return "each of these codes exists, but no observation has them together"


def _rows(data: pl.LazyFrame, flow: Dataflow, where: Mapping[str, Sequence[str]], known: Mapping[str, set[str]]) -> int:
    try:
        return select(data, flow, where, None, known).height
    except UnknownCode:
        return 0
