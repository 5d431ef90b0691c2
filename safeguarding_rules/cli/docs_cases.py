"""What running the cases of packs came to, beside their views."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from safeguarding_rules.publishing.document.pack import PackView
from safeguarding_rules.publishing.site import CaseResult as Result
from safeguarding_rules.publishing.site import Published
from safeguarding_rules.publishing.site import Share as Part
from safeguarding_rules.testing.coverage import Share
from safeguarding_rules.testing.judging import Miss
from safeguarding_rules.testing.run import CaseResult, run_cases
from safeguarding_rules.testing.stacks import Stacks


def published(views: Sequence[PackView], stacks: Stacks | None, today: date, progress: Callable[[str], None]) -> list[Published]:
    """Views, with their cases run where there are stacks to run them on."""
    if stacks is None:
        return [Published(view) for view in views]
    run = run_cases(stacks, today, progress=progress)
    runs = {(one.pack, one.version): one for one in run.packs}
    found = []
    for view in views:
        done = runs.get((view.id, view.version))
        results = {} if done is None else {one.case.name: result_of(one, view) for one in done.results}
        found.append(Published(view, results, () if done is None else tuple(part_of(share) for share in done.coverage.shares())))
    return found


def result_of(one: CaseResult, view: PackView) -> Result:
    """How a case came out, in words."""
    titles = {outcome.ref.link.name: outcome.ref.title for outcome in view.outcomes}
    came = "–" if one.decision is None else titles.get(one.decision.outcome, one.decision.outcome)
    return Result(one.as_expected, came, tuple(miss_words(miss) for miss in one.misses))


def miss_words(miss: Miss) -> str:
    """What an unmet expectation says."""
    return f"{miss.about}: expected {miss.expected}; came {miss.came}." + (f" {'; '.join(miss.why)}." if miss.why else "")


def part_of(share: Share) -> Part:
    """How much of one kind of part the cases try out."""
    return Part(share.kind, share.exercised, len(share.counts), share.missing)
