"""`torogoz reference`: write the pages of docs/reference that are made from the code, and docs/map.md."""

from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand, CommandError, CommandParser

from torogoz.shared.codelists.actions import LISTS
from torogoz.shared.codelists.queries import provisions_of
from torogoz.shared.codelists.shipped import rows
from torogoz.site import environment
from torogoz.site.topics import TOPICS
from torogoz.statistics.forms.reference import form_pages
from torogoz.topics.flows.indicator_reference import indicator_pages
from torogoz.topics.flows.reference import dataflow_pages

PACKAGE = Path(settings.PACKAGE)
ABOUT = {"flows": "indicators-as-data", "returns": "the-single-form"}
"""The page that explains a topic, where it is not called as the topic is."""
NOTE = "Made by `torogoz reference` from the code; change the code, not this page.\n"


def topic_map() -> str:
    """Where each of the 17 demands lives."""
    lines = [
        "# Map of the 17 demands\n",
        NOTE,
        f"{sum(topic.works for topic in TOPICS)} of {len(TOPICS)} work. Of each: what it is about, its folder, its "
        "pages on a running site. Each provision of 2017 stands under `/about/`.\n",
        "| demand | noun | asks for | provisions of 2017 | read | code | pages |",
        "|---|---|---|---|---|---|---|",
    ]
    for topic in TOPICS:
        provisions = len(provisions_of(topic.code))
        works = (
            f"[about](explanation/{ABOUT.get(topic.noun, topic.noun)}.md) | [code](../src/torogoz/topics/{topic.noun})"
        )
        place = f"{works} | `/{topic.noun}/`" if topic.works else "not yet | |"
        lines.append(f"| {topic.code} {topic.name_en} | `{topic.noun}` | {topic.asks_en} | {provisions} | {place} |")
    return "\n".join(lines) + "\n"


def command_pages() -> str:
    """Every command of ours with its help, as it prints it."""
    ours = sorted(name for name, app in get_commands().items() if str(app).startswith("torogoz"))
    parts = ["# Commands\n", NOTE]
    for name in ours:
        command = load_command_class(get_commands()[name], name)
        parser: CommandParser = command.create_parser("torogoz", name)
        text = [f"## `torogoz {name}`\n", " ".join(str(command.help).split())]
        if own := list(arguments_of(parser)):
            text += ["", "| argument | meaning |", "|---|---|"]
        text += [f"| `{label}` | {' '.join(said.split()).replace('|', chr(92) + '|')} |" for label, said in own]
        parts.append("\n".join(text) + "\n")
    return "\n".join(parts)


def arguments_of(parser: ArgumentParser, before: str = "") -> Iterator[tuple[str, str]]:
    """What a command takes, and what that means; of one that has parts, what each part does and takes."""
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            said = {part.dest: part.help or "" for part in action._choices_actions}
            for name, part in action.choices.items():
                yield before + name, said.get(name, "")
                yield from arguments_of(part, f"{before}{name} ")
        elif not _common(action.option_strings):
            named = action.metavar if isinstance(action.metavar, str) else action.dest
            yield before + (", ".join(action.option_strings) or named), action.help or ""


def _common(options: Any) -> bool:
    """Whether an option is one that Django gives to every command."""
    return bool(
        set(options)
        & {
            "-h", "--help", "--version", "-v", "--verbosity", "--settings", "--pythonpath", "--traceback",
            "--no-color", "--force-color", "--skip-checks",
        }
    )  # fmt: skip


def setting_pages() -> str:
    """Every variable of the environment that the settings read: what for, and what holds without it."""
    lines = [
        "# Settings\n",
        NOTE,
        "From the environment; any of them may be given as a file instead, by the name with `_FILE` after it.\n",
        "| variable | kind | without it | meaning |",
        "|---|---|---|---|",
    ]
    for setting in sorted(environment.READ.values(), key=lambda setting: setting.name):
        lines.append(f"| `{setting.name}` | {setting.kind} | {setting.default} | {setting.meaning} |")
    return "\n".join(lines) + "\n"


def codelist_pages() -> str:
    """Every code list that is shipped, with how many codes it has and its first ones."""
    lines = ["# Code lists\n", NOTE, "| list | codes | first codes | source of the first |", "|---|---|---|---|"]
    for name in LISTS:
        codes = rows("torogoz.shared.codelists", name)
        first = ", ".join(f"`{row['code']}`" for row in codes[:6]) + (" …" if len(codes) > 6 else "")
        lines.append(f"| {name.upper()} | {len(codes)} | {first} | {codes[0]['source']} |")
    return "\n".join(lines) + "\n"


def model_pages() -> str:
    """Every table of ours: what a row is, and its fields."""
    parts = ["# Data model\n", NOTE]
    for model in apps.get_models():
        if not model.__module__.startswith("torogoz"):
            continue
        head = " ".join((model.__doc__ or "").split())
        parts.append(
            f"## {model._meta.app_label}: {model.__name__}\n\n{head}\n\n| field | type | note |\n|---|---|---|"
        )
        for field in model._meta.get_fields():
            if field.auto_created and not field.concrete:
                continue
            kind = type(field).__name__
            if isinstance(field.related_model, type):
                kind += f" → {field.related_model.__name__}"
            parts.append(f"| `{field.name}` | {kind} | {getattr(field, 'help_text', '')} |")
        parts.append("")
    return "\n".join(parts)


PAGES: dict[str, Callable[[], str]] = {
    "docs/map.md": topic_map,
    "docs/reference/commands.md": command_pages,
    "docs/reference/settings.md": setting_pages,
    "docs/reference/codelists.md": codelist_pages,
    "docs/reference/forms.md": form_pages,
    "docs/reference/dataflows.md": dataflow_pages,
    "docs/reference/indicators.md": indicator_pages,
    "docs/reference/data-model.md": model_pages,
}


class Command(BaseCommand):
    help = "Write the reference pages that are made from the code; with --check, only say whether they are current."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail if a page is not current")

    def handle(self, *args: Any, **options: Any) -> None:
        root = PACKAGE.parent.parent
        stale = [
            name
            for name, make in PAGES.items()
            if not (root / name).exists() or (root / name).read_text(encoding="utf-8") != make()
        ]
        if options["check"]:
            if stale:
                raise CommandError(
                    f"not current: {', '.join(stale)}. Run `torogoz reference` and commit what it wrote."
                )
            return
        for name in stale:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(PAGES[name](), encoding="utf-8")
            self.stdout.write(f"wrote {name}")
