"""The national review as a document: summary, method, environment, objective by objective, means, next steps, annexes.

The order is ours. Official status, reading and assessment stand in three columns, and nothing adds them up.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from django.utils import timezone

from torogoz.domain.commitments import MilestoneState
from torogoz.domain.reviews import FIRST_YEAR
from torogoz.exchange.documents.content import (
    Annex,
    Block,
    Document,
    Heading,
    Items,
    Note,
    Paragraph,
    Span,
    Table,
)
from torogoz.statistics.deliberation.progress import Status
from torogoz.topics.commitments import review_blocks as blocks
from torogoz.topics.commitments.published import MeasureLine
from torogoz.topics.commitments.review_blocks import Teller, teller
from torogoz.topics.commitments.review_content import ProvisionEntry, ReviewContent


def review_document(content: ReviewContent, language: str, *, made_from: str, address: str, publisher: str) -> Document:
    """The review in one language. `made_from` is the hash of its canonical content."""
    tell = teller(language)
    years = blocks.years(*content.period)
    assessed, flagged = _assessments(content, tell), _flagged(content, tell)
    return Document(
        language,
        tell["title"],
        publisher,
        timezone.localdate(content.frozen_at),
        [
            *_summary(content, tell),
            *_method(content, tell),
            *_environment(content, tell),
            *_objectives(content, tell, address),
            *_means(content, tell),
            Heading(tell["practices"]),
            Paragraph(_practices(content, tell)),
            *_next_steps(content, tell),
            Annex(tell["annex_a"], assessed or [Paragraph(tell["annex_a_none"])]),
            Annex(tell["annex_b"], flagged or [Paragraph(tell["annex_b_none"])], new_page=bool(assessed)),
            Annex(tell["annex_c"], [blocks.check(tell)], new_page=bool(flagged)),
        ],
        subtitle=tell["subtitle"].format(years=years),
        facts=[
            (tell["period"], years),
            (tell["frozen"], f"{timezone.localtime(content.frozen_at):%Y-%m-%d %H:%M} (UTC−6)"),
            (tell["position"], tell.of(content.position, "name")),
            *blocks.adopted(content.position, tell),
        ],
        made_from=made_from,
        address=address,
        warning=tell["made_up"] if content.made_up else "",
    )


def _summary(content: ReviewContent, tell: Teller) -> list[Block]:
    held = [each.follow_up for each in content.provisions]
    told = tell["summary_text"].format(
        count=len(held),
        reported=sum(bool(each.reports) for each in held),
        measured=sum(not each.without_target for each in held),
        assessed=sum(bool(each.assessments) for each in held),
    )
    official = Counter(each.official for each in held)
    computed = Counter(status for each in held for status in each.computed)
    independent = Counter(one.status for each in held for one in each.independent)
    rows = [
        (tell.status(status), *(tell.number(column[status]) for column in (official, computed, independent)))
        for status in Status
    ]
    head = (tell["status"], tell["official_long"], tell["computed_long"], tell["independent_long"])
    return [
        Heading(tell["summary"]),
        Paragraph(told),
        Heading(tell["columns"], 2),
        Table(tell["columns_caption"], head, rows, (3, 2, 2, 2), (1, 2, 3)),
        Paragraph(tell["series_note"]),
        Heading(tell["apart"], 2),
        *_apart(content, tell),
    ]


def _apart(content: ReviewContent, tell: Teller) -> list[Block]:
    found = [(each.code, one) for each in content.provisions for one in each.follow_up.divergences]
    if not found:
        return [Paragraph(tell["apart_none"])]
    items = [
        tell["apart_item"].format(
            code=code,
            one=tell[f"of_{one.one}"],
            one_status=tell.status(one.one_status),
            other=tell[f"of_{one.other}"],
            other_status=tell.status(one.other_status),
            steps=one.steps,
        )
        for code, one in found
    ]
    return [Paragraph(tell["apart_text"].format(count=len({code for code, _ in found}))), Items(items)]


def _method(content: ReviewContent, tell: Teller) -> list[Block]:
    position, compact = content.position, content.compact
    items = [tell["method_text"].format(position=tell.of(position, "name")), tell["method_links"]]
    adopted = compact.adopted_on
    if adopted and (position.adopted_on or date(FIRST_YEAR, 12, 31)) < adopted:
        items.append(tell["method_before"].format(day=tell.day(adopted)))
    return [Heading(tell["method"]), Items([*items, *tell.lines("method_items")])]


def _environment(content: ReviewContent, tell: Teller) -> list[Block]:
    holders = [each for one in content.provisions for each in one.responsible if each.valid_until is None]
    named = {each.body.code: tell.body(each.body) for each in holders}
    leads = Counter(each.body.code for each in holders if each.leads)
    supports = Counter(each.body.code for each in holders if not each.leads)
    bodies: Block = Paragraph(tell["bodies_none"])
    if named:
        rows = [(named[code], tell.number(leads[code]), tell.number(supports[code])) for code in sorted(named)]
        bodies = Table(tell["bodies_caption"], (tell["body"], tell["leads"], tell["supports"]), rows, (6, 1, 1), (1, 2))
    treaties: Block = Paragraph(tell["treaties_none"])
    if any(each.status for each in content.treaties):
        treaties = Table(
            tell["treaties_caption"],
            (tell["treaty"], tell["state"], tell["year"], tell["source"]),
            [
                (
                    tell.of(each, "name"),
                    tell[each.status] if each.status else tell["unknown"],
                    f"{each.year}" if each.year else "",
                    each.source,
                )
                for each in content.treaties
            ],
            (5, 2, 1, 4),
        )
    return [
        Heading(tell["environment"]),
        Heading(tell["bodies"], 2),
        bodies,
        Heading(tell["treaties"], 2),
        treaties,
    ]


def _objectives(content: ReviewContent, tell: Teller, address: str) -> Iterator[Block]:
    yield Heading(tell["by_objective"])
    yield Paragraph(tell["quiet"])
    alone, position = content.without_objective, tell.of(content.position, "name")
    if alone:
        yield Paragraph(tell["alone"].format(count=len(alone), all=len(content.provisions)))
    told: set[str] = set()
    for objective in content.objectives:
        yield Heading(tell["objective"].format(code=objective.code, name=tell.of(objective, "name")), 2)
        found = content.of_objective(objective.code)
        if found:
            yield _three_columns(found, tell["provisions_caption"].format(code=objective.code), tell)
            yield from _details(found, told, tell)
        else:
            yield Note(f"{tell['no_position_title']}.", tell["no_position"].format(position=position))
        practices = [each for each in content.practices if objective.code in each.objectives]
        pledges = [each for each in content.pledges if objective.code in each.objectives]
        if practices or pledges:
            yield Heading(tell["serving"], 3)
            yield from blocks.serving(practices, pledges, objective.code, tell, address)
    if alone:
        yield Heading(tell["without_objective"], 2)
        yield _three_columns(alone, tell["provisions_alone"], tell)
        yield from _details(alone, told, tell)


def _three_columns(found: Sequence[ProvisionEntry], caption: str, tell: Teller) -> Table:
    rows = []
    for each in found:
        held = each.follow_up
        name = [Span(tell.of(each, "name"))]
        if each.flags:
            name.append(Span(f" [{tell['flagged']}]", emphasis=True))
        computed = "; ".join(tell.status(status) for status in held.computed)
        independent = "; ".join(f"{one.body.code}: {tell.status(one.status)}" for one in held.independent)
        rows.append(
            (each.code, name, tell.status(held.official), computed, independent or tell.status(Status.NO_INFORMATION))
        )
    head = (tell["code"], tell["provision"], tell["official"], tell["computed"], tell["independent"])
    return Table(caption, head, rows, (1.5, 5.2, 1.9, 1.9, 2.2))


def _details(found: Sequence[ProvisionEntry], told: set[str], tell: Teller) -> Iterator[Block]:
    """Each provision about which something was published, once: under the first objective that it corresponds to."""
    followed = [each for each in found if each.is_followed]
    if not followed:
        yield Paragraph(tell["nothing"])
    before = [each.code for each in followed if each.code in told]
    if before:
        yield Paragraph(tell["elsewhere"].format(codes=", ".join(before)))
    for each in followed:
        if each.code not in told:
            told.add(each.code)
            yield from _detail(each, tell)


def _detail(provision: ProvisionEntry, tell: Teller) -> Iterator[Block]:
    held = provision.follow_up
    yield Heading(f"{provision.code}. {tell.of(provision, 'name')}", 3)
    yield blocks.responsible(provision, tell)
    yield from blocks.printed(provision, tell)
    yield from blocks.flags(provision.flags, tell)
    yield from blocks.readings(provision.code, held.series, tell)
    if held.measures:
        yield Heading(tell["measures"], 4)
        yield from blocks.measures(held.measures, tell)
    if held.reports:
        yield Heading(tell["reports"], 4)
        yield from blocks.reports(held.reports, tell)


def _measures(content: ReviewContent) -> list[MeasureLine]:
    """Every measure once, though it serves several provisions."""
    found = {measure.key: measure for each in content.provisions for measure in each.follow_up.measures}
    return list(found.values())


def _means(content: ReviewContent, tell: Teller) -> list[Block]:
    lines = [line for measure in _measures(content) for line in measure.money]
    if not lines:
        return [Heading(tell["means"]), Paragraph(tell["means_none"])]
    rows = []
    for year, source, currency in sorted({(each.year, each.source, each.currency) for each in lines}):
        mine = [each for each in lines if (each.year, each.source, each.currency) == (year, source, currency)]
        sums = [_known([getattr(each, kind) for each in mine], currency, tell) for kind in MONEY]
        rows.append((f"{year}", source, *sums))
    head = (tell["year"], tell["source"], *(tell[kind] for kind in MONEY))
    return [
        Heading(tell["means"]),
        Paragraph(tell["means_text"]),
        Table(tell["means_caption"], head, rows, (1.1, 3.4, 3.2, 3.2, 3.2), (2, 3, 4)),
    ]


def _practices(content: ReviewContent, tell: Teller) -> str:
    """How many there are, each once though it serves several objectives; they are told where they serve."""
    if not content.practices and not content.pledges:
        return tell["practices_none"]
    return tell["practices_some"].format(practices=len(content.practices), pledges=len(content.pledges))


MONEY = ("planned", "committed", "executed")


def _known(amounts: Sequence[Decimal | None], currency: str, tell: Teller) -> str:
    """The sum of what is known, and of how many lines it is known."""
    known = [each for each in amounts if each is not None]
    if not known:
        return tell["unknown_money"]
    total = blocks.money(sum(known, Decimal(0)), currency, tell)
    return tell["known_of"].format(sum=total, known=len(known), all=len(amounts))


def _next_steps(content: ReviewContent, tell: Teller) -> list[Block]:
    held = [each.follow_up for each in content.provisions]
    silent = tell["no_target_count"].format(
        count=sum(each.without_target for each in held), all=len(held), silent=sum(not each.reports for each in held)
    )
    waiting = [
        (milestone.due_on or date.max, milestone, measure)
        for measure in _measures(content)
        for milestone in measure.milestones
        if milestone.state is not MilestoneState.DONE
    ]
    waiting.sort(key=lambda one: (one[0], str(one[1].key)))
    steps: Block = Paragraph(tell["next_none"])
    if waiting:
        rows = [
            (tell.day(one.due_on), tell.of(one, "name"), tell.of(of, "name"), blocks.milestone_state(one, tell))
            for _, one, of in waiting
        ]
        head = (tell["due"], tell["milestone"], tell["measure"], tell["state"])
        steps = Table(tell["next_caption"], head, rows, (2.6, 4, 4, 2.4))
    owed: Block = Paragraph(tell["duties_none"])
    if content.duties:
        rows = [
            (tell.day(one.due_on), one.code, tell.body(one.body), tell["late"] if one.late else tell["open"])
            for one in content.duties
        ]
        owed = Table(
            tell["duties_caption"], (tell["due"], tell["code"], tell["body"], tell["state"]), rows, (2.6, 1.4, 5, 2)
        )
    return [Heading(tell["next"]), Paragraph(silent), steps, owed]


def _assessments(content: ReviewContent, tell: Teller) -> list[Block]:
    return [
        block
        for each in content.provisions
        for one in each.follow_up.assessments
        for block in blocks.assessment(each.code, one, tell)
    ]


def _flagged(content: ReviewContent, tell: Teller) -> list[Block]:
    found: list[Block] = []
    for each in content.provisions:
        if each.flags:
            found.append(Paragraph([Span(f"{each.code}. {tell.of(each, 'name')}", strong=True)]))
            found += blocks.flags(each.flags, tell)
    return found
