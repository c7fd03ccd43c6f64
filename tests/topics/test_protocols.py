"""The protocol changes by two persons of two parties, from a moment on; what was before stays readable."""

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests.topics.test_data_rights import posted
from tests.world import World
from torogoz.domain.access import Role, Verb
from torogoz.domain.protocols import ProtocolRefused, State, compare, fingerprint
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.institutions import access
from torogoz.shared.institutions.access import may, whole_protocol
from torogoz.shared.institutions.models import Institution, LegalGround, Officer, SharingRule
from torogoz.shared.institutions.protocol import stored_lines
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.queries import subject_of
from torogoz.shared.protocols import actions, queries
from torogoz.shared.protocols.models import ProtocolVersion, Signature

pytestmark = pytest.mark.django_db
WHY = "Se acordó en la mesa de octubre entre las instituciones"


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def first(world: World, now: datetime) -> ProtocolVersion:
    """The version that the programme brings."""
    call_command("protocol", stdout=StringIO())
    found = queries.latest()
    assert found is not None
    return found


@pytest.fixture
def labour(world: World, first: ProtocolVersion) -> Officer:
    """Who protects the data at MTPS, the institution that writes the section `labour`, made up."""
    return posted(world, "MTPS", Role.DATA_PROTECTION)


def draft_of(world: World, **options: object) -> ProtocolVersion:
    return actions.start_draft(
        by=world.officers["data_protection"],
        institution="DGME",
        reason=WHY,
        since=options.get("since"),  # type: ignore[arg-type]
        now=timezone.now(),
    )


def opened(
    draft: ProtocolVersion, by: Officer, section: str, institution: str, role: Role, *, write: bool = False
) -> ProtocolVersion:
    return actions.set_line(
        by=by,
        draft=draft,
        section=section,
        institution=Institution.objects.get(code=institution),
        role=role,
        write=write,
        basis_es="Orientar a quien vuelve hacia un empleo",
        basis_en="Guiding who returns towards a job",
        ground=None,
        now=timezone.now(),
    )


def proposed(world: World, **options: object) -> ProtocolVersion:
    """DGME proposes to read the section `labour`, which MTPS writes."""
    by = world.officers["data_protection"]
    draft = opened(draft_of(world, **options), by, "labour", "DGME", Role.REGISTRAR)
    return actions.propose(by=by, draft=draft, now=timezone.now())


def test_a_change_takes_force_when_somebody_of_another_party_approves_it(world: World, labour: Officer) -> None:
    ana = world.person("ana", office="CENTRE-A", by="registrar_a")
    reader = world.officers["registrar_a"]
    change = proposed(world)
    before = timezone.now()
    assert not may(reader, Verb.VIEW, subject_of(ana), "labour", before)
    approved = actions.approve(by=labour, institution="MTPS", draft=change, reviewed=change.version, now=timezone.now())
    after = timezone.now()
    assert may(reader, Verb.VIEW, subject_of(ana), "labour", after)
    assert not may(reader, Verb.VIEW, subject_of(ana), "labour", before), "what was decided before stays as it was"
    assert (approved.number, approved.state) == (2, State.APPROVED)
    assert approved.fingerprint == fingerprint(whole_protocol(after))
    assert queries.in_force(before) == queries.version_numbered(1)
    assert queries.in_force(after) == approved
    assert stored_lines(before) == queries.version_numbered(1).agreed  # type: ignore[union-attr]
    assert set(stored_lines(after)) == set(approved.agreed)
    told = AccessEvent.objects.filter(what="protocol", index__subject=approved.fingerprint[:32]).get()
    assert (told.officer, told.institution) == (labour.username, "MTPS")


def test_it_takes_two_persons_of_two_parties_and_a_writer_of_what_is_opened(world: World, labour: Officer) -> None:
    change, now = proposed(world), timezone.now()
    same_house = posted(world, "DGME", Role.SUPERVISOR, "CENTRE-B")
    health = posted(world, "MINSAL", Role.DATA_PROTECTION)
    stranger = posted(world, "ISSS", Role.DATA_PROTECTION)
    for by, code, why in (
        (world.officers["data_protection"], "DGME", "same_officer"),
        (same_house, "DGME", "same_institution"),
        (health, "MINSAL", "not_asked"),
        (stranger, "ISSS", "not_party"),
    ):
        with pytest.raises(ProtocolRefused) as refused:
            actions.approve(by=by, institution=code, draft=change, reviewed=change.version, now=now)
        assert refused.value.code == why
    for nobody in ("labour_a", "statistician", "registrar_a"):
        with pytest.raises(NotAllowed):
            actions.approve(
                by=world.officers[nobody], institution="MTPS", draft=change, reviewed=change.version, now=now
            )
    with pytest.raises(NotAllowed):
        actions.approve(by=labour, institution="DGME", draft=change, reviewed=change.version, now=now)
    assert ProtocolVersion.objects.get(pk=change.pk).state == State.PROPOSED
    assert SharingRule.objects.filter(valid_until__isnull=False).count() == 0


