"""Files of a section: sealed on the disk, opened by who may read the section, and by nobody else."""

import re
import uuid
from collections.abc import Callable, Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.world import NOW, World
from torogoz.domain.attachments import JPEG, MOST_BYTES, PDF, PNG, SOUND, WEBP, AttachmentRefused, Fault, kind_of
from torogoz.shared.attachments.actions import attach
from torogoz.shared.attachments.models import Attachment
from torogoz.shared.attachments.queries import attachment_seen_by, attachments_seen_by, content
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.models import Encounter, Section
from torogoz.shared.vault import keyring, rotation
from torogoz.shared.vault.files import PIECE
from torogoz.shared.vault.sealing import SealBroken, seal

BACKEND = "django.contrib.auth.backends.ModelBackend"
PAGE = b"%PDF-1.7\n" + b"receta de ana, inventada. " * 9000  # more than three pieces


@pytest.fixture
def health(world: World) -> Section:
    """The health section of somebody met at centre A."""
    person = world.person("ana", office="CENTRE-A", by="registrar_a")
    return world.section(person, "health", by="health_a", answers={"care": "TREATED"})


@pytest.fixture
def stored(world: World, health: Section) -> Attachment:
    return put(world, health)


def put(world: World, section: Section, by: str = "health_a", body: bytes = PAGE, size: int = 1000) -> Attachment:
    chunks = (body[at : at + size] for at in range(0, len(body), size))
    return attach(
        by=world.officers[by], encounter=section.encounter, code=section.code, name="receta.exe", chunks=chunks, now=NOW
    )


def signed_in(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.officers[username], backend=BACKEND)
    return client


def body_of(response: object) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_a_file_is_sealed_on_the_disk_and_opens_as_it_was(world: World, stored: Attachment) -> None:
    (seen,) = attachments_seen_by(world.officers["health_a"], stored.encounter, NOW)
    assert (seen.name, stored.media, stored.size) == ("receta.exe", "application/pdf", len(PAGE))
    assert b"".join(content(seen.attachment)) == PAGE
    sealed = stored.path.read_bytes()
    assert b"receta" not in sealed
    assert len(sealed) == len(PAGE) + 16 * (len(PAGE) // PIECE + 1)
    assert [path.name for path in stored.path.parent.iterdir()] == [stored.key.hex]


@pytest.mark.parametrize("size", [1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE])
def test_a_file_of_any_length_opens(world: World, health: Section, size: int) -> None:
    body = (b"%PDF-" + bytes(size))[: max(size, 5)]
    seen = attachment_seen_by(world.officers["health_a"], put(world, health, body=body, size=777).key, NOW)
    assert seen
    assert b"".join(content(seen.attachment)) == body


def test_a_file_that_was_altered_cut_or_exchanged_does_not_open(world: World, stored: Attachment) -> None:
    sealed = stored.path.read_bytes()
    seen = attachment_seen_by(world.officers["health_a"], stored.key, NOW)
    assert seen
    piece = PIECE + 16
    swapped = sealed[piece : 2 * piece] + sealed[:piece] + sealed[2 * piece :]
    for damaged in (sealed[:-1], sealed[:piece], swapped, bytes([sealed[0] ^ 1]) + sealed[1:], b""):
        stored.path.write_bytes(damaged)
        with pytest.raises(SealBroken, match="altered or cut"):
            b"".join(content(seen.attachment))


def test_it_is_sent_to_who_may_read_the_section_and_to_nobody_else(world: World, stored: Attachment) -> None:
    address = reverse("attachments:file", kwargs={"key": stored.key})
    sent = signed_in(world, "health_a").get(address)
    assert body_of(sent) == PAGE
    assert sent["Content-Type"] == "application/pdf"
    assert sent["Content-Disposition"].startswith("attachment;")
    assert "receta" not in sent["Content-Disposition"]
    event = AccessEvent.objects.order_by("sequence").last()
    assert event is not None
    assert (event.what, event.channel, event.sections, event.allowed) == ("attachment", "attachment", ["health"], True)
    assert event.subjects == [str(world.people["ana"].key), str(stored.key)]
    for username in ("police_a", "logistics_a", "labour_a", "health_b", "data_protection", "statistician"):
        client = signed_in(world, username)
        denied = client.get(address)
        nowhere = client.get(reverse("attachments:file", kwargs={"key": uuid.uuid4()}))
        pages = [re.sub(rb'value="\w{64}"', b"", answer.content) for answer in (denied, nowhere)]  # without tokens
        assert (denied.status_code, pages[0]) == (404, pages[1]), username
        assert attachments_seen_by(world.officers[username], stored.encounter, NOW) == [], username


def cut(stored: Attachment) -> None:
    stored.path.write_bytes(stored.path.read_bytes()[: PIECE + 16])


def altered_at_the_end(stored: Attachment) -> None:
    sealed = stored.path.read_bytes()
    stored.path.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))


def gone(stored: Attachment) -> None:
    stored.path.unlink()


