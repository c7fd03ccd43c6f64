"""Answers made smaller on the way: for whose program takes gzip."""

import zlib
from collections.abc import Iterator

from django.http import HttpRequest


def accepts_gzip(request: HttpRequest) -> bool:
    """Whether the reader's program takes gzip; `gzip;q=0` says that it does not."""
    offers = [offer.replace(" ", "").lower() for offer in request.headers.get("Accept-Encoding", "").split(",")]
    return any(offer.startswith("gzip") and not offer.endswith(("q=0", "q=0.0")) for offer in offers)


def squeezed_pieces(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces as one gzip stream."""
    squeezer = zlib.compressobj(6, zlib.DEFLATED, 31)
    for piece in pieces:
        if squeezed := squeezer.compress(piece):
            yield squeezed
    yield squeezer.flush()
