"""A second opinion: derives the outcome of an explanation again, from the explanation and the policy alone.

Comes in: an explanation, a Policy. Goes out: where the two disagree; nothing if the explanation holds. Promised: it never asks the evaluator.
It reads conditions as trees over the values that are left for each fact, as true, false or undecided, and splits into cases where that does not
settle it (docs/reference/semantics.md). Must not know: Programs, diagrams, terms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from safeguarding_rules.explaining.document import ExplanationDocument, FactWords, RuleWords
from safeguarding_rules.language.conditions import All, Always, AnyOf, Condition, Not, Test, tests_of
from safeguarding_rules.language.facts import NOT_APPLICABLE, FactSpec, Value, test_holds
from safeguarding_rules.language.known import known_members
from safeguarding_rules.linking.policy import Policy, PolicyRule

Kind = Literal[
    "fact_not_given",
    "rule_unknown",
    "rule_too_mild",
    "rule_not_forced",
    "no_rule",
    "advice",
    "settled",
    "firm",
    "not_met",
    "not_open",
    "not_presumed",
    "no_contradiction",
    "statement_unknown",
]
Atom = tuple[str, str | None]
Cases = Mapping[Atom, tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What does not follow, and the rule, fact or outcome it is about."""

    kind: Kind
    name: str


def check(explanation: ExplanationDocument, policy: Policy) -> tuple[Disagreement, ...]:
    """Where an explanation does not follow from its facts and the policy."""
    return tuple(dict.fromkeys(_Checker(explanation, policy).disagreements()))


class _Checker:
    def __init__(self, explanation: ExplanationDocument, policy: Policy) -> None:
        self._e = explanation
        self._policy = policy
        self._rules = {rule.id: rule for rule in policy.rules}
        self._specs = {info.spec.name: info.spec for info in policy.facts}
        self._laws = [*_ties(policy), *(AnyOf((Not(i.condition), i.consequence)) for i in policy.implications)]
        self._domains = _domains(policy, explanation)

    def disagreements(self) -> Iterator[Disagreement]:
        """Everything that does not follow."""
        for ground in self._e.grounds:
            yield from (Disagreement("statement_unknown", s) for s in ground.statements if s not in self._policy.statements)
        if self._e.contradictions:
            for conflict in self._e.contradictions:
                if self._case(conflict, []):
                    yield Disagreement("no_contradiction", conflict[0].fact)
            return
        yield from self._least()
        yield from self._advice()
        for rule in self._e.rules:
            yield from self._status(rule)

    # -- the outcome --------------------------------------------------------------------------------------------------------------------

    def _least(self) -> Iterator[Disagreement]:
        """The named facts and rules give at least the least possible outcome."""
        because, least = self._e.because, self._e.possible[0]
        given = {fact.fact: fact.value for fact in self._e.facts}
        for fact in because.facts:
            if fact.fact not in given or given[fact.fact] != fact.value:
                yield Disagreement("fact_not_given", fact.fact)
        if least.rank == 0:
            return
        named = [self._rules[name] for name in because.rules if name in self._rules]
        yield from (Disagreement("rule_unknown", name) for name in because.rules if name not in self._rules)
        yield from (Disagreement("rule_too_mild", rule.id) for rule in named if (rule.outcome or 0) < least.rank)
        if not named:
            yield Disagreement("no_rule", least.name)
        elif because.together:
            if self._case(because.facts, [Not(_holds(rule)) for rule in named]):
                yield Disagreement("rule_not_forced", least.name)
        else:
            for rule in named:
                if self._case(because.facts, [Not(_holds(rule))]):
                    yield Disagreement("rule_not_forced", rule.id)

    def _advice(self) -> Iterator[Disagreement]:
        """The advice follows from the possible outcomes and the presumed rules."""
        e = self._e
        least, greatest = e.possible[0].rank, e.possible[-1].rank
        presumed = [self._rules[r.rule].outcome or 0 for r in e.rules_that_are("presumed") if r.rule in self._rules]
        unsettled = max([least, min(self._policy.when_unsettled.outcome, greatest), *presumed])
        advice = least if e.settled else unsettled if e.exact else greatest
        if self._policy.outcomes[advice].name != e.outcome.name:
            yield Disagreement("advice", e.outcome.name)
        if e.settled != (e.exact and least == greatest):
            yield Disagreement("settled", e.outcome.name)
        if e.firm != (e.outcome.rank == least):
            yield Disagreement("firm", e.outcome.name)

    # -- rules --------------------------------------------------------------------------------------------------------------------------

    def _status(self, words: RuleWords) -> Iterator[Disagreement]:
        rule = self._rules.get(words.rule)
        if rule is None:
            yield Disagreement("rule_unknown", words.rule)
        elif words.status == "met":
            if self._case(self._e.facts, [Not(_holds(rule))]):
                yield Disagreement("not_met", rule.id)
        else:
            if not (self._case(self._e.facts, [_holds(rule)]) and self._case(self._e.facts, [Not(_holds(rule))])):
                yield Disagreement("not_open", rule.id)
            if words.status == "presumed" and not self._presumed(words, rule):
                yield Disagreement("not_presumed", rule.id)

    def _presumed(self, words: RuleWords, rule: PolicyRule) -> bool:
        """Whether the reason given for presuming a rule is one."""
        if words.presumed == "until_known":
            return rule.if_unknown == "presume_met"
        if rule.if_unknown != "presume_if_partly_met":
            return False
        shown = [limb.known for limb in words.limbs if limb.status == "met"]
        wanted = rule.limbs if words.presumed == "partly_met" else (rule.when,)
        return bool(shown) and all(any(not self._case(known, [Not(limb)]) for limb in wanted) for known in shown)

    # -- cases --------------------------------------------------------------------------------------------------------------------------

    def _case(self, known: Sequence[FactWords], wanted: Sequence[Condition]) -> bool:
        """Whether some complete case agrees with the known facts and makes every condition hold."""
        cases = dict(self._domains)
        for fact in known:
            _restrict(cases, self._specs[fact.fact], fact.value)
        return all(cases.values()) and _some([*wanted, *self._laws], cases)


