"""A consultation as it is called together: process, phases, events, the bodies convened, themes and round tables."""

import uuid
from fractions import Fraction
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from torogoz.domain import consultations as words
from torogoz.domain import deliberation
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.provisions.models import Instrument
from torogoz.shared.vault.words import SealedWords


class Process(models.Model):
    """One consultation: its question, who convened it under which mandate, and by which rules it decides."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(max_length=40, unique=True, help_text="consultation-2017; in public addresses")
    token = models.UUIDField(null=True, unique=True, help_text="of the form it was typed in: one form, one process")
    title_es = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    question_es = models.TextField()
    question_en = models.TextField()
    mandate_es = models.TextField(blank=True)
    mandate_en = models.TextField(blank=True)
    convener = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    rule = models.CharField(max_length=20, blank=True, choices=[(one.value, one.value) for one in deliberation.Rule])
    share_top = models.PositiveSmallIntegerField(default=1, help_text="of a majority: 2 of 2/3")
    share_bottom = models.PositiveSmallIntegerField(default=2, help_text="of a majority: 3 of 2/3")
    more_than = models.BooleanField(default=False, help_text="whether exactly the share is not enough")
    base = models.CharField(
        max_length=8,
        default=deliberation.Base.SIDES.value,
        choices=[(one.value, one.value) for one in deliberation.Base],
        help_text="of which seats the majority is asked",
    )
    quorum_seats = models.PositiveSmallIntegerField(default=0)
    quorum_groups = models.JSONField(default=dict, help_text="by code of BODY_GROUP, seats of it that must speak")
    state = models.CharField(
        max_length=10,
        default=words.ProcessState.PREPARED.value,
        choices=[(one.value, one.value) for one in words.ProcessState],
    )
    published_at = models.DateTimeField(null=True, help_text="since when the public sees it; null: it does not")
    results_at = models.DateTimeField(null=True, help_text="since when the public sees outcomes and contributions")
    source = models.CharField(max_length=400, blank=True, help_text="of a process recorded after the fact")
    instrument = models.ForeignKey(
        Instrument, models.PROTECT, null=True, blank=True, related_name="+", help_text="that its position became"
    )
    made_up = models.BooleanField(default=False, help_text="belongs to the demonstration country")
    created_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", help_text="null: shipped")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField(help_text="when anything of the consultation last changed")
    changes = models.PositiveIntegerField(default=0, help_text="how often anything of it has changed")
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.code

    @property
    def rules(self) -> deliberation.Rules | None:
        """The rules of decision; None when the source does not record them."""
        if not self.rule:
            return None
        return deliberation.Rules(
            rule=deliberation.Rule(self.rule),
            share=Fraction(self.share_top, self.share_bottom),
            more_than=self.more_than,
            base=deliberation.Base(self.base),
            quorum_seats=self.quorum_seats,
            quorum_groups=dict(self.quorum_groups),
        )


class Phase(models.Model):
    """A part of a process, with its days."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    process = models.ForeignKey(Process, models.PROTECT, related_name="phases")
    kind = models.CharField(max_length=12, choices=[(one.value, one.value) for one in words.PhaseKind])
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    note_es = models.CharField(max_length=400, blank=True)
    note_en = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["process", "kind"], name="one_phase_of_a_kind"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="phase_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process} {self.kind}"


