"""The token of a device: drawn once, shown once, kept as a keyed hash; and how a device says it, as OpenRosa has it.

ODK Collect answers a challenge for Basic authentication over HTTPS, and for Digest; Enketo both. Digest would need
the token itself, or what is as good as it, in the database: only Basic is offered, and HTTPS alone carries it.
"""

import base64
import binascii
import json
import secrets
import zlib
from typing import Final

from django.utils.crypto import constant_time_compare, salted_hmac

from torogoz.domain.printed import ALPHABET, MISREAD

REALM: Final = 'Basic realm="Torogoz", charset="UTF-8"'
CODE_SIGNS: Final = 8
TOKEN_SIGNS: Final = 24
"""120 bits: nobody finds one by trying."""


def fresh_code() -> str:
    """What a device is called when it signs in: `equipo-k7qf2m9x`."""
    return f"equipo-{_drawn(CODE_SIGNS).lower()}"


def fresh_token() -> str:
    """A token, in groups of four for whoever types it."""
    signs = _drawn(TOKEN_SIGNS)
    return "-".join(signs[start : start + 4] for start in range(0, TOKEN_SIGNS, 4))


def hashed(token: str) -> str:
    """What is kept of a token: it tells nothing to who lacks the secret key of the site."""
    typed = "".join(sign for sign in token.upper() if sign not in " -").translate(MISREAD)
    return salted_hmac("torogoz.devices", typed, algorithm="sha256").hexdigest()


def is_token(token: str, kept: str) -> bool:
    """Whether it is the token of which this hash was kept; as quick for a wrong one as for the right one."""
    return constant_time_compare(hashed(token), kept)


def said_in(header: str) -> tuple[str, str] | None:
    """The code and the token in a header `Authorization: Basic …`; None where there are none."""
    scheme, _, rest = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        code, colon, token = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (code, token) if colon else None


def settings_of_collect(server: str, code: str, token: str, name: str) -> str:
    """The text of a QR that sets ODK Collect up: https://docs.getodk.org/collect-import-export/ (read 2026-11-26).

    The forms on the device follow the server's, what is finished is sent as soon as there is a connection, and what was
    sent does not stay on the device.
    """
    settings = {
        "general": {
            "server_url": server,
            "username": code,
            "password": token,
            "form_update_mode": "match_exactly",
            "autosend": "wifi_and_cellular",
            "delete_send": True,
        },
        "admin": {},
        "project": {"name": name, "icon": "T", "color": "#0B4F5C"},
    }
    return base64.b64encode(zlib.compress(json.dumps(settings).encode())).decode("ascii")


def _drawn(signs: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(signs))
