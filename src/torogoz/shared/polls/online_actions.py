"""What attested people do on line: swear, vote on statements, propose some; and what the secretariat decides."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max
from django.utils.crypto import salted_hmac

from torogoz.domain.polls import (
    MOST_CHANGES,
    VALUE,
    Answer,
    Ground,
    Kind,
    PollRefused,
    StatementState,
)
from torogoz.shared.institutions.models import Officer
from torogoz.shared.polls.acting import as_secretariat, check_open, written
from torogoz.shared.polls.board import Board, Line, Own, board, forget, opens, own_votes
from torogoz.shared.polls.drawn_codes import new_code
from torogoz.shared.polls.models import Asked, Attestation, Poll, Statement, StatementEvent, Vote
from torogoz.shared.polls.queries import token_hash

LEAST, MOST = 10, 280
"""Letters of a statement."""
MOST_A_DAY = 5
"""Statements that one token may propose in a day."""
AN_HOUR = {"attest": 60, "code": 30}
"""What one connection may ask in an hour, where a poll says nothing else: a house, or the room of a consulate."""


@dataclass(frozen=True)
class Voted:
    """A vote that is stored, and all votes of its token by statement."""

    attestation: int
    statement: int
    own: dict[int, list[Own]]


@transaction.atomic
def count_asking(*, what: str, address: str, now: datetime, most: int | None = None) -> bool:
    """Count that this was asked from a connection; whether it was not asked too often within the hour.

    To be called before the work, and on its own, so that what is refused counts too.
    """
    allowed = AN_HOUR[what] if most is None else most
    hour = f"{now:%Y-%m-%dT%H}"
    hashed = salted_hmac("torogoz.polls.asked", f"{now:%Y-%m-%d} {address}").hexdigest()[:64]
    row, new = Asked.objects.get_or_create(what=what, hour=hour, address=hashed)
    if new:
        Asked.objects.filter(hour__lt=f"{now - timedelta(days=1):%Y-%m-%dT%H}").delete()
    Asked.objects.filter(pk=row.pk).update(times=F("times") + 1)
    row.refresh_from_db()
    return row.times <= allowed


@transaction.atomic
def attest(
    *, poll: Poll, country: str, age_group: str, sex: str, text: int, sworn: bool, now: datetime
) -> tuple[Attestation, str]:
    """Store what somebody swore to, and give the code that stands for it. No name is asked, and none is stored.

    text    number of the sworn text that was shown
    raises  PollRefused when nothing was sworn, or the poll is not open
    """
    check_open(poll, now)
    if not sworn:
        raise PollRefused("sworn", "sworn")
    code = new_code()
    attestation = Attestation.objects.create(
        about=poll.about,
        token_hash=token_hash(code),
        country=country,
        age_group=age_group,
        sex=sex,
        text=text,
        on=now.date(),
    )
    return attestation, code


@transaction.atomic
def vote(*, poll: UUID, code: str, statement: UUID, answer: Answer, wording: int, turn: int, now: datetime) -> Voted:
    """Store what a token says to a statement. Sent twice, it is stored once; said again otherwise, the later counts.

    wording     number of the wording that was shown
    turn        how many votes of this token on the statement there were when the form was shown. A form that comes in
                again after a newer one changes nothing; of two answers on one page the later counts
    raises      PollRefused; nothing is stored then
    """
    found = board(poll)
    if found is None or not opens(found, now):
        raise PollRefused("", "not_open")
    held = Attestation.objects.select_for_update().filter(token_hash=token_hash(code)).values_list("pk", "about")
    voter, about = held.first() or (0, None)
    if about != found.about:
        raise PollRefused("code", "not_asked")
    line = _frozen(poll, found, statement, wording)
    own = own_votes(voter)
    before = own.setdefault(line.pk, [])
    one = Own(len(before) + 1, VALUE[answer], min(turn, len(before)))
    if not before or one.turn > before[-1].turn or (one.turn == before[-1].turn and one.value != before[-1].value):
        if len(before) >= MOST_CHANGES:
            raise PollRefused("", "changes")
        Vote.objects.bulk_create([Vote(attestation_id=voter, statement_id=line.pk, on=now.date(), **vars(one))])
        before.append(one)
    return Voted(voter, line.pk, own)


def _frozen(poll: UUID, found: Board, key: UUID, wording: int) -> Line:
    """The statement, whose text stays as it is from now on. Raises PollRefused when another wording was shown.

    The row alone decides: whoever changes the text asks that it is not frozen, whoever freezes it asks that the text is
    the one that was shown. Once frozen it is never asked again.
    """
    line = found.line(key)
    if line is not None and line.frozen and line.wording == wording:
        return line
    forget(poll)
    row = Statement.objects.filter(poll=found.poll, key=key, state=StatementState.ACCEPTED.value)
    row.filter(wording=wording, frozen=False).update(frozen=True)
    now_there = row.filter(frozen=True, wording=wording).first()
    if now_there is None:
        raise PollRefused("", "reworded" if row.exists() else "statement")
    one = now_there
    return Line(one.pk, one.key, one.number, one.text_es, one.text_en, one.wording, one.frozen)


@transaction.atomic
def propose(*, poll: Poll, attestation: Attestation, text: str, language: str, now: datetime) -> Statement:
    """Propose a statement, for the secretariat to decide on. The same one of the same token is kept once. Raises
    PollRefused."""
    check_open(poll, now)
    if attestation.about != poll.about or poll.kind != Kind.STATEMENTS.value:
        raise PollRefused("", "not_asked")
    text = _text("text", text)
    before = Statement.objects.filter(poll=poll, proposed_by=attestation, **{f"text_{language}": text}).first()
    if before is not None:
        return before
    if poll.statements.filter(proposed_by=attestation, proposed_on=now.date()).count() >= MOST_A_DAY:
        raise PollRefused("text", "too_many_proposals", most=MOST_A_DAY)
    return _add(poll, now, language, proposed_by=attestation, **{f"text_{language}": text})


@transaction.atomic
def add_statement(*, by: Officer, poll: Poll, text_es: str, text_en: str, now: datetime) -> Statement:
    """Add a statement of the secretariat, to begin with. Raises NotAllowed, PollRefused."""
    decision = as_secretariat(by, poll.owner, now)
    texts = {"text_es": _text("text_es", text_es), "text_en": _text("text_en", text_en)}
    statement = _add(poll, now, "es", state=StatementState.ACCEPTED.value, **texts)
    StatementEvent.objects.create(statement=statement, state=statement.state, by=by, at=now)
    forget(poll.key)
    written(by, "statement", statement.key, decision, now)
    return statement


@transaction.atomic
def accept(*, by: Officer, statement: Statement, translation: str, now: datetime) -> Statement:
    """Take a proposal into the poll as it was written, with its words in the other language. Raises NotAllowed,
    PollRefused."""
    decision = as_secretariat(by, statement.poll.owner, now)
    other = "text_en" if statement.language == "es" else "text_es"
    text = _text("translation", translation)
    _decide(statement, StatementState.PROPOSED, StatementState.ACCEPTED, **{other: text})
    StatementEvent.objects.create(statement=statement, state=StatementState.ACCEPTED.value, by=by, at=now)
    forget(statement.poll.key)
    written(by, "statement", statement.key, decision, now)
    return statement


@transaction.atomic
def refuse(
    *, by: Officer, statement: Statement, ground: Ground, reason_es: str, reason_en: str, now: datetime
) -> Statement:
    """Leave a proposal out, for a ground of the policy and with the reason, which are published. Raises NotAllowed,
    PollRefused."""
    return _leave_out(by, statement, StatementState.PROPOSED, ground, reason_es, reason_en, now)


@transaction.atomic
def retire(
    *, by: Officer, statement: Statement, ground: Ground, reason_es: str, reason_en: str, now: datetime
) -> Statement:
    """Stop asking a statement. Its text and votes are kept, and what was voted is still told. Raises NotAllowed,
    PollRefused."""
    return _leave_out(by, statement, StatementState.ACCEPTED, ground, reason_es, reason_en, now)


@transaction.atomic
def reword(*, by: Officer, statement: Statement, text_es: str, text_en: str, now: datetime) -> Statement:
    """Change the text of a statement that nobody has voted on. Raises NotAllowed, PollRefused when it is frozen."""
    decision = as_secretariat(by, statement.poll.owner, now)
    texts = {"text_es": _text("text_es", text_es), "text_en": _text("text_en", text_en)}
    changed = Statement.objects.filter(pk=statement.pk, frozen=False, wording=statement.wording).update(
        wording=F("wording") + 1, **texts
    )
    if not changed:
        raise PollRefused("", "frozen")
    statement.refresh_from_db()
    StatementEvent.objects.create(statement=statement, state=statement.state, by=by, at=now)
    forget(statement.poll.key)
    written(by, "statement", statement.key, decision, now)
    return statement


def _leave_out(
    by: Officer,
    statement: Statement,
    before: StatementState,
    ground: Ground,
    reason_es: str,
    reason_en: str,
    now: datetime,
) -> Statement:
    decision = as_secretariat(by, statement.poll.owner, now)
    if not (reason_es.strip() and reason_en.strip()):
        raise PollRefused("reason_es", "reason")
    after = StatementState.REFUSED if before is StatementState.PROPOSED else StatementState.RETIRED
    _decide(statement, before, after)
    StatementEvent.objects.create(
        statement=statement,
        state=after.value,
        ground=ground.value,
        reason_es=reason_es.strip(),
        reason_en=reason_en.strip(),
        by=by,
        at=now,
    )
    forget(statement.poll.key)
    written(by, "statement", statement.key, decision, now)
    return statement


def _decide(statement: Statement, before: StatementState, after: StatementState, **changes: str) -> None:
    """Change the state of a statement that stands as its reader saw it. Raises PollRefused."""
    standing = Statement.objects.filter(pk=statement.pk, state=before.value)
    if not standing.update(state=after.value, **changes):
        raise PollRefused("", "decided")
    statement.refresh_from_db()


def _add(poll: Poll, now: datetime, language: str, **fields: object) -> Statement:
    """A new statement under the next number; who adds another meanwhile waits."""
    Poll.objects.select_for_update(of=("self",)).get(pk=poll.pk)
    last = poll.statements.aggregate(last=Max("number"))["last"]
    number = 0 if last is None else last + 1
    return Statement.objects.create(poll=poll, number=number, language=language, proposed_on=now.date(), **fields)


def _text(field: str, text: str) -> str:
    """A statement without spaces around it and on one line. Raises PollRefused."""
    text = " ".join(text.split())
    if not LEAST <= len(text) <= MOST:
        raise PollRefused(field, "length", least=LEAST, most=MOST, found=len(text))
    return text
