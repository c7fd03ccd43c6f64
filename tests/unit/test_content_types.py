"""A Content-Type that cannot be read is taken as none, and every other is left as it is."""

import pytest

from torogoz.site.content_types import without_what_cannot_be_read


@pytest.mark.parametrize("said", ["text/html; charset*=foo''x", "multipart/form-data; boundary*=foo''B"])
def test_what_cannot_be_read_is_taken_as_none(said: str) -> None:
    assert without_what_cannot_be_read({"CONTENT_TYPE": said}) == {"CONTENT_TYPE": ""}


@pytest.mark.parametrize("said", ["", "text/xml; charset=utf-8", "multipart/form-data; boundary=B", ";;;="])
def test_what_can_be_read_is_left_as_it_is(said: str) -> None:
    assert without_what_cannot_be_read({"CONTENT_TYPE": said}) == {"CONTENT_TYPE": said}
    assert without_what_cannot_be_read({}) == {}
