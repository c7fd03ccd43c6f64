"""The own file holds what topics keep, without what is of somebody else; and all of it goes when it is disposed of."""

import hashlib
import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from tests.topics.test_data_rights import ana, decides, granted, opened, posted, received  # noqa: F401
from tests.topics.test_disposal import attached
from tests.world import NOW, World
from torogoz.domain.access import Basis, Decision, Role, Verb
from torogoz.domain.data_rights import Asker, Right
from torogoz.domain.disposal import Deed
from torogoz.domain.onward import Way
from torogoz.domain.people import DocumentTyped
from torogoz.domain.reintegration import Content, Level, Moment, Need
from torogoz.domain.retention import DataClass
from torogoz.domain.sessions import SessionKind
from torogoz.shared.attachments.actions import attach
from torogoz.shared.attachments.models import Attachment
from torogoz.shared.audit.actions import record
from torogoz.shared.data_rights import disposal_actions as deeds
from torogoz.shared.data_rights.own_file import gathered
from torogoz.shared.data_rights.papers import of_own_file
from torogoz.shared.data_rights.registry import holdings, told
from torogoz.shared.devices.models import Device, FilledForm, FormFile, Ruling
from torogoz.shared.households.models import BestInterests, ChildMove, Contact, Group, Member, Relationship
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.people.actions import add_identifier
from torogoz.shared.people.document_actions import correct_document, take_document_away
from torogoz.shared.people.models import DocumentCorrection, Encounter, Pair, PairDecision, Person
from torogoz.statistics.forms.shipped import HEADER
from torogoz.topics.returns import attention_actions, follow_up_actions, onward_actions, plan_actions
from torogoz.topics.returns.models import Arrival, ManifestLine, Plan, StopMade, Transport

pytestmark = pytest.mark.django_db
SAID = "Lo que se habló en confianza"


