"""Sealing of whole files, in pieces: nobody holds one in memory, and a piece that was moved, cut or altered is noticed.

Each file has a key of its own, so the number of a piece can be its nonce; the last piece is marked as such.
"""

from collections.abc import Iterable, Iterator
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from torogoz.shared.vault.keyring import FileDamaged
from torogoz.shared.vault.sealing import SealBroken

PIECE = 64 * 1024
TAG = 16


class FileBroken(SealBroken, FileDamaged):
    """A sealed file does not open: it was altered or cut, or this is the key of another."""


def seal_pieces(secret: bytes, chunks: Iterable[bytes], about: str) -> Iterator[bytes]:
    """The sealed pieces of a file that comes in chunks of any size. `secret` must never have sealed another file."""
    cipher, held, number = AESGCM(secret), bytearray(), 0
    for chunk in chunks:
        held += chunk
        while len(held) > PIECE:
            yield cipher.encrypt(_nonce(number, last=False), bytes(held[:PIECE]), about.encode())
            del held[:PIECE]
            number += 1
    yield cipher.encrypt(_nonce(number, last=True), bytes(held), about.encode())


def open_pieces(secret: bytes, file: IO[bytes], about: str) -> Iterator[bytes]:
    """What `seal_pieces` sealed, piece by piece. Raises FileBroken at the first piece that is not as it was."""
    cipher, number = AESGCM(secret), 0
    sealed = file.read(PIECE + TAG)
    while True:
        following = file.read(PIECE + TAG)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), sealed, about.encode())
        except (InvalidTag, ValueError) as why:
            raise FileBroken(f"{about}: the file was altered or cut at piece {number}; it is left as it is") from why
        if not following:
            return
        sealed, number = following, number + 1


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
