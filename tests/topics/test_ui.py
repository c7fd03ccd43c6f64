"""The base page and its components, as a browser receives them."""

import re
from pathlib import Path

import pytest
from django import forms
from django.conf import LazySettings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import ResolverMatch
from django.utils.translation import override

from tests.world import World
from torogoz.exchange.writers.charts.table import NOT_APPLICABLE, NOT_AVAILABLE, SUPPRESSED, Cell, Row, Table
from torogoz.shared.ui import forms as ui_forms

CSS = Path(__file__).parents[2] / "src/torogoz/shared/ui/static/ui/torogoz.css"


class Questions(forms.Form):
    given = forms.CharField(label="Primer nombre", help_text="Como en su documento")
    sex = forms.ChoiceField(label="Sexo", choices=[("F", "Mujer"), ("M", "Hombre")], widget=forms.RadioSelect)
    known_as = forms.CharField(label="Conocido por", required=False)


def rendered(source: str, **values: object) -> str:
    return Template("{% load ui %}" + source).render(Context(values))


def page(path: str = "/nowhere/", **values: object) -> str:
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    return render_to_string("404.html", values, request)


@pytest.mark.parametrize(
    ("said", "spanish", "english"),
    [
        ({"words_es": "Uno\ndos <b>", "words_en": "One"}, "Uno<br>dos &lt;b&gt;", "One"),
        ({"words_es": "Uno\ndos", "words_en": ""}, "Uno<br>dos", 'lang="es">Uno<br>dos</span>'),
        ({"words_es": "", "words_en": ""}, "", ""),
    ],
)
def test_words_in_spanish_alone_are_marked_on_an_english_page(said: dict[str, str], spanish: str, english: str) -> None:
    with override("es"):
        assert rendered('{{ said|marked:"words" }}', said=said) == spanish
    with override("en"):
        shown = rendered('{{ said|marked:"words" }}', said=said)
        assert english in shown
        assert ("in Spanish" in shown) is ("lang=" in english)
        assert 'lang="es">Ley &lt;1&gt;</span>' in rendered("{{ ground|in_spanish }}", ground="Ley <1>")


def test_a_missing_page_says_so_with_one_heading_a_skip_link_and_the_language_switch(client: Client) -> None:
    html = page()
    assert html.count("<h1>") == 1
    assert 'href="#main"' in html
    assert 'id="main"' in html
    assert 'action="/language/"' in html
    assert 'value="/nowhere/"' in html


def test_the_banner_of_the_demonstration_country_is_on_every_page_of_it_and_on_no_other(settings: LazySettings) -> None:
    settings.DEMONSTRATION, settings.TWO_FACTOR = True, False
    assert "personas inventadas" in page()
    assert "sin segundo factor" in page()
    settings.DEMONSTRATION, settings.TWO_FACTOR = False, True
    assert "personas inventadas" not in page()


def test_the_language_is_changed_by_a_form_that_sets_no_other_cookie_and_keeps_the_page() -> None:
    client = Client(enforce_csrf_checks=True)
    answer: HttpResponse = client.post("/language/", {"language": "en", "next": "/somewhere/?page=2"})
    assert (answer.status_code, answer["Location"]) == (302, "/somewhere/?page=2")
    assert list(client.cookies) == ["django_language"]


