"""Data that is stored and is no longer what was stored: nothing of it is shown."""


class Damaged(Exception):
    """A file of data is missing, or is not the one that was stored."""
