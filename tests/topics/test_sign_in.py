"""Signing in: one step or two, refused without a hint, limited in rate, kept in the record, safe on the way back."""

import re
from html import unescape
from io import StringIO
from math import log2
from pathlib import Path

import pytest
from axes.models import AccessAttempt
from django.conf import LazySettings, global_settings
from django.contrib.auth.hashers import check_password, get_hashers, make_password
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.world import PASSWORD, World
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.institutions.lockout import MOST_FROM_ONE_ADDRESS
from torogoz.shared.institutions.models import Membership, Officer
from torogoz.site import settings as site_settings

pytestmark = pytest.mark.django_db
WRONG = "no coinciden"


@pytest.fixture
def officer(world: World) -> Officer:
    """The nurse of centre A, who has a password."""
    nurse = world.officers["health_a"]
    nurse.set_password(PASSWORD)
    nurse.save()
    return nurse


def give(client: Client, username: str, password: str, **more: str) -> tuple[int, str, str]:
    answer = client.post("/sign-in/", {"username": username, "password": password, **more})
    return answer.status_code, answer.headers.get("Location", ""), answer.content.decode()


def last_event() -> AccessEvent:
    return AccessEvent.objects.order_by("-sequence")[0]


def code_of(device: TOTPDevice) -> str:
    return f"{totp(device.bin_key, drift=0):06d}"


def test_the_right_password_signs_in_and_the_session_gets_a_new_number(client: Client, officer: Officer) -> None:
    client.cookies.load({"sessionid": "a-number-that-an-attacker-has-planted"})
    assert give(client, "health_a", PASSWORD)[:2] == (302, "/")
    assert client.session["_auth_user_id"] == str(officer.pk)
    assert client.cookies["sessionid"].value != "a-number-that-an-attacker-has-planted"
    event = last_event()
    assert (event.officer, event.verb, event.allowed, event.institution) == ("health_a", "sign_in", True, "MINSAL")


def test_the_site_keeps_passwords_so_that_guessing_one_costs(settings: LazySettings) -> None:
    """The hashers of the site itself: the other tests have a cheap one (tests/conftest.py)."""
    settings.PASSWORD_HASHERS = getattr(site_settings, "PASSWORD_HASHERS", global_settings.PASSWORD_HASHERS)
    kept = make_password(PASSWORD)
    algorithm, rounds, salt, _ = kept.split("$")
    # What OWASP asks of this algorithm (Password Storage Cheat Sheet, 2023), and of the salt 128 bits.
    assert algorithm == "pbkdf2_sha256"
    assert int(rounds) >= 600_000
    assert len(salt) * log2(62) >= 128
    assert check_password(PASSWORD, kept)
    assert not check_password(f"{PASSWORD}.", kept)
    assert {hasher.algorithm for hasher in get_hashers()}.isdisjoint({"md5", "sha1", "unsalted_md5", "crypt"})


def test_a_wrong_password_and_an_unknown_username_get_the_same_page(client: Client, officer: Officer) -> None:
    pages = {}
    for username in ("health_a", "nobody_1"):
        status, _address, page = give(client, username, "equivocada")
        assert status == 422
        assert WRONG in page
        assert "equivocada" not in page
        token_free = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
        pages[username] = token_free.replace(username, "")
    assert pages["health_a"] == pages["nobody_1"]


def test_failures_are_recorded_without_what_a_stranger_typed(client: Client, officer: Officer) -> None:
    give(client, "health_a", "equivocada")
    assert (last_event().officer, last_event().allowed) == ("health_a", False)
    give(client, "mi-clave-por-error-en-la-casilla", "x")
    event = last_event()
    assert (event.officer, event.subjects, event.allowed) == ("", [], False)
    assert "mi-clave" not in str(vars(event))