def test_the_language_switch_never_leads_out_of_the_site(client: Client) -> None:
    answer = client.post("/language/", {"language": "en", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"


def test_a_field_ties_its_label_its_hint_and_its_error_to_the_control() -> None:
    html = rendered("{% field form.given %}", form=Questions({}))
    assert '<label for="id_given">' in html
    assert 'id="id_given_helptext"' in html
    assert 'id="id_given_error"' in html
    assert 'aria-describedby="id_given_helptext id_given_error"' in html
    assert 'aria-invalid="true"' in html


def test_a_group_of_choices_is_a_fieldset_with_its_legend() -> None:
    html = rendered("{% field form.sex %}", form=Questions())
    assert "<fieldset" in html
    assert "<legend>Sexo" in html


def test_the_summary_of_errors_links_to_each_field_that_is_wrong() -> None:
    html = rendered("{% error_summary form %}", form=Questions({}))
    assert 'href="#id_given"' in html
    assert 'href="#id_sex_group"' in html
    assert "id_known_as" not in html
    assert "Hay 2 datos que revisar" in html
    assert rendered("{% error_summary form %}", form=Questions()).strip() == ""
    assert rendered("{% error_summary form missing %}", form=None).strip() == ""


@pytest.mark.parametrize(
    ("label", "line"),
    [("País", "País: Elija uno."), ("¿En qué país vive?", "¿En qué país vive? Elija uno."), ("Lo juro.", "Elija uno.")],
)
def test_the_summary_does_not_write_a_colon_after_a_question_nor_say_a_sentence_again(label: str, line: str) -> None:
    class Asks(forms.Form):
        given = forms.CharField(label=label, error_messages={"required": "Elija uno."})

    assert f'<a href="#id_given">{line}</a>' in rendered("{% error_summary form %}", form=Asks({}))


def test_zero_protected_not_available_and_not_applicable_look_different() -> None:
    row = Row("Ahuachapán", [Cell(0), SUPPRESSED, NOT_AVAILABLE, NOT_APPLICABLE])
    html = rendered("{% data_table table %}", table=Table("Personas", ["Lugar", "a", "b", "c", "d"], [row]))
    body = html[html.index("<tbody>") : html.index("</tbody>")]
    shown = [part.split("</td>")[0] for part in body.split("<td")[1:]]
    assert shown[0].endswith(">0")
    assert len(set(shown)) == 4
    assert not any("0" in cell for cell in shown[1:])
    legend = html[html.index('class="legend"') :]
    assert all(word in legend for word in ("protegido", "no disponible", "no aplica"))


@pytest.mark.parametrize(("tongue", "expected"), [("es", "1\u202f410\u202f659"), ("en", "1,410,659")])
def test_numbers_are_written_as_the_language_of_the_page_writes_them(tongue: str, expected: str) -> None:
    with override(tongue):
        assert rendered("{{ n|number }}", n=1410659) == expected


def test_the_style_weighs_little_and_asks_nobody_else_for_anything() -> None:
    text = CSS.read_text(encoding="utf-8")
    assert len(text.encode()) <= 25_000
    assert "http:" not in text
    assert "https:" not in text
    assert "@import" not in text
    assert "@font-face" not in text


@pytest.mark.parametrize(("username", "shown"), [("data_protection", True), ("registrar_a", False)])
def test_the_menu_leads_to_the_record_of_accesses_only_who_may_read_it(
    client: Client, world: World, settings: LazySettings, username: str, shown: bool
) -> None:
    settings.TWO_FACTOR = False
    client.force_login(world.officers[username], backend="django.contrib.auth.backends.ModelBackend")
    assert ('href="/audit/"' in client.get("/about/").content.decode()) == shown


def luminance(colour: str) -> float:
    """The relative luminance of a colour, as WCAG 2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_colour_of_text_stands_out_from_paper_and_wash() -> None:
    named = dict(re.findall(r"--([a-z]+): (#[0-9A-F]{6});", CSS.read_text(encoding="utf-8")))
    for text in ("ink", "quiet", "teal", "turquoise", "russet", "link", "may", "more", "not", "danger"):
        for ground in ("paper", "wash"):
            light, dark = luminance(named[ground]), luminance(named[text])
            assert (light + 0.05) / (dark + 0.05) >= 4.5, f"{text} on {ground}"


@pytest.mark.django_db
def test_a_public_page_prints_its_address_and_a_code_and_a_page_of_officers_prints_neither(client: Client) -> None:
    public = client.get("/about/").content.decode()
    of_officers = RequestFactory().get("/returns/")
    of_officers.resolver_match = ResolverMatch(lambda request: HttpResponse(), (), {})
    assert "http://testserver/about/" in public
    assert 'class="segno"' in public
    assert 'class="segno"' not in rendered("{% live_page %}", request=of_officers)


def test_the_way_to_a_person_is_what_the_operator_set_and_never_made_up(settings: LazySettings) -> None:
    settings.CONTACT = "2222-0000"
    assert "2222-0000" in page()
    settings.CONTACT = ""
    assert "todavía no ha publicado su contacto" in page()


class Menu(ui_forms.Questions):
    """What there is to eat."""

    one = forms.ChoiceField(choices=[("pupusa", "Pupusa")])
    some = forms.MultipleChoiceField(choices=[("atol", "Atol")])
    own = forms.ChoiceField(choices=[("si", "Sí")], error_messages={"invalid_choice": "Hoy no hay."})


def test_a_choice_that_was_not_offered_is_refused_in_our_words_in_both_languages() -> None:
    typed = {"one": "pizza", "some": ["sushi"], "own": "no"}
    for code, words in (
        ("es", "La opción «{}» no es una de las que se ofrecen. No se guardó nada; elija otra vez."),
        ("en", "The choice “{}” is not one of those offered. Nothing was stored; choose again."),
    ):
        with override(code):
            errors = {name: list(said) for name, said in Menu(typed).errors.items()}
        assert errors == {"one": [words.format("pizza")], "some": [words.format("sushi")], "own": ["Hoy no hay."]}


def test_only_of_what_would_have_been_stored_it_is_said_that_it_was_not() -> None:
    class Searching(Questions):
        stores = False

    for form, said in ((Questions({}), True), (Searching({}), False)):
        html = rendered("{% error_summary form %}", form=form)
        assert ("No se ha guardado todavía" in html) is said
        assert "Lo que usted escribió sigue aquí." in html


@pytest.mark.parametrize("where", ["devices/templates/devices/received.html", "audit/templates/audit/events.html"])
def test_long_rows_are_cards_on_a_narrow_screen_and_every_cell_says_what_it_is(where: str) -> None:
    source = (CSS.parents[4] / "shared" / where).read_text(encoding="utf-8")
    table = source[source.index("<table") : source.index("</table>")]
    assert 'class="stacked"' in table.split(">")[0]
    cells = re.findall(r"<td[^>]*>", table)
    assert len(cells) >= 4
    assert all("data-label=" in cell for cell in cells)


def test_links_to_files_do_not_run_together() -> None:
    source = CSS.parents[4]
    found = [
        path.name
        for path in source.rglob("templates/**/*.html")
        if re.search(r"(CSV|JSON|PDF|DOCX|XLSX)</a>\s*<a", path.read_text(encoding="utf-8"))
    ]
    assert found == []
