"""What a printed sheet states of itself, so that anybody can tell it from a copy that was altered.

The statement travels in the QR of the sheet with a signature; a short code that a person can read stands for the same
statement. The signature is made and checked elsewhere (`exchange/paper/seal.py`); here are the words and the code.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from torogoz.domain.refusals import Refused

PREFIX = "TOROGOZ1:"
SIGNATURE_BYTES = 64
CODE_LETTERS = 12
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, which are misread."""
CHECKED_BY = 29
"""The check letter is the number modulo this prime: a wrong letter, or two that changed places, is found unless the two
are 29 apart in the alphabet, which six pairs of a thousand are."""
MISREAD = str.maketrans("OIL", "011")


class Sheet(StrEnum):
    """What is printed."""

    FICHA = "ficha"
    CONSENT = "consent"
    REFERRAL = "referral"
    PLAN = "plan"
    OWN_FILE = "own_file"
    PROTOCOL = "protocol"
    DISPOSAL = "disposal"


class SheetRefused(Refused):
    """A QR or a code that no sheet of this system carries."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "foreign": (
            "Este texto no es de una hoja de Torogoz. Una hoja empieza con «TOROGOZ1:».",
            "This text is not of a sheet of Torogoz. A sheet begins with “TOROGOZ1:”.",
        ),
        "cut": (
            "El texto está incompleto. Lea otra vez el código QR, entero.",
            "The text is incomplete. Read the QR code again, whole.",
        ),
        "signature": (
            "La firma no corresponde: la hoja fue alterada o no se emitió aquí. No la acepte sin consultar.",
            "The signature does not match: the sheet was altered, or was not issued here. Do not accept it unasked.",
        ),
        "misread": (
            "«{typed}» no es un código de hoja: hay una letra mal leída. Son {letters} signos en grupos de cuatro.",
            "“{typed}” is not the code of a sheet: a letter was misread. It has {letters} signs in groups of four.",
        ),
    }


@dataclass(frozen=True)
class Statement:
    """What a sheet says of itself.

    key         of the sheet, drawn when it was issued
    issued_at   with a time zone, kept to the minute
    office      code of the office that printed it
    digest      of what was to be printed on it (`digest_of`)
    name, birth of the person, as printed: what whoever checks compares with the sheet in hand
    """

    sheet: Sheet
    key: UUID
    issued_at: datetime
    institution: str
    office: str
    digest: str
    name: str
    birth: str

    def message(self) -> bytes:
        """The bytes that are signed: the same for the same statement, always."""
        fields = [
            self.sheet.value,
            self.key.hex,
            self.issued_at.astimezone(UTC).strftime("%Y%m%d%H%M"),
            self.institution,
            self.office,
            self.digest,
            self.name,
            self.birth,
        ]
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def statement_of(message: bytes) -> Statement:
    """The statement that these bytes are. Raises SheetRefused when they are none."""
    try:
        sheet, key, issued_at, *rest = json.loads(message)
        institution, office, digest, name, birth = (str(part) for part in rest)
        when = datetime.strptime(issued_at, "%Y%m%d%H%M").replace(tzinfo=UTC)
        return Statement(Sheet(sheet), UUID(hex=key), when, institution, office, digest, name, birth)
    except (ValueError, TypeError, AttributeError) as why:
        raise SheetRefused("text", "cut") from why


def digest_of(lines: Iterable[tuple[str, str]]) -> str:
    """80 bits that stand for labels and values in their order: another digest later tells that the file has changed."""
    whole = json.dumps([list(line) for line in lines], ensure_ascii=False, separators=(",", ":")).encode()
    return hashlib.sha256(whole).hexdigest()[:20]


def qr_text(message: bytes, signature: bytes) -> str:
    """The text of the QR: capitals and figures only, which a QR holds in the least room."""
    return PREFIX + base64.b32encode(message + signature).decode("ascii").rstrip("=")


def read_qr(text: str) -> tuple[bytes, bytes]:
    """The message and the signature in the text of a QR. Raises SheetRefused."""
    folded = "".join(text.split()).upper()
    if not folded.startswith(PREFIX):
        raise SheetRefused("text", "foreign")
    letters = folded.removeprefix(PREFIX)
    try:
        whole = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except (binascii.Error, ValueError) as why:
        raise SheetRefused("text", "cut") from why
    if len(whole) <= SIGNATURE_BYTES:
        raise SheetRefused("text", "cut")
    return whole[:-SIGNATURE_BYTES], whole[-SIGNATURE_BYTES:]


def code_of(message: bytes) -> str:
    """The code that a person reads: `K7QF-2M9X-4TBD-6`, sixty bits of the statement and a letter that checks them."""
    number = int.from_bytes(hashlib.sha256(message).digest()[:8], "big") >> 4
    letters = "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (CODE_LETTERS - 1), -1, -5))
    return _grouped(letters + ALPHABET[number % CHECKED_BY])


def read_code(text: str) -> str:
    """A code as it is printed, from however it was typed. Raises SheetRefused when a letter must be wrong."""
    typed = "".join(sign for sign in text.upper() if sign not in " -–").translate(MISREAD)
    body, check = typed[:CODE_LETTERS], typed[CODE_LETTERS:]
    number = 0
    for sign in body:
        if sign not in ALPHABET:
            raise SheetRefused("code", "misread", typed=text[:40], letters=CODE_LETTERS + 1)
        number = number * 32 + ALPHABET.index(sign)
    if len(body) != CODE_LETTERS or check != ALPHABET[number % CHECKED_BY]:
        raise SheetRefused("code", "misread", typed=text[:40], letters=CODE_LETTERS + 1)
    return _grouped(typed)


def _grouped(letters: str) -> str:
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))
