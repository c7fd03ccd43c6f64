"""Registers made-up people, each in one transaction, until it is stopped: `python tests/keeps_writing.py STOP`.

STOP is a file; once it exists the work ends. The key of each person is printed when the transaction is through. The
database of the environment must hold the officers of tests/world.py. Used to back up while officers work.
"""

import os
import sys
from pathlib import Path
from typing import Any

import django

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torogoz.site.settings")
django.setup()

from django.db import transaction  # noqa: E402 - Django is set up above
from django.utils import timezone  # noqa: E402

from torogoz.domain.documents import dui_check_digit  # noqa: E402
from torogoz.domain.people import DocumentTyped  # noqa: E402
from torogoz.shared.institutions.models import Office, Officer  # noqa: E402
from torogoz.shared.people.actions import Resembles, record_encounter, register_person, write_section  # noqa: E402


@transaction.atomic
def write_one(number: int) -> str:
    """One person with a document, an encounter and a health section: all of it or nothing."""
    now, office = timezone.now(), Office.objects.get(code="CENTRE-A")
    registrar, nurse = (Officer.objects.get(username=name) for name in ("registrar_a", "health_a"))
    digits = f"{number % 10**8:08}"
    document = DocumentTyped("DUI", f"{digits}{dui_check_digit(digits)}")
    about: dict[str, Any] = {
        "given1": "Inventada",
        "surname1": "".join("bcdfghjklm"[int(digit)] for digit in digits).capitalize(),
        "identifiers": [document],
        "made_up": True,
    }
    try:
        person = register_person(by=registrar, office=office, now=now, **about)
    except Resembles as alike:  # numbers that follow one another are alike, and none of these people is another
        none_fits = {candidate.key for candidate in alike.candidates}
        person = register_person(by=registrar, office=office, now=now, none_fits=none_fits, **about)
    encounter = record_encounter(by=registrar, person=person, office=office, kind="return", occurred_at=now, now=now)
    answers = {"care": "TREATED", "health_note": f"nota inventada {number}"}
    write_section(by=nurse, encounter=encounter, code="health", answers=answers, expected_version=0, now=now)
    return str(person.key)


if __name__ == "__main__":
    stop, at = Path(sys.argv[1]), os.getpid() * 1000
    while not stop.exists():
        at += 1
        print(write_one(at), flush=True)
