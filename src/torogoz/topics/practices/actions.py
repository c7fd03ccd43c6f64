"""What an institution does with its practices: write, submit, withdraw, validate a translation."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from torogoz.domain import practices as rules
from torogoz.domain.access import Decision, Verb
from torogoz.domain.practices import PracticeRefused, State, Step, Written, move, other, untranslated
from torogoz.shared.audit.actions import record
from torogoz.shared.institutions.access import may_for, seats
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.provisions.queries import objectives
from torogoz.topics.practices import lists
from torogoz.topics.practices.call_models import Call
from torogoz.topics.practices.models import Practice, PracticeEvent, TranslationCheck
from torogoz.topics.practices.queries import as_written, found_practices, texts_of

WHAT = "practice"


class NotAllowed(PermissionError):
    """The policy refuses this officer."""


@transaction.atomic
def start(
    *, by: Officer, institution: str, written: Written, call: UUID | None, token: UUID | None, now: datetime
) -> Practice:
    """Keep a draft of an institution's practice; the same form sent twice keeps one.

    raises  PracticeRefused, NotAllowed
    """
    decision = duty(by, Verb.REPORT, institution, now)
    written.check(today=timezone.localdate(now))
    if token is not None and (sent := Practice.objects.filter(token=token, created_by=by).first()):
        return sent
    practice = Practice(
        institution=Institution.objects.get(code=institution),
        created_by=by,
        created_at=now,
        edited_by=by,
        changed_at=now,
        token=token,
        made_up=by.made_up,
    )
    _check_title(practice.institution, written, None)
    try:
        with transaction.atomic():
            _keep(practice, written, call, by, now, first=True)
    except IntegrityError:  # the same form arrived twice at once
        raise PracticeRefused("", "edited") from None
    note(by, Verb.CREATE, practice, decision, now)
    return practice


@transaction.atomic
def write(
    *, by: Officer, practice: Practice, written: Written, call: UUID | None, seen: int, now: datetime
) -> Practice:
    """Keep other words of a draft, or of what was sent back.

    seen    the `version` that was shown to who writes
    raises  PracticeRefused, NotAllowed
    """
    held = holding(practice)
    decision = duty(by, Verb.REPORT, held.institution.code, now)
    if State(held.state) not in rules.WRITTEN:
        raise PracticeRefused("", "state")
    if held.version != seen:
        raise PracticeRefused("", "edited")
    written.check(today=timezone.localdate(now))
    _check_title(held.institution, written, held)
    _keep(held, written, call, by, now)
    note(by, Verb.EDIT, held, decision, now)
    return held


@transaction.atomic
def submit(*, by: Officer, practice: Practice, seen: int, now: datetime) -> Practice:
    """Hand a practice to the secretariat; from now on its words do not change. Raises PracticeRefused, NotAllowed.

    With a call, the call must be open and its criteria apply; without, the newest criteria do.
    """
    held = holding(practice)
    decision = duty(by, Verb.REPORT, held.institution.code, now)
    if held.version != seen:
        raise PracticeRefused("", "edited")
    ends = move(State(held.state), Step.SUBMIT)
    if lacks := as_written(held).missing():
        raise PracticeRefused("", "missing", names=", ".join(lacks))
    if held.call is not None:
        check_open(held.call, now)
    held.criteria_version = held.call.criteria_version if held.call else lists.newest_criteria()
    held.round += 1
    held.submitted_by = by
    step(held, Step.SUBMIT, ends, by, decision, "", now)
    return held


@transaction.atomic
def withdraw(*, by: Officer, practice: Practice, reason: str, now: datetime) -> Practice:
    """Take a practice back, also one that was published; its page then says so and why. Raises PracticeRefused."""
    held = holding(practice)
    decision = duty(by, Verb.REPORT, held.institution.code, now)
    said = rules.check_reason(reason)
    step(held, Step.WITHDRAW, move(State(held.state), Step.WITHDRAW), by, decision, said, now)
    return held


@transaction.atomic
def validate_translation(*, by: Officer, practice: Practice, seen: int, now: datetime) -> TranslationCheck:
    """Say in one's own name that the translation says what the original does. Another person than who wrote it last,
    of the same institution or of the secretariat. Raises PracticeRefused, NotAllowed."""
    held = holding(practice)
    decision = may_for(by, Verb.REPORT, held.institution.code, now)
    if not decision and State(held.state) not in rules.WRITTEN | {State.WITHDRAWN}:
        decision = next((may_for(by, Verb.CONVENE, code, now) for code in seats(by, Verb.CONVENE, now)), decision)
    if not decision:
        raise NotAllowed(f"{by} does not work on {held.key}")
    if held.version != seen:
        raise PracticeRefused("", "edited")
    if held.edited_by_id == by.pk:
        raise PracticeRefused("", "translator")
    texts = texts_of(held)
    if lacks := untranslated(texts, held.language):
        raise PracticeRefused("", "no_translation", names=", ".join(lacks))
    mark, _ = TranslationCheck.objects.get_or_create(
        practice=held,
        checksum=rules.checksum(texts),
        defaults={"officer": by, "institution": Institution.objects.get(code=decision.institution), "at": now},
    )
    note(by, Verb.EDIT, held, decision, now)
    return mark


def check_open(call: Call, now: datetime) -> None:
    """Raises PracticeRefused when the call does not receive practices today."""
    today = timezone.localdate(now)
    if today < call.opens_on:
        raise PracticeRefused("call", "call_not_open")
    if today > call.open_until:
        raise PracticeRefused("call", "call_closed", day=call.open_until)


def step(held: Practice, done: Step, ends: State, by: Officer, decision: Decision, reason: str, now: datetime) -> None:
    """Move a practice, with its line in its own log and in the record of accesses."""
    held.state, held.changed_at = ends.value, now
    held.version += 1
    if ends is State.PUBLISHED:
        held.published_at = now
    held.save()
    PracticeEvent.objects.create(
        practice=held,
        step=done.value,
        round=held.round,
        reason=reason,
        by=by,
        institution=Institution.objects.get(code=decision.institution),
        at=now,
    )
    note(by, Verb.PUBLISH if done is Step.PUBLISH else Verb.EDIT, held, decision, now)


def holding(practice: Practice) -> Practice:
    """The row as it is now, held until the end of the transaction."""
    return found_practices().select_for_update(of=("self",)).get(pk=practice.pk)


def duty(by: Officer, verb: Verb, institution: str, now: datetime) -> Decision:
    """The ground on which the officer acts for the institution. Raises NotAllowed."""
    decision = may_for(by, verb, institution, now)
    if not decision:
        raise NotAllowed(f"{by} may not {verb} for {institution}")
    return decision


def note(by: Officer, verb: Verb, thing: Practice, decision: Decision, now: datetime, *more: str) -> None:
    """The line of what was done with a practice in the record of accesses."""
    record(
        officer=by.username,
        institution=decision.institution,
        verb=verb,
        what=WHAT,
        subjects=[str(thing.key), *more],
        decision=decision,
        channel="page",
        now=now,
    )


def _check_title(institution: Institution, written: Written, but: Practice | None) -> None:
    """One institution does not offer two practices of one name."""
    field = f"title_{written.language}"
    same = Practice.objects.filter(institution=institution, **{field: written.text("title", written.language)})
    if but is not None:
        same = same.exclude(pk=but.pk)
    if same.exclude(state=State.WITHDRAWN.value).exists():
        raise PracticeRefused(field, "same_title")


def _keep(
    practice: Practice, written: Written, call: UUID | None, by: Officer, now: datetime, *, first: bool = False
) -> None:
    clean = replace(written, texts={name: text.strip() for name, text in written.texts.items()})
    for name, text in clean.texts.items():
        setattr(practice, name, text)
    there = other(clean.language)
    translated = any(clean.text(field, there) for field in rules.TEXTS)
    practice.language, practice.machine = clean.language, clean.machine and translated
    practice.place, practice.country = clean.place.strip(), clean.country
    practice.began_on, practice.ended_on = clean.began_on, clean.ended_on
    practice.organisations, practice.principles = list(clean.organisations), list(clean.principles)
    practice.evidence = clean.evidence.strip()
    practice.cost_amount, practice.cost_currency = clean.cost_amount, clean.cost_currency
    practice.call = Call.objects.get(key=call) if call else None
    practice.edited_by, practice.changed_at = by, now
    if not first:
        practice.version += 1
    practice.save()
    practice.objectives.set(objectives().filter(code__in=clean.objectives))
    others = Institution.objects.filter(code__in=clean.with_institutions).exclude(pk=practice.institution_id)
    practice.with_institutions.set(others)
