"""A device is registered by the officer as whom it acts, sends filled forms, and is revoked; a person decides about
the forms that cannot be written as they are."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.db import IntegrityError, transaction

from torogoz.domain.access import REFUSED, Basis, Decision, Posting, Verb
from torogoz.domain.attachments import FileRefused, plain_name
from torogoz.exchange.blankforms.filled import Filled, read
from torogoz.shared.audit.actions import record
from torogoz.shared.audit.taking_turns import take_turns
from torogoz.shared.devices import queries, tokens
from torogoz.shared.devices.applying import Choice, Held, write
from torogoz.shared.devices.models import Device, FilledForm, FormFile, Ruling
from torogoz.shared.institutions.models import Institution, Office, Officer
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.held import hold
from torogoz.shared.people.models import Encounter, Person
from torogoz.shared.people.queries import person_seen_by
from torogoz.shared.vault.sealing import seal

LASTS: Final = timedelta(days=90)
"""How long a device may send without anybody saying that it is still in the right hands."""

CHANNEL: Final = "device"
FORMS_LOCK: Final = 7_261_995_103
"""Of two devices that bring the same form, or the same new person, the second finds what the first brought. It is not
the lock of the record of accesses (audit/actions.py): who works at a desk takes that last, and forms hold people."""


class DecidedAlready(Exception):
    """Somebody decided about the form in the meantime. Nothing was changed.

    form    as it is now
    """

    def __init__(self, form: FilledForm) -> None:
        self.form = form
        super().__init__("the form was decided about in the meantime")


@transaction.atomic
def register_device(*, by: Officer, institution: Institution, name: str, now: datetime) -> tuple[Device, str]:
    """Let a device act as the officer; the device and its token, which nothing but this answer ever shows.

    Raises NotAllowed where the officer fills in no form of that institution.
    """
    if institution not in queries.institutions_of(by, now):
        raise NotAllowed(f"{by} fills in no form of {institution}")
    token = tokens.fresh_token()
    device = Device.objects.create(
        officer=by,
        institution=institution,
        code=tokens.fresh_code(),
        hashed=tokens.hashed(token),
        name=name.strip(),
        registered_at=now,
        valid_until=now + LASTS,
    )
    _note(by, Verb.CREATE, device, Basis.OWN, now)
    return device, token


@transaction.atomic
def revoke_device(*, by: Officer, device: Device, now: datetime) -> Device:
    """Let a device sign in no more; what it sent stays. Raises NotAllowed."""
    held = Device.objects.select_for_update().select_related("officer", "institution").get(pk=device.pk)
    seen = queries.device_seen_by(by, held.key, now)
    if seen is None:
        raise NotAllowed(f"{by} may not revoke this device")
    if held.revoked_at is None:
        held.revoked_at, held.revoked_by = now, by
        held.save(update_fields=["revoked_at", "revoked_by"])
        _note(by, Verb.EDIT, held, Basis.OWN if seen.own else Basis.DUTY, now)
    return held


@transaction.atomic
def record_wrong_token(*, path: str, now: datetime) -> None:
    """Keep that a device was not let in. What it said is not kept: it may be somebody's password."""
    record(
        officer="",
        institution="",
        verb=Verb.SIGN_IN,
        what="device",
        subjects=[],
        decision=REFUSED,
        channel=CHANNEL,
        now=now,
        path=path,
    )


def _note(by: Officer, verb: Verb, device: Device, basis: Basis, now: datetime) -> None:
    code = device.institution.code
    record(
        officer=by.username,
        institution=code,
        verb=verb,
        what="device",
        subjects=[str(device.key)],
        decision=Decision(True, basis, code),
        channel="page",
        now=now,
    )


def receive(
    *, device: Device, written: bytes, files: Sequence[tuple[str, bytes]], more: bool, now: datetime
) -> FilledForm:
    """Keep what a device sent, and write what it says: in one step, once, however often it comes.

    written     the XML of the filled form
    files       that came with it, by name
    more        whether the device says that it is going to send more of its files
    returns     the filled form, in the state that it came to: applied, held for a person, or waiting; what comes again
                after it was disposed of with data of its person is not kept again
    raises      NotFilledIn, NotAllowed where it is no form of this device; then nothing was kept
    """
    filled = read(written)
    posting = next((held for held in queries.posted(device, now) if queries.form_named(held) == filled.form), None)
    if posting is None:
        raise NotAllowed(f"{device} does not fill in this form")
    try:
        return _receive(device, posting, filled, written, files, more, now)
    except IntegrityError:
        # The same form came twice at the same moment, and the other one was first: now it is there.
        return _receive(device, posting, filled, written, files, more, now)


