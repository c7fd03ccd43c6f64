"""Consents, hand-overs, legal bases and broken glass. What they open is a grant of the policy, written with them."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from torogoz.domain.consents import Given, GivenBy, Purpose, Verdict
from torogoz.domain.handovers import Ground, Kind, Side, State, Urgency, Why
from torogoz.shared.institutions.models import Institution, LegalGround, Office, Officer, PersonGrant
from torogoz.shared.people.models import Person
from torogoz.shared.vault.columns import SealedColumn
from torogoz.shared.vault.sealing import open_text, seal_text

NEVER_OPENED = (State.ASKED.value, State.REJECTED.value, State.RECALLED.value, State.CANCELLED.value)
"""States of a request that was not answered: it opened nothing."""


class Consent(models.Model):
    """That a person agreed to share these sections with this institution, for this purpose, until this moment.

    It is not changed: it is withdrawn, with effect at once, and another one is given.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="consents")
    recipient = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Purpose])
    sections = models.JSONField(help_text="codes of the sections that are shared")
    given = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Given])
    given_by = models.CharField(max_length=10, choices=[(one.value, one.value) for one in GivenBy])
    assent = models.BooleanField(default=False, help_text="of a child whose guardian consents")
    minor = models.BooleanField(null=True, help_text="under 18, as the officer says where the birth does not tell")
    language = models.CharField(max_length=40, help_text="in which it was explained")
    witness = models.CharField(max_length=120, blank=True)
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    grant = models.OneToOneField(PersonGrant, models.PROTECT, related_name="consent")
    law = models.ForeignKey(
        LegalGround, models.PROTECT, null=True, related_name="+", help_text="of the list of laws, that asks for it"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(valid_until__gt=F("recorded_at")), name="consent_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="consent_is_withdrawn_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)


class GlassBreak(models.Model):
    """That an officer opened a person without anybody's leave, for three hours, and said why."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    opened_at = models.DateTimeField(db_index=True)
    verdict = models.CharField(max_length=12, blank=True, choices=[(one.value, one.value) for one in Verdict])
    verdict_note = models.CharField(max_length=500, blank=True)
    reviewed_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    again_why = models.CharField(max_length=500, blank=True, help_text="why the officer may break it again, though")
    again_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    again_at = models.DateTimeField(null=True)
    grant = models.OneToOneField(PersonGrant, models.PROTECT, related_name="glass")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(verdict="", reviewed_by__isnull=True, reviewed_at__isnull=True)
                | (~Q(verdict="") & Q(reviewed_by__isnull=False, reviewed_at__isnull=False)),
                name="glass_is_judged_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(again_by__isnull=True, again_at__isnull=True)
                | Q(verdict=Verdict.UNJUSTIFIED.value, again_by__isnull=False, again_at__isnull=False),
                name="glass_again_is_allowed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)


class LegalBasis(models.Model):
    """An article that opens sections to an institution without the person's consent, as two persons entered it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    sections = models.JSONField(help_text="codes of what it opens")
    law = models.CharField(max_length=200, help_text="name and number of the law")
    article = models.CharField(max_length=60)
    ground = models.ForeignKey(
        LegalGround, models.PROTECT, null=True, related_name="+", help_text="the same law in the list, if it is there"
    )
    summary = models.CharField(max_length=500, help_text="what the article says, in the words of who entered it")
    source = models.CharField(max_length=300, help_text="where the text was read, and when")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    proposed_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")), name="law_takes_two_persons"
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)

    def named(self, language: str) -> str:
        """The law as the list has it, where it is there, with the article that two persons entered; else as entered."""
        if self.ground is None:
            return f"{self.law}, {self.article}"
        return f"{self.ground.name_es if language.startswith('es') else self.ground.name_en}, {self.article}"


class Handover(models.Model):
    """That one person is handed over, or asked for: by whom, to whom, what is disclosed, on what ground, until when.

    Its states are those of `domain.handovers`; what it opens is the grant that is written with it.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Kind])
    person = models.ForeignKey(Person, models.PROTECT, related_name="handovers")
    from_institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    from_office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    to_institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    to_office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    urgency = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Urgency])
    sections = models.JSONField(
        help_text="codes of what is disclosed; of a request, of what is asked for until it is answered"
    )
    ground = models.CharField(max_length=10, blank=True, choices=[(one.value, one.value) for one in Ground])
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, related_name="handovers")
    law = models.ForeignKey(LegalBasis, models.PROTECT, null=True, related_name="handovers")
    state = models.CharField(max_length=10, db_index=True, choices=[(one.value, one.value) for one in State])
    sent_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    grant = models.OneToOneField(PersonGrant, models.PROTECT, null=True, related_name="handover")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(ground=Ground.CONSENT.value, consent__isnull=False, law__isnull=True))
                | Q(ground=Ground.LAW.value, consent__isnull=True, law__isnull=False)
                | Q(ground__in=("", Ground.PROTOCOL.value), consent__isnull=True, law__isnull=True),
                name="handover_names_what_it_stands_on",
            ),
            models.CheckConstraint(
                condition=Q(grant__isnull=False) | Q(state__in=NEVER_OPENED), name="handover_that_is_read_has_a_grant"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["to_office", "state"], name="handover_to_office"),
            models.Index(fields=["from_office", "state"], name="handover_from_office"),
        ]

    def __str__(self) -> str:
        return str(self.key)


class HandoverStep(models.Model):
    """One step of a hand-over: what was done, by whom, why, in which words (sealed). Rows are added, never changed."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    handover = models.ForeignKey(Handover, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=10, help_text="that the hand-over came to")
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    side = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Side])
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", help_text="whose key seals the note")
    at = models.DateTimeField()
    why = models.CharField(max_length=12, blank=True, choices=[(one.value, one.value) for one in Why])
    note = models.BinaryField(help_text="what it is for, what was answered, what was done")

    SEALED: ClassVar = (SealedColumn("note"),)

    def __str__(self) -> str:
        return str(self.key)

    def keep(self, note: str) -> "HandoverStep":
        """Seal `note` into this row, which is not saved yet."""
        (column,) = self.SEALED
        self.note = seal_text(self.institution.code, note, column.about(HandoverStep, self.key))
        return self

    @property
    def words(self) -> str:
        """The note, opened. Raises SealBroken, KeyMissing."""
        (column,) = self.SEALED
        return open_text(self.institution.code, bytes(self.note), column.about(HandoverStep, self.key))
