"""What devices ask, as OpenRosa has it: the list of forms, the forms, and handing one in. A session opens nothing here.

Every request says the device's code and token. One that does not, or says wrong ones, is challenged; what it asked for
makes no difference.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from torogoz.domain.access import REFUSED, Verb
from torogoz.domain.attachments import MOST_BYTES
from torogoz.exchange.blankforms.filled import NotFilledIn
from torogoz.exchange.blankforms.outline import BlankForm
from torogoz.exchange.writers import openrosa
from torogoz.exchange.writers.xform import xform
from torogoz.shared.audit.asking import Asker, ask_as, number_of
from torogoz.shared.audit.declared import declaring
from torogoz.shared.audit.reading import disclosed
from torogoz.shared.blankforms.queries import lists
from torogoz.shared.devices import bodies, queries, tokens
from torogoz.shared.devices.actions import CHANNEL, receive, record_wrong_token
from torogoz.shared.devices.models import Device, FilledForm
from torogoz.shared.people.actions import NotAllowed

XML = "text/xml; charset=utf-8"
ANNOUNCED = MOST_BYTES + 512 * 1024
"""Bytes of files that a device puts in one request: the largest file that is taken, and the form; more goes in several
requests. What is around the files comes on top."""
Rest = ParamSpec("Rest")
Answer = Callable[Concatenate[HttpRequest, Rest], HttpResponse]
View = Callable[Concatenate[HttpRequest, Device, datetime, Rest], HttpResponse]


def asked_by_a_device(view: View[Rest]) -> Answer[Rest]:
    """Let `view` answer a device that says its code and token, with the headers that OpenRosa asks for."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Rest.args, **named: Rest.kwargs) -> HttpResponse:
        now = timezone.now()
        spoken = "en" if request.headers.get("Accept-Language", "").startswith("en") else "es"
        # A device declares no purpose, not even where its request brings the session of its officer along.
        with override(spoken), declaring(lambda _username: ""):
            found = _signed_in(request, now)
            response = found if isinstance(found, HttpResponse) else view(request, found, now, *args, **named)
            response["X-OpenRosa-Version"] = "1.0"
            response["Content-Language"] = get_language() or "es"
            return response

    return cast(Answer[Rest], login_not_required(csrf_exempt(never_cache(answer))))


def said(message: str, status: int) -> HttpResponse:
    """An answer in words, which the device shows."""
    return HttpResponse(openrosa.response(message), content_type=XML, status=status)


@asked_by_a_device
@require_safe
def form_list(request: HttpRequest, device: Device, now: datetime) -> HttpResponse:
    """The forms that the device fills in: `formID` asks for one of them."""
    wanted = request.GET.get("formID")
    listed = [
        openrosa.Listing(
            form.id,
            form.version,
            form.es if get_language() == "es" else form.en,
            _written(form, now),
            request.build_absolute_uri(reverse("devices:form", kwargs={"name": form.id})),
            request.build_absolute_uri(reverse("devices:manifest", kwargs={"name": form.id})),
        )
        for form in queries.forms_of_device(device, now)
        if wanted in (None, form.id)
    ]
    return HttpResponse(openrosa.form_list(listed), content_type=XML)


@asked_by_a_device
@require_safe
def form(request: HttpRequest, device: Device, now: datetime, name: str) -> HttpResponse:
    """One blank form, with its code lists."""
    found = _form(request, device, name, now)
    return found if isinstance(found, HttpResponse) else HttpResponse(_written(found, now), content_type=XML)


@asked_by_a_device
@require_safe
def manifest(request: HttpRequest, device: Device, now: datetime, name: str) -> HttpResponse:
    """The files of a form: there are none."""
    found = _form(request, device, name, now)
    return found if isinstance(found, HttpResponse) else HttpResponse(openrosa.manifest(), content_type=XML)


