"""Hand-overs: who sends, who answers, what the receiver reads and until when, and the clocks."""

import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.effort import tries
from tests.topics.test_cases import DUI, consent, reads
from tests.topics.test_cases import ana as ana  # the made-up woman, as a fixture here too
from tests.world import NOW, World
from torogoz.domain.access import GRANTED_VERBS, NEVER, Basis, Verb
from torogoz.domain.consents import ConsentRefused, Purpose
from torogoz.domain.handovers import (
    ANSWER_WITHIN,
    ATTEND_WITHIN,
    KEPT_FOR,
    LIVE,
    STEPS,
    Ground,
    HandoverRefused,
    Kind,
    Side,
    State,
    Step,
    Urgency,
    Why,
    state_at,
    take,
)
from torogoz.shared.audit.declared import declaring
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.cases import actions as consents
from torogoz.shared.cases import handover_actions as actions
from torogoz.shared.cases import handover_queries as queries
from torogoz.shared.cases.models import Consent, GlassBreak, Handover, HandoverStep, LegalBasis
from torogoz.shared.cases.papers import of_referral
from torogoz.shared.cases.queries import elsewhere
from torogoz.shared.institutions.access import may
from torogoz.shared.institutions.models import Institution, Membership, Officer, PersonGrant
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.models import Person, Section
from torogoz.shared.people.queries import person_seen_by, subject_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
WHY = "Necesita seguimiento del embarazo cerca de su casa"
B = "MINSAL@CENTRE-B"


def hand_over(world: World, person: Person, by: str = "health_a", to: str = B, **changes: object) -> Handover:
    officer = world.officers[by]
    receiver = next((one for one in queries.receivers(officer, NOW) if one.code == to), None)
    values: dict[str, object] = {
        "by": officer,
        "person": person,
        "to": receiver,
        "urgency": Urgency.URGENT,
        "reason": WHY,
        "sections": ["identity", "health"],
        "ground": Ground.PROTOCOL,
        "now": NOW,
    }
    return actions.send(**(values | changes))  # type: ignore[arg-type]


def step(world: World, by: str, handover: Handover, what: Step, now: datetime = NOW, **more: object) -> Handover:
    return actions.advance(by=world.officers[by], handover=handover, step=what, now=now, **more)  # type: ignore[arg-type]


# ── The states ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("what", list(Step))
@pytest.mark.parametrize("side", list(Side))
def test_a_step_is_taken_by_its_own_side_in_its_own_state_and_nowhere_else(
    state: State, what: Step, side: Side
) -> None:
    allowed, then = STEPS.get((state, what), (frozenset(), state))
    if side in allowed:
        assert take(state, what, {side}, Why.FULL, "hecho") is then
    else:
        with pytest.raises(HandoverRefused):
            take(state, what, {side}, Why.FULL, "hecho")


def test_what_has_ended_stays_ended() -> None:
    assert {state for state, _ in STEPS} == LIVE


@pytest.mark.parametrize(("urgency", "hours"), [(Urgency.IMMEDIATE, 24), (Urgency.URGENT, 72), (Urgency.NORMAL, 240)])
def test_the_clock_of_each_urgency(urgency: Urgency, hours: int) -> None:
    ends = NOW + ANSWER_WITHIN[urgency]
    assert ends == NOW + timedelta(hours=hours)
    assert state_at(State.SENT, ends, ends - timedelta(seconds=1)) is State.SENT
    assert state_at(State.SENT, ends, ends) is State.EXPIRED
    assert state_at(State.COMPLETED, ends, ends) is State.COMPLETED


# ── What is read ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_receiving_office_reads_what_was_disclosed_and_nothing_else(world: World, ana: Person) -> None:
    doctor = world.officers["health_b"]
    assert reads(doctor, ana) == set()
    hand_over(world, ana)
    assert reads(doctor, ana) == {"health"}
    assert may(doctor, Verb.VIEW, subject_of(ana), "health", NOW).basis is Basis.HANDOVER
    assert not may(doctor, Verb.VIEW, subject_of(ana), "migration", NOW)
    for verb in set(Verb) - GRANTED_VERBS:
        assert not may(doctor, verb, subject_of(ana), "health", NOW), verb
    for other in ("children_b", "labour_a", "police_a"):
        assert "health" not in reads(world.officers[other], ana), other


