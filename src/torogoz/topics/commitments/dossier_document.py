"""The dossier of one commitment as a document: its words, what is odd in them, relations, who answers, what came."""

from collections.abc import Iterator, Mapping
from datetime import date

from django.utils import timezone

from torogoz.exchange.documents.content import Block, Document, Heading, Items, Paragraph, Span, Table
from torogoz.shared.provisions.models import Link
from torogoz.topics.commitments import review_blocks as blocks
from torogoz.topics.commitments.published import DutyLine
from torogoz.topics.commitments.review_blocks import Teller, teller
from torogoz.topics.commitments.review_content import DossierContent, LinkEntry, WordingEntry

RELATIONS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "es": {
        Link.Kind.IMPLEMENTS: ("da cumplimiento a", "le da cumplimiento"),
        Link.Kind.CORRESPONDS: ("se corresponde con", "se corresponde con esto"),
        Link.Kind.REPEATS: ("repite la idea de", "su idea se repite en"),
        Link.Kind.NARROWS: ("precisa", "lo precisa"),
        Link.Kind.TENSION: ("está en tensión con", "está en tensión con"),
        Link.Kind.REPLACES: ("sustituye a", "lo sustituye"),
        Link.Kind.ANSWERS: ("responde a", "le responde"),
    },
    "en": {
        Link.Kind.IMPLEMENTS: ("implements", "is implemented by"),
        Link.Kind.CORRESPONDS: ("corresponds to", "corresponds to this"),
        Link.Kind.REPEATS: ("repeats the idea of", "its idea is repeated in"),
        Link.Kind.NARROWS: ("makes more precise", "is made more precise by"),
        Link.Kind.TENSION: ("is in tension with", "is in tension with"),
        Link.Kind.REPLACES: ("replaces", "is replaced by"),
        Link.Kind.ANSWERS: ("answers", "is answered by"),
    },
}


def dossier_document(content: DossierContent, language: str, *, made_from: str, address: str) -> Document:
    """The dossier in one language. `made_from` is the hash of its canonical content."""
    tell, provision = teller(language), content.provision
    theme = next((tell.of(each, "name") for each in content.themes if each.code == provision.theme), "")
    facts = [
        (tell["provision"], tell.of(provision, "name")),
        (tell["kind"], tell.of(provision, "kind")),
        (tell["theme"], theme),
        (tell["objectives_line"], ", ".join(provision.objectives) or tell["none"]),
        (tell["targets_line"], ", ".join(provision.targets) or tell["none"]),
        (tell["lines"], provision.lines),
        *blocks.adopted(content.instrument, tell),
    ]
    return Document(
        language,
        tell["dossier"].format(code=provision.code),
        tell["register"],
        content.as_of,
        [
            *_words(content, tell),
            *_links(content, tell),
            *_columns(content, tell),
            *_followed(content, tell),
            *_serving(content, tell, address),
            *_history(content, tell),
            Heading(tell["check"]),
            Items(tell.lines("check_dossier"), ordered=True),
        ],
        subtitle=tell.of(content.instrument, "name"),
        facts=[(label, value) for label, value in facts if value],
        made_from=made_from,
        address=address,
        warning=tell["made_up"] if content.made_up else "",
    )


def _words(content: DossierContent, tell: Teller) -> Iterator[Block]:
    """The wordings that hold, who stands for them, and what is flagged."""
    newest = {(each.language, each.role): each for each in content.wordings}
    yield Heading(tell["wordings"])
    rows = [(_role(each, tell), each.text, _validated(each, tell)) for each in newest.values()]
    if rows:
        yield Table(tell["wordings_caption"], (tell["wording"], tell["text"], tell["state"]), rows, (2.2, 6, 2.6))
    yield from blocks.flags(content.provision.flags, tell)
    yield blocks.responsible(content.provision, tell)


def _role(wording: WordingEntry, tell: Teller) -> str:
    said = f"{tell[f'role_{wording.role}']}, {tell[f'language_{wording.language}']}"
    return f"{said}; {tell['machine']}" if wording.machine else said


def _validated(wording: WordingEntry, tell: Teller) -> str:
    if not wording.validated_by:
        return tell["unvalidated"]
    return tell["validated"].format(bodies=", ".join(tell.body(each) for each in wording.validated_by))


def _links(content: DossierContent, tell: Teller) -> Iterator[Block]:
    yield Heading(tell["links"])
    rows = [
        (RELATIONS[tell.language][each.kind][0 if each.here else 1], called(each, tell), tell[f"origin_{each.origin}"])
        for each in content.links
        if each.ended_on is None
    ]
    head = (tell["relation"], tell["with"], tell["comes_from"])
    yield Table(tell["links_caption"], head, rows, (2.4, 6, 3)) if rows else Paragraph(tell["links_none"])


def called(link: LinkEntry, tell: Teller) -> str:
    """What the other end of a link is called."""
    text = tell.of(link, "name")
    where = f"{tell.of(link.instrument, 'name')}, {link.code}"
    return f"{where}: {text}" if text else where


