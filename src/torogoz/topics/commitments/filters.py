"""What a reader may ask of the list of commitments: every choice is checked, and what is not known is refused."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from django.utils.translation import gettext

from torogoz.domain.refusals import Refused
from torogoz.shared.codelists.queries import names, names_of
from torogoz.shared.provisions import queries as provisions
from torogoz.shared.provisions.models import Instrument, Provision
from torogoz.shared.provisions.shipped import COMPACT, POSITION, TARGETS
from torogoz.shared.ui.public import of_nobody
from torogoz.topics.commitments.queries import NO_THEME
from torogoz.topics.commitments.searching import Term, folded, near, stems_of, terms, words_in

LONGEST_SEARCH: Final = 100
FREE: Final = ("q", "page", "lang")
ALL: Final = "all"
"""Every mechanism that recommends; every instrument that asks for something."""
OF_ROWS: Final = frozenset(
    ("theme", "kind", "role", "actor", "beneficiary", "objective", "target", "system", "flag", "answer")
)
"""What rows may be chosen by, whether an instrument has such a row or not."""
AT_HAND: Final = frozenset(("instrument", "mechanism", "theme"))
"""What most readers choose by; the rest waits, folded, under a word."""
DEMANDS: Final = tuple(f"S{number}" for number in range(1, 18))
LISTS: Final = {
    "kind": "PROVISION_KIND",
    "role": "PROVISION_ROLE",
    "actor": "COMMITMENT_ACTOR",
    "beneficiary": "COMMITMENT_BENEFICIARY",
    "flag": "PROVISION_FLAG",
}


class NotOffered(Refused):
    """An address asks for what is not in the register."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "unknown": (
            "«{value}» no está entre lo que se puede elegir en «{name}».",
            "“{value}” is not among what can be chosen in “{name}”.",
        ),
        "parameter": ("No se puede filtrar por «{name}».", "It is not possible to filter by “{name}”."),
        "long": ("La búsqueda no puede pasar de {most} letras.", "A search cannot be longer than {most} letters."),
    }


@dataclass(frozen=True)
class Choice:
    """One thing to choose by: its name in the address, what it may be, and what was chosen."""

    name: str
    options: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True)
class Row:
    """One provision as the list knows it: with its words, flags and what it corresponds to."""

    provision: Provision
    theme: str
    words: provisions.Words
    flags: tuple[str, ...]
    objectives: frozenset[str]
    targets: frozenset[str]
    answer: str = ""
    document: str = ""
    published_on: date | None = None

    def title(self, language: str) -> str:
        best = self.words.best(language)
        return best.text if best else ""

    @property
    def searched(self) -> str:
        """Everything in it that a search looks through."""
        texts = (text.text for text in self.words.texts.values())
        return " ".join((self.provision.code, *texts))

    def has(self, asked: Sequence[Term]) -> bool:
        """Whether it has all that a search asks for."""
        if not asked:
            return True
        text = self.searched
        plain, stems = folded(text), stems_of(text)
        return all(term.found_in(plain, stems) for term in asked)


@dataclass(frozen=True)
class Elsewhere:
    """What may be read where a search found nothing.

    instruments  those with provisions that have all its words, without any other choice, and how many
    near         words that were perhaps meant, as they stand in some text
    """

    instruments: tuple[tuple[Instrument, int], ...] = ()
    near: tuple[str, ...] = ()


def elsewhere(search: str) -> Elsewhere:
    """Where in the register a search finds something, and words near to those that stand nowhere in it."""
    asked = terms(search)
    if not asked:
        return Elsewhere()
    instruments = {each.code: each for each in provisions.instruments_with_commitments()}
    rows = rows_of(list(instruments))
    counted = Counter(row.provision.instrument.code for row in rows if row.has(asked))
    found = tuple((each, counted[code]) for code, each in instruments.items() if counted[code])
    missing = [term for term in asked if not any(row.has([term]) for row in rows)]
    return Elsewhere(found, tuple(near(missing, {word for row in rows for word in words_in(row.searched)})))


def rows_of(instruments: Sequence[str]) -> list[Row]:
    """Every commitment of these instruments, one instrument after the other: as many queries for one as for many."""
    place = {code: number for number, code in enumerate(instruments)}
    found = list(provisions.commitments(*instruments).select_related("recommendation"))
    found.sort(key=lambda each: place[each.instrument.code])
    words = provisions.words_of(found)
    flags: dict[int, list[str]] = {}
    for flag in provisions.flags_in(*instruments):
        flags.setdefault(flag.provision_id, []).append(flag.code)
    mapped = {code: _mapped(instruments, code) for code in (COMPACT, TARGETS)}
    return [
        Row(
            each,
            over.code if (over := provisions.section_over(each)) else NO_THEME,
            words[each.pk],
            tuple(flags.get(each.pk, ())),
            frozenset(mapped[COMPACT].get(each.pk, ())),
            frozenset(mapped[TARGETS].get(each.pk, ())),
            *_recommended(each),
        )
        for each in found
    ]


def _recommended(provision: Provision) -> tuple[str, str, date | None]:
    """What the State answered, in which document it stands and of when; nothing of what is no recommendation."""
    said = getattr(provision, "recommendation", None)
    return (said.answer, said.document, said.published_on) if said else ("", "", None)


Recommended = Mapping[str, Mapping[str, int]]
"""How many recommendations each instrument holds, by the mechanism that made them."""


def mechanisms(by: Recommended, language: str) -> list[tuple[str, str, int]]:
    """Who recommended something, by code and name, and how many recommendations are stored of each."""
    counted = provisions.many_recommended(by)
    return [(code, name, counted[code]) for code, name in names("MECHANISM", language).items() if code in counted]


