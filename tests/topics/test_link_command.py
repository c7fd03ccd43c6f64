"""`torogoz link`: two files in, pairs out; what is wrong with a file is said and nothing is left half-written."""

from io import StringIO
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from tests.load.made_up_register import register


@pytest.fixture
def made_up(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    register(2_000, seed=11).drop("person").write_csv(path)
    return path


def run(*words: object) -> str:
    out = StringIO()
    call_command("link", *map(str, words), stdout=out)
    return out.getvalue()


def test_one_file_gives_pairs_and_clusters(made_up: Path, tmp_path: Path) -> None:
    pairs, groups = tmp_path / "pairs.csv", tmp_path / "clusters.csv"
    said = run(made_up, "--config", "salvadoran", "-o", pairs, "--clusters", groups)
    found = pl.read_csv(pairs, infer_schema_length=None)
    assert found.columns == ["left", "right", "weight", "probability"]
    assert found["probability"].min() >= 0.5
    assert f"{found.height} pairs of one person" in said
    clustered = pl.read_csv(groups)
    assert clustered.height == pl.read_csv(made_up).height
    assert clustered["cluster"].n_unique() < clustered.height


def test_two_files_are_linked_with_each_other_only(made_up: Path, tmp_path: Path) -> None:
    whole = pl.read_csv(made_up, infer_schema=False)
    for name, rows in (("a", whole[:1000]), ("b", whole[1000:])):
        rows.write_csv(tmp_path / f"{name}.csv")
    run(tmp_path / "a.csv", tmp_path / "b.csv", "--config", "salvadoran", "-o", tmp_path / "pairs.csv")
    found = pl.read_csv(tmp_path / "pairs.csv", schema_overrides={"left": pl.String, "right": pl.String})
    assert set(found["left"]) <= set(whole["id"][:1000])
    assert set(found["right"]) <= set(whole["id"][1000:])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"id,given1\n", "has no column"),
        (b"\xff\xfe\x00garbage", "not a CSV file in UTF-8"),
        (b'id,given1\n1,Ana\n2,"Eva\n3,Luz\n', r'a quote \("\) of line 3 is not closed'),
    ],
)
def test_a_file_that_is_not_as_the_configuration_says_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_bytes(content)
    with pytest.raises(CommandError, match=says):
        run(wrong, "--config", "salvadoran", "-o", tmp_path / "pairs.csv")
    assert not (tmp_path / "pairs.csv").exists()


def test_two_records_of_one_name_are_refused(made_up: Path, tmp_path: Path) -> None:
    whole = pl.read_csv(made_up, infer_schema=False)
    pl.concat([whole, whole[:1]]).write_csv(made_up)
    with pytest.raises(CommandError, match=f"names two records alike: {whole['id'][0]}; nothing was linked"):
        run(made_up, "--config", "salvadoran", "-o", tmp_path / "pairs.csv")


@pytest.mark.parametrize(("written", "how"), [("", "EDTF"), ("birth: '%d/%m/%Y'", "%d/%m/%Y")])
def test_births_that_are_not_written_as_the_configuration_says_are_counted_and_many_are_refused(
    made_up: Path, tmp_path: Path, written: str, how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    config, pairs = tmp_path / "config.yaml", tmp_path / "pairs.csv"
    columns = "given1: given1, surname1: surname1, birth: birth, document: document, document_kind: document_kind"
    config.write_text(f"id: id\n{written}\ncolumns: {{{columns}}}\n")
    whole = pl.read_csv(made_up, infer_schema=False)
    good, bad = ("1990-05-17", "17-05-1990") if not written else ("17/05/1990", "1990-05-17")
    for wrong in (3, whole.height // 5):
        births = [bad if 4 <= place < 4 + wrong else good for place in range(whole.height)]
        births[0] = ""
        whole.with_columns(pl.Series("birth", births)).write_csv(made_up)
        says = f"{wrong} of {whole.height - 1} values of birth are not written as"
        if wrong > 3:
            with pytest.raises(CommandError, match=f"{says} .*{how}.*rows 6, 7, 8, 9, 10 …; say in the configuration"):
                run(made_up, "--config", config, "-o", pairs)
            continue
        run(made_up, "--config", config, "-o", pairs)
        told = capsys.readouterr().err
        assert says in told
        assert "rows 6, 7, 8; these births count as not known" in told
        pairs.unlink()
    assert not pairs.exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("columns: [", "is not YAML"),
        ("id: x", "needs `columns`"),
        ("columns: {birth: b}", "no part of a name"),
        ("columns: {given1: g}\nrules: []", "means nothing here"),
        ("columns: {given1: g}\nblocks: [[phone]]", "a block names 'phone'"),
        ("columns: {given1: g}\nswapped: [[given1, x]]", "pairs of texts"),
    ],
)
def test_a_configuration_that_cannot_be_followed_says_why(made_up: Path, tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text)
    with pytest.raises(CommandError, match=says):
        run(made_up, "--config", path, "-o", tmp_path / "pairs.csv")


