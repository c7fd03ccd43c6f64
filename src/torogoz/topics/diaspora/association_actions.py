"""What is done with the declaration of an association: by itself with the code of its receipt, and by officers."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from torogoz.domain.access import Decision, Verb
from torogoz.domain.associations import (
    BY_OFFICERS,
    AssociationRefused,
    Declaration,
    State,
    Step,
    after,
    check_reason,
    standing,
    verified_until,
)
from torogoz.shared.institutions.access import may_for
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.topics.diaspora.abroad_models import Association, AssociationStep, ContactPersons
from torogoz.topics.diaspora.acting import (
    RECEIVER,
    NotAllowed,
    allowed,
    consular,
    count_sent,
    new_code,
    note,
    note_without_officer,
)


@transaction.atomic
def declare_association(
    *, said: Declaration, persons: str, token: UUID, now: datetime, made_up: bool = False
) -> tuple[Association, str]:
    """Receive a declaration; it is published when an officer has verified it. The declaration, and its code.

    persons     whom to ask for: sealed, and read by officers of the institution that receives it alone
    token       of the form; sent twice it is stored once, and the second time no code is given
    raises      AssociationRefused; nothing is stored then
    """
    sent = Association.objects.filter(token=token).first()
    if sent is not None:
        return sent, ""
    said.check(timezone.localdate(now))
    code, kept = new_code()
    receiver = Institution.objects.get(code=RECEIVER)
    association = Association(
        token=token, code_hash=kept, institution=receiver, declared_at=now, changed_at=now, made_up=made_up
    )
    _say(association, said)
    try:
        with transaction.atomic():
            association.save(force_insert=True)
    except IntegrityError:  # the same form arrived twice at once
        return Association.objects.get(token=token), ""
    _seal(association, said, persons, now)
    note_without_officer(Verb.CREATE, "association", [association.key], receiver.code, now)
    return association, code


@transaction.atomic
def receive_declaration(
    *, said: Declaration, persons: str, token: UUID, address: str, now: datetime
) -> tuple[Association, str]:
    """`declare_association` for a public form: what one connection stores is counted; mistakes and repeats are not."""
    stored, code = declare_association(said=said, persons=persons, token=token, now=now)
    if code:
        count_sent("declare", address, now)
    return stored, code


@transaction.atomic
def correct_association(
    *, association: Association, said: Declaration, persons: str | None, version: int, now: datetime
) -> Association:
    """Say it anew, with the code of the receipt: it leaves the public pages until an officer has looked again.

    persons     None leaves what is sealed as it is; empty deletes those who were named
    raises      AssociationRefused, also when somebody else changed it meanwhile
    """
    said.check(timezone.localdate(now))
    if persons is None and said.channel and not said.contact_public:
        raise AssociationRefused("sealed", "keeps")
    held = _held(association, version)
    _say(held, said)
    if persons is not None:
        _seal(held, said, persons, now)
    _move(held, Step.CORRECT, "", None, None, now)
    note_without_officer(Verb.EDIT, "association", [held.key], held.institution.code, now)
    return held


@transaction.atomic
def forget_persons(*, association: Association, now: datetime) -> None:
    """Delete whom an association named, at once, with the code of the receipt."""
    ContactPersons.objects.filter(association=association).delete()
    note_without_officer(Verb.DISPOSE, "association", [association.key], association.institution.code, now)


@transaction.atomic
def withdraw_association(*, association: Association, now: datetime) -> Association:
    """Take an association out, with the code of the receipt: nothing of it is shown, and whom it named is deleted."""
    held = _held(association, None)
    ContactPersons.objects.filter(association=held).delete()
    held.contact, held.channel = "", ""
    _move(held, Step.WITHDRAW, "", None, None, now)
    note_without_officer(Verb.DISPOSE, "association", [held.key], held.institution.code, now)
    return held


@transaction.atomic
def decide_association(
    *, by: Officer, association: Association, step: Step, reason: str, version: int, now: datetime
) -> Association:
    """Verify a declaration, refuse it, or let it lapse. Raises AssociationRefused, NotAllowed."""
    decision = consular(by, now)
    institution = allowed(decision)
    if step not in BY_OFFICERS:
        raise NotAllowed("that is for the association to do; nothing was changed")
    kept = check_reason(step, reason)
    held = _held(association, version)
    _move(held, step, kept, by, institution, now)
    note(by, Verb.EDIT, "association", [held.key], decision, now)
    return held


@transaction.atomic
def renew_receipt(
    *, by: Officer, association: Association, how: str, version: int, now: datetime
) -> tuple[Association, str]:
    """Give an association that lost its receipt a new code; the old one is void from now on. The code is kept nowhere.

    how     how the officer made sure who asks: by the contact that was registered, in person
    raises  AssociationRefused (reason, moved), NotAllowed
    """
    decision = may_read_persons(by, association, now)
    institution = allowed(decision)
    kept = check_reason(Step.RENEW, how)
    held = _held(association, version)
    code, held.code_hash = new_code()
    _move(held, Step.RENEW, kept, by, institution, now)
    note(by, Verb.EDIT, "association", [held.key], decision, now)
    return held, code


@transaction.atomic
def delete_persons(*, by: Officer, association: Association, now: datetime) -> None:
    """Delete whom an association named, because it or one of them asked an officer. Raises NotAllowed."""
    decision = may_for(by, Verb.LIAISE, association.institution.code, now)
    allowed(decision)
    ContactPersons.objects.filter(association=association).delete()
    note(by, Verb.DISPOSE, "association", [association.key], decision, now)


def may_read_persons(officer: Officer, association: Association, now: datetime) -> Decision:
    """Whether an officer reads whom an association named: of the institution that received it, and of no other."""
    return may_for(officer, Verb.LIAISE, association.institution.code, now)


def _say(association: Association, said: Declaration) -> None:
    association.name, association.country, association.city = said.name, said.country, said.city
    association.languages, association.founded = list(said.languages), said.founded
    association.aims, association.language = said.aims, said.language
    association.channel = said.channel.value if said.channel and said.contact_public else ""
    association.contact = said.contact if said.contact_public else ""


def _seal(association: Association, said: Declaration, persons: str, now: datetime) -> None:
    """Keep what nobody but the receiving institution reads; no row when there is nothing to keep."""
    ContactPersons.objects.filter(association=association).delete()
    private = "" if said.contact_public or said.channel is None else f"{said.channel.value}: {said.contact}"
    words = {"persons": persons.strip(), "contact": private}
    if any(words.values()):
        row = ContactPersons(association=association, institution=association.institution, given_at=now)
        row.keep_words(words).save(force_insert=True)


def _held(association: Association, version: int | None) -> Association:
    """The row, held until the end of the transaction. Raises AssociationRefused when it is not as it was seen."""
    held = Association.objects.select_for_update(of=("self",)).select_related("institution").get(pk=association.pk)
    if version is not None and held.version != version:
        raise AssociationRefused("", "moved")
    return held


def _move(
    held: Association,
    step: Step,
    reason: str,
    by: Officer | None,
    institution: Institution | None,
    now: datetime,
) -> None:
    # The new last day is not set yet: what lapsed by itself is verified again from where it stands.
    held.state = after(standing(State(held.state), held.verified_until, timezone.localdate(now)), step).value
    if step is Step.VERIFY:
        held.verified_until = verified_until(timezone.localdate(now))
    held.version += 1
    held.changed_at = now
    held.save(force_update=True)
    AssociationStep(
        association=held, step=step.value, state=held.state, reason=reason, by=by, institution=institution, at=now
    ).save(force_insert=True)