def chosen(asked: Mapping[str, str], by: Recommended, language: str) -> tuple[list[Row], list[Choice], str]:
    """The rows that were asked for, the choices with what was chosen, and the search. Raises NotOffered."""
    rows, first, instrument = _held(asked, by, language)
    choices = [first, *_choices(rows, asked, language, instrument)]
    known = {choice.name for choice in choices} | set(FREE)
    for name, value in asked.items():
        # The form of one instrument sends, empty, what another one does not have: nothing is asked with that.
        nothing = name in OF_ROWS and not value
        if name not in known and not nothing and not of_nobody(name):
            raise NotOffered(name, "parameter", name=name[:40])
    for choice in choices:
        if choice.chosen and choice.chosen not in dict(choice.options):
            raise NotOffered(choice.name, "unknown", value=choice.chosen[:40], name=choice.name)
    search = asked.get("q", "").strip()
    if len(search) > LONGEST_SEARCH:
        raise NotOffered("q", "long", most=LONGEST_SEARCH)
    wanted = {choice.name: choice.chosen for choice in choices if choice.chosen}
    words = terms(search)
    return [row for row in rows if _fits(row, wanted) and row.has(words)], choices, search


def _held(asked: Mapping[str, str], by: Recommended, language: str) -> tuple[list[Row], Choice, str]:
    """The rows of one instrument, or of every document of a mechanism; how that was chosen, and which instrument."""
    mechanism = asked.get("mechanism", "")
    if mechanism:
        options = ((ALL, gettext("Todos")), *((code, name) for code, name, _ in mechanisms(by, language)))
        held = [code for name, codes in by.items() for code in codes if mechanism in (ALL, name)]
        return rows_of(list(dict.fromkeys(held))), Choice("mechanism", options, mechanism), ""
    instruments = {each.code: each for each in provisions.instruments_with_commitments()}
    instrument = asked.get("instrument", "") or POSITION
    names_held = ((code, str(getattr(each, f"name_{language}"))) for code, each in instruments.items())
    options = (*names_held, (ALL, gettext("Todos")))
    if instrument == ALL:
        return rows_of(list(instruments)), Choice("instrument", options, ALL), ""
    if instrument not in instruments and instrument != POSITION:
        raise NotOffered("instrument", "unknown", value=instrument[:40], name="instrument")
    chosen_one = instrument if instrument in instruments else ""
    return rows_of([instrument]), Choice("instrument", options, chosen_one), instrument


def _fits(row: Row, wanted: Mapping[str, str]) -> bool:
    provision = row.provision
    has: dict[str, Collection[str]] = {
        "theme": [row.theme],
        "kind": [provision.kind],
        "role": [provision.software_role],
        "actor": provision.actors,
        "beneficiary": provision.beneficiaries,
        "objective": row.objectives,
        "target": row.targets,
        "system": [provision.system],
        "flag": row.flags,
        "answer": [row.answer],
    }
    return all(code in has[name] for name, code in wanted.items() if name in has)


def _choices(rows: list[Row], asked: Mapping[str, str], language: str, instrument: str) -> list[Choice]:
    """What may be chosen: only what some of the rows have, named in the reader's language."""
    present: dict[str, set[str]] = {
        "theme": {row.theme for row in rows},
        "kind": {row.provision.kind for row in rows},
        "role": {row.provision.software_role for row in rows},
        "actor": {code for row in rows for code in row.provision.actors},
        "beneficiary": {code for row in rows for code in row.provision.beneficiaries},
        "objective": {code for row in rows for code in row.objectives},
        "target": {code for row in rows for code in row.targets},
        "system": {row.provision.system for row in rows},
        "flag": {code for row in rows for code in row.flags},
        "answer": {row.answer for row in rows},
    }
    sections, objectives = list(provisions.sections(instrument)), list(provisions.objectives())
    targets = list(provisions.provisions_in(TARGETS))
    words, listed = (
        provisions.words_of([*sections, *objectives, *targets]),
        names_of([*LISTS.values(), "DEMAND"], language),
    )
    called: dict[str, dict[str, str]] = {
        "theme": {**_titles(sections, words, language), NO_THEME: gettext("Sin tema")},
        "objective": _titles(objectives, words, language, numbered=True),
        "target": _titles(targets, words, language, numbered=True),
        "system": {code: f"{code} {listed['DEMAND'].get(code, '')}".strip() for code in DEMANDS},
        "answer": answers(language),
        **{name: listed[codelist] for name, codelist in LISTS.items()},
    }
    offered = [
        Choice(
            name,
            tuple((code, said) for code, said in called[name].items() if code in present[name]),
            asked.get(name, ""),
        )
        for name in present
    ]
    # Where nothing stands in a theme there are none to choose among.
    themed = present["theme"] - {NO_THEME}
    return [choice for choice in offered if choice.chosen or (choice.options and (choice.name != "theme" or themed))]


def answers(language: str) -> dict[str, str]:
    """What a State answered to a recommendation."""
    spanish = {"accepted": "aceptada", "noted": "se tomó nota"}
    return spanish if language == "es" else {"accepted": "accepted", "noted": "noted"}


def _titles(
    found: list[Provision], words: Mapping[int, provisions.Words], language: str, *, numbered: bool = False
) -> dict[str, str]:
    titles = {}
    for each in found:
        best = words[each.pk].best(language)
        text = best.text if best else each.code
        titles[each.code] = f"{each.code}. {text}" if numbered else text
    return titles


def _mapped(instruments: Sequence[str], other: str) -> dict[int, set[str]]:
    mapped: dict[int, set[str]] = {}
    for source, code in provisions.links_between(instruments, other).values_list("source", "target__code"):
        mapped.setdefault(source, set()).add(code)
    return mapped
