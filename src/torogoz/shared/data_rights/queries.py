"""What may be read of requests: by the window that received them, and by the officer who decides them.

A request that an officer may not see and one that does not exist give the same answer: None.
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from torogoz.domain.access import GRANTED_BASES, GRANTED_ROLES, REFUSED, Basis, Decision, Posting, Role, Verb
from torogoz.domain.children import Minority, minority
from torogoz.domain.consents import Purpose
from torogoz.domain.data_rights import LIVE, OPEN, Right, Side, State, Step, steps_of
from torogoz.domain.disposal import State as DisposalState
from torogoz.domain.documents import fold_number
from torogoz.domain.sections import IDENTITY
from torogoz.domain.working_days import working_days_left
from torogoz.shared.data_rights.models import Disposal, OwnFile, Request, RequestStep
from torogoz.shared.institutions.access import may, postings, seats
from torogoz.shared.institutions.models import Institution, Membership, Officer, PersonGrant
from torogoz.shared.people.models import Correction, DocumentCorrection, Encounter, Person, Section
from torogoz.shared.people.queries import birth_of, names_of, person_seen_by, subject_of, with_document
from torogoz.shared.vault.keyring import CannotOpen
from torogoz.shared.vault.sealing import Batch
from torogoz.statistics.days_off import holidays_from

CHILD_PROTECTION = "child_protection"
logger = logging.getLogger(__name__)

WINDOW_ROLES = GRANTED_ROLES | {Role.DATA_PROTECTION}
"""Who receives a request: whoever reads people, and who protects their data."""


@dataclass(frozen=True)
class RequestSeen:
    """A request as an officer sees it.

    details     who asks and what; empty, and `shut`, when it does not open
    left        working days until the term ends; negative when it has
    overdue     whether the term has ended and the person has no answer
    """

    request: Request
    state: State
    sides: frozenset[Side]
    steps: tuple[Step, ...]
    details: dict[str, Any]
    shut: bool
    left: int
    overdue: bool

    @property
    def live(self) -> bool:
        return self.state in LIVE

    @property
    def late(self) -> int:
        """Working days since the term ended."""
        return max(0, -self.left)

    @property
    def mine(self) -> bool:
        """Whether it waits for a decision of this officer."""
        return self.live and Side.DECIDES in self.sides


def window_of(officer: Officer, now: datetime) -> Posting | None:
    """The posting as which the officer receives requests; None for who does not."""
    return next((held for held in postings(officer, now) if held.role in WINDOW_ROLES), None)


def takes_part(officer: Officer, now: datetime) -> bool:
    """Whether the officer receives or decides requests at all."""
    return window_of(officer, now) is not None


def as_window(officer: Officer, now: datetime) -> Decision:
    """The ground on which a window receives a request: the duty of every institution to do so."""
    held = window_of(officer, now)
    return Decision(True, Basis.DUTY, held.institution) if held else REFUSED


def requests_seen_by(officer: Officer, now: datetime) -> list[RequestSeen]:
    """The requests of the officer's window and those that the officer decides: first those that end first."""
    found = _within(officer, now)
    if found is None:
        return []
    related = ("person", "window", "office", "responsible", "received_by", "decided_by", "limit", "file")
    batch, today = Batch(), timezone.localdate(now)
    rows = [_seen(officer, row, now, today, batch) for row in found.select_related(*related).order_by("due", "pk")]
    return sorted(rows, key=lambda seen: not seen.live)


def request_seen_by(officer: Officer, key: UUID | str, now: datetime) -> RequestSeen | None:
    """The request with this key; None when the officer may not know that there is one."""
    found = _within(officer, now)
    related = ("person", "window", "office", "responsible", "received_by", "decided_by", "limit", "file")
    row = found.filter(key=key).select_related(*related).first() if found is not None else None
    return _seen(officer, row, now, timezone.localdate(now), Batch()) if row else None


def waiting_requests(officer: Officer, now: datetime) -> int:
    """How many requests wait for this officer's decision or its delivery: shown in the menu."""
    decides = seats(officer, Verb.AUDIT, now)
    return Request.objects.filter(responsible__code__in=decides, state__in=[one.value for one in LIVE]).count()


