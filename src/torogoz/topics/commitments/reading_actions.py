"""Commitments are bound to series by the secretariat; readings are frozen once per edition."""

import logging
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from torogoz.domain.access import Basis, Decision, Verb
from torogoz.domain.commitments import Direction, FollowUpRefused, check_target, check_year
from torogoz.shared.audit.actions import record
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.provisions.models import Provision
from torogoz.shared.releases.files import ReleaseDamaged
from torogoz.shared.sources.files import VintageDamaged
from torogoz.statistics.deliberation.progress import Measured
from torogoz.statistics.deliberation.readings import UnclearSeries
from torogoz.topics.commitments import follow_up_rights as rights
from torogoz.topics.commitments.follow_up_models import IndicatorBinding, Reading
from torogoz.topics.commitments.measure_actions import note
from torogoz.topics.commitments.reading_queries import Read, bindings_in_force, check_series, read

logger = logging.getLogger(__name__)
BY_DUTY = Decision(allowed=True, basis=Basis.DUTY)


@transaction.atomic
def bind(
    *,
    by: Officer,
    provision: Provision,
    dataflow: str,
    series: Mapping[str, str],
    measured: Measured,
    direction: Direction,
    base: float,
    base_year: int,
    target: float | None,
    target_year: int | None,
    ground: str,
    now: datetime,
    made_up: bool = False,
) -> IndicatorBinding:
    """Bind a commitment to a series. Raises FollowUpRefused (series, share, direction, target_year, …), NotAllowed."""
    decision = rights.to_convene(by, now)
    if not decision:
        raise NotAllowed("only the secretariat binds a commitment to a series")
    check_year(base_year, "base_year")
    check_target(direction, base, base_year, target, target_year, share=measured is Measured.SHARE)
    try:
        check_series(dataflow, dict(series))
    except UnclearSeries as why:
        raise FollowUpRefused("series", "series", series=dataflow, why=why) from why
    bound = bindings_in_force().filter(provision=provision, dataflow=dataflow)
    if any(each.series == dict(series) for each in bound):
        raise FollowUpRefused("series", "there")
    binding = IndicatorBinding.objects.create(
        provision=provision,
        dataflow=dataflow,
        series=dict(series),
        measured=measured.value,
        direction=direction.value,
        base=base,
        base_year=base_year,
        target=target,
        target_year=target_year,
        ground=ground,
        bound_by=by,
        bound_at=now,
        made_up=made_up,
    )
    note(by, Verb.CREATE, "binding", [str(binding.key), str(provision.key)], decision, now)
    return binding


@transaction.atomic
def end_binding(*, by: Officer, binding: IndicatorBinding, now: datetime) -> IndicatorBinding:
    """End a binding; its readings stay. Raises FollowUpRefused (changed), NotAllowed."""
    decision = rights.to_convene(by, now)
    if not decision:
        raise NotAllowed("only the secretariat ends a binding")
    held = IndicatorBinding.objects.select_for_update().get(pk=binding.pk)
    if held.ended_at is not None:
        raise FollowUpRefused("", "changed")
    held.ended_by, held.ended_at = by, now
    held.save(update_fields=["ended_by", "ended_at"])
    note(by, Verb.EDIT, "binding", [str(held.key)], decision, now)
    return held


@transaction.atomic
def freeze_readings(*, now: datetime) -> list[Reading]:
    """Read every bound series in the editions that are public now; what was read of an edition before stays as it is.

    A series that cannot be read is left out and told in the log; the others are read.
    returns  the new readings
    """
    made = [reading for binding in bindings_in_force() if (reading := _frozen(binding, now)) is not None]
    if made:
        record(
            officer="",
            institution="",
            verb=Verb.CREATE,
            what="reading",
            subjects=[str(reading.binding.key) for reading in made],
            decision=BY_DUTY,
            channel="command",
            now=now,
        )
    return made


def _frozen(binding: IndicatorBinding, now: datetime) -> Reading | None:
    try:
        found = read(binding)
    except (UnclearSeries, VintageDamaged, ReleaseDamaged) as why:
        logger.warning("binding %s was not read: %s", binding.key, why)
        return None
    if found is None or Reading.objects.filter(binding=binding, edition=found.edition.checksum).exists():
        return None
    return Reading.objects.create(**_fields(binding, found), read_at=now)


def _fields(binding: IndicatorBinding, found: Read) -> dict[str, object]:
    edition, figure, computed = found.edition, found.newest, found.computed
    return {
        "binding": binding,
        "release": edition.release,
        "edition": edition.checksum,
        "vintage": "; ".join(edition.names)[:300],
        "public_since": edition.public_since,
        "period": figure.period if figure else "",
        "value": figure.value if figure else None,
        "provisional": bool(figure and figure.provisional),
        "hidden": bool(figure and figure.hidden),
        "method": computed.method.value if computed.method else "",
        "pace": computed.pace,
        "compound": computed.compound,
        "status": computed.status.value,
    }
