"""What States and institutions have agreed: instruments, their provisions, the words of each, and how they relate."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from torogoz.domain.mechanisms import UPR
from torogoz.shared.audit.models import AppendOnly
from torogoz.shared.institutions.models import Institution, Officer


class Instrument(models.Model):
    """One text that binds or guides: a treaty, the Compact, a national position, a plan, a set of recommendations."""

    class Kind(models.TextChoices):
        TREATY = "treaty"
        COMPACT = "compact"
        AGENDA = "agenda"
        NATIONAL_POSITION = "national_position"
        FOREIGN_POSITION = "foreign_position"
        PLAN = "plan"
        LAW = "law"
        RECOMMENDATIONS = "recommendations"
        GUIDANCE = "guidance"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(max_length=40, unique=True, help_text="gcm, sdg, position-2017, icrmw")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name_es = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    body_es = models.CharField(max_length=300, blank=True, help_text="who adopted it")
    body_en = models.CharField(max_length=300, blank=True)
    country = models.CharField(max_length=3, blank=True, help_text="ISO 3166-1 alpha-3, of a position of one country")
    adopted_on = models.DateField(null=True, blank=True, help_text="empty when the source does not say")
    in_force_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=600)
    source_es = models.CharField(max_length=600, blank=True, help_text="the same in Spanish, where somebody wrote it")
    made_from = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the position that it was made from")
    made_up = models.BooleanField(default=False, help_text="belongs to the demonstration country")
    version = models.PositiveIntegerField(default=1)

    @property
    def source_en(self) -> str:
        """The source as it is given outside Spanish."""
        return self.source

    def __str__(self) -> str:
        return self.code


class Provision(models.Model):
    """One part of an instrument: a chapter, an objective, an article, a commitment. Parts of parts make a tree."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="provisions")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    code = models.CharField(max_length=40, help_text="within its instrument: T1.HR.05, 10.7, 22")
    position = models.PositiveIntegerField(help_text="its place in the instrument")
    kind = models.CharField(
        max_length=24, help_text="code of the list PROVISION_KIND; section, objective, target, article"
    )
    system = models.CharField(max_length=3, blank=True, help_text="the demand that answers it, S1 to S17")
    software_role = models.CharField(max_length=24, blank=True, help_text="code of PROVISION_ROLE")
    actors = models.JSONField(default=list, help_text="who is bound: codes of the list COMMITMENT_ACTOR")
    beneficiaries = models.JSONField(default=list, help_text="for whom: codes of the list COMMITMENT_BENEFICIARY")
    cluster = models.CharField(max_length=60, blank=True, help_text="the same idea under several headings")
    lines = models.CharField(max_length=20, blank=True, help_text="first-last, in the printed source")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["instrument", "code"], name="one_provision_per_code"),
            models.CheckConstraint(condition=~Q(parent=F("pk")), name="no_provision_is_its_own_part"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.code}"


class Texts(AppendOnly):
    """Wordings are added and read, never changed: the newest version of a language and a role holds."""

    record = "the wordings of a provision"
    instead = "add the next version"


class ProvisionText(models.Model):
    """One version of the words of a provision, in one language."""

    class Role(models.TextChoices):
        """SOURCE: as printed. PARAPHRASE: in our own words. TRANSLATION: of the source, by a person or a machine."""

        SOURCE = "source"
        PARAPHRASE = "paraphrase"
        TRANSLATION = "translation"

    provision = models.ForeignKey(Provision, models.PROTECT, related_name="texts")
    language = models.CharField(max_length=2, choices=[("es", "es"), ("en", "en")])
    role = models.CharField(max_length=12, choices=Role.choices)
    version = models.PositiveIntegerField(default=1)
    text = models.TextField()
    machine = models.BooleanField(default=False, help_text="translated by a machine")
    origin = models.CharField(max_length=300, blank=True, help_text="where the words were read, and whether checked")
    why = models.CharField(max_length=600, blank=True, help_text="why this version replaces the one before")
    written_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", help_text="null: shipped")
    written_at = models.DateTimeField()

    objects = Texts.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provision", "language", "role", "version"], name="one_version_of_a_wording_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.provision} {self.language} {self.role} v{self.version}"


class TextValidation(models.Model):
    """That a named officer has read one version of a wording and stands for it."""

    text = models.ForeignKey(ProvisionText, models.PROTECT, related_name="validations")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    validated_at = models.DateTimeField()


