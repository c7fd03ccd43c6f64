"""Numbers as people write them, in pages and in drawings alike."""

THIN_SPACE = "\N{NARROW NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"


def printed(value: float, decimals: int = 0) -> float:
    """The number that `written` writes, as a number: halves go away from zero, as people round."""
    scale: int = 10**decimals
    # Binary fractions lie a hair under the half that was written (2.675): the hair is given back before rounding.
    whole = int(abs(value) * scale * (1 + 1e-12) + 0.5)
    return -whole / scale if value < 0 else whole / scale


def written(value: float, language: str, decimals: int = 0) -> str:
    """A number in words of figures.

    language  "es": thin space between thousands, so that no sign can be read as a decimal; "en": comma.
              The decimal sign is a point in both: it is El Salvador's.
    decimals  digits after the point; halves are rounded away from zero, as people do
    """
    scale = 10**decimals
    # Binary fractions lie a hair under the half that was written (2.675): the hair is given back before rounding.
    whole = int(abs(value) * scale * (1 + 1e-12) + 0.5)
    grouped = f"{whole // scale:,}"
    if language == "es":
        grouped = grouped.replace(",", THIN_SPACE)
    tail = f".{whole % scale:0{decimals}d}" if decimals else ""
    return f"{MINUS if value < 0 and whole else ''}{grouped}{tail}"
