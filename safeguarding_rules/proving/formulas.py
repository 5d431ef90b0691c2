"""A Policy as formulas for the z3 solver, over the facts of one case.

Comes in: a Policy, and what an invariant claims. Goes out: formulas. Must not know: the terms, boxes and searches of `worlds` and `proving`, of which
z3 is to be independent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from safeguarding_rules.language.conditions import All, Always, AnyOf, Condition, Not, Test, tests_of
from safeguarding_rules.language.expectations import Invariant
from safeguarding_rules.language.facts import FactSpec
from safeguarding_rules.linking.cases import holds_of
from safeguarding_rules.linking.policy import PROHIBITIONS, STRENGTH, Policy

NOT_APPLICABLE = -1_000_000
REQUIRED = ("must", "should", "must_not", "should_not")

_ORDER: Mapping[str, Callable[[Any, Any], Any]] = {
    "below": lambda a, b: a < b,
    "at_most": lambda a, b: a <= b,
    "at_least": lambda a, b: a >= b,
    "above": lambda a, b: a > b,
}


@dataclass
class Formulas:
    """A Policy as formulas over the facts of one case; `mark` keeps the names of two cases apart."""

    policy: Policy
    mark: str
    variables: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Declare the facts and write down the rules."""
        import z3  # noqa: PLC0415

        self.z3: Any = z3
        self.specs = {info.spec.name: info.spec for info in self.policy.facts}
        self.ranks = {outcome.name: rank for rank, outcome in enumerate(self.policy.outcomes)}
        for name, spec in self.specs.items():
            self.variables[name] = self.variable(spec)
        self.rules = [(rule, self.holds(holds_of(rule))) for rule in self.policy.rules]

    def variable(self, spec: FactSpec) -> Any:  # noqa: ANN401  z3 has no types
        """The variable of a fact: of a `choices` fact one for each value."""
        if spec.type == "boolean":
            return self.z3.Bool(spec.name + self.mark)
        if spec.type == "choices":
            return {value: self.z3.Bool(f"{spec.name}:{value}{self.mark}") for value in spec.values}
        return self.z3.Int(spec.name + self.mark)

    def possible(self) -> Any:  # noqa: ANN401
        """What holds in every possible case: domains, what facts apply to, implications."""
        z3 = self.z3
        found = []
        for name, spec in self.specs.items():
            variable = self.variables[name]
            applies = None if spec.tied is None else self.holds(spec.tied)
            if spec.type in ("integer", "choice"):
                low, high = (spec.low, spec.high) if spec.type == "integer" else (0, len(spec.values) - 1)
                inside = z3.And(variable >= low, variable <= high)
                found.append(inside if applies is None else z3.If(applies, inside, variable == NOT_APPLICABLE))
            elif applies is not None:
                found += [z3.Implies(one, applies) for one in ([variable] if spec.type == "boolean" else variable.values())]
        found += [z3.Implies(self.holds(one.condition), self.holds(one.consequence)) for one in self.policy.implications]
        return z3.And(found)

    def holds(self, condition: Condition) -> Any:  # noqa: ANN401
        """A condition."""
        match condition:
            case Test():
                return self.test(condition)
            case Always():
                return self.z3.BoolVal(val=True)
            case Not(member):
                return self.z3.Not(self.holds(member))
            case All(members):
                return self.z3.And([self.holds(member) for member in members])
            case AnyOf(members):
                return self.z3.Or([self.holds(member) for member in members])
            case _:
                raise TypeError(condition)

    def test(self, test: Test) -> Any:  # noqa: ANN401
        """One test."""
        z3, variable, spec = self.z3, self.variables[test.fact], self.specs[test.fact]
        values = test.value if isinstance(test.value, tuple) else (test.value,)
        if spec.type == "choices":
            included = [variable[value] for value in values]
            return {"excludes": z3.Not(included[0]), "includes_any": z3.Or(included)}.get(test.op, z3.And(included))
        if test.op in _ORDER:
            return z3.And(variable != NOT_APPLICABLE, _ORDER[test.op](variable, test.value))
        equal = z3.Or([self.equals(spec, variable, value) for value in values])
        return z3.Not(equal) if test.op in ("is_not", "none_of") else equal

    def equals(self, spec: FactSpec, variable: Any, value: Any) -> Any:  # noqa: ANN401
        """That a fact has a value."""
        if spec.type == "boolean":
            return variable == self.z3.BoolVal(val=bool(value))
        return variable == (value if spec.type == "integer" else spec.values.index(value))

    # -- outcomes and duties --------------------------------------------------------------------------------------------------------

    def at_least(self, rank: int) -> Any:  # noqa: ANN401
        """That the outcome is at least a rank."""
        return (
            self.z3.BoolVal(val=True) if rank <= 0 else self.z3.Or([f for rule, f in self.rules if rule.outcome is not None and rule.outcome >= rank])
        )

    def given(self, action: str, by: str | None, strength: int, *, forbids: bool) -> Any:  # noqa: ANN401
        """That an action is given at least so strongly, on one side; a `may` counts for nothing beside a prohibition."""
        z3 = self.z3
        givers = [(rule.duties, formula) for rule, formula in self.rules]
        for entry in self.policy.standing:
            held = z3.Not(self.at_least(1)) if entry.kind == "first" else self.at_least(entry.outcome if entry.kind == "at_least" else 0)
            givers.append((entry.duties, held))
        found = []
        for duties, formula in givers:
            for duty in duties:
                if (
                    duty.action == action
                    and by in (None, duty.by)
                    and (duty.modality in PROHIBITIONS) == forbids
                    and STRENGTH[duty.modality] >= strength
                ):
                    outranked = STRENGTH[duty.modality] == 1
                    found.append(z3.And(formula, z3.Not(self.given(action, duty.by, 2, forbids=True))) if outranked else formula)
        return z3.Or(found)

    def breaks(self, invariant: Invariant) -> Any:  # noqa: ANN401
        """That a case breaks one of the claims of an invariant; for `reachable`, that it ends there."""
        return self.z3.Or([formula for _, formula in self.breaches(invariant)])

    def breaches(self, invariant: Invariant) -> Iterator[tuple[Invariant, Any]]:
        """Yield each claim of an invariant by itself, and that a case breaks it; for `reachable`, that it ends there."""
        z3 = self.z3
        alone = invariant.model_copy(update=dict.fromkeys(("outcome_at_least", "outcome_at_most", "never", *REQUIRED)))
        if invariant.reachable is not None:
            rank = self.ranks[invariant.reachable]
            yield alone, z3.And(self.at_least(rank), z3.Not(self.at_least(rank + 1)))
        if (least := invariant.outcome_at_least) is not None:
            yield alone.model_copy(update={"outcome_at_least": least}), z3.Not(self.at_least(self.ranks[least]))
        if (most := invariant.outcome_at_most) is not None:
            yield alone.model_copy(update={"outcome_at_most": most}), self.at_least(self.ranks[most] + 1)
        for modality in REQUIRED:
            for action in getattr(invariant, modality) or ():
                given = self.given(action, None, STRENGTH[modality], forbids=modality in PROHIBITIONS)
                yield alone.model_copy(update={modality: (action,)}), z3.Not(given)
        for item in invariant.never or ():
            given = self.given(item.action, item.by, STRENGTH[item.modality], forbids=item.modality in PROHIBITIONS)
            yield alone.model_copy(update={"never": (item,)}), given

    def facts_of(self, model: Any) -> dict[str, Any]:  # noqa: ANN401
        """The facts of the case of a model, as a caller would give them; a fact that does not apply is left out."""
        found: dict[str, Any] = {}
        for name, spec in self.specs.items():
            variable = self.variables[name]
            if spec.type == "choices":
                found[name] = {"only": [value for value, one in variable.items() if self.z3.is_true(model.eval(one, model_completion=True))]}
            elif spec.type == "boolean":
                found[name] = bool(self.z3.is_true(model.eval(variable, model_completion=True)))
            elif (number := model.eval(variable, model_completion=True).as_long()) != NOT_APPLICABLE:
                found[name] = spec.values[number] if spec.type == "choice" else number
        return found

    def alike(self, other: Formulas, names: tuple[str, ...]) -> Any:  # noqa: ANN401
        """That two cases are alike but for some facts, and for facts tied to these that apply in one of the two only."""
        z3 = self.z3
        changing: set[str] = set(names)
        while more := {
            n for n, s in self.specs.items() if n not in changing and s.tied is not None and {t.fact for t in tests_of(s.tied)} & changing
        }:
            changing |= more
        found = []
        for name, spec in self.specs.items():
            if name in names:
                continue
            one, two = self.variables[name], other.variables[name]
            same = z3.And([one[v] == two[v] for v in spec.values]) if spec.type == "choices" else one == two
            if name in changing and spec.tied is not None:
                same = z3.Or(same, self.holds(spec.tied) != other.holds(spec.tied))
            found.append(same)
        return z3.And(found)

    def differs(self, other: Formulas, excepted: frozenset[str]) -> Any:  # noqa: ANN401
        """That two cases differ in outcome, or in a duty but for the excepted actions."""
        z3 = self.z3
        found = [self.at_least(rank) != other.at_least(rank) for rank in range(1, len(self.policy.outcomes))]
        given = [*(rule.duties for rule in self.policy.rules), *(entry.duties for entry in self.policy.standing)]
        duties = {d for some in given for d in some if d.action not in excepted}
        for action, by, forbids in sorted({(d.action, d.by, d.modality in PROHIBITIONS) for d in duties}):
            levels = (2, 3) if forbids else (1, 2, 3)
            found += [self.given(action, by, level, forbids=forbids) != other.given(action, by, level, forbids=forbids) for level in levels]
        return z3.Or(found)
