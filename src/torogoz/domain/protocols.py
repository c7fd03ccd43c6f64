"""The sharing protocol as a whole: one number that stands for what the engine decides by, its lines for people, and how
it changes: by a draft of one officer that another, of another institution, approves."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import ClassVar

from torogoz.domain.access import NEVER, PERSON_ROLES, Role, Rule, Tier
from torogoz.domain.refusals import Refused

POLICE = "PNC"
SHORTEST_REASON, LONGEST_REASON = 20, 500


@dataclass(frozen=True)
class Line:
    """What the officers of one institution may do with one section: roles that read it, and roles that write it."""

    section: str
    institution: str
    tier: Tier
    reads: tuple[Role, ...]
    writes: tuple[Role, ...]


def fingerprint(rules: Iterable[Rule]) -> str:
    """64 hexadecimal figures that stand for the whole table, whatever the order of its lines.

    What must never be read, whatever a table says, is part of it; the words of the grounds are not: nothing is decided
    by them.
    """
    lines = sorted(
        [rule.section, rule.institution, rule.role.value, rule.read, rule.write, int(rule.tier)] for rule in rules
    )
    never = sorted([institution, sorted(sections)] for institution, sections in NEVER.items())
    whole = json.dumps([lines, never], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()


def as_lines(rules: Iterable[Rule]) -> list[Line]:
    """The table in lines that people sign: by sensitivity, section and institution; each right stands in one line."""
    in_order = sorted(rules, key=lambda rule: (rule.tier, rule.section, rule.institution))
    return [
        Line(
            section,
            institution,
            tier,
            tuple(role for role in Role if any(rule.role is role and rule.read for rule in group)),
            tuple(role for role in Role if any(rule.role is role and rule.write for rule in group)),
        )
        for (tier, section, institution), held in groupby(
            in_order, key=lambda rule: (rule.tier, rule.section, rule.institution)
        )
        for group in (list(held),)
    ]


class State(StrEnum):
    """Where a version stands. Its lines change only while it is a draft; once approved they never do."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({State.DRAFT, State.PROPOSED})
"""Of a change that is not decided yet."""


