"""The page of accesses shows no raw code: every kind of thing that the source records has its word."""

import ast
import importlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from inspect import isfunction, ismodule
from pathlib import Path
from typing import Any

import torogoz
from torogoz.domain.printed import Sheet
from torogoz.shared.audit.actions import record
from torogoz.shared.audit.words import WHATS, section_names
from torogoz.topics.returns.queries import OF_HEALTH, OF_IDENTITY, OF_THE_JOURNEY, disclosed_by

SOURCE = Path(torogoz.__file__).parent
COMPUTED = {"content.sheet.value": {sheet.value for sheet in Sheet}}
"""What the source neither writes out nor takes from a constant, and all that it may be."""


@dataclass(frozen=True)
class Call:
    """A call in the source, and the function of the source that it stands in."""

    module: str
    within: ast.FunctionDef | None
    node: ast.Call

    def given(self, name: str, place: int | None) -> ast.expr | None:
        by_name = [keyword.value for keyword in self.node.keywords if keyword.arg == name]
        by_place = [] if place is None else self.node.args[place : place + 1]
        return next(iter([*by_name, *by_place]), None)


def calls_below(module: str, node: ast.AST, within: ast.FunctionDef | None = None) -> Iterator[Call]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield Call(module, within, child)
        yield from calls_below(module, child, child if isinstance(child, ast.FunctionDef) else within)


@cache
def calls() -> dict[tuple[str, str], list[Call]]:
    """Every call in the source, by the module and the name of the function that is called."""
    found = defaultdict(list)
    for path in SOURCE.rglob("*.py"):
        if "migrations" in path.parts:
            continue
        module = ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)
        for call in calls_below(module, ast.parse(path.read_text(encoding="utf-8"))):
            if called := _called(module, call.node.func):
                found[called].append(call)
    return found


def _called(module: str, function: ast.expr) -> tuple[str, str] | None:
    """Where the function is written; nothing for a method."""
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        owner = _known(module, function.value.id)
        target = getattr(owner, function.attr, None) if ismodule(owner) else None
    else:
        target = _known(module, function.id) if isinstance(function, ast.Name) else None
    return (target.__module__, target.__name__) if isfunction(target) else None


def _known(module: str, name: str) -> Any:
    return getattr(importlib.import_module(module), name, None)


def recorded() -> set[str]:
    """Every `what` that reaches the record, also by way of functions that pass it on."""
    found: set[str] = set()
    seen: set[tuple[tuple[str, str], str]] = set()
    todo: list[tuple[tuple[str, str], str, int | None]] = [((record.__module__, record.__name__), "what", None)]
    while todo:
        function, name, place = todo.pop()
        if (function, name) in seen:
            continue
        seen.add((function, name))
        for call in calls()[function]:
            value = call.given(name, place)
            positional = [one.arg for one in call.within.args.args] if call.within else []
            named = [one.arg for one in call.within.args.kwonlyargs] if call.within else []
            if call.within and isinstance(value, ast.Name) and value.id in positional + named:
                at = positional.index(value.id) if value.id in positional else None
                todo.append(((call.module, call.within.name), value.id, at))
            else:
                found |= _words_of(call.module, value)
    return found


def _words_of(module: str, value: ast.expr | None) -> set[str]:
    """What an expression may be. Fails on one that this cannot tell."""
    if isinstance(value, ast.IfExp):
        return _words_of(module, value.body) | _words_of(module, value.orelse)
    word = value.value if isinstance(value, ast.Constant) else None
    if isinstance(value, ast.Name):
        word = _known(module, value.id)
    if isinstance(word, str):
        return {word}
    written = ast.unparse(value) if value else "nothing"
    assert written in COMPUTED, f"{module} records {written}: say here what that may be"
    return COMPUTED[written]


def test_every_kind_of_thing_that_is_recorded_has_a_word() -> None:
    found = recorded()
    # Written out, by way of a function that passes it on, a constant of the module, one of two, computed.
    assert {"consultation", "bag", "oversight", "referral"} <= found
    assert found - set(WHATS) == set()


def test_what_was_shown_of_an_arrival_has_a_name_in_both_languages() -> None:
    codes = disclosed_by(OF_IDENTITY | OF_THE_JOURNEY | OF_HEALTH) | {"family", "contacts", "sessions", "onward"}
    for language in ("es", "en"):
        assert codes <= set(section_names(language))
