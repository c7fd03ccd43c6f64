"""Arrivals as cells: what may leave the side of the names, with an age where the dates allow one."""

from collections.abc import Iterable, Mapping

import polars as pl

from torogoz.domain.questions import Answers, Kind, SectionForm
from torogoz.statistics.disclosure.private.design import bounded
from torogoz.statistics.releases import without_persons

UNKNOWN = "_U"
LAST_BAND = 85

CELL_SCHEMA = pl.Schema(
    {
        "TIME_PERIOD": pl.Utf8,
        "SEX": pl.Utf8,
        "age": pl.Int64,
        "AGE": pl.Utf8,
        "COUNTERPART_AREA": pl.Utf8,
        "MODE": pl.Utf8,
        "ACCOMPANIED": pl.Utf8,
        "ORIGIN": pl.Utf8,
        "REF_AREA": pl.Utf8,
        "REASON": pl.Utf8,
        "NATIONALITY": pl.Utf8,
    }
)

ARRIVAL_SCHEMA = pl.Schema(
    {
        "arrived_on": pl.Date,
        "birth_min": pl.Date,
        "birth_max": pl.Date,
        "sex": pl.Utf8,
        "nationality": pl.Utf8,
        "returned_from": pl.Utf8,
        "route": pl.Utf8,
        "accompanied": pl.Utf8,
        "origin": pl.Utf8,
        "destination": pl.Utf8,
        "reason": pl.Utf8,
    }
)


def arrival_cells(arrivals: pl.DataFrame) -> pl.DataFrame:
    """One row per arrival, in the codes of the data cube and without a day, a name or a key.

    arrivals  columns of ARRIVAL_SCHEMA; birth_min and birth_max are the first and last day on which the person can
              have been born, null when unknown; origin and destination are departments, empty when unknown
    returns   columns of CELL_SCHEMA: `age` in completed years on the day of arrival, null unless the bounds agree;
              AGE the five-year band (Y0T4 … Y80T84, Y_GE85), `_U` unless both bounds fall into one
    """
    youngest = _completed_years(pl.col("birth_max"), pl.col("arrived_on"))
    oldest = _completed_years(pl.col("birth_min"), pl.col("arrived_on"))
    agreed = pl.when((youngest == oldest) & (youngest >= 0)).then(youngest)
    band = pl.when((_band(youngest) == _band(oldest)) & (youngest >= 0)).then(_band(youngest))
    return arrivals.select(
        pl.col("arrived_on").dt.strftime("%Y-%m").alias("TIME_PERIOD"),
        _known("sex").alias("SEX"),
        agreed.cast(pl.Int64).alias("age"),
        band.fill_null(UNKNOWN).alias("AGE"),
        _known("returned_from").alias("COUNTERPART_AREA"),
        _known("route").alias("MODE"),
        _known("accompanied").alias("ACCOMPANIED"),
        _known("origin").alias("ORIGIN"),
        _known("destination").alias("REF_AREA"),
        _known("reason").alias("REASON"),
        _known("nationality").alias("NATIONALITY"),
    ).cast(CELL_SCHEMA)


def person_rows(arrivals: pl.DataFrame, children: pl.DataFrame | None = None) -> pl.DataFrame:
    """One row per arrival in the columns of the fact table `returns`, for measures of persons.

    arrivals  columns of ARRIVAL_SCHEMA, `person` (whose arrival it is) and `encounter`
    children  `encounter` and CHILD_STATUS; an arrival that is not there has null, which is unknown
    returns   in the order of `arrivals`: the table's columns and `encounter`. `person` is a number of this frame alone;
              `returns_12_months` counts the person's arrivals in the 365 days that end with this one, this one too
    """
    coded = arrival_cells(arrivals)
    groups = without_persons(coded).select("AGE", "AGE_GROUP")
    one = pl.ones(pl.len(), dtype=pl.Int64)
    earlier = one.rolling_sum_by("arrived_on", window_size="365d").over("person", order_by="arrived_on")
    person = pl.col("person").rank("dense").cast(pl.String)
    status = pl.DataFrame(schema={"encounter": pl.Int64, "CHILD_STATUS": pl.String}) if children is None else children
    with_status = arrivals.select("encounter").join(status, on="encounter", how="left", maintain_order="left")
    return (
        coded.drop("AGE")
        .rename({"age": "age_years"})
        .with_columns(
            groups["AGE"],
            groups["AGE_GROUP"],
            with_status["CHILD_STATUS"],
            *arrivals.select(person.alias("person"), earlier.alias("returns_12_months"), "encounter"),
        )
    )