class Event(models.Model):
    """A meeting of a process, with its days and place."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    process = models.ForeignKey(Process, models.PROTECT, related_name="events")
    name_es = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField()
    place = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="event_ends_after_it_begins")
        ]

    def __str__(self) -> str:
        return self.name_es


class Invitation(models.Model):
    """That a body was convened: an institution of the State, or an organisation named in words; its seats and reply."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    process = models.ForeignKey(Process, models.PROTECT, related_name="invitations")
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="+")
    name_es = models.CharField(max_length=200, blank=True, help_text="of a body that is no institution of the State")
    name_en = models.CharField(max_length=200, blank=True)
    group = models.CharField(max_length=20, help_text="code of the list BODY_GROUP")
    part = models.CharField(max_length=10, choices=[(one.value, one.value) for one in words.Part])
    part_es = models.CharField(max_length=200, blank=True, help_text="what it did, as the source says")
    part_en = models.CharField(max_length=200, blank=True)
    seats = models.PositiveSmallIntegerField(null=True, blank=True, help_text="null: not recorded in the source")
    reply = models.CharField(
        max_length=12, default=words.Reply.NONE.value, choices=[(one.value, one.value) for one in words.Reply]
    )
    reply_note = models.CharField(max_length=400, blank=True)
    replied_at = models.DateTimeField(null=True)
    replied_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField(null=True)
    position = models.PositiveSmallIntegerField(default=0, help_text="its place in the list")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["process", "institution"],
                condition=Q(institution__isnull=False),
                name="an_institution_is_convened_once",
            ),
            models.CheckConstraint(
                condition=Q(institution__isnull=False, name_es="") | (Q(institution__isnull=True) & ~Q(name_es="")),
                name="an_institution_or_a_named_body",
            ),
        ]

    def __str__(self) -> str:
        return self.institution.code if self.institution else self.name_es


class Attendance(models.Model):
    """Whether a body was at an event, and how many people it sent. Their names stand apart."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(Event, models.PROTECT, related_name="attendances")
    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="attendances")
    presence = models.CharField(max_length=12, choices=[(one.value, one.value) for one in words.Presence])
    people = models.PositiveSmallIntegerField(null=True, blank=True, help_text="null: not counted, which is not none")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", help_text="null: shipped")
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "invitation"], name="a_body_attends_an_event_once")
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.invitation}"


class AttendanceNames(SealedWords):
    """Who came for a body, by name: for the convener and for the body itself, and in no export or publication."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    attendance = models.ForeignKey(Attendance, models.PROTECT, related_name="names")
    sealed = models.BinaryField(help_text="the names")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", help_text="whose key seals it")
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.key)


class Theme(models.Model):
    """What tables talk about: a theme, or a part of one."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    process = models.ForeignKey(Process, models.PROTECT, related_name="themes")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    code = models.CharField(max_length=20, help_text="within its process: T1, T1.HR")
    name_es = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["process", "code"], name="one_theme_per_code")]

    def __str__(self) -> str:
        return self.code


class Table(models.Model):
    """A round table on a theme: what it is asked now, until when, and the link to its screen while that is shared."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    process = models.ForeignKey(Process, models.PROTECT, related_name="tables")
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="tables")
    event = models.ForeignKey(Event, models.PROTECT, null=True, blank=True, related_name="tables")
    name_es = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    state = models.CharField(
        max_length=8,
        default=words.TableState.WAITING.value,
        choices=[(one.value, one.value) for one in words.TableState],
    )
    prompt = models.ForeignKey("Prompt", models.PROTECT, null=True, blank=True, related_name="+", help_text="asked now")
    ends_at = models.DateTimeField(null=True, help_text="when the time for the prompt is over; null: no timer runs")
    screen = models.UUIDField(null=True, unique=True, help_text="of the link to its screen while that is shared")
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name_es


class TableDuty(models.Model):
    """That an officer was named facilitator or rapporteur of a table, for a time."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    table = models.ForeignKey(Table, models.PROTECT, related_name="duties")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    duty = models.CharField(max_length=12, choices=[(one.value, one.value) for one in words.Duty])
    named_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["table", "officer", "duty"], condition=Q(ended_at__isnull=True), name="a_duty_is_given_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.officer} {self.duty} {self.table}"


class Prompt(models.Model):
    """A question put to a table, and the minutes that it has."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    table = models.ForeignKey(Table, models.PROTECT, related_name="prompts")
    text_es = models.TextField()
    text_en = models.TextField()
    minutes = models.PositiveSmallIntegerField(default=20)
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.text_es[:60]
