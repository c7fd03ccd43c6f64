"""Contacts of a person, sealed; relatives; groups; what was decided for a child who arrived alone."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from torogoz.domain.children import PANEL_OF, Move, Study
from torogoz.domain.contacts import Safe, Way, Whose
from torogoz.domain.families import Evidence, GroupKind, Kin
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.people.models import Encounter, Person
from torogoz.shared.vault.words import SealedWords


class Contact(SealedWords):
    """How a person is reached. What it says is sealed; it is not changed: it is ended, and another one is noted.

    Whoever asked not to be contacted there stays known (`forbidden_at`), so that nobody notes it again.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="contacts")
    way = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Way])
    whose = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Whose])
    sealed = models.BinaryField(help_text="the contact, whose it is by name, and at which hours")
    safe = models.CharField(max_length=2, choices=[(one.value, one.value) for one in Safe])
    language = models.CharField(max_length=40, blank=True, help_text="in which to speak; empty when not asked")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, help_text="last day; null while in force")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", help_text="whose key seals it")
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="when somebody said that it is over")
    forbidden_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    forbidden_at = models.DateTimeField(null=True, help_text="since when the person asks not to be contacted there")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="contact_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(forbidden_at__isnull=True, forbidden_by__isnull=True)
                | Q(forbidden_at__isnull=False, forbidden_by__isnull=False),
                name="contact_is_forbidden_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)

    def ended_on(self, day: date) -> bool:
        """Whether it is over on this day; ended today, it is over today."""
        return self.ended_at is not None or (self.valid_until is not None and self.valid_until < day)

    def keep(self, value: str, name: str, note: str) -> "Contact":
        """Seal the contact, the name of whom it is, and the hours, into this row, which is not saved yet."""
        return self.keep_words({"value": value, "name": name, "note": note})


class Relationship(SealedWords):
    """What `other` is to `person`, stored once and read from both sides; or what somebody without a record is.

    Name and contact of who has no record, and what the officer noted, are sealed.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="relationships")
    other = models.ForeignKey(Person, models.PROTECT, null=True, related_name="relationships_of_others")
    kin = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Kin])
    evidence = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Evidence])
    sealed = models.BinaryField(help_text="name and contact of who has no record; what was noted")
    valid_from = models.DateField(null=True, help_text="null when not known")
    valid_until = models.DateField(null=True)
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", help_text="whose key seals it")
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(other__isnull=True) | ~Q(other=F("person")), name="nobody_is_their_own_relative"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="relationship_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)

    def keep(self, name: str, contact: str, note: str) -> "Relationship":
        """Seal what is written in words into this row, which is not saved yet."""
        return self.keep_words({"name": name, "contact": contact, "note": note})


class Group(models.Model):
    """People who arrived together, or who live together, from a day on."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=[(one.value, one.value) for one in GroupKind])
    formed_on = models.DateField()
    said_size = models.PositiveSmallIntegerField(null=True, help_text="how many they say they are; null when not asked")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.key)


class Member(models.Model):
    """That a person belongs to a group, from a day until another."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    group = models.ForeignKey(Group, models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    head = models.BooleanField(default=False)
    joined_on = models.DateField()
    left_on = models.DateField(null=True, help_text="null while in the group")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["group", "person"], condition=Q(left_on__isnull=True), name="one_place_in_a_group"
            ),
            models.UniqueConstraint(
                fields=["group"], condition=Q(left_on__isnull=True, head=True), name="one_head_of_a_group"
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")), name="member_leaves_after_joining"
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)


class BestInterests(SealedWords):
    """A study of the best interests of a child. Rows are added; the newest counts.

    What it permits binds everybody who reads the family; the reasons are read by child protection alone, at the office
    of the encounter.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="best_interests")
    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="best_interests")
    study = models.CharField(max_length=3, choices=[(one.value, one.value) for one in Study])
    done_on = models.DateField()
    review_on = models.DateField(help_text="last day on which it counts without a review")
    permits = models.JSONField(help_text="codes of the moves that it permits")
    panel_size = models.PositiveSmallIntegerField(default=0)
    sealed = models.BinaryField(help_text="reasons, what the child thinks, who decided, who dissents")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", help_text="whose key seals it")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(review_on__gt=F("done_on")), name="study_is_reviewed_after_it_is_done"),
            models.CheckConstraint(
                condition=~Q(study=Study.BID.value) | Q(panel_size__gte=PANEL_OF), name="determination_has_a_panel"
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)

    def keep(self, said: Mapping[str, Any]) -> "BestInterests":
        """Seal the reasons, what the child thinks, the panel and its dissent into this row, which is not saved yet."""
        return self.keep_words(said)


class ChildMove(SealedWords):
    """That a child was handed to an adult, transferred, returned, or came to a lasting solution. Rows are added."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="child_moves")
    move = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Move])
    receiver = models.ForeignKey(Relationship, models.PROTECT, null=True, related_name="+")
    sealed = models.BinaryField(help_text="which document the receiver showed; where to; what was noted")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", help_text="whose key seals it")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(move=Move.HAND_OVER.value) | Q(receiver__isnull=False), name="child_is_handed_to_somebody"
            )
        ]

    def __str__(self) -> str:
        return str(self.key)

    def keep(self, document: str, destination: str, noted: str) -> "ChildMove":
        """Seal what is written in words into this row, which is not saved yet."""
        return self.keep_words({"document": document, "destination": destination, "note": noted})
