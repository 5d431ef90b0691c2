"""The difference of two policies against brute force: every pair of complete cases that agree, decided by the reference interpreter.

Pairs are of two kinds: a stack and a copy with a few changes, and two stacks drawn apart, whose facts share names but not always types,
values or ties.
`SAFEGUARDING_RULES_PAIRS=200` asks for more pairs of each kind.
"""

from __future__ import annotations

import copy
import json
import os
from collections import Counter, defaultdict
from datetime import date
from functools import cache
from typing import Any

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from safeguarding_rules.comparing.common_space import CommonSpace, common_space
from safeguarding_rules.comparing.compare import compare
from safeguarding_rules.comparing.sides import Stand
from safeguarding_rules.deciding.decide import Decider
from safeguarding_rules.language.deadlines import never_later, parse_deadline
from safeguarding_rules.language.facts import NOT_APPLICABLE as NO_VALUE
from tests.properties.engines import engine_for
from tests.properties.strategies import SCALE, Size, all_rules, stacks
from tests.reference.cases import (
    NOT_APPLICABLE,
    Case,
    _complete_cases,
    all_conditions,
    collect_cuts,
    complete_cases,
    holds,
    passes,
    rules_of,
)
from tests.reference.interpreter import NAME, outcome_of, strengths_of
from tests.reference.stack import MODALITIES, Fact, Policy, Stack

PAIRS = int(os.environ.get("SAFEGUARDING_RULES_PAIRS", "30"))
ON = date(2024, 1, 1)
TINY = Size(facts=5, rules=6, cases=96)

# ------------------------------------------------------------------------------------------------------------------ pairs


@st.composite
def changed_copies(draw: Any) -> tuple[Stack, Stack]:
    """Draw a stack, and a copy with one to three changes."""
    old = draw(stacks(TINY))
    new = copy.deepcopy(old)
    for _ in range(draw(st.integers(0, 3))):
        _change(draw, new)
    return (old, new) if draw(st.booleans()) else (new, old)


def _change(draw: Any, stack: Stack) -> None:  # noqa: C901  one branch a kind of change
    pack = stack[0] if len(stack) == 1 else stack[draw(st.integers(0, len(stack) - 1))]
    document = next(document for path, document in pack.items() if path.startswith("rules/"))
    rules = all_rules(document)
    kind = draw(st.sampled_from(["outcome", "negate", "unless", "no actions", "within", "standing", "modality", "if_unknown"]))
    name = draw(st.sampled_from(sorted(rules))) if rules else None
    rule = rules.get(name or "", {})
    actions = [item for one in (*rules.values(), *document.get("standing", [])) for item in one.get("actions", [])]
    if kind == "outcome" and "outcome" in rule:
        rule["outcome"] = draw(st.sampled_from(SCALE))
    elif kind == "negate" and "when" in rule:
        rule["when"] = {"not": rule["when"]}
        rule.pop("if_unknown", None)
    elif kind == "unless" and "unless" in rule and rule.get("if_unknown") != "presume_if_partly_met":
        del rule["unless"]
    elif kind == "no actions" and "outcome" in rule:
        rule.pop("actions", None)
    elif kind == "standing" and document.get("standing"):
        entry = draw(st.sampled_from(document["standing"]))
        if "at_least" in entry:
            entry["at_least"] = draw(st.sampled_from(SCALE[1:]))
    elif kind == "within" and actions:
        draw(st.sampled_from(actions))["within"] = draw(st.sampled_from(["immediately", "same_day", "2 working days", "PT24H"]))
    elif kind == "modality" and actions:
        item = draw(st.sampled_from(actions))
        for one, other in (("must", "should"), ("should", "must"), ("must_not", "should_not")):
            if one in item:
                item[other] = item.pop(one)
                break
    elif kind == "if_unknown" and "when" in rule and "row" not in rule:
        rule["if_unknown"] = draw(st.sampled_from(["ask", "presume_met"]))


# ------------------------------------------------------------------------------------------------------------- brute force


