"""What a secretariat does: a process, its phases and meetings, the bodies convened; and what these answer."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from torogoz.domain.access import Verb
from torogoz.domain.consultations import (
    GOING_ON,
    TAKES_MORE,
    ConsultationRefused,
    Part,
    PhaseKind,
    Presence,
    ProcessState,
    Reply,
    TableState,
    after,
)
from torogoz.shared.institutions.access import may_for
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.topics.consultation.acting import (
    allowed,
    as_seat_or_secretariat,
    as_secretariat,
    change,
    hold,
    sent_before,
    written,
)
from torogoz.topics.consultation.process_models import (
    Attendance,
    AttendanceNames,
    Event,
    Invitation,
    Phase,
    Process,
)

CONSULTATION = "consultation"


@dataclass(frozen=True)
class ProcessTyped:
    """What a secretariat types of a process: words in both languages, and the rules of decision."""

    title_es: str
    title_en: str
    question_es: str
    question_en: str
    mandate_es: str
    mandate_en: str
    rule: str
    share_top: int = 1
    share_bottom: int = 2
    more_than: bool = False
    base: str = "sides"
    quorum_seats: int = 0
    quorum_groups: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Invited:
    """A body to convene: the code of an institution, or the names of a body that is none; its group, part and seats."""

    group: str
    part: Part
    seats: int | None
    institution: str = ""
    name_es: str = ""
    name_en: str = ""


COUNCIL = (
    *(
        Invited("government", Part.DECIDES, 1, name_es=f"Institución del Estado {n}", name_en=f"State institution {n}")
        for n in range(1, 12)
    ),
    *(
        Invited(
            "diaspora", Part.DECIDES, 1, name_es=f"Asociación de la diáspora {n}", name_en=f"Diaspora association {n}"
        )
        for n in range(1, 4)
    ),
    Invited("organisation", Part.DECIDES, 1, name_es="Organización no gubernamental", name_en="Non-governmental body"),
    Invited("university", Part.DECIDES, 1, name_es="Universidad 1", name_en="University 1"),
    Invited("university", Part.DECIDES, 1, name_es="Universidad 2", name_en="University 2"),
    Invited("business", Part.DECIDES, 1, name_es="Pequeña o mediana empresa", name_en="Small or medium enterprise"),
)
"""The 11 + 7 seats of the council of 2011 (CONMIGRANTES, DL 655), without names: who takes each is for the convener."""


@transaction.atomic
def create_process(
    *, by: Officer, institution: str, code: str, typed: ProcessTyped, now: datetime, token: UUID | None = None
) -> Process:
    """Prepare a consultation that `institution` (its code) convenes; nobody else sees it yet.

    Sent twice with the same words, it gives what it gave the first time.
    raises  NotAllowed, ConsultationRefused, DeliberationRefused
    """
    decision = allowed(may_for(by, Verb.CONVENE, institution, now))
    if sent := sent_before(Process, token, by, "created_by", {"code": code, **asdict(typed)}):
        assert isinstance(sent, Process)
        return sent
    convener = Institution.objects.get(code=institution)
    made = Process(
        code=code,
        token=token,
        convener=convener,
        made_up=by.made_up,
        created_by=by,
        created_at=now,
        changed_at=now,
        **asdict(typed),
    )
    made.rules  # noqa: B018  # a rule that decides nothing is refused here
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise ConsultationRefused("code", "code_elsewhere", taken=code) from None
    Phase.objects.bulk_create(Phase(process=made, kind=kind.value) for kind in PhaseKind)
    written(by, made, CONSULTATION, made.key, decision, now, Verb.CREATE)
    return made


@transaction.atomic
def change_process(*, by: Officer, process: Process, typed: ProcessTyped, version: int, now: datetime) -> None:
    """Change words and rules. Once at work, the rules by which it decides stay as they are.

    raises  NotAllowed, ConsultationRefused (`state`, `stale`), DeliberationRefused
    """
    decision = as_secretariat(by, process, now)
    if process.state not in (ProcessState.PREPARED, ProcessState.CONVENED):
        raise ConsultationRefused("", "state")
    Process(**asdict(typed)).rules  # noqa: B018
    change(process, version, **asdict(typed))
    written(by, process, CONSULTATION, process.key, decision, now)


@transaction.atomic
def take_step(*, by: Officer, process: Process, step: str, now: datetime) -> None:
    """Convene, start, close or reopen. Closing closes the tables that are open, with their screens; reopening opens
    none. Raises NotAllowed, ConsultationRefused."""
    decision = as_secretariat(by, process, now)
    hold(process)
    leads = after(ProcessState(process.state), step)
    if step == "convene":
        if process.rules is None:
            raise ConsultationRefused("", "no_rules")
        if not process.invitations.filter(part=Part.DECIDES).exists():
            raise ConsultationRefused("", "nobody_invited")
        process.invitations.filter(invited_at__isnull=True).update(invited_at=now)
    if step == "close":
        process.tables.filter(state=TableState.OPEN.value).update(
            state=TableState.CLOSED.value, ends_at=None, screen=None, version=F("version") + 1
        )
    change(process, process.version, state=leads.value)
    written(by, process, CONSULTATION, process.key, decision, now)


@transaction.atomic
def publish(*, by: Officer, process: Process, results: bool, shown: bool, now: datetime) -> None:
    """Open or close the gate to the public: of the process, or of its results (which needs the first open).

    What was adopted stays public, for everybody who holds a sheet with its address and hash.
    Raises NotAllowed, ConsultationRefused (`adopted_stays`, `state`)."""
    decision = as_secretariat(by, process, now)
    hold(process)
    if process.state == ProcessState.ADOPTED and not shown:
        raise ConsultationRefused("", "adopted_stays")
    moment = now if shown else None
    if results and shown and process.published_at is None:
        raise ConsultationRefused("", "state")
    if results:
        change(process, process.version, results_at=moment)
    else:
        change(process, process.version, published_at=moment, **({} if shown else {"results_at": None}))
    written(by, process, CONSULTATION, process.key, decision, now, Verb.PUBLISH)


@transaction.atomic
def set_phase(
    *, by: Officer, process: Process, kind: PhaseKind, starts_on: date | None, ends_on: date | None, now: datetime
) -> None:
    """Give a phase its days. Raises NotAllowed, ConsultationRefused."""
    decision = as_secretariat(by, process, now)
    if starts_on and ends_on and ends_on < starts_on:
        raise ConsultationRefused("ends_on", "dates")
    Phase.objects.update_or_create(process=process, kind=kind, defaults={"starts_on": starts_on, "ends_on": ends_on})
    written(by, process, CONSULTATION, process.key, decision, now)


@transaction.atomic
def invite(*, by: Officer, process: Process, bodies: Iterable[Invited], now: datetime) -> list[Invitation]:
    """Convene these bodies, all or none. Whoever is added after the others were told, is told now.

    Raises NotAllowed, ConsultationRefused."""
    decision = as_secretariat(by, process, now)
    if process.state not in (ProcessState.PREPARED, *GOING_ON):
        raise ConsultationRefused("", "state")
    told = now if process.state != ProcessState.PREPARED else None
    made = []
    for place, body in enumerate(bodies, start=process.invitations.count()):
        if body.seats is not None and body.seats < 1:
            raise ConsultationRefused("seats", "seat_count")
        institution = Institution.objects.get(code=body.institution) if body.institution else None
        row = Invitation(
            process=process,
            institution=institution,
            name_es=body.name_es,
            name_en=body.name_en,
            group=body.group,
            part=body.part.value,
            seats=body.seats,
            invited_at=told,
            position=place,
        )
        same = process.invitations.filter(institution=institution, name_es=body.name_es)
        if same.exists():
            raise ConsultationRefused("institution" if institution else "name_es", "convened_before")
        row.save(force_insert=True)
        made.append(row)
    written(by, process, "invitation", process.key, decision, now, Verb.CREATE)
    return made


@transaction.atomic
def change_invitation(*, by: Officer, invitation: Invitation, body: Invited, version: int, now: datetime) -> None:
    """Say who takes a seat, in which part. Until the body has answered. Raises NotAllowed, ConsultationRefused."""
    decision = as_secretariat(by, invitation.process, now)
    if invitation.reply != Reply.NONE or invitation.process.state not in (ProcessState.PREPARED, *GOING_ON):
        raise ConsultationRefused("", "state")
    institution = Institution.objects.get(code=body.institution) if body.institution else None
    others = invitation.process.invitations.exclude(pk=invitation.pk)
    if others.filter(institution=institution, name_es=body.name_es).exists():
        raise ConsultationRefused("institution" if institution else "name_es", "convened_before")
    change(
        invitation,
        version,
        institution=institution,
        name_es=body.name_es,
        name_en=body.name_en,
        group=body.group,
        part=body.part.value,
        seats=body.seats,
    )
    written(by, invitation.process, "invitation", invitation.key, decision, now)


@transaction.atomic
def answer_invitation(
    *, by: Officer, invitation: Invitation, reply: Reply, note: str, version: int, now: datetime
) -> None:
    """Say that the body comes or does not. It may change its mind while the process goes on.

    The focal point of the institution answers; or the secretariat, for who answered by letter.
    Raises NotAllowed, ConsultationRefused."""
    decision = as_seat_or_secretariat(by, invitation, now)
    if invitation.process.state not in GOING_ON or reply not in (Reply.YES, Reply.NO):
        raise ConsultationRefused("", "state")
    change(invitation, version, reply=reply.value, reply_note=note.strip(), replied_at=now, replied_by=by)
    written(by, invitation.process, "invitation", invitation.key, decision, now)


@transaction.atomic
def add_event(
    *,
    by: Officer,
    process: Process,
    name_es: str,
    name_en: str,
    starts_on: date,
    ends_on: date,
    place: str,
    now: datetime,
) -> Event:
    """Call a meeting. Raises NotAllowed, ConsultationRefused."""
    decision = as_secretariat(by, process, now)
    if ends_on < starts_on:
        raise ConsultationRefused("ends_on", "dates")
    if process.state not in TAKES_MORE:
        raise ConsultationRefused("", "over")
    event = Event(
        process=process, name_es=name_es, name_en=name_en, starts_on=starts_on, ends_on=ends_on, place=place.strip()
    )
    event.save(force_insert=True)
    written(by, process, "event", event.key, decision, now, Verb.CREATE)
    return event


@transaction.atomic
def record_attendance(
    *,
    by: Officer,
    event: Event,
    invitation: Invitation,
    presence: Presence,
    people: int | None,
    names: str,
    now: datetime,
    version: int | None = None,
) -> Attendance:
    """Note whether a body was there, how many people it sent and, sealed, who; the convener or the body itself does.

    Names stand in a row of their own, which is added and never shown in a publication or an export. `version` is that
    of the row which is changed; None when nothing was noted yet.
    Raises NotAllowed, ConsultationRefused."""
    decision = as_seat_or_secretariat(by, invitation, now)
    if invitation.process_id != event.process_id:
        raise ConsultationRefused("", "state")
    if getattr(event, "minutes", None) is not None and event.minutes.state == "final":
        raise ConsultationRefused("", "state")
    there = presence is Presence.PRESENT
    said = {"presence": presence.value, "people": people if there else None, "recorded_by": by, "recorded_at": now}
    row = Attendance.objects.filter(event=event, invitation=invitation).first()
    if row is None:
        row = Attendance(event=event, invitation=invitation, **said)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            raise ConsultationRefused("", "stale") from None
    else:
        change(row, -1 if version is None else version, **said)
    if there and names.strip():
        kept = AttendanceNames(
            attendance=row,
            recorded_by=by,
            institution=Institution.objects.get(code=decision.institution),
            recorded_at=now,
        )
        kept.keep_words({"names": names.strip()})
        kept.save(force_insert=True)
    written(by, event.process, "attendance", row.key, decision, now)
    return row
