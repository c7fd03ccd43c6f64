"""In production the site starts only with a key of its own, and Django's own checks find nothing to say."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

GOOD_KEY = "a-key-made-up-for-this-test-only-0123456789-abcdefghijklmnop-XYZ"
MASTER_KEY = base64.b64encode(bytes(range(32))).decode()


def start(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command `torogoz` as an operator would, with nothing of this test's environment but the search path."""
    whole = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "src"),
        "TOROGOZ_VAR": str(tmp_path),
        **environment,
    }
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "torogoz", *arguments],
        env=whole,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_check_deploy_is_clean_in_production(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    done = start(
        *(tmp_path, "check", "--deploy", "--fail-level", "INFO"),
        TOROGOZ_PRODUCTION="1",
        TOROGOZ_SECRET_KEY=GOOD_KEY,
        TOROGOZ_MASTER_KEY=MASTER_KEY,
        TOROGOZ_HOSTS="torogoz.example",
        TOROGOZ_ORIGINS="https://torogoz.example",
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize(
    "key", ["", "development-only-key-that-production-refuses-to-start-with", "short"], ids=["none", "ours", "short"]
)
def test_production_refuses_to_start_without_a_good_key(tmp_path: Path, key: str) -> None:
    done = start(tmp_path, "check", TOROGOZ_PRODUCTION="1", TOROGOZ_SECRET_KEY=key)
    assert done.returncode != 0
    assert "TOROGOZ_SECRET_KEY" in done.stderr


def test_the_key_is_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(GOOD_KEY, encoding="utf-8")
    (tmp_path / "static").mkdir()
    (tmp_path / "master").write_text(f"{MASTER_KEY}\n", encoding="utf-8")
    done = start(
        *(tmp_path, "check"),
        TOROGOZ_PRODUCTION="1",
        TOROGOZ_SECRET_KEY_FILE=str(tmp_path / "key"),
        TOROGOZ_MASTER_KEY_FILE=str(tmp_path / "master"),
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("master", ["", "not base64", base64.b64encode(bytes(16)).decode()])
def test_production_refuses_to_start_without_a_master_key_of_its_own(tmp_path: Path, master: str) -> None:
    key = {"TOROGOZ_MASTER_KEY": master} if master else {}
    done = start(tmp_path, "check", TOROGOZ_PRODUCTION="1", TOROGOZ_SECRET_KEY=GOOD_KEY, **key)
    assert done.returncode != 0
    assert "openssl rand -base64 32" in done.stderr


def test_the_demonstration_cannot_run_in_production(tmp_path: Path) -> None:
    done = start(
        *(tmp_path, "check"),
        TOROGOZ_PRODUCTION="1",
        TOROGOZ_DEMONSTRATION="1",
        TOROGOZ_SECRET_KEY=GOOD_KEY,
    )
    assert done.returncode != 0
    assert "TOROGOZ_DEMONSTRATION" in done.stderr
