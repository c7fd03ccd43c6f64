"""Drawings as pictures, for files that cannot hold a drawing: PNG, with the letters that the typesetter carries."""

import json
from collections.abc import Sequence
from typing import Final

from torogoz.exchange.documents.typesetter import typeset

DOTS_PER_INCH: Final = 144
"""Twice the 640 units of a drawing: sharp on paper, and about 40 kB a picture."""
SHEET: Final = b"""
#let drawings = json(bytes(sys.inputs.drawings))
#set page(width: 640pt, height: auto, margin: 0pt, fill: white)
#set text(font: "Libertinus Serif")
#for (at, drawing) in drawings.enumerate() {
  if at > 0 { pagebreak() }
  image(bytes(drawing), format: "svg", width: 640pt)
}
"""


def pictures(drawings: Sequence[str]) -> list[bytes]:
    """Each SVG as PNG, in the order given.

    No font of the machine is asked, so that the same drawing is the same bytes on every machine.
    """
    if not drawings:
        return []
    inputs = {"drawings": json.dumps(list(drawings), ensure_ascii=False)}
    made = typeset(SHEET, inputs, format="png", ppi=DOTS_PER_INCH)
    return made if isinstance(made, list) else [made]
