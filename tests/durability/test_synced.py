"""Durability beyond the process: a trace shows a sync between write and acknowledgement, and only-synced bytes hold all that was acknowledged."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from safeguarding_rules.casework.journal import Journal, verify
from tests.durability.scale import SEED, often
from tests.durability.synced import STRACE, Disk, apply, calls, content
from tests.unit.casework.journals import filled, note
from tests.unit.casework.postgresql import Server, server

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed: apt-get install strace")

WRITER = """
import os, sys
from safeguarding_rules.casework.journal import Draft, Journal
said = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
with Journal.create(sys.argv[1]) as journal:
    for i in range(int(sys.argv[3])):
        drafts = [Draft("note", {"number": i}, f"case-{i % 3}", {"text": "x" * (i * 977 % 9000)}) for _ in range(1 + i % 2)]
        os.write(said, "".join(f"{entry.seq} {entry.hash}\\n" for entry in journal.append(drafts)).encode())
"""


def acknowledged(text: str) -> dict[int, str]:
    return {int(seq): digest for seq, digest in (line.split() for line in text.splitlines())}


def kept(place: str | Path) -> dict[int, str]:
    """What a journal holds; it must be sound."""
    with Journal.open(place) as journal:
        found = verify(journal)
        assert found.sound, found.findings
        return {entry.seq: entry.hash for entry in journal.entries(without=["text"])}


def write_down(folder: Path, files: dict[str, bytes]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for path, data in files.items():
        (folder / Path(path).name).write_bytes(data)


def torn(disk: Disk, chance: random.Random) -> dict[str, bytes]:
    """What may be there after a loss of power in the worst case: any of the writes since the last sync, in any file."""
    found = {}
    for path, file in disk.files.items():
        if file.named:
            data = bytearray(file.durable)
            for place, part in file.pending:
                if chance.random() < 0.5:
                    apply(data, place, part)
            found[path] = bytes(data)
    return found


def test_a_file_is_synced_before_it_is_acknowledged_and_only_synced_bytes_hold_all(tmp_path: Path) -> None:
    folder, trace, said = tmp_path / "disk", tmp_path / "trace", tmp_path / "said"
    folder.mkdir()
    command = [*STRACE, "-o", str(trace), sys.executable, "-c", WRITER, str(folder / "journal.db"), str(said), str(often(5, 40))]
    subprocess.run(command, check=True, timeout=300, env=os.environ)
    place, chance = str(folder / "journal.db"), random.Random(SEED)
    disk, words = Disk(folder, {}, strict=True), ""
    seen: set[tuple[tuple[str, bytes], ...]] = set()
    recovered = acks = 0
    for call in disk.follow(calls(trace)):
        if call.name == "write" and call.path == str(said):
            words = said.read_text(encoding="utf-8")[: len(words) + len(content(call.arguments))]
            acks += 1
            file, beside = disk.files[place], disk.files[f"{place}-journal"]
            assert file.durable == file.now, "acknowledged before the file was synced"
            assert beside.durable == b"", "acknowledged before the commit was synced"
        if not words:
            continue
        for state in (disk.durable(), *(torn(disk, chance) for _ in range(3))):
            key = tuple(sorted(state.items()))
            if key in seen:
                continue
            seen.add(key)
            write_down(tmp_path / "after", state)
            there = kept(tmp_path / "after" / "journal.db")
            assert all(there.get(seq) == digest for seq, digest in acknowledged(words).items())
            recovered += 1
    assert acks == often(5, 40)
    assert recovered > 5 * acks
    sys.stdout.write(
        f"SQLite: {acks} acknowledgements, each after the sync of all it wrote; recovered from {recovered} states of the disk, none lost\n"
    )


def test_a_server_syncs_before_it_acknowledges_and_only_synced_bytes_hold_all() -> None:
    with server() as running:
        if running.user is None and os.geteuid() == 0:
            pytest.skip("no user to run the server as")
        filled(running.url(), 2).close()
        running.stop()
        base = {str(path): path.read_bytes() for path in running.data.rglob("*") if path.is_file()}
        trace = running.folder / "trace"
        as_user = () if running.user is None else ("-u", running.user)
        running.start(prefix=(*STRACE, "-o", str(trace), *as_user))
        said: list[tuple[float, dict[int, str]]] = []
        with Journal.open(running.url()) as journal:
            for i in range(often(6, 60)):
                entries = journal.append([note(i, text="x" * (i * 977 % 9000))])
                said.append((time.time(), {entry.seq: entry.hash for entry in entries}))
        running.stop()
        traced = calls(trace)
        chosen = random.Random(SEED).sample(range(len(said)), often(2, 12))
        for number in sorted(chosen):
            disk = Disk(running.data, base, strict=False)
            for _ in disk.follow([call for call in traced if call.ended <= said[number][0]]):
                pass
            wanted = {seq: digest for _, entries in said[: number + 1] for seq, digest in entries.items()}
            there = recovered(running, disk.durable())
            assert all(there.get(seq) == digest for seq, digest in wanted.items())
        syncs = [call for call in traced if call.name == "fdatasync" and "pg_wal" in call.path]
        before = [time for time, _ in said]
        assert all(any(start < call.ended <= end for call in syncs) for start, end in zip([0.0, *before], before, strict=False))
    sys.stdout.write(
        f"PostgreSQL: {len(said)} acknowledgements, a sync of the log before each; recovered from only-synced bytes after {len(chosen)} of them\n"
    )


def recovered(origin: Server, files: dict[str, bytes]) -> dict[int, str]:
    """What a server finds that starts from these files only."""
    with server() as other:
        other.stop()
        shutil.rmtree(other.data)
        for path in origin.data.rglob("*"):
            if path.is_dir():
                (other.data / path.relative_to(origin.data)).mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            target = other.data / Path(name).relative_to(origin.data)
            if target.name != "postmaster.pid":
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
        if other.user is not None:
            for path in (other.data, *other.data.rglob("*")):
                shutil.chown(path, other.user)
        for path in (other.data, *other.data.rglob("*")):
            path.chmod(0o700 if path.is_dir() else 0o600)
        other.start()
        return kept(other.url())
