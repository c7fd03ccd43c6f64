"""Names in a list stand where a reader looks for them."""

from torogoz.domain.alphabet import alphabetical


def test_accents_and_capitals_do_not_move_a_name_and_n_with_tilde_follows_n() -> None:
    names = ["Zambia", "Óman", "Albania", "Åland", "España", "Espana z", "Estonia", "belice", "Áfrik", "Ñandú", "Nz"]
    assert sorted(names, key=alphabetical) == [
        "Áfrik", "Åland", "Albania", "belice", "Espana z", "España", "Estonia", "Nz", "Ñandú", "Óman", "Zambia",
    ]  # fmt: skip
