"""What is written about provisions: wordings in versions, links; each thing done has its line in the record."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from torogoz.domain.access import Basis, Decision, Verb
from torogoz.domain.provisions import LinkRefused, WordingRefused, check_reason, check_wording
from torogoz.shared.audit.actions import record
from torogoz.shared.institutions.access import may
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.provisions.models import (
    Flag,
    Link,
    Provision,
    ProvisionText,
    RefusedSuggestion,
    TextValidation,
)
from torogoz.shared.provisions.queries import commitments, words_of
from torogoz.shared.provisions.shipped import POSITION

BY_DUTY = Decision(True, Basis.DUTY)


class SourceRefused(Exception):
    """The text is not the one that the lines of the catalogue were counted in. Nothing was changed."""


class NotAllowed(PermissionError):
    """The policy refuses this officer: the register is kept by the secretariat."""


@transaction.atomic
def write_wording(
    *, by: Officer, provision: Provision, language: str, role: str, text: str, why: str, after: int, now: datetime
) -> ProvisionText:
    """Add the next version of a wording, with the reason; those before stay.

    after   the version that the officer had before the eyes, 0 where there was none
    raises  WordingRefused, ReasonRefused, NotAllowed
    """
    decision = allowed(by, now)
    if role == ProvisionText.Role.SOURCE:
        raise WordingRefused("role", "printed")
    before = words_of([provision])[provision.pk].texts.get((language, role))
    if (before.version if before else 0) != after:
        raise WordingRefused("text", "newer")
    written = ProvisionText(
        provision=provision,
        language=language,
        role=role,
        version=after + 1,
        text=check_wording(text, before.text if before else None),
        why=check_reason(why),
        written_by=by,
        written_at=now,
    )
    try:
        with transaction.atomic():
            written.save(force_insert=True)
    except IntegrityError:  # somebody else's version arrived between the question and the answer
        raise WordingRefused("text", "newer") from None
    note(by, Verb.EDIT, "wording", [provision], decision, now)
    return written


@transaction.atomic
def validate_wording(*, by: Officer, text: ProvisionText, now: datetime) -> TextValidation:
    """Stand for the newest version of a wording, which somebody else wrote. Raises WordingRefused, NotAllowed."""
    decision = allowed(by, now)
    if text.written_by_id == by.pk:
        raise WordingRefused("", "own")
    newest = words_of([text.provision])[text.provision.pk].texts[text.language, text.role]
    if newest.pk != text.pk:
        raise WordingRefused("", "older")
    if TextValidation.objects.filter(text=text, officer=by).exists():
        raise WordingRefused("", "validated")
    validated = TextValidation.objects.create(
        text=text,
        officer=by,
        institution=Institution.objects.get(code=decision.institution),
        validated_at=now,
    )
    note(by, Verb.CONVENE, "wording", [text.provision], decision, now)
    return validated


@transaction.atomic
def link(
    *,
    by: Officer,
    source: Provision,
    target: Provision,
    kind: str,
    why: str,
    now: datetime,
    score: float | None = None,
) -> Link:
    """Link two provisions in the officer's own name. What was only proposed becomes confirmed.

    score   of the suggestion that the officer took up; one that somebody refused before is not taken up
    raises  LinkRefused, ReasonRefused, NotAllowed
    """
    decision = allowed(by, now)
    said = check_reason(why)
    if kind not in Link.Kind.values:
        raise LinkRefused("kind", "kind")
    if source.pk == target.pk:
        raise LinkRefused("target", "itself")
    if score is not None and RefusedSuggestion.objects.filter(source=source, target=target, kind=kind).exists():
        raise LinkRefused("", "refused")
    found = Link.objects.filter(source=source, target=target, kind=kind, ended_at__isnull=True).first()
    if found is not None and found.origin != Link.Origin.PROPOSED:
        raise LinkRefused("target", "there")
    made = found or Link(source=source, target=target, kind=kind)
    made.origin, made.score, made.why = Link.Origin.CONFIRMED, score, said
    made.confirmed_by, made.confirmed_at = by, now
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:  # the same link arrived twice at once
        raise LinkRefused("target", "there") from None
    note(by, Verb.CREATE, "link", [source, target], decision, now)
    return made


@transaction.atomic
def end_link(*, by: Officer, ended: Link, why: str, now: datetime) -> Link:
    """End a link, and say why; it stays in the history of both pages. Raises LinkRefused, ReasonRefused, NotAllowed."""
    decision = allowed(by, now)
    said = check_reason(why)
    found = Link.objects.select_for_update().get(pk=ended.pk)
    if found.ended_at is not None:
        raise LinkRefused("", "ended")
    found.ended_by, found.ended_at, found.why_ended = by, now, said
    found.save(update_fields=["ended_by", "ended_at", "why_ended"])
    note(by, Verb.EDIT, "link", [found.source, found.target], decision, now)
    return found


@transaction.atomic
def refuse_suggestion(
    *, by: Officer, source: Provision, target: Provision, kind: str, score: float | None, why: str, now: datetime
) -> RefusedSuggestion:
    """Say that two provisions are not linked so; the suggestion is not made again. Raises LinkRefused, NotAllowed."""
    decision = allowed(by, now)
    if kind not in Link.Kind.values:
        raise LinkRefused("kind", "kind")
    refused, new = RefusedSuggestion.objects.get_or_create(
        source=source,
        target=target,
        kind=kind,
        defaults={"score": score, "why": why.strip()[:600], "refused_by": by, "refused_at": now},
    )
    if new:
        note(by, Verb.EDIT, "link", [source, target], decision, now)
    return refused


def allowed(by: Officer, now: datetime) -> Decision:
    """The decision that lets an officer keep the register. Raises NotAllowed."""
    decision = may(by, Verb.CONVENE, None, None, now)
    if not decision:
        raise NotAllowed("only the secretariat keeps the register")
    return decision


def note(
    by: Officer, verb: Verb, what: str, provisions: Sequence[Provision], decision: Decision, now: datetime
) -> None:
    """Keep in the record of accesses what an officer did to these provisions."""
    record(
        officer=by.username,
        institution=decision.institution,
        verb=verb,
        what=what,
        subjects=[str(each.key) for each in provisions],
        decision=decision,
        channel="page",
        now=now,
    )


@transaction.atomic
def read_source(*, lines: Sequence[str], name: str, language: str, now: datetime) -> int:
    """Keep the printed wording of each provision of 2017, from its lines; how many wordings are new.

    lines   of a plain-text copy of the printed text, the first of them number 1
    raises  SourceRefused when the copy is too short, or does not have the words that flags quote where they quote them
    """
    _check_quotations(lines)
    found = list(commitments(POSITION))
    words = words_of(found)
    new = []
    for provision in found:
        text = "\n".join(_printed(lines, provision.lines))
        before = words[provision.pk].texts.get((language, ProvisionText.Role.SOURCE))
        if before is not None and before.text == text:
            continue
        new.append(
            ProvisionText(
                provision=provision,
                language=language,
                role=ProvisionText.Role.SOURCE,
                version=before.version + 1 if before else 1,
                text=text,
                origin=f"{name}, lines {provision.lines}"[:300],
                why=f"read again from {name}"[:600] if before else "",
                written_at=now,
            )
        )
    ProvisionText.objects.bulk_create(new)
    if new:
        record(
            officer="",
            institution="",
            verb=Verb.CREATE,
            what="wording",
            subjects=[str(text.provision.key) for text in new],
            decision=BY_DUTY,
            channel="command",
            now=now,
        )
    return len(new)


def _printed(lines: Sequence[str], place: str) -> list[str]:
    """The printed lines at a place such as 247 or 183-186, without the blank ones. Raises SourceRefused."""
    first, _, last = place.partition("-")
    within = [line.strip() for line in lines[int(first) - 1 : int(last or first)]]
    found = [line for line in within if line]
    if not found:
        raise SourceRefused(f"lines {place} are blank or missing; is it the copy that the catalogue was made from?")
    return found


def _check_quotations(lines: Sequence[str]) -> None:
    for flag in Flag.objects.filter(provision__instrument__code=POSITION).exclude(printed=""):
        said = " ".join(_printed(lines, flag.lines))
        if flag.printed.casefold() not in said.casefold():
            raise SourceRefused(f"lines {flag.lines} do not say “{flag.printed}”, as {flag.provision.code} quotes them")
