"""Where an interview stands, and the step that comes next: plain values.

Promised: immutable, so that going back is taking an earlier value. Must not know: how a step is shown or an answer typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.linking.policy import FactInfo

Kind = Literal["ask", "together", "offer", "conflict", "end"]
Ending = Literal["complete", "stopped", "kept"]


@dataclass(frozen=True, slots=True)
class State:
    """What has been answered.

    `facts` are known; `unknown` were answered with "don't know" and are not asked again; `skipped` are asked once more when nothing else is left.
    `order` holds everything answered, the latest last. `again` is a fact to be asked whatever hangs on it. `offered` is the outcome at which
    stopping was last declined. `ended` says that the person has stopped, or kept answers that cannot all be true. `idle` facts were found to
    matter for nothing and `no_outcome` ones for no outcome; learning more does not change that.
    """

    facts: Mapping[str, object] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()
    order: tuple[str, ...] = ()
    again: str | None = None
    offered: str | None = None
    ended: Literal["stopped", "kept"] | None = None
    idle: frozenset[str] = frozenset()
    no_outcome: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """What comes next.

    `ask`: one fact. `together`: several yes-or-no facts, "does any of these apply?"; `waited_for` is the answer that
    the open rules wait for, the same for all of them. `offer`: the advice is firm, so one may stop;
    `raising` are the facts still to be asked that could raise it, the gravest first.
    `conflict`: the answers to `facts` cannot all be true. `end`: nothing is left to ask, or the person stopped (`ending`).
    `could_become` are the outcomes, besides the advice, that hang on the first fact, least protective first; empty where only a `must` or a
    `must_not` does. `left` is how many facts, at most, can still change the outcome or such a duty, those answered with "don't know" not counted.
    `idle` and `no_outcome` are as in State, with what was found out for this step.
    """

    kind: Kind
    decision: Decision
    facts: tuple[FactInfo, ...] = ()
    could_become: tuple[str, ...] = ()
    left: int = 0
    idle: frozenset[str] = frozenset()
    no_outcome: frozenset[str] = frozenset()
    ending: Ending | None = None
    waited_for: bool = True
    raising: tuple[FactInfo, ...] = ()
