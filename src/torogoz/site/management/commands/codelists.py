"""`torogoz codelists`: bring code lists, territory and institutions up to date with those that are shipped."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from torogoz.shared.codelists import actions as codelists
from torogoz.shared.institutions import shipped as institutions
from torogoz.shared.places import actions as places
from torogoz.shared.protocols.shipped import bring_up_to_date


class Command(BaseCommand):
    help = "Load or update the shipped code lists, the territory (before and after 2024), institutions and protocol."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{codelists.load():>5} codes")
        self.stdout.write(f"{places.load():>5} places")
        self.stdout.write(f"{institutions.load():>5} institutions")
        self.stdout.write(bring_up_to_date(now=timezone.now()))
