"""Data that is past its term, or that its person wants gone: who proposes, who confirms, and what forbids it.

No law was read for who confirms; that nobody disposes alone is the project's own rule.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from torogoz.domain.refusals import Refused
from torogoz.domain.retention import DataClass, RetentionRule

MOST_PEOPLE = 2000
"""How many people one disposal may be of: what is left is proposed after it."""
LEAST_WORDS = 15
LONGEST_WORDS = 1000
EVERY_CLASS = frozenset(DataClass)


class Reason(StrEnum):
    """Why data is disposed of."""

    RETENTION = "retention"
    CANCELLATION = "cancellation"


class State(StrEnum):
    """Where a disposal stands."""

    PROPOSED = "proposed"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class Ground(StrEnum):
    """On what ground an institution holds a person's record."""

    COURT = "court"
    PROSECUTION = "prosecution"
    REQUEST = "request"
    BREACH = "breach"
    CASE = "case"


class Against(StrEnum):
    """What stands against a disposal, as far as who asks may know. `OTHER` says no more than that something does."""

    HOLD = "hold"
    REQUEST = "request"
    LIMIT = "limit"
    MATTER = "matter"
    OTHER = "other"


class Deed(StrEnum):
    """What a disposal does with the rows of one table."""

    REMOVE = "remove"
    BLANK = "blank"


class DisposalRefused(Refused):
    """A disposal or a hold that cannot be. Nothing was removed."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "nobody": (
            "No hay nada de esa clase que haya pasado su plazo sin que algo lo impida. No se propuso nada.",
            "Nothing of that class is past its term without something standing against it. Nothing was proposed.",
        ),
        "same": (
            "Quien propone no confirma, tampoco desde otro puesto. Debe confirmarla otra persona.",
            "Who proposes does not confirm, from another posting either. Somebody else has to confirm it.",
        ),
        "moved": (
            "Ya se confirmó o se retiró, por usted o por otra persona. Se muestra como está ahora.",
            "It was confirmed or withdrawn already, by you or by somebody else. It is shown as it is now.",
        ),
        "held": (
            "Algo impide eliminarlo: {why}. No se eliminó nada.",
            "Something stands against it: {why}. Nothing was removed.",
        ),
        "left": (
            "Desde que se propuso, todas las personas tienen algo que lo impide o volvieron. No se eliminó nada.",
            "Since it was proposed, everybody has something against it, or came back. Nothing was removed.",
        ),
        "asked": (
            "La pidió la persona y está concedida: no se retira; se confirma.",
            "The person asked for it and it was granted: it is not withdrawn but confirmed.",
        ),
        "person": (
            "Ningún registro al alcance de su institución corresponde a eso. Revise la clave o el número.",
            "No record within reach of your institution corresponds to that. Check the key or the number.",
        ),
        "article": (
            "Escriba la resolución o el artículo en que se funda.",
            "Write the order or the article on which it stands.",
        ),
        "words": ("Explíquelo en {least} letras o más.", "Explain it in {least} letters or more."),
        "until": (
            "El último día no puede ser anterior al primero.",
            "The last day cannot be before the first one.",
        ),
    }

    def explain(self, language: str) -> str:
        """The message, with what stands against it in the words of its language."""
        if "against" in self.details:
            self.details["why"] = in_words(self.details["against"], language)
        return super().explain(language)


AGAINST: Mapping[Against, tuple[str, str]] = {
    Against.HOLD: ("una retención legal de su institución", "a legal hold of your institution"),
    Against.REQUEST: ("una solicitud de la persona sin terminar", "a request of the person that has not ended"),
    Against.LIMIT: ("una limitación que la persona pidió", "a limit that the person asked for"),
    Against.MATTER: ("un asunto abierto de su institución", "an open matter of your institution"),
    Against.OTHER: ("algo que su institución no puede conocer", "something that your institution may not know"),
}
"""Why nothing is removed, in Spanish and English."""


def in_words(against: Any, language: str) -> str:
    """What stands against it, as far as it was told."""
    place = 0 if language.startswith("es") else 1
    return "; ".join(AGAINST[one][place] for one in Against if one in against)


def check_hold(*, article: str, words: str, since: date, until: date | None) -> tuple[str, str]:
    """Article and words without stray spaces. Raises DisposalRefused."""
    if not article.strip():
        raise DisposalRefused("article", "article")
    if until is not None and until < since:
        raise DisposalRefused("until", "until")
    return " ".join(article.split()), check_words(words)


def check_words(words: str) -> str:
    """An explanation without stray spaces. Raises DisposalRefused."""
    kept = " ".join(words.split())
    if len(kept) < LEAST_WORDS:
        raise DisposalRefused("words", "words", least=LEAST_WORDS)
    return kept[:LONGEST_WORDS]


def check_second(*, proposed_by: str, confirms: str) -> None:
    """Refuse that one person does both, whatever their postings. Raises DisposalRefused."""
    if proposed_by == confirms:
        raise DisposalRefused("", "same")


def classes_of(data_class: DataClass) -> frozenset[DataClass]:
    """What goes with a class: who the person is goes last, and nothing is left of her then."""
    return EVERY_CLASS if data_class is DataClass.IDENTITY else frozenset({data_class})


def free_of_duty(duties: Iterable[DataClass]) -> frozenset[DataClass]:
    """What may be cancelled while the law has these classes kept: as long as any is kept, so is who it is about."""
    kept = frozenset(duties)
    return EVERY_CLASS - kept - {DataClass.IDENTITY} if kept else EVERY_CLASS


def kept_by_law(rules: Iterable[RetentionRule], last: date, today: date) -> dict[DataClass, date]:
    """The classes that a law has kept of somebody last met on `last`, and until when. A proposal binds nobody."""
    return {
        rule.data_class: rule.kept_until(last)
        for rule in rules
        if rule.duty and rule.holds(today) and today <= rule.kept_until(last)
    }


def list_hash(keys: Iterable[UUID]) -> str:
    """SHA-256, in hexadecimal, of the keys in their order, each on a line: what a certificate says of whom it is."""
    return hashlib.sha256("".join(f"{key}\n" for key in sorted(keys, key=str)).encode()).hexdigest()
