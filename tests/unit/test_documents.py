"""Numbers of documents."""

import pytest

from torogoz.domain.documents import DocumentRefused, dui_check_digit, fold_number, read_document


def test_the_check_digit_of_a_dui_completes_the_weighted_sum_to_full_tens() -> None:
    assert dui_check_digit("00016297") == 5


def test_a_weighted_sum_of_full_tens_gives_nought_and_not_ten() -> None:
    assert dui_check_digit("00000005") == 0  # 5 × 2 = 10
    assert read_document("DUI", "00000005-0").doubts == ()


@pytest.mark.parametrize("number", ["00016297-5", "000162975", " 00016297 5 ", "0001 6297-5"])
def test_a_dui_is_kept_in_one_shape_however_it_was_typed(number: str) -> None:
    read = read_document("DUI", number)
    assert (read.number, read.folded, read.doubts) == ("00016297-5", "000162975", ())


def test_a_wrong_check_digit_is_doubted_and_kept() -> None:
    read = read_document("DUI", "00016297-6")
    assert read.number == "00016297-6"
    assert [doubt.code for doubt in read.doubts] == ["dui_check"]
    assert "5" in read.doubts[0].explain("es")


def test_every_swap_of_neighbours_is_doubted() -> None:
    digits = "04721938"
    whole = digits + str(dui_check_digit(digits))
    for at in range(len(whole) - 1):
        swapped = whole[:at] + whole[at + 1] + whole[at] + whole[at + 2 :]
        if swapped != whole:
            assert read_document("DUI", swapped).doubts, swapped


@pytest.mark.parametrize("number", ["1629-5", "00016297-55", "no lo recuerda 12"])
def test_a_dui_of_another_length_is_doubted_and_kept_as_typed(number: str) -> None:
    read = read_document("DUI", number)
    assert read.number == number
    assert [doubt.code for doubt in read.doubts] == ["dui_length"]


def test_a_passport_of_odd_shape_is_doubted_and_other_documents_are_free() -> None:
    assert read_document("PASSPORT", "A01234567").doubts == ()
    assert [doubt.code for doubt in read_document("PASSPORT", "A1").doubts] == ["passport_shape"]
    assert read_document("BIRTH", "Partida 12, folio 3").doubts == ()


def test_a_number_without_letters_or_digits_or_far_too_long_is_refused() -> None:
    with pytest.raises(DocumentRefused, match="no letters or digits"):
        read_document("DUI", " -- ")
    with pytest.raises(DocumentRefused, match="more than 40"):
        read_document("OTHER", "1" * 41)


def test_numbers_are_compared_without_hyphens_case_or_accents() -> None:
    assert fold_number("a-01.23 é") == "A0123E"
