"""The record of accesses is checked by night and by hand, against heads that were signed and kept outside it."""

import json
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.topics.test_audit import around_the_guard, as_data_protection, keep, run
from tests.world import NOW, World
from torogoz.shared.audit import append_only
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.jobs.models import Job
from torogoz.shared.jobs.worker import run_one
from torogoz.shared.oversight import actions, anchors
from torogoz.shared.oversight.models import ChainCheck
from torogoz.shared.oversight.tasks import NIGHTLY, plan
from torogoz.shared.vault import signing
from torogoz.site.tasks import TASKS


def check(minutes: int = 0) -> ChainCheck:
    at = NOW + timedelta(minutes=minutes)
    return actions.check_chain(now=at, clock=lambda: at)


def cut_off(sequence: int) -> None:
    """Take away the last event, as somebody who owns the database can: the chain that is left is unbroken."""
    event = AccessEvent.objects.get(sequence=sequence)
    around_the_guard("DELETE FROM audit_accesssubject WHERE event_id = %s", [event.pk])
    around_the_guard("DELETE FROM audit_accessevent WHERE id = %s", [event.pk])


def rewrite_everything(officer: str) -> None:
    """The whole record anew, with another officer, and every hash made again: it verifies by itself."""
    events = list(AccessEvent.objects.order_by("sequence"))
    append_only.take_off(connection)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_accesssubject")
        cursor.execute("DELETE FROM audit_accessevent")
    append_only.put_on(connection)
    for event in events:
        keep(*event.subjects, officer=officer)


@pytest.mark.django_db
def test_a_chain_that_lost_its_end_is_told_from_a_whole_one_by_a_signed_head() -> None:
    for number in range(3):
        keep(f"person {number}")
    actions.anchor(now=NOW, check=check())
    cut_off(3)
    found = check(1)
    assert not found.whole
    assert found.faults == ["there are 2 events and there were 3: events were removed from the end"]


@pytest.mark.django_db
def test_a_record_rewritten_from_its_first_event_is_told_by_a_signed_head() -> None:
    for number in range(3):
        keep(f"person {number}")
    actions.anchor(now=NOW)
    keep("person 3")
    rewrite_everything("somebody_else")
    assert "event 3 is not the one whose hash was signed" in check().faults[0]


@pytest.mark.django_db
def test_two_events_that_changed_places_are_noticed() -> None:
    for number in range(4):
        keep(f"person {number}")
    for before, after in ((2, 99), (3, 2), (99, 3)):
        around_the_guard("UPDATE audit_accessevent SET sequence = %s WHERE sequence = %s", [after, before])
    assert not check().whole


@pytest.mark.django_db
def test_what_grew_since_it_was_signed_is_whole() -> None:
    keep("person 1")
    for _ in range(3):
        actions.anchor(now=NOW)
        keep("person 2")
    found = check()
    assert (found.faults, found.events, found.anchors) == ([], 4, 3)


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["alter", "invent", "shorten", "remove", "tear"])
def test_a_file_of_heads_that_was_tampered_with_is_noticed(change: str) -> None:
    keep("person 1")
    actions.anchor(now=NOW)
    keep("person 2")
    actions.anchor(now=NOW)
    assert check().whole
    file = anchors.path()
    lines = file.read_text().splitlines()
    if change == "remove":
        file.unlink()
    else:
        read = json.loads(lines[1])
        new = {
            "alter": [lines[0], json.dumps(read | {"events": 1})],
            "invent": [*lines, json.dumps(read | {"head": "0" * 64})],
            "shorten": lines[:1],
            "tear": [lines[0], lines[1][:40]],
        }[change]
        file.write_text("\n".join(new) + "\n")
    assert not check(1).whole


@pytest.mark.django_db
def test_a_line_left_half_written_spoils_no_other() -> None:
    keep("person 1")
    actions.anchor(now=NOW)
    with anchors.path().open("a") as file:
        file.write('{"at": "2026')
    actions.anchor(now=NOW)
    found = anchors.kept()
    assert (found.lines, len(found.faults), list(found.heads)) == (3, 1, [1])


@pytest.mark.django_db
def test_a_restored_back_up_is_told_with_its_reason_and_what_was_signed_after_it_no_longer_counts(
    client: Client, world: World
) -> None:
    for number in range(3):
        keep(f"person {number}")
        actions.anchor(now=NOW)
    cut_off(3)
    assert not check().whole
    run("anchor", "--restored", "the disk failed; back-up of yesterday")
    assert check().whole
    page = as_data_protection(client, world).get("/oversight/").content.decode()
    assert "the disk failed; back-up of yesterday" in page
    assert "encontró el registro incompleto" in page, "an earlier fault stays on the page"
    keep("person 9")
    assert check().whole, "what follows the restored end is compared with heads signed since"


