"""The code on the receipt of a contribution: short enough to be read aloud, told apart from its neighbours."""

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0, 1, I, L, O and U, which are read for one another."""
LENGTH = 10


def written(drawn: int) -> str:
    """The code for a number from 0 up to 30¹⁰ (5.9 · 10¹⁴), in two groups of five: K7M2P-QX4TZ."""
    letters = []
    for _ in range(LENGTH):
        drawn, rest = divmod(drawn, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters[:5]) + "-" + "".join(letters[5:])


def read(typed: str) -> str:
    """A code as it is stored, from however it was typed; empty when it cannot be one."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    if len(letters) != LENGTH or any(letter not in ALPHABET for letter in letters):
        return ""
    return f"{letters[:5]}-{letters[5:]}"
