"""The screens of independent bodies, and the reply of an institution."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from torogoz.domain.access import Verb
from torogoz.shared.audit.reading import not_found
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.institutions.queries import institutions_by_code
from torogoz.shared.provisions.queries import provision_called
from torogoz.shared.ui.templatetags.ui import language
from torogoz.statistics.deliberation.progress import Status
from torogoz.topics.commitments import assessment_actions, assessment_queries, duty_queries, follow_up_pages
from torogoz.topics.commitments import follow_up_rights as rights
from torogoz.topics.commitments.answering import Screen, answered, stepped
from torogoz.topics.commitments.assessment_forms import AssessmentForm, ReplyForm
from torogoz.topics.commitments.follow_up_parts import of_provision


@require_safe
def assessments(request: HttpRequest) -> HttpResponse:
    """What the own body wrote, drafts first, and where columns diverge."""
    now, officer = timezone.now(), officer_of(request)
    if not rights.assesses_for(officer, now):
        return not_found(request, verb=Verb.ASSESS, what="assessment", subject="", now=now)
    found = assessment_queries.assessments_seen_by(officer, now)
    rows = [
        (each, follow_up_pages.called(each.provision), follow_up_pages.shown(Status(each.status))) for each in found
    ]
    rows.sort(key=lambda row: row[0].published_at is not None)
    page = {"rows": rows, "divergences": follow_up_pages.divergences(now)["rows"]}
    return render(request, "commitments/assessments.html", page)


@require_http_methods(["GET", "POST"])
def assess(request: HttpRequest, key: UUID) -> HttpResponse:
    """Write what the own body finds of a commitment; a draft that nobody else sees."""
    now, officer = timezone.now(), officer_of(request)
    found, bodies = provision_called(key), rights.assesses_for(officer, now)
    if found is None or not bodies:
        return not_found(request, verb=Verb.ASSESS, what="assessment", subject=key, now=now)
    draft = assessment_queries.draft_of(officer, found, now)
    body = draft.body if draft else institutions_by_code()[bodies[0]]
    form = AssessmentForm(request.POST if request.method == "POST" else None, draft=draft)
    here = reverse("commitments:assess", args=[key])

    def act() -> str:
        expected = form.cleaned_data["expected"] or 0
        assessment_actions.write_assessment(
            by=officer, body=body, provision=found, said=form.said, expected=expected, now=now
        )
        return here

    more = {"draft": draft, "part": of_provision(found, None, now), "provision": found}
    screen = Screen(
        _("Evaluar un compromiso"),
        _("Guardar el borrador"),
        reverse("commitments:assessments"),
        follow_up_pages.called(found),
        more,
        "commitments/assess.html",
    )
    return answered(
        request, form, screen, act, done=_("Se guardó el borrador; nadie más lo ve. Publíquelo cuando esté.")
    )


@require_POST
def assessment_publish(request: HttpRequest, key: UUID) -> HttpResponse:
    """Publish the draft of the own body."""
    now, officer = timezone.now(), officer_of(request)
    found = assessment_queries.assessment_seen_by(officer, key, now)
    if found is None:
        return not_found(request, verb=Verb.ASSESS, what="assessment", subject=key, now=now)
    asked = request.POST.get("expected", "0")
    expected = int(asked) if asked.isdecimal() else 0

    def act() -> str:
        assessment_actions.publish_assessment(by=officer, assessment=found, expected=expected, now=now)
        return reverse("commitments:provision", args=[found.provision.key])

    back = reverse("commitments:assess", args=[found.provision.key])
    return stepped(request, act, done=_("Se publicó la evaluación."), back=back, language=language())


@require_http_methods(["GET", "POST"])
def reply(request: HttpRequest, key: UUID) -> HttpResponse:
    """Answer a published assessment for an institution that answers for the commitment."""
    now, officer = timezone.now(), officer_of(request)
    found = assessment_queries.published_called(key, now)
    bodies = duty_queries.answers_for(officer, found.provision, now) if found else []
    if found is None or not bodies:
        return not_found(request, verb=Verb.REPORT, what="assessment_reply", subject=key, now=now)
    form = ReplyForm(request.POST if request.method == "POST" else None, bodies=bodies)
    back = reverse("commitments:provision", args=[found.provision.key])

    def act() -> str:
        kept = form.cleaned_data
        body = institutions_by_code()[kept["institution"]]
        words = {"text_es": kept["text_es"], "text_en": kept["text_en"]}
        assessment_actions.reply(by=officer, assessment=found, institution=body, now=now, **words)
        return back

    screen = Screen(
        _("Responder a una evaluación"), _("Publicar la respuesta"), back, follow_up_pages.called(found.provision)
    )
    return answered(request, form, screen, act, done=_("La respuesta quedó publicada junto a la evaluación."))
