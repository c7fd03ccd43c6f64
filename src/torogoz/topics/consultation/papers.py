"""The position and the minutes of a consultation as documents, laid out like the text of 2017.

Introduction, conceptualisation of terms, results by theme; what was not agreed and who dissented stand with each text.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

from django.utils import timezone

from torogoz.domain.deliberation import Result
from torogoz.domain.positions import (
    AdoptedPosition,
    Both,
    MinutesDocument,
    OutcomeEntry,
    PositionDocument,
    ThemeEntry,
    canonical,
    hash_of,
)
from torogoz.exchange.documents.content import Block, Document, Heading, Items, Note, Paragraph, Span, Table
from torogoz.exchange.documents.words import day
from torogoz.shared.codelists.queries import names
from torogoz.shared.ui import documents
from torogoz.topics.consultation import words

DEFINITION: Final = "definition"
WORDS: Final = {
    "es": {
        "position": "Posición nacional",
        "draft": "Borrador: no es una posición adoptada",
        "draft_minutes": "Borrador: no es un acta definitiva",
        "made_up": "Consulta inventada, del país de demostración",
        "convener": "Convoca",
        "adopted": "Adoptada",
        "adopted_by": "{at}, propuesta por {one} y confirmada por {two}",
        "not_told": "La fuente no dice quién ni cómo la adoptó.",
        "source": "Fuente",
        "introduction": "Introducción",
        "mandate": "Mandato",
        "question": "Pregunta",
        "rule": "Cómo se decidió",
        "bodies": "Quiénes fueron convocados",
        "body": "Instancia",
        "group": "Grupo",
        "part": "Parte",
        "seats": "Escaños",
        "reply": "Respuesta",
        "not_recorded": "no consta",
        "no_day": "no consta",
        "phases": "Fases",
        "phase": "Fase",
        "from": "Desde",
        "until": "Hasta",
        "terms": "Conceptualización de términos",
        "no_terms": "Esta consulta no definió términos.",
        "results": "Resultados por tema",
        "no_results": "Todavía no hay resultados.",
        "without_theme": "Sin tema",
        "result": "Resultado",
        "no_text": "No hay texto acordado. «Sin acuerdo» es un resultado: nada se pone en su lugar.",
        "points": "Puntos",
        "agreed": "acordado",
        "not_agreed": "no acordado",
        "tally": "Escaños",
        "silent": "Sin hablar",
        "dissent": "Disensos y reservas",
        "dissent_unknown": "La fuente no dice si hubo disensos.",
        "note": "Nota",
        "check": "Cómo comprobar esta posición",
        "checks": [
            "La huella SHA-256 de la forma canónica está en la portada y al pie de cada hoja.",
            "Descargue la forma canónica de la página de la consulta y calcule su huella, por ejemplo con sha256sum: "
            "debe ser la misma. Es JSON en UTF-8, con las claves en orden, sin espacios entre ellas, terminado en un "
            "salto de línea.",
        ],
        "changed": "Un nombre de este documento cambió después de la adopción. Vale la forma canónica, que se guarda.",
        "minutes": "Acta",
        "event": "Reunión",
        "days": "Días",
        "place": "Lugar",
        "final": "Definitiva desde",
        "attendance": "Asistencia",
        "presence": "Presencia",
        "people": "Personas",
        "nobody_recorded": "No consta ninguna asistencia.",
        "no_minutes": "El acta no tiene texto en este idioma.",
        "check_minutes": "Cómo comprobar esta acta",
        "checks_minutes": [
            "La huella SHA-256 es la de los dos textos, primero el español, cada uno terminado en un salto de línea, "
            "en UTF-8. Está en la página del acta, en la portada y al pie de cada hoja.",
        ],
        "only_in": "[solo en inglés]",
    },
    "en": {
        "position": "National position",
        "draft": "Draft: not an adopted position",
        "draft_minutes": "Draft: not final minutes",
        "made_up": "Made-up consultation, of the demonstration country",
        "convener": "Convened by",
        "adopted": "Adopted",
        "adopted_by": "{at}, proposed by {one} and confirmed by {two}",
        "not_told": "The source does not say by whom or how it was adopted.",
        "source": "Source",
        "introduction": "Introduction",
        "mandate": "Mandate",
        "question": "Question",
        "rule": "How it was decided",
        "bodies": "Who was convened",
        "body": "Body",
        "group": "Group",
        "part": "Part",
        "seats": "Seats",
        "reply": "Reply",
        "not_recorded": "not recorded",
        "no_day": "not recorded",
        "phases": "Phases",
        "phase": "Phase",
        "from": "From",
        "until": "Until",
        "terms": "Conceptualisation of terms",
        "no_terms": "This consultation defined no terms.",
        "results": "Results by theme",
        "no_results": "There are no results yet.",
        "without_theme": "Without a theme",
        "result": "Result",
        "no_text": "There is no agreed text. “Not agreed” is a result: nothing is put in its place.",
        "points": "Points",
        "agreed": "agreed",
        "not_agreed": "not agreed",
        "tally": "Seats",
        "silent": "Had not spoken",
        "dissent": "Dissent and reservations",
        "dissent_unknown": "The source does not say whether there was dissent.",
        "note": "Note",
        "check": "How to check this position",
        "checks": [
            "The SHA-256 hash of the canonical form is on the title page and at the foot of each page.",
            "Download the canonical form from the page of the consultation and compute its hash, for example with "
            "sha256sum: it must be the same. It is JSON in UTF-8, with its keys in order, no blanks between them, "
            "ended by a line break.",
        ],
        "changed": "A name in this document changed after the adoption. The canonical form, which is kept, holds.",
        "minutes": "Minutes",
        "event": "Meeting",
        "days": "Days",
        "place": "Place",
        "final": "Final since",
        "attendance": "Attendance",
        "presence": "Presence",
        "people": "People",
        "nobody_recorded": "No attendance is recorded.",
        "no_minutes": "The minutes have no text in this language.",
        "check_minutes": "How to check these minutes",
        "checks_minutes": [
            "The SHA-256 hash is that of both texts, the Spanish one first, each ended by a line break, in UTF-8. It "
            "is on the page of the minutes, on the title page and at the foot of each page.",
        ],
        "only_in": "[only in Spanish]",
    },
}


class _Teller(documents.Teller):
    """Says what stands in a position or in minutes."""

    def both(self, said: Both) -> str:
        """Words in the language; those of the other one alone, marked."""
        here, there = (said.en, said.es) if self.language == "en" else (said.es, said.en)
        return here or (f"{there} {self['only_in']}" if there else "")

    def moment(self, when: datetime) -> str:
        local = timezone.localtime(when)
        return f"{day(local.date(), self.language)}, {local:%H:%M}"


def position_paper(
    position: AdoptedPosition,
    language: str,
    *,
    rule: Sequence[str],
    draft: bool,
    made_up: bool,
    made_on: date,
    address: str,
) -> Document:
    """A position in one language, which is also the active one.

    rule    in sentences: how it was decided, and the quorum
    draft   whether it is not adopted; every page says so
    """
    tell, said = _Teller(language, WORDS[language]), position.document
    now = hash_of(canonical(said))
    adopted = tell["not_told"]
    if position.adopted_at is not None:
        adopted = tell["adopted_by"].format(
            at=tell.moment(position.adopted_at), one=position.proposed_by, two=position.confirmed_by
        )
    facts = [
        (tell["convener"], tell.both(said.convener)),
        (tell["adopted"], "" if draft else adopted),
        (tell["source"], said.source),
    ]
    changed = [Note(f"{tell['note']}.", tell["changed"])] if position.sha256 and position.sha256 != now else []
    return Document(
        language,
        tell["position"],
        tell.both(said.convener),
        made_on,
        [
            *_introduction(said, rule, tell),
            *_terms(said, tell),
            *_results(said, tell),
            Heading(tell["check"]),
            Items(tell.lines("checks"), ordered=True),
            *changed,
        ],
        subtitle=tell.both(said.title),
        facts=[(label, value) for label, value in facts if value],
        made_from=position.sha256 or now,
        address=address,
        warning=_warning(tell, "draft" if draft else "", made_up),
    )


def _warning(tell: _Teller, draft: str, made_up: bool) -> str:
    return ". ".join([*([tell[draft]] if draft else []), *([tell["made_up"]] if made_up else [])])


def _introduction(said: PositionDocument, rule: Sequence[str], tell: _Teller) -> Iterator[Block]:
    yield Heading(tell["introduction"])
    for word, text in (("question", said.question), ("mandate", said.mandate)):
        if tell.both(text):
            yield Paragraph([Span(f"{tell[word]}: ", strong=True), Span(tell.both(text))])
    yield Paragraph([Span(f"{tell['rule']}: ", strong=True), Span(" ".join(rule))])
    groups = names("BODY_GROUP", tell.language)
    if said.bodies:
        rows = [
            (
                tell.both(one.name),
                groups.get(one.group, one.group),
                str(words.PARTS.get(one.part, one.part)),
                tell["not_recorded"] if one.seats is None else f"{one.seats}",
                str(words.REPLIES.get(one.reply, one.reply)),
            )
            for one in said.bodies
        ]
        head = tuple(tell[word] for word in ("body", "group", "part", "seats", "reply"))
        yield Table(tell["bodies"], head, rows, (5, 3, 2.4, 1.4, 2.6), (3,))
    if said.phases:
        phases = [
            (str(words.PHASES.get(one.kind, one.kind)), tell.day(one.starts_on), tell.day(one.ends_on))
            for one in said.phases
        ]
        yield Table(tell["phases"], (tell["phase"], tell["from"], tell["until"]), phases)


def _terms(said: PositionDocument, tell: _Teller) -> Iterator[Block]:
    """The definitions, with those on which there was no agreement."""
    yield Heading(tell["terms"])
    found = [one for one in said.outcomes if one.kind == DEFINITION]
    if not found:
        yield Paragraph(tell["no_terms"])
    for outcome in found:
        yield from _outcome(outcome, 2, tell)


def _results(said: PositionDocument, tell: _Teller) -> Iterator[Block]:
    """Every other text, under its theme and its part of a theme."""
    yield Heading(tell["results"])
    others = [one for one in said.outcomes if one.kind != DEFINITION]
    if not others:
        yield Paragraph(tell["no_results"])
    for theme in said.themes:
        if not theme.parent:
            yield from _theme(theme, said.themes, others, 2, tell)
    known = {theme.code for theme in said.themes}
    rest = [one for one in others if one.theme not in known]
    if rest:
        yield Heading(tell["without_theme"], 2)
        for outcome in rest:
            yield from _outcome(outcome, 3, tell)


def _theme(
    theme: ThemeEntry, themes: Sequence[ThemeEntry], outcomes: Sequence[OutcomeEntry], level: int, tell: _Teller
) -> Iterator[Block]:
    """A theme with its texts and its parts; a theme without any text has no heading."""
    parts = [one for one in themes if one.parent == theme.code]
    below = {theme.code, *(one.code for one in parts)}
    if not any(one.theme in below for one in outcomes):
        return
    yield Heading(f"{theme.code}. {tell.both(theme.name)}", level)
    for outcome in outcomes:
        if outcome.theme == theme.code:
            yield from _outcome(outcome, level + 1, tell)
    if level == 2:  # a part of a part has no part
        for part in parts:
            yield from _theme(part, themes, outcomes, level + 1, tell)


def _outcome(outcome: OutcomeEntry, level: int, tell: _Teller) -> Iterator[Block]:
    """What came of one text: the text or that there is none, points, seats, dissent."""
    yield Heading(f"{outcome.code}. {tell.both(outcome.title)}", level)
    yield Paragraph([Span(f"{tell['result']}: ", strong=True), Span(str(words.RESULTS[Result(outcome.result)]))])
    text = tell.both(outcome.text)
    if text:
        yield Paragraph(text)
    elif outcome.result == Result.NOT_AGREED:
        yield Paragraph(tell["no_text"])
    if outcome.points:
        yield Paragraph([Span(tell["points"], strong=True)])
        yield Items([f"{one.code}. {tell.both(one.text)}{_whether(one.agreed, tell)}" for one in outcome.points])
    if outcome.tally is not None:
        seats = [f"{words.STANCES[stance]}: {outcome.tally.get(stance, 0)}" for stance in words.STANCES]
        silent = [f"{tell['silent']}: {outcome.silent}"] if outcome.silent is not None else []
        yield Paragraph([Span(f"{tell['tally']}. ", strong=True), Span("; ".join([*seats, *silent]))])
    if outcome.dissent is None:
        yield Paragraph([Span(tell["dissent_unknown"], emphasis=True)])
    elif outcome.dissent:
        yield Paragraph([Span(tell["dissent"], strong=True)])
        yield Items([f"{tell.both(one.body)} ({words.STANCES[one.stance]}): {one.reason}" for one in outcome.dissent])
    if tell.both(outcome.note):
        yield Note(f"{tell['note']}.", tell.both(outcome.note))


def _whether(agreed: bool | None, tell: _Teller) -> str:
    return "" if agreed is None else f" [{tell['agreed' if agreed else 'not_agreed']}]"


def minutes_paper(
    minutes: MinutesDocument, language: str, *, publisher: str, draft: bool, made_up: bool, made_on: date, address: str
) -> Document:
    """The minutes of a meeting in one language, which is also the active one."""
    tell = _Teller(language, WORDS[language])
    days = tell.day(minutes.starts_on)
    if minutes.ends_on != minutes.starts_on:
        days = f"{days} – {tell.day(minutes.ends_on)}"
    facts = [
        (tell["event"], tell.both(minutes.event)),
        (tell["days"], days),
        (tell["place"], minutes.place),
        (tell["final"], tell.moment(minutes.final_at) if minutes.final_at else ""),
    ]
    attendance: Block = Paragraph(tell["nobody_recorded"])
    if minutes.attendance:
        groups = names("BODY_GROUP", language)
        rows = [
            (
                tell.both(one.body),
                groups.get(one.group, one.group),
                str(words.PRESENCES[one.presence]),
                tell["not_recorded"] if one.people is None else f"{one.people}",
            )
            for one in minutes.attendance
        ]
        head = (tell["body"], tell["group"], tell["presence"], tell["people"])
        attendance = Table(tell["attendance"], head, rows, (5, 3, 2.4, 1.6), (3,))
    text = tell.both(minutes.text)
    told: list[Block] = [Paragraph(one) for one in text.split("\n\n") if one.strip()] or [Paragraph(tell["no_minutes"])]
    checks: list[Block] = (
        [Heading(tell["check_minutes"]), Items(tell.lines("checks_minutes"))] if minutes.sha256 else []
    )
    return Document(
        language,
        f"{tell['minutes']}: {tell.both(minutes.event)}",
        publisher,
        made_on,
        [Heading(tell["minutes"]), *told, Heading(tell["attendance"]), attendance, *checks],
        subtitle=tell.both(minutes.consultation),
        facts=[(label, value) for label, value in facts if value],
        made_from=minutes.sha256,
        address=address,
        warning=_warning(tell, "draft_minutes" if draft else "", made_up),
        depth=0,
    )
