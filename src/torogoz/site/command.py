"""The command `torogoz`."""

import os
import sys

from django.core.management import execute_from_command_line

from torogoz.site.modes import keep_others_out

STOPPED = 130
"""The status with which a shell marks a command that Ctrl-C ended."""


def main() -> None:
    """Run one command of the site; `torogoz help` lists them. `estimate-flows` is `estimate_flows`, also after help."""
    for at, word in list(enumerate(sys.argv))[1 : 3 if sys.argv[1:2] == ["help"] else 2]:
        if not word.startswith("-"):
            sys.argv[at] = word.replace("-", "_")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torogoz.site.settings")
    keep_others_out()
    try:
        execute_from_command_line(sys.argv)
    except (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError) as why:
        if why.filename is None:
            raise
        print(f"{why.filename} cannot be read or written: {why.strerror}. Give the command again.", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nStopped. What was finished is kept; the same command goes on from there.", file=sys.stderr)
        sys.exit(STOPPED)
