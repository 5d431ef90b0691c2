"""How fast the HTTP API answers, and whether it stays whole: `python -m benchmarks.http [NAME…] [--seconds N] [--requests N]`.

The server is a process of its own with one worker, held to one core; the load is sent from this process, held to another. Facts are those of the
cases shipped with the latest packs, so that most of what can be known is known. `closed` and `open` are taken for decisions in brief and for whole
ones; `batch` sends 10,000 cases at once, each another; `memory` compares after 20,000 requests and at the end; `reload` changes the packs while 500
requests are in flight, and compares every answer with the library's own.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, show
from benchmarks.http_load import Run, Target, closed, is_done, opened, run
from safeguarding_rules import Engine
from safeguarding_rules.cli.main import main as command_line
from safeguarding_rules.testing.cases import cases_of
from safeguarding_rules.testing.stacks import Stacks

ROOT = Path(__file__).parents[1]
PACK, ON = "kscmp", date(2026, 11, 22)
CONNECTIONS, MOST_CONNECTIONS, IN_FLIGHT = 16, 200, 500
RATE = 1000
BATCH, BATCH_WHOLE, BATCH_ROUNDS = 10_000, 2_000, 9
WARM, WHOLE_EVERY = 20_000, 100
FORGET = 0.1
SHARES = {"in brief": 1.0, "whole": 0.25}  # how long each is measured: whole decisions take many times longer, and tell as much in less time
SCHOOL = "invented-school"
RELOAD_CASES, RELOAD_SECONDS, RELOAD_PAUSE = 20, 30.0, 4.0
Facts = Mapping[str, Any]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"what to measure: {', '.join(PARTS)} (default: all)")
    parser.add_argument("--seconds", type=float, default=60.0, help="for closed and open (default: 60)")
    parser.add_argument("--requests", type=int, default=200_000, help="for memory (default: 200000)")
    given = parser.parse_args()
    figures: list[Figure] = []
    for name in given.names or PARTS:
        for figure in PARTS[name](given):
            figures.append(figure)
            print(f"{figure.name}: {figure.value:.4g} {figure.unit}  {figure.note}", flush=True)
    show("The HTTP API, one worker on one core", figures, "")


# -- what is sent -----------------------------------------------------------------------------------------------------------------


def shipped_cases() -> list[Facts]:
    """The facts of the cases of the latest packs, mixed."""
    stacks = Stacks([ROOT / "policy_packs"])
    latest = {one.id: one for one in stacks.targets()[0]}
    found: list[Facts] = [dict(case.facts) for one in latest.values() for case in cases_of(stacks.pack(one), ON)]
    random.Random(6).shuffle(found)
    return found


def different_cases(count: int) -> list[Facts]:
    """So many cases, each another: the shipped ones with a tenth of the facts forgotten by chance."""
    choose = random.Random(7)
    shipped = shipped_cases()
    return [{name: value for name, value in shipped[i % len(shipped)].items() if choose.random() >= FORGET} for i in range(count)]


def request(route: str, body: Mapping[str, Any], pack: str = PACK) -> bytes:
    """A request as bytes."""
    content = json.dumps(body).encode()
    head = f"POST /v1/packs/{pack}/{route} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    return head.encode() + content


def brief_and_whole() -> Iterator[tuple[str, list[bytes]]]:
    """Requests for one decision, in brief and whole."""
    cases = shipped_cases()
    yield "in brief", [request("decide", {"facts": facts, "brief": True}) for facts in cases]
    yield "whole", [request("decide", {"facts": facts}) for facts in cases]


# -- the server -------------------------------------------------------------------------------------------------------------------


class Server:
    """A server in a process of its own."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process, self.port = process, port

    def worked(self) -> float:
        """The processor time it has used, in seconds."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """The memory it holds, in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024


