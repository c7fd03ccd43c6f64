"""Sealing and opening: AES-256-GCM under the key of the institution whose data it is.

A sealed value is bound to what it is about (table, field, key of the row): moved to another row it does not open.
"""

import hmac
import json
import os
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from torogoz.shared.vault import keyring
from torogoz.shared.vault.keyring import NONCE, CannotOpen, Purpose

MARK = b"\x01"
HEAD = len(MARK) + 2


class SealBroken(CannotOpen):
    """A sealed value does not open: it was altered, or moved from another row. It is left as it is."""


class Batch:
    """Sealing and opening many values: each key is fetched and unwrapped once. Kept for one task, never for longer,
    since keys are added by who runs the site."""

    def __init__(self) -> None:
        self._newest: dict[str, tuple[int, AESGCM]] = {}
        self._known: dict[tuple[str, int], AESGCM] = {}
        self._hashing: list[bytes] = []

    def newest(self, institution: str) -> int:
        """The number of the key under which `seal` seals."""
        return self._sealing(institution)[0]

    def seal(self, institution: str, clear: bytes, about: str) -> bytes:
        """`clear` sealed for an institution (its code) under its newest key, bound to `about`."""
        number, cipher = self._sealing(institution)
        nonce = os.urandom(NONCE)
        return MARK + number.to_bytes(2, "big") + nonce + cipher.encrypt(nonce, clear, _bound(institution, about))

    def opened(self, institution: str, sealed: bytes, about: str) -> bytes:
        """What was sealed. Raises SealBroken, KeyMissing."""
        sealed = bytes(sealed)
        if sealed[:1] != MARK:
            raise SealBroken(f"{about}: this was not sealed here; nothing was changed")
        key = institution, key_number(sealed)
        if key not in self._known:
            self._known[key] = AESGCM(keyring.numbered(Purpose.SEAL, *key))
        nonce, rest = sealed[HEAD : HEAD + NONCE], sealed[HEAD + NONCE :]
        try:
            return self._known[key].decrypt(nonce, rest, _bound(institution, about))
        except InvalidTag as why:
            raise SealBroken(f"{about}: altered, or moved from another row; it is left as it is") from why

    def _sealing(self, institution: str) -> tuple[int, AESGCM]:
        if institution not in self._newest:
            number, key = keyring.current(Purpose.SEAL, institution)
            self._newest[institution] = number, AESGCM(key)
        return self._newest[institution]

    def keyed_hashes(self, kind: str, folded: str) -> list[bytes]:
        """The hashes that a value may have been stored with, the one to store first: one for each key still kept."""
        self._hashing = self._hashing or keyring.every(Purpose.HASH)
        return [hmac.new(key, f"{kind}\0{folded}".encode(), sha256).digest() for key in self._hashing]


def seal(institution: str, clear: bytes, about: str) -> bytes:
    """`clear` sealed for an institution (its code), bound to `about`."""
    return Batch().seal(institution, clear, about)


def opened(institution: str, sealed: bytes, about: str) -> bytes:
    """What was sealed. Raises SealBroken, KeyMissing."""
    return Batch().opened(institution, sealed, about)


def key_number(sealed: bytes) -> int:
    """The number of the key that sealed this."""
    return int.from_bytes(bytes(sealed)[len(MARK) : HEAD], "big")


def seal_text(institution: str, clear: str, about: str) -> bytes:
    """A text, sealed."""
    return seal(institution, clear.encode(), about)


def open_text(institution: str, sealed: bytes, about: str) -> str:
    """A sealed text, opened."""
    return opened(institution, sealed, about).decode()


def seal_json(institution: str, value: Any, about: str) -> bytes:
    """Whatever JSON can say, sealed."""
    return seal(institution, written(value), about)


def written(value: Any) -> bytes:
    """A value of JSON as the bytes that are sealed."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def open_json(institution: str, sealed: bytes, about: str) -> Any:
    """A sealed value of JSON, opened."""
    return json.loads(opened(institution, sealed, about))


def keyed_hash(kind: str, folded: str) -> bytes:
    """32 bytes that are equal for equal values of a kind, and tell nothing to who lacks the key."""
    return keyed_hashes(kind, folded)[0]


def keyed_hashes(kind: str, folded: str) -> list[bytes]:
    """What to search by: the keyed hash under the newest key, and under older ones while rows may still bear them."""
    return Batch().keyed_hashes(kind, folded)


def _bound(institution: str, about: str) -> bytes:
    return f"{institution}\0{about}".encode()
