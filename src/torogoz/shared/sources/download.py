"""Fetching a publisher's file: resumed where it broke off, believed only when it is whole and not an error page."""

import csv
import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final, TypedDict

import httpx
from django.conf import settings

from torogoz.shared.sources.files import UNFINISHED, sha256_of

PUBLISHERS: Final = Path(__file__).parent / "data" / "publishers.csv"
ATTEMPTS: Final = 5
TIMEOUT: Final = httpx.Timeout(60, connect=20)
LARGEST: Final = 4 << 30
SIGNS_OF_A_PAGE: Final = (b"<!doctype html", b"<html", b"<head", b"<body")

Progress = Callable[[int, int | None], None]


class UnknownAddress(LookupError):
    """No publisher with a stable address has this key."""


class DownloadFailed(Exception):
    """The file could not be had, or what came is not the file. Nothing was imported."""


class BrokeOff(Exception):
    """The connection ended early or the server was busy: worth another attempt, from where it stopped."""


@dataclass(frozen=True)
class Address:
    """Where a publisher keeps a file; `verified` if this project has fetched it from there."""

    key: str
    publisher: str
    dataset: str
    file_name: str
    url: str
    licence: str
    source: str
    dated: str
    verified: bool


class Begun(TypedDict):
    """What is known of a file of which a part is here: its address, its version and its length."""

    url: str
    version: str
    length: int | None


def addresses() -> dict[str, Address]:
    """The publishers with a stable address, by key; the operator's TOROGOZ_SOURCE_<KEY>_URL goes first."""
    own: Mapping[str, str] = settings.SOURCE_URLS
    return {
        key: replace(each, url=own[key.upper()], source="TOROGOZ_SOURCE_…_URL", dated="", verified=False)
        if key.upper() in own
        else each
        for key, each in _shipped().items()
    }


def address_of(key: str) -> Address:
    """The address called `key`. Raises UnknownAddress."""
    known = addresses()
    if key.lower() not in known:
        raise UnknownAddress(f"no stable address is known for {key}; there is one for {', '.join(known)}")
    return known[key.lower()]


def fetch(
    address: Address,
    *,
    progress: Progress = lambda done, length: None,
    attempts: int = ATTEMPTS,
    wait: Callable[[float], None] = time.sleep,
) -> Path:
    """The file at `address`, whole, below VAR/downloads, with its SHA-256 beside it (`NAME.sha256`).

    A download that broke off goes on from its last byte, if the server says that the file is still the same; else it
    begins again. Broken connections and busy servers (429, 5xx) are tried again after 1, 2, 4, … seconds.

    raises   DownloadFailed: refused by the server, an HTML page instead of the file, or another length than announced
    """
    folder = Path(settings.VAR) / "downloads" / address.key
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / (address.file_name + UNFINISHED)
    with httpx.Client(timeout=TIMEOUT, follow_redirects=True) as client:
        for attempt in range(attempts):
            try:
                _go_on(client, address, part, progress)
                break
            except (BrokeOff, httpx.TransportError) as reason:
                if attempt + 1 == attempts:
                    raise DownloadFailed(
                        f"{address.url} broke off {attempts} times ({reason}); what came is kept in {part} and the "
                        "next attempt goes on from there"
                    ) from reason
                wait(2.0**attempt)
            except httpx.HTTPError as reason:
                raise DownloadFailed(f"{address.url}: {reason}; nothing was imported") from reason
    whole = part.with_name(address.file_name)
    digest = sha256_of(part)
    part.replace(whole)
    _notes(part).unlink(missing_ok=True)
    whole.with_name(whole.name + ".sha256").write_text(f"{digest}  {whole.name}\n", encoding="utf-8")
    return whole


