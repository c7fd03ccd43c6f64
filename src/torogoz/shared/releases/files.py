"""The files of a release: written aside and moved into place whole, read-only, each with its SHA-256."""

import fcntl
import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from torogoz.domain.damage import Damaged

MANIFEST = "manifest.json"
ASIDE = ".making-"


class ReleaseDamaged(Damaged):
    """A file of a release is missing, is not what its manifest says, or should not be there."""


def sha256(path: Path) -> str:
    """The SHA-256 of a file, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def one_at_a_time(root: Path) -> Iterator[None]:
    """Hold the folder of releases: two makers wait for each other, and what a killed one left aside is swept away."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in root.glob(f"{ASIDE}*"):
            shutil.rmtree(left)
        yield


@contextmanager
def folder_aside(root: Path) -> Iterator[Path]:
    """A folder to write in, taken away again unless `move_into_place` moved it."""
    folder = root / f"{ASIDE}{uuid4()}"
    folder.mkdir(mode=0o750, parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def seal(folder: Path, manifest: Mapping[str, Any]) -> str:
    """Write the manifest with every file's size and SHA-256, make all files read-only; the manifest's own SHA-256."""
    files = {
        str(path.relative_to(folder)): {"sha256": sha256(path), "bytes": path.stat().st_size}
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    text = json.dumps({**manifest, "files": files}, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    for path in folder.rglob("*"):
        path.chmod(0o440 if path.is_file() else 0o750)
    return sha256(folder / MANIFEST)


def move_into_place(aside: Path, place: Path) -> None:
    """Give the folder its name. A folder of that name that no release knows of was left by a killed maker: it goes."""
    if place.exists():
        shutil.rmtree(place)
    aside.rename(place)


def manifest_of(folder: Path, expected: str) -> dict[str, Any]:
    """The manifest in `folder`, whose SHA-256 must be `expected`. Raises ReleaseDamaged."""
    path = folder / MANIFEST
    if not path.is_file():
        raise ReleaseDamaged(f"{folder.name}: the manifest is missing")
    if sha256(path) != expected:
        raise ReleaseDamaged(f"{folder.name}: the manifest is not the one that was released")
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def damages(folder: Path, expected: str) -> list[str]:
    """What is wrong with the files of a release, one sentence each; none when all are as released."""
    try:
        listed = manifest_of(folder, expected)["files"]
    except ReleaseDamaged as damage:
        return [str(damage)]
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
    said = [f"{folder.name}: {name} is missing" for name in sorted(set(listed) - found)]
    said += [f"{folder.name}: {name} does not belong to the release" for name in sorted(found - set(listed))]
    said += [
        f"{folder.name}: {name} is not the file that was released"
        for name in sorted(found & set(listed))
        if sha256(folder / name) != listed[name]["sha256"]
    ]
    return said
