"""The national review: made by the secretariat from what is public, published as it is, and checked by anybody."""

import hashlib
import json
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import docx
import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from pypdf import PdfReader

from tests import followed
from tests.followed import HEALTH, LABOUR, SECRET_WORDS, institution, provision
from tests.world import NOW, World
from torogoz.domain.commitments import Direction, MilestoneState
from torogoz.domain.reviews import ReviewRefused, check_period
from torogoz.exchange.documents.content import Figure
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.provisions import shipped
from torogoz.shared.provisions.actions import NotAllowed
from torogoz.statistics.deliberation.progress import Measured, Status
from torogoz.topics.commitments import assessment_actions, measure_actions, review_actions, review_queries
from torogoz.topics.commitments.follow_up_models import IndicatorBinding, Reading
from torogoz.topics.commitments.measure_actions import MoneySaid
from torogoz.topics.commitments.review_content import Missing, ReviewContent, canonical, hash_of
from torogoz.topics.commitments.review_document import review_document
from torogoz.topics.commitments.review_models import ReportRun

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(hours=1)
REPLY = "respuesta inventada de la institución"


@pytest.fixture(autouse=True)
def responsible(world: World) -> None:
    cache.clear()
    followed.responsible(world)


@pytest.fixture
def filled(world: World) -> None:
    """A published report, measure and assessment with a reply on the commitment of MINSAL; two frozen readings."""
    duty, _ = followed.duties(world)
    followed.published(world, duty, status=Status.FULFILLED)
    assessment = followed.assessed(world)
    assessment_actions.reply(
        by=world.officers["focal_health"],
        assessment=assessment,
        institution=institution("MINSAL"),
        text_es=REPLY,
        text_en="",
        now=NOW,
    )
    measure = followed.measure(world)
    by = world.officers["focal_health"]
    measure_actions.add_milestone(
        by=by, measure=measure, said=followed.milestone_said(MilestoneState.UNKNOWN), now=NOW, why=followed.WHY
    )
    measure_actions.write_money(
        by=by,
        measure=measure,
        said=MoneySaid(2026, "inventada", "USD", Decimal("1200.50"), None, None),
        now=NOW,
        why=followed.WHY,
    )
    binding = IndicatorBinding.objects.create(
        provision=provision(HEALTH),
        dataflow="RETURNS",
        series={"SEX": "F"},
        measured=Measured.COUNT.value,
        direction=Direction.DOWN.value,
        base=1200,
        base_year=2020,
        target=500,
        target_year=2030,
        ground="inventado",
        bound_by=world.officers["secretariat"],
        bound_at=NOW,
    )
    for number, (period, value) in enumerate((("2024", 900.0), ("2025", 800.0))):
        Reading.objects.create(
            binding=binding,
            edition=f"{number}" * 64,
            vintage=f"edición inventada {number}",
            public_since=NOW - timedelta(days=300 - number),
            period=period,
            value=value,
            method="pace",
            status=Status.IN_PROGRESS.value,
            read_at=NOW,
        )


def content(first: int = 2020, last: int = 2026) -> ReviewContent:
    position = review_queries.reviewable()
    assert position is not None
    return review_queries.review_content(position, first, last, SOON)


def made(world: World, *, by: str = "secretariat", **others: Any) -> list[ReportRun]:
    said: dict[str, Any] = {"first": 2020, "last": 2026, "address": lambda key: f"https://torogoz.example/{key}/"}
    return review_actions.make_review(by=world.officers[by], now=SOON, **{**said, **others})


def words_of(file: bytes) -> str:
    """Every word of a DOCX, in its tables too."""
    word = docx.Document(BytesIO(file))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in word.paragraphs), *cells])


def test_the_review_has_every_provision_and_every_objective_and_says_which_have_no_position(world: World) -> None:
    found = content()
    assert len(found.provisions) == 195
    assert len(found.objectives) == 23
    assert [each.code for each in found.objectives if not found.of_objective(each.code)] == ["4", "14"]
    for language, said in (("es", "Sin posición nacional"), ("en", "No national position")):
        document = review_document(found, language, made_from="", address="", publisher="x")
        told = words_of(review_actions.docx_bytes(document))
        assert told.count(said) == 2
        assert all(each.code in told for each in found.provisions)


