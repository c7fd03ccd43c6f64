"""The order of names in a list, in Spanish as in English: without accents and capitals, ñ after n."""

import unicodedata
from typing import Final

TILDE: Final = "\N{COMBINING TILDE}"


def alphabetical(name: str) -> tuple[str, str]:
    """What names are sorted by. Source: Ortografía de la lengua española (2010), on the order of words."""
    parts = unicodedata.normalize("NFD", name.casefold()).replace(f"n{TILDE}", "n\N{DEL}")
    return "".join(sign for sign in parts if not unicodedata.combining(sign)), name
