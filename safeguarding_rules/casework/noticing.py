"""What must not be overlooked when something is written down, in sentences that begin with WARNING.

Comes in: an event, and what was so before and after it. Goes out: sentences. Promised: nothing is judged anew: each tells what a decision, a stance
or a clock says. Must not know: stores.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from safeguarding_rules.casework import events as ev
from safeguarding_rules.casework.duties import forbidden
from safeguarding_rules.casework.moments import TOLERATED, day_words
from safeguarding_rules.casework.record import Review
from safeguarding_rules.casework.timeline import LeftOut
from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.language.deadlines import LONDON

_FAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Around:
    """An event and what surrounds it.

    `previous`: the decision as the entry before left it, by the policy of an earlier day; None where there is none.
    `then`: the decision at the moment at which an action was taken.
    `lapsed`: the departure that does not stand, before and after.
    `behind`: how much earlier the clock is than the entry before.
    `review`: the one that was set last.
    """

    event: ev.Event
    previous: Decision | None
    before: Decision
    after: Decision
    then: Decision | None
    lapsed: tuple[ev.OverrideRecorded | None, ev.OverrideRecorded | None]
    left_out: LeftOut
    behind: timedelta
    closed: bool
    review: Review | None


def noticed(around: Around) -> tuple[str, ...]:
    """What must not be overlooked, the gravest first."""
    found = (*_about_policy(around), *_about_the_event(around), *_about_facts(around), *_about_the_clock(around))
    return tuple(f"WARNING {one}" for one in found)


def _about_policy(around: Around) -> Iterator[str]:
    before, now_lapsed = around.lapsed
    if now_lapsed is not None and now_lapsed != before:
        words = f"`{now_lapsed.outcome}` was decided instead of `{now_lapsed.advised}`, which policy no longer advises, so it does not stand."
        yield f"{words} Depart from the advice again, or follow it."
    previous, now = around.previous, around.before
    if previous is not None and previous.policy.fingerprint != now.policy.fingerprint:
        packs = ", ".join(f"{pack.pack} {pack.version}" for pack in now.policy.packs)
        same = previous.outcome == now.outcome
        advice = f"stays at `{now.outcome}`" if same else f"went from `{previous.outcome}` to `{now.outcome}` by that alone"
        yield f"since the entry before, another policy has come into force ({packs}). The advice {advice}."


def _about_the_event(around: Around) -> Iterator[str]:
    event = around.event
    if isinstance(event, ev.DutyDone) and around.then is not None and (against := forbidden(around.then, (event.action, event.by))) is not None:
        told = {"must_not": "must not", "should_not": "should not"}[against.modality]
        yield f"policy says that this {told} be done: {against.title}. It is written down; say in a note how and why it came about."
    if isinstance(event, ev.ReviewSet) and event.on - event.known_at.astimezone(LONDON).date() > _FAR:
        yield "the review is more than a year away: is the year right?"
    if isinstance(event, ev.CaseClosed) and around.review is not None and around.review.held_at is None:
        yield f"the case is closed before its review of {day_words(around.review.on)}: nobody is reminded of it any more."
    if around.closed:
        yield "the case is closed and stays so: this stands in no record until the case is opened again."


def _about_facts(around: Around) -> Iterator[str]:
    for name, why in around.left_out.items():
        yield f"`{name}` is left out of the decision, because the policy in force does not take what is known of it: {why}"
    now, before = around.after.contradiction, around.before.contradiction
    if now is not None and (before is None or now.conflicts != before.conflicts):
        for conflict in now.conflicts:
            names = ", ".join(f"`{name}`" for name in conflict)
            yield f"these facts cannot all be true: {names}. Until one is corrected or withdrawn, the advice is the safest over all that can be true."


def _about_the_clock(around: Around) -> Iterator[str]:
    if around.behind > TOLERATED:
        yield f"the entry before was written down at a time that is {around.behind} later than the clock now: one of the two clocks is wrong."
