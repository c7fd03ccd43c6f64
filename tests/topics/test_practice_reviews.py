"""A practice is reviewed by peers from outside; verdict, names and repetitions are what the public may see of it."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.made_up_practices import SECRET, entered, says
from tests.world import LONG_AGO, World
from torogoz.domain.access import Role
from torogoz.domain.practices import PracticeRefused
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.institutions.models import Institution, Membership, Officer
from torogoz.shared.provisions import shipped
from torogoz.topics.practices import actions, lists, review_actions, sheet_words, words
from torogoz.topics.practices.models import Practice, Replication, Review

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
WHY = "Porque el informe lo muestra."
CODES = [one.code for one in lists.criteria(1)]


@pytest.fixture
def loaded(world: World) -> World:
    cache.clear()
    codelists.load()
    shipped.load(now=NOW)
    return world


@pytest.fixture
def submitted(loaded: World) -> Practice:
    health = loaded.officers["focal_health"]
    practice = actions.start(
        by=health,
        institution="MINSAL",
        written=says(texts={"summary_es": SECRET}),
        call=None,
        token=None,
        now=NOW,
    )
    return actions.submit(by=health, practice=practice, seen=1, now=NOW)


def posted(world: World, username: str, institution: str) -> Officer:
    officer = Officer.objects.create(username=username, full_name=f"Personal inventado ({username})")
    Membership.objects.create(
        officer=officer,
        institution=Institution.objects.get(code=institution),
        office=world.offices["CENTRE-A"],
        role=Role.FOCAL_POINT.value,
        valid_from=LONG_AGO,
    )
    world.officers[username] = officer
    return officer


def asked(world: World, practice: Practice, *usernames: str) -> list[Review]:
    by = world.officers["secretariat"]
    return [review_actions.ask(by=by, practice=practice, reviewer=world.officers[one], now=NOW) for one in usernames]


def given(review: Review, score: int | None, *, named: bool = False) -> None:
    review_actions.declare(by=review.officer, review=review, conflict="", now=NOW)
    review_actions.give(
        by=review.officer,
        review=review,
        scores=dict.fromkeys(CODES, score),
        reasons=dict.fromkeys(CODES, WHY),
        advice="Siga así",
        named=named,
        now=NOW,
    )


def test_from_the_secretariat_to_the_public_page_through_two_reviews(
    loaded: World, submitted: Practice, client: Client
) -> None:
    desk, labour, ombudsman = (entered(loaded.officers[one]) for one in ("secretariat", "focal_labour", "ombudsman"))
    assert "title inventado" in desk.get(reverse("practices:desk")).content.decode()
    for username in ("focal_labour", "ombudsman"):
        step = reverse("practices:handle_step", args=[submitted.key, "ask"])
        assert desk.post(step, {"reviewer": username}).status_code == 302
    answers = {f"score_{code}": "3" for code in CODES} | {f"reason_{code}": WHY for code in CODES}
    for peer, username, more in ((labour, "focal_labour", {"named": "on"}), (ombudsman, "ombudsman", {})):
        review = Review.objects.get(officer__username=username)
        page = reverse("practices:review", args=[review.key])
        before = peer.get(page).content.decode()
        assert SECRET not in before, "nobody reads before declaring"
        assert "title inventado" in before
        assert peer.post(page, {}).status_code == 422
        assert peer.post(page, {"has": "no"}).status_code == 302
        assert SECRET in peer.get(page).content.decode()
        assert peer.post(page, {f"score_{CODES[0]}": "3"}).status_code == 422
        assert peer.post(page, answers | more).status_code == 302
    handled = reverse("practices:handle_step", args=[submitted.key, "publish"])
    assert desk.post(handled, {}).status_code == 302
    public = client.get(reverse("practices:practice", args=[submitted.key])).content.decode()
    assert "2 revisiones" in public
    assert "(focal_labour)" in public, "who agreed is named"
    assert "(ombudsman)" not in public
    assert "PDDH" not in public
    assert WHY not in public, "reasons are for the institution"
    own = entered(loaded.officers["focal_health"]).get(reverse("practices:own", args=[submitted.key])).content.decode()
    assert WHY in own
    assert "(ombudsman)" not in own


def test_reviews_are_reached_by_their_reviewer_and_the_secretariat_alone(loaded: World, submitted: Practice) -> None:
    review, other = asked(loaded, submitted, "focal_labour", "ombudsman")
    page = reverse("practices:review", args=[review.key])
    for username in ("ombudsman", "focal_health", "secretariat", "statistician"):
        assert entered(loaded.officers[username]).get(page).status_code == 404, username
    handled = reverse("practices:handle", args=[submitted.key])
    for username in ("focal_labour", "focal_health", "ombudsman"):
        assert entered(loaded.officers[username]).get(handled).status_code == 404, username
    given(review, 0)
    assert "no los cumple" not in entered(other.officer).get(reverse("practices:reviews")).content.decode()
    own = entered(loaded.officers["focal_health"]).get(reverse("practices:own", args=[submitted.key])).content.decode()
    assert WHY not in own, "the institution reads reviews once there is a verdict"


def test_nobody_reviews_what_the_own_institution_carried_out(loaded: World) -> None:
    health = loaded.officers["focal_health"]
    practice = actions.start(
        by=health,
        institution="MINSAL",
        written=says(with_institutions=("MTPS",)),
        call=None,
        token=None,
        now=NOW,
    )
    practice = actions.submit(by=health, practice=practice, seen=1, now=NOW)
    second = posted(loaded, "focal_health_2", "MINSAL")
    for officer in (second, loaded.officers["focal_labour"], health):
        with pytest.raises(PracticeRefused):
            review_actions.ask(by=loaded.officers["secretariat"], practice=practice, reviewer=officer, now=NOW)
    with pytest.raises(actions.NotAllowed):
        review_actions.ask(by=health, practice=practice, reviewer=loaded.officers["ombudsman"], now=NOW)
    page = entered(loaded.officers["secretariat"]).get(reverse("practices:handle", args=[practice.key]))
    assert "(ombudsman)" in page.content.decode()
    assert "(focal_labour)" not in page.content.decode()


def test_two_reviewers_are_of_two_institutions(loaded: World, submitted: Practice) -> None:
    asked(loaded, submitted, "focal_labour")
    posted(loaded, "focal_labour_2", "MTPS")
    with pytest.raises(PracticeRefused, match="two institutions"):
        asked(loaded, submitted, "focal_labour_2")
    asked(loaded, submitted, "ombudsman")
    posted(loaded, "focal_women", "ISDEMU")
    with pytest.raises(PracticeRefused, match="has its reviewers"):
        asked(loaded, submitted, "focal_women")


def test_who_declares_a_conflict_reads_nothing_and_somebody_else_is_asked(loaded: World, submitted: Practice) -> None:
    review, _ = asked(loaded, submitted, "focal_labour", "ombudsman")
    labour = entered(loaded.officers["focal_labour"])
    page = reverse("practices:review", args=[review.key])
    assert labour.post(page, {"has": "yes", "conflict": ""}).status_code == 422
    assert labour.post(page, {"has": "yes", "conflict": "Trabajé en la práctica."}).status_code == 302
    assert SECRET not in labour.get(page).content.decode()
    with pytest.raises(PracticeRefused, match="Before reading"):
        review_actions.give(
            by=review.officer,
            review=review,
            scores=dict.fromkeys(CODES, 3),
            reasons=dict.fromkeys(CODES, WHY),
            advice="",
            named=False,
            now=NOW,
        )
    with pytest.raises(PracticeRefused):
        asked(loaded, submitted, "focal_labour")
    posted(loaded, "focal_women", "ISDEMU")
    asked(loaded, submitted, "focal_women")


def test_two_that_differ_need_a_third_and_two_of_three_decide(loaded: World, submitted: Practice) -> None:
    first, second = asked(loaded, submitted, "focal_labour", "ombudsman")
    given(first, 3)
    given(second, 1)
    secretariat = loaded.officers["secretariat"]
    for act in (
        lambda: review_actions.publish(by=secretariat, practice=submitted, now=NOW),
        lambda: review_actions.send_back(by=secretariat, practice=submitted, reason=WHY, now=NOW),
    ):
        with pytest.raises(PracticeRefused, match="verdict"):
            act()
    posted(loaded, "focal_women", "ISDEMU")
    given(*asked(loaded, submitted, "focal_women"), 1)
    with pytest.raises(PracticeRefused, match="verdict"):
        review_actions.publish(by=secretariat, practice=submitted, now=NOW)
    sent = review_actions.send_back(by=secretariat, practice=submitted, reason=WHY, now=NOW)
    assert sent.state == "sent_back"
    health = loaded.officers["focal_health"]
    again = actions.write(by=health, practice=sent, written=says(), call=None, seen=sent.version, now=NOW)
    again = actions.submit(by=health, practice=again, seen=again.version, now=NOW)
    assert again.round == 2
    for one in asked(loaded, again, "focal_labour", "ombudsman"):
        given(one, 2)
    assert review_actions.publish(by=secretariat, practice=again, now=NOW).state == "published"


def published(world: World, practice: Practice) -> Practice:
    for one in asked(world, practice, "focal_labour", "ombudsman"):
        given(one, 3)
    return review_actions.publish(by=world.officers["secretariat"], practice=practice, now=NOW)


def test_that_it_did_not_work_elsewhere_stands_on_the_public_page_with_its_reason(
    loaded: World, submitted: Practice, client: Client
) -> None:
    practice = published(loaded, submitted)
    labour = entered(loaded.officers["focal_labour"])
    page = reverse("practices:repeat", args=[practice.key])
    told = {
        "institution": "MTPS",
        "place": "Otro municipio",
        "country": "SLV",
        "began_on": "2025-02-01",
        "result": "did_not_work",
    }
    refused = labour.post(page, told)
    assert refused.status_code == 422
    assert "Diga por qué no funcionó" in refused.content.decode()
    assert not Replication.objects.exists()
    why = {"why_es": "No había personal de noche.", "support_from": "MINSAL"}
    assert labour.post(page, told | why).status_code == 302
    public = client.get(reverse("practices:practice", args=[practice.key])).content.decode()
    for said in ("no funcionó aquí", "No había personal de noche.", "Otro municipio", "MINSAL"):
        assert said in public, said
    assert "title inventado" in client.get("/practices/?result=did_not_work").content.decode()
    assert "title inventado" not in client.get("/practices/?result=worked").content.decode()
    later = reverse("practices:report", args=[Replication.objects.get().key])
    assert entered(loaded.officers["focal_health"]).get(later).status_code == 404
    assert labour.post(later, {"result": "worked", "why_es": "Con personal de noche."}).status_code == 302
    public = client.get(reverse("practices:practice", args=[practice.key])).content.decode()
    assert "No había personal de noche." in public, "what was said before stays"


def test_what_an_organisation_repeated_is_recorded_by_the_secretariat_alone(loaded: World, submitted: Practice) -> None:
    practice = published(loaded, submitted)
    told = {
        "organisation": "Asociación inventada",
        "place": "Otro",
        "country": "GTM",
        "began_on": "2025-02-01",
        "result": "worked",
    }
    page = reverse("practices:repeat", args=[practice.key])
    assert entered(loaded.officers["focal_labour"]).post(page, told).status_code == 422
    assert entered(loaded.officers["secretariat"]).post(page, told).status_code == 302
    assert entered(loaded.officers["statistician"]).get(page).status_code == 404
    assert Replication.objects.get().organisation == "Asociación inventada"


HEADER = "institution,language,title_es,title_en,objectives,began_on\r\n"


def handed_in(world: World, table: str, **form: str) -> str:
    file = SimpleUploadedFile("practices.csv", table.encode())
    answer = entered(world.officers["focal_health"]).post(reverse("practices:table"), {"table": file, **form})
    return f"{answer.status_code} {answer.content.decode()}"


def test_a_table_is_tried_and_kept_whole_or_not_at_all(loaded: World) -> None:
    right = HEADER + "MINSAL,es,Uno inventado,,7 15,2020-01-01\r\nMINSAL,es,Dos inventado,Two,,\r\n"
    assert "2 filas" in handed_in(loaded, right, dry="on")
    assert not Practice.objects.exists()
    for wrong, said in (
        ("MTPS,es,Tres,,,\r\n", ("institution", "MTPS")),
        ("MINSAL,es,Tres,,99,\r\n", ("objectives", "99")),
        ("MINSAL,es,Tres,,,ayer\r\n", ("began_on", "ayer")),
        ("MINSAL,es,,Three,,\r\n", ("title_es", "Escriba el título")),
        ("MINSAL,es,Uno inventado,,,\r\n", ("title_es", "ya tiene una práctica")),
    ):
        answer = handed_in(loaded, right + wrong)
        assert answer.startswith("422")
        assert ">4<" in answer, "the line is named"
        assert all(one in answer for one in said), said
        assert not Practice.objects.exists()
    assert handed_in(loaded, right).startswith("302")
    assert Practice.objects.filter(state="draft", institution__code="MINSAL").count() == 2
    assert entered(loaded.officers["ombudsman"]).get(reverse("practices:table")).status_code == 404


def test_no_word_that_the_pages_say_is_kept_a_second_time_for_the_sheets() -> None:
    said = (words.STATES, words.OPINIONS, words.SCORES, words.RESULTS, words.FIELDS, words.KINDS, words.STAGES)
    for language, own in sheet_words.WORDS.items():
        on_pages = {words.in_language(word, language) for table in said for word in table.values()}
        assert not on_pages & set(own.values())
