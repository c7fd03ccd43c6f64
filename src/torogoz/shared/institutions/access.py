"""The policy of `domain.access`, asked about the officers, postings and sharing rules that are stored.

Every path to a person asks here: pages, lists, search, counts, exports. `may` answers for one person, `visible` is its
twin for a query: a row that the one refuses, the other leaves out (tests/property/test_access.py).
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from torogoz.domain.access import (
    GRANTED_VERBS,
    LOGISTICS,
    PERSON_ROLES,
    REFUSED,
    Basis,
    Decision,
    Grant,
    Limit,
    Posting,
    Role,
    Rule,
    Subject,
    Tier,
    Verb,
    decide,
    in_force,
    reach,
    rule_of,
)
from torogoz.domain.access import seats as seats_of
from torogoz.shared.audit.declared import purpose_of
from torogoz.shared.institutions.models import (
    Institution,
    Membership,
    Office,
    Officer,
    PersonGrant,
    PersonLimit,
    SharingRule,
)
from torogoz.shared.institutions.once import asked_once
from torogoz.statistics.forms.shipped import current

PROTECTED_SECTIONS = frozenset(form.code for form in current() if form.tier >= Tier.PROTECTED)
"""What no grant opens, whatever it says."""


class NobodyAsks(Exception):
    """A page that only officers may ask was reached without one: it lacks its sign-in."""


def officer_of(request: HttpRequest) -> Officer:
    """The officer who asks. Raises NobodyAsks when nobody has signed in."""
    if isinstance(request.user, Officer):
        return request.user
    raise NobodyAsks(f"{request.path} was reached without an officer; the view must not be public")


def postings(officer: Officer, now: datetime) -> tuple[Posting, ...]:
    """The officer's postings in force at `now`, the oldest first; none for an officer who is no longer active."""
    return in_force(all_postings(officer), now) if officer.is_active else ()


@asked_once
def all_postings(officer: Officer) -> tuple[Posting, ...]:
    """Every posting that the officer ever had or is to have, the oldest first."""
    stored = Membership.objects.filter(officer=officer).select_related("institution").order_by("pk")
    return tuple(as_posting(membership) for membership in stored)


def as_posting(membership: Membership) -> Posting:
    """A stored posting, as the policy knows it."""
    return Posting(
        institution=membership.institution.code,
        office=membership.office_id,
        role=Role(membership.role),
        valid_from=membership.valid_from,
        valid_until=membership.valid_until,
    )


def opened_by_protocol(posting: Posting, now: datetime) -> frozenset[str]:
    """The codes of the sections that the protocol in force at `now` lets officers in this posting read."""
    return frozenset(
        rule.section
        for rule in rules((posting,), now)
        if rule_of(posting, Verb.VIEW, rule.section, (rule,)) is not None
    )


def grants(officer: Officer, held: tuple[Posting, ...], now: datetime) -> tuple[Grant, ...]:
    """What consents, hand-overs and broken glass open to this officer at `now`, person by person.

    A consent opens to who works for its purpose. Every question of this module passes here, and no other place asks.
    """
    declared = purpose_of(officer.username)
    return tuple(grant for grant in grants_for_any_purpose(officer, held, now) if grant.serves(declared))


@asked_once
def grants_for_any_purpose(officer: Officer, held: tuple[Posting, ...], now: datetime) -> tuple[Grant, ...]:
    """The grants in force, those of consents for other purposes too, which open nothing now."""
    if not held:
        return ()
    stored = PersonGrant.objects.filter(
        Q(officer=officer) | Q(officer__isnull=True),
        Q(office__in={posting.office for posting in held}) | Q(office__isnull=True),
        institution__code__in={posting.institution for posting in held},
        valid_from__lte=now,
        valid_until__gt=now,
    ).select_related("institution")
    return tuple(
        Grant(
            person=str(row.person),
            institution=row.institution.code,
            basis=Basis(row.basis),
            officer=row.officer_id,
            sections=None if row.sections is None else frozenset(row.sections) - PROTECTED_SECTIONS,
            office=row.office_id,
            ruled=row.ruled,
            written_before=row.written_before,
            closed=frozenset(row.closed),
            purpose=row.purpose,
        )
        for row in stored.order_by("pk")
    )


