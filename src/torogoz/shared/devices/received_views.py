"""The forms that devices sent and that wait for a person: the list, and the page where one is decided about."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from torogoz.domain.access import Basis, Decision, Verb
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.cases.notices import told_elsewhere
from torogoz.shared.devices import queries
from torogoz.shared.devices.actions import DecidedAlready, decide
from torogoz.shared.devices.applying import person_meant
from torogoz.shared.devices.forms import RulingForm
from torogoz.shared.devices.models import FilledForm
from torogoz.shared.devices.reading import HeldSeen, held_seen_by, said_of
from torogoz.shared.devices.words import why_words
from torogoz.shared.institutions.access import officer_of, works_with_people
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.models import Person
from torogoz.shared.people.queries import person_seen_by
from torogoz.shared.ui.language import switching
from torogoz.shared.ui.templatetags.ui import language


@never_cache
@require_GET
def received(request: HttpRequest) -> HttpResponse:
    """The forms that wait and about which the officer may decide. The list names nobody."""
    now, officer = timezone.now(), officer_of(request)
    if not works_with_people(officer, now):
        return not_found(request, verb=Verb.LIST, what="filled_form", subject="", now=now)
    held = [
        {"form": form, "why": why_words(form.why), "says": said_of(form, language())}
        for form in queries.forms_held(officer, now)
    ]
    return render(request, "devices/received.html", {"held": held, "awaited": queries.forms_awaited(officer)})


@never_cache
@require_http_methods(["GET", "POST"])
def held(request: HttpRequest, key: UUID) -> HttpResponse:
    """What a form says and why it waits; and deciding about it."""
    now, officer = timezone.now(), officer_of(request)
    verb = Verb.EDIT if request.method == "POST" and not switching(request) else Verb.VIEW
    seen = held_seen_by(officer, key, language(), now)
    if seen is None:
        return not_found(request, verb=verb, what="filled_form", subject=key, now=now)
    form = RulingForm(request.POST if request.method == "POST" else None, held=seen)
    if verb is Verb.EDIT and form.is_valid():
        person = _person(form, officer)
        if person is None and form.verdict_chosen == form.verdict_chosen.SAME:
            form.add_error("reference", _("No hay a su alcance una sola persona con ese código o documento. Revíselo."))
        else:
            return _decided(request, officer, seen, form, person)
    disclosed(
        request,
        verb=Verb.VIEW,
        what="filled_form",
        subjects=[key, *(found.key for found in seen.alike)],
        decision=Decision(True, Basis.OWN, seen.form.institution.code),
        now=now,
        sections=seen.codes,
    )
    tokens = (told_elsewhere(request, officer, document, now) for document in seen.documents)
    page = {"seen": seen, "why": why_words(seen.form.why), "form": form, "elsewhere": next(filter(None, tokens), "")}
    return render(request, "devices/held.html", page, status=422 if form.is_bound and form.errors else 200)


def _person(form: RulingForm, officer: Officer) -> Person | None:
    now = timezone.now()
    if form.person_key:
        return person_seen_by(officer, form.person_key, now)
    reference = form.cleaned_data.get("reference", "")
    return person_meant(reference, officer, now) if reference else None


def _decided(
    request: HttpRequest, officer: Officer, seen: HeldSeen, form: RulingForm, person: Person | None
) -> HttpResponse:
    now = timezone.now()
    verdict, reason = form.verdict_chosen, form.cleaned_data["reason"]
    about = person if verdict == verdict.SAME else None
    try:
        done = decide(by=officer, form=seen.form, verdict=verdict, reason=reason, person=about, now=now)
    except NotAllowed:
        return not_found(request, verb=Verb.EDIT, what="filled_form", subject=seen.form.key, now=now)
    except DecidedAlready as earlier:
        last = earlier.form.rulings.order_by("pk").last()
        own = last is not None and last.by_id == officer.pk
        messages.info(
            request,
            _("Usted ya decidió sobre este formulario. No se cambió nada.")
            if own
            else _("Otra persona ya decidió sobre este formulario. No se cambió nada."),
        )
        return redirect("devices:received")
    if done.state == FilledForm.State.HELD:
        messages.warning(
            request, _("Su decisión quedó guardada, pero falta algo: %(why)s.") % {"why": why_words(done.why)}
        )
        return redirect("devices:held", key=done.key)
    if done.state == FilledForm.State.CLOSED:
        messages.success(request, _("No se escribió nada. El formulario se conserva como llegó, con su motivo."))
    else:
        messages.success(request, _("Se guardó lo que dice el formulario, en nombre suyo."))
    return redirect("devices:received")
