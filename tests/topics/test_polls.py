"""Polls of institutions: who may vote, what counts, what is secret, and the one gate of results."""

from collections.abc import Callable
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from tests.made_up_polls import BODIES, HOUR, make_poll
from tests.world import NOW, OFFICERS, World
from torogoz.domain.access import Role
from torogoz.domain.deliberation import DeliberationRefused, Result, Stance
from torogoz.domain.polls import HideUntil, Kind, PollRefused, Secrecy, Voters
from torogoz.shared.audit.models import RecordIsAppendOnly
from torogoz.shared.institutions.models import Institution, Membership, Officer
from torogoz.shared.polls import actions, urns
from torogoz.shared.polls.acting import NotAllowed
from torogoz.shared.polls.counting import Results
from torogoz.shared.polls.models import Ballot, Participation, Poll, Seat, Urn
from torogoz.shared.polls.queries import PUBLIC, Asker, ballot_with, has_voted, may_see, results

pytestmark = pytest.mark.django_db

CLOSED = NOW + 2 * HOUR


def seat(poll: Poll, code: str) -> Seat:
    return poll.roll.get(institution__code=code)


def focal(world: World, code: str) -> Officer:
    """Who reports for an institution: the one of the made-up country, or one more."""
    known = {"MINSAL": "focal_health", "MTPS": "focal_labour"}
    if code in known:
        return world.officers[known[code]]
    officer, new = Officer.objects.get_or_create(username=f"focal_{code}", defaults={"full_name": "Inventada"})
    if new:
        Membership.objects.create(
            officer=officer,
            institution=Institution.objects.get(code=code),
            office=world.offices["CENTRE-A"],
            role=Role.FOCAL_POINT.value,
            valid_from=NOW - timedelta(days=100),
        )
    return officer


def named(world: World, poll: Poll, code: str, content: dict[str, Any], reason: str = "") -> Ballot:
    return actions.cast_named(by=focal(world, code), seat=seat(poll, code), content=content, reason=reason, now=NOW)


def secret(world: World, poll: Poll, body: str, content: dict[str, Any], code: str = "", reason: str = "") -> str:
    return actions.cast_secret(
        poll=poll, by=focal(world, body), seat=seat(poll, body), content=content, code=code, reason=reason, now=NOW
    )


def counted(poll: Poll, now: datetime = CLOSED) -> Results:
    found = results(poll, PUBLIC, now)
    assert isinstance(found, Results)
    return found


def test_the_last_ballot_of_a_seat_counts_and_those_before_it_are_kept(world: World) -> None:
    poll = make_poll(world, Kind.SCALE)
    named(world, poll, "MINSAL", {"stance": "agree"})
    named(world, poll, "MINSAL", {"stance": "block"}, "Falta el presupuesto.")
    assert [one.content["stance"] for one in Ballot.objects.order_by("number")] == ["agree", "block"]
    found = counted(poll)
    assert found.decided is not None
    assert (found.decided.tally[Stance.AGREE], found.decided.tally[Stance.BLOCK]) == (0, 1)
    assert (found.voted, found.asked) == (1, 6)


def test_the_same_ballot_sent_twice_is_kept_once(world: World) -> None:
    poll = make_poll(world, Kind.SCALE)
    first = named(world, poll, "MINSAL", {"stance": "agree"})
    assert named(world, poll, "MINSAL", {"stance": "agree"}) == first
    assert Ballot.objects.count() == 1


@pytest.mark.parametrize("stance", ["disagree", "block"])
@pytest.mark.parametrize("secrecy", [Secrecy.NAMED, Secrecy.SECRET])
def test_whoever_disagrees_or_blocks_owes_a_reason_also_in_secret(world: World, stance: str, secrecy: Secrecy) -> None:
    poll = make_poll(world, Kind.SCALE, secrecy=secrecy)
    cast: Callable[..., object] = named if secrecy is Secrecy.NAMED else secret
    with pytest.raises(DeliberationRefused):
        cast(world, poll, "MINSAL", {"stance": stance}, reason="  ")
    assert not Ballot.objects.exists()
    assert not Participation.objects.exists()