def _cuts(stack: Stack) -> set[tuple[str, int]]:
    policy, _ = complete_cases(stack)
    cuts: set[tuple[str, int]] = set()
    for _, condition in all_conditions(policy):
        collect_cuts(condition, cuts)
    for fact in policy.facts.values():
        if fact.type == "integer":  # where one side's numbers end, those of the other are split
            cuts |= {(fact.name, fact.declaration["at_least"]), (fact.name, fact.declaration["at_most"] + 1)}
    return cuts


def agreeing_pairs(old: Stack, new: Stack, common: CommonSpace) -> tuple[Policy, Policy, list[tuple[Case, Case]]]:
    """Give every pair of complete cases that are one case of the common space, by the rules of docs/reference/diff.md."""
    cuts = tuple(sorted(_cuts(old) | _cuts(new)))
    (before, olds), (after, news) = (_complete_cases(json.dumps(stack), cuts, None, ()) for stack in (old, new))
    shared = [name for name in before.facts if name in after.facts]
    equal = [name for name in shared if common.names["new"][name] == name and before.facts[name].type != "choices"]
    others = [name for name in shared if name not in equal]
    by_values: dict[Any, list[Case]] = defaultdict(list)
    for case in news:
        by_values[tuple(case[name] for name in equal)].append(case)
    pairs = [
        (a, b)
        for a in olds
        for b in by_values.get(tuple(a[name] for name in equal), ())
        if all(_agree((before, after), name, a, b, same=common.names["new"][name] == name) for name in others)
    ]
    return before, after, pairs


def _agree(policies: tuple[Policy, Policy], name: str, a: Case, b: Case, *, same: bool) -> bool:
    before, after = policies
    one, other = before.facts[name], after.facts[name]
    if one.type != other.type or not _overlap(one, other):
        return True
    if any(_left_out(fact, there, case[name]) for fact, there, case in ((one, other, a), (other, one, b))):
        return False
    if not same:
        for policy, fact, case in ((before, one, a), (after, other, b)):
            if fact.applies_when is not None and not holds(policy, fact.pack, fact.applies_when, case):
                return True
    if one.type == "choices":
        both = set(one.declaration["values"]) & set(other.declaration["values"])
        return bool(a[name] & both == b[name] & both)
    return bool(a[name] == b[name])


def _overlap(one: Fact, other: Fact) -> bool:
    """Whether two facts of one type have a value in common."""
    both = (one.declaration, other.declaration)
    if one.type == "choice":
        return bool(set(both[0]["values"]) & set(both[1]["values"]))
    return one.type != "integer" or bool(max(declared["at_least"] for declared in both) <= min(declared["at_most"] for declared in both))


def _left_out(fact: Fact, there: Fact, value: Any) -> bool:
    """Whether the other side cannot say a value, so that cases with it are not compared."""
    if value == NOT_APPLICABLE or fact.type not in {"choice", "integer"}:
        return False
    if fact.type == "choice":
        return value not in there.declaration["values"]
    return not there.declaration["at_least"] <= value <= there.declaration["at_most"]


class Judge:
    """What the reference says of one complete case."""

    def __init__(self, stack: Stack, policy: Policy) -> None:
        self.policy = policy
        self.items: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for pack in stack:
            for path, document in pack.items():
                if path.startswith("rules/"):
                    for name, rule in all_rules(document).items():
                        self.items[f"{pack['pack.yaml']['pack']}/{name}"] += rule.get("actions", [])
                    for name, more in document.get("strengthens", {}).items():
                        self.items[name] += more.get("actions", [])
        self.standing = [entry for pack in stack for path, one in pack.items() if path.startswith("rules/") for entry in one.get("standing", [])]

    def says(self, case: Case) -> tuple[str, dict[Any, int], dict[Any, set[tuple[str, str]]]]:
        held = rules_of(self.policy, case)
        rank = outcome_of(held)
        items = [item for rule in held for item in self.items[rule.name]]
        for entry in self.standing:
            if (
                "always" in entry
                or ("at_least" in entry and rank >= self.policy.scale.index(entry["at_least"]))
                or ("when_outcome" in entry and rank == 0)
            ):
                items += entry["actions"]
        strengths = strengths_of(self.policy, held)
        due: dict[Any, set[tuple[str, str]]] = defaultdict(set)
        for item in items:
            (modality,) = set(item) & MODALITIES
            side = (item[modality], item.get("by", self.policy.actors[item[modality]]), "negative" if modality.endswith("_not") else "positive")
            if "within" in item and strengths.get(side):
                due[side].add((item["within"], item.get("from", "known")))
        return self.policy.scale[rank], strengths, due


