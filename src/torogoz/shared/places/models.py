"""Departments, municipalities and districts as dated records: the map changed on 1 May 2024."""

from typing import ClassVar

from django.db import models


class Place(models.Model):
    """A unit of territory for as long as it was one."""

    class Level(models.TextChoices):
        DEPARTMENT = "department"
        MUNICIPALITY_2024 = "municipality"
        DISTRICT = "district"
        MUNICIPALITY_BEFORE = "old_municipality"

    code = models.CharField(max_length=16, unique=True)
    level = models.CharField(max_length=20, choices=Level.choices)
    name = models.CharField(max_length=120)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=400)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["level", "name"])]

    def __str__(self) -> str:
        return self.code
