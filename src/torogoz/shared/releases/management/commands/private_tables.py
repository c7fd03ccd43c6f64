"""`torogoz private-tables`: a fixed list of tables of a register, under differential privacy, paid for in a ledger."""

import hashlib
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from torogoz.exchange.readers.contract import Unreadable
from torogoz.exchange.readers.private_tables import Request, number, request_of, rows_of
from torogoz.exchange.writers.private_tables import Occupied, ledger_held, said_before, spend, written_aside
from torogoz.statistics.disclosure.private.accounting import most_advantage
from torogoz.statistics.disclosure.private.design import NotInDesign
from torogoz.statistics.disclosure.private.drawing import Drawn, draw, prices
from torogoz.statistics.disclosure.private.ledger import BudgetSpent, LedgerBroken, check, spendings, spent

MISTAKES = (Unreadable, Occupied, NotInDesign, BudgetSpent, LedgerBroken)


class Command(BaseCommand):
    help = (
        "Draw the tables that TABLES.yaml lists from IN.csv (or a workbook) with noise, once: the cost goes into the "
        "ledger, which refuses when the budget is spent. The same file and tables again are read, not drawn."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the register, one row per person or event: CSV, gz or workbook")
        parser.add_argument("--tables", type=Path, required=True, help="what is published: columns, codes, tables")
        parser.add_argument("--epsilon", required=True, help="what this drawing may cost, e.g. 4")
        parser.add_argument("--ledger", type=Path, required=True, help="the file of the ledger; begun if not there")
        parser.add_argument("-o", "--out", type=Path, required=True, help="an empty folder for the tables")
        parser.add_argument(
            "--release", default="", help="what the ledger calls this drawing; told from the file if not given"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._draw(**{name: options[name] for name in ("file", "tables", "epsilon", "ledger", "out", "release")})
        except MISTAKES as mistake:
            raise CommandError(f"{mistake}") from mistake

    def _draw(self, file: Path, tables: Path, epsilon: str, ledger: Path, out: Path, release: str) -> None:
        cost, request = number(epsilon, "--epsilon"), request_of(tables)
        if not file.is_file():
            raise Unreadable(f"there is no file {file}")
        name = release or _name(file, tables, cost)
        with ledger_held(ledger) as (before, last):
            kept = said_before(out)
            if kept is not None:
                if kept["release"] != name:
                    raise Occupied(
                        f"{out} holds the drawing {kept['release']}, which is never overwritten; give an empty folder"
                    )
                self.stdout.write(f"{out} holds this drawing already; nothing was drawn and nothing spent")
                return
            if any((each.dataset, each.release) == (request.design.dataset, name) for each in before):
                raise Occupied(
                    f"{name} was drawn before, and is never drawn twice: read it where it was written. If it is lost, "
                    "a new drawing needs a name of its own (--release) and is paid for again"
                )
            paid = prices(request.design, cost, request.delta)
            new = spendings(request.design.dataset, "", name, paid, cost, request.delta)
            check(before, new, request.budget)
            drawn = draw(request.design, rows_of(file, request), epsilon=cost, delta=request.delta)
            with written_aside(out, drawn, _about(name, drawn, request)):
                spend(ledger, last, new)
        self._say(drawn, out, request, spent((*before, *new), request.design.dataset, "").epsilon)

    def _say(self, drawn: Drawn, out: Path, request: Request, total: Fraction) -> None:
        cells = drawn.cells()
        hidden = int((cells["CONF_STATUS"] != "F").sum())
        noise = "Laplace" if drawn.delta is None else f"Gaussian, δ {float(drawn.delta):g}"
        for each in drawn.measured:
            self.stdout.write(
                f"{each.name}: {each.cells:,} cells, standard deviation of the noise {each.share.variance**0.5:.1f}"
            )
        self.stdout.write(f"{cells.height:,} cells, {hidden:,} below {request.design.least_shown} and not shown")
        self.stdout.write(
            f"ε {float(drawn.epsilon):g} ({noise}); {float(total):g} of {float(request.budget.epsilon):g} are spent"
        )
        advantage = most_advantage(float(drawn.epsilon), float(drawn.delta or 0))
        self.stdout.write(f"who asks whether a person is in the file gains at most {advantage:.1%} over a coin")
        self.stdout.write(f"tables in {out}")


def _name(file: Path, tables: Path, epsilon: Fraction) -> str:
    """The same for the same register, list of tables and cost, and for nothing else."""
    digest = hashlib.sha256()
    for part in (file.read_bytes(), tables.read_bytes(), str(epsilon).encode()):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:12]


def _about(name: str, drawn: Drawn, request: Request) -> dict[str, Any]:
    """What a drawing says of itself: never anything counted on the file without noise, its number of rows included."""
    return {
        "dataset": drawn.design.dataset,
        "release": name,
        "epsilon": str(drawn.epsilon),
        "delta": None if drawn.delta is None else str(drawn.delta),
        "noise": "laplace" if drawn.delta is None else "gaussian",
        "rows_of_one": drawn.design.rows_of_one,
        "least_shown": request.design.least_shown,
        "margin": drawn.margin,
        "tables": [list(table) for table in drawn.design.tables],
    }
