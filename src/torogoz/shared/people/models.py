"""One person once: names, documents, encounters with institutions, and each institution's own section."""

import json
import logging
import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from torogoz.domain.access import Tier
from torogoz.domain.documents import fold_number
from torogoz.domain.duplicates import Verdict
from torogoz.domain.names import PersonName
from torogoz.shared.audit.models import AppendOnly
from torogoz.shared.institutions.models import Institution, Office, Officer
from torogoz.shared.vault import sealing
from torogoz.shared.vault.columns import SealedColumn
from torogoz.shared.vault.keyring import CannotOpen
from torogoz.shared.vault.words import SealedWords
from torogoz.statistics.forms.shipped import form_of

logger = logging.getLogger(__name__)

HASHED_AS = "document"
"""Kind of the keyed hash of a document: a search asks for the number, whatever document bears it."""


class Person(models.Model):
    """A human being, as first recorded. Names, documents and encounters hang on it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sex = models.CharField(max_length=2, help_text="code of the list SEX: F, M, _O, _U")
    birth = models.CharField(max_length=10, blank=True, help_text="2001, 2001-05 or 2001-05-17; empty when unknown")
    birth_min = models.DateField(null=True, blank=True)
    birth_max = models.DateField(null=True, blank=True)
    nationality = models.CharField(max_length=3, help_text="ISO 3166-1 alpha-3, or _U when unknown")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    made_up = models.BooleanField(default=False, help_text="belongs to the demonstration country")
    disposed_at = models.DateTimeField(null=True, help_text="when data of the person were last disposed of")
    shell = models.BooleanField(
        default=False, help_text="who it is was disposed of: nothing is written of this person any more"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(birth_min__isnull=True, birth_max__isnull=True) | Q(birth_max__gte=F("birth_min")),
                name="birth_bounds_in_order",
            )
        ]

    def __str__(self) -> str:
        return str(self.key)


class Name(models.Model):
    """A name that a person bears: the name on the papers, or one by which the person is known."""

    class Kind(models.TextChoices):
        MAIN = "main"
        ALIAS = "alias"

    person = models.ForeignKey(Person, models.CASCADE, related_name="names")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.MAIN)
    given1 = models.CharField(max_length=60, blank=True)
    given2 = models.CharField(max_length=60, blank=True)
    surname1 = models.CharField(max_length=60, blank=True)
    surname2 = models.CharField(max_length=60, blank=True)
    married = models.CharField(max_length=60, blank=True)
    alias = models.CharField(max_length=120, blank=True, help_text="conocido por")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], condition=Q(kind="main"), name="one_main_name")
        ]

    def __str__(self) -> str:
        return f"name {self.pk}"

    def as_person_name(self) -> PersonName:
        """The name on papers, apart from the row that keeps it."""
        return PersonName(self.given1, self.given2, self.surname1, self.surname2, self.married)


class Identifier(models.Model):
    """A document of a person: what kind, who issued it, its number, sealed.

    Two rows have the same number when their keyed hashes are equal, which tells nothing to who lacks the key.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="identifiers")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", help_text="whose key seals it")
    kind = models.CharField(max_length=20, help_text="code of the list DOCUMENT")
    issuer = models.CharField(max_length=3, help_text="ISO 3166-1 alpha-3")
    sealed = models.BinaryField(help_text="the number as read")
    hashed = models.BinaryField(max_length=32, db_index=True, help_text="of letters and digits only, in capitals")

    SEALED: ClassVar = (SealedColumn("sealed", hashed="hashed", kind=HASHED_AS, fold=fold_number),)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "kind", "issuer", "hashed"], name="one_document_once_per_person")
        ]

    def __str__(self) -> str:
        return f"identifier {self.pk}"

    def keep(self, number: str, batch: sealing.Batch | None = None) -> "Identifier":
        """Seal `number` into this row, which is not saved yet. With `batch` when there are many rows."""
        batch = batch or sealing.Batch()
        (column,) = self.SEALED
        about = column.about(Identifier, self.key)
        self.sealed = batch.seal(self.institution.code, number.encode(), about)
        self.hashed = batch.keyed_hashes(HASHED_AS, fold_number(number))[0]
        return self

    def number_in(self, batch: sealing.Batch) -> str:
        """The number, opened; with `batch` each key is fetched once for many rows."""
        (column,) = self.SEALED
        return batch.opened(self.institution.code, bytes(self.sealed), column.about(Identifier, self.key)).decode()

    def number_seen(self, batch: sealing.Batch) -> str:
        """The number to be shown; empty when it does not open, so that one lost key does not shut the whole page."""
        try:
            return self.number_in(batch)
        except CannotOpen as why:
            logger.error("%s", why)
            return ""

    @property
    def number(self) -> str:
        """The number as read, opened."""
        return self.number_in(sealing.Batch())

    @property
    def folded(self) -> str:
        """Letters and digits of the number, in capitals, to be compared."""
        return fold_number(self.number)


