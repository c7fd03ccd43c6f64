"""National reviews: of which years, and what may not be done to one."""

from collections.abc import Mapping
from typing import ClassVar, Final

from torogoz.domain.refusals import Refused

FIRST_YEAR: Final = 2017
"""The year of the first position, whose source does not say the day on which it was adopted."""


class ReviewRefused(Refused):
    """Something that a review does not allow. Nothing was changed."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "order": (
            "El período termina antes de empezar: {first}–{last}. Escriba primero el año en que empieza.",
            "The period ends before it begins: {first}–{last}. Write first the year in which it begins.",
        ),
        "too_early": (
            "La posición es de {since}: el período no puede empezar antes. Escriba {since} o un año posterior.",
            "The position is of {since}: the period cannot begin before. Write {since} or a later year.",
        ),
        "to_come": (
            "El período termina en {last}, que todavía no llega. Escriba a más tardar {now}.",
            "The period ends in {last}, which is still to come. Write {now} at the latest.",
        ),
        "nothing": (
            "Todavía no se ha cargado la posición nacional. Quien opera el sistema la carga con "
            "«torogoz provisions load».",
            "The national position has not been loaded yet. Who runs the system loads it with "
            "“torogoz provisions load”.",
        ),
        "position": (
            "No hay ninguna posición adoptada «{name}». Elija una de la lista.",
            "There is no adopted position “{name}”. Choose one of the list.",
        ),
        "published": (
            "Este examen ya está publicado: queda como está. Para corregirlo, haga otro.",
            "This review is published already: it stays as it is. To correct it, make another one.",
        ),
        "changed": (
            "Alguien cambió este examen mientras usted lo miraba. Mírelo otra vez; no se cambió nada.",
            "Somebody changed this review while you looked at it. Look at it again; nothing was changed.",
        ),
    }


def check_period(first: int, last: int, now: int, since: int = FIRST_YEAR) -> None:
    """Refuse years in the wrong order, before the position (`since`), or still to come. Raises ReviewRefused."""
    if first < since:
        raise ReviewRefused("first", "too_early", since=since)
    if last < first:
        raise ReviewRefused("last", "order", first=first, last=last)
    if last > now:
        raise ReviewRefused("last", "to_come", last=last, now=now)