def overdue_requests(officer: Officer, now: datetime) -> int:
    """How many of them are past their term: shown in the menu, loudly."""
    decides = seats(officer, Verb.AUDIT, now)
    live = Request.objects.filter(responsible__code__in=decides, state__in=[one.value for one in LIVE])
    return live.filter(due__lt=timezone.localdate(now)).count()


def steps_seen(seen: RequestSeen) -> list[RequestStep]:
    """What was done with a request, the oldest first."""
    stored = RequestStep.objects.filter(request=seen.request).select_related("by", "institution")
    return list(stored.order_by("pk"))


def person_at_window(officer: Officer, key: UUID | str, now: datetime) -> Person | None:
    """A person whose identity the officer reads by reach, so that she can ask at this window; None otherwise."""
    person = person_seen_by(officer, key, now)
    return person if person is not None and may_ask_at_window(officer, person, now) else None


def may_ask_at_window(officer: Officer, person: Person, now: datetime) -> bool:
    """Whether a person whom the officer sees can ask at this window: the officer reads her identity by reach."""
    if window_of(officer, now) is None:
        return False
    decision = may(officer, Verb.VIEW, subject_of(person), IDENTITY, now)
    return bool(decision) and decision.basis not in GRANTED_BASES


def with_this_document(number: str) -> Person | None:
    """The one person who bears exactly this document; None when there is none, or more than one.

    It is for the request alone: the window is not told whether anybody was found.
    """
    found = list(with_document(Person.objects.all(), number)[:2]) if number.strip() else []
    return found[0] if len(found) == 1 else None


def responsible_for(person: Person | None, window: str, now: datetime) -> Institution:
    """The institution whose data-protection officer decides.

    It is the one that registered the person; when nobody protects data there, the one that keeps the common base
    (setting TOROGOZ_PUBLISHER), then the one that received the request. An institution without such an officer is
    named only when none of the three has one, and the page says that nobody decides.
    """
    wanted = [person.institution.code] if person else []
    wanted += [settings.PUBLISHING_INSTITUTION, window] if person else [window, settings.PUBLISHING_INSTITUTION]
    served = set(
        Membership.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gt=now),
            valid_from__lte=now,
            officer__is_active=True,
            role=Role.DATA_PROTECTION.value,
        ).values_list("institution__code", flat=True)
    )
    code = next((code for code in wanted if code in served), wanted[0])
    return Institution.objects.get(code=code)


def has_who_decides(request: Request, now: datetime) -> bool:
    """Whether anybody protects data at the responsible institution."""
    return Membership.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=now),
        valid_from__lte=now,
        officer__is_active=True,
        role=Role.DATA_PROTECTION.value,
        institution=request.responsible,
    ).exists()


def open_like(
    held: Posting, person: Person | None, right: Right, purpose: Purpose | None, document: str
) -> Request | None:
    """A request for the same, not decided yet, that this window received of the same person: whose record it has
    open, or who showed the same document. What other windows received, and whose a document is, decides nothing."""
    still = [one.value for one in OPEN]
    found = Request.objects.filter(
        window__code=held.institution, office=held.office, right=right.value, state__in=still
    )
    if right is Right.OPPOSITION:
        found = found.filter(purpose=purpose.value if purpose else "")
    shown, batch = fold_number(document), Batch()
    for one in found.select_related("window").order_by("pk"):
        if person is not None and one.person_id == person.pk:
            return one
        if person is None and shown and fold_number(one.details_in(batch).get("document", "")) == shown:
            return one
    return None


def shut_out(person: Person, now: datetime) -> list[Institution]:
    """The institutions that a limitation would keep from the record: all but the one that registered the person, of
    those that met her, wrote of her, or read by a consent or a hand-over that was not closed."""
    told = Q(pk__in=Encounter.objects.filter(person=person).values("institution"))
    told |= Q(pk__in=Section.objects.filter(encounter__person=person).values("institution"))
    told |= Q(pk__in=PersonGrant.objects.filter(person=person.key, valid_until__gt=now).values("institution"))
    return list(Institution.objects.filter(told).exclude(pk=person.institution_id).order_by("code"))


