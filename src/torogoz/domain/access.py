"""Who may see and do what: tiers, roles, postings, the sharing protocol, and the one decision over them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum


class Tier(IntEnum):
    """How sensitive a section is; a higher tier is seen by fewer."""

    PUBLIC = 0
    LOGISTICS = 1
    ORDINARY = 2
    SENSITIVE = 3
    PROTECTED = 4


class Verb(StrEnum):
    """What an officer asks to do."""

    VIEW = "view"
    LIST = "list"
    SEARCH = "search"
    CREATE = "create"
    EDIT = "edit"
    MERGE = "merge"
    PRINT = "print"
    EXPORT = "export"
    AUDIT = "audit"
    PUBLISH = "publish"
    SUBMIT = "submit"
    CONVENE = "convene"
    REPORT = "report"
    ASSESS = "assess"
    LIAISE = "liaise"
    AGREE = "agree"
    DISPOSE = "dispose"
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"


class Role(StrEnum):
    """What an officer is in an institution. A role is held through a posting, for a time."""

    LOGISTICS = "logistics"
    REGISTRAR = "registrar"
    SPECIALIST = "specialist"
    SUPERVISOR = "supervisor"
    STATISTICIAN = "statistician"
    DATA_PROTECTION = "data_protection"
    SECRETARIAT = "secretariat"
    FOCAL_POINT = "focal_point"
    OBSERVER = "observer"


class Basis(StrEnum):
    """On what ground a decision allows."""

    OWN = "own"
    PROTOCOL = "protocol"
    OFFICE = "office"
    DUTY = "duty"
    CONSENT = "consent"
    GLASS = "glass"
    HANDOVER = "handover"
    LAW = "law"


@dataclass(frozen=True)
class Posting:
    """An officer's place: in an institution, at an office, in a role, from one moment until another."""

    institution: str
    office: int
    role: Role
    valid_from: datetime
    valid_until: datetime | None

    def holds(self, now: datetime) -> bool:
        """Whether the posting is in force at `now`."""
        return self.valid_from <= now and (self.valid_until is None or now < self.valid_until)


@dataclass(frozen=True)
class Decision:
    """The answer of the policy, the ground it stands on, and as an officer of which institution.

    A refusal has neither ground nor institution.
    """

    allowed: bool
    basis: Basis | None = None
    institution: str = ""

    def __bool__(self) -> bool:
        return self.allowed


REFUSED = Decision(allowed=False)


@dataclass(frozen=True)
class Limit:
    """That a person's record is kept and no more: from one moment until another, one institution alone reaches it."""

    institution: str
    since: datetime
    until: datetime | None = None

    def shuts_out(self, institution: str, now: datetime) -> bool:
        """Whether officers of this institution do not reach the person at `now`."""
        holds = self.since <= now and (self.until is None or now < self.until)
        return holds and institution != self.institution


@dataclass(frozen=True)
class Subject:
    """What the policy knows of a person (or of one encounter): where it was met, and which institutions recorded that.

    offices         keys of the offices where the encounters took place
    institutions    codes of the institutions that recorded them
    person          key of the person whom grants may open; empty for a protected section, which no grant opens
    written_at      when what is asked about was written, for one row; None when it is asked about a section at large
    limits          those that were granted to the person; no protocol and no grant opens what they shut
    """

    offices: frozenset[int]
    institutions: frozenset[str]
    person: str = ""
    written_at: datetime | None = None
    limits: tuple[Limit, ...] = ()

    def shut_to(self, institution: str, now: datetime) -> bool:
        """Whether a limit keeps the officers of this institution out."""
        return any(limit.shuts_out(institution, now) for limit in self.limits)


@dataclass(frozen=True)
class Rule:
    """One line of the sharing protocol: officers of `institution` in `role` may read, or write, `section`."""

    section: str
    institution: str
    role: Role
    read: bool
    write: bool
    tier: Tier


@dataclass(frozen=True)
class Grant:
    """That one person was opened to officers whom the protocol alone would not let in, from one moment until another.

    person          key of the person
    institution     code of the institution whose officers it lets in
    officer         the one officer whom it lets in (key of the row); None for all of the institution
    sections        codes of what the person consented to; None opens what the protocol opens to the role, as if the
                    person were met at the officer's own office (glass that was broken)
    office          the one office whose officers it lets in (key of the row); None for every office
    ruled           True opens of `sections` only what the protocol opens to the role too
    written_before  what was written later stays closed: a hand-over that nobody accepted yet opens what was sent
    closed          encounters (keys of the rows) that stay closed: a merge brought them after the grant was given
    purpose         for which the person consented; empty unless it stands on a consent
    """

    person: str
    institution: str
    basis: Basis
    officer: int | None
    sections: frozenset[str] | None
    office: int | None = None
    ruled: bool = False
    written_before: datetime | None = None
    closed: frozenset[int] = frozenset()
    purpose: str = ""

    def serves(self, declared: str) -> bool:
        """Whether it opens anything to who works for this purpose: a consent only to who works for what it says."""
        return self.basis is not Basis.CONSENT or bool(self.purpose and self.purpose == declared)

    def reaches(self, subject: Subject) -> bool:
        """Whether it is about this person, and about what was written by then."""
        if not subject.person or self.person != subject.person:
            return False
        return self.written_before is None or subject.written_at is None or subject.written_at <= self.written_before