def test_an_officer_of_another_institution_a_stranger_and_the_secretariat_cannot_vote_for_a_seat(world: World) -> None:
    poll = make_poll(world, Kind.SCALE)
    nobody = Officer.objects.create(username="new", full_name="Inventada")
    for officer in (world.officers["focal_labour"], world.officers["health_a"], world.officers["secretariat"], nobody):
        with pytest.raises(NotAllowed):
            actions.cast_named(by=officer, seat=seat(poll, "MINSAL"), content={"stance": "agree"}, now=NOW)
    assert not Ballot.objects.exists()


def test_only_the_secretariat_of_the_owner_makes_and_publishes_a_poll(world: World) -> None:
    poll = make_poll(world, Kind.SCALE, hide_until=HideUntil.PUBLISHED)
    for name in OFFICERS:
        if name != "secretariat":
            with pytest.raises(NotAllowed):
                actions.publish_results(by=world.officers[name], poll=poll, now=CLOSED)
    assert results(poll, PUBLIC, CLOSED) is None


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        (Kind.DOTS, {"votes": {"a": 3, "b": 3}}, "spent"),
        (Kind.DOTS, {"votes": {"a": 4}}, "spent"),
        (Kind.DOTS, {"votes": {"a": -1}}, "number"),
        (Kind.QUADRATIC, {"votes": {"a": 3, "b": 1}}, "spent"),
        (Kind.RANK, {"places": {"a": 0}}, "number"),
        (Kind.RANK, {"places": {"z": 1}}, "option"),
        (Kind.RANK, {"places": {}}, "empty"),
        (Kind.BUDGET, {"approved": ["z"]}, "option"),
        (Kind.BUDGET, {"approved": []}, "empty"),
        (Kind.BUDGET, {"votes": {"a": 1}}, "kind"),
        (Kind.SCALE, {"stance": "maybe"}, "no_stance"),
    ],
)
def test_a_ballot_that_cannot_be_counted_is_refused_whole(world: World, kind: Kind, content: Any, code: str) -> None:
    poll = make_poll(world, kind)
    with pytest.raises(PollRefused) as why:
        named(world, poll, "MINSAL", content)
    assert why.value.code == code
    assert not Ballot.objects.exists()


def test_an_empty_ballot_says_to_abstain_only_where_one_can() -> None:
    for said in ("no_stance", "empty"):
        spanish, english = PollRefused.reasons[said]
        assert ("abst" in spanish.lower()) is ("abstain" in english) is (said == "no_stance")


def test_before_it_opens_and_from_the_second_at_which_it_closes_no_vote_is_taken(world: World) -> None:
    poll = make_poll(world, Kind.SCALE)
    for now in (poll.opens_at - timedelta(seconds=1), poll.closes_at):
        with pytest.raises(PollRefused, match="not open"):
            actions.cast_named(
                by=world.officers["focal_health"], seat=seat(poll, "MINSAL"), content={"stance": "agree"}, now=now
            )


def test_rankings_are_counted_with_their_pairwise_table(world: World) -> None:
    poll = make_poll(world, Kind.RANK)
    for body, places in (("MINSAL", {"a": 1, "b": 2}), ("MTPS", {"b": 1, "a": 2}), ("GAMI", {"a": 1, "c": 2})):
        named(world, poll, body, {"places": places})
    ranking = counted(poll).ranking
    assert ranking is not None
    assert ranking.places == (("a",), ("b",), ("c",))
    assert ranking.pairwise.tolist() == [[0, 2, 3], [1, 0, 2], [0, 1, 0]]


def test_a_budget_is_spent_by_equal_shares_and_says_who_paid_what(world: World) -> None:
    poll = make_poll(world, Kind.BUDGET)
    named(world, poll, "MINSAL", {"approved": ["a"]})
    named(world, poll, "MTPS", {"approved": ["b"]})
    found = counted(poll)
    assert found.bought is not None
    assert found.bought.winners == ("a", "b")
    assert [(one.option, one.payers, [name for name, _, _ in one.by]) for one in found.paid] == [
        ("a", 1, ["MINSAL"]),
        ("b", 1, ["MTPS"]),
    ]
    assert sum(amount for one in found.paid for _, _, amount in one.by) == found.bought.spent


