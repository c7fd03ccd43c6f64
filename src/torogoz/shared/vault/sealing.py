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
from torogoz.shared.vault.keyring import NONCE, Purpose

MARK = b"\x01"
HEAD = len(MARK) + 2


class SealBroken(Exception):
    """A sealed value does not open: it was altered, or moved from another row. It is left as it is."""


def seal(institution: str, clear: bytes, about: str) -> bytes:
    """`clear` sealed for an institution (its code), bound to `about`."""
    number, key = keyring.current(Purpose.SEAL, institution)
    nonce = os.urandom(NONCE)
    return MARK + number.to_bytes(2, "big") + nonce + AESGCM(key).encrypt(nonce, clear, _bound(institution, about))


def opened(institution: str, sealed: bytes, about: str) -> bytes:
    """What was sealed. Raises SealBroken, KeyMissing."""
    sealed = bytes(sealed)
    if sealed[:1] != MARK:
        raise SealBroken(f"{about}: this was not sealed here; nothing was changed")
    key = keyring.numbered(Purpose.SEAL, institution, key_number(sealed))
    nonce, rest = sealed[HEAD : HEAD + NONCE], sealed[HEAD + NONCE :]
    try:
        return AESGCM(key).decrypt(nonce, rest, _bound(institution, about))
    except InvalidTag as why:
        raise SealBroken(f"{about}: altered, or moved from another row; it is left as it is") from why


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
    return seal(institution, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), about)


def open_json(institution: str, sealed: bytes, about: str) -> Any:
    """A sealed value of JSON, opened."""
    return json.loads(opened(institution, sealed, about))


def keyed_hash(kind: str, folded: str) -> bytes:
    """32 bytes that are equal for equal values of a kind, and tell nothing to who lacks the key."""
    _, key = keyring.current(Purpose.HASH)
    return hmac.new(key, f"{kind}\0{folded}".encode(), sha256).digest()


def _bound(institution: str, about: str) -> bytes:
    return f"{institution}\0{about}".encode()
