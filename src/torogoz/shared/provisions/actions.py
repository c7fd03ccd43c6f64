"""What is written about provisions: wordings in versions, links; each thing done has its line in the record."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from torogoz.domain.access import Basis, Decision, Verb
from torogoz.shared.audit.actions import record
from torogoz.shared.provisions.models import Flag, ProvisionText
from torogoz.shared.provisions.queries import commitments, words_of
from torogoz.shared.provisions.shipped import POSITION

BY_DUTY = Decision(True, Basis.DUTY)


class SourceRefused(Exception):
    """The text is not the one that the lines of the catalogue were counted in. Nothing was changed."""


@transaction.atomic
def read_source(*, lines: Sequence[str], name: str, language: str, now: datetime) -> int:
    """Keep the printed wording of each provision of 2017, from its lines; how many wordings are new.

    lines   of a plain-text copy of the printed text, the first of them number 1
    raises  SourceRefused when the copy is too short, or does not have the words that flags quote where they quote them
    """
    _check_quotations(lines)
    found = list(commitments(POSITION))
    words = words_of(found)
    new = []
    for provision in found:
        text = "\n".join(_printed(lines, provision.lines))
        before = words[provision.pk].texts.get((language, ProvisionText.Role.SOURCE))
        if before is not None and before.text == text:
            continue
        new.append(
            ProvisionText(
                provision=provision,
                language=language,
                role=ProvisionText.Role.SOURCE,
                version=before.version + 1 if before else 1,
                text=text,
                origin=f"{name}, lines {provision.lines}"[:300],
                why=f"read again from {name}"[:600] if before else "",
                written_at=now,
            )
        )
    ProvisionText.objects.bulk_create(new)
    if new:
        record(
            officer="",
            institution="",
            verb=Verb.CREATE,
            what="wording",
            subjects=[str(text.provision.key) for text in new],
            decision=BY_DUTY,
            channel="command",
            now=now,
        )
    return len(new)


def _printed(lines: Sequence[str], place: str) -> list[str]:
    """The printed lines at a place such as 247 or 183-186, without the blank ones. Raises SourceRefused."""
    first, _, last = place.partition("-")
    within = [line.strip() for line in lines[int(first) - 1 : int(last or first)]]
    found = [line for line in within if line]
    if not found:
        raise SourceRefused(f"lines {place} are blank or missing; is it the copy that the catalogue was made from?")
    return found


def _check_quotations(lines: Sequence[str]) -> None:
    for flag in Flag.objects.filter(provision__instrument__code=POSITION).exclude(printed=""):
        said = " ".join(_printed(lines, flag.lines))
        if flag.printed.casefold() not in said.casefold():
            raise SourceRefused(f"lines {flag.lines} do not say “{flag.printed}”, as {flag.provision.code} quotes them")
