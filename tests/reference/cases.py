"""The complete cases of a stack, and which conditions and rules hold in them: "Cases" of `docs/reference/semantics.md`.

Integers are finite through *cells*: every number a condition of the stack (or a known fact) compares with cuts the range, and one value stands for
each cell. Two values of one cell pass exactly the same tests, so nothing can tell them apart.
"""

from __future__ import annotations

import itertools
import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tests.reference.stack import Fact, Policy, Rule, Stack, read_policy

if TYPE_CHECKING:
    from collections.abc import Callable

Case = dict[str, Any]

NOT_APPLICABLE = "(not applicable)"

# ---------------------------------------------------------------------------------------------------------------- conditions


TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "is_not": lambda value, wanted: value != wanted,
    "none_of": lambda value, wanted: value not in wanted,
    "one_of": lambda value, wanted: value in wanted,
    "below": lambda value, wanted: value != NOT_APPLICABLE and value < wanted,
    "at_most": lambda value, wanted: value != NOT_APPLICABLE and value <= wanted,
    "at_least": lambda value, wanted: value != NOT_APPLICABLE and value >= wanted,
    "above": lambda value, wanted: value != NOT_APPLICABLE and value > wanted,
    "includes": lambda value, wanted: wanted in value,
    "includes_any": lambda value, wanted: any(one in value for one in wanted),
    "includes_all": lambda value, wanted: all(one in value for one in wanted),
    "excludes": lambda value, wanted: wanted not in value,
}


def passes(test: Any, value: Any) -> bool:
    """Tell whether one value passes one test. On *not applicable* only `is_not` and `none_of` hold."""
    if not isinstance(test, dict):
        return bool(value == test)
    ((name, wanted),) = test.items()
    return TESTS[name](value, wanted)


def holds(policy: Policy, pack: int, condition: Any, case: Case, *, raw: bool = False) -> bool:
    """Tell whether a condition written in a pack holds in a complete case; `raw` looks past the mask of layer facts."""
    ((key, inner),) = condition.items()
    if key == "always":
        return True
    if key == "all":
        return all(holds(policy, pack, part, case, raw=raw) for part in inner)
    if key == "any":
        return any(holds(policy, pack, part, case, raw=raw) for part in inner)
    if key == "not":
        return not holds(policy, pack, inner, case, raw=raw)
    if key == "defined":
        return holds(policy, pack, policy.definitions[pack, inner], case, raw=raw)
    fact, value = policy.facts[key], case[key]
    if key in policy.masked and not raw and not holds(policy, fact.pack, fact.applies_when, case):
        value = _without_meaning(fact)
    return passes(inner, value)


def _without_meaning(fact: Fact) -> Any:
    """Give the value of a fact that does not apply."""
    return {"boolean": False, "choices": frozenset()}.get(fact.type, NOT_APPLICABLE)


def rule_holds(policy: Policy, rule: Rule, case: Case) -> bool:
    """Tell whether a rule holds: where `given` and `when` hold and `unless` does not."""
    given, when, unless = (holds(policy, rule.pack, condition, case) for condition in (rule.given, rule.when, rule.unless))
    return given and when and not unless


# ------------------------------------------------------------------------------------------------------------ complete cases


def complete_cases(stack: Stack, facts: Case | None = None, on: str | None = None, fixed: Case | None = None) -> tuple[Policy, list[Case]]:
    """Give the policy and its complete cases, integers cut also where the known facts compare.

    `fixed` gives some facts one value each (*not applicable* included), for stacks too large to enumerate: only the other facts take every value.
    """
    cuts = sorted({(name, cut) for name, known in (facts or {}).items() for cut in cuts_of(known)})
    return _complete_cases(json.dumps(stack, default=str), tuple(cuts), on, tuple((fixed or {}).items()))


@lru_cache(maxsize=16)
def _complete_cases(stack_text: str, known_cuts: tuple[Any, ...], on: str | None, fixed: tuple[Any, ...]) -> tuple[Policy, list[Case]]:
    policy = read_policy(json.loads(stack_text), on)
    domains = all_domains(policy, set(known_cuts)) | {name: [value] for name, value in fixed}
    everything = (dict(zip(domains, values, strict=True)) for values in itertools.product(*domains.values()))
    return policy, [case for case in everything if is_complete_case(policy, case)]