@cache
def _no_later(one: str, other: str) -> bool:
    return never_later(parse_deadline(one), parse_deadline(other))


def _is_due(due: set[tuple[str, str]], within: str, clock: str) -> bool:
    return any(start == clock and _no_later(span, within) for span, start in due)


# ------------------------------------------------------------------------------------------------------------------ checks


def stand(stack: Stack) -> Stand:
    return Stand("generated", Decider(engine_for(stack).program), ON)


def check(old: Stack, new: Stack) -> str:
    """Compare the difference with brute force; returns what it came to."""
    stands = stand(old), stand(new)
    common = common_space(stands[0].policy, stands[1].policy)
    document = compare(*stands, most_regions=None)
    before, after, pairs = agreeing_pairs(old, new, common)
    judges = Judge(old, before), Judge(new, after)
    known: dict[tuple[Any, ...], tuple[Any, Any]] = {}
    for a, b in pairs:
        key = _cells(common, a, b)
        if key not in known:
            known[key] = (a, b)
    answers = [((a, b), judges[0].says(a), judges[1].says(b)) for a, b in known.values()]
    assert document.result != "undecided"
    outcome_changed = [one for one in answers if one[1][0] != one[2][0]]
    duties_changed = [one for one in answers if _duties_differ(one[1], one[2])]
    anything = {id(one) for one in (*outcome_changed, *duties_changed)}
    assert (document.result == "same") == (not anything), document
    if document.counts is not None:
        assert document.counts.cases == len(answers)
        assert document.counts.outcome_changed == len(outcome_changed)
        assert document.counts.duties_changed == len(duties_changed)
        assert document.counts.changed == len(anything)
        assert sum(change.cases or 0 for change in document.outcomes) == len(outcome_changed)
    _check_outcomes(document, answers, common, before.scale)
    _check_duties(document, answers, common, before.scale)
    for change in (*document.outcomes, *document.duties):
        assert change.complete
        assert change.regions
        for region in change.regions:
            _check_example(stands, region.example)
    return str(document.result)


def _cells(common: CommonSpace, a: Case, b: Case) -> tuple[Any, ...]:
    """The case of the common space that a pair is."""
    back = {joint: (side, name) for side in ("old", "new") for name, joint in common.names[side].items()}
    cells: list[Any] = []
    for variable in common.space.variables:
        side, name = back[variable.fact]
        value = a if side == "old" or variable.fact in common.names["old"].values() else b
        if variable.value is not None:
            sides = (a, common.names["old"]), (b, common.names["new"])
            both = [case[fact] for case, names in sides for fact, joint in names.items() if joint == variable.fact]
            cells.append(any(variable.value in included for included in both))
            continue
        here = value[name]
        cells.append(common.space.cell_of(variable, NO_VALUE if here == NOT_APPLICABLE else here))
    return tuple(cells)


def _duties_differ(one: Any, other: Any) -> bool:
    if one[1] != other[1]:
        return True
    return any(
        _is_due(one[2][side], within, clock) != _is_due(other[2][side], within, clock)
        for side in one[1]
        for within, clock in one[2][side] | other[2][side]
    )


def _meets(region: Any, pair: tuple[Case, Case], common: CommonSpace, scale: list[str], outcomes: tuple[str, str]) -> bool:
    a, b = pair
    if region.outcome is not None:
        outcome = outcomes[region.outcome.side == "new"]
        ranks = scale.index(outcome), scale.index(region.outcome.outcome)
        if not (ranks[0] >= ranks[1] if region.outcome.test == "at_least" else ranks[0] == ranks[1]):
            return False
    for where in region.where:
        olds = {joint: name for name, joint in common.names["old"].items()}
        news = {joint: name for name, joint in common.names["new"].items()}
        found = [case[names[where.fact]] for case, names in ((a, olds), (b, news)) if where.fact in names]
        value = frozenset().union(*found) if isinstance(found[0], frozenset) else found[0]
        if not _passes(where.given, value):
            return False
    return True


