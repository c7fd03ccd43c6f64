"""Fetching from a publisher that breaks off, changes its file, or answers with an error page. A server of our own."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.core.management.base import CommandError

from torogoz.shared.sources.actions import Outcome, refresh
from torogoz.shared.sources.download import DownloadFailed, UnknownAddress, address_of, addresses, fetch
from torogoz.shared.sources.models import Vintage
from torogoz.shared.sources.reading import HEADLINES

KEY = "iom_missing_migrants"
BODY = HEADLINES.read_bytes()


class Publisher(ThreadingHTTPServer):
    """Serves one file with ETag and Range. `moods` says how each request in turn is met; then all go well."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Visit)
        self.body, self.moods, self.asked = BODY, list[str](), list[str]()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/file.csv"


class Visit(BaseHTTPRequestHandler):
    """One request."""

    server: Publisher

    def do_GET(self) -> None:
        """Answer as the publisher's mood has it."""
        mood = self.server.moods.pop(0) if self.server.moods else "well"
        wanted = self.headers.get("Range", "")
        self.server.asked.append(wanted)
        body, tag = self.server.body, hashlib.sha256(self.server.body).hexdigest()[:8]
        if mood.isdigit():
            return self.answer(int(mood), b"no", {})
        if mood == "page":
            return self.answer(200, b"<!DOCTYPE html><p>Mantenimiento</p>", {"Content-Type": "text/html"})
        if mood == "page in disguise":
            return self.answer(200, b"\n<html>Acceso denegado</html>", {"Content-Type": "text/csv"})
        first = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        same = self.headers.get("If-Range") == f'"{tag}"'
        headers = {"ETag": f'"{tag}"', "Content-Type": "text/csv"}
        if first and same and mood == "short":
            headers["Content-Range"] = f"bytes {first}-{len(body) - 2}/{len(body)}"
            return self.answer(206, body[first:-1], headers)
        if first and same:
            headers["Content-Range"] = f"bytes {first}-{len(body) - 1}/{len(body)}"
            return self.answer(206, body[first:], headers, breaks=mood == "breaks")
        return self.answer(200, body, headers, breaks=mood == "breaks")

    def answer(self, status: int, body: bytes, headers: dict[str, str], *, breaks: bool = False) -> None:
        """Send it whole, or its first half and then hang up."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if breaks else body)

    def log_message(self, *words: object) -> None:
        """Say nothing on stderr."""


@pytest.fixture
def publisher(settings: LazySettings) -> Iterator[Publisher]:
    """A publisher at the address of KEY."""
    server = Publisher()
    settings.SOURCE_URLS = {KEY.upper(): server.url}
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def fetched(waits: list[float] | None = None, attempts: int = 5) -> Path:
    """The file, without really waiting."""
    return fetch(address_of(KEY), wait=(waits if waits is not None else []).append, attempts=attempts)


def test_a_file_is_fetched_with_its_checksum(publisher: Publisher) -> None:
    path = fetched()
    assert path.read_bytes() == BODY
    assert path.with_name(path.name + ".sha256").read_text().startswith(hashlib.sha256(BODY).hexdigest())
    assert {each.name for each in path.parent.iterdir()} == {path.name, path.name + ".sha256"}


def test_a_download_that_breaks_off_goes_on_from_its_last_byte(publisher: Publisher) -> None:
    publisher.moods, waits = ["breaks", "breaks", "503"], []
    assert fetched(waits).read_bytes() == BODY
    half = len(BODY) // 2
    assert publisher.asked[:2] == ["", f"bytes={half}-"]
    assert publisher.asked[3] == publisher.asked[2] != publisher.asked[1]
    assert waits == [1.0, 2.0, 4.0]


def test_a_part_that_is_shorter_than_announced_is_gone_on_from(publisher: Publisher) -> None:
    publisher.moods = ["breaks", "short"]
    assert fetched().read_bytes() == BODY
    assert publisher.asked[2] == f"bytes={len(BODY) - 1}-"


def test_what_came_is_kept_for_the_next_attempt(publisher: Publisher) -> None:
    publisher.moods = ["breaks"]
    with pytest.raises(DownloadFailed, match="the next attempt goes on from there"):
        fetched(attempts=1)
    assert fetched().read_bytes() == BODY
    assert publisher.asked == ["", f"bytes={len(BODY) // 2}-"]


def test_a_file_that_changed_meanwhile_begins_again(publisher: Publisher) -> None:
    publisher.moods = ["breaks"]
    with pytest.raises(DownloadFailed):
        fetched(attempts=1)
    publisher.body = BODY + b"# newer\n"
    assert fetched().read_bytes() == BODY + b"# newer\n"


@pytest.mark.parametrize("mood", ["page", "page in disguise"])
def test_an_error_page_is_not_taken_for_the_file(publisher: Publisher, mood: str) -> None:
    publisher.moods = [mood]
    with pytest.raises(DownloadFailed, match="answered with an HTML page, not with the file; nothing was imported"):
        fetched()
    assert fetched().read_bytes() == BODY


def test_a_refusal_is_not_tried_again(publisher: Publisher) -> None:
    publisher.moods = ["404"]
    with pytest.raises(DownloadFailed, match="answered 404; nothing was imported"):
        fetched()
    assert len(publisher.asked) == 1


def test_a_server_that_stays_busy_is_given_up_on(publisher: Publisher) -> None:
    publisher.moods = ["503"] * 5
    with pytest.raises(DownloadFailed, match="broke off 5 times"):
        fetched()


def test_an_empty_file_is_refused(publisher: Publisher) -> None:
    publisher.body = b""
    with pytest.raises(DownloadFailed, match="empty file"):
        fetched()


@pytest.mark.django_db
def test_what_was_fetched_is_imported_once(publisher: Publisher, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sources", "--download", KEY)
    assert capsys.readouterr().out.startswith("stored: HEADLINES from missing_migrants_global.csv")
    assert [each.outcome for each in refresh(key=KEY, now=Vintage.objects.get().imported_at)] == [Outcome.ALREADY]
    publisher.moods = ["404"]
    with pytest.raises(CommandError, match="answered 404"):
        call_command("sources", "--download", KEY)


def test_every_shipped_address_says_where_it_is_from_and_whether_it_was_verified(settings: LazySettings) -> None:
    settings.SOURCE_URLS = {}
    for each in addresses().values():
        assert each.url.startswith("https://")
        assert each.source
        assert each.dated
        assert each.licence
    with pytest.raises(UnknownAddress, match="there is one for iom_missing_migrants"):
        address_of("nobody")
