"""`torogoz office`: open and close offices, and list them."""

import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from torogoz.shared.institutions.offices import NewOffice, OfficeRefused, close_office, offices, open_office


class Command(BaseCommand):
    help = "Open an office of an institution, close it, or list the offices; officers are posted at offices."

    def add_arguments(self, parser: CommandParser) -> None:
        """`open`, `close`, `list`."""
        what = parser.add_subparsers(dest="what", required=True, metavar="open | close | list")
        opening = what.add_parser("open", help="a new office")
        opening.add_argument("code", help="a code of your choice, such as GAMI-SS")
        opening.add_argument("--institution", required=True, help="code of the institution that keeps it, such as GAMI")
        opening.add_argument("--name-es", required=True, help="its name in Spanish")
        opening.add_argument("--name-en", required=True, help="its name in English")
        opening.add_argument("--department", required=True, help="ISO 3166-2 code, such as SV-SS")
        opening.add_argument("--receives-arrivals", action="store_true", help="returned persons are received there")
        closing = what.add_parser("close", help="close an office from today and end the postings at it")
        closing.add_argument("code")
        what.add_parser("list", help="every office")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        """Do one of them, or say why not; nothing is half done."""
        now = timezone.now()
        try:
            if what == "open":
                self.stdout.write(f"opened: {open_office(office=_new(options), now=now).code}")
            elif what == "close":
                ended = close_office(code=options["code"], on=timezone.localdate(), now=now)
                self.stdout.write(f"closed: {options['code']}; {ended} postings ended")
            else:
                self.stdout.write("".join(f"{line}\n" for line in _lines()), ending="")
        except OfficeRefused as reason:
            raise CommandError(f"{reason}; nothing was changed") from reason


def _new(options: dict[str, Any]) -> NewOffice:
    if not re.fullmatch(r"SV-[A-Z]{2}", options["department"]):
        raise CommandError(f"{options['department']!r} is no department; write SV-SS, say; nothing was changed")
    return NewOffice(
        code=options["code"],
        institution=options["institution"],
        name_es=options["name_es"],
        name_en=options["name_en"],
        department=options["department"],
        receives_arrivals=options["receives_arrivals"],
    )


def _lines() -> list[str]:
    return [
        f"{office.code:<20} {office.institution.code:<14} {office.department:<6} {office.name_es}"
        + (f" (closed {office.closed_on})" if office.closed_on else "")
        for office in offices()
    ]
