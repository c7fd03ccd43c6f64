"""The seal of a printed sheet: the text of its QR, its readable code, and the check of both without any network."""

from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from torogoz.domain.printed import SheetRefused, Statement, code_of, qr_text, read_qr, statement_of

Sign = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Seal:
    """What is printed of a statement: the text of the QR, and the code that a person reads."""

    qr: str
    code: str


def seal(statement: Statement, sign: Sign) -> Seal:
    """The seal of a statement; `sign` gives an Ed25519 signature of 64 bytes."""
    message = statement.message()
    return Seal(qr_text(message, sign(message)), code_of(message))


def check(text: str, public_keys: list[bytes]) -> tuple[Statement, str]:
    """What a sheet states, from the text of its QR, and the code that must be printed on it.

    public_keys     PEM, of those who sign sheets: the key in use and the ones before it. Needs no network.
    raises          SheetRefused: not of a sheet, cut, or signed by nobody of these
    """
    message, signature = read_qr(text)
    if not any(_signed(message, signature, key) for key in public_keys):
        raise SheetRefused("text", "signature")
    return statement_of(message), code_of(message)


def _signed(message: bytes, signature: bytes, pem: bytes) -> bool:
    key = load_pem_public_key(pem)
    if not isinstance(key, Ed25519PublicKey):
        return False
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True
