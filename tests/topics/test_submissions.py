"""Institutions hand in files: good rows are kept, others set aside, and a corrected file replaces only those."""

import csv
import gzip
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.http import HttpResponse
from django.test import Client

from tests.world import LONG_AGO, NOW, World
from torogoz.domain.access import Role
from torogoz.exchange.readers import catalogue
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.institutions.models import Institution, Membership, Officer
from torogoz.shared.submissions import queries
from torogoz.shared.submissions.models import Finding, RowState, Submission, SubmittedRow
from torogoz.shared.submissions.schemas import shipped

BACKEND = "django.contrib.auth.backends.ModelBackend"
EVENTS = "institution,crime,event_id,victim,date,reported_on,department,municipality,sex,age,status,made_up"
GOOD = "PNC,HOMICIDE,{id},1,2026-01-0{day},,SV-SS,Soyapango,M,23,completed,true"
pytestmark = pytest.mark.django_db


def signed_in(world: World, username: str) -> Client:
    """A browser in which the officer has signed in."""
    client = Client()
    client.force_login(world.officers[username], backend=BACKEND)
    return client


def events(*lines: str) -> bytes:
    """A file of made-up events."""
    return "\n".join([EVENTS, *lines, ""]).encode()


def line(number: str, day: int = 1) -> str:
    """One good row."""
    return GOOD.format(id=number, day=day)


def hand_in(
    client: Client, content: bytes, *, what: str = "PNC violence_events", corrects: object = "", name: str = "a.csv"
) -> HttpResponse:
    """Hand in a file by the form."""
    sent = {"assignment": what, "file": SimpleUploadedFile(name, content), "corrects": str(corrects)}
    answer: HttpResponse = client.post("/submissions/", sent)
    return answer