def lived(world: World, person: Person) -> Encounter:
    """Let a made-up person have something of everything that shared apps and topics keep."""
    psychosocial, health = world.officers["psychosocial_a"], world.officers["health_a"]
    registrar = world.officers["registrar_a"]
    dgme, met = Institution.objects.get(code="DGME"), Encounter.objects.get(person=person.pk)
    common: dict[str, Any] = {"recorded_by": registrar, "institution": dgme, "recorded_at": NOW}
    arrival = Arrival.objects.create(
        encounter=met, returned_from="MEX", route="LAND", reason="_U", needs=["food"], pregnant="Y", medical_stop="Y"
    )
    content = Content({Need.HOUSING: Level.SOON}, "Nota de quien acompaña", ("Poner una tienda",))
    plan = plan_actions.open_plan(by=psychosocial, encounter=met, content=content, now=NOW)
    plan_actions.plan_action(
        by=psychosocial, plan=plan, what="Buscar un local", who="Ana", institution=dgme,
        due=timezone.localdate(NOW), now=NOW,
    )  # fmt: skip
    follow_up_actions.assess(by=psychosocial, plan=plan, moment=Moment.BASELINE, answers={}, now=NOW)
    attention_actions.record_session(
        by=psychosocial, encounter=met, held_on=timezone.localdate(NOW), kind=SessionKind.INDIVIDUAL, notes=SAID,
        next_on=None, now=NOW,
    )  # fmt: skip
    onward_actions.keep_bag(by=registrar, encounter=met, number="S-17", things="Un teléfono", now=NOW)
    onward_actions.plan_trip(
        by=registrar, encounter=met, way=Way.OWN, leaves_at=NOW + timedelta(hours=3), place="Suchitoto", now=NOW
    )
    centre = world.offices["CENTRE-A"]
    shelter = onward_actions.add_shelter(by=registrar, centre=centre, name="Albergue inventado", capacity=3, now=NOW)
    today = timezone.localdate(NOW)
    onward_actions.give_bed(
        by=registrar, encounter=met, shelter=shelter, first_night=today, leaves_on=today + timedelta(days=1), now=NOW
    )
    Contact(person=person, way="phone", whose="own", safe="Y", valid_from=today, **common).keep(
        "7000-0001", "", ""
    ).save()
    aunt = Relationship(person=person, kin="relative", evidence="stated", **common)
    aunt.keep("Tía Inventada", "7000-0002", "Nota de quien registra").save()
    sister = world.person("hermana", office="CENTRE-A", by="registrar_a", given="Hermana", surname="Con Registro")
    Relationship(person=person, other=sister, kin="sibling", evidence="stated", **common).keep("", "", "").save()
    Relationship(person=sister, other=person, kin="sibling", evidence="stated", **common).keep("", "", "").save()
    group = Group.objects.create(kind="travel", formed_on=today, said_size=3, **common)
    for one in (person, sister):
        Member.objects.create(group=group, person=one, joined_on=today, **common)
    ChildMove(person=person, move="hand_over", receiver=aunt, **common).keep("", "", "").save()
    BestInterests(
        person=person,
        encounter=met,
        study="bia",
        done_on=today,
        review_on=today + timedelta(days=9),
        permits=[],
        **common,
    ).keep({}).save()
    person.refresh_from_db()
    mistyped = add_identifier(by=registrar, person=person, document=DocumentTyped("PASSPORT", "A0000001"), now=NOW)
    correct_document(
        by=registrar, person=person, document=mistyped.key, typed=DocumentTyped("PASSPORT", "A0000002"),
        expected_version=person.version, reason=DocumentCorrection.Reason.SPELT, now=NOW,
    )  # fmt: skip
    person.refresh_from_db()
    first, second = sorted((person, sister), key=lambda one: one.pk)
    pair = Pair.objects.create(first=first, second=second, score=60, reasons=[], found_at=NOW, verdict="other")
    PairDecision.objects.create(
        pair=pair, verdict="other", reason="Son hermanas", decided_by=registrar, institution=dgme, decided_at=NOW
    )
    device = Device.objects.create(
        officer=health, institution=dgme, code="t-1", hashed="x", name="t", registered_at=NOW,
        valid_until=NOW + timedelta(days=9),
    )  # fmt: skip
    filled = FilledForm(
        device=device, officer=health, institution=dgme, office=centre, instance="uuid:1", digest="d", form="f",
        version="1", received_at=NOW, state="applied", encounter=met,
    ).keep(b"<x/>")  # fmt: skip
    filled.save()
    FormFile.objects.create(
        filled=filled, named=hashlib.sha256(b"a").hexdigest(), digest="d", name=b"", attachment=attached(world, person)
    )
    Ruling(filled=filled, institution=dgme, verdict="same", person=person, by=health, at=NOW).keep("Es ella").save()
    transport = Transport.objects.create(
        office=centre, institution=dgme, route="LAND", arrives_on=today, number="B1", returned_from="MEX",
        recorded_by=registrar, recorded_at=NOW,
    )  # fmt: skip
    StopMade.objects.create(encounter=met, stop="health", progress="done", **common)
    ManifestLine.objects.create(key=uuid.uuid4(), transport=transport, row=2, sealed=b"x", arrival=arrival)
    return met


def own_file(world: World, decides: Officer, person: Person, **changes: Any) -> tuple[dict[str, Any], str]:  # noqa: F811
    request, password = granted(decides, received(world, person, Right.ACCESS, **changes))
    files = opened(request.file, password)
    assert files["own-file.pdf"].startswith(b"%PDF")
    text = files["own-file.json"].decode()
    return json.loads(text), text


def test_the_own_file_holds_what_topics_keep_and_nothing_of_others(
    world: World,
    ana: Person,  # noqa: F811
    decides: Officer,  # noqa: F811
) -> None:
    lived(world, ana)
    content, text = own_file(world, decides, ana)
    assert content["plans"][0]["versions"][0]["goals"] == ["Poner una tienda"]
    assert content["plan_actions"][0]["what"] == "Buscar un local"
    assert [one["moment"] for one in content["follow_ups"]] == ["baseline"]
    assert [one["kind"] for one in content["sessions"]] == ["individual"]
    assert content["belongings"][0]["things"] == "Un teléfono"
    assert content["trips"][0]["place"] == "Suchitoto"
    assert content["lodging"][0]["place"] == "Albergue inventado"
    assert [one["value"] for one in content["contacts"]] == ["7000-0001"]
    kin = [(one["kin"], one["name"], one["contact"]) for one in content["relatives"]]
    assert kin == [("relative", "Tía Inventada", "7000-0002"), ("sibling", None, None)]
    assert [(one["kind"], one["said_size"]) for one in content["groups"]] == [("travel", 3)]
    for hidden in (SAID, "Nota de quien", "Con Registro", str(world.people["hermana"].key)):
        assert hidden not in text


