"""What is proved is true of every case, and what is refuted of some: against trying every (partial) case of small packs, and against z3."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from safeguarding_rules import PackError
from safeguarding_rules.proving.claims import Claim
from safeguarding_rules.proving.opinion import broken_by
from safeguarding_rules.proving.work import Stack
from tests.properties.strategies import DO, REFRAIN, SCALE, SMALL, Size, stacks
from tests.reference.cases import NOT_APPLICABLE, all_domains, complete_cases, rules_of
from tests.reference.interpreter import RANK, Answer, _decide, decide, outcome_of, strengths_of
from tests.unit.proving.stacks import claims_of, invariant_claims, stack_of, with_invariants

TINY = Size(facts=4, rules=5, cases=36)
REQUIRED = ("must", "should", "must_not", "should_not")


# ------------------------------------------------------------------------------------------------------------- invariants to try


@st.composite
def conditions(draw: Any, facts: dict[str, Any]) -> dict[str, Any]:
    """Draw one test, or two joined."""

    def test() -> dict[str, Any]:
        name = draw(st.sampled_from(sorted(facts)))
        declared = facts[name].declaration
        if declared["type"] == "boolean":
            return {name: draw(st.booleans())}
        if declared["type"] == "integer":
            return {name: draw(st.sampled_from([{"at_least": 7}, {"below": 4}, {"is_not": 5}, 11]))}
        value = draw(st.sampled_from(list(declared["values"])))
        if declared["type"] == "choice":
            return {name: draw(st.sampled_from([value, {"is_not": value}]))}
        return {name: draw(st.sampled_from([{"includes": value}, {"excludes": value}]))}

    shape: str = draw(st.sampled_from(["test", "test", "all", "any", "not"]))
    if shape == "not":
        return {"not": test()}
    return test() if shape == "test" else {shape: [test(), test()]}


@st.composite
def claimed(draw: Any) -> dict[str, Any]:
    """Draw what an invariant claims."""
    kind = draw(st.sampled_from(["outcome_at_least", "outcome_at_least", "outcome_at_most", "duty", "duty", "never"]))
    if kind in ("outcome_at_least", "outcome_at_most"):
        return {kind: draw(st.sampled_from(SCALE))}
    if kind == "duty":
        modality = draw(st.sampled_from(REQUIRED))
        return {modality: [draw(st.sampled_from(sorted(REFRAIN if modality.endswith("not") else DO)))]}
    modality = draw(st.sampled_from(["must", "should", "may", "must_not"]))
    return {"never": [{modality: draw(st.sampled_from(sorted(DO if modality != "must_not" else REFRAIN)))}]}


@st.composite
def invariants(draw: Any, facts: dict[str, Any], kinds: tuple[str, ...]) -> dict[str, Any]:
    """Draw one invariant."""
    kind = draw(st.sampled_from(kinds))
    names = sorted(facts)
    if kind == "reachable":
        return {"reachable": draw(st.sampled_from(SCALE))}
    if kind == "must_not_matter":
        changing = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
        excepted = draw(st.lists(st.sampled_from(sorted(DO)), max_size=2, unique=True))
        return {"must_not_matter": changing} | ({"except_for": excepted} if excepted else {})
    if kind == "while_unknown":
        return {"while_unknown": draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)), **draw(claimed())}
    return {**({"always": True} if kind == "always" else {"whenever": draw(conditions(facts))}), **draw(claimed())}


# ------------------------------------------------------------------------------------------------------------------- the oracle


@dataclass
class Oracle:
    """Tries every case."""

    data: list[dict[str, Any]]

    def __post_init__(self) -> None:
        # Thresholds of invariants would split integers further than those of the packs do; the oracle needs their cells too.
        self.policy, self.cases = complete_cases(self.data)
        self.held = [rules_of(self.policy, case) for case in self.cases]
        self.outcomes = [outcome_of(held) for held in self.held]
        self.strengths = [strengths_of(self.policy, held) for held in self.held]

    def rank(self, name: str) -> int:
        return int(self.policy.scale.index(name))

    def breaks(self, invariant: dict[str, Any], n: int) -> bool:
        """Whether a complete case breaks what an invariant claims."""
        outcome, strengths, scale = self.outcomes[n], self.strengths[n], self.policy.scale
        if outcome < self.rank(invariant.get("outcome_at_least", scale[0])) or outcome > self.rank(invariant.get("outcome_at_most", scale[-1])):
            return True
        for modality in REQUIRED:
            direction = "negative" if modality.endswith("_not") else "positive"
            for action in invariant.get(modality, ()):
                if not any(s[0] == action and s[2] == direction and rank >= RANK[modality] for s, rank in strengths.items()):
                    return True
        return any(self.given(item, strengths) for item in invariant.get("never", ()))

    def given(self, item: dict[str, str], strengths: dict[Any, int]) -> bool:
        ((modality, action),) = item.items()
        side = "negative" if modality.endswith("_not") else "positive"
        return any(s[0] == action and s[2] == side and rank >= RANK[modality] for s, rank in strengths.items())

    def differ(self, invariant: dict[str, Any]) -> bool:
        """Whether two cases alike but for some facts differ."""
        names, excepted = invariant["must_not_matter"], invariant.get("except_for", ())
        return any(
            self.alike(self.cases[i], self.cases[j], names)
            and (self.outcomes[i] != self.outcomes[j] or self.duties(i, excepted) != self.duties(j, excepted))
            for i, j in itertools.combinations(range(len(self.cases)), 2)
        )

    def duties(self, n: int, excepted: Any) -> dict[Any, int]:
        return {side: rank for side, rank in self.strengths[n].items() if side[0] not in excepted}

    def alike(self, one: dict[str, Any], two: dict[str, Any], names: list[str]) -> bool:
        changing = set(names)
        for name, fact in self.policy.facts.items():  # a fact is declared after those it is tied to
            if name not in changing and fact.applies_when is not None and name not in self.policy.masked and _facts_in(fact.applies_when) & changing:
                changing.add(name)
        from tests.reference.cases import holds  # noqa: PLC0415

        for name, fact in self.policy.facts.items():
            if name in names or one[name] == two[name]:
                continue
            if name not in changing:
                return False
            if holds(self.policy, fact.pack, fact.applies_when, one) == holds(self.policy, fact.pack, fact.applies_when, two):
                return False
        return True

    def partial(self, invariant: dict[str, Any]) -> bool:
        """Whether some partial case in which the facts are unknown breaks the claims."""
        unknown = invariant["while_unknown"]
        options: list[list[Any]] = []
        for name, fact in self.policy.facts.items():
            if name in unknown:
                options.append([None])
            elif fact.type == "choices":
                values = list(fact.declaration["values"])
                options.append([None, *[("in", v) for v in values], *[("out", v) for v in values], *[frozenset(s) for s in _subsets(values, 0)]])
            else:
                values = list(dict.fromkeys(case[name] for case in self.cases))
                options.append([None, *[set(one) for one in _subsets(values, 1) if len(one) < len(values)]])
        names = list(self.policy.facts)
        seen: set[tuple[int, ...]] = set()
        for known in itertools.product(*options):
            kept = tuple(n for n, case in enumerate(self.cases) if all(_agrees(case[name], told) for name, told in zip(names, known, strict=True)))
            if kept and kept not in seen and all(self.unknown(kept, name) for name in unknown):
                seen.add(kept)
                if self.advice_breaks(invariant, _decide(self.policy, [self.cases[n] for n in kept])):
                    return True
        return False

    def unknown(self, kept: tuple[int, ...], name: str) -> bool:
        values = {self.cases[n][name] for n in kept}
        return len(values) > 1 or any(self.is_range(name, value) for value in values)

    def is_range(self, name: str, value: Any) -> bool:
        """Whether a value of an integer stands for others, too: those up to the next that some condition tells from it."""
        fact = self.policy.facts[name]
        if fact.type != "integer" or not isinstance(value, int):
            return False
        starts = [start for start in all_domains(self.policy, set())[name] if isinstance(start, int)]
        return min((start for start in starts if start > value), default=fact.declaration["at_most"] + 1) > value + 1

    def advice_breaks(self, invariant: dict[str, Any], answer: Answer) -> bool:
        outcome, scale = self.rank(answer.outcome), self.policy.scale
        if outcome < self.rank(invariant.get("outcome_at_least", scale[0])) or outcome > self.rank(invariant.get("outcome_at_most", scale[-1])):
            return True
        strengths: dict[Any, int] = {}
        for side, entry in answer.actions.items():
            for status, modality in ((entry.status, entry.modality), *entry.stronger):
                if status != "depends":
                    strengths[side] = max(strengths.get(side, 0), RANK[modality])
        for modality in REQUIRED:
            direction = "negative" if modality.endswith("_not") else "positive"
            for action in invariant.get(modality, ()):
                if not any(s[0] == action and s[2] == direction and rank >= RANK[modality] for s, rank in strengths.items()):
                    return True
        return any(self.given(item, strengths) for item in invariant.get("never", ()))


def _subsets(values: list[Any], least: int) -> list[tuple[Any, ...]]:
    return [chosen for size in range(least, len(values) + 1) for chosen in itertools.combinations(values, size)]


def _agrees(value: Any, told: Any) -> bool:
    if told is None:
        return True
    if isinstance(told, tuple):
        return bool((told[1] in value) == (told[0] == "in"))
    return bool(value == told if isinstance(told, frozenset) else value in told)


def _facts_in(condition: Any) -> set[str]:
    ((key, inner),) = condition.items()
    if key in ("all", "any"):
        return set().union(*map(_facts_in, inner))
    return _facts_in(inner) if key == "not" else set() if key == "always" else {key}


def loaded(data: list[dict[str, Any]], drawn: list[dict[str, Any]]) -> Stack | None:
    """Load a stack with invariants by number; None for the rare one that a check rejects."""
    try:
        return stack_of(with_invariants(data, {f"i{n}": one for n, one in enumerate(drawn)}))
    except PackError:
        return None


def agree(claim: Claim, broken: bool, invariant: dict[str, Any]) -> None:
    """Compare a claim with what trying every case says."""
    event(f"{claim.state} {next(iter(invariant))}")
    if claim.state == "undecided":
        assert "error of ours" not in claim.reason, claim.reason
        return
    assert (claim.state == "refuted") == broken, f"{invariant}: {claim.state} {claim.reason} {claim.witness}"


# --------------------------------------------------------------------------------------------------------------------- the tests


@given(st.data())
def test_complete_cases(data: st.DataObject) -> None:
    stack = data.draw(stacks(SMALL))
    plain = Oracle(stack)
    drawn = [data.draw(invariants(plain.policy.facts, ("whenever", "whenever", "always", "reachable"))) for _ in range(6)]
    loaded_stack = loaded(stack, drawn)
    if loaded_stack is None:
        return
    proof = invariant_claims(loaded_stack)
    # A condition of an invariant may split integers that no rule splits: a rule that never holds makes the reference split them too.
    oracle = Oracle(_splitting(stack, drawn))
    from tests.reference.cases import holds  # noqa: PLC0415

    for n, invariant in enumerate(drawn):
        if "reachable" in invariant:
            broken = oracle.rank(invariant["reachable"]) not in oracle.outcomes
        else:
            scope = invariant.get("whenever", {"always": True})
            inside = [i for i, case in enumerate(oracle.cases) if holds(oracle.policy, len(stack) - 1, scope, case)]
            broken = any(oracle.breaks(invariant, i) for i in inside)
            broken = broken or _advised_while_unsettled(stack, oracle, invariant, proof[f"i{n}"])
        assert proof[f"i{n}"].state != "undecided"
        agree(proof[f"i{n}"], broken, invariant)


def _advised_while_unsettled(stack: list[dict[str, Any]], oracle: Oracle, invariant: dict[str, Any], claim: Claim) -> bool:
    """Whether `when_unsettled` advises what is never to be advised: with nothing known, or with what the claim shows."""
    tried: list[dict[str, Any]] = [{}] if "always" in invariant and "never" in invariant else []
    if claim.witness is not None and "not settled" in claim.reason:
        tried.append(dict(claim.witness.facts))
    answers = [decide(stack, facts) for facts in tried if "never" in invariant]
    return any(not answer.settled and oracle.advice_breaks({"never": invariant["never"]}, answer) for answer in answers)


def _splitting(stack: list[dict[str, Any]], drawn: list[dict[str, Any]]) -> list[dict[str, Any]]:
    document = {"rules": {f"split-{n}": _idle(one["whenever"]) for n, one in enumerate(drawn) if "whenever" in one}}
    return [*stack[:-1], {**stack[-1], "rules/splitting.yaml": document}]


def _idle(condition: dict[str, Any]) -> dict[str, Any]:
    return {"title": "Never", "when": {"all": [condition, {"not": {"always": True}}]}, "because": "b", "cite": [], "actions": []}


@given(st.data())
def test_facts_that_must_not_matter(data: st.DataObject) -> None:
    stack = data.draw(stacks(SMALL))
    oracle = Oracle(stack)
    drawn = [data.draw(invariants(oracle.policy.facts, ("must_not_matter",))) for _ in range(4)]
    loaded_stack = loaded(stack, drawn)
    if loaded_stack is not None:
        proof = invariant_claims(loaded_stack)
        for n, invariant in enumerate(drawn):
            agree(proof[f"i{n}"], oracle.differ(invariant), invariant)


@given(st.data())
def test_partial_cases(data: st.DataObject) -> None:
    stack = data.draw(stacks(TINY))
    oracle = Oracle(stack)
    drawn = [data.draw(invariants(oracle.policy.facts, ("while_unknown",))) for _ in range(4)]
    loaded_stack = loaded(stack, drawn)
    if loaded_stack is not None:
        proof = invariant_claims(loaded_stack)
        for n, invariant in enumerate(drawn):
            agree(proof[f"i{n}"], oracle.partial(invariant), invariant)


@given(stacks(SMALL, layers=(1, 1, 2)))
def test_layers_that_only_strengthen_are_proved(stack: list[dict[str, Any]]) -> None:
    loaded_stack = loaded(stack, [])
    if loaded_stack is not None:
        found = claims_of(loaded_stack)
        states = {name: claim.state for name, claim in found.items() if claim.kind == "layer"}
        assert len(states) == 3
        assert set(states.values()) == {"proved"}, {name: claim.reason for name, claim in found.items()}


@given(st.data())
def test_rules_and_facts_that_never_count(data: st.DataObject) -> None:
    """A rule said to be redundant changes no complete case when it is taken out; a fact said never to matter makes no pair of cases differ."""
    stack = data.draw(stacks(SMALL))
    loaded_stack = loaded(stack, [])
    if loaded_stack is None:
        return
    claims = claims_of(loaded_stack)
    oracle = Oracle(stack)
    found = {finding.at: finding.code for name in ("every-rule-counts", "every-fact-matters") for finding in claims[name].findings}
    for at, code in found.items():
        event(code)
        if code == "SR713":
            assert not oracle.differ({"must_not_matter": [at]}), at
            continue
        for held, outcome, strengths in zip(oracle.held, oracle.outcomes, oracle.strengths, strict=True):
            rest = [rule for rule in held if rule.name != at]
            assert outcome_of(rest) == outcome
            if code == "SR711":
                assert strengths_of(oracle.policy, rest) == strengths
            if code == "SR601":
                assert len(rest) == len(held)


@settings(max_examples=40)
@given(st.data())
def test_z3_agrees(data: st.DataObject) -> None:
    pytest.importorskip("z3")
    stack = data.draw(stacks(SMALL))
    facts = complete_cases(stack)[0].facts
    drawn = [data.draw(invariants(facts, ("whenever", "always", "reachable", "must_not_matter"))) for _ in range(4)]
    loaded_stack = loaded(stack, drawn)
    if loaded_stack is None:
        return
    proof = invariant_claims(loaded_stack)
    for _, name, invariant in loaded_stack.invariants:
        if proof[name].state != "undecided" and not (invariant.never and loaded_stack.policy.when_unsettled.duties):
            assert broken_by(loaded_stack, invariant) == (proof[name].state == "refuted"), invariant


assert NOT_APPLICABLE
