"""`torogoz residence`: who of those who crossed the border moved, by a published rule. It needs no database."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from torogoz.domain.residence import DEFAULT_RULE, RULES, Policy, Rule, rule_called
from torogoz.exchange.readers.crossings import CrossingsUnreadable, read_crossings
from torogoz.exchange.writers.whole_files import WholeFiles, whole_files
from torogoz.statistics.residence.classify import Classified, NothingToClassify, classify
from torogoz.statistics.residence.nowcast import Nowcast, TooShort, nowcast
from torogoz.statistics.residence.triangle import BackTest, back_test, triangle

MISTAKES = (CrossingsUnreadable, NothingToClassify, TooShort, OSError, ValueError)
# The columns of the reference's results, in its order; what is ours follows.
COLUMNS = (
    "personId", "journey_sequence", "is_arrival", "date_crossing", "days_to_next_crossing", "res_status_before",
    "res_status_after", "is_long_term_mig", "date_finalised_res_before", "date_finalised_res_after",
    "date_finalised_LTM", "state", "origin", "row",
)  # fmt: skip


class Command(BaseCommand):
    help = (
        "Tell migrants from travellers among border crossings. IN is a CSV or Parquet file with personId, "
        "date_crossing (ISO, with or without a time) and is_arrival (1, 0) or direction (arrival, departure); "
        "optionally journey_sequence, res_status_initial (1, 0), declared_departure, sex, age or birth_year, "
        "citizenship, birth_country, counterpart, mode."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("crossings", type=Path, nargs="?", metavar="IN", help="the file of crossings")
        parser.add_argument("-o", "--out", type=Path, metavar="OUT.csv", help="one row per crossing, with its state")
        parser.add_argument("--rule", default=DEFAULT_RULE.code, help=f"one of {', '.join(RULES)}")
        parser.add_argument("--policy", default=Policy.REJECT.value, choices=[each.value for each in Policy])
        parser.add_argument("--cut-off", metavar="DAY", help="what is known until this day (default: last crossing)")
        parser.add_argument("--rejected", type=Path, help="rows set aside, with reason (default: OUT.rejected.csv)")
        parser.add_argument("--nowcast", type=Path, metavar="FILE", help="months, with estimate and standard error")
        parser.add_argument("--back-test", type=int, metavar="N", help="make N past nowcasts again and compare them")
        parser.add_argument("--triangle", type=Path, metavar="FILE", help="the months of those nowcasts by vintage")
        parser.add_argument("--rules", action="store_true", help="list the rules with their parameters and sources")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rules"]:
            self._say(rule_lines())
            return
        if options["crossings"] is None or options["out"] is None:
            raise CommandError("say which file to read and where to write: torogoz residence IN.csv -o OUT.csv")
        if options["triangle"] is not None and not options["back_test"]:
            raise CommandError("--triangle shows the vintages of --back-test N; give both")
        try:
            self._run(options)
        except MISTAKES as mistake:
            raise CommandError(str(mistake)) from mistake

    def _run(self, options: dict[str, Any]) -> None:
        rule, policy, out = rule_called(options["rule"]), Policy(options["policy"]), options["out"]
        cut_off = None if options["cut_off"] is None else _day(options["cut_off"])
        today = timezone.localdate()
        raw = read_crossings(options["crossings"])
        found = classify(raw, rule, policy, today=today, cut_off=cut_off)
        self._say(found.quality.lines())
        self._say(state_lines(found))
        rejected = options["rejected"] or out.with_name(f"{out.stem}.rejected.csv")
        with whole_files() as files:
            made = None
            if options["nowcast"] is not None:
                made = nowcast(found.crossings, rule, found.cut_off)
                made.monthly.write_csv(files.aside(options["nowcast"]), float_precision=2)
                self._say(nowcast_lines(made))
            if options["back_test"]:
                tested = back_test(raw, rule, policy, today=today, final=found, vintages=options["back_test"])
                self._say(back_test_lines(tested))
                self._write_triangle(tested, options["triangle"], files)
            results(found, made).write_csv(files.aside(out), float_precision=4)
            found.rejected.write_csv(files.aside(rejected))
        self.stdout.write(
            f"written: {out} ({found.crossings.height:,} crossings), {rejected} ({found.rejected.height:,})"
        )

    def _write_triangle(self, tested: BackTest, path: Path | None, files: WholeFiles) -> None:
        if path is not None:
            triangle(tested.vintages).write_csv(files.aside(path), float_precision=2)

    def _say(self, lines: Iterator[str]) -> None:
        for line in lines:
            self.stdout.write(line)


def results(found: Classified, made: Nowcast | None) -> pl.DataFrame:
    """The columns of the results; p_migrant too where there is a nowcast."""
    frame = found.crossings if made is None else made.crossings
    columns = [*COLUMNS, *(["p_migrant"] if made is not None else [])]
    return frame.select(columns).with_columns(pl.col("is_arrival").cast(pl.Int8))


def rule_lines() -> Iterator[str]:
    """Every rule with its parameters and its source."""
    for rule in RULES.values():
        yield f"{rule.code:<6} {rule.name_en}: {rule.threshold_days} of {rule.window_days} days"
        yield f"       since {rule.adopted}: {rule.source}"


def state_lines(found: Classified) -> Iterator[str]:
    """How many crossings are in each state, at which cut-off and by which rule."""
    yield f"rule {_parameters(found.rule)}; known until {found.cut_off}"
    for state, count in found.counts().items():
        yield f"  {state.value}: {count:,}"


def nowcast_lines(made: Nowcast) -> Iterator[str]:
    """What the nowcast learnt from, and the newest months."""
    yield f"nowcast learnt from {made.trained[0]} to {made.trained[1]}; the newest months:"
    for row in made.monthly.tail(6).iter_rows(named=True):
        yield (
            f"  {row['TIME_PERIOD']} {row['INDICATOR']:<10} {row['estimate']:>9,.1f} ± {row['standard_error']:,.1f} "
            f"({row['certain']:,} certain, {row['provisional']:,} provisional)"
        )


def back_test_lines(tested: BackTest) -> Iterator[str]:
    """Whether the intervals of past nowcasts held what became final, in all and by months since."""
    yield (
        f"back-test: {tested.points.height:,} past estimates of {len(tested.vintages)} vintages; their intervals from "
        f"the 10th to the 90th percentile held {tested.coverage():.1%} of the final figures (80% were meant to be held)"
    )
    yield "  months since  estimates  held   bias  mean absolute error  mean final"
    for row in tested.by_lag().iter_rows(named=True):
        yield (
            f"  {row['lag']:>12}  {row['estimates']:>9}  {row['coverage']:>4.0%} {row['bias']:>6.1f}  "
            f"{row['mean_absolute']:>19.1f}  {row['mean_final']:>10.1f}"
        )


def _parameters(rule: Rule) -> str:
    return f"{rule.code} ({rule.threshold_days} of {rule.window_days} days)"


def _day(text: str) -> date:
    """A day written 2026-09-30. Raises ValueError with a sentence."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no day; write it as 2026-09-30. Nothing was written") from None