def test_the_own_file_tells_what_was_corrected_of_documents_and_not_the_number_of_somebody_else(
    world: World,
    ana: Person,  # noqa: F811
    decides: Officer,  # noqa: F811
) -> None:
    lived(world, ana)
    registrar = world.officers["registrar_a"]
    others = add_identifier(by=registrar, person=ana, document=DocumentTyped("PASSPORT", "Z9999999"), now=NOW)
    take_document_away(
        by=registrar, person=ana, document=others.key, expected_version=ana.version,
        reason=DocumentCorrection.Reason.ANOTHER, now=NOW + timedelta(minutes=1),
    )  # fmt: skip
    content, text = own_file(world, decides, ana)
    spelt, taken = content["document_corrections"]
    assert (spelt["before"]["number"], spelt["after"]["number"], spelt["removed"]) == ("A0000001", "A0000002", False)
    assert (spelt["institution"], spelt["reason"]) == ("DGME", "spelt")
    assert (taken["before"], taken["after"]) == ({"kind": "PASSPORT", "issuer": "SLV", "number": None}, None)
    assert "Z9999999" not in text
    request = received(world, ana, Right.ACCESS)
    printed = str(of_own_file(gathered(request, "es", NOW + timedelta(hours=1))).groups)
    assert "Pasaporte: A0000001" in printed
    assert "Pasaporte: no era suyo, y no se da" in printed
    assert "Z9999999" not in printed


def test_each_table_of_which_the_own_file_tells_is_in_it(
    world: World,
    ana: Person,  # noqa: F811
    decides: Officer,  # noqa: F811
) -> None:
    met = lived(world, ana)
    scanned(world, "health_a", met, "health", b"receta inventada")
    content, _text = own_file(world, decides, ana)
    missing = {
        label for label, member in told().items() if apps.get_model(label).objects.exists() and not content[member]
    }
    assert missing == set()
    assert {label for label in told() if not apps.get_model(label).objects.exists()} == {
        "people.correction",
        "cases.consent",
        "cases.handover",
    }, "made in other tests; the rest is made here, so that it can be missing"


def test_what_was_declared_on_arrival_is_told_whole_to_the_person(
    world: World,
    ana: Person,  # noqa: F811
    decides: Officer,  # noqa: F811
) -> None:
    lived(world, ana)
    Arrival.objects.update(reason="VIOLENCE", needs=["FOOD"])
    content, _text = own_file(world, decides, ana)
    (arrival,) = content["arrivals"]
    elsewhere = {"name", "sex", "birth", "nationality", "document", "arrived_at"}
    assert set(arrival["codes"]) | elsewhere == HEADER.codes, "a new fact of the header is told, or is told elsewhere"
    assert (arrival["codes"]["returned_from"], arrival["codes"]["pregnant"]) == ("MEX", "Y")
    said = {line["question"]: line["answer"] for line in arrival["answers"]}
    assert said["País de retorno"] == "México"
    assert (said["Vía"], said["Embarazo"], said["Parada médica"]) == ("Terrestre", "Sí", "Obligatoria")
    assert [one["stop"] for one in content["stops"]] == ["psychosocial", "health"]


