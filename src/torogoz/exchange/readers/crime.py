"""Crimes and their victims as police, prosecution and forensic institutions count them: our own layout of CSV.

One row is one victim, or (with a column of counts) so many victims. The file is counted here, by month, municipality
of 2024, sex and age group: neither an event's number, nor a name, nor a day, nor the row that a figure came from is
kept, whatever else the file holds. What cannot be counted is set aside by its line and reason, never as a whole row.

Each institution and each crime is a data set of its own. Institutions count the same deaths at different moments and
by different rules; they are never added to each other.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final

import polars as pl

from torogoz.domain.letters import fold
from torogoz.exchange.readers.cells import Aside, kept, numbers, observations
from torogoz.exchange.readers.contract import SET_ASIDE, Reading
from torogoz.exchange.readers.days import order_of, parse_day
from torogoz.exchange.readers.layouts import Layout, columns
from torogoz.exchange.readers.tables import ROW, Table
from torogoz.exchange.readers.territory import UNKNOWN, department, municipality

DATAFLOW: Final = "CRIME"
LICENCE: Final = "not stated by the institution"
MADE_UP_LICENCE: Final = "made up for the demonstration"
MADE_UP: Final = "made-up-"
INSTITUTIONS: Final = MappingProxyType(
    {
        "PNC": "National Civil Police (PNC)",
        "FGR": "Attorney General's Office (FGR)",
        "IML": "Institute of Legal Medicine (IML)",
    }
)
CRIMES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "HOMICIDE": ("homicidio", "homicidios", "homicidio agravado", "homicidio simple"),
        "FEMICIDE": ("feminicidio", "feminicidios", "feminicidio agravado"),
        "DISAPPEARANCE": ("desaparicion", "desaparecido", "persona desaparecida", "desaparicion de personas"),
        "EXTORTION": ("extorsion", "extorsiones", "extorsion agravada"),
        "THREAT": ("amenazas", "amenaza", "amenazas agravadas", "amenazas con agravacion especial"),
        "INJURY": ("lesiones", "lesion"),
        "SEXUAL_VIOLENCE": ("violencia sexual", "violacion", "agresion sexual", "delitos contra la libertad sexual"),
        "KIDNAPPING": ("secuestro", "secuestros", "privacion de libertad"),
        "ROBBERY": ("robo", "robos"),
    }
)
_CRIME: Final = {fold(word): code for code, words in CRIMES.items() for word in (code, *words)}
_SEX: Final = {
    **dict.fromkeys(("f", "mujer", "femenino", "female"), "F"),
    **dict.fromkeys(("m", "hombre", "masculino", "male"), "M"),
    **dict.fromkeys(("_o", "otro", "other"), "_O"),
}
AGES: Final = ("Y0T11", "Y12T17", "Y18T29", "Y30T59", "Y_GE60")
_FROM: Final = (0, 12, 18, 30, 60)
OLDEST: Final = 120
_NOT_KNOWN: Final = frozenset({"", "_u", "desconocido", "desconocida", "ignorado", "no especificado", "n/d", "unknown"})
# What became of a report. Only what happened is counted: an attempted homicide is no homicide.
_HAPPENED: Final = frozenset({"", "completed", "consumado", "confirmado", "confirmed"})
_NOT_COUNTED: Final = frozenset(
    {"attempted", "tentativa", "frustrado", "discarded", "descartado", "duplicate", "duplicado"}
)
_YES: Final = frozenset({"1", "y", "yes", "s", "si", "true"})
_KEYS: Final = ("REF_AREA", "CRIME", "SEX", "AGE", "REPORTED_BY", "TIME_PERIOD")


def age_group(text: str) -> str | None:
    """The age group of an age in completed years, or of its code; `_U` for a blank, None for any other word."""
    word = text.strip()
    if fold(word) in _NOT_KNOWN:
        return UNKNOWN
    if word.upper() in AGES:
        return word.upper()
    if re.fullmatch(r"\d{1,3}(\.0)?", word) and int(float(word)) <= OLDEST:
        return AGES[sum(int(float(word)) >= start for start in _FROM) - 1]
    return None


def read_crimes(table: Table) -> Sequence[Reading]:
    """The victims of each institution and crime, by month, municipality, sex and age group."""
    aside = Aside()
    for row, _ in table.ragged:  # its text could hold a name: only its line is kept
        aside.add_one(row, "", "", "the record does not have the fields of the header; it was not counted")
    frame = _counted(_coded(_dated(_with_every_column(table.frame), aside), aside), aside)
    told = frame.group_by("REPORTED_BY", "CRIME", "MADE_UP").len("READ").sort("REPORTED_BY", "CRIME", "MADE_UP")
    readings = []
    # What stands in a cell that cannot be read may be a name, if the columns of the file are shifted: only where it
    # stands is kept.
    left = aside.frame().with_columns(pl.lit("").alias("value"))
    for institution, crime, made_up, read in told.iter_rows():
        own = frame.filter(pl.col("REPORTED_BY") == institution, pl.col("CRIME") == crime, pl.col("MADE_UP") == made_up)
        readings.append(_reading(own, institution, crime, read, left, made_up=made_up))
        left = pl.DataFrame(schema=SET_ASIDE)
    if not readings:
        # Nothing could be counted: the refusal of an empty reading names the layout, and nothing is stored.
        readings = [_reading(frame, "PNC", "HOMICIDE", table.frame.height, left, made_up=False)]
    return readings


def _with_every_column(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns that are read, and no other; those that the file lacks are blank."""
    wanted = (*sorted(CRIME.needs), *sorted(CRIME.knows))
    return frame.select(
        ROW,
        *(
            (pl.col(name) if name in frame.columns else pl.lit(None, pl.String))
            .fill_null("")
            .str.strip_chars()
            .alias(name)
            for name in wanted
        ),
    )


