"""Texts that resemble each other: accents, reasons, neighbours, and nothing from nothing."""

import numpy as np
import pytest

from torogoz.statistics.similarity import (
    Text,
    alike,
    folded,
    grams,
    learn,
    library,
    shared_pieces,
    similarity,
    suggest_links,
    without_hubs,
)

THINGS = [
    Text("a", {"es": "Protección de la niñez migrante", "en": "Protection of migrant children"}),
    Text("b", {"es": "Reducir el costo de las remesas", "en": "Lower the cost of remittances"}),
    Text("c", {"es": "Documentos de identidad para todos", "en": "Identity documents for all"}),
    Text("d", {"en": "Cheaper remittances through post offices"}),
]
TITLES = [
    Text("x", {"es": "Remesas más seguras y baratas", "en": "Faster, safer and cheaper remittances"}),
    Text("y", {"es": "Identidad jurídica", "en": "Legal identity"}),
]


def test_accents_and_signs_are_folded() -> None:
    assert folded("¿Protección, NIÑEZ?\t2017") == "proteccion ninez 2017"
    assert grams("Sí")[" si"] == 1
    assert grams("…") == {}


def test_a_text_is_wholly_like_itself_and_not_at_all_like_what_shares_no_piece() -> None:
    weights = learn(["remesas", "identidad", "remittances"])
    found = similarity(weights, ["remesas", "", "zzz"], ["remesas", "identidad"])
    assert found[0].tolist() == pytest.approx([1, 0])
    assert found[1:].tolist() == [[0, 0], [0, 0]]
    with pytest.raises(ValueError, match="learned from texts"):
        learn([])


def test_a_suggestion_says_which_pieces_of_words_are_shared() -> None:
    among = library(THINGS)
    (first, *_) = alike(among, Text("new", {"es": "Abaratar las remesas"}))
    assert (first.key, first.languages) == ("b", ("es", "es"))
    assert "remesas" in first.pieces
    crossed = alike(among, Text("new", {"es": "Remesas y correos"}))
    assert "d" in {each.key for each in crossed}  # written in English alone
    (d,) = [each for each in crossed if each.key == "d"]
    assert (d.languages, d.pieces[0]) == (("es", "en"), "rem")


def test_a_thing_is_not_like_itself_and_what_shares_nothing_is_left_out() -> None:
    among = library(THINGS)
    assert "a" not in {each.key for each in alike(among, THINGS[0])}
    assert alike(among, Text("new", {"es": "xyz"})) == ()
    assert len(alike(among, THINGS[0], most=1)) <= 1


def test_pieces_are_the_longest_ones_and_none_is_part_of_another() -> None:
    weights = learn(["migrantes", "migrants"])
    assert shared_pieces(weights, "personas migrantes", "migrants") == ("migrant",)
    assert shared_pieces(weights, "de", "de") == ()


def test_links_are_suggested_by_titles_and_by_neighbours_who_were_confirmed() -> None:
    weights = learn([text for thing in [*THINGS, *TITLES] for text in thing.words.values()])
    targets, among = library(TITLES, weights), library(THINGS, weights)
    thing = Text("new", {"es": "Bajar el costo de enviar dinero", "en": "Lower the cost of sending money"})
    by_title = suggest_links(targets, among, {}, Text("new", {"es": "Identidad"}))
    assert by_title[0].target == "y"
    assert by_title[0].neighbours == ()
    assert by_title[0].pieces == ("identidad",)
    by_neighbour = suggest_links(targets, among, {"b": ["x"], "a": []}, thing)
    assert by_neighbour[0].target == "x"
    assert [key for key, _ in by_neighbour[0].neighbours] == ["b"]
    itself = suggest_links(targets, among, {"b": ["y"]}, THINGS[1])
    assert all(each.neighbours == () for each in itself)  # its own link is no reason


def test_a_text_near_to_everything_is_no_longer_everybodys_nearest() -> None:
    plain = np.array([[0.5, 0.6, 0.1], [0.1, 0.6, 0.1], [0.1, 0.6, 0.5]])
    assert plain.argmax(axis=1).tolist() == [1, 1, 1]
    assert without_hubs(plain, nearest=3).argmax(axis=1).tolist() == [0, 1, 2]
