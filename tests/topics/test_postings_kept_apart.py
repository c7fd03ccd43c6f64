"""What one account cannot be at the same time, and postings that end."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.world import LONG_AGO, NOW, World
from torogoz.domain.access import Posting, Role
from torogoz.domain.apart import KeptApart, check_apart, conflicts, overlap
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.institutions import actions
from torogoz.shared.institutions.models import Institution, Membership

pytestmark = pytest.mark.django_db


def posting(institution: str, role: Role, *, begins: int = 0, ends: int | None = None) -> Posting:
    until = None if ends is None else NOW + timedelta(days=ends)
    return Posting(institution, 1, role, NOW + timedelta(days=begins), until)


def nothing(_posting: Posting) -> frozenset[str]:
    return frozenset()


def health(_posting: Posting) -> frozenset[str]:
    return frozenset({"identity", "health"})


@pytest.mark.parametrize("role", [Role.LOGISTICS, Role.REGISTRAR, Role.SPECIALIST, Role.SUPERVISOR])
@pytest.mark.parametrize("other", ["DGME", "MINSAL"])
def test_who_reviews_the_reading_reads_nobody_of_whatever_institution(role: Role, other: str) -> None:
    review, read = posting("DGME", Role.DATA_PROTECTION), posting(other, role)
    for first, second in ((review, read), (read, review)):
        with pytest.raises(KeptApart) as why:
            check_apart([first], second, nothing)
        assert why.value.code == "reviews"


def test_the_police_are_not_also_what_the_police_never_read() -> None:
    police, nurse = posting("PNC", Role.LOGISTICS), posting("MINSAL", Role.SPECIALIST)
    for first, second in ((police, nurse), (nurse, police)):
        with pytest.raises(KeptApart, match="PNC must never read “health”"):
            check_apart([first], second, health)
    check_apart([police], nurse, nothing)
    check_apart([posting("DGME", Role.REGISTRAR)], nurse, health)
    check_apart([posting("PNC", Role.STATISTICIAN)], nurse, health)


@pytest.mark.parametrize("other", [Role.SECRETARIAT, Role.FOCAL_POINT])
def test_who_assesses_independently_neither_reports_nor_convenes(other: Role) -> None:
    judge, judged = posting("PDDH", Role.OBSERVER), posting("MINSAL", other)
    for first, second in ((judge, judged), (judged, judge)):
        with pytest.raises(KeptApart) as why:
            check_apart([first], second, nothing)
        assert why.value.code == "judges"
    check_apart([posting("RREE", Role.SECRETARIAT)], posting("MINSAL", Role.FOCAL_POINT), nothing)


def test_one_after_the_other_is_no_conflict() -> None:
    first = posting("DGME", Role.DATA_PROTECTION, ends=5)
    check_apart([first], posting("DGME", Role.REGISTRAR, begins=5), nothing)
    with pytest.raises(KeptApart):
        check_apart([first], posting("DGME", Role.REGISTRAR, begins=4), nothing)
    assert not overlap(posting("A", Role.REGISTRAR, begins=5), first)
    assert overlap(posting("A", Role.REGISTRAR, begins=-9), first)


def test_every_pair_that_is_kept_apart_is_named_once() -> None:
    held = [posting("DGME", Role.DATA_PROTECTION), posting("DGME", Role.REGISTRAR), posting("RREE", Role.SUPERVISOR)]
    assert [why.code for why in conflicts(held, nothing)] == ["reviews", "reviews"]


def test_such_a_posting_is_refused_with_its_reason_and_nothing_is_changed(world: World) -> None:
    before, events = Membership.objects.count(), AccessEvent.objects.count()
    for username, institution, role in (
        ("data_protection", "MINSAL", "registrar"),
        ("registrar_a", "DGME", "data_protection"),
        ("police_a", "CONAPINA", "specialist"),
        ("health_a", "PNC", "specialist"),
    ):
        with pytest.raises(CommandError, match="Nothing was changed"):
            call_command("officer", "post", username, institution=institution, office="CENTRE-A", role=role, until="")
    assert (Membership.objects.count(), AccessEvent.objects.count()) == (before, events)
    actions.end_postings(username="data_protection", now=NOW)
    actions.post_officer(
        username="data_protection",
        institution="MINSAL",
        office="CENTRE-A",
        role=Role.REGISTRAR,
        valid_until=None,
        now=NOW,
    )


def test_what_was_stored_before_the_rule_is_named_by_the_check(world: World) -> None:
    said = StringIO()
    call_command("officer", "check", stdout=said)
    assert "nobody holds" in said.getvalue()
    Membership.objects.create(
        officer=world.officers["data_protection"],
        institution=Institution.objects.get(code="MINSAL"),
        office=world.offices["CENTRE-A"],
        role="registrar",
        valid_from=LONG_AGO,
    )
    said = StringIO()
    with pytest.raises(CommandError, match="1 pairs"):
        call_command("officer", "check", stdout=said)
    assert "data_protection: Data protection reviews who read" in said.getvalue()
    actions.deactivate(username="data_protection", now=timezone.now())
    call_command("officer", "check", stdout=StringIO())


def test_a_posting_ends_at_its_moment_for_who_is_signed_in_already(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = world.person("ana", office="CENTRE-A", by="registrar_a")
    Membership.objects.filter(officer=world.officers["health_a"]).update(valid_until=NOW + timedelta(hours=1))
    client = Client()
    client.force_login(world.officers["health_a"], backend="django.contrib.auth.backends.ModelBackend")
    for minutes, status in ((0, 200), (59, 200), (60, 404)):
        monkeypatch.setattr(timezone, "now", lambda minutes=minutes: NOW + timedelta(minutes=minutes))
        assert client.get(reverse("returns:person", args=[person.key])).status_code == status
