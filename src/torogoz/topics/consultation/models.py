"""What is said in a consultation, what is drafted and decided, the minutes, and the position that is adopted.

Nothing of it is deleted. What is said, decided or logged is added and never changed; the newest row holds.
"""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from torogoz.domain import consultations as words
from torogoz.domain import deliberation
from torogoz.shared.audit.models import AppendOnly
from torogoz.shared.institutions.models import Officer
from torogoz.shared.provisions.models import Instrument
from torogoz.topics.consultation.process_models import Event, Invitation, Process, Prompt, Table, Theme


class Kept(AppendOnly):
    """Rows of a consultation that are added and read."""

    record = "what was said or decided in a consultation"
    instead = "add the next row"


class Contribution(models.Model):
    """What a body said, as it was said. Its text is never changed: what was made of it is another row (Lineage)."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    process = models.ForeignKey(Process, models.PROTECT, related_name="contributions")
    table = models.ForeignKey(Table, models.PROTECT, null=True, blank=True, related_name="contributions")
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, blank=True, related_name="contributions")
    prompt = models.ForeignKey(Prompt, models.PROTECT, null=True, blank=True, related_name="contributions")
    invitation = models.ForeignKey(
        Invitation, models.PROTECT, null=True, blank=True, related_name="contributions", help_text="null: not said"
    )
    receipt = models.CharField(max_length=12, unique=True, help_text="the code that asks what became of it")
    channel = models.CharField(max_length=8, choices=[(one.value, one.value) for one in words.Channel])
    language = models.CharField(max_length=2, choices=[("es", "es"), ("en", "en")])
    text = models.TextField()
    sheet = models.CharField(max_length=60, blank=True, help_text="of paper: which sheet it was typed in from")
    state = models.CharField(
        max_length=12,
        default=words.ContributionState.RECEIVED.value,
        choices=[(one.value, one.value) for one in words.ContributionState],
    )
    token = models.UUIDField(null=True, unique=True, help_text="of the form: one form, one contribution")
    typed_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", help_text="null: sent on line")
    received_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["process", "state"])]

    def __str__(self) -> str:
        return self.receipt


class ContributionEvent(models.Model):
    """What happened to a contribution, by whom, and why, in both languages: the log of moderation."""

    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="log")
    state = models.CharField(max_length=12, choices=[(one.value, one.value) for one in words.ContributionState])
    ground = models.CharField(max_length=20, blank=True, help_text="of the published policy, when it was set aside")
    reason_es = models.CharField(max_length=600, blank=True)
    reason_en = models.CharField(max_length=600, blank=True)
    by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", help_text="null: who sent it on line")
    at = models.DateTimeField()

    objects = Kept.as_manager()

    def __str__(self) -> str:
        return f"{self.contribution} {self.state}"


class Draft(models.Model):
    """A text that the seats write together: a definition, a principle, a commitment. Its words are its versions."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    process = models.ForeignKey(Process, models.PROTECT, related_name="drafts")
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, blank=True, related_name="drafts")
    token = models.UUIDField(null=True, unique=True, help_text="of the form: one form, one draft")
    code = models.CharField(max_length=20, help_text="within its process: C2, T1.1")
    kind = models.CharField(max_length=24, help_text="code of the list PROVISION_KIND")
    title_es = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(
        max_length=8,
        default=words.DraftState.WRITING.value,
        choices=[(one.value, one.value) for one in words.DraftState],
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["process", "code"], name="one_draft_per_code")]

    def __str__(self) -> str:
        return f"{self.process} {self.code}"


class DraftVersion(models.Model):
    """The words of a draft, in both languages, and why they replace the version before."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    draft = models.ForeignKey(Draft, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text_es = models.TextField()
    text_en = models.TextField()
    why = models.CharField(max_length=600, blank=True)
    written_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", help_text="null: shipped")
    written_at = models.DateTimeField()

    objects = Kept.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "number"], name="one_version_of_a_draft_once")
        ]

    def __str__(self) -> str:
        return f"{self.draft} v{self.number}"


class Lineage(models.Model):
    """How a contribution became another one (merge, split, reword), or went into a draft (adopted in)."""

    source = models.ForeignKey(Contribution, models.PROTECT, related_name="became")
    target = models.ForeignKey(Contribution, models.PROTECT, null=True, blank=True, related_name="came_from")
    draft = models.ForeignKey(Draft, models.PROTECT, null=True, blank=True, related_name="came_from")
    operation = models.CharField(max_length=10, choices=[(one.value, one.value) for one in words.Operation])
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = Kept.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(operation="adopted_in", draft__isnull=False, target__isnull=True)
                | (~Q(operation="adopted_in") & Q(draft__isnull=True, target__isnull=False)),
                name="lineage_leads_to_one_thing",
            ),
            models.CheckConstraint(condition=~Q(source=F("target")), name="nothing_becomes_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.operation}"


class Point(models.Model):
    """A point under a draft: when there is no agreement on the whole, those that were agreed are kept."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    draft = models.ForeignKey(Draft, models.PROTECT, related_name="points")
    code = models.CharField(max_length=20, help_text="within its process: C2.P01")
    kind = models.CharField(max_length=24, help_text="code of the list PROVISION_KIND")
    text_es = models.TextField()
    text_en = models.TextField()
    agreed = models.BooleanField(null=True, help_text="null: not decided yet")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["draft", "code"], name="one_point_per_code")]

    def __str__(self) -> str:
        return self.code


