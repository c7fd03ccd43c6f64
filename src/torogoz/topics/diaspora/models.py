"""Projects of communities of origin with money, parts and photographs; skills offered; rounds of matching funds."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from torogoz.domain import community_projects, skills
from torogoz.domain.matching import Ratio, ratio
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.vault.words import SealedWords
from torogoz.topics.diaspora.abroad_models import Association, Steps


class Project(models.Model):
    """What a community of origin needs, as an association proposed it. Public once its municipality has checked it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token = models.UUIDField(null=True, unique=True, help_text="of the form it was sent in: one form, one project")
    association = models.ForeignKey(Association, models.PROTECT, related_name="projects")
    municipality = models.CharField(max_length=16, help_text="code of a place")
    title = models.CharField(max_length=160)
    need = models.TextField()
    goal = models.CharField(max_length=300)
    goal_figure = models.DecimalField(max_digits=14, decimal_places=2, null=True, help_text="null: no figure was given")
    goal_unit = models.CharField(max_length=60, blank=True, help_text="of what the figure is")
    language = models.CharField(max_length=2, choices=[("es", "es"), ("en", "en")], help_text="of its own words")
    budget = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3, help_text="ISO 4217")
    state = models.CharField(
        max_length=10,
        default=community_projects.State.PROPOSED.value,
        choices=[(one.value, one.value) for one in community_projects.State],
    )
    proposed_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1, help_text="counts up with all that is recorded of the project")
    made_up = models.BooleanField(default=False, help_text="belongs to the demonstration country")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "municipality"])]

    def __str__(self) -> str:
        return str(self.key)


class ProjectStep(models.Model):
    """What the municipality did with a project, and why where a reason is owed."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="steps")
    step = models.CharField(max_length=10, choices=[(one.value, one.value) for one in community_projects.Step])
    state = models.CharField(max_length=10, help_text="that it led to")
    reason_es = models.CharField(max_length=400, blank=True)
    reason_en = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = Steps.as_manager()

    def __str__(self) -> str:
        return f"{self.project} {self.step}"


class Fund(models.Model):
    """Money that was pledged, or that was received: by which body, when, in which currency. A wrong one stays."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="funds")
    kind = models.CharField(max_length=10, choices=[(one.value, one.value) for one in community_projects.FundKind])
    giver = models.CharField(max_length=160, help_text="a body, never a person")
    round = models.ForeignKey(
        "Round", models.PROTECT, null=True, related_name="funds", help_text="of which it is; null: of somebody else"
    )
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3, help_text="ISO 4217")
    on = models.DateField()
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, help_text="when it was found wrong; it counts no more")

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(amount__gt=0), name="an_amount_is_above_zero")]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"


class Milestone(models.Model):
    """A part of a project, and how much of the whole it is."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="milestones")
    name = models.CharField(max_length=200, help_text="in the language of the project")
    weight = models.PositiveSmallIntegerField(default=1)
    due = models.DateField(null=True)
    done_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(weight__gt=0), name="a_part_of_a_project_weighs_something")
        ]

    def __str__(self) -> str:
        return self.name


class Update(models.Model):
    """What became of a project, told by the municipality."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="updates")
    text = models.TextField()
    language = models.CharField(max_length=2, choices=[("es", "es"), ("en", "en")])
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = Steps.as_manager()

    def __str__(self) -> str:
        return f"{self.project} {self.at:%Y-%m-%d}"