def _holds(rule: PolicyRule) -> Condition:
    parts = [rule.when, *([rule.given] if rule.given is not None else []), *([Not(rule.unless)] if rule.unless is not None else [])]
    return All(tuple(parts))


def _some(conditions: Sequence[Condition], cases: Cases) -> bool:
    """Whether every condition holds in some case: splits the first undecided condition's first undecided fact."""
    undecided = []
    for condition in conditions:
        held = _truth(condition, cases)
        if held is False:
            return False
        if held is None:
            undecided.append(condition)
    if not undecided:
        return True
    atom = next(atom for test in tests_of(undecided[0]) for atom in _atoms(test) if len(cases[atom]) > 1)
    return any(_some(undecided, {**cases, atom: (value,)}) for value in cases[atom])


def _truth(condition: Condition, cases: Cases) -> bool | None:
    """True or false where that is so in every case that is left, else None (undecided; possibly the same in every case all the same)."""
    match condition:
        case Test():
            return _test(condition, cases)
        case Always():
            return True
        case Not(member):
            held = _truth(member, cases)
            return None if held is None else not held
        case All(members):
            return _all(_truth(member, cases) for member in members)
        case AnyOf(members):
            held = _all(None if (one := _truth(member, cases)) is None else not one for member in members)
            return None if held is None else not held
        case _:
            raise TypeError(condition)


def _all(members: Iterable[bool | None]) -> bool | None:
    found = list(members)
    return False if False in found else None if None in found else True


