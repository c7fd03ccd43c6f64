"""What the pages of votes of seats say for codes, and the outcome of a vote as a sentence in both languages."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from torogoz.domain.polls import HideUntil, Kind
from torogoz.domain.positions import Both
from torogoz.shared.polls.counting import Results
from torogoz.shared.polls.models import Option, Poll
from torogoz.statistics.deliberation.equal_shares import Stage

Words = Mapping[Any, Any]

KINDS: Words = {
    Kind.RANK: (
        _("Ordenar"),
        _("Cada institución ordena las opciones. Se cuenta con el método de Schulze, y se muestra la tabla de pares."),
    ),
    Kind.DOTS: (
        _("Repartir puntos"),
        _("Cada institución reparte un número de puntos entre las opciones. Se suman."),
    ),
    Kind.QUADRATIC: (
        _("Votos que cuestan cada vez más"),
        _("Cada institución tiene créditos; v votos a favor o en contra de una opción cuestan v × v créditos."),
    ),
    Kind.BUDGET: (
        _("Presupuesto"),
        _("Cada institución marca los proyectos que apoya. Se reparte por partes iguales, y se dice cómo se completa."),
    ),
    Kind.SCALE: (
        _("Escala de consenso sobre una pregunta"),
        _("Cada institución dice dónde está; en desacuerdo o bloqueo, con su razón. Decide la regla de la consulta."),
    ),
}
"""The kinds of a vote of seats, each with what is done in it."""
HIDES: Words = {
    HideUntil.CLOSED: _("Cuando cierra"),
    HideUntil.PUBLISHED: _("Cuando la secretaría los publica, después de que cierra"),
    HideUntil.VOTED: _("Cuando la propia institución ya votó, y todas cuando cierra"),
    HideUntil.OFF: _("Desde el principio"),
}
STAGES: Words = {
    Stage.SHARES.value: _("con las partes de quienes lo apoyan"),
    Stage.GREEDY.value: _("al completar, con lo que quedaba"),
}
TAKEN = frozenset({Kind.RANK, Kind.DOTS, Kind.QUADRATIC, Kind.BUDGET})
"""The kinds that put something in an order or choose among it: what they come to can be taken into a text."""


def as_text(poll: Poll, found: Results) -> Both:
    """What a vote came to, in words of both languages, for the first version of a text."""
    return Both(_as_text(poll, found, "es"), _as_text(poll, found, "en"))


def _as_text(poll: Poll, found: Results, language: str) -> str:
    names = {one.code: getattr(one, f"name_{language}") for one in found.options}
    english = language == "en"
    title = getattr(poll, f"title_{language}")
    head = (
        f"By the vote “{title}” ({found.voted} of {found.asked} seats):"
        if english
        else f"Según la votación «{title}» ({found.voted} de {found.asked} escaños):"
    )
    if found.kind is Kind.BUDGET:
        return "\n".join([head, *_funded(found, names, english)])
    tie = " (tied)" if english else " (empatadas)"
    places = found.ranking.places if found.ranking else found.tally.places if found.tally else ()
    lines = [
        f"{at}. {'; '.join(names[code] for code in tied)}{tie if len(tied) > 1 else ''}"
        for at, tied in enumerate(places, 1)
    ]
    return "\n".join([head, *lines])


def _funded(found: Results, names: Mapping[str, str], english: bool) -> list[str]:
    lines = [f"{at}. {names[one.option]} ({float(one.cost):.2f} USD)" for at, one in enumerate(found.paid, 1)]
    if not lines:
        lines = ["No project is funded." if english else "No se financia ningún proyecto."]
    left = float(found.bought.unspent) if found.bought else 0.0
    return [*lines, f"Left unspent: {left:.2f} USD." if english else f"Sin gastar: {left:.2f} USD."]


def ballot_in_words(kind: Kind, content: Mapping[str, Any], options: Sequence[Option], name: str) -> str:
    """What a ballot says, in a line; `name` is the field with the names of options."""
    names = {one.code: getattr(one, name) for one in options}
    if kind is Kind.RANK:
        places = sorted(content["places"].items(), key=lambda pair: pair[1])
        return "; ".join(f"{place}. {names[code]}" for code, place in places)
    if kind is Kind.BUDGET:
        return "; ".join(names[code] for code in content["approved"])
    sign = "+" if kind is Kind.QUADRATIC else ""
    return "; ".join(f"{names[code]}: {votes:{sign}d}" for code, votes in content["votes"].items())
