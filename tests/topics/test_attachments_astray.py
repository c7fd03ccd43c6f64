"""Old files without a row are found and removed; rows without a file are told; nothing else is touched."""

import os
from datetime import timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.topics.test_attachments import PAGE, put
from tests.world import World
from torogoz.shared.attachments.models import Attachment

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored(world: World) -> Attachment:
    """A file of the health section of somebody met at centre A, two days old."""
    person = world.person("ana", office="CENTRE-A", by="registrar_a")
    attachment = put(world, world.section(person, "health", by="health_a", answers={"care": "TREATED"}))
    aged(attachment.path)
    return attachment


def aged(path: Path) -> Path:
    old = (timezone.now() - timedelta(days=2)).timestamp()
    os.utime(path, (old, old))
    return path


def left(name: str, *, old: bool) -> Path:
    path = Path(settings.ATTACHMENTS) / name[:2] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"sealed")
    return aged(path) if old else path


def said(*what: str) -> str:
    out = StringIO()
    call_command("attachments", *what, stdout=out)
    return out.getvalue()


def test_what_is_left_over_is_told_and_removed_and_nothing_else_is(stored: Attachment) -> None:
    gone = [left(uuid4().hex, old=True), left(f"{uuid4().hex}.unfinished", old=True)]
    kept = [left(uuid4().hex, old=False), left("nota-de-otro", old=True), stored.path]
    assert "2 files are left over" in said("check")
    assert said("sweep").startswith("2 files removed")
    assert not any(path.exists() for path in gone)
    assert all(path.exists() for path in kept)
    assert said("check").startswith("0 files")
    assert stored.size == len(PAGE)


def test_a_missing_file_is_loud_and_its_row_is_kept(stored: Attachment) -> None:
    stored.path.unlink()
    with pytest.raises(CommandError, match=str(stored.key)):
        said("check")
    said("sweep")
    assert Attachment.objects.filter(pk=stored.pk).exists()


def test_a_damaged_file_is_found_before_anybody_asks_for_it(stored: Attachment) -> None:
    assert "every file opens to its end" in said("check", "--open")
    sealed = stored.path.read_bytes()
    stored.path.write_bytes(sealed[:-1])
    assert "every attachment has its file" in said("check")
    with pytest.raises(CommandError, match="1 files do not open"):
        said("check", "--open")
    assert stored.path.read_bytes() == sealed[:-1]