def _columns(content: DossierContent, tell: Teller) -> Iterator[Block]:
    """The three columns as three rows of who says what: one below the other, never one."""
    held = content.provision.follow_up
    code = content.provision.code
    yield Heading(tell["columns_of"])
    newest = held.reports[0] if held.reports else None
    rows = [(tell["official_long"], tell.body(newest.body) if newest else "", tell.status(held.official))]
    for each in held.series:
        rows.append((tell["computed_long"], tell.of(each, "name"), tell.status(each.status)))
    if not held.series:
        rows.append((tell["computed_long"], "", "; ".join(tell.status(each) for each in held.computed)))
    for one in held.independent:
        rows.append((tell["independent_long"], tell.body(one.body), tell.status(one.status)))
    if not held.independent:
        rows.append((tell["independent_long"], "", tell["annex_a_none"]))
    yield Table(tell["columns_of_caption"], (tell["column"], tell["who"], tell["says"]), rows, (3, 4, 3))
    for apart in held.divergences:
        yield Paragraph(
            tell["apart_item"].format(
                code=code,
                one=tell[f"of_{apart.one}"],
                one_status=tell.status(apart.one_status),
                other=tell[f"of_{apart.other}"],
                other_status=tell.status(apart.other_status),
                steps=apart.steps,
            )
        )


def _followed(content: DossierContent, tell: Teller) -> Iterator[Block]:
    """Readings, measures, reports and assessments, each under its heading; what there is none of has none."""
    held, code = content.provision.follow_up, content.provision.code
    if held.series:
        yield Heading(tell["computed_long"])
        yield from blocks.readings(code, held.series, tell)
    if held.measures:
        yield Heading(tell["measures"])
        yield from blocks.measures(held.measures, tell)
    if held.reports:
        yield Heading(tell["reports"])
        yield from blocks.reports(held.reports, tell)
    if content.duties:
        yield Heading(tell["duties"])
        rows = [
            (tell.day(each.due_on), tell.of(each, "cycle"), tell.body(each.body), tell[_duty(each)])
            for each in content.duties
        ]
        head = (tell["due"], tell["cycle"], tell["body"], tell["state"])
        yield Table(tell["duties_asked"], head, rows, (2.6, 3.4, 4, 2))
    if held.assessments:
        yield Heading(tell["independent_long"])
        for each in held.assessments:
            yield from blocks.assessment(code, each, tell)


def _duty(duty: DutyLine) -> str:
    """The word for how a report that is owed stands."""
    if duty.met:
        return "met"
    return "late" if duty.late else "open"


def _serving(content: DossierContent, tell: Teller, address: str) -> Iterator[Block]:
    """Practices and pledges of the objectives to which it corresponds; where there are none, no heading."""
    if content.practices or content.pledges:
        yield Heading(tell["serving"])
        yield Paragraph(tell["serving_apart"])
        codes = ", ".join(content.provision.objectives)
        yield from blocks.serving(content.practices, content.pledges, codes, tell, address)


def _history(content: DossierContent, tell: Teller) -> Iterator[Block]:
    events = sorted(_events(content, tell), key=lambda event: event[0])
    yield Heading(tell["history"])
    rows = [(tell.day(when), [Span(what)]) for when, what in events]
    yield Table(tell["history_caption"], (tell["day"], tell["what"]), rows, (2.4, 8))


def _events(content: DossierContent, tell: Teller) -> Iterator[tuple[date, str]]:
    """What was written, recorded, read, reported, assessed and answered: day and words."""
    held = content.provision.follow_up
    for wording in content.wordings:
        said = tell["h_wording"].format(
            role=tell[f"role_{wording.role}"],
            language=tell[f"language_{wording.language}"],
            version=wording.version,
        )
        yield wording.written_on, f"{said}. {wording.why}".strip() if wording.why else said
    for each in content.provision.responsible:
        yield each.valid_from, tell["h_responsible"].format(body=tell.body(each.body), ground=each.ground)
        if each.valid_until is not None:
            yield each.valid_until, tell["h_ended"].format(body=tell.body(each.body))
    for link in content.links:
        if link.ended_on is not None:
            yield link.ended_on, tell["h_link_ended"].format(other=called(link, tell))
    for series in held.series:
        for reading in series.readings:
            edition = reading.release or reading.vintage
            yield (
                timezone.localdate(reading.read_at),
                tell["h_reading"].format(
                    name=tell.of(series, "name"), edition=edition, status=tell.status(reading.status)
                ),
            )
    for report in held.reports:
        said = tell["h_report"].format(
            body=tell.body(report.body), cycle=report.cycle, status=tell.status(report.status)
        )
        yield timezone.localdate(report.published_at), said
    for one in held.assessments:
        body = tell.body(one.body)
        yield (
            timezone.localdate(one.published_at),
            tell["h_assessment"].format(body=body, status=tell.status(one.status)),
        )
        for reply in one.replies:
            yield timezone.localdate(reply.at), tell["h_reply"].format(body=tell.body(reply.body), other=body)
