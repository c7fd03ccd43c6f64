"""The keys in memory: unwrapped once for a process, and never written down unwrapped."""

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from torogoz.shared.vault.columns import holds_values
from torogoz.shared.vault.models import VaultKey

NONCE, KEY_BYTES = 12, 32
Purpose = VaultKey.Purpose


class CannotOpen(Exception):
    """Something sealed does not open. It is left as it is."""


class FileDamaged(CannotOpen):
    """A stored file is not the one that was stored, or is not there. What is left of it is kept as it is."""


class KeyMissing(CannotOpen):
    """A key that is needed is not there, or the master key is not the one that wrapped it. Nothing was changed."""


def master() -> bytes:
    """The master key, from the settings."""
    return bytes(settings.MASTER_KEY)


def wrap(secret: bytes, label: str, under: bytes) -> bytes:
    """`secret` sealed under a master key, bound to what it is a key of."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(under).encrypt(nonce, secret, label.encode())


def unwrap(wrapped: bytes, label: str, under: bytes) -> bytes:
    """The secret that `wrap` sealed. Raises KeyMissing under another master key."""
    try:
        return AESGCM(under).decrypt(wrapped[:NONCE], wrapped[NONCE:], label.encode())
    except InvalidTag as why:
        raise KeyMissing(
            f"the key {label} does not open with this master key; nothing was changed. "
            "Give the master key that the data were sealed under in TOROGOZ_MASTER_KEY."
        ) from why


def unwrap_with_any(wrapped: bytes, label: str) -> tuple[bytes, bytes]:
    """The secret, and the master key that wrapped it: the one in force, or the one before while a new one is taken."""
    before = bytes(settings.MASTER_KEY_BEFORE)
    try:
        return unwrap(wrapped, label, master()), master()
    except KeyMissing:
        if not before:
            raise
        return unwrap(wrapped, label, before), before


def fresh() -> bytes:
    """A new secret."""
    return os.urandom(KEY_BYTES)


def opens(key: VaultKey) -> bool:
    """Whether a stored key opens with the master key at hand."""
    try:
        unwrap_with_any(bytes(key.wrapped), label_of(key))
    except KeyMissing:
        return False
    return True


def label_of(key: VaultKey) -> str:
    """What a key is a key of, which its wrapping is bound to."""
    return f"{key.purpose}:{key.institution}:{key.number}"


def current(purpose: Purpose, institution: str = "") -> tuple[int, bytes]:
    """The newest key and its number; the first one is made when there is none (a key that signs is made elsewhere)."""
    newest = VaultKey.objects.filter(purpose=purpose, institution=institution).order_by("-number").first()
    key = newest or _first(purpose, institution)
    return key.number, _opened(key.purpose, key.institution, key.number, bytes(key.wrapped), *_masters())


def numbered(purpose: Purpose, institution: str, number: int) -> bytes:
    """The key with this number. Raises KeyMissing."""
    key = VaultKey.objects.filter(purpose=purpose, institution=institution, number=number).first()
    if key is None:
        raise KeyMissing(
            f"the key {purpose}:{institution}:{number} is not in the database: it was removed, or the back-up was "
            "restored without its keys. What it sealed is kept as it is; restore the table vault_vaultkey."
        )
    return _opened(key.purpose, key.institution, key.number, bytes(key.wrapped), *_masters())


def every(purpose: Purpose) -> list[bytes]:
    """The keys of a purpose that belong to all, the newest first; the first one is made when there is none."""
    stored = list(VaultKey.objects.filter(purpose=purpose, institution="").order_by("-number"))
    keys = stored or [_first(purpose, "")]
    return [_opened(key.purpose, key.institution, key.number, bytes(key.wrapped), *_masters()) for key in keys]


def add(purpose: Purpose, institution: str, secret: bytes, public: bytes | None = None) -> VaultKey:
    """Keep a new key, numbered after the newest."""
    newest = VaultKey.objects.filter(purpose=purpose, institution=institution).order_by("-number").first()
    key = VaultKey(
        purpose=purpose,
        institution=institution,
        number=newest.number + 1 if newest else 1,
        public=public,
        made_at=timezone.now(),
    )
    key.wrapped = wrap(secret, label_of(key), master())
    key.save(force_insert=True)
    return key


def _first(purpose: Purpose, institution: str) -> VaultKey:
    """The first key; none is made when values show that there was one, which would hide that it was lost."""
    if holds_values(institution):
        raise KeyMissing(
            f"every key {purpose}:{institution} is missing from the database, which holds what they sealed. It is kept "
            "as it is, and nothing was changed; restore the table vault_vaultkey."
        )
    return begin(purpose, institution)


def begin(purpose: Purpose, institution: str) -> VaultKey:
    """Make the first key of an institution of which nothing is sealed yet."""
    try:
        with transaction.atomic():
            return add(purpose, institution, fresh())
    except IntegrityError:  # somebody else made it at the same moment
        return VaultKey.objects.get(purpose=purpose, institution=institution, number=1)


@lru_cache(maxsize=512)
def _opened(purpose: str, institution: str, number: int, wrapped: bytes, *masters: bytes) -> bytes:
    """Remembered for these master keys only: under others it is unwrapped anew."""
    return unwrap_with_any(wrapped, f"{purpose}:{institution}:{number}")[0]


def _masters() -> tuple[bytes, bytes]:
    return master(), bytes(settings.MASTER_KEY_BEFORE)