def test_what_fewer_than_five_people_paid_at_most_is_not_told(world: World) -> None:
    poll = make_poll(world, Kind.BUDGET, secrecy=Secrecy.SECRET, voters=Voters.SEATS)
    Poll.objects.filter(pk=poll.pk).update(voters=Voters.ATTESTED.value)
    for body, code in zip(BODIES, "aaaaab", strict=True):
        secret(world, poll, body, {"approved": [code]})
    poll.refresh_from_db()
    found = counted(poll)
    assert [(one.option, one.stage, one.payers, one.price) for one in found.paid] == [
        ("a", "shares", 5, Fraction(12)),
        ("b", "shares", None, None),
    ]


def test_a_scale_has_the_outcome_of_the_rule_of_its_process(world: World) -> None:
    expected = {"unanimity": Result.NOT_AGREED, "consensus": Result.WITH_RESERVATIONS, "majority": Result.BY_MAJORITY}
    for rule, result in expected.items():
        poll = make_poll(world, Kind.SCALE, rules={"rule": rule, "more_than": True})
        named(world, poll, "MINSAL", {"stance": "agree"})
        named(world, poll, "MTPS", {"stance": "reservations"}, reason="Con plazo (inventada).")
        found = counted(poll)
        assert found.decided is not None
        assert found.decided.result is result


# Secret ballots.


def test_a_secret_ballot_has_no_way_to_its_voter_in_any_table(world: World) -> None:
    """No foreign key, no shared value, no time: the list of who has voted and the urn have only the poll in common."""
    assert {field.name for field in Urn._meta.get_fields()} == {"id", "key", "poll", "institution", "sealed"}
    assert {field.name for field in Participation._meta.get_fields()} == {"id", "poll", "seat", "attestation"}
    for model in (Urn, Participation):
        times = (models.DateField, models.DateTimeField, models.AutoField)
        assert not [field for field in model._meta.local_fields if isinstance(field, times) and field.name != "id"], (
            model
        )
    assert isinstance(Participation._meta.pk, models.UUIDField)
    leads_to_urn = [
        model for model in connection.introspection.get_migratable_models()
        for field in model._meta.local_fields if field.is_relation and field.related_model is Urn
    ]  # fmt: skip
    assert not leads_to_urn


def test_ballots_lie_in_the_order_of_random_hashes_and_hold_nothing_of_who_cast_them(world: World) -> None:
    poll = make_poll(world, Kind.SCALE, secrecy=Secrecy.SECRET)
    bodies = [one.institution.code for one in poll.roll.select_related("institution") if one.institution]
    codes = [secret(world, poll, body, {"stance": "agree"}) for body in bodies]
    lying = urns.ballots_in(poll)
    assert [one.series for one in lying] == sorted(urns.series_of(poll, code) for code in codes)
    assert {*vars(lying[0])} == {"series", "number", "content", "reason"}
    said = str([vars(one) for one in lying])
    everybody = Participation.objects.filter(poll=poll)
    for row in everybody.select_related("seat"):
        assert row.seat is not None
        for trace in (str(row.pk), str(row.seat.key), str(row.seat.body), str(row.seat.name_es)):
            assert trace not in said


def test_the_sealed_urn_tells_neither_a_ballot_nor_by_its_size_what_it_says(world: World) -> None:
    sizes = set()
    for stance, reason in (("agree", ""), ("block", "Una razón larga. " * 20)):
        poll = make_poll(world, Kind.SCALE, secrecy=Secrecy.SECRET)
        before = len(bytes(Urn.objects.get(poll=poll).sealed))
        secret(world, poll, "MINSAL", {"stance": stance}, reason=reason)
        sealed = bytes(Urn.objects.get(poll=poll).sealed)
        assert b"stance" not in sealed
        assert stance.encode() not in sealed
        sizes |= {before, len(sealed)}
    assert len(sizes) == 1


