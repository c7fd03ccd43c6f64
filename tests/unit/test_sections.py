"""The sections of the single form, as they are shipped."""

from collections.abc import Iterator
from itertools import combinations

import pytest
from rapidfuzz import fuzz

from torogoz.domain.access import Tier
from torogoz.domain.letters import fold
from torogoz.domain.questions import (
    Kind,
    Question,
    SectionForm,
    applies,
    check,
    condition_in_words,
    readable,
    typed,
    without_inapplicable,
)
from torogoz.domain.sections import NoSuchForm
from torogoz.statistics.forms.shipped import HEADER, SINGLE_FORM, current, current_form, form_of

HEALTH = current_form("health")
POLICE = current_form("police")
NOT_PREGNANT = {"pregnant": "N"}
FORMS = SINGLE_FORM.sections


def asked() -> Iterator[tuple[SectionForm, Question]]:
    for form in current():
        for question in form.questions:
            yield form, question


def test_twelve_institutions_each_add_their_own_section() -> None:
    assert len(current()) == 12
    assert len({form.institution for form in current()}) == 12


def test_no_section_asks_for_a_fact_of_the_header_or_of_another_section() -> None:
    facts = [question.code for _, question in asked()]
    assert len(facts) == len(set(facts))
    assert not set(facts) & HEADER.codes


def test_no_two_sections_word_a_question_alike() -> None:
    for (form, one), (another, other) in combinations(asked(), 2):
        assert form is another or fuzz.token_set_ratio(fold(one.es), fold(other.es)) < 85, (one.es, other.es)


def test_no_question_is_worded_like_a_fact_of_the_header() -> None:
    for form, question in asked():
        for fact in HEADER.facts:
            assert fuzz.token_set_ratio(fold(question.es), fold(fact.es)) < 90, (form.code, question.es, fact.es)
            assert fuzz.token_set_ratio(fold(question.en), fold(fact.en)) < 90, (form.code, question.en, fact.en)


def test_what_a_section_needs_is_asked_by_somebody_else() -> None:
    for form in current():
        assert form.needs
        for fact in form.needs:
            assert SINGLE_FORM.asked_by(fact) != ""
            assert fact not in {question.code for question in form.questions}
            assert form.institution in SINGLE_FORM.needed_by(fact)


def test_who_asks_and_who_needs_a_fact_is_told() -> None:
    assert SINGLE_FORM.asked_by("pregnant") == "DGME"
    assert SINGLE_FORM.needed_by("pregnant") == ("MINSAL", "ISDEMU")
    assert (SINGLE_FORM.asked_by("occupation"), SINGLE_FORM.needed_by("occupation")) == ("MTPS", ("LOCAL",))
    with pytest.raises(NoSuchForm, match="horoscope"):
        SINGLE_FORM.asked_by("horoscope")


def test_every_word_is_there_in_both_languages_and_every_set_can_say_unknown() -> None:
    for form in FORMS:
        assert form.es != form.en
        for question in form.questions:
            assert question.es != question.en
            assert bool(question.hint_es) == bool(question.hint_en)
            if question.kind in (Kind.CHOICE, Kind.SEVERAL, Kind.YES_NO) and not question.codelist:
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


@pytest.mark.parametrize("answer", ["17 de mayo", "2026-05", "20260517", 20260517])
def test_a_day_that_is_none_is_refused(answer: object) -> None:
    errors = check(current_form("local_government"), {"home_again": "OWN", "local_contact": answer})
    assert errors["local_contact"].code == "day"


def test_a_question_applies_unless_it_surely_does_not() -> None:
    assert applies(HEALTH, {}, NOT_PREGNANT)["gestation_weeks"] is False
    assert applies(HEALTH, {}, {"pregnant": "Y"})["gestation_weeks"] is True
    for unknown in ({}, {"pregnant": "_U"}):
        assert applies(HEALTH, {}, unknown)["gestation_weeks"] is None


def test_a_condition_looks_at_no_fact_that_the_institution_does_not_work_with() -> None:
    assert applies(POLICE, {}, {"warrant": "NO"})["court"] is None