class Encounter(models.Model):
    """A person meets an institution at an office: the header of the single form."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="encounters")
    office = models.ForeignKey(Office, models.PROTECT, related_name="encounters")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, help_text="return, or another kind of encounter")
    occurred_at = models.DateTimeField(db_index=True)
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["office", "occurred_at"]),
            models.Index(fields=["person", "office", "institution"], name="encounter_of_person_at_office"),
        ]

    def __str__(self) -> str:
        return str(self.key)


class Section(models.Model):
    """What one institution wrote of one encounter, under one version of its form.

    Answers of an ordinary section are in `plain`; those of a sensitive or protected one are in `sealed`.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="sections")
    code = models.CharField(max_length=20, help_text="code of a section in domain/sections.py")
    form_version = models.PositiveIntegerField()
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    plain = models.JSONField(default=dict, blank=True)
    sealed = models.BinaryField(null=True)
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    SEALED: ClassVar = (SealedColumn("sealed"),)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["encounter", "code"], name="one_section_of_a_kind_per_encounter")
        ]

    def __str__(self) -> str:
        return str(self.key)

    def keep(self, answers: Mapping[str, Any], batch: sealing.Batch | None = None) -> "Section":
        """Put `answers` into this row, which is not saved yet: what is sensitive is sealed, answer by answer."""
        (column,) = self.SEALED
        form = form_of(self.code, self.form_version)
        ordinary = {each.code for each in form.questions if form.tier_of(each) < Tier.SENSITIVE}
        harmful = {code: answer for code, answer in answers.items() if code not in ordinary}
        self.plain = {code: answer for code, answer in answers.items() if code in ordinary}
        self.sealed = None
        if harmful or form.tier >= Tier.SENSITIVE:
            about, written = column.about(Section, self.key), sealing.written(harmful)
            self.sealed = (batch or sealing.Batch()).seal(self.institution.code, written, about)
        return self

    def answers_in(self, batch: sealing.Batch) -> dict[str, Any]:
        """The answers by question, opened; with `batch` each key is fetched once for many rows.

        Raises SealBroken, KeyMissing.
        """
        if self.sealed is None:
            return dict(self.plain)
        (column,) = self.SEALED
        opened = batch.opened(self.institution.code, bytes(self.sealed), column.about(Section, self.key))
        return {**self.plain, **json.loads(opened)}

    @property
    def answers(self) -> dict[str, Any]:
        """The answers by question, opened. Raises SealBroken, KeyMissing."""
        return self.answers_in(sealing.Batch())


class Corrections(AppendOnly):
    """The history of who a person was said to be."""

    record = "the history of corrections"
    instead = "correct the person once more"


class Correction(models.Model):
    """That a person's details were written anew: what stood before, why, by whom. Rows are added, never changed."""

    class Reason(models.TextChoices):
        SPELT = "spelt"
        DOCUMENT = "document"
        PERSON = "person"
        OTHER = "other"

    person = models.ForeignKey(Person, models.PROTECT, related_name="corrections")
    version = models.PositiveIntegerField(help_text="of the person, that the correction made")
    before = models.JSONField(help_text="sex, birth, nationality, names and aliases as they stood")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    note = models.CharField(max_length=200, blank=True)
    corrected_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField()

    objects = Corrections.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "version"], name="one_correction_makes_a_version")
        ]

    def __str__(self) -> str:
        return f"correction {self.pk}"


class DocumentCorrections(AppendOnly):
    """The history of the documents that people were said to have."""

    record = "the history of documents"
    instead = "correct the document once more"