@pytest.mark.parametrize("username", ["health_a", "nobody_2"])
@pytest.mark.parametrize("language", ["es", "en"])
def test_after_five_failures_the_door_stays_shut_whether_the_officer_exists_or_not(
    client: Client, officer: Officer, username: str, language: str, settings: LazySettings
) -> None:
    client.cookies.load({settings.LANGUAGE_COOKIE_NAME: language})
    statuses = [give(client, username, "equivocada")[0] for _ in range(5)]
    assert statuses == [422, 422, 422, 422, 429]
    status, _address, page = give(client, username, PASSWORD)
    assert status == 429
    assert f'<html lang="{language}">' in page
    assert username not in page
    assert "_auth_user_id" not in client.session


def test_an_officer_who_has_left_cannot_sign_in(client: Client, officer: Officer) -> None:
    officer.is_active = False
    officer.save()
    assert give(client, "health_a", PASSWORD)[0] == 422


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("/audit/?person=1", "/audit/?person=1"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/\\evil.example", "/"),
        ("", "/"),
    ],
)
def test_the_way_back_leads_to_this_site_only(client: Client, officer: Officer, wanted: str, given: str) -> None:
    assert give(client, "health_a", PASSWORD, next=wanted)[:2] == (302, given)


def test_a_page_for_officers_sends_a_stranger_to_sign_in_and_back(client: Client) -> None:
    answer = client.get("/audit/?person=1")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/?next=/audit/%3Fperson%3D1")


def test_leaving_takes_the_session_away_and_is_recorded(client: Client, officer: Officer) -> None:
    give(client, "health_a", PASSWORD)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").headers["Location"] == "/"
    assert "_auth_user_id" not in client.session
    assert (last_event().officer, last_event().verb) == ("health_a", "sign_out")


def test_a_forged_form_of_another_site_is_refused(officer: Officer) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert give(strict, "health_a", PASSWORD)[0] == 403


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example"])
def test_the_change_of_language_leads_to_this_site_only(client: Client, wanted: str, settings: LazySettings) -> None:
    answer = client.post("/language/", {"language": "en", "next": wanted})
    assert answer.headers["Location"] == "/"
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


def test_without_a_second_factor_an_officer_reaches_nothing_but_its_enrolment(
    client: Client, officer: Officer, settings: LazySettings
) -> None:
    settings.TWO_FACTOR = True
    give(client, "health_a", PASSWORD)
    answer = client.get("/audit/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/two-factor/?next=/audit/")
    events = AccessEvent.objects.count()
    assert client.get("/audit/").status_code == 302
    assert AccessEvent.objects.count() == events, "the page behind it was not reached"
    page = client.get("/two-factor/").content.decode()
    assert "<svg" in page
    assert "style=" not in page


def test_a_second_factor_is_enrolled_with_recovery_codes_shown_once_and_asked_at_each_sign_in(
    client: Client, officer: Officer, settings: LazySettings
) -> None:
    settings.TWO_FACTOR = True
    give(client, "health_a", PASSWORD)
    client.get("/two-factor/")
    assert client.post("/two-factor/", {"code": "000000"}).status_code == 422
    device = TOTPDevice.objects.get(user=officer)
    device.throttle_reset()
    before = client.session.session_key
    used = code_of(device)
    shown = client.post("/two-factor/", {"code": used})
    codes = shown.context["codes"]
    assert len(set(codes)) == 10
    assert client.session.session_key != before
    assert client.get("/audit/").status_code == 404, "past the second step, and refused by the policy"
    assert codes[0] not in client.get("/two-factor/").content.decode()

    again = Client()
    give(again, "health_a", PASSWORD)
    assert again.get("/audit/").status_code == 302
    assert again.post("/two-factor/", {"code": used}).status_code == 422, "a code works once"
    assert last_event().allowed is False
    assert again.post("/two-factor/", {"code": codes[3], "next": "/audit/"}).headers["Location"] == "/audit/"
    assert again.get("/audit/").status_code == 404

    third = Client()
    give(third, "health_a", PASSWORD)
    assert third.post("/two-factor/", {"code": codes[3]}).status_code == 422, "a recovery code works once"


