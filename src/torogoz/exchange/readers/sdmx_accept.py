"""Which format a program takes: the Accept header against what is offered, with SDMX's own media types."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from torogoz.exchange.readers.sdmx_rest import NotAcceptable, matches

LONGEST: Final = 2_000


@dataclass(frozen=True)
class Offer:
    """One format that is written.

    media     its SDMX media type, without the version
    version   the version of the format
    plain     general media types that stand for it
    short     what `format=` calls it
    """

    media: str
    version: str
    plain: tuple[str, ...]
    short: str

    @property
    def content_type(self) -> str:
        return f"{self.media};version={self.version}"


CSV: Final = Offer("application/vnd.sdmx.data+csv", "2.0.0", ("text/csv", "application/csv"), "csv")
JSON: Final = Offer("application/vnd.sdmx.data+json", "2.0.0", ("application/json",), "json")
ML: Final = Offer("application/vnd.sdmx.data+xml", "3.0.0", ("application/xml", "text/xml"), "xml")
ML_2_1: Final = Offer("application/vnd.sdmx.structurespecificdata+xml", "2.1", (), "xml21")
STRUCTURE_JSON: Final = Offer("application/vnd.sdmx.structure+json", "2.0.0", ("application/json",), "json")
STRUCTURE_ML: Final = Offer("application/vnd.sdmx.structure+xml", "3.0.0", ("application/xml", "text/xml"), "xml")
DATA: Final = (JSON, CSV, ML, ML_2_1)
STRUCTURE: Final = (STRUCTURE_JSON, STRUCTURE_ML)


@dataclass(frozen=True)
class Chosen:
    """The format chosen, and the parameters that came with it (labels, keys, timeFormat)."""

    offer: Offer
    parameters: Mapping[str, str] = field(default_factory=dict)


def negotiate(accept: str, offers: Sequence[Offer], wanted: str = "") -> Chosen:
    """The best offer for an Accept header; `wanted`, the short name of one, goes before it.

    The first offer answers who takes anything. Raises NotAcceptable, naming what there is.
    """
    if wanted:
        for offer in offers:
            if offer.short == wanted:
                return Chosen(offer)
        raise NotAcceptable(f"format is {', '.join(offer.short for offer in offers)}, not {wanted[:40]}")
    best: tuple[float, int, Chosen] | None = None
    for media, parameters in _ranges(accept[:LONGEST] or "*/*"):
        quality = _quality(parameters.pop("q", "1"))
        for place, offer in enumerate(offers):
            if quality > 0 and _covers(media, parameters.get("version", ""), offer):
                rank = (quality, -place, Chosen(offer, parameters))
                if best is None or rank[:2] > best[:2]:
                    best = rank
                break
    if best is None:
        offered = ", ".join(f"{offer.content_type} ({', '.join(offer.plain) or offer.short})" for offer in offers)
        raise NotAcceptable(f"none of {accept[:200]} is written here; there are {offered}")
    return best[2]


def _ranges(accept: str) -> list[tuple[str, dict[str, str]]]:
    """The media ranges of the header, each with its parameters."""
    found = []
    for word in accept.split(","):
        media, *rest = (part.strip() for part in word.split(";"))
        pairs = (part.partition("=") for part in rest)
        found.append((media.lower(), {name.strip(): value.strip().strip('"') for name, _, value in pairs}))
    return found


def _quality(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0


def _covers(media: str, version: str, offer: Offer) -> bool:
    """Whether a media range takes an offer."""
    if media in ("*/*", "*") or media in offer.plain or media == f"{offer.media.partition('/')[0]}/*":
        return True
    if media != offer.media:
        return False
    try:
        return not version or matches(offer.version, version)
    except (ValueError, IndexError):
        return False
