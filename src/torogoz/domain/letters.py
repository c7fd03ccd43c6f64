"""Letters as people type them: with and without accents, in capitals or not."""

import unicodedata


def fold(text: str) -> str:
    """The letters of `text` without accents or case, one space between words: «Peña  Ávila» is «pena avila»."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return " ".join("".join(letter for letter in decomposed if not unicodedata.combining(letter)).split())
