"""The policy by which contributions are set aside: published, in both languages, the same for everybody.

What is set aside is not deleted: its text stays for the secretariat, the ground and the reason are told to whoever asks
with the receipt, and the log keeps who did it and when.
"""

from dataclasses import dataclass
from enum import StrEnum

SINCE = "2026-11-26"
"""The day since which these words hold."""


class Ground(StrEnum):
    """Why a contribution may be set aside; nothing else is a ground, and disagreement never is."""

    INSULT = "insult"
    PERSONAL = "personal"
    ADVERT = "advert"
    OFF_TOPIC = "off_topic"
    UNREADABLE = "unreadable"
    TYPED_TWICE = "typed_twice"


@dataclass(frozen=True)
class Clause:
    """One ground of the policy, in the words that are published."""

    ground: Ground
    name_es: str
    name_en: str
    text_es: str
    text_en: str


POLICY = (
    Clause(
        Ground.INSULT,
        "Insulta o incita al odio",
        "Insults or incites hatred",
        "Ofende a personas o grupos, o llama a dañarlos. Una crítica dura a una institución no es una ofensa.",
        "It offends people or groups, or calls for harming them. Harsh criticism of an institution is no offence.",
    ),
    Clause(
        Ground.PERSONAL,
        "Revela datos de una persona",
        "Gives away data of a person",
        "Nombra a alguien o permite saber quién es, dónde está o qué le pasó. Puede enviarlo de nuevo sin esos datos.",
        "It names somebody, or lets one know who, where or what happened. Please send it again without these.",
    ),
    Clause(
        Ground.ADVERT,
        "Es propaganda",
        "Is advertising",
        "Ofrece un producto o un servicio, o pide votos.",
        "It offers a product or a service, or asks for votes.",
    ),
    Clause(
        Ground.OFF_TOPIC,
        "Trata de otra cosa",
        "Is about something else",
        "No toca la pregunta de la consulta. Cuando se sabe a quién le toca, se dice.",
        "It does not touch the question of the consultation. Where somebody else is in charge, it is said who.",
    ),
    Clause(
        Ground.UNREADABLE,
        "No se puede leer",
        "Cannot be read",
        "La hoja o el texto no se entiende, ni preguntando en la mesa.",
        "The sheet or the text cannot be understood, even by asking at the table.",
    ),
    Clause(
        Ground.TYPED_TWICE,
        "Se registró dos veces",
        "Was typed in twice",
        "La misma hoja o el mismo envío ya está registrado. Lo que dos personas dicen igual no se aparta: se une.",
        "The same sheet or message is recorded already. What two people say alike is not set aside: it is merged.",
    ),
)
CLAUSES = {clause.ground: clause for clause in POLICY}
