"""Record keys: one secret number per person, from which the noise of every cell with that person in it follows.

A cell's key is the sum of the keys of its records, of which only the fraction counts. The same persons therefore bring
the same noise in every table, in every order, in every release under one secret; and whoever lacks the secret cannot
compute it. The key belongs to the person, not to the event: people return more than once.

source  Fraser & Wooton (2005); the fraction of a sum of uniform numbers: Handbook on SDC, ch. 5
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]
WHOLE = 2.0**64  # keys are fractions of this


class SecretTooShort(Exception):
    """Keys under a secret that can be guessed protect nobody."""


SHORTEST_SECRET = 32


def person_keys(ids: Iterable[str], secret: bytes) -> Keys:
    """One key per id: the first 64 bits of HMAC-SHA256(secret, id). The same id has the same key.

    raises  SecretTooShort for a secret of fewer than 32 bytes
    """
    if len(secret) < SHORTEST_SECRET:
        raise SecretTooShort(f"the secret of cell keys has {len(secret)} bytes; it needs {SHORTEST_SECRET} or more")
    start = hmac.new(secret, digestmod=hashlib.sha256)
    known: dict[str, bytes] = {}
    pieces = []
    for each in ids:
        piece = known.get(each)
        if piece is None:
            one = start.copy()
            one.update(each.encode())
            piece = known[each] = one.digest()[:8]
        pieces.append(piece)
    return np.frombuffer(b"".join(pieces), dtype=">u8").astype(np.uint64)


def category_keys(dimension: str, codes: Sequence[str], secret: bytes) -> Keys:
    """One key per code of a dimension, so that an empty cell, which no person keys, has a key of its own."""
    return person_keys([f"\0{dimension}\0{code}" for code in codes], secret)


def seed_of(words: str, secret: bytes) -> int:
    """A whole number that follows from the secret and some words: the start of a chain of random numbers."""
    return int.from_bytes(hmac.new(secret, f"\0\0{words}".encode(), hashlib.sha256).digest()[:16], "big")


def fingerprint(secret: bytes) -> str:
    """What tells two secrets apart without telling either: a release keeps it, so that a change is noticed."""
    return hmac.new(secret, b"\0\0fingerprint", hashlib.sha256).hexdigest()[:16]


def as_fraction(keys: Keys) -> npt.NDArray[np.float64]:
    """Keys as numbers from 0 up to 1; a sum of keys that ran over 2⁶⁴ has lost its whole part, as it should.

    The last eleven bits are left out, since a float that rounds up to 1 would fall outside every table.
    """
    fraction: npt.NDArray[np.float64] = (keys >> np.uint64(11)).astype(np.float64) / 2.0**53
    return fraction


def from_fraction(fractions: Sequence[float]) -> Keys:
    """Keys that are these numbers from 0 up to 1: for examples from the literature."""
    return np.array([int(each * WHOLE) for each in fractions], dtype=np.uint64)
