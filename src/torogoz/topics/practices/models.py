"""Good practices with their words in two languages, the reviews of peers, and who repeated one and how it went.

Drafts and reviews are nobody's but theirs who work on them; queries say who that is.
"""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from torogoz.domain import practices as words
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.provisions.models import Provision
from torogoz.topics.practices.call_models import Call, Kept

LANGUAGES = [("es", "es"), ("en", "en")]


class Practice(models.Model):
    """Something that was done and is worth repeating. `language` is the one that it was written in; the other
    language is a translation, which a second person may validate."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="practices", help_text="that offers it")
    call = models.ForeignKey(Call, models.PROTECT, null=True, blank=True, related_name="practices")
    language = models.CharField(max_length=2, choices=LANGUAGES, default="es", help_text="it was written in")
    machine = models.BooleanField(default=False, help_text="whether a machine made the translation")
    title_es = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=200, blank=True)
    summary_es = models.TextField(blank=True, help_text="what was done")
    summary_en = models.TextField(blank=True)
    results_es = models.TextField(blank=True)
    results_en = models.TextField(blank=True)
    cost_es = models.TextField(blank=True, help_text="what the amount covers, or why there is none")
    cost_en = models.TextField(blank=True)
    lessons_es = models.TextField(blank=True)
    lessons_en = models.TextField(blank=True)
    conditions_es = models.TextField(blank=True, help_text="what repeating it takes")
    conditions_en = models.TextField(blank=True)
    place = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=3, blank=True, help_text="ISO 3166-1 alpha-3")
    began_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True, help_text="empty: it goes on, or is not said")
    with_institutions = models.ManyToManyField(Institution, related_name="+", help_text="that carried it out too")
    organisations = models.JSONField(default=list, help_text="names of others who carried it out")
    objectives = models.ManyToManyField(Provision, related_name="+", help_text="objectives of the Compact")
    principles = models.JSONField(default=list, help_text="codes of data/principles.csv")
    evidence = models.TextField(blank=True, help_text="one reference a line")
    cost_amount = models.DecimalField(
        max_digits=16, decimal_places=2, null=True, blank=True, help_text="empty: not said, which is not zero"
    )
    cost_currency = models.CharField(max_length=3, blank=True, help_text="ISO 4217")
    state = models.CharField(
        max_length=10, default=words.State.DRAFT.value, choices=[(one.value, one.value) for one in words.State]
    )
    round = models.PositiveSmallIntegerField(default=0, help_text="how often it was submitted")
    criteria_version = models.PositiveSmallIntegerField(null=True, help_text="by which it is reviewed")
    made_up = models.BooleanField(default=False, help_text="belongs to the demonstration country")
    token = models.UUIDField(null=True, unique=True, help_text="of the form: one form, one practice")
    created_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    edited_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", help_text="who wrote its words last")
    submitted_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(began_on__isnull=True) | Q(ended_on__gte=F("began_on")),
                name="a_practice_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="what_is_published_has_a_day"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "institution"])]

    def __str__(self) -> str:
        return self.title_es or self.title_en or str(self.key)


class PracticeEvent(models.Model):
    """One step of a practice, by whom, and why where a reason is asked."""

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="log")
    step = models.CharField(max_length=12, choices=[(one.value, one.value) for one in words.Step])
    round = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=600, blank=True)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = Kept.as_manager()

    def __str__(self) -> str:
        return f"{self.practice} {self.step}"


class TranslationCheck(models.Model):
    """That a named officer read the words of a practice in both languages. It holds for the words that were read:
    when they change, so does their checksum, and the mark is gone."""

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="translation_checks")
    checksum = models.CharField(max_length=64, help_text="SHA-256 of the words in both languages")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = Kept.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "checksum"], name="one_mark_of_the_same_words")
        ]

    def __str__(self) -> str:
        return f"{self.practice} {self.at}"


class Review(models.Model):
    """One peer's review in one round: asked, free of conflict or not, given. Who gave it is not published unless the
    person agrees."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="reviews")
    round = models.PositiveSmallIntegerField()
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="practice_reviews")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", help_text="for which they review")
    state = models.CharField(
        max_length=12,
        default=words.ReviewState.ASKED.value,
        choices=[(one.value, one.value) for one in words.ReviewState],
    )
    asked_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    declared_at = models.DateTimeField(null=True, help_text="when they said whether they have a conflict")
    conflict = models.CharField(max_length=600, blank=True, help_text="which one; empty without")
    scores = models.JSONField(default=dict, help_text="by criterion, 0 to 3; null: cannot be told")
    reasons = models.JSONField(default=dict, help_text="by criterion")
    advice = models.TextField(blank=True, help_text="to whoever submitted it")
    named = models.BooleanField(default=False, help_text="whether the name may be published")
    given_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "round", "officer"], name="a_peer_reviews_once_a_round"),
            models.CheckConstraint(
                condition=~Q(state="given") | Q(given_at__isnull=False, declared_at__isnull=False, conflict=""),
                name="who_reviews_has_declared_no_conflict",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practice} {self.round} {self.officer}"


class Replication(models.Model):
    """That somebody repeated a practice elsewhere: an institution, or an organisation as it is called."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="replications")
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=200)
    country = models.CharField(max_length=3, help_text="ISO 3166-1 alpha-3")
    began_on = models.DateField()
    token = models.UUIDField(null=True, unique=True, help_text="of the form: one form, one repetition")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_for = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(institution__isnull=False, organisation="")
                | (Q(institution__isnull=True) & ~Q(organisation="")),
                name="one_body_repeats_a_practice",
            )
        ]

    def __str__(self) -> str:
        return f"{self.practice} {self.place}"


class ReplicationReport(models.Model):
    """How a repetition went so far, with whose support; the newest holds, and the others stay to be read."""

    replication = models.ForeignKey(Replication, models.PROTECT, related_name="reports")
    result = models.CharField(max_length=12, choices=[(one.value, one.value) for one in words.Result])
    support_from = models.CharField(max_length=300, blank=True, help_text="empty: not said")
    support_es = models.TextField(blank=True, help_text="which support")
    support_en = models.TextField(blank=True)
    why_es = models.TextField(blank=True, help_text="what came of it, and why")
    why_en = models.TextField(blank=True)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = Kept.as_manager()

    def __str__(self) -> str:
        return f"{self.replication} {self.result}"
