"""The SDMX service: structures, availability, data. Everything in it is public."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from torogoz.exchange.readers import sdmx_rest as rest
from torogoz.exchange.readers.sdmx_accept import (
    CSV,
    DATA,
    JSON,
    ML_2_1,
    STRUCTURE,
    STRUCTURE_JSON,
    Chosen,
    Offer,
    negotiate,
)
from torogoz.exchange.writers import sdmx_csv, sdmx_json, sdmx_ml, sdmx_structures_json, sdmx_structures_ml
from torogoz.exchange.writers.sdmx_model import AGENCY, Artefacts, Content, Head
from torogoz.shared.observations import actions as observations
from torogoz.shared.observations import queries
from torogoz.shared.sdmx import answers, publishing, structures
from torogoz.shared.sdmx.serving import for_programs, serve
from torogoz.statistics.dataflows import DATAFLOWS

MOST_IN_CSV: Final = 1_000_000
MOST_OTHERWISE: Final = 500_000
CONTEXTS: Final = ("dataflow", "datastructure", "provisionagreement", "*")


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What the service is, and the address of each dataflow, for people."""
    return render(request, "sdmx/index.html", {"flows": structures.structures(), "agency": AGENCY})


def data(request: HttpRequest, path: str) -> HttpResponseBase:
    """The observations of one dataflow: /data/dataflow/TOROGOZ/RETURNS/1.0.0/A.SLV?c[SEX]=F."""
    chosen = _format(request, DATA)
    given = _given(request, rest.DATA_PARAMETERS)
    context, *parts = path.split("/", 4)
    question = rest.question(parts, given, timezone.get_default_timezone())
    flow = answers.flow_of(question, _context(context))
    observations.bring_up_to_date(flow=flow, now=timezone.now())
    language, head = _language(request, given), _head()
    labels, keys, time = _styles(chosen, given)
    most = MOST_IN_CSV if chosen.offer is CSV else MOST_OTHERWISE
    content = answers.content(answers.asked(question, flow), most)
    writers: dict[object, Callable[[], Iterator[bytes]]] = {
        CSV: lambda: sdmx_csv.pieces(content, language, labels=labels, keys=keys, time=time),
        JSON: lambda: sdmx_json.pieces(content, head, language),
    }
    return serve(
        request,
        edition=queries.edition(flow),
        offer=chosen.offer,
        said=f"{language} {sorted(chosen.parameters.items())}",
        pieces=writers.get(chosen.offer) or (lambda: _ml(content, head, chosen)),
        file_name=f"{AGENCY}-{flow.id}.{'xml' if 'xml' in chosen.offer.short else chosen.offer.short}",
    )


def availability(request: HttpRequest, path: str) -> HttpResponseBase:
    """Which values of each dimension have data for a question, and how much there is."""
    chosen = _format(request, STRUCTURE)
    given = _given(request, rest.AVAILABILITY_PARAMETERS)
    context, *parts = path.split("/")
    if len(parts) > 5:
        raise rest.Refused("the path is availability/context/agency/id/version/key/component")
    question = rest.question(parts[:4], given, timezone.get_default_timezone())
    flow = answers.flow_of(question, _context(context))
    observations.bring_up_to_date(flow=flow, now=timezone.now())
    only = [name for name in (parts[4].split(",") if len(parts) > 4 else ()) if name not in rest.WILDCARDS]
    published = structures.structure(flow)
    for name in only:
        if name not in published.dimensions:
            raise rest.Unprocessable(f"{flow.id} has no dimension {name}; it has {', '.join(published.dimensions)}")
    region = answers.region(answers.asked(question, flow), only)
    held = publishing.around(region, question.references)
    return _structures(request, chosen, held, queries.edition(flow), given)


