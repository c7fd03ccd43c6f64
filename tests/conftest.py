"""What every test may ask for."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection, connections
from django.test import TransactionTestCase

from tests import swept
from tests.copied import begin_with_a_copy
from tests.world import World, make_world
from torogoz.domain.consents import Purpose
from torogoz.shared.audit import append_only
from torogoz.shared.audit.declared import declaring

TESTS = Path(__file__).resolve().parent
FOLDERS = {"browser": TESTS / "browser", "spark": TESTS / "unit"}
"""Where script/test looks for the tests of a lane; one that lay elsewhere would never run."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what meets the database: the lane `postgres` runs that, and nothing that would only be run twice."""
    for item in items:
        asked = getattr(item, "fixturenames", ())
        if item.get_closest_marker("django_db") or "db" in asked or "transactional_db" in asked:
            item.add_marker("database")
        for marker, folder in FOLDERS.items():
            if item.get_closest_marker(marker) and folder not in item.path.parents:
                raise pytest.UsageError(f"{item.nodeid} is of the lane {marker}, which looks in {folder} only")


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """The fixtures of the test are gone by now."""
    swept.after(item)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Asked by pytest-django just before it makes the test database."""
    begin_with_a_copy()


@pytest.fixture(autouse=True)
def own_folders(settings: LazySettings) -> Iterator[None]:
    """Give each test its own folder for vintages and releases, and take it away again."""
    with tempfile.TemporaryDirectory() as folder:
        settings.VAR = Path(folder)
        settings.VINTAGES = Path(folder) / "vintages"
        settings.RELEASES = Path(folder) / "releases"
        settings.ATTACHMENTS = Path(folder) / "attachments"
        settings.EXPORTS = Path(folder) / "exports"
        settings.ANCHORS = Path(folder) / "anchors"
        (Path(folder) / "static").mkdir()
        settings.STATIC_ROOT = Path(folder) / "static"
        # The manifest of hashed names is made by collectstatic, which a test does not run.
        settings.STORAGES = {
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        }
        yield


@pytest.fixture(autouse=True)
def one_step_sign_in(settings: LazySettings) -> None:
    """Officers of tests sign in with `client.force_login`; tests of the second step turn it on for themselves."""
    settings.TWO_FACTOR = False


@pytest.fixture(autouse=True)
def cheap_passwords(settings: LazySettings) -> None:
    """Half a second of processor for each password is what an attacker shall pay; made-up officers need not."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True, scope="session")
def databases_of_tests_may_be_emptied() -> Iterator[None]:
    """A test with its own transactions empties every table at its end; the record of accesses would refuse."""
    empty = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def with_the_guard_off(self: TransactionTestCase) -> None:
        append_only.take_off(connection)
        try:
            empty(self)
        finally:
            append_only.put_on(connection)

    TransactionTestCase._fixture_teardown = with_the_guard_off  # type: ignore[attr-defined]
    yield
    TransactionTestCase._fixture_teardown = empty  # type: ignore[attr-defined]


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


@pytest.fixture
def everybody_attends() -> Iterator[None]:
    """Outside of a request nobody declares anything; in a test that asks for this, all work for immediate attention."""
    with declaring(lambda username: Purpose.ATTENTION.value):
        yield


@pytest.fixture
def database_beside(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """An empty database, the usual one of the test, to migrate step by step.

    It lies beside that of the other tests, since every app that came later would have to be taken out of theirs.
    """
    usual = connections["default"]
    beside = usual.copy()
    name = beside.settings_dict["NAME"] = (
        str(tmp_path / "beside.sqlite3") if usual.vendor == "sqlite" else f"{usual.settings_dict['NAME']}_beside"
    )
    if usual.vendor == "postgresql":
        with usual.cursor() as cursor:
            cursor.execute(
                f"DROP DATABASE IF EXISTS {usual.ops.quote_name(name)} WITH (FORCE)"
            )  # of a run that was killed
            cursor.execute(f"CREATE DATABASE {usual.ops.quote_name(name)} TEMPLATE template0")
    connections["default"] = beside
    try:
        yield
    finally:
        beside.close()
        connections["default"] = usual
        if usual.vendor == "postgresql":
            with usual.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {usual.ops.quote_name(name)} WITH (FORCE)")
