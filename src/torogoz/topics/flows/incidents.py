"""The Spanish of the words that IOM's Missing Migrants Project publishes in English: regions, routes, causes."""

from typing import Final

PRESUMED: Final = "_P"
JOINED: Final = "-"

REGIONS: Final = {
    "CARIBBEAN": "Caribe",
    "CENTRAL_AMERICA": "Centroamérica",
    "CENTRAL_AMERICA_INCL_MEXICO": "Centroamérica y México",
    "CENTRAL_ASIA": "Asia central",
    "EAST_ASIA": "Asia oriental",
    "EASTERN_AFRICA": "África oriental",
    "EASTERN_ASIA": "Asia oriental",
    "EUROPE": "Europa",
    "HORN_OF_AFRICA": "Cuerno de África",
    "LATIN_AMERICA_CARIBBEAN": "América Latina y el Caribe",
    "MEDITERRANEAN": "Mediterráneo",
    "MIDDLE_EAST": "Oriente Medio",
    "MIDDLE_AFRICA": "África central",
    "MIXED": "De varias regiones",
    "NORTH_AFRICA": "África del norte",
    "NORTHERN_AFRICA": "África del norte",
    "NORTH_AMERICA": "América del Norte",
    "OCEANIA": "Oceanía",
    "SOUTHEAST_ASIA": "Asia sudoriental",
    "SOUTH_ASIA": "Asia meridional",
    "SOUTHERN_AFRICA": "África austral",
    "SOUTHERN_ASIA": "Asia meridional",
    "SOUTH_AMERICA": "América del Sur",
    "SOUTH_EASTERN_ASIA": "Asia sudoriental",
    "SUB_SAHARAN_AFRICA": "África subsahariana",
    "US_MEXICO_BORDER": "Frontera de México con Estados Unidos",
    "U_S_MEXICO_BORDER": "Frontera de México con Estados Unidos",
    "UNKNOWN": "Se desconoce",
    "WESTERN_AFRICA": "África occidental",
    "WESTERN_ASIA": "Asia occidental",
    "WESTERN_SOUTHERN_ASIA": "Asia occidental y meridional",
}

ROUTES: Final = {
    "AFGHANISTAN_TO_IRAN": "De Afganistán a Irán",
    "BAY_OF_BENGAL_ANDAMAN_SEA": "Golfo de Bengala y mar de Andamán",
    "BELARUS_EU_BORDER": "Frontera de Bielorrusia con la Unión Europea",
    "CARIBBEAN_TO_CENTRAL_AMERICA": "Del Caribe a Centroamérica",
    "CENTRAL_MEDITERRANEAN": "Mediterráneo central",
    "COMOROS_TO_MAYOTTE": "De Comoras a Mayotte",
    "CUBA_TO_US": "De Cuba a Estados Unidos",
    "DARIEN": "Darién",
    "DARIEN_GAP": "Tapón del Darién",
    "DOMINICAN_REPUBLIC_TO_PUERTO_RICO": "De República Dominicana a Puerto Rico",
    "DRC_TO_UGANDA": "De la República Democrática del Congo a Uganda",
    "EASTERN_MEDITERRANEAN": "Mediterráneo oriental",
    "EASTERN_ROUTE_TO_FROM_EHOA": "Ruta oriental, desde el Cuerno de África o hacia él",
    "ENGLISH_CHANNEL_TO_THE_UK": "Por el canal de la Mancha al Reino Unido",
    "HAITI_TO_DOMINICAN_REPUBLIC": "De Haití a República Dominicana",
    "HORN_OF_AFRICA_TO_YEMEN_CROSSING": "Del Cuerno de África a Yemen",
    "IRAN_TO_TURKEY": "De Irán a Turquía",
    "IRAN_TO_TURKIYE": "De Irán a Turquía (nombre nuevo)",
    "ITALY_TO_FRANCE": "De Italia a Francia",
    "MAINLAND_EUROPE_TO_THE_UK": "De Europa continental al Reino Unido",
    "NAF_RIVER_CROSSING": "Cruce del río Naf",
    "SAHARA_DESERT_CROSSING": "Cruce del desierto del Sahara",
    "SEA_CROSSINGS_TO_MAYOTTE": "Por mar a Mayotte",
    "SYRIA_TO_TURKEY": "De Siria a Turquía",
    "TURKEY_EUROPE_LAND_ROUTE": "De Turquía a Europa por tierra",
    "TURKIYE_EUROPE_LAND_ROUTE": "De Turquía a Europa por tierra (nombre nuevo)",
    "US_MEXICO_BORDER_CROSSING": "Cruce de la frontera de México con Estados Unidos",
    "VENEZUELA_TO_CARIBBEAN": "De Venezuela al Caribe",
    "WESTERN_AFRICA_ATLANTIC_ROUTE_TO_THE_CANARY_ISLANDS": "Ruta atlántica de África occidental a Canarias",
    "WESTERN_BALKANS": "Balcanes occidentales",
    "WESTERN_MEDITERRANEAN": "Mediterráneo occidental",
}

CAUSES: Final = {
    "ACCIDENTAL_DEATH": "Muerte accidental",
    "DROWNING": "Ahogamiento",
    "HARSH_ENVIRONMENTAL_CONDITIONS_LACK_OF_ADEQUATE_SHELTER_FOOD_WATER": (
        "Intemperie, o falta de refugio, alimento o agua"
    ),
    "MIXED_OR_UNKNOWN": "Varias causas, o se desconoce",
    "SICKNESS_LACK_OF_ACCESS_TO_ADEQUATE_HEALTHCARE": "Enfermedad, o falta de atención de salud",
    "VEHICLE_ACCIDENT_DEATH_LINKED_TO_HAZARDOUS_TRANSPORT": "Accidente de vehículo, o transporte peligroso",
    "VIOLENCE": "Violencia",
}

WORDS: Final = {"REF_AREA": REGIONS, "ORIGIN": REGIONS, "ROUTE": ROUTES, "CAUSE": CAUSES}


def in_spanish(dimension: str, code: str) -> str | None:
    """The Spanish of a code, of a presumed one (`…_P`), or of several joined; None if a part of it is not known."""
    words = WORDS.get(dimension, {})
    if code.endswith(PRESUMED):
        found = words.get(code.removesuffix(PRESUMED))
        return None if found is None else f"{found}, se presume"
    parts = [words.get(part) for part in code.split(JOINED)]
    return None if None in parts else "; ".join(part for part in parts if part is not None)
