"""Positions of other countries come in: a table whole, or nothing of it, in the name of who imported it."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from torogoz.domain.access import Decision, Verb
from torogoz.exchange.readers.positions import Statement
from torogoz.shared.audit.actions import record
from torogoz.shared.codelists.queries import names
from torogoz.shared.institutions.access import may
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.provisions.models import Instrument, Link, Provision, ProvisionText
from torogoz.shared.provisions.queries import objectives
from torogoz.topics.commitments.position_queries import statements

AS_IMPORTED = "as the imported table says"


@transaction.atomic
def import_positions(*, by: Officer, found: Sequence[Statement], made_up: bool, now: datetime) -> int:
    """Keep the statements that are not kept yet; how many are new. Raises NotAllowed.

    made_up     whether it is an example, of no real country's words
    """
    decision = may(by, Verb.CONVENE, None, None, now)
    if not decision:
        raise NotAllowed(f"{by} does not keep the register")
    new = not_kept(found)
    aims = {one.code: one for one in objectives()}
    for one in new:
        _keep(one, aims[one.objective], by, made_up, now)
    if new:
        _note(by, len(new), decision, now)
    return len(new)


def not_kept(found: Sequence[Statement]) -> list[Statement]:
    """The statements of a table that are not stored yet."""
    kept = {_said(one) for one in statements()}
    return [one for one in found if _said(one) not in kept]


def _said(one: Statement) -> tuple[str, ...]:
    return (one.country, one.objective, one.text_es, one.text_en, one.source, str(one.date))


def _keep(one: Statement, aim: Provision, by: Officer, made_up: bool, now: datetime) -> None:
    instrument = _instrument(one, made_up)
    position = instrument.provisions.count() + 1
    provision = Provision.objects.create(
        instrument=instrument,
        code=f"{one.objective}.{position}",
        position=position,
        kind="statement",
        cluster=one.theme,
    )
    for language, text in (("es", one.text_es), ("en", one.text_en)):
        if text:
            original = one.original == language
            ProvisionText.objects.create(
                provision=provision,
                language=language,
                role=ProvisionText.Role.SOURCE if original else ProvisionText.Role.TRANSLATION,
                text=text,
                machine=one.machine and not original,
                origin=one.source,
                written_by=by,
                written_at=now,
            )
    Link.objects.create(
        source=provision,
        target=aim,
        kind=Link.Kind.CORRESPONDS,
        origin=Link.Origin.CONFIRMED,
        why=AS_IMPORTED,
        confirmed_by=by,
        confirmed_at=now,
    )


def _instrument(one: Statement, made_up: bool) -> Instrument:
    """The position of a country by one source and day: made when its first statement comes in."""
    told = hashlib.sha256(f"{one.source} {one.date} {made_up}".encode()).hexdigest()[:8]
    spanish, english = names("AREA", "es"), names("AREA", "en")
    found, _new = Instrument.objects.get_or_create(
        code=f"position-{one.country.lower()}-{told}",
        defaults={
            "kind": Instrument.Kind.FOREIGN_POSITION,
            "name_es": f"Posición de {spanish.get(one.country, one.country)}",
            "name_en": f"Position of {english.get(one.country, one.country)}",
            "country": one.country,
            "adopted_on": one.date,
            "source": one.source,
            "made_up": made_up,
        },
    )
    return found


def _note(by: Officer, count: int, decision: Decision, now: datetime) -> None:
    record(
        officer=by.username,
        institution=decision.institution,
        verb=Verb.CREATE,
        what="position",
        subjects=[f"{count} statements"],
        decision=decision,
        channel="page",
        now=now,
    )