def _dated(frame: pl.DataFrame, aside: Aside) -> pl.DataFrame:
    """The rows with their month; a file writes the day before the month or after it, as its own days tell."""
    order = order_of((text, None) for text in frame["date"].to_list() if text)

    def month(date_text: str, month_text: str) -> str:
        day: date | None = parse_day(date_text, order) if date_text else None
        if day is not None:
            return f"{day:%Y-%m}"
        return month_text if re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", month_text) else ""

    months = [month(day, own) for day, own in frame.select("date", "month").iter_rows()]
    dated = frame.with_columns(pl.Series("TIME_PERIOD", months, dtype=pl.String))
    reason = "neither a day nor a month (2024-05) that can be read; the row was not counted"
    return _only(dated, pl.col("TIME_PERIOD") != "", aside, "date", reason)


def _coded(frame: pl.DataFrame, aside: Aside) -> pl.DataFrame:
    """The rows with codes for institution, crime, place, sex and age."""
    frame = kept(frame, "institution", lambda word: word.upper() in INSTITUTIONS, aside, "none of PNC, FGR, IML")
    frame = kept(frame, "crime", lambda word: fold(word) in _CRIME, aside, "a crime that the list CRIME does not have")
    frame = kept(frame, "department", lambda word: department(word) is not None, aside, "not a department")
    frame = frame.with_columns(
        pl.col("institution").str.to_uppercase().alias("REPORTED_BY"),
        _mapped("crime", {word: _CRIME[fold(word)] for word in frame["crime"].unique()}).alias("CRIME"),
        _mapped("department", {word: department(word) or UNKNOWN for word in frame["department"].unique()}).alias(
            "DEP"
        ),
        pl.col("made up").str.to_lowercase().is_in(list(_YES)).alias("MADE_UP"),
    )
    frame = frame.with_columns(pl.coalesce(_blank("municipality"), _blank("district"), pl.lit("")).alias("PLACE"))
    places = {(dep, word): municipality(dep, word) for dep, word in frame.select("DEP", "PLACE").unique().iter_rows()}
    found = [places[pair] for pair in frame.select("DEP", "PLACE").iter_rows()]
    frame = frame.with_columns(pl.Series("MUNICIPALITY", found, dtype=pl.String))
    strange = pl.col("MUNICIPALITY").is_null() & ~pl.col("PLACE").str.to_lowercase().is_in(list(_NOT_KNOWN))
    reason = "no municipality or district of its department; the row was counted in the department only"
    aside.add(frame.filter(strange), "municipality", reason, "PLACE")
    frame = frame.with_columns(pl.coalesce("MUNICIPALITY", "DEP").alias("REF_AREA"))
    sexes = {word: _SEX.get(fold(word), UNKNOWN) for word in frame["sex"].unique()}
    odd = [word for word in sexes if fold(word) not in _SEX and fold(word) not in _NOT_KNOWN]
    aside.add(
        frame.filter(pl.col("sex").is_in(odd)), "sex", "a sex that cannot be read; the row was counted as unknown"
    )
    ages = {word: age_group(word) for word in frame["age"].unique()}
    odd = [word for word, code in ages.items() if code is None]
    aside.add(
        frame.filter(pl.col("age").is_in(odd)), "age", "an age that cannot be read; the row was counted as unknown"
    )
    return frame.with_columns(
        _mapped("sex", sexes).alias("SEX"),
        _mapped("age", {word: code or UNKNOWN for word, code in ages.items()}).alias("AGE"),
    )


