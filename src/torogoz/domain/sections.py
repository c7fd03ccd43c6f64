"""The single form as a whole: the header that is asked once, and the section that each institution adds to it.

The header is asked at the migration interview. A section lists in `needs` the facts that its institution works with and
that the header or another section has asked; no section may ask for one of them again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from torogoz.domain.access import LOGISTICS, Tier
from torogoz.domain.questions import Question, SectionForm

IDENTITY = "identity"
"""Code of the header for the policy: name, birth, sex, nationality and documents."""

CONTACTS = "contacts"
"""Code for the policy of how a person is reached: whoever holds it can find somebody who may be in danger."""

FAMILY = "family"
"""Code for the policy of who belongs to whom: relatives, groups that travel together, whether a child is alone."""

MIGRATION = "migration"
"""Code of the migration interview, whose readers may also read what was declared of the journey."""

REINTEGRATION = "reintegration"
"""Code of reintegration plans and their follow-ups."""

SESSIONS = "sessions"
"""Code of what was said in sessions of psychosocial attention: read by who attends, and opened by no consent."""

ONWARD = "onward"
"""Code of belongings, the way home and where a person sleeps: for who arranges it, and never for the police."""

BESIDE_THE_FORM: Mapping[str, tuple[str, str]] = {
    REINTEGRATION: ("Plan de reintegración", "Reintegration plan"),
}
"""What is kept of a person besides the single form, and opened as a section is: code to names (es, en)."""

HEALTH_ON_ARRIVAL = "arrival_health"
"""In the record of accesses: pregnancy, disability and injury as declared on arrival; no section of their own."""

NOT_OF_THE_FORM: Mapping[str, tuple[str, str]] = {
    LOGISTICS: ("Nombre y ayuda práctica", "Name and practical help"),
    IDENTITY: ("Quién es", "Who it is"),
    CONTACTS: ("Cómo se le encuentra", "How the person is reached"),
    FAMILY: ("Su familia", "The family"),
    SESSIONS: ("Sesiones de atención psicosocial", "Sessions of psychosocial attention"),
    ONWARD: ("Pertenencias, traslado y alojamiento", "Belongings, transport and lodging"),
    HEALTH_ON_ARRIVAL: (
        "Embarazo, discapacidad o heridas al llegar",
        "Pregnancy, disability or injuries on arrival",
    ),
    **BESIDE_THE_FORM,
}
"""Everything that the policy or the record of accesses calls by a code and that is no section of the single form: code
to names (es, en). A page or a sheet never shows the code."""


class NoSuchForm(LookupError):
    """No form has this code, or this version of it."""


@dataclass(frozen=True)
class Fact:
    """One fact of the header, and the fields in which it is asked.

    times       how many of it there may be: documents are up to three
    """

    code: str
    es: str
    en: str
    fields: tuple[Question, ...]
    times: int = 1

    def label(self, language: str) -> str:
        """Its name."""
        return self.es if language.startswith("es") else self.en

    @property
    def question(self) -> Question | None:
        """The one field of a fact that has no other; only on such a fact can a question depend."""
        return self.fields[0] if len(self.fields) == 1 and self.times == 1 else None


@dataclass(frozen=True)
class Header:
    """What is asked once, of everybody, by the institution that receives."""

    version: int
    institution: str
    tier: Tier
    es: str
    en: str
    facts: tuple[Fact, ...]

    def label(self, language: str) -> str:
        """Its name."""
        return self.es if language.startswith("es") else self.en

    @property
    def codes(self) -> frozenset[str]:
        """The facts that it asks."""
        return frozenset(fact.code for fact in self.facts)


@dataclass(frozen=True)
class SingleForm:
    """The header and every version of every section that was ever in use, in the order of the reception.

    A version that is replaced stays, so that its answers are read.
    """

    header: Header
    sections: tuple[SectionForm, ...]

    def current(self) -> tuple[SectionForm, ...]:
        """The newest version of each section, in the order of the reception."""
        newest: dict[str, SectionForm] = {}
        for form in self.sections:
            if form.code not in newest or form.version > newest[form.code].version:
                newest[form.code] = form
        return tuple(newest.values())

    def current_form(self, code: str) -> SectionForm:
        """The section that is filled in today. Raises NoSuchForm."""
        for form in self.current():
            if form.code == code:
                return form
        raise NoSuchForm(f"no section is called {code!r}; there are {', '.join(form.code for form in self.current())}")

    def form_of(self, code: str, version: int) -> SectionForm:
        """The form under which answers were written, however old. Raises NoSuchForm."""
        for form in self.sections:
            if (form.code, form.version) == (code, version):
                return form
        raise NoSuchForm(f"no version {version} of the section {code!r} was ever in use")

    def questions(self, form: SectionForm) -> Mapping[str, Question]:
        """What the conditions of a section may speak of, by code: facts of one field of the header, other sections'
        questions, its own."""
        asked = {fact.code: fact.question for fact in self.header.facts if fact.question}
        others = {each.code: each for other in self.current() if other.code != form.code for each in other.questions}
        return asked | others | {each.code: each for each in form.questions}

    def asked_by(self, fact: str) -> str:
        """The institution that asks a fact, so that nobody else has to. Raises NoSuchForm."""
        if fact in self.header.codes:
            return self.header.institution
        for form in self.current():
            if fact in (question.code for question in form.questions):
                return form.institution
        raise NoSuchForm(f"nobody asks for {fact!r}")

    def needed_by(self, fact: str) -> tuple[str, ...]:
        """The institutions that work with a fact and do not ask for it, in the order of the reception."""
        return tuple(dict.fromkeys(form.institution for form in self.current() if fact in form.needs))


def asked_twice(header: Header, sections: Iterable[SectionForm]) -> list[tuple[SectionForm, str, str]]:
    """The questions that the header or another section asks already: the section, the question, who asks it."""
    found = []
    first: dict[str, str] = dict.fromkeys(header.codes, "the header")
    first |= dict.fromkeys((field.code for fact in header.facts for field in fact.fields), "the header")
    for form in sections:
        for question in form.questions:
            owner = first.setdefault(question.code, form.code)
            if owner != form.code:
                found.append((form, question.code, owner))
    return found