@pytest.mark.parametrize("changes", [{"asker": Asker.PROXY, "authority": "Partida"}, {"by": "police_a"}])
def test_of_an_arrival_others_are_not_given_health_nor_where_she_went_nor_why(
    world: World,
    ana: Person,  # noqa: F811
    decides: Officer,  # noqa: F811
    changes: dict[str, Any],
) -> None:
    lived(world, ana)
    content, text = own_file(world, decides, ana, **changes)
    (arrival,) = content["arrivals"]
    assert set(arrival["codes"]) == {"returned_from", "route", "origin"}
    assert content["stops"] is None
    assert content["child_moves"] is None
    assert not any(word in text for word in ("Embarazo", "Parada médica", "Motivo"))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", ("Mujer", "El Salvador", "Embarazo, discapacidad o heridas al llegar", "Su familia")),
        ("en", ("Woman", "El Salvador", "Pregnancy, disability or injuries on arrival", "The family")),
    ],
)
def test_paper_calls_nothing_by_a_code(
    world: World,
    ana: Person,  # noqa: F811
    decides: Officer,  # noqa: F811
    language: str,
    words: tuple[str, ...],
) -> None:
    Person.objects.filter(pk=ana.pk).update(sex="F", nationality="SLV")
    record(
        officer="inventada",
        institution="DGME",
        verb=Verb.VIEW,
        what="person",
        subjects=[str(ana.key)],
        decision=Decision(True, Basis.OWN, "DGME"),
        now=NOW,
        sections=["arrival_health", "family"],
        channel="page",
    )
    request = received(world, ana, Right.ACCESS)
    request.person.refresh_from_db()
    printed = str(of_own_file(gathered(request, language, NOW + timedelta(hours=1))).groups)
    assert all(word in printed for word in words)
    assert not any(code in printed for code in ("arrival_health", "'SLV'", "'F'", "DUI SLV"))


@pytest.mark.parametrize(
    ("sex", "nationality", "issuer", "told"),
    [
        ("_U", "_U", "_U", ("No se sabe", "No se sabe", "(No se sabe): 00016297-5")),
        ("", "", "", ("No se sabe", "No se sabe", "(No se sabe): 00016297-5")),
        ("F", "_X", "SLV", ("Mujer", "Sin nacionalidad", "(El Salvador): 00016297-5")),
        ("M", "ZZZ", "ZZZ", ("Hombre", "ZZZ", "(ZZZ): 00016297-5")),
    ],
)
def test_only_what_is_not_known_is_printed_as_unknown(
    world: World,
    ana: Person,  # noqa: F811
    sex: str,
    nationality: str,
    issuer: str,
    told: tuple[str, str, str],
) -> None:
    request = received(world, ana, Right.ACCESS)
    found = gathered(request, "es", NOW + timedelta(hours=1))
    found.content["person"] |= {"sex": sex, "nationality": nationality}
    found.content["person"]["documents"][0]["issuer"] = issuer
    who = dict(next(each for each in of_own_file(found).groups if each.title == "Quién es").lines)
    assert (who["Sexo"], who["Nacionalidad"]) == told[:2]
    assert who["Documentos"].endswith(told[2])


def scanned(world: World, by: str, met: Encounter, code: str, said: bytes) -> Attachment:
    sheet = [b"%PDF-1.4 " + said * 9]
    return attach(by=world.officers[by], encounter=met, code=code, name="hoja.pdf", chunks=sheet, now=NOW)


def test_scans_go_into_the_archive_each_where_its_section_goes(
    world: World,
    ana: Person,  # noqa: F811
    decides: Officer,  # noqa: F811
) -> None:
    met = lived(world, ana)
    plan = scanned(world, "psychosocial_a", met, "reintegration", b"plan firmado inventado")
    health = scanned(world, "health_a", met, "health", b"receta inventada")
    lost = scanned(world, "health_a", met, "health", b"se va a perder")
    unwritten = scanned(world, "women_a", met, "women", b"seccion sin escribir")
    lost.path.unlink()
    request, password = granted(decides, received(world, ana, Right.ACCESS))
    files = opened(request.file, password)
    told = {one["file"]: one for one in json.loads(files["own-file.json"])["attachments"]}
    kept = {name: files[name] for name in told if name}
    assert {one["section"] for one in told.values()} == {"health", "reintegration", "women"}
    for one, said in ((plan, b"plan firmado"), (health, b"receta"), (unwritten, b"seccion sin")):
        assert any(said in content for content in kept.values()), one.code
    assert told[None]["section"] == "health"
    assert len(files) == 2 + len(kept)
    assert "reintegration" in request.file.sections