def _counted(frame: pl.DataFrame, aside: Aside) -> pl.DataFrame:
    """The rows that count, with COUNT: what happened, once."""
    folded = pl.Series([fold(word) for word in frame["status"]], dtype=pl.String)
    frame = frame.with_columns(folded.alias("STATE"))
    reason = "attempted, discarded or repeated, by its status; the row was not counted"
    frame = _only(frame, ~pl.col("STATE").is_in(list(_NOT_COUNTED)), aside, "status", reason)
    reason = "a status that cannot be read; the row was counted"
    aside.add(frame.filter(~pl.col("STATE").is_in([*_HAPPENED, *_NOT_KNOWN])), "status", reason)
    same = ["institution", "CRIME", "event id", "victim", "REF_AREA", "SEX", "age", "date", "month", "count"]
    repeated = (pl.col("event id") != "") & ~pl.struct(same).is_first_distinct()
    reason = "the same event and victim stand in an earlier row; the row was not counted again"
    aside.add(frame.filter(repeated), "event id", reason)
    frame = frame.filter(~repeated)
    written = frame.with_columns(
        pl.when(pl.col("count") == "").then(pl.lit("1")).otherwise(pl.col("count")).alias("count")
    )
    counted = numbers(written, ["count"], aside)
    whole = pl.col("count").is_not_null() & (pl.col("count") == pl.col("count").floor())
    return counted.filter(whole.fill_null(value=False)).with_columns(pl.col("count").alias("COUNT"))


def _reading(
    frame: pl.DataFrame, institution: str, crime: str, read: int, aside: pl.DataFrame, *, made_up: bool
) -> Reading:
    cells = frame.group_by(_KEYS).agg(pl.col("COUNT").sum().alias("OBS_VALUE")).sort(_KEYS)
    whole = cells.with_columns(pl.lit("A").alias("OBS_STATUS"), pl.lit(None, pl.Int64).alias(ROW))
    name = INSTITUTIONS[institution]
    return Reading(
        publisher=f"Made up for the demonstration, as if of: {name}" if made_up else name,
        dataset=f"{MADE_UP if made_up else ''}crime-{institution.lower()}-{crime.lower().replace('_', '-')}",
        dataflow=DATAFLOW,
        layout=CRIME.key,
        vintage=None,
        licence=MADE_UP_LICENCE if made_up else LICENCE,
        observations=observations(DATAFLOW, whole),
        set_aside=aside,
        rows_read=read,
        notes=("counted by month, municipality, sex and age group; no row of the file is kept",),
    )


def _only(frame: pl.DataFrame, good: pl.Expr, aside: Aside, column: str, reason: str) -> pl.DataFrame:
    aside.add(frame.filter(~good), column, reason)
    return frame.filter(good)


def _mapped(column: str, codes: Mapping[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(dict(codes), return_dtype=pl.String) if codes else pl.col(column)


def _blank(column: str) -> pl.Expr:
    return pl.when(pl.col(column) != "").then(pl.col(column))


def _others() -> Iterator[tuple[str, str]]:
    """The Spanish names of the columns, and those with an underscore."""
    yield from (
        ("institucion", "institution"),
        ("delito", "crime"),
        ("fecha", "date"),
        ("mes", "month"),
        ("departamento", "department"),
        ("municipio", "municipality"),
        ("distrito", "district"),
        ("sexo", "sex"),
        ("edad", "age"),
        ("estado", "status"),
        ("conteo", "count"),
        ("id evento", "event id"),
        ("id_evento", "event id"),
        ("event_id", "event id"),
        ("victima", "victim"),
        ("inventado", "made up"),
        ("made_up", "made up"),
    )


CRIME: Final = Layout(
    "torogoz-crime",
    columns("institution", "crime", "department"),
    read_crimes,
    columns(
        "date", "month", "municipality", "district", "sex", "age", "status", "count", "event id", "victim", "made up"
    ),
    MappingProxyType(dict(_others())),
    claims=lambda table: bool({"date", "month"} & set(table.names)),
)
LAYOUTS: Final = (CRIME,)