@dataclass(frozen=True)
class Reach:
    """The people whom an officer reaches: met at one of these offices, recorded by one of these institutions, or
    opened one by one by grants."""

    offices: frozenset[int] = frozenset()
    institutions: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()

    def holds(self, subject: Subject) -> bool:
        """Whether `subject` is within reach."""
        return bool(
            self.offices & subject.offices
            or self.institutions & subject.institutions
            or (subject.person and subject.person in self.people)
        )


# The least that may be known of a person: that she is there, her name, and what to do about a bed or a meal.
LOGISTICS = "logistics"

READING = frozenset({Verb.VIEW, Verb.LIST, Verb.SEARCH, Verb.PRINT, Verb.EXPORT})
WRITING = frozenset({Verb.CREATE, Verb.EDIT, Verb.MERGE})
PERSON_ROLES = frozenset({Role.LOGISTICS, Role.REGISTRAR, Role.SPECIALIST, Role.SUPERVISOR})
GRANTED_VERBS = frozenset({Verb.VIEW})
"""What a grant lets an officer do: read one person on the screen, who stays out of lists, searches, counts and exports,
and out of what is printed: nothing is taken out. The sheet of a hand-over is of the hand-over, and has its own rule."""
GRANTED_ROLES = frozenset({Role.REGISTRAR, Role.SPECIALIST, Role.SUPERVISOR})
GRANTED_BASES = frozenset({Basis.CONSENT, Basis.GLASS, Basis.HANDOVER, Basis.LAW})
"""Grounds of who reads one person by a grant, and may not pass on what was opened so."""
INSTITUTION_WIDE_ROLES = frozenset({Role.REGISTRAR, Role.SUPERVISOR})

# What an officer does by duty, about nobody in particular.
DUTIES = {
    Role.DATA_PROTECTION: frozenset({Verb.AUDIT, Verb.AGREE, Verb.DISPOSE}),
    Role.STATISTICIAN: frozenset({Verb.PUBLISH, Verb.SUBMIT}),
    Role.SUPERVISOR: frozenset({Verb.SUBMIT, Verb.AGREE, Verb.DISPOSE, Verb.LIAISE}),
    Role.SPECIALIST: frozenset({Verb.LIAISE}),
    Role.SECRETARIAT: frozenset({Verb.CONVENE}),
    Role.FOCAL_POINT: frozenset({Verb.REPORT}),
    Role.OBSERVER: frozenset({Verb.ASSESS}),
}

# No protocol can open these: returned people have been harmed by those who should protect them (Human Rights Watch,
# 2020 and 2026), so the police never read what was said to a doctor, a psychologist, a lawyer, an ombudsman or to
# the prosecution, nor what a person plans to live on, where she sleeps, whom she fears, who her family is and how she
# is reached.
NEVER = {
    "PNC": frozenset(
        {
            "health",
            "psychosocial",
            "child_protection",
            "women",
            "legal_aid",
            "rights",
            "prosecution",
            "reintegration",
            "sessions",
            "onward",
            "contacts",
            "family",
        }
    ),
}


def in_force(postings: Iterable[Posting], now: datetime) -> tuple[Posting, ...]:
    """The postings that hold at `now`."""
    return tuple(posting for posting in postings if posting.holds(now))


def decide(
    postings: Iterable[Posting],
    verb: Verb,
    subject: Subject | None,
    section: str | None,
    rules: Iterable[Rule],
    now: datetime,
    grants: Iterable[Grant] = (),
) -> Decision:
    """Whether an officer with these `postings` may do `verb`, on what ground, and for which institution.

    subject     the person, or the encounter, that it is about; None for a duty that is about nobody
    section     code of the section; None asks about the person as such, which is the section `logistics`
    rules       the sharing protocol; what neither a rule nor a grant allows is refused
    grants      those in force at `now` for this officer
    """
    rules, grants = tuple(rules), tuple(grants)
    for posting in in_force(postings, now):
        if subject is None:
            if section is None and verb in DUTIES.get(posting.role, ()):
                return Decision(True, Basis.DUTY, posting.institution)
            continue
        if subject.shut_to(posting.institution, now):
            continue
        rule = rule_of(posting, verb, section, rules)
        if rule is not None and reach_of(posting, verb, rule).holds(subject):
            return Decision(True, _ground(posting, rule, subject), posting.institution)
    if subject is not None and subject.person:
        for posting in in_force(postings, now):
            for grant in opening(posting, verb, section, rules, grants):
                if grant.reaches(subject) and not subject.shut_to(posting.institution, now):
                    return Decision(True, grant.basis, posting.institution)
    return REFUSED


