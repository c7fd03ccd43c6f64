"""Good practices: the steps that one takes, who may review it, and by which rule reviews become a verdict.

The shape of the review follows the Hub of the United Nations Network on Migration: criteria, peers from outside, a
conflict of interest declared before reading, one more reviewer where two disagree.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Final

from torogoz.domain.currencies import ISO_4217
from torogoz.domain.refusals import Refused

REVIEWERS: Final = 2
"""How many reviews there must be; a third is asked where they do not say the same."""
MOST_REVIEWERS: Final = 3
HIGHEST: Final = 3
"""Of a score: 0 not met, 1 partly, 2 mostly, 3 wholly. What cannot be told is no score, and never 0."""
ENOUGH: Final = 2
SHORTEST_REASON: Final = 10
LONGEST_REASON: Final = 600


class State(StrEnum):
    """Where a practice stands. Its words change only in DRAFT and SENT_BACK: what is reviewed is what is published."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What is done with a practice."""

    SUBMIT = "submit"
    BEGIN_REVIEW = "begin_review"
    PUBLISH = "publish"
    SEND_BACK = "send_back"
    WITHDRAW = "withdraw"


WRITTEN: Final = frozenset({State.DRAFT, State.SENT_BACK})
MOVES: Final[Mapping[Step, tuple[frozenset[State], State]]] = {
    Step.SUBMIT: (WRITTEN, State.SUBMITTED),
    Step.BEGIN_REVIEW: (frozenset({State.SUBMITTED}), State.IN_REVIEW),
    Step.PUBLISH: (frozenset({State.IN_REVIEW}), State.PUBLISHED),
    Step.SEND_BACK: (frozenset({State.SUBMITTED, State.IN_REVIEW}), State.SENT_BACK),
    Step.WITHDRAW: (frozenset(State) - {State.WITHDRAWN}, State.WITHDRAWN),
}


class ReviewState(StrEnum):
    """Where one reviewer stands: named, free of conflict, done; or not reviewing."""

    ASKED = "asked"
    READING = "reading"
    GIVEN = "given"
    IN_CONFLICT = "in_conflict"
    RELEASED = "released"


REVIEWING: Final = frozenset({ReviewState.ASKED, ReviewState.READING, ReviewState.GIVEN})


class Opinion(StrEnum):
    """What the scores of one reviewer come to."""

    MEETS = "meets"
    DOES_NOT_MEET = "does_not_meet"
    CANNOT_TELL = "cannot_tell"


class Verdict(StrEnum):
    """What the reviews come to."""

    WAITING = "waiting"
    THIRD = "third"
    PUBLISH = "publish"
    SEND_BACK = "send_back"


class Result(StrEnum):
    """How it went where a practice was repeated."""

    UNDER_WAY = "under_way"
    WORKED = "worked"
    IN_PART = "in_part"
    DID_NOT_WORK = "did_not_work"


WITH_REASON: Final = frozenset({Result.IN_PART, Result.DID_NOT_WORK})
"""Results that say why: they are what others learn from."""


