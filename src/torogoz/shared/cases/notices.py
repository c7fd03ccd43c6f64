"""What an officer is told of a record that is not open: that there is one elsewhere, and nothing of whom."""

from datetime import datetime

from django.http import HttpRequest

from torogoz.domain.access import Basis, Decision, Verb
from torogoz.shared.audit.reading import disclosed
from torogoz.shared.cases.queries import behind, breaker, elsewhere
from torogoz.shared.institutions.models import Officer


def told_elsewhere(request: HttpRequest, officer: Officer, document: str, now: datetime) -> str:
    """A token for somebody with this very document whom the officer may not see; that there is one is recorded.

    returns     what `cases/elsewhere.html` asks with; "" when there is nobody, or no document
    """
    token = elsewhere(officer, document, now) if document else ""
    if hidden := behind(officer, token) if token else None:
        seat = Decision(True, Basis.DUTY, breaker(officer, now))
        disclosed(request, verb=Verb.SEARCH, what="elsewhere", subjects=[hidden.key], decision=seat, now=now)
    return token
