"""What the pages say to press is on a page of the site, and what they say to type is a command with these options."""

import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand

from torogoz.site.management.commands.reference import PACKAGE, arguments_of

ROOT = Path(__file__).resolve().parents[2]
STEPS = sorted([*(ROOT / "docs" / "how-to").glob("*.md"), *(ROOT / "docs" / "tutorial").glob("*.md")])
EVERY_PAGE = [page for page in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]) if page.stem != "reference"]
SHOWN_IN = {".py", ".html", ".csv", ".yaml", ".po", ".js"}
ELSEWHERE = {
    *("manually enter project details", "get blank form"),  # ODK Collect
    *("modulenotfounderror", "no module named 'torogoz'"),  # Python
    *("antes nueva san salvador", "but code is expected"),  # put together from a word and what is stored
}
NO_COMMANDS = {"torogoz-worker", "git", "script", "with"}
"""What follows the word where it is a user or an application of Spark."""


@cache
def everything_shown() -> str:
    """All that the site can say, in small letters: the source with its templates, lists, forms and translations."""
    found = [
        path.read_text(encoding="utf-8")
        for path in PACKAGE.rglob("*")
        if path.suffix in SHOWN_IN and "migrations" not in path.parts
    ]
    text = re.sub(r"\s+", " ", " ".join(found)).replace('\\"', '"')
    joined = re.sub(r'" f?"', "", unescape(text))
    return re.sub(r"%\(\w+\)s|\{[^{} ]*\}", "…", joined).lower()


def labels(page: Path) -> Iterator[str]:
    """What the page writes *so*: words of the site, without what is filled in between them."""
    text = re.sub(r"```.*?```|`[^`\n]*`|\*\*.+?\*\*", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for said in re.findall(r"(?<![*\w])\*([^*\n][^*]*?)\*(?![*\w])", text):
        for part in re.split(r"→|…|: |\b\d+\b|;|\(|\)|·", " ".join(said.split())):
            if len(words := part.strip(' ",.“”').lower()) > 2:
                yield words


@pytest.mark.parametrize("page", STEPS, ids=lambda page: page.stem)
def test_what_a_page_says_to_press_or_read_is_what_the_site_says(page: Path) -> None:
    assert [said for said in labels(page) if said not in ELSEWHERE and said not in everything_shown()] == []


@cache
def options_of(name: str) -> frozenset[str]:
    """The options of a command, those too that Django gives to all. Raises KeyError if there is no such command."""
    app = get_commands()[name.replace("-", "_")]
    command = app if isinstance(app, BaseCommand) else load_command_class(app, name.replace("-", "_"))
    parser = command.create_parser("torogoz", name)
    own = {option for label, _ in arguments_of(parser) for option in re.findall(r"--[\w-]+", label)}
    return frozenset(own | {option for action in parser._actions for option in action.option_strings})


def typed(page: Path) -> Iterator[tuple[str, str]]:
    """Every command that the page writes as code, and what stands behind it."""
    text = page.read_text(encoding="utf-8")
    for code in re.findall(r"```.*?```|`[^`\n]+`", text, flags=re.DOTALL):
        yield from re.findall(r"(?<![\w/.=-])torogoz ([a-z][\w-]*)([^`\n|;&#]*)", code)


@pytest.mark.parametrize("page", EVERY_PAGE, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_says_to_type_is_a_command_with_these_options(page: Path) -> None:
    wrong = []
    for name, behind in typed(page):
        if name in NO_COMMANDS:
            continue
        if name.replace("-", "_") not in get_commands():
            wrong.append(f"torogoz {name}")
            continue
        wrong += [f"{name} {option}" for option in re.findall(r"--[a-z-]+", behind) if option not in options_of(name)]
    assert wrong == []


def test_both_see_what_they_look_for() -> None:
    signing, restoring = (
        ROOT / "docs" / "how-to" / f"{name}.md" for name in ("sign-the-protocol", "back-up-and-restore")
    )
    assert {"proponer un cambio", "comparar dos versiones"} <= set(labels(signing))
    assert "proponer un cambio a solas" not in everything_shown()
    assert ("annex", " --signed NUMBER") in set(typed(signing))
    assert any(name == "attachments" for name, _ in typed(restoring))
    assert "--signed" in options_of("annex")
    assert "--signature" not in options_of("annex")
