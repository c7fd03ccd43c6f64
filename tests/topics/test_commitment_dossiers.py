"""What a commitment is told to be: all that is public, nothing that is not, and what is missing by name."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import followed
from tests.followed import HEALTH, LABOUR, SECRET_WORDS, provision
from tests.world import NOW, World
from torogoz.exchange.documents.content import Document, Table, plain
from torogoz.shared.provisions import queries as provisions
from torogoz.shared.provisions.shipped import POSITION
from torogoz.statistics.deliberation.progress import Status
from torogoz.topics.commitments.dossier_document import dossier_document
from torogoz.topics.commitments.entry_queries import entries
from torogoz.topics.commitments.review_content import Missing, ProvisionEntry, ReviewContent, canonical
from torogoz.topics.commitments.review_document import review_document
from torogoz.topics.commitments.review_queries import dossier_content, review_content, reviewable

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=10)


@pytest.fixture(autouse=True)
def responsible(world: World) -> None:
    followed.responsible(world)


def entry(code: str) -> ProvisionEntry:
    return entries([provision(code)], LATER)[0]


def test_a_commitment_has_what_was_published_and_names_what_is_missing(world: World) -> None:
    duty, _ = followed.duties(world)
    followed.published(world, duty, status=Status.PARTIALLY)
    followed.measure(world)
    found = entry(HEALTH)
    assert (found.code, found.follow_up.official) == (HEALTH, Status.PARTIALLY)
    assert found.name_es
    assert found.name_en
    assert [(each.body.code, each.leads) for each in found.responsible] == [("MINSAL", True)]
    assert found.missing == (Missing.TARGET, Missing.READING, Missing.ASSESSMENT)
    assert entry("T1.HR.06").missing == tuple(Missing)


def reviewed(first: int = 2026, last: int = 2026) -> ReviewContent:
    position = reviewable(POSITION)
    assert position is not None
    return review_content(position, first, last, LATER)


def tables_of(document: Document) -> dict[str, list[list[str]]]:
    """The rows of each table, by its caption."""
    tables = [each for each in document.all_blocks() if isinstance(each, Table)]
    return {each.caption: [[plain(cell) for cell in row] for row in each.rows] for each in tables}


def test_a_dossier_says_of_which_instrument_it_is_and_which_reports_are_asked_for_on_it(world: World) -> None:
    duty, _ = followed.duties(world)
    found = dossier_content(provision(HEALTH), LATER)
    assert found.instrument.code == POSITION
    assert [(each.body.code, each.due_on, each.met) for each in found.duties] == [("MINSAL", duty.due_on, False)]
    assert dossier_content(provision("T1.HR.06"), LATER).duties == ()
    followed.published(world, duty)
    for language, caption, said in (
        ("es", "Informes que se piden sobre este compromiso", ["31 de diciembre de 2026", "Ciclo 2026", "aprobado"]),
        ("en", "Reports that are asked for on this commitment", ["31 December 2026", "Cycle 2026", "approved"]),
    ):
        document = dossier_document(dossier_content(provision(HEALTH), LATER), language, made_from="", address="")
        ((due, cycle, body, state),) = tables_of(document)[caption]
        assert [due, cycle, state] == said
        assert body
        assert document.subtitle == getattr(found.instrument, f"name_{language}")
    bare = dossier_document(dossier_content(provision("T1.HR.06"), LATER), "es", made_from="", address="")
    assert "Informes que se piden sobre este compromiso" not in tables_of(bare)


def test_no_word_of_a_draft_is_in_a_dossier_or_a_review(world: World) -> None:
    duty, _ = followed.duties(world)
    followed.approved(world, duty)
    followed.assessed(world, publish=False)
    followed.measure(world, publish=False)
    assert SECRET_WORDS not in canonical(dossier_content(provision(HEALTH), LATER))
    assert SECRET_WORDS not in canonical(reviewed())


def test_the_review_counts_each_column_apart_and_only_the_reports_of_its_years(world: World) -> None:
    duty, _ = followed.duties(world)
    followed.published(world, duty, status=Status.FULFILLED)
    followed.assessed(world, status=Status.NOT_STARTED)
    this, before = reviewed(), reviewed(2024, 2025)
    document = review_document(this, "es", made_from="", address="", publisher="x")
    rows = tables_of(document)["Disposiciones por estado, en tres columnas que no se juntan"]
    counts = {row[0]: row[1:] for row in rows}
    assert counts["cumplido"] == ["1", "0", "0"]
    assert counts["sin iniciar"] == ["0", "0", "1"]
    assert counts["sin información"] == ["194", "0", "0"]
    assert counts["sin meta fijada"] == ["0", "195", "0"]
    assert len(counts) == len(Status)
    told, earlier = (next(each for each in found.provisions if each.code == HEALTH) for found in (this, before))
    assert [each.steps for each in told.follow_up.divergences] == [4]
    assert earlier.follow_up.official is Status.NO_INFORMATION
    assert Missing.REPORT in earlier.missing
    assert Missing.REPORT not in told.missing


def test_all_commitments_ask_as_many_questions_of_the_database_as_one(world: World) -> None:
    followed.duties(world)
    with CaptureQueriesContext(connection) as one:
        entry(LABOUR)
    with CaptureQueriesContext(connection) as all_of_them:
        assert len(entries(provisions.commitments(POSITION), LATER)) == 195
    assert len(all_of_them) <= len(one) + 2


def test_a_whole_review_asks_as_many_questions_of_the_database_as_a_dossier(world: World) -> None:
    followed.duties(world)
    with CaptureQueriesContext(connection) as one:
        dossier_content(provision(LABOUR), LATER)
    with CaptureQueriesContext(connection) as all_of_them:
        assert len(reviewed().provisions) == 195
    assert len(all_of_them) <= len(one) + 4
