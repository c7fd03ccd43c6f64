"""`torogoz estimate-flows`: bilateral flows from two bilateral stocks."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from torogoz.exchange.readers import stock_tables
from torogoz.shared.sources.commandline import line_of, said_plainly
from torogoz.statistics.estimation.accounting import Balance, CannotAccount, Fit, Leavers
from torogoz.statistics.estimation.methods import ACCOUNTING, Choices, Method, Stocks
from torogoz.statistics.estimation.tables import (
    HIGH,
    LOW,
    TOTAL,
    Prepared,
    UnclearStocks,
    estimate,
    estimate_by_birthplace,
    needs_vital,
    prepare,
)
from torogoz.topics.flows.estimating import FROM_STOCKS_ALONE, SEXES, SOURCE, bilateral_stock, store, write_aside

EVERY = "all"


class Command(BaseCommand):
    help = (
        "Estimate bilateral flows from two bilateral stocks: long tables (birth,dest,value, optionally sex), or the "
        "imported migrant stock. Writes orig,dest,value; with several methods, a column for each and their range."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("start", nargs="?", type=Path, metavar="START.csv", help="stock at the beginning")
        parser.add_argument("end", nargs="?", type=Path, metavar="END.csv", help="stock at the end")
        parser.add_argument("-o", "--output", type=Path, metavar="OUT.csv", help="where to write the flows")
        parser.add_argument(
            "--method",
            action="append",
            choices=[*(method.value for method in Method), EVERY],
            help="may be repeated; all: every method that what is given allows",
        )
        parser.add_argument("--vital", type=Path, metavar="FILE", help="region,births,deaths of the period")
        parser.add_argument("--no-vital", action="store_true", help="count births and deaths as zero, at your word")
        parser.add_argument(
            "--population", type=Path, metavar="FILE", help="region,start,end: gives residents at their birthplace"
        )
        parser.add_argument("--seed", type=Path, metavar="FILE", help="orig,dest,value: how much likelier a move is")
        parser.add_argument("--array", action="store_true", help="write moves and stayers by birthplace instead (pob)")
        parser.add_argument("--sex", choices=SEXES, help="estimate for this sex only")
        parser.add_argument("--by-sex", action="store_true", help="from the source: women, men and total")
        parser.add_argument("--absent-is-zero", action="store_true", help="a pair that a file leaves out has nobody")
        parser.add_argument("--only-common", action="store_true", help="leave out places that one stock does not have")
        parser.add_argument(
            "--balance",
            choices=[each.value for each in Balance],
            default=Balance.BEFORE.value,
            help="balance a closed account before or after births and deaths are taken out",
        )
        parser.add_argument(
            "--fit",
            choices=[each.value for each in Fit],
            default=Fit.PUBLISHED.value,
            help="published: stop as the published estimates do; exact: Newton, sums met to rounding error",
        )
        parser.add_argument(
            "--leavers",
            choices=[each.value for each in Leavers],
            default=Leavers.START.value,
            help="draw leavers of the open account from the start (open-dr), or from the end (`open` of the reference)",
        )
        parser.add_argument("--movers", type=float, help="the number of movers of mig_rate")
        parser.add_argument("--from-source", choices=[SOURCE], help="estimate from the imported migrant stock")
        parser.add_argument("--year", type=int, help="from the source: the year in which the period begins")
        parser.add_argument("--until", type=int, help="from the source: the year in which it ends (the next stock)")
        parser.add_argument("--vintage", default="", help="from the source: the vintage with this label or key")
        parser.add_argument(
            "--store", action="store_true", help="estimate every period of the source and store it as FLOW_ESTIMATES"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with said_plainly():
            try:
                self._run(options)
            except (UnclearStocks, CannotAccount, ValueError) as reason:
                raise CommandError(str(reason)) from reason

    def _run(self, options: dict[str, Any]) -> None:
        if options["store"]:
            self._store(options)
            return
        if options["output"] is None:
            raise CommandError("say where to write the flows: -o OUT.csv")
        prepared = self._prepared(options)
        methods = self._methods(options, prepared)
        for note in prepared.notes:
            self.stdout.write(note)
        if options["array"]:
            frame = _only(estimate_by_birthplace(prepared, _one(methods)), options, prepared)
        else:
            frame = estimate(prepared, methods)
            self._say(prepared, methods, frame)
            if len(methods) == 1:
                frame = frame.rename({methods[0].value: "value"})
            frame = _only(frame, options, prepared)
        write_aside(options["output"], frame.write_csv().encode())
        self.stdout.write(f"written: {options['output']}, {frame.height} rows ({', '.join(frame.columns)})")

    def _store(self, options: dict[str, Any]) -> None:
        if options["from_source"] is None or options["start"] is not None:
            raise CommandError("--store keeps estimates from the imported stock: add --from-source MIGRANT_STOCK")
        more = ("method", "year", "until", "output", "vital", "population", "seed", "sex", "movers", "array", "by_sex")
        if given := [f"--{name.replace('_', '-')}" for name in more if options[name]]:
            raise CommandError(
                f"--store takes every period and the methods that stocks alone allow ({', '.join(FROM_STOCKS_ALONE)}); "
                f"leave out {', '.join(given)}, or write a file with -o instead of storing"
            )
        path, done = store(vintage=options["vintage"], now=timezone.now())
        self.stdout.write(f"written: {path}")
        for each in done:
            self.stdout.write(line_of(each))
            for note in each.vintage.note.splitlines():
                self.stdout.write(f"  {note}")
        self.stdout.write(
            "methods that need population, births and deaths are not in it: the imported sources do not have these"
        )

    def _prepared(self, options: dict[str, Any]) -> Prepared:
        """The stocks asked for, lined up."""
        choices = Choices(
            Balance(options["balance"]), Fit(options["fit"]), Leavers(options["leavers"]), options["movers"]
        )
        if options["movers"] is not None and not options["movers"] >= 0:
            raise CommandError(f"--movers {options['movers']}: a number of people, 0 or more, is needed")
        if options["vital"] is not None and options["no_vital"]:
            raise CommandError("--vital and --no-vital contradict each other; give one of them")
        if options["from_source"] is not None:
            start, end = self._from_source(options)
        else:
            start, end = self._from_files(options)
        if options["sex"] is not None:
            start, end = (table.filter(pl.col("sex") == options["sex"]) for table in (start, end))
            if start.is_empty() or end.is_empty():
                raise UnclearStocks(f"the stocks have no rows for sex {options['sex']}; nothing was estimated")
        extra = {
            name: reader(options[name]) if options[name] is not None else None
            for name, reader in (
                ("vital", stock_tables.vital),
                ("population", stock_tables.population),
                ("seed", stock_tables.seed),
            )
        }
        source = options["from_source"] is not None
        return prepare(
            start,
            end,
            **extra,
            absent_is_zero=source or options["absent_is_zero"],
            only_common=source or options["only_common"],
            choices=choices,
        )

    def _from_files(self, options: dict[str, Any]) -> tuple[pl.DataFrame, pl.DataFrame]:
        if options["start"] is None or options["end"] is None:
            raise CommandError("two stocks are needed: START.csv END.csv, or --from-source MIGRANT_STOCK --year 2015")
        read = []
        for path in (options["start"], options["end"]):
            table = stock_tables.stock(path)
            places = table["birth"].append(table["dest"]).n_unique()
            sexes = ", ".join(sorted(table["sex"].unique()))
            self.stdout.write(f"read: {path}: {table.height} pairs of {places} places, sex {sexes}")
            read.append(table)
        return read[0], read[1]

    def _from_source(self, options: dict[str, Any]) -> tuple[pl.DataFrame, pl.DataFrame]:
        if options["start"] is not None:
            raise CommandError("give two files, or --from-source; not both")
        if options["year"] is None:
            raise CommandError("--from-source needs --year, the year in which the period begins, such as 2015")
        stock = bilateral_stock(options["vintage"])
        until = options["until"] or stock.after(options["year"])
        if until <= options["year"]:
            raise CommandError(f"the period from {options['year']} to {until} ends before it begins")
        for dataset, label, sha256 in stock.derived:
            self.stdout.write(f"read: {SOURCE} from {dataset} {label}, SHA-256 {sha256}")
        self.stdout.write(f"period: middle of {options['year']} to middle of {until}")
        if stock.unknown:
            self.stdout.write(f"set aside: {stock.unknown} cells of the source without a number")
        wanted = SEXES if options["by_sex"] else (options["sex"] or TOTAL,)
        return stock.of_year(options["year"], wanted), stock.of_year(until, wanted)

    def _methods(self, options: dict[str, Any], prepared: Prepared) -> list[Method]:
        """The methods asked for, if what is given allows them."""
        asked = options["method"] or []
        if not asked:
            raise CommandError(f"say how to estimate: --method {{{','.join([*Method, EVERY])}}}")
        vital = options["vital"] is not None or options["no_vital"]
        at_home = all(stocks.residents for stocks in prepared.stocks.values())
        lacks = [] if vital else ["births and deaths (--vital FILE, or --no-vital to count them as zero)"]
        lacks += [] if at_home else ["residents at their birthplace (in the stocks, or by --population FILE)"]
        if EVERY in asked:
            allowed = [method for method in Method if not (lacks and method in ACCOUNTING)]
            if lacks:
                left = ", ".join(method for method in Method if method in ACCOUNTING)
                self.stdout.write(f"not estimated: {left}: they need {' and '.join(lacks)}")
            return allowed
        methods = [Method(name) for name in dict.fromkeys(asked)]
        needing = needs_vital(methods)
        if needing and lacks:
            raise CommandError(f"{', '.join(needing)} needs {' and '.join(lacks)}; nothing was estimated")
        if options["no_vital"] and needing:
            self.stdout.write("births and deaths: not given, counted as zero at your word (--no-vital)")
        return methods

    def _say(self, prepared: Prepared, methods: Sequence[Method], frame: pl.DataFrame) -> None:
        """Totals by sex and method, and the choices behind them."""
        for sex, stocks in prepared.stocks.items():
            for line in _choices(stocks, methods):
                self.stdout.write(f"{sex}: {line}")
        for sex in frame["sex"].unique(maintain_order=True):
            own = frame.filter(pl.col("sex") == sex)
            totals = "; ".join(f"{method} {own[method].sum():.10g}" for method in methods)
            self.stdout.write(f"{sex}: movers by {totals}")
            if LOW in own.columns:
                self.stdout.write(f"{sex}: pair by pair, from {own[LOW].sum():.10g} to {own[HIGH].sum():.10g}")
        if TOTAL in set(frame["sex"]) - set(prepared.stocks):
            self.stdout.write("the total is the sum of the estimates for women and men")


def _choices(stocks: Stocks, methods: Sequence[Method]) -> list[str]:
    """What was decided on the way to the estimates."""
    lines = []
    wanted, chosen = set(methods), stocks.choices
    if Method.MIG_RATE in wanted:
        of = "as given"
        if chosen.movers is None and stocks.residents:
            taken = stocks.births.any() or stocks.deaths.any()
            of = f"the absolute net migration of all places, births and deaths {'taken out' if taken else 'being zero'}"
        elif chosen.movers is None:
            of = "the absolute change of the foreign-born of all places, since populations are not known: too few"
        lines.append(f"mig_rate shares {stocks.movers:.10g} movers ({of})")
    if wanted & ACCOUNTING and stocks.mended[2]:
        lines.append(f"negative residents set to 0 and foreign-born scaled in {', '.join(stocks.mended[2])}")
    if wanted & (ACCOUNTING - {Method.DA_MIN_OPEN}):
        account = stocks.closed
        less, more = account.adjusted
        off = abs(account.start.sum(axis=1) - account.end.sum(axis=1)).max()
        lines.append(
            f"closed account balanced {chosen.balance} births and deaths: {less:+.10g} residents at home at the start, "
            f"{more:+.10g} at the end; {chosen.fit} fit, sums by birthplace at most {off:.2g} persons off"
        )
    if Method.DA_MIN_OPEN in wanted:
        account = stocks.opened
        lines.append(
            f"open account, leavers drawn from the {chosen.leavers}: {account.left.sum():.10g} left the system, "
            f"{account.entered.sum():.10g} entered it"
        )
    return lines


def _one(methods: Sequence[Method]) -> Method:
    if len(methods) != 1 or methods[0] not in ACCOUNTING:
        raise CommandError(f"--array needs one method of demographic accounting: {', '.join(sorted(ACCOUNTING))}")
    return methods[0]


def _only(frame: pl.DataFrame, options: dict[str, Any], prepared: Prepared) -> pl.DataFrame:
    """Without the column sex, unless there are several or the reader asked for them."""
    several = len(prepared.stocks) > 1 or options["by_sex"] or set(prepared.stocks) != {TOTAL}
    return frame if several else frame.drop("sex")