def test_only_the_office_that_receives_reads_and_not_all_of_its_institution(world: World, ana: Person) -> None:
    officer = Officer.objects.create(username="health_c", full_name="Inventada", made_up=True)
    Membership.objects.create(
        officer=officer,
        institution=Institution.objects.get(code="MINSAL"),
        office=world.offices["CENTRE-A"],
        role="supervisor",
        valid_from=NOW - timedelta(days=1),
    )
    world.section(world.person("eva", office="CENTRE-B", by="registrar_b"), "health", by="health_b", answers={})
    eva = world.people["eva"]
    hand_over(world, eva, by="health_b", to="MINSAL@CENTRE-A")
    assert reads(world.officers["health_a"], eva) == {"health"}
    hand_over(world, ana)
    assert reads(officer, ana) != set(), "reads by its own office"
    assert reads(world.officers["children_b"], ana) == set()


def test_until_it_is_accepted_what_is_written_later_stays_closed(world: World, ana: Person) -> None:
    doctor = world.officers["health_b"]
    sent = hand_over(world, ana)
    Section.objects.filter(code="health").update(recorded_at=NOW + timedelta(hours=1))
    later = NOW + timedelta(hours=2)
    assert reads(doctor, ana, later) == set()
    step(world, "health_b", sent, Step.ACCEPT, later)
    assert reads(doctor, ana, later) == {"health"}


def test_the_reading_ends_with_the_hand_over_whatever_its_end(world: World, ana: Person) -> None:
    doctor, later = world.officers["health_b"], NOW + timedelta(hours=1)
    ends: list[Callable[[Handover], object]] = [
        lambda sent: step(world, "health_b", sent, Step.REJECT, later, why=Why.FULL),
        lambda sent: step(world, "health_a", sent, Step.RECALL, later),
        lambda sent: step(world, "health_a", sent, Step.CANCEL, later),
        lambda sent: (
            step(world, "health_b", sent, Step.ACCEPT, later),
            step(world, "health_b", sent, Step.GIVE_BACK, later, why=Why.NO_SHOW),
        ),
        lambda sent: (
            step(world, "health_b", sent, Step.ACCEPT, later),
            step(world, "health_b", sent, Step.START, later),
            step(world, "health_b", sent, Step.COMPLETE, later, note="Control prenatal hecho"),
        ),
    ]
    for end in ends:
        sent = hand_over(world, ana)
        assert reads(doctor, ana) == {"health"}
        end(sent)
        assert reads(doctor, ana, later) == set()
        assert person_seen_by(doctor, ana.key, later) is None


def test_what_nobody_answers_expires_and_comes_back(world: World, ana: Person) -> None:
    sent = hand_over(world, ana, urgency=Urgency.IMMEDIATE)
    day = NOW + timedelta(hours=24)
    doctor, sender = world.officers["health_b"], world.officers["health_a"]
    assert reads(doctor, ana, day - timedelta(seconds=1)) == {"health"}
    assert reads(doctor, ana, day) == set()
    (seen,) = queries.handovers_seen_by(sender, day)
    assert (seen.state, seen.came_back, seen.steps) == (State.EXPIRED, True, ())
    with pytest.raises(HandoverRefused) as refused:
        step(world, "health_b", sent, Step.ACCEPT, day)
    assert refused.value.code == "not_now"
    assert hand_over(world, ana, now=day).state == State.SENT


def test_an_accepted_hand_over_is_read_for_ninety_days_at_most(world: World, ana: Person) -> None:
    sent = step(world, "health_b", hand_over(world, ana), Step.ACCEPT)
    assert sent.expires_at == NOW + ATTEND_WITHIN
    assert reads(world.officers["health_b"], ana, NOW + ATTEND_WITHIN) == set()


