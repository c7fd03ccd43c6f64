"""What the demonstration refuses before it makes or serves anything."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from torogoz.site import command
from torogoz.site.demonstration.starting import CannotStart, data_folder, one_at_a_time, refuse_taken_port


def test_a_port_where_something_listens_is_refused_with_what_to_do() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CannotStart, match=rf"Port {port} cannot be used .* another port with --port"):
            refuse_taken_port(port)
    refuse_taken_port(port)


@pytest.mark.parametrize("port", [-1, 0, 65_536])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(CannotStart, match="from 1 to 65535"):
        refuse_taken_port(port)


def test_two_cannot_make_the_country_in_one_folder_at_once(tmp_path: Path) -> None:
    with one_at_a_time(tmp_path), pytest.raises(CannotStart, match="Another script/demo"), one_at_a_time(tmp_path):
        pass
    with one_at_a_time(tmp_path):
        pass


def test_a_named_folder_that_is_none_is_refused_and_a_missing_neighbour_is_not(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for wrong in (file, tmp_path / "nowhere"):
        with pytest.raises(CannotStart, match="is not a folder: nothing was made"):
            data_folder(wrong, "", tmp_path)
        with pytest.raises(CannotStart, match="is not a folder: nothing was made"):
            data_folder(None, str(wrong), tmp_path)
    assert data_folder(None, "", tmp_path / "nowhere") is None
    assert data_folder(None, "", tmp_path) == tmp_path
    assert data_folder(tmp_path, str(file), file) == tmp_path


def test_ctrl_c_ends_a_command_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(words: list[str]) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "execute_from_command_line", interrupted)
    monkeypatch.setattr(sys, "argv", ["torogoz", "import"])
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert ended.value.code == 130
    assert "What was finished is kept" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "run"),
    [
        (["estimate-flows", "--since=2020-01-01"], ["estimate_flows", "--since=2020-01-01"]),
        (["help", "estimate-flows"], ["help", "estimate_flows"]),
        (["import", "a-file.csv"], ["import", "a-file.csv"]),
        (["--help"], ["--help"]),
    ],
)
def test_a_command_is_known_by_its_hyphens_also_when_help_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, typed: list[str], run: list[str]
) -> None:
    called: list[list[str]] = []
    monkeypatch.setattr(command, "execute_from_command_line", called.append)
    monkeypatch.setattr(sys, "argv", ["torogoz", *typed])
    command.main()
    assert called == [["torogoz", *run]]


READ_ONCE = """
import os, sys, threading
import torogoz.site.wsgi
from django.db import connections
import polars
assert not [one for one in connections.all(initialized_only=True) if one.connection], "a connection is open"
assert threading.active_count() == 1, threading.enumerate()
if child := os.fork():
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
frame = polars.DataFrame({"a": list(range(100_000))})
os._exit(0 if frame.group_by(polars.col("a") % 7).len().height == 7 else 3)
"""


def test_a_worker_made_from_what_was_read_once_shares_no_connection_and_computes(tmp_path: Path) -> None:
    """Workers are forks: two would speak at once on an open connection, and a lock held by a thread stays taken."""
    environment = {**os.environ, "TOROGOZ_VAR": str(tmp_path), "PYTHONWARNINGS": "ignore"}
    subprocess.run([sys.executable, "-c", READ_ONCE], env=environment, check=True, timeout=120)


def test_the_web_server_accepts_what_it_is_told(tmp_path: Path) -> None:
    environment = {**os.environ, "TOROGOZ_VAR": str(tmp_path)}
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "python:torogoz.site.serving",
        "--print-config",
        "--check-config",
    ]
    told = subprocess.run(command, env=environment, check=True, capture_output=True, text=True, timeout=120).stdout
    said = dict(line.split(" = ", 1) for line in map(str.strip, told.splitlines()) if " = " in line)
    said = {name.strip(): value.strip() for name, value in said.items()}
    assert (said["preload_app"], said["control_socket_disable"]) == ("True", "True")


def test_a_command_names_a_file_that_is_not_there_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "none.csv"
    monkeypatch.setattr(command, "execute_from_command_line", lambda words: missing.read_text())
    monkeypatch.setattr(sys, "argv", ["torogoz", "htcds"])
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert ended.value.code == 1
    assert capsys.readouterr().err == (
        f"{missing} cannot be read or written: No such file or directory. Give the command again.\n"
    )