def test_what_cannot_be_asked_is_refused_before_anything_is_read(made_up: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no probability"):
        run(made_up, "--config", "salvadoran", "-o", tmp_path / "p.csv", "--threshold", "1")
    with pytest.raises(CommandError, match="one file"):
        run(made_up, made_up, "--config", "salvadoran", "-o", tmp_path / "p.csv", "--clusters", tmp_path / "c.csv")
    with pytest.raises(CommandError, match="cannot be read"):
        run(tmp_path / "none.csv", "--config", "salvadoran", "-o", tmp_path / "p.csv")


def test_saved_weights_judge_another_file_as_they_judged_their_own(made_up: Path, tmp_path: Path) -> None:
    weights, first, again = tmp_path / "weights.yaml", tmp_path / "first.csv", tmp_path / "again.csv"
    run(made_up, "--config", "salvadoran", "-o", first, "--save-weights", weights, "--learnt-from", "my file")
    said = run(made_up, "--config", "salvadoran", "-o", again, "--weights", weights)
    assert "given, learnt from my file" in said
    one, other = (pl.read_csv(path).sort("left", "right") for path in (first, again))
    assert one.select("left", "right").equals(other.select("left", "right"))
    assert float((one["weight"] - other["weight"]).abs().max() or 0) < 0.01


def test_shipped_weights_judge_a_file_too_small_to_learn_from(made_up: Path, tmp_path: Path) -> None:
    said = run(made_up, "--config", "salvadoran", "-o", tmp_path / "pairs.csv", "--weights", "made_up")
    assert "made-up people" in said


@pytest.mark.parametrize(
    "content", ["base: [", "- 1", "base: 1", "{base: 1, states: {given: 9}, taught: [0, 0], terms: {given: [1]}, "
                "unseen: 1, rarity: {}, learnt_from: x}", "{base: x, states: {}, taught: [0, 0], terms: {}, unseen: 1, "
                "rarity: {}, learnt_from: x}"]
)  # fmt: skip
def test_a_file_that_holds_no_weights_is_refused(made_up: Path, tmp_path: Path, content: str) -> None:
    weights = tmp_path / "weights.yaml"
    weights.write_text(content)
    with pytest.raises(CommandError, match="nothing was linked"):
        run(made_up, "--config", "salvadoran", "-o", tmp_path / "pairs.csv", "--weights", weights)
    assert not (tmp_path / "pairs.csv").exists()


def encoded(made_up: Path, tmp_path: Path, key: str = "ab" * 32) -> list[Path]:
    """The two halves of a file, as filters."""
    (tmp_path / "key").write_text(key)
    whole = pl.read_csv(made_up, infer_schema=False)
    found = []
    for name, rows in (("a", whole[:1000]), ("b", whole[1000:])):
        rows.write_csv(tmp_path / f"{name}.csv")
        found.append(tmp_path / f"{name}{key[:2]}.filters")
        said = run(tmp_path / f"{name}.csv", "--config", "salvadoran", "--encode", tmp_path / "key", "-o", found[-1])
        assert f"{rows.height} records as filters" in said
    return found


def test_two_encoded_files_are_linked_and_hold_no_name(made_up: Path, tmp_path: Path) -> None:
    one, other = encoded(made_up, tmp_path)
    assert b"Hern" not in one.read_bytes()
    run("--encoded", one, other, "-o", tmp_path / "pairs.csv")
    run(tmp_path / "a.csv", tmp_path / "b.csv", "--config", "salvadoran", "-o", tmp_path / "clear.csv")
    without, clear = (pl.read_csv(tmp_path / name).select("left", "right") for name in ("pairs.csv", "clear.csv"))
    assert without.join(clear, on=["left", "right"]).height > 0.85 * clear.height


def test_what_cannot_be_encoded_or_linked_is_refused(made_up: Path, tmp_path: Path) -> None:
    one, _ = encoded(made_up, tmp_path)
    _, other = encoded(made_up, tmp_path, "cd" * 32)
    for name, content in (("words", "not a key"), ("short", "abcd"), ("good", "ab" * 32)):
        (tmp_path / name).write_text(content)
    out = ("-o", tmp_path / "out")
    for words, says in (
        (("--encoded", one, other, *out), "two different keys"),
        (("--encoded", one, *out), "needs two files"),
        (("--encoded", one, made_up, *out), "holds no encoded records"),
        (("--encoded", one, tmp_path / "missing", *out), "cannot be read"),
        ((made_up, *out), "--config"),
        ((made_up, "--config", "salvadoran", "--encode", tmp_path / "words", *out), "is no key"),
        ((made_up, "--config", "salvadoran", "--encode", tmp_path / "short", *out), "needs 32"),
        ((made_up, "--config", "salvadoran", "--encode", tmp_path / "missing", *out), "nothing was encoded"),
    ):
        with pytest.raises(CommandError, match=says):
            run(*words)
    assert not (tmp_path / "out").exists()