def without_token(answer: HttpResponse) -> str:
    """A page without the token of its forms, which differs each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


def newest() -> Submission:
    return Submission.objects.order_by("-pk")[0]


def states(submission: Submission) -> dict[int, str]:
    """What became of each row of a file, by its line."""
    return dict(submission.rows.values_list("row", "state"))


def test_good_rows_are_accepted_and_bad_ones_set_aside_with_their_reason(world: World) -> None:
    client = signed_in(world, "police_supervisor_a")
    answer = hand_in(client, events(line("H1"), line("H2").replace(",23,", ",130,"), line("H3").replace("SV-SS", "SS")))
    assert answer.status_code == 302
    of = newest()
    assert (of.rows_read, of.rows_new, of.rows_set_aside) == (3, 1, 2)
    assert states(of) == {2: "accepted", 3: "set_aside", 4: "set_aside"}
    page = client.get(answer.headers["Location"]).content.decode()
    assert "2 filas de este archivo siguen apartadas" in page
    assert "no puede ser mayor que 120" in page
    kept = of.rows.get(row=3).values
    assert kept["age"] == "130"
    assert kept["event_id"] == "H2"


def test_a_corrected_file_replaces_only_what_was_set_aside(world: World) -> None:
    client = signed_in(world, "police_supervisor_a")
    hand_in(client, events(line("H1"), line("H2").replace("SV-SS", "SS"), line("H3").replace(",23,", ",x,")))
    first = newest()
    hand_in(client, events(line("H1"), line("H2")), corrects=first.key)
    second = newest()
    assert (second.rows_new, second.rows_already, second.rows_closed, second.rows_conflicting) == (1, 1, 1, 0)
    assert states(first) == {2: "accepted", 3: "replaced", 4: "set_aside"}
    assert states(second) == {3: "accepted"}
    assert first.rows.get(row=3).replaced_by == second
    values = queries.accepted_values("PNC", "violence_events")
    assert sorted(values["event_id"]) == ["H1", "H2"]


def test_an_accepted_row_that_comes_otherwise_is_a_conflict_and_is_not_overwritten(world: World) -> None:
    client = signed_in(world, "police_supervisor_a")
    hand_in(client, events(line("H1")))
    answer = hand_in(client, events(line("H1", day=9), line("H2")))
    of = newest()
    assert (of.rows_new, of.rows_already, of.rows_conflicting) == (1, 0, 1)
    assert states(of) == {2: "conflict", 3: "accepted"}
    assert SubmittedRow.objects.get(state=RowState.ACCEPTED, values__event_id="H1").values["date"] == "2026-01-01"
    found = Finding.objects.get(rule="conflict")
    assert (found.row, found.column, found.value) == (2, "date", "2026-01-01 → 2026-01-09")
    page = client.get(answer.headers["Location"]).content.decode()
    assert "Aceptar la versión nueva" in page


def test_a_named_officer_may_accept_the_new_version_and_the_old_one_stays_on_record(world: World) -> None:
    client = signed_in(world, "police_supervisor_a")
    hand_in(client, events(line("H1")))
    first = newest()
    hand_in(client, events(line("H1", day=9)))
    client.post(f"/submissions/{newest().key}/adopt/")
    assert states(first) == {2: "replaced"}
    accepted = SubmittedRow.objects.get(state=RowState.ACCEPTED)
    assert accepted.values["date"] == "2026-01-09"
    event = AccessEvent.objects.filter(what="submission", verb="edit").order_by("-sequence")[0]
    assert (event.officer, event.subjects) == ("police_supervisor_a", [str(newest().key)])
    client.post(f"/submissions/{newest().key}/adopt/")
    assert SubmittedRow.objects.get(state=RowState.ACCEPTED).pk == accepted.pk


def test_the_same_file_again_changes_nothing(world: World) -> None:
    client = signed_in(world, "police_supervisor_a")
    first = hand_in(client, events(line("H1"), "short"))
    before = (Submission.objects.count(), SubmittedRow.objects.count(), Finding.objects.count())
    again = hand_in(client, events(line("H1"), "short"), name="otro-nombre.csv")
    assert again.headers["Location"] == first.headers["Location"]
    assert (Submission.objects.count(), SubmittedRow.objects.count(), Finding.objects.count()) == before
    assert "ya se había entregado" in client.get(again.headers["Location"]).content.decode()


def test_a_row_whose_key_cannot_be_read_is_replaced_only_by_a_file_that_says_it_corrects_it(world: World) -> None:
    client = signed_in(world, "police_supervisor_a")
    hand_in(client, events(line("").replace(",1,2026", ",,2026"), "ragged,row"))
    first = newest()
    assert [each.row_key for each in first.rows.order_by("row")] == ["", ""]
    hand_in(client, events(line("H1")))
    assert set(states(first).values()) == {"set_aside"}
    hand_in(client, events(line("H2")), corrects=first.key)
    assert set(states(first).values()) == {"replaced"}


def test_two_rows_of_one_key_are_both_set_aside(world: World) -> None:
    hand_in(signed_in(world, "police_supervisor_a"), events(line("H1"), line("H1", day=2), line("H2")))
    assert states(newest()) == {2: "set_aside", 3: "set_aside", 4: "accepted"}


def test_a_file_that_cannot_be_read_stores_no_row_and_says_why(world: World) -> None:
    client = signed_in(world, "police_supervisor_a")
    hand_in(client, events(line("H1")))
    open_before = newest()
    answer = hand_in(client, "institution,crime\nPNC,Ñ\n".encode("cp1252"), corrects=open_before.key)
    of = newest()
    assert not of.usable
    assert of.rows.count() == 0
    page = client.get(answer.headers["Location"]).content.decode()
    assert "No se guardó ninguna fila" in page
    assert "Windows-1252" in page


def test_numbers_of_events_are_printed_neither_on_the_page_nor_in_the_csv(world: World) -> None:
    client = signed_in(world, "police_supervisor_a")
    hand_in(client, events(line("=EXP-SECRET"), line("EXP-SECRET-2"), line("EXP-SECRET-2"), "EXP-SECRET,ragged"))
    hand_in(client, events(line("H9")))
    hand_in(client, events(line("H9", day=2)))
    for of in Submission.objects.all():
        for where in (f"/submissions/{of.key}/", f"/submissions/{of.key}/report.csv"):
            answer = client.get(where)
            assert answer.status_code == 200
            assert "SECRET" not in answer.content.decode()


def test_the_csv_has_every_line_of_the_report_and_runs_no_formula(world: World) -> None:
    client = signed_in(world, "police_supervisor_a")
    lines = [line(f"H{number}").replace("Soyapango", "=HYPERLINK(1)") for number in range(70)]
    hand_in(client, events(*lines))
    answer = client.get(f"/submissions/{newest().key}/report.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert len(rows) == 70
    assert rows[0] == {
        "row": "2", "column": "municipality", "rule": "formula", "value": "'=HYPERLINK(1)", "severity": "error",
        "message_es": "«municipality» comienza como una fórmula de hoja de cálculo.",
        "message_en": "“municipality” begins like a spreadsheet formula.",
    }  # fmt: skip


def test_another_institution_sees_nothing_of_it_in_list_count_page_or_file(world: World) -> None:
    hand_in(signed_in(world, "police_supervisor_a"), events(line("H1"), line("H2").replace("SV-SS", "SS")))
    key = newest().key
    stranger = signed_in(world, "statistician")  # of DGME, who hands in other files
    mine = stranger.get("/submissions/").content.decode()
    assert "a.csv" not in mine
    assert "no ha entregado ningún archivo" in mine
    missing = "00000000-0000-4000-8000-000000000000"
    for where, method in (("/", "get"), ("/report.csv", "get"), ("/adopt/", "post")):
        theirs = getattr(stranger, method)(f"/submissions/{key}{where}")
        nobodys = getattr(stranger, method)(f"/submissions/{missing}{where}")
        assert theirs.status_code == nobodys.status_code == 404
        assert without_token(theirs) == without_token(nobodys)
    assert stranger.get("/submissions/schemas/violence_events/").status_code == 404
    refused = AccessEvent.objects.filter(allowed=False, subjects=[str(key)])
    assert refused.count() == 3


def test_another_institution_can_neither_hand_in_under_the_schema_nor_correct_the_file(world: World) -> None:
    hand_in(signed_in(world, "police_supervisor_a"), events("ragged,row"))
    first = newest()
    stranger = signed_in(world, "statistician")
    assert hand_in(stranger, events(line("H1")), what="PNC violence_events").status_code == 422
    returns = b"month,total\n2026-01,961\n"
    hand_in(stranger, returns, what="DGME monthly_returns", corrects=first.key)
    assert newest().corrects is None
    assert set(states(first).values()) == {"set_aside"}


def test_a_stranger_is_asked_to_sign_in_and_an_officer_without_the_duty_finds_nothing(world: World) -> None:
    assert Client().get("/submissions/").headers["Location"].startswith("/sign-in/")
    for username in ("police_a", "registrar_a", "logistics_a", "data_protection"):
        client = signed_in(world, username)
        assert client.get("/submissions/").status_code == 404
        assert hand_in(client, events(line("H1"))).status_code == 404
    assert not Submission.objects.exists()


def test_an_officer_who_left_the_institution_sees_its_files_no_more(world: World) -> None:
    client = signed_in(world, "police_supervisor_a")
    hand_in(client, events(line("H1")))
    Membership.objects.filter(officer=world.officers["police_supervisor_a"]).update(
        valid_until=NOW - timedelta(days=900)
    )
    assert client.get(f"/submissions/{newest().key}/").status_code == 404


def test_every_submission_and_every_reading_of_it_is_on_the_record(world: World) -> None:
    client = signed_in(world, "police_supervisor_a")
    hand_in(client, events(line("H1")))
    key = str(newest().key)
    client.get(f"/submissions/{key}/")
    client.get(f"/submissions/{key}/report.csv")
    told = AccessEvent.objects.filter(what="submission", subjects=[key]).order_by("sequence")
    assert [(each.verb, each.channel, each.institution, each.allowed) for each in told] == [
        ("create", "page", "PNC", True),
        ("view", "page", "PNC", True),
        ("export", "export", "PNC", True),
    ]


def test_nothing_is_kept_when_the_storing_breaks_off(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("torogoz.shared.submissions.actions._keep_report", broken)
    client = signed_in(world, "police_supervisor_a")
    with pytest.raises(RuntimeError):
        hand_in(client, events(line("H1")))
    assert not Submission.objects.exists()
    assert not SubmittedRow.objects.exists()


def test_sums_of_a_monthly_table_are_checked_with_figures_that_were_really_published(world: World) -> None:
    # January 2022 adds up; 2017 as the national page gave it does not (statistics.md, §2).
    client = signed_in(world, "statistician")
    head = "month,men,women,boys,girls,from_usa,from_mexico,from_other,by_air,by_land,total"
    good = "2022-01,498,211,141,111,442,500,19,,,961"
    wrong = '2017-12,,,,,,,,"24,004","28,934","26,838"'
    hand_in(client, "\n".join([head, good, wrong]).encode(), what="DGME monthly_returns")
    assert states(newest()) == {2: "accepted", 3: "set_aside"}
    (found,) = Finding.objects.all()
    assert (found.rule, found.value) == ("sum_by_way", "by_air 24,004; by_land 28,934; total 26,838")


def test_the_page_of_a_schema_says_what_is_asked_in_both_languages(world: World) -> None:
    client = signed_in(world, "statistician")
    page = client.get("/submissions/schemas/monthly_returns/").content.decode()
    assert "deben sumar el total" in page
    assert "<code>from_mexico</code>" in page
    client.cookies["django_language"] = "en"
    assert "must add up to the total" in client.get("/submissions/schemas/monthly_returns/").content.decode()


def test_a_file_under_the_schema_of_events_is_one_that_the_reader_of_crimes_counts(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_bytes(events(line("H1"), line("H1").replace(",H1,1,", ",H1,2,"), line("H2", day=2)))
    assert set(EVENTS.split(",")) == set(shipped()["violence_events"].names)
    (reading,) = catalogue.read(path)
    assert (reading.dataflow, reading.observations["OBS_VALUE"].sum()) == ("CRIME", 3.0)
    assert reading.set_aside.is_empty()


def test_validate_checks_a_file_without_storing_and_writes_its_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "in.csv", tmp_path / "out.csv"
    file.write_bytes(events(line("H1"), line("H2").replace("SV-SS", "SS")))
    with pytest.raises(CommandError, match="1 of 2 rows"):
        call_command("validate", str(file), f"--report={out}", schema="violence_events")
    assert "error           1 × pattern in department" in capsys.readouterr().out
    assert len(out.read_text(encoding="utf-8").splitlines()) == 2
    assert not Submission.objects.exists()
    file.write_bytes(events(line("H1")))
    call_command("validate", str(file), schema="violence_events")
    with pytest.raises(CommandError, match="the schema cannot be followed"):
        call_command("validate", str(file), schema=str(file))
    with pytest.raises(CommandError, match="No such file"):
        call_command("validate", str(tmp_path / "none.csv"), schema="violence_events")


def test_submit_takes_in_a_file_of_an_institution_and_its_correction(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "in.csv"
    file.write_bytes(events(line("H1"), "ragged"))
    call_command("submit", str(file), schema="violence_events", institution="PNC")
    assert "2 rows read: 1 accepted" in capsys.readouterr().out
    first = newest()
    call_command("submit", str(file), schema="violence_events", institution="PNC")
    assert "already handed in" in capsys.readouterr().out
    file.write_bytes(events(line("H2")))
    call_command("submit", str(file), schema="violence_events", institution="PNC", corrects=first.key.hex[:8])
    assert "1 rows of earlier files replaced" in capsys.readouterr().out
    with pytest.raises(CommandError, match="MINSAL has no schema"):
        call_command("submit", str(file), schema="violence_events", institution="MINSAL")
    with pytest.raises(CommandError, match="no institution"):
        call_command("submit", str(file), schema="violence_events", institution="NADIE")


def prosecutor(world: World) -> Client:
    """A browser in which a supervisor of the prosecution has signed in."""
    officer = Officer.objects.create(username="prosecutor", full_name="Made-up Prosecutor")
    Membership.objects.create(
        officer=officer,
        institution=Institution.objects.get(code="FGR"),
        office=world.offices["CENTRE-A"],
        role=Role.SUPERVISOR,
        valid_from=LONG_AGO,
    )
    client = Client()
    client.force_login(officer, backend=BACKEND)
    return client


def test_each_institution_hands_in_rows_in_its_own_name_only(world: World) -> None:
    client = prosecutor(world)
    own, foreign = line("H1").replace("PNC", "FGR"), line("H2")
    answer = hand_in(client, events(own, foreign), what="FGR violence_events")
    of = newest()
    assert states(of) == {2: "accepted", 3: "set_aside"}
    found = Finding.objects.get(submission=of)
    assert (found.row, found.column, found.rule, found.severity) == (3, "institution", "submitter", "error")
    assert "debe ser FGR" in client.get(answer.headers["Location"]).content.decode()
    hand_in(signed_in(world, "police_supervisor_a"), events(own, foreign))
    assert states(newest()) == {2: "set_aside", 3: "accepted"}
    assert queries.accepted_values("FGR", "violence_events")["event_id"].to_list() == ["H1"]
    assert queries.accepted_values("PNC", "violence_events")["event_id"].to_list() == ["H2"]


def test_validate_says_which_rows_would_be_in_anothers_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "in.csv"
    file.write_bytes(events(line("H1")))
    with pytest.raises(CommandError, match="1 of 1 rows"):
        call_command("validate", str(file), schema="violence_events", institution="FGR")
    assert "submitter in institution" in capsys.readouterr().out


def test_a_page_answers_files_made_to_overwhelm_it_with_a_report(world: World) -> None:
    client = signed_in(world, "police_supervisor_a")
    for content in (b"\xff\xfe" + "a,b".encode("utf-16-le") + b"\x41", b'{"features": ' + b"[" * 100_000):
        answer = hand_in(client, content)
        assert answer.status_code == 302
        assert "No se guardó ninguna fila" in client.get(answer.headers["Location"]).content.decode()
    answer = hand_in(client, gzip.compress(events(line("H1"))))
    assert "no gz ni xls" in client.get(answer.headers["Location"]).content.decode()
    answer = hand_in(client, events(*(line(f"H{number}") for number in range(50_001))))
    assert "más de 50000 filas" in client.get(answer.headers["Location"]).content.decode()


def test_the_report_says_that_accepted_rows_wait_for_the_office(world: World) -> None:
    client = signed_in(world, "police_supervisor_a")
    answer = hand_in(client, events(line("H1")))
    assert "todavía no está en ninguna cifra" in client.get(answer.headers["Location"]).content.decode()
    client.cookies["django_language"] = "en"
    assert "is in no figure yet" in client.get(answer.headers["Location"]).content.decode()


def test_accepted_rows_are_exported_in_the_layout_that_import_reads(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.csv"
    client = signed_in(world, "police_supervisor_a")
    hand_in(client, events(line("H1"), line("H2").replace(",23,", ",x,"), line("H3", day=2).replace("Soyapango", "")))
    key = str(newest().key)
    hand_in(client, events(line("H4", day=3)))
    call_command("submissions")
    assert key in capsys.readouterr().out
    call_command("submissions", export=key, output=out)
    assert "3 accepted rows of PNC" in capsys.readouterr().out
    assert out.stat().st_mode & 0o777 == 0o600
    (reading,) = catalogue.read(out)
    assert (reading.dataflow, reading.observations["OBS_VALUE"].sum()) == ("CRIME", 3.0)
    assert reading.set_aside.is_empty()
    told = AccessEvent.objects.order_by("-sequence")[0]
    assert (told.verb, told.channel, told.subjects, told.institution) == ("export", "command", [key], "PNC")
    with pytest.raises(CommandError, match="is left as it is"):
        call_command("submissions", export=key, output=out)
    with pytest.raises(CommandError, match="no file has the key"):
        call_command("submissions", export="ffffffff", output=tmp_path / "none.csv")
    with pytest.raises(CommandError, match="say where to write"):
        call_command("submissions", export=key)
    hand_in(prosecutor(world), events("ragged"), what="FGR violence_events")
    with pytest.raises(CommandError, match="no accepted row"):
        call_command("submissions", export=str(newest().key), output=tmp_path / "none.csv")
    assert not (tmp_path / "none.csv").exists()