@pytest.mark.parametrize(
    ("section", "institution", "role", "why"),
    [
        ("health", "PNC", Role.SPECIALIST, "never"),
        ("prosecution", "PNC", Role.SPECIALIST, "never"),
        ("child_protection", "PNC", Role.SPECIALIST, "never"),
        ("child_protection", "PGR", Role.SUPERVISOR, "protected_role"),
        ("health", "MINSAL", Role.LOGISTICS, "logistics_role"),
        ("labour", "MTPS", Role.STATISTICIAN, "role"),
        ("nothing", "MTPS", Role.SPECIALIST, "section"),
    ],
)
def test_what_must_never_be_open_does_not_even_enter_a_draft(
    world: World, first: ProtocolVersion, section: str, institution: str, role: Role, why: str
) -> None:
    draft = draft_of(world)
    with pytest.raises(ProtocolRefused) as refused:
        opened(draft, world.officers["data_protection"], section, institution, role)
    assert refused.value.code == why
    assert ProtocolVersion.objects.get(pk=draft.pk).lines == draft.lines


def test_a_draft_tampered_with_in_the_database_is_refused_when_it_is_approved(world: World, labour: Officer) -> None:
    change = proposed(world)
    bad = [{**line, "institution": "PNC"} if line["section"] == "health" else line for line in change.lines]
    ProtocolVersion.objects.filter(pk=change.pk).update(lines=bad)
    with pytest.raises(ProtocolRefused, match="PNC never reads"):
        actions.approve(by=labour, institution="MTPS", draft=change, reviewed=change.version, now=timezone.now())
    assert not SharingRule.objects.filter(section="health", institution__code="PNC").exists()


def test_a_version_of_a_later_day_decides_nothing_before_it(world: World, labour: Officer) -> None:
    ana = world.person("ana", office="CENTRE-A", by="registrar_a")
    day = timezone.localdate() + timedelta(days=10)
    change = proposed(world, since=day)
    actions.approve(by=labour, institution="MTPS", draft=change, reviewed=change.version, now=timezone.now())
    reader, now = world.officers["registrar_a"], timezone.now()
    assert not may(reader, Verb.VIEW, subject_of(ana), "labour", now)
    assert may(reader, Verb.VIEW, subject_of(ana), "labour", now + timedelta(days=11))
    assert queries.in_force(now) == queries.version_numbered(1)
    second = proposed_end(world)
    with pytest.raises(ProtocolRefused) as refused:
        actions.approve(by=labour, institution="MTPS", draft=second, reviewed=second.version, now=timezone.now())
    assert refused.value.code == "too_early"


def proposed_end(world: World) -> ProtocolVersion:
    """DGME proposes that local governments no longer read `labour`."""
    by = world.officers["data_protection"]
    draft = draft_of(world)
    gone = next(line for line in draft.agreed if line.rule.section == "labour" and line.rule.institution == "LOCAL")
    draft = actions.end_line(
        by=by, draft=draft, section="labour", institution="LOCAL", role=gone.rule.role, now=timezone.now()
    )
    return actions.propose(by=by, draft=draft, now=timezone.now())


def test_a_line_that_is_ended_closes_and_two_versions_are_compared(world: World, labour: Officer) -> None:
    change = proposed_end(world)
    actions.approve(by=labour, institution="MTPS", draft=change, reviewed=change.version, now=timezone.now())
    old, new = queries.version_numbered(1), queries.version_numbered(2)
    assert old is not None
    assert new is not None
    told = compare(old.agreed, new.agreed)
    assert [line.rule.institution for line in told.removed] == ["LOCAL"]
    assert (told.added, told.altered) == ((), ())
    assert not [
        rule for rule in whole_protocol(timezone.now()) if rule.institution == "LOCAL" and rule.section == "labour"
    ]


def test_of_two_drafts_of_one_version_the_second_is_not_approved_unread(world: World, labour: Officer) -> None:
    one, other = proposed(world), proposed_end(world)
    actions.approve(by=labour, institution="MTPS", draft=one, reviewed=one.version, now=timezone.now())
    with pytest.raises(ProtocolRefused) as refused:
        actions.approve(by=labour, institution="MTPS", draft=other, reviewed=other.version, now=timezone.now())
    assert refused.value.code == "moved"


