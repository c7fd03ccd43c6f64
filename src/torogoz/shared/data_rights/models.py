"""Requests of persons about their own data, the steps that were taken, and the files that answered them."""

import json
import uuid
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from torogoz.domain.breaches import Told
from torogoz.domain.consents import Purpose
from torogoz.domain.data_rights import AnswerBy, Asker, Proof, Right, Side, State, Why
from torogoz.domain.disposal import Ground, Reason
from torogoz.domain.disposal import State as DisposalState
from torogoz.shared.institutions.models import Institution, Office, Officer, PersonLimit
from torogoz.shared.people.models import Person
from torogoz.shared.vault import sealing
from torogoz.shared.vault.columns import SealedColumn
from torogoz.shared.vault.sealing import open_text, seal_text
from torogoz.shared.vault.words import SealedWords


class Request(models.Model):
    """What somebody asked about the data of one person, at which window, and where that stands.

    The person is known when the window had her record open, or when the document shown is of exactly one; otherwise it
    is empty, and says nothing of whether there is a record. Who asks is sealed under the key of the window.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    right = models.CharField(max_length=14, choices=[(one.value, one.value) for one in Right])
    purpose = models.CharField(max_length=20, blank=True, choices=[(one.value, one.value) for one in Purpose])
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="rights_requests")
    window = models.ForeignKey(Institution, models.PROTECT, related_name="+", help_text="that received it")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    responsible = models.ForeignKey(Institution, models.PROTECT, related_name="+", help_text="whose officer decides")
    asker = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Asker])
    proof = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Proof])
    answer_by = models.CharField(max_length=10, choices=[(one.value, one.value) for one in AnswerBy])
    language = models.CharField(max_length=40, help_text="in which the person is answered")
    details = models.BinaryField(help_text="who asks, with which document, what, and where the answer goes")
    state = models.CharField(max_length=12, db_index=True, choices=[(one.value, one.value) for one in State])
    received_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    due = models.DateField(help_text="last day of the term, in working days")
    extended = models.BooleanField(default=False)
    decided_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=12, blank=True, choices=[(one.value, one.value) for one in Why])
    kept_until = models.DateField(null=True, help_text="of a denial for a duty to keep")
    ended_at = models.DateTimeField(null=True)
    limit = models.OneToOneField(PersonLimit, models.PROTECT, null=True, related_name="request")

    SEALED: ClassVar = (SealedColumn("details", institution="window__code"),)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="request_is_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.DENIED.value) | ~Q(why=""), name="request_is_denied_on_a_ground"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["responsible", "state"], name="request_of_responsible"),
            models.Index(fields=["office", "state"], name="request_of_office"),
        ]

    def __str__(self) -> str:
        return str(self.key)

    @property
    def number(self) -> str:
        """What the person is given to ask by: the year, and eight signs of the key."""
        return f"{self.received_at:%Y}-{self.key.hex[:8].upper()}"

    def keep(self, details: dict[str, str]) -> "Request":
        """Seal who asks and what into this row, which is not saved yet."""
        (column,) = self.SEALED
        self.details = sealing.seal_json(self.window.code, details, column.about(Request, self.key))
        return self

    def details_in(self, batch: sealing.Batch) -> dict[str, Any]:
        """Who asks and what, opened; with `batch` each key is fetched once for many rows."""
        (column,) = self.SEALED
        opened = batch.opened(self.window.code, bytes(self.details), column.about(Request, self.key))
        return dict(json.loads(opened))


class RequestStep(models.Model):
    """One step of a request: what was done, by whom, in words that the person reads (sealed). Rows are only added."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.ForeignKey(Request, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=12, help_text="that the request came to")
    side = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Side])
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", help_text="whose key seals it")
    at = models.DateTimeField()
    words = models.BinaryField()

    SEALED: ClassVar = (SealedColumn("words"),)

    def __str__(self) -> str:
        return str(self.key)

    def keep(self, words: str) -> "RequestStep":
        """Seal `words` into this row, which is not saved yet."""
        (column,) = self.SEALED
        self.words = seal_text(self.institution.code, words, column.about(RequestStep, self.key))
        return self

    @property
    def said(self) -> str:
        """The words, opened. Raises SealBroken, KeyMissing."""
        (column,) = self.SEALED
        return open_text(self.institution.code, bytes(self.words), column.about(RequestStep, self.key))


