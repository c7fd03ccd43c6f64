"""The sharing protocol as shipped, and as loaded."""

import pytest

from torogoz.domain.access import LOGISTICS, NEVER, PERSON_ROLES, Tier
from torogoz.domain.sections import BESIDE_THE_FORM, CONTACTS, FAMILY, IDENTITY, ONWARD, SESSIONS
from torogoz.shared.codelists.shipped import rows
from torogoz.shared.institutions import protocol, shipped
from torogoz.shared.institutions.models import SharingRule
from torogoz.statistics.forms.shipped import SINGLE_FORM

FORMS = SINGLE_FORM.sections
LINES = rows("torogoz.shared.institutions", "protocol")


def lines_of(section: str) -> list[dict[str, str]]:
    return [line for line in LINES if line["section"] == section]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.code}-{form.version}")
def test_each_section_has_the_tier_of_its_form_and_is_written_by_its_institution(form: object) -> None:
    found = lines_of(form.code)  # type: ignore[attr-defined]
    assert {int(line["tier"]) for line in found} == {form.tier}  # type: ignore[attr-defined]
    assert form.institution in {line["institution"] for line in found if line["write"] == "Y"}  # type: ignore[attr-defined]


def test_the_protocol_speaks_of_known_sections_and_of_roles_that_have_to_do_with_people() -> None:
    assert {line["section"] for line in LINES} == {
        LOGISTICS,
        IDENTITY,
        CONTACTS,
        FAMILY,
        SESSIONS,
        ONWARD,
        *(form.code for form in FORMS),
        *BESIDE_THE_FORM,
    }
    assert {line["role"] for line in LINES} == {role.value for role in PERSON_ROLES}


def test_sensitive_sections_stay_with_the_institution_that_writes_them() -> None:
    for line in LINES:
        if int(line["tier"]) >= Tier.SENSITIVE:
            assert line["write"] == "Y", line
        if int(line["tier"]) >= Tier.PROTECTED:
            assert line["role"] == "specialist", line


def test_the_police_read_who_is_there_and_what_they_wrote_themselves() -> None:
    assert {line["section"] for line in LINES if line["institution"] == "PNC"} == {LOGISTICS, IDENTITY, "police"}


@pytest.mark.django_db
def test_loading_twice_changes_nothing_and_a_line_that_is_gone_goes() -> None:
    shipped.load()
    assert protocol.load() == protocol.load() == SharingRule.objects.count() == len(LINES)
    extra = SharingRule.objects.all()[0]
    SharingRule.objects.create(
        section="migration",
        institution=extra.institution.__class__.objects.get(code="PNC"),
        role="specialist",
        read=True,
        write=False,
        tier=2,
        basis_es="x",
        basis_en="x",
        source="x",
    )
    protocol.load()
    assert not SharingRule.objects.filter(section="migration", institution__code="PNC").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"institution": "NOBODY"}, "no institution 'NOBODY'"),
        ({"institution": "PNC", "section": "health"}, "PNC must never read health"),
        ({"role": "king"}, "king"),
        ({"read": "perhaps"}, "perhaps"),
    ],
)
def test_a_line_that_cannot_be_loads_nothing(change: dict[str, str], why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped.load()
    monkeypatch.setattr(protocol, "rows", lambda package, name: [LINES[0], LINES[1] | change])
    with pytest.raises(protocol.ProtocolUnclear, match=why):
        protocol.load()
    assert not SharingRule.objects.exists()
    assert "health" in NEVER["PNC"]
