"""The second step of sign-in: a code of an authenticator (TOTP), or one of the recovery codes on paper."""

from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from torogoz.shared.institutions.forms import CodeForm
from torogoz.shared.institutions.models import Officer
from torogoz.shared.institutions.queries import second_factor_of
from torogoz.shared.institutions.typed import kept

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def before_second_factor(view: View) -> View:
    """Mark a view that an officer may ask before the second step: the step itself, and leaving."""
    view.before_second_factor = True  # type: ignore[attr-defined]  # a mark on a function, as Django's own login_required
    return view


def has_proved_identity(officer: Officer) -> bool:
    """Whether `officer`, as put on the request, has done every step of sign-in that the settings ask for."""
    device = getattr(officer, "otp_device", None)
    return not settings.TWO_FACTOR or device is not None


class SecondFactorMiddleware(LoginRequiredMiddleware):
    """Officers who have not done the second step reach nothing but that step (and what anybody may read)."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[object, ...],
        view_kwargs: dict[str, object],
    ) -> HttpResponse | None:
        """Let the request pass, or send it to the second step."""
        if not getattr(view_func, "login_required", True) or getattr(view_func, "before_second_factor", False):
            return None
        officer = request.user
        if not isinstance(officer, Officer) or has_proved_identity(officer):
            return None
        if (typed := kept(request)) and second_factor_of(officer) is not None:
            page = {"form": CodeForm(), "next": request.path, "kept": typed, "language_next": request.path}
            return render(request, "institutions/second_factor.html", page, status=401)
        return redirect_to_login(request.get_full_path(), "two_factor")
