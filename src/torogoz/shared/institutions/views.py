"""Signing in, in one step or two; for what one works; and leaving."""

import segno
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp import login as otp_login

from torogoz.domain.access import Verb
from torogoz.domain.consents import Purpose
from torogoz.shared.audit.asking import asker
from torogoz.shared.audit.reading import not_found
from torogoz.shared.audit.words import PURPOSES
from torogoz.shared.institutions import actions, queries
from torogoz.shared.institutions.access import officer_of, postings
from torogoz.shared.institutions.forms import CodeForm, PurposeForm, SignInForm
from torogoz.shared.institutions.models import Officer
from torogoz.shared.institutions.purposes import in_session
from torogoz.shared.institutions.second_factor import before_second_factor
from torogoz.shared.institutions.typed import send_again


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for username and password. What is wrong is never said to be the one or the other."""
    if request.user.is_authenticated:
        return _onward(request)
    form = SignInForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        now = timezone.now()
        username = form.cleaned_data["username"]
        officer = authenticate(request, username=username, password=form.cleaned_data["password"])
        if isinstance(officer, Officer):
            login(request, officer)
            held = postings(officer, now)
            institution = held[0].institution if held else ""
            actions.record_sign_in(
                officer=officer, institution=institution, asker=asker(request), path=request.path, now=now
            )
            return _onward(request)
        actions.record_failed_sign_in(username=username, asker=asker(request), path=request.path, now=now)
        form.add_error(None, _("El usuario y la contraseña no coinciden. Revise los dos y pruebe otra vez."))
    page = {"form": form, "next": _next(request), "kept": request.POST.get("kept", "")}
    return render(request, "institutions/sign_in.html", page, status=_status(form.is_bound))


@before_second_factor
@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave: the session is taken away."""
    actions.record_sign_out(officer=officer_of(request), asker=asker(request), path=request.path, now=timezone.now())
    logout(request)
    return redirect("home")


@before_second_factor
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def two_factor(request: HttpRequest) -> HttpResponse:
    """The second step of sign-in: enrol an authenticator the first time, give its code every time."""
    officer = officer_of(request)
    if queries.second_factor_of(officer) is None:
        return _enrol(request, officer)
    if getattr(officer, "otp_device", None) is not None:
        left = queries.recovery_codes_left(officer)
        return render(request, "institutions/second_factor_done.html", {"left": left, "next": _next(request)})
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        device = actions.verify_code(
            officer=officer,
            code=form.cleaned_data["code"],
            asker=asker(request),
            path=request.path,
            now=timezone.now(),
        )
        if device is not None:
            request.session.cycle_key()
            otp_login(request, device)
            return _onward(request)
        form.add_error("code", _wrong_code())
    return render(
        request,
        "institutions/second_factor.html",
        {"form": form, "next": _next(request), "kept": request.POST.get("kept", "")},
        status=_status(form.is_bound),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def purpose(request: HttpRequest) -> HttpResponse:
    """Declare for what purpose the officer works from now on, in this session."""
    now, officer = timezone.now(), officer_of(request)
    in_force = in_session(request.session, postings(officer, now))
    if in_force is None:
        return not_found(request, verb=Verb.EDIT, what="purpose", subject=officer.key, now=now)
    form = PurposeForm(request.POST if request.method == "POST" else None, initial={"purpose": in_force.value})
    if form.is_valid():
        declared = Purpose(form.cleaned_data["purpose"])
        actions.declare_purpose(
            officer=officer, purpose=declared, asker=asker(request), path=request.path, session=request.session, now=now
        )
        messages.success(request, _("Desde ahora trabaja para: %(purpose)s.") % {"purpose": PURPOSES[declared]})
        return redirect(_next(request))
    page = {"form": form, "next": _next(request), "word": PURPOSES[in_force]}
    return render(request, "institutions/purpose.html", page, status=_status(form.is_bound))


def _enrol(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show the square code of a new authenticator; once it is confirmed, the recovery codes, this one time."""
    device = actions.start_enrolment(officer=officer)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        codes = actions.confirm_enrolment(
            officer=officer,
            code=form.cleaned_data["code"],
            asker=asker(request),
            path=request.path,
            now=timezone.now(),
        )
        confirmed = queries.second_factor_of(officer)
        if codes is not None and confirmed is not None:
            request.session.cycle_key()
            otp_login(request, confirmed)
            return render(request, "institutions/recovery_codes.html", {"codes": codes, "next": _next(request)})
        form.add_error("code", _wrong_code())
    square = segno.make(device.config_url, error="m").svg_inline(scale=5, border=2)
    return render(
        request,
        "institutions/second_factor_enrol.html",
        # segno writes the picture from a fixed alphabet of path commands; nothing of the address is in it as text.
        {"form": form, "square": mark_safe(square), "secret": queries.secret_of(device), "next": _next(request)},
        status=_status(form.is_bound),
    )


def _wrong_code() -> str:
    return _("Este código no sirve. Espere a que su autenticador muestre otro, revise la hora del teléfono y pruebe.")


def _status(is_bound: bool) -> int:
    """A form that comes back with something wrong says so to machines too."""
    return 422 if is_bound else 200


def _onward(request: HttpRequest) -> HttpResponse:
    """What comes after sign-in: the form that was being sent when it was asked for, or the page."""
    typed = request.POST.get("kept", "")
    return (send_again(request, typed) if typed else None) or redirect(_next(request))


def _next(request: HttpRequest) -> str:
    """Where to go after sign-in: the page that was asked for, if it is one of this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else resolve_url("home")
