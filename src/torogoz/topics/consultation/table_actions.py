"""Round tables: themes, who facilitates and who writes, the prompt and its time, what is captured, the screen."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from torogoz.domain.access import Decision, Verb
from torogoz.domain.consultations import (
    Channel,
    ConsultationRefused,
    ContributionState,
    Duty,
    ProcessState,
    TableState,
)
from torogoz.domain.receipts import ALPHABET, LENGTH
from torogoz.domain.receipts import written as written_receipt
from torogoz.shared.institutions.access import postings
from torogoz.shared.institutions.models import Officer
from torogoz.topics.consultation.acting import as_secretariat, at_table, change, hold, sent_before, written
from torogoz.topics.consultation.models import Contribution, ContributionEvent
from torogoz.topics.consultation.process_models import Event, Invitation, Process, Prompt, Table, TableDuty, Theme

CONTRIBUTION = "contribution"
TABLE = "table"
CLOSED = (ProcessState.CLOSED, ProcessState.ADOPTED)


@transaction.atomic
def add_theme(
    *, by: Officer, process: Process, code: str, name_es: str, name_en: str, parent: Theme | None, now: datetime
) -> Theme:
    """Add a theme, or a part of one. Raises NotAllowed, ConsultationRefused."""
    decision = as_secretariat(by, process, now)
    _not_closed(process)
    if process.drafts.filter(code=code).exists():  # both become provisions of one instrument
        raise ConsultationRefused("code", "code_taken", taken=code)
    theme = Theme(
        process=process, code=code, name_es=name_es, name_en=name_en, parent=parent, position=process.themes.count()
    )
    try:
        with transaction.atomic():
            theme.save(force_insert=True)
    except IntegrityError:
        raise ConsultationRefused("code", "code_taken", taken=code) from None
    written(by, process, "theme", theme.key, decision, now, Verb.CREATE)
    return theme


@transaction.atomic
def add_table(
    *, by: Officer, process: Process, theme: Theme, event: Event | None, name_es: str, name_en: str, now: datetime
) -> Table:
    """Set up a round table on a theme. Raises NotAllowed, ConsultationRefused."""
    decision = as_secretariat(by, process, now)
    _not_closed(process)
    table = Table(process=process, theme=theme, event=event, name_es=name_es, name_en=name_en)
    table.save(force_insert=True)
    written(by, process, TABLE, table.key, decision, now, Verb.CREATE)
    return table


@transaction.atomic
def name_for_table(*, by: Officer, table: Table, username: str, duty: Duty, now: datetime) -> TableDuty:
    """Name an officer, of any institution, facilitator or rapporteur; named twice, it stays as it is.

    Raises NotAllowed, ConsultationRefused."""
    decision = as_secretariat(by, table.process, now)
    officer = Officer.objects.filter(username=username.strip(), is_active=True).first()
    if officer is None or not postings(officer, now):
        raise ConsultationRefused("username", "not_an_officer", name=username.strip()[:64])
    held, made = TableDuty.objects.get_or_create(
        table=table,
        officer=officer,
        duty=duty.value,
        ended_at=None,
        defaults={"named_by": by, "named_at": now},
    )
    if made:
        written(by, table.process, TABLE, table.key, decision, now)
    return held


@transaction.atomic
def end_duty(*, by: Officer, duty: TableDuty, now: datetime) -> None:
    """Take an officer off a table. What was written stays. Raises NotAllowed."""
    decision = as_secretariat(by, duty.table.process, now)
    TableDuty.objects.filter(pk=duty.pk, ended_at__isnull=True).update(ended_at=now)
    written(by, duty.table.process, TABLE, duty.table.key, decision, now)


@transaction.atomic
def add_prompt(*, by: Officer, table: Table, text_es: str, text_en: str, minutes: int, now: datetime) -> Prompt:
    """Write a question for the table. Raises NotAllowed, ConsultationRefused."""
    decision = at_table(by, table, now, Duty.FACILITATOR)
    _not_closed(table.process)
    prompt = Prompt(table=table, text_es=text_es, text_en=text_en, minutes=minutes, position=table.prompts.count())
    prompt.save(force_insert=True)
    written(by, table.process, TABLE, table.key, decision, now)
    return prompt


@transaction.atomic
def open_table(*, by: Officer, table: Table, opened: bool, version: int, now: datetime) -> None:
    """Open the table to contributions, or close it; closed, its timer stops and its shared screen ends.

    Raises NotAllowed, ConsultationRefused."""
    decision = at_table(by, table, now, Duty.FACILITATOR)
    if opened and table.process.state != ProcessState.AT_WORK:
        raise ConsultationRefused("", "state")
    if opened:
        change(table, version, state=TableState.OPEN.value)
    else:
        change(table, version, state=TableState.CLOSED.value, ends_at=None, screen=None)
    written(by, table.process, TABLE, table.key, decision, now)


@transaction.atomic
def ask(*, by: Officer, table: Table, prompt: Prompt, version: int, now: datetime) -> None:
    """Put a prompt to the table and start its time; asked again, the time starts again.

    Raises NotAllowed, ConsultationRefused."""
    decision = at_table(by, table, now, Duty.FACILITATOR)
    if not _goes_on(table) or prompt.table_id != table.pk:
        raise ConsultationRefused("", "state")
    change(table, version, prompt=prompt, ends_at=now + timedelta(minutes=prompt.minutes))
    written(by, table.process, TABLE, table.key, decision, now)


@transaction.atomic
def share_screen(*, by: Officer, table: Table, shared: bool, version: int, now: datetime) -> None:
    """Give the table's screen an address that opens without signing in, or end it. A new one is a new address.

    Raises NotAllowed, ConsultationRefused."""
    decision = at_table(by, table, now, Duty.FACILITATOR)
    if shared and not _goes_on(table):
        raise ConsultationRefused("", "state")
    change(table, version, screen=uuid4() if shared else None)
    written(by, table.process, TABLE, table.key, decision, now)


@transaction.atomic
def capture(
    *,
    by: Officer,
    table: Table,
    text: str,
    language: str,
    invitation: Invitation | None,
    sheet: str,
    from_paper: bool,
    now: datetime,
    token: UUID | None = None,
) -> Contribution:
    """Write down what was said at an open table; or, also after it closed, what stands on a sheet of paper.

    Sent twice with the same words, it gives what it gave the first time. Raises NotAllowed, ConsultationRefused."""
    decision = at_table(by, table, now, Duty.FACILITATOR, Duty.RAPPORTEUR)
    text, sheet = text.strip(), sheet.strip()
    hold(table)
    if sent := sent_before(Contribution, token, by, "typed_by", {"text": text, "table_id": table.pk, "sheet": sheet}):
        assert isinstance(sent, Contribution)
        return sent
    if not text:
        raise ConsultationRefused("text", "missing")
    if from_paper and not sheet:
        raise ConsultationRefused("sheet", "sheet")
    if table.process.state != ProcessState.AT_WORK or (table.state != TableState.OPEN and not from_paper):
        raise ConsultationRefused("", "not_open")
    if invitation is not None and invitation.process_id != table.process_id:
        raise ConsultationRefused("invitation", "state")
    made = Contribution(
        process=table.process,
        table=table,
        theme=table.theme,
        prompt=table.prompt,
        invitation=invitation,
        channel=(Channel.PAPER if from_paper else Channel.TABLE).value,
        language=language,
        text=text,
        sheet=sheet if from_paper else "",
        token=token,
        typed_by=by,
    )
    return keep(made, by, decision, now)


def keep(contribution: Contribution, by: Officer | None, decision: Decision | None, now: datetime) -> Contribution:
    """Store a contribution with its receipt and the first line of its log; within the transaction of who calls.

    decision    None for one that came on line, of which the record of accesses knows no officer
    """
    contribution.receipt = written_receipt(secrets.randbelow(len(ALPHABET) ** LENGTH))
    contribution.received_at = now
    contribution.save(force_insert=True)
    ContributionEvent.objects.create(contribution=contribution, state=ContributionState.RECEIVED.value, by=by, at=now)
    if by is not None and decision is not None:
        written(by, contribution.process, CONTRIBUTION, contribution.key, decision, now, Verb.CREATE)
    return contribution


def _goes_on(table: Table) -> bool:
    """Whether the table is open and its consultation at work."""
    return table.state == TableState.OPEN and table.process.state == ProcessState.AT_WORK


def _not_closed(process: Process) -> None:
    if process.state in CLOSED:
        raise ConsultationRefused("", "over")
