"""How long people who read and write packs wait: `python -m benchmarks.pages [--rounds N]`.

Times are wall-clock, as a person at the page sees them; the processor time of the process is shown beside. The page is fetched as the browser does:
after the word of the stream of events.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from benchmarks.figures import Figure, show
from safeguarding_rules.web.workbench.serving import listening, server_of

if TYPE_CHECKING:
    import uvicorn

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 11, 22)
EDITED = "ukcis/2024.3/rules/referral.yaml"
CASES: tuple[dict[str, str], ...] = (
    {},
    {"fact.contains_imagery": "yes"},
    {"fact.adult_involved": "yes"},
    {"fact.youngest_pictured_age": "8", "fact.youngest_pictured_age.test": "is"},
    {"fact.contains_imagery": "yes", "fact.depicts_sexual_act": "yes", "fact.doubts_remain": "yes", "fact.known_to_social_care": "current"},
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        packs = Path(folder) / "policy_packs"
        shutil.copytree(ROOT / "policy_packs", packs)
        with serving(packs) as address:
            figures = [*editing(address, packs, rounds), *asking(address, rounds)]
        figures.append(writing(packs, Path(folder) / "site", max(3, rounds // 3)))
    show("Waiting for pages, shipped packs", figures, "")


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve the workbench until the block ends."""
    listener = listening(0)
    server: uvicorn.Server = server_of([folder], [], lambda: TODAY, listener)
    thread = threading.Thread(target=lambda: server.run(sockets=[listener]), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def editing(address: str, packs: Path, rounds: int) -> Iterator[Figure]:
    """From a file saved to the page with the new text, for the edited pack and for the layer on top of it."""
    with httpx.Client(base_url=address, timeout=60) as client:
        client.get("/")  # everything read once, as when work has begun
        time.sleep(1.0)
        for name, page, marks in (
            ("edit to updated page (ukcis, rules)", "/packs/ukcis/2024.3/rules", True),
            ("edit to updated page (ukcis, what if)", "/packs/ukcis/2024.3/try", False),
            ("edit to updated page (kscmp on it, flow)", "/packs/kscmp/2024.9/flow", True),
        ):
            taken = [_edited(client, packs, page, f"{round_}", shows=marks) for round_ in range(rounds)]
            worked = statistics.median(cpu for _, cpu in taken)
            note = f"slowest {1000 * max(waited for waited, _ in taken):.0f}, processor {1000 * worked:.0f}"
            yield Figure(name, 1000 * statistics.median(waited for waited, _ in taken), "ms", asked=1000, note=note)


def _edited(client: httpx.Client, packs: Path, page: str, mark: str, *, shows: bool) -> tuple[float, float]:
    path = packs / EDITED
    text = (ROOT / "policy_packs" / EDITED).read_text(encoding="utf-8")
    title = f"An adult is involved, edit {page[-3:]} {mark}"
    with client.stream("GET", "/live") as stream:
        lines = stream.iter_lines()
        before = next(line for line in lines if line.startswith("data:"))
        started, worked = time.perf_counter(), time.process_time()
        path.write_text(text.replace("title: An adult is involved", f"title: {title}"), encoding="utf-8")
        next(line for line in lines if line.startswith("data:") and line != before)
        shown = client.get(page).text
        taken = time.perf_counter() - started, time.process_time() - worked
    if shows and title not in shown:
        raise SystemExit(f"{page} does not show the edit")
    time.sleep(1.5)  # until the other entries are made again
    return taken


def asking(address: str, rounds: int) -> Iterator[Figure]:
    """From a click to the answer, and to the questions that follow it."""
    with httpx.Client(base_url=address, headers={"Origin": address}, timeout=60) as client:
        for name, part, asked in (("what-if answer", "answer", 100.0), ("questions that follow it", "questions", None)):
            taken, worked = [], time.process_time()
            for _ in range(rounds):
                for case in CASES:
                    started = time.perf_counter()
                    client.post(f"/packs/kscmp/2024.9/{part}", data=case).raise_for_status()
                    taken.append(1000 * (time.perf_counter() - started))
            share = 1000 * (time.process_time() - worked) / len(taken)
            yield Figure(name, statistics.median(taken), "ms", asked=asked, note=f"slowest {max(taken):.0f}, processor {share:.0f}")


def writing(packs: Path, site: Path, rounds: int) -> Figure:
    """The whole command, its start included."""
    taken = []
    worked = _of_children()
    for _ in range(rounds):
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "safeguarding_rules", "docs", str(packs), "-o", str(site), "--today", str(TODAY)], check=True, capture_output=True
        )
        taken.append(time.perf_counter() - started)
    note = f"slowest {max(taken):.1f}, processor {(_of_children() - worked) / rounds:.1f}"
    return Figure("docs of all shipped packs", statistics.median(taken), "s", asked=5, note=note)


def _of_children() -> float:
    """The processor time of processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
