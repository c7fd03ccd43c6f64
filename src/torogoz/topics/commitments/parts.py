"""What stands on the page of a commitment beside its words: each part is a template with what it shows.

A part is a function of the provision, of who asks and of the moment; it answers None where there is nothing to show.
Measures, readings, reports and assessments each add one here, in the order of the page.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from torogoz.shared.provisions.models import Provision


class Part(NamedTuple):
    """One block of the page: the template, and what it is given under the name `part`."""

    template: str
    shown: Any


PARTS: tuple[Callable[[Provision, object, datetime], Part | None], ...] = ()


def parts_of(provision: Provision, asker: object, now: datetime) -> list[Part]:
    """The blocks that there are for a provision, in the order of `PARTS`."""
    return [part for make in PARTS if (part := make(provision, asker, now)) is not None]
