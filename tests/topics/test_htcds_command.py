"""`torogoz htcds`: a file of the standard is parted into what is kept and what is set aside."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

LINES = "prs_FirstName,prs_SecondName,prs_Gender\nRosa,Quijada Portillo,Feminine\n=Ana,Paz,F\n"


def run(folder: Path, *more: str, text: str = LINES) -> str:
    (folder / "in.csv").write_text(text, encoding="utf-8")
    said = StringIO()
    out, aside = (str(folder / name) for name in ("out.csv", "aside.csv"))
    call_command("htcds", str(folder / "in.csv"), "-o", out, "--set-aside", aside, *more, stdout=said)
    return said.getvalue()


def test_the_file_is_parted_and_the_standard_is_named(tmp_path: Path) -> None:
    said = run(tmp_path)
    assert "1 of 2 lines kept" in said
    assert "CC BY 4.0" in said
    assert (
        tmp_path / "out.csv"
    ).read_text() == "prs_FirstName,prs_SecondName,prs_Gender\nRosa,Quijada Portillo,Feminine\n"
    aside = (tmp_path / "aside.csv").read_text()
    assert "3,prs_Gender: “F” is not a code of it,'=Ana,Paz,F" in aside


def test_what_is_kept_may_be_written_in_the_codes_of_the_single_form(tmp_path: Path) -> None:
    run(tmp_path, "--header")
    lines = (tmp_path / "out.csv").read_text().splitlines()
    assert lines == ["given1,given2,surname1,surname2,birth,sex,nationality,document", "Rosa,,Quijada,Portillo,,F,_U,"]


def test_a_file_that_is_none_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"has no field name.*nothing was written"):
        run(tmp_path, text="name\nRosa\n")
    assert not (tmp_path / "out.csv").exists()


def test_a_file_is_never_written_over_itself(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(LINES)
    path = str(tmp_path / "in.csv")
    with pytest.raises(CommandError, match="must be different ones"):
        call_command("htcds", path, "-o", path, "--set-aside", str(tmp_path / "aside.csv"))
    assert (tmp_path / "in.csv").read_text() == LINES
