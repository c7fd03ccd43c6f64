"""Files that are there whole or not at all: written beside their place, and moved into it when all are written."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4


class WholeFiles:
    """The files of one run. Ask `aside` where to write each; they take their places together."""

    def __init__(self) -> None:
        self._places: dict[Path, Path] = {}

    def aside(self, place: Path) -> Path:
        """Where to write the file that is to stand at `place`. Raises FileNotFoundError if there is no such folder."""
        if not place.parent.is_dir():
            raise FileNotFoundError(f"there is no folder {place.parent}")
        if place in self._places.values():
            raise ValueError(f"two files would be called {place}")
        aside = place.with_name(f".{place.name}.{uuid4().hex[:8]}")
        self._places[aside] = place
        return aside

    def move(self) -> None:
        """Move every file into its place."""
        for aside, place in self._places.items():
            aside.replace(place)

    def sweep(self) -> None:
        """Take away what was written and not moved."""
        for aside in self._places:
            aside.unlink(missing_ok=True)


@contextmanager
def whole_files() -> Iterator[WholeFiles]:
    """Files that take their places at the end of the block, and leave nothing behind if it is left by an error."""
    files = WholeFiles()
    try:
        yield files
        files.move()
    finally:
        files.sweep()