def test_guessing_the_second_factor_is_slowed_down(client: Client, officer: Officer, settings: LazySettings) -> None:
    settings.TWO_FACTOR = True
    settings.OTP_TOTP_THROTTLE_FACTOR = 60  # seconds of the first wait: on a busy machine one second is over too soon
    device = TOTPDevice.objects.create(user=officer, name="Torogoz", confirmed=True)
    give(client, "health_a", PASSWORD)
    for _ in range(3):
        assert client.post("/two-factor/", {"code": "000000"}).status_code == 422
    assert client.post("/two-factor/", {"code": code_of(device)}).status_code == 422, "it waits before the next try"


def test_another_officers_device_opens_nothing(client: Client, world: World, officer: Officer) -> None:
    other = TOTPDevice.objects.create(user=world.officers["health_b"], name="Torogoz", confirmed=True)
    give(client, "health_a", PASSWORD)
    TOTPDevice.objects.create(user=officer, name="Torogoz", confirmed=True)
    assert client.post("/two-factor/", {"code": code_of(other)}).status_code == 422


def test_pages_of_signed_in_officers_are_kept_in_no_cache(client: Client, officer: Officer) -> None:
    for address in ("/", "/about/", "/audit/", "/nowhere/"):
        assert "no-store" not in client.get(address).headers.get("Cache-Control", ""), address
    give(client, "health_a", PASSWORD)
    for address in ("/", "/about/", "/audit/", "/nowhere/", "/two-factor/"):
        assert "no-store" in client.get(address).headers["Cache-Control"], address