def test_three_columns_stand_apart_and_the_divergence_is_named(world: World, filled: None) -> None:
    document = review_document(content(), "es", made_from="ab" * 32, address="", publisher="x")
    tables = [block for block in document.all_blocks() if getattr(block, "caption", "").startswith("Disposiciones que")]
    row = next(row for table in tables for row in table.rows if row[0] == HEALTH)
    assert row[2:] == ("cumplido", "en marcha", "PDDH: sin iniciar")
    told = words_of(review_actions.docx_bytes(document))
    assert "el estado oficial dice «cumplido» y la evaluación dice «sin iniciar» (4 pasos)" in told
    assert "sin información" in told
    assert "sin meta fijada" in told


def test_readings_measures_money_answers_and_what_is_not_known_are_told(world: World, filled: None) -> None:
    document = review_document(content(), "en", made_from="ab" * 32, address="", publisher="x")
    told = words_of(review_actions.docx_bytes(document))
    figure = next(block for block in document.all_blocks() if isinstance(block, Figure))
    assert "2024: 900; 2025: 800" in figure.description
    assert "edición inventada 1" in told
    assert "Target: 500" in told
    assert "USD 1,200.50" in told
    assert "USD 1,200.50 (1 of 1)" in told
    assert "not known" in told
    assert f"{REPLY} [only in Spanish]" in told
    assert SECRET_WORDS in told
    assert "No practice is attached" in told


def test_what_no_one_published_is_in_no_review(world: World) -> None:
    duty, _ = followed.duties(world)
    followed.approved(world, duty)
    followed.assessed(world, publish=False)
    followed.measure(world, publish=False)
    assert SECRET_WORDS not in canonical(content())


def test_a_report_of_another_period_is_left_out(world: World, filled: None) -> None:
    of_now, of_before = content(2026, 2026), content(2018, 2020)
    assert [len(each.follow_up.reports) for each in of_now.provisions if each.code == HEALTH] == [1]
    assert [len(each.follow_up.reports) for each in of_before.provisions if each.code == HEALTH] == [0]
    assert [len(each.follow_up.measures) for each in of_before.provisions if each.code == HEALTH] == [0]
    assert [Missing.REPORT in each.missing for each in of_now.provisions if each.code == HEALTH] == [False]
    assert [Missing.REPORT in each.missing for each in of_before.provisions if each.code == HEALTH] == [True]


def test_no_name_of_an_officer_is_in_the_content(world: World, filled: None) -> None:
    frozen = canonical(content())
    for officer in world.officers.values():
        assert f'"{officer.username}"' not in frozen
        assert officer.full_name not in frozen


def test_the_files_are_stored_and_given_again_byte_for_byte_and_anybody_computes_the_hash(
    world: World, filled: None, client: Client
) -> None:
    spanish, english = made(world)
    assert spanish.content == english.content
    for run in (spanish, english):
        review_actions.publish_review(by=world.officers["secretariat"], run=run, expected=1, now=SOON)
        page = client.get(f"/commitments/reviews/{run.key}/").content.decode()
        for ending, stored in (("json", run.content_sha256), ("pdf", run.pdf_sha256), ("docx", run.docx_sha256)):
            first, second = (b"".join(client.get(f"/commitments/reviews/{run.key}/review.{ending}")) for _ in range(2))  # type: ignore[arg-type]
            assert first == second
            assert hashlib.sha256(first).hexdigest() == stored
            assert stored in page
        told = "".join(page.extract_text() for page in PdfReader(BytesIO(bytes(run.pdf))).pages)
        assert run.content_sha256 in told
        assert run.content_sha256 in words_of(bytes(run.docx)).replace("\n", "")
    assert json.loads(spanish.content)["format"] == "torogoz review 2"


