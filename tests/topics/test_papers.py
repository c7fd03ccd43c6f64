"""The single form on paper: who may print it, what it says, and how somebody checks it."""

import re
import zlib
from datetime import timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from tests.consented import consented
from tests.world import LONG_AGO, NOW, World
from torogoz.domain.access import REFUSED
from torogoz.domain.printed import Sheet
from torogoz.exchange.paper.sheet import Lines
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.cases.actions import withdraw_consent
from torogoz.shared.cases.models import Consent
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.institutions.models import Institution, Membership, Officer, PersonGrant, SharingRule
from torogoz.shared.papers import actions
from torogoz.shared.papers.models import Paper
from torogoz.shared.people.models import Encounter, Person
from torogoz.shared.places import actions as places
from torogoz.shared.vault.signing import add_signing_key, public_keys
from torogoz.topics.returns import queries, words
from torogoz.topics.returns.models import Arrival

pytestmark = pytest.mark.django_db


@pytest.fixture
def arrived(world: World) -> Person:
    """A made-up person who arrived at centre A, with a health section that nobody prints."""
    codelists.load()
    places.load()
    person = world.person("ana", office="CENTRE-A", by="registrar_a", given="Ana", surname="Quijada")
    Arrival.objects.create(
        encounter=person.encounters.get(), returned_from="USA", route="AIR", reason="WORK", medical_stop="_U"
    )
    world.section(person, "health", by="health_a", answers={"treatment": "Y"})
    return person


