"""Good practices: written by one institution, seen by nobody else until they are submitted, public once published."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.made_up_practices import SECRET, entered, says, typed
from tests.world import World
from torogoz.domain.practices import PracticeRefused
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.institutions.models import Institution
from torogoz.shared.provisions import shipped
from torogoz.topics.practices import actions, lists, queries
from torogoz.topics.practices.models import Practice, TranslationCheck

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


@pytest.fixture
def loaded(world: World) -> World:
    cache.clear()
    codelists.load()
    shipped.load(now=NOW)
    return world


def begun(world: World, **other: object) -> Practice:
    health = world.officers["focal_health"]
    return actions.start(by=health, institution="MINSAL", written=says(**other), call=None, token=None, now=NOW)


def made_public(practice: Practice) -> Practice:
    """As if it had been reviewed: how it is reviewed has tests of its own."""
    practice.state, practice.published_at, practice.round, practice.criteria_version = "published", NOW, 1, 1
    practice.changed_at = timezone.now()
    practice.save()
    return practice


def test_a_draft_is_kept_with_its_title_alone_and_says_what_it_lacks(loaded: World) -> None:
    health = entered(loaded.officers["focal_health"])
    form = {"institution": "MINSAL", "language": "es", "title_es": "Práctica inventada"}
    answer = health.post(reverse("practices:new"), form)
    practice = Practice.objects.get()
    assert answer.status_code == 302
    page = health.get(reverse("practices:own", args=[practice.key])).content.decode()
    assert "Para presentarla todavía falta: Qué se hizo, Resultados" in page
    refused = health.post(reverse("practices:step", args=[practice.key, "submit"]), {"seen": practice.version})
    assert refused.status_code == 422
    assert "Qué se hizo" in refused.content.decode()
    assert Practice.objects.get().state == "draft"


def test_nobody_else_reaches_a_draft(loaded: World, client: Client) -> None:
    practice = begun(loaded, texts={"title_es": SECRET})
    for name in ("practices:own", "practices:edit", "practices:practice"):
        address = reverse(name, args=[practice.key])
        for username in ("focal_labour", "secretariat", "ombudsman", "statistician", "health_a"):
            answer = entered(loaded.officers[username]).get(address)
            assert answer.status_code == 404, (name, username)
        stranger = client.get(address)
        assert stranger.status_code in (302, 404)
    steps = reverse("practices:step", args=[practice.key, "submit"])
    assert entered(loaded.officers["focal_labour"]).post(steps, {"seen": 1}).status_code == 404
    for address in ("/practices/", "/practices/practices.csv", "/practices/practices.json"):
        answer = client.get(address)
        assert SECRET not in (b"".join(answer) if answer.streaming else answer.content).decode()
    assert SECRET not in entered(loaded.officers["focal_labour"]).get(reverse("practices:mine")).content.decode()


def test_the_same_form_sent_twice_keeps_one(loaded: World) -> None:
    health = entered(loaded.officers["focal_health"])
    form = typed(token="7e1c5f0e-0d9b-4b7e-9f53-3f1f5c1b0001")
    assert health.post(reverse("practices:new"), form).status_code == 302
    assert health.post(reverse("practices:new"), form).status_code == 302
    assert Practice.objects.count() == 1


def test_what_is_typed_wrong_is_said_and_kept_in_the_form(loaded: World) -> None:
    health = entered(loaded.officers["focal_health"])
    for wrong, said in (
        ({"title_es": ""}, "Escriba el título"),
        ({"ended_on": "2019-01-01"}, "Termina antes de empezar"),
        ({"began_on": "2099-01-01", "ended_on": ""}, "Empieza después de hoy"),
        ({"cost_currency": ""}, "diga la moneda"),
        ({"objectives": ["99"]}, "no es una de las que se ofrecen"),
        ({"institution": "MTPS"}, "no es una de las que se ofrecen"),
    ):
        answer = health.post(reverse("practices:new"), typed(**wrong))
        page = answer.content.decode()
        assert answer.status_code == 422, wrong
        assert said in page, wrong
        assert "summary inventado" in page
    assert not Practice.objects.exists()


def test_two_who_write_at_once_are_both_told(loaded: World) -> None:
    practice = begun(loaded)
    health = loaded.officers["focal_health"]
    actions.write(by=health, practice=practice, written=says(place="Uno"), call=None, seen=1, now=NOW)
    with pytest.raises(PracticeRefused, match="Somebody else"):
        actions.write(by=health, practice=practice, written=says(place="Dos"), call=None, seen=1, now=NOW)
    assert Practice.objects.get().place == "Uno"


def test_once_submitted_its_words_do_not_change(loaded: World) -> None:
    practice = begun(loaded)
    health = loaded.officers["focal_health"]
    kept = actions.submit(by=health, practice=practice, seen=1, now=NOW)
    assert (kept.state, kept.round, kept.criteria_version) == ("submitted", 1, 1)
    with pytest.raises(PracticeRefused):
        actions.write(by=health, practice=kept, written=says(place="Otro"), call=None, seen=kept.version, now=NOW)
    assert entered(health).get(reverse("practices:edit", args=[kept.key])).status_code == 404


def test_no_officer_of_another_institution_writes_or_submits_it(loaded: World) -> None:
    practice = begun(loaded)
    labour = loaded.officers["focal_labour"]
    with pytest.raises(actions.NotAllowed):
        actions.write(by=labour, practice=practice, written=says(), call=None, seen=1, now=NOW)
    with pytest.raises(actions.NotAllowed):
        actions.submit(by=labour, practice=practice, seen=1, now=NOW)
    with pytest.raises(actions.NotAllowed):
        actions.start(by=labour, institution="MINSAL", written=says(), call=None, token=None, now=NOW)


def test_a_translation_is_validated_by_a_second_person_and_for_its_words_alone(loaded: World) -> None:
    practice = begun(loaded)
    health, second = loaded.officers["focal_health"], loaded.officers["health_a"]
    with pytest.raises(PracticeRefused, match="another person"):
        actions.validate_translation(by=health, practice=practice, seen=1, now=NOW)
    with pytest.raises(actions.NotAllowed):
        actions.validate_translation(by=second, practice=practice, seen=1, now=NOW)
    secretariat = loaded.officers["secretariat"]
    with pytest.raises(actions.NotAllowed):
        actions.validate_translation(by=secretariat, practice=practice, seen=1, now=NOW)
    actions.submit(by=health, practice=practice, seen=1, now=NOW)
    actions.validate_translation(by=secretariat, practice=practice, seen=2, now=NOW)
    practice.refresh_from_db()
    assert queries.translation_check(practice) is not None
    practice.lessons_en = "another word"
    assert queries.translation_check(practice) is None, "other words, no mark"
    assert TranslationCheck.objects.count() == 1


def test_a_published_practice_is_found_by_objective_and_principle_and_shown_in_both_languages(
    loaded: World, client: Client
) -> None:
    practice = made_public(begun(loaded))
    assert "title inventado" in client.get("/practices/?objective=7").content.decode()
    assert "title inventado" not in client.get("/practices/?objective=4").content.decode()
    assert "title inventado" in client.get("/practices/?principle=people_centred").content.decode()
    assert "title inventado" not in client.get("/practices/?principle=human_rights").content.decode()
    assert client.get("/practices/?objective=99").status_code == 400
    assert client.get("/practices/?goal=7").status_code == 400
    page = client.get(reverse("practices:practice", args=[practice.key])).content.decode()
    for said in ("summary inventado", "Asociación inventada", "12 500.00", "sin validar", "Nadie ha informado"):
        assert said in page.replace("\u202f", " "), said
    english = client.get(reverse("practices:practice", args=[practice.key]) + "?lang=en").content.decode()
    assert "made-up summary" in english
    assert "summary inventado" not in english


def test_what_was_not_translated_is_shown_as_it_was_written_and_says_so(loaded: World, client: Client) -> None:
    practice = made_public(begun(loaded, texts={f"{name}_en": "" for name in ("title", "summary", "results", "cost")}))
    english = client.get(reverse("practices:practice", args=[practice.key]) + "?lang=en").content.decode()
    assert '<h1 lang="es">title inventado</h1>' in english
    assert "translated in part" in english


def test_a_cost_that_is_not_said_is_not_zero(loaded: World, client: Client) -> None:
    practice = made_public(begun(loaded, cost_amount=None, cost_currency="", texts={"cost_es": "", "cost_en": ""}))
    page = client.get(reverse("practices:practice", args=[practice.key])).content.decode()
    assert "<dt>Costo</dt><dd>no se dice</dd>" in page


def test_a_practice_that_was_withdrawn_says_so_and_why_and_nothing_more(loaded: World, client: Client) -> None:
    practice = made_public(begun(loaded))
    health = loaded.officers["focal_health"]
    actions.withdraw(by=health, practice=practice, reason="Los datos estaban equivocados.", now=NOW)
    page = client.get(reverse("practices:practice", args=[practice.key])).content.decode()
    assert "Los datos estaban equivocados." in page
    assert "summary inventado" not in page
    assert "title inventado" not in client.get("/practices/").content.decode()


def test_the_four_provisions_of_2017_are_named_in_both_languages(loaded: World, client: Client) -> None:
    page = client.get("/practices/").content.decode()
    english = client.get("/practices/?lang=en").content.decode()
    for code in ("T1.SI.02", "T3.09", "T6.10", "T6.11"):
        assert code in page
        assert code in english
    assert "Exchange good practices" in english


def test_the_files_give_what_is_published_and_the_csv_is_the_table_that_comes_in(loaded: World, client: Client) -> None:
    practice = made_public(begun(loaded, texts={"summary_es": "=suma"}))
    begun(loaded, texts={"title_es": SECRET})
    table = b"".join(client.get("/practices/practices.csv")).decode()
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["key"] for row in rows] == [str(practice.key)]
    assert rows[0]["summary_es"] == "'=suma"
    assert rows[0]["objectives"] == "7 15"
    told = b"".join(client.get("/practices/practices.json")).decode()
    assert SECRET not in told
    assert '"validated_by": null' in told
    assert client.get("/practices/practices.csv?objective=99").status_code == 400


def test_the_pages_before_anything_is_published_say_what_to_do(client: Client, db: None) -> None:
    cache.clear()
    assert "Todavía no se ha publicado ninguna práctica." in client.get("/practices/").content.decode()
    assert "versión 1" in client.get("/practices/criteria/").content.decode()


def test_the_page_of_criteria_claims_of_each_principle_no_more_than_was_read(client: Client, db: None) -> None:
    page = client.get("/practices/criteria/?lang=en").content.decode()
    assert [one.english_read for one in lists.principles()] == ["copy"] * 4 + ["quoted"] * 3 + ["copy"] * 3
    assert page.count("English name read in a copy of the resolution") == 7
    assert page.count("not read in the resolution itself") == 3
    assert all(one.english_read_at in page for one in lists.principles())


def test_institutions_named_in_a_practice_leave_out_its_own(loaded: World) -> None:
    practice = begun(loaded, with_institutions=("MTPS", "MINSAL"))
    assert [one.code for one in practice.with_institutions.all()] == ["MTPS"]
    assert practice.institution == Institution.objects.get(code="MINSAL")