def test_every_answer_forbids_foreign_scripts_frames_and_referrers(client: Client) -> None:
    answer = client.get("/sign-in/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_no_cookie_is_set_before_sign_in(client: Client) -> None:
    client.get("/")
    client.get("/about/")
    assert not client.cookies


def test_an_officer_is_added_posted_ended_and_signs_in_with_the_password_of_the_file(
    client: Client, world: World, tmp_path: Path
) -> None:
    secret = tmp_path / "password"
    secret.write_text("montaña-verde-y-lluvia\n", encoding="utf-8")
    posting = ("--institution", "MINSAL", "--office", "CENTRE-A", "--role", "specialist", "--until", "2031-12-31")
    out = StringIO()
    call_command("officer", "add", "nueva", "--name", "Inventada", "--password-file", str(secret), *posting, stdout=out)
    assert "MINSAL" in out.getvalue()
    assert give(client, "nueva", "montaña-verde-y-lluvia")[0] == 302
    until = Membership.objects.get(officer__username="nueva").valid_until
    assert until is not None
    assert until.isoformat() == "2032-01-01T06:00:00+00:00", "the end of the day in El Salvador"
    with pytest.raises(CommandError, match="already an officer"):
        call_command("officer", "add", "Nueva", "--name", "I", "--password-file", str(secret), *posting)
    call_command("officer", "end", "nueva", stdout=out)
    assert "1 postings ended" in out.getvalue()
    assert last_event().what == "posting"


@pytest.mark.parametrize(("password", "why"), [("corta", "refused"), ("", "empty"), ("123456789012345", "refused")])
def test_a_poor_password_adds_nobody(world: World, tmp_path: Path, password: str, why: str) -> None:
    secret = tmp_path / "password"
    secret.write_text(password, encoding="utf-8")
    with pytest.raises(CommandError, match=why):
        call_command(
            *("officer", "add", "nueva", "--name", "Inventada", "--password-file", str(secret)),
            *("--institution", "MINSAL", "--office", "CENTRE-A", "--role", "specialist"),
        )
    assert not Officer.objects.filter(username="nueva").exists()


def test_an_officer_is_not_half_added_when_the_office_does_not_exist(world: World, tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("montaña-verde-y-lluvia", encoding="utf-8")
    with pytest.raises(CommandError, match="CENTRE-A, CENTRE-B"):
        call_command(
            *("officer", "add", "nueva", "--name", "Inventada", "--password-file", str(secret)),
            *("--institution", "MINSAL", "--office", "NOWHERE", "--role", "specialist"),
        )
    assert not Officer.objects.filter(username="nueva").exists()


def test_a_lost_second_factor_is_enrolled_anew(client: Client, officer: Officer, settings: LazySettings) -> None:
    settings.TWO_FACTOR = True
    TOTPDevice.objects.create(user=officer, name="Torogoz", confirmed=True)
    call_command("officer", "reset-second-factor", "health_a", stdout=StringIO())
    give(client, "health_a", PASSWORD)
    assert "<svg" in client.get("/two-factor/").content.decode()


def test_one_address_cannot_try_one_username_after_another(client: Client, officer: Officer) -> None:
    for number in range(MOST_FROM_ONE_ADDRESS):
        assert give(client, f"nobody_{number}", "equivocada")[0] == 422
    assert give(client, "health_a", PASSWORD)[0] == 429
    assert (
        client.post("/sign-in/", {"username": "health_a", "password": PASSWORD}, REMOTE_ADDR="10.0.0.9").status_code
        == 302
    )


def test_a_password_typed_as_a_username_is_stored_nowhere(client: Client, officer: Officer) -> None:
    give(client, "Mi-clave-secreta-1", "x")
    give(client, "health_a", "equivocada")
    stored = [str(row) for row in AccessAttempt.objects.values_list()] + [
        str(row) for row in AccessEvent.objects.values()
    ]
    assert not any("secreta" in row for row in stored)
    assert any("health_a" in row for row in stored)


# ── What was typed ──────────────────────────────────────────────────────────────────────────────────────────────


def hidden(page: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)}


def test_what_was_typed_when_the_session_had_ended_is_sent_after_signing_in(client: Client, officer: Officer) -> None:
    asked = client.post("/returns/search/", {"text": "Rosa «Ñ» <b>"})
    assert asked.status_code == 401
    assert "no-store" in asked.headers["Cache-Control"]
    kept = hidden(asked.content.decode())["kept"]
    assert "Rosa" not in asked.content.decode()
    status, _address, page = give(client, "health_a", "equivocada", kept=kept)
    assert (status, hidden(page)["kept"]) == (422, kept)
    status, _address, page = give(client, "health_a", PASSWORD, kept=kept)
    assert status == 200
    assert 'action="/returns/search/"' in page
    assert hidden(page)["text"] == "Rosa «Ñ» <b>"


def test_what_was_typed_outlives_the_second_step_too(client: Client, officer: Officer, settings: LazySettings) -> None:
    settings.TWO_FACTOR = True
    device = TOTPDevice.objects.create(user=officer, name="Torogoz", confirmed=True)
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    asked = client.post("/returns/search/", {"text": "Rosa"})
    kept = hidden(asked.content.decode())["kept"]
    page = client.post("/two-factor/", {"code": code_of(device), "kept": kept}).content.decode()
    assert hidden(page)["text"] == "Rosa"


def test_a_form_that_another_wrote_is_not_sent(client: Client, officer: Officer) -> None:
    assert give(client, "health_a", PASSWORD, kept="made-up:by:somebody")[:2] == (302, "/")


@pytest.mark.parametrize(("site", "offered"), [("same-origin", True), ("cross-site", False), ("", False)])
def test_a_form_whose_token_changed_is_offered_again_to_pages_of_this_site_only(
    officer: Officer, site: str, offered: bool
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    headers = {"Sec-Fetch-Site": site} if site else {}
    answer = client.post("/returns/search/", {"text": "Rosa"}, headers=headers)
    assert answer.status_code == 403
    assert ("Rosa" in answer.content.decode()) is offered


def test_a_password_is_never_carried_along(officer: Officer) -> None:
    client = Client(enforce_csrf_checks=True)
    sent = {"username": "health_a", "password": PASSWORD}
    answer = client.post("/sign-in/", sent, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 403
    assert PASSWORD not in answer.content.decode()
