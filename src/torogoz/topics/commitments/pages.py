"""What the public pages of commitments show, in the reader's language."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator

from torogoz.domain.wordings import Piece, differences
from torogoz.shared.codelists.queries import names, names_of
from torogoz.shared.provisions import queries as provisions
from torogoz.shared.provisions.models import Flag, Instrument, Link, Provision, ProvisionText
from torogoz.shared.provisions.shipped import POSITION
from torogoz.topics.commitments import filters, queries, words
from torogoz.topics.commitments.filters import Row
from torogoz.topics.commitments.parts import Part, parts_of
from torogoz.topics.commitments.searching import terms

ON_A_PAGE: Final = 40


@dataclass(frozen=True)
class Wording:
    """One wording of a provision, the newest version: its words, who stands for them, or that nobody does yet."""

    text: ProvisionText
    role: str
    tongue: str
    read_in: str
    unchecked: bool

    @property
    def validated(self) -> bool:
        return bool(self.text.validations.all())

    @property
    def lines(self) -> list[str]:
        return self.text.text.split("\n")


@dataclass(frozen=True)
class Version:
    """One version in the history of a wording, with what it changed."""

    text: ProvisionText
    role: str
    tongue: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Linked:
    """One link, seen from the page of one of its ends."""

    link: Link
    other: Provision
    relation: str
    called: str
    state: str
    origin: str
    why: str


@dataclass(frozen=True)
class Noted:
    """One flag with its name and its note."""

    flag: Flag
    name: str
    note: str
    source: str


def catalogue(asked: Any, language: str) -> dict[str, Any]:
    """The list: what was chosen, what can be, and a page of rows. Raises NotOffered."""
    by = provisions.recommended_by()
    rows, choices, search = filters.chosen(asked, by, language)
    page: Page[Row] = Paginator(rows, ON_A_PAGE).get_page(asked.get("page", "1"))
    listed, called = names_of(("PROVISION_KIND", "PROVISION_FLAG", "PROVISION_ROLE"), language), words.choices()
    kinds, flags, roles = listed.values()
    folded = [choice for choice in choices if choice.name not in filters.AT_HAND]
    also = list(dict.fromkeys(word for term in terms(search) for word in term.also))
    return {
        "also": also,
        "as_typed": _only_as_typed(asked, search),
        "everywhere": asked.get("instrument", "") == filters.ALL,
        "elsewhere": filters.elsewhere(search) if search and not rows else None,
        "choices": [(choice, called[choice.name]) for choice in choices if choice.name in filters.AT_HAND],
        "more": [(choice, called[choice.name]) for choice in folded],
        "more_chosen": any(choice.chosen for choice in folded),
        "search": search,
        "instrument": asked.get("instrument") or POSITION,
        "mechanism": asked.get("mechanism", ""),
        "mechanisms": filters.mechanisms(by, language),
        "page": page,
        "count": len(rows),
        "tongue": language,
        "rows": [
            {
                "provision": row.provision,
                "title": row.title(language),
                "said": row.words.best(language),
                "kind": kinds.get(row.provision.kind, row.provision.kind),
                "role": roles.get(row.provision.software_role, ""),
                "flags": [flags.get(code, code) for code in row.flags],
                "answer": filters.answers(language).get(row.answer, ""),
                "document": row.document,
                "published_on": row.published_on,
            }
            for row in page.object_list
        ],
    }


def _only_as_typed(asked: Any, search: str) -> str:
    """The query of this list with each word in quotation marks: it is then searched as it stands."""
    kept = {name: asked[name] for name in asked if name != "page"}
    return urlencode({**kept, "q": " ".join(f'"{term.typed}"' for term in terms(search))})


def one(provision: Provision, asker: object, now: datetime, language: str) -> dict[str, Any]:
    """The page of one provision: words, flags, links both ways, who answers for it, history, and what others add."""
    texts = list(provisions.versions_of(provision))
    newest = {(text.language, text.role): text for text in texts}
    linked = links(provision, language)
    said = provisions.words_of([provision])[provision.pk]
    parts: list[Part] = parts_of(provision, asker, now)
    section = provision.parent
    return {
        "provision": provision,
        "called": words.called(provision, language),
        "title": queries.title(said, language),
        "section": queries.title(provisions.words_of([section])[section.pk], language) if section else "",
        "wordings": [_wording(text) for text in sorted(newest.values(), key=_printed_first(language))],
        "heading": _heading(provision, language),
        "printed": any(role == ProvisionText.Role.SOURCE for _, role in newest),
        "notes": notes(provisions.flags_of(provision), language),
        "linked": [each for each in linked if each.link.ended_at is None],
        "ended": [each for each in linked if each.link.ended_at is not None],
        "responsibilities": queries.responsibilities_of(provision),
        "parts": parts,
        "versions": history(texts),
        "details": details(provision, language),
        "may_convene": queries.may_convene(asker, now),
    }


def details(provision: Provision, language: str) -> list[tuple[str, str]]:
    """What is recorded of a provision beside its words; what is not recorded is left out."""
    lists = ("PROVISION_KIND", "PROVISION_ROLE", "DEMAND", "COMMITMENT_ACTOR", "COMMITMENT_BENEFICIARY")
    kinds, roles, demands, actors, beneficiaries = names_of(lists, language).values()
    recommended = getattr(provision, "recommendation", None)
    said = words.details()
    found = [
        (said["kind"], kinds.get(provision.kind, provision.kind)),
        (said["role"], roles.get(provision.software_role, "")),
        (said["system"], " ".join((provision.system, demands.get(provision.system, ""))).strip()),
        (said["actors"], ", ".join(actors.get(code, code) for code in provision.actors)),
        (said["beneficiaries"], ", ".join(beneficiaries.get(code, code) for code in provision.beneficiaries)),
        (said["lines"], provision.lines),
    ]
    if recommended is not None:
        mechanism = names("MECHANISM", language).get(recommended.mechanism, recommended.mechanism)
        found += [
            (said["mechanism"], mechanism),
            (said["made_by"], recommended.made_by),
            (said["document"], recommended.document),
            (said["paragraph"], recommended.paragraph),
            (said["published_on"], recommended.published_on.isoformat() if recommended.published_on else ""),
            (said["answer"], filters.answers(language).get(recommended.answer, "")),
            (said["issues"], ", ".join(recommended.issues)),
            (said["persons"], ", ".join(recommended.persons)),
            (said["sdgs"], "; ".join(recommended.targets)),
            (said["session"], recommended.session),
        ]
    return [(name, value) for name, value in found if value]


def links(provision: Provision, language: str) -> list[Linked]:
    """Every link of a provision, both ways, each with where it comes from; those that were ended too."""
    out, back = list(provisions.links_from(provision)), list(provisions.links_to(provision))
    others = [link.target for link in out] + [link.source for link in back]
    said = provisions.words_of(others)
    return [
        *(_linked(link, link.target, said, language, here=True) for link in out),
        *(_linked(link, link.source, said, language, here=False) for link in back),
    ]


def _linked(link: Link, other: Provision, said: dict[int, provisions.Words], language: str, *, here: bool) -> Linked:
    state, origin = words.origin(link)
    return Linked(
        link,
        other,
        words.relation(link.kind, here=here),
        words.called(other, language, said[other.pk]),
        state,
        origin,
        words.reason(link.why),
    )


def notes(flags: Iterable[Flag], language: str) -> list[Noted]:
    """The flags with their names and notes."""
    called = names("PROVISION_FLAG", language)
    return [
        Noted(
            flag,
            called.get(flag.code, flag.code),
            flag.note_en if language == "en" else flag.note_es,
            words.noted_by(flag.source),
        )
        for flag in flags
    ]


def history(texts: Iterable[ProvisionText]) -> list[Version]:
    """Every version of every wording, the newest first, with the words that it took away and brought."""
    before: dict[tuple[str, str], ProvisionText] = {}
    versions = []
    for text in texts:
        at = (text.language, text.role)
        pieces = differences(before[at].text, text.text) if at in before else ()
        versions.append(Version(text, words.wording_role(text.role), words.tongue(text.language), pieces))
        before[at] = text
    return sorted(versions, key=lambda version: version.text.written_at, reverse=True)


def _printed_first(language: str) -> Callable[[ProvisionText], tuple[bool, bool]]:
    """The printed wording first, then what is in the reader's language."""
    return lambda text: (text.role != ProvisionText.Role.SOURCE, text.language != language)


