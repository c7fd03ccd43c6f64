"""Spanish is written in the code; English must be complete, and nothing in it may be left over."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "torogoz"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

Message = str | tuple[str, ...]


def messages_of(path: Path) -> Iterator[Message]:
    """Every text that the file asks to be translated: one text, or singular and plural."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        source = templatize(source, origin=str(path))
    for _line, message, _comments, _context in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
        yield message


def written() -> dict[Message, Path]:
    files = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("templates/**/*.html"), *PACKAGE.rglob("templates/**/*.txt")]
    return {message: path for path in sorted(files) for message in messages_of(path)}


def english() -> Catalog:
    whole = Catalog(locale="en")
    for path in sorted(PACKAGE.rglob("locale/en/LC_MESSAGES/django.po")):
        with path.open("rb") as text:
            for message in read_po(text, locale="en"):
                if message.id:
                    whole[message.id] = message
    return whole


def test_every_text_has_its_english() -> None:
    catalogue = english()
    missing = [
        f"{path.relative_to(PACKAGE)}: {message!r}"
        for message, path in written().items()
        if (found := catalogue.get(message if isinstance(message, str) else message[0])) is None
        or not all([found.string] if isinstance(found.string, str) else found.string)
        or found.fuzzy
    ]
    assert not missing, "\n".join(missing)


def test_no_english_is_left_over() -> None:
    used = {message if isinstance(message, str) else message[0] for message in written()}
    left_over = [
        str(message.id)
        for message in english()
        if message.id and (message.id if isinstance(message.id, str) else message.id[0]) not in used
    ]
    assert not left_over, "\n".join(left_over)


def test_placeholders_are_the_same_in_both_languages() -> None:
    for message in english():
        if not message.id:
            continue
        spanish = [message.id] if isinstance(message.id, str) else list(message.id)
        translated = [message.string] if isinstance(message.string, str) else list(message.string)
        asked = set(PLACEHOLDER.findall(spanish[-1]))
        for text in translated[-1:]:
            assert set(PLACEHOLDER.findall(text)) == asked, message.id


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("locale/en/LC_MESSAGES/django.po")), ids=str)
def test_no_text_is_translated_twice_in_one_catalogue(path: Path) -> None:
    texts = re.findall(r'^msgid "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(texts) == len(set(texts))


def test_no_text_has_one_english_in_one_catalogue_and_another_in_the_next() -> None:
    """Django merges the catalogues of all apps: of two answers to one Spanish text every page shows the same one."""
    told: dict[str, set[str]] = {}
    for message in english():
        if message.id:
            told.setdefault(str(message.id), set()).add(str(message.string))
    assert {spanish: sorted(texts) for spanish, texts in told.items() if len(texts) > 1} == {}
