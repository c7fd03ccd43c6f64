"""A person is held while something is written of her, and nothing is hung on a record that is disposed of.

A disposal holds its people too (data_rights/disposal_actions.py). So of a write and a disposal that meet, one comes
after the other: the disposal finds what was written, or the write finds that there was a disposal and is refused.

Everybody takes what others may wait for in one order, so that no two wait for one another: the people first, by their
numbers; then the rows that say something of them; the end of the record of accesses last. Who depends on something
that may change meanwhile is held by `hold_those`.

A row that refers to somebody may be added while she is held: her number is not what is going to change.
"""

from collections.abc import Callable, Collection, Mapping
from typing import ClassVar

from django.db import transaction
from django.db.models import QuerySet

from torogoz.domain.refusals import Refused
from torogoz.shared.people.merged import standing_for
from torogoz.shared.people.models import Encounter, Person


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
    return tuple(_as_read(held[read.pk], read) for read in people)


def hold_standing(person: Person) -> Person:
    """The record that stands for `person`, who may have been merged since she was looked at; both are held.

    raises      Disposed
    """

    def stands() -> int:
        return standing_for(person.key) or person.pk

    held = hold_those(lambda: [person.pk, stands()])
    _as_read(held[person.pk], person)
    return _no_shell(held[stands()])


def hold_met(encounter: Encounter) -> Person:
    """Whose encounter it is now, which a merge may have moved since it was looked at; she and who it was are held.

    raises      Disposed
    """
    of = Encounter.objects.filter(pk=encounter.pk).values_list("person", flat=True)
    held = hold_those(lambda: [encounter.person_id, of.get()])
    _as_read(held[encounter.person_id], encounter.person)
    return _no_shell(held[of.get()])


def hold_those(whom: Callable[[], Collection[int]]) -> dict[int, Person]:
    """Those whose numbers `whom` tells, as `hold_whatever_became` has them, though it may tell others meanwhile.

    It is asked again once they are held. If it tells of anybody else by then, all are let go and it begins anew, so
    that they are held at once, in the one order.
    """
    while True:
        numbers, point = frozenset(whom()), transaction.savepoint()
        held = hold_whatever_became(numbers)
        if numbers.issuperset(whom()):
            transaction.savepoint_commit(point)
            return held
        transaction.savepoint_rollback(point)


def hold_whatever_became(numbers: Collection[int]) -> dict[int, Person]:
    """The people by their numbers, held until the end of the transaction, though data of them were disposed of: for
    what may be ended all the same."""
    locked = Person.objects.select_for_update(of=("self",), no_key=True)
    rows: QuerySet[Person] = locked.select_related("institution")
    return {one.pk: one for one in rows.filter(pk__in=numbers).order_by("pk")}


def _as_read(held: Person, read: Person) -> Person:
    if held.disposed_at != read.disposed_at:
        raise Disposed
    return _no_shell(held)


def _no_shell(held: Person) -> Person:
    if held.shell:
        raise Disposed
    return held
