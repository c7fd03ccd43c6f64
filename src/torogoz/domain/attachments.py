"""Files attached to a section: which kinds are taken, known by what is in them, and how large they may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from torogoz.domain.refusals import Refused

MOST_BYTES = 10 * 1024 * 1024
"""A photograph of a telephone or a scan of a few pages; a connection of 1 Mbit/s sends it in a minute and a half."""

LOOKED_AT = 16
"""As many bytes from the start tell what a file is."""


@dataclass(frozen=True)
class Kind:
    """A kind of file: its media type, and how its name ends."""

    media: str
    ending: str


PDF, JPEG, PNG = Kind("application/pdf", "pdf"), Kind("image/jpeg", "jpg"), Kind("image/png", "png")
WEBP, SOUND = Kind("image/webp", "webp"), Kind("audio/mp4", "m4a")
KINDS = (PDF, JPEG, PNG, WEBP, SOUND)
SCANS = (PDF, JPEG, PNG, WEBP)
"""Kinds of a sheet that was scanned or photographed."""


class Fault(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN_KIND = "unknown_kind"


class FileRefused(Refused):
    """A file of a filled form that is not taken, or has not come; the form names it."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "missing": ("No llegó. Sigue en el equipo, si no se borró.", "It has not come. It is on the device still."),
        "unnamed": ("El formulario no nombra este archivo.", "The form does not name this file."),
        Fault.EMPTY: ("El archivo está vacío.", "The file is empty."),
        Fault.TOO_LARGE: ("El archivo pasa de 10 MB.", "The file is larger than 10 MB."),
        Fault.UNKNOWN_KIND: (
            "No es una fotografía, un PDF ni un sonido que se pueda abrir.",
            "It is no photograph, PDF or sound that can be opened.",
        ),
    }


class AttachmentRefused(Exception):
    """A file that is not taken. Nothing of it was kept."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(f"the file was not taken: {fault.value.replace('_', ' ')}; nothing of it was kept")


def plain_name(name: str) -> str:
    """The name of a file without the folders before it, and without signs that cannot be printed."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in last if sign.isprintable()).strip() or "-"


def kind_of(start: bytes) -> Kind | None:
    """The kind of a file by its first bytes; None for one that is not taken: anything that a browser could run."""
    if start.startswith(b"%PDF-"):
        return PDF
    if start.startswith(b"\xff\xd8\xff"):
        return JPEG
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return WEBP
    if start[4:8] == b"ftyp" and start[8:11] in (b"M4A", b"mp4", b"iso"):
        return SOUND
    return None