@pytest.mark.parametrize("changes", [{"asker": Asker.PROXY, "authority": "Partida"}, {"by": "police_a"}])
def test_no_scan_of_what_was_told_in_confidence_goes_to_a_representative_or_through_the_police(
    world: World,
    ana: Person,  # noqa: F811
    decides: Officer,  # noqa: F811
    changes: dict[str, Any],
) -> None:
    met = lived(world, ana)
    for by, code in (("psychosocial_a", "reintegration"), ("health_a", "health"), ("women_a", "women")):
        scanned(world, by, met, code, b"en confianza")
    request, password = granted(decides, received(world, ana, Right.ACCESS, **changes))
    files = opened(request.file, password)
    assert set(files) == {"own-file.json", "own-file.pdf"}
    assert json.loads(files["own-file.json"])["attachments"] == []


def test_the_scan_of_a_plan_is_disposed_of_with_what_is_sensitive(
    world: World,
    ana: Person,  # noqa: F811
    decides: Officer,  # noqa: F811
) -> None:
    met = Encounter.objects.get(person=ana.pk)
    scanned(world, "psychosocial_a", met, "reintegration", b"plan firmado inventado")
    sensitive = next(
        each
        for each in holdings({DataClass.SENSITIVE})
        if each.label == "attachments.attachment" and each.rows([ana.pk]).exists()
    )
    assert sensitive.classes == {DataClass.SENSITIVE}


@pytest.mark.parametrize("changes", [{"asker": Asker.PROXY, "authority": "Partida"}, {"by": "police_a"}])
def test_a_representative_and_the_police_are_not_given_where_the_person_may_be_found(
    world: World,
    ana: Person,  # noqa: F811
    decides: Officer,  # noqa: F811
    changes: dict[str, Any],
) -> None:
    lived(world, ana)
    content, text = own_file(world, decides, ana, **changes)
    members = ("contacts", "relatives", "groups", "plans", "plan_actions", "follow_ups", "sessions")
    assert [content[member] for member in (*members, "belongings", "trips", "lodging")] == [None] * 10
    assert not any(told in text for told in ("7000-0001", "Suchitoto", "Tía Inventada", "Albergue"))


@pytest.mark.parametrize("order", [[DataClass.IDENTITY], list(reversed(DataClass))])
def test_everything_that_hangs_on_a_person_goes_whole_or_class_by_class(
    world: World,
    ana: Person,  # noqa: F811
    decides: Officer,  # noqa: F811
    order: list[DataClass],
) -> None:
    lived(world, ana)
    second = posted(world, "DGME", Role.DATA_PROTECTION)
    Encounter.objects.filter(person=ana).update(occurred_at=NOW - timedelta(days=11 * 366))
    Plan.objects.update(opened_on="2015-01-01")
    sister = world.people["hermana"]
    rows = [one for one in holdings(DataClass) if one.deed is Deed.REMOVE]
    some = {"returns.plan", "devices.formfile", "people.documentcorrection"}
    assert {one.label for one in rows if one.rows([ana.pk]).exists()} >= some
    of_sister = {one.label: one.rows([sister.pk]).count() for one in rows if not one.label.startswith("people.pair")}
    for data_class in order:
        made = deeds.propose_disposal(by=decides, institution="DGME", data_class=data_class, now=NOW)
        done = deeds.confirm_disposal(by=second, disposal=made, now=NOW)
        if data_class is DataClass.IDENTITY:
            assert done.counts["people.documentcorrection"] == 1
    assert {one.label for one in rows if one.rows([ana.pk]).exists()} == set()
    assert {one.label: one.rows([sister.pk]).count() for one in rows if one.label in of_sister} == of_sister
    arrival = Arrival.objects.get()
    assert (arrival.pregnant, arrival.needs, arrival.returned_from) == ("_U", [], "MEX")
