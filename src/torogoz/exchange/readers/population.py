"""How many people live where in El Salvador: the summary of the 2024 census by department, and a layout of our own."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

import polars as pl

from torogoz.exchange.readers.cells import Aside, is_year, kept, long, numbers, observations
from torogoz.exchange.readers.contract import Reading
from torogoz.exchange.readers.crime import MADE_UP, MADE_UP_LICENCE
from torogoz.exchange.readers.layouts import Layout, columns
from torogoz.exchange.readers.tables import ROW, Table
from torogoz.exchange.readers.territory import department, place

DATAFLOW: Final = "POPULATION"
CENSUS_YEAR: Final = "2024"
_CELLS: Final = (
    ("poblacion total", {"SEX": "_T"}),
    ("poblacion hombres", {"SEX": "M"}),
    ("poblacion mujeres", {"SEX": "F"}),
)
_YES: Final = ("1", "y", "yes", "si", "true")


def read_census(table: Table) -> Sequence[Reading]:
    """Persons counted in 2024, by department and sex, as a summary of the census microdata gives them."""
    aside = Aside()
    frame = kept(
        table.frame, "depto name", lambda name: department(name) not in (None, "_U"), aside, "not a department"
    )
    frame = numbers(frame, [name for name, _ in _CELLS], aside).with_columns(
        pl.col("depto name").map_elements(lambda name: department(name), return_dtype=pl.String).alias("REF_AREA"),
        pl.lit(CENSUS_YEAR).alias("TIME_PERIOD"),
    )
    whole = long(frame, ("REF_AREA", "TIME_PERIOD", ROW), _CELLS)
    note = "a summary of the microdata; its total differs from the published count of the census"
    return [
        _reading(
            "BCR/ONEC, census of 2024",
            "slv-census-2024",
            CENSUS.key,
            "not stated by the publisher",
            table,
            whole,
            aside,
            (note,),
        )
    ]


def read_own(table: Table) -> Sequence[Reading]:
    """Persons by place (code) and year, in the layout of Torogoz; made-up figures are a data set of their own."""
    aside = Aside()
    frame = kept(table.frame, "area", lambda code: place(code) is not None, aside, "not the code of a place")
    frame = kept(frame, "year", is_year, aside, "not a year")
    frame = numbers(frame, ["population"], aside).with_columns(
        pl.col("area").str.strip_chars().str.to_uppercase().alias("REF_AREA"), pl.col("year").alias("TIME_PERIOD")
    )
    mark = (
        pl.col("made up").fill_null("").str.to_lowercase().is_in(list(_YES))
        if "made up" in frame.columns
        else pl.lit(False)
    )
    readings = []
    for made_up in (False, True):
        part = frame.filter(mark == made_up)
        if part.height:
            whole = long(part, ("REF_AREA", "TIME_PERIOD", ROW), [("population", {"SEX": "_T"})])
            publisher = "Made up for the demonstration" if made_up else "Population file"
            dataset = f"{MADE_UP if made_up else ''}population"
            licence = MADE_UP_LICENCE if made_up else "not stated"
            readings.append(_reading(publisher, dataset, OWN.key, licence, table, whole, aside))
            aside = Aside()
    return readings


def _reading(
    publisher: str,
    dataset: str,
    layout: str,
    licence: str,
    table: Table,
    whole: pl.DataFrame,
    aside: Aside,
    notes: tuple[str, ...] = (),
) -> Reading:
    aside.ragged(table)
    return Reading(
        publisher=publisher,
        dataset=dataset,
        dataflow=DATAFLOW,
        layout=layout,
        vintage=CENSUS_YEAR if layout == CENSUS.key else None,
        licence=licence,
        observations=observations(DATAFLOW, whole),
        set_aside=aside.frame(),
        rows_read=table.frame.height + len(table.ragged),
        notes=notes,
    )


CENSUS: Final = Layout(
    "slv-census-2024-summary",
    columns("depto_name", "poblacion_total", "poblacion_hombres", "poblacion_mujeres"),
    read_census,
    family=lambda name: True,
)
OWN: Final = Layout(
    "torogoz-population",
    columns("area", "year", "population"),
    read_own,
    columns("made up"),
    MappingProxyType(
        {"made_up": "made up", "inventado": "made up", "codigo": "area", "anio": "year", "poblacion": "population"}
    ),
)
LAYOUTS: Final = (CENSUS, OWN)