def test_whoever_has_voted_in_secret_changes_the_ballot_by_its_code_alone(world: World) -> None:
    poll = make_poll(world, Kind.SCALE, secrecy=Secrecy.SECRET)
    code = secret(world, poll, "MINSAL", {"stance": "agree"})
    for wrong, why in (("", "voted"), ("AAAA-AAAA-AAAA-AAAA", "code")):
        with pytest.raises(PollRefused) as refused:
            secret(world, poll, "MINSAL", {"stance": "abstain"}, code=wrong)
        assert refused.value.code == why
    assert secret(world, poll, "MINSAL", {"stance": "abstain"}, code=code.lower().replace("-", " ")) == code
    assert [(one.number, one.content["stance"]) for one in urns.ballots_in(poll)] == [(1, "agree"), (2, "abstain")]
    assert [one.content["stance"] for one in urns.last_of(urns.ballots_in(poll))] == ["abstain"]
    assert Participation.objects.filter(poll=poll).count() == 1


def test_a_receipt_says_that_the_ballot_is_counted_and_another_poll_does_not_know_it(world: World) -> None:
    poll, other = (make_poll(world, Kind.SCALE, secrecy=Secrecy.SECRET) for _ in range(2))
    code = secret(world, poll, "MINSAL", {"stance": "agree"})
    assert ballot_with(poll, code) is not None
    assert ballot_with(other, code) is None
    assert ballot_with(poll, "2222-2222-2222-2222") is None


def test_a_secret_poll_hides_its_results_until_it_closes_and_its_seats_weigh_the_same(world: World) -> None:
    for hide in (HideUntil.OFF, HideUntil.VOTED):
        with pytest.raises(PollRefused, match="secret poll hides"):
            make_poll(world, Kind.SCALE, secrecy=Secrecy.SECRET, hide_until=hide)
    with pytest.raises(PollRefused, match="at least 5 seats"):
        make_poll(world, Kind.SCALE, secrecy=Secrecy.SECRET, bodies=("MINSAL", "MTPS", "GAMI", "PNC"))


def test_of_a_secret_poll_with_fewer_than_five_ballots_nothing_is_told(world: World) -> None:
    poll = make_poll(world, Kind.SCALE, secrecy=Secrecy.SECRET)
    for body in ("MINSAL", "MTPS", "GAMI", "PNC"):
        secret(world, poll, body, {"stance": "agree"})
    found = counted(poll)
    assert found.too_few
    assert (found.voted, found.decided, found.ballots) == (None, None, ())
    poll = make_poll(world, Kind.SCALE, secrecy=Secrecy.SECRET)
    for body in ("MINSAL", "MTPS", "GAMI", "PNC", "PGR"):
        secret(world, poll, body, {"stance": "agree"})
    found = counted(poll)
    assert found.decided is not None
    assert found.decided.tally[Stance.AGREE] == 5
    assert not any(one.body or one.name_es for one in found.ballots)


@pytest.mark.parametrize("secrecy", [Secrecy.NAMED, Secrecy.SECRET])
def test_a_poll_that_was_closed_early_takes_no_ballot_of_who_saw_it_open(world: World, secrecy: Secrecy) -> None:
    poll = make_poll(world, Kind.SCALE, secrecy=secrecy)
    seen = Poll.objects.get(pk=poll.pk)
    cast: Callable[..., Any] = named if secrecy is Secrecy.NAMED else secret
    codes = {body: cast(world, poll, body, {"stance": "agree"}) for body in BODIES}
    actions.close_poll(by=world.officers["secretariat"], poll=poll, now=NOW + timedelta(seconds=1))
    again = {"code": codes["MINSAL"]} if secrecy is Secrecy.SECRET else {}
    with pytest.raises(PollRefused, match="not open"):
        cast(world, seen, "MINSAL", {"stance": "abstain"}, **again)
    decided = counted(poll).decided
    assert decided is not None
    assert (decided.tally[Stance.AGREE], decided.tally[Stance.ABSTAIN]) == (6, 0)


