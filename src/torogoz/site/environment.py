"""Settings that the operator gives: from the environment, or from a file named by `NAME_FILE`."""

import os
from pathlib import Path


class SettingMissing(Exception):
    """A setting that production cannot do without was not given."""


class SettingUnclear(Exception):
    """A setting was given a value that cannot be read."""


def text(name: str, default: str = "") -> str:
    """The value of `name`, or the content of the file that `name`_FILE names, or `default`."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as reason:
            raise SettingUnclear(f"{name}_FILE names {path}, which cannot be read: {reason.strerror}") from reason
    return os.environ.get(name, default)


def flag(name: str, *, default: bool) -> bool:
    """Whether `name` is on: 1, true, yes, on; or off: 0, false, no, off. Raises SettingUnclear."""
    value = text(name).strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise SettingUnclear(f"{name} is {value!r}; write 1 or 0")


def words(name: str, default: str = "") -> list[str]:
    """The comma-separated words of `name`."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def folder(name: str, default: Path) -> Path:
    """The folder that `name` names, or `default`; always absolute."""
    return Path(text(name) or default).expanduser().resolve()