class Amendment(models.Model):
    """What a seat asks to be changed in a version, in which words, and what was answered."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(DraftVersion, models.PROTECT, related_name="amendments")
    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="amendments")
    token = models.UUIDField(null=True, unique=True, help_text="of the form: one form, one amendment")
    text_es = models.TextField()
    text_en = models.TextField(blank=True)
    reason = models.CharField(max_length=600)
    state = models.CharField(
        max_length=10,
        default=words.AmendmentState.PROPOSED.value,
        choices=[(one.value, one.value) for one in words.AmendmentState],
    )
    answer = models.CharField(max_length=600, blank=True)
    asked_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.version} {self.invitation}"


class SeatPosition(models.Model):
    """Where a body stands towards a version. It may be given again until the outcome: the newest holds."""

    version = models.ForeignKey(DraftVersion, models.PROTECT, related_name="positions")
    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="positions")
    stance = models.CharField(max_length=12, choices=[(one.value, one.value) for one in deliberation.Stance])
    reason = models.TextField(blank=True, help_text="owed by whoever disagrees or blocks")
    sheet = models.CharField(max_length=60, blank=True, help_text="of paper: which sheet or letter it was typed from")
    given_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    objects = Kept.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(stance__in=["disagree", "block"]) | ~Q(reason=""), name="disagreement_has_its_reason"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.invitation} {self.stance}"


class Outcome(models.Model):
    """What came of a draft, by which rule, with which seats, and the dissent that stays. Never changed."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    draft = models.OneToOneField(Draft, models.PROTECT, related_name="outcome")
    version = models.ForeignKey(DraftVersion, models.PROTECT, null=True, blank=True, related_name="+")
    result = models.CharField(max_length=20, choices=[(one.value, one.value) for one in deliberation.Result])
    rule = models.JSONField(default=dict, help_text="as it was when decided; empty: not recorded in the source")
    tally = models.JSONField(null=True, help_text="seats by stance; null: not recorded in the source")
    silent = models.PositiveSmallIntegerField(null=True, help_text="seats that had not spoken; null: not recorded")
    reasons = models.JSONField(default=list, help_text="why, as codes and counts")
    dissent = models.JSONField(null=True, help_text="bodies, stances and reasons; null: not recorded in the source")
    note_es = models.TextField(blank=True)
    note_en = models.TextField(blank=True)
    decided_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", help_text="null: shipped")
    decided_at = models.DateTimeField(null=True, help_text="null: not recorded in the source")

    objects = Kept.as_manager()

    def __str__(self) -> str:
        return f"{self.draft} {self.result}"


class Minutes(models.Model):
    """The minutes of an event: a draft, then open to amendments of who attended, then final and never changed."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.OneToOneField(Event, models.PROTECT, related_name="minutes")
    text_es = models.TextField()
    text_en = models.TextField()
    state = models.CharField(
        max_length=10,
        default=words.MinutesState.DRAFT.value,
        choices=[(one.value, one.value) for one in words.MinutesState],
    )
    open_until = models.DateTimeField(null=True, help_text="until when amendments may be asked for")
    final_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True, help_text="of the final text in both languages")
    written_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"minutes {self.event}"


class MinutesAmendment(models.Model):
    """What a body that attended asks to be changed in the minutes, and what was answered."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="amendments")
    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="+")
    token = models.UUIDField(null=True, unique=True, help_text="of the form: one form, one request")
    text = models.TextField()
    state = models.CharField(
        max_length=10,
        default=words.AmendmentState.PROPOSED.value,
        choices=[(one.value, one.value) for one in words.AmendmentState],
    )
    answer = models.CharField(max_length=600, blank=True)
    asked_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.minutes} {self.invitation}"


class Adoption(models.Model):
    """A position proposed for adoption by one officer and confirmed by another: its canonical form and hash."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    process = models.ForeignKey(Process, models.PROTECT, related_name="adoptions")
    state = models.CharField(
        max_length=10,
        default=words.PositionState.PROPOSED.value,
        choices=[(one.value, one.value) for one in words.PositionState],
    )
    canonical = models.TextField(help_text="the text over which the hash is taken")
    sha256 = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", help_text="null: shipped")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    instrument = models.ForeignKey(Instrument, models.PROTECT, null=True, related_name="+")
    why_no_minutes = models.TextField(blank=True, help_text="why a meeting has no final minutes, where one has none")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["process"], condition=Q(state="adopted"), name="a_process_adopts_one_position"
            ),
            models.UniqueConstraint(
                fields=["process"], condition=Q(state="proposed"), name="one_position_is_proposed_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="a_second_officer_confirms",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process} {self.sha256[:12]}"
