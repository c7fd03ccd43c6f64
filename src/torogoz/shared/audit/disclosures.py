"""What an affected person may be told: who was shown anything of the file, when, and on what ground."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from torogoz.domain.access import READING, Basis, Tier, Verb
from torogoz.shared.audit.models import AccessEvent, AccessSubject
from torogoz.shared.audit.sealed import BEFORE_PURPOSES
from torogoz.statistics.forms.shipped import current

PROTECTED: Final = "protected"
"""Stands for every section of tier 4: that there is one may itself put somebody in danger."""

PROTECTED_SECTIONS: Final = frozenset(form.code for form in current() if form.tier >= Tier.PROTECTED)


@dataclass(frozen=True)
class Disclosure:
    """That officers of an institution were shown something of a person.

    at              when
    institution     code of the institution for which the officer asked; empty for the operators of the system
    verb            view, list, search, print or export
    what            kind of thing that was shown: person, arrival, section, attachment, handover …
    sections        codes of the sections that were shown, `identity` and `migration` among them, sorted; one word,
                    PROTECTED, for all of tier 4 unless it was asked for by name; none when only that she is there
    basis           the ground it stood on; None when the event has none
    purpose         for which the officer worked, as in domain/purposes.py; empty when none was declared; None when it
                    was not asked yet
    officer         the username; empty unless it was asked for
    """

    at: datetime
    institution: str
    verb: Verb
    what: str
    sections: tuple[str, ...]
    basis: Basis | None
    purpose: str | None = None
    officer: str = ""


def disclosures_of(
    keys: Collection[str],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    officers: bool = False,
    protected: bool = False,
) -> Iterator[Disclosure]:
    """Each time that something of one person was shown to somebody, the oldest first; from `since`, before `until`.

    keys        the keys (UUID as text) under which she is or was known: her own, and those of records that were merged
                into it. Asked for one key only, what was read before a merge is missing
    officers    True tells the usernames too. By default they are left out: in a small office even role and day name the
                one who served, who may then be pressed or harmed; whoever answers the person may decide otherwise, and
                the data-protection officer can always find the event (docs/adr/0025)
    protected   True names the sections of tier 4; else one word stands for all of them

    Lists, searches and exports that showed her among others are in it; so is "there is a record elsewhere". Left out:
    what was refused (nothing was shown), what officers wrote, and the data-protection officer's looking at this record
    (which shows keys, and nothing of the file). It asks no policy: whoever calls it decides first who may be told, and
    records that it was told.
    """
    found = AccessEvent.objects.filter(
        pk__in=AccessSubject.objects.filter(subject__in=set(keys)).values("event"),
        allowed=True,
        verb__in=[verb.value for verb in READING],
    )
    if since:
        found = found.filter(at__gte=since)
    if until:
        found = found.filter(at__lt=until)
    for event in found.order_by("at", "sequence").iterator(chunk_size=2_000):
        yield Disclosure(
            at=event.at,
            institution=event.institution,
            verb=Verb(event.verb),
            what=event.what,
            sections=_told(event.sections, protected),
            basis=Basis(event.basis) if event.basis else None,
            purpose=None if event.seal == BEFORE_PURPOSES else event.purpose,
            officer=event.officer if officers else "",
        )


def _told(sections: Collection[str], protected: bool) -> tuple[str, ...]:
    if protected:
        return tuple(sorted(set(sections)))
    return tuple(sorted({PROTECTED if code in PROTECTED_SECTIONS else code for code in sections}))
