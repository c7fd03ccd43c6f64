"""A position that was adopted after that of 2017: the review, the overview and the follow-up speak of it too."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from tests import followed
from tests.followed import HEALTH, institution
from tests.world import NOW, World
from torogoz.domain.positions import Both
from torogoz.domain.reviews import ReviewRefused
from torogoz.exchange.documents.content import Document, Items, plain
from torogoz.shared.provisions import actions as provisions
from torogoz.shared.provisions import queries
from torogoz.shared.provisions.models import Instrument, Link, Provision
from torogoz.shared.provisions.position_actions import Part, Position, make_instrument
from torogoz.statistics.deliberation.progress import Status
from torogoz.topics.commitments import duty_actions, review_actions, review_queries
from torogoz.topics.commitments.measure_queries import called_in_full, commitments_called
from torogoz.topics.commitments.models import Responsibility
from torogoz.topics.commitments.report_models import Duty
from torogoz.topics.commitments.review_content import ReviewContent
from torogoz.topics.commitments.review_document import review_document
from torogoz.topics.commitments.review_models import ReportRun

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(hours=1)
CODE, NAME = "position-consejo-2026", "Posición inventada"
YEAR = NOW.year
SAME = HEALTH
"""A code that both positions have."""


@pytest.fixture(autouse=True)
def adopted(world: World) -> Instrument:
    """A made-up position: a theme, a definition, and a text with a point in it that corresponds to objective 14."""
    cache.clear()
    followed.responsible(world)
    made = make_instrument(
        position=Position(
            code=CODE,
            name=Both(NAME, "Made-up position"),
            body=Both("Consejo inventado", "Made-up council"),
            adopted_on=date(YEAR, 11, 1),
            source=Both("Consulta inventada", "Made-up consultation"),
            sha256="ab" * 32,
            made_up=True,
            parts=(
                Part("A", "", "section", Both("Tema inventado", "Made-up theme")),
                Part("D1", "A", "definition", Both("Migración inventada.", "Made-up migration.")),
                Part(SAME, "A", "commitment", Both("Texto inventado.", "Made-up text.")),
                Part("D2.1", SAME, "commitment", Both("Punto inventado.", "Made-up point.")),
            ),
        ),
        by=None,
        now=NOW,
    )
    provisions.link(
        by=world.officers["secretariat"],
        source=Provision.objects.get(instrument=made, code="D2.1"),
        target=Provision.objects.get(instrument__code="gcm", code="14"),
        kind=Link.Kind.CORRESPONDS,
        why="lo dice la prueba",
        now=NOW,
    )
    return made


def content(code: str = "") -> ReviewContent:
    position = review_queries.reviewable(code)
    assert position is not None
    return review_queries.review_content(position, YEAR, YEAR, SOON)


def before_the_compact(document: Document) -> bool:
    """Whether the review says that its position is older than the adopted Compact."""
    lists = [each for each in document.all_blocks() if isinstance(each, Items)]
    return any("2018" in plain(item) for each in lists for item in each.items)


def test_the_review_is_of_the_position_adopted_last_unless_another_is_chosen() -> None:
    assert [each.code for each in content().provisions] == ["D1", SAME, "D2.1"]
    assert len(content("position-2017").provisions) == 195
    assert review_queries.reviewable("gcm") is None
    assert [each.code for each in queries.adopted_positions()] == [CODE, "position-2017"]


def test_objectives_without_a_position_are_shown_as_such_and_what_stands_alone_is_in_the_review() -> None:
    found = content()
    assert [each.code for each in found.objectives if found.of_objective(each.code)] == ["14"]
    assert [each.code for each in found.without_objective] == ["D1", SAME]
    assert {each.theme for each in found.provisions} == {"A"}
    for language, none, alone in (("es", "Sin posición nacional.", "De 3"), ("en", "No national position.", "Of 3")):
        document = review_document(found, language, made_from="", address="", publisher="x")
        notes = [each.title for each in document.all_blocks() if hasattr(each, "title")]
        assert notes.count(none) == 22
        assert any(str(getattr(each, "text", "")).startswith(alone) for each in document.blocks)
        assert not before_the_compact(document)
        assert before_the_compact(
            review_document(content("position-2017"), language, made_from="", address="", publisher="x")
        )
    told = dict(review_document(found, "es", made_from="", address="", publisher="x").facts)
    assert told["La adoptó"] == "Consejo inventado"
    assert told["Fuente"] == "Consulta inventada"


def test_the_title_page_of_the_review_of_2017_says_its_source_in_the_language_of_the_page() -> None:
    found = content("position-2017")
    spanish, english = (
        dict(review_document(found, one, made_from="", address="", publisher="x").facts) for one in ("es", "en")
    )
    assert spanish["Fuente"].startswith("Resultados del proceso de consulta")
    assert english["Source"].startswith("Results of the national consultation")
    assert spanish["Fecha de adopción"] == "la fecha no está en la fuente"


def test_the_secretariat_chooses_the_position_and_the_newest_is_offered_first(world: World, client: Client) -> None:
    client.force_login(world.officers["secretariat"])
    page = client.get("/commitments/reviews/new/").content.decode()
    assert page.index(NAME) < page.index("Posición nacional de El Salvador")
    early = {"position": CODE, "first": str(YEAR - 1), "last": str(YEAR)}
    answer = client.post("/commitments/reviews/new/", early)
    assert answer.status_code == 422
    assert f"La posición es de {YEAR}" in answer.content.decode()
    assert client.post("/commitments/reviews/new/", {**early, "position": "gcm"}).status_code == 422
    made = client.post("/commitments/reviews/new/", {**early, "first": str(YEAR)}, follow=True).content.decode()
    assert NAME in made
    assert {run.position.code for run in ReportRun.objects.all()} == {CODE}
    assert ReportRun.objects.filter(made_up=True).count() == 2
    assert client.get("/commitments/reviews/").content.decode().count(NAME) == 2
    with pytest.raises(ReviewRefused, match="no adopted position “gcm”"):
        review_actions.make_review(
            by=world.officers["secretariat"], first=YEAR, last=YEAR, position="gcm", address=str, now=SOON
        )


def test_the_overview_speaks_of_every_adopted_position(client: Client) -> None:
    page = client.get("/commitments/").content.decode()
    first, second = page.split('<section aria-labelledby="p-')[1:3]
    assert first.startswith(CODE)
    assert NAME in first
    assert "inventada, para la demostración" in first
    assert f'<strong>3</strong> <a href="/commitments/list/?instrument={CODE}">' in first
    assert f"?instrument={CODE}&amp;theme=A" in first
    assert '<td class="n">2</td><td class="n">1</td><td class="n">3</td></tr></tbody>' in first
    assert second.startswith("position-2017")
    assert "<strong>195</strong>" in second
    assert "inventada, para la demostración" not in second.partition('aria-labelledby="objectives"')[0]
    assert page.count("sin posición nacional") == 1
    objective = queries.objectives().get(code="14")
    assert "sin posición nacional" not in client.get(f"/commitments/provisions/{objective.key}/").content.decode()


def test_the_follow_up_counts_the_commitments_of_every_position(world: World, client: Client) -> None:
    page = client.get("/commitments/follow-up/").content.decode()
    assert "De 198 disposiciones" in page
    row = page[page.index(f"Tema inventado · {NAME}") :].partition("</tr>")[0]
    assert '<td class="n">3</td>' in row
    lists = client.get("/commitments/follow-up/without/target/").content.decode()
    assert lists.count("<li><a") - lists.count('<li><a href="/commitments/follow-up/">') >= 198
    for name, code in ((NAME, "D2.1"), ("Posición nacional de El Salvador", "T1.HR.06")):
        row = lists[lists.index(f">{code}</a>") :].partition("</li>")[0]
        assert name in row
    client.force_login(world.officers["secretariat"])
    assert "<strong>196</strong> disposiciones sin" in client.get("/commitments/register/").content.decode()


def test_a_measure_serves_a_commitment_of_any_position_and_a_code_of_two_is_said_in_full(
    world: World, client: Client
) -> None:
    assert set(commitments_called(["D2.1", SAME])) == {"D2.1"}
    client.force_login(world.officers["focal_health"])
    typed = {"lead": "MINSAL", "name_es": "Medida inventada", "commitments": SAME}
    assert "No hay una sola" in client.post("/commitments/measures/new/", typed).content.decode()
    both = f"{CODE}:{SAME}, D2.1"
    assert client.post("/commitments/measures/new/", {**typed, "commitments": both}).status_code == 302
    found = commitments_called([f"{CODE}:{SAME}", "D2.1"]).values()
    assert {each.instrument.code for each in found} == {CODE}
    assert called_in_full(found) == ["D2.1", f"{CODE}:{SAME}"]


def test_a_report_on_a_position_is_in_the_review_of_that_position_alone(world: World, adopted: Instrument) -> None:
    new = Provision.objects.get(instrument=adopted, code=SAME)
    Responsibility.objects.create(
        provision=new, institution=institution("MINSAL"), role="lead", valid_from=date(YEAR, 1, 1), ground="inventado",
        recorded_by=world.officers["secretariat"], recorded_at=NOW,
    )  # fmt: skip
    cycle, desk = followed.cycle(world), world.officers["secretariat"]
    duty_actions.add_duties(by=desk, cycle=cycle, due_on=followed.DUE, now=NOW)
    duty_actions.announce(by=desk, cycle=cycle, now=NOW)
    duty = Duty.objects.get(provision=new)
    assert Duty.objects.filter(institution__code="MINSAL").count() == 2
    assert [(each.body.code, each.provision) for each in content().duties] == [("MINSAL", new.key)]
    followed.published(world, duty, status=Status.FULFILLED)
    assert {each.code: each.follow_up.official for each in content().provisions} == {
        "D1": Status.NO_INFORMATION, SAME: Status.FULFILLED, "D2.1": Status.NO_INFORMATION
    }  # fmt: skip
    assert content().duties == ()
    older = content("position-2017")
    assert not [each.code for each in older.provisions if each.follow_up.reports]
    assert sorted(each.body.code for each in older.duties) == ["MINSAL", "MTPS"]


def test_a_report_on_the_older_position_is_not_in_the_review_of_the_new_one(world: World) -> None:
    duty, _ = followed.duties(world)
    followed.published(world, duty, status=Status.FULFILLED)
    assert [each.code for each in content().provisions if each.follow_up.reports] == []
    older = content("position-2017")
    assert [each.code for each in older.provisions if each.follow_up.reports] == [HEALTH]
    assert [each.body.code for each in older.duties] == ["MTPS"]
    assert content().duties == ()
