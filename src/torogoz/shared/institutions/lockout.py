"""Who tries to sign in, from which address, and when an address has tried enough."""

from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from torogoz.shared.institutions.queries import officer_named

MOST_FROM_ONE_ADDRESS = 50
"""Failures of all usernames together: a centre of many officers shares an address, a guesser of passwords has one."""


class Handler(AxesDatabaseHandler):  # type: ignore[misc]  # axes has no types
    """Shuts the door to a username from an address, and to an address that tries one username after another."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Whether no password is looked at now, the right one neither."""
        if _tried_enough(request):
            request.axes_locked_out = True  # type: ignore[attr-defined]  # the mark by which axes shows its page
            return True
        return bool(super().is_locked(request, credentials))


def _tried_enough(request: HttpRequest) -> bool:
    recent = AccessAttempt.objects.filter(
        ip_address=client_address(request), attempt_time__gte=get_cool_off_threshold(request)
    )
    failures = recent.aggregate(failures=Sum("failures_since_start"))["failures"]
    return (failures or 0) >= MOST_FROM_ONE_ADDRESS


def username_kept(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The username under which attempts are counted. What is no username may be a password: it is kept unreadable."""
    typed = str((credentials or {}).get("username") or request.POST.get("username", ""))
    if officer_named(typed) is not None:
        return typed
    return salted_hmac("torogoz.lockout", typed).hexdigest()


def client_address(request: HttpRequest) -> str:
    """The address of the client; in production, the one that the web server in front of the site has written last.

    Whatever stands before it in X-Forwarded-For was sent by the client, who may write there what it likes.
    """
    if settings.PRODUCTION:
        forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")[-1].strip()
        if forwarded:
            return forwarded
    return str(request.META.get("REMOTE_ADDR", ""))
