"""The arrival of a returned person: what the single form asks once, for every institution."""

import json
import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from torogoz.domain.instruments import Result, as_data, from_data
from torogoz.domain.onward import Nights
from torogoz.domain.reintegration import Content, Outcome
from torogoz.shared.institutions.models import Institution, Office, Officer
from torogoz.shared.papers.models import Paper
from torogoz.shared.people.models import Encounter
from torogoz.shared.vault import sealing
from torogoz.shared.vault.columns import SealedColumn


class Arrival(models.Model):
    """A return, as declared on arrival. Codes of code lists; `_U` is unknown, which is never zero and never no."""

    class Route(models.TextChoices):
        AIR = "AIR"
        LAND = "LAND"

    class Answer(models.TextChoices):
        YES = "Y"
        NO = "N"
        UNKNOWN = "_U"

    encounter = models.OneToOneField(Encounter, models.PROTECT, related_name="arrival")
    returned_from = models.CharField(max_length=3, help_text="ISO 3166-1 alpha-3")
    route = models.CharField(max_length=4, choices=Route.choices)
    accompanied = models.CharField(max_length=2, choices=Answer.choices, default=Answer.UNKNOWN)
    origin_department = models.CharField(max_length=5, blank=True, help_text="ISO 3166-2; empty when unknown")
    origin_district = models.CharField(max_length=12, blank=True)
    destination_department = models.CharField(max_length=5, blank=True)
    destination_district = models.CharField(max_length=12, blank=True)
    reason = models.CharField(max_length=20, help_text="code of the list REASON")
    needs = models.JSONField(default=list, help_text="codes of the list NEED")
    pregnant = models.CharField(max_length=2, choices=Answer.choices, default=Answer.UNKNOWN)
    disabled = models.CharField(max_length=2, choices=Answer.choices, default=Answer.UNKNOWN)
    injured = models.CharField(max_length=2, choices=Answer.choices, default=Answer.UNKNOWN)
    medical_stop = models.CharField(max_length=2, choices=Answer.choices, help_text="whether the stop is compulsory")

    token = models.UUIDField(null=True, unique=True, help_text="of the form it was typed in: one form, one arrival")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(route__in=["AIR", "LAND"]), name="arrival_by_air_or_land")
        ]

    def __str__(self) -> str:
        return f"arrival {self.encounter_id}"


class Transport(models.Model):
    """A flight or bus that brings people back to a centre on a day."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", help_text="the centre that receives it")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", help_text="whose key seals the list")
    route = models.CharField(max_length=4, choices=Arrival.Route.choices)
    arrives_on = models.DateField(db_index=True)
    number = models.CharField(max_length=20, help_text="of the flight, or what the bus is called")
    returned_from = models.CharField(max_length=3, help_text="ISO 3166-1 alpha-3")
    expected = models.PositiveIntegerField(null=True, help_text="persons announced; empty when unknown")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    made_up = models.BooleanField(default=False, help_text="belongs to the demonstration country")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["office", "arrives_on", "number"], name="one_transport_of_a_number_a_day")
        ]

    def __str__(self) -> str:
        return str(self.key)


class ManifestLine(models.Model):
    """Somebody on the list of a transport, sealed; ticked off when `arrival` says which arrival it became."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    transport = models.ForeignKey(Transport, models.PROTECT, related_name="lines")
    row = models.PositiveIntegerField(help_text="of the file")
    sealed = models.BinaryField(help_text="name, document and birth as the list has them")
    arrival = models.OneToOneField(Arrival, models.PROTECT, null=True, related_name="manifest_line")

    SEALED: ClassVar = (SealedColumn("sealed", institution="transport__institution__code"),)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["transport", "row"], name="one_line_of_a_row_per_transport")
        ]

    def __str__(self) -> str:
        return str(self.key)

    def keep(self, said: Mapping[str, str], batch: sealing.Batch) -> "ManifestLine":
        """Seal what the list says into this row, which is not saved yet."""
        (column,) = self.SEALED
        written = sealing.written(said)
        self.sealed = batch.seal(self.transport.institution.code, written, column.about(ManifestLine, self.key))
        return self

    def said_in(self, batch: sealing.Batch) -> dict[str, str]:
        """What the list says, opened."""
        (column,) = self.SEALED
        about = column.about(ManifestLine, self.key)
        opened: dict[str, str] = json.loads(batch.opened(self.transport.institution.code, bytes(self.sealed), about))
        return opened


