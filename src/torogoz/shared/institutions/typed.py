"""What an officer typed in a form that came back too late: after the session ended, or the form's token changed.

It is not stored. The page that asks to sign in carries it, signed, and after signing in it is sent again by one button.
"""

from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.datastructures import MultiValueDict

SALT = "torogoz.typed"
LASTS = 12 * 3600  # seconds: a shift
NEVER_KEPT = ("sign_in", "two_factor", "sign_out")


def kept(request: HttpRequest) -> str:
    """What was typed in the form that this request sends, signed; empty when it sends none that can be sent again.

    Ask only after the request has passed the check of its token, or comes from a page of this site: a form that
    another site filled in must not be put before an officer.
    """
    if request.method != "POST" or request.path in {resolve_url(name) for name in NEVER_KEPT}:
        return ""
    sent = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    if not sent:
        return ""
    return signing.dumps({"path": request.path, "sent": sent}, salt=SALT, compress=True)


def send_again(request: HttpRequest, text: str) -> HttpResponse | None:
    """The page with a button that sends again what `kept` gave; None when it is not ours, or too old."""
    try:
        found: dict[str, Any] = signing.loads(text, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    fields = [(name, value) for name, values in MultiValueDict(found["sent"]).lists() for value in values]
    page = {"path": found["path"], "fields": fields, "language_next": found["path"]}
    return render(request, "institutions/send_again.html", page)


def from_this_site(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this site sent the request; a browser that says nothing does not."""
    origin = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Sec-Fetch-Site") == "same-origin" or request.headers.get("Origin") == origin


def token_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The site's CSRF_FAILURE_VIEW: somebody signed in or out in another window while the form was open."""
    if from_this_site(request) and (again := send_again(request, kept(request))):
        again.status_code = 403
        return again
    return render(request, "403_csrf.html", status=403)
