from __future__ import annotations

import hashlib
import os

import pytest

from tests.unit.cli.command import Command, layer


def test_a_checked_pack_is_locked_and_then_decides(command: Command) -> None:
    path = layer(command)
    done = command("lock", "packs")
    assert (done.code, done.err) == (0, "")
    assert [line.split(",")[:2] for line in done.out.splitlines()] == [["layered 2024.2: locked", " 3 files"], ["minimal 2024.1: locked", " 9 files"]]
    assert command("decide", path, "--facts", "-", stdin=b"{}").code == 0
    text = (command.folder / path / "pack.lock").read_text(encoding="utf-8")
    content = (command.folder / path / "pack.yaml").read_bytes()
    assert text.startswith("# layered 2024.2: written by `safeguarding-rules lock`, never by hand\n")
    assert f"{hashlib.sha256(content).hexdigest()}  pack.yaml\n" in text


def test_locking_again_changes_nothing(command: Command) -> None:
    path = layer(command)
    command("lock", path)
    lock = command.folder / path / "pack.lock"
    before = lock.stat().st_mtime_ns
    assert "already locked" in command("lock", path).out
    assert lock.stat().st_mtime_ns == before


def test_a_changed_pack_no_longer_decides_until_it_is_locked_again(command: Command) -> None:
    path = layer(command)
    command("lock", "packs")
    command.edit(f"{path}/rules/local.yaml", "below: 5", "below: 6")
    assert "SR142" in command("decide", path, "--facts", "-", stdin=b"{}").err
    assert command("check", path).code == 0
    assert "layered 2024.2: locked" in command("lock", path).out
    assert command("decide", path, "--facts", "-", stdin=b"{}").code == 0


def test_a_pack_that_fails_the_check_is_not_locked(command: Command) -> None:
    pack = command.pack()
    command.edit(f"{pack}/rules/referral.yaml", "outcome: refer", "outcome: refr")
    done = command("lock", pack)
    assert (done.code, done.out) == (1, "")
    assert "SR403" in done.err
    assert "minimal 2024.1: not locked, because of 1 error" in done.err
    assert not (command.folder / pack / "pack.lock").exists()


def test_a_lock_is_written_whole_or_not_at_all(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = command.pack()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    done = command("lock", pack)
    assert done.code == 2
    assert "cannot be written: no space left on device" in done.err
    assert not [path.name for path in (command.folder / pack).iterdir() if "lock" in path.name]


def test_nothing_to_lock(command: Command) -> None:
    assert command("lock", "nowhere").code == 2