class ManifestAside(models.Model):
    """A row of the list that was not taken, and why. What it says is not kept."""

    transport = models.ForeignKey(Transport, models.PROTECT, related_name="aside")
    row = models.PositiveIntegerField()
    reason = models.CharField(max_length=12)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["transport", "row"], name="one_reason_of_a_row_per_transport")
        ]

    def __str__(self) -> str:
        return f"aside {self.pk}"


class StopMade(models.Model):
    """How one stop of the circuit went for one person who arrived."""

    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="stops")
    stop = models.CharField(max_length=20, help_text="code of a stop in domain/reception.py")
    progress = models.CharField(max_length=10, help_text="done, not_needed or declined")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["encounter", "stop"], name="one_progress_of_a_stop_per_encounter")
        ]

    def __str__(self) -> str:
        return f"stop {self.pk}"


class Plan(models.Model):
    """The reintegration plan that follows a return; what it says stands in its versions. One institution owns it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    encounter = models.OneToOneField(Encounter, models.PROTECT, related_name="plan")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    closed_because = models.CharField(max_length=12, blank=True, help_text="empty while it is open")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.key)


class PlanVersion(models.Model):
    """What a plan says under one number, sealed and never changed; and that the person agreed to it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    sealed = models.BinaryField(help_text="needs, note and goals")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    agreed_on = models.DateField(null=True)
    agreed_how = models.CharField(max_length=12, blank=True, help_text="signed, fingerprint or spoken")
    sheet = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+", help_text="the one that was signed")
    agreed_before = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    agreed_recorded_at = models.DateTimeField(null=True)

    SEALED: ClassVar = (SealedColumn("sealed", institution="plan__institution__code"),)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_version_of_a_number_per_plan")
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.number}"

    def keep(self, content: Content) -> "PlanVersion":
        """Seal what it says into this row, which is not saved yet."""
        self.sealed = sealing.seal_json(self.plan.institution.code, content.as_data(), _about(self))
        return self

    def content_in(self, batch: sealing.Batch) -> Content:
        """What it says, opened."""
        opened = batch.opened(self.plan.institution.code, bytes(self.sealed), _about(self))
        return Content.from_data(json.loads(opened))


class PlanAction(models.Model):
    """Something that is to be done under a plan: by which institution, until when, and how it ended."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="actions")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", help_text="which is to do it")
    due_on = models.DateField()
    outcome = models.CharField(max_length=12, default=Outcome.PLANNED.value, help_text="planned until it has ended")
    ended_on = models.DateField(null=True)
    sealed = models.BinaryField(help_text="what is to be done, and who does it")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    ended_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    SEALED: ClassVar = (SealedColumn("sealed", institution="plan__institution__code"),)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome="planned", ended_on__isnull=True)
                | ~Q(outcome="planned") & Q(ended_on__isnull=False),
                name="an_action_that_ended_has_a_day",
            )
        ]

    def __str__(self) -> str:
        return str(self.key)

    def keep(self, *, what: str, who: str) -> "PlanAction":
        """Seal the words into this row, which is not saved yet."""
        self.sealed = sealing.seal_json(self.plan.institution.code, {"what": what, "who": who}, _about(self))
        return self

    def said_in(self, batch: sealing.Batch) -> dict[str, str]:
        """What is to be done, and who does it, opened."""
        opened: dict[str, str] = json.loads(batch.opened(self.plan.institution.code, bytes(self.sealed), _about(self)))
        return opened


class Assessment(models.Model):
    """The answers to an instrument at one moment of a plan, and the result under its version; sealed, never changed."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="assessments")
    moment = models.CharField(max_length=10, help_text="baseline, month_6 or month_12")
    instrument = models.CharField(max_length=20)
    version = models.PositiveIntegerField(help_text="of the instrument")
    made_on = models.DateField()
    sealed = models.BinaryField(help_text="answers and result")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    SEALED: ClassVar = (SealedColumn("sealed", institution="plan__institution__code"),)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "moment"], name="one_assessment_of_a_moment_per_plan")
        ]

    def __str__(self) -> str:
        return str(self.key)

    def keep(self, answers: Mapping[str, str], result: Result) -> "Assessment":
        """Seal answers and result into this row, which is not saved yet."""
        said = {"answers": dict(answers), "result": as_data(result)}
        self.sealed = sealing.seal_json(self.plan.institution.code, said, _about(self))
        return self

    def said_in(self, batch: sealing.Batch) -> tuple[dict[str, str], Result]:
        """The answers, and what came out under the version of then."""
        opened = json.loads(batch.opened(self.plan.institution.code, bytes(self.sealed), _about(self)))
        return opened["answers"], from_data(opened["result"])


