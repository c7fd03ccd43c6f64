"""What each amount obliges to in a round, as a table."""

from collections.abc import Iterator

from torogoz.domain.matching import plain
from torogoz.exchange.readers.filled_tables import written
from torogoz.topics.diaspora.matching_queries import matched
from torogoz.topics.diaspora.models import Round

COLUMNS = (
    "round", "decided", "project", "title", "giver", "kind", "amount", "currency", "on", "ratio_gives",
    "ratio_for_each", "cap", "obliges", "obliged_amount", "obliged_currency", "why_not_known", "made_up",
)  # fmt: skip


def csv_pieces(made: Round) -> Iterator[bytes]:
    """The table: one amount a row. `obliged_amount` is empty where it is not known; `why_not_known` says why."""
    return written(COLUMNS, iter(_rows(made)))


def _rows(made: Round) -> list[list[str]]:
    ratio = [plain(one) if one is not None else "" for one in (made.gives, made.for_each)]
    return [
        [
            str(made.key), "yes" if made.published_at else "no", str(one.entry.project.key), one.entry.project.title,
            line.fund.giver, line.fund.kind, plain(line.fund.amount), line.fund.currency, line.fund.on.isoformat(),
            *ratio, "" if one.cap is None else plain(one.cap), "others" if line.of_the_fund else "fund",
            "" if line.obliges is None else plain(line.obliges), made.currency,
            _why(line.obliges, line.fund.currency, made),
            "yes" if made.made_up else "no",
        ]
        for one in matched(made) or ()
        for line in one.lines
    ]  # fmt: skip


def _why(obliges: object, currency: str, made: Round) -> str:
    if obliges is not None:
        return ""
    return "other_currency" if currency != made.currency else "after_an_amount_that_is_not_known"
