"""The page that says which of the 17 demands work, and which provisions of the 2017 text each answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from torogoz.shared.codelists import queries as codelists
from torogoz.shared.codelists.queries import Provision
from torogoz.site.topics import TOPICS, Topic


@dataclass(frozen=True)
class Note:
    """One provision in the page's language, with what is remarkable about it."""

    code: str
    text: str
    remarks: Sequence[str]


@dataclass(frozen=True)
class Demand:
    """One demand with its provisions, by chapter of the text and in its order."""

    topic: Topic
    chapters: Sequence[tuple[str, Sequence[Note]]]

    @property
    def count(self) -> int:
        return sum(len(notes) for _, notes in self.chapters)


def demands(language: str) -> list[Demand]:
    """The 17 demands in their order, in one language."""
    sections = codelists.names("PROVISION_SECTION", language)
    flags = codelists.names("PROVISION_FLAG", language)

    def note(provision: Provision) -> Note:
        remarks = [flags.get(flag, flag) for flag in provision.flags]
        return Note(provision.code, provision.text(language), remarks)

    return [
        Demand(
            topic,
            [
                (sections.get(section, section), [note(provision) for provision in chapter])
                for section, chapter in groupby(codelists.provisions_of(topic.code), key=lambda one: one.section)
            ],
        )
        for topic in TOPICS
    ]


@login_not_required
def about(request: HttpRequest) -> HttpResponse:
    """What works and what is missing, said plainly."""
    found = demands((get_language() or "es")[:2])
    return render(
        request,
        "site/about.html",
        {
            "demands": found,
            "working": [demand for demand in found if demand.topic.works],
            "waiting": [demand for demand in found if not demand.topic.works],
            "provisions": sum(demand.count for demand in found),
        },
    )
