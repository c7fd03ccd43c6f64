"""The data dictionary: every column of the table, and every code that stands in it, in both languages."""

import polars as pl

from torogoz.exchange.writers import csv_text
from torogoz.exchange.writers.publication import Column, Publication, Words

OBS_STATUS = {
    "A": Words("cifra normal", "normal value"),
    "B": Words("ruptura de la serie", "break in the series"),
    "E": Words("estimada", "estimated"),
    "M": Words("no disponible: nadie la publicó", "not available: nobody published it"),
    "P": Words("provisional", "provisional"),
    "Z": Words("no puede existir por definición", "cannot exist by definition"),
}
CONF_STATUS = {
    "F": Words("libre", "free"),
    "C": Words(
        "oculta: son tan pocas personas que alguien podría ser reconocido, o serviría para calcular otra oculta",
        "suppressed: so few people that someone might be recognised, or it would give another suppressed one away",
    ),
    "D": Words(
        "oculta: para que no se deduzca por resta otra cifra oculta",
        "suppressed: so that another suppressed figure cannot be worked out by subtraction",
    ),
}


def standard_columns(unit: Words) -> dict[str, Column]:
    """The columns that every published table has besides its dimensions, by name."""
    every = (
        Column("DATAFLOW", Words("Flujo de datos", "Dataflow"), Words("qué tabla es", "which table this is"), {}),
        Column(
            "TIME_PERIOD",
            Words("Período", "Period"),
            Words("año 2024, mes 2024-05 o trimestre 2024-Q2", "year 2024, month 2024-05 or quarter 2024-Q2"),
            {},
        ),
        Column(
            "OBS_VALUE",
            Words("Cifra", "Value"),
            Words(
                f"{unit.es}. Vacía no es cero: vea OBS_STATUS y CONF_STATUS",
                f"{unit.en}. Empty is not zero: see OBS_STATUS and CONF_STATUS",
            ),
            {},
        ),
        Column(
            "OBS_STATUS",
            Words("Estado de la cifra", "Status of the value"),
            Words("si se conoce, se estima o falta", "whether it is known, estimated or missing"),
            OBS_STATUS,
        ),
        Column(
            "CONF_STATUS",
            Words("Confidencialidad", "Confidentiality"),
            Words("si la cifra se publica u oculta", "whether the value is published or suppressed"),
            CONF_STATUS,
        ),
        Column("UNIT_MEASURE", Words("Unidad", "Unit"), Words("en qué se mide", "what it is measured in"), {}),
        Column(
            "NOTE",
            Words("Nota", "Note"),
            Words("advertencia sobre la cifra, si la hay", "a warning about the value, if any"),
            {},
        ),
    )
    return {column.name: column for column in every}


def frame(about: Publication, used: dict[str, set[str]] | None = None) -> pl.DataFrame:
    """The dictionary as a table: a line per column (CODE empty), then a line per code of it.

    used  per column, the codes that stand in the table: a list of the world's countries is cut to these;
          None keeps every code
    """
    rows: list[tuple[str, str, str, str, str, str]] = []
    for column in about.columns:
        title, says = column.title, column.description
        rows.append((column.name, "", title.es, title.en, says.es, says.en))
        kept = column.codes if used is None or column.name not in used else used[column.name]
        rows += [
            (column.name, code, words.es, words.en, "", "") for code, words in column.codes.items() if code in kept
        ]
    names = ("COLUMN", "CODE", "NAME_ES", "NAME_EN", "DESCRIPTION_ES", "DESCRIPTION_EN")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def text(about: Publication, used: dict[str, set[str]] | None = None) -> bytes:
    """The dictionary as a CSV file."""
    return b"".join(csv_text.pieces(frame(about, used)))
