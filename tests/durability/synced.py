"""Which bytes of which files are on the disk, as far as a trace of system calls says: what was written counts only once a sync of the file has ended.

Comes in: the output of `strace -f -y -ttt -T -xx`. Goes out: after each system call the state of the files. What is written to a file counts at once,
what a sync makes durable is what had been written when the sync began. Names count at once in a server's folder; for a file of our own `strict` says
that a new one counts once its folder was synced.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

CALLS = "openat,creat,write,pwrite64,pwritev,ftruncate,fallocate,fsync,fdatasync,rename,unlink,close"
STRACE = ("strace", "-f", "-y", "-ttt", "-T", "-xx", "-s", "2000000", "-e", f"trace={CALLS}")
_LINE = re.compile(r"(?:(?P<pid>\d+) +)?(?P<at>\d+\.\d+) (?P<rest>.*)")
_CALL = re.compile(r"(?P<name>\w+)\((?P<arguments>.*?)(?:\) += (?P<result>-?\d+|\?)(?:<[^>]*>)?[^<]*(?:<(?P<took>[\d.]+)>)?)?$")
_FD = re.compile(r"(\d+)<([^>]*)>")


@dataclass(frozen=True)
class Call:
    """A system call that has ended well: when it began and ended, and what it was given."""

    began: float
    ended: float
    name: str
    arguments: str

    @property
    def path(self) -> str:
        """The file it was about."""
        found = _FD.match(self.arguments)
        return plain(found[2]) if found is not None else ""


def plain(text: str) -> str:
    """Text as strace writes it, `\\x2f\\x74`, as it was."""
    return re.sub(r"\\x([0-9a-f]{2})", lambda found: chr(int(found[1], 16)), text)


def content(text: str) -> bytes:
    """The bytes of the first string of some arguments."""
    quoted = text[text.index('"') + 1 :]
    return bytes.fromhex(quoted[: quoted.index('"')].replace("\\x", ""))


def calls(trace: Path) -> list[Call]:
    """The calls of a trace, in the order in which they ended."""
    found: list[Call] = []
    waiting: dict[str, tuple[float, str]] = {}
    for line in trace.read_text(encoding="latin-1").splitlines():
        parts = _LINE.match(line)
        if parts is None or parts["rest"].startswith(("---", "+++")):
            continue
        pid, at, rest = parts["pid"] or "", float(parts["at"]), parts["rest"]
        began = at
        if rest.endswith("<unfinished ...>"):
            waiting[pid] = (at, rest.removesuffix("<unfinished ...>").rstrip())
            continue
        resumed = re.match(r"<\.\.\. \w+ resumed>(.*)", rest)
        if resumed is not None:
            if pid not in waiting:
                continue
            began, start = waiting.pop(pid)
            rest = start + resumed[1]
        call = _CALL.match(rest)
        if call is not None and call["result"] is not None and not call["result"].startswith("-"):
            ended = at if resumed is not None else began + float(call["took"] or 0)
            found.append(Call(began, ended, call["name"], call["arguments"]))
    return sorted(found, key=lambda one: one.ended)


@dataclass
class File:
    """A file: what it holds, what of it is on the disk, and the single changes in between. `named`: whether its name is on the disk."""

    now: bytearray = field(default_factory=bytearray)
    durable: bytes = b""
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)  # place and bytes, or a length
    named: bool = True

    def change(self, place: int, data: bytes | None) -> None:
        """Write bytes at a place, or cut the file to a length."""
        apply(self.now, place, data)
        self.pending.append((place, data))

    def sync(self) -> None:
        """Put everything on the disk."""
        self.durable = bytes(self.now)
        self.pending.clear()


def apply(target: bytearray, place: int, data: bytes | None) -> None:
    """Make one change."""
    if data is None:
        del target[place:]
        target.extend(bytes(place - len(target)))
    else:
        target.extend(bytes(max(0, place - len(target))))
        target[place : place + len(data)] = data


def written(file: File, path: str, call: Call) -> None:
    """Change a file as a call did."""
    last = call.arguments.rsplit(", ", 1)[-1]
    match call.name:
        case "pwrite64":
            file.change(int(last), content(call.arguments))
        case "write":
            assert "pg_wal" not in path, call  # its place in the file is not known
            file.change(0, content(call.arguments))  # small files that are written whole, such as pg_control
        case "ftruncate":
            file.change(int(last), None)
        case "fsync" | "fdatasync":
            file.sync()
        case _:
            assert call.name == "close" or "pg_wal" not in path, call


class Disk:
    """The files below a folder."""

    def __init__(self, folder: Path, files: dict[str, bytes], *, strict: bool) -> None:
        self.folder = f"{folder}/"
        self.files = {name: File(bytearray(data), data) for name, data in files.items()}
        self.strict = strict

    def follow(self, traced: list[Call]) -> Iterator[Call]:
        """Let each call happen; yield it afterwards."""
        for call in traced:
            self.happen(call)
            yield call

    def happen(self, call: Call) -> None:
        """Change the files as a call did."""
        if call.name in ("rename", "unlink"):
            self._names(call)
            return
        path = self._opened(call) if call.name in ("openat", "creat") else call.path
        if self.strict and call.name in ("fsync", "fdatasync") and f"{path}/" == self.folder:
            for one in self.files.values():
                one.named = True
        if not path.startswith(self.folder):
            return
        file = self.files.get(path)
        if call.name in ("openat", "creat"):
            if file is None:
                self.files[path] = File(named=not self.strict)
            elif "O_TRUNC" in call.arguments:
                file.change(0, None)
        elif file is not None:
            written(file, path, call)

    def _opened(self, call: Call) -> str:
        if "O_CREAT" not in call.arguments and "O_TRUNC" not in call.arguments:
            return ""
        named = plain(content(call.arguments).decode("latin-1"))
        folder = _FD.search(call.arguments)
        if named.startswith("/") or folder is None:
            return named
        return f"{plain(folder[2])}/{named}"

    def _names(self, call: Call) -> None:
        texts = [bytes.fromhex(one.replace("\\x", "")).decode() for one in re.findall(r'"([^"]*)"', call.arguments)]
        texts = [one if one.startswith("/") else self.folder + one for one in texts]
        moved = self.files.pop(texts[0], None)
        if call.name == "rename" and moved is not None:
            self.files[texts[1]] = moved

    def durable(self) -> dict[str, bytes]:
        """What a machine finds that lost its power now, and with it everything that was not synced."""
        return {path: file.durable for path, file in self.files.items() if file.named}
