"""The arrival of a returned person: what the single form asks once, for every institution."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from torogoz.shared.people.models import Encounter


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
