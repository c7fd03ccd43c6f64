"""Codes of ballots, drawn before the ballot is cast: its page shows one, and the form brings it back under a signature.

Nothing is stored when a code is drawn, and what is signed says for which poll it is and nothing of who asked.
"""

import secrets

from django.core.signing import BadSignature, Signer

from torogoz.domain import voting_codes
from torogoz.shared.polls.models import Poll


def new_code() -> str:
    """A code that nobody has."""
    return voting_codes.written(secrets.randbelow(len(voting_codes.ALPHABET) ** voting_codes.LENGTH))


def drawn(poll: Poll) -> str:
    """A new code for a ballot of this poll, signed, as its form carries it."""
    return _signer(poll).sign(new_code())


def code_of(poll: Poll, signed: str) -> str:
    """The code that was drawn for this poll; empty for what somebody else wrote."""
    try:
        return _signer(poll).unsign(signed)
    except BadSignature:
        return ""


def _signer(poll: Poll) -> Signer:
    return Signer(salt=f"torogoz.polls.drawn:{poll.key}")
