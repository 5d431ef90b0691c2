"""The same rules in other engines: which rules hold in complete cases, on the shipped `kscmp` stack and on a synthetic policy of 60 rules.

Every engine gets each rule as its terms, a term being a conjunction of tests of one fact, and facts in the form it likes best; turning ours into
that form is not timed. Whatever an engine can prepare once is prepared once. What an engine cannot say is left out: unknown facts,
duties, texts.
durable_rules is not here: a run that included it had printed nothing after four minutes; benchmarks/live_cases.py measures it on its own.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from benchmarks.cases import complete_cases
from benchmarks.contest import Contest, Contestant, Goal
from benchmarks.synthetic import synthetic
from safeguarding_rules import Engine
from safeguarding_rules.deciding.program import Program
from safeguarding_rules.language.facts import NOT_APPLICABLE
from safeguarding_rules.worlds.space import Variable

COUNT, FEW, SLOW = 2_000, 200, 50
ABSENT_NUMBER, ABSENT_TEXT = -1, "not applicable"
"""What other engines are given for a fact that does not apply."""

Facts = dict[str, Any]
Held = list[str]


@dataclass(frozen=True)
class Literal:
    """A test of one variable: one of `values`."""

    name: str
    kind: str  # boolean, number, text
    values: tuple[Any, ...]  # for a number: ranges


@dataclass(frozen=True)
class Plain:
    """Rules as terms, for engines that know nothing but tests of values."""

    rules: tuple[tuple[str, tuple[tuple[Literal, ...], ...]], ...]


def contests(*, quick: bool) -> Iterator[Contest]:
    """The contests of this module."""
    kscmp = Engine.load("kscmp", on=date(2026, 11, 22))
    yield _contest("peers-kscmp", "The same rules in other engines: kscmp stack, complete facts", kscmp, quick=quick)
    yield _contest("peers-synthetic", "The same rules in other engines: 60 rules over 40 facts, complete facts", synthetic(60, 40), quick=quick)


def _contest(name: str, title: str, engine: Engine, *, quick: bool) -> Contest:
    program = engine.program
    plain = Plain(tuple((rule.id, _terms(program, i)) for i, rule in enumerate(program.policy.rules)))
    cases = complete_cases(program, FEW if quick else COUNT)
    flat = [_flat(engine, case) for case in cases]

    def ours() -> list[Held]:
        return [sorted(rule.rule for rule in engine.decide(case).rules.met) for case in cases]

    def work() -> None:
        for case in cases:
            engine.decide(case)

    found = [Contestant("decide", work, len(cases), ours, "outcome, statuses, duties; contradictions found; checks names and types")]
    for peer, prepare, count, note in PEERS:
        try:
            held = prepare(plain)
        except ImportError:
            continue
        chosen = flat[: min(count, len(flat))]
        found.append(Contestant(peer, partial(_each, held, chosen), len(chosen), partial(_answers, held, chosen), note))
    others = tuple(one.name for one in found[1:])
    goals = [Goal("the quickest other engine, against decide", others, "decide", at_least=20)] if others else []
    return Contest(name, title, "decision", "decide", found, goals, rounds=5)


def _each(held: Callable[[Facts], Held], cases: Sequence[Facts]) -> None:
    for case in cases:
        held(case)


def _answers(held: Callable[[Facts], Held], cases: Sequence[Facts]) -> list[Held]:
    return [sorted(held(case)) for case in cases]


# -- our rules as plain tests -----------------------------------------------------------------------------------------------------------


def _label(variable: Variable) -> str:
    return variable.fact.replace("/", "_") + ("" if variable.value is None else f"__{variable.value}")


def _terms(program: Program, rule: int) -> tuple[tuple[Literal, ...], ...]:
    return tuple(tuple(_literals(program, fails)) for fails in program.rules[rule].holds.fails)


def _literals(program: Program, fails: int) -> Iterator[Literal]:
    for variable in program.space.variables:
        if fails & variable.block:
            cells = [cell for i, cell in enumerate(variable.cells) if not fails >> (variable.offset + i) & 1]
            if isinstance(variable.cells[-1], bool):
                yield Literal(_label(variable), "boolean", tuple(cells))
            elif any(isinstance(cell, tuple) for cell in variable.cells):
                absent = (ABSENT_NUMBER, ABSENT_NUMBER)
                yield Literal(_label(variable), "number", _joined([absent if cell is NOT_APPLICABLE else cell for cell in cells]))
            else:
                yield Literal(_label(variable), "text", tuple(ABSENT_TEXT if cell is NOT_APPLICABLE else cell for cell in cells))


def _joined(ranges: Sequence[Any]) -> tuple[tuple[int, int], ...]:
    """Neighbouring ranges as one."""
    found: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if found and found[-1][1] + 1 == low:
            found[-1] = (found[-1][0], high)
        else:
            found.append((low, high))
    return tuple(found)


def _flat(engine: Engine, case: Facts) -> Facts:
    """A complete case with a value for every variable."""
    space = engine.program.space
    facts: Facts = {}
    for variable, cell in space.chosen(engine.decide(case).verdict.box):
        name = _label(variable)
        if cell is NOT_APPLICABLE:
            facts[name] = ABSENT_NUMBER if variable.fact in space.cuts else ABSENT_TEXT
        else:
            facts[name] = case.get(variable.fact, cell) if isinstance(cell, tuple) else cell
            facts[name] = facts[name] if not isinstance(facts[name], tuple) else cell[0]  # type: ignore[index]
    return facts


# -- other engines ----------------------------------------------------------------------------------------------------------------------


def _text(value: Any) -> str:  # noqa: ANN401  a value of a fact
    return json.dumps(value)


def _written(plain: Plain, literal: Callable[[Literal], str], conjunction: str, disjunction: str) -> list[tuple[str, str]]:
    """Each rule as one expression."""
    return [
        (rule, disjunction.join("(" + conjunction.join(literal(one) for one in term) + ")" if term else "(true)" for term in terms))
        for rule, terms in plain.rules
    ]


def _infix(one: Literal, conjunction: str, disjunction: str, within: str) -> str:
    if one.kind == "boolean":
        return f"{one.name} == {_text(one.values[0])}"
    if one.kind == "text":
        return within.format(name=one.name, values=", ".join(map(_text, one.values)))
    return "(" + disjunction.join(f"({one.name} >= {low} {conjunction} {one.name} <= {high})" for low, high in one.values) + ")"


def _cel(plain: Plain) -> Callable[[Facts], Held]:
    cel = importlib.import_module("cel")
    rules = _written(plain, lambda one: _infix(one, "&&", " || ", "{name} in [{values}]"), " && ", " || ")
    program = cel.compile("[" + ", ".join(f"({text})" for _, text in rules) + "]")
    names = [name for name, _ in rules]
    return lambda facts: [name for name, held in zip(names, program.execute(facts), strict=True) if held]


def _rule_engine(plain: Plain) -> Callable[[Facts], Held]:
    rule_engine = importlib.import_module("rule_engine")
    rules = _written(plain, lambda one: _infix(one, "and", " or ", "{name} in [{values}]"), " and ", " or ")
    compiled = [(name, rule_engine.Rule(text)) for name, text in rules]
    return lambda facts: [name for name, rule in compiled if rule.matches(facts)]


def _json_logic(plain: Plain) -> Callable[[Facts], Held]:
    apply = importlib.import_module("json_logic").jsonLogic

    def literal(one: Literal) -> Any:  # noqa: ANN401  any JSON
        var = {"var": one.name}
        if one.kind == "boolean":
            return {"===": [var, one.values[0]]}
        if one.kind == "text":
            return {"in": [var, list(one.values)]}
        return {"or": [{"and": [{">=": [var, low]}, {"<=": [var, high]}]} for low, high in one.values]}

    rules = [(name, {"or": [{"and": [literal(one) for one in term] or [True]} for term in terms]}) for name, terms in plain.rules]
    return lambda facts: [name for name, rule in rules if apply(rule, facts)]


def _zen(plain: Plain) -> Callable[[Facts], Held]:
    zen = importlib.import_module("zen")
    names = list(dict.fromkeys(one.name for _, terms in plain.rules for term in terms for one in term))

    def cell(one: Literal) -> str:
        if one.kind == "boolean":
            return _text(one.values[0])
        if one.kind == "text":
            return ", ".join(map(_text, one.values))
        return ", ".join(f"[{low}..{high}]" for low, high in one.values)

    rows = [
        {"_id": f"{name} {i}", "o": _text(name)} | {one.name: cell(one) for one in term}
        for name, terms in plain.rules
        for i, term in enumerate(terms)
    ]
    table = {
        "hitPolicy": "collect",
        "inputs": [{"id": name, "name": name, "field": name} for name in names],
        "outputs": [{"id": "o", "name": "o", "field": "rule"}],
        "rules": [{name: row.get(name, "") for name in ("_id", "o", *names)} for row in rows],
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "table", "type": "decisionTableNode", "name": "table", "content": table},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [{"id": "1", "sourceId": "in", "targetId": "table"}, {"id": "2", "sourceId": "table", "targetId": "out"}]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    return lambda facts: list({row["rule"] for row in decision.evaluate(facts)["result"]})


def _cedar(plain: Plain) -> Callable[[Facts], Held]:
    cedarpy = importlib.import_module("cedarpy")

    def literal(one: Literal) -> str:
        name = f"context.{one.name}"
        if one.kind == "boolean":
            return f"{name} == {_text(one.values[0])}"
        if one.kind == "text":
            return f"[{', '.join(map(_text, one.values))}].contains({name})"
        return "(" + " || ".join(f"({name} >= {low} && {name} <= {high})" for low, high in one.values) + ")"

    rules = _written(plain, literal, " && ", " || ")
    policies = "\n".join(f"@id({_text(name)}) permit(principal, action, resource) when {{ {text} }};" for name, text in rules)
    names = {f"policy{i}": name for i, (name, _) in enumerate(rules)}
    request = {"principal": 'User::"dsl"', "action": 'Action::"decide"', "resource": 'Case::"one"'}

    def held(facts: Facts) -> Held:
        result = cedarpy.is_authorized(request | {"context": facts}, policies, [])
        return [names.get(reason, reason) for reason in result.diagnostics.reasons]

    return held


PEERS: tuple[tuple[str, Callable[[Plain], Callable[[Facts], Held]], int, str], ...] = (
    ("zen-engine", _zen, 500, "a decision table that collects"),
    ("rule-engine", _rule_engine, 200, "a rule each"),
    ("json-logic-qubit", _json_logic, 200, "a rule each"),
    ("common-expression-language", _cel, 500, "all rules in one list"),
    ("cedarpy", _cedar, SLOW, "a policy each; parsed with every request"),
)