def all_domains(policy: Policy, cuts: set[tuple[str, int]]) -> dict[str, list[Any]]:
    """List the values of every fact, one per integer cell; `cuts` are cells that begin for other reasons than a condition of the stack."""
    cuts = set(cuts)
    for _, condition in all_conditions(policy):
        collect_cuts(condition, cuts)
    masked = policy.masked
    return {fact.name: _domain(fact, {cut for name, cut in cuts if name == fact.name}, masked=fact.name in masked) for fact in policy.facts.values()}


def all_conditions(policy: Policy) -> list[tuple[int, Any]]:
    """List every condition of the stack with the number of its pack."""
    found = [(fact.pack, fact.applies_when) for fact in policy.facts.values() if fact.applies_when is not None]
    found += [(pack, condition) for pack, if_, then in policy.implications for condition in (if_, then)]
    found += [(pack, condition) for (pack, _), condition in policy.definitions.items()]
    return found + [(rule.pack, condition) for rule in policy.rules.values() for condition in (rule.given, rule.when, rule.unless)]


def collect_cuts(condition: Any, cuts: set[tuple[str, int]]) -> None:
    """Add (fact, where a cell begins) for every number the condition compares a fact with."""
    ((key, inner),) = condition.items()
    if key in {"all", "any"}:
        for part in inner:
            collect_cuts(part, cuts)
    elif key == "not":
        collect_cuts(inner, cuts)
    elif key not in {"always", "defined"}:
        cuts.update((key, cut) for cut in cuts_of(inner))


def cuts_of(test: Any) -> set[int]:
    """Tell where cells begin because of one test or known value."""
    name, wanted = next(iter(test.items())) if isinstance(test, dict) and test else ("is", test)
    numbers = [n for n in (wanted if isinstance(wanted, list) else [wanted]) if isinstance(n, int) and not isinstance(n, bool)]
    offsets = {"below": [0], "at_least": [0], "at_most": [1], "above": [1]}.get(name, [0, 1])
    return {number + offset for number in numbers for offset in offsets}


def _domain(fact: Fact, cuts: set[int], *, masked: bool) -> list[Any]:
    if fact.type == "boolean":
        return [False, True]
    if fact.type == "choices":
        values = list(fact.declaration["values"])
        return [frozenset(some) for size in range(len(values) + 1) for some in itertools.combinations(values, size)]
    if fact.type == "integer":
        low, high = fact.declaration["at_least"], fact.declaration["at_most"]
        values = sorted({low} | {cut for cut in cuts if low < cut <= high})
    else:
        values = list(fact.declaration["values"])
    return values if fact.applies_when is None or masked else [*values, NOT_APPLICABLE]


def is_complete_case(policy: Policy, case: Case) -> bool:
    """Tell whether facts that do not apply, and only they, have no meaning, and every implication holds.

    Implications of a layer read its values as given (past the mask), so that they never tell anything about facts from above.
    """
    for fact in policy.facts.values():
        if fact.applies_when is not None and fact.name not in policy.masked:
            applies = holds(policy, fact.pack, fact.applies_when, case)
            if not applies and case[fact.name] != _without_meaning(fact):
                return False
            if applies and case[fact.name] == NOT_APPLICABLE:
                return False
    return all(not holds(policy, pack, if_, case, raw=True) or holds(policy, pack, then, case, raw=True) for pack, if_, then in policy.implications)


def agrees(known: Any, value: Any) -> bool:
    """Tell whether a value agrees with what is known of a fact."""
    if known is None:
        return True
    if isinstance(known, list):
        return all(one in value for one in known)
    if isinstance(known, dict) and "only" in known:
        return bool(value == frozenset(known["only"]))
    return passes(known, value)


def agreeing_cases(cases: list[Case], facts: Case) -> list[Case]:
    """Give C(F)."""
    return [case for case in cases if all(agrees(known, case[name]) for name, known in facts.items())]


def rules_of(policy: Policy, case: Case) -> list[Rule]:
    """List the rules that hold in a complete case."""
    return [rule for rule in policy.rules.values() if rule_holds(policy, rule, case)]
