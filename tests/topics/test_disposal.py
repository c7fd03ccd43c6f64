"""Data past its term goes when two persons say so, nothing is half gone, and what is held stays. Two institutions."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.filled_forms import arrival, care, device_of, send
from tests.topics.test_data_rights import BACKEND, DUI, WORDS, ana, decides, posted, received  # noqa: F401
from tests.world import NOW, World
from torogoz.domain.access import Role, Verb
from torogoz.domain.data_rights import RequestRefused, Right, State, Why
from torogoz.domain.disposal import DisposalRefused, Ground, list_hash
from torogoz.domain.retention import DataClass, RetentionRule
from torogoz.shared.attachments.actions import attach
from torogoz.shared.attachments.astray import astray
from torogoz.shared.attachments.models import Attachment
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.cases.models import GlassBreak
from torogoz.shared.data_rights import actions, disposal_actions, disposal_queries, retention_queries
from torogoz.shared.data_rights import disposal_actions as deeds
from torogoz.shared.data_rights.certificate import of_disposal
from torogoz.shared.data_rights.disposal_words import TABLES
from torogoz.shared.data_rights.models import Disposal, Hold
from torogoz.shared.devices.models import FilledForm, FormFile
from torogoz.shared.institutions.access import duty
from torogoz.shared.institutions.models import Institution, Membership, Officer, PersonGrant
from torogoz.shared.papers.actions import issue
from torogoz.shared.papers.models import Paper
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.models import Encounter, Identifier, Name, Person, Posting, Section
from torogoz.shared.people.queries import search_seen_by
from torogoz.topics.returns.models import Arrival
from torogoz.topics.returns.queries import arrivals_seen_by

pytestmark = pytest.mark.django_db
LONG = timedelta(days=11 * 366)


@pytest.fixture
def second(world: World) -> Officer:
    """Another officer who protects the data of DGME."""
    return posted(world, "DGME", Role.DATA_PROTECTION)


def long_gone() -> None:
    Encounter.objects.update(occurred_at=NOW - LONG)


def proposed(decides: Officer, data_class: DataClass = DataClass.IDENTITY) -> Disposal:  # noqa: F811
    return deeds.propose_disposal(by=decides, institution="DGME", data_class=data_class, now=NOW)


def placed(by: Officer, institution: str, whom: Person, **changes: Any) -> Hold:
    values: dict[str, Any] = {
        "person": str(whom.key),
        "ground": Ground.COURT,
        "article": "Resolución inventada 12-2026",
        "words": "Un tribunal inventado pidió conservarlo",
        "valid_from": date(2026, 11, 1),
        "valid_until": None,
    }
    return deeds.place_hold(by=by, institution=institution, now=NOW, **(values | changes))


def stored() -> dict[str, list[Any]]:
    """What would be missing if anything had been removed."""
    tables = (Person, Name, Identifier, Section, Posting, Attachment, Disposal)
    return {model.__name__: list(model._base_manager.order_by("pk").values_list()) for model in tables}


def attached(world: World, person: Person) -> Attachment:
    return attach(
        by=world.officers["health_a"],
        encounter=person.encounters.get(),
        code="health",
        name="receta.pdf",
        chunks=[b"%PDF-1.4 inventado" * 50],
        now=NOW,
    )


def test_what_is_past_its_term_goes_when_another_confirms_and_the_shell_stays(
    world: World,
    ana: Person,  # noqa: F811
    decides: Officer,  # noqa: F811
    second: Officer,
    django_capture_on_commit_callbacks: Any,
) -> None:
    world.section(ana, "psychosocial", by="psychosocial_a", answers={})
    file = attached(world, ana).path
    fresh = world.person("berta", office="CENTRE-A", by="registrar_a", given="Berta", surname="Reciente")
    long_gone()
    world.encounter(fresh, office="CENTRE-A", by="registrar_a")
    events = AccessEvent.objects.count()
    disposal = proposed(decides)
    assert Name.objects.filter(person=ana).exists()
    with django_capture_on_commit_callbacks(execute=True):
        done = deeds.confirm_disposal(by=second, disposal=disposal, now=NOW)
    assert (done.people, done.left_out, done.digest) == (1, 0, list_hash([ana.key]))
    assert done.counts["people.section"] == 4
    assert not Name.objects.filter(person=ana).exists()
    assert not Identifier.objects.filter(person=ana).exists()
    assert not Section.objects.filter(encounter__person=ana).exists()
    assert not Posting.objects.filter(person=ana).exists()
    assert not search_seen_by(world.officers["registrar_a"], name="Ana Quijada", now=NOW)
    assert not file.exists()
    ana.refresh_from_db()
    assert (ana.sex, ana.birth, ana.birth_min, ana.nationality) == ("F", "1990", date(1990, 1, 1), "SLV")
    assert ana.encounters.count() == 1
    assert Name.objects.filter(person=fresh).exists()
    assert AccessEvent.objects.count() == events + 2
    assert retention_queries.due_seen_by(decides, NOW)[0].due == 0


def test_sensitive_data_goes_alone_and_who_it_was_about_stays(
    world: World,
    ana: Person,  # noqa: F811
    decides: Officer,  # noqa: F811
    second: Officer,
) -> None:
    long_gone()
    deeds.confirm_disposal(by=second, disposal=proposed(decides, DataClass.SENSITIVE), now=NOW)
    codes = set(Section.objects.filter(encounter__person=ana).values_list("code", flat=True))
    assert codes == {"migration", "child_protection"}
    assert Name.objects.filter(person=ana).exists()


def test_what_a_disposal_blanked_is_counted_by_none_that_follows(
    world: World,
    ana: Person,  # noqa: F811
    decides: Officer,  # noqa: F811
    second: Officer,
) -> None:
    by = {"officer": decides, "institution": Institution.objects.get(code="DGME")}
    grant = PersonGrant.objects.create(person=ana.key, basis="glass", valid_from=NOW, valid_until=NOW + LONG, **by)
    GlassBreak.objects.create(person=ana, reason="Llegó sin sentido", opened_at=NOW, grant=grant, **by)
    long_gone()
    counted = [
        deeds.confirm_disposal(by=second, disposal=proposed(decides, one), now=NOW).counts.get("cases.glassbreak", 0)
        for one in (DataClass.SENSITIVE, DataClass.IDENTITY)
    ]
    assert counted == [1, 0]
    assert GlassBreak.objects.get().reason == ""


def test_nobody_confirms_what_they_proposed_from_no_posting(
    world: World,
    ana: Person,  # noqa: F811
    decides: Officer,  # noqa: F811
    second: Officer,
) -> None:
    long_gone()
    disposal, before = proposed(decides), stored()
    Membership.objects.create(
        officer=decides,
        institution=Institution.objects.get(code="DGME"),
        office=world.offices["CENTRE-B"],
        role=Role.SUPERVISOR.value,
        valid_from=NOW - LONG,
    )
    with pytest.raises(DisposalRefused) as alone:
        deeds.confirm_disposal(by=decides, disposal=disposal, now=NOW)
    assert alone.value.code == "same"
    elsewhere = posted(world, "MINSAL", Role.DATA_PROTECTION, "CENTRE-B")
    for stranger in (elsewhere, world.officers["registrar_a"], world.officers["police_supervisor_a"]):
        with pytest.raises(NotAllowed):
            deeds.confirm_disposal(by=stranger, disposal=disposal, now=NOW)
        assert disposal_queries.disposal_seen_by(stranger, disposal.key, NOW) is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Disposal.objects.filter(pk=disposal.pk).update(state="done", ended_by=decides, people=1, digest="x")
    assert stored() == before
    deeds.confirm_disposal(by=world.officers["supervisor_a"], disposal=disposal, now=NOW)
    with pytest.raises(DisposalRefused) as again:
        deeds.confirm_disposal(by=second, disposal=disposal, now=NOW)
    assert again.value.code == "moved"


def test_a_hold_keeps_a_record_and_only_its_institution_is_told_of_it(
    world: World,
    ana: Person,  # noqa: F811
    decides: Officer,  # noqa: F811
    second: Officer,
) -> None:
    health = posted(world, "MINSAL", Role.DATA_PROTECTION)
    long_gone()
    hold = placed(health, "MINSAL", ana)
    with pytest.raises(DisposalRefused) as nobody:
        proposed(decides)
    assert nobody.value.code == "nobody"
    assert disposal_queries.holds_seen_by(decides, NOW) == []
    assert [one.hold for one in disposal_queries.holds_seen_by(health, NOW)] == [hold]
    taken = actions.take_request(by=decides, request=received(world, ana, Right.CANCELLATION), now=NOW)
    with pytest.raises(RequestRefused) as held:
        actions.grant_request(by=decides, request=taken, words=WORDS, now=NOW)
    assert "no puede conocer" in held.value.explain("es")
    assert "MINSAL" not in held.value.explain("es")
    actions.withdraw_request(by=decides, request=taken, words=WORDS, now=NOW)
    with pytest.raises(NotAllowed):
        deeds.lift_hold(by=decides, hold=hold, words=WORDS, now=NOW)
    deeds.lift_hold(by=health, hold=hold, words="El tribunal inventado la levantó", now=NOW)
    (lifted,) = disposal_queries.holds_seen_by(health, NOW)
    assert (lifted.stands, lifted.said["lifted"]) == (False, "El tribunal inventado la levantó")
    deeds.confirm_disposal(by=second, disposal=proposed(decides), now=NOW)


def test_a_hold_placed_after_the_proposal_leaves_its_record_out(
    world: World,
    ana: Person,  # noqa: F811
    decides: Officer,  # noqa: F811
    second: Officer,
) -> None:
    other = world.person("otra", office="CENTRE-A", by="registrar_a", given="Otra", surname="Persona")
    back = world.person("vuelve", office="CENTRE-A", by="registrar_a", given="Vuelve", surname="Hoy")
    long_gone()
    disposal = proposed(decides)
    placed(decides, "DGME", ana)
    world.encounter(back, office="CENTRE-A", by="registrar_a")
    done = deeds.confirm_disposal(by=second, disposal=disposal, now=NOW)
    assert (done.people, done.left_out) == (1, 2)
    assert done.digest == list_hash([other.key])
    assert set(Name.objects.values_list("person", flat=True)) == {ana.pk, back.pk}


def test_a_hold_is_of_a_record_within_reach_and_says_the_same_of_any_other(world: World, ana: Person) -> None:  # noqa: F811
    strangers = posted(world, "MTPS", Role.DATA_PROTECTION)
    told = []
    for person in (str(ana.key), "00016297-5", "01234567-2", "nadie"):
        with pytest.raises(DisposalRefused) as refused:
            placed(strangers, "MTPS", ana, person=person)
        told.append(refused.value.explain("es"))
    assert len(set(told)) == 1
    assert not Hold.objects.exists()


def test_a_crash_in_the_middle_leaves_everything(
    world: World,
    ana: Person,  # noqa: F811
    decides: Officer,  # noqa: F811
    second: Officer,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    file = attached(world, ana).path
    long_gone()
    disposal, before = proposed(decides), stored()

    def crash(*_: object, **__: object) -> None:
        raise OSError("the machine stopped")

    for place in ("_blank", "_note"):
        with monkeypatch.context() as broken:
            broken.setattr(disposal_actions, place, crash)
            with django_capture_on_commit_callbacks(execute=True), pytest.raises(OSError, match="stopped"):
                deeds.confirm_disposal(by=second, disposal=disposal, now=NOW)
        assert stored() == before
        assert file.exists()


def test_a_crash_between_the_rows_and_the_files_leaves_sealed_bytes_that_the_sweep_removes(
    world: World,
    ana: Person,  # noqa: F811
    decides: Officer,  # noqa: F811
    second: Officer,
    django_capture_on_commit_callbacks: Any,
) -> None:
    file = attached(world, ana).path
    long_gone()
    with django_capture_on_commit_callbacks(execute=False):
        deeds.confirm_disposal(by=second, disposal=proposed(decides), now=NOW)
    assert file.exists()
    assert b"inventado" not in file.read_bytes()
    assert not Attachment.objects.exists()
    from_now = NOW + timedelta(days=365)
    assert astray(from_now).left_over == (file,)


def test_a_cancellation_is_executed_by_two_and_answered_when_it_is_done(
    world: World,
    ana: Person,  # noqa: F811
    decides: Officer,  # noqa: F811
    second: Officer,
) -> None:
    taken = actions.take_request(by=decides, request=received(world, ana, Right.CANCELLATION), now=NOW)
    granted, _ = actions.grant_request(by=decides, request=taken, words=WORDS, now=NOW)
    disposal = Disposal.objects.get(request=granted)
    assert Name.objects.filter(person=ana).exists()
    with pytest.raises(RequestRefused) as early:
        actions.deliver_answer(by=decides, request=granted, words=WORDS, now=NOW)
    assert early.value.code == "not_disposed"
    with pytest.raises(DisposalRefused) as asked:
        deeds.withdraw_disposal(by=second, disposal=disposal, now=NOW)
    assert asked.value.code == "asked"
    with pytest.raises(DisposalRefused):
        deeds.confirm_disposal(by=decides, disposal=disposal, now=NOW)
    hold = placed(decides, "DGME", ana)
    with pytest.raises(DisposalRefused) as held:
        deeds.confirm_disposal(by=second, disposal=disposal, now=NOW)
    assert "retención legal de su institución" in held.value.explain("es")
    deeds.lift_hold(by=decides, hold=hold, words=WORDS, now=NOW)
    deeds.confirm_disposal(by=second, disposal=disposal, now=NOW)
    assert not Name.objects.filter(person=ana).exists()
    assert not Section.objects.filter(encounter__person=ana).exists()
    answered = actions.deliver_answer(by=decides, request=granted, words=WORDS, now=NOW)
    assert answered.state == State.ANSWERED.value


def by_law(monkeypatch: pytest.MonkeyPatch, *classes: DataClass) -> None:
    """Let a made-up law oblige to keep these classes."""
    rules = tuple(
        RetentionRule(
            one, 120, "ley inventada", "made-up law", "made-up", False, date(2020, 1, 1), None, one in classes
        )
        for one in DataClass
    )
    monkeypatch.setattr(actions, "retention_rules", lambda: rules)


def test_what_a_law_has_kept_is_denied_until_its_day_and_the_rest_granted_in_part(
    world: World,
    ana: Person,  # noqa: F811
    decides: Officer,  # noqa: F811
    second: Officer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = actions.take_request(by=decides, request=received(world, ana, Right.CANCELLATION), now=NOW)
    with pytest.raises(RequestRefused) as no_law:
        actions.deny_request(by=decides, request=first, why=Why.DUTY, words=WORDS, now=NOW)
    assert no_law.value.code == "no_duty"
    by_law(monkeypatch, *DataClass)
    for partly in (False, True):
        with pytest.raises(RequestRefused) as law:
            actions.grant_request(by=decides, request=first, words=WORDS, now=NOW, partly=partly)
        assert (law.value.code, law.value.details["until"]) == ("kept_until", "2036-11-20")
    denied = actions.deny_request(by=decides, request=first, why=Why.DUTY, words=WORDS, now=NOW)
    assert denied.kept_until == date(2036, 11, 20)
    by_law(monkeypatch, DataClass.SENSITIVE)
    again = actions.take_request(by=decides, request=received(world, ana, Right.CANCELLATION), now=NOW)
    actions.deliver_answer(by=decides, request=denied, words=WORDS, now=NOW)
    with pytest.raises(RequestRefused):
        actions.grant_request(by=decides, request=again, words=WORDS, now=NOW)
    granted, _ = actions.grant_request(by=decides, request=again, words=WORDS, now=NOW, partly=True)
    deeds.confirm_disposal(by=second, disposal=granted.disposal, now=NOW)
    assert set(Section.objects.filter(encounter__person=ana).values_list("code", flat=True)) == {"health"}
    assert Name.objects.filter(person=ana).exists()


def test_what_the_prosecution_has_keeps_a_record_without_saying_so(
    world: World,
    ana: Person,  # noqa: F811
    decides: Officer,  # noqa: F811
) -> None:
    prosecutor = posted(world, "FGR", Role.SPECIALIST)
    ana.encounters.get().sections.create(
        code="prosecution",
        form_version=1,
        institution=Institution.objects.get(code="FGR"),
        recorded_by=prosecutor,
        recorded_at=NOW,
    )
    taken = actions.take_request(by=decides, request=received(world, ana, Right.CANCELLATION), now=NOW)
    with pytest.raises(RequestRefused) as held:
        actions.grant_request(by=decides, request=taken, words=WORDS, now=NOW)
    assert held.value.explain("es").endswith("algo que su institución no puede conocer.")


def test_the_pages_lead_from_the_proposal_to_the_certificate(
    world: World,
    ana: Person,  # noqa: F811
    decides: Officer,  # noqa: F811
) -> None:
    long_gone()
    office, director, stranger = Client(), Client(), Client()
    office.force_login(decides, backend=BACKEND)
    director.force_login(world.officers["supervisor_a"], backend=BACKEND)
    stranger.force_login(world.officers["police_supervisor_a"], backend=BACKEND)
    listed = reverse("data_rights:disposals")
    assert "Proponer que se elimine" in office.get(listed).content.decode()
    assert "Proponer que se elimine" not in director.get(listed).content.decode()
    typed = {"institution": "DGME", "data_class": "identity"}
    assert director.post(reverse("data_rights:propose"), typed).status_code == 404
    office.post(reverse("data_rights:propose"), typed)
    disposal = Disposal.objects.get()
    page = reverse("data_rights:disposal", args=[disposal.key])
    assert str(ana.key) in office.get(page).content.decode()
    assert str(ana.key) not in director.get(page).content.decode()
    assert "Quijada" not in office.get(page).content.decode()
    confirm = reverse("data_rights:end", args=[disposal.key, "confirm"])
    assert stranger.get(page).status_code == stranger.post(confirm).status_code == 404
    own = office.post(confirm)
    assert (own.status_code, "Quien propone no confirma" in own.content.decode()) == (422, True)
    certificate = reverse("data_rights:certificate", args=[disposal.key])
    assert director.get(certificate).status_code == 404
    question = director.post(confirm).content.decode()
    assert "¿Eliminar ahora los datos de 1 persona?" in question
    assert Disposal.objects.get().state == "proposed", "nothing goes before the second answer"
    assert director.post(confirm, {"sure": "1"}).status_code == 302
    printed = director.get(certificate)
    assert printed.content.startswith(b"%PDF")
    assert stranger.get(certificate).status_code == 404
    paper = Paper.objects.get(sheet="disposal")
    assert paper.person is None
    checked = Client().post(reverse("papers:check"), {"text": paper.code}).content.decode()
    assert "Certificado de eliminación" in checked


def test_holds_are_placed_and_lifted_on_their_page(world: World, ana: Person, decides: Officer) -> None:  # noqa: F811
    client, other = Client(), Client()
    client.force_login(decides, backend=BACKEND)
    other.force_login(posted(world, "MINSAL", Role.DATA_PROTECTION), backend=BACKEND)
    page = reverse("data_rights:holds")
    typed = {
        "person": str(ana.key),
        "ground": "court",
        "article": "Resolución inventada",
        "words": "Un tribunal inventado la pidió",
        "valid_from": "2026-11-01",
    }
    wrong = client.post(page, typed | {"valid_until": "2026-10-01"})
    assert (wrong.status_code, Hold.objects.count()) == (422, 0)
    assert client.post(page, typed).status_code == 302
    assert "Resolución inventada" in client.get(page).content.decode()
    assert "Resolución inventada" not in other.get(page).content.decode()
    lift = reverse("data_rights:hold_lift", args=[Hold.objects.get().key])
    assert other.post(lift, {"words": WORDS}).status_code == 404
    assert client.post(lift, {"words": "corto"}).status_code == 422
    assert client.post(lift, {"words": WORDS}).status_code == 302
    assert Hold.objects.get().lifted_by == decides


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_certificate_of_everything_is_one_page_and_names_nobody(
    world: World,
    ana: Person,  # noqa: F811
    decides: Officer,  # noqa: F811
    second: Officer,
    language: str,
) -> None:
    long_gone()
    done = deeds.confirm_disposal(by=second, disposal=proposed(decides), now=NOW)
    done.counts = dict.fromkeys(TABLES, 123_456)
    content = of_disposal(done, language)
    ground = duty(second, Verb.DISPOSE, "DGME", NOW)
    office = world.offices["CENTRE-A"]
    printed = issue(
        by=second, person=None, about=str(done.key), office=office, content=content, decision=ground, now=NOW
    )
    assert printed.count(b"/Type /Page\n") == 1
    told = str(content.groups)
    assert done.digest in told
    assert decides.full_name in told
    assert second.full_name in told
    assert {"es": "no se leyó ninguna ley", "en": "no law was read for it"}[language] in told
    assert "Quijada" not in told


def test_a_record_whose_data_were_eliminated_says_so_and_offers_and_does_nothing(
    world: World,
    ana: Person,  # noqa: F811
    decides: Officer,  # noqa: F811
    second: Officer,
    client: Client,
) -> None:
    def sign_in(username: str) -> Client:
        client.force_login(world.officers[username], backend=BACKEND)
        return client

    met = Encounter.objects.get(person=ana)
    Arrival.objects.create(encounter=met, returned_from="MEX", route="LAND", reason="_U", medical_stop="_U")
    long_gone()
    made = proposed(decides)
    deeds.confirm_disposal(by=second, disposal=made, now=NOW)
    address = reverse("returns:person", args=[ana.key])
    page = sign_in("registrar_a").get(address).content.decode()
    main = page.split("<main", 1)[1].split("</main>", 1)[0]
    assert "Los datos de esta persona se eliminaron" in main
    assert f"{timezone.localdate(NOW):%Y-%m-%d}" in main
    assert made.number in main
    assert "<form" not in main
    elsewhere = sign_in("health_a").get(address).content.decode()
    assert "Los datos de esta persona se eliminaron" in elsewhere
    assert made.number not in elsewhere, "another institution learns when, and not of which certificate"
    for name, arguments in (
        ("returns:arrival", [ana.key]),
        ("returns:correct", [ana.key]),
        ("returns:section", [ana.key, "migration"]),
        ("cases:consent", [ana.key]),
        ("cases:send", [ana.key]),
        ("households:family", [ana.key]),
        ("data_rights:new_of", [ana.key]),
    ):
        assert sign_in("registrar_a").get(reverse(name, args=arguments)).status_code == 404, name
    printed = sign_in("registrar_a").post(reverse("returns:paper", args=[ana.key, met.key]), {"sheet_language": "es"})
    assert printed.status_code == 404
    assert not arrivals_seen_by(world.officers["registrar_a"], NOW).exists()


def test_a_form_that_comes_again_after_the_disposal_is_accepted_and_nothing_is_written_of_it(
    world: World,
    ana: Person,  # noqa: F811
    decides: Officer,  # noqa: F811
    second: Officer,
) -> None:
    registrar, nurse = device_of(world, "registrar_a")[1], device_of(world, "health_a")[1]
    written, differs = arrival(uuid4()), care(uuid4(), DUI)
    assert [send(registrar, written).status_code, send(nurse, differs).status_code] == [201, 202]
    long_gone()
    done = deeds.confirm_disposal(by=second, disposal=proposed(decides), now=NOW)
    assert (done.people, done.counts["devices.filledform"]) == (2, 2)
    before, people = stored(), Person.objects.count()
    for sent in (send(registrar, written), send(nurse, differs, {"foto.png": b"inventada"})):
        assert sent.status_code == 201
        assert "Ya había llegado antes" in sent.content.decode()
    assert (stored(), Person.objects.count()) == (before, people)
    assert set(FilledForm.objects.values_list("state", "sealed", "faults")) == {("disposed", None, None)}
    assert not FormFile.objects.exists()
    assert retention_queries.due_seen_by(decides, NOW)[0].due == 0, "what stays of the forms is due no more"
