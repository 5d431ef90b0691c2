"""What takes longer than a page may: running the cases of a pack, and proving what it promises. Done in another process, one piece at a time.

Comes in: paths, and which pack. Goes out: plain results with the digests of the packs they are about, so that results about files that have changed
since can be told apart. Promised: nothing here slows down an answer. Must not know: pages.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from threading import Lock

from safeguarding_rules.diagnostics import PackError
from safeguarding_rules.linking.link import check
from safeguarding_rules.proving.claims import Claim
from safeguarding_rules.proving.run import deadline, prove
from safeguarding_rules.proving.search import Limits
from safeguarding_rules.proving.work import Stack
from safeguarding_rules.publishing.shelf import day_to_show
from safeguarding_rules.publishing.site import CaseResult, Share
from safeguarding_rules.testing.run import run_cases
from safeguarding_rules.testing.stacks import Stacks
from safeguarding_rules.web.workbench.library import Key

_PROOF_SECONDS = 120.0
_NICE = 10


@dataclass(frozen=True, slots=True)
class Claimed:
    """What became of a claim."""

    name: str
    words: str
    state: str
    detail: str
    case: str
    """A case that shows it, in words."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """The results of a pack. `digest`: of the pack and all above it. `part`: cases or proofs; `failed` says why there are none."""

    key: Key
    digest: str
    part: str
    results: dict[str, CaseResult] | None = None
    coverage: tuple[Share, ...] = ()
    claims: tuple[Claimed, ...] = ()
    failed: str = ""


class Inspector:
    """Hands pieces of work to one other process, and keeps what came back."""

    def __init__(self, paths: Sequence[Path], also: Sequence[Path], today: Callable[[], date], done: Callable[[], None]) -> None:
        """`done` is called whenever something has come back."""
        self._paths = tuple(str(path.absolute()) for path in paths)
        self._also = tuple(str(path.absolute()) for path in also)
        self._today, self._done = today, done
        self._pool: ProcessPoolExecutor | None = None
        self._lock = Lock()
        self._asked: set[tuple[Key, str, str]] = set()
        self._found: dict[tuple[Key, str], Inspection] = {}

    def results(self, key: Key, digest: str, part: str) -> Inspection | None:
        """What came back about a pack as it is now; None while it is at work, which this starts."""
        with self._lock:
            found = self._found.get((key, part))
            if found is not None and found.digest == digest:
                return found
            if (key, digest, part) not in self._asked:
                self._asked.add((key, digest, part))
                self._start(key, digest, part)
        return None

    def _start(self, key: Key, digest: str, part: str) -> None:
        work = inspect_cases if part == "cases" else inspect_proofs
        try:
            future = self._other_process().submit(work, self._paths, self._also, key, self._today())
        except BrokenProcessPool:  # it was ended from outside: another takes its place
            self._pool = None
            future = self._other_process().submit(work, self._paths, self._also, key, self._today())
        future.add_done_callback(lambda done: self._take(key, digest, part, done))

    def _other_process(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_be_nice)
        return self._pool

    def _take(self, key: Key, digest: str, part: str, done: Future[Inspection]) -> None:
        if done.cancelled():
            return
        error = done.exception()
        with self._lock:
            self._asked.discard((key, digest, part))
            found = Inspection(key, digest, part, failed=f"{type(error).__name__}: {error}") if error is not None else done.result()
            if found.failed:
                # It is about what was asked for, and would fail again.
                found = replace(found, digest=digest)
            self._found[key, part] = found
        self._done()

    def close(self) -> None:
        """End the other process."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            processes = list((pool._processes or {}).values())  # noqa: SLF001  no public way to end work that is going on
            pool.shutdown(wait=False, cancel_futures=True)
            for process in processes:
                process.terminate()
            for process in processes:
                process.join()


def _be_nice() -> None:
    with suppress(AttributeError, OSError):
        os.nice(_NICE)


def digest_of_stack(digests: Sequence[str]) -> str:
    """One digest of the packs of a stack."""
    return " ".join(digests)


def inspect_cases(paths: Sequence[str], also: Sequence[str], key: Key, today: date) -> Inspection:
    """Run the cases of one pack."""
    everywhere = [Path(path) for path in (*paths, *also)]
    target = next((one for one in Stacks(everywhere).targets()[0] if (one.id, one.version) == key), None)
    if target is None:
        return Inspection(key, "", "cases", failed="gone")
    stacks = Stacks([Path(target.origin)], everywhere)
    try:
        digest = _digest(stacks, key, today)
        run = run_cases(stacks, today)
    except PackError as error:
        return Inspection(key, "", "cases", failed=str(error))
    done = next((one for one in run.packs if (one.pack, one.version) == key), None)
    if done is None:
        return Inspection(key, digest, "cases", failed="\n".join(str(problem) for problem in run.problems))
    results = {}
    for one in done.results:
        titles = {} if one.decision is None else {outcome.name: outcome.title for outcome in one.decision.program.policy.outcomes}
        came = "–" if one.decision is None else titles[one.decision.outcome]
        misses = tuple(f"{miss.about}: {miss.expected} – {miss.came}. {'; '.join(miss.why)}" for miss in one.misses)
        results[one.case.name] = CaseResult(one.as_expected, came, misses)
    coverage = tuple(Share(share.kind, share.exercised, len(share.counts), share.missing) for share in done.coverage.shares())
    return Inspection(key, digest, "cases", results, coverage)


def inspect_proofs(paths: Sequence[str], also: Sequence[str], key: Key, today: date) -> Inspection:
    """Prove what one pack promises, as it stands on the day that is shown."""
    stacks = Stacks([Path(path) for path in paths], [Path(path) for path in also])
    target = next((one for one in stacks.targets()[0] if (one.id, one.version) == key), None)
    if target is None:
        return Inspection(key, "", "proofs", failed="gone")
    day = day_to_show(target.manifest.in_force, today)
    try:
        digest = _digest(stacks, key, today)
        linked = stacks.linked(target, day)
        if linked.policy is None:
            return Inspection(key, digest, "proofs", failed="\n".join(str(one) for one in linked.diagnostics if one.severity == "error"))
        above = check(linked.packs[:-1], day)[0] if len(linked.packs) > 1 else None
    except PackError as error:
        return Inspection(key, "", "proofs", failed=str(error))
    limits = Limits(until=deadline(_PROOF_SECONDS))
    proof = prove([Stack(linked.packs, linked.policy, above, day, today, ((day, linked.policy.valid_until),), linked.diagnostics, limits)])
    claims = tuple(
        Claimed(claim.name, claim.claims, _state(claim), claim.reason or "", "" if claim.witness is None else claim.witness.words)
        for stack in proof.stacks
        for claim in stack.claims
    )
    return Inspection(key, digest, "proofs", claims=claims)


def _state(claim: Claim) -> str:
    """What became of a claim; `shown` where one case is the proof."""
    if claim.waived is not None:
        return "waived"
    return "shown" if claim.state == "proved" and claim.how == "by example" else claim.state


def _digest(stacks: Stacks, key: Key, today: date) -> str:
    found = next(one for one in stacks.targets()[0] if (one.id, one.version) == key)
    return digest_of_stack([pack.digest for pack in stacks.stack(found, day_to_show(found.manifest.in_force, today))])
