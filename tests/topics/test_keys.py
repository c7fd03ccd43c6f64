"""`torogoz keys`: after a rotation everything opens, the older key can go, and what was interrupted is continued."""

import base64
import os
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from tests.world import World, make_world
from torogoz.domain.people import DocumentTyped
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.exports.models import Export
from torogoz.shared.people.actions import add_identifier
from torogoz.shared.people.models import Identifier, Section
from torogoz.shared.people.queries import search_seen_by
from torogoz.shared.vault import rotation, sealing, signing
from torogoz.shared.vault.keyring import KeyMissing, Purpose
from torogoz.shared.vault.models import VaultKey

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
DUI = "00016297-5"
ANSWERS = {"health_note": "reposo"}


@pytest.fixture
def world(db: None) -> World:
    """Two people with documents, sealed for DGME, and one health section, sealed for MINSAL."""
    world = make_world()
    for nickname, number in (("ana", DUI), ("rosa", "04721938-1")):
        person = world.person(nickname, office="CENTRE-A", by="registrar_a")
        add_identifier(by=world.officers["registrar_a"], person=person, document=DocumentTyped("DUI", number), now=NOW)
    world.section(world.people["ana"], "health", by="health_a", answers=ANSWERS)
    return world


def keys(*words: str) -> str:
    said = StringIO()
    call_command("keys", *words, stdout=said)
    return said.getvalue()


def found(world: World) -> list[Any]:
    return [each.key for each in search_seen_by(world.officers["registrar_a"], document=DUI, now=NOW)]


def test_after_a_rotation_everything_opens_and_the_older_key_is_dropped(world: World) -> None:
    keys("rotate", "--all")
    assert Identifier.objects.get(person=world.people["ana"]).number == DUI
    with pytest.raises(CommandError, match="still serves 2 values"):
        keys("drop", "seal:DGME:1")
    assert "3 values sealed anew" in keys("rewrap")
    assert "0 values sealed anew" in keys("rewrap")
    keys("drop", "seal:DGME:1")
    keys("drop", "seal:MINSAL:1")
    assert "3 sealed values open" in keys("verify")
    assert Section.objects.get().answers == ANSWERS
    assert found(world) == [world.people["ana"].key]
    assert "seal:DGME:2" in keys("status")
    assert "seal:DGME:1" not in keys("status")
    events = AccessEvent.objects.filter(channel="command").order_by("sequence")
    assert [event.what for event in events if "key" in event.what] == ["key_added"] * 2 + ["key_removed"] * 2


def test_documents_are_found_before_while_and_after_the_key_of_their_hashes_is_rotated(world: World) -> None:
    before = bytes(Identifier.objects.get(person=world.people["ana"]).hashed)
    keys("rotate", "--hash")
    assert found(world) == [world.people["ana"].key]
    add_identifier(
        by=world.officers["registrar_a"], person=world.people["ana"], document=DocumentTyped("DUI", DUI), now=NOW
    )
    assert Identifier.objects.filter(person=world.people["ana"]).count() == 1
    with pytest.raises(CommandError, match="still serves"):
        keys("drop", "hash::1")
    keys("rewrap")
    keys("drop", "hash::1")
    assert found(world) == [world.people["ana"].key]
    assert bytes(Identifier.objects.get(person=world.people["ana"]).hashed) != before


