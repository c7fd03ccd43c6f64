"""The words of the public tables that no code list holds, in both languages."""

from typing import Final

from torogoz.exchange.writers.publication import Words

DIMENSIONS: Final[dict[str, Words]] = {
    "ACCOMPANIED": Words("Llegó con familiares", "Came with family"),
    "AGE": Words("Edad", "Age"),
    "AGE_GROUP": Words("Menor o mayor de 18 años", "Under or from 18 years"),
    "APPLICATION_TYPE": Words("Tipo de solicitud", "Type of application"),
    "BREAKDOWN": Words("Desglose", "Breakdown"),
    "BIRTH_AREA": Words("País de nacimiento", "Country of birth"),
    "CAUSE": Words("Causa", "Cause"),
    "CITIZENSHIP": Words("Nacionalidad", "Citizenship"),
    "COUNTERPART_AREA": Words("País de origen", "Country of origin"),
    "CRIME": Words("Delito", "Crime"),
    "CRIMINAL_STATUS": Words("Antecedentes penales", "Criminal record"),
    "DECISION_LEVEL": Words("Instancia", "Level of decision"),
    "DIRECTION": Words("Dirección", "Direction"),
    "INDICATOR": Words("Indicador", "Indicator"),
    "LOCATION": Words("Lugar", "Location"),
    "METHOD": Words("Método", "Method"),
    "MODE": Words("Vía de retorno", "Route of return"),
    "ORIGIN": Words("Origen", "Origin"),
    "PROCEDURE": Words("Procedimiento", "Procedure"),
    "REASON": Words("Motivo de la migración", "Reason for migrating"),
    "REF_AREA": Words("País o lugar", "Country or place"),
    "REGION_SCHEME": Words("Esquema de regiones", "Region scheme"),
    "REPORTED_BY": Words("Institución que cuenta", "Institution that counts"),
    "ROUTE": Words("Ruta", "Route"),
    "SERIES": Words("Serie", "Series"),
    "SEX": Words("Sexo", "Sex"),
    "SOURCE": Words("Fuente", "Source"),
    "TIME_PERIOD": Words("Período", "Period"),
    "UNIT": Words("Unidad", "Unit"),
}

CODES: Final[dict[str, dict[str, Words]]] = {
    "UNIT": {"P": Words("Personas", "Persons"), "C": Words("Casos", "Cases")},
    "CRIMINAL_STATUS": {
        "CRIMINAL": Words("Con antecedentes", "With a record"),
        "NON_CRIMINAL": Words("Sin antecedentes", "Without a record"),
    },
    "TIME_PERIOD": {},
}

TOTAL: Final = Words("Total", "Total")
ALL_SOURCES: Final = Words("todas las fuentes", "all sources")
EVERY_DEPARTMENT: Final = Words("Todos los departamentos", "All departments")

OBSERVATIONS: Final[dict[str, Words]] = {
    "NOISE": Words("Con ruido añadido (Y) o exacta (N)", "With added noise (Y) or exact (N)"),
    "OBS_UNKNOWN": Words(
        "Observaciones sin cifra, o protegidas, que la suma no tiene",
        "Observations without a figure, or protected, that the sum lacks",
    ),
    "QUALITY": Words("Calidad de la fuente (1 a 5)", "Quality of the source (1 to 5)"),
    "RELIABILITY": Words("Fiabilidad", "Reliability"),
    "STD_ERROR": Words("Error estándar de la estimación", "Standard error of the estimate"),
    "SOURCE": Words("Fuente y edición", "Source and edition"),
    "SOURCE_DATE": Words("Fecha de la fuente", "Date of the source"),
}


def column_title(name: str) -> Words:
    """What a column is called; its own name where nobody gave it another."""
    return DIMENSIONS.get(name) or OBSERVATIONS.get(name) or Words(name, name)
