"""Consents, and glass that is broken: what they open, for whom, until when, and what they never open."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.effort import tries
from tests.world import NOW, World
from torogoz.domain.access import NEVER, Basis, Verb
from torogoz.domain.consents import ConsentRefused, Given, GivenBy, GlassRefused, Purpose, Verdict
from torogoz.domain.people import DocumentTyped
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.cases import actions, queries
from torogoz.shared.cases.models import Consent, GlassBreak
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.institutions.access import may, visible, visible_sections
from torogoz.shared.institutions.models import Institution, Officer, PersonGrant
from torogoz.shared.people.actions import NotAllowed, add_identifier
from torogoz.shared.people.models import Person, Section
from torogoz.shared.people.queries import encounters_seen_by, person_seen_by, sections_seen_by, subject_of
from torogoz.shared.places import actions as places

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everybody_attends")]
DUI = "00016297-5"
SignIn = Callable[[str], Client]
WHY = "Se desmayó en la terminal y no se sabe qué medicina toma"


@pytest.fixture
def ana(world: World) -> Person:
    """A made-up woman met at centre A by DGME, with health, migration and child-protection sections."""
    codelists.load()
    places.load()
    person = world.person("ana", office="CENTRE-A", by="registrar_a", given="Ana", surname="Quijada")
    add_identifier(by=world.officers["registrar_a"], person=person, document=DocumentTyped("DUI", DUI), now=NOW)
    world.section(person, "migration", by="registrar_a", answers={"time_abroad": "LT1M"})
    world.section(person, "health", by="health_a", answers={})
    world.section(person, "child_protection", by="children_a", answers={})
    return person


def consent(world: World, person: Person, by: str = "health_a", to: str = "ISDEMU", **changes: object) -> Consent:
    values: dict[str, object] = {
        "by": world.officers[by],
        "person": person,
        "recipient": Institution.objects.get(code=to),
        "purpose": Purpose.ATTENTION,
        "sections": ["health"],
        "given": Given.SIGNED,
        "given_by": GivenBy.PERSON,
        "assent": False,
        "language": "español",
        "witness": "",
        "valid_until": timezone.localdate(NOW) + timedelta(days=30),
        "now": NOW,
    }
    return actions.give_consent(**(values | changes))  # type: ignore[arg-type]


def reads(officer: Officer, person: Person, now: object = NOW) -> set[str]:
    """The sections of the person that the officer reads: as the page shows them, and as the query says."""
    assert now is not None
    seen = person_seen_by(officer, person.key, now)  # type: ignore[arg-type]
    if seen is None:
        return set()
    shown = {
        one.form.code
        for met in encounters_seen_by(officer, seen, now)  # type: ignore[arg-type]
        for one in sections_seen_by(officer, met, now).shared  # type: ignore[arg-type]
    }
    rows = Section.objects.filter(visible_sections(officer, Verb.VIEW, now), encounter__person=person)  # type: ignore[arg-type]
    assert {row.code for row in rows} == shown
    return shown


def test_a_consent_opens_what_it_says_to_whom_it_says_and_nothing_else(world: World, ana: Person) -> None:
    women, labour = world.officers["women_a"], world.officers["labour_a"]
    before = reads(women, ana), reads(labour, ana)
    assert "health" not in before[0]
    consent(world, ana)
    assert reads(women, ana) == before[0] | {"health"}
    assert reads(labour, ana) == before[1]
    decision = may(women, Verb.VIEW, subject_of(ana), "health", NOW)
    assert decision.basis is Basis.CONSENT


def test_a_consent_opens_nothing_to_write_nothing_to_list_and_nothing_to_search(world: World, ana: Person) -> None:
    consent(world, ana)
    women = world.officers["women_a"]
    for verb in (Verb.CREATE, Verb.EDIT, Verb.LIST, Verb.SEARCH, Verb.EXPORT):
        assert not may(women, verb, subject_of(ana), "health", NOW), verb


def test_a_consent_ends_when_it_says_and_at_once_when_it_is_withdrawn(world: World, ana: Person) -> None:
    women = world.officers["women_a"]
    given = consent(world, ana)
    assert "health" in reads(women, ana, NOW + timedelta(days=29))
    assert "health" not in reads(women, ana, NOW + timedelta(days=32))
    actions.withdraw_consent(by=world.officers["health_a"], consent=given, now=NOW + timedelta(seconds=1))
    assert "health" not in reads(women, ana, NOW + timedelta(seconds=1))
    with pytest.raises(NotAllowed):
        actions.withdraw_consent(by=world.officers["health_a"], consent=given, now=NOW + timedelta(seconds=2))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sections": []}, "nothing"),
        ({"to": "MINSAL"}, "own"),
        ({"sections": ["psychosocial"]}, "not_yours"),
        ({"sections": ["child_protection"], "by": "children_a"}, "protected"),
        ({"to": "PNC"}, "never"),
        ({"valid_until": timezone.localdate(NOW)}, "past"),
        ({"valid_until": timezone.localdate(NOW) + timedelta(days=900)}, "too_long"),
        ({"given_by": GivenBy.GUARDIAN, "assent": True}, "adult"),
        ({"given": Given.SPOKEN}, "witness"),
    ],
)
def test_what_nobody_may_share_is_refused_and_nothing_is_stored(
    world: World, ana: Person, changes: dict[str, object], code: str
) -> None:
    with pytest.raises(ConsentRefused) as refused:
        consent(world, ana, **changes)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert refused.value.explain("es") != refused.value.explain("en")
    assert not Consent.objects.exists()
    assert not PersonGrant.objects.exists()


def born(person: Person, birth: str, first: str, last: str) -> Person:
    person.birth, person.birth_min, person.birth_max = birth, first, last  # type: ignore[assignment]
    person.save(update_fields=["birth", "birth_min", "birth_max"])
    person.refresh_from_db()
    return person


ALONE: dict[str, object] = {"given_by": GivenBy.PERSON}
WITH_GUARDIAN: dict[str, object] = {"given_by": GivenBy.GUARDIAN, "assent": True}


@pytest.mark.parametrize(
    ("birth", "minor", "alone", "with_guardian"),
    [
        (("2019-02-03", "2019-02-03", "2019-02-03"), None, "child", ""),
        (("2019-02-03", "2019-02-03", "2019-02-03"), False, "child", ""),
        (("1991", "1991-01-01", "1991-12-31"), None, "", "adult"),
        (("1991", "1991-01-01", "1991-12-31"), True, "", "adult"),
        (("2008", "2008-01-01", "2008-12-31"), None, "age", "age"),
        (("2008", "2008-01-01", "2008-12-31"), True, "said_child", ""),
        (("2008", "2008-01-01", "2008-12-31"), False, "", "said_adult"),
        (("", None, None), None, "age", "age"),
        (("", None, None), True, "said_child", ""),
    ],
)
def test_a_child_never_consents_alone_nor_a_parent_for_an_adult_and_the_officer_says_where_the_birth_does_not(
    world: World, ana: Person, birth: tuple[str, str, str], minor: bool | None, alone: str, with_guardian: str
) -> None:
    assert NOW.year == 2026, "the births are of a day of that year"
    born(ana, *birth)
    for changes, refused in ((ALONE, alone), (WITH_GUARDIAN, with_guardian)):
        if refused:
            with pytest.raises(ConsentRefused) as why:
                consent(world, ana, minor=minor, **changes)
            assert why.value.code == refused
        else:
            assert consent(world, ana, minor=minor, **changes).pk
    assert Consent.objects.count() == [alone, with_guardian].count("")
    with pytest.raises(ConsentRefused) as why:
        consent(world, born(ana, "2019", "2019-01-01", "2019-12-31"), given_by=GivenBy.GUARDIAN)
    assert why.value.code == "assent"


def test_the_same_consent_is_not_recorded_twice_while_it_lasts(world: World, ana: Person) -> None:
    first = consent(world, ana)
    with pytest.raises(ConsentRefused) as refused:
        consent(world, ana)
    assert refused.value.code == "same"
    assert consent(world, ana, purpose=Purpose.LEGAL), "for something else it is another consent"
    assert consent(world, ana, valid_until=timezone.localdate(NOW) + timedelta(days=60)), "and so is a longer one"
    assert consent(world, ana, by="registrar_a", to="MINSAL", sections=["migration"])
    with pytest.raises(ConsentRefused):
        consent(world, ana, by="registrar_a", to="MINSAL", sections=["migration"])
    assert Consent.objects.count() == 4
    later = NOW + timedelta(seconds=1)
    actions.withdraw_consent(by=world.officers["health_a"], consent=first, now=later)
    left = queries.still_shared(world.officers["health_a"], first, later)
    assert len(left) == 2
    for one in left:
        actions.withdraw_consent(by=world.officers["health_a"], consent=one, now=later)
    assert consent(world, ana, now=later)


def test_that_another_institution_recorded_the_same_consent_refuses_nothing(world: World, ana: Person) -> None:
    consent(world, ana, sections=["identity"])
    assert consent(world, ana, by="registrar_a", sections=["identity"])


def test_who_reads_by_a_consent_passes_it_on_to_nobody(world: World, ana: Person) -> None:
    elsewhere = world.officers["health_b"]
    consent(world, ana, by="registrar_a", to="MINSAL", sections=["identity", "migration"])
    assert "migration" in reads(elsewhere, ana)
    with pytest.raises(NotAllowed):
        consent(world, ana, by="health_b", to="ISDEMU", sections=["migration"])


@pytest.mark.parametrize("section", sorted(NEVER["PNC"]))
def test_nothing_opens_to_the_police_what_they_must_never_read(world: World, ana: Person, section: str) -> None:
    police = world.officers["police_supervisor_a"]
    for sections, officer in (([section], None), (None, police)):
        PersonGrant.objects.create(
            person=ana.key,
            institution=Institution.objects.get(code="PNC"),
            officer=officer,
            basis=Basis.CONSENT.value,
            purpose="attention",
            sections=sections,
            valid_from=NOW - timedelta(days=1),
            valid_until=NOW + timedelta(days=1),
        )
    assert not may(police, Verb.VIEW, subject_of(ana), section, NOW)
    assert section not in reads(police, ana)


def test_no_grant_opens_a_protected_section(world: World, ana: Person) -> None:
    women = world.officers["women_a"]
    PersonGrant.objects.create(
        person=ana.key,
        institution=Institution.objects.get(code="ISDEMU"),
        basis=Basis.CONSENT.value,
        purpose="attention",
        sections=["child_protection"],
        valid_from=NOW - timedelta(days=1),
        valid_until=NOW + timedelta(days=1),
    )
    assert "child_protection" not in reads(women, ana)
    assert not may(women, Verb.VIEW, subject_of(ana), "child_protection", NOW)


def test_broken_glass_opens_for_three_hours_what_the_role_reads_and_closes_by_itself(world: World, ana: Person) -> None:
    doctor = world.officers["health_b"]
    assert reads(doctor, ana) == set()
    actions.break_glass(by=doctor, person=ana, reason=WHY, now=NOW)
    opened = reads(doctor, ana, NOW + timedelta(hours=2, minutes=59))
    assert "health" in opened
    assert "child_protection" not in opened
    assert opened <= reads(world.officers["health_a"], ana)
    assert reads(doctor, ana, NOW + timedelta(hours=3)) == set()
    assert reads(world.officers["health_supervisor_b"], ana) == set(), "glass opens to the one who broke it"
    assert AccessEvent.objects.filter(what="glass", basis="glass", officer="health_b").count() == 1


def test_who_was_opened_stays_out_of_lists_and_searches(world: World, ana: Person) -> None:
    doctor = world.officers["health_b"]
    actions.break_glass(by=doctor, person=ana, reason=WHY, now=NOW)
    for verb in (Verb.LIST, Verb.SEARCH, Verb.EXPORT, Verb.EDIT):
        assert ana not in Person.objects.filter(visible(doctor, verb, NOW)), verb


@pytest.mark.parametrize("username", ["logistics_a", "statistician", "data_protection"])
def test_who_reads_no_people_breaks_no_glass(world: World, ana: Person, username: str) -> None:
    with pytest.raises(NotAllowed):
        actions.break_glass(by=world.officers[username], person=ana, reason=WHY, now=NOW)


def test_a_reason_that_is_none_opens_nothing(world: World, ana: Person) -> None:
    with pytest.raises(GlassRefused):
        actions.break_glass(by=world.officers["health_b"], person=ana, reason="  urgente   ", now=NOW)
    assert not PersonGrant.objects.exists()


def test_the_data_protection_officer_judges_and_a_wrong_opening_closes_at_once(world: World, ana: Person) -> None:
    doctor, judge = world.officers["health_b"], world.officers["data_protection"]
    glass = actions.break_glass(by=doctor, person=ana, reason=WHY, now=NOW)
    assert [seen.may_judge for seen in queries.glass_seen_by(judge, NOW)] == [True]
    assert [seen.may_judge for seen in queries.glass_seen_by(world.officers["supervisor_a"], NOW)] == [False]
    assert queries.glass_seen_by(world.officers["children_supervisor_a"], NOW) == []
    later = NOW + timedelta(days=6)
    assert queries.glass_seen_by(judge, later)[0].overdue
    moment = NOW + timedelta(minutes=10)
    actions.judge_glass(by=judge, glass=glass, verdict=Verdict.UNJUSTIFIED, note="Podía esperar", now=moment)
    assert reads(doctor, ana, moment) == set()
    with pytest.raises(NotAllowed):
        actions.judge_glass(by=judge, glass=glass, verdict=Verdict.JUSTIFIED, note="", now=moment)
    with pytest.raises(NotAllowed):
        actions.judge_glass(by=doctor, glass=glass, verdict=Verdict.JUSTIFIED, note="", now=moment)


def test_glass_judged_not_justified_is_not_broken_again_until_who_judges_allows_it(world: World, ana: Person) -> None:
    doctor, judge, later = world.officers["health_b"], world.officers["data_protection"], NOW + timedelta(minutes=10)
    glass, twice = (actions.break_glass(by=doctor, person=ana, reason=WHY, now=NOW) for _ in range(2))
    actions.judge_glass(by=judge, glass=glass, verdict=Verdict.UNJUSTIFIED, note="Podía esperar", now=later)
    assert reads(doctor, ana, later) == set(), "the judgement closes all that this officer opened of this person"
    with pytest.raises(GlassRefused) as refused:
        actions.break_glass(by=doctor, person=ana, reason=WHY, now=later + timedelta(days=400))
    assert refused.value.code == "judged"
    other = world.person("eva", office="CENTRE-A", by="registrar_a", given="Eva", surname="Quijada")
    assert actions.break_glass(by=doctor, person=other, reason=WHY, now=later), "only of that person"
    assert actions.break_glass(by=world.officers["women_a"], person=ana, reason=WHY, now=later), "only that officer"

    (seen,) = (one for one in queries.glass_seen_by(judge, later) if one.glass.pk == twice.pk)
    assert (seen.time, seen.unjustified, seen.closed, seen.closed_by) == (2, 0, True, judge)
    for who in ("health_b", "supervisor_a"):
        with pytest.raises(NotAllowed):
            actions.allow_again(by=world.officers[who], glass=glass, why="Vuelve hoy", now=later)
    with pytest.raises(NotAllowed):
        actions.allow_again(by=judge, glass=twice, why="No se juzgó", now=later)
    actions.allow_again(by=judge, glass=glass, why="Vuelve hoy a la clínica", now=later)
    again = actions.break_glass(by=doctor, person=ana, reason=WHY, now=later)
    assert "health" in reads(doctor, ana, later)
    (seen,) = (one for one in queries.glass_seen_by(judge, later) if one.glass.pk == again.pk)
    assert (seen.time, seen.unjustified, seen.closed, seen.closed_by) == (3, 1, False, None)


def test_a_consent_opens_to_who_may_not_break_the_glass_again(world: World, ana: Person) -> None:
    doctor = world.officers["women_a"]
    glass = actions.break_glass(by=doctor, person=ana, reason=WHY, now=NOW)
    actions.judge_glass(
        by=world.officers["data_protection"], glass=glass, verdict=Verdict.UNJUSTIFIED, note="Podía esperar", now=NOW
    )
    consent(world, ana)
    assert "health" in reads(doctor, ana)


# ── Over HTTP ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def sign_in(client: Client, world: World) -> SignIn:
    def as_officer(username: str) -> Client:
        client.force_login(world.officers[username], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return as_officer


def typed(**changes: object) -> dict[str, object]:
    form: dict[str, object] = {
        "recipient": "ISDEMU", "purpose": "attention", "sections": ["health"], "given": "signed", "given_by": "person",
        "explained_in": "español", "valid_until": f"{timezone.localdate() + timedelta(days=30):%Y-%m-%d}",
    }  # fmt: skip
    return form | changes


def test_a_consent_is_recorded_shown_and_withdrawn_on_the_page_of_the_person(
    sign_in, world: World, ana: Person
) -> None:  # type: ignore[no-untyped-def]
    address = reverse("cases:consent", args=[ana.key])
    browser = sign_in("health_a")
    offered = browser.get(address).content.decode()
    assert 'value="health"' in offered
    assert 'value="child_protection"' not in offered
    assert 'value="MINSAL"' not in offered
    assert browser.post(address, typed()).status_code == 302
    page = browser.get(reverse("returns:person", args=[ana.key])).content.decode()
    assert "La persona lo retira" in page
    last = f"{timezone.localdate() + timedelta(days=30):%Y-%m-%d}"
    assert f"vale hasta el <time>{last}</time>, inclusive" in page, "the day that was typed, and not the one after"
    given = Consent.objects.get()
    assert sign_in("labour_a").post(reverse("cases:withdraw", args=[ana.key, given.key])).status_code == 404
    assert sign_in("health_a").post(reverse("cases:withdraw", args=[ana.key, given.key])).status_code == 302
    assert "Retirado" in browser.get(reverse("returns:person", args=[ana.key])).content.decode()


def test_a_consent_that_is_sent_twice_is_one_and_what_still_shares_is_told_when_one_is_withdrawn(
    sign_in: SignIn, world: World, ana: Person
) -> None:
    browser, address = sign_in("health_a"), reverse("cases:consent", args=[ana.key])
    sent = browser.get(address).context["form"].initial["token"]
    assert 'type="hidden" name="token" value="' in browser.get(address).content.decode()
    for _ in range(2):
        assert browser.post(address, typed(token=sent)).status_code == 302
    first = Consent.objects.get()
    assert first.key == sent
    other = browser.post(address, typed(token=browser.get(address).context["form"].initial["token"]))
    assert "Ya hay un consentimiento vigente que comparte lo mismo" in other.content.decode()
    later = f"{timezone.localdate() + timedelta(days=60):%Y-%m-%d}"
    assert browser.post(address, typed(valid_until=later)).status_code == 302
    second = Consent.objects.exclude(pk=first.pk).get()
    page = browser.post(reverse("cases:withdraw", args=[ana.key, first.key]), follow=True).content.decode()
    assert "Otro consentimiento vigente todavía comparte lo mismo" in page
    assert f'#consent-{second.key}"' in page
    assert f'id="consent-{second.key}"' in page
    page = browser.post(reverse("cases:withdraw", args=[ana.key, second.key]), follow=True).content.decode()
    assert "Otro consentimiento vigente" not in page
    assert "Se retiró el consentimiento" in page


def test_the_token_of_a_form_gives_nobody_the_consent_of_somebody_else(
    sign_in: SignIn, world: World, ana: Person
) -> None:
    consent(world, ana, sections=["identity"], sent=(sent := uuid4()))
    address = reverse("cases:consent", args=[ana.key])
    assert sign_in("registrar_a").post(address, typed(token=sent, sections=["identity"])).status_code == 302
    assert Consent.objects.count() == 2


def test_the_page_asks_whether_it_is_a_child_only_where_the_birth_does_not_tell(sign_in: SignIn, ana: Person) -> None:
    address, ask = reverse("cases:consent", args=[ana.key]), "¿Es menor de 18 años?"
    browser = sign_in("health_a")
    assert ask not in browser.get(address).content.decode()
    now = timezone.localdate()
    born(ana, f"{now.year - 8}", f"{now.year - 8}-01-01", f"{now.year - 8}-12-31")
    page = browser.get(address).content.decode()
    assert ask not in page
    assert "consiente su madre, padre o responsable" in page
    assert "consiente su madre" in browser.post(address, typed()).content.decode()
    assert not Consent.objects.exists()
    born(ana, "", None, None)  # type: ignore[arg-type]
    assert ask in browser.get(address).content.decode()
    assert "Elija una respuesta" in browser.post(address, typed()).content.decode()
    assert browser.post(address, typed(minor="yes", given_by="guardian", assent="on")).status_code == 302
    assert Consent.objects.get().minor is True
    page = browser.get(reverse("returns:person", args=[ana.key])).content.decode()
    assert "Quién lo dio: Su madre, padre o responsable, con el asentimiento" in page
    assert "Firmó la hoja" in page


def test_a_section_that_may_not_be_shared_is_called_by_its_name(sign_in: SignIn, world: World, ana: Person) -> None:
    world.section(ana, "psychosocial", by="psychosocial_a", answers={})
    page = sign_in("psychosocial_a").post(
        reverse("cases:consent", args=[ana.key]), typed(recipient="PNC", sections=["psychosocial"])
    )
    text = page.content.decode()
    assert "«psychosocial»" not in text
    assert "no puede leer «" in text
    assert "Policía" in text.partition("no puede leer «")[0][-80:]


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    sign_in: SignIn, world: World, ana: Person
) -> None:
    page = sign_in("health_a").post(
        reverse("cases:consent", args=[ana.key]), typed(given="spoken", explained_in="q'eqchi'")
    )
    text = page.content.decode()
    assert "necesita un testigo" in text
    assert "q&#x27;eqchi&#x27;" in text
    assert not Consent.objects.exists()


def test_a_search_by_the_very_document_says_that_there_is_a_record_elsewhere_and_no_more(
    sign_in: SignIn, ana: Person
) -> None:
    browser = sign_in("health_b")
    page = browser.post(reverse("returns:search"), {"document": DUI}).content.decode()
    assert "Hay un registro con ese documento en otra institución" in page
    for secret in ("Quijada", str(ana.key), "CENTRE-A", "DGME", "inventado A"):
        assert secret not in page
    told = AccessEvent.objects.get(what="elsewhere")
    assert told.subjects == [str(ana.key)]
    for other in ({"document": "00016297-6"}, {"text": "Ana Quijada"}, {"document": "0001629"}):
        assert "otra institución. Pídalo" not in browser.post(reverse("returns:search"), other).content.decode()
    assert (
        "otra institución. Pídalo"
        not in sign_in("health_a").post(reverse("returns:search"), {"document": DUI}).content.decode()
    )


def test_glass_is_broken_from_that_answer_by_the_officer_who_got_it_and_by_nobody_else(
    sign_in, world: World, ana: Person
) -> None:  # type: ignore[no-untyped-def]
    token = queries.elsewhere(world.officers["health_b"], DUI, timezone.now())
    address = reverse("cases:break")
    assert sign_in("health_a").post(address, {"token": token, "reason": WHY}).status_code == 404
    assert sign_in("health_b").post(address, {"token": token[:-2], "reason": WHY}).status_code == 404
    browser = sign_in("health_b")
    assert "Abrir por tres horas" in browser.post(address, {"token": token}).content.decode()
    assert "letras o más" in browser.post(address, {"token": token, "reason": "urge"}).content.decode()
    assert not GlassBreak.objects.exists()
    opened = browser.post(address, {"token": token, "reason": WHY})
    assert opened.headers["Location"] == reverse("returns:person", args=[ana.key])
    page = browser.get(opened.headers["Location"]).content.decode()
    assert "Ana Quijada" in page
    assert AccessEvent.objects.filter(officer="health_b", what="person", basis="glass", allowed=True).exists()
    review = sign_in("data_protection").get(reverse("cases:broken")).content.decode()
    assert WHY in review
    assert "Quijada" not in review


def test_who_may_not_break_it_again_is_told_what_is_left_and_the_reviewer_sees_the_repeats(
    sign_in: SignIn, world: World, ana: Person
) -> None:
    now, address = timezone.now(), reverse("cases:break")
    doctor, judge = world.officers["health_b"], world.officers["data_protection"]
    glass = actions.break_glass(by=doctor, person=ana, reason=WHY, now=now)
    actions.break_glass(by=doctor, person=ana, reason=WHY, now=now)
    actions.judge_glass(by=judge, glass=glass, verdict=Verdict.UNJUSTIFIED, note="Podía esperar", now=now)
    token = queries.elsewhere(doctor, DUI, timezone.now())
    for typed in ({"token": token}, {"token": token, "reason": WHY}):
        page = sign_in("health_b").post(address, typed)
        text = page.content.decode()
        assert page.status_code == 403
        assert "no estaba justificado que usted abriera este registro" in text
        assert f'action="{reverse("cases:ask")}"' in text
        assert "Abrir por tres horas" not in text
    assert GlassBreak.objects.count() == 2
    assert AccessEvent.objects.filter(officer="health_b", what="glass", allowed=False).count() == 2

    review = sign_in("data_protection").get(reverse("cases:broken")).content.decode()
    assert "Repetida: es la vez 2" in review
    assert "<code>health_b</code>" in review, "the officer, not the posting alone"
    assert "Se cierra" not in review
    assert f"lo cerró {judge.full_name}" in review
    allow = reverse("cases:allow", args=[glass.key])
    assert sign_in("supervisor_a").post(allow, {"again_why": "Vuelve hoy"}).status_code == 404
    assert sign_in("health_b").post(allow, {"again_why": "Vuelve hoy"}).status_code == 404
    assert "Falta este dato" in sign_in("data_protection").post(allow, {"again_why": " "}).content.decode()
    assert queries.barred(doctor, ana)
    assert sign_in("data_protection").post(allow, {"again_why": "Vuelve hoy"}).status_code == 302
    assert "Vuelve hoy" in sign_in("data_protection").get(reverse("cases:broken")).content.decode()
    assert "Abrir por tres horas" in sign_in("health_b").post(address, {"token": token}).content.decode()


def test_an_empty_reason_is_told_as_a_short_one_is(sign_in: SignIn, world: World, ana: Person) -> None:
    token = queries.elsewhere(world.officers["health_b"], DUI, timezone.now())
    for reason in ("", "   "):
        page = sign_in("health_b").post(reverse("cases:break"), {"token": token, "reason": reason}).content.decode()
        assert "Falta este dato" in page
    assert not GlassBreak.objects.exists()


# ── At any moment ───────────────────────────────────────────────────────────────────────────────────────────────


class WithdrawnAtAnyMoment(RuleBasedStateMachine):
    """Consents given and withdrawn, glass broken and judged, time passing: nobody reads by what has ended."""

    world: World
    ana: Person

    @initialize()
    def begin(self) -> None:
        self.now = NOW
        self.given: list[Consent] = []
        self.broken: list[GlassBreak] = []
        Consent.objects.all().delete()
        GlassBreak.objects.all().delete()
        PersonGrant.objects.all().delete()

    @rule(days=st.integers(1, 40))
    def give(self, days: int) -> None:
        until = timezone.localdate(self.now) + timedelta(days=days)
        lasting = any(
            one.withdrawn_at is None and one.valid_until > self.now and timezone.localdate(one.valid_until) > until
            for one in self.given
        )
        if lasting:  # the same consent is not recorded twice
            with pytest.raises(ConsentRefused):
                consent(self.world, self.ana, valid_until=until, now=self.now)
            return
        self.given.append(consent(self.world, self.ana, valid_until=until, now=self.now))

    @rule(which=st.integers(0, 5))
    def withdraw(self, which: int) -> None:
        live = [one for one in self.given if one.withdrawn_at is None]
        if live:
            one = live[which % len(live)]
            actions.withdraw_consent(by=self.world.officers["health_a"], consent=one, now=self.now)
            one.refresh_from_db()

    @rule()
    def smash(self) -> None:
        officer = self.world.officers["women_a"]
        self.broken.append(actions.break_glass(by=officer, person=self.ana, reason=WHY, now=self.now))

    @rule(hours=st.integers(1, 400))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @invariant()
    def nobody_reads_by_what_has_ended(self) -> None:
        live = any(one.withdrawn_at is None and one.valid_until > self.now for one in self.given)
        assert ("health" in reads(self.world.officers["women_a"], self.ana, self.now)) == live
        inside = any(self.now < one.opened_at + timedelta(hours=3) for one in self.broken)
        seen = person_seen_by(self.world.officers["women_a"], self.ana.key, self.now) is not None
        assert seen == (inside or live)


def test_a_consent_may_be_withdrawn_at_any_moment(world: World, ana: Person) -> None:
    other = Officer.objects.create(username="women_b", full_name="Inventada", made_up=True)
    own = world.officers["women_a"].memberships.get()
    own.pk, own.officer, own.office = None, other, world.offices["CENTRE-B"]
    own.save(force_insert=True)
    world.officers["women_a"] = other
    machine = type("Machine", (WithdrawnAtAnyMoment,), {"world": world, "ana": ana})
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            max_examples=tries(12),
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        ),
    )


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_sheet_of_a_consent_is_printed_for_who_may_and_for_nobody_else(
    sign_in: SignIn, world: World, ana: Person, language: str
) -> None:
    given = consent(world, ana)
    address = reverse("cases:sheet", args=[ana.key, given.key])
    assert sign_in("labour_a").post(address, {"sheet_language": language}).status_code == 404
    printed = sign_in("health_a").post(address, {"sheet_language": language})
    assert printed.content.startswith(b"%PDF")
    assert "Quijada" not in printed.headers["Content-Disposition"]
    event = AccessEvent.objects.get(verb="print", allowed=True)
    assert (event.what, event.sections) == ("consent", ["health"])


def test_the_menu_tells_who_reviews_how_many_wait(sign_in: SignIn, world: World, ana: Person) -> None:
    actions.break_glass(by=world.officers["health_b"], person=ana, reason=WHY, now=timezone.now())
    assert "Aperturas de urgencia (1)" in sign_in("data_protection").get("/").content.decode()
    assert "Aperturas de urgencia</a>" in sign_in("supervisor_a").get("/").content.decode()
    assert "Aperturas de urgencia" not in sign_in("health_a").get("/").content.decode()
