"""Disposing of data: proposed by one, confirmed by another, done whole in one transaction; and the holds against it."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from torogoz.domain.access import Decision, Verb
from torogoz.domain.disposal import (
    Deed,
    DisposalRefused,
    Ground,
    Reason,
    State,
    check_hold,
    check_second,
    check_words,
    classes_of,
    list_hash,
)
from torogoz.domain.retention import DataClass, RetentionRule, rule_for
from torogoz.shared.audit.actions import record
from torogoz.shared.data_rights import disposal_queries as queries
from torogoz.shared.data_rights.models import Disposal, DisposalItem, Hold, OwnFile, Request
from torogoz.shared.data_rights.registry import holdings
from torogoz.shared.data_rights.retention_queries import people_due, retention_rules
from torogoz.shared.data_rights.standing import standing
from torogoz.shared.institutions.access import duty
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.people import index
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.held import hold_those, hold_whatever_became
from torogoz.shared.people.merged import inside_of
from torogoz.shared.people.models import Person
from torogoz.shared.vault.sealing import Batch

AT_ONCE = 500
"""Numbers of people in one statement."""


@transaction.atomic
def propose_disposal(*, by: Officer, institution: str, data_class: DataClass, now: datetime) -> Disposal:
    """Propose what is past its term in one class of data, of whom nothing holds. Nothing is removed yet.

    raises      NotAllowed for who does not protect the data of `institution`; DisposalRefused when there is nobody
    """
    decision = duty(by, Verb.AUDIT, institution, now)
    if not decision:
        raise NotAllowed(f"{by} may not propose a disposal for {institution}")
    rule, people = queries.free_to_dispose(institution, data_class, now)
    if not people:
        raise DisposalRefused("", "nobody")
    return _propose(by, people, Reason.RETENTION, classes_of(data_class), _as_data(rule), None, decision, now)


def propose_cancellation(
    *, by: Officer, request: Request, classes: Collection[DataClass], decision: Decision, now: datetime
) -> Disposal:
    """Propose what the person of a request wants gone: part of the transaction that grants it."""
    assert request.person is not None
    return _propose(by, [request.person], Reason.CANCELLATION, classes, None, request, decision, now)


@transaction.atomic
def confirm_disposal(*, by: Officer, disposal: Disposal, now: datetime) -> Disposal:
    """Dispose of what another officer proposed: all of it or, if anything fails, nothing.

    Who is held by now, or has come back, is left out, and the certificate says how many. Sealed files go once the rows
    that hold their keys are gone for good; one that stays behind for a crash opens for nobody, and
    `torogoz attachments sweep` removes it.

    raises      NotAllowed, DisposalRefused
    """
    held, decision = _held(by, disposal, now)
    check_second(proposed_by=held.proposed_by.username, confirms=by.username)
    numbers = held.items.values_list("person", flat=True)
    locked = hold_those(lambda: [*numbers.all(), *(one.pk for one, _ in inside_of(list(numbers.all())))])
    people = [locked[number] for number in sorted(numbers.all())]
    stay = _left_out(held, people, now)
    going = [one for one in people if one.pk not in stay]
    if not going:
        raise DisposalRefused("", "left")
    held.items.filter(person__in=stay).update(left_out=True)
    counts, files = _remove(going, frozenset(DataClass(one) for one in held.classes), now)
    held.counts, held.people, held.left_out = dict(counts), len(going), len(people) - len(going)
    held.digest = list_hash(one.key for one in going)
    held.state, held.ended_by, held.ended_at = State.DONE.value, by, now
    held.save(force_update=True)
    _note(by, held, going, decision, now)
    transaction.on_commit(lambda: _unlink(files))
    return held


@transaction.atomic
def withdraw_disposal(*, by: Officer, disposal: Disposal, now: datetime) -> Disposal:
    """Take back a proposal, one's own or another's. Raises NotAllowed, DisposalRefused for one that a person asked."""
    held, decision = _held(by, disposal, now)
    if held.reason == Reason.CANCELLATION.value:
        raise DisposalRefused("", "asked")
    held.state, held.ended_by, held.ended_at = State.WITHDRAWN.value, by, now
    held.save(force_update=True)
    _note(by, held, (), decision, now, verb=Verb.EDIT)
    return held


@transaction.atomic
def place_hold(
    *,
    by: Officer,
    institution: str,
    person: str,
    ground: Ground,
    article: str,
    words: str,
    valid_from: date,
    valid_until: date | None,
    now: datetime,
) -> Hold:
    """Have a person's record kept for one's own institution.

    person      key of the record, or number of the person's document
    raises      NotAllowed; DisposalRefused, with the same words whether there is no such record or none within reach
    """
    decision = duty(by, Verb.AUDIT, institution, now)
    if not decision:
        raise NotAllowed(f"{by} may not place a hold for {institution}")
    order, why = check_hold(article=article, words=words, since=valid_from, until=valid_until)
    found = queries.person_to_hold(person, institution)
    if found is None:
        raise DisposalRefused("person", "person")
    found = hold_whatever_became([found.pk])[found.pk]
    hold = Hold(
        person=found,
        institution=Institution.objects.get(code=institution),
        ground=ground.value,
        valid_from=valid_from,
        valid_until=valid_until,
        placed_by=by,
        placed_at=now,
    )
    hold.keep_words({"article": order, "why": why, "lifted": ""})
    hold.save(force_insert=True)
    _note_hold(by, hold, Verb.CREATE, decision, now)
    return hold


@transaction.atomic
def lift_hold(*, by: Officer, hold: Hold, words: str, now: datetime) -> Hold:
    """End a hold of one's own institution, with the reason, which is kept. Raises NotAllowed, DisposalRefused."""
    held = Hold.objects.select_for_update(of=("self",)).select_related("institution", "person").get(pk=hold.pk)
    decision = duty(by, Verb.AUDIT, held.institution.code, now)
    if not decision:
        raise NotAllowed(f"{by} may not lift this hold")
    if held.lifted_at is not None:
        raise DisposalRefused("", "moved")
    held.keep_words(held.said_in(Batch()) | {"lifted": check_words(words)})
    held.lifted_by, held.lifted_at = by, now
    held.save(force_update=True)
    _note_hold(by, held, Verb.EDIT, decision, now)
    return held


