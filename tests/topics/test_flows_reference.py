"""The page docs/reference/dataflows.md says what the code does."""

from pathlib import Path

from torogoz.statistics.dataflows import DATAFLOWS
from torogoz.topics.flows.reference import dataflow_pages

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "dataflows.md"


def test_the_reference_page_of_the_dataflows_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == dataflow_pages(), "run `torogoz reference` and commit what it wrote"


def test_every_dataflow_opens_somewhere() -> None:
    text = dataflow_pages()
    for name in DATAFLOWS:
        assert f"The page opens at `/flows/{name}/?" in text
