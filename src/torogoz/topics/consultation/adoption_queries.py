"""A consultation as a plain structure: the position and the minutes, for pages, documents and the hash."""

from datetime import datetime

from torogoz.domain.consultations import MinutesState, PositionState
from torogoz.domain.deliberation import Result
from torogoz.domain.polls import Moment, moment
from torogoz.domain.positions import (
    AdoptedPosition,
    AttendanceEntry,
    BodyEntry,
    Both,
    DissentEntry,
    MinutesDocument,
    OutcomeEntry,
    PhaseEntry,
    PointEntry,
    PositionDocument,
    RulesEntry,
    ThemeEntry,
)
from torogoz.shared.polls.models import Poll
from torogoz.shared.polls.queries import polls_about
from torogoz.topics.consultation.models import Adoption, Draft, Minutes, Outcome
from torogoz.topics.consultation.process_models import Event, Invitation, Process


def both(thing: object, field: str) -> Both:
    """`field_es` and `field_en` of a row."""
    return Both(getattr(thing, f"{field}_es"), getattr(thing, f"{field}_en"))


def name_of(invitation: Invitation) -> Both:
    """The names of a convened body: of its institution, or its own."""
    return both(invitation.institution or invitation, "name")


def position_document(process: Process) -> PositionDocument:
    """Everything that the position of this consultation says, as it stands: what is decided, in its order.

    Officers' names, attendance and contributions are no part of it.
    """
    rules = process.rules
    invitations = process.invitations.select_related("institution").order_by("position", "pk")
    themes = process.themes.select_related("parent").order_by("position", "pk")
    return PositionDocument(
        code=process.code,
        title=both(process, "title"),
        question=both(process, "question"),
        mandate=both(process, "mandate"),
        convener=both(process.convener, "name"),
        rules=RulesEntry(
            rules.rule.value,
            (rules.share.numerator, rules.share.denominator),
            rules.more_than,
            rules.base.value,
            rules.quorum_seats,
            dict(rules.quorum_groups),
        )
        if rules
        else None,
        source=process.source,
        bodies=tuple(
            BodyEntry(name_of(one), one.group, one.part, both(one, "part"), one.seats, one.reply) for one in invitations
        ),
        phases=tuple(PhaseEntry(one.kind, one.starts_on, one.ends_on) for one in process.phases.order_by("pk")),
        themes=tuple(ThemeEntry(one.code, one.parent.code if one.parent else "", both(one, "name")) for one in themes),
        outcomes=tuple(outcome_entry(one) for one in decided_outcomes(process)),
    )


def decided_outcomes(process: Process) -> list[Outcome]:
    """The outcomes of a consultation, in the order of its texts."""
    found = Outcome.objects.filter(draft__process=process).select_related("draft__theme", "version")
    return list(found.prefetch_related("draft__points").order_by("draft__position", "draft__pk"))


def outcome_entry(outcome: Outcome) -> OutcomeEntry:
    """One outcome. Where there was no agreement it holds no text: the points that were agreed, and why."""
    draft, agreed = outcome.draft, outcome.result != Result.NOT_AGREED
    version = outcome.version
    return OutcomeEntry(
        code=draft.code,
        theme=draft.theme.code if draft.theme else "",
        kind=draft.kind,
        title=both(draft, "title"),
        result=outcome.result,
        text=both(version, "text") if version and agreed else Both(),
        points=tuple(
            PointEntry(one.code, one.kind, both(one, "text"), one.agreed)
            for one in sorted(draft.points.all(), key=lambda point: (point.position, point.pk))
        ),
        tally=outcome.tally,
        silent=outcome.silent,
        dissent=None
        if outcome.dissent is None
        else tuple(DissentEntry(Both(one["es"], one["en"]), one["stance"], one["reason"]) for one in outcome.dissent),
        note=both(outcome, "note"),
    )


def adoption_of(process: Process) -> Adoption | None:
    """The position that was adopted, or else the one that is proposed."""
    found = process.adoptions.exclude(state=PositionState.WITHDRAWN.value)
    return found.select_related("proposed_by", "confirmed_by", "instrument").order_by("state").first()


def adopted_position(process: Process) -> AdoptedPosition | None:
    """The position with the act of adopting it. Of a consultation recorded after the fact, without the act; None for
    one that has adopted nothing."""
    held = adoption_of(process)
    if held is not None and held.state == PositionState.ADOPTED:
        return AdoptedPosition(
            document=position_document(process),
            sha256=held.sha256,
            proposed_by=held.proposed_by.full_name if held.proposed_by else "",
            confirmed_by=held.confirmed_by.full_name if held.confirmed_by else "",
            adopted_at=held.confirmed_at,
            instrument=held.instrument.code if held.instrument else "",
        )
    if process.source and process.instrument is not None:
        return AdoptedPosition(position_document(process), instrument=process.instrument.code)
    return None


def undecided(process: Process) -> list[Draft]:
    """The texts that have no outcome yet."""
    return list(process.drafts.filter(outcome__isnull=True).order_by("position", "pk"))


def without_minutes(process: Process) -> list[Event]:
    """The meetings that have no final minutes."""
    return list(process.events.exclude(minutes__state=MinutesState.FINAL.value).order_by("starts_on", "pk"))


def polls_not_closed(process: Process, now: datetime) -> list[Poll]:
    """The votes and on-line consultations of it that are open, or still to open."""
    return [one for one in polls_about(process.key) if moment(one.standing, now) in (Moment.WAITING, Moment.OPEN)]


def minutes_document(minutes: Minutes) -> MinutesDocument:
    """The minutes of a meeting with who was there, by bodies and counts; nobody's name is in it."""
    event = minutes.event
    attendances = event.attendances.select_related("invitation__institution").order_by("invitation__position", "pk")
    return MinutesDocument(
        consultation=both(event.process, "title"),
        event=both(event, "name"),
        starts_on=event.starts_on,
        ends_on=event.ends_on,
        place=event.place,
        state=minutes.state,
        text=both(minutes, "text"),
        attendance=tuple(
            AttendanceEntry(name_of(one.invitation), one.invitation.group, one.presence, one.people)
            for one in attendances
        ),
        final_at=minutes.final_at,
        sha256=minutes.sha256,
    )