@pytest.mark.django_db
def test_the_command_checks_with_copies_and_keys_kept_elsewhere(tmp_path: Path) -> None:
    keep("person 1")
    copy, key, other = tmp_path / "copy", tmp_path / "key.pem", tmp_path / "other.pem"
    copy.write_text(run("anchor"))
    key.write_bytes(signing.public_keys()[0])
    assert "1 events, unbroken" in run("verify", "--anchors", str(copy), "--key", str(key))
    signing.add_signing_key()
    other.write_bytes(signing.public_keys()[0])
    with pytest.raises(CommandError, match="not signed"):
        run("verify", "--anchors", str(copy), "--key", str(other))
    with pytest.raises(CommandError, match="nothing was checked"):
        run("verify", "--anchors", str(tmp_path / "missing"))
    cut_off(1)
    with pytest.raises(CommandError, match="removed from the end"):
        run("verify", "--anchors", str(copy))


@pytest.mark.django_db
def test_a_folder_that_cannot_be_written_is_said_with_what_to_do(settings: LazySettings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings.ANCHORS = tmp_path / "file"
    with pytest.raises(CommandError, match="The record was not touched"):
        run("anchor")


def work() -> Job:
    job = run_one(TASKS, worker="w", clock=timezone.now)
    assert job is not None
    job.refresh_from_db()
    return job


@pytest.mark.django_db
def test_each_night_checks_signs_and_puts_the_next_night_on_the_list() -> None:
    keep("person 1")
    plan(now=timezone.now() - timedelta(days=1))
    assert work().state == Job.State.DONE
    check, waiting = ChainCheck.objects.get(), Job.objects.get(state=Job.State.WAITING)
    assert check.whole
    assert anchors.kept().heads == {check.events: check.head}
    assert waiting.task == NIGHTLY
    assert timedelta(0) < waiting.due_at - timezone.now() <= timedelta(days=1)
    assert plan(now=timezone.now()) == waiting


@pytest.mark.django_db
def test_a_night_that_finds_the_record_broken_fails_loudly_and_the_next_one_comes() -> None:
    keep("person 1")
    plan(now=timezone.now() - timedelta(days=1))
    around_the_guard("UPDATE audit_accessevent SET officer = %s WHERE sequence = 1", ["x"])
    job = work()
    assert (job.state, "not whole" in job.error) == (Job.State.FAILED, True)
    assert not anchors.path().exists(), "a broken chain is not signed"
    assert Job.objects.filter(state=Job.State.WAITING, task=NIGHTLY).count() == 1


def test_a_worker_that_starts_puts_the_coming_night_on_the_list(db: None) -> None:
    call_command("work", "--once", stdout=StringIO())
    call_command("work", "--once", stdout=StringIO())
    assert Job.objects.get(task=NIGHTLY).state == Job.State.WAITING


def shown(client: Client, moment: datetime | None = None) -> str:
    return client.get("/oversight/").content.decode()


def test_the_page_says_how_far_the_record_was_checked_and_the_menu_warns_when_it_was_not(
    client: Client, world: World
) -> None:
    as_data_protection(client, world)
    assert "Nadie ha comprobado todavía" in shown(client)
    assert "! revise" in shown(client)
    old = timezone.now() - timedelta(hours=37)
    actions.check_chain(now=old, clock=lambda: old)
    assert "Comprobación atrasada" in shown(client)
    assert "! revise" in shown(client)
    run("anchor")
    run("verify")
    events = ChainCheck.objects.order_by("-pk")[0].events
    page = shown(client)
    assert f"Comprobado hasta el acceso {events}" in page
    assert "1 cabeza firmada" in page
    assert "! revise" not in page


def test_a_broken_record_is_loud_on_the_page_in_the_menu_and_in_the_exit_code(client: Client, world: World) -> None:
    as_data_protection(client, world)
    keep("person 1")
    around_the_guard("UPDATE audit_accessevent SET officer = %s WHERE sequence = 1", ["x"])
    with pytest.raises(CommandError, match="not whole"):
        run("verify")
    page = shown(client)
    assert "El registro no está completo" in page
    assert "event 1 was altered" in page
    assert "! revise" in client.get("/audit/").content.decode()


def test_only_data_protection_sees_the_oversight_and_looking_is_recorded(client: Client, world: World) -> None:
    for username, officer in world.officers.items():
        client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
        status = client.get("/oversight/").status_code
        last = AccessEvent.objects.order_by("-sequence")[0]
        assert (status, last.officer, last.what) == (
            200 if username == "data_protection" else 404,
            username,
            "oversight",
        )
        assert username == "data_protection" or "Vigilancia" not in client.get("/").content.decode()
