"""`torogoz observations`: the log of what was said of each figure, what differs, and what does not add up."""

from datetime import datetime
from typing import Any

import polars as pl
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from torogoz.shared.observations import actions, queries
from torogoz.shared.releases import queries as releases
from torogoz.shared.sources.commandline import said_plainly
from torogoz.statistics import bitemporal
from torogoz.statistics.contradictions import broken_sums, rival_totals
from torogoz.statistics.dataflows import DATAFLOWS, Dataflow, dataflow
from torogoz.statistics.observations import keys_of, one_per_key
from torogoz.statistics.private_releases import RELEASED

SHOWN = 20


class Command(BaseCommand):
    help = "Bring the log of observations up to date and list its runs; or compare two states; or find contradictions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dataflow", help="only this dataflow; with --diff, RETURNS unless told")
        parser.add_argument("--rebuild", action="store_true", help="make the log again from the stored files")
        parser.add_argument(
            "--diff", nargs=2, metavar=("A", "B"), help="what differs between two releases, editions or moments"
        )
        parser.add_argument(
            "--materiality", type=float, default=0.01, help="the share from which a change is material (0.01)"
        )
        parser.add_argument("--contradictions", action="store_true", help="published figures that do not add up")

    def handle(self, *args: Any, **options: Any) -> None:
        with said_plainly():
            if options["diff"]:
                one, other = options["diff"]
                self._diff(dataflow(options["dataflow"] or "RETURNS"), one, other, options["materiality"])
            elif options["contradictions"]:
                self._contradictions()
            else:
                chosen = [dataflow(options["dataflow"])] if options["dataflow"] else list(DATAFLOWS.values())
                for flow in chosen:
                    self._update(flow, again=options["rebuild"])

    def _update(self, flow: Dataflow, *, again: bool) -> None:
        work = actions.rebuild if again else actions.bring_up_to_date
        added = {run.pk for run in work(flow=flow, now=timezone.now())}
        for run in queries.runs(flow.id):
            names = ", ".join(each["name"] for each in run.inputs)
            self.stdout.write(
                f"{'added' if run.pk in added else 'kept '} {flow.id:<22} {run.valid_from:%Y-%m-%d %H:%M}  "
                f"{run.opened:>9,} opened {run.closed:>9,} closed  run {run.key[:16]}  from {names}"
            )

    def _diff(self, flow: Dataflow, one: str, other: str, materiality: float) -> None:
        if not 0 <= materiality <= 1:
            raise CommandError(f"--materiality is a share between 0 and 1, not {materiality:g}")
        keys = keys_of(flow)
        found = bitemporal.difference(_state(flow, one), _state(flow, other), keys, materiality)
        self.stdout.write(f"{flow.id} from {one} to {other}")
        if found.is_empty():
            self.stdout.write("no figure differs")
            return
        for how, cells, material in found.group_by("HOW").agg(pl.len(), pl.col("MATERIAL").sum()).sort("HOW").rows():
            self.stdout.write(f"{cells:>9,} {how:<15} {material:>9,} material (from {materiality:.4g} on)")
        totals = {each.id: each.total for each in flow.dimensions}
        for row in found.filter("MATERIAL").head(SHOWN).iter_rows(named=True):
            where = " ".join(f"{name}={row[name]}" for name in keys if row[name] != totals.get(name))
            said = f"{_figure(row['BEFORE'], row['STATUS_BEFORE'])} → {_figure(row['AFTER'], row['STATUS_AFTER'])}"
            share = "" if row["RELATIVE"] is None else f" ({row['RELATIVE']:+.1%})"
            self.stdout.write(f"          {row['HOW']} {where}: {said}{share}")

    def _contradictions(self) -> None:
        figures = queries.state(DATAFLOWS["HEADLINES"])
        for each in broken_sums(figures):
            parts = " + ".join(f"{value:,.10g} {part}" for part, value in each.parts)
            whose = "; ".join(f"the total of {period} ({series})" for period, series in each.equals)
            self.stdout.write(
                f"{each.indicator} {each.series} {each.period}: {parts} = {each.sum:,.10g}, not {each.total:,.10g}"
                + (f"; it is {whose}" if whose else "")
            )
        for rival in rival_totals(figures):
            said = ", ".join(f"{value:,.10g} {series}" for series, value in rival.totals)
            self.stdout.write(f"{rival.indicator} {rival.period}: series disagree: {said}")


def _state(flow: Dataflow, words: str) -> pl.DataFrame:
    """The state that an operator names: a moment (2026-11-01, 2026-11-01T09:00), a release, or an edition."""
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        pass
    else:
        at = moment if moment.tzinfo else timezone.make_aware(moment)
        actions.bring_up_to_date(flow=flow, now=timezone.now())
        return queries.seen(flow, as_of=at)
    if flow.id in RELEASED:
        release = releases.any_release_called(words)
        said = [pl.lit(f"torogoz_{flow.id.lower()}").alias("DATASET"), pl.lit(str(release)).alias("VINTAGE")]
        return one_per_key(releases.published(flow.id, release).lazy().with_columns(said), flow)
    return queries.state(flow, label=words)


def _figure(value: float | None, status: str | None) -> str:
    """A figure with its status where that is not the ordinary one."""
    if status is None:
        return "nothing"
    shown = "protected" if value is None and " " in status else "unknown" if value is None else f"{value:,.10g}"
    return shown if status == "A" else f"{shown} [{status}]"