@contextlib.contextmanager
def serving(*arguments: str) -> Iterator[Server]:
    """Serve until the block ends, on one core; this process goes to the others."""
    cores = sorted(os.sched_getaffinity(0))
    command = [sys.executable, "-m", "safeguarding_rules", "serve", *(arguments or (PACK,)), "--port", "0", "--rate", "0"]
    os.sched_setaffinity(0, cores[:1])
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    os.sched_setaffinity(0, cores[1:] or cores)
    assert process.stderr is not None  # noqa: S101  it is a pipe
    try:
        line = process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        if found is None:
            raise SystemExit(line)
        threading.Thread(target=process.stderr.read, daemon=True).start()  # so that what it logs never makes it wait
        yield Server(process, int(found[1]))
    finally:
        process.terminate()
        process.wait(timeout=30)
        os.sched_setaffinity(0, cores)


# -- measuring --------------------------------------------------------------------------------------------------------------------


def closed_loop(given: argparse.Namespace) -> Iterator[Figure]:
    """As many as it answers."""
    for name, requests in brief_and_whole():
        with serving() as server:
            run(closed(Target(server.port, requests, CONNECTIONS), seconds=2))
            worked = server.worked()
            found = run(closed(Target(server.port, requests, CONNECTIONS), seconds=given.seconds * SHARES[name]))
            each = (server.worked() - worked) / len(found.taken)
        yield Figure(
            f"closed loop, {name}", found.rate, "requests/s", asked=2000, note=f"{_told(found)}, server {1e6 * each:.0f} µs of processor each"
        )
        yield Figure(f"closed loop, {name}, answers other than 200", found.errors, "", note=f"of {len(found.taken):,} in {found.seconds:.0f} s")


