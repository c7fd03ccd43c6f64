"""For what purpose an officer works in this session, and which purpose would open what is shut now.

The policy takes the purpose from `audit.declared`, where `middleware.who_asks` puts what is told here.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from torogoz.domain.access import Posting, Subject, Verb, decide
from torogoz.domain.consents import Purpose
from torogoz.domain.purposes import in_force
from torogoz.shared.audit.declared import purpose_of
from torogoz.shared.institutions.access import grants, grants_for_any_purpose, postings, rules
from torogoz.shared.institutions.models import Officer

KEY = "purpose"
"""Where the session remembers what was declared; it goes when the officer leaves."""


def in_session(session: Mapping[str, Any], held: tuple[Posting, ...]) -> Purpose | None:
    """The purpose in force for an officer with these postings: declared in this session, or that of the role."""
    return in_force(str(session.get(KEY, "")), held)


def shut_by_purpose(officer: Officer, person: str, now: datetime) -> frozenset[Purpose]:
    """The purposes of consents on this person (a key), to the officer's institutions, that the declared one shuts."""
    held = postings(officer, now)
    return frozenset(
        Purpose(grant.purpose)
        for grant in set(grants_for_any_purpose(officer, held, now)) - set(grants(officer, held, now))
        if grant.person == person
    )


def that_would_open(officer: Officer, subject: Subject, now: datetime) -> tuple[Purpose, ...]:
    """The purposes under which the officer would read something of this person that is shut now, and only for that.

    Only officers of the recipient of a consent, in a role that reads by it, are told any: others have no such grant.
    """
    held = postings(officer, now)
    protocol, every, open_now = rules(held, now), grants_for_any_purpose(officer, held, now), grants(officer, held, now)
    found = []
    for purpose in sorted(shut_by_purpose(officer, subject.person, now)):
        then = tuple(grant for grant in every if grant.serves(purpose))
        codes = {code for grant in then if grant.purpose == purpose for code in grant.sections or ()}
        if any(
            decide(held, Verb.VIEW, subject, code, protocol, now, then)
            and not decide(held, Verb.VIEW, subject, code, protocol, now, open_now)
            for code in (None, *sorted(codes))
        ):
            found.append(purpose)
    return tuple(purpose for purpose in found if purpose.value != purpose_of(officer.username))
