"""What came of a poll of statements: three counts of people, what each statement found, what groups stand for."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from torogoz.domain.polls import FEWEST, StatementState
from torogoz.shared.polls.models import Attestation, Poll, Statement, Vote
from torogoz.statistics.deliberation.agreement import group_aware
from torogoz.statistics.deliberation.opinion_groups import Stability, TooFewVoters, opinion_groups
from torogoz.statistics.deliberation.representative import NO_GROUP, GroupVotes, representative
from torogoz.statistics.deliberation.small_cells import Published, Split, publishable
from torogoz.statistics.deliberation.votes import AGREE, DISAGREE, PASS, Counts, VoteMatrix, Votes, last_votes

ANSWERS = (AGREE, DISAGREE, PASS)
OTHER = "_O"
"""All countries together in which fewer than five voted."""


@dataclass(frozen=True)
class GroupOf:
    """People who are looked at together: their code (a country, or the number of an opinion group) and how many."""

    code: str
    members: int


@dataclass(frozen=True)
class StandsFor:
    """A statement that marks a group out, by agreeing or disagreeing more than all others; `sure` at 90 %."""

    statement: int
    agrees: bool
    sure: bool


@dataclass(frozen=True)
class Grouping:
    """Groups, and by statement (its row id) what they share and what of it may be told.

    Every figure is made of the counts in `published` alone, so that none that is held back can be computed from it.

    groups      each of five people or more
    geometric   (A + 1) / (S + 2) of each group that is told there and of all others together, multiplied, and the root
                of as many: two decimals. Without the statements of which is not told who agrees
    least       the same of the group that agrees least
    stands_for  by code of a group, of the statements on which its three answers are told; against everybody else
    """

    groups: tuple[GroupOf, ...]
    geometric: dict[int, float]
    least: dict[int, float]
    stands_for: dict[str, tuple[StandsFor, ...]]
    published: dict[int, Published]


@dataclass(frozen=True)
class Told:
    """A statement with what may be told of its votes. The words of a retired one are empty: they may harm somebody."""

    pk: int
    number: int
    text_es: str
    text_en: str
    retired: bool
    published: Published


@dataclass(frozen=True)
class StatementResults:
    """What a poll of statements came to.

    While it is open every count is the last multiple of five, so that no two days differ by few people, and nothing is
    told by group.

    asked, voted, grouped   who attested, who voted on anything, who stands in an opinion group (None: none are made);
                            None where a number is from 1 to 4
    too_few                 whether fewer than five voted: then nothing else is told
    changed                 votes that were replaced by later ones of the same token
    until                   the day before which votes are counted, while the poll is open; None once it is closed
    countries               by country of residence
    opinion, stability      from 100 voters up
    """

    asked: int | None
    voted: int | None
    grouped: int | None
    too_few: bool
    statements: tuple[Told, ...] = ()
    changed: int | None = None
    until: date | None = None
    countries: Grouping | None = None
    opinion: Grouping | None = None
    stability: Stability | None = None


@dataclass(frozen=True)
class Cast:
    """Every vote cast, in the order of the tokens, and the matrix of the last ones."""

    voter: Counts
    statement: Counts
    number: Counts
    value: Counts
    matrix: VoteMatrix


def votes_of(poll: Poll, before: date | None) -> Cast:
    """The votes of a poll on statements that were accepted, of the days before one."""
    statements = list(
        poll.statements.filter(state__in=[StatementState.ACCEPTED.value, StatementState.RETIRED.value])
        .order_by("number")
        .values_list("pk", flat=True)
    )
    found = Vote.objects.filter(statement__poll=poll, statement__in=statements)
    if before is not None:
        found = found.filter(on__lt=before)
    rows = np.array(
        list(found.values_list("attestation", "statement", "number", "value").order_by("attestation", "pk")),
        dtype=np.int64,
    ).reshape(-1, 4)
    voter, statement, number, value = rows.T
    matrix = last_votes(voter, statement, value, number, statements=statements)
    return Cast(voter, statement, number, value, matrix)


def count_statements(poll: Poll, before: date | None) -> StatementResults:
    """Count the votes of the days before `before`; all of them if it is None."""
    cast = votes_of(poll, before)
    matrix = cast.matrix
    sworn = Attestation.objects.filter(about=poll.about)
    if before is not None:
        sworn = sworn.filter(on__lt=before)
    voted = len(matrix.voters)
    asked = sworn.count()
    if voted < FEWEST:
        return StatementResults(_told(asked), None, None, too_few=True)
    statements = {one.pk: one for one in Statement.objects.filter(pk__in=matrix.statements.tolist())}
    if before is not None:
        so_far = {pk: _so_far(matrix.values[:, at]) for at, pk in enumerate(matrix.statements.tolist())}
        return StatementResults(
            _fives(asked),
            _fives(voted),
            None,
            too_few=False,
            statements=tuple(_statement(statements[pk], so_far[pk]) for pk in matrix.statements.tolist()),
            until=before,
        )
    countries = dict(sworn.filter(pk__in=matrix.voters.tolist()).values_list("pk", "country"))
    codes, of_row = known_groups([countries[int(one)] for one in matrix.voters])
    known = grouping(matrix, codes, of_row)
    opinion, grouped, stability = None, None, None
    if (found := opinions(matrix)) is not None:
        group, stability = found
        opinion = grouping(matrix, [str(one) for one in range(int(group.max()) + 1)], group)
        grouped = int((group != NO_GROUP).sum())
    return StatementResults(
        _told(asked),
        voted,
        grouped,
        too_few=False,
        statements=tuple(_statement(statements[pk], known.published[pk]) for pk in matrix.statements.tolist()),
        changed=_told(len(cast.value) - int(matrix.cast.sum())),
        countries=known,
        opinion=opinion,
        stability=stability,
    )


def _fives(count: int) -> int:
    return count - count % FEWEST


def _so_far(column: Votes) -> Published:
    """The answers to one statement while the poll is open, by fives."""
    whole = tuple(_fives(int((column == answer).sum())) for answer in ANSWERS)
    return Published(Split.THREE, whole, np.zeros((0, len(ANSWERS)), dtype=np.int64))


def known_groups(of_each: Sequence[str]) -> tuple[list[str], Counts]:
    """Groups of five people or more from what is known of each, and the group of each.

    Who is in a smaller one is with the others; if these are fewer than five, the smallest group that is left joins
    them, so that none is found by subtraction.
    """
    sizes = Counter(of_each)
    kept = sorted((code for code in sizes if sizes[code] >= FEWEST), key=lambda code: (-sizes[code], code))
    others = sum(sizes[code] for code in sizes if code not in kept)
    while 0 < others < FEWEST and kept:
        others += sizes[kept.pop()]
    codes = [*kept, *([OTHER] if others else [])]
    place = {code: at for at, code in enumerate(codes)}
    return codes, np.array([place.get(code, len(codes) - 1) for code in of_each], dtype=np.int64)


def opinions(matrix: VoteMatrix) -> tuple[Counts, Stability] | None:
    """The opinion group of each voter, or NO_GROUP, and how stable they are. None without them, or if one is of few.

    If those who cast too few votes to be placed are fewer than five, each stands with the group that is nearest, so
    that what they voted is not found by subtraction.
    """
    try:
        found = opinion_groups(matrix)
    except TooFewVoters:
        return None
    if min(found.sizes) < FEWEST:
        return None
    group, at = found.group.copy(), found.map.positions
    outside = np.flatnonzero(group == NO_GROUP)
    if len(outside) < FEWEST:
        centres = np.array([at[found.group == one].mean(axis=0) for one in range(len(found.sizes))])
        group[outside] = np.linalg.norm(at[outside, None] - centres, axis=2).argmin(axis=1)
    return group, found.stability


def grouping(matrix: VoteMatrix, codes: Sequence[str], of_row: Counts) -> Grouping:
    """What groups share, from the votes and the place in `codes` of the group of each row, or NO_GROUP."""
    ids = matrix.statements.tolist()
    published = {pk: _published(matrix.values[:, at], of_row, len(codes)) for at, pk in enumerate(ids)}
    told = {pk: one.agreement for pk, one in published.items()}
    shared = {pk: group_aware(*counts) for pk, counts in told.items() if counts is not None}
    return Grouping(
        tuple(GroupOf(code, int((of_row == at).sum())) for at, code in enumerate(codes)),
        {pk: round(float(one.geometric[0]), 2) for pk, one in shared.items()},
        {pk: round(float(one.minimum[0]), 2) for pk, one in shared.items()},
        {code: _stands_for(at, published) for at, code in enumerate(codes)},
        published,
    )


def _stands_for(group: int, published: dict[int, Published]) -> tuple[StandsFor, ...]:
    """What marks the group in this place out against everybody else, from what is told of both."""
    told = {
        pk: (one.groups[group], np.array(one.whole) - one.groups[group])
        for pk, one in published.items()
        if one.whole is not None and one.split is Split.THREE and group not in one.held_back
    }
    if not told:
        return ()
    agree, disagree, passed = np.array(list(told.values())).transpose(2, 1, 0)
    votes = GroupVotes((0, 1), (0, 0), agree, disagree, agree + disagree + passed)
    return tuple(StandsFor(one.statement, one.agrees, one.sure) for one in representative(votes, list(told))[0])


def _published(column: Votes, of_row: Counts, groups: int) -> Published:
    """What may be told of one statement. Who stands in no group is a row of its own, so that it cannot be found by
    subtraction; it is told of nobody."""
    rows = [*range(groups), NO_GROUP]
    table = [[int(((of_row == row) & (column == answer)).sum()) for answer in ANSWERS] for row in rows]
    found = publishable(table)
    return replace(found, groups=found.groups[:groups])


def _statement(statement: Statement, published: Published) -> Told:
    if statement.state == StatementState.RETIRED.value:
        return Told(statement.pk, statement.number, "", "", retired=True, published=published)
    return Told(
        statement.pk, statement.number, statement.text_es, statement.text_en, retired=False, published=published
    )


def _told(count: int) -> int | None:
    """A count of people, or None from 1 to 4."""
    return None if 0 < count < FEWEST else count