def test_the_receiver_keeps_its_own_words_for_thirty_days_and_never_the_name(world: World, ana: Person) -> None:
    sent = step(world, "health_b", hand_over(world, ana), Step.ACCEPT)
    step(world, "health_b", sent, Step.START)
    step(world, "health_b", sent, Step.COMPLETE, note="Control prenatal hecho")
    doctor = world.officers["health_b"]
    (seen,) = queries.handovers_seen_by(doctor, NOW + timedelta(days=29))
    assert seen.name == ""
    assert [one.words for one in queries.steps_seen(seen)] == ["", "", "Control prenatal hecho"]
    assert queries.handovers_seen_by(doctor, NOW + KEPT_FOR) == []
    (sender,) = queries.handovers_seen_by(world.officers["health_a"], NOW + KEPT_FOR)
    assert [one.words for one in queries.steps_seen(sender)][-1] == "Control prenatal hecho"


# ── What cannot be ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sections": []}, "nothing"),
        ({"sections": ["psychosocial"]}, "not_yours"),
        ({"by": "children_a", "to": "CONAPINA@CENTRE-B", "sections": ["child_protection"]}, "protected"),
        ({"to": "PNC@CENTRE-A"}, "never"),
        ({"to": "ISDEMU@CENTRE-A"}, "no_protocol"),
        ({"to": "ISDEMU@CENTRE-A", "ground": Ground.CONSENT}, "no_consent"),
        ({"to": "ISDEMU@CENTRE-A", "ground": Ground.LAW}, "no_law"),
        ({"reason": "porque sí"}, "reason"),
    ],
)
def test_what_may_not_be_handed_over_is_refused_and_nothing_is_stored(
    world: World, ana: Person, changes: dict[str, object], code: str
) -> None:
    with pytest.raises(HandoverRefused) as refused:
        hand_over(world, ana, **changes)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert refused.value.explain("es") != refused.value.explain("en")
    assert not Handover.objects.exists()
    assert not PersonGrant.objects.exists()


def test_whoever_cannot_open_the_person_hands_nobody_over(world: World, ana: Person) -> None:
    with pytest.raises(NotAllowed):
        hand_over(world, ana, by="children_b", to="MINSAL@CENTRE-A")
    hand_over(world, ana)
    with pytest.raises(NotAllowed):
        hand_over(world, ana, by="health_b", to="CONAPINA@CENTRE-B", sections=["identity"])


def test_whoever_is_on_no_side_changes_nothing(world: World, ana: Person) -> None:
    sent = hand_over(world, ana)
    for username in ("children_b", "labour_a", "statistician", "data_protection", "logistics_a"):
        for what in Step:
            with pytest.raises(NotAllowed):
                step(world, username, sent, what, why=Why.FULL, note="no")
    assert HandoverStep.objects.count() == 1


def test_there_is_no_second_hand_over_beside_a_live_one(world: World, ana: Person) -> None:
    sent = hand_over(world, ana)
    with pytest.raises(HandoverRefused) as refused:
        hand_over(world, ana)
    assert refused.value.code == "twice"
    step(world, "health_a", sent, Step.RECALL)
    assert hand_over(world, ana).state == State.SENT


def test_a_hand_over_opens_to_a_role_only_what_the_protocol_opens_to_it(world: World, ana: Person) -> None:
    boss = world.officers["health_supervisor_b"]
    hand_over(world, ana)
    assert ("health" in reads(boss, ana)) == bool(
        may(
            world.officers["health_supervisor_b"],
            Verb.VIEW,
            subject_of(world.person("x", office="CENTRE-B", by="health_b")),
            "health",
            NOW,
        )
    )


# ── Consent, and law ────────────────────────────────────────────────────────────────────────────────────────────


def test_withdrawing_the_consent_ends_the_hand_over_that_stands_on_it_at_once(world: World, ana: Person) -> None:
    women = world.officers["women_a"]
    before = reads(women, ana)
    given = consent(world, ana)
    sent = hand_over(world, ana, to="ISDEMU@CENTRE-A", sections=["health"], ground=Ground.CONSENT)
    assert sent.consent == given
    later = NOW + timedelta(minutes=5)
    step(world, "women_a", sent, Step.ACCEPT, NOW)
    consents.withdraw_consent(by=world.officers["health_a"], consent=given, now=later)
    sent.refresh_from_db()
    assert sent.state == State.CANCELLED
    assert reads(women, ana, later) == before


