"""Signatures of what leaves on paper: Ed25519. Old public keys stay, so that old sheets can be checked."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_public_key,
)
from django.db import IntegrityError, transaction

from torogoz.shared.vault import keyring
from torogoz.shared.vault.keyring import Purpose
from torogoz.shared.vault.models import VaultKey


def sign(message: bytes) -> bytes:
    """A signature of 64 bytes by the newest key; the first one is made when there is none."""
    if not VaultKey.objects.filter(purpose=Purpose.SIGN).exists():
        _make_first()
    _, secret = keyring.current(Purpose.SIGN)
    return Ed25519PrivateKey.from_private_bytes(secret).sign(message)


def public_keys() -> list[bytes]:
    """The public keys (PEM), the newest first."""
    signing = VaultKey.objects.filter(purpose=Purpose.SIGN).order_by("-number")
    return [bytes(public) for public in signing.values_list("public", flat=True) if public is not None]


def verify(message: bytes, signature: bytes) -> bool:
    """Whether `signature` was made here, by the newest key or by one before it."""
    return any(good(pem, message, signature) for pem in public_keys())


def good(pem: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` was made by the key whose public half is `pem`."""
    key = load_pem_public_key(pem)
    if isinstance(key, Ed25519PublicKey):
        try:
            key.verify(signature, message)
        except InvalidSignature:
            return False
        return True
    return False


def add_signing_key() -> VaultKey:
    """A new key to sign with from now on."""
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    secret = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    return keyring.add(Purpose.SIGN, "", secret, public)


def _make_first() -> None:
    try:
        with transaction.atomic():
            add_signing_key()
    except IntegrityError:  # somebody else made it at the same moment
        return
