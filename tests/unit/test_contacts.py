"""Reading a contact: a telephone is never guessed, and what is doubtful is kept and said."""

from datetime import date

import pytest

from torogoz.domain.contacts import ContactRefused, Read, Way, check_dates, folded, read_contact, read_telephone


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("7012-3456", "SLV", Read("+50370123456")),
        ("(503) 7012 3456", "SLV", Read("+50370123456")),
        ("+503 7012-3456", "USA", Read("+50370123456")),
        ("00 502 5555 1234", "", Read("+50255551234")),
        ("213.555.0142", "USA", Read("+12135550142")),
        ("1 213 555 0142", "USA", Read("+12135550142")),
        ("55 1234 5678", "MEX", Read("+525512345678")),
        # Of a country that is not known the digits stay as they were given, without a prefix.
        ("7012-3456", "", Read("70123456", "prefix")),
        ("7012-3456", "NIC", Read("70123456", "prefix")),
        # Seven digits are not how Salvadoran numbers are; they may be all that the person remembers.
        ("701-2345", "SLV", Read("+5037012345", "digits")),
        ("+503 701 2345", "SLV", Read("+5037012345", "digits")),
        # A prefix that no list here knows is the number's own word.
        ("+49 30 123456", "SLV", Read("+4930123456")),
    ],
)
def test_a_telephone_has_a_prefix_only_where_its_country_is_known(typed: str, country: str, kept: Read) -> None:
    assert read_telephone(typed, country) == kept


@pytest.mark.parametrize(
    ("way", "typed", "code"),
    [
        (Way.PHONE, "el de mi tía", "no_digits"),
        (Way.PHONE, "12345", "digits"),
        (Way.WHATSAPP, "1234567890123456", "digits"),
        (Way.PHONE, "7012+3456", "no_digits"),
        (Way.EMAIL, "ana en ejemplo", "email"),
        (Way.EMAIL, "ana@ejemplo", "email"),
        (Way.ADDRESS, "allá", "short_address"),
        (Way.ADDRESS, "x" * 301, "too_long"),
        (Way.EMAIL, "   ", "empty"),
    ],
)
def test_what_is_no_contact_is_refused_with_what_to_write(way: Way, typed: str, code: str) -> None:
    with pytest.raises(ContactRefused) as refused:
        read_contact(way, typed)
    assert (refused.value.field, refused.value.code) == ("value", code)
    assert refused.value.explain("es") != refused.value.explain("en")


def test_an_address_in_words_and_an_email_are_kept_as_written() -> None:
    assert read_contact(Way.ADDRESS, " Cantón  El Jute, frente a la ceiba ").text == "Cantón El Jute, frente a la ceiba"
    assert read_contact(Way.EMAIL, "Ana.Q@ejemplo.org").text == "Ana.Q@ejemplo.org"
    assert folded("Ana.Q@ejemplo.org") == folded("ana.q@EJEMPLO.org ")
    assert folded("+50370123456") != folded("70123456")


def test_it_does_not_end_before_it_begins() -> None:
    check_dates(date(2026, 11, 20), None)
    check_dates(date(2026, 11, 20), date(2026, 11, 20))
    with pytest.raises(ContactRefused, match="before it begins"):
        check_dates(date(2026, 11, 20), date(2026, 11, 19))


def test_digits_of_another_script_are_the_same_number() -> None:
    arabic_indic = "".join(chr(0x660 + int(digit)) for digit in "70123456")
    assert read_telephone(arabic_indic, "SLV") == read_telephone("70123456", "SLV")
    assert read_telephone("+503 7012 3456") == read_telephone("7012-3456", "SLV")
