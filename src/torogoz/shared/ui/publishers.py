"""What files call their publishers, said in Spanish on Spanish pages; files and citations keep the words they have."""

from collections.abc import Mapping
from typing import Final

IN_SPANISH: Final[Mapping[str, str]] = {
    "United Nations High Commissioner for Refugees (UNHCR)": (
        "Alto Comisionado de las Naciones Unidas para los Refugiados (ACNUR)"
    ),
    "United Nations, Department of Economic and Social Affairs, Population Division": (
        "Naciones Unidas, Departamento de Asuntos Económicos y Sociales, División de Población"
    ),
    "International Organization for Migration (IOM), Missing Migrants Project": (
        "Organización Internacional para las Migraciones (OIM), proyecto Migrantes Desaparecidos"
    ),
    "Internal Displacement Monitoring Centre (IDMC)": "Observatorio de Desplazamiento Interno (IDMC)",
    "US Department of Homeland Security, Office of Immigration Statistics": (
        "Departamento de Seguridad Nacional de los Estados Unidos, Oficina de Estadísticas de Inmigración"
    ),
    "World Bank": "Banco Mundial",
    "Guy J. Abel and Joel E. Cohen": "Guy J. Abel y Joel E. Cohen",
    "National Civil Police (PNC)": "Policía Nacional Civil (PNC)",
    "Attorney General's Office (FGR)": "Fiscalía General de la República (FGR)",
    "Institute of Legal Medicine (IML)": "Instituto de Medicina Legal (IML)",
    "Made up for the demonstration, as if of": "Inventado para la demostración, como si fuera de",
    "Made up for the demonstration": "Inventado para la demostración",
    "made up for the demonstration": "inventado para la demostración",
    "not stated by the publisher": "quien publica no la dice",
    "not stated by the institution": "la institución no la dice",
    "Population file": "Archivo de población",
    "census of 2024": "censo de 2024",
    "from stocks of the United Nations": "a partir de poblaciones de las Naciones Unidas",
    "UN DESA, International Migrant Stock": "ONU DAES, población migrante internacional",
    "yearly total as reported": "total anual tal como se informó",
    "press report of the DGME figure": "nota de prensa con la cifra de la DGME",
    "inferred from the 1.5 % growth to 2016": "deducida del crecimiento de 1.5 % hasta 2016",
    "legislative decree that cites the DGME": "decreto legislativo que cita a la DGME",
    "DGME series 2013 to September 2025 as printed by": "serie de la DGME de 2013 a septiembre de 2025, según imprimió",
    "page of 2018": "página de 2018",
    "Results of the national consultation process of El Salvador for the Global Compact, 7-8 September 2017": (
        "Resultados del proceso de consulta nacional de El Salvador para el Pacto Mundial, 7 y 8 de septiembre de 2017"
    ),
    "via croniosv and ABC": "por croniosv y ABC",
    "proposal of Torogoz, 2026-11; no law was read for it": "propuesta de Torogoz, 2026-11; no se leyó ninguna ley",
    "after the criteria of the Hub of the United Nations Network on Migration": (
        "según los criterios del Centro de la Red de las Naciones Unidas sobre la Migración"
    ),
    "after the criteria of the Hub": "según los criterios del Centro",
    "added by this project": "agregado por este proyecto",
}


def said(text: str, language: str) -> str:
    """A publisher, source or licence in the language of the page; as it stands where nobody put it into Spanish."""
    if language.startswith("en"):
        return text
    for english, spanish in IN_SPANISH.items():
        text = text.replace(english, spanish)
    return text
