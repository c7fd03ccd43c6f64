"""Pages of skills: what institutions ask for, the form of who offers, and the desk of the institution that receives."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from torogoz.domain.access import Verb
from torogoz.domain.associations import AssociationRefused
from torogoz.domain.refusals import Refused
from torogoz.domain.skills import Field
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.codelists.queries import countries
from torogoz.shared.institutions.access import duty, officer_of
from torogoz.shared.institutions.lockout import client_address
from torogoz.shared.ui.public import public_page
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.diaspora import skill_actions as actions
from torogoz.topics.diaspora import skill_queries as queries
from torogoz.topics.diaspora.acting import count_sent, own_desks
from torogoz.topics.diaspora.association_forms import CodeForm
from torogoz.topics.diaspora.queries import edition
from torogoz.topics.diaspora.skill_forms import MatchForm, OfferForm, RequestForm
from torogoz.topics.diaspora.words import FIELDS, LANGUAGES

WHAT = "skill_offer"
FIELDS_SAID = {field.value: word for field, word in FIELDS.items()}


@public_page(edition)
def skills(request: HttpRequest) -> HttpResponse:
    """What institutions ask people abroad for. Of who offers nothing is shown, not even how many."""
    found = queries.requests_open(timezone.localdate())
    rows = [{"one": one, "field": FIELDS_SAID[one.field]} for one in found]
    return render(request, "diaspora/skills.html", {"rows": rows})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest) -> HttpResponse:
    """Offer a skill, without an account; the receipt is on the page that answers, once."""
    posted, now = request.method == "POST", timezone.now()
    form = OfferForm(request.POST if posted else None, initial={"token": uuid4()})
    if posted and form.is_valid():
        typed = dict(form.cleaned_data)
        token = typed.pop("token") or uuid4()
        typed["field"] = Field(typed["field"])
        try:
            code = actions.receive_offer(token=token, address=client_address(request), now=now, **typed)
        except Refused as why:
            form.refuse(why)
        else:
            return render(request, "diaspora/offer_received.html", {"code": code})
    return render(request, "diaspora/offer.html", {"form": form}, status=422 if posted else 200)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest) -> HttpResponse:
    """Withdraw an offer with its code: what is kept of who made it is deleted at once."""
    posted = request.method == "POST"
    form = CodeForm(request.POST if posted else None)
    if posted and form.is_valid():
        try:
            count_sent("code", client_address(request), timezone.now())
            found = queries.offer_with(form.cleaned_data["code"])
            if found is None:
                raise AssociationRefused("code", "code")
        except AssociationRefused as why:
            form.refuse(why, "code")
        else:
            actions.withdraw_offer(offer=found, now=timezone.now())
            done = _("Su ofrecimiento se retiró. Su nombre, su contacto y lo que escribió se borraron.")
            return render(request, "diaspora/done.html", {"done": done})
    return render(request, "diaspora/withdraw.html", {"form": form}, status=422 if posted else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def skill_desk(request: HttpRequest) -> HttpResponse:
    """For officers of the institutions that receive: their offers without names, and what they ask for."""
    now, officer = timezone.now(), officer_of(request)
    own = own_desks(officer, now)
    if not own:
        return not_found(request, verb=Verb.LIST, what=WHAT, subject="", now=now)
    posted = request.method == "POST"
    form = RequestForm(own, request.POST if posted else None)
    if posted and form.is_valid():
        actions.ask_for_skill(by=officer, now=now, **form.chosen)
        messages.success(request, _("La petición está publicada."))
        return redirect("diaspora:skill_desk")
    names = dict(countries(language()))
    rows = [
        {"one": one, "field": FIELDS_SAID[one.field], "country": names.get(one.country, one.country)}
        for one in queries.offers_received_by(own)
    ]
    ground = duty(officer, Verb.LIAISE, own[0], now)
    keys = [one["one"].key for one in rows]  # type: ignore[attr-defined]  # an offer, as the line above says
    disclosed(request, verb=Verb.LIST, what=WHAT, subjects=keys, decision=ground, now=now, channel="list")
    return render(request, "diaspora/skill_desk.html", {"form": form, "rows": rows}, status=422 if posted else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def match(request: HttpRequest, key: UUID) -> HttpResponse:
    """One offer, and the requests beside which it may be put. Who made it is on a page of its own."""
    now, officer = timezone.now(), officer_of(request)
    found = queries.offer_called(key)
    ground = actions.may_read(officer, found, now) if found else None
    if found is None or not ground:
        return not_found(request, verb=Verb.VIEW, what=WHAT, subject=key, now=now)
    posted = request.method == "POST"
    asked = [one for one in queries.requests_open(timezone.localdate(now)) if one.field == found.field]
    form = MatchForm(asked, request.POST if posted else None)
    if posted and form.is_valid():
        chosen = next(one for one in asked if str(one.key) == form.cleaned_data["request"])
        try:
            actions.match_offer(by=officer, offer=found, request=chosen, now=now)
        except Refused as why:
            form.refuse(why)
        else:
            messages.success(request, _("Se guardó. Abra el contacto para escribirle."))
            return redirect("diaspora:match", key=key)
    disclosed(request, verb=Verb.VIEW, what=WHAT, subjects=[key], decision=ground, now=now)
    page = {
        "one": found,
        "field": FIELDS_SAID[found.field],
        "languages": [LANGUAGES.get(code, code) for code in found.languages],
        "country": dict(countries(language())).get(found.country, found.country),
        "asked": asked,
        "form": form,
        "matches": queries.matches_of(found),
    }
    return render(request, "diaspora/match.html", page, status=422 if posted else 200)


@never_cache
@require_POST
def offer_contact(request: HttpRequest, key: UUID) -> HttpResponse:
    """Who made an offer and how she is reached, for the institution that received it: each opening is recorded."""
    now, officer = timezone.now(), officer_of(request)
    found = queries.offer_called(key)
    ground = actions.may_read(officer, found, now) if found else None
    if found is None or not ground:
        return not_found(request, verb=Verb.VIEW, what=WHAT, subject=key, now=now, section="contacts")
    said = queries.contact_of(found)
    disclosed(request, verb=Verb.VIEW, what=WHAT, subjects=[key], decision=ground, now=now, sections=["contacts"])
    return render(request, "diaspora/offer_contact.html", {"said": said, "one": found})
