"""The log of the server says where something failed and never what was in it."""

import logging
import sys

import pytest
from django.test import Client, RequestFactory

from torogoz.site import about
from torogoz.site.logs import WithoutPersons


class Refused(Exception):
    """An error as a database raises it."""


def failure() -> logging.LogRecord:
    try:
        raise Refused("DETAIL: Failing row contains (7, Ronald Erick Quijada)")
    except Refused:
        return logging.LogRecord("django.request", logging.ERROR, __file__, 1, "Failed: %s", ("/x/",), sys.exc_info())


def test_the_words_of_an_error_are_left_out_and_its_kind_and_places_are_kept() -> None:
    line = WithoutPersons().format(failure())
    assert "Quijada" not in line
    assert "Refused" in line
    assert "test_logs.py" in line
    assert "Failed: /x/" in line


def test_the_number_of_the_request_leads_to_the_record_of_accesses() -> None:
    record = failure()
    record.request = RequestFactory().get("/x/")
    assert "(request " in WithoutPersons().format(record)


@pytest.mark.django_db
def test_a_page_that_fails_is_written_down_without_the_words(
    client: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise Refused("Ronald Erick Quijada")

    monkeypatch.setattr(about, "render", fails)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(WithoutPersons())
    monkeypatch.setattr(logging.getLogger("django"), "handlers", [handler])
    client.raise_request_exception = False
    assert client.get("/about/").status_code == 500
    said = capsys.readouterr().err
    assert "Refused" in said
    assert "Quijada" not in said
