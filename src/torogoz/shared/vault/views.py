"""The public keys, for whoever checks a sheet without a connection."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from torogoz.shared.vault.signing import public_keys


@login_not_required
@require_GET
def signing_keys(request: HttpRequest) -> HttpResponse:
    """The public keys that check signatures of sheets (PEM), the newest first; empty before the first sheet."""
    return HttpResponse(b"".join(public_keys()), content_type="text/plain; charset=us-ascii")
