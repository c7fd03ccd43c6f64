"""The header on the page asks what the definition says, in both languages: what a device asks off line is the same."""

import pytest
from django.utils import timezone, translation

from tests.world import World
from torogoz.domain.questions import Kind, Question
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.places import actions as places
from torogoz.shared.ui.forms import Questions
from torogoz.statistics.forms.shipped import HEADER
from torogoz.topics.returns.forms import ArrivalForm, DocumentForm, PersonForm
from torogoz.topics.returns.queries import registering_centres

pytestmark = pytest.mark.django_db
ASKED = {question.code: question for fact in HEADER.facts for question in fact.fields}
ONLY_ON_THE_PAGE = {"token", "confirmed"}
"""Not asked of anybody: against a form sent twice, and to keep a number that was doubted."""

LEFT_OPEN = {"kind", "number"}
"""Required of a document that is there; a row of the page without one is left empty."""

SAID_BESIDE = {"_U"}
"""That it is not known, which the page words in its own way and a device adds to every list."""


@pytest.fixture(params=["es", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def on_the_page(world: World) -> dict[str, Questions]:
    now = timezone.now()
    registrar = world.officers["registrar_a"]
    forms = (PersonForm(now=now), DocumentForm(), ArrivalForm(centres=registering_centres(registrar, now), now=now))
    return {code: form for form in forms for code in form.fields}


def test_the_page_asks_every_question_of_the_definition_and_no_other(world: World) -> None:
    codelists.load()
    places.load()
    assert set(on_the_page(world)) - ONLY_ON_THE_PAGE == set(ASKED)


def test_each_is_asked_in_the_same_words_of_the_same_answers(world: World, language: str) -> None:
    codelists.load()
    places.load()
    with translation.override(language):
        for code, form in on_the_page(world).items():
            if code in ASKED:
                held_against(ASKED[code], form, language)


def held_against(question: Question, form: Questions, language: str) -> None:
    field = form.fields[question.code]
    assert str(field.label) == question.label(language), question.code
    if question.kind is Kind.TEXT:
        assert field.max_length == question.most, question.code  # type: ignore[attr-defined]
    if question.kind is Kind.CHOICE and question.options:
        inside = {code: words for code, words in question.choices(language) if code not in SAID_BESIDE}
        offered = {code: str(words) for code, words in field.choices if code not in SAID_BESIDE}  # type: ignore[attr-defined]
        assert list(offered.items()) == list(inside.items()), question.code
    if question.required and question.code not in LEFT_OPEN:
        assert field.required, question.code