@transaction.atomic
def decide(
    *,
    by: Officer,
    form: FilledForm,
    verdict: Ruling.Verdict,
    reason: str,
    now: datetime,
    person: Person | None = None,
) -> FilledForm:
    """Decide about a form that was held, and write it in the own name when there is anything to write.

    What still stands in the way leaves it held, with the new reason. Raises NotAllowed, DecidedAlready, Disposed.
    """
    if queries.form_seen_by(by, form.key, now) is None:
        raise NotAllowed(f"{by} may not decide about this form")
    if verdict is Ruling.Verdict.SAME and (person is None or person_seen_by(by, person.key, now) is None):
        raise NotAllowed(f"{by} may not say that the form is about somebody whom {by} does not see")
    take_turns(FORMS_LOCK)
    hold(*_concerned(form), *([person] if person else []))
    held = _locked(form)
    if held.state != FilledForm.State.HELD:
        raise DecidedAlready(held)
    ruling = Ruling(filled=held, institution=held.institution, verdict=verdict.value, person=person, by=by, at=now)
    ruling.keep(reason.strip()).save(force_insert=True)
    if verdict is Ruling.Verdict.NOTHING:
        held.state, held.why = FilledForm.State.CLOSED.value, ""
        held.save(update_fields=["state", "why"])
    else:
        _settle(held, read(held.written), by, _choice(held), now)
    _note_form(by, Verb.EDIT, held, now, channel="page")
    return held


@transaction.atomic
def _receive(
    device: Device,
    posting: Posting,
    filled: Filled,
    written: bytes,
    files: Sequence[tuple[str, bytes]],
    more: bool,
    now: datetime,
) -> FilledForm:
    take_turns(FORMS_LOCK)
    digest = sha256(written).hexdigest()
    own = FilledForm.objects.filter(institution=device.institution, instance=filled.instance)
    form = own.filter(digest=digest).first() or FilledForm(
        device=device,
        officer=device.officer,
        institution=device.institution,
        office=Office.objects.get(pk=posting.office),
        instance=filled.instance,
        digest=digest,
        form=filled.form,
        version=filled.version,
        received_at=now,
        state=FilledForm.State.WAITING.value,
    )
    if form.pk is None:
        form.keep(written).save(force_insert=True)
    else:
        form = _locked(form)
    if form.state != FilledForm.State.DISPOSED:
        _keep_files(form, files)
    if form.state == FilledForm.State.WAITING or form.why == FilledForm.Why.FILES:
        if missing := queries.files_missing(form, filled):
            if not more:
                faults = {plain_name(name): FileRefused(name, "missing") for name in sorted(missing)}
                _hold(form, Held(FilledForm.Why.FILES, faults))
        elif own.exclude(digest=digest).exists():
            _hold(form, Held(FilledForm.Why.INSTANCE))
        else:
            _settle(form, filled, device.officer, Choice(), now)
    _note_form(device.officer, Verb.CREATE, form, now, channel=CHANNEL)
    return form


def _locked(form: FilledForm) -> FilledForm:
    stored = FilledForm.objects.select_for_update(of=("self",)).select_related("institution", "office")
    return stored.get(pk=form.pk)


def _concerned(form: FilledForm) -> list[Person]:
    """Whom a form that is held is known to speak of."""
    ruled = [ruling.person for ruling in form.rulings.select_related("person") if ruling.person]
    met = Encounter.objects.filter(filled_forms=form.pk).select_related("person").first()
    return [*ruled, *([met.person] if met else [])]


def _keep_files(form: FilledForm, files: Sequence[tuple[str, bytes]]) -> None:
    code = form.institution.code
    name_column, clear_column = FormFile.SEALED
    for name, clear in files:
        named, digest = sha256(name.encode()).hexdigest(), sha256(clear).hexdigest()
        if form.files.filter(named=named, digest=digest).exists():
            continue
        file = FormFile(filled=form, named=named, digest=digest)
        file.name = seal(code, name.encode(), name_column.about(FormFile, file.key))
        file.sealed = seal(code, clear, clear_column.about(FormFile, file.key))
        file.save(force_insert=True)


def _settle(form: FilledForm, filled: Filled, by: Officer, choice: Choice, now: datetime) -> None:
    """Write the form, or hold it; whatever was begun of a form that is held is taken back."""
    try:
        with transaction.atomic():
            form.encounter = write(form, filled, by=by, choice=choice, now=now)
    except Held as why:
        _hold(form, why)
    else:
        form.state, form.why = FilledForm.State.APPLIED.value, ""
        form.keep_faults([])
        form.save(update_fields=["state", "why", "faults", "encounter"])


def _choice(form: FilledForm) -> Choice:
    """What was decided of a form so far: who it is about stays decided when its answers are decided about."""
    rulings = list(form.rulings.select_related("person").order_by("pk"))
    about = [each for each in rulings if each.person or each.verdict == Ruling.Verdict.OTHER]
    return Choice(
        person=about[-1].person if about else None,
        other=bool(about) and about[-1].person is None,
        here=any(each.verdict == Ruling.Verdict.HERE for each in rulings),
        replace=any(each.verdict == Ruling.Verdict.REPLACE for each in rulings),
    )


def _hold(form: FilledForm, why: Held) -> None:
    form.state, form.why, form.encounter = FilledForm.State.HELD.value, why.why.value, why.encounter
    form.keep_faults(why.faults)
    form.save(update_fields=["state", "why", "faults", "encounter"])


def _note_form(by: Officer, verb: Verb, form: FilledForm, now: datetime, *, channel: str) -> None:
    code = form.institution.code
    record(
        officer=by.username,
        institution=code,
        verb=verb,
        what="filled_form",
        subjects=[str(form.key)],
        decision=Decision(True, Basis.OWN, code),
        channel=channel,
        now=now,
    )