class PracticeRefused(Refused):
    """Something about a practice that cannot be so. Nothing was changed."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "state": (
            "La práctica ya no está en ese paso. No se cambió nada; vuelva a abrirla.",
            "The practice is no longer at that step. Nothing was changed; open it again.",
        ),
        "edited": (
            "Alguien más guardó cambios mientras usted escribía. No se guardó lo suyo: ábrala de nuevo y compare.",
            "Somebody else saved changes while you were writing. Yours were not saved: open it again and compare.",
        ),
        "missing": (
            "Para presentarla falta: {names}. El borrador quedó guardado.",
            "Before it can be submitted it still lacks: {names}. The draft was kept.",
        ),
        "no_title": (
            "Escriba el título en el idioma en que está escrita la práctica.",
            "Write the title in the language that the practice is written in.",
        ),
        "dates": ("Termina antes de empezar.", "It ends before it begins."),
        "future": ("Empieza después de hoy: una buena práctica ya se hizo.", "It begins after today."),
        "currency": ("Con un monto, diga la moneda.", "With an amount, say the currency."),
        "no_currency": (
            "«{currency}» no es la moneda de ningún país.",
            "“{currency}” is the money of no country.",
        ),
        "same_title": (
            "Su institución ya tiene una práctica con ese título.",
            "Your institution already has a practice with this title.",
        ),
        "reason": ("Escriba por qué, en una frase.", "Say why, in a sentence."),
        "own_institution": (
            "{name} sirve en una institución que hizo la práctica: no la revisa.",
            "{name} serves in an institution that carried out the practice, and does not review it.",
        ),
        "own_hand": (
            "{name} presentó la práctica: no la revisa ni decide sobre ella.",
            "{name} submitted the practice, and neither reviews it nor decides about it.",
        ),
        "already": ("{name} ya fue nombrada para esta práctica.", "{name} was already named for this practice."),
        "one_institution": (
            "Quienes revisan deben ser de dos instituciones al menos; {name} es de la misma que la otra persona.",
            "Reviewers come from at least two institutions; {name} is of the same one as the other reviewer.",
        ),
        "enough": ("Ya hay quienes la revisen.", "It already has its reviewers."),
        "undeclared": (
            "Antes de leer, diga si tiene un conflicto de interés.",
            "Before reading, say whether you have a conflict of interest.",
        ),
        "declared": ("Ya lo declaró; la declaración no se cambia.", "You declared already; that does not change."),
        "given": ("Su revisión ya está entregada y no se cambia.", "Your review is given and does not change."),
        "score": ("Elija una de las respuestas.", "Choose one of the answers."),
        "no_verdict": (
            "Las revisiones todavía no llegan a ese veredicto.",
            "The reviews have not come to this verdict.",
        ),
        "call_closed": (
            "La convocatoria no está abierta: cerró el {day}.",
            "The call is not open: it closed on {day}.",
        ),
        "call_not_open": ("La convocatoria todavía no abre.", "The call is not open yet."),
        "not_public": ("La práctica no está publicada.", "The practice is not published."),
        "who": (
            "Diga qué institución u organización la repitió: una de las dos.",
            "Say which institution or organisation repeated it: one of the two.",
        ),
        "why": (
            "Diga por qué no funcionó, o qué parte: es lo que otros aprenden.",
            "Say why it did not work, or which part: that is what others learn from.",
        ),
        "translator": (
            "Quien escribió la traducción no la valida: hace falta otra persona.",
            "Whoever wrote the translation does not validate it: another person is needed.",
        ),
        "no_translation": ("Falta la traducción de: {names}.", "The translation of {names} is missing."),
    }


def move(state: State, step: Step) -> State:
    """Where a step leads. Raises PracticeRefused when it cannot be done from there."""
    begins, ends = MOVES[step]
    if state not in begins:
        raise PracticeRefused("", "state")
    return ends


def check_reason(text: str, field: str = "reason") -> str:
    """The reason without blanks around it. Raises PracticeRefused when it says nothing."""
    said = text.strip()
    if not SHORTEST_REASON <= len(said) <= LONGEST_REASON:
        raise PracticeRefused(field, "reason")
    return said


@dataclass(frozen=True)
class Reviewer:
    """Who is to review: the account, its name, the institution for which it reviews, and all that it serves."""

    username: str
    name: str
    institution: str
    serves: frozenset[str]


def check_reviewer(
    *, candidate: Reviewer, carried_out_by: Collection[str], submitted_by: str, named: Sequence[Reviewer]
) -> None:
    """Refuse a reviewer who is not a peer from outside, or is one too many.

    carried_out_by  codes of the institutions that submitted the practice or are named in it
    named           who reviews it already; without those in conflict or released
    raises          PracticeRefused
    """
    if candidate.username == submitted_by:
        raise PracticeRefused("reviewer", "own_hand", name=candidate.name)
    if candidate.serves & set(carried_out_by):
        raise PracticeRefused("reviewer", "own_institution", name=candidate.name)
    if any(one.username == candidate.username for one in named):
        raise PracticeRefused("reviewer", "already", name=candidate.name)
    if len({one.institution for one in named} | {candidate.institution}) < min(len(named) + 1, REVIEWERS):
        raise PracticeRefused("reviewer", "one_institution", name=candidate.name)


def seats_open(opinions: Sequence[Opinion | None]) -> bool:
    """Whether one more reviewer may be named: two at first, a third where the two given do not say the same.

    opinions    of everybody who reviews; None while it is not given
    """
    wanted = MOST_REVIEWERS if verdict([one for one in opinions if one]) is Verdict.THIRD else REVIEWERS
    return len(opinions) < wanted


def opinion(scores: Mapping[str, int | None], required: Collection[str]) -> Opinion:
    """What one reviewer's scores come to.

    MEETS when each required criterion has 2 or more and the mean of all that could be told is 2 or more; CANNOT_TELL
    when a required one could not be told and nothing told is against it; else DOES_NOT_MEET.

    scores      0 to 3 of each criterion, None where it cannot be told
    required    criteria without which no practice is published
    """
    told = [score for score in scores.values() if score is not None]
    below = any(score is not None and score < ENOUGH for code in required if (score := scores.get(code)) is not None)
    if below or (told and sum(told) < ENOUGH * len(told)):
        return Opinion.DOES_NOT_MEET
    if any(scores.get(code) is None for code in required):
        return Opinion.CANNOT_TELL
    return Opinion.MEETS


def verdict(opinions: Sequence[Opinion]) -> Verdict:
    """What the opinions come to, whatever their order: two that agree decide, two that differ need a third.

    Of three, what two of them say holds; three that all differ send it back, since nobody can tell enough.
    """
    if len(opinions) < REVIEWERS:
        return Verdict.WAITING
    most = max(set(opinions), key=lambda one: (opinions.count(one), one is not Opinion.MEETS))
    if opinions.count(most) >= REVIEWERS:
        return Verdict.PUBLISH if most is Opinion.MEETS else Verdict.SEND_BACK
    return Verdict.THIRD if len(opinions) < MOST_REVIEWERS else Verdict.SEND_BACK


def check_scores(scores: Mapping[str, int | None], reasons: Mapping[str, str], criteria: Collection[str]) -> None:
    """Each criterion has an answer and a reason. Raises PracticeRefused for the first that has not."""
    for code in criteria:
        score = scores.get(code, -1)
        if score is not None and not 0 <= score <= HIGHEST:
            raise PracticeRefused(f"score_{code}", "score")
        check_reason(reasons.get(code, ""), f"reason_{code}")


def check_result(result: Result, why: str) -> None:
    """A practice that did not work, or only in part, says why. Raises PracticeRefused."""
    if result in WITH_REASON and len(why.strip()) < SHORTEST_REASON:
        raise PracticeRefused("why_es", "why")


TEXTS: Final = ("title", "summary", "results", "cost", "lessons", "conditions")
"""What a practice says in words, each in two languages."""
REQUIRED_TEXTS: Final = ("title", "summary", "results", "lessons", "conditions")
LANGUAGES: Final = ("es", "en")


@dataclass(frozen=True)
class Written:
    """A practice as it is written down, before anybody keeps it.

    texts               by field and language: `title_es`, `title_en` …; what is not written is ""
    language            the one that it was written in; the other is a translation
    cost_amount         None: not said
    with_institutions   codes
    """

    texts: Mapping[str, str]
    language: str = "es"
    machine: bool = False
    place: str = ""
    country: str = ""
    began_on: date | None = None
    ended_on: date | None = None
    with_institutions: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    principles: tuple[str, ...] = ()
    evidence: str = ""
    cost_amount: Decimal | None = None
    cost_currency: str = ""

    def text(self, field: str, language: str) -> str:
        return self.texts.get(f"{field}_{language}", "").strip()

    def check(self, *, today: date) -> None:
        """Refuse what cannot be, in a draft as well. Raises PracticeRefused."""
        if not self.text("title", self.language):
            raise PracticeRefused(f"title_{self.language}", "no_title")
        if self.began_on and self.began_on > today:
            raise PracticeRefused("began_on", "future")
        if self.began_on and self.ended_on and self.ended_on < self.began_on:
            raise PracticeRefused("ended_on", "dates")
        if (self.cost_amount is not None) is not bool(self.cost_currency):
            raise PracticeRefused("cost_currency", "currency")
        if self.cost_currency and self.cost_currency not in ISO_4217:
            raise PracticeRefused("cost_currency", "no_currency", currency=self.cost_currency)

    def missing(self) -> tuple[str, ...]:
        """What it still lacks to be submitted, as names of fields. The translation may come later."""
        found = [field for field in REQUIRED_TEXTS if not self.text(field, self.language)]
        for name in ("place", "country", "began_on", "objectives", "principles", "evidence"):
            if not getattr(self, name):
                found.append(name)
        return tuple(found)


def other(language: str) -> str:
    """The language of the translation."""
    return "en" if language == "es" else "es"


def untranslated(texts: Mapping[str, str], language: str) -> tuple[str, ...]:
    """The fields that are written in `language` and not in the other one."""
    there = other(language)
    return tuple(
        field
        for field in TEXTS
        if texts.get(f"{field}_{language}", "").strip() and not texts.get(f"{field}_{there}", "").strip()
    )


def checksum(texts: Mapping[str, str]) -> str:
    """64 hexadecimal figures that stand for the words in both languages: another word, another checksum."""
    whole = [[name, texts.get(name, "")] for name in sorted(f"{field}_{one}" for field in TEXTS for one in LANGUAGES)]
    return hashlib.sha256(json.dumps(whole, ensure_ascii=False).encode()).hexdigest()