def open_loop(given: argparse.Namespace) -> Iterator[Figure]:
    """At a rate that does not wait for it."""
    for name, requests in brief_and_whole():
        with serving() as server:
            run(closed(Target(server.port, requests, CONNECTIONS), seconds=2))
            if name == "whole":
                able = run(closed(Target(server.port, requests, CONNECTIONS), seconds=5)).rate
                rate = min(RATE, max(1.0, able // 2))
            else:
                rate = RATE
            found = run(opened(Target(server.port, requests, MOST_CONNECTIONS), rate, given.seconds * SHARES[name]))
        yield Figure(f"open loop, {name}, {rate:,.0f}/s: p99", 1e3 * found.quantile(0.99), "ms", asked=20, note=_told(found))
        yield Figure(f"open loop, {name}, answers other than 200", found.errors, "", note=f"of {len(found.taken):,} in {found.seconds:.0f} s")


def batch(_given: argparse.Namespace) -> Iterator[Figure]:
    """10,000 cases in one request."""
    cases = different_cases(BATCH)
    names = dict.fromkeys(name for facts in cases for name in facts)
    table = {"columns": {name: [facts.get(name) for facts in cases] for name in names}}
    ways: Sequence[tuple[str, Mapping[str, Any], float]] = (
        ("in brief, as a table", table, 50_000),
        ("in brief, as a list", {"cases": cases}, 50_000),
        ("whole", {"cases": cases[:BATCH_WHOLE], "full": True}, 5_000),
    )
    for name, body, asked in ways:
        full, count = "full" in body, BATCH_WHOLE if "full" in body else BATCH
        one = request("decide-many", body)
        with serving(PACK, "--seconds", "600") as server:
            run(closed(Target(server.port, [request("decide-many", {"cases": cases[:600], "full": full})]), count=1))
            worked = server.worked()
            found = run(closed(Target(server.port, [one]), count=1 if full else BATCH_ROUNDS))
            each = (server.worked() - worked) / (len(found.taken) * count)
        rate = count / statistics.median(found.taken)
        yield Figure(
            f"batch of {count:,}, {name}",
            rate,
            "cases/s",
            asked=asked,
            note=f"{found.errors} errors, body of {len(one) / 1e6:.0f} MB, server {1e6 * each:.0f} µs of processor a case",
        )


def memory(given: argparse.Namespace) -> Iterator[Figure]:
    """What it holds after many requests, a hundredth of them for whole decisions."""
    brief, whole = (requests for _, requests in brief_and_whole())
    mixed = [(whole if i % WHOLE_EVERY == 0 else brief)[i % len(brief)] for i in range(WHOLE_EVERY * len(brief))]
    with serving() as server:
        errors = run(closed(Target(server.port, mixed, CONNECTIONS), count=WARM)).errors
        first = server.memory()
        errors += run(closed(Target(server.port, mixed[WARM:] + mixed[:WARM], CONNECTIONS), count=given.requests - WARM)).errors
        last = server.memory()
    yield Figure(f"memory after {WARM:,} requests", first, "MB")
    yield Figure(f"memory after {given.requests:,} requests, to that", last / first, "", asked=1.05, note=f"{last:.1f} MB, {errors} errors")


def reload(_given: argparse.Namespace) -> Iterator[Figure]:
    """Change the packs while many requests are in flight; every answer must be the library's own by one of the two policies, to the byte."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / SCHOOL / "2026.1"
        shutil.copytree(ROOT / "examples" / "packs" / SCHOOL / "2026.1", place)
        cases = shipped_cases()[:RELOAD_CASES]
        expected: dict[bytes, set[bytes]] = {}
        states = []
        for text in ("because: ", "because: Again. "):
            states.append(_changed(place, text))
            engine = Engine.load(SCHOOL, paths=[Path(folder)])
            expected[engine.program.fingerprint.encode()] = {engine.decide(facts).model_dump_json().encode() for facts in cases}
        seen: Counter[bytes] = Counter()

        def whole(answer: bytes) -> bool:
            head, _, body = answer.partition(b"\r\n\r\n")
            tag = head.lower().partition(b'etag: "')[2].partition(b'"')[0]
            seen[tag] += 1
            return is_done(answer) and body in expected.get(tag, ())

        requests = [request("decide", {"facts": facts}, SCHOOL) for facts in cases]
        with serving(SCHOOL, "--path", folder, "--watch") as server, _editing(states) as swaps:
            found = run(closed(Target(server.port, requests, IN_FLIGHT, whole), seconds=RELOAD_SECONDS))
    policies = f"{len(seen)} policies answered: {', '.join(f'{count:,}' for count in seen.values())}"
    note = f"of {len(found.taken):,}, {found.unanswered} without an answer, {len(swaps)} edits, {policies}"
    yield Figure(f"{IN_FLIGHT} in flight while packs reload: lost or mixed", found.errors, "", asked=None, note=note)


def _changed(place: Path, because: str) -> dict[Path, bytes]:
    """Write the reasons of a pack anew and lock it; gives what its files hold then."""
    for path in (ROOT / "examples" / "packs" / SCHOOL / "2026.1" / "rules").iterdir():
        (place / "rules" / path.name).write_text(path.read_text(encoding="utf-8").replace("because: ", because), encoding="utf-8")
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        if command_line(["lock", str(place)]):
            raise SystemExit("the pack cannot be locked")
    return {path: path.read_bytes() for path in (*(place / "rules").iterdir(), place / "pack.lock")}


@contextlib.contextmanager
def _editing(states: Sequence[Mapping[Path, bytes]]) -> Iterator[list[int]]:
    """Change the files of a pack to and fro until the block ends. Gives a list that grows with each change."""
    end = threading.Event()
    done: list[int] = []

    def edit() -> None:
        while not end.wait(RELOAD_PAUSE):
            for path, content in states[len(done) % 2].items():
                path.write_bytes(content)
            done.append(len(done))

    thread = threading.Thread(target=edit)
    thread.start()
    try:
        yield done
    finally:
        end.set()
        thread.join()


def _told(found: Run) -> str:
    p50, p99, p999 = (1e3 * found.quantile(share) for share in (0.5, 0.99, 0.999))
    return f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, p99.9 {p999:.1f} ms, sending took {100 * found.busy:.0f} % of its core"


PARTS: Mapping[str, Callable[[argparse.Namespace], Iterator[Figure]]] = {
    "closed": closed_loop,
    "open": open_loop,
    "batch": batch,
    "memory": memory,
    "reload": reload,
}

if __name__ == "__main__":
    main()
