"""What holds of every name."""

from hypothesis import given, settings
from hypothesis import strategies as st

from torogoz.domain.names import PARTICLES, PersonName, read_name, tokens, tokens_of
from torogoz.domain.sounds import sound

WORDS = st.text(alphabet="abcdefghijlmnñopqrstuvxyzáéíóúü", min_size=1, max_size=12)
NAMES = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)


@settings(max_examples=100)
@given(NAMES)
def test_case_accents_and_spaces_never_change_what_is_compared(name: str) -> None:
    spaced = "  ".join(name.split())
    assert tokens(name) == tokens(name.upper()) == tokens(spaced) == tokens(" ".join(tokens(name)))


@settings(max_examples=100)
@given(NAMES)
def test_no_particle_is_ever_compared(name: str) -> None:
    assert not PARTICLES & set(tokens(f"de la {name}"))


@settings(max_examples=100)
@given(WORDS, WORDS, WORDS)
def test_a_person_is_found_by_the_same_words_in_whatever_box_they_were_written(a: str, b: str, c: str) -> None:
    boxes = PersonName(given1=a, surname1=b, surname2=c)
    swapped = PersonName(given1=b, surname1=c, surname2=a)
    assert set(tokens_of(boxes)) == set(tokens_of(swapped))


@settings(max_examples=100)
@given(WORDS)
def test_every_word_has_a_sound(word: str) -> None:
    for token in tokens(word):
        assert sound(token)
        assert sound(token) == sound(token)


@settings(max_examples=100)
@given(WORDS)
def test_a_name_that_was_read_is_read_again_unchanged(word: str) -> None:
    once = read_name(surname1=f"  {word}  ")
    assert read_name(surname1=once.surname1) == once
