"""A stack as a z3 formula: a second opinion that never enumerates.

It shares the reading of documents with the reference, and nothing with the package. A fact that may not apply has no value of its own for *not
applicable*: an ordinary test is conjoined with its `applies_when`, `is_not` and `none_of` are disjoined with the opposite. That serves facts tied to
their condition and masked facts of layers alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import z3

from tests.reference.interpreter import NAME, RANK, Side
from tests.reference.stack import Fact, Policy, read_policy

if TYPE_CHECKING:
    from tests.reference.stack import Given, Rule, Stack

ORDER = {
    "below": lambda value, wanted: value < wanted,
    "at_most": lambda value, wanted: value <= wanted,
    "at_least": lambda value, wanted: value >= wanted,
    "above": lambda value, wanted: value > wanted,
}


class Encoding:
    """The variables and formulas of one stack, and a solver that holds what every complete case obeys."""

    def __init__(self, stack: Stack, on: str | None = None) -> None:
        self.policy: Policy = read_policy(stack, on)
        self.variables = {name: self._variable(fact) for name, fact in self.policy.facts.items()}
        self.solver = z3.Solver()
        for fact in self.policy.facts.values():
            self._declare(fact)
        for pack, if_, then in self.policy.implications:
            self.solver.add(z3.Implies(self.condition(pack, if_, raw=True), self.condition(pack, then, raw=True)))
        self.rules = {name: self._rule(rule) for name, rule in self.policy.rules.items()}
        self.at_least = [self._at_least(k) for k in range(len(self.policy.scale))]
        self.strengths = self._strengths()

    def _variable(self, fact: Fact) -> Any:
        if fact.type == "boolean":
            return z3.Bool(fact.name)
        if fact.type == "choices":
            return {value: z3.Bool(f"{fact.name}:{value}") for value in fact.declaration["values"]}
        return z3.Int(fact.name)

    def _declare(self, fact: Fact) -> None:
        variable = self.variables[fact.name]
        if fact.type == "integer":
            self.solver.add(variable >= fact.declaration["at_least"], variable <= fact.declaration["at_most"])
        elif fact.type == "choice":
            self.solver.add(variable >= 0, variable < len(fact.declaration["values"]))
        elif self.applies(fact) is not None and fact.name not in self.policy.masked:
            for one in [variable] if fact.type == "boolean" else variable.values():
                self.solver.add(z3.Implies(one, self.applies(fact)))

    def applies(self, fact: Fact) -> Any:
        """Give the formula under which a fact applies, or None where it always does."""
        return None if fact.applies_when is None else self.condition(fact.pack, fact.applies_when)

    def condition(self, pack: int, condition: Any, *, raw: bool = False) -> Any:
        """Encode a condition written in a pack."""
        ((key, inner),) = condition.items()
        if key == "always":
            return z3.BoolVal(val=True)
        if key in {"all", "any"}:
            parts = [self.condition(pack, part, raw=raw) for part in inner]
            return z3.And(parts) if key == "all" else z3.Or(parts)
        if key == "not":
            return z3.Not(self.condition(pack, inner, raw=raw))
        if key == "defined":
            return self.condition(pack, self.policy.definitions[pack, inner], raw=raw)
        return self.test(self.policy.facts[key], inner, raw=raw)

    def test(self, fact: Fact, test: Any, *, raw: bool = False) -> Any:
        """Encode one test of a fact; `raw` looks past the mask of a layer's fact."""
        name, wanted = next(iter(test.items())) if isinstance(test, dict) else ("one_of", [test])
        if name in {"is_not", "none_of"}:
            return z3.Not(self.test(fact, {"one_of": wanted if name == "none_of" else [wanted]}, raw=raw))
        if name == "excludes":
            return z3.Not(self.test(fact, {"includes": wanted}, raw=raw))
        variable = self.variables[fact.name]
        if name == "includes":
            formula = variable[wanted]
        elif name in {"includes_any", "includes_all"}:
            formula = (z3.Or if name == "includes_any" else z3.And)([variable[one] for one in wanted])
        elif name in ORDER:
            formula = ORDER[name](variable, wanted)
        else:
            formula = z3.Or([self._equals(fact, variable, one) for one in wanted])
        masked = fact.name in self.policy.masked
        if fact.applies_when is None or (masked and raw):
            return formula
        if fact.type in {"boolean", "choices"}:
            return self._without_meaning(fact, formula, variable) if masked else formula
        return z3.And(formula, self.applies(fact))

    def _equals(self, fact: Fact, variable: Any, value: Any) -> Any:
        if fact.type == "boolean":
            return variable == z3.BoolVal(val=value)
        return variable == (value if fact.type == "integer" else list(fact.declaration["values"]).index(value))

    def _without_meaning(self, fact: Fact, formula: Any, variable: Any) -> Any:
        """Encode a test of a masked boolean or choices fact: where it does not apply, every part of it counts as false."""
        parts = [variable] if fact.type == "boolean" else list(variable.values())
        return z3.substitute(formula, *[(one, z3.And(one, self.applies(fact))) for one in parts])

    def known(self, name: str, known: Any) -> Any:
        """Encode what is known of a fact."""
        fact = self.policy.facts[name]
        if known is None:
            return z3.BoolVal(val=True)
        if isinstance(known, list):
            return z3.And([self.variables[name][one] for one in known])
        if isinstance(known, dict) and "only" in known:
            return z3.And([variable == z3.BoolVal(val=value in known["only"]) for value, variable in self.variables[name].items()])
        return self.test(fact, known, raw=True)

    def does_not_apply(self, name: str) -> Any:
        """Encode that a fact does not apply."""
        fact = self.policy.facts[name]
        return z3.Not(self.condition(fact.pack, fact.applies_when))

    # ---------------------------------------------------------------------------------------------------------------- answers

    def _rule(self, rule: Rule) -> Any:
        given, when, unless = (self.condition(rule.pack, condition) for condition in (rule.given, rule.when, rule.unless))
        return z3.And(given, when, z3.Not(unless))

    def _at_least(self, level: int) -> Any:
        if level == 0:
            return z3.BoolVal(val=True)
        return z3.Or([self.rules[name] for name, rule in self.policy.rules.items() if rule.outcome is not None and rule.outcome >= level])

    def outcome_is(self, level: int) -> Any:
        """Encode that the outcome is this one."""
        above = [z3.Not(self.at_least[level + 1])] if level + 1 < len(self.at_least) else []
        return z3.And(self.at_least[level], *above)

    def _strengths(self) -> dict[Side, dict[int, Any]]:
        """Encode, per side of each (action, by) and rank, that it is given at least so strongly."""
        givers: list[tuple[Any, list[Given]]] = [(self.rules[name], rule.gives) for name, rule in self.policy.rules.items()]
        for kind, level, items in self.policy.standing:
            givers.append((self.outcome_is(level) if kind == "when_outcome" else self.at_least[level], items))
        found: dict[Side, dict[int, list[Any]]] = {}
        for formula, items in givers:
            for action, by, modality in items:
                direction = "negative" if modality.endswith("_not") else "positive"
                for rank in NAME[direction]:
                    if RANK[modality] >= rank:
                        found.setdefault((action, by, direction), {}).setdefault(rank, []).append(formula)
        strengths = {side: {rank: z3.Or(formulas) for rank, formulas in ranks.items()} for side, ranks in found.items()}
        for (action, by, side), ranks in strengths.items():
            forbidden = strengths.get((action, by, "negative"))
            if side == "positive" and forbidden and RANK["may"] in ranks:  # a prohibition outranks `may`
                stronger = ranks.get(RANK["should"], z3.BoolVal(val=False))
                ranks[RANK["may"]] = z3.Or(stronger, z3.And(ranks[RANK["may"]], z3.Not(forbidden[RANK["should_not"]])))
        return strengths

    def can(self, formula: Any) -> bool:
        """Tell whether a formula holds in some case of C(F)."""
        answer = self.solver.check(formula)
        assert answer != z3.unknown
        return bool(answer == z3.sat)

    def status(self, formula: Any) -> str:
        """Tell whether a formula holds in every case of C(F), in none, or is open."""
        if not self.can(formula):
            return "not_met"
        return "open" if self.can(z3.Not(formula)) else "met"
