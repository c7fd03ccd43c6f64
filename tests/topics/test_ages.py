"""Ages of publishers that cut them differently: comparable on the page, in the file, and by a command."""

import csv
import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone

from torogoz.shared.sources.actions import import_file

HEADER = (
    "year,coo_iso,coa_iso,pop_type,location,f_0_4,f_5_11,f_12_17,f_18_59,f_60,f_other,f_total,"
    "m_0_4,m_5_11,m_12_17,m_18_59,m_60,m_other,m_total,total"
)
WOMEN, MEN = "10,20,18,100,12,5,165", "8,,10,90,9,0,117"
AS_ASKED = "/flows/REFUGEE_DEMOGRAPHICS/?INDICATOR=REFUGEES&COUNTERPART_AREA=SLV&from=2024&to=2024&by=AGE,SEX&ages=five"


@pytest.fixture
def demographics(db: None, tmp_path: Path) -> None:
    """Made-up refugees of one year, in UNHCR's layout and bands; five women of unknown age, boys of 5 to 11 unknown."""
    path = tmp_path / "demographics.csv"
    path.write_text(f"{HEADER}\n2024,SLV,USA,REF,Unknown,{WOMEN},{MEN},282\n", encoding="utf-8")
    import_file(path=path, now=timezone.now())


def rows(client: Client, address: str) -> dict[tuple[str, str], tuple[str, str]]:
    """Value and status by age and sex, from the CSV of an answer."""
    answer = client.get(address.replace("DEMOGRAPHICS/?", "DEMOGRAPHICS.csv?"))
    assert answer.status_code == 200, answer.content
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    found = csv.DictReader(io.StringIO(text))
    return {(row["AGE"], row["SEX"]): (row["OBS_VALUE"], row["OBS_STATUS"]) for row in found}


def test_the_csv_has_comparable_bands_that_add_up_and_marks_what_was_split(client: Client, demographics: None) -> None:
    found = rows(client, AS_ASKED)
    women = {age: value for (age, sex), value in found.items() if sex == "F"}
    assert women["Y0T4"] == ("10", "A")
    assert women["Y5T9"][1] == women["Y_GE85"][1] == "E"
    assert sum(int(value) for age, (value, _) in women.items() if age not in ("_T", "_U")) == 160
    assert women["_U"] == ("5", "A")
    assert women["_T"] == ("165", "A")


def test_a_band_that_was_not_published_stays_unknown(client: Client, demographics: None) -> None:
    found = rows(client, AS_ASKED)
    assert found["Y5T9", "M"] == ("", "M")
    assert found["Y0T4", "M"] == ("8", "A")


def test_the_page_marks_estimates_and_says_how_they_were_made(client: Client, demographics: None) -> None:
    page = client.get(AS_ASKED).content.decode()
    assert '<abbr title="dato estimado">e</abbr>' in page
    assert "Dentro de cada grupo publicado, la suma es exacta" in page
    assert "Las personas de edad desconocida no se reparten" in page
    assert '<option value="five" selected>' in page
    assert "por edad y sexo (en parte estimado)" in page
    plain = client.get(AS_ASKED.removesuffix("&ages=five")).content.decode()
    assert "dato estimado" not in plain


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/flows/REFUGEE_DEMOGRAPHICS/?ages=seven", "Los grupos de edad son five, unhcr, national, majority"),
        ("/flows/REFUGEE_DEMOGRAPHICS/?ages=five&AGE=Y0T4", "no las dos cosas"),
        ("/flows/REFUGEE_DEMOGRAPHICS/?ages=five&by=SEX", "elija la edad en las filas"),
    ],
)
def test_a_wish_that_cannot_be_met_is_said_in_plain_words(
    client: Client, demographics: None, address: str, says: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert says in answer.content.decode()


def test_the_command_writes_the_bands_and_says_what_was_split(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given, out = tmp_path / "in.csv", tmp_path / "out.csv"
    given.write_text("PLACE,AGE,OBS_VALUE\nA,Y0T9,11\nA,_U,2\nB,Y0T4,3\nB,Y5T9,\n", encoding="utf-8")
    call_command("harmonise_ages", str(given), f"--output={out}", bands="Y0T4,Y5T9")
    assert out.read_text(encoding="utf-8").splitlines() == [
        "PLACE,AGE,OBS_VALUE,OBS_STATUS,AGE_SPLIT",
        "A,Y0T4,6,E,true",
        "A,Y5T9,5,E,true",
        "A,_U,2,A,false",
        "B,Y0T4,3,A,false",
        "B,Y5T9,,M,false",
    ]
    assert "4 figures in 2 bands: 2 split (E), 1 not known" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "bands", "says"),
    [
        ("AGE,OBS_VALUE\nY0T9,1\n", "Y0T9,Y_LT18", "overlap"),
        ("AGE,OBS_VALUE\nY0T9,1\n", "five,six", "no band of ages"),
        ("AGE,OBS_VALUE\nY0T9,1\nY0T9,2\n", "five", "twice"),
        ("AGE,OBS_VALUE\nY0T9,many\n", "five", "no number"),
        ("AGE,N\nY0T9,1\n", "five", "no column OBS_VALUE"),
    ],
)
def test_the_command_refuses_what_it_cannot_do_and_writes_nothing(
    tmp_path: Path, text: str, bands: str, says: str
) -> None:
    given, out = tmp_path / "in.csv", tmp_path / "out.csv"
    given.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=says):
        call_command("harmonise_ages", str(given), f"--output={out}", bands=bands)
    assert not out.exists()
