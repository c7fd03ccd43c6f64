"""Conversations as files of Polis, and budgets as files of Pabulib: written, read again, and refused whole."""

import gzip
from datetime import date
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from torogoz.exchange.readers.contract import Unreadable
from torogoz.exchange.readers.pabulib import pabulib_of
from torogoz.exchange.readers.polis import comments_of, participants_of, votes_of
from torogoz.exchange.writers.pabulib import Election, pabulib
from torogoz.exchange.writers.polis_csv import comments_file, participants_file, votes_file
from torogoz.statistics.deliberation.votes import BadVote, last_votes

CAST = pl.DataFrame(
    {
        "at": [1_500_232_652_930, 1_500_233_625_234, 1_500_233_625_235, 1_500_233_625_236],
        "statement": [4, 4, 9, 4],
        "voter": [1, 2, 2, 1],
        "vote": [1, -1, 0, -1],
    }
)
STATEMENTS = pl.DataFrame(
    {
        "statement": [4, 9],
        "at": [1_500_000_000_000, 1_500_000_000_001],
        "author": [2, 7],
        "moderated": [1, -1],
        "text": ["=1+1 “is, áé” a formula\nof two lines", "-5 % of all"],
    }
)


def kept(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_votes_come_back_as_they_were_cast(tmp_path: Path) -> None:
    content = b"".join(votes_file(CAST))
    assert content.startswith(
        b"timestamp,datetime,comment-id,voter-id,vote\r\n1500232652930,Sun Jul 16 19:17:32 UTC 2017,4,1,1\r\n"
    )
    read = votes_of(kept(tmp_path, "votes.csv", content))
    assert read.equals(CAST.sort("statement", "at"))
    assert votes_of(kept(tmp_path, "votes.csv.gz", gzip.compress(content))).equals(read)


def test_statements_come_back_with_all_votes_cast_and_no_formula_reaches_a_spreadsheet(tmp_path: Path) -> None:
    content = b"".join(comments_file(STATEMENTS, CAST))
    assert b"\"'=1+1" in content
    read = comments_of(kept(tmp_path, "comments.csv", content))
    assert read.select("statement", "at", "author", "moderated", "text").equals(STATEMENTS)
    assert (read["agrees"].to_list(), read["disagrees"].to_list()) == ([1, 0], [2, 0])  # the changed vote counts too
    with pytest.raises(BadVote, match="statement 9"):
        comments_file(STATEMENTS[:1], CAST)


def test_the_matrix_comes_back_with_what_was_not_seen_left_empty(tmp_path: Path) -> None:
    matrix = last_votes(CAST["voter"], CAST["statement"], CAST["vote"], CAST["at"])
    content = b"".join(participants_file(matrix, [0, -1], authors=[2, 7]))
    assert content == (
        b"participant,group-id,n-comments,n-votes,n-agree,n-disagree,4,9\r\n1,0,0,1,0,1,-1,\r\n2,,1,2,0,1,-1,0\r\n"
    )
    read = participants_of(kept(tmp_path, "participants-votes.csv", content))
    assert (read.values == matrix.values).all()
    assert read.group.tolist() == [0, -1]
    assert read.voters.tolist() == matrix.voters.tolist()
    assert read.statements.tolist() == matrix.statements.tolist()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("timestamp,datetime,comment-id,voter-id\n1,x,1,1\n", "lacks the columns vote"),
        ("timestamp,datetime,comment-id,voter-id,vote\n1,x,1,1,1\n2,x,1,2,5\n", r"row 3: vote is 5, not 1, 0 or -1"),
        ("timestamp,datetime,comment-id,voter-id,vote\n1,x,1,1,1\n2,x,one,2,1\n", r"row 3: comment-id is 'one'"),
        ("timestamp,datetime,comment-id,voter-id,vote\n1,x,1,,1\n", r"row 2: voter-id is None"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_read(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        votes_of(kept(tmp_path, "votes.csv", text.encode()))


def test_a_matrix_with_a_column_that_is_no_statement_is_refused(tmp_path: Path) -> None:
    text = b"participant,group-id,n-comments,n-votes,n-agree,n-disagree,first\n1,0,0,1,1,0,1\n"
    with pytest.raises(Unreadable, match="'first'"):
        participants_of(kept(tmp_path, "participants-votes.csv", text))


def election(**changed: object) -> Election:
    about: dict[str, object] = {
        "description": "Fondo inventado",
        "country": "El Salvador",
        "unit": "Diáspora",
        "instance": "2026",
        "begin": date(2026, 1, 2),
        "end": date(2026, 2, 1),
        "budget": 1000,
        "names": {"w": "Agua; y\nsaneamiento", "r": "Camino"},
        "costs": {"w": Fraction(601, 2), "r": 700},
        "ballots": [{"w"}, {"r", "w"}, set()],
    }
    return Election(**{**about, **changed})  # type: ignore[arg-type]


def test_a_budget_comes_back_as_it_was_written(tmp_path: Path) -> None:
    read = pabulib_of(kept(tmp_path, "a.pb", pabulib(election())))
    assert dict(read.costs) == {"w": Fraction(601, 2), "r": 700}
    assert dict(read.names) == {"w": "Agua; y saneamiento", "r": "Camino"}
    assert read.ballots == (frozenset("w"), frozenset("wr"), frozenset())
    assert read.budget == 1000
    assert (read.about["num_votes"], read.about["date_begin"], read.about["unit"]) == ("3", "02.01.2026", "Diáspora")


@pytest.mark.parametrize(
    "changed",
    [
        {"names": {"w": "Agua"}},
        {"costs": {"w": Fraction(1, 3), "r": 1}},
        {"names": {"w,x": "a"}, "costs": {"w,x": 1}, "ballots": []},
        {"ballots": [{"z"}]},
    ],
)
def test_a_budget_that_the_format_cannot_hold_is_not_written(changed: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"project|decimal"):
        pabulib(election(**changed))


def test_a_pb_file_that_cannot_be_read_is_refused_with_its_row(tmp_path: Path) -> None:
    good = pabulib(election()).decode()
    for wrong, why in [
        (good.replace("VOTES\n", ""), "no part VOTES"),
        (good.replace(";approval", ";ordinal"), "'ordinal'"),
        (good.replace('2;"w,r"', "2;w,q").replace("2;w,r", "2;w,q"), r"row \d+: q is no project"),
        (good.replace("700", "much"), r"row \d+: Invalid literal"),
    ]:
        assert wrong != good
        with pytest.raises(Unreadable, match=why):
            pabulib_of(kept(tmp_path, "a.pb", wrong.encode()))