@asked_by_a_device
@require_http_methods(["HEAD", "POST"])
def submission(request: HttpRequest, device: Device, now: datetime) -> HttpResponse:
    """Hand in a filled form with its files: 201 it is written, 202 it is kept and more is to be done about it here."""
    if request.method == "HEAD":
        asked = HttpResponse(status=204)
        asked["X-OpenRosa-Accept-Content-Length"] = str(ANNOUNCED)
        return asked
    try:
        fields, files = bodies.whole(request, settings.FILE_UPLOAD_MAX_MEMORY_SIZE)
        # Two parts of one name are two files, and both are kept.
        sent = [
            (str(name), bytes(file.read()))
            for name, parts in files.lists()
            for file in parts
            if isinstance(file, UploadedFile)
        ]
        forms = [clear for name, clear in sent if name == bodies.FILLED]
        if len(forms) != 1:
            raise bodies.NotWhole("there is no filled form in it, or more than one")
        (written,) = forms
        others = sorted(part for part in sent if part[0] != bodies.FILLED)
        more = fields.get(bodies.INCOMPLETE, "") == "yes"
        form = receive(device=device, written=written, files=others, more=more, now=now)
    except bodies.TooLarge:
        return said(_("Es demasiado grande para enviarlo de una vez. Nada se guardó; sigue en el equipo."), 413)
    except (bodies.NotWhole, NotFilledIn):
        return said(_("No llegó entero. Nada se guardó; sigue en el equipo: envíelo otra vez."), 400)
    except NotAllowed:
        return nothing_there(request, "filled_form", now)
    if form.state in (FilledForm.State.APPLIED, FilledForm.State.CLOSED):
        return said(_("Se guardó."), 201)
    if form.state == FilledForm.State.DISPOSED:
        return said(_("Ya había llegado antes: no se guardó otra vez. No lo envíe de nuevo."), 201)
    return said(_("Se recibió y se conserva. No lo envíe otra vez: lo que falta se decide en el sistema."), 202)


submission.answers_head = True  # type: ignore[attr-defined]  # what may be sent at once


def _form(request: HttpRequest, device: Device, name: str, now: datetime) -> BlankForm | HttpResponse:
    found = next((each for each in queries.forms_of_device(device, now) if each.id == name), None)
    return found or nothing_there(request, "blank_form", now)


def nothing_there(request: HttpRequest, what: str, now: datetime) -> HttpResponse:
    """Refuse: record the attempt, and answer as for what does not exist."""
    disclosed(
        request,
        verb=Verb.VIEW,
        what=what,
        subjects=[],
        decision=REFUSED,
        now=now,
        channel=CHANNEL,
    )
    return said(_("Aquí no hay nada con ese nombre para este equipo. Lo que está en el equipo sigue ahí."), 404)


def _written(form: BlankForm, now: datetime) -> bytes:
    return xform(form, lists(now))


def _signed_in(request: HttpRequest, now: datetime) -> Device | HttpResponse:
    """The device that asks, on whose officer's behalf the rest is recorded; or the challenge, or the closed door."""
    pair = tokens.said_in(request.headers.get("Authorization", ""))
    if pair is None:
        return _challenge()
    code, token = pair
    credentials: dict[str, Any] = {"username": code}
    if not AxesProxyHandler.is_allowed(request, credentials):
        return said(_("Demasiados intentos con una clave equivocada. Espere un cuarto de hora y pruebe otra vez."), 429)
    device = queries.device_with(code, token, now)
    if device is None:
        AxesProxyHandler.user_login_failed(sender=__name__, credentials=credentials, request=request)
        record_wrong_token(path=request.path, now=now)
        return _challenge()
    held = queries.posted(device, now)
    ask_as(request, lambda: Asker(device.officer.username, held, number_of(request)), number_of(request))
    return device


def _challenge() -> HttpResponse:
    why = _("El nombre y la clave del equipo no coinciden, o ya no valen. Regístrelo otra vez. Nada se ha perdido.")
    refused = said(why, 401)
    refused["WWW-Authenticate"] = tokens.REALM
    return refused
