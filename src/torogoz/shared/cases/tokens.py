"""What stands for a person whom the officer may not see: shut, so that it tells nothing, not even by being compared."""

import base64
import hashlib
import json

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

LASTS = 15 * 60
"""Seconds."""
WHAT_FOR = b"torogoz.cases.elsewhere"
NOBODY = (0, 0)


def shut_token(officer: int, person: int) -> str:
    """A token of this officer (the row's number) for this person; two tokens of one person have nothing in common."""
    return _lock().encrypt(json.dumps([officer, person]).encode()).decode()


def open_token(token: str) -> tuple[int, int]:
    """The officer and the person of a token; nobody's when it was altered, is a quarter of an hour old, or is none."""
    try:
        officer, person = json.loads(_lock().decrypt(token.encode(), ttl=LASTS))
    except (InvalidToken, ValueError):
        return NOBODY
    return int(officer), int(person)


def _lock() -> Fernet:
    key = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, key=WHAT_FOR).digest()
    return Fernet(base64.urlsafe_b64encode(key))
