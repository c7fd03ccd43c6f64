"""`torogoz duplicates`: which stored records may be of one person."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from torogoz.shared.people.duplicates import find_duplicates


class Command(BaseCommand):
    help = "Look for records that may be of one person, and put the pairs on the page /people/duplicates/."

    def handle(self, *args: Any, **options: Any) -> None:
        waiting = find_duplicates(now=timezone.now())
        self.stdout.write(f"{waiting} pairs wait at /people/duplicates/, each for who may see both people")
