"""The results of `test` as text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from safeguarding_rules.cli.terminal import WIDTH, counted
from safeguarding_rules.testing.coverage import Share
from safeguarding_rules.testing.run import CaseResult, PackRun, Run

_LABEL = 10


def failures(run: Run) -> Iterator[str]:
    """Yield each case that did not come out as expected, in words."""
    for result in run.results:
        if not result.as_expected:
            yield failure(result)


def failure(result: CaseResult) -> str:
    """Return a case that did not come out as expected, in words."""
    case = result.case
    lines = [f"FAILED {case.pack} {case.version}: {case.name}", *_wrapped(case.title, "  "), f"  {case.place}, decided for {case.on}"]
    for place, miss in enumerate(result.misses):
        lines += [""] if place else []
        lines += _labelled("expected", miss.expected)
        lines += _labelled("came", miss.came)
        for number, reason in enumerate(miss.why):
            lines += _labelled("" if number else "why", f"- {reason}" if len(miss.why) > 1 else reason)
    return "\n".join(lines)


def summary(run: Run) -> str:
    """Return what the run shows of each pack, and the sum of it."""
    parts = [_pack(pack, chosen=run.chosen) for pack in run.packs if pack.results or not run.chosen]
    total, failed = sum(1 for _ in run.results), len(run.failed)
    unusable = f"; {counted(len(run.problems), 'pack')} could not be used" if run.problems else ""
    if total:
        parts.append(f"{counted(total, 'case')}: {_came(total, failed)}{unusable}")
    else:
        parts.append(f"no cases{unusable}")
    return "\n\n".join(parts)


def _pack(run: PackRun, *, chosen: bool) -> str:
    total, failed = len(run.results), len(run.failed)
    state = {"draft": " (draft)", "withdrawn": " (withdrawn)"}.get(run.status, "")
    lines = [f"{run.pack} {run.version}{state}: {counted(total, 'case')}" + (f", {_came(total, failed)}" if total else "")]
    # What a choice of cases leaves out says nothing about the pack.
    for share in () if chosen else run.coverage.shares():
        lines += _share(share)
    return "\n".join(lines)


def _share(share: Share) -> list[str]:
    line = f"  {share.kind}: {share.exercised} of {len(share.counts)}"
    if not share.missing:
        return [line]
    lines = [f"{line}; no case exercises"]
    return lines + _wrapped(", ".join(share.missing), "    ")


def _came(total: int, failed: int) -> str:
    if not failed:
        return "as expected" if total == 1 else "all as expected"
    return f"{failed} not as expected"


def _labelled(label: str, text: str) -> list[str]:
    head = f"    {label:<{_LABEL}}"
    return _wrapped(text, head, " " * len(head))


def _wrapped(text: str, first: str, rest: str | None = None) -> list[str]:
    after = first if rest is None else rest
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=after, break_long_words=False, break_on_hyphens=False)