class ProtocolRefused(Refused):
    """A change of the protocol that cannot be, or cannot be approved so. Nothing was changed."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "never": (
            "{institution} nunca lee «{section}», lo apruebe quien lo apruebe.",
            "{institution} never reads “{section}”, whoever approves it.",
        ),
        "police_protected": (
            "A la policía no se le abre nada de nivel 4: «{section}».",
            "Nothing of tier 4 is opened to the police: “{section}”.",
        ),
        "protected_role": (
            "«{section}» es de nivel 4: solo la leen especialistas.",
            "“{section}” is of tier 4: only specialists read it.",
        ),
        "logistics_role": (
            "Logística solo conoce lo de nivel 1; «{section}» no lo es.",
            "Logistics knows what is of tier 1 alone; “{section}” is not.",
        ),
        "role": (
            "Quien tiene ese cargo no trabaja con personas: no lee ninguna sección.",
            "Whoever holds that role does not work with people: it reads no section.",
        ),
        "section": ("No hay una sección «{section}».", "There is no section “{section}”."),
        "tier": (
            "El nivel de «{section}» es {tier} y no se cambia con un renglón.",
            "The tier of “{section}” is {tier}, and a line does not change it.",
        ),
        "nothing": (
            "El renglón no abre nada. Marque que lee, o termínelo.",
            "The line opens nothing. Mark that it reads, or end it.",
        ),
        "unread": ("Quien escribe también lee. Marque las dos.", "Whoever writes also reads. Mark both."),
        "twice": (
            "Hay dos renglones de «{section}» para el mismo cargo de {institution}.",
            "There are two lines of “{section}” for one role of {institution}.",
        ),
        "no_writer": (
            "Nadie escribiría «{section}». Deje al menos un renglón que escriba.",
            "Nobody would write “{section}”. Leave at least one line that writes.",
        ),
        "same_officer": (
            "Quien propone no aprueba: hace falta una segunda persona.",
            "Whoever proposes does not approve: a second person is needed.",
        ),
        "same_institution": (
            "Aprueba alguien de otra institución que la que propuso.",
            "Somebody of another institution than the one that proposed approves.",
        ),
        "not_party": (
            "{institution} no es parte del protocolo: no tiene ningún renglón.",
            "{institution} is not party to the protocol: it has no line.",
        ),
        "not_asked": (
            "«{section}» la escribe {writers}: propone o aprueba alguien de ahí. Pídalo, o quítela del cambio.",
            "“{section}” is written by {writers}: somebody there proposes or approves. Ask them, or take it out.",
        ),
        "unchanged": (
            "El borrador no cambia nada. Agregue, cambie o termine un renglón.",
            "The draft changes nothing. Add, alter or end a line.",
        ),
        "moved": (
            "Lo que usted revisó ya no es lo propuesto, u otra versión se aprobó antes. No se cambió nada: "
            "revise de nuevo.",
            "What you reviewed is no longer what is proposed, or another version was approved before. Nothing was "
            "changed: review it again.",
        ),
        "state": ("El borrador ya no está en ese paso.", "The draft is no longer at that step."),
        "too_early": (
            "Rige antes que la versión anterior, que rige desde {since}. Elija un día posterior.",
            "It takes force before the version before it, of {since}. Choose a later day.",
        ),
        "past": ("Ese día ya pasó. Elija hoy o un día posterior.", "That day is past. Choose today or a later one."),
        "none": (
            "Todavía no hay ninguna versión: quien administra el sistema carga la primera.",
            "There is no version yet: whoever runs the system loads the first.",
        ),
        "signed": (
            "Ya se registró la firma de {institution} en esta versión.",
            "The signature of {institution} under this version is recorded already.",
        ),
        "no_annex": (
            "El anexo de esta versión no se ha emitido. Emítalo primero.",
            "The annex of this version has not been issued. Issue it first.",
        ),
        "law": (
            "La lista no nombra esa ley para todas esas secciones, u hoy no está vigente. Elija otra, o ninguna.",
            "The list does not name that law for all of those sections, or it is not in force today. Choose another, "
            "or none.",
        ),
        "no_law": (
            "Elija la ley de la lista o, si no está, escriba cómo se llama.",
            "Choose the law of the list or, where it is not there, write what it is called.",
        ),
        "basis_days": (
            "Termina antes de empezar, o ya terminó. Revise los dos días.",
            "It ends before it begins, or has ended already. Check both days.",
        ),
        "basis_state": (
            "Ese fundamento ya se aprobó o ya terminó. No se cambió nada.",
            "That legal basis is approved or has ended already. Nothing was changed.",
        ),
        "future": ("Ese día no ha llegado.", "That day has not come."),
        "reason": (
            "Explique por qué en al menos veinte letras.",
            "Explain why in twenty letters at least.",
        ),
    }


@dataclass(frozen=True)
class Agreed:
    """A line as it is agreed: what is decided by it, and the words and the law that it stands on."""

    rule: Rule
    basis_es: str
    basis_en: str
    ground: str = ""
    source: str = ""

    @property
    def place(self) -> tuple[str, str, Role]:
        """What one table says only once."""
        return self.rule.section, self.rule.institution, self.rule.role


@dataclass(frozen=True)
class Changes:
    """What one table says and another does not; `altered` pairs a line as it was with the line as it becomes."""

    added: tuple[Agreed, ...] = ()
    removed: tuple[Agreed, ...] = ()
    altered: tuple[tuple[Agreed, Agreed], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.altered)

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections that it is about."""
        lines = (*self.added, *self.removed, *(after for _before, after in self.altered))
        return tuple(sorted({line.rule.section for line in lines}))


def compare(before: Iterable[Agreed], after: Iterable[Agreed]) -> Changes:
    """The lines that `after` has more, has no more, and has otherwise; each in the order of its table."""
    old, new = {line.place: line for line in before}, {line.place: line for line in after}
    return Changes(
        added=tuple(line for place, line in new.items() if place not in old),
        removed=tuple(line for place, line in old.items() if place not in new),
        altered=tuple((old[place], line) for place, line in new.items() if place in old and old[place] != line),
    )


def parties(lines: Iterable[Agreed]) -> frozenset[str]:
    """The institutions that a table speaks of."""
    return frozenset(line.rule.institution for line in lines)


def writers(lines: Iterable[Agreed], section: str) -> frozenset[str]:
    """The institutions that write a section."""
    return frozenset(line.rule.institution for line in lines if line.rule.section == section and line.rule.write)


