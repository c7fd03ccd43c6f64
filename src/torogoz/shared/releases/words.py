"""What each column of a release means, in both languages: the data dictionary."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

# Code list, meaning in Spanish, meaning in English.
MEANINGS: Mapping[str, tuple[str, str, str]] = {
    "RECORD": ("", "clave al azar, distinta en cada publicación", "random key, another in every release"),
    "FREQ": ("FREQ", "A: cifra de un año; M: cifra de un mes", "A: figure of a year; M: figure of a month"),
    "TIME_PERIOD": (
        "",
        "mes (2026-09) o año (2026) de la llegada, del cruce o del hecho",
        "month (2026-09) or year (2026) of the arrival, crossing or event",
    ),
    "SEX": ("SEX", "sexo", "sex"),
    "AGE": (
        "AGE",
        "edad en grupos, o menor y mayor de 18",
        "age in bands, or under and from 18",
    ),
    "AGE_GROUP": ("AGE", "menor o mayor de 18 años", "under or from 18 years"),
    "AGE_DETAIL": (
        "AGE",
        "edad en grupos de cinco años, el de 15 a 19 partido en menores y mayores de 18",
        "age in five-year bands, that of 15 to 19 split at 18",
    ),
    "N": (
        "",
        "retornos de la base con ruido: registros inventados que se ajustan a lo medido, no personas",
        "returns of the base with noise: made-up records fitted to what was measured, not persons",
    ),
    "NATIONALITY": ("AREA", "nacionalidad", "nationality"),
    "DIRECTION": ("DIRECTION", "entrada o salida", "entry or exit"),
    "INDICATOR": ("INDICATOR", "qué se cuenta", "what is counted"),
    "CITIZENSHIP": ("AREA", "país de nacionalidad", "country of citizenship"),
    "BIRTH_AREA": ("AREA", "país de nacimiento", "country of birth"),
    "COUNTERPART_AREA": (
        "AREA",
        "país desde el que se retorna; en los cruces, de procedencia o destino",
        "country returned from; of crossings, the one come from or gone to",
    ),
    "MODE": ("MODE", "por aire, por tierra o por mar", "by air, by land or by sea"),
    "ACCOMPANIED": ("ANSWER", "si llegó con alguien de su familia", "whether the person came with family"),
    "ORIGIN": ("DEPARTMENT", "departamento de origen", "department of origin"),
    "REF_AREA": (
        "DEPARTMENT",
        "departamento de destino, o lugar del hecho; SLV es todo el país",
        "department of destination, or place of the event; SLV is the whole country",
    ),
    "DEPARTMENT": ("DEPARTMENT", "departamento del hecho", "department of the event"),
    "MUNICIPALITY": ("", "municipio de 2024 en que ocurrió", "municipality of 2024 where it happened"),
    "CRIME": ("CRIME", "delito", "crime"),
    "REPORTED_BY": ("CRIME_SOURCE", "institución que lo cuenta", "institution that counts it"),
    "REASON": ("REASON", "motivo por el que migró", "reason for having migrated"),
    "OBS_VALUE": (
        "",
        "retornos, cruces, personas o víctimas; vacío si está protegido, y cero si no hubo",
        "returns, crossings, persons or victims; empty if protected, and zero if there were none",
    ),
    "OBS_STATUS": (
        "OBS_STATUS",
        "A: definitivo; P: el período no ha terminado o aún se revisa; E: estimado",
        "A: final; P: the period is not over or is still revised; E: estimated",
    ),
    "STD_ERROR": ("", "error estándar de una estimación, en personas", "standard error of an estimate, in persons"),
    "CONF_STATUS": (
        "CONF_STATUS",
        "F: se publica; C: protegido, porque cuenta pocas personas o porque delataría otra celda",
        "F: shown; C: protected, because it counts few persons or because it would give another cell away",
    ),
}


def meaning(column: str, language: str) -> str:
    """What a column means, in Spanish or English."""
    _, spanish, english = MEANINGS[column]
    return english if language.startswith("en") else spanish


def write_dictionary(path: Path, columns: Mapping[str, Sequence[tuple[str, str]]]) -> None:
    """Write the data dictionary: one line per file and column (name, type), with its code list and meaning."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["file", "column", "type", "codelist", "meaning_es", "meaning_en"])
        for name, described in columns.items():
            for column, kind in described:
                writer.writerow([name, column, kind, *MEANINGS[column]])
