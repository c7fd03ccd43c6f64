"""What every page may say about the site it belongs to."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from torogoz.domain.access import Verb, decide
from torogoz.shared.audit.asking import asker
from torogoz.shared.audit.declared import purpose_of
from torogoz.shared.audit.words import RECORDED_PURPOSES
from torogoz.shared.cases.handover_queries import takes_part, waiting_handovers
from torogoz.shared.cases.queries import reviews, waiting_for
from torogoz.shared.data_rights.breach_queries import overdue_breaches
from torogoz.shared.data_rights.queries import overdue_requests, waiting_requests
from torogoz.shared.data_rights.queries import takes_part as receives
from torogoz.shared.devices.queries import forms_held
from torogoz.shared.exports.queries import waiting_exports
from torogoz.shared.households.child_queries import lists_children
from torogoz.shared.institutions.access import officer_of, works_with_people
from torogoz.shared.oversight.queries import open_alerts, warns
from torogoz.shared.protocols import queries as protocols
from torogoz.shared.submissions.queries import assignments
from torogoz.site.topics import WORKING_TOPICS


def site(request: HttpRequest) -> dict[str, Any]:
    """Whether this is the demonstration country, how a person is reached, and the topics that work, for the menu."""
    return {
        "demonstration": settings.DEMONSTRATION,
        "two_factor": settings.TWO_FACTOR,
        "contact": settings.CONTACT,
        "working_topics": WORKING_TOPICS,
        "purpose_in_force": lambda: RECORDED_PURPOSES.get(purpose_of(asker(request).officer), ""),
        "works_with_people": lambda: _signed_in(request) and works_with_people(officer_of(request), timezone.now()),
        # Asked by the menu of somebody signed in; public pages never ask.
        "may_submit": lambda: bool(assignments(officer_of(request), timezone.now())),
        "may_publish": lambda: bool(decide(asker(request).postings, Verb.PUBLISH, None, None, (), timezone.now())),
        "may_audit": lambda: bool(decide(asker(request).postings, Verb.AUDIT, None, None, (), timezone.now())),
        "oversight_warns": lambda: warns(timezone.now()),
        "alerts_waiting": lambda: open_alerts(officer_of(request), timezone.now()),
        "may_hand_over": lambda: takes_part(officer_of(request), timezone.now()),
        "handovers_waiting": lambda: waiting_handovers(officer_of(request), timezone.now()),
        "may_list_children": lambda: lists_children(officer_of(request), timezone.now()),
        "may_receive_requests": lambda: receives(officer_of(request), timezone.now()),
        "requests_waiting": lambda: waiting_requests(officer_of(request), timezone.now()),
        "requests_overdue": lambda: overdue_requests(officer_of(request), timezone.now()),
        "breaches_overdue": lambda: overdue_breaches(officer_of(request), timezone.now()),
        "may_agree": lambda: protocols.agrees(officer_of(request), timezone.now()),
        "exports_waiting": lambda: waiting_exports(officer_of(request), timezone.now()),
        "changes_waiting": lambda: protocols.waiting(officer_of(request), timezone.now()),
        "may_review_glass": lambda: reviews(officer_of(request), timezone.now()),
        "forms_held": lambda: len(forms_held(officer_of(request), timezone.now())),
        "glass_waiting": lambda: waiting_for(officer_of(request), timezone.now()),
    }


def _signed_in(request: HttpRequest) -> bool:
    """Whether somebody has signed in; the page of an error may come before anybody could."""
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated
