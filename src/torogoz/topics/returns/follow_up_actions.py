"""What is written of follow-ups: answers and their score; and the versions of instruments that an authority gives."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from torogoz.domain.access import Basis, Decision, Verb
from torogoz.domain.instruments import Instrument, score
from torogoz.domain.reintegration import Moment, PlanRefused, check_moment
from torogoz.exchange.readers.instruments import instrument_from
from torogoz.shared.audit.actions import record
from torogoz.shared.institutions.models import Officer
from torogoz.topics.returns.follow_up_queries import instrument_to_ask, moments_made
from torogoz.topics.returns.instrument_queries import instrument_versions
from torogoz.topics.returns.models import Assessment, LoadedInstrument, Plan
from torogoz.topics.returns.plan_actions import held_open, note

UNNAMED = ""


class InstrumentKept(Exception):
    """A version that cannot be stored: nothing was changed, since scores were worked out under what is there."""


@transaction.atomic
def assess(*, by: Officer, plan: Plan, moment: Moment, answers: Mapping[str, str], now: datetime) -> Assessment:
    """Record the answers of one moment, and the score under the version that is asked of this person.

    raises      PlanRefused (closed, assessed, too_early, too_late), AnswerRefused, NotAllowed; then nothing was stored
    """
    decision, held = held_open(by, plan, now)
    check_moment(held.opened_on, moment, moments_made(held), timezone.localdate(now))
    instrument = instrument_to_ask(held)
    made = Assessment(
        plan=held,
        moment=moment.value,
        instrument=instrument.code,
        version=instrument.version,
        made_on=timezone.localdate(now),
        recorded_by=by,
        recorded_at=now,
    ).keep(answers, score(instrument, answers))
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise PlanRefused(UNNAMED, "assessed") from None
    note(by, Verb.CREATE, "follow_up", held, decision, now)
    return made


@transaction.atomic
def load_instrument(*, text: str, name: str, now: datetime) -> Instrument:
    """Keep the next version of an instrument, as an authority wrote it; `name` is for messages.

    raises      Unreadable, which says what of it cannot be; InstrumentKept unless it is the next version of one
    """
    instrument = instrument_from(text, name)
    held = instrument_versions(instrument.code)
    if not held:
        raise InstrumentKept(f"{name}: there is no instrument {instrument.code!r} that it could be a version of")
    if instrument.version != max(held) + 1:
        raise InstrumentKept(
            f"{name} says version {instrument.version}; the next of {instrument.code} is {max(held) + 1}. What is"
            " stored stays, since scores were worked out under it"
        )
    LoadedInstrument.objects.create(code=instrument.code, version=instrument.version, text=text, loaded_at=now)
    record(
        officer="",
        institution="",
        verb=Verb.CREATE,
        what="instrument",
        subjects=[],
        decision=Decision(allowed=True, basis=Basis.DUTY),
        channel="command",
        now=now,
        path=f"{instrument.code} version {instrument.version}",
    )
    return instrument