def _go_on(client: httpx.Client, address: Address, part: Path, progress: Progress) -> None:
    """Fetch what is missing of `part`. Raises BrokeOff, DownloadFailed, httpx.HTTPError."""
    begun = _begun(part, address.url)
    have = part.stat().st_size if begun else 0
    # Identity: bytes of a compressed transfer could not be counted, nor gone on from.
    headers = {"Accept-Encoding": "identity", "User-Agent": "Torogoz (public statistics on migration)"}
    if begun and have:
        headers |= {"Range": f"bytes={have}-", "If-Range": begun["version"]}
    with client.stream("GET", address.url, headers=headers) as response:
        if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            _forget(part)
            raise BrokeOff("the server has no more bytes than are here already")
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS or response.is_server_error:
            raise BrokeOff(f"the server answered {response.status_code}")
        if response.status_code not in (httpx.codes.OK, httpx.codes.PARTIAL_CONTENT):
            raise DownloadFailed(f"{address.url} answered {response.status_code}; nothing was imported")
        if response.headers.get("Content-Type", "").lower().startswith(("text/html", "application/xhtml")):
            raise DownloadFailed(f"{address.url} answered with an HTML page, not with the file; nothing was imported")
        if response.status_code == httpx.codes.PARTIAL_CONTENT:
            if not response.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
                _forget(part)
                raise BrokeOff("the server sent another part than was asked for")
            length = begun["length"] if begun else None
            if length is not None and not response.headers["Content-Range"].endswith(("/*", f"/{length}")):
                _forget(part)
                raise BrokeOff("the file has another length than when the download began")
        else:
            have, length = 0, _number(response.headers.get("Content-Length"))
            _begin(part, Begun(url=str(address.url), version=_version(response.headers), length=length))
        _receive(response, part, have, length, progress)
    _must_be_whole(address, part, length)


def _receive(response: httpx.Response, part: Path, have: int, length: int | None, progress: Progress) -> None:
    """Write what comes after the first `have` bytes of `part`."""
    with part.open("r+b" if have else "wb") as stream:
        stream.seek(have)
        stream.truncate()
        for piece in response.iter_raw():
            have += stream.write(piece)
            progress(have, length)
            if have > (length or LARGEST):
                break
        stream.flush()
        os.fsync(stream.fileno())


def _must_be_whole(address: Address, part: Path, length: int | None) -> None:
    """Refuse a page in the file's clothes, and another length than announced. Raises BrokeOff, DownloadFailed."""
    with part.open("rb") as stream:
        begins = stream.read(512).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    size = part.stat().st_size
    if begins.startswith(SIGNS_OF_A_PAGE):
        _forget(part)
        raise DownloadFailed(f"{address.url} answered with an HTML page, not with the file; nothing was imported")
    if size == 0:
        _forget(part)
        raise DownloadFailed(f"{address.url} answered with an empty file; nothing was imported")
    if size > (length or LARGEST):
        _forget(part)
        raise DownloadFailed(f"{address.url} announced {length or LARGEST} bytes but sent more; nothing was imported")
    if length is not None and size < length:
        raise BrokeOff(f"{size} of {length} bytes came")


def _version(headers: httpx.Headers) -> str:
    """What names this version of the file for If-Range: a strong ETag, or its date; nothing if there is neither."""
    tag = str(headers.get("ETag", ""))
    return tag if tag and not tag.startswith("W/") else str(headers.get("Last-Modified", ""))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _notes(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _begin(part: Path, begun: Begun) -> None:
    _notes(part).write_text(json.dumps(begun), encoding="utf-8")


def _begun(part: Path, url: str) -> Begun | None:
    """What is known of the part that is here; None if it cannot be gone on with."""
    try:
        found = json.loads(_notes(part).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    usable = part.exists() and found.get("url") == url and found.get("version")
    return Begun(url=url, version=found["version"], length=found["length"]) if usable else None


def _forget(part: Path) -> None:
    part.unlink(missing_ok=True)
    _notes(part).unlink(missing_ok=True)


@cache
def _shipped() -> dict[str, Address]:
    """The addresses of publishers.csv."""
    with PUBLISHERS.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {row["key"]: Address(verified=row.pop("verified") == "y", **row) for row in rows}
