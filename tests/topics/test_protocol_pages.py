# ruff: noqa: F401, F811 - fixtures are asked for by their name
"""The pages of the protocol, asked by officers of two institutions, from the draft to the signed annex."""

import re
from importlib import import_module

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.topics.test_data_rights import BACKEND, posted
from tests.topics.test_protocols import WHY, first, labour, now, proposed, proposed_end
from tests.world import World
from torogoz.domain.access import Role
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.institutions.models import Officer
from torogoz.shared.protocols import actions, queries
from torogoz.shared.protocols.models import Annex, ProtocolVersion, Signature
from torogoz.shared.vault import rotation
from torogoz.shared.vault.keyring import Purpose
from torogoz.shared.vault.models import VaultKey
from torogoz.shared.vault.sealing import seal

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def entered(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer, backend=BACKEND)
    return client


def line(section: str, institution: str, role: str = "registrar") -> dict[str, str]:
    return {
        "section": section,
        "institution": institution,
        "role": role,
        "right": "read",
        "basis_es": "Orientar hacia un empleo",
        "basis_en": "Guiding towards a job",
        "ground": "DL-286-2019",
    }


def test_from_the_draft_of_one_institution_to_the_annex_that_another_approved(world: World, labour: Officer) -> None:
    ours, theirs = entered(world.officers["data_protection"]), entered(labour)
    begun = ours.post(reverse("protocols:new"), {"institution": "DGME", "reason": WHY, "since": "", "start": "last"})
    change = ProtocolVersion.objects.get(state="draft")
    page = reverse("protocols:draft", args=[change.key])
    assert begun["Location"] == page
    assert theirs.get(page).status_code == 404, "a draft is of those who write it"
    assert ours.post(page, line("labour", "DGME")).status_code == 302
    assert ours.post(reverse("protocols:step", args=[change.key, "propose"])).status_code == 302
    assert "(1)" in theirs.get(reverse("protocols:index")).content.decode()
    shown = theirs.get(page).content.decode()
    assert "1 renglón que se agrega" in shown
    assert "Decreto 286 sobre migración y extranjería, artículo por confirmar" in shown
    told = {"approve-institution": "MTPS", "approve-reviewed": re.findall(r'approve-reviewed" value="(\d+)"', shown)[0]}
    for step in ("approve", "refuse"):
        assert f"{step}/" not in ours.get(page).content.decode(), "who proposed decides nothing"
    done = theirs.post(reverse("protocols:step", args=[change.key, "approve"]), told)
    assert done["Location"] == reverse("protocols:version", args=[2])
    for client in (ours, theirs):
        for language in ("es", "en"):
            address = reverse("protocols:annex", args=[2, language])
            one, again = client.get(address), client.get(address)
            assert one.content.startswith(b"%PDF")
            assert one.content == again.content
    compared = ours.get(reverse("protocols:difference"), {"before": "1", "after": "2"}).content.decode()
    assert "1 renglón que se agrega" in compared
    assert (
        "1 renglón que termina"
        in ours.get(reverse("protocols:difference"), {"before": "2", "after": "1"}).content.decode()
    )


def test_a_line_that_must_never_be_is_said_beside_its_field_and_nothing_is_kept(
    world: World, first: ProtocolVersion
) -> None:
    ours = entered(world.officers["data_protection"])
    ours.post(reverse("protocols:new"), {"institution": "DGME", "reason": WHY, "since": "", "start": "last"})
    change = ProtocolVersion.objects.get(state="draft")
    answer = ours.post(reverse("protocols:draft", args=[change.key]), line("health", "PNC", "specialist"))
    assert answer.status_code == 422
    assert "PNC nunca lee «health»" in answer.content.decode()
    assert "Orientar hacia un empleo" in answer.content.decode(), "what was typed is there"
    assert ProtocolVersion.objects.get(pk=change.pk).lines == change.lines


def test_an_approval_that_cannot_be_says_why_and_changes_nothing(world: World, labour: Officer) -> None:
    change = proposed(world)
    health = entered(posted(world, "MINSAL", Role.DATA_PROTECTION))
    address = reverse("protocols:step", args=[change.key, "approve"])
    answer = health.post(address, {"approve-institution": "MINSAL", "approve-reviewed": change.version})
    assert answer.status_code == 422
    assert "la escribe" in answer.content.decode()
    stale = entered(labour).post(address, {"approve-institution": "MTPS", "approve-reviewed": change.version - 1})
    assert stale.status_code == 422
    assert "revise de nuevo" in stale.content.decode()
    latest = queries.latest()
    assert latest is not None
    assert latest.number == 1


