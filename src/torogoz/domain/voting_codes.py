"""The code that an attested person or the holder of a secret ballot keeps: long enough that nobody guesses it."""

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0, 1, I, L, O and U, which are read for one another."""
LENGTH = 16
GROUP = 4


def written(drawn: int) -> str:
    """The code for a number drawn from 30¹⁶ (78 bits), in four groups of four: K7M2-PQX4-TZ9A-BCDE."""
    letters = []
    for _ in range(LENGTH):
        drawn, rest = divmod(drawn, len(ALPHABET))
        letters.append(ALPHABET[rest])
    code = "".join(letters)
    return "-".join(code[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def read(typed: str) -> str:
    """A code as it is written, from however it was typed; empty when it cannot be one."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    if len(letters) != LENGTH or any(letter not in ALPHABET for letter in letters):
        return ""
    return "-".join(letters[at : at + GROUP] for at in range(0, LENGTH, GROUP))
