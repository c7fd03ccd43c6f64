"""What every test may ask for."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.world import World, make_world


@pytest.fixture(autouse=True)
def own_folders(settings: LazySettings) -> Iterator[None]:
    """Give each test its own folder for vintages and releases, and take it away again."""
    with tempfile.TemporaryDirectory() as folder:
        settings.VAR = Path(folder)
        settings.VINTAGES = Path(folder) / "vintages"
        settings.RELEASES = Path(folder) / "releases"
        (Path(folder) / "static").mkdir()
        settings.STATIC_ROOT = Path(folder) / "static"
        # The manifest of hashed names is made by collectstatic, which a test does not run.
        settings.STORAGES = {
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        }
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real publishers' files, read in place and never copied; a test that needs it is skipped without."""
    for folder in (Path(__file__).resolve().parents[2] / "shared" / "data",):
        if folder.is_dir():
            return folder
    pytest.skip("no folder of real data beside the project (../shared/data)")


@pytest.fixture
def world(db: None) -> World:
    """The small made-up country of tests/world.py: institutions, protocol, two centres, officers of each role."""
    return make_world()
