"""What series say today of the commitments that are bound to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from torogoz.shared.indicators.queries import EditionRead, edition_read, figures_of, flow_called
from torogoz.statistics.deliberation.progress import Computed, Measured, Path, computed_status
from torogoz.statistics.deliberation.readings import Newest, UnclearSeries, history, newest, year_of
from torogoz.topics.commitments.follow_up_models import IndicatorBinding


@dataclass(frozen=True)
class Read:
    """What a series says in the editions that are public now, and what that means against its target."""

    edition: EditionRead
    newest: Newest | None
    computed: Computed


def bindings_in_force() -> QuerySet[IndicatorBinding]:
    """The series to which commitments are bound today."""
    found = IndicatorBinding.objects.filter(ended_at__isnull=True)
    return found.select_related("provision__instrument").order_by("pk")


def read(binding: IndicatorBinding) -> Read | None:
    """The reading of a binding in the editions that are public now; None while there are none.

    A period counts once it was over when its edition became public.
    raises  UnclearSeries, VintageDamaged, ReleaseDamaged
    """
    flow = flow_called(binding.dataflow)
    if flow is None:
        raise UnclearSeries(f"there is no dataflow {binding.dataflow}")
    edition = edition_read(flow)
    if edition is None:
        return None
    known_on = timezone.localdate(edition.public_since)
    found = newest(figures_of(flow), flow, binding.series, known_on)
    return Read(edition, found, computed_status(*_compared(binding, found), target_set=binding.target is not None))


def drawn(binding: IndicatorBinding) -> list[Newest]:
    """Every figure of the series of a binding, oldest first, for its chart; nothing where it is unclear."""
    flow = flow_called(binding.dataflow)
    edition = edition_read(flow) if flow is not None else None
    if flow is None or edition is None:
        return []
    try:
        return history(figures_of(flow), flow, binding.series, timezone.localdate(edition.public_since))
    except UnclearSeries:
        return []


def check_series(dataflow: str, series: dict[str, str]) -> None:
    """Refuse a series that does not exist, that has no figure, or that is several. Raises UnclearSeries."""
    flow = flow_called(dataflow)
    if flow is None:
        raise UnclearSeries(f"there is no dataflow {dataflow}")
    edition = edition_read(flow)
    if edition is not None and not history(figures_of(flow), flow, series, timezone.localdate(edition.public_since)):
        codes = {each.id: sorted(_codes(flow.id, each.id))[:12] for each in flow.dimensions if each.id in series}
        raise UnclearSeries(f"no figure of {dataflow} has these codes; it has {codes}")


def _codes(dataflow: str, dimension: str) -> Iterable[str]:
    flow = flow_called(dataflow)
    return [] if flow is None else figures_of(flow)[dimension].drop_nulls().unique().to_list()


def _compared(binding: IndicatorBinding, found: Newest | None) -> tuple[Measured, Path | None]:
    measured = Measured(binding.measured)
    if found is None or found.value is None or binding.target is None or binding.target_year is None:
        return measured, None
    return measured, Path(
        base=binding.base,
        base_year=binding.base_year,
        current=found.value,
        current_year=year_of(found.period),
        target=binding.target,
        target_year=binding.target_year,
    )


def binding_called(key: UUID) -> IndicatorBinding | None:
    """A binding, ended or not."""
    return IndicatorBinding.objects.filter(key=key).select_related("provision").first()
