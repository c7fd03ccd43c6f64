"""What the concepts and code lists of the SDMX service are called, in both languages."""

from typing import Final

from torogoz.exchange.writers.publication import Words

CONCEPTS: Final[dict[str, Words]] = {
    "AGE": Words("Edad", "Age"),
    "APPLICATION_TYPE": Words("Tipo de solicitud", "Type of application"),
    "BREAKDOWN": Words("Desglose", "Breakdown"),
    "CAUSE": Words("Causa", "Cause"),
    "CONF_STATUS": Words("Confidencialidad", "Confidentiality status"),
    "COUNTERPART_AREA": Words("Área de contraparte", "Counterpart area"),
    "CRIME": Words("Delito", "Crime"),
    "CRIMINAL_STATUS": Words("Antecedentes penales", "Criminal record"),
    "DATASET": Words("Conjunto de datos de quien publica", "Data set of the publisher"),
    "DECISION_LEVEL": Words("Instancia", "Level of decision"),
    "EDITION": Words("Edición en que apareció la cifra", "Edition in which the figure appeared"),
    "FREQ": Words("Frecuencia", "Frequency"),
    "INDICATOR": Words("Indicador", "Indicator"),
    "LOCATION": Words("Lugar", "Location"),
    "METHOD": Words("Método", "Method"),
    "MODE": Words("Vía de retorno", "Route of return"),
    "NOTE_EN": Words("Nota en inglés", "Note in English"),
    "NOTE_ES": Words("Nota en español", "Note in Spanish"),
    "OBS_STATUS": Words("Estado de la observación", "Observation status"),
    "OBS_UNKNOWN": Words("Observaciones sin cifra que la suma omite", "Observations without a figure that a sum omits"),
    "OBS_VALUE": Words("Cifra", "Observation value"),
    "ORIGIN": Words("Origen", "Origin"),
    "PROCEDURE": Words("Procedimiento", "Procedure"),
    "REASON": Words("Motivo de la migración", "Reason for migrating"),
    "REF_AREA": Words("Área de referencia", "Reference area"),
    "REGION_SCHEME": Words("Esquema de regiones", "Region scheme"),
    "RELIABILITY": Words("Fiabilidad", "Reliability"),
    "REPORTED_BY": Words("Institución que lo cuenta", "Institution that counts it"),
    "ROUTE": Words("Ruta", "Route"),
    "RUN_ID": Words("Cálculo que la registró", "Run that recorded it"),
    "SERIES": Words("Serie", "Series"),
    "SEX": Words("Sexo", "Sex"),
    "SOURCE": Words("Fuente", "Source"),
    "SOURCE_DATE": Words("Fecha de la fuente", "Date of the source"),
    "TIME_PERIOD": Words("Período", "Time period"),
    "UNIT": Words("Unidad", "Unit"),
    "UNIT_MEASURE": Words("Unidad de medida", "Unit of measure"),
    "VALID_FROM": Words("Vale desde", "Valid from"),
    "VALID_TO": Words("Valió hasta", "Valid to"),
}  # fmt: skip

FREQUENCIES: Final[dict[str, Words]] = {
    "A": Words("Anual", "Annual"),
    "S": Words("Semestral", "Half-yearly"),
    "Q": Words("Trimestral", "Quarterly"),
    "M": Words("Mensual", "Monthly"),
    "D": Words("Diaria", "Daily"),
}

LISTS: Final[dict[str, Words]] = {
    "CL_AREA": Words("Países y áreas", "Countries and areas"),
    "CL_PLACE": Words("Lugares de El Salvador", "Places of El Salvador"),
    "CL_DEPARTMENT": Words("Departamentos de El Salvador", "Departments of El Salvador"),
}

CODES: Final[dict[str, dict[str, Words]]] = {
    "UNIT": {"P": Words("Personas", "Persons"), "C": Words("Casos", "Cases")},
    "CRIMINAL_STATUS": {
        "CRIMINAL": Words("Con antecedentes", "With a record"),
        "NON_CRIMINAL": Words("Sin antecedentes", "Without a record"),
    },
}
TOTAL: Final = Words("Total", "Total")
UNKNOWN: Final = Words("Se desconoce", "Unknown")
EVERY_DEPARTMENT: Final = Words("Todos los departamentos", "All departments")


def concept(name: str) -> Words:
    """What a concept is called; its own name where nobody gave it another."""
    return CONCEPTS.get(name) or Words(name, name)
