"""What stands on the page of a commitment beside its words: each part is a template with what it shows.

A part is a function of the provision, of who asks and of the moment; it answers None where there is nothing to show.
Measures, readings, reports and assessments each add one here, in the order of the page.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from torogoz.shared.provisions.models import Provision
from torogoz.topics.commitments import follow_up_parts


class Part(NamedTuple):
    """One block of the page: the template, and what it is given under the name `part`."""

    template: str
    shown: Any


def _followed(provision: Provision, asker: object, now: datetime) -> Part | None:
    """What came of it: three columns, measures, readings, reports, assessments. Sections are not followed."""
    if provision.kind in ("section", "whole", "objective", "target"):
        return None
    return Part(follow_up_parts.TEMPLATE, follow_up_parts.of_provision(provision, asker, now))


PARTS: tuple[Callable[[Provision, object, datetime], Part | None], ...] = (_followed,)


def parts_of(provision: Provision, asker: object, now: datetime) -> list[Part]:
    """The blocks that there are for a provision, in the order of `PARTS`."""
    return [part for make in PARTS if (part := make(provision, asker, now)) is not None]
