"""Duplicates in words: facts, how far they agree, and what may be decided."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from torogoz.domain.duplicates import Agreeing, Verdict
from torogoz.shared.codelists import queries as codelists
from torogoz.shared.people.models import Encounter
from torogoz.shared.people.review_queries import Compared, PairCompared
from torogoz.shared.ui.templatetags.ui import language

VERDICTS = {
    Verdict.SAME: gettext_lazy("Son la misma persona"),
    Verdict.DIFFERENT: gettext_lazy("No son la misma persona"),
    Verdict.UNSURE: gettext_lazy("No se puede saber todavía"),
}
BADGES = {Verdict.SAME.value: "may", Verdict.DIFFERENT.value: "not", Verdict.UNSURE.value: "more"}
FACTS = {
    "given": gettext_lazy("Nombres"),
    "family": gettext_lazy("Apellidos"),
    "given1": gettext_lazy("Primer nombre"),
    "given2": gettext_lazy("Segundo nombre"),
    "surname1": gettext_lazy("Primer apellido"),
    "surname2": gettext_lazy("Segundo apellido"),
    "married": gettext_lazy("Apellido de casada"),
    "aliases": gettext_lazy("Conocido por"),
    "birth": gettext_lazy("Nacimiento"),
    "sex": gettext_lazy("Sexo"),
    "nationality": gettext_lazy("Nacionalidad"),
    "document": gettext_lazy("Documento"),
}
AGREEING = {
    Agreeing.SAME: (gettext_lazy("igual"), "may"),
    Agreeing.SOUNDS: (gettext_lazy("suena igual"), "more"),
    Agreeing.CROSSED: (gettext_lazy("cambiado de lugar"), "more"),
    Agreeing.SIMILAR: (gettext_lazy("parecido"), "more"),
    Agreeing.PARTLY: (gettext_lazy("coincide en parte"), "more"),
    Agreeing.DIFFERENT: (gettext_lazy("distinto"), "danger"),
    Agreeing.UNKNOWN: (gettext_lazy("falta en uno"), "not"),
}
SEXES = {"F": gettext_lazy("Mujer"), "M": gettext_lazy("Hombre"), "_O": gettext_lazy("Otro")}


def reasons(codes: list[str]) -> list[str]:
    """Why a pair is proposed: «Apellidos: igual»."""
    said = []
    for code in codes:
        fact, _dot, how = code.partition(".")
        if fact in FACTS and how:
            said.append(f"{FACTS[fact]}: {AGREEING[Agreeing(how)][0]}")
    return said


def lines(facts: tuple[Compared, ...]) -> list[dict[str, Any]]:
    """The facts side by side, in words."""
    countries = codelists.names("AREA", language())
    documents = codelists.names("DOCUMENT", language())

    def said(fact: str, texts: tuple[str, ...]) -> str:
        if fact == "sex":
            texts = tuple(str(SEXES.get(text, text)) for text in texts)
        if fact == "nationality":
            texts = tuple(countries.get(text, text) for text in texts)
        if fact.startswith("document:"):
            texts = tuple(text or _("(cifrado; falta su clave)") for text in texts)
        return "; ".join(texts)

    return [
        {
            "label": documents.get(kind, kind) if (kind := each.fact.partition(":")[2]) else FACTS[each.fact],
            "first": said(each.fact, each.first),
            "second": said(each.fact, each.second),
            "word": AGREEING[each.agreeing][0],
            "badge": AGREEING[each.agreeing][1],
        }
        for each in facts
    ]


def survivors(seen: PairCompared) -> list[tuple[str, str]]:
    """The two records to choose from: the name, who recorded it and when."""
    return [
        (str(side.person.key), _recorded(side.name, side.person.institution.code, side.person.recorded_at))
        for side in (seen.first, seen.second)
    ]


def met(encounters: Iterable[Encounter]) -> list[tuple[str, str]]:
    """Encounters to choose from: where and when."""
    return [
        (str(one.key), f"{timezone.localtime(one.occurred_at):%Y-%m-%d %H:%M} · {one.office} · {one.institution.code}")
        for one in encounters
    ]


def _recorded(name: str, institution: str, when: datetime) -> str:
    called = name or _("Sin nombre")
    return f"{called} · {institution} · {timezone.localtime(when):%Y-%m-%d %H:%M}"
