"""Skills that people abroad offer: in which field, to which institution the offer goes, and on what consent."""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar, Final

from torogoz.domain.refusals import Refused

CONSENT: Final = 1
"""Number of the text of the consent that is shown; it counts up when the words change."""


class Field(StrEnum):
    """In what somebody offers to help."""

    HEALTH = "health"
    TEACHING = "teaching"
    WORK = "work"
    BUSINESS = "business"
    ENGINEERING = "engineering"
    LAW = "law"
    CULTURE = "culture"


RECEIVES: Final[Mapping[Field, str]] = {
    Field.HEALTH: "MINSAL",
    Field.TEACHING: "INCAF",
    Field.WORK: "MTPS",
    Field.BUSINESS: "MINEC",
    Field.ENGINEERING: "LOCAL",
    Field.LAW: "PGR",
    Field.CULTURE: "RREE",
}
"""The one institution that receives, and whose officers alone read, an offer of each field."""


class OfferRefused(Refused):
    """An offer, or what is done with one, that cannot be kept."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "consent": (
            "Sin su consentimiento no se guarda nada. Marque la casilla si está de acuerdo.",
            "Nothing is stored without your consent. Tick the box if you agree.",
        ),
        "withdrawn": (
            "La persona retiró su ofrecimiento. No se guardó nada.",
            "The person withdrew the offer. Nothing was stored.",
        ),
        "field": ("Lo que se pide es de otro campo.", "What is asked for is of another field."),
        "closed": ("Esa petición ya se cerró.", "That request is closed."),
        "matched": ("Ya se habían relacionado.", "They are matched already."),
    }