def _heading(provision: Provision, language: str) -> str:
    """Compromiso C3.04, or what an objective, a target or an article is called."""
    if provision.instrument.kind in provisions.REFERRED_TO:
        return words.called(provision, language)
    kind = names("PROVISION_KIND", language).get(provision.kind, "")
    return f"{kind} {provision.code}".strip()


def _wording(text: ProvisionText) -> Wording:
    read_in, unchecked = words.read_in(text)
    return Wording(text, words.wording_role(text.role), words.tongue(text.language), read_in, unchecked)


def objective(provision: Provision, asker: object, now: datetime, language: str) -> dict[str, Any]:
    """The page of an objective: what the adopted positions have on it, or that they have nothing."""
    context = one(provision, asker, now, language)
    context["without"] = not any(
        each.link.kind == Link.Kind.CORRESPONDS and each.other.instrument.kind == Instrument.Kind.NATIONAL_POSITION
        for each in context["linked"]
    )
    return context


def clusters(instrument: str, language: str) -> list[list[dict[str, Any]]]:
    """Ideas that stand in several places of an instrument, those that are repeated most first."""
    found = provisions.ideas_of(instrument)
    said = provisions.words_of([each for group in found for each in group])
    groups = [[{"provision": each, "title": queries.title(said[each.pk], language)} for each in one] for one in found]
    return sorted(groups, key=lambda group: -len(group))
