"""`torogoz messages`: compile the English of every app from its .po file, without any system tool."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.core.management.base import BaseCommand

PACKAGE = Path(__file__).resolve().parents[3]


class Command(BaseCommand):
    help = "Compile the translations (.po to .mo) that have changed since they were last compiled."

    def handle(self, *args: Any, **options: Any) -> None:
        for source in sorted(PACKAGE.rglob("locale/*/LC_MESSAGES/django.po")):
            compiled = source.with_suffix(".mo")
            if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
                continue
            with source.open("rb") as text:
                catalogue = read_po(text, locale=source.parts[-3])
            unfinished = compiled.with_suffix(".mo.part")
            with unfinished.open("wb") as binary:
                write_mo(binary, catalogue)
            unfinished.replace(compiled)
            self.stdout.write(f"compiled {source.relative_to(PACKAGE)}")