def under_the_key_of_another(stored: Attachment) -> None:
    sealed = seal(stored.institution.code, keyring.fresh(), stored.about("secret"))
    Attachment.objects.filter(pk=stored.pk).update(secret=sealed)


@pytest.mark.parametrize("damage", [cut, altered_at_the_end, gone, under_the_key_of_another])
def test_of_a_damaged_file_nothing_is_sent_and_a_page_says_so(
    world: World, stored: Attachment, damage: Callable[[Attachment], None], caplog: pytest.LogCaptureFixture
) -> None:
    damage(stored)
    client, address = signed_in(world, "health_a"), reverse("attachments:file", kwargs={"key": stored.key})
    told = AccessEvent.objects.count()
    answer = client.get(address)
    assert answer.status_code == 503
    page = answer.content.decode()
    assert "Este archivo no está como se guardó" in page
    assert "Avise a quien opera el sitio y diga la hora" in page
    assert "This file is not as it was stored" in client.get(address, {"lang": "en"}).content.decode()
    assert AccessEvent.objects.count() == told, "nobody was shown anything"
    logged = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("torogoz"))
    assert str(stored.key) in logged
    assert "receta" not in logged
    assert str(stored.encounter.person.key) not in logged
    assert Attachment.objects.filter(pk=stored.pk).exists()


def test_only_who_may_write_the_section_attaches(world: World, health: Section) -> None:
    for username in ("registrar_a", "police_a", "health_b", "logistics_a", "labour_a"):
        with pytest.raises(NotAllowed):
            put(world, health, by=username)
    assert not Attachment.objects.exists()


def test_what_is_not_taken_leaves_nothing_behind(world: World, health: Section) -> None:
    for body, fault in (
        (b"", Fault.EMPTY),
        (b"<html><script>", Fault.UNKNOWN_KIND),
        (b"MZ" + bytes(100), Fault.UNKNOWN_KIND),
        (PAGE + bytes(MOST_BYTES), Fault.TOO_LARGE),
    ):
        with pytest.raises(AttachmentRefused) as refused:
            put(world, health, body=body, size=PIECE)
        assert refused.value.fault is fault
    stored = put(world, health)
    assert [path for path in stored.path.parent.parent.rglob("*") if path.is_file()] == [stored.path]
    assert Attachment.objects.count() == 1


def test_a_kind_is_known_by_its_content() -> None:
    starts = {b"%PDF-1.4": PDF, b"\xff\xd8\xff\xe0": JPEG, b"\x89PNG\r\n\x1a\n": PNG, b"RIFF1234WEBPVP8 ": WEBP}
    assert {start: kind_of(start) for start in starts} == starts
    assert kind_of(b"\0\0\0\x18ftypM4A ") is SOUND
    assert kind_of(b"RIFF1234WAVE") is None
    assert kind_of(b"<svg xmlns=") is None


def test_a_device_that_sends_a_file_twice_stores_it_once(world: World, health: Section) -> None:
    key = uuid.uuid4()
    for _ in range(2):
        sent = attach(
            by=world.officers["health_a"],
            encounter=health.encounter,
            code="health",
            name="a.pdf",
            chunks=[PAGE],
            now=NOW,
            key=key,
        )
        assert sent.key == key
    assert Attachment.objects.count() == 1


def test_after_a_rotation_of_keys_a_file_still_opens(world: World, stored: Attachment) -> None:
    rotation.rotate(rotation.Purpose.SEAL, "MINSAL", NOW)
    assert rotation.rewrap(NOW) == 3  # the key of the file, its name, and the section
    rotation.drop(rotation.Purpose.SEAL, "MINSAL", 1, NOW)
    seen = attachment_seen_by(world.officers["health_a"], stored.key, NOW)
    assert seen
    assert b"".join(content(seen.attachment)) == PAGE


def send(client: Client, encounter: Encounter, body: bytes | None) -> Iterator[str]:
    address = reverse("returns:attachment", args=[encounter.person.key, encounter.key, "health"])
    data = {} if body is None else {"file": SimpleUploadedFile("foto.pdf", body)}
    answer = client.post(address, data, follow=True)
    yield str(answer.status_code)
    yield answer.content.decode()


def test_a_file_is_attached_and_listed_on_the_page_of_the_person(world: World, health: Section) -> None:
    client = signed_in(world, "health_a")
    status, page = send(client, health.encounter, PAGE)
    assert status == "200"
    assert "Se guardó el archivo, cifrado." in page
    stored = Attachment.objects.get()
    assert reverse("attachments:file", args=[stored.key]) in page
    assert "foto.pdf" in page
    for body, said in ((b"<html>", "se aceptan PDF"), (None, "no se eligió un archivo")):
        _, page = send(client, health.encounter, body)
        assert said in page
    assert Attachment.objects.count() == 1
    other = signed_in(world, "registrar_a")
    page = other.get(reverse("returns:person", args=[health.encounter.person.key])).content.decode()
    assert "foto.pdf" not in page
    assert send(other, health.encounter, PAGE).__next__() == "404"
    assert Attachment.objects.count() == 1