class LoadedInstrument(models.Model):
    """A version of an instrument that an authority gave, as it was written; kept for ever."""

    code = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    text = models.TextField(help_text="YAML")
    loaded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "version"], name="one_text_of_an_instrument_version")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


def _about(row: "PlanVersion | PlanAction | Assessment | Attention | Bag | Trip") -> str:
    """What the sealed column of this row is bound to."""
    (column,) = row.SEALED
    return column.about(type(row), row.key)


class Attention(models.Model):
    """A session of psychosocial attention: what was said is sealed; written once, and never changed."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="sessions")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    held_on = models.DateField()
    kind = models.CharField(max_length=12, help_text="individual, group, family or crisis")
    next_on = models.DateField(null=True, help_text="when the person comes again; empty when nothing was arranged")
    sealed = models.BinaryField(help_text="what was said")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    SEALED: ClassVar = (SealedColumn("sealed"),)

    def __str__(self) -> str:
        return str(self.key)

    def keep(self, notes: str) -> "Attention":
        """Seal what was said into this row, which is not saved yet."""
        self.sealed = sealing.seal_text(self.institution.code, notes, _about(self))
        return self

    def notes_in(self, batch: sealing.Batch) -> str:
        """What was said, opened."""
        return batch.opened(self.institution.code, bytes(self.sealed), _about(self)).decode()


class Bag(models.Model):
    """Belongings in a sealed bag, kept until somebody gets them back; the list of what is in it is sealed as well."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="bags")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    number = models.CharField(max_length=20, help_text="of the seal")
    sealed = models.BinaryField(help_text="what is in it")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    given_to = models.CharField(max_length=12, blank=True, help_text="empty while it is kept")
    given_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(null=True)

    SEALED: ClassVar = (SealedColumn("sealed"),)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["office", "number"], name="one_bag_of_a_seal_per_office")
        ]

    def __str__(self) -> str:
        return str(self.key)

    def keep(self, things: str) -> "Bag":
        """Seal the list into this row, which is not saved yet."""
        self.sealed = sealing.seal_text(self.institution.code, things, _about(self))
        return self

    def things_in(self, batch: sealing.Batch) -> str:
        """What is in it, opened."""
        return batch.opened(self.institution.code, bytes(self.sealed), _about(self)).decode()


class Trip(models.Model):
    """How and when a person travels on; where to is sealed."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="trips")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    way = models.CharField(max_length=12)
    leaves_at = models.DateTimeField()
    sealed = models.BinaryField(help_text="where to")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    SEALED: ClassVar = (SealedColumn("sealed"),)

    def __str__(self) -> str:
        return str(self.key)

    def keep(self, place: str) -> "Trip":
        """Seal where to into this row, which is not saved yet."""
        self.sealed = sealing.seal_text(self.institution.code, place, _about(self))
        return self

    def place_in(self, batch: sealing.Batch) -> str:
        """Where to, opened."""
        return batch.opened(self.institution.code, bytes(self.sealed), _about(self)).decode()


class Shelter(models.Model):
    """A place with beds, filled by one centre."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    office = models.ForeignKey(Office, models.PROTECT, related_name="shelters")
    name = models.CharField(max_length=80)
    capacity = models.PositiveIntegerField(help_text="beds a night")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["office", "name"], name="one_shelter_of_a_name_per_office")
        ]

    def __str__(self) -> str:
        return str(self.key)


class Stay(models.Model):
    """Nights of one person in one place; without a night when it ended before it began."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="stays")
    shelter = models.ForeignKey(Shelter, models.PROTECT, related_name="stays")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    first_night = models.DateField()
    leaves_on = models.DateField()
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(leaves_on__gte=F("first_night")), name="a_stay_ends_after_it_begins")
        ]

    def __str__(self) -> str:
        return str(self.key)

    @property
    def nights(self) -> Nights:
        """The nights of it."""
        return Nights(self.first_night, self.leaves_on)
