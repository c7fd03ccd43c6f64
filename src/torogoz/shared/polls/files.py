"""Results as files: what the page tells as rows and as JSON, a conversation for Polis's programs, a budget for Pabulib.

Each asks the gate first, and is None while it says no, whoever asks and whatever was voted.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from fractions import Fraction

import numpy as np
import polars as pl

from torogoz.domain.polls import FEWEST, Kind, Moment, moment
from torogoz.exchange.writers import csv_text
from torogoz.exchange.writers.pabulib import Election, pabulib
from torogoz.exchange.writers.polis_csv import comments_file, participants_file, votes_file
from torogoz.shared.polls.counting import Results
from torogoz.shared.polls.models import Attestation, Poll, Statement
from torogoz.shared.polls.queries import Asker, may_see, results, runs
from torogoz.shared.polls.statement_counts import Grouping, StatementResults, Told, opinions, votes_of
from torogoz.statistics.deliberation.small_cells import Published, Split
from torogoz.statistics.deliberation.votes import AGREE, DISAGREE, UNSEEN, VoteMatrix

NOT_TOLD = -1
"""Stands for the author of every statement: who wrote one is in no file, since a file has what each voter said."""
EVERYBODY = "_T"
PART_NAMES: dict[Split, tuple[str, ...]] = {
    Split.THREE: ("agree", "disagree", "pass"),
    Split.AGREE: ("agree", "disagree_or_pass"),
    Split.DISAGREE: ("disagree", "agree_or_pass"),
    Split.PASS: ("pass", "agree_or_disagree"),
    Split.NONE: ("seen",),
}
Row = dict[str, str | int | float | None]


def rows(poll: Poll, asker: Asker, now: datetime) -> list[Row] | None:
    """What the asker may see, one figure a row: `what`, `of`, `group`, `answer`, `value`.

    None while it is hidden, and of statements while the poll is open."""
    found = results(poll, asker, now)
    if found is None or (isinstance(found, StatementResults) and found.until is not None):
        return None
    return statement_rows(found) if isinstance(found, StatementResults) else _rows(found)


def file_of(poll: Poll, asker: Asker, now: datetime, ending: str) -> tuple[bytes, str] | None:
    """What the asker may see as `csv`, `json` or, of a budget, `pb`, with the kind of content; else None."""
    if ending == "pb":
        content = budget_file(poll, asker, now)
        return (content, "text/plain") if content is not None else None
    found = rows(poll, asker, now) if ending in {"csv", "json"} else None
    if found is None:
        return None
    if ending == "json":
        return as_json(poll, found), "application/json"
    return b"".join(as_csv(found)), "text/csv"


def as_csv(found: list[Row]) -> Iterator[bytes]:
    """The rows as CSV."""
    schema = {"what": pl.String, "of": pl.String, "group": pl.String, "answer": pl.String, "value": pl.Float64}
    return csv_text.pieces(pl.DataFrame(found, schema=schema))


def as_json(poll: Poll, found: list[Row]) -> bytes:
    """The rows with what the poll is."""
    about = {
        "poll": str(poll.key),
        "kind": poll.kind,
        "ballots": poll.secrecy,
        "title": {"es": poll.title_es, "en": poll.title_en},
        "opens": poll.opens_at.isoformat(),
        "closes": poll.closed_at.isoformat(),
        "made_up": poll.made_up,
        "fewest_people_told": FEWEST,
        "results": found,
    }
    return json.dumps(about, ensure_ascii=False, indent=1).encode()


def _row(what: str, value: float | Fraction | None, of: str = "", group: str = "", answer: str = "") -> Row:
    return {
        "what": what,
        "of": of,
        "group": group,
        "answer": answer,
        "value": None if value is None else float(value),
    }


def _rows(found: Results) -> list[Row]:
    told = [_row("voted", found.voted), _row("asked", found.asked)]
    if found.decided is not None:
        told += [_row("seats", count, of=stance.value) for stance, count in found.decided.tally.items()]
        told.append(_row("outcome", 1, of=found.decided.result.value))
        told.append(_row("consensus", found.consensus))
    if found.ranking is not None:
        options = found.ranking.options
        place = {option: at for at, tied in enumerate(found.ranking.places, 1) for option in tied}
        told += [_row("place", place[option], of=option) for option in options]
        for one, line in zip(options, found.ranking.pairwise.tolist(), strict=True):
            for other, count in zip(options, line, strict=True):
                if one != other:
                    hide = found.of_people and 0 < count < FEWEST
                    told.append(_row("before", None if hide else count, of=one, group=other))
    if found.tally is not None:
        told += [
            _row("total", None if option in found.few else total, of=option)
            for option, total in found.tally.totals.items()
        ]
    for bought in found.paid:
        told.append(_row("funded", bought.cost, of=bought.option, answer=bought.stage))
        told += [_row("tied_with", None, of=bought.option, group=other) for other in bought.tied]
        told += [_row("paid", amount, of=bought.option, group=name) for name, _, amount in bought.by]
    if found.bought is not None:
        told.append(_row("share", found.bought.share))
        told.append(_row("added", found.bought.added))
        told.append(_row("unspent", found.bought.unspent))
    return told


def statement_rows(found: StatementResults) -> list[Row]:
    """What a poll of statements came to, one figure a row."""
    told = [_row("asked", found.asked), _row("voted", found.voted), _row("grouped", found.grouped)]
    for one in found.statements:
        if one.published.whole is not None:
            told += _answers(str(one.number), EVERYBODY, one.published, one.published.whole)
    numbers = {one.pk: str(one.number) for one in found.statements}
    for kind, grouping in (("country", found.countries), ("opinion", found.opinion)):
        if grouping is not None:
            told += _group_rows(kind, grouping, numbers)
    if found.stability is not None:
        told += [
            _row("stability", round(getattr(found.stability, name), 2), answer=name)
            for name in ("low", "median", "high")
        ]
    return told


def _group_rows(kind: str, grouping: Grouping, numbers: dict[int, str]) -> list[Row]:
    told = [_row("members", one.members, group=f"{kind}:{one.code}") for one in grouping.groups]
    for pk, number in numbers.items():
        published = grouping.published[pk]
        told.append(_row("consensus", grouping.geometric.get(pk), of=number, group=kind))
        for at, one in enumerate(grouping.groups):
            if at not in published.held_back:
                cells = tuple(published.groups[at].tolist())
                told += _answers(number, f"{kind}:{one.code}", published, cells)
    return told


def _answers(number: str, group: str, published: Published, cells: tuple[int, ...]) -> list[Row]:
    names = PART_NAMES[published.split]
    return [
        _row("people", count, of=number, group=group, answer=name) for name, count in zip(names, cells, strict=True)
    ]


@dataclass(frozen=True)
class Conversation:
    """The files of Polis of a conversation.

    comments      statements with the counts that are told: for everybody
    votes, participants  what each numbered voter said; None for whoever does not run the poll
    left_out      statements that are in none, as few gave one answer
    """

    comments: bytes
    votes: bytes | None
    participants: bytes | None
    left_out: int


def conversation(poll: Poll, asker: Asker, now: datetime) -> Conversation | None:
    """A poll of statements in files of Polis; None while open or hidden, of another kind, or of fewer than five.

    What one voter said to all statements is a count of one, so the files that have it are for the secretariat that
    runs the poll, once its results are shown. There voters are numbered anew in the order of random hashes, the day
    of closing stands for all times, and countries and authors are not told. A statement on which 1 to 4 people gave an
    answer is in none of the files, and a retired one has no words there.
    """
    if poll.kind != Kind.STATEMENTS.value or moment(poll.standing, now) is not Moment.CLOSED:
        return None
    found = results(poll, asker, now)
    if not isinstance(found, StatementResults) or found.too_few:
        return None
    kept = {one.pk: one for one in found.statements if one.published.split is Split.THREE and one.published.whole}
    proposed_on = dict(Statement.objects.filter(pk__in=kept).values_list("pk", "proposed_on"))
    frame = pl.DataFrame(
        {
            "statement": [one.number for one in kept.values()],
            "at": [_ms(proposed_on[pk]) for pk in kept],
            "author": [NOT_TOLD for _ in kept],
            "moderated": [-1 if one.retired else 1 for one in kept.values()],
            "text": [one.text_es or one.text_en for one in kept.values()],
        },
        schema={"statement": pl.Int64, "at": pl.Int64, "author": pl.Int64, "moderated": pl.Int64, "text": pl.String},
    ).sort("statement")
    votes, participants = None, None
    if asker.officer is not None and runs(asker.officer, poll, now):
        matrix = votes_of(poll, None).matrix
        number = _numbers(matrix)
        votes = b"".join(votes_file(_last(poll, matrix, number, kept)))
        participants = b"".join(_participants(matrix, number, kept))
    left_out = len(found.statements) - len(kept)
    return Conversation(b"".join(comments_file(frame, _told(kept))), votes, participants, left_out)


def _told(kept: dict[int, Told]) -> pl.DataFrame:
    """The counts that are told, as votes of nobody: votes that were changed are not among them."""
    told = [
        (one.number, value)
        for one in kept.values()
        for value, count in zip((AGREE, DISAGREE), one.published.whole or (), strict=False)
        for _ in range(count)
    ]
    return pl.DataFrame(told, schema={"statement": pl.Int64, "vote": pl.Int64}, orient="row")


def _numbers(matrix: VoteMatrix) -> dict[int, int]:
    """Each voter's number: her place in the order of hashes that say nothing."""
    hashes = Attestation.objects.filter(pk__in=matrix.voters.tolist()).order_by("token_hash")
    return {pk: at for at, pk in enumerate(hashes.values_list("pk", flat=True))}