def test_an_answer_to_a_question_that_does_not_apply_is_refused_and_can_be_left_out() -> None:
    answers: dict[str, object] = {"warrant": "NO", "court": "Juzgado Primero"}
    assert {code: wrong.code for code, wrong in check(POLICE, answers).items()} == {"court": "inapplicable"}
    assert without_inapplicable(POLICE, answers) == {"warrant": "NO"}
    assert check(POLICE, {**answers, "warrant": "YES"}) == {}
    assert check(POLICE, {**answers, "warrant": "_U"}) == {}


def test_what_hangs_on_a_question_that_does_not_apply_does_not_apply_either() -> None:
    form = current_form("prosecution")
    answers = {"victim_of": ["NONE"], "case_wanted": "NOW", "case_reference": "FGR-1"}
    assert applies(form, answers)["case_reference"] is False
    assert set(without_inapplicable(form, answers)) == {"victim_of"}


def test_answers_are_read_in_either_language_and_no_answer_is_not_a_no() -> None:
    lines = dict(readable(HEALTH, {"symptoms": ["FEVER", "PAIN"], "medicine_missed": "_U", "care": "FIT"}, "es"))
    assert lines["¿Qué molestias tiene hoy?"] == "Fiebre; Dolor fuerte"
    assert lines["¿Dejó de tomar una medicina que necesita?"] == "No se sabe"
    assert lines["¿De cuántas semanas es el embarazo?"] == "Sin respuesta"
    assert dict(readable(HEALTH, {"gestation_weeks": 0}, "en"))["How many weeks along is the pregnancy?"] == "0"
    not_asked = dict(readable(HEALTH, {"care": "FIT"}, "en", NOT_PREGNANT))
    assert not_asked["How many weeks along is the pregnancy?"] == "Does not apply"


def test_a_condition_is_said_in_words() -> None:
    by_code = {question.code: question for question in POLICE.questions}
    said = condition_in_words(by_code["court"], SINGLE_FORM.questions(POLICE), "es")
    either = "«Sí, verificada con el documento» o «Es de otra persona del mismo nombre»"
    assert said == f"«¿Hay una orden judicial vigente?» es {either}"
    women = current_form("women")
    where = next(question for question in women.questions if question.code == "violence_where")
    said = condition_in_words(where, SINGLE_FORM.questions(women), "en")
    assert said == "“Which violence has she lived through?” does not include “None”"
    assert condition_in_words(by_code["warrant"], SINGLE_FORM.questions(POLICE), "es") == ""


def test_fields_of_a_page_become_answers_and_what_cannot_be_read_stays_as_typed() -> None:
    fields = {"symptoms": ["FEVER", "FEVER", ""], "gestation_weeks": [" 12 "], "health_note": ["  "], "other": ["x"]}
    assert typed(HEALTH, fields) == {"symptoms": ["FEVER"], "gestation_weeks": 12}
    assert typed(HEALTH, {"gestation_weeks": ["doce"]}) == {"gestation_weeks": "doce"}


def test_an_older_version_stays_readable_beside_the_one_in_force() -> None:
    old, new = form_of("migration", 1), current_form("migration")
    assert (old.version, new.version) == (1, 2)
    assert "return_fear" not in {question.code for question in old.questions}
    answers = {"time_abroad": "LT1M", "detained_where": "NOT", "detained_days": 0}
    assert check(old, answers) == {}
    assert {code: wrong.code for code, wrong in check(new, answers).items()} == {"detained_days": "inapplicable"}
    assert ("¿Cuánto tiempo vivió fuera del país?", "Menos de un mes") in readable(old, answers, "es")
    assert ("¿Cuántos días duró la detención?", "0") in readable(old, answers, "es")


def test_what_is_more_sensitive_than_its_section_is_not_for_every_reader() -> None:
    form = current_form("migration")
    fear = next(question for question in form.questions if question.code == "return_fear")
    assert (form.tier, form.tier_of(fear)) == (Tier.ORDINARY, Tier.SENSITIVE)
    assert "return_fear" not in {question.code for question in form.for_readers().questions}
    assert len(form.for_readers().questions) == len(form.questions) - 1


def test_a_form_that_never_was_is_named_in_the_error() -> None:
    with pytest.raises(NoSuchForm, match="horoscope"):
        current_form("horoscope")
    with pytest.raises(NoSuchForm, match="version 9"):
        form_of("health", 9)
