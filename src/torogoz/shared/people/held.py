"""A person is held while something is written of her, and nothing is hung on a record that is disposed of.

A disposal holds its people too (data_rights/disposal_actions.py). So of a write and a disposal that meet, one comes
after the other: the disposal finds what was written, or the write finds that there was a disposal and is refused.

Everybody takes what others may wait for in one order, so that no two wait for one another: the people first, by their
numbers; then the rows that say something of them; the end of the record of accesses last.
"""

from collections.abc import Collection, Mapping
from typing import ClassVar

from django.db.models import QuerySet

from torogoz.domain.refusals import Refused
from torogoz.shared.people.models import Person


class Disposed(Refused):
    """Data of the person were disposed of since she was looked at, or who she is was. Nothing was stored."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "disposed": (
            "No se guardó: mientras tanto se eliminaron datos de esta persona, por una eliminación que alguien "
            "confirmó. Lo que usted escribió sigue aquí. Búsquela de nuevo antes de guardarlo; si ya no aparece y "
            "la atiende hoy, regístrela como nueva.",
            "Nothing was saved: meanwhile data of this person were disposed of, by a disposal that somebody "
            "confirmed. What you typed is still here. Search for her again before you save it; if she is not found "
            "any more and you attend her today, register her anew.",
        ),
    }

    def __init__(self) -> None:
        super().__init__("", "disposed")


def hold(*people: Person) -> tuple[Person, ...]:
    """The people as they are stored now, in the order of the arguments, held until the end of the transaction.

    raises      Disposed for a shell, and for who had data disposed of after the argument was read
    """
    held = hold_whatever_became([one.pk for one in people])
    for read in people:
        if held[read.pk].shell or held[read.pk].disposed_at != read.disposed_at:
            raise Disposed
    return tuple(held[read.pk] for read in people)


def hold_whatever_became(numbers: Collection[int]) -> dict[int, Person]:
    """The people by their numbers, held until the end of the transaction, though data of them were disposed of: for
    what may be ended all the same."""
    rows: QuerySet[Person] = Person.objects.select_for_update(of=("self",)).select_related("institution")
    return {one.pk: one for one in rows.filter(pk__in=numbers).order_by("pk")}
