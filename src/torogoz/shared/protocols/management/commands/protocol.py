"""`torogoz protocol`: make the sharing protocol the one that is shipped, until two officers have changed it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from torogoz.shared.institutions.protocol import ProtocolUnclear
from torogoz.shared.protocols.shipped import bring_up_to_date


class Command(BaseCommand):
    help = (
        "Load the shipped sharing protocol: which institution, in which role, reads and writes which section. Once two "
        "officers have approved a version, the shipped file changes nothing any more."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            told = bring_up_to_date(now=timezone.now())
        except ProtocolUnclear as reason:
            raise CommandError(str(reason)) from reason
        self.stdout.write(told)