def test_a_review_that_waits_is_seen_by_the_secretariat_alone(world: World, client: Client) -> None:
    run, _ = made(world)
    page, file = f"/commitments/reviews/{run.key}/", f"/commitments/reviews/{run.key}/review.pdf"
    for username in (None, "focal_health", "focal_labour", "ombudsman"):
        asking = Client()
        if username:
            asking.force_login(world.officers[username])
        assert [asking.get(address).status_code for address in (page, file)] == [404, 404], username
        assert str(run.key) not in asking.get("/commitments/reviews/").content.decode()
    client.force_login(world.officers["secretariat"])
    assert client.get(page).status_code == 200
    answer = client.get(file)
    assert answer.content == bytes(run.pdf)
    assert "no-store" in answer["Cache-Control"]
    assert str(run.key) in client.get("/commitments/reviews/").content.decode()


def test_the_secretariat_makes_looks_and_publishes_and_the_record_keeps_it(world: World, client: Client) -> None:
    client.force_login(world.officers["secretariat"])
    answer = client.post(
        "/commitments/reviews/new/", {"position": "position-2017", "first": "2020", "last": "2026"}, follow=True
    )
    assert "Se hizo el examen en los dos idiomas" in answer.content.decode()
    run = ReportRun.objects.get(language="es")
    client.post(f"/commitments/reviews/{run.key}/decide/", {"step": "publish", "version": "1"})
    run.refresh_from_db()
    assert run.published_by == world.officers["secretariat"]
    assert str(run.key) in Client().get("/commitments/reviews/").content.decode()
    assert run.institution.code == "RREE"
    told = [(event.verb, event.what) for event in AccessEvent.objects.filter(what="national_review")]
    assert told == [("create", "national_review"), ("create", "national_review"), ("publish", "national_review")]
    other = ReportRun.objects.get(language="en")
    asked = {"step": "discard", "version": "1"}
    question = client.post(f"/commitments/reviews/{other.key}/decide/", asked)
    assert "¿Desechar el examen 2020–2026?" in question.content.decode()
    assert ReportRun.objects.filter(language="en").exists(), "nothing goes before the second answer"
    client.post(f"/commitments/reviews/{other.key}/decide/", {**asked, "sure": "1"})
    assert not ReportRun.objects.filter(language="en").exists()


@pytest.mark.parametrize("username", ["focal_health", "focal_labour", "ombudsman", "registrar_a"])
def test_nobody_else_makes_or_publishes_a_review(world: World, client: Client, username: str) -> None:
    run, _ = made(world)
    client.force_login(world.officers[username])
    assert (
        client.post(
            "/commitments/reviews/new/", {"position": "position-2017", "first": "2020", "last": "2026"}
        ).status_code
        == 404
    )
    answer = client.post(f"/commitments/reviews/{run.key}/decide/", {"step": "publish", "version": "1"})
    assert answer.status_code == 404
    with pytest.raises(NotAllowed):
        made(world, by=username)
    with pytest.raises(NotAllowed):
        review_actions.publish_review(by=world.officers[username], run=run, expected=1, now=SOON)
    assert ReportRun.objects.filter(published_at__isnull=True).count() == 2


def test_what_was_published_stays_and_what_changed_meanwhile_is_told(world: World) -> None:
    by, (run, other) = world.officers["secretariat"], made(world)
    with pytest.raises(ReviewRefused, match="Somebody changed"):
        review_actions.publish_review(by=by, run=run, expected=7, now=SOON)
    review_actions.publish_review(by=by, run=run, expected=1, now=SOON)
    for again in (
        lambda: review_actions.publish_review(by=by, run=run, expected=2, now=SOON),
        lambda: review_actions.discard_review(by=by, run=run, now=SOON),
    ):
        with pytest.raises(ReviewRefused, match="stays as it is"):
            again()
    review_actions.discard_review(by=by, run=other, now=SOON)
    assert list(ReportRun.objects.all()) == [run]


