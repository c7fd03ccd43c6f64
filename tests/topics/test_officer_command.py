"""What an operator does when a password is stolen or an officer leaves."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from tests.world import World
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.institutions.models import Membership, Officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(world: World) -> Officer:
    """An officer of the centre, with a posting in force."""
    membership = Membership.objects.filter(valid_until__isnull=True, role="registrar").select_related("officer").first()
    assert membership is not None
    return membership.officer


def test_a_new_password_signs_out_whoever_had_the_old_one(client: Client, officer: Officer, tmp_path: Path) -> None:
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("returns:index")).status_code == 200
    secret = tmp_path / "password"
    secret.write_text("una-clave-bien-larga-81\n")
    call_command("officer", "password", officer.username, password_file=secret)
    assert client.get(reverse("returns:index")).status_code == 302
    officer.refresh_from_db()
    assert officer.check_password("una-clave-bien-larga-81")
    assert AccessEvent.objects.filter(what="password", subjects=[str(officer.key)]).exists()


def test_a_weak_password_is_refused_and_the_old_one_stays(officer: Officer, tmp_path: Path) -> None:
    before = officer.password
    (tmp_path / "password").write_text("12345\n")
    with pytest.raises(CommandError, match="refused"):
        call_command("officer", "password", officer.username, password_file=tmp_path / "password")
    officer.refresh_from_db()
    assert officer.password == before


def test_an_officer_who_left_sees_nothing_more_and_what_was_recorded_stays(client: Client, officer: Officer) -> None:
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    call_command("officer", "deactivate", officer.username)
    assert client.get(reverse("returns:index")).status_code == 302
    assert Officer.objects.filter(username=officer.username, is_active=False).exists()
    assert not Membership.objects.filter(officer=officer, valid_until__isnull=True).exists()


def test_an_officer_who_is_not_there_is_named(world: World) -> None:
    with pytest.raises(CommandError, match="nobody-here"):
        call_command("officer", "deactivate", "nobody-here")
