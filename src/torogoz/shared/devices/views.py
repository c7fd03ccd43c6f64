"""The page of an officer's devices: registered, with the token shown once, and revoked."""

from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from torogoz.domain.access import Verb
from torogoz.shared.audit.reading import not_found
from torogoz.shared.devices import queries
from torogoz.shared.devices.actions import register_device, revoke_device
from torogoz.shared.devices.forms import DeviceForm
from torogoz.shared.devices.tokens import settings_of_collect
from torogoz.shared.institutions.access import officer_of, works_with_people
from torogoz.shared.ui.language import switching


@never_cache
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The officer's devices, those of the institution for a supervisor; and registering one."""
    now, officer = timezone.now(), officer_of(request)
    if not works_with_people(officer, now):
        return not_found(request, verb=Verb.VIEW, what="device", subject="", now=now)
    institutions = queries.institutions_of(officer, now)
    sent = request.POST if request.method == "POST" and not switching(request) else None
    form = DeviceForm(sent, institutions=institutions)
    page: dict[str, object] = {"form": form}
    if form.is_valid():
        asked = form.cleaned_data
        institution = form.institutions[asked["institution"]]
        device, token = register_device(by=officer, institution=institution, name=asked["name"], now=now)
        server = server_of(request)
        text = settings_of_collect(server, device.code, token, "Torogoz")
        # segno writes the picture from a fixed alphabet of path commands; nothing of the text is in it as text.
        square = mark_safe(segno.make(text, error="l", micro=False).svg_inline(scale=4, border=4))
        page |= {"device": device, "token": token, "server": server, "square": square}
    page["devices"] = queries.devices_seen_by(officer, now)
    return render(request, "devices/index.html", page, status=422 if form.is_bound and form.errors else 200)


@require_POST
def revoke(request: HttpRequest, key: UUID) -> HttpResponse:
    """Let a device sign in no more."""
    now, officer = timezone.now(), officer_of(request)
    seen = queries.device_seen_by(officer, key, now)
    if seen is None:
        return not_found(request, verb=Verb.EDIT, what="device", subject=key, now=now)
    revoke_device(by=officer, device=seen.device, now=now)
    named = {"name": seen.device.name}
    messages.success(request, _("«%(name)s» ya no puede entrar. Lo que envió se conserva.") % named)
    return redirect("devices:index")


def server_of(request: HttpRequest) -> str:
    """The address that a device is given; it adds /formList and /submission itself."""
    return request.build_absolute_uri(reverse("devices:index")).rstrip("/")
