"""The sharing protocol as a whole: one number that stands for what the engine decides by, and its lines for people."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from torogoz.domain.access import NEVER, Role, Rule, Tier


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
