"""What is done with a request: received, proved, taken, extended, decided, answered, withdrawn; and a limit lifted."""

import json
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from torogoz.domain.access import REFUSED, Decision, Verb
from torogoz.domain.children import minority
from torogoz.domain.consents import Purpose
from torogoz.domain.data_rights import (
    DECIDED,
    FILES,
    AnswerBy,
    Asker,
    Proof,
    RequestRefused,
    Right,
    Side,
    State,
    Step,
    Why,
    after,
    check_decision,
    check_extension,
    check_request,
    check_words,
    first_state,
)
from torogoz.domain.disposal import Against, free_of_duty, kept_by_law
from torogoz.domain.retention import DataClass
from torogoz.domain.working_days import due_on
from torogoz.exchange.writers import sealed_archive
from torogoz.shared.attachments.queries import content
from torogoz.shared.audit.actions import record
from torogoz.shared.cases.actions import end_consents_for
from torogoz.shared.data_rights import queries
from torogoz.shared.data_rights.disposal_actions import propose_cancellation
from torogoz.shared.data_rights.models import OwnFile, Request, RequestStep
from torogoz.shared.data_rights.own_file import gathered
from torogoz.shared.data_rights.papers import of_own_file
from torogoz.shared.data_rights.retention_queries import last_met, retention_rules
from torogoz.shared.data_rights.standing import standing
from torogoz.shared.institutions.access import duty
from torogoz.shared.institutions.models import Institution, Office, Officer, PersonLimit
from torogoz.shared.papers.actions import issue
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.held import hold_those
from torogoz.shared.people.models import Person
from torogoz.shared.people.queries import birth_of
from torogoz.statistics.days_off import holidays_from

KEPT_FOR = timedelta(days=30)


@transaction.atomic
def receive_request(
    *,
    by: Officer,
    person: Person | None,
    right: Right,
    purpose: Purpose | None,
    asker: Asker,
    proof: Proof,
    answer_by: AnswerBy,
    language: str,
    name: str,
    document: str,
    authority: str,
    what: str,
    contact: str,
    now: datetime,
    heard: bool = False,
    minor: bool | None = None,
) -> Request:
    """Record what somebody asks about the data of one person. The term runs from today, whoever acts next.

    heard       whether a child of whom it is was heard
    minor       whether it is a child, as the officer says where the birth on file does not tell
    person      whose record the window has open; None looks for the exact number of the document, and tells nobody
    raises      RequestRefused, NotAllowed; nothing is stored then
    """
    held = queries.window_of(by, now)
    if held is None or (person is not None and queries.person_at_window(by, person.key, now) is None):
        raise NotAllowed(f"{by} may not receive a request")
    check_request(
        right=right,
        asker=asker,
        authority=authority,
        what=what,
        answer_by=answer_by,
        contact=contact,
        purpose=purpose,
        of=minority(birth_of(person), timezone.localdate(now)) if person else None,
        minor=minor,
        heard=heard,
    )
    known = person or queries.with_this_document(document)
    today = timezone.localdate(now)
    if (same := queries.open_like(held, person, right, purpose, document)) is not None:
        raise RequestRefused("right", "open", number=same.number, due=f"{same.due:%Y-%m-%d}")
    request = Request(
        right=right.value,
        purpose=purpose.value if purpose and right is Right.OPPOSITION else "",
        person=known,
        window=Institution.objects.get(code=held.institution),
        office=Office.objects.get(pk=held.office),
        responsible=queries.responsible_for(known, held.institution, now),
        asker=asker.value,
        proof=proof.value,
        answer_by=answer_by.value,
        language=language.strip(),
        state=first_state(proof).value,
        received_by=by,
        received_at=now,
        due=due_on(today, holidays_from(today.year)),
    ).keep(
        {
            "name": name.strip(),
            "document": document.strip(),
            "authority": authority.strip(),
            "what": what.strip(),
            "contact": contact.strip(),
            "heard": "yes" if heard else "",
            "minor": {True: "yes", False: "no", None: ""}[minor],
        }
    )
    request.save(force_insert=True)
    _step(request, by, Side.WINDOW, "", now)
    _note(by, Verb.CREATE, request, queries.as_window(by, now), now)
    return request


@transaction.atomic
def prove_identity(*, by: Officer, request: Request, proof: Proof, words: str, now: datetime) -> Request:
    """Record how it was checked who asks. Raises RequestRefused, NotAllowed."""
    held, decision, side = _held(by, request, Step.PROVE, now)
    if proof is Proof.NONE:
        raise RequestRefused("proof", "why")
    held.proof = proof.value
    return _move(held, by, Step.PROVE, side, check_words(words), decision, now)


@transaction.atomic
def take_request(*, by: Officer, request: Request, now: datetime) -> Request:
    """Begin to work on a request. Raises RequestRefused, NotAllowed."""
    held, decision, side = _held(by, request, Step.TAKE, now)
    return _move(held, by, Step.TAKE, side, "", decision, now)


