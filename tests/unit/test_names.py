"""Names as Salvadorans bear them, how they are compared and how they sound."""

import pytest

from torogoz.domain.names import (
    NameRefused,
    PersonName,
    read_aliases,
    read_name,
    require_some_name,
    tokens,
    tokens_of,
)
from torogoz.domain.sounds import also_called, sound


def test_a_name_is_said_with_given_names_first_and_filed_with_surnames_first() -> None:
    name = read_name(given1=" Ana ", given2="María", surname1="López", surname2="Cruz", married="Peña")
    assert str(name) == "Ana María López Cruz de Peña"
    assert name.listed() == "López Cruz de Peña, Ana María"


@pytest.mark.parametrize("married", ["de Peña", "viuda de Peña", "Vda. de Peña"])
def test_a_married_surname_keeps_the_words_it_was_written_with(married: str) -> None:
    assert str(PersonName(given1="Ana", married=married)) == f"Ana {married}"


def test_no_part_of_a_name_is_required_but_some_name_is() -> None:
    require_some_name(read_name(given1="José"), ())
    require_some_name(read_name(surname1="Hernández"), ())
    require_some_name(read_name(), read_aliases(["Chepe"]))
    with pytest.raises(NameRefused, match="at least"):
        require_some_name(read_name(given1="  "), ())


@pytest.mark.parametrize("written", ["D’Aubuisson", "López-Cruz", "Ma. José", "Ñáñez", "Müller", "de la O"])
def test_the_signs_that_names_bear_are_kept(written: str) -> None:
    assert read_name(surname1=written).surname1 == written


@pytest.mark.parametrize(
    ("written", "code"), [("J0sé", "letters"), ("<b>", "letters"), ("Ana; Luz", "letters"), ("a" * 61, "long")]
)
def test_what_no_name_bears_is_refused_by_its_field(written: str, code: str) -> None:
    with pytest.raises(NameRefused) as refused:
        read_name(given2=written)
    assert (refused.value.field, refused.value.code) == ("given2", code)
    assert refused.value.explain("es") != refused.value.explain("en")


def test_an_alias_is_kept_once() -> None:
    assert read_aliases(["Chepe", "", "CHEPE ", "El Profe"]) == ("Chepe", "El Profe")


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("José Antonio HERNÁNDEZ", ("jose", "antonio", "hernandez")),
        ("María de la O", ("maria", "o")),
        ("De León", ("leon",)),
        ("DELACRUZ", ("cruz",)),
        ("D'Aubuisson", ("daubuisson",)),
        ("López-Cruz", ("lopez", "cruz")),
        ("San Martín", ("sanmartin",)),
        ("Sanmartín", ("sanmartin",)),
        ("Ñáñez", ("nanez",)),
        ("Vda. de Hdez.", ("hernandez",)),
        ("José José", ("jose",)),
        ("Santa", ("santa",)),
        ("  ", ()),
    ],
)
def test_names_are_compared_without_what_papers_change(written: str, compared: tuple[str, ...]) -> None:
    assert tokens(written) == compared


def test_a_person_is_found_by_every_name_borne() -> None:
    name = PersonName(given1="José", surname1="Hernández", married="de Peña")
    assert tokens_of(name, ["Chepe Toño"]) == ("jose", "hernandez", "pena", "chepe", "tono")


@pytest.mark.parametrize(
    "pair",
    [
        "zelaya selalla",
        "huezo hueso",
        "jennifer yeniffer",
        "hernandez ernandes",
        "vasquez basques",
        "jimenez gimenes",
        "walter gualter",
        "chavez chabes",
        "nelly neli",
        "quinteros kinteros",
        "david davi",
        "elizabeth elisabet",
        "abraham abraan",
        "campos canpos",
        "jonathan yonatan",
        "yanira llanira",
        "castillo castiyo",
        "rodriguez rrodrigues",
        "xiomara siomara",
        "jessica yesica",
        "henriquez enrriques",
        "orellana oreyana",
        "ascencio asencio",
        "jhon yon",
        "sanchez sanches",
        "ruth rut",
    ],
)
def test_names_spelt_by_ear_sound_alike(pair: str) -> None:
    one, other = pair.split()
    assert sound(one) == sound(other)


@pytest.mark.parametrize(
    "pair",
    [
        "jose josue",
        "maria marta",
        "mejia meza",
        "carlos carla",
        "ramos ramirez",
        "julio julia",
        "luna lima",
        "rivas rivera",
    ],
)
def test_different_names_sound_different(pair: str) -> None:
    one, other = pair.split()
    assert sound(one) != sound(other)


def test_short_names_lead_both_ways() -> None:
    assert "jose" in also_called("chepe")
    assert "chepe" in also_called("jose")
    assert also_called("tono") == {"antonio"}
    assert {"alberto", "roberto"} <= also_called("beto")
    assert also_called("hernandez") == frozenset()
