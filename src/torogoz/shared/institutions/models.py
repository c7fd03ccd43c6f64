"""Institutions as dated records with successors, their offices, their officers and the officers' postings."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from torogoz.domain.access import Basis, Role, Tier


class Institution(models.Model):
    """A body of the State or of society, for as long as it existed, and who took over its functions."""

    code = models.CharField(max_length=16, unique=True)
    name_es = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")
    source = models.CharField(max_length=400)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_from__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="institution_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.code


class Office(models.Model):
    """A place where an institution works and where officers of others may be posted: a reception centre, say."""

    code = models.CharField(max_length=32, unique=True)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="offices")
    name_es = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    department = models.CharField(max_length=5, help_text="ISO 3166-2 code")
    receives_arrivals = models.BooleanField(default=False)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.code


class Officers(BaseUserManager["Officer"]):
    """How officers are made."""

    def create_user(self, username: str, password: str | None = None, *, full_name: str) -> "Officer":
        """An officer who can sign in with `username` and `password`."""
        officer = self.model(username=username, full_name=full_name)
        officer.set_password(password)
        officer.save(using=self._db)
        return officer


class Officer(AbstractBaseUser):
    """A person who signs in. What an officer may do comes from postings alone."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(max_length=64, unique=True)
    full_name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    made_up = models.BooleanField(default=False, help_text="belongs to the demonstration country")

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar = ["full_name"]
    objects = Officers()

    def __str__(self) -> str:
        return self.username


class Membership(models.Model):
    """A posting: an officer serves an institution, at an office, in a role, for a time."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="memberships")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="memberships")
    office = models.ForeignKey(Office, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="membership_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return f"{self.officer} · {self.institution} · {self.office} · {self.role}"


class LegalGround(models.Model):
    """A law, as far as it was read, that may be named as the ground of sharing: data/legal_grounds.csv with its source.

    Whether it does ground what it is named for is for a lawyer to say: `confirmed` is false until one has.
    """

    code = models.CharField(max_length=24, unique=True)
    name_es = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    instrument = models.CharField(max_length=200, help_text="number, date and gazette, as the source gives them")
    article = models.CharField(max_length=60, blank=True, help_text="empty when no source that was read gives it")
    says_es = models.CharField(max_length=300)
    says_en = models.CharField(max_length=300)
    classes = models.JSONField(help_text="codes of the sections that it may ground; empty for any")
    purposes = models.JSONField(help_text="of domain/consents.py; empty for any")
    confirmed = models.BooleanField(help_text="whether a lawyer has confirmed the article and what it grounds")
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    source = models.CharField(max_length=300)
    read_on = models.DateField(help_text="when the source was read")

    def __str__(self) -> str:
        return self.code


class SharingRule(models.Model):
    """One line of the sharing protocol: officers of an institution, in a role, may read or write a section.

    A line is never changed: that of a new version begins when the old one ends, so the table of any moment is read.
    """

    section = models.CharField(max_length=20, help_text="code of a section in domain/sections.py, or logistics")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="sharing_rules")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    read = models.BooleanField()
    write = models.BooleanField()
    tier = models.PositiveSmallIntegerField(choices=[(tier.value, tier.name) for tier in Tier])
    basis_es = models.CharField(max_length=300)
    basis_en = models.CharField(max_length=300)
    ground = models.ForeignKey(LegalGround, models.PROTECT, null=True, related_name="+", to_field="code")
    source = models.CharField(max_length=300)
    valid_from = models.DateTimeField(null=True, help_text="null for the first table")
    valid_until = models.DateTimeField(null=True, help_text="when a later version took force without it")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["section", "institution", "role"],
                condition=Q(valid_until__isnull=True),
                name="one_rule_per_section_and_role",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_from__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="rule_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=Q(write=False) | Q(read=True), name="who_writes_may_read"),
        ]

    def __str__(self) -> str:
        return f"{self.section} · {self.institution} · {self.role}"


class PersonGrant(models.Model):
    """That one person was opened to an institution, an office or one officer, until a moment: what the policy reads.

    It is written with the consent, the hand-over or the broken glass that it stands on (shared/cases), in one
    transaction. The person is a key and not a row: institutions know of no people.
    """

    person = models.UUIDField(db_index=True)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="grants")
    officer = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="grants")
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", help_text="null for every office")
    basis = models.CharField(max_length=16, choices=[(basis.value, basis.value) for basis in Basis])
    sections = models.JSONField(null=True, help_text="codes; null for what the protocol opens to the officer's role")
    ruled = models.BooleanField(default=False, help_text="opens of the sections what the protocol opens to the role")
    written_before = models.DateTimeField(null=True, help_text="what was written later stays closed")
    closed = models.JSONField(default=list, help_text="encounters that a merge brought: they stay closed")
    purpose = models.CharField(max_length=16, blank=True, help_text="of the consent that it stands on; else empty")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(valid_until__gte=F("valid_from")), name="grant_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(sections__isnull=False) | Q(officer__isnull=False), name="a_whole_grant_is_of_one_officer"
            ),
            models.CheckConstraint(
                condition=(Q(basis=Basis.CONSENT.value) & ~Q(purpose=""))
                | (~Q(basis=Basis.CONSENT.value) & Q(purpose="")),
                name="a_grant_of_a_consent_has_its_purpose",
            ),
        ]

    def __str__(self) -> str:
        return f"grant {self.pk}"


class PersonLimit(models.Model):
    """That a person's record is kept and no more: until a moment, or until it is lifted, one institution reaches it.

    It is written with the request that it stands on (shared/data_rights), in one transaction.
    """

    person = models.UUIDField(db_index=True)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", help_text="that keeps the record")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, help_text="when it was lifted")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="limit_ends_after_it_begins"
            ),
            models.UniqueConstraint(fields=["person"], condition=Q(until__isnull=True), name="one_limit_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"limit {self.pk}"
