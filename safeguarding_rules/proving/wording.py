"""Invariants as sentences for people who did not write them."""

from __future__ import annotations

from collections.abc import Iterator

from safeguarding_rules.deciding.words import condition_words, plain
from safeguarding_rules.language.expectations import Invariant
from safeguarding_rules.proving.work import Stack

_WORDS = {"must": "must", "should": "should", "must_not": "must not", "should_not": "should not", "may": "may"}


def claim_words(invariant: Invariant, stack: Stack) -> str:
    """An invariant as one sentence."""
    titles = {outcome.name: outcome.title for outcome in stack.policy.outcomes}
    if invariant.reachable is not None:
        return f"some case ends in “{titles[invariant.reachable]}”"
    if invariant.must_not_matter is not None:
        words = f"no outcome and no duty depends on {_listed(plain(name) for name in invariant.must_not_matter)}"
        return words + (f", but for: {_listed(_action(stack, name) for name in invariant.except_for)}" if invariant.except_for else "")
    said = "; ".join(_claims(invariant, stack, titles))
    if invariant.while_unknown is not None:
        return f"while it is not known: {_listed(plain(name) for name in invariant.while_unknown)}: {said}"
    condition = stack.scope_of(invariant)
    if condition is None:
        return f"always: {said}"
    words = condition_words(condition, {info.spec.name: info for info in stack.policy.facts})
    return f"whenever {words}: {said}"


def _claims(invariant: Invariant, stack: Stack, titles: dict[str, str]) -> Iterator[str]:
    if invariant.outcome_at_least is not None:
        yield f"the outcome is at least “{titles[invariant.outcome_at_least]}”"
    if invariant.outcome_at_most is not None:
        yield f"the outcome is at most “{titles[invariant.outcome_at_most]}”"
    for modality in ("must", "should", "must_not", "should_not"):
        for name in getattr(invariant, modality) or ():
            yield f"{_WORDS[modality]}: {_action(stack, name)}"
    for item in invariant.never or ():
        yield f"never “{_WORDS[item.modality]}”: {_action(stack, item.action)}" + (f" (by {plain(item.by)})" if item.by else "")


def _action(stack: Stack, name: str) -> str:
    title = stack.policy.actions[name].title
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def _listed(parts: Iterator[str] | list[str]) -> str:
    return ", ".join(parts)