def structure(request: HttpRequest, path: str) -> HttpResponseBase:
    """Dataflows, data structures, code lists, the concept scheme: /structure/dataflow/TOROGOZ/*/*?references=all."""
    chosen = _format(request, STRUCTURE)
    given = _given(request, rest.STRUCTURE_PARAMETERS)
    kind, *parts = path.split("/")
    if len(parts) > 4:
        raise rest.Refused("the path is structure/kind/agency/id/version/item")
    items = [name for name in (parts[3].split(",") if len(parts) > 3 else ()) if name not in rest.WILDCARDS]
    references = tuple(filter(None, given.get("references", "").split(","))) or ("none",)
    detail = rest.chosen("detail", given, publishing.DETAILS)
    held = publishing.published(kind, rest.reference(parts[:3]), items, references, detail)
    editions = [queries.inputs(flow) for flow in DATAFLOWS.values()]
    moments = [moment for _, moment in editions if moment is not None]
    edition = " ".join(key for key, _ in editions)
    return _structures(request, chosen, held, (edition, max(moments, default=None)), given)


ANSWERED: Final = {"data": data, "availability": availability, "structure": structure}
OF_THE_STANDARD: Final = ("schema", "metadata", "registration")


@for_programs
def ask(request: HttpRequest, path: str) -> HttpResponseBase:
    """The one address of the service: its first word says what kind of question it is."""
    kind, _, rest_of_path = path.partition("/")
    if kind in ANSWERED:
        return ANSWERED[kind](request, rest_of_path)
    if kind in OF_THE_STANDARD:
        raise rest.NotOffered(f"{kind} queries are not answered; there are {', '.join(ANSWERED)}")
    raise rest.NothingFound("there are /sdmx/structure, /sdmx/availability and /sdmx/data")


def _structures(
    request: HttpRequest, chosen: Chosen, held: Artefacts, edition: tuple[str, datetime | None], given: dict[str, str]
) -> HttpResponseBase:
    language, head = _language(request, given), _head()

    def pieces() -> Iterator[bytes]:
        if chosen.offer is STRUCTURE_JSON:
            yield sdmx_structures_json.message(head, held, language)
        else:
            yield sdmx_structures_ml.message(head, held)

    return serve(request, edition=edition, offer=chosen.offer, said=language, pieces=pieces)


def _ml(content: Content, head: Head, chosen: Chosen) -> Iterator[bytes]:
    edition = sdmx_ml.Edition.V2_1 if chosen.offer is ML_2_1 else sdmx_ml.Edition.V3_0
    return sdmx_ml.pieces(content, head, edition)


def _format(request: HttpRequest, offers: Sequence[Offer]) -> Chosen:
    return negotiate(request.headers.get("Accept", ""), offers, request.GET.get("format", ""))


def _given(request: HttpRequest, known: tuple[str, ...]) -> dict[str, str]:
    return rest.parameters(request.META.get("QUERY_STRING", ""), (*known, *rest.EVERYWHERE))


def _context(word: str) -> str:
    if word not in (*CONTEXTS, ""):
        raise rest.Refused(f"the context is {', '.join(CONTEXTS)}, not {word[:60]}")
    return word


def _language(request: HttpRequest, given: dict[str, str]) -> str:
    """The language of names where a format gives one: `lang`, else what the program prefers; Spanish unless English."""
    wanted = given.get("lang") or request.headers.get("Accept-Language", "")
    return "en" if wanted.strip().lower().startswith("en") else "es"


def _styles(chosen: Chosen, given: dict[str, str]) -> tuple[sdmx_csv.Labels, sdmx_csv.Keys, sdmx_csv.TimeFormat]:
    """The variants of SDMX-CSV, from the address or the media type. Raises Refused."""

    def said(name: str, kind: type[StrEnum]) -> str:
        word = given.get(name) or chosen.parameters.get(name, "")
        return rest.chosen(name, {name: word} if word else {}, [each.value for each in kind])

    return (
        sdmx_csv.Labels(said("labels", sdmx_csv.Labels)),
        sdmx_csv.Keys(said("keys", sdmx_csv.Keys)),
        sdmx_csv.TimeFormat(said("timeFormat", sdmx_csv.TimeFormat)),
    )


def _head() -> Head:
    return Head(id=f"T{uuid.uuid4().hex}", prepared=timezone.now())
