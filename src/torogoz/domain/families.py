"""Who belongs to whom: kinds of relationship, what each is from the other side, what shows it; and groups."""

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from typing import ClassVar

from torogoz.domain.refusals import Refused

LONGEST_NAME = 120
LONGEST_WORDS = 300
LARGEST_GROUP = 50


OLDEST = 120
"""Years: nobody is a relative since before anybody who lives was born."""


class Kin(StrEnum):
    """What somebody is to a person."""

    PARENT = "parent"
    CHILD = "child"
    SPOUSE = "spouse"
    SIBLING = "sibling"
    GUARDIAN = "guardian"
    WARD = "ward"
    RELATIVE = "relative"
    OTHER = "other"


INVERSE: Mapping[Kin, Kin] = {
    Kin.PARENT: Kin.CHILD,
    Kin.CHILD: Kin.PARENT,
    Kin.SPOUSE: Kin.SPOUSE,
    Kin.SIBLING: Kin.SIBLING,
    Kin.GUARDIAN: Kin.WARD,
    Kin.WARD: Kin.GUARDIAN,
    Kin.RELATIVE: Kin.RELATIVE,
    Kin.OTHER: Kin.OTHER,
}
"""What the person is to that somebody. A relationship is stored once and read from both sides."""

ELDER = frozenset({Kin.PARENT, Kin.GUARDIAN})


class Evidence(StrEnum):
    """What shows a relationship: a paper that an officer saw, somebody's word, or nothing yet."""

    DOCUMENT = "document"
    STATED = "stated"
    UNVERIFIED = "unverified"


class GroupKind(StrEnum):
    """People who arrived together, or who live together; or somebody who arrived alone, whom nobody can join."""

    TRAVEL = "travel"
    HOUSEHOLD = "household"
    ALONE = "alone"


class FamilyRefused(Refused):
    """A relationship or a group that cannot be kept as it was typed."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "nobody": (
            "Elija a alguien de la lista, o escriba el nombre de quien no tiene registro.",
            "Choose somebody from the list, or write the name of who has no record.",
        ),
        "both": (
            "Eligió a alguien de la lista y escribió otro nombre. Deje solo uno de los dos.",
            "Somebody was chosen from the list and another name was written. Leave only one of them.",
        ),
        "self": ("Es la misma persona. Elija a otra.", "It is the same person. Choose another."),
        "younger": (
            "Por las fechas de nacimiento no puede ser: quien sería mayor nació después. Revíselas primero.",
            "The birth dates do not allow it: who would be the elder was born later. Check them first.",
        ),
        "same": (
            "Esa relación ya está anotada y vale. Si era otra, dé por terminada la anterior primero.",
            "That relationship is noted already and in force. If it was another, end the earlier one first.",
        ),
        "dates": ("Termina antes de empezar. Revise las fechas.", "It ends before it begins. Check the dates."),
        "future": ("Ese día no ha llegado. Revise la fecha.", "That day has not come. Check the date."),
        "long_ago": (
            "Es de hace más de {years} años. Revise el año.",
            "It is more than {years} years ago. Look at the year again.",
        ),
        "too_long": ("Escriba {most} letras o menos.", "Write {most} letters or fewer."),
        "alone": ("Un grupo es de dos o más: elija a alguien.", "A group is of two or more: choose somebody."),
        "not_alone": (
            "Dice que llegó sola o solo, y eligió compañía. Deje solo una de las dos cosas.",
            "It says that the person came alone, and company was chosen. Leave only one of the two.",
        ),
        "member": ("Ya está en el grupo.", "Already in the group."),
        "size": (
            "Dijeron {said}, y aquí hay {members}. Revise el número o deje la casilla vacía.",
            "{said} were said, and {members} are here. Check the number, or leave it empty.",
        ),
        "head": ("Quien encabeza el grupo tiene que estar en él.", "Who heads the group must be in it."),
    }


def check_ages(kin: Kin, person: tuple[date, date] | None, other: tuple[date, date] | None) -> None:
    """Refuse a parent who cannot have been born before the child. Raises FamilyRefused.

    person, other   the first and last day on which each may have been born; None when it is not known
    """
    if person is None or other is None or kin not in (Kin.PARENT, Kin.CHILD):
        return
    elder, younger = (other, person) if kin is Kin.PARENT else (person, other)
    if elder[0] >= younger[1]:
        raise FamilyRefused("kin", "younger")


def check_days(begins: date | None, ends: date | None, today: date, *, field: str = "valid_from") -> None:
    """Refuse days in the future, and an end before the beginning. Raises FamilyRefused."""
    for name, day in ((field, begins), ("valid_until", ends)):
        if day is not None and day > today:
            raise FamilyRefused(name, "future")
        if day is not None and day.year < today.year - OLDEST:
            raise FamilyRefused(name, "long_ago", years=OLDEST)
    if begins is not None and ends is not None and ends < begins:
        raise FamilyRefused("valid_until", "dates")


def check_group(kind: GroupKind, members: Collection[object], head: object | None, said: int | None) -> None:
    """Refuse a group of one, company for who came alone, a head from outside, and a size smaller than who is there.

    Raises FamilyRefused.
    """
    if kind is GroupKind.ALONE:
        if len(members) > 1 or (said or 1) > 1:
            raise FamilyRefused("kind", "not_alone")
        return
    if len(members) < 2:
        raise FamilyRefused("members", "alone")
    if head is not None and head not in members:
        raise FamilyRefused("head", "head")
    if said is not None and said < len(members):
        raise FamilyRefused("said_size", "size", said=said, members=len(members))
