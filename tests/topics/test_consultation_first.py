"""The consultation of 2017 as the first process: what the source records, and nothing else."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from tests.consulted import signed_in
from tests.world import NOW, World
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.provisions.models import Instrument
from torogoz.topics.consultation import actions, adoption_queries, first_process
from torogoz.topics.consultation.acting import NotAllowed
from torogoz.topics.consultation.models import Outcome, SeatPosition
from torogoz.topics.consultation.process_models import Attendance, Process

pytestmark = pytest.mark.django_db


@pytest.fixture
def process(world: World) -> Process:
    codelists.load()
    return first_process.load(now=NOW)


def test_three_bodies_are_named_and_seats_replies_and_attendance_are_not_recorded(process: Process) -> None:
    bodies = [str(one) for one in process.invitations.order_by("position")]
    assert bodies == ["RREE", "VMSE", "Organización Internacional para las Migraciones"]
    assert set(process.invitations.values_list("seats", "reply")) == {(None, "not_recorded")}
    assert set(Attendance.objects.values_list("presence", "people")) == {("not_recorded", None)}
    assert process.rules is None
    assert not SeatPosition.objects.exists()


def test_of_four_concepts_regular_migration_was_not_agreed_and_its_points_are_kept(process: Process) -> None:
    results = {one.draft.code: one for one in Outcome.objects.filter(draft__code__startswith="C")}
    assert {code: one.result for code, one in results.items()} == {
        "C1": "agreed",
        "C2": "not_agreed",
        "C3": "agreed",
        "C4": "agreed",
    }
    assert results["C2"].version is None
    assert results["C2"].draft.points.count() == 19
    assert set(results["C2"].draft.points.values_list("agreed", flat=True)) == {True}
    assert {(one.tally, one.dissent, one.silent) for one in results.values()} == {(None, None, None)}


def test_six_themes_have_their_parts_and_every_provision_of_the_text_but_the_introduction(process: Process) -> None:
    assert process.themes.filter(parent__isnull=True).count() == 6
    assert process.themes.filter(parent__isnull=False).count() == sum(map(len, first_process.SUBTHEMES.values()))
    held = sum(draft.points.count() for draft in process.drafts.all())
    assert held == 195 - 9 - 4  # without the introduction and the four definitions
    document = adoption_queries.position_document(process)
    assert [one.code for one in document.outcomes] == ["C1", "C2", "C3", "C4", "R1", "R2", "R3", "R4", "R5", "R6"]


def test_the_public_reads_it_with_what_the_source_does_not_say(process: Process) -> None:
    page = Client().get("/consultation/processes/consultation-2017/").content.decode()
    for said in ("Sin acuerdo", "no consta", "La fuente no dice con qué regla se decidió", "2017-09-07"):
        assert said in page
    outcome = Client().get("/consultation/processes/consultation-2017/outcomes/C2/?lang=en").content.decode()
    assert "Not agreed" in outcome
    assert "The source does not say how many agreed." in outcome
    assert "The source does not say whether there was dissent." in outcome


def test_loading_again_adds_nothing_but_the_instrument_that_has_come_since(process: Process) -> None:
    assert Client().get("/consultation/processes/consultation-2017/position/").status_code == 404
    Instrument.objects.create(code="position-2017", kind="national_position", name_es="P", name_en="P", source="x")
    again = first_process.load(now=timezone.now())
    assert again.pk == process.pk
    assert again.instrument is not None
    assert Process.objects.count() == 1
    page = Client().get("/consultation/processes/consultation-2017/position/").content.decode()
    assert "La fuente no dice quién ni cómo la adoptó" in page
    assert Client().get("/consultation/processes/consultation-2017/position.json").status_code == 404
    call_command("first_consultation")


def test_nobody_works_on_what_was_recorded_from_a_source(process: Process, world: World) -> None:
    secretariat = world.officers["secretariat"]
    assert signed_in(secretariat).get(f"/consultation/work/{process.key}/").status_code == 404
    with pytest.raises(NotAllowed):
        actions.take_step(by=secretariat, process=process, step="reopen", now=NOW)
