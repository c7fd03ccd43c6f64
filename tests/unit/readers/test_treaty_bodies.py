"""Recommendations of treaty bodies as they come: a workbook of the Index, and a table made by hand. All made up."""

from datetime import date
from io import BytesIO

import pytest
import xlsxwriter

from torogoz.exchange.readers.rows import RowRefused
from torogoz.exchange.readers.treaty_bodies import Read, read_observations

INDEX = (
    "Text",
    "Countries Concerned",
    "Reccomending Body",
    "Document Symbol",
    "Themes",
    "Affected Persons",
    "Sdgs",
    "Document Publication Date",
    "UPR Reccomending States",
    "UPR Position",
    "Type",
    "OHCHR Annotation Id",
    "UPR Session",
    "Regions Concerned",
    "Recommending Regions",
    "Date of publication on UHRI",
)
ROW = {
    "Text": "Migrants in transit 24.The Committee recommends that the State party keep a made-up register.",
    "Countries Concerned": "- El Salvador",
    "Reccomending Body": "- CMW",
    "Document Symbol": "CMW/C/SLV/CO/99",
    "Themes": "- Freedom of opinion, expression & access to information\n- Migrants",
    "Affected Persons": "- Migrants\n- Women & girls",
    "Sdgs": "- 10.7 - Safe, orderly migration\n- 5.2 - End all violence against women",
    "Document Publication Date": 46078,
    "Type": "- Recommendations",
    "OHCHR Annotation Id": "b4288060-6633-478d-9a9a-df1978d336c3",
    "Date of publication on UHRI": 46125.4996282407,
}
OWN = "body,document,date,paragraph,text_es,text_en,themes,targets"


def workbook(*rows: dict[str, object], header: tuple[str, ...] = INDEX) -> bytes:
    made = BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate((dict(zip(header, header, strict=True)), *rows)):
            for column, name in enumerate(header):
                sheet.write(at, column, row.get(name, ""))
    return made.getvalue()


def read(*rows: dict[str, object]) -> Read:
    return read_observations(workbook(*rows), "El Salvador")


def by_hand(*rows: str, header: str = OWN) -> Read:
    return read_observations("\n".join((header, *rows)).encode(), "El Salvador")


def test_a_row_of_the_index_is_read_with_its_lists_its_day_and_its_paragraph() -> None:
    (one,) = read(ROW).rows
    assert (one.line, one.body, one.document, one.paragraph) == (2, "CMW", "CMW/C/SLV/CO/99", "24")
    assert one.published_on == date(2026, 2, 25)
    assert one.texts == (("en", ROW["Text"]),)
    assert one.themes == ("Freedom of opinion, expression & access to information", "Migrants")
    assert one.persons == ("Migrants", "Women & girls")
    assert one.target_codes == ("10.7", "5.2")
    assert one.annotation == ROW["OHCHR Annotation Id"]


def test_a_text_in_spanish_is_told_from_one_in_english() -> None:
    spanish = "24.El Comité recomienda al Estado parte que lleve un registro inventado de las personas."
    assert read({**ROW, "Text": spanish}).rows[0].texts == (("es", spanish),)


def test_the_index_with_its_slip_mended_or_as_the_fields_of_its_full_export_gives_the_same() -> None:
    mended = {"Recommending Body": "CMW", **{name: ROW.get(name, "") for name in INDEX if name != "Reccomending Body"}}
    again = read_observations(workbook(mended, header=tuple(mended)), "El Salvador")
    assert again == read(ROW)
    fields = "AnnotationId,AnnotationType,Body,Countries,PublicationDate,Symbol,Text"
    row = "- Recommendations,- CMW,El Salvador,2026-02-25T00:00:00,CMW/C/SLV/CO/99,24.Keep the register."
    row = f"{ROW['OHCHR Annotation Id']},{row}"
    (one,) = read_observations(f"{fields}\n{row}".encode(), "El Salvador").rows
    assert (one.code, one.published_on) == (read(ROW).rows[0].code, date(2026, 2, 25))


def test_rows_that_are_not_for_this_register_are_left_out_and_counted() -> None:
    found = read(
        ROW,
        {**ROW, "Countries Concerned": "- Iraq"},
        {**ROW, "Reccomending Body": "- UPR"},
        {**ROW, "Reccomending Body": "- SR Migrants"},
        {**ROW, "Reccomending Body": "- UPR"},
        {**ROW, "Type": "- Concerns/Observations"},
    )
    assert len(found.rows) == 1
    assert found.left_out == (
        ("country", "", 1),
        ("body", "UPR", 2),
        ("body", "SR Migrants", 1),
        ("kind", "Concerns/Observations", 1),
    )