def _last(poll: Poll, matrix: VoteMatrix, number: dict[int, int], kept: dict[int, Told]) -> pl.DataFrame:
    """The last vote of each voter on each statement, by statement and number of the voter."""
    day = _ms(poll.closed_at.date())
    rows = sorted(
        (kept[pk].number, number[int(voter)], int(value))
        for at, pk in enumerate(matrix.statements.tolist())
        if pk in kept
        for voter, value in zip(matrix.voters, matrix.values[:, at], strict=True)
        if value != UNSEEN
    )
    return pl.DataFrame(
        [(day, *row) for row in rows],
        schema={"at": pl.Int64, "statement": pl.Int64, "voter": pl.Int64, "vote": pl.Int64},
        orient="row",
    )


def _participants(matrix: VoteMatrix, number: dict[int, int], statements: dict[int, Told]) -> Iterator[bytes]:
    """Rows in the order of their numbers, with the opinion group of each where there are any."""
    columns = [at for at, pk in enumerate(matrix.statements.tolist()) if pk in statements]
    order = sorted(range(len(matrix.voters)), key=lambda at: number[int(matrix.voters[at])])
    found = opinions(matrix)
    group = None if found is None else found[0][order]
    told = VoteMatrix(
        np.arange(len(order), dtype=np.int64),
        np.array([statements[int(matrix.statements[at])].number for at in columns], dtype=np.int64),
        matrix.values[np.ix_(order, columns)],
    )
    return participants_file(told, group)