@transaction.atomic
def extend_term(*, by: Officer, request: Request, words: str, now: datetime) -> Request:
    """Double the term, once, before it has ended, with the reason that the person is told.

    Raises RequestRefused, NotAllowed.
    """
    held, decision, side = _held(by, request, Step.EXTEND, now)
    kept = check_words(words)
    check_extension(today=timezone.localdate(now), due=held.due)
    received = timezone.localdate(held.received_at)
    held.due, held.extended = due_on(received, holidays_from(received.year), extended=True), True
    return _move(held, by, Step.EXTEND, side, kept, decision, now)


@transaction.atomic
def grant_request(
    *, by: Officer, request: Request, words: str, now: datetime, partly: bool = False, file_language: str = "es"
) -> tuple[Request, str]:
    """Grant what is asked, which happens at once; the request, and the password of its file (empty without one).

    access, portability     the own file is made, to be fetched at the window by somebody else
    opposition              the consents for that purpose end, and the hand-overs that stand on them
    limitation              the record is reached by the institution that registered the person, and by no other;
                            refused while that would keep from a child who wrote its protection
    cancellation            a second officer is asked to confirm the disposal; it is answered when that is done
    rectification           whoever may correct the person sees it on her page; it is answered when that is done
    The password is in the answer and nowhere else. Raises RequestRefused, NotAllowed.
    """
    step = Step.GRANT_PARTLY if partly else Step.GRANT
    whose = Request.objects.filter(pk=request.pk, person__isnull=False).values_list("person", flat=True)
    hold_those(lambda: list(whose.all()))
    held, decision, side = _held(by, request, step, now)
    check_decision(step=step, state=State(held.state), known=held.person is not None, why=None, right=Right(held.right))
    kept = check_words(words)
    if held.right == Right.LIMITATION.value and held.person and (writers := queries.protecting(held.person, now)):
        raise RequestRefused("", "protects", who=", ".join(one.code for one in writers))
    if held.right == Right.CANCELLATION.value:
        _propose_cancellation(held, by, decision, now, partly=partly)
    _decided(held, by, now)
    moved = _move(held, by, step, side, kept, decision, now)
    return moved, _apply(moved, by, decision, file_language, now)


@transaction.atomic
def deny_request(*, by: Officer, request: Request, why: Why | None, words: str, now: datetime) -> Request:
    """Deny what is asked, on a ground, in words that the person will read. Raises RequestRefused, NotAllowed."""
    held, decision, side = _held(by, request, Step.DENY, now)
    known = held.person is not None
    check_decision(step=Step.DENY, state=State(held.state), known=known, why=why, right=Right(held.right))
    kept = check_words(words)
    if held.right == Right.CANCELLATION.value and why is Why.DUTY:
        held.kept_until = _kept_until(held, decision, now)
    held.why = why.value if why else ""
    _decided(held, by, now)
    return _move(held, by, Step.DENY, side, kept, decision, now)


@transaction.atomic
def deliver_answer(*, by: Officer, request: Request, words: str, now: datetime) -> Request:
    """Record that the person has the answer: the term stops. Raises RequestRefused, NotAllowed."""
    held, decision, side = _held(by, request, Step.DELIVER, now)
    granted = State(held.state) in DECIDED - {State.DENIED}
    if granted and held.right == Right.RECTIFICATION.value and not queries.corrected_since(held):
        raise RequestRefused("words", "not_corrected")
    if granted and held.right == Right.CANCELLATION.value and not queries.disposed(held):
        raise RequestRefused("words", "not_disposed")
    held.ended_at = now
    return _move(held, by, Step.DELIVER, side, check_words(words), decision, now)


@transaction.atomic
def withdraw_request(*, by: Officer, request: Request, words: str, now: datetime) -> Request:
    """Record that the person no longer asks for it. Raises RequestRefused, NotAllowed."""
    held, decision, side = _held(by, request, Step.WITHDRAW, now)
    held.ended_at = now
    return _move(held, by, Step.WITHDRAW, side, check_words(words), decision, now)


@transaction.atomic
def lift_limit(*, by: Officer, request: Request, words: str, now: datetime) -> Request:
    """End the limit that this request brought: the protocol holds again for the person. Raises NotAllowed."""
    held = Request.objects.select_for_update(of=("self",)).select_related("responsible", "limit").get(pk=request.pk)
    decision = duty(by, Verb.AUDIT, held.responsible.code, now)
    if not decision or held.limit is None or held.limit.until is not None:
        raise NotAllowed(f"{by} may not lift this limit")
    kept = check_words(words)
    PersonLimit.objects.filter(pk=held.limit.pk).update(until=max(now, held.limit.since))
    _step(held, by, Side.DECIDES, kept, now)
    _note(by, Verb.EDIT, held, decision, now)
    return held


def remove_expired(*, now: datetime) -> None:
    """Take away the archives that nobody fetched in time. That they were made stays."""
    for made in queries.expired_files(now):
        made.path.unlink(missing_ok=True)


