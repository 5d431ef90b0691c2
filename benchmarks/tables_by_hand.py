"""The rules of a stack as somebody would write them by hand for a data frame or a database: one three-valued expression a rule.

Comes in: a Program. Goes out: polars expressions, or SQL, for the columns that `decide_table` gives. They know what three-valued logic knows: a rule
that several unknown facts settle together stays open. On complete facts they give the same answers as the engine; on partial ones safe bounds. What a
fact means where it does not apply is written in front, as by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any, cast

import polars as pl

from safeguarding_rules.deciding.program import Program
from safeguarding_rules.language.conditions import All, Always, AnyOf, Condition, Not, Test
from safeguarding_rules.language.facts import NOT_APPLICABLE, FactSpec, test_holds
from safeguarding_rules.linking.cases import holds_of
from safeguarding_rules.tabular.plan import duty_name

NONE = "(none)"
OPERATORS = {"is": "=", "is_not": "<>", "below": "<", "at_most": "<=", "at_least": ">=", "above": ">"}


def both(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """Three-valued *and*."""
    return one & other


def either(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """Three-valued *or*."""
    return one | other


def strengths_of(program: Program, slot: int) -> list[int]:
    """Every strength that something gives to a slot."""
    described = program.slots[slot]
    return sorted({strength for _, strength in (*described.rules, *described.standing)})


class Polars:
    """Polars expressions."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.specs = program.space.specs

    def decide(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The columns for a frame, in one query."""
        rules, policy = self.program.rules, self.program.policy
        asked = frame.lazy()
        for spec in self.specs.values():
            if spec.tied is not None:
                applies = self.condition(spec.tied)
                asked = asked.with_columns(self.unapplied(spec, applies, name) for name in self.names(spec))
        asked = asked.with_columns(self.condition(holds_of(policy.rules[rule.index])).alias(f"rule {rule.index}") for rule in rules)
        asked = asked.with_columns(
            least=self.highest(lambda held: held.fill_null(value=False)), most=self.highest(lambda held: held.fill_null(value=True))
        )
        asked = asked.with_columns(self.presumed(rule.index).alias(f"presumed {rule.index}") for rule in rules)
        waiting = pl.min_horizontal(pl.lit(policy.when_unsettled.outcome, pl.Int8), "most")
        taken = [pl.when(f"presumed {rule.index}").then(pl.lit(rule.rank, pl.Int8)) for rule in rules if rule.rank > 0]
        advised = pl.when(pl.col("least") == pl.col("most")).then("least").otherwise(pl.max_horizontal("least", waiting, *taken))
        scale = pl.Enum([outcome.name for outcome in policy.outcomes])
        duties = [(slot, strength) for slot in range(len(self.program.slots)) for strength in strengths_of(self.program, slot)]
        return (
            asked.with_columns(advice=advised)
            .select(
                outcome=pl.col("advice").cast(pl.UInt8),
                settled=pl.col("least") == pl.col("most"),
                firm=pl.col("advice") == pl.col("least"),
                least_outcome=pl.col("least").cast(pl.UInt8),
                most_outcome=pl.col("most").cast(pl.UInt8),
                met=pl.struct(pl.col(f"rule {rule.index}").fill_null(value=False).alias(policy.rules[rule.index].id) for rule in rules),
                presumed=pl.struct(pl.col(f"presumed {rule.index}").alias(policy.rules[rule.index].id) for rule in rules),
                applies=pl.struct(self.applies(slot, strength).alias(duty_name(self.program, slot, strength)) for slot, strength in duties),
            )
            .collect()
            .with_columns(pl.col(name).cat.to(scale) for name in ("outcome", "least_outcome", "most_outcome"))
        )

    @staticmethod
    def names(spec: FactSpec) -> list[str]:
        """The columns of a fact."""
        return [f"{spec.name}_includes_{value}" for value in spec.values] if spec.type == "choices" else [spec.name]

    def unapplied(self, spec: FactSpec, applies: pl.Expr, name: str) -> pl.Expr:
        """A column with what it means where the fact does not apply."""
        if spec.type in {"boolean", "choices"}:
            return (pl.col(name) & applies).alias(name)
        kind = pl.Enum([*spec.values, NONE]) if spec.type == "choice" else pl.Int32
        none = pl.lit(NONE if spec.type == "choice" else spec.low - 1, kind)
        return pl.when(~applies).then(none).otherwise(pl.col(name).cast(kind)).alias(name)

    def condition(self, condition: Condition) -> pl.Expr:
        """A condition in three-valued logic."""
        match condition:
            case Always():
                return pl.lit(value=True)
            case Not(member):
                return ~self.condition(member)
            case All(members):
                return reduce(both, [self.condition(member) for member in members])
            case AnyOf(members):
                return reduce(either, [self.condition(member) for member in members])
            case Test():
                return self.test(condition)
        raise TypeError(condition)

    def test(self, test: Test) -> pl.Expr:
        """One comparison."""
        spec = self.specs[test.fact]
        values = list(test.value) if isinstance(test.value, tuple) else [test.value]
        if spec.type == "choices":
            columns = [pl.col(f"{test.fact}_includes_{value}") for value in values]
            if test.op == "excludes":
                return ~columns[0]
            return reduce(either if test.op == "includes_any" else both, columns)
        column = pl.col(test.fact)
        if spec.type == "boolean":
            return column if (test.value is True) == (test.op == "is") else ~column
        held = self._compared(column, test.op, values)
        holds_unapplied = test_holds(test.op, test.value, NOT_APPLICABLE)
        if spec.tied is None or spec.type == "choice" or holds_unapplied or test.op not in {"below", "at_most"}:
            return held
        return held & (column >= spec.low)

    @staticmethod
    def _compared(column: pl.Expr, op: str, operands: Sequence[Any]) -> pl.Expr:
        values: list[pl.Expr] = [pl.lit(operand) for operand in operands]
        first = values[0]
        match op:
            case "is" | "one_of":
                return reduce(either, [column == value for value in values])
            case "is_not" | "none_of":
                return reduce(both, [column != value for value in values])
            case "below":
                return column < first
            case "at_most":
                return column <= first
            case "at_least":
                return column >= first
        return column > first

    def highest(self, settled: Any) -> pl.Expr:  # noqa: ANN401  a function of an expression
        """The most protective outcome among the rules that hold."""
        ranks = [
            pl.when(settled(pl.col(f"rule {rule.index}"))).then(pl.lit(rule.rank, pl.Int8)).otherwise(pl.lit(0, pl.Int8))
            for rule in self.program.rules
            if rule.rank > 0
        ]
        return pl.max_horizontal(pl.lit(0, pl.Int8), *ranks)

    def presumed(self, index: int) -> pl.Expr:
        """Whether a rule is open and presumed."""
        rule, written = self.program.rules[index], self.program.policy.rules[index]
        still_open = pl.col(f"rule {index}").is_null()
        if rule.presume == "presume_met":
            return still_open
        if rule.presume == "ask":
            return pl.lit(value=False)
        found = [self.condition(limb).fill_null(value=False) for limb in written.limbs]
        if written.unless is not None:
            found.append(self.condition(written.when).fill_null(value=False) & self.condition(written.unless).is_null())
        return still_open & reduce(either, found) if found else pl.lit(value=False)

    def given(self, slot: int, strength: int) -> pl.Expr:
        """Whether a slot is given at least a strength in every case, as far as single rules say."""
        described, found = self.program.slots[slot], []
        for index, given in described.rules:
            if given >= strength:
                found.append(pl.col(f"rule {index}").fill_null(value=False))
        for index, given in described.standing:
            entry = self.program.standing[index]
            if given >= strength:
                found.append(pl.col("most") == 0 if entry.first else pl.col("least") >= entry.rank if entry.rank else pl.lit(value=True))
        return reduce(either, found) if found else pl.lit(value=False)

    def applies(self, slot: int, strength: int) -> pl.Expr:
        """Whether exactly this strength applies."""
        stronger = [one for one in strengths_of(self.program, slot) if one > strength]
        found = self.given(slot, strength)
        if strength == 1 and slot in self.program.contested:
            found &= ~self.given(self.program.slots[slot].opposite, 1)
        return found & ~self.given(slot, stronger[0]) if stronger else found


class Sql:
    """The same as one query for duckdb, over a table `cases` whose columns have texts for choices."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.specs = program.space.specs

    def query(self) -> str:
        """The query."""
        program, rules = self.program, self.program.policy.rules
        steps = ["with facts0 as (select * from cases)"]
        count = 0
        for spec in self.specs.values():
            if spec.tied is not None:
                changed = [f"{self.unapplied(spec, name)} as {name}" for name in Polars.names(spec)]
                steps.append(f"facts{count + 1} as (select * replace ({', '.join(changed)}) from facts{count})")
                count += 1
        held = [f"{self.condition(holds_of(rule))} as rule{i}" for i, rule in enumerate(rules)]
        presumed = [f"{self.presumed(i)} as presumed{i}" for i in range(len(rules))]
        raising = [rule for rule in program.rules if rule.rank > 0]
        ranks = {
            name: ", ".join(f"case when coalesce(rule{rule.index}, {default}) then {rule.rank} else 0 end" for rule in raising)
            for name, default in (("least", "false"), ("most", "true"))
        }
        highest = ", ".join(f"greatest(0, {listed}) as {name}" for name, listed in ranks.items())
        taken = ", ".join(f"case when presumed{rule.index} then {rule.rank} else 0 end" for rule in program.rules if rule.rank > 0)
        steps += [f"held as (select *, {', '.join(held)} from facts{count})", f"judged as (select *, {', '.join(presumed)}, {highest} from held)"]
        waiting = f"least(most, {program.policy.when_unsettled.outcome})"
        steps.append(f"advised as (select *, case when least = most then least else greatest(least, {waiting}, {taken}) end as advice from judged)")
        names = "[" + ", ".join(f"'{outcome.name}'" for outcome in program.policy.outcomes) + "]"
        duties = [(slot, strength) for slot in range(len(program.slots)) for strength in strengths_of(program, slot)]
        met = ", ".join(f'"{rule.id}": coalesce(rule{i}, false)' for i, rule in enumerate(rules))
        taken = ", ".join(f'"{rule.id}": presumed{i}' for i, rule in enumerate(rules))
        applies = ", ".join(f'"{duty_name(program, *duty)}": {self.applies(*duty)}' for duty in duties)
        outcomes = {"advice": "outcome", "least": "least_outcome", "most": "most_outcome"}
        columns = [f"{names}[{column} + 1] as {name}" for column, name in outcomes.items()]
        columns += ["least = most as settled", "advice = least as firm", f"{{{met}}} as met", f"{{{taken}}} as presumed", f"{{{applies}}} as applies"]
        return ",\n".join(steps) + f"\nselect {', '.join(columns)} from advised"

    def unapplied(self, spec: FactSpec, name: str) -> str:
        """A column with what it means where the fact does not apply."""
        applies = self.condition(cast(Condition, spec.tied))
        if spec.type in {"boolean", "choices"}:
            return f"({name} and {applies})"
        none = f"'{NONE}'" if spec.type == "choice" else str(spec.low - 1)
        return f"case when not {applies} then {none} else {name} end"

    def condition(self, condition: Condition) -> str:
        """A condition; SQL's logic is three-valued."""
        match condition:
            case Always():
                return "true"
            case Not(member):
                return f"(not {self.condition(member)})"
            case All(members) | AnyOf(members):
                word = " and " if isinstance(condition, All) else " or "
                return f"({word.join(self.condition(member) for member in members)})"
            case Test():
                return self.test(condition)
        raise TypeError(condition)

    def test(self, test: Test) -> str:
        """One comparison."""
        spec = self.specs[test.fact]
        values = list(test.value) if isinstance(test.value, tuple) else [test.value]
        if spec.type == "choices":
            columns = [f"{test.fact}_includes_{value}" for value in values]
            return f"(not {columns[0]})" if test.op == "excludes" else f"({(' or ' if test.op == 'includes_any' else ' and ').join(columns)})"
        if spec.type == "boolean":
            return test.fact if (test.value is True) == (test.op == "is") else f"(not {test.fact})"
        shown = [f"'{value}'" if isinstance(value, str) else str(value) for value in values]
        if test.op in {"one_of", "none_of"}:
            return f"({test.fact} {'not ' if test.op == 'none_of' else ''}in ({', '.join(shown)}))"
        held = f"({test.fact} {OPERATORS[test.op]} {shown[0]})"
        return f"({held} and {test.fact} >= {spec.low})" if spec.tied is not None and test.op in {"below", "at_most"} else held

    def presumed(self, index: int) -> str:
        """Whether a rule is open and presumed."""
        rule, written = self.program.rules[index], self.program.policy.rules[index]
        if rule.presume != "presume_if_partly_met":
            return f"(rule{index} is null)" if rule.presume == "presume_met" else "false"
        found = [f"coalesce({self.condition(limb)}, false)" for limb in written.limbs]
        if written.unless is not None:
            found.append(f"(coalesce({self.condition(written.when)}, false) and {self.condition(written.unless)} is null)")
        return f"(rule{index} is null and ({' or '.join(found)}))" if found else "false"

    def given(self, slot: int, strength: int) -> str:
        """Whether a slot is given at least a strength."""
        described = self.program.slots[slot]
        found = [f"coalesce(rule{index}, false)" for index, given in described.rules if given >= strength]
        for index, given in described.standing:
            entry = self.program.standing[index]
            if given >= strength:
                found.append("most = 0" if entry.first else f"least >= {entry.rank}" if entry.rank else "true")
        return f"({' or '.join(found)})" if found else "false"

    def applies(self, slot: int, strength: int) -> str:
        """Whether exactly this strength applies."""
        stronger = [one for one in strengths_of(self.program, slot) if one > strength]
        found = self.given(slot, strength)
        if strength == 1 and slot in self.program.contested:
            found = f"({found} and not {self.given(self.program.slots[slot].opposite, 1)})"
        return f"({found} and not {self.given(slot, stronger[0])})" if stronger else found