def endings(found: Results | StatementResults | None) -> tuple[str, ...]:
    """Under which endings `file_of` gives these results."""
    if found is None:
        return ()
    return ("csv", "json", "pb") if isinstance(found, Results) and _with_ballots(found) else ("csv", "json")


def _with_ballots(found: Results) -> bool:
    """Whether a file may have every ballot of a budget: not where few people voted, or chose a project."""
    return found.kind is Kind.BUDGET and not found.too_few and not found.few and bool(found.ballots)


def budget_file(poll: Poll, asker: Asker, now: datetime) -> bytes | None:
    """A budget as a `.pb` file; None while hidden, of another kind, or where few people chose a project."""
    if poll.kind != Kind.BUDGET.value or not may_see(poll, asker, now):
        return None
    found = results(poll, asker, now)
    if not isinstance(found, Results) or not _with_ballots(found):
        return None
    ballots = [one.content["approved"] for one in found.ballots for _ in range(one.weight)]
    return pabulib(
        Election(
            description=poll.title_es,
            country="El Salvador",
            unit=poll.owner.name_es,
            instance=str(poll.key),
            begin=poll.opens_at.date(),
            end=poll.closed_at.date(),
            budget=Fraction(str(poll.rules["budget"])),
            names={option.code: option.name_es for option in found.options},
            costs={option.code: Fraction(option.cost or 0) for option in found.options},
            ballots=sorted(ballots),
        )
    )


def _ms(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp() * 1000)
