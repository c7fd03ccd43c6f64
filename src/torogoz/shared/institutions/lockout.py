"""From which address somebody tries to sign in."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of the client; in production, the one that the web server in front of the site has written last.

    Whatever stands before it in X-Forwarded-For was sent by the client, who may write there what it likes.
    """
    if settings.PRODUCTION:
        forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")[-1].strip()
        if forwarded:
            return forwarded
    return str(request.META.get("REMOTE_ADDR", ""))