def limits_on(people: Iterable[object]) -> dict[str, tuple[Limit, ...]]:
    """The limits that were ever granted to these people (their keys), by the key; nobody without one is in it."""
    found: dict[str, tuple[Limit, ...]] = {}
    for row in PersonLimit.objects.filter(person__in=list(people)).select_related("institution").order_by("pk"):
        limit = Limit(row.institution.code, row.since, row.until)
        found[str(row.person)] = (*found.get(str(row.person), ()), limit)
    return found


def limited_since(person: UUID, now: datetime) -> datetime | None:
    """Since when the limit holds that is in force on this person (her key); None without one."""
    held = PersonLimit.objects.filter(Q(until__isnull=True) | Q(until__gt=now), person=person, since__lte=now)
    return held.order_by("since").values_list("since", flat=True).first()


def shut_to(officer: Officer, now: datetime) -> frozenset[str]:
    """The keys of the people whom a limit keeps from every institution that the officer serves."""
    served = {posting.institution for posting in postings(officer, now)}
    return frozenset(key for institution, keys in _limited(now).items() if institution not in served for key in keys)


def people_granted(officer: Officer, now: datetime) -> frozenset[str]:
    """The keys of the people whom consents, hand-overs and broken glass open to this officer."""
    return frozenset(grant.person for grant in grants(officer, postings(officer, now), now))


def rules(held: tuple[Posting, ...], now: datetime) -> tuple[Rule, ...]:
    """The lines of the sharing protocol in force at `now` that concern these postings."""
    return tuple(rule for rule, since, until in _lines(held) if _holds(since, until, now))


def whole_protocol(now: datetime) -> tuple[Rule, ...]:
    """Every line of the sharing protocol in force at `now`, as the policy reads it."""
    return tuple(_as_rule(line) for line in lines_in_force(now).select_related("institution").order_by("pk"))


def read_by_all(now: datetime) -> frozenset[str]:
    """The codes of the sections that every institution of the protocol in force at `now` reads, in some role: what a
    paper that goes from stop to stop may say. Empty when no protocol is stored."""
    read: dict[str, set[str]] = {}
    for rule in whole_protocol(now):
        opened = read.setdefault(rule.institution, set())
        if rule_of(Posting(rule.institution, 0, rule.role, now, None), Verb.VIEW, rule.section, (rule,)) is not None:
            opened.add(rule.section)
    return frozenset(set.intersection(*read.values())) if read else frozenset()


def lines_in_force(now: datetime) -> QuerySet[SharingRule]:
    """The lines of the table by which is decided at `now`: of one version, with the words of their grounds."""
    return SharingRule.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=now), Q(valid_until__isnull=True) | Q(valid_until__gt=now)
    )


def may(officer: Officer, verb: Verb, subject: Subject | None, section: str | None, now: datetime) -> Decision:
    """Whether `officer` may do `verb` on `section` of `subject` at `now`, on what ground, for which institution.

    subject     of a person: all offices and recording institutions of its encounters; of a protected section
                (tier 4): those of its own encounter alone; None for a duty about nobody (Verb.AUDIT, Verb.PUBLISH)
    section     code of a section; None asks about the person as such
    """
    held = postings(officer, now)
    opened = grants(officer, held, now) if subject is not None and subject.person and verb in GRANTED_VERBS else ()
    return decide(held, verb, subject, section, rules(held, now), now, opened)


def may_for(officer: Officer, verb: Verb, institution: str, now: datetime) -> Decision:
    """Whether `officer` may do a duty about nobody (`verb`) for `institution`: by a posting in it, and no other."""
    own = tuple(posting for posting in postings(officer, now) if posting.institution == institution)
    return decide(own, verb, None, None, (), now)


def may_before_it_is_public(officer: Officer, now: datetime) -> Decision:
    """Whether `officer` may see what a release holds before the public may, and speak of it: a statistician of the
    institution that makes releases (the setting TOROGOZ_PUBLISHER), and nobody else."""
    return may_for(officer, Verb.PUBLISH, settings.PUBLISHING_INSTITUTION, now)


