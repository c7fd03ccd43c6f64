"""Offices are opened and closed by a command, and it is on record."""

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.institutions import shipped
from torogoz.shared.institutions.models import Membership, Office

pytestmark = pytest.mark.django_db
WORDS = ["--name-es", "Centro", "--name-en", "Centre", "--department", "SV-SS", "--receives-arrivals"]


@pytest.fixture(autouse=True)
def institutions() -> None:
    shipped.load()


def run(*words: str) -> str:
    out = io.StringIO()
    call_command("office", *words, stdout=out)
    return out.getvalue()


def test_an_office_is_opened_listed_and_on_record() -> None:
    assert run("open", "GAMI-SS", "--institution", "GAMI", *WORDS) == "opened: GAMI-SS\n"
    assert Office.objects.get(code="GAMI-SS").receives_arrivals
    assert "GAMI-SS" in run("list")
    assert AccessEvent.objects.filter(what="office", subjects=["GAMI-SS"]).count() == 1


def test_a_code_that_is_taken_and_an_unknown_institution_are_refused() -> None:
    run("open", "GAMI-SS", "--institution", "GAMI", *WORDS)
    with pytest.raises(CommandError, match="already an office"):
        run("open", "GAMI-SS", "--institution", "GAMI", *WORDS)
    with pytest.raises(CommandError, match="no institution 'NOBODY'"):
        run("open", "OTHER", "--institution", "NOBODY", *WORDS)
    assert Office.objects.count() == 1


def test_closing_an_office_ends_the_postings_at_it(world: object) -> None:
    membership = Membership.objects.filter(valid_until__isnull=True).select_related("office").first()
    assert membership is not None
    run("close", membership.office.code)
    assert not Membership.objects.filter(office=membership.office, valid_until__isnull=True).exists()


def test_a_department_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError, match="no department"):
        run("open", "X", "--institution", "GAMI", "--name-es", "a", "--name-en", "b", "--department", "San Salvador")