def _test(test: Test, cases: Cases) -> bool | None:
    atoms = list(_atoms(test))
    if atoms[0][1] is None:
        held = {test_holds(test.op, test.value, value) for value in cases[atoms[0]]}
        return held.pop() if len(held) == 1 else None
    included = [cases[atom][0] is True if len(cases[atom]) == 1 else None for atom in atoms]
    if test.op == "excludes":
        included = [None if one is None else not one for one in included]
    if test.op == "includes_any":
        held_any = _all(None if one is None else not one for one in included)
        return None if held_any is None else not held_any
    return _all(included)


def _atoms(test: Test) -> Iterator[Atom]:
    if test.op in ("includes", "includes_any", "includes_all", "excludes"):
        yield from ((test.fact, str(value)) for value in (test.value if isinstance(test.value, tuple) else (test.value,)))
    else:
        yield test.fact, None


# -- what values there are ------------------------------------------------------------------------------------------------------------------


def _ties(policy: Policy) -> Iterator[Condition]:
    """A fact that applies only under a condition: elsewhere it is false, or not applicable."""
    for spec in (info.spec for info in policy.facts):
        if spec.tied is None:
            continue
        if spec.type == "boolean":
            yield AnyOf((Test(spec.name, "is", value=False), spec.tied))
        elif spec.type == "choices":
            yield from (AnyOf((Test(spec.name, "excludes", value), spec.tied)) for value in spec.values)
        else:
            applies = Test(spec.name, "one_of", spec.values) if spec.type == "choice" else Test(spec.name, "at_least", spec.low)
            yield AnyOf((Not(applies), spec.tied))
            yield AnyOf((applies, Not(spec.tied)))


def _domains(policy: Policy, explanation: ExplanationDocument) -> dict[Atom, tuple[Value, ...]]:
    """Every fact's values; of an integer, numbers on both sides of every number anything compares with."""
    cuts: dict[str, set[int]] = {}
    for test in _every_test(policy):
        _cut(cuts, test.fact, test.value)
    for fact in explanation.facts:
        _cut(cuts, fact.fact, next(iter(fact.value.values())) if isinstance(fact.value, Mapping) else fact.value)
    found: dict[Atom, tuple[Value, ...]] = {}
    for spec in (info.spec for info in policy.facts):
        extra = () if spec.tied is None else (NOT_APPLICABLE,)
        if spec.type == "boolean":
            found[spec.name, None] = (False, True)
        elif spec.type == "choice":
            found[spec.name, None] = (*spec.values, *extra)
        elif spec.type == "integer":
            near = {spec.low, spec.high} | {number + step for number in cuts.get(spec.name, ()) for step in (-1, 0, 1)}
            found[spec.name, None] = (*sorted(n for n in near if spec.low <= n <= spec.high), *extra)
        else:
            found.update({(spec.name, value): (False, True) for value in spec.values})
    return found


def _every_test(policy: Policy) -> Iterator[Test]:
    for rule in policy.rules:
        yield from tests_of(_holds(rule))
    for implication in policy.implications:
        yield from tests_of(All((implication.condition, implication.consequence)))
    for info in policy.facts:
        if info.spec.tied is not None:
            yield from tests_of(info.spec.tied)


def _cut(cuts: dict[str, set[int]], fact: str, value: object) -> None:
    numbers = value if isinstance(value, list | tuple) else (value,)
    cuts.setdefault(fact, set()).update(n for n in numbers if isinstance(n, int))


def _restrict(cases: dict[Atom, tuple[Value, ...]], spec: FactSpec, value: object) -> None:
    """Leave the values of a fact that agree with what is known of it."""
    if spec.type == "choices":
        for member, included in known_members(spec, value).items():
            cases[spec.name, member] = tuple(v for v in cases[spec.name, member] if v is included)
        return
    if isinstance(value, Mapping):
        ((op, operand),) = value.items()
    else:
        op, operand = "is", value
    atom = (spec.name, None)
    cases[atom] = tuple(v for v in cases[atom] if test_holds(op, cast("Value", operand), v))
