"""The sharing protocol on paper: the annex that institutions sign, made of the very table that the policy reads."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from torogoz.domain.access import NEVER, Role, Rule
from torogoz.domain.printed import Sheet, Statement, digest_of
from torogoz.domain.protocols import Line, as_lines, fingerprint
from torogoz.exchange.paper.seal import seal
from torogoz.exchange.paper.sheet import Group, Lines, SheetOfPaper, Signatures, Table, Text, pdf
from torogoz.shared.audit.words import section_names
from torogoz.shared.institutions.access import whole_protocol
from torogoz.shared.vault.signing import sign

MOST_PAGES = 30
SHOWN = 4
"""Figures in a group of the number of the table, as it is printed."""


class NothingToSign(Exception):
    """No protocol is stored. Nothing was printed."""


@dataclass(frozen=True)
class Issued:
    """An approved version, whose annex is issued: its table, its number, and from when it is in force."""

    rules: tuple[Rule, ...]
    number: int
    in_force_from: datetime


def annex(*, language: str, now: datetime, of: Issued | None = None) -> bytes:
    """The annex as PDF, in one language ("es" or "en"), with places to sign for each institution. Raises NothingToSign.

    Its seal states the number of the table: whoever reads the QR later, and compares it with `torogoz annex --number`,
    knows whether the system still decides by what was signed.

    of      the version that is issued; None prints the table in force at `now`, as a proof that nobody signs
    """
    rules = of.rules if of else whole_protocol(now)
    if not rules:
        raise NothingToSign("no protocol is stored; `torogoz codelists` loads the shipped one")
    number, lines = fingerprint(rules), as_lines(rules)
    with override(language):
        sheet = _sheet(language, number, lines, now, of)
    statement = Statement(Sheet.PROTOCOL, uuid.uuid4(), now, "", "", digest_of(sheet.facts), number, "")
    return pdf(sheet, seal(statement, sign))


def _sheet(language: str, number: str, lines: list[Line], now: datetime, of: Issued | None) -> SheetOfPaper:
    names = section_names(language)
    roles = {
        Role.LOGISTICS: _("logística"),
        Role.REGISTRAR: _("registro"),
        Role.SPECIALIST: _("especialista"),
        Role.SUPERVISOR: _("supervisión"),
        Role.STATISTICIAN: _("estadística"),
        Role.DATA_PROTECTION: _("protección de datos"),
        Role.SECRETARIAT: _("secretaría"),
        Role.FOCAL_POINT: _("enlace institucional"),
        Role.OBSERVER: _("observación independiente"),
    }
    rows = [
        (
            names.get(line.section, line.section),
            line.institution,
            str(int(line.tier)),
            ", ".join(roles[role] for role in line.reads) or "–",
            ", ".join(roles[role] for role in line.writes) or "–",
        )
        for line in lines
    ]
    when = timezone.localtime(now).strftime("%Y-%m-%d %H:%M")
    institutions = sorted({line.institution for line in lines})
    groups: list[Group] = [
        Lines(
            _("De qué tabla se trata"),
            [
                (_("Número de la tabla"), _grouped(number)),
                (_("Renglones"), str(len(rows))),
                *_dated(of, when),
            ],
        ),
        Text(
            _("Cómo se lee"),
            [
                _("Lo que ningún renglón abre está cerrado. Quien escribe una sección también la lee."),
                _("Niveles: 1 logística, 2 ordinario, 3 sensible, 4 protegido: solo quien atiende, en su centro."),
                _("El sistema decide con esta misma tabla. Si cambia un solo renglón, cambia su número."),
            ],
        ),
        Table(
            _("Quién lee y quién escribe"),
            (_("Sección"), _("Institución"), _("Nivel"), _("Lee"), _("Escribe")),
            rows,
            (30, 17, 9, 40, 34),
        ),
        Text(
            _("Lo que nunca se lee, diga lo que diga una tabla"),
            [
                f"{institution}: {'; '.join(names.get(code, code) for code in sorted(closed))}."
                for institution, closed in sorted(NEVER.items())
            ],
        ),
        Signatures(institutions),
    ]
    return SheetOfPaper(
        language=language,
        title=_("Protocolo para compartir información: anexo"),
        issuer=", ".join(institutions),
        printed=_("Impreso el %(when)s") % {"when": when},
        printed_at=now,
        groups=groups,
        pages=MOST_PAGES,
        issued=False,
    )


def _dated(of: Issued | None, when: str) -> list[tuple[str, str]]:
    if of is None:
        return [(_("Como estaba el"), when)]
    begins = timezone.localtime(of.in_force_from).strftime("%Y-%m-%d %H:%M")
    return [(_("Versión"), str(of.number)), (_("Rige desde"), begins)]


def _grouped(number: str) -> str:
    return " ".join(number[start : start + SHOWN] for start in range(0, len(number), SHOWN))