def protecting(person: Person, now: datetime) -> list[Institution]:
    """The institutions, other than the one that registered the person, that wrote of her protection as a child; none
    for who is 18 or over for certain."""
    if minority(birth_of(person), timezone.localdate(now)) is Minority.ADULT:
        return []
    written = Section.objects.filter(encounter__person=person, code=CHILD_PROTECTION).values("institution")
    return list(Institution.objects.filter(pk__in=written).exclude(pk=person.institution_id).order_by("code"))


def corrected_since(request: Request) -> bool:
    """Whether somebody has corrected the person's record after the rectification was granted."""
    if request.person is None or request.decided_at is None:
        return False
    since = {"person": request.person, "corrected_at__gte": request.decided_at}
    if any(model.objects.filter(**since).exists() for model in (Correction, DocumentCorrection)):
        return True
    written = Section.objects.filter(
        encounter__person=request.person, version__gt=1, recorded_at__gte=request.decided_at
    )
    return written.exists()


def disposed(request: Request) -> bool:
    """Whether the second officer has confirmed the disposal that this cancellation asked for."""
    return Disposal.objects.filter(request=request, state=DisposalState.DONE.value).exists()


def to_correct(officer: Officer, person: Person, now: datetime) -> list[Request]:
    """The granted rectifications of a person that wait for a correction, for an officer who may make it."""
    if not may(officer, Verb.EDIT, subject_of(person), IDENTITY, now):
        return []
    granted = Request.objects.filter(
        person=person, right=Right.RECTIFICATION.value, state__in=(State.GRANTED.value, State.PARTLY.value)
    )
    return [one for one in granted.select_related("window").order_by("pk") if not corrected_since(one)]


def file_seen_by(officer: Officer, key: UUID | str, now: datetime) -> OwnFile | None:
    """The archive of a request, for who is at its window and did not make it, while it is kept; else None."""
    seen = request_seen_by(officer, key, now)
    if seen is None or Side.WINDOW not in seen.sides:
        return None
    made = OwnFile.objects.filter(request=seen.request, until__gt=now).exclude(made_by=officer).first()
    return made if made and made.path.exists() else None


def expired_files(now: datetime) -> list[OwnFile]:
    """The archives that may no longer be fetched and lie there still."""
    return [made for made in OwnFile.objects.filter(until__lte=now) if made.path.exists()]


def called(person: Person) -> str:
    """The name on papers, or the one that others use; empty when there is neither."""
    name, aliases = names_of(person)
    return str(name) or next(iter(aliases), "")


def _within(officer: Officer, now: datetime) -> QuerySet[Request] | None:
    held = [posting for posting in postings(officer, now) if posting.role in WINDOW_ROLES]
    decides = seats(officer, Verb.AUDIT, now)
    if not held:
        return None
    within = Q(responsible__code__in=decides)
    for posting in held:
        within |= Q(window__code=posting.institution, office=posting.office)
    return Request.objects.filter(within)


def _seen(officer: Officer, row: Request, now: datetime, today: date, batch: Batch) -> RequestSeen:
    sides = _sides(officer, row, now)
    state = State(row.state)
    try:
        details, shut = row.details_in(batch), False
    except CannotOpen as why:
        logger.error("%s", why)
        details, shut = {}, True
    left = working_days_left(today, row.due, holidays_from(min(today, row.due).year))
    steps = steps_of(state, sides)
    return RequestSeen(row, state, sides, steps, details, shut, left, state in LIVE and today > row.due)


def _sides(officer: Officer, row: Request, now: datetime) -> frozenset[Side]:
    sides = set()
    if row.responsible.code in seats(officer, Verb.AUDIT, now):
        sides.add(Side.DECIDES)
    for posting in postings(officer, now):
        if (posting.institution, posting.office) == (row.window.code, row.office_id) and posting.role in WINDOW_ROLES:
            sides.add(Side.WINDOW)
    return frozenset(sides)