class Flag(models.Model):
    """Something odd or special in the printed text of a provision. It belongs to the provision, and outlives edits."""

    provision = models.ForeignKey(Provision, models.PROTECT, related_name="flags")
    code = models.CharField(max_length=40, help_text="code of the list PROVISION_FLAG")
    lines = models.CharField(max_length=20, blank=True)
    printed = models.CharField(max_length=200, blank=True, help_text="the few words as printed")
    note_es = models.CharField(max_length=600, blank=True)
    note_en = models.CharField(max_length=600, blank=True)
    source = models.CharField(max_length=300, blank=True, help_text="who says so, and where")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["provision", "code"], name="one_flag_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.provision} {self.code}"


class Link(models.Model):
    """How one provision relates to another. What is only proposed says so; a suggestion needs a person's name."""

    class Kind(models.TextChoices):
        IMPLEMENTS = "implements"
        CORRESPONDS = "corresponds"
        REPEATS = "repeats"
        NARROWS = "narrows"
        TENSION = "tension"
        REPLACES = "replaces"
        ANSWERS = "answers"

    class Origin(models.TextChoices):
        """CURATED: shipped with its source. PROPOSED: shipped, for a lawyer to confirm. CONFIRMED: by a person."""

        CURATED = "curated"
        PROPOSED = "proposed"
        CONFIRMED = "confirmed"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.ForeignKey(Provision, models.PROTECT, related_name="links")
    target = models.ForeignKey(Provision, models.PROTECT, related_name="links_here")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    score = models.FloatField(null=True, help_text="similarity of the texts when it was suggested, 0 to 1")
    why = models.CharField(max_length=600, blank=True)
    confirmed_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    why_ended = models.CharField(max_length=600, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "target", "kind"], condition=Q(ended_at__isnull=True), name="one_link_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_by__isnull=False), name="who_ends_a_link_is_named"
            ),
            models.CheckConstraint(condition=~Q(source=F("target")), name="nothing_is_linked_to_itself"),
            models.CheckConstraint(
                condition=~Q(origin="confirmed") | Q(confirmed_by__isnull=False), name="who_confirms_a_link_is_named"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.target}"


class RefusedSuggestion(models.Model):
    """That a person looked at two provisions whose texts are alike and said that they are not linked so. It stays."""

    source = models.ForeignKey(Provision, models.PROTECT, related_name="+")
    target = models.ForeignKey(Provision, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Link.Kind.choices)
    score = models.FloatField(null=True, help_text="similarity of the texts when it was suggested, 0 to 1")
    why = models.CharField(max_length=600, blank=True)
    refused_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    refused_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="one_refusal_of_a_suggestion")
        ]

    def __str__(self) -> str:
        return f"not: {self.source} {self.kind} {self.target}"


class CountryStatus(models.Model):
    """What one country is to one instrument, as a named source says. A country without a row is unknown, not "no"."""

    class Status(models.TextChoices):
        PARTY = "party"
        SIGNATORY = "signatory"

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="statuses")
    country = models.CharField(max_length=3, help_text="ISO 3166-1 alpha-3")
    status = models.CharField(max_length=10, choices=Status.choices)
    year = models.PositiveSmallIntegerField(null=True, help_text="that the source gives; empty where it gives none")
    source = models.CharField(max_length=300)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["instrument", "country"], name="one_status_of_a_country")
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.status} {self.instrument}"


class Recommendation(models.Model):
    """What a recommendation is beside its words: who made it, where and when, and what the State answered."""

    class Answer(models.TextChoices):
        ACCEPTED = "accepted"
        NOTED = "noted"

    provision = models.OneToOneField(Provision, models.PROTECT, related_name="recommendation")
    mechanism = models.CharField(max_length=12, default=UPR, help_text="code of the list MECHANISM")
    made_by = models.CharField(max_length=120, help_text="the State or the body, as the source names it")
    answer = models.CharField(
        max_length=10, choices=Answer.choices, blank=True, help_text="empty where the mechanism asks for none"
    )
    action = models.PositiveSmallIntegerField(null=True, help_text="category of action of the source, 1 to 5")
    issues = models.JSONField(default=list, help_text="subjects, as the source names them")
    session = models.CharField(max_length=20, blank=True)
    document = models.CharField(max_length=60, blank=True, help_text="symbol of the document that holds it")
    paragraph = models.CharField(max_length=20, blank=True)
    published_on = models.DateField(null=True, help_text="of the document; empty when the source does not say")
    persons = models.JSONField(default=list, help_text="persons concerned, as the source names them")
    targets = models.JSONField(default=list, help_text="targets of the SDGs, as the source names them")

    def __str__(self) -> str:
        return f"{self.provision} {self.answer}".strip()
