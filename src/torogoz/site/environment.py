"""Settings that the operator gives: from the environment, or from a file named by `NAME_FILE`.

Each is asked for once, with what it means; docs/reference/settings.md is made from what was asked.
"""

import base64
import os
from dataclasses import dataclass
from pathlib import Path


class SettingMissing(Exception):
    """A setting that production cannot do without was not given."""


class SettingUnclear(Exception):
    """A setting was given a value that cannot be read."""


@dataclass(frozen=True)
class Setting:
    """One variable that the settings asked for."""

    name: str
    kind: str
    default: str
    meaning: str


KEY_BYTES = 32
READ: dict[str, Setting] = {}


def text(name: str, meaning: str, default: str = "", *, shown: str | None = None) -> str:
    """The value of `name`, or the content of the file that `name`_FILE names, or `default`.

    `shown` stands in the documentation where the default itself should not.
    """
    READ.setdefault(
        name, Setting(name, "text", f"`{default}`" if default and shown is None else shown or "empty", meaning)
    )
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as reason:
            raise SettingUnclear(f"{name}_FILE names {path}, which cannot be read: {reason.strerror}") from reason
    return os.environ.get(name, default)


def key(name: str, meaning: str, default: bytes, *, shown: str) -> bytes:
    """The 32 bytes that `name` gives in base64, or `default`. Raises SettingUnclear."""
    READ[name] = Setting(name, "base64", shown, meaning)
    written = text(name, meaning)
    if not written:
        return default
    try:
        read = base64.b64decode(written, validate=True)
    except ValueError as reason:
        raise SettingUnclear(f"{name} is not base64; make one with `openssl rand -base64 32`") from reason
    if len(read) != KEY_BYTES:
        raise SettingUnclear(f"{name} has {len(read)} bytes; it needs {KEY_BYTES}: `openssl rand -base64 32`")
    return read


def flag(name: str, meaning: str, *, default: bool) -> bool:
    """Whether `name` is on: 1, true, yes, on; or off: 0, false, no, off. Raises SettingUnclear."""
    READ[name] = Setting(name, "1 or 0", "1" if default else "0", meaning)
    value = text(name, meaning).strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise SettingUnclear(f"{name} is {value!r}; write 1 or 0")


def words(name: str, meaning: str, default: str = "") -> list[str]:
    """The comma-separated words of `name`."""
    READ[name] = Setting(name, "words with commas", f"`{default}`" if default else "empty", meaning)
    return [word.strip() for word in text(name, meaning, default).split(",") if word.strip()]


def folder(name: str, meaning: str, default: Path, *, shown: str) -> Path:
    """The folder that `name` names, or `default`; always absolute."""
    READ[name] = Setting(name, "folder", shown, meaning)
    return Path(text(name, meaning) or default).expanduser().resolve()


def addresses(prefix: str, suffix: str, meaning: str) -> dict[str, str]:
    """The values of the settings named `prefix`…`suffix`, by what stands between."""
    name = f"{prefix}<KEY>{suffix}"
    READ[name] = Setting(name, "address", "the address that is shipped", meaning)
    found = {key: value for key, value in os.environ.items() if key.startswith(prefix) and key.endswith(suffix)}
    return {key.removeprefix(prefix).removesuffix(suffix): value for key, value in found.items()}
