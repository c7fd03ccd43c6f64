# ruff: noqa: F401, F811 - fixtures are asked for by their name
"""The national review as a PDF that is looked at, page after page, in both languages."""

import pytest

from tests.on_paper import looked_at, parted
from tests.topics.test_commitment_reviews import content, filled, responsible
from tests.world import World
from torogoz.exchange.documents.content import Block, Heading, Paragraph, spans
from torogoz.exchange.documents.pdf_file import pdf
from torogoz.topics.commitments.review_document import review_document

pytestmark = pytest.mark.django_db
PAGES = 27


@pytest.mark.parametrize("language", ["es", "en"])
def test_no_page_of_the_review_is_nearly_blank_and_nothing_runs_off_one_or_is_parted_from_its_heading(
    world: World, filled: None, language: str
) -> None:
    document = review_document(content(), language, made_from="ab" * 32, address="https://x.example/", publisher="x")
    pages = looked_at(pdf(document))
    assert len(pages) == PAGES
    heads = [_head(block) for block in document.all_blocks()]
    assert sum(bool(head) for head in heads) > 60
    assert parted(pages, heads) == [], "a heading stands at the foot of a page, and what it is about on the next one"


def _head(block: Block) -> str:
    """The words of a heading, or of a paragraph that is strong throughout; else nothing."""
    if isinstance(block, Heading):
        return block.text
    said = spans(block.text) if isinstance(block, Paragraph) else ()
    return "".join(one.text for one in said) if all(one.strong for one in said) else ""
