"""Lines of the protocol as pages show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from torogoz.domain.protocols import Agreed, Changes
from torogoz.shared.audit.words import section_names
from torogoz.shared.institutions.models import LegalGround
from torogoz.shared.protocols.words import ROLES


@dataclass(frozen=True)
class LineShown:
    """One line in the words of a page, and the law that it names; `place` names it in forms."""

    line: Agreed
    section: str
    role: Any
    basis: str
    law: LegalGround | None

    @property
    def place(self) -> str:
        return "|".join((self.line.rule.section, self.line.rule.institution, self.line.rule.role.value))


def shown(lines: Iterable[Agreed], laws: Mapping[str, LegalGround], language: str) -> list[LineShown]:
    """The lines, in their order."""
    names = section_names(language)
    return [
        LineShown(
            line,
            names.get(line.rule.section, line.rule.section),
            ROLES.get(line.rule.role, line.rule.role.value),
            line.basis_es if language.startswith("es") else line.basis_en,
            laws.get(line.ground),
        )
        for line in lines
    ]


def by_section(lines: Iterable[Agreed], laws: Mapping[str, LegalGround], language: str) -> list[dict[str, Any]]:
    """The table section by section, the least sensitive first."""
    in_order = sorted(
        lines,
        key=lambda line: (line.rule.tier, line.rule.section, line.rule.institution, list(ROLES).index(line.rule.role)),
    )
    return [
        {"code": code, "name": rows[0].section, "tier": int(rows[0].line.rule.tier), "rows": rows}
        for code, held in groupby(in_order, key=lambda line: line.rule.section)
        for rows in (shown(held, laws, language),)
    ]


def changes_shown(changes: Changes, laws: Mapping[str, LegalGround], language: str) -> dict[str, Any]:
    """What is added, removed and altered."""
    return {
        "added": shown(changes.added, laws, language),
        "removed": shown(changes.removed, laws, language),
        "altered": list(
            zip(
                shown((before for before, _after in changes.altered), laws, language),
                shown((after for _before, after in changes.altered), laws, language),
                strict=True,
            )
        ),
        "any": bool(changes),
    }