def visible(
    officer: Officer,
    verb: Verb,
    now: datetime,
    through: str = "encounters__",
    section: str | None = None,
    *,
    granted: bool = True,
) -> Q:
    """The rows about which `may` would say yes.

    granted     False leaves out the people whom only a consent, a hand-over or broken glass opens
    through     the way from the row to its encounters: `encounters__` from a person, `` from an encounter itself.
                From a person it joins many rows: add `.distinct()`, or, on big tables, ask
                `pk__in=Encounter.objects.filter(visible(…, through="")).values("person")`
    """
    held = postings(officer, now)
    opened = grants(officer, held, now) if granted and verb in GRANTED_VERBS else ()
    protocol = rules(held, now)

    def rows(own: tuple[Posting, ...]) -> Q:
        if through or section is None:
            return _within(own, verb, now, through, section, protocol, opened)
        live = tuple(grant for grant in opened if grant.written_before is None)
        return _within(own, verb, now, through, section, protocol, live) | _sent(
            own, verb, now, "person__key__in", section, protocol, opened
        )

    return _but_limited(held, f"{through}person__key__in", _limited(now), rows)


def visible_sections(officer: Officer, verb: Verb, now: datetime) -> Q:
    """The rows of `people.Section` about which `may` would say yes.

    An ordinary or sensitive section is open to whoever the protocol names, once the person is within reach by any
    encounter; a protected one only within reach of its own encounter.
    """
    held = postings(officer, now)
    protocol = rules(held, now)
    opened = grants(officer, held, now) if verb in GRANTED_VERBS else ()
    consented = frozenset().union(*(grant.sections for grant in opened if grant.sections))
    tiers = {rule.section: rule.tier for rule in protocol}

    def rows(own: tuple[Posting, ...]) -> Q:
        within = Q(pk__in=[])
        for code in sorted({*tiers, *consented}):
            protected = tiers.get(code, Tier.SENSITIVE) >= Tier.PROTECTED
            way = "encounter__" if protected else "encounter__person__encounters__"
            live = () if protected else tuple(grant for grant in opened if grant.written_before is None)
            open_rows = _within(own, verb, now, way, code, protocol, live)
            if not protected:
                open_rows |= _sent(own, verb, now, "encounter__person__key__in", code, protocol, opened)
            within |= Q(code=code) & open_rows
        return within

    return _but_limited(held, "encounter__person__key__in", _limited(now), rows)


def sections(officer: Officer, verb: Verb, subject: Subject, now: datetime) -> frozenset[str]:
    """The codes of the sections on which `officer` may do `verb` for `subject`."""
    held = postings(officer, now)
    protocol = rules(held, now)
    opened = grants(officer, held, now) if subject.person and verb in GRANTED_VERBS else ()
    consented = frozenset().union(*(grant.sections for grant in opened if grant.sections))
    return frozenset(
        code
        for code in {rule.section for rule in protocol} | consented
        if decide(held, verb, subject, code, protocol, now, opened)
    )


def seats(officer: Officer, verb: Verb, now: datetime) -> tuple[str, ...]:
    """The codes of the institutions for which `officer` does the duty `verb` (SUBMIT, PUBLISH, AUDIT)."""
    return seats_of(postings(officer, now), verb, now)


def duty(officer: Officer, verb: Verb, institution: str, now: datetime) -> Decision:
    """Whether `officer` does the duty `verb` for this institution (by its code)."""
    held = institution in seats(officer, verb, now)
    return Decision(True, Basis.DUTY, institution) if held else REFUSED


def posted_at(officer: Officer, institution: str, now: datetime, prefer: Office | None = None) -> Office:
    """The office that a sheet names: where the officer serves this institution; `prefer` when that is one of them.

    Whoever was allowed something for an institution has a posting in it.
    """
    own = [posting.office for posting in postings(officer, now) if posting.institution == institution]
    if prefer is not None and prefer.pk in own:
        return prefer
    return Office.objects.get(pk=own[0])


def works_with_people(officer: Officer, now: datetime) -> bool:
    """Whether any posting of `officer` has to do with persons at all (a statistician's has not)."""
    return any(posting.role in PERSON_ROLES for posting in postings(officer, now))


def at(office: int) -> Subject:
    """The subject of somebody who is not registered yet, and stands at `office`."""
    return Subject(offices=frozenset({office}), institutions=frozenset())


