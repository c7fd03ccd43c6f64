"""Who recommends something to a State: the Universal Periodic Review and the treaty bodies, by their usual codes."""

from typing import Final

UPR: Final = "UPR"
TREATY_BODIES: Final = (
    "CMW",
    "CEDAW",
    "CRC",
    "CRC-OP-AC",
    "CRC-OP-SC",
    "CCPR",
    "CESCR",
    "CERD",
    "CAT",
    "SPT",
    "CED",
    "CRPD",
)
"""As the Universal Human Rights Index names them; their names are in the list MECHANISM."""

BODY_OF: Final = {
    "icrmw": "CMW",
    "cedaw": "CEDAW",
    "crc": "CRC",
    "iccpr": "CCPR",
    "icescr": "CESCR",
    "icerd": "CERD",
    "cat": "CAT",
    "crpd": "CRPD",
}
"""The body that watches over each treaty of the register; of those that are not here none is known to it."""
