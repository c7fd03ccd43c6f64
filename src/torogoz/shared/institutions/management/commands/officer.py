"""`torogoz officer`: add officers, post them, end their postings, change a password, reset a lost second factor, and
check that no account holds postings that are kept apart."""

import getpass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date

from torogoz.domain.access import Role
from torogoz.domain.apart import KeptApart
from torogoz.shared.institutions import actions, queries
from torogoz.shared.institutions.models import Officer

ROLES = [role.value for role in Role]


class Command(BaseCommand):
    help = (
        "Add officers, post them, end their postings, change a password, reset a lost second factor, deactivate; "
        "check that nobody holds postings that are kept apart. A password is never an argument."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """`add`, `post`, `end`, `password`, `reset-second-factor`, `deactivate`, each with the username; `check`."""
        what = parser.add_subparsers(
            dest="what", required=True, metavar="add | post | end | password | reset-second-factor | deactivate | check"
        )
        add = what.add_parser("add", help="a new officer with a first posting")
        add.add_argument("username")
        add.add_argument("--name", required=True, help="full name")
        add.add_argument("--password-file", type=Path, help="a file whose first line is the password; else it is asked")
        _posting_arguments(add)
        post = what.add_parser("post", help="one more posting of an officer")
        post.add_argument("username")
        _posting_arguments(post)
        end = what.add_parser("end", help="end every posting of an officer, from now")
        end.add_argument("username")
        password = what.add_parser("password", help="a new password; who was signed in with the old one no longer is")
        password.add_argument("username")
        password.add_argument("--password-file", type=Path, help="a file whose first line is the password; else asked")
        leave = what.add_parser("deactivate", help="the officer signs in no more; what the officer recorded stays")
        leave.add_argument("username")
        reset = what.add_parser("reset-second-factor", help="the next sign-in enrols a new authenticator")
        reset.add_argument("username")
        what.add_parser("check", help="name every account with postings that are kept apart; fails if there is one")

    def handle(self, *args: Any, what: str, username: str = "", **options: Any) -> None:
        """Do one of them, or say why not; nothing is half done."""
        now = timezone.now()
        if what == "check":
            self._check(now)
            return
        try:
            with transaction.atomic():
                done = self._do(what, username, now, options)
        except (actions.UsernameTaken, actions.NoSuchOfficer, actions.NoSuchCode, KeptApart) as reason:
            raise CommandError(str(reason)) from reason
        self.stdout.write(done)

    def _check(self, now: datetime) -> None:
        found = queries.officers_with_postings_kept_apart(now)
        for officer, why in found:
            self.stdout.write(f"{officer.username}: {why}")
        if found:
            raise CommandError(f"{len(found)} pairs of postings are kept apart; `torogoz officer end` ends them")
        self.stdout.write("nobody holds postings that are kept apart")

    def _do(self, what: str, username: str, now: datetime, options: dict[str, Any]) -> str:
        if what == "end":
            return f"{username}: {actions.end_postings(username=username, now=now)} postings ended"
        if what == "reset-second-factor":
            actions.forget_second_factor(username=username, now=now)
            return f"{username} enrols a new second factor at the next sign-in"
        if what == "deactivate":
            actions.deactivate(username=username, now=now)
            return f"{username} can sign in no more, and holds no posting"
        if what == "password":
            password = _password(options["password_file"])
            _check_password(password, username, "")
            actions.change_password(username=username, password=password, now=now)
            return f"{username} has a new password, and is signed out everywhere"
        if what == "add":
            password = _password(options["password_file"])
            _check_password(password, username, options["name"])
            actions.add_officer(username=username, full_name=options["name"], password=password, now=now)
        posting = actions.post_officer(
            username=username,
            institution=options["institution"],
            office=options["office"],
            role=Role(options["role"]),
            valid_until=_end_of(options["until"]),
            now=now,
        )
        return f"posted: {posting}"


def _posting_arguments(parser: CommandParser) -> None:
    parser.add_argument("--institution", required=True, help="code, such as DGME")
    parser.add_argument("--office", required=True, help="code of the office")
    parser.add_argument("--role", required=True, choices=ROLES)
    parser.add_argument("--until", default="", help="last day of the posting, 2027-12-31; without it, it has no end")


def _password(file: Path | None) -> str:
    if file is None:
        first, again = getpass.getpass("Password: "), getpass.getpass("Again: ")
        if first != again:
            raise CommandError("the two passwords are not the same; nothing was changed")
        return first
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as reason:
        raise CommandError(f"{file} cannot be read: {reason.strerror}; nothing was changed") from reason
    if not lines:
        raise CommandError(f"{file} is empty; nothing was changed")
    return lines[0]


def _check_password(password: str, username: str, name: str) -> None:
    try:
        validate_password(password, Officer(username=username, full_name=name))
    except ValidationError as reason:
        raise CommandError("the password was refused: " + " ".join(reason.messages)) from reason


def _end_of(day: str) -> datetime | None:
    """Midnight after the last day, in El Salvador."""
    if not day:
        return None
    last = parse_date(day)
    if last is None:
        raise CommandError(f"--until is {day!r}; write a day as 2027-12-31")
    return timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min))