class OwnFile(models.Model):
    """The archive that answers a request: fetched at the window, by somebody else than who made it and has seen its
    password, until a moment; then it is removed, and that it was made stays."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.OneToOneField(Request, models.PROTECT, related_name="file")
    made_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    sections = models.JSONField(help_text="codes of what is in it")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until__gt=F("made_at")), name="own_file_is_kept_a_while")
        ]

    def __str__(self) -> str:
        return str(self.key)

    @property
    def path(self) -> Path:
        """The archive, itself encrypted."""
        return Path(settings.EXPORTS) / f"own-{self.key.hex}.zip"


class Breach(models.Model):
    """A breach of security of personal data: when it was discovered, what it reaches, whom. Words are sealed.

    What is learnt later is added (`BreachEntry`), and does not change what was written.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    discovered_at = models.DateTimeField(db_index=True)
    began_at = models.DateTimeField(null=True, help_text="null when it is not known")
    categories = models.JSONField(help_text="codes of domain.breaches.Category")
    people = models.PositiveIntegerField(null=True, help_text="how many, as last learnt; null when it is not known")
    what = models.BinaryField(help_text="what happened, in words")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    SEALED: ClassVar = (SealedColumn("what"),)

    def __str__(self) -> str:
        return str(self.key)

    @property
    def number(self) -> str:
        """How it is cited in letters: the year, and eight signs of the key."""
        return f"{self.discovered_at:%Y}-{self.key.hex[:8].upper()}"

    def keep(self, what: str) -> "Breach":
        """Seal what happened into this row, which is not saved yet."""
        (column,) = self.SEALED
        self.what = seal_text(self.institution.code, what, column.about(Breach, self.key))
        return self

    @property
    def told(self) -> str:
        """What happened, opened. Raises SealBroken, KeyMissing."""
        (column,) = self.SEALED
        return open_text(self.institution.code, bytes(self.what), column.about(Breach, self.key))


class BreachEntry(models.Model):
    """What was learnt or done about a breach after it was recorded. Rows are only added."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    breach = models.ForeignKey(Breach, models.PROTECT, related_name="entries")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", help_text="whose key seals it")
    words = models.BinaryField()
    people = models.PositiveIntegerField(null=True, help_text="how many, as known then; null when not known")
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    SEALED: ClassVar = (SealedColumn("words"),)

    def __str__(self) -> str:
        return str(self.key)

    def keep(self, words: str) -> "BreachEntry":
        """Seal `words` into this row, which is not saved yet."""
        (column,) = self.SEALED
        self.words = seal_text(self.institution.code, words, column.about(BreachEntry, self.key))
        return self

    @property
    def said(self) -> str:
        """The words, opened. Raises SealBroken, KeyMissing."""
        (column,) = self.SEALED
        return open_text(self.institution.code, bytes(self.words), column.about(BreachEntry, self.key))


class BreachNotice(models.Model):
    """That one of the three was told of a breach, when, and how."""

    breach = models.ForeignKey(Breach, models.PROTECT, related_name="notices")
    told = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Told])
    done_at = models.DateTimeField()
    how = models.CharField(max_length=200, help_text="by which way, with which reference")
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["breach", "told"], name="each_is_told_once")]

    def __str__(self) -> str:
        return f"{self.breach} {self.told}"


class Hold(SealedWords):
    """That an institution has a person's record kept: nothing of it is disposed of from a day until another.

    It is not changed: it is lifted, and another one is placed.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="holds")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", help_text="that placed it")
    ground = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Ground])
    sealed = models.BinaryField(help_text="order or article, why, and why it was lifted")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, help_text="last day; null while nobody lifts it")
    placed_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="hold_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="hold_is_lifted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)


class Disposal(models.Model):
    """That data of some people is disposed of: proposed by one officer, confirmed by another. It names nobody.

    What was done stands in it once it is done: the certificate is printed of this row alone.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", help_text="that registered them")
    reason = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Reason])
    classes = models.JSONField(help_text="codes of the classes of data that go")
    rule = models.JSONField(null=True, help_text="the retention rule, as it was; null for a cancellation")
    request = models.OneToOneField(Request, models.PROTECT, null=True, related_name="disposal")
    state = models.CharField(max_length=10, db_index=True, choices=[(one.value, one.value) for one in DisposalState])
    proposed_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    ended_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", help_text="confirmed, withdrew")
    ended_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict, help_text="rows removed and blanked, by table")
    people = models.PositiveIntegerField(null=True, help_text="of how many it was in the end")
    left_out = models.PositiveIntegerField(null=True, help_text="who were held, or had come back, by then")
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the list of keys")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state=DisposalState.DONE.value)
                | (Q(ended_by__isnull=False, people__isnull=False) & ~Q(digest="") & ~Q(ended_by=F("proposed_by"))),
                name="disposal_takes_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(reason=Reason.RETENTION.value, request__isnull=True, rule__isnull=False)
                | Q(reason=Reason.CANCELLATION.value, request__isnull=False),
                name="disposal_says_why",
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)

    @property
    def number(self) -> str:
        """How it is cited: the year, and eight signs of the key."""
        return f"{self.proposed_at:%Y}-{self.key.hex[:8].upper()}"


class DisposalItem(models.Model):
    """One record that a disposal is of, and whether it was left out in the end."""

    disposal = models.ForeignKey(Disposal, models.PROTECT, related_name="items")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    left_out = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["disposal", "person"], name="a_record_once_per_disposal")
        ]

    def __str__(self) -> str:
        return f"item {self.pk}"
