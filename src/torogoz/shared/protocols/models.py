"""Versions of the sharing protocol, their annexes as issued, and who signed them. Decisions are by the table itself
(`institutions.SharingRule`), which a version fills when it is approved."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from torogoz.domain.access import Role, Rule, Tier
from torogoz.domain.protocols import Agreed, State
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.vault.columns import SealedColumn


class ProtocolVersion(models.Model):
    """One table of the protocol: a draft that is being written or waits for a second officer, or one that was approved.

    The first one, and those of the project until two officers have changed one, come with the programme: nobody
    proposed them. They are marked by `shipped`.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.PositiveIntegerField(null=True, unique=True, help_text="of an approved version, in order")
    base = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", help_text="that it changes")
    state = models.CharField(max_length=10, choices=[(one.value, one.value) for one in State])
    shipped = models.BooleanField(default=False)
    lines = models.JSONField(help_text="the whole table as it is to be")
    fingerprint = models.CharField(max_length=64, help_text="of what is decided by")
    reason = models.CharField(max_length=500, help_text="why it is changed")
    since = models.DateTimeField(null=True, help_text="from when it is to be in force; null for its approval")
    in_force_from = models.DateTimeField(null=True)
    proposed_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    proposed_for = models.ForeignKey(Institution, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    decided_for = models.ForeignKey(Institution, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True, help_text="why it was refused")
    version = models.PositiveIntegerField(default=0, help_text="grows with each change of the draft")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state=State.APPROVED.value)
                | Q(number__isnull=False, in_force_from__isnull=False)
                & (Q(shipped=True) | Q(proposed_by__isnull=False, decided_by__isnull=False)),
                name="protocol_in_force_has_number_and_moment",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | ~Q(state=State.APPROVED.value)
                | (~Q(decided_by=F("proposed_by")) & ~Q(decided_for=F("proposed_for"))),
                name="protocol_takes_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return f"protocol {self.number or self.key}"

    @property
    def number_in_groups(self) -> str:
        """The number of the table as the annex prints it: in groups of four."""
        return " ".join(self.fingerprint[start : start + 4] for start in range(0, len(self.fingerprint), 4))

    @property
    def agreed(self) -> tuple[Agreed, ...]:
        """The lines of the table, as the rules of the domain take them."""
        return tuple(as_agreed(line) for line in self.lines)


class Annex(models.Model):
    """The annex of a version as it was issued: these bytes, and no others, are what institutions sign."""

    protocol = models.ForeignKey(ProtocolVersion, models.PROTECT, related_name="annexes")
    language = models.CharField(max_length=2, choices=[("es", "es"), ("en", "en")])
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["protocol", "language"], name="one_annex_per_language"),
        ]

    def __str__(self) -> str:
        return f"{self.protocol} {self.language}"


class Signature(models.Model):
    """That an institution signed the annex of a version on paper: who, when, and the sheet where it was scanned."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    protocol = models.ForeignKey(ProtocolVersion, models.PROTECT, related_name="signatures")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    signed_by = models.CharField(max_length=200, help_text="name and post of who signed, as on the paper")
    signed_on = models.DateField()
    sheet = models.BinaryField(null=True, help_text="the scanned sheet, sealed under the key of the institution")
    media = models.CharField(max_length=20, blank=True, help_text="media type of the sheet, by what is in it")
    sha256 = models.CharField(max_length=64, blank=True, help_text="of the sheet, before sealing")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    SEALED: ClassVar = (SealedColumn("sheet"),)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["protocol", "institution"], name="each_institution_signs_once"),
        ]

    def __str__(self) -> str:
        return f"{self.protocol} {self.institution}"

    @property
    def about_sheet(self) -> str:
        """What the sealed sheet is bound to."""
        return SealedColumn("sheet").about(Signature, self.key)


def as_agreed(line: dict[str, Any]) -> Agreed:
    """A stored line as the rules of the domain take it."""
    rule = Rule(
        line["section"], line["institution"], Role(line["role"]), line["read"], line["write"], Tier(line["tier"])
    )
    return Agreed(rule, line["basis_es"], line["basis_en"], line["ground"], line["source"])


def as_stored(line: Agreed) -> dict[str, Any]:
    """A line as it is stored in a version."""
    rule = line.rule
    return {
        "section": rule.section,
        "institution": rule.institution,
        "role": rule.role.value,
        "read": rule.read,
        "write": rule.write,
        "tier": int(rule.tier),
        "ground": line.ground,
        "basis_es": line.basis_es,
        "basis_en": line.basis_en,
        "source": line.source,
    }
