"""Codes of every list, in both languages, valid for a time, each with its source."""

from typing import ClassVar

from django.db import models


class Code(models.Model):
    """One code of one list."""

    codelist = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    name_es = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    parent = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=400)
    position = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["codelist", "code"], name="one_code_per_list")]

    def __str__(self) -> str:
        return f"{self.codelist}:{self.code}"
