"""A document as PDF: tagged for a screen reader, A4, with the fonts that the typesetter itself carries.

Nothing of the machine goes into it, neither its fonts nor its clock: the same content gives the same bytes.
"""

import json
from datetime import UTC, datetime, time
from importlib.resources import files
from typing import Any, Final

import typst

from torogoz.exchange.documents.content import (
    Annex,
    Block,
    Document,
    Figure,
    Heading,
    Items,
    Note,
    Paragraph,
    Table,
    Text,
    printable,
    spans,
)
from torogoz.exchange.documents.typesetter import drawable, typeset
from torogoz.exchange.documents.words import WORDS, facts, foot

TEMPLATE: Final = files("torogoz.exchange.documents").joinpath("template.typ").read_bytes()
REGIONS: Final = {"es": "SV", "en": "GB"}


def pdf(document: Document) -> bytes:
    """The document as PDF. The same content gives the same bytes, wherever and whenever it is written.

    It conforms to PDF/UA-1, which a screen reader relies on. Should a combination of signs be refused by the standard,
    the file is tagged all the same, and does not say that it conforms.
    """
    inputs = {"document": json.dumps(_data(document), ensure_ascii=False)}
    moment = datetime.combine(document.made_on, time(), UTC)
    try:
        made = typeset(TEMPLATE, inputs, format="pdf", pdf_standards=["ua-1"], timestamp=moment)
    except typst.TypstError as refused:
        if "could not be displayed" not in refused.message:
            raise
        made = typeset(TEMPLATE, inputs, format="pdf", timestamp=moment)
    return made if isinstance(made, bytes) else b"".join(made)


def _data(document: Document) -> dict[str, Any]:
    """What the page is given: text, numbers and lists of them."""
    return {
        "language": document.language,
        "region": REGIONS[document.language],
        "title": _word(document.title),
        "subtitle": _word(document.subtitle),
        "publisher": _word(document.publisher),
        "warning": _word(document.warning),
        "facts": [[_word(label), _word(value)] for label, value in facts(document)],
        "foot": [_word(line) for line in foot(document)],
        "depth": document.depth,
        "words": WORDS[document.language],
        "blocks": [_block(block) for block in document.all_blocks()],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text=text, level=level):
            return {"kind": "heading", "text": _word(text), "level": level}
        case Paragraph(text=said):
            return {"kind": "paragraph", "text": _said(said)}
        case Items(items=items, ordered=ordered):
            return {"kind": "items", "items": [_said(one) for one in items], "ordered": ordered}
        case Table():
            return {
                "kind": "table",
                "caption": _word(block.caption),
                "head": [_word(name) for name in block.head],
                "rows": [[_said(cell) for cell in row] for row in block.rows],
                "shares": list(block.shares),
                "figures": list(block.figures),
            }
        case Figure():
            return {
                "kind": "figure",
                "title": _word(block.title),
                "svg": block.svg,
                "description": printable(block.description),
            }
        case Note(title=title, text=said):
            return {"kind": "note", "title": _word(title), "text": _said(said)}
        case Annex():
            return {"kind": "annex", "title": _word(block.title), "new_page": block.new_page}


def _word(text: str) -> str:
    return drawable(printable(text))


def _said(text: Text) -> list[dict[str, Any]]:
    return [{"text": drawable(one.text), "strong": one.strong, "emphasis": one.emphasis} for one in spans(text)]
