"""What a poll asks, whom, and what was answered. What is voted is added to and never changed; the last counts.

A named ballot belongs to a seat. Of a secret one two things are kept apart: `Participation` says who has voted and
bears no time, the urn holds the ballots and bears no name. An attested person is a random token and what she swore to.
"""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from torogoz.domain import polls as words
from torogoz.shared.audit.models import AppendOnly
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.vault.words import SealedWords


class Kept(AppendOnly):
    """Rows of a poll that are added and read."""

    record = "what was voted or decided in a poll"
    instead = "add the next row"


class Poll(models.Model):
    """One vote of a body or of people. What it asks is never changed; it may be withdrawn until it opens."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    about = models.UUIDField(db_index=True, help_text="key of the process or funding round that asks")
    token = models.UUIDField(null=True, unique=True, help_text="of the form it was made in: one form, one poll")
    owner = models.ForeignKey(Institution, models.PROTECT, related_name="+", help_text="whose secretariat runs it")
    kind = models.CharField(max_length=12, choices=[(one.value, one.value) for one in words.Kind])
    voters = models.CharField(max_length=10, choices=[(one.value, one.value) for one in words.Voters])
    secrecy = models.CharField(max_length=8, choices=[(one.value, one.value) for one in words.Secrecy])
    hide_until = models.CharField(max_length=10, choices=[(one.value, one.value) for one in words.HideUntil])
    title_es = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    question_es = models.TextField()
    question_en = models.TextField()
    rules = models.JSONField(default=dict, help_text="dots, credits, budget, rule of decision: by kind, see domain")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    ended_at = models.DateTimeField(
        null=True, help_text="closed before its time, since all had voted; null: it was not"
    )
    published_at = models.DateTimeField(null=True, help_text="of polls hidden until published; null: not yet")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_es = models.CharField(max_length=400, blank=True, help_text="why")
    withdrawn_en = models.CharField(max_length=400, blank=True)
    made_up = models.BooleanField(default=False, help_text="belongs to the demonstration country")
    created_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", help_text="null: shipped")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="a_poll_closes_after_it_opens"),
            models.CheckConstraint(
                condition=~Q(secrecy="secret") | Q(hide_until__in=["closed", "published"]),
                name="what_is_secret_hides_until_it_closes",
            ),
        ]

    def __str__(self) -> str:
        return self.title_es

    @property
    def closed_at(self) -> datetime:
        """When it closes, or closed."""
        return self.ended_at or self.closes_at

    @property
    def may_change(self) -> bool:
        """Whether a ballot may be changed while the poll is open."""
        return not self.rules.get("once", False)

    @property
    def standing(self) -> words.Standing:
        """What decides who sees results."""
        return words.Standing(
            words.HideUntil(self.hide_until), self.opens_at, self.closed_at, self.published_at, self.withdrawn_at
        )


class Option(models.Model):
    """One thing that may be chosen, in the order in which it is shown."""

    poll = models.ForeignKey(Poll, models.PROTECT, related_name="options")
    code = models.SlugField(max_length=20)
    name_es = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    cost = models.DecimalField(max_digits=14, decimal_places=2, null=True, help_text="of a budget, in its money")
    position = models.PositiveSmallIntegerField()

    objects = Kept.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["poll", "code"], name="one_option_per_code")]

    def __str__(self) -> str:
        return self.code


class Seat(models.Model):
    """A body on the roll of a poll: who may vote in its name is who reports for its institution."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="roll")
    body = models.UUIDField(help_text="key of the invitation, or of the institution, that the seat stands for")
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, related_name="+")
    name_es = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    group = models.CharField(max_length=20, help_text="code of the list BODY_GROUP")
    weight = models.PositiveSmallIntegerField(default=1, help_text="seats that the body holds")
    position = models.PositiveSmallIntegerField()

    objects = Kept.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["poll", "body"], name="a_body_is_on_a_roll_once")]

    def __str__(self) -> str:
        return self.name_es


