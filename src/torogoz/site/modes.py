"""Who else on the machine may read what this program writes: its group, and nobody besides."""

import os
from typing import Final

OTHERS: Final = 0o027


def keep_others_out() -> None:
    """From now on every file is made 0640 at most and every folder 0750; a stricter umask stays as it is."""
    os.umask(os.umask(OTHERS) | OTHERS)