def _apply(held: Request, by: Officer, decision: Decision, language: str, now: datetime) -> str:
    """What a grant does, at once; the password of the file when there is one."""
    right, person = Right(held.right), held.person
    assert person is not None
    if right in FILES:
        return _make_file(held, by, decision, language, now)
    if right is Right.OPPOSITION:
        end_consents_for(by=by, person=person, purpose=Purpose(held.purpose), decision=decision, now=now)
    if right is Right.LIMITATION:
        standing = PersonLimit.objects.filter(person=person.key, until__isnull=True).exists()
        if not standing:
            held.limit = PersonLimit.objects.create(person=person.key, institution=person.institution, since=now)
            held.save(update_fields=["limit"])
    return ""


def _propose_cancellation(held: Request, by: Officer, decision: Decision, now: datetime, *, partly: bool) -> None:
    """Ask a second officer to confirm that what the law lets go of goes. Raises RequestRefused."""
    against, duties = _against(held, decision, now)
    if against:
        raise RequestRefused("", "held", against=against)
    going = free_of_duty(duties)
    if duties and (not partly or not going):
        raise RequestRefused("", "kept_until", until=f"{max(duties.values()):%Y-%m-%d}")
    propose_cancellation(by=by, request=held, classes=going, decision=decision, now=now)


def _kept_until(held: Request, decision: Decision, now: datetime) -> date | None:
    """Until when a law has it kept; None while a hold stands, which has no day. Raises RequestRefused for neither."""
    if held.person is None:
        return None
    against, duties = _against(held, decision, now)
    if not against and not duties:
        raise RequestRefused("why", "no_duty")
    return max(duties.values(), default=None)


def _against(held: Request, decision: Decision, now: datetime) -> tuple[frozenset[Against], dict[DataClass, date]]:
    """What stands against the cancellation of a person, and what a law has kept of her until when."""
    assert held.person is not None
    against = standing([held.person.pk], [decision.institution], now, besides=held)
    duties = kept_by_law(retention_rules(), last_met(held.person), timezone.localdate(now))
    return against.get(held.person.pk, frozenset()), duties


def _make_file(held: Request, by: Officer, decision: Decision, language: str, now: datetime) -> str:
    remove_expired(now=now)
    found, password = gathered(held, language, now), sealed_archive.new_password()
    assert held.person is not None
    files = {"own-file.json": json.dumps(found.content, ensure_ascii=False, indent=1).encode()}
    if held.right == Right.ACCESS.value:
        printed = of_own_file(found)
        files["own-file.pdf"] = issue(
            by=by, person=held.person, office=held.office, content=printed, decision=decision, now=now
        )
    for name, attachment in found.attachments.items():
        files[name] = b"".join(content(attachment))
    made = OwnFile(request=held, made_by=by, made_at=now, until=now + KEPT_FOR, sections=list(found.sections))
    made.save(force_insert=True)
    _note(by, Verb.EXPORT, held, decision, now, found.sections)
    made.path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with made.path.open("xb") as into:
            sealed_archive.write(files, password, into)
    except BaseException:
        made.path.unlink(missing_ok=True)
        raise
    return password


def _held(by: Officer, request: Request, step: Step, now: datetime) -> tuple[Request, Decision, Side]:
    """The row, held until the end of the transaction, the ground, and the side. Raises RequestRefused, NotAllowed."""
    related = ("person__institution", "window", "office", "responsible", "limit")
    locked = Request.objects.select_for_update(of=("self",)).select_related(*related)
    held, seen = locked.filter(pk=request.pk).first(), queries.request_seen_by(by, request.key, now)
    if held is None or seen is None:
        raise NotAllowed(f"{by} may not do this")
    try:
        after(State(held.state), step, seen.sides)
    except RequestRefused:
        last = held.steps.order_by("pk").last()
        if last is None or last.by_id != by.pk:
            raise
        raise RequestRefused("", "moved_by_you", when=f"{timezone.localtime(last.at):%Y-%m-%d %H:%M}") from None
    if Side.DECIDES in seen.sides:
        return held, duty(by, Verb.AUDIT, held.responsible.code, now), Side.DECIDES
    return held, queries.as_window(by, now) or REFUSED, Side.WINDOW


def _decided(held: Request, by: Officer, now: datetime) -> None:
    held.decided_by, held.decided_at = by, now


def _move(held: Request, by: Officer, step: Step, side: Side, words: str, decision: Decision, now: datetime) -> Request:
    held.state = after(State(held.state), step, frozenset({side})).value
    held.save(force_update=True)
    _step(held, by, side, words, now)
    _note(by, Verb.EDIT, held, decision, now)
    return held


def _step(held: Request, by: Officer, side: Side, words: str, now: datetime) -> None:
    institution = held.responsible if side is Side.DECIDES else held.window
    step = RequestStep(request=held, state=held.state, side=side.value, by=by, institution=institution, at=now)
    step.keep(words).save(force_insert=True)


def _note(
    by: Officer, verb: Verb, request: Request, decision: Decision, now: datetime, sections: Collection[str] = ()
) -> None:
    people = [request.person.key] if request.person else []
    record(
        officer=by.username,
        institution=decision.institution,
        verb=verb,
        what="rights_request",
        subjects=[str(key) for key in (*people, request.key)],
        decision=decision,
        channel="export" if verb is Verb.EXPORT else "page",
        now=now,
        sections=list(sections),
    )