class DocumentCorrection(SealedWords):
    """That a document was written anew, or taken away because it never was the person's. Rows are added, never changed.

    What stood before, what took its place and the note are sealed: kind, issuer and number under `before` and `after`
    (null when it was taken away), and `note`. The row goes where its document goes, into a merge and out of it.
    """

    class Reason(models.TextChoices):
        SPELT = "spelt"
        DOCUMENT = "document"
        PERSON = "person"
        ANOTHER = "another"
        OTHER = "other"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="document_corrections")
    document = models.UUIDField(help_text="key of the identifier, which may be gone")
    version = models.PositiveIntegerField(help_text="of the person, that the correction made")
    removed = models.BooleanField(help_text="it never was the person's")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    sealed = models.BinaryField(help_text="before, after, note")
    corrected_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", help_text="whose key seals it")
    corrected_at = models.DateTimeField()

    objects = DocumentCorrections.as_manager()

    def __str__(self) -> str:
        return str(self.key)


class Pair(models.Model):
    """Two people who may be one, as the search for duplicates found them; who decided what stands in `decisions`.

    It is shown only to who may see both of them, and counts only for them.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    first = models.ForeignKey(Person, models.PROTECT, related_name="+")
    second = models.ForeignKey(Person, models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField(help_text="how likely they are one person, 0 to 100")
    reasons = models.JSONField(help_text="codes of statistics/linkage: how far each fact agrees")
    found_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, blank=True, db_index=True, help_text="of the last decision; or empty")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="one_pair_of_two_people"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="nobody_is_a_duplicate_of_themselves"),
        ]

    def __str__(self) -> str:
        return str(self.key)


class PairDecisions(AppendOnly):
    """What was decided of pairs."""

    record = "the record of decisions on duplicates"
    instead = "decide once more"


class PairDecision(models.Model):
    """That an officer compared two people and decided. Rows are added, never changed; the last one holds."""

    pair = models.ForeignKey(Pair, models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Verdict])
    reason = models.CharField(max_length=300)
    decided_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    objects = PairDecisions.as_manager()

    def __str__(self) -> str:
        return f"decision {self.pk}"


class SearchDecisions(AppendOnly):
    """What came of each search before a person was registered."""

    record = "the record of searches before creating"
    instead = "merge the records"


class SearchDecision(models.Model):
    """What an officer decided before somebody was registered, met again, or given a number by a correction: who was
    alike, or had that number, and that nobody fitted.

    What was typed is not kept: the person says it.
    """

    class Outcome(models.TextChoices):
        NOBODY = "nobody"
        NONE_FITS = "none_fits"
        CHOSEN = "chosen"

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", help_text="registered, or chosen")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    candidates = models.JSONField(default=list, help_text="key, score and reasons of each who was shown")
    decided_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    objects = SearchDecisions.as_manager()

    def __str__(self) -> str:
        return f"search {self.pk}"


class Merge(models.Model):
    """That what hangs on one record hangs on another now, both being of one person; and that it was undone.

    Asked for by one officer; where another institution recorded one of the two, it takes effect when somebody there
    confirms it. The record that was merged stays as it was: its name, birth and corrections are on it, unchanged.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    survivor = models.ForeignKey(Person, models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Person, models.PROTECT, related_name="merged_into")
    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    merged_at = models.DateTimeField(null=True, help_text="since when it holds; null while it waits")
    ended_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, help_text="undone, or refused while it waited")
    ended_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["merged"], condition=Q(ended_at__isnull=True), name="merged_into_one_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(survivor=F("merged")), name="nobody_is_merged_into_themselves"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="merge_is_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)


class MovedRow(models.Model):
    """One row that a merge moved from one person to the other: what undoing the merge takes back."""

    merge = models.ForeignKey(Merge, models.PROTECT, related_name="moved")
    table = models.CharField(max_length=60, help_text="label of the model, as people.encounter")
    row = models.BigIntegerField()
    column = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merge", "table", "row", "column"], name="a_row_is_moved_once_per_merge")
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row}"


class Word(models.Model):
    """A word that occurs in some name, so that a misspelt one finds its neighbours. It tells nothing of anybody."""

    text = models.CharField(max_length=120, unique=True)

    def __str__(self) -> str:
        return self.text


class Posting(models.Model):
    """That a person bears one, two or three words of these sounds: an entry of the search index.

    Rows are added and taken away with the person's names, in the same transaction (people/index.py). There is no
    foreign key in the database: millions of rows would each be checked for what the transaction already ensures.
    """

    pk = models.CompositePrimaryKey("key", "year", "person")
    key = models.BigIntegerField(help_text="sum of the hashes of the sounds, as a signed number of 64 bits")
    year = models.SmallIntegerField(help_text="year of birth; 0 when unknown")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False, db_constraint=False)

    def __str__(self) -> str:
        return f"posting {self.key}"
