"""The keys of the house, each wrapped: whoever has the database alone has none of them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class VaultKey(models.Model):
    """A key, wrapped by the master key, which is not in the database.

    A key is never changed. A newer one with the next number takes its place, and it stays for what it sealed.
    """

    class Purpose(models.TextChoices):
        SEAL = "seal"
        HASH = "hash"
        SIGN = "sign"

    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    institution = models.CharField(max_length=16, blank=True, help_text="code; empty for what belongs to all")
    number = models.PositiveIntegerField()
    wrapped = models.BinaryField()
    public = models.BinaryField(null=True, help_text="PEM, of a key that signs")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["purpose", "institution", "number"], name="one_key_of_a_number"),
            models.CheckConstraint(condition=~Q(purpose="sign") | Q(public__isnull=False), name="signs_in_public"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.institution} {self.number}"