def opening(
    posting: Posting, verb: Verb, section: str | None, rules: Iterable[Rule], grants: Iterable[Grant]
) -> tuple[Grant, ...]:
    """The grants that let an officer in this posting do `verb` on `section` of their persons.

    A grant never opens a protected section, nor what the institution must never read.
    """
    code = section or LOGISTICS
    if verb not in GRANTED_VERBS or posting.role not in GRANTED_ROLES or code in NEVER.get(posting.institution, ()):
        return ()
    rules = tuple(rules)
    if any(rule.section == code and rule.tier >= Tier.PROTECTED for rule in rules):
        return ()
    by_rule = rule_of(posting, verb, section, rules) is not None
    return tuple(
        grant
        for grant in grants
        if grant.institution == posting.institution
        and grant.office in (None, posting.office)
        and (by_rule or not (grant.ruled or grant.sections is None))
        and (grant.sections is None or code == LOGISTICS or code in grant.sections)
    )


def seats(postings: Iterable[Posting], verb: Verb, now: datetime) -> tuple[str, ...]:
    """The institutions for which `decide` allows the duty `verb`, each once: the same policy, asked for whom."""
    return tuple(
        dict.fromkeys(
            posting.institution for posting in in_force(postings, now) if verb in DUTIES.get(posting.role, ())
        )
    )


def reach(
    postings: Iterable[Posting],
    verb: Verb,
    section: str | None,
    rules: Iterable[Rule],
    now: datetime,
    grants: Iterable[Grant] = (),
) -> Reach:
    """Everybody about whom `decide` would allow `verb` on `section`: the same policy, asked the other way round.

    Limits are of persons, and are taken off by who asks (shared/institutions/access.py).
    """
    postings, rules, grants = tuple(postings), tuple(rules), tuple(grants)
    parts = [
        reach_of(posting, verb, rule)
        for posting in in_force(postings, now)
        if (rule := rule_of(posting, verb, section, rules)) is not None
    ]
    return Reach(
        offices=frozenset().union(*(part.offices for part in parts)),
        institutions=frozenset().union(*(part.institutions for part in parts)),
        people=frozenset(
            grant.person
            for posting in in_force(postings, now)
            for grant in opening(posting, verb, section, rules, grants)
        ),
    )


def rule_of(posting: Posting, verb: Verb, section: str | None, rules: Iterable[Rule]) -> Rule | None:
    """The line of the protocol under which `posting` may do `verb` on `section`, wherever the person is; or None."""
    code = section or LOGISTICS
    if posting.role not in PERSON_ROLES or code in NEVER.get(posting.institution, ()):
        return None
    if verb in (Verb.EXPORT, Verb.MERGE) and posting.role is not Role.SUPERVISOR:
        return None
    for rule in rules:
        if (rule.section, rule.institution, rule.role) == (code, posting.institution, posting.role):
            if posting.role is Role.LOGISTICS and rule.tier > Tier.LOGISTICS:
                return None
            if rule.tier >= Tier.PROTECTED and posting.role is not Role.SPECIALIST:
                return None
            allowed = (verb in READING and rule.read) or (verb in WRITING and rule.write)
            return rule if allowed else None
    return None


def reach_of(posting: Posting, verb: Verb, rule: Rule) -> Reach:
    """How far `posting` reaches under `rule`.

    To the people met at its office; and, for registrars who search before they register and for supervisors, to
    all whom the institution recorded. A registrar writes only at the own office. A protected section stays with
    those who serve at the office where it was written.
    """
    office = frozenset({posting.office})
    wide = posting.role in INSTITUTION_WIDE_ROLES and rule.tier < Tier.PROTECTED
    if verb in WRITING:
        wide = wide and posting.role is Role.SUPERVISOR
    return Reach(office, frozenset({posting.institution}) if wide else frozenset())


def _ground(posting: Posting, rule: Rule, subject: Subject) -> Basis:
    if rule.section == LOGISTICS:
        return Basis.OFFICE if posting.office in subject.offices else Basis.OWN
    return Basis.OWN if rule.write else Basis.PROTOCOL
