"""Whether a change is stricter, milder, or neither."""

from __future__ import annotations

from collections.abc import Iterator

from safeguarding_rules.comparing.aspects import DUE, Change
from safeguarding_rules.comparing.common_space import Apart, SideName
from safeguarding_rules.comparing.document import Direction
from safeguarding_rules.linking.policy import Policy


def scale_direction(old: Policy, new: Policy, before: str, after: str) -> Direction:
    """The direction from one outcome to another.

    The scales order outcomes by name. Two that stand on no one scale are ordered through outcomes that stand on both, where that can be said.
    """
    stricter, milder = _above(old, new, before, after), _above(old, new, after, before)
    if stricter == milder:
        return "other"
    return "stricter" if stricter else "milder"


def _above(old: Policy, new: Policy, lower: str, higher: str) -> bool:
    """Whether some chain of steps up either scale leads from one outcome to another."""
    scales = [[outcome.name for outcome in policy.outcomes] for policy in (old, new)]
    reached, waiting = {lower}, [lower]
    while waiting:
        name = waiting.pop()
        for scale in scales:
            if name in scale:
                further = [other for other in scale[scale.index(name) + 1 :] if other not in reached]
                reached.update(further)
                waiting.extend(further)
    return higher in reached and higher != lower


def scales_apart(old: Policy, new: Policy) -> Iterator[Apart]:
    """What the two scales do not share."""
    names = {"old": [o.name for o in old.outcomes], "new": [o.name for o in new.outcomes]}
    if names["old"] == names["new"]:
        return
    pairs: tuple[tuple[SideName, SideName], ...] = (("old", "new"), ("new", "old"))
    for side, other in pairs:
        for name in names[side]:
            if name not in names[other]:
                yield Apart("scale", side, name, f"the outcome `{name}` is on the {side} version's scale only; outcomes are matched by name")
    both = [name for name in names["old"] if name in names["new"]]
    if both != [name for name in names["new"] if name in names["old"]]:
        yield Apart(
            "scale",
            "both",
            "scale",
            "the two scales order their common outcomes differently; a change between those counts as neither stricter nor milder",
        )


def duty_direction(change: Change, protects: str) -> Direction:
    """The direction of a change of duty or deadline.

    More of a duty, or of a prohibition, is stricter and less of it milder; for an action that protects by not being done it is the other way
    round, unless it is prohibited. A permission gained is neither; a permission lost is milder, as a layer may not take one away either.
    """
    more = change.new == DUE if change.kind == "deadline" else change.new > change.old
    assert change.slot is not None  # noqa: S101  outcomes have scale_direction
    forbidden = change.slot[2]
    if protects == "refrain" and not forbidden:
        return "milder" if more else "stricter"
    if change.kind == "duty" and not forbidden and change.old == 0 and change.new == 1:
        return "other"
    return "stricter" if more else "milder"