def test_a_signature_is_kept_with_its_sheet_and_what_is_no_sheet_is_not(world: World, labour: Officer) -> None:
    change = proposed_end(world)
    actions.approve(by=labour, institution="MTPS", draft=change, reviewed=change.version, now=timezone.now())
    client, address = entered(labour), reverse("protocols:sign", args=[2])
    told = {"institution": "MTPS", "signed_by": "Ministra inventada", "signed_on": f"{timezone.localdate()}"}
    script = SimpleUploadedFile("hoja.html", b"<script>alert(1)</script>")
    wrong = client.post(address, {**told, "sheet": script})
    assert wrong.status_code == 422
    assert "debe ser un PDF o una imagen" in wrong.content.decode()
    assert not Signature.objects.exists()
    assert client.post(address, {**told, "sheet": SimpleUploadedFile("hoja.png", PNG)}).status_code == 302
    sheet = reverse("protocols:sheet", args=[2, Signature.objects.get().key])
    got = entered(world.officers["data_protection"]).get(sheet)
    assert (got.content, got["Content-Type"]) == (PNG, "image/png")
    assert "Ministra inventada" in client.get(reverse("protocols:version", args=[2])).content.decode()
    assert client.post(reverse("protocols:sign", args=[2]), {**told, "institution": "DGME"}).status_code == 422


def signed(world: World, labour: Officer) -> Signature:
    change = proposed_end(world)
    held = actions.approve(by=labour, institution="MTPS", draft=change, reviewed=change.version, now=timezone.now())
    return actions.sign(
        by=labour,
        institution="MTPS",
        version=held,
        signed_by="Ministra inventada",
        signed_on=timezone.localdate(),
        sheet=PNG,
        now=timezone.now(),
    )


def test_a_scanned_sheet_is_sealed_follows_its_keys_and_one_stored_in_the_clear_is_sealed(
    world: World, labour: Officer
) -> None:
    signature = Signature.objects.get(pk=signed(world, labour).pk)
    assert PNG not in bytes(signature.sheet or b"")
    rotation.rotate(Purpose.SEAL, "MTPS", timezone.now())
    rotation.rewrap(timezone.now())
    assert queries.sheet_of(signature.protocol, signature.key) == (signature, PNG)
    assert rotation.verify().faults == ()
    Signature.objects.filter(pk=signature.pk).update(sheet=PNG)
    VaultKey.objects.filter(institution="MTPS").delete()
    migration = import_module("torogoz.shared.protocols.migrations.0002_sheets_sealed")
    migration.seal(apps, None)
    stored = Signature.objects.get(pk=signature.pk)
    assert PNG not in bytes(stored.sheet or b"")
    assert queries.sheet_of(stored.protocol, stored.key) == (stored, PNG)


def test_a_damaged_annex_or_sheet_is_not_sent_and_a_page_says_so(
    world: World, labour: Officer, caplog: pytest.LogCaptureFixture
) -> None:
    signature = signed(world, labour)
    Annex.objects.filter(language="es").update(pdf=b"%PDF-1.7 another")
    damaged = [reverse("protocols:annex", args=[2, "es"]), reverse("protocols:sheet", args=[2, signature.key])]
    sealed = bytes(Signature.objects.get(pk=signature.pk).sheet or b"")
    for other in (sealed[:-1] + bytes([sealed[-1] ^ 1]), PNG, seal("MTPS", PNG, "protocols_signature.sheet:another")):
        Signature.objects.filter(pk=signature.pk).update(sheet=other)
        for address in damaged:
            told = AccessEvent.objects.count()
            for client in (entered(labour), entered(world.officers["data_protection"])):
                answer = client.get(address)
                assert answer.status_code == 503
                assert "Este archivo no está como se guardó" in answer.content.decode()
            assert AccessEvent.objects.count() == told, "nobody was shown anything"
    logged = " ".join(record.getMessage() for record in caplog.records)
    assert "the annex of protocol 2 in es is not the one that was issued" in logged
    assert "inventada" not in logged
    assert entered(labour).get(reverse("protocols:annex", args=[2, "en"])).status_code == 200


def test_the_version_of_the_programme_is_read_line_by_line_and_its_annex_issued_once(
    world: World,
    first: ProtocolVersion,
) -> None:
    client = entered(world.officers["supervisor_a"])
    page = client.get(reverse("protocols:version", args=[1])).content.decode()
    assert page.count("<tr>") - page.count("<thead><tr>") == len(first.lines)
    for _again in range(2):
        assert client.post(reverse("protocols:issue", args=[1])).status_code == 302
    assert first.annexes.count() == 2
    english = client.get(reverse("protocols:version", args=[1]), {"lang": "en"}).content.decode()
    assert "article to be confirmed" in english
    assert "ninguna" not in english.lower()


def test_who_agrees_on_nothing_finds_nothing_and_anybody_reads_the_laws(world: World, labour: Officer) -> None:
    change = proposed(world)
    for nobody in ("labour_a", "statistician", "registrar_a"):
        client = entered(world.officers[nobody])
        for address in (
            reverse("protocols:index"),
            reverse("protocols:version", args=[1]),
            reverse("protocols:draft", args=[change.key]),
            reverse("protocols:difference"),
        ):
            assert client.get(address).status_code == 404
    laws = Client().get(reverse("protocols:laws")).content.decode()
    assert "Decreto Legislativo 144 of 12 November 2024" in laws
    assert laws.count("No se conoce: ninguna fuente leída lo da") == len(queries.legal_grounds())
