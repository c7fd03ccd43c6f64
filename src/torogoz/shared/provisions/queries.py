"""What was agreed, as pages and other topics read it. All of it is public; nothing in it is about a person."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Count, F, Max, QuerySet, Sum

from torogoz.shared.provisions.models import (
    CountryStatus,
    Flag,
    Instrument,
    Link,
    Provision,
    ProvisionText,
    Recommendation,
    RefusedSuggestion,
    TextValidation,
)
from torogoz.shared.provisions.shipped import COMPACT, POSITION

LANGUAGES: Final = ("es", "en")
CONTAINERS: Final = ("section", "whole")
"""Kinds of provision that hold others or stand for an instrument, and ask for nothing themselves."""

REFERRED_TO: Final = (
    Instrument.Kind.TREATY,
    Instrument.Kind.COMPACT,
    Instrument.Kind.AGENDA,
    Instrument.Kind.GUIDANCE,
)
"""Kinds of instrument that positions and recommendations are mapped to."""


@dataclass(frozen=True)
class Words:
    """The newest wording of a provision in each language and role; what there is none of is not there."""

    texts: Mapping[tuple[str, str], ProvisionText]

    def source(self, language: str) -> ProvisionText | None:
        return self.texts.get((language, ProvisionText.Role.SOURCE))

    def paraphrase(self, language: str) -> ProvisionText | None:
        return self.texts.get((language, ProvisionText.Role.PARAPHRASE))

    def best(self, language: str) -> ProvisionText | None:
        """What a list shows: the paraphrase, a translation or the source; in the language, or else in the other."""
        other = "en" if language == "es" else "es"
        for tongue in (language, other):
            for role in (ProvisionText.Role.PARAPHRASE, ProvisionText.Role.TRANSLATION, ProvisionText.Role.SOURCE):
                found = self.texts.get((tongue, role))
                if found is not None:
                    return found
        return None


def instrument_called(code: str) -> Instrument | None:
    """The instrument with this code."""
    return Instrument.objects.filter(code=code).first()


def all_instruments() -> QuerySet[Instrument]:
    """Every instrument that has provisions, in the order in which they were added."""
    return Instrument.objects.filter(provisions__isnull=False).distinct().order_by("pk")


def unvalidated() -> int:
    """How many newest wordings that officers wrote nobody has validated yet."""
    newest: dict[tuple[int, str, str], ProvisionText] = {}
    for text in ProvisionText.objects.filter(written_by__isnull=False).order_by("version"):
        newest[text.provision_id, text.language, text.role] = text
    read = set(TextValidation.objects.values_list("text", flat=True))
    return sum(text.pk not in read for text in newest.values())


def proposed_links() -> int:
    """How many links are proposals that nobody has confirmed or ended."""
    return Link.objects.filter(origin=Link.Origin.PROPOSED, ended_at__isnull=True).count()


def instruments_with_commitments() -> QuerySet[Instrument]:
    """The instruments that ask for something: positions, plans, recommendations; not what these are mapped to."""
    return Instrument.objects.exclude(kind__in=REFERRED_TO).filter(provisions__isnull=False).distinct().order_by("pk")


def recommended_by() -> dict[str, dict[str, int]]:
    """How many recommendations each instrument holds, by the mechanism that made them, in the order of import."""
    found: dict[str, dict[str, int]] = {}
    counted = Recommendation.objects.values_list("mechanism", "provision__instrument__code")
    for mechanism, instrument, many in counted.annotate(many=Count("pk")).order_by("provision__instrument"):
        found.setdefault(mechanism, {})[instrument] = many
    return found


def many_recommended(by: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """How many recommendations each mechanism made in all, of what `recommended_by` found."""
    return {mechanism: sum(of_each.values()) for mechanism, of_each in by.items()}


def adopted_positions() -> list[Instrument]:
    """The national positions, the one adopted last first; one whose source does not say when comes last."""
    found = Instrument.objects.filter(kind=Instrument.Kind.NATIONAL_POSITION, provisions__isnull=False).distinct()
    return list(found.order_by(F("adopted_on").desc(nulls_last=True), "-pk"))


def adopted_position(code: str = "") -> Instrument | None:
    """The adopted position with this code; the one adopted last, if none is said."""
    return next((each for each in adopted_positions() if each.code == code or not code), None)


def adopted_commitments() -> QuerySet[Provision]:
    """What every national position asks for."""
    found = Provision.objects.filter(instrument__kind=Instrument.Kind.NATIONAL_POSITION).exclude(kind__in=CONTAINERS)
    return found.select_related("instrument").order_by("instrument", "position", "pk")


def section_over(provision: Provision) -> Provision | None:
    """The nearest section that a provision stands in; a point may stand in a text, and that in a section."""
    above = provision.parent
    while above is not None and above.kind != "section":
        above = above.parent
    return above


def provision_called(key: UUID) -> Provision | None:
    """The provision with this key."""
    return Provision.objects.filter(key=key).select_related("instrument", "parent").first()


def provisions_in(*instruments: str) -> QuerySet[Provision]:
    """Everything in these instruments, in its order; sections and their parts are counted apart."""
    return (
        Provision.objects.filter(instrument__code__in=instruments)
        .prefetch_related("instrument", "parent__parent")  # many share one: joined, each row would make its own
        .order_by("position", "pk")
    )


def commitments(*instruments: str) -> QuerySet[Provision]:
    """What these instruments ask for: their provisions without the sections that hold them."""
    return provisions_in(*instruments).exclude(kind__in=CONTAINERS)


def sections(*instruments: str) -> QuerySet[Provision]:
    """The sections of these instruments, in their order."""
    return provisions_in(*instruments).filter(kind="section")


def objectives() -> QuerySet[Provision]:
    """The objectives of the adopted Compact, in their order."""
    return provisions_in(COMPACT)


def words_of(provisions: Iterable[Provision]) -> dict[int, Words]:
    """The newest wordings of these provisions, by the key of their rows."""
    keys = [each.pk for each in provisions]
    found: dict[int, dict[tuple[str, str], ProvisionText]] = {key: {} for key in keys}
    # When and why each was written is seldom asked for, and a moment is dear to read.
    for text in ProvisionText.objects.filter(provision__in=keys).defer("why", "written_at").order_by("version"):
        found[text.provision_id][text.language, text.role] = text
    return {key: Words(texts) for key, texts in found.items()}


def commitments_by_objective(instrument: str = POSITION) -> Counter[str]:
    """How many commitments of an instrument correspond to each objective of the Compact, by its code."""
    links = Link.objects.filter(
        source__instrument__code=instrument,
        target__instrument__code=COMPACT,
        kind=Link.Kind.CORRESPONDS,
        ended_at__isnull=True,
    )
    return Counter(links.values_list("target__code", flat=True))


def links_from(provision: Provision) -> QuerySet[Link]:
    """Every link that starts at a provision, also those that were ended, with what they lead to."""
    return _links().filter(source=provision)


def links_to(provision: Provision) -> QuerySet[Link]:
    """Every link that leads to a provision, also those that were ended, with where they start."""
    return _links().filter(target=provision)


def links_between(instruments: Collection[str], other: str) -> QuerySet[Link]:
    """The links in force from these instruments to another, with no more than their kind and the codes of both ends."""
    found = Link.objects.select_related("source", "target").filter(
        source__instrument__code__in=instruments, target__instrument__code=other, ended_at__isnull=True
    )
    whole = found.only("kind", "source", "target", "source__code", "target__code")
    return whole.order_by("kind", "target__position", "source__position", "pk")


def links_in_force(instrument: str) -> QuerySet[Link]:
    """The links in force from one instrument to whatever."""
    return _links().filter(source__instrument__code=instrument, ended_at__isnull=True)


def link_in_force(source: Provision, target: Provision, kind: str) -> Link:
    """The one link of a kind in force between two provisions. Raises Link.DoesNotExist."""
    return _links().get(source=source, target=target, kind=kind, ended_at__isnull=True)


def referred_to() -> QuerySet[Provision]:
    """Everything that positions and recommendations are mapped to: objectives, targets, articles."""
    return Provision.objects.filter(instrument__kind__in=REFERRED_TO).select_related("instrument")


def treaties() -> QuerySet[Instrument]:
    """Every treaty, with what is known of who is party to it."""
    found = Instrument.objects.filter(kind=Instrument.Kind.TREATY)
    return found.prefetch_related("statuses").order_by("pk")


def _links() -> QuerySet[Link]:
    whole = Link.objects.select_related("source__instrument", "target__instrument", "confirmed_by", "ended_by")
    return whole.order_by("kind", "target__instrument__code", "target__position", "source__position", "pk")


def link_called(key: UUID) -> Link | None:
    """The link with this key."""
    return _links().filter(key=key).first()


def flags_in(*instruments: str) -> QuerySet[Flag]:
    """Every flag of these instruments, in their order."""
    found = Flag.objects.filter(provision__instrument__code__in=instruments).select_related("provision")
    return found.order_by("provision__position", "pk")


def flags_of(provision: Provision) -> QuerySet[Flag]:
    """What is odd in the printed text of a provision."""
    return Flag.objects.filter(provision=provision).order_by("pk")


def versions_of(provision: Provision) -> QuerySet[ProvisionText]:
    """Every version of every wording of a provision, the oldest first, with who stands for it."""
    found = ProvisionText.objects.filter(provision=provision).select_related("written_by")
    return found.prefetch_related("validations__officer", "validations__institution").order_by(
        "language", "role", "version"
    )


def text_called(provision: Provision, language: str, role: str, version: int) -> ProvisionText | None:
    """One version of one wording of a provision."""
    found = versions_of(provision).filter(language=language, role=role, version=version)
    return found.first()


def provision_coded(instrument: str, code: str) -> Provision | None:
    """The provision of an instrument with this code."""
    found = Provision.objects.filter(instrument__code=instrument, code=code)
    return found.select_related("instrument", "parent").first()


def refused_suggestions() -> set[tuple[int, int, str]]:
    """What was suggested and refused: rows of both provisions, and the kind."""
    return set(RefusedSuggestion.objects.values_list("source_id", "target_id", "kind"))


def ideas_of(instrument: str) -> list[list[Provision]]:
    """Commitments of an instrument that say the same: each idea that stands in several places, in the text's order.

    They are marked as one idea, or linked as repeating each other.
    """
    found = list(commitments(instrument))
    idea: dict[int, str | int] = {each.pk: each.cluster or each.pk for each in found}
    for source, target in Link.objects.filter(
        source__instrument__code=instrument,
        target__instrument__code=instrument,
        kind=Link.Kind.REPEATS,
        ended_at__isnull=True,
    ).values_list("source", "target"):
        if source in idea and target in idea and idea[source] != idea[target]:
            gone, kept = idea[source], idea[target]
            idea = {key: kept if name == gone else name for key, name in idea.items()}
    groups: dict[str | int, list[Provision]] = {}
    for each in found:
        groups.setdefault(idea[each.pk], []).append(each)
    return [group for group in groups.values() if len(group) > 1]


def cluster_of(provision: Provision) -> QuerySet[Provision]:
    """The same idea elsewhere in the instrument."""
    if not provision.cluster:
        return Provision.objects.none()
    return provisions_in(provision.instrument.code).filter(cluster=provision.cluster).exclude(pk=provision.pk)


def state() -> str:
    """A checksum of all that is stored of provisions: it changes with every wording, link, flag, status and refusal."""
    parts = []
    for model in (Instrument, Provision, ProvisionText, TextValidation, Flag, Link, CountryStatus, RefusedSuggestion):
        counted = model._default_manager.aggregate(rows=Count("pk"), last=Max("pk"))
        parts.append(f"{model.__name__} {counted['rows']} {counted['last']}")
    moved = Link.objects.aggregate(ended=Max("ended_at"), confirmed=Max("confirmed_at"))
    edited = Provision.objects.aggregate(edits=Sum("version"))
    parts.append(f"{moved} {edited}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