def section_rows(rows: pl.DataFrame, form: SectionForm, answers: Mapping[int, Answers]) -> pl.DataFrame:
    """One row per section that was written, in the columns of its fact table.

    rows     as `person_rows` gives them
    answers  what was answered, by encounter; a question that is not there was not answered: null, which is unknown
    """
    asked = [question for question in form.questions if question.counted]
    kinds = {question.code: pl.Int64 if question.kind is Kind.NUMBER else pl.String for question in asked}
    given = [
        (encounter, *(_answer(said.get(question.code)) for question in asked)) for encounter, said in answers.items()
    ]
    frame = pl.DataFrame(given, schema={"encounter": pl.Int64, **kinds}, orient="row")
    return rows.join(frame, on="encounter", how="inner").drop("encounter")


def reuse_rows(rows: pl.DataFrame, sections: Iterable[tuple[int, str, str]]) -> pl.DataFrame:
    """One row per section that a later institution wrote, in the columns of the table `section_reuse`.

    rows        as `person_rows` gives them
    sections    encounter, code of the section, and Y when all that it works with was known already, N when not all was
    """
    schema = {"encounter": pl.Int64, "SECTION": pl.String, "ALL_KNOWN": pl.String}
    frame = pl.DataFrame(list(sections), schema=schema, orient="row")
    header = rows.select("encounter", "TIME_PERIOD", "person", "SEX", "AGE_GROUP")
    return header.join(frame, on="encounter", how="inner").drop("encounter")


def _answer(said: object) -> str | int | None:
    """An answer as a fact table holds it: several codes separated by spaces."""
    if isinstance(said, list):
        return " ".join(map(str, said)) or None
    return said if isinstance(said, int) else str(said) if said is not None else None


def child_cells(arrivals: pl.DataFrame) -> pl.DataFrame:
    """One row per child and year of return: persons under 18 on the day of arrival, each once a year.

    arrivals  columns of ARRIVAL_SCHEMA and `person`: whose arrival it is (null is nobody else)
    returns   TIME_PERIOD (the year), SEX, AGE (Y0T11, Y12T17, `_U`), ACCOMPANIED, REF_AREA (str). The first arrival of
              the year speaks for the child. Who may have been 18 already is left out. Whose arrival it is does not
              leave.
    """
    first = arrivals.sort("arrived_on", maintain_order=True)
    cells = arrival_cells(first.drop("person")).with_columns(
        first["person"], pl.col("TIME_PERIOD").str.head(4), UPPER=first.select(_oldest())["oldest"]
    )
    younger = pl.col("AGE").is_in(["Y0T4", "Y5T9"]) | (pl.col("age") < 12)
    group = pl.when(younger).then(pl.lit("Y0T11")).when(pl.col("age") >= 12).then(pl.lit("Y12T17"))
    children = cells.filter(pl.col("UPPER").is_between(0, 17)).with_columns(AGE=group.otherwise(pl.lit(UNKNOWN)))
    once = bounded(children, "person", 1, within=["TIME_PERIOD"])
    return once.select("TIME_PERIOD", "SEX", "AGE", "ACCOMPANIED", "REF_AREA")


def _oldest() -> pl.Expr:
    """The most completed years that the person can have had on the day; null when the date of birth is unknown."""
    return _completed_years(pl.col("birth_min"), pl.col("arrived_on")).alias("oldest")


def _known(column: str) -> pl.Expr:
    """The code, or unknown where none was given."""
    return pl.when(pl.col(column).fill_null("") == "").then(pl.lit(UNKNOWN)).otherwise(pl.col(column))


def _completed_years(birth: pl.Expr, on: pl.Expr) -> pl.Expr:
    """Completed years between two days; who was born on 29 February turns a year older on 1 March."""
    before_birthday = (on.dt.month() < birth.dt.month()) | (
        (on.dt.month() == birth.dt.month()) & (on.dt.day() < birth.dt.day())
    )
    return on.dt.year() - birth.dt.year() - before_birthday.cast(pl.Int32)


def _band(age: pl.Expr) -> pl.Expr:
    """The code of the five-year band of an age."""
    lower = (age // 5) * 5
    bounded = pl.format("Y{}T{}", lower, lower + 4)
    return pl.when(age >= LAST_BAND).then(pl.lit(f"Y_GE{LAST_BAND}")).otherwise(bounded)