def printed(client: Client, world: World, username: str, person: Person, encounter: Encounter, language: str = "es"):  # type: ignore[no-untyped-def]
    client.force_login(world.officers[username], backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("returns:paper", args=[person.key, encounter.key])
    return client.post(address, {"sheet_language": language})


def without_token(page: bytes) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", page)


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_registrar_prints_the_form_and_that_is_recorded(
    client: Client, world: World, arrived: Person, language: str
) -> None:
    answer = printed(client, world, "registrar_a", arrived, arrived.encounters.get(), language)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "Quijada" not in answer.headers["Content-Disposition"]
    assert answer.content.startswith(b"%PDF")
    assert answer.content.count(b"/Type /Page\n") == 1
    paper = Paper.objects.get()
    event = AccessEvent.objects.get(verb="print", allowed=True)
    assert event.subjects == [str(arrived.key), str(paper.key)]
    assert "identity" in event.sections
    assert "health" not in event.sections


def test_who_may_not_see_the_person_prints_nothing_and_learns_nothing(
    client: Client, world: World, arrived: Person
) -> None:
    refused = printed(client, world, "health_b", arrived, arrived.encounters.get())
    missing = client.post(reverse("returns:paper", args=[uuid4(), uuid4()]), {"sheet_language": "es"})
    assert refused.status_code == missing.status_code == 404
    assert without_token(refused.content) == without_token(missing.content)
    assert not Paper.objects.exists()


def test_logistics_who_know_only_the_name_print_nothing(client: Client, world: World, arrived: Person) -> None:
    assert printed(client, world, "logistics_a", arrived, arrived.encounters.get()).status_code == 404


def test_the_encounter_of_somebody_else_is_not_printed(client: Client, world: World, arrived: Person) -> None:
    other = world.person("eva", office="CENTRE-A", by="registrar_a")
    assert printed(client, world, "registrar_a", arrived, other.encounters.get()).status_code == 404


def test_what_was_said_to_a_doctor_is_not_on_the_sheet(
    client: Client, world: World, arrived: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = contents_of(monkeypatch)
    printed(client, world, "health_a", arrived, arrived.encounters.get())
    printed(client, world, "registrar_a", arrived, arrived.encounters.get())
    for content in contents:
        titles = [getattr(group, "title", "") for group in content.groups]
        assert "Llegada" not in titles
        assert not any("salud" in title.lower() for title in titles)
        assert content.sheet is Sheet.FICHA
    assert len(contents) == 2


def contents_of(monkeypatch: pytest.MonkeyPatch) -> list[actions.Content]:
    """What is handed over to be printed from now on; nothing is drawn."""
    contents: list[actions.Content] = []

    def keep(**what: object) -> bytes:
        assert isinstance(what["content"], actions.Content)
        contents.append(what["content"])
        return b"%PDF"

    monkeypatch.setattr("torogoz.topics.returns.paper_views.issue", keep)
    return contents


def told_by(content: actions.Content) -> str:
    """All the words of a sheet that are not its places to sign."""
    lines = [line for group in content.groups if isinstance(group, Lines) for line in group.lines]
    titles = [group.title for group in content.groups if isinstance(group, Lines) and group.lines]
    return "\n".join([*titles, *(f"{label}: {value}" for label, value in lines)])


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("username", ["registrar_a", "health_a", "police_a"])
def test_the_sheet_that_travels_says_only_what_the_police_may_read_too(
    client: Client, world: World, arrived: Person, monkeypatch: pytest.MonkeyPatch, username: str, language: str
) -> None:
    met = arrived.encounters.get()
    Arrival.objects.update(reason="INSECURITY", needs=["FOOD", "PROTECTION", "LEGAL"], destination_department="06")
    world.section(arrived, "migration", by="registrar_a", answers={"time_abroad": "Y1T4", "fears": "Y"})
    contents = contents_of(monkeypatch)
    assert printed(client, world, username, arrived, met, language).status_code == 200
    told = told_by(contents[0])
    now = timezone.now()
    (police,) = queries.arrivals_of(world.officers["police_a"], [met], now).values()
    with override(language):
        open_to_police = [f"{label}: {value}" for label, value in words.Words().of_arrival(police)]
        every_need = words.Words().needs
    assert len(open_to_police) == 1  # the meal
    assert open_to_police[0] in told
    assert every_need["FOOD"] in told
    for closed in (every_need["PROTECTION"], every_need["LEGAL"]):
        assert closed not in told
    for closed in ("Motivo", "Reason", "nseguri", "migra", "Destin", "1–4", "cuatro años", "four years"):
        assert closed not in told
    assert "Quijada" in told
    assert contents[0].sections == ["identity"]


def test_the_sheet_follows_the_protocol_in_force(
    client: Client, world: World, arrived: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = contents_of(monkeypatch)
    printed(client, world, "registrar_a", arrived, arrived.encounters.get())
    SharingRule.objects.filter(institution__code="PNC", section="identity").delete()
    printed(client, world, "registrar_a", arrived, arrived.encounters.get())
    before, after = map(told_by, contents)
    assert "Nacimiento" in before
    assert "Nacimiento" not in after
    assert "Quijada" in after
    assert contents[1].birth == ""
    assert contents[1].sections == ["logistics"]


def test_a_refusal_of_the_policy_is_no_ground_to_print(world: World, arrived: Person) -> None:
    content = actions.Content(Sheet.FICHA, "es", "Ficha", "Ana", "", [], [])
    with pytest.raises(ValueError, match="policy has allowed"):
        actions.issue(
            by=world.officers["registrar_a"],
            person=arrived,
            office=world.offices["CENTRE-A"],
            content=content,
            decision=REFUSED,
            now=NOW,
        )
    assert not Paper.objects.exists()


@pytest.fixture
def qr(client: Client, world: World, arrived: Person, monkeypatch: pytest.MonkeyPatch) -> str:
    """The text of the QR of a sheet that was printed."""
    texts: list[str] = []
    drawn = actions.pdf

    def keep(sheet, sealed):  # type: ignore[no-untyped-def]
        texts.append(sealed.qr)
        return drawn(sheet, sealed)

    monkeypatch.setattr(actions, "pdf", keep)
    printed(client, world, "registrar_a", arrived, arrived.encounters.get())
    client.logout()
    return texts[0]


def test_a_stranger_checks_the_qr_and_the_code(client: Client, qr: str) -> None:
    code = Paper.objects.get().code
    page = client.post(reverse("papers:check"), {"text": qr}).content.decode()
    assert "La firma es auténtica" in page
    assert "Ana Quijada" in page
    assert code in page
    by_code = client.post(reverse("papers:check"), {"text": code.lower().replace("-", " ")}).content.decode()
    assert "Hay una hoja emitida con este código" in by_code
    assert "Quijada" not in by_code


def test_an_altered_qr_and_an_unknown_code_are_told(client: Client, qr: str) -> None:
    altered = qr[:40] + ("A" if qr[40] != "A" else "B") + qr[41:]
    assert "La firma no corresponde" in client.post(reverse("papers:check"), {"text": altered}).content.decode()
    Paper.objects.all().delete()
    unknown = client.post(reverse("papers:check"), {"text": "0000-0000-0000-0"}).content.decode()
    assert "Ninguna hoja tiene este código" in unknown
    assert "letra mal leída" in client.post(reverse("papers:check"), {"text": "K7QF"}).content.decode()


def test_a_sheet_printed_before_the_key_was_changed_still_passes(client: Client, qr: str) -> None:
    add_signing_key()
    assert len(public_keys()) == 2
    assert "La firma es auténtica" in client.post(reverse("papers:check"), {"text": qr}).content.decode()


def test_the_command_checks_a_qr_with_a_key_in_a_file(qr: str, tmp_path: Path) -> None:
    key = tmp_path / "public.pem"
    key.write_bytes(public_keys()[0])
    out = StringIO()
    call_command("paper", qr, key=[key], stdout=out)
    assert "genuine: ficha" in out.getvalue()
    assert "Ana Quijada" in out.getvalue()
    with pytest.raises(CommandError, match="incomplete"):
        call_command("paper", qr[:60], key=[key])
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("paper", qr, key=[tmp_path / "none.pem"])
    key.write_bytes(b"no key")
    with pytest.raises(CommandError, match="not a public key"):
        call_command("paper", qr, key=[key])


def test_who_has_the_public_keys_checks_a_sheet_off_line_also_after_the_key_was_changed(
    qr: str, tmp_path: Path
) -> None:
    before, after = tmp_path / "before.pem", tmp_path / "after.pem"
    for number, path in enumerate((before, after)):
        if number:
            add_signing_key()
        said = StringIO()
        call_command("keys", "public", stdout=said)
        assert said.getvalue().count("-----BEGIN PUBLIC KEY-----") == number + 1
        path.write_text(said.getvalue())
        out = StringIO()
        call_command("paper", qr, key=[path], stdout=out)
        assert "genuine: ficha" in out.getvalue()
        assert "not that what it says is still in force" in out.getvalue()
    only_new = tmp_path / "new.pem"
    only_new.write_bytes(public_keys()[0])
    with pytest.raises(CommandError, match="signature does not match"):
        call_command("paper", qr, key=[only_new])


def test_before_the_first_sheet_there_is_no_public_key_and_the_command_says_so() -> None:
    with pytest.raises(CommandError, match="no sheet was signed here yet"):
        call_command("keys", "public", stdout=StringIO())


def checked(client: Client, text: str) -> str:
    client.logout()
    return client.post(reverse("papers:check"), {"text": text}).content.decode()


@pytest.mark.usefixtures("everybody_attends")
def test_the_sheet_of_a_consent_says_that_it_was_withdrawn_or_is_over_and_no_birth_that_it_does_not_print(
    client: Client, world: World, arrived: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed: list[str] = []
    drawn = actions.pdf
    monkeypatch.setattr(actions, "pdf", lambda sheet, seal: (sealed.append(seal.qr), drawn(sheet, seal))[1])
    now = timezone.now()
    given = consented(world.officers["registrar_a"], arrived, "MINSAL", ["identity"], now)
    client.force_login(world.officers["registrar_a"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(reverse("cases:sheet", args=[arrived.key, given.key]), {"sheet_language": "es"}).content
    (qr,), code = sealed, Paper.objects.get().code
    office = world.offices["CENTRE-A"]
    for text in (qr, code):
        page = checked(client, text)
        assert "Vigente ahora" in page
        assert office.name_es in page
        assert "Nacimiento" not in page, "the sheet of a consent prints no birth"
    assert "no que lo que dice siga vigente" in checked(client, qr)
    withdraw_consent(by=world.officers["registrar_a"], consent=given, now=timezone.now())
    today = f"{timezone.localdate():%Y-%m-%d}"
    for text in (qr, code):
        page = checked(client, text)
        assert f"Retirado el {today}" in page
        assert "Vigente ahora" not in page
    Consent.objects.update(withdrawn_at=None, withdrawn_by=None, recorded_at=LONG_AGO, valid_until=now)
    assert "Vencido el" in checked(client, qr)
    Paper.objects.update(of=None)
    assert "Este sitio no sabe si lo que dice la hoja sigue vigente" in checked(client, qr)


def test_the_single_form_tells_the_birth_that_it_prints_and_never_that_it_is_in_force(client: Client, qr: str) -> None:
    page = checked(client, qr)
    assert "Nacimiento" in page
    assert "Vigente" not in page
    assert "Este sitio no sabe" not in page


def test_the_words_of_the_sheet_are_found_in_the_pdf(client: Client, world: World, arrived: Person) -> None:
    answer = printed(client, world, "registrar_a", arrived, arrived.encounters.get())
    streams = [part.split(b"endstream")[0] for part in answer.content.split(b"stream\n")[1::2]]
    assert any(b"Td" in zlib.decompress(stream) for stream in streams if stream[:1] == b"x")
    assert timezone.now() >= Paper.objects.get().issued_at


@pytest.mark.parametrize("made_up", [True, False])
def test_the_sheet_of_a_made_up_person_says_so_in_its_language(
    client: Client, world: World, arrived: Person, monkeypatch: pytest.MonkeyPatch, made_up: bool
) -> None:
    marks = []
    drawn = actions.pdf
    monkeypatch.setattr(actions, "pdf", lambda sheet, sealed: marks.append(sheet.mark) or drawn(sheet, sealed))
    Person.objects.filter(pk=arrived.pk).update(made_up=made_up)
    for language in ("es", "en"):
        printed(client, world, "registrar_a", arrived, arrived.encounters.get(), language)
    said = ["Persona inventada: esta hoja no vale.", "Made-up person: this sheet is not valid."]
    assert marks == (said if made_up else ["", ""])


def granted_to(world: World, person: Person, username: str, basis: str, sections: list[str] | None) -> None:
    """A grant of this ground, as its app writes it."""
    officer = world.officers[username]
    PersonGrant.objects.create(
        person=person.key,
        institution=Institution.objects.get(code="MINSAL"),
        officer=officer if basis == "glass" else None,
        sections=sections,
        basis=basis,
        purpose="attention" if basis == "consent" else "",
        valid_from=NOW,
        valid_until=NOW + timedelta(hours=3),
    )


@pytest.mark.parametrize(
    ("basis", "sections"), [("glass", None), ("handover", ["identity", "migration"]), ("consent", ["identity"])]
)
def test_who_reads_by_a_grant_prints_no_form_and_is_offered_none(
    client: Client,
    world: World,
    arrived: Person,
    monkeypatch: pytest.MonkeyPatch,
    basis: str,
    sections: list[str] | None,
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    granted_to(world, arrived, "health_b", basis, sections)
    met, address = arrived.encounters.get(), reverse("returns:person", args=[arrived.key])
    client.force_login(world.officers["health_b"], backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("purpose"), {"purpose": "attention", "next": "/"})
    page = client.get(address)
    assert (page.status_code, "Quijada" in page.content.decode()) == (200, True)  # the grant opens her, and yet:
    assert reverse("returns:paper", args=[arrived.key, met.key]) not in page.content.decode()
    assert printed(client, world, "health_b", arrived, met).status_code == 404
    assert client.get(address).status_code == 200
    assert not Paper.objects.exists()


def test_a_sheet_names_the_office_where_the_officer_serves(client: Client, world: World, arrived: Person) -> None:
    elsewhere = Officer.objects.create(username="registrar_c", full_name="Inventada", made_up=True)
    Membership.objects.create(
        officer=elsewhere,
        institution=Institution.objects.get(code="DGME"),
        office=world.offices["CENTRE-B"],
        role="registrar",
        valid_from=LONG_AGO,
    )
    world.officers["registrar_c"] = elsewhere
    assert printed(client, world, "registrar_c", arrived, arrived.encounters.get()).status_code == 200
    assert Paper.objects.get().office == world.offices["CENTRE-B"]
    assert printed(client, world, "registrar_a", arrived, arrived.encounters.get()).status_code == 200
    assert Paper.objects.latest("pk").office == world.offices["CENTRE-A"]
