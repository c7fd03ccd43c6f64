"""An archive of files under a password: ZIP with AES-256, which 7-Zip, WinZip and the archive tools of Linux open."""

import secrets
from collections.abc import Mapping
from typing import IO

import pyzipper

SIGNS = "abcdefghijkmnpqrstuvwxyz23456789"
"""Thirty-two signs that are not taken for one another: no l, no o, no 0, no 1."""

GROUPS, GROUP = 5, 5


def new_password() -> str:
    """A password of 125 bits, in groups that can be read out over a telephone."""
    return "-".join("".join(secrets.choice(SIGNS) for _ in range(GROUP)) for _ in range(GROUPS))


def write(files: Mapping[str, bytes], password: str, into: IO[bytes]) -> None:
    """Write `files`, by name, into an open binary file. The format hides no names: let them say nothing."""
    with pyzipper.AESZipFile(into, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setencryption(pyzipper.WZ_AES, nbits=256)
        archive.setpassword(password.encode())
        for name, content in files.items():
            archive.writestr(name, content)
