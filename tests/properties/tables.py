"""Tables of cases: facts as columns, and the row of answers that one decision of the engine, or of the reference, comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from tests.reference.cases import NOT_APPLICABLE
from tests.reference.interpreter import Answer

if TYPE_CHECKING:
    import random

    from safeguarding_rules import Decision, Engine
    from safeguarding_rules.deciding.program import Program

Facts = dict[str, Any]
KINDS: dict[str, Any] = {"boolean": pl.Boolean, "integer": pl.Int64, "choice": pl.String, "choices": pl.List(pl.String)}


def as_columns(program: Program, facts: Facts) -> Facts:
    """The facts of one case as the cells of a row: `{only: [..]}` as one column a value."""
    cells: Facts = {}
    for name, value in facts.items():
        if isinstance(value, dict):
            spec = program.space.specs[name]
            cells |= {f"{name}_includes_{one}": one in value["only"] for one in spec.values}
        else:
            cells[name] = value
    return cells


def table_of(program: Program, cases: list[Facts]) -> pl.DataFrame:
    """A polars table of cases. A `choices` fact must be given the same way in all of them."""
    rows = [as_columns(program, facts) for facts in cases]
    named = {name for row in rows for name in row} or set(list(program.space.specs)[:1])
    schema = {name: KINDS[program.space.specs[name].type] if name in program.space.specs else pl.Boolean for name in sorted(named)}
    return pl.DataFrame({name: pl.Series([row.get(name) for row in rows], dtype=kind) for name, kind in schema.items()})


def answers_of(row: Facts) -> Facts:
    """What a row of the answers says, with `lists`."""
    return {
        "outcome": row["outcome"],
        "settled": row["settled"],
        "firm": row["firm"],
        "least": row["least_outcome"],
        "most": row["most_outcome"],
        "possible": row["possible_outcomes"],
        "contradicts": row["contradicts"],
        "exact": row["exact"],
        "met": {name for name, here in row["met"].items() if here},
        "presumed": {name for name, here in row["presumed"].items() if here},
        "listed": (set(row["met_rules"]), set(row["presumed_rules"]), set(row["open_rules"])),
        "applies": {name for name, here in row["applies"].items() if here},
        "applying": set(row["applying_actions"]),
    }


def expected_of(decision: Decision) -> Facts:
    """The same of one decision."""
    met, presumed, still_open = ({item.rule for item in items} for items in (decision.rules.met, decision.rules.presumed, decision.rules.open))
    applies = {f"{item.by}_{item.modality}_{item.action}" for item in decision.actions if item.status == "applies"}
    return {
        "outcome": decision.outcome,
        "settled": decision.settled,
        "firm": decision.firm,
        "least": decision.possible_outcomes[0],
        "most": decision.possible_outcomes[-1],
        "possible": list(decision.possible_outcomes),
        "contradicts": decision.contradiction is not None,
        "exact": decision.exact,
        "met": met,
        "presumed": presumed,
        "listed": (met, presumed, still_open),
        "applies": applies,
        "applying": applies,
    }


def judged_of(answer: Answer, scale: list[str]) -> Facts:
    """The same of one answer of the reference."""
    status = answer.rules
    met = {name for name in status if status[name] == "met"}
    still_open = {name for name in status if status[name] == "open"} - answer.presumed
    applies = {f"{by}_{entry.modality}_{action}" for (action, by, _), entry in answer.actions.items() if entry.status == "applies"}
    possible = [name for name in scale if name in answer.possible_outcomes]
    return {
        "outcome": answer.outcome,
        "settled": answer.settled,
        "firm": answer.firm,
        "least": possible[0],
        "most": possible[-1],
        "possible": possible,
        "contradicts": answer.contradiction,
        "exact": True,
        "met": met,
        "presumed": answer.presumed,
        "listed": (met, answer.presumed, still_open),
        "applies": applies,
        "applying": applies,
    }


def forgotten(chance: random.Random, facts: Facts, share: float) -> Facts:
    """Facts with each forgotten with probability `share`."""
    return {name: value for name, value in facts.items() if chance.random() >= share}


def random_facts(chance: random.Random, engine: Engine, wild: int) -> Facts:
    """Facts drawn from their domains: consistent in the order declared, but for about `wild` of them."""
    space = engine.program.space
    box, facts = space.full, Facts()
    names = list(dict.fromkeys(variable.fact for variable in space.variables))
    any_way = set(chance.sample(names, wild))
    for variable in space.variables:
        cells = [1 << (variable.offset + i) for i in range(len(variable.cells))]
        held = [bit for bit in cells if space.close(box & (bit | ~variable.block))]
        bit = chance.choice(cells if variable.fact in any_way else [held[0], *held])
        box = space.close(box & (bit | ~variable.block)) or box
        cell = variable.cells[(bit >> variable.offset).bit_length() - 1]
        if variable.value is not None:
            included = facts.setdefault(variable.fact, {"only": []})["only"]
            included += [variable.value] if cell is True else []
        elif isinstance(cell, tuple):
            facts[variable.fact] = chance.randint(*cell)
        elif isinstance(cell, bool | str):
            facts[variable.fact] = cell
    return facts


def plain(case: Facts) -> Facts:
    """A complete case of the reference as facts: values only."""
    return {name: {"only": sorted(value)} if isinstance(value, frozenset) else value for name, value in case.items() if value != NOT_APPLICABLE}
