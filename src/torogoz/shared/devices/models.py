"""A device that fills in forms without a connection, what it sent, and what a person decided about it."""

import uuid
from collections.abc import Mapping, Sequence
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from torogoz.shared.attachments.models import Attachment
from torogoz.shared.institutions.models import Institution, Office, Officer
from torogoz.shared.people.models import Encounter, Person
from torogoz.shared.vault.columns import SealedColumn
from torogoz.shared.vault.sealing import open_json, open_text, opened, seal, seal_json, seal_text


class Device(models.Model):
    """A telephone or tablet that acts as one officer, for one institution, until a day. Of its token a hash is kept."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="devices")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    code = models.CharField(max_length=20, unique=True, help_text="what it is called when it signs in")
    hashed = models.CharField(max_length=64, help_text="keyed hash of the token")
    name = models.CharField(max_length=60, help_text="what its officer calls it")
    registered_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(valid_until__gt=F("registered_at")), name="device_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="device_is_revoked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class FilledForm(models.Model):
    """A filled form that a device sent, as it came, sealed; what became of it; and, if it waits for a person, why.

    The same bytes of the same instance are one filled form however often they come, within an institution. Of one whose
    person's data were disposed of stays that it came, so that it is not written anew when it comes again.
    """

    class State(models.TextChoices):
        WAITING = "waiting"  # for files that the device is about to send
        APPLIED = "applied"
        HELD = "held"  # for a person to decide
        CLOSED = "closed"  # a person decided that nothing is to be written of it
        DISPOSED = "disposed"  # what it said was disposed of with data of the person

    class Why(models.TextChoices):
        DUPLICATE = "duplicate"
        ELSEWHERE = "elsewhere"
        DIFFERS = "differs"
        PERSON = "person"
        INVALID = "invalid"
        REFUSED = "refused"
        VERSION = "version"
        INSTANCE = "instance"
        FILES = "files"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    device = models.ForeignKey(Device, models.PROTECT, related_name="filled_forms")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+", help_text="in whose name it was sent")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", help_text="where the officer was posted")
    instance = models.CharField(max_length=120, help_text="what the device calls this filled form")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the XML")
    form = models.CharField(max_length=60)
    version = models.CharField(max_length=240)
    sealed = models.BinaryField(null=True, help_text="the XML, until it is disposed of")
    received_at = models.DateTimeField(db_index=True)
    state = models.CharField(max_length=10, choices=State.choices)
    why = models.CharField(max_length=10, choices=Why.choices, blank=True)
    faults = models.BinaryField(null=True, help_text="what is wrong, by question, in both languages")
    encounter = models.ForeignKey(
        Encounter,
        models.PROTECT,
        null=True,
        related_name="filled_forms",
        help_text="that it was written to, or differs from",
    )

    SEALED: ClassVar = (SealedColumn("sealed"), SealedColumn("faults"))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["institution", "instance", "digest"], name="one_filled_form_once"),
            models.CheckConstraint(
                condition=Q(state="held") & ~Q(why="") | ~Q(state="held") & Q(why=""), name="what_is_held_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state="applied") | Q(encounter__isnull=False),
                name="what_is_applied_says_where",
            ),
            models.CheckConstraint(
                condition=Q(state="disposed", sealed__isnull=True, faults__isnull=True)
                | ~Q(state="disposed") & Q(sealed__isnull=False),
                name="a_form_is_kept_until_it_is_disposed_of",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["institution", "state", "received_at"])]

    def __str__(self) -> str:
        return str(self.key)

    def keep(self, written: bytes) -> "FilledForm":
        """Seal the XML into this row, which is not saved yet."""
        self.sealed = seal(self.institution.code, written, self.SEALED[0].about(FilledForm, self.key))
        return self

    @property
    def written(self) -> bytes:
        """The XML, opened. Raises SealBroken, KeyMissing; SealBroken for what was disposed of."""
        return opened(self.institution.code, bytes(self.sealed or b""), self.SEALED[0].about(FilledForm, self.key))

    def keep_faults(self, faults: Sequence[Mapping[str, str]]) -> None:
        """Seal what is wrong into this row: they quote what was answered."""
        about = self.SEALED[1].about(FilledForm, self.key)
        self.faults = seal_json(self.institution.code, list(faults), about) if faults else None

    @property
    def wrong(self) -> list[dict[str, str]]:
        """What is wrong: part, question, es, en. Raises SealBroken, KeyMissing."""
        if self.faults is None:
            return []
        about = self.SEALED[1].about(FilledForm, self.key)
        found: list[dict[str, str]] = open_json(self.institution.code, bytes(self.faults), about)
        return found


class FormFile(models.Model):
    """A file that came with a filled form, sealed in this row until it is attached to the section that names it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    filled = models.ForeignKey(FilledForm, models.PROTECT, related_name="files")
    named = models.CharField(max_length=64, help_text="SHA-256 of its name")
    digest = models.CharField(max_length=64, help_text="SHA-256 of what is in it")
    name = models.BinaryField(help_text="as the device calls it")
    sealed = models.BinaryField(null=True, help_text="what is in it, until it is attached")
    attachment = models.OneToOneField(Attachment, models.PROTECT, null=True, related_name="form_file")

    SEALED: ClassVar = (
        SealedColumn("name", institution="filled__institution__code"),
        SealedColumn("sealed", institution="filled__institution__code"),
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["filled", "named", "digest"], name="one_file_once_per_form"),
            models.CheckConstraint(
                condition=Q(sealed__isnull=False) | Q(attachment__isnull=False), name="a_file_lies_somewhere"
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)


class Ruling(models.Model):
    """What a person decided about a filled form that was held, and why. Rows are added, never changed."""

    class Verdict(models.TextChoices):
        SAME = "same"  # it is this person
        OTHER = "other"  # it is nobody who is registered
        HERE = "here"  # another institution has a record with that document, and she is registered here all the same
        REPLACE = "replace"  # the answers of the device take the place of those stored
        AGAIN = "again"  # try once more, as it is
        NOTHING = "nothing"  # nothing is to be written

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    filled = models.ForeignKey(FilledForm, models.PROTECT, related_name="rulings")
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="+", help_text="whose key seals the reason"
    )
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", help_text="whom the form is about")
    reason = models.BinaryField(help_text="in the officer's words")
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    SEALED: ClassVar = (SealedColumn("reason"),)

    def __str__(self) -> str:
        return str(self.key)

    def keep(self, reason: str) -> "Ruling":
        """Seal the reason into this row, which is not saved yet."""
        self.reason = seal_text(self.institution.code, reason, self.SEALED[0].about(Ruling, self.key))
        return self

    @property
    def words(self) -> str:
        """The reason, opened. Raises SealBroken, KeyMissing."""
        return open_text(self.institution.code, bytes(self.reason), self.SEALED[0].about(Ruling, self.key))