@pytest.mark.parametrize(
    ("first", "last", "code"), [(2016, 2020, "too_early"), (2024, 2020, "order"), (2020, 2027, "to_come")]
)
def test_a_period_that_cannot_be_is_refused_with_what_was_typed(
    world: World, client: Client, first: int, last: int, code: str
) -> None:
    with pytest.raises(ReviewRefused, check=lambda why: why.code == code):
        check_period(first, last, 2026)
    client.force_login(world.officers["secretariat"])
    answer = client.post(
        "/commitments/reviews/new/", {"position": "position-2017", "first": str(first), "last": str(last)}
    )
    assert answer.status_code == 422
    assert f'value="{first}"' in answer.content.decode()
    assert not ReportRun.objects.exists()


def test_the_command_makes_both_languages_and_says_their_hashes(
    world: World, capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    call_command("review", "--period", "2020-2026", "--by", "secretariat", "--publish", "--into", str(tmp_path))
    told = capsys.readouterr().out
    for run in ReportRun.objects.all():
        assert f"{run.pdf_sha256}  review-position-2017-2020-2026-{run.language}.pdf" in told
        assert run.published_at is not None
        assert (tmp_path / f"review-position-2017-2020-2026-{run.language}.docx").read_bytes() == bytes(run.docx)
    with pytest.raises(CommandError, match="may not make reviews"):
        call_command("review", "--period", "2020-2026", "--by", "focal_health")
    with pytest.raises(CommandError, match="two years"):
        call_command("review", "--period", "2020", "--by", "secretariat")
    with pytest.raises(CommandError, match="no officer"):
        call_command("review", "--period", "2020-2026", "--by", "nobody")


def test_the_dossier_of_a_commitment_is_public_whole_and_has_its_history(
    world: World, filled: None, client: Client
) -> None:
    address = f"/commitments/provisions/{shipped.key_of('position-2017', HEALTH)}/dossier"
    frozen = b"".join(client.get(f"{address}.json"))  # type: ignore[arg-type]
    assert "dossier.pdf" in client.get(address.removesuffix("dossier")).content.decode()
    for language, said in (("es", "Expediente del compromiso"), ("en", "Dossier of the commitment")):
        word = b"".join(client.get(f"{address}.docx?lang={language}"))  # type: ignore[arg-type]
        told = words_of(word)
        assert f"{said} {HEALTH}" in told
        assert hash_of(frozen.decode()) in told
        assert REPLY in told
        assert "edición inventada 0" in told
        portable = b"".join(client.get(f"{address}.pdf?lang={language}"))  # type: ignore[arg-type]
        assert hash_of(frozen.decode()) in "".join(page.extract_text() for page in PdfReader(BytesIO(portable)).pages)
    assert "se corresponde con" in words_of(b"".join(client.get(f"{address}.docx?lang=es")))  # type: ignore[arg-type]


def test_what_asks_for_nothing_has_no_dossier_and_a_flag_is_shown_as_printed(world: World, client: Client) -> None:
    for instrument, code in (("gcm", "7"), ("icrmw", "69")):
        address = f"/commitments/provisions/{shipped.key_of(instrument, code)}/dossier.pdf"
        assert client.get(address).status_code == 404
    odd = f"/commitments/provisions/{shipped.key_of('position-2017', HEALTH)}/dossier.odt"
    assert client.get(odd).status_code == 404
    flagged = f"/commitments/provisions/{shipped.key_of('position-2017', 'C3.04')}/dossier.docx?lang=en"
    told = words_of(b"".join(client.get(flagged)))  # type: ignore[arg-type]
    assert "Printed: «Facilitate irregular migration»" in told
    assert "It is shown as printed and never corrected" in told


def test_the_commitment_of_another_institution_says_that_nothing_was_published(world: World, filled: None) -> None:
    found = next(each for each in content().provisions if each.code == LABOUR)
    assert not found.is_followed
    assert [each.body.code for each in found.responsible] == ["MTPS"]
    assert found.follow_up.official is Status.NO_INFORMATION
    assert found.follow_up.without_target
    assert found.responsible[0].valid_from == date(2018, 1, 1)
