"""The catalogue of an instrument as rows: what a file of it holds, and what a file that comes back is compared with."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from torogoz.domain.catalogue import Meaning
from torogoz.shared.codelists.queries import names_of
from torogoz.shared.provisions import queries as provisions
from torogoz.shared.provisions.models import Instrument, Link, Provision
from torogoz.shared.provisions.shipped import COMPACT, TARGETS, WHOLE
from torogoz.shared.ui.publishers import said as said_by

Row = dict[str, str]


def catalogue_rows(instrument: str) -> list[Row]:
    """Every commitment of an instrument with the columns of domain/catalogue.py, in its order."""
    found = list(provisions.commitments(instrument))
    said = provisions.words_of(found)
    flags: dict[int, list[str]] = {}
    for flag in provisions.flags_in(instrument):
        flags.setdefault(flag.provision_id, []).append(flag.code)
    objectives, targets, articles = linked_codes(instrument)
    return [
        {
            "code": each.code,
            "section": over.code if (over := provisions.section_over(each)) else "",
            "kind": each.kind,
            "role": each.software_role,
            "system": each.system,
            "text_es": text_shown(said[each.pk], "es"),
            "text_en": text_shown(said[each.pk], "en"),
            "actors": " ".join(each.actors),
            "beneficiaries": " ".join(each.beneficiaries),
            "objectives": " ".join(objectives.get(each.pk, ())),
            "targets": " ".join(targets.get(each.pk, ())),
            "articles": " ".join(articles.get(each.pk, ())),
            "cluster": each.cluster,
            "flags": " ".join(flags.get(each.pk, ())),
            "lines": each.lines,
        }
        for each in found
    ]


CODED: Final = {
    "kind": "PROVISION_KIND",
    "role": "PROVISION_ROLE",
    "system": "DEMAND",
    "actors": "COMMITMENT_ACTOR",
    "beneficiaries": "COMMITMENT_BENEFICIARY",
    "flags": "PROVISION_FLAG",
}
"""The columns whose cells hold codes of a list."""
AIMS: Final = {"objectives": COMPACT, "targets": TARGETS}
"""The columns whose cells hold codes of an instrument's provisions."""


def meanings(instrument: str, rows: Sequence[Row]) -> list[Meaning]:
    """What each code that stands in these rows of an instrument means, in both languages, by column and code."""
    used = {name: {code for row in rows for code in row[name].split()} for name in ("section", *CODED, *AIMS)}
    both = [names_of(CODED.values(), language) for language in ("es", "en")]
    sections = provisions.sections(instrument).filter(code__in=used["section"]).order_by("code")
    found = _said("section", sections)
    found += [
        Meaning(name, code, *(listed[codelist][code] for listed in both))
        for name, codelist in CODED.items()
        for code in sorted(used[name] & both[0][codelist].keys())
    ]
    for name, other in AIMS.items():
        found += _said(name, [one for one in provisions.provisions_in(other) if one.code in used[name]])
    articles = {code for row in rows for code in row["articles"].split()}
    held = {article_code(one): one for one in provisions.referred_to()}
    return found + [Meaning("articles", code, *_article(held[code])) for code in sorted(articles & held.keys())]


def _said(column: str, found: Iterable[Provision]) -> list[Meaning]:
    """Provisions by their words."""
    rows = list(found)
    said = provisions.words_of(rows)
    return [Meaning(column, one.code, *(text_shown(said[one.pk], way) for way in ("es", "en"))) for one in rows]


def _article(found: Provision) -> tuple[str, str]:
    """What a treaty article is called in either language; the whole of a treaty by its name."""
    spanish, english = found.instrument.name_es, found.instrument.name_en
    if found.code == WHOLE:
        return spanish, english
    return f"{spanish}, artículo {found.code}", f"{english}, article {found.code}"


def text_shown(said: provisions.Words, language: str) -> str:
    """The wording of a language that stands in the file: in this register's words, or else as printed."""
    text = said.paraphrase(language) or said.source(language)
    return text.text if text else ""


def linked_codes(instrument: str) -> tuple[dict[int, list[str]], dict[int, list[str]], dict[int, list[str]]]:
    """Objectives, targets and articles that each provision corresponds to, each in its own order."""
    objectives: dict[int, list[str]] = {}
    targets: dict[int, list[str]] = {}
    articles: dict[int, list[str]] = {}
    links = provisions.links_in_force(instrument).filter(kind=Link.Kind.CORRESPONDS)
    for link in links.order_by("target__instrument__code", "target__position", "target__code"):
        where = link.target.instrument.code
        if where == COMPACT:
            objectives.setdefault(link.source_id, []).append(link.target.code)
        elif where == TARGETS:
            targets.setdefault(link.source_id, []).append(link.target.code)
        elif link.target.instrument.kind in (Instrument.Kind.TREATY, Instrument.Kind.GUIDANCE):
            articles.setdefault(link.source_id, []).append(article_code(link.target))
    return objectives, targets, articles


def article_code(provision: Provision) -> str:
    """icrmw:73, as a file names an article."""
    return f"{provision.instrument.code}:{provision.code}"


def about(instrument: Instrument, address: str) -> dict[str, Any]:
    """What a file says of the instrument."""
    return {
        "instrument": instrument.code,
        "title": {"es": instrument.name_es, "en": instrument.name_en},
        "body": {"es": instrument.body_es, "en": instrument.body_en},
        "adopted_on": instrument.adopted_on.isoformat() if instrument.adopted_on else None,
        "source": instrument.source,
        "source_es": instrument.source_es or said_by(instrument.source, "es"),
        "address": address,
        "note": {
            "es": "Los objetivos, metas y artículos son propuestas o están confirmados; la página de cada uno lo dice.",
            "en": "Objectives, targets and articles are proposed or confirmed; the page of each says which.",
        },
        "licence": "Torogoz, EUPL-1.2; el texto impreso no se incluye / the printed text is not included",
    }
