"""Settings from the environment or from files."""

from pathlib import Path

import pytest

from torogoz.site import environment


def test_a_setting_may_be_given_as_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_text("secret\n")
    monkeypatch.setenv("TOROGOZ_TRY_FILE", str(tmp_path / "key"))
    assert environment.text("TOROGOZ_TRY", "tried here") == "secret"


def test_a_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOROGOZ_TRY_FILE", "/nowhere/at/all")
    with pytest.raises(environment.SettingUnclear, match="/nowhere/at/all"):
        environment.text("TOROGOZ_TRY", "tried here")


@pytest.mark.parametrize(("value", "meant"), [("1", True), ("yes", True), ("0", False), ("off", False), ("", True)])
def test_a_flag_is_on_off_or_its_default(value: str, meant: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOROGOZ_TRY", value)
    assert environment.flag("TOROGOZ_TRY", "tried here", default=True) is meant


def test_a_flag_that_is_neither_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOROGOZ_TRY", "maybe")
    with pytest.raises(environment.SettingUnclear, match="maybe"):
        environment.flag("TOROGOZ_TRY", "tried here", default=True)


@pytest.fixture(autouse=True)
def leave_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "READ", dict(environment.READ))