def test_a_hand_over_lasts_no_longer_than_its_consent(world: World, ana: Person) -> None:
    given = consent(world, ana, valid_until=timezone.localdate(NOW) + timedelta(days=2))
    sent = hand_over(
        world, ana, to="ISDEMU@CENTRE-A", sections=["health"], ground=Ground.CONSENT, urgency=Urgency.NORMAL
    )
    assert sent.expires_at == given.valid_until
    assert step(world, "women_a", sent, Step.ACCEPT).expires_at == given.valid_until


def test_a_law_opens_what_two_persons_entered_and_nothing_before(world: World, ana: Person) -> None:
    law = LegalBasis.objects.create(
        recipient=Institution.objects.get(code="ISDEMU"),
        sections=["health"],
        law="Ley inventada para una prueba",
        article="1",
        summary="Prueba",
        source="inventada",
        valid_from=timezone.localdate(NOW),
        proposed_by=world.officers["data_protection"],
        institution=Institution.objects.get(code="DGME"),
        proposed_at=NOW,
    )
    how = {"to": "ISDEMU@CENTRE-A", "sections": ["health"], "ground": Ground.LAW}
    with pytest.raises(HandoverRefused):
        hand_over(world, ana, **how)  # type: ignore[arg-type]
    LegalBasis.objects.filter(pk=law.pk).update(approved_by=world.officers["supervisor_a"], approved_at=NOW)
    assert hand_over(world, ana, **how).law == law  # type: ignore[arg-type]
    assert may(world.officers["women_a"], Verb.VIEW, subject_of(ana), "health", NOW).basis is Basis.LAW


# ── Asking for a record ─────────────────────────────────────────────────────────────────────────────────────────


def asked(world: World, ana: Person, sections: list[str] | None = None) -> Handover:
    return actions.ask(
        by=world.officers["health_b"],
        person=ana,
        urgency=Urgency.IMMEDIATE,
        reason="La persona está aquí con su documento",
        sections=sections or ["identity", "health"],
        now=NOW,
    )


def test_asking_opens_nothing_and_tells_nothing(world: World, ana: Person) -> None:
    request = asked(world, ana)
    doctor = world.officers["health_b"]
    assert reads(doctor, ana) == set()
    assert request.kind == Kind.REQUEST
    (seen,) = queries.handovers_seen_by(doctor, NOW)
    assert (seen.name, seen.sender, seen.steps) == ("", False, (Step.RECALL, Step.CANCEL))


def test_whoever_holds_the_record_decides_what_is_shared(world: World, ana: Person) -> None:
    request = asked(world, ana, ["identity", "health", "migration"])
    holder, doctor = world.officers["registrar_a"], world.officers["health_b"]
    (waiting,) = queries.handovers_seen_by(holder, NOW)
    assert waiting.mine_to_answer
    with pytest.raises(HandoverRefused):
        actions.share(
            by=holder, handover=request, sections=["health"], ground=Ground.PROTOCOL, note="", now=NOW
        )  # DGME does not read health
    shared = actions.share(
        by=holder, handover=request, sections=["migration"], ground=Ground.PROTOCOL, note="Listo", now=NOW
    )
    assert shared.sections == ["migration"]
    assert reads(doctor, ana) == {"migration"}
    with pytest.raises(HandoverRefused):
        actions.share(by=holder, handover=request, sections=["migration"], ground=Ground.PROTOCOL, note="", now=NOW)


def test_a_request_may_be_refused_and_the_asker_still_knows_nothing(world: World, ana: Person) -> None:
    request = asked(world, ana)
    step(world, "registrar_a", request, Step.REJECT, why=Why.NO_GROUND, note="Sin consentimiento")
    (seen,) = queries.handovers_seen_by(world.officers["health_b"], NOW)
    assert (seen.state, seen.name, seen.sender) == (State.REJECTED, "", False)
    assert [one.state for one in queries.steps_seen(seen)] == ["asked"]
    assert reads(world.officers["health_b"], ana) == set()