@asked_once
def _limited(now: datetime) -> dict[str, list[str]]:
    """The people whose record is kept and no more at `now`, by the institution that keeps it. They are few."""
    in_force_now = PersonLimit.objects.filter(Q(until__isnull=True) | Q(until__gt=now), since__lte=now)
    found: dict[str, list[str]] = {}
    for person, institution in in_force_now.order_by("pk").values_list("person", "institution__code"):
        found.setdefault(institution, []).append(str(person))
    return found


def _but_limited(
    held: tuple[Posting, ...],
    person_in: str,
    limited: dict[str, list[str]],
    rows: Callable[[tuple[Posting, ...]], Q],
) -> Q:
    """The `rows` of these postings; of a person who is limited, only those of postings in the keeping institution.

    person_in   the way from the row to the key of its person
    """
    if not limited:
        return rows(held)
    found = rows(held) & ~Q(**{person_in: [key for keys in limited.values() for key in keys]})
    for institution in sorted(limited.keys() & {posting.institution for posting in held}):
        own = tuple(posting for posting in held if posting.institution == institution)
        found |= rows(own) & Q(**{person_in: limited[institution]})
    return found


@asked_once
def _lines(held: tuple[Posting, ...]) -> tuple[tuple[Rule, datetime | None, datetime | None], ...]:
    """Every line that ever concerned these postings, with its time: asked once, whatever the moment is."""
    if not held:
        return ()
    stored = SharingRule.objects.filter(
        institution__code__in={posting.institution for posting in held}, role__in={posting.role for posting in held}
    ).order_by("pk")
    return tuple((_as_rule(line), line.valid_from, line.valid_until) for line in stored.select_related("institution"))


def _holds(since: datetime | None, until: datetime | None, now: datetime) -> bool:
    return (since is None or since <= now) and (until is None or now < until)


def _as_rule(line: SharingRule) -> Rule:
    return Rule(line.section, line.institution.code, Role(line.role), line.read, line.write, Tier(line.tier))


def _sent(
    held: tuple[Posting, ...],
    verb: Verb,
    now: datetime,
    person_in: str,
    section: str,
    protocol: tuple[Rule, ...],
    opened: tuple[Grant, ...],
) -> Q:
    """The rows of the people whom a hand-over opens as they stood when it was sent: what was written by that moment."""
    within = Q(pk__in=[])
    for until in sorted({grant.written_before for grant in opened if grant.written_before is not None}):
        sent = tuple(grant for grant in opened if grant.written_before == until)
        encounter_in = "pk__in" if person_in == "person__key__in" else "encounter__in"
        opened_rows = _granted(held, verb, now, section, protocol, sent, person_in, encounter_in)
        within |= opened_rows & Q(recorded_at__lte=until)
    return within


def _granted(
    held: tuple[Posting, ...],
    verb: Verb,
    now: datetime,
    section: str | None,
    protocol: tuple[Rule, ...],
    opened: tuple[Grant, ...],
    person_in: str,
    encounter_in: str,
) -> Q:
    """The rows of the people whom grants open, but those of encounters that stay closed (after a merge).

    encounter_in    the way from the row to its own encounter; empty from a person, who has many
    """
    within = Q(pk__in=[])
    for closed in sorted({grant.closed for grant in opened}, key=sorted):
        some = tuple(grant for grant in opened if grant.closed == closed)
        people = reach(held, verb, section or LOGISTICS, protocol, now, some).people
        if people:
            rows = Q(**{person_in: sorted(people)})
            within |= rows & ~Q(**{encounter_in: sorted(closed)}) if closed and encounter_in else rows
    return within


def _within(
    held: tuple[Posting, ...],
    verb: Verb,
    now: datetime,
    through: str,
    section: str | None,
    protocol: tuple[Rule, ...],
    opened: tuple[Grant, ...] = (),
) -> Q:
    covered = reach(held, verb, section or LOGISTICS, protocol, now)
    within = Q(pk__in=[])
    if covered.offices:
        within |= Q(**{f"{through}office__in": sorted(covered.offices)})
    if covered.institutions:
        recorders = Institution.objects.filter(code__in=covered.institutions).values("pk")
        within |= Q(**{f"{through}institution__in": recorders})
    own = "" if through == "encounters__" else "encounter__in" if through else "pk__in"
    return within | _granted(held, verb, now, section, protocol, opened, f"{through}person__key__in", own)
