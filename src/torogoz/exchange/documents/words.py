"""The words that a document has of its own: contents, pages, what it was made from."""

from datetime import date
from typing import Final

from torogoz.exchange.documents.content import Document

WORDS: Final = {
    "es": {
        "contents": "Contenido",
        "page": "Página",
        "of": "de",
        "made_on": "Fecha del documento",
        "made_from": "Hecho a partir del contenido con SHA-256",
        "address": "Se encuentra en",
        "publisher": "Publica",
        "figure": "Figura",
        "table": "Tabla",
    },
    "en": {
        "contents": "Contents",
        "page": "Page",
        "of": "of",
        "made_on": "Date of the document",
        "made_from": "Made from the content with SHA-256",
        "address": "Found at",
        "publisher": "Published by",
        "figure": "Figure",
        "table": "Table",
    },
}
_MONTHS: Final = {
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "en": "January February March April May June July August September October November December",
}


def day(moment: date, language: str) -> str:
    """A date as the language writes it: 26 de noviembre de 2026, 26 November 2026."""
    month = _MONTHS[language].split()[moment.month - 1]
    return f"{moment.day} de {month} de {moment.year}" if language == "es" else f"{moment.day} {month} {moment.year}"


def facts(document: Document) -> list[tuple[str, str]]:
    """What the title page says: the facts of the document, then who publishes it, its date, hash and address."""
    words = WORDS[document.language]
    own = [
        (words["publisher"], document.publisher),
        (words["made_on"], day(document.made_on, document.language)),
        (words["made_from"], document.made_from),
        (words["address"], document.address),
    ]
    return [*document.facts, *((label, value) for label, value in own if value)]


def foot(document: Document) -> list[str]:
    """What stands at the foot of each page, line by line: title and date, address, and what it was made from."""
    first = f"{document.title} · {day(document.made_on, document.language)}"
    found = [first, document.address, f"SHA-256 {document.made_from}" if document.made_from else ""]
    return [line for line in found if line]