@pytest.mark.parametrize("section", sorted(NEVER["PNC"]))
def test_the_police_cannot_even_ask_for_what_they_never_read(world: World, ana: Person, section: str) -> None:
    with pytest.raises(HandoverRefused):
        actions.ask(
            by=world.officers["police_a"],
            person=ana,
            urgency=Urgency.NORMAL,
            reason="Investigación en curso",
            sections=[section],
            now=NOW,
        )


# ── Over HTTP ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def sign_in(client: Client, world: World) -> SignIn:
    def as_officer(username: str) -> Client:
        client.force_login(world.officers[username], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return as_officer


def test_what_is_needed_is_not_called_optional_and_is_told_with_what_else_is_wrong(
    sign_in: SignIn, world: World, ana: Person
) -> None:
    address, browser = reverse("cases:send", args=[ana.key]), sign_in("health_a")
    assert "(opcional)" not in browser.get(address).content.decode()
    empty = browser.post(address, {"reason": " ", "sections": ["health"], "ground": "protocol"}).content.decode()
    assert "Escriba para qué." in empty
    assert "Elija una respuesta" in empty, "whom to and how soon, in the same answer"
    short = browser.post(address, {"reason": "ya", "sections": ["health"], "ground": "protocol"}).content.decode()
    assert "letras o más" in short.partition("¿Para qué?")[2]
    assert "Elija una respuesta" in short


def test_a_hand_over_that_ended_with_its_consent_says_so(sign_in: SignIn, world: World, ana: Person) -> None:
    given = consent(world, ana)
    sent = hand_over(world, ana, to="ISDEMU@CENTRE-A", sections=["health"], ground=Ground.CONSENT)
    consents.withdraw_consent(by=world.officers["health_a"], consent=given, now=NOW + timedelta(minutes=5))
    page = sign_in("health_a").get(reverse("cases:handover", args=[sent.key])).content.decode()
    assert "Terminada: se retiró el consentimiento" in page
    assert "la persona ya no quiere" not in page


def test_a_person_is_handed_over_answered_and_attended_on_pages(sign_in: SignIn, world: World, ana: Person) -> None:
    address = reverse("cases:send", args=[ana.key])
    browser = sign_in("health_a")
    offered = browser.get(address).content.decode()
    assert B in offered
    assert 'value="child_protection"' not in offered
    assert 'value="law"' not in offered
    form = {"to": B, "urgency": "urgent", "reason": WHY, "sections": ["health"], "ground": "protocol"}
    wrong = browser.post(address, form | {"to": "ISDEMU@CENTRE-A"}).content.decode()
    assert "El protocolo no abre «" in wrong
    assert WHY in wrong
    where = browser.post(address, form).headers["Location"]
    assert "Ana Quijada" in browser.get(where).content.decode()

    doctor = sign_in("health_b")
    page = doctor.get(reverse("cases:handovers")).content.decode()
    assert "Esperan su respuesta (1)" in page
    assert "Derivaciones (1)" in page
    assert "quedan 72 horas" in page or "quedan 71 horas" in page
    assert WHY in doctor.get(where).content.decode()
    refused = doctor.post(f"{where}reject/", {"reject-note": "lleno"})
    assert refused.status_code == 422
    assert "lleno" in refused.content.decode()
    assert "Elija una respuesta" in refused.content.decode()
    for taken in ("accept", "start"):
        assert doctor.post(f"{where}{taken}/", {}).status_code == 302
    assert doctor.post(f"{where}complete/", {}).status_code == 422
    assert doctor.post(f"{where}complete/", {"complete-note": "Control hecho"}).status_code == 302
    assert "Quijada" not in doctor.get(where).content.decode()
    assert "Control hecho" in sign_in("health_a").get(where).content.decode()
    for username in ("labour_a", "children_b", "data_protection"):
        stranger = sign_in(username)
        assert stranger.get(where).status_code == 404
        assert stranger.post(f"{where}accept/", {}).status_code == 404
    assert AccessEvent.objects.filter(officer="health_b", what="handover", basis="handover", allowed=True).exists()


def test_a_record_is_asked_for_from_the_answer_of_a_search(sign_in: SignIn, world: World, ana: Person) -> None:
    browser = sign_in("health_b")
    page = browser.post(reverse("returns:search"), {"document": DUI}).content.decode()
    assert reverse("cases:ask") in page
    token = elsewhere(world.officers["health_b"], DUI, timezone.now())
    address = reverse("cases:ask")
    assert "¿Qué pide?" in browser.post(address, {"token": token}).content.decode()
    form = {"token": token, "urgency": "urgent", "reason": "Está aquí con su documento", "sections": ["identity"]}
    where = browser.post(address, form).headers["Location"]
    waiting = browser.get(where).content.decode()
    for secret in ("Quijada", str(ana.key), "DGME", "CENTRE-A", "inventado A"):
        assert secret not in waiting
    assert sign_in("health_a").post(address, form).status_code == 404

    holder = sign_in("registrar_a")
    assert "Ana Quijada" in holder.get(where).content.decode()
    answer = {"share-sections": ["identity"], "share-ground": "protocol", "share-note": "Venga con ella"}
    assert holder.post(f"{where}share/", answer).status_code == 302
    assert "Ana Quijada" in sign_in("health_b").get(where).content.decode()


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_sheet_of_a_referral_is_printed_by_either_side_while_it_lives_and_by_nobody_else(
    sign_in: SignIn, world: World, ana: Person, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    sent = hand_over(world, ana)
    address, asked_for = reverse("cases:referral_sheet", args=[sent.key]), {"sheet_language": language}
    for username in ("labour_a", "children_b", "police_a", "logistics_a", "data_protection"):
        assert sign_in(username).post(address, asked_for).status_code == 404, username
    for username in ("health_a", "health_b"):
        printed = sign_in(username).post(address, asked_for)
        assert printed.content.startswith(b"%PDF"), username
        assert "Quijada" not in printed.headers["Content-Disposition"]
    events = AccessEvent.objects.filter(verb="print", allowed=True).order_by("sequence")
    assert [(one.officer, one.what, one.sections, one.basis) for one in events] == [
        ("health_a", "referral", ["health", "identity"], "office"),
        ("health_b", "referral", ["health", "identity"], "handover"),
    ]
    page = sign_in("health_b").get(reverse("cases:handover", args=[sent.key])).content.decode()
    assert address in page
    step(world, "health_b", sent, Step.REJECT, why=Why.FULL)
    assert sign_in("health_a").post(address, asked_for).status_code == 404
    assert address not in sign_in("health_a").get(reverse("cases:handover", args=[sent.key])).content.decode()


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_sheet_says_where_and_by_when_and_never_what_for(world: World, ana: Person, language: str) -> None:
    sent = hand_over(world, ana, sections=["health"])
    content = of_referral(sent, "Ana Quijada", language)
    told = str(content)
    for word in ("Ana Quijada", "inventado A" if language == "es" else "Made-up centre A", "2026-11-23"):
        assert word in told
    assert WHY not in told
    assert "embarazo" not in told


def test_a_request_that_nobody_answered_has_no_sheet(
    sign_in: SignIn, world: World, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    sent = asked(world, ana)
    for username in ("health_b", "registrar_a"):
        answer = sign_in(username).post(reverse("cases:referral_sheet", args=[sent.key]), {"sheet_language": "es"})
        assert answer.status_code == 404, username


def test_what_is_said_in_a_hand_over_is_sealed(world: World, ana: Person) -> None:
    hand_over(world, ana)
    stored = HandoverStep.objects.get()
    assert WHY.encode() not in bytes(stored.note)
    assert stored.words == WHY


# ── At any moment ───────────────────────────────────────────────────────────────────────────────────────────────


class AtAnyMoment(RuleBasedStateMachine):
    """Consents, hand-overs on consent and on protocol, glass, time: nobody reads by what has ended.

    What should be read is worked out from what was done, by plain loops that know nothing of grants.
    """

    world: World
    ana: Person

    @initialize()
    def begin(self) -> None:
        self.now = NOW
        self.given: list[Consent] = []
        self.broken: list[datetime] = []
        self.refusals: set[str] = set()
        self.sent: list[tuple[Handover, datetime]] = []
        for model in (HandoverStep, Handover, Consent, GlassBreak, PersonGrant):
            model.objects.all().delete()

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
            given = live[which % len(live)]
            consents.withdraw_consent(by=self.world.officers["health_a"], consent=given, now=self.now)
            given.refresh_from_db()

    @rule(on_consent=st.booleans(), urgency=st.sampled_from(list(Urgency)))
    def send(self, on_consent: bool, urgency: Urgency) -> None:
        to, ground = ("ISDEMU@CENTRE-A", Ground.CONSENT) if on_consent else (B, Ground.PROTOCOL)
        try:
            sent = hand_over(
                self.world, self.ana, to=to, ground=ground, urgency=urgency, sections=["health"], now=self.now
            )
        except HandoverRefused as why:
            self.refusals.add(why.code)
        else:
            self.sent.append((sent, self.now))

    @rule(which=st.integers(0, 9), what=st.sampled_from([one for one in Step if one is not Step.SHARE]))
    def go_on(self, which: int, what: Step) -> None:
        if self.sent:
            handover, _ = self.sent[which % len(self.sent)]
            by = "women_a" if handover.to_institution.code == "ISDEMU" else "health_b"
            if what in (Step.RECALL, Step.CANCEL):
                by = "health_a"
            with contextlib.suppress(HandoverRefused, NotAllowed):
                step(self.world, by, handover, what, self.now, why=Why.FULL, note="hecho")
            handover.refresh_from_db()

    @rule()
    def smash(self) -> None:
        consents.break_glass(by=self.world.officers["health_b"], person=self.ana, reason=f"{WHY}: urge", now=self.now)
        self.broken.append(self.now)

    @rule(hours=st.integers(1, 100))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @invariant()
    def nobody_reads_by_what_has_ended(self) -> None:
        consented = any(one.withdrawn_at is None and one.valid_until > self.now for one in self.given)
        reader = self.world.officers["women_a"]
        with declaring(lambda _username: Purpose.ATTENTION.value):
            assert ("health" in reads(reader, self.ana, self.now)) == consented
        open_glass = any(self.now < opened + timedelta(hours=3) for opened in self.broken)
        handed = any(
            handover.to_office.code == "CENTRE-B"
            and handover.state in ("sent", "accepted", "in_service")
            and self.now < handover.expires_at
            for handover, _ in self.sent
        )
        assert ("health" in reads(self.world.officers["health_b"], self.ana, self.now)) == (open_glass or handed)

    @invariant()
    def a_hand_over_is_refused_for_want_of_consent_or_beside_a_live_one_only(self) -> None:
        assert self.refusals <= {"twice", "no_consent"}

    @invariant()
    def what_stood_on_a_withdrawn_consent_has_ended(self) -> None:
        for one in Handover.objects.filter(consent__withdrawn_at__isnull=False):
            assert one.state not in LIVE, one.state

    @invariant()
    def every_grant_of_an_ended_hand_over_has_ended(self) -> None:
        for one in Handover.objects.exclude(state__in=[state.value for state in LIVE]).select_related("grant"):
            assert one.grant is not None
            assert one.grant.valid_until <= self.now


def test_a_consent_withdrawn_at_any_moment_leaves_nobody_reading(world: World, ana: Person) -> None:
    machine = type("Machine", (AtAnyMoment,), {"world": world, "ana": ana})
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            max_examples=tries(12),
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        ),
    )


def test_seventy_two_hours_are_told_in_hours(
    sign_in: SignIn, world: World, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = hand_over(world, ana, urgency=Urgency.URGENT)
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(seconds=5))
    page = sign_in("health_b").get(reverse("cases:handover", args=[sent.key])).content.decode()
    assert "quedan 72 horas" in page
    assert "quedan 2 días" not in page