def _passes(test: Any, value: Any) -> bool:
    if test is None:
        return bool(value == NOT_APPLICABLE)
    if isinstance(test, list):
        return any(_passes(one, value) for one in test)
    if isinstance(test, dict) and "not" in test:
        return not _passes(test["not"], value)
    if isinstance(test, dict) and len(test) > 1:
        return all(_passes({op: operand}, value) for op, operand in test.items())
    return passes(test, value)


def _check_outcomes(document: Any, answers: list[Any], common: CommonSpace, scale: list[str]) -> None:
    counted = Counter((one[0], other[0]) for _, one, other in answers if one[0] != other[0])
    assert {(change.from_, change.to) for change in document.outcomes} == set(counted)
    for change in document.outcomes:
        assert change.cases in (None, counted[change.from_, change.to])
        for (a, b), one, other in answers:
            changed = (one[0], other[0]) == (change.from_, change.to)
            inside = [r for r in change.regions if _meets(r, (a, b), common, scale, (one[0], other[0]))]
            assert not changed or inside, (change, a, b)
            for region in inside:
                given = one[0] == change.from_ if region.given == "old" else other[0] == change.to
                assert not given or changed, (change, region, a, b)
        assert change.direction == ("stricter" if scale.index(change.to) > scale.index(change.from_) else "milder")


def _check_duties(document: Any, answers: list[Any], common: CommonSpace, scale: list[str]) -> None:
    changes = [change for change in document.duties if change.within is None]
    found = set()
    for _, one, other in answers:
        for side in {*one[1], *other[1]}:
            if one[1].get(side) != other[1].get(side):
                found.add((side, one[1].get(side), other[1].get(side)))
    named = {(side, before and NAME[side[2]][before], after and NAME[side[2]][after]) for side, before, after in found}
    assert {(_side(c), c.from_, c.to) for c in changes} == named
    for change in document.duties:
        side = _side(change)
        for (a, b), one, other in answers:
            before, after = _value(change, side, one), _value(change, side, other)
            wanted = (change.from_, change.to) if change.within is None else ((False, True) if change.change == "earlier" else (True, False))
            changed = (before, after) == wanted
            inside = [r for r in change.regions if _meets(r, (a, b), common, scale, (one[0], other[0]))]
            assert not changed or inside, (change, a, b)
            for region in inside:
                given = before == wanted[0] if region.given == "old" else after == wanted[1]
                assert not given or changed, (change, region, a, b, before, after)


def _side(change: Any) -> Any:
    return (change.action, change.by, "negative" if change.forbids else "positive")


def _value(change: Any, side: Any, answer: Any) -> Any:
    strength = answer[1].get(side)
    if change.within is None:
        return strength and NAME[side[2]][strength]
    return _is_due(answer[2][side], change.within, change.clock) if strength else None


def _check_example(stands: tuple[Stand, Stand], example: Any) -> None:
    assert example.confirmed
    for one, facts, outcome in ((stands[0], example.facts_old, example.outcome_old), (stands[1], example.facts_new, example.outcome_new)):
        decision = one.decider.decide(facts, one.on)
        assert decision.settled
        assert decision.outcome == outcome


@settings(max_examples=PAIRS)
@given(changed_copies())
def test_regions_are_exactly_what_changes(pair: tuple[Stack, Stack]) -> None:
    """A stack and a changed copy: union of regions, counts, examples."""
    event("result " + check(*pair))


@settings(max_examples=PAIRS)
@given(stacks(TINY), stacks(TINY))
def test_regions_are_exactly_what_changes_between_unlike_stacks(old: Stack, new: Stack) -> None:
    """Two stacks drawn apart: facts, values and ties that one side alone has."""
    assume(len(complete_cases(old)[1]) * len(complete_cases(new)[1]) < 12_000)
    event("result " + check(old, new))


@settings(max_examples=PAIRS // 3)
@given(stacks(TINY))
def test_a_policy_does_not_differ_from_itself(stack: Stack) -> None:
    """No change is a proof."""
    document = compare(stand(stack), stand(copy.deepcopy(stack)))
    assert document.result == "same"
    assert not any((document.outcomes, document.duties, document.advice, document.texts, document.milder, document.stricter))