def check_line(rule: Rule, tiers: Mapping[str, Tier]) -> None:
    """Refuse a line that opens what must never be open, or that the policy would never hold.

    tiers   of every section, by its code: a line cannot lower that of its section
    raises  ProtocolRefused
    """
    if rule.section not in tiers:
        raise ProtocolRefused("section", "section", section=rule.section)
    if rule.tier != tiers[rule.section]:
        raise ProtocolRefused("section", "tier", section=rule.section, tier=int(tiers[rule.section]))
    if rule.section in NEVER.get(rule.institution, ()):
        raise ProtocolRefused("section", "never", institution=rule.institution, section=rule.section)
    if rule.institution == POLICE and rule.tier >= Tier.PROTECTED:
        raise ProtocolRefused("section", "police_protected", section=rule.section)
    if rule.role not in PERSON_ROLES:
        raise ProtocolRefused("role", "role")
    if rule.tier >= Tier.PROTECTED and rule.role is not Role.SPECIALIST:
        raise ProtocolRefused("role", "protected_role", section=rule.section)
    if rule.role is Role.LOGISTICS and rule.tier > Tier.LOGISTICS:
        raise ProtocolRefused("role", "logistics_role", section=rule.section)
    if rule.write and not rule.read:
        raise ProtocolRefused("read", "unread")
    if not rule.read:
        raise ProtocolRefused("read", "nothing")


def check_table(lines: Collection[Agreed], tiers: Mapping[str, Tier]) -> None:
    """Refuse a table with a line that cannot be, with two of one place, or with a section that nobody writes.

    Raises ProtocolRefused.
    """
    seen: set[tuple[str, str, Role]] = set()
    for line in lines:
        check_line(line.rule, tiers)
        if line.place in seen:
            raise ProtocolRefused("section", "twice", section=line.rule.section, institution=line.rule.institution)
        seen.add(line.place)
    for section in sorted({line.rule.section for line in lines}):
        if not writers(lines, section):
            raise ProtocolRefused("section", "no_writer", section=section)


def check_second(
    *, proposer: str, by: str, institutions: tuple[str, str], before: Collection[Agreed], after: Collection[Agreed]
) -> None:
    """Refuse an approval that is not of a second person, of another party, with a writer of each section among the two.

    proposer, by    who proposed and who approves
    institutions    for which institution they do, in that order
    before, after   the table that the draft was made of, and the one that it makes
    raises          ProtocolRefused
    """
    if proposer == by:
        raise ProtocolRefused("", "same_officer")
    if institutions[0] == institutions[1]:
        raise ProtocolRefused("", "same_institution")
    known = parties(before) | parties(after)
    for institution in institutions:
        if institution not in known:
            raise ProtocolRefused("", "not_party", institution=institution)
    for section in compare(before, after).sections:
        own = writers(before, section) or writers(after, section)
        if not own & set(institutions):
            raise ProtocolRefused("", "not_asked", section=section, writers=", ".join(sorted(own)))


def approvers(proposing: str, before: Collection[Agreed], after: Collection[Agreed]) -> tuple[str, ...]:
    """The institutions of which an officer may approve what `proposing` has proposed; none when it must be taken apart:
    it touches sections of several writers."""
    found = []
    for code in sorted(parties(before) | parties(after)):
        try:
            check_second(proposer="one", by="another", institutions=(proposing, code), before=before, after=after)
        except ProtocolRefused:
            continue
        found.append(code)
    return tuple(found)


def check_force(*, since: datetime | None, last: datetime | None, now: datetime) -> datetime:
    """From when a version that is approved at `now` is in force: `since`, or now when that is past or not said.

    Raises ProtocolRefused when the version before it takes force later, or at the same moment.
    """
    begins = max(since, now) if since else now
    if last is not None and begins <= last:
        raise ProtocolRefused("since", "too_early", since=f"{last:%Y-%m-%d}")
    return begins


def check_words(words: str) -> str:
    """Why a draft is made, or is refused: without the spaces around it. Raises ProtocolRefused."""
    said = " ".join(words.split())
    if not SHORTEST_REASON <= len(said) <= LONGEST_REASON:
        raise ProtocolRefused("reason", "reason")
    return said
