"""The page of how a person is reached."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from torogoz.domain.access import Verb
from torogoz.domain.contacts import ContactRefused, Safe, Way, Whose
from torogoz.domain.sections import CONTACTS
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.households import actions, queries
from torogoz.shared.households.forms import ContactForm
from torogoz.shared.households.words import DOUBTS, SAFE_BADGES, WAYS, WHOSES, called
from torogoz.shared.institutions.access import may, officer_of
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.queries import person_seen_by, subject_of
from torogoz.shared.ui.language import switching

STEPS = {"end": actions.end_contact, "forbid": actions.forbid_contact}
DONE = {
    "end": gettext_lazy("Se dio por terminado."),
    "forbid": gettext_lazy("Desde este momento nadie ve ese dato. Se conserva para que no se vuelva a anotar."),
}


@never_cache
@require_http_methods(["GET", "POST"])
def contacts(request: HttpRequest, key: UUID) -> HttpResponse:
    """How a person is reached, for whom the protocol names; and noting one more way."""
    now, officer = timezone.now(), officer_of(request)
    adding = request.method == "POST" and not switching(request)
    verb = Verb.CREATE if adding else Verb.VIEW
    person = person_seen_by(officer, key, now)
    decision = may(officer, Verb.VIEW, subject_of(person), CONTACTS, now) if person else None
    if person is None or not decision:
        return not_found(request, verb=verb, what="contact", subject=key, now=now, section=CONTACTS)
    may_write = queries.may_write_contacts(officer, person, now)
    if request.method == "POST" and not may_write:
        return not_found(request, verb=verb, what="contact", subject=key, now=now, section=CONTACTS)
    form = ContactForm(request.POST if adding else None, initial=request.POST.dict() if switching(request) else None)
    if adding and form.is_valid():
        try:
            _contact, read = actions.add_contact(by=officer, person=person, now=now, **form.read())
        except ContactRefused as why:
            form.refuse(why)
        except NotAllowed:
            return not_found(request, verb=verb, what="contact", subject=key, now=now, section=CONTACTS)
        else:
            messages.success(request, _("Se guardó el contacto, cifrado."))
            if read.doubt:
                messages.warning(request, DOUBTS[read.doubt])
            return redirect("households:contacts", key=key)
    disclosed(request, verb=Verb.VIEW, what="contact", subjects=[key], decision=decision, now=now, sections=[CONTACTS])
    lines = [
        {
            "seen": seen,
            "way": WAYS[Way(seen.contact.way)],
            "whose": WHOSES[Whose(seen.contact.whose)],
            "safe": SAFE_BADGES[Safe(seen.contact.safe)],
        }
        for seen in queries.contacts_seen_by(officer, person, now)
    ]
    page = {"person": person, "name": called(person), "lines": lines, "may_write": may_write, "form": form}
    return render(request, "households/contacts.html", page)


@require_POST
def contact_step(request: HttpRequest, key: UUID, contact: UUID, step: str) -> HttpResponse:
    """End a contact, or record that the person asks not to be contacted there."""
    now, officer = timezone.now(), officer_of(request)
    person = person_seen_by(officer, key, now)
    stored = queries.contacts_seen_by(officer, person, now) if person else []
    found = next((one.contact for one in stored if one.contact.key == contact), None)
    if person is None or found is None or step not in STEPS or not queries.may_write_contacts(officer, person, now):
        return not_found(request, verb=Verb.EDIT, what="contact", subject=key, now=now, section=CONTACTS)
    STEPS[step](by=officer, contact=found, now=now)
    if step == "forbid":
        messages.success(
            request, _("Desde este momento nadie ve ese dato. Se conserva para que no se vuelva a anotar.")
        )
    else:
        messages.success(request, _("Se dio por terminado."))
    return redirect("households:contacts", key=key)
