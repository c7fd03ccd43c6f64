"""Statements voted on by attested people: once each, the last counts, frozen after the first vote, few are hidden."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.made_up_polls import HOUR, attested, say, statement, statement_poll
from tests.world import NOW, OFFICERS, World
from torogoz.domain import voting_codes
from torogoz.domain.polls import Answer, Ground, HideUntil, PollRefused, StatementState
from torogoz.shared.audit.models import AccessEvent, RecordIsAppendOnly
from torogoz.shared.polls import online_actions
from torogoz.shared.polls.acting import NotAllowed
from torogoz.shared.polls.board import board, next_line
from torogoz.shared.polls.models import Asked, Attestation, Poll, Vote
from torogoz.shared.polls.queries import PUBLIC, Asker, attestation_with, may_see, moderation_log, results
from torogoz.shared.polls.statement_counts import OTHER, StatementResults
from torogoz.statistics.deliberation.small_cells import Split

pytestmark = pytest.mark.django_db

CLOSED = NOW + 2 * HOUR
WHY = {"ground": Ground.NAMES_PERSONS, "reason_es": "Nombra a una persona.", "reason_en": "It names a person."}


def counted(poll: Poll) -> StatementResults:
    found = results(poll, PUBLIC, CLOSED)
    assert isinstance(found, StatementResults)
    return found


def test_a_vote_sent_twice_counts_once_and_the_last_answer_counts(world: World) -> None:
    poll = statement_poll(world)
    said, (_, code) = statement(world, poll, 1), attested(poll)
    say(poll, code, said, Answer.AGREE)
    say(poll, code, said, Answer.AGREE)
    say(poll, code, said, Answer.DISAGREE, turn=1)
    assert list(Vote.objects.order_by("number").values_list("number", "value")) == [(1, 1), (2, -1)]


def test_a_form_that_comes_late_for_the_second_time_changes_nothing(world: World) -> None:
    poll = statement_poll(world)
    said, (_, code) = statement(world, poll, 1), attested(poll)
    say(poll, code, said, Answer.AGREE, turn=0)
    say(poll, code, said, Answer.DISAGREE, turn=1)
    say(poll, code, said, Answer.AGREE, turn=0)
    assert Vote.objects.order_by("-number").values_list("value", flat=True)[0] == -1


def test_an_answer_given_again_on_a_page_that_the_back_button_brought_counts(world: World) -> None:
    poll = statement_poll(world)
    said, (_, code) = statement(world, poll, 1), attested(poll)
    for answer in (Answer.AGREE, Answer.PASS, Answer.AGREE):
        say(poll, code, said, answer, turn=0)
    assert Vote.objects.order_by("-number").values_list("value", flat=True)[0] == 1


def test_two_buttons_pressed_on_one_page_count_as_the_later_one(world: World) -> None:
    poll = statement_poll(world)
    said, (_, code) = statement(world, poll, 1), attested(poll)
    say(poll, code, said, Answer.AGREE, turn=0)
    say(poll, code, said, Answer.PASS, turn=0)
    assert Vote.objects.order_by("-number").values_list("value", flat=True)[0] == 0


def test_a_vote_is_changed_twenty_times_at_most(world: World) -> None:
    poll = statement_poll(world)
    said, (_, code) = statement(world, poll, 1), attested(poll)
    for turn in range(20):
        say(poll, code, said, Answer.AGREE if turn % 2 else Answer.PASS, turn=turn)
    with pytest.raises(PollRefused, match="many times"):
        say(poll, code, said, Answer.DISAGREE, turn=20)


def test_a_statement_is_frozen_by_its_first_vote(world: World) -> None:
    poll = statement_poll(world)
    said, (_, code) = statement(world, poll, 1), attested(poll)
    new = {"text_es": "Frase escrita de nuevo", "text_en": "Statement written anew"}
    by = world.officers["secretariat"]
    said = online_actions.reword(by=by, statement=said, now=NOW, **new)
    assert said.wording == 2
    say(poll, code, said, Answer.AGREE)
    said.refresh_from_db()
    assert said.frozen
    with pytest.raises(PollRefused, match="does not change"):
        online_actions.reword(by=by, statement=said, text_es="Otra frase distinta", text_en="Another one", now=NOW)
    said.refresh_from_db()
    assert said.text_es == new["text_es"]


def test_a_vote_on_a_text_that_has_changed_meanwhile_is_not_stored(world: World) -> None:
    poll = statement_poll(world)
    said, (_, code) = statement(world, poll, 1), attested(poll)
    board(poll.key)
    online_actions.reword(
        by=world.officers["secretariat"],
        statement=poll.statements.get(pk=said.pk),
        text_es="Frase escrita de nuevo",
        text_en="Statement written anew",
        now=NOW,
    )
    with pytest.raises(PollRefused, match="changed while you read"):
        say(poll, code, said, Answer.AGREE)
    assert not Vote.objects.exists()


def test_what_participants_propose_is_asked_only_when_the_secretariat_has_accepted_it(world: World) -> None:
    poll = statement_poll(world)
    by = world.officers["secretariat"]
    (who, _), (_, code) = attested(poll), attested(poll, "CAN")
    said = online_actions.propose(
        poll=poll, attestation=who, text="  Que el consulado abra  los sábados. ", language="es", now=NOW
    )
    assert said.text_es == "Que el consulado abra los sábados."
    with pytest.raises(PollRefused, match="no longer in the poll"):
        say(poll, code, said, Answer.AGREE)
    with pytest.raises(PollRefused):
        online_actions.accept(by=by, statement=said, translation="", now=NOW)
    online_actions.accept(by=by, statement=said, translation="Open the consulate on Saturdays.", now=NOW)
    say(poll, code, said, Answer.AGREE)
    with pytest.raises(PollRefused, match="was decided on already"):
        online_actions.refuse(by=by, statement=said, now=NOW, **WHY)  # type: ignore[arg-type]


def test_what_is_not_accepted_or_is_retired_is_published_with_ground_and_reason(world: World) -> None:
    poll = statement_poll(world)
    by, (who, code) = world.officers["secretariat"], attested(poll)
    said = online_actions.propose(poll=poll, attestation=who, text="Frase que nombra a X", language="es", now=NOW)
    with pytest.raises(PollRefused, match="both languages"):
        online_actions.refuse(
            by=by, statement=said, ground=Ground.NAMES_PERSONS, reason_es="Nombra.", reason_en=" ", now=NOW
        )
    online_actions.refuse(by=by, statement=said, now=NOW, **WHY)  # type: ignore[arg-type]
    asked = statement(world, poll, 2)
    say(poll, code, asked, Answer.AGREE)
    asked.refresh_from_db()
    online_actions.retire(by=by, statement=asked, now=NOW, **WHY)  # type: ignore[arg-type]
    assert [(one.state, one.ground, one.reason_es) for one in moderation_log(poll)] == [
        (StatementState.RETIRED.value, "names_persons", "Nombra a una persona."),
        (StatementState.REFUSED.value, "names_persons", "Nombra a una persona."),
    ]
    assert Vote.objects.count() == 1, "what was voted is kept"


def test_only_the_secretariat_of_the_owner_decides_on_statements(world: World) -> None:
    poll = statement_poll(world)
    said = statement(world, poll, 1)
    for name in OFFICERS:
        if name != "secretariat":
            with pytest.raises(NotAllowed):
                online_actions.retire(by=world.officers[name], statement=said, now=NOW, **WHY)  # type: ignore[arg-type]


def test_a_token_of_another_process_or_of_nobody_votes_nothing(world: World) -> None:
    poll, other = statement_poll(world), statement_poll(world)
    said, (_, code) = statement(world, poll, 1), attested(other)
    for wrong in (code, "2222-2222-2222-2222", ""):
        with pytest.raises(PollRefused, match="does not ask you"):
            say(poll, wrong, said, Answer.AGREE)
    assert attestation_with(poll.about, code) is None
    assert attestation_with(other.about, code.lower().replace("-", " ")) is not None


def test_nothing_is_stored_without_the_oath_and_neither_name_nor_time_with_it(world: World) -> None:
    poll = statement_poll(world)
    with pytest.raises(PollRefused, match="swear"):
        online_actions.attest(poll=poll, country="USA", age_group="30-44", sex="", text=1, sworn=False, now=NOW)
    assert not Attestation.objects.exists()
    who, code = attested(poll)
    assert voting_codes.read(code) == code
    stored = {field.name: str(getattr(who, field.attname)) for field in who._meta.local_fields}
    assert set(stored) == {"id", "about", "token_hash", "country", "age_group", "sex", "text", "on"}
    assert not any(code in value or code.replace("-", "") in value for value in stored.values())


def test_five_statements_a_day_and_the_same_one_once(world: World) -> None:
    poll = statement_poll(world, closes_at=NOW + timedelta(days=3))
    who, _ = attested(poll)
    for number in [*range(5), 0]:
        online_actions.propose(poll=poll, attestation=who, text=f"Propuesta número {number}", language="es", now=NOW)
    assert poll.statements.count() == 5
    with pytest.raises(PollRefused, match="5 statements today"):
        online_actions.propose(poll=poll, attestation=who, text="Otra propuesta más", language="es", now=NOW)
    tomorrow = NOW + timedelta(days=1)
    online_actions.propose(poll=poll, attestation=who, text="Otra propuesta más", language="es", now=tomorrow)


def test_one_connection_asks_no_more_than_agreed_within_an_hour_and_is_not_stored_as_it_is(world: World) -> None:
    asked = [online_actions.count_asking(what="code", address="203.0.113.7", now=NOW, most=2) for _ in range(3)]
    assert asked == [True, True, False]
    assert online_actions.count_asking(what="code", address="203.0.113.8", now=NOW, most=2)
    assert online_actions.count_asking(what="code", address="203.0.113.7", now=NOW + HOUR, most=2)
    assert not [row for row in Asked.objects.all() if "203" in row.address]
    online_actions.count_asking(what="code", address="203.0.113.9", now=NOW + timedelta(days=2), most=2)
    assert Asked.objects.count() == 1, "old rows are gone"


def test_the_statement_seen_least_comes_first_and_none_comes_twice(world: World) -> None:
    poll = statement_poll(world)
    statements = [statement(world, poll, number) for number in range(3)]
    for said, times in zip(statements, (2, 0, 1), strict=True):
        for _ in range(times):
            say(poll, attested(poll)[1], said, Answer.PASS)
    who, _ = attested(poll)
    found = board(poll.key)
    assert found is not None
    voted: list[int] = []
    while (line := next_line(found, voted, who.pk)) is not None:
        voted.append(line.pk)
    assert voted == [statements[1].pk, statements[2].pk, statements[0].pk]


def test_a_vote_needs_few_queries(world: World) -> None:
    poll = statement_poll(world)
    said, (_, code) = statement(world, poll, 1), attested(poll)
    say(poll, code, said, Answer.AGREE)
    board(poll.key)
    with CaptureQueriesContext(connection) as queries:
        say(poll, attested(poll)[1], said, Answer.AGREE)
    asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(asked) == 4, "swearing (1), then the token, its votes, and the new vote"


def test_voting_leaves_no_line_with_a_time_in_the_record_of_accesses(world: World) -> None:
    poll = statement_poll(world)
    said, (_, code) = statement(world, poll, 1), attested(poll)
    before = AccessEvent.objects.count()
    say(poll, code, said, Answer.AGREE)
    assert AccessEvent.objects.count() == before
    with pytest.raises(RecordIsAppendOnly):
        Vote.objects.update(value=1)


# Results.


def voted(world: World, poll: Poll, answers: dict[str, tuple[int, int, int]]) -> None:
    """By country, how many agree, disagree and pass on one statement."""
    said = statement(world, poll, 1)
    for country, numbers in answers.items():
        for answer, number in zip((Answer.AGREE, Answer.DISAGREE, Answer.PASS), numbers, strict=True):
            for _ in range(number):
                say(poll, attested(poll, country)[1], said, answer)


def test_asked_voted_and_grouped_are_three_counts_and_few_voters_make_no_opinion_groups(world: World) -> None:
    poll = statement_poll(world)
    voted(world, poll, {"USA": (6, 5, 0), "CAN": (5, 5, 0)})
    for _ in range(5):
        attested(poll, "ITA")
    found = counted(poll)
    assert (found.asked, found.voted, found.grouped) == (26, 21, None)
    assert found.opinion is None
    assert found.countries is not None
    assert [(one.code, one.members) for one in found.countries.groups] == [("USA", 11), ("CAN", 10)]
    (told,) = found.statements
    assert (told.published.split, told.published.whole) == (Split.THREE, (11, 10, 0))
    assert told.published.groups.tolist() == [[6, 5, 0], [5, 5, 0]]


def test_countries_of_fewer_than_five_stand_together_and_are_not_found_by_subtraction(world: World) -> None:
    poll = statement_poll(world)
    voted(world, poll, {"USA": (10, 0, 0), "CAN": (5, 0, 0), "ITA": (2, 0, 0)})
    found = counted(poll)
    assert found.countries is not None
    assert [(one.code, one.members) for one in found.countries.groups] == [("USA", 10), (OTHER, 7)]


def test_of_fewer_than_five_voters_nothing_is_told_not_even_how_many(world: World) -> None:
    poll = statement_poll(world)
    voted(world, poll, {"USA": (4, 0, 0)})
    found = counted(poll)
    assert (found.too_few, found.asked, found.voted, found.statements) == (True, None, None, ())


def test_no_count_from_one_to_four_leaves_the_gate(world: World) -> None:
    poll = statement_poll(world)
    voted(world, poll, {"USA": (12, 1, 7), "CAN": (6, 1, 0), "ESP": (9, 2, 3)})
    (told,) = counted(poll).statements
    assert (told.published.split, told.published.whole) == (Split.AGREE, (27, 14))
    assert told.published.groups.tolist() == [[12, 8], [-1, -1], [-1, -1]]


def test_while_a_poll_is_open_results_end_with_the_day_before_and_go_by_fives(world: World) -> None:
    poll = statement_poll(world, hide_until=HideUntil.OFF, closes_at=NOW + timedelta(days=3))
    voted(world, poll, {"USA": (6, 0, 0)})
    today = results(poll, PUBLIC, NOW)
    assert isinstance(today, StatementResults)
    assert today.too_few
    tomorrow = results(poll, PUBLIC, NOW + timedelta(days=1))
    assert isinstance(tomorrow, StatementResults)
    assert (tomorrow.voted, tomorrow.statements[0].published.whole, tomorrow.countries) == (5, (5, 0, 0), None)
    assert tomorrow.until == (NOW + timedelta(days=1)).date()


def test_a_token_that_voted_sees_what_is_hidden_until_one_has_voted(world: World) -> None:
    poll = statement_poll(world, hide_until=HideUntil.VOTED)
    said, (who, code), (other, _) = statement(world, poll, 1), attested(poll), attested(poll)
    say(poll, code, said, Answer.AGREE)
    assert may_see(poll, Asker(attestation=who), NOW)
    assert not may_see(poll, Asker(attestation=other), NOW)
    assert not may_see(poll, PUBLIC, NOW)