def test_a_table_of_other_countries_alone_is_refused_and_says_which_it_holds() -> None:
    elsewhere = [{**ROW, "Countries Concerned": name} for name in ("- Iraq", "- Iraq", "- Chad")]
    with pytest.raises(RowRefused, match=r"holds no row of El Salvador; it holds rows of: Iraq \(2\), Chad \(1\)"):
        read(*elsewhere)


def test_the_same_row_twice_is_one_and_a_second_that_says_something_else_is_refused() -> None:
    assert len(read(ROW, ROW).rows) == 1
    with pytest.raises(RowRefused, match="line 3, column id: it stood on line 2 already"):
        read(ROW, {**ROW, "Themes": "- Other"})


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"Text": ""}, "text"),
        ({"Text": "x" * 12_001}, "text"),
        ({"Document Symbol": ""}, "document"),
        ({"Document Publication Date": "25/02/2026"}, "date"),
    ],
)
def test_a_row_of_the_index_that_cannot_be_kept_is_named(cells: dict[str, object], column: str) -> None:
    with pytest.raises(RowRefused) as refused:
        read(ROW, {**ROW, "OHCHR Annotation Id": "other", **cells})
    assert (refused.value.line, refused.value.column) == (3, column)


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_table_by_hand_is_read_with_either_separator_and_both_languages(separator: str) -> None:
    row = "CEDAW|CEDAW/C/SLV/CO/99|2025-03-01|31 a)|Lleve un registro.|Keep a register.|Trata, tráfico|10.7"
    header, line = OWN.replace(",", separator), separator.join(f'"{cell}"' for cell in row.split("|"))
    (one,) = by_hand(line, header=header).rows
    assert (one.body, one.paragraph, one.published_on) == ("CEDAW", "31 a)", date(2025, 3, 1))
    assert one.texts == (("en", "Keep a register."), ("es", "Lleve un registro."))
    assert (one.themes, one.target_codes) == (("Trata, tráfico",), ("10.7",))


def test_items_of_a_list_by_hand_are_apart_by_semicolons_and_keep_their_commas() -> None:
    (one,) = by_hand('CRC,CRC/C/SLV/CO/99,,,Haga algo.,,"Salud, educación; Justicia",').rows
    assert one.themes == ("Salud, educación", "Justicia")
    assert one.published_on is None


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("UPR,A/HRC/99/9,,,Haga algo.,,,", "body"),
        ("CRC,no es una signatura,,,Haga algo.,,,", "document"),
        ("CRC,CRC/C/SLV/CO/99,2025-02-30,,Haga algo.,,,", "date"),
        ("CRC,CRC/C/SLV/CO/99,,un párrafo demasiado largo,Haga algo.,,,", "paragraph"),
        ("CRC,CRC/C/SLV/CO/99,,,,,,", "text"),
        ("CRC,CRC/C/SLV/CO/99", "document"),
    ],
)
def test_a_row_by_hand_that_cannot_be_kept_is_named(row: str, column: str) -> None:
    with pytest.raises(RowRefused) as refused:
        by_hand("CRC,CRC/C/SLV/CO/99,,,Otra cosa.,,,", row)
    assert (refused.value.line, refused.value.column) == (3, column)


def test_a_column_by_hand_that_nobody_knows_is_refused_so_that_nothing_is_lost() -> None:
    with pytest.raises(RowRefused, match="line 1, column texto: it is no column of this table"):
        by_hand("CRC,CRC/C/SLV/CO/99,Una,Otra", header="body,document,text_es,texto")
    with pytest.raises(RowRefused, match="these columns are missing: document, text"):
        by_hand("CRC", header="body")


@pytest.mark.parametrize(("content", "why"), [(b"", "no row"), (b"PK\x03\x04 broken", "no workbook")])
def test_a_file_that_is_no_table_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(RowRefused, match=why):
        read_observations(content, "El Salvador")


def test_a_translation_that_comes_later_changes_no_code() -> None:
    (spanish,) = by_hand("CMW,CMW/C/SLV/CO/99,,24,Lleve un registro inventado.,,,").rows
    (both,) = by_hand("CMW,CMW/C/SLV/CO/99,,24,Lleve un registro inventado.,Keep a made-up register.,,").rows
    (english,) = by_hand("CMW,CMW/C/SLV/CO/99,,24,,Keep a made-up register.,,").rows
    assert spanish.code == both.code != english.code