def test_a_rotation_that_was_interrupted_is_continued(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 1)
    keys("rotate", "--all")

    def stop(what: str, done: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.rewrap(NOW, stop)
    assert {sealing.key_number(bytes(row.sealed)) for row in Identifier.objects.all()} == {1, 2}
    assert {row.number for row in Identifier.objects.all()} == {DUI, "04721938-1"}
    assert rotation.rewrap(NOW) == 2
    assert rotation.verify() == rotation.Verified(3, ())


def test_the_key_that_is_lost_harms_its_institution_only_and_the_rest_is_still_rotated(world: World) -> None:
    VaultKey.objects.filter(purpose=Purpose.SEAL, institution="MINSAL").delete()
    keys("rotate", "--institution", "DGME")
    with pytest.raises(CommandError, match="2 values were sealed anew; others were left as they are") as failed:
        keys("rewrap")
    assert "restore the table vault_vaultkey" in str(failed.value)
    with pytest.raises(KeyMissing, match="restore the table vault_vaultkey"):
        world.section(world.people["rosa"], "health", by="health_a", answers=ANSWERS)
    with pytest.raises(CommandError, match="1 do not open"):
        keys("verify")
    assert found(world) == [world.people["ana"].key]


def test_a_new_master_key_takes_the_place_of_the_one_before(world: World, settings: LazySettings) -> None:
    before, after = settings.MASTER_KEY, os.urandom(32)
    settings.MASTER_KEY = after
    with pytest.raises(KeyMissing, match="TOROGOZ_MASTER_KEY"):
        rotation.take_new_master(NOW)
    assert "NO" in keys("status")
    settings.MASTER_KEY_BEFORE = before
    assert found(world) == [world.people["ana"].key]
    assert "keys wrapped by the new master key" in keys("new-master")
    assert keys("new-master").startswith("0 keys")
    settings.MASTER_KEY_BEFORE = b""
    assert rotation.verify() == rotation.Verified(3, ())
    assert base64.b64encode(after).decode() not in keys("status")


def test_what_cannot_be_done_changes_nothing_and_says_so(world: World) -> None:
    for words, said in (
        (("rotate", "--institution", "NOBODY"), "there is no institution NOBODY"),
        (("drop", "seal:DGME:1"), "is the newest of its kind"),
        (("drop", "seal:DGME:9"), "there is no key seal:DGME:9"),
        (("drop", "something"), "is no key"),
    ):
        with pytest.raises(CommandError, match=said):
            keys(*words)
    keys("rotate", "--sign")
    with pytest.raises(CommandError, match="kept for good"):
        keys("drop", "sign::1")
    assert rotation.verify().opened == 3


def test_a_sealed_column_is_always_one_that_the_rotation_knows(world: World) -> None:
    known = {(model, column.field) for model, column in rotation.sealed_columns()}
    assert (Identifier, "sealed") in known
    assert (Section, "sealed") in known


def test_on_the_pages_a_lost_key_shuts_only_what_it_sealed(world: World) -> None:
    person = world.people["ana"]
    world.section(person, "labour", by="labour_a", answers={"occupation": "pintora"})
    address = reverse("returns:person", args=[person.key])
    VaultKey.objects.filter(purpose=Purpose.SEAL, institution="MINSAL").delete()
    page = signed_in(world, "health_a").get(address)
    assert page.status_code == 200
    assert "Está guardada y cifrada, pero no abre" in page.content.decode()
    assert "reposo" not in page.content.decode()
    assert "00016297-5" in page.content.decode()
    section = reverse("returns:section", args=[person.key, "health"])
    assert signed_in(world, "health_a").get(section).status_code == 404  # nobody writes over what is shut
    VaultKey.objects.filter(purpose=Purpose.SEAL, institution="DGME").delete()
    page = signed_in(world, "registrar_a").get(address)
    assert "(cifrado; falta su clave)" in page.content.decode()
    assert found(world) == [person.key]


def test_a_page_that_must_open_what_is_shut_says_so_and_stores_nothing(world: World) -> None:
    VaultKey.objects.filter(purpose=Purpose.SEAL, institution="DGME").delete()
    asked = {
        "since": "2026-01-01",
        "until": "2026-11-21",
        "purpose": "case",
        "reason": "Lista de seguimiento",
    }
    answer = signed_in(world, "supervisor_a").post(reverse("exports:index"), asked)
    assert answer.status_code == 503
    assert "torogoz keys verify" in answer.content.decode()
    assert not Export.objects.exists()


def test_anybody_reads_the_public_keys_that_check_sheets_and_no_secret(db: None) -> None:
    signed = signing.sign(b"una hoja")
    page = Client().get(reverse("vault:signing_keys"))
    assert page.content.startswith(b"-----BEGIN PUBLIC KEY-----")
    assert b"PRIVATE" not in page.content
    key = load_pem_public_key(page.content)
    assert isinstance(key, Ed25519PublicKey)
    key.verify(signed, b"una hoja")
    assert signing.verify(b"una hoja", signed)
    assert not signing.verify(b"otra hoja", signed)


def signed_in(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.officers[username], backend="django.contrib.auth.backends.ModelBackend")
    return client
