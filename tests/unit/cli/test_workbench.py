"""`workbench`: what it says where it cannot start, and that it starts, tells where it is, and stops."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request

import pytest

from safeguarding_rules.web.workbench.serving import listening
from tests.unit.cli.command import Command

pytestmark = pytest.mark.usefixtures("nothing_shipped")


def test_a_port_that_is_taken(command: Command) -> None:
    with listening(0) as other:
        done = command("workbench", ".", "--port", str(other.getsockname()[1]))
    assert done.code == 2
    assert "is taken" in done.err
    assert "--port" in done.err


@pytest.mark.parametrize("port", ["-1", "65536", "http", "8.5"])
def test_a_port_that_is_none(command: Command, port: str) -> None:
    assert f"`{port}` is not a port" in command("workbench", f"--port={port}").err


def test_a_place_that_is_not_there(command: Command) -> None:
    done = command("workbench", "nowhere")
    assert done.code == 2
    assert "there is nothing at `nowhere`" in done.err


def test_what_is_missing_is_named(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    done = command("workbench")
    assert done.code == 2
    assert "pip install 'safeguarding-rules[web]'" in done.err


def test_it_starts_says_where_it_is_and_stops(command: Command) -> None:
    pack = command.pack()
    started = subprocess.Popen(
        [sys.executable, "-u", "-m", "safeguarding_rules", "workbench", str(command.folder / pack), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert started.stdout is not None
    address = re.search(r"http://127\.0\.0\.1:\d+/", started.stdout.readline())
    assert address is not None
    with urllib.request.urlopen(address[0], timeout=30) as page:  # noqa: S310  an address of our own
        assert "Policy workbench" in page.read().decode()
    started.send_signal(signal.SIGINT)
    out, err = started.communicate(timeout=30)
    assert started.returncode in {0, 130}, err
    assert "call" not in out
    assert "GET" not in err  # nothing is logged
