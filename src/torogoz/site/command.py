"""The command `torogoz`."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run one command of the site; `torogoz help` lists them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torogoz.site.settings")
    execute_from_command_line(sys.argv)
