"""The page of accesses shows no raw code: every kind of thing that the source records has its word."""

import ast
from collections.abc import Iterator
from pathlib import Path

import torogoz
from torogoz.shared.audit.words import WHATS, section_names
from torogoz.topics.returns.queries import OF_HEALTH, OF_IDENTITY, OF_THE_JOURNEY, disclosed_by


def recorded() -> Iterator[str]:
    """The literal `what=` of every call in the source."""
    for path in Path(torogoz.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for keyword in node.keywords if isinstance(node, ast.Call) else ():
                value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
                if keyword.arg == "what" and isinstance(value, str) and value.isidentifier():
                    yield value


def test_every_kind_of_thing_that_is_recorded_has_a_word() -> None:
    found = set(recorded())
    assert {"consultation", "table", "family"} <= found
    assert found - set(WHATS) == set()


def test_what_was_shown_of_an_arrival_has_a_name_in_both_languages() -> None:
    codes = disclosed_by(OF_IDENTITY | OF_THE_JOURNEY | OF_HEALTH) | {"family", "contacts", "sessions", "onward"}
    for language in ("es", "en"):
        assert codes <= set(section_names(language))
