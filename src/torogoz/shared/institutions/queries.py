"""Reading institutions, offices, officers and their second factor."""

from base64 import b32encode
from datetime import datetime
from functools import partial

from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from torogoz.domain.apart import KeptApart, conflicts
from torogoz.shared.institutions.access import all_postings, opened_by_protocol
from torogoz.shared.institutions.models import Institution, Officer


def institutions_by_code() -> dict[str, Institution]:
    """Every institution that is stored, by its code."""
    return {each.code: each for each in Institution.objects.all()}


def second_factor_of(officer: Officer) -> TOTPDevice | None:
    """The authenticator that `officer` has confirmed, if any."""
    device: TOTPDevice | None = TOTPDevice.objects.filter(user=officer, confirmed=True).first()
    return device


def recovery_codes_left(officer: Officer) -> int:
    """How many recovery codes `officer` has not used yet."""
    return int(StaticToken.objects.filter(device__user=officer, device__confirmed=True).count())


def secret_of(device: TOTPDevice) -> str:
    """The secret of an authenticator as people type it: base 32, in groups of four."""
    secret = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def officer_named(username: str) -> Officer | None:
    """The officer with this username, if there is one."""
    return Officer.objects.filter(username=username).first()


def officers_with_postings_kept_apart(now: datetime) -> list[tuple[Officer, KeptApart]]:
    """Active officers with two postings, in force or to come, that one account cannot hold; each pair once."""
    return [
        (officer, why)
        for officer in Officer.objects.filter(is_active=True).order_by("username")
        for why in conflicts(
            [held for held in all_postings(officer) if held.valid_until is None or held.valid_until > now],
            partial(opened_by_protocol, now=now),
        )
    ]