# The gate.


@pytest.mark.parametrize(
    ("hide_until", "public_open", "voter_open", "public_closed", "public_published"),
    [
        (HideUntil.OFF, True, True, True, True),
        (HideUntil.VOTED, False, True, True, True),
        (HideUntil.CLOSED, False, False, True, True),
        (HideUntil.PUBLISHED, False, False, False, True),
    ],
)
def test_results_are_hidden_until_the_poll_says(
    world: World,
    hide_until: HideUntil,
    public_open: bool,
    voter_open: bool,
    public_closed: bool,
    public_published: bool,
) -> None:
    poll = make_poll(world, Kind.SCALE, hide_until=hide_until)
    named(world, poll, "MINSAL", {"stance": "agree"})
    voter = Asker(officer=world.officers["focal_health"])
    assert (results(poll, PUBLIC, NOW) is not None) is public_open
    assert (results(poll, voter, NOW) is not None) is voter_open
    assert (results(poll, PUBLIC, CLOSED) is not None) is public_closed
    actions.publish_results(by=world.officers["secretariat"], poll=poll, now=CLOSED)
    assert (results(poll, PUBLIC, CLOSED) is not None) is public_published


def test_nobody_sees_results_early_whatever_the_role(world: World) -> None:
    poll = make_poll(world, Kind.SCALE)
    named(world, poll, "MINSAL", {"stance": "agree"})
    assert [name for name in OFFICERS if may_see(poll, Asker(officer=world.officers[name]), NOW)] == []
    with pytest.raises(PollRefused, match="still open"):
        actions.publish_results(by=world.officers["secretariat"], poll=poll, now=NOW)


def test_while_results_are_hidden_no_ballot_is_looked_at(world: World) -> None:
    """So neither the answer nor the work it takes depends on any."""
    asked = []
    for voters in (0, 6):
        poll = make_poll(world, Kind.SCALE)
        for one in list(poll.roll.select_related("institution"))[:voters]:
            assert one.institution is not None
            named(world, poll, one.institution.code, {"stance": "agree"})
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert results(poll, PUBLIC, NOW) is None
        asked.append(len(queries))
    assert asked == [0, 0]


def test_has_voted_is_known_of_own_institution_only(world: World) -> None:
    poll = make_poll(world, Kind.SCALE, hide_until=HideUntil.VOTED)
    named(world, poll, "MINSAL", {"stance": "agree"})
    assert has_voted(poll, Asker(officer=world.officers["focal_health"]), NOW)
    assert not has_voted(poll, Asker(officer=world.officers["focal_labour"]), NOW)
    assert not has_voted(poll, Asker(officer=world.officers["secretariat"]), NOW)


def test_a_poll_is_withdrawn_before_it_opens_or_not_at_all(world: World) -> None:
    poll = make_poll(world, Kind.SCALE)
    said = {"reason_es": "Pregunta mal escrita.", "reason_en": "The question was wrong."}
    with pytest.raises(PollRefused, match="has opened"):
        actions.withdraw_poll(by=world.officers["secretariat"], poll=poll, now=NOW, **said)
    poll = actions.withdraw_poll(
        by=world.officers["secretariat"], poll=poll, now=poll.opens_at - timedelta(minutes=1), **said
    )
    with pytest.raises(PollRefused, match="not open"):
        named(world, poll, "MINSAL", {"stance": "agree"})
    assert results(poll, PUBLIC, CLOSED) is None


def test_ballots_are_added_and_never_changed(world: World) -> None:
    poll = make_poll(world, Kind.SCALE)
    named(world, poll, "MINSAL", {"stance": "agree"})
    with pytest.raises(RecordIsAppendOnly):
        Ballot.objects.update(content={"stance": "block"})
    with pytest.raises(RecordIsAppendOnly):
        Ballot.objects.all().delete()
