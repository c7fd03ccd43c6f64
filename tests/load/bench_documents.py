"""How long the national review takes to write, and how much memory, beside plain programs that write its tables alone.

    python tests/load/bench_documents.py

The review is that of the position of 2017 before anything was reported: 195 provisions under 23 objectives. The peers
(fpdf2, and python-docx as its tutorial uses it) write the same cells, without contents, structure or alternative texts.
"""

import csv
import os
import resource
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files
from io import BytesIO
from uuid import uuid4

import django
import docx
from fpdf import FPDF

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torogoz.site.settings")
django.setup()

from torogoz.exchange.documents.content import Document, Table, plain  # noqa: E402
from torogoz.exchange.documents.docx_file import docx_bytes  # noqa: E402
from torogoz.exchange.documents.pdf_file import pdf  # noqa: E402
from torogoz.topics.commitments.published import FollowUp  # noqa: E402
from torogoz.topics.commitments.review_content import InstrumentEntry, Named, ProvisionEntry, ReviewContent  # noqa: E402
from torogoz.topics.commitments.review_document import review_document  # noqa: E402

RUNS = 5
CATALOGUE = files("torogoz.shared.codelists").joinpath("data/provisions.csv")


def review() -> Document:
    """The review of the shipped position, of which nothing was published."""
    entries = []
    for row in csv.DictReader(CATALOGUE.read_text(encoding="utf-8").splitlines()):
        objectives = tuple(row.get("gcm_objectives", row.get("objectives", "")).replace(";", " ").split())
        name_es, name_en = row.get("name_es", ""), row.get("name_en", "")
        entries.append(
            ProvisionEntry(
                uuid4(), row["code"], "", "", "", name_es, name_en, "", "", (), objectives, (), (), FollowUp()
            )
        )
    named = InstrumentEntry("position-2017", "Posición nacional", "National position", "", "", None, "", "")
    objectives = tuple(Named(f"{number}", f"Objetivo {number}", f"Objective {number}") for number in range(1, 24))
    now = datetime(2026, 11, 26, tzinfo=UTC)
    content = ReviewContent((2020, 2026), now, named, named, objectives, (), tuple(entries))
    return review_document(content, "es", made_from="ab" * 32, address="", publisher="Inventada")


def tables(document: Document) -> list[Table]:
    return [block for block in document.all_blocks() if isinstance(block, Table)]


def with_fpdf2(document: Document) -> bytes:
    paper = FPDF(format="A4")
    paper.set_font("Helvetica", size=9)
    paper.add_page()
    for table in tables(document):
        with paper.table() as made:
            for row in [table.head, *table.rows]:
                cells = made.row()
                for cell in row:
                    cells.cell(plain(cell).encode("latin-1", "replace").decode("latin-1"))
    return bytes(paper.output())


def with_plain_docx(document: Document) -> bytes:
    word, made = docx.Document(), BytesIO()
    for table in tables(document):
        drawn = word.add_table(len(table.rows) + 1, len(table.head))
        for at_row, row in enumerate([table.head, *table.rows]):
            for at_column, cell in enumerate(row):
                drawn.cell(at_row, at_column).text = plain(cell)
    word.save(made)
    return made.getvalue()


def measured(name: str, write: Callable[[Document], bytes], document: Document) -> None:
    """Print the median times of a writer, its bytes, and the highest memory of this process so far."""
    made, wall, cpu = b"", [], []
    for _ in range(RUNS):
        began, worked = time.perf_counter(), time.process_time()
        made = write(document)
        wall.append(time.perf_counter() - began)
        cpu.append(time.process_time() - worked)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name:22} {statistics.median(wall):6.2f} s  {statistics.median(cpu):6.2f} s processor  "
        f"{len(made) / 1024:7.0f} kB  peak {peak:5.0f} MB"
    )


def main() -> None:
    document = review()
    cells = sum(len(row) for table in tables(document) for row in table.rows)
    print(f"{len(document.all_blocks())} blocks, {len(tables(document))} tables, {cells} cells; medians of {RUNS}")
    measured("fpdf2, tables alone", with_fpdf2, document)
    measured("PDF of the review", pdf, document)
    measured("DOCX of the review", docx_bytes, document)
    measured("python-docx, plain", with_plain_docx, document)


if __name__ == "__main__":
    main()