class Ballot(models.Model):
    """A named ballot: of a seat, with its reason. The newest of a seat counts, those before it stay."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="ballots")
    number = models.PositiveSmallIntegerField(help_text="1 the first; the greatest of a seat counts")
    content = models.JSONField()
    reason = models.TextField(blank=True, help_text="owed by whoever disagrees or blocks")
    sheet = models.CharField(max_length=60, blank=True, help_text="of paper: which sheet it was typed in from")
    cast_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    cast_at = models.DateTimeField()

    objects = Kept.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["seat", "number"], name="one_ballot_of_a_number")]

    def __str__(self) -> str:
        return f"{self.seat} {self.number}"


class Attestation(models.Model):
    """That somebody swore to be of the diaspora: a random token, where she lives, and her age group; no name."""

    about = models.UUIDField(help_text="key of the process or funding round that it is good for")
    token_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the code that she keeps")
    country = models.CharField(max_length=3, help_text="where she lives: code of the list AREA")
    age_group = models.CharField(max_length=8, help_text="of 18 years or more, in steps of the form")
    sex = models.CharField(max_length=2, blank=True, help_text="code of the list SEX; empty: not said")
    text = models.PositiveSmallIntegerField(help_text="number of the sworn text that was shown")
    on = models.DateField(help_text="the day alone: no time that could be set beside others")

    objects = Kept.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["about", "country"])]

    def __str__(self) -> str:
        return f"{self.country} {self.age_group}"


class Participation(models.Model):
    """That a seat or a token has voted in a secret poll. Its key is random; it bears no time and leads to no ballot."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="participations")
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="+")
    attestation = models.ForeignKey(Attestation, models.PROTECT, null=True, related_name="+")

    objects = Kept.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["poll", "seat"], name="a_seat_votes_in_secret_once"),
            models.UniqueConstraint(fields=["poll", "attestation"], name="a_token_votes_in_secret_once"),
            models.CheckConstraint(
                condition=Q(seat__isnull=False, attestation__isnull=True)
                | Q(seat__isnull=True, attestation__isnull=False),
                name="a_seat_or_a_token_has_voted",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Urn(SealedWords):
    """All secret ballots of a poll in one sealed column, put in again at each ballot in the order of random keys.

    One row and no time: no ballot has a place, a number of its own or a transaction to itself in the database.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    poll = models.OneToOneField(Poll, models.PROTECT, related_name="urn")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", help_text="whose key seals it")
    sealed = models.BinaryField(help_text="the ballots, by the hash of the code that each voter keeps")

    def __str__(self) -> str:
        return str(self.key)


class Statement(models.Model):
    """Something to agree or disagree with, one at a time. From the first vote on its text stays as it is."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="statements")
    number = models.PositiveIntegerField(help_text="within the poll, as files name it")
    text_es = models.CharField(max_length=280)
    text_en = models.CharField(max_length=280, help_text="empty until the secretariat has put it into English")
    language = models.CharField(max_length=2, choices=[("es", "es"), ("en", "en")], help_text="it was written in")
    state = models.CharField(
        max_length=10,
        default=words.StatementState.PROPOSED.value,
        choices=[(one.value, one.value) for one in words.StatementState],
    )
    wording = models.PositiveSmallIntegerField(default=1, help_text="counts up with each change of its text")
    frozen = models.BooleanField(default=False, help_text="whether anybody voted on it; never false again")
    proposed_by = models.ForeignKey(Attestation, models.PROTECT, null=True, related_name="+")
    proposed_on = models.DateField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["poll", "number"], name="one_statement_per_number")]

    def __str__(self) -> str:
        return f"{self.number}"


class StatementEvent(models.Model):
    """What the secretariat decided on a statement, for which ground of the policy, and why: the log of moderation."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="log")
    state = models.CharField(max_length=10, choices=[(one.value, one.value) for one in words.StatementState])
    ground = models.CharField(max_length=16, blank=True, help_text="of the published policy")
    reason_es = models.CharField(max_length=400, blank=True)
    reason_en = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", help_text="null: shipped")
    at = models.DateTimeField()

    objects = Kept.as_manager()

    def __str__(self) -> str:
        return f"{self.statement} {self.state}"


class Vote(models.Model):
    """What a token said to a statement. Sent twice it is stored once; the greatest number of a pair counts."""

    attestation = models.ForeignKey(Attestation, models.PROTECT, related_name="votes")
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="votes")
    number = models.PositiveSmallIntegerField(help_text="1 the first vote of the token on the statement")
    turn = models.PositiveSmallIntegerField(help_text="how many votes the pair had when the form was shown")
    value = models.SmallIntegerField(choices=[(1, "agree"), (0, "pass"), (-1, "disagree")])
    on = models.DateField(help_text="the day alone")

    objects = Kept.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["attestation", "statement", "number"], name="one_vote_of_a_number", include=["value"]
            ),
            models.CheckConstraint(condition=Q(value__in=[-1, 0, 1]), name="a_vote_is_one_of_three"),
        ]

    def __str__(self) -> str:
        return f"{self.statement} {self.value}"


class Asked(models.Model):
    """How often something was asked from one connection within an hour, to slow down who floods. Old rows go.

    The address is kept as a keyed hash that changes each day, so that two days cannot be set side by side.
    """

    what = models.CharField(max_length=16)
    hour = models.CharField(max_length=13, help_text="2026-11-26T18")
    address = models.CharField(max_length=64)
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["what", "hour", "address"], name="asked_is_counted")]

    def __str__(self) -> str:
        return f"{self.what} {self.hour}"
