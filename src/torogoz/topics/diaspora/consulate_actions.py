"""What officers of the foreign service announce: days of mobile consulates, one by one or from a file."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from torogoz.domain.access import Decision, Verb
from torogoz.domain.mobile_consulates import ConsulateRefused, Day, State, check_change
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.topics.diaspora.abroad_models import MobileConsulate
from torogoz.topics.diaspora.acting import allowed, consular, note


@transaction.atomic
def announce_day(*, by: Officer, day: Day, now: datetime, made_up: bool = False) -> MobileConsulate:
    """Announce one day. Raises ConsulateRefused, NotAllowed."""
    decision = consular(by, now)
    stored = _store(by, day, allowed(decision), now, made_up=made_up)
    note(by, Verb.CREATE, "mobile_consulate", [stored.key], decision, now)
    return stored


@transaction.atomic
def announce_days(*, by: Officer, days: Sequence[Day], now: datetime) -> list[MobileConsulate]:
    """Announce all the days of a file, or none. Raises ConsulateRefused, which names the day; NotAllowed."""
    decision = consular(by, now)
    institution = allowed(decision)
    stored = [_store(by, day, institution, now) for day in days]
    note(by, Verb.CREATE, "mobile_consulate", [one.key for one in stored], decision, now)
    return stored


@transaction.atomic
def cancel_day(
    *, by: Officer, day: MobileConsulate, reason_es: str, reason_en: str, version: int, now: datetime
) -> MobileConsulate:
    """Call a day off, saying why in both languages. Raises ConsulateRefused, NotAllowed."""
    decision, held = _held(by, day, reason_es, reason_en, version, now)
    held.state = State.CANCELLED.value
    return _off(by, held, decision, now)


@transaction.atomic
def move_day(
    *, by: Officer, day: MobileConsulate, to: Day, reason_es: str, reason_en: str, version: int, now: datetime
) -> MobileConsulate:
    """Put a day elsewhere, or on another date: it stays as moved, and leads to the new one, which is given back.

    raises  ConsulateRefused, NotAllowed
    """
    decision, held = _held(by, day, reason_es, reason_en, version, now)
    # The old one is taken off first: the new one may be in the same town at the same hour, at another address.
    MobileConsulate.objects.filter(pk=held.pk).update(
        state=State.CANCELLED.value, reason_es=held.reason_es, reason_en=held.reason_en
    )
    held.state, held.moved_to = State.MOVED.value, _store(by, to, held.institution, now, made_up=held.made_up)
    _off(by, held, decision, now)
    return held.moved_to


def _held(
    by: Officer, day: MobileConsulate, reason_es: str, reason_en: str, version: int, now: datetime
) -> tuple[Decision, MobileConsulate]:
    decision = consular(by, now)
    allowed(decision)
    held = MobileConsulate.objects.select_for_update(of=("self",)).select_related("institution").get(pk=day.pk)
    if held.version != version:
        raise ConsulateRefused("", "changed")
    check_change(state=State(held.state), ends_at=held.ends_at, reason_es=reason_es, reason_en=reason_en, now=now)
    held.reason_es, held.reason_en = reason_es.strip(), reason_en.strip()
    return decision, held


def _off(by: Officer, held: MobileConsulate, decision: Decision, now: datetime) -> MobileConsulate:
    held.version += 1
    held.changed_at = now
    held.save(force_update=True)
    note(by, Verb.EDIT, "mobile_consulate", [held.key], decision, now)
    return held


def _store(by: Officer, day: Day, institution: Institution, now: datetime, *, made_up: bool = False) -> MobileConsulate:
    day.check(now)
    stored = MobileConsulate(
        consulate=day.consulate,
        country=day.country,
        city=day.city,
        address=day.address,
        begins_at=day.begins_at,
        ends_at=day.ends_at,
        zone=day.zone,
        services=[one.value for one in day.services],
        bring_es=day.bring_es.strip(),
        bring_en=day.bring_en.strip(),
        institution=institution,
        recorded_by=by,
        recorded_at=now,
        changed_at=now,
        made_up=made_up,
    )
    try:
        with transaction.atomic():
            stored.save(force_insert=True)
    except IntegrityError:
        raise ConsulateRefused("", "announced", city=day.city, on=f"{day.on:%Y-%m-%d}") from None
    return stored
