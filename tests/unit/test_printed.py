"""A printed sheet can be told from one that was altered, by its QR without a network and by its code when typed."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from torogoz.domain.printed import (
    ALPHABET,
    Sheet,
    SheetRefused,
    Statement,
    code_of,
    digest_of,
    qr_text,
    read_code,
    read_qr,
    statement_of,
)
from torogoz.exchange.paper import sheet as paper
from torogoz.exchange.paper.seal import check, seal

KEY = Ed25519PrivateKey.generate()
PUBLIC = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
NOW = datetime(2026, 11, 20, 16, 5, tzinfo=UTC)
STATEMENT = Statement(Sheet.FICHA, UUID(int=7), NOW, "DGME", "CENTRE-A", "00" * 10, "Peña Ñandú, María", "1990-06")


def test_a_sheet_says_by_its_qr_what_it_said_when_it_was_printed() -> None:
    sealed = seal(STATEMENT, KEY.sign)
    stated, code = check(sealed.qr, [PUBLIC])
    assert stated == STATEMENT
    assert code == sealed.code
    assert set(sealed.qr) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:")


def test_a_sheet_is_still_good_after_the_key_was_changed() -> None:
    later = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert check(seal(STATEMENT, KEY.sign).qr, [later, PUBLIC])[0] == STATEMENT


def test_a_statement_with_another_name_under_the_old_signature_is_refused() -> None:
    forged = replace(STATEMENT, name="Otra Persona").message()
    with pytest.raises(SheetRefused, match="signature does not match"):
        check(qr_text(forged, KEY.sign(STATEMENT.message())), [PUBLIC])


def test_a_sheet_signed_by_somebody_else_is_refused() -> None:
    with pytest.raises(SheetRefused, match="signature does not match"):
        check(seal(STATEMENT, Ed25519PrivateKey.generate().sign).qr, [PUBLIC])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "foreign"),
        ("https://example.org/", "foreign"),
        ("TOROGOZ1:", "cut"),
        ("TOROGOZ1:ABC1", "cut"),
        ("TOROGOZ1:" + "A" * 80, "cut"),
    ],
)
def test_a_text_that_is_no_seal_says_what_is_wrong(text: str, why: str) -> None:
    with pytest.raises(SheetRefused) as refused:
        check(text, [PUBLIC])
    assert refused.value.code == why


def test_a_qr_that_was_read_in_part_is_refused() -> None:
    whole = seal(STATEMENT, KEY.sign).qr
    for length in range(0, len(whole) - 1, 7):
        with pytest.raises(SheetRefused):
            check(whole[:length], [PUBLIC])


def test_signed_bytes_that_state_nothing_are_refused() -> None:
    for message in (b"{}", b"[]", b'["ficha"]', b"\xff\xfe", b'["other","07","202611","a","b","c","d","e"]'):
        with pytest.raises(SheetRefused):
            statement_of(message)


@given(st.binary(min_size=1, max_size=60))
def test_a_code_is_read_however_it_is_typed(message: bytes) -> None:
    code = code_of(message)
    typed = code.replace("-", " ").lower().replace("0", "o").replace("1", "l")
    assert read_code(typed) == code


@given(st.binary(min_size=1, max_size=60), st.integers(0, 10))
def test_two_neighbouring_letters_that_changed_places_are_found(message: bytes, place: int) -> None:
    letters = list(code_of(message).replace("-", ""))
    one, other = letters[place], letters[place + 1]
    if abs(ALPHABET.index(one) - ALPHABET.index(other)) in (0, 29):
        return
    letters[place], letters[place + 1] = other, one
    with pytest.raises(SheetRefused):
        read_code("".join(letters))


def test_a_wrong_letter_in_a_code_is_nearly_always_found() -> None:
    code = code_of(b"sheet").replace("-", "")
    found = tried = 0
    for place in range(len(code)):
        for other in ALPHABET:
            if other == code[place]:
                continue
            tried += 1
            try:
                read_code(code[:place] + other + code[place + 1 :])
            except SheetRefused:
                found += 1
    assert found / tried > 0.97


@given(st.binary(min_size=1, max_size=90), st.binary(min_size=64, max_size=64))
def test_what_goes_into_a_qr_comes_out_of_it(message: bytes, signature: bytes) -> None:
    assert read_qr(qr_text(message, signature).lower()) == (message, signature)


def test_the_digest_changes_with_any_value_and_with_where_it_stands() -> None:
    lines = [("a", "b"), ("c", "d")]
    assert len({digest_of(lines), digest_of(lines[::-1]), digest_of([("a", "bc"), ("", "d")]), digest_of([])}) == 4


def _sheet(lines: int, language: str = "es", name: str = "Peña, María") -> paper.SheetOfPaper:
    return paper.SheetOfPaper(
        language=language,
        title="Ficha única",
        issuer="DGME",
        printed="Impresa hoy",
        printed_at=NOW,
        groups=[
            paper.Lines("Quién es", [("Nombre", name)]),
            paper.Table("Paradas", ["Parada", "Hecho"], [["Salud", "[ ]"]], [80, 20]),
            paper.Lines("Respuestas", [(f"Pregunta {n}", "palabra " * 20) for n in range(lines)], may_shorten=True),
            paper.Signatures(["La persona", "Quien registra"]),
        ],
    )


def _pages(pdf: bytes) -> int:
    return pdf.count(b"/Type /Page\n")


@pytest.mark.parametrize("lines", [0, 1, 12, 60])
def test_a_sheet_takes_one_page_however_much_there_is_to_say(lines: int) -> None:
    assert _pages(paper.pdf(_sheet(lines), seal(STATEMENT, KEY.sign))) == 1


@pytest.mark.parametrize("fonts", [paper.FONTS, Path("/nowhere")])
@pytest.mark.parametrize("issued", [True, False])
@pytest.mark.parametrize("language", ["es", "en"])
def test_no_words_of_the_foot_run_into_others(
    monkeypatch: pytest.MonkeyPatch, language: str, issued: bool, fonts: Path
) -> None:
    monkeypatch.setattr(paper, "FONTS", fonts)
    written: list[tuple[float, float, float]] = []
    cell = paper._Drawing.cell

    def keep(drawing: paper._Drawing, width: float = 0, height: float = 0, text: str = "", **how: Any) -> Any:
        if drawing.get_y() > drawing.h - 17:
            long, left = drawing.get_string_width(text), drawing.get_x()
            if how.get("align") == "R":
                left += (width or drawing.w - paper.MARGIN - left) - long
            written.append((drawing.get_y(), left, left + long))
        return cell(drawing, width, height, text, **how)

    monkeypatch.setattr(paper._Drawing, "cell", keep)
    assert _pages(paper.pdf(replace(_sheet(1, language), issued=issued), seal(STATEMENT, KEY.sign))) == 1
    assert len(written) >= 2
    for place, (y, left, right) in enumerate(written):
        assert 0 < left < right <= 210 - paper.MARGIN
        assert all(y != other_y or right < start or left > end for other_y, start, end in written[place + 1 :])


def test_the_foot_says_what_needs_the_site_and_what_does_not() -> None:
    spanish, english = paper.WORDS["es"]["check"], paper.WORDS["en"]["check"]
    assert "QR se comprueba sin conexión, con la clave pública; el código, en el sitio" in spanish
    assert "QR is checked without a connection, with the public key; the code, on the site" in english


def test_no_word_of_the_head_of_a_table_is_broken_and_the_table_is_as_wide_as_its_page() -> None:
    table = paper.Table(
        "Registro", ["Institución", "Contraseña", "Qué", "Cuándo"], [["MINSAL", "x", "y", "z"]], [1, 1, 30, 9]
    )
    drawing = paper._Drawing(replace(_sheet(0), groups=[table]), seal(STATEMENT, KEY.sign), 10)
    widths = drawing.widths_of(table)
    drawing.set_font(drawing.face, "B", 9.5)
    for head, width in zip(table.head, widths, strict=True):
        assert drawing.get_string_width(head) + 2 * drawing.c_margin < width
    assert sum(widths) == pytest.approx(drawing.epw)
    assert widths[2] > widths[3]
    drawing.close()


def test_what_is_made_up_says_so_above_the_title_of_each_page_and_in_its_digest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written: list[tuple[int, str]] = []
    write = paper._Drawing.write_in

    def keep(drawing: paper._Drawing, width: float, size: float, style: str, text: str) -> None:
        written.append((drawing.page_no(), text))
        write(drawing, width, size, style, text)

    monkeypatch.setattr(paper._Drawing, "write_in", keep)
    sheet = replace(_sheet(90), pages=9, mark="Inventada")
    pages = _pages(paper.pdf(sheet, seal(STATEMENT, KEY.sign)))
    heads = [text for _page, text in written if text in ("Inventada", sheet.title)]
    assert pages > 1
    assert heads == ["Inventada", sheet.title] * (len(heads) // 2)
    assert len(heads) >= 2 * pages
    assert digest_of(sheet.facts) != digest_of(replace(sheet, mark="").facts)


def test_lines_that_do_not_fit_are_counted_on_the_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    draw = paper._Drawing.say

    def say(drawing: paper._Drawing, text: str, style: str = "") -> None:
        said.append(text)
        draw(drawing, text, style)

    monkeypatch.setattr(paper._Drawing, "say", say)
    paper.pdf(_sheet(60), seal(STATEMENT, KEY.sign))
    assert said[-1].endswith("más, que no caben en la hoja: están en el expediente.")
    assert 0 < int(said[-1].split()[1]) < 60


def test_a_letter_that_the_plain_fonts_lack_loses_its_sign_and_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "FONTS", Path("/nowhere"))
    drawn = paper._Drawing(_sheet(1, name="Șerban Peña"), seal(STATEMENT, KEY.sign), 10.0)
    assert drawn.safe("Șerban Peña") == "Serban Peña *"
    assert drawn.lacked
    assert paper.pdf(_sheet(1, "en", name="Șerban 王"), seal(STATEMENT, KEY.sign)).startswith(b"%PDF")
