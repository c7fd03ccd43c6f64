"""Headless Chromium, when there is one: each test has a browser of its own, with a profile that it never shared."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--lang=es-SV",
)
WIDE, NARROW = (1280, 900), (360, 740)


@pytest.fixture(scope="session", autouse=True)
def folder_of_static_files() -> None:
    """The server of these tests starts before any test has a folder of its own, and wants this one to be there."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def browser() -> Iterator[Chrome]:
    """A browser as wide as a desk. Skipped without Chromium, unless TOROGOZ_REQUIRE names `browser`."""
    with opened() as window:
        yield window


@pytest.fixture
def reader() -> Iterator[Chrome]:
    """A browser of the public: JavaScript is off."""
    with opened({"profile.managed_default_content_settings.javascript": 2}) as window:
        yield window


@contextmanager
def opened(preferences: Mapping[str, int] | None = None) -> Iterator[Chrome]:
    """A window with a profile of its own, both gone afterwards."""
    chromium, driver = shutil.which("chromium") or shutil.which("google-chrome"), shutil.which("chromedriver")
    if not chromium or not driver:
        missing = "Chromium or chromedriver is not installed (Debian: chromium, chromium-driver)"
        if "browser" in os.environ.get("TOROGOZ_REQUIRE", ""):
            pytest.fail(missing)
        pytest.skip(missing)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = ChromeOptions()
        options.binary_location = chromium
        for flag in (*FLAGS, f"--user-data-dir={profile}", "--window-size={},{}".format(*WIDE)):
            options.add_argument(flag)
        if preferences:
            options.add_experimental_option("prefs", dict(preferences))
        window = Chrome(options=options, service=Service(driver))
        try:
            yield window
        finally:
            window.quit()


@pytest.fixture
def narrow(browser: Chrome) -> Chrome:
    """The same browser as narrow as an old telephone: 360 pixels, which a window alone cannot be."""
    width, height = NARROW
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": True},
    )
    return browser