def test_once_two_officers_have_changed_it_the_shipped_file_changes_nothing(world: World, labour: Officer) -> None:
    change = proposed_end(world)
    actions.approve(by=labour, institution="MTPS", draft=change, reviewed=change.version, now=timezone.now())
    said = StringIO()
    call_command("protocol", stdout=said)
    assert "version 2, which two officers approved; the shipped file has 1 other lines" in said.getvalue()
    assert fingerprint(whole_protocol(timezone.now())) == change.fingerprint


def test_a_draft_that_changes_nothing_or_that_nobody_would_write_is_not_proposed(
    world: World, first: ProtocolVersion
) -> None:
    by, draft = world.officers["data_protection"], draft_of(world)
    with pytest.raises(ProtocolRefused) as refused:
        actions.propose(by=by, draft=draft, now=timezone.now())
    assert refused.value.code == "unchanged"
    for line in [line for line in draft.agreed if line.rule.section == "health" and line.rule.write]:
        draft = opened(draft, by, "health", line.rule.institution, line.rule.role)
    with pytest.raises(ProtocolRefused) as nobody:
        actions.propose(by=by, draft=draft, now=timezone.now())
    assert nobody.value.code == "no_writer"


def test_a_change_is_refused_with_words_or_taken_back_and_is_then_approved_no_more(
    world: World, labour: Officer
) -> None:
    one, other, now = proposed(world), proposed_end(world), timezone.now()
    actions.refuse(by=labour, institution="MTPS", draft=one, answer="No hace falta para lo que hace la DGME", now=now)
    actions.withdraw(by=world.officers["data_protection"], draft=other, now=now)
    for change in (one, other):
        with pytest.raises(ProtocolRefused) as refused:
            actions.approve(by=labour, institution="MTPS", draft=change, reviewed=change.version, now=now)
        assert refused.value.code == "state"
    assert queries.draft_seen_by(labour, one.key, now) is not None
    assert queries.draft_seen_by(labour, other.key, now) is None


def test_an_annex_is_kept_as_issued_and_its_bytes_are_looked_at(world: World, labour: Officer) -> None:
    change = proposed_end(world)
    version = actions.approve(by=labour, institution="MTPS", draft=change, reviewed=change.version, now=timezone.now())
    kept = [queries.annex_of(version, language) for language in ("es", "en")]
    assert all(one is not None and bytes(one.pdf).startswith(b"%PDF") for one in kept)
    assert [queries.annex_of(version, language) for language in ("es", "en")] == kept
    version.annexes.filter(language="es").update(pdf=b"%PDF of somebody else")
    with pytest.raises(queries.AnnexDamaged):
        queries.annex_of(version, "es")


def test_each_institution_signs_once_and_only_its_own_officer_records_it(world: World, labour: Officer) -> None:
    change = proposed_end(world)
    version = actions.approve(by=labour, institution="MTPS", draft=change, reviewed=change.version, now=timezone.now())
    png = b"\x89PNG\r\n\x1a\n" + b"0" * 40

    def signed(institution: str, sheet: bytes | None) -> Signature:
        return actions.sign(
            by=labour,
            institution=institution,
            version=version,
            signed_by="Ministra inventada",
            signed_on=timezone.localdate(),
            sheet=sheet,
            now=timezone.now(),
        )

    found = queries.sheet_of(version, signed("MTPS", png).key)
    assert found is not None
    signature, opened = found
    assert (opened, signature.media) == (png, "image/png")
    assert png not in bytes(signature.sheet or b"")
    with pytest.raises(ProtocolRefused, match="recorded already"):
        signed("MTPS", None)
    with pytest.raises(NotAllowed):
        signed("DGME", None)


def test_the_lines_of_an_officer_are_read_once_whatever_the_moment(world: World, first: ProtocolVersion) -> None:
    now = timezone.now()
    held = access.postings(world.officers["registrar_a"], now)
    rules = access.rules(held, now)
    assert rules
    assert {rule.institution for rule in rules} == {"DGME"}
    assert rules == access.rules(held, now + timedelta(days=1))


def test_every_shipped_law_has_a_source_and_none_is_called_confirmed(world: World, first: ProtocolVersion) -> None:
    laws = list(LegalGround.objects.all())
    assert laws
    for law in laws:
        assert law.source
        assert law.confirmed or not law.article, f"{law.code}: an article that nobody confirmed"
    named = {line.ground for line in first.agreed if line.ground}
    assert named
    assert named <= {law.code for law in laws}
