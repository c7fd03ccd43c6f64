"""The few words that a drawing needs of its own, in both languages. Titles, units and names are the caller's."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """Legend and footing of every figure."""

    source: str
    released: str
    men: str
    women: str
    provisional: str
    estimated: str
    suppressed: str
    not_available: str
    not_applicable: str
    zero: str
    interval: str
    unknown: str
    period: str
    place: str
    age: str
    category: str
    low: str
    high: str
    up_to: str
    outlines: str
    all_zero: str
    one_scale: str
    own_scales: str


WORDS = {
    "es": Words(
        source="Fuente",
        released="Publicado",
        men="Hombres",
        women="Mujeres",
        provisional="provisional",
        estimated="estimado",
        suppressed="dato protegido",
        not_available="no disponible",
        not_applicable="no aplica",
        zero="cero",
        interval="intervalo de incertidumbre",
        unknown="Sin dibujar, por edad o sexo desconocidos",
        period="Período",
        place="Departamento",
        age="Edad",
        category="Categoría",
        low="mínimo",
        high="máximo",
        up_to="a",
        outlines="Contornos (simplificados)",
        all_zero="Sin dibujar, por ser cero en todos los períodos",
        one_scale="La misma escala en todos los cuadros",
        own_scales="Cada cuadro tiene su propia escala",
    ),
    "en": Words(
        source="Source",
        released="Released",
        men="Men",
        women="Women",
        provisional="provisional",
        estimated="estimated",
        suppressed="protected figure",
        not_available="not available",
        not_applicable="does not apply",
        zero="zero",
        interval="interval of uncertainty",
        unknown="Not drawn, age or sex unknown",
        period="Period",
        place="Department",
        age="Age",
        category="Category",
        low="low",
        high="high",
        up_to="to",
        outlines="Outlines (simplified)",
        all_zero="Not drawn, being zero in every period",
        one_scale="The same scale in every panel",
        own_scales="Each panel has a scale of its own",
    ),
}