class Photo(models.Model):
    """A photograph, drawn anew without what the camera wrote into it. A second officer publishes it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="photos")
    image = models.BinaryField(help_text="JPEG, 1280 pixels at most")
    small = models.BinaryField(help_text="JPEG, 320 pixels at most")
    width = models.PositiveSmallIntegerField(help_text="of the small one")
    height = models.PositiveSmallIntegerField()
    alt_es = models.CharField(max_length=300, blank=True, help_text="what it shows, for those who do not see it")
    alt_en = models.CharField(max_length=300, blank=True)
    state = models.CharField(
        max_length=10,
        default=community_projects.PhotoState.WAITING.value,
        choices=[(one.value, one.value) for one in community_projects.PhotoState],
    )
    uploaded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    decided_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(alt_es="") | ~Q(alt_en=""), name="a_photograph_is_described"),
            models.CheckConstraint(
                condition=Q(state="waiting") | (Q(decided_by__isnull=False) & ~Q(decided_by=F("uploaded_by"))),
                name="a_second_officer_decides",
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)


class Offer(models.Model):
    """A skill that somebody abroad offers. It names nobody: how she is reached is sealed beside it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token = models.UUIDField(null=True, unique=True, help_text="of the form it was sent in: one form, one offer")
    code_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the code of the receipt")
    field = models.CharField(max_length=12, choices=[(one.value, one.value) for one in skills.Field])
    skill = models.CharField(max_length=300, blank=True, help_text="empty once it is withdrawn")
    languages = models.JSONField(help_text="ISO 639-1 codes")
    availability = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=3, help_text="code of the list AREA")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", help_text="that received it")
    consent = models.PositiveSmallIntegerField(help_text="number of the text that was agreed to")
    offered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    made_up = models.BooleanField(default=False, help_text="belongs to the demonstration country")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(skill="", availability=""),
                name="a_withdrawn_offer_says_nothing",
            )
        ]

    def __str__(self) -> str:
        return str(self.key)


class OfferContact(SealedWords):
    """Who offers, and how she is reached: sealed for the institution that received it; gone when she withdraws."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    offer = models.OneToOneField(Offer, models.PROTECT, related_name="who")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", help_text="whose key seals it")
    sealed = models.BinaryField(help_text="name, contact")

    def __str__(self) -> str:
        return str(self.key)


class SkillRequest(models.Model):
    """What an institution asks people abroad for. Public."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    field = models.CharField(max_length=12, choices=[(one.value, one.value) for one in skills.Field])
    what_es = models.CharField(max_length=400)
    what_en = models.CharField(max_length=400)
    until = models.DateField()
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = Steps.as_manager()

    def __str__(self) -> str:
        return self.what_es


class SkillMatch(models.Model):
    """That an officer of the institution that received an offer put it beside a request."""

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="matches")
    request = models.ForeignKey(SkillRequest, models.PROTECT, related_name="matches")
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = Steps.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["offer", "request"], name="matched_once")]

    def __str__(self) -> str:
        return f"{self.offer} {self.request}"


class Round(models.Model):
    """Money of the State set beside that of communities, decided by verified associations in a secret poll."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title_es = models.CharField(max_length=160)
    title_en = models.CharField(max_length=160)
    budget = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3, help_text="ISO 4217")
    rule_es = models.TextField(help_text="what is matched, and by which criteria a project is eligible")
    rule_en = models.TextField()
    gives = models.DecimalField(
        max_digits=8, decimal_places=2, null=True, help_text="of the ratio: the fund gives this; null: not in numbers"
    )
    for_each = models.DecimalField(max_digits=8, decimal_places=2, null=True, help_text="for each so much of others")
    cap = models.DecimalField(max_digits=14, decimal_places=2, null=True, help_text="of a project; null: no cap")
    poll = models.UUIDField(unique=True, help_text="key of the poll that decides")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    created_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    made_up = models.BooleanField(default=False, help_text="belongs to the demonstration country")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(gives__gt=0, for_each__gt=0)
                | Q(gives__isnull=True, for_each__isnull=True, cap__isnull=True),
                name="a_round_has_a_whole_ratio",
            )
        ]

    def __str__(self) -> str:
        return self.title_es

    @property
    def ratio(self) -> Ratio | None:
        """Of the fund to the others; None where it is only in words."""
        return ratio(self.gives, self.for_each, self.cap)


class RoundProject(models.Model):
    """A project that may be chosen in a round, what it asks for, and what it was given: null until it is published."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="entries")
    project = models.ForeignKey(Project, models.PROTECT, related_name="rounds")
    code = models.CharField(max_length=20, help_text="of the option in the poll")
    cost = models.DecimalField(max_digits=14, decimal_places=2)
    given = models.DecimalField(max_digits=14, decimal_places=2, null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "project"], name="a_project_is_in_a_round_once")
        ]

    def __str__(self) -> str:
        return self.code


class RoundElector(models.Model):
    """That an association has voted in a round. Its key is random; it bears no time and leads to no ballot."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="electors")
    association = models.ForeignKey(Association, models.PROTECT, related_name="+")

    objects = Steps.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "association"], name="an_association_votes_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)