def _propose(
    by: Officer,
    people: Iterable[Person],
    reason: Reason,
    classes: Collection[DataClass],
    rule: dict[str, Any] | None,
    request: Request | None,
    decision: Decision,
    now: datetime,
) -> Disposal:
    kept = list(people)
    disposal = Disposal(
        institution=Institution.objects.get(code=decision.institution),
        reason=reason.value,
        classes=[one.value for one in DataClass if one in classes],
        rule=rule,
        request=request,
        state=State.PROPOSED.value,
        proposed_by=by,
        proposed_at=now,
    )
    disposal.save(force_insert=True)
    DisposalItem.objects.bulk_create(DisposalItem(disposal=disposal, person=person) for person in kept)
    _note(by, disposal, kept, decision, now, verb=Verb.CREATE)
    return disposal


def _held(by: Officer, disposal: Disposal, now: datetime) -> tuple[Disposal, Decision]:
    related = ("institution", "proposed_by", "request")
    locked = Disposal.objects.select_for_update(of=("self",)).select_related(*related)
    held = locked.filter(pk=disposal.pk).first()
    decision = duty(by, Verb.DISPOSE, held.institution.code, now) if held else None
    if held is None or not decision:
        raise NotAllowed(f"{by} may not end this disposal")
    if held.state != State.PROPOSED.value:
        raise DisposalRefused("", "moved")
    return held, decision


def _left_out(held: Disposal, people: list[Person], now: datetime) -> set[int]:
    """Who is held by now, or is not past the term any more. Raises DisposalRefused for a cancellation that is held."""
    numbers = [one.pk for one in people]
    against = standing(numbers, [held.institution.code], now, besides=held.request)
    if held.rule is None:
        if against:
            raise DisposalRefused("", "held", against=frozenset().union(*against.values()))
        return set()
    today = timezone.localdate(now)
    rule = rule_for(retention_rules(), DataClass(held.rule["data_class"]), today)
    due = people_due(rule, [held.institution.code], today).filter(pk__in=numbers)
    return set(against) | set(numbers) - set(due.values_list("pk", flat=True))


def _remove(people: list[Person], classes: frozenset[DataClass], now: datetime) -> tuple[Counter[str], list[Path]]:
    """Do it: how many rows of each table, and the files to remove once it stands."""
    merged = [one for one, _ in inside_of([one.pk for one in people])]
    whole = sorted({one.pk: one for one in (*people, *merged)}.values(), key=lambda one: one.pk)
    counts: Counter[str] = Counter()
    files: list[Path] = []
    if DataClass.IDENTITY in classes:
        for person in people:
            index.erase(person)
        made = OwnFile.objects.filter(request__person__in=[one.pk for one in whole])
        files += [one.path for one in made]
    for holding in holdings(classes):
        for some in _some([one.pk for one in whole]):
            rows = holding.rows(some)
            if holding.files:
                files += holding.files(rows)
            done = rows.update(**holding.blank) if holding.deed is Deed.BLANK else _delete(rows)
            counts[holding.label] += done
    if DataClass.IDENTITY in classes:
        counts["people.person"] = len([_blank(person) for person in whole])
    for some in _some([one.pk for one in whole]):
        Person.objects.filter(pk__in=some).update(disposed_at=now)
    return +counts, files


def _delete(rows: "QuerySet[Any]") -> int:
    """Delete rows; how many of that table. What still hangs on one makes it fail, and with it the whole disposal."""
    return rows.delete()[1].get(rows.model._meta.label, 0)


def _blank(person: Person) -> Person:
    """Leave of a person what statistics count: sex, nationality, and the year of birth."""
    person.birth = person.birth[:4]
    person.birth_min = date(person.birth_min.year, 1, 1) if person.birth_min else None
    person.birth_max = date(person.birth_max.year, 12, 31) if person.birth_max else None
    person.version += 1
    person.shell = True
    person.save(update_fields=["birth", "birth_min", "birth_max", "version", "shell"])
    return person


def _unlink(files: Iterable[Path]) -> None:
    for path in files:
        path.unlink(missing_ok=True)


def _some(numbers: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), AT_ONCE):
        yield numbers[start : start + AT_ONCE]


def _as_data(rule: RetentionRule) -> dict[str, Any]:
    return {
        "data_class": rule.data_class.value,
        "months": rule.months,
        "basis_es": rule.basis_es,
        "basis_en": rule.basis_en,
        "source": rule.source,
        "provisional": rule.provisional,
    }


def _note(
    by: Officer,
    disposal: Disposal,
    people: Iterable[Person],
    decision: Decision,
    now: datetime,
    verb: Verb = Verb.DISPOSE,
) -> None:
    record(
        officer=by.username,
        institution=decision.institution,
        verb=verb,
        what="disposal",
        subjects=[*(str(one.key) for one in people), str(disposal.key)],
        decision=decision,
        channel="page",
        now=now,
    )


def _note_hold(by: Officer, hold: Hold, verb: Verb, decision: Decision, now: datetime) -> None:
    record(
        officer=by.username,
        institution=decision.institution,
        verb=verb,
        what="hold",
        subjects=[str(hold.person.key), str(hold.key)],
        decision=decision,
        channel="page",
        now=now,
    )
