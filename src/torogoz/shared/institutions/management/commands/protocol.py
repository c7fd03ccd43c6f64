"""`torogoz protocol`: bring the sharing protocol up to date with the one that is shipped."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from torogoz.shared.institutions import protocol


class Command(BaseCommand):
    help = "Load the shipped sharing protocol: which institution, in which role, reads and writes which section."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lines = protocol.bring_up_to_date(now=timezone.now())
        except protocol.ProtocolUnclear as reason:
            raise CommandError(str(reason)) from reason
        self.stdout.write(f"{lines:>5} lines of the sharing protocol")
