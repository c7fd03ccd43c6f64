"""The sections of the single form."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import pytest
from rapidfuzz import fuzz

from torogoz.domain.letters import fold
from torogoz.domain.questions import Kind, Question, SectionForm, check, readable, typed
from torogoz.domain.sections import FORMS, HEADER, HEALTH, MIGRATION, NoSuchForm, current, current_form, form_of


def asked() -> Iterator[tuple[SectionForm, Question]]:
    for form in current():
        for question in form.questions:
            yield form, question


def test_ten_institutions_each_add_their_own_section() -> None:
    assert len(current()) == 10
    assert len({form.institution for form in current()}) == 10


def test_no_section_asks_for_a_fact_of_the_header_or_of_another_section() -> None:
    facts = [question.code for _, question in asked()]
    assert len(facts) == len(set(facts))
    assert not set(facts) & set(HEADER)


def test_no_two_sections_word_a_question_alike() -> None:
    for (form, one), (another, other) in combinations(asked(), 2):
        assert form is another or fuzz.token_set_ratio(fold(one.es), fold(other.es)) < 85, (one.es, other.es)


def test_no_question_is_worded_like_a_fact_of_the_header() -> None:
    for form, question in asked():
        for spanish, english in HEADER.values():
            assert fuzz.token_set_ratio(fold(question.es), fold(spanish)) < 90, (form.code, question.es, spanish)
            assert fuzz.token_set_ratio(fold(question.en), fold(english)) < 90, (form.code, question.en, english)


def test_what_a_section_needs_is_in_the_header() -> None:
    for form in FORMS:
        assert form.needs
        assert form.needs <= set(HEADER), form.code


def test_every_word_is_there_in_both_languages_and_every_set_can_say_unknown() -> None:
    for form in FORMS:
        assert form.es != form.en
        for question in form.questions:
            assert question.es
            assert question.en
            assert question.es != question.en
            assert bool(question.hint_es) == bool(question.hint_en)
            if question.kind in (Kind.CHOICE, Kind.SEVERAL, Kind.YES_NO):
                codes = [option.code for option in question.options]
                assert "_U" in codes
                assert len(codes) == len(set(codes))
                assert all(option.es and option.en for option in question.options)


def test_good_answers_have_no_errors() -> None:
    answers = {"symptoms": ["FEVER", "PAIN"], "medicine_missed": "_U", "gestation_weeks": 20, "care": "TREATED"}
    assert check(HEALTH, answers) == {}


@pytest.mark.parametrize(
    ("answers", "question", "code"),
    [
        ({}, "care", "required"),
        ({"care": "MIRACLE"}, "care", "option"),
        ({"symptoms": ["FEVER", "NONE"]}, "symptoms", "exclusive"),
        ({"symptoms": ["FEVER", "_U"]}, "symptoms", "exclusive"),
        ({"symptoms": "FEVER"}, "symptoms", "option"),
        ({"symptoms": ["COLD"]}, "symptoms", "option"),
        ({"gestation_weeks": "veinte"}, "gestation_weeks", "number"),
        ({"gestation_weeks": True}, "gestation_weeks", "number"),
        ({"gestation_weeks": 45}, "gestation_weeks", "bounds"),
        ({"health_note": "x" * 501}, "health_note", "long"),
        ({"health_note": 3}, "health_note", "option"),
        ({"medicine_missed": "maybe"}, "medicine_missed", "option"),
        ({"birth": "2001"}, "birth", "unasked"),
    ],
)
def test_a_wrong_answer_is_refused_by_its_question(answers: dict[str, object], question: str, code: str) -> None:
    errors = check(HEALTH, answers)
    assert errors[question].code == code
    assert errors[question].field == question
    assert errors[question].explain("es") != errors[question].explain("en")


def test_answers_are_read_in_either_language_and_no_answer_is_not_a_no() -> None:
    lines = dict(readable(HEALTH, {"symptoms": ["FEVER", "PAIN"], "medicine_missed": "_U", "care": "FIT"}, "es"))
    assert lines["¿Qué molestias tiene hoy?"] == "Fiebre; Dolor fuerte"
    assert lines["¿Dejó de tomar una medicina que necesita?"] == "No se sabe"
    assert lines["¿De cuántas semanas es el embarazo?"] == "Sin respuesta"
    assert dict(readable(HEALTH, {"gestation_weeks": 0}, "en"))["How many weeks along is the pregnancy?"] == "0"


def test_fields_of_a_page_become_answers_and_what_cannot_be_read_stays_as_typed() -> None:
    fields = {"symptoms": ["FEVER", "FEVER", ""], "gestation_weeks": [" 12 "], "health_note": ["  "], "other": ["x"]}
    assert typed(HEALTH, fields) == {"symptoms": ["FEVER"], "gestation_weeks": 12}
    assert typed(HEALTH, {"gestation_weeks": ["doce"]}) == {"gestation_weeks": "doce"}


def test_an_older_version_stays_readable_when_a_newer_is_filled_in() -> None:
    newer = replace(MIGRATION, version=2, questions=MIGRATION.questions[1:])
    forms = (MIGRATION, newer)
    assert current(forms) == (newer,)
    assert current_form("migration", forms) is newer
    old = form_of("migration", 1, forms)
    assert ("¿Cuánto tiempo vivió fuera del país?", "Menos de un mes") in readable(old, {"time_abroad": "LT1M"}, "es")


def test_a_form_that_never_was_is_named_in_the_error() -> None:
    with pytest.raises(NoSuchForm, match="horoscope"):
        current_form("horoscope")
    with pytest.raises(NoSuchForm, match="version 9"):
        form_of("health", 9)
