"""The same rules in other engines: complete cases of the shipped `kscmp` stack and of a synthetic policy of 60 rules.

All give the same: the outcome, the rules that hold by id, and the strength of every duty. Other engines say which rules hold; what follows from that
is a short loop over dictionaries, the same for all of them, and timed. Every engine gets each rule as its terms, a term being a conjunction of tests
of one fact, and facts in the form it likes best; turning ours into that form is not timed. Whatever an engine can prepare once is prepared once.
What other engines are not asked for: unknown facts, contradictions, and checks of names, types and ranges.
"""

from __future__ import annotations

import importlib
import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import polars as pl

from benchmarks.cases import complete_cases
from benchmarks.contest import Contest, Contestant, Goal
from benchmarks.synthetic import synthetic
from benchmarks.table_cases import frame_of
from safeguarding_rules import Engine
from safeguarding_rules.deciding.program import Program
from safeguarding_rules.language.facts import NOT_APPLICABLE
from safeguarding_rules.tabular.decide_table import decide_table
from safeguarding_rules.tabular.plan import duty_name
from safeguarding_rules.worlds.space import Variable

COUNT, FEW, SLOW = 2_000, 200, 50
ABSENT_NUMBER, ABSENT_TEXT = -1, "not applicable"
"""What other engines are given for a fact that does not apply."""

Facts = dict[str, Any]
Held = list[str]
Answer = tuple[str, Held, dict[int, int]]
"""The outcome, the rules that hold, and the strength of each duty by its slot."""


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

    ids = [rule.id for rule in program.policy.rules]

    def decided(case: Facts) -> tuple[str, Held, Sequence[int]]:
        decision = engine.decide(case)
        return decision.outcome, [ids[i] for i in decision.verdict.met], decision.verdict.applies

    def ours() -> list[Answer]:
        return [_in_order((outcome, held, dict(enumerate(applies)))) for outcome, held, applies in map(decided, cases)]

    follows = _follows(program)
    note = "unknown facts and contradictions looked for; checks names, types and ranges"
    found = [Contestant("decide", partial(_each, decided, cases), len(cases), ours, note)]
    for peer, prepare, count, about in PEERS:
        try:
            held = prepare(plain)
        except ImportError:
            continue
        chosen = flat[: min(count, len(flat))]
        answer = partial(_answer, held, follows)
        found.append(Contestant(peer, partial(_each, answer, chosen), len(chosen), partial(_answers, answer, chosen), about))
    others = tuple(one.name for one in found[1:])
    found.append(_at_once(engine, cases))
    goals = [Goal("the quickest other engine, against decide", others, "decide", at_least=20)] if others else []
    return Contest(name, title, "decision", "decide", found, goals, rounds=5)


def _at_once(engine: Engine, cases: Sequence[Facts]) -> Contestant:
    """All cases as one frame, in one call: the form that suits us best, as every other engine gets the one that suits it."""
    program, frame = engine.program, frame_of(engine.program, cases)
    duties = {duty_name(program, i, strength): (i, strength) for i, slot in enumerate(program.slots) for strength in slot.strengths}

    def answers() -> list[Answer]:
        decided = decide_table(engine, frame).with_columns(pl.col("outcome").cast(pl.String)).select("outcome", "met", "applies").rows()
        return [_in_order((outcome, _held(met), dict(duties[name] for name in _held(applies)))) for outcome, met, applies in decided]

    note = f"a frame of {len(cases):,} cases in one call; unknown facts and contradictions looked for"
    return Contestant("decide_table", lambda: decide_table(engine, frame), len(cases), answers, note)


def _held(struct: Facts) -> Held:
    return [name for name, held in struct.items() if held]


def _each(work: Callable[[Facts], object], cases: Sequence[Facts]) -> None:
    for case in cases:
        work(case)


def _answer(held: Callable[[Facts], Held], follows: Callable[[Held], Answer], facts: Facts) -> Answer:
    return follows(held(facts))


def _answers(answer: Callable[[Facts], Answer], cases: Sequence[Facts]) -> list[Answer]:
    return [_in_order(answer(case)) for case in cases]


def _in_order(answer: Answer) -> Answer:
    outcome, held, duties = answer
    return outcome, sorted(held), {slot: strength for slot, strength in sorted(duties.items()) if strength}


def _follows(program: Program) -> Callable[[Held], Answer]:
    """What follows from the rules that hold, as one would write it by hand: the highest outcome, and of each duty the greatest strength."""
    of_rule = {rule.id: (compiled.rank, compiled.gives) for rule, compiled in zip(program.policy.rules, program.rules, strict=True)}
    names = [outcome.name for outcome in program.policy.outcomes]
    standing = [
        [gift for entry in program.standing if entry.rank <= rank and (rank == 0 or not entry.first) for gift in entry.gives]
        for rank in range(len(names))
    ]
    contested = [(slot, program.slots[slot].opposite) for slot in program.contested]

    def follows(held: Held) -> Answer:
        rank = 0
        duties: dict[int, int] = {}
        for name in held:
            own, gives = of_rule[name]
            rank = max(rank, own)
            for slot, strength in gives:
                if strength > duties.get(slot, 0):
                    duties[slot] = strength
        for slot, strength in standing[rank]:
            if strength > duties.get(slot, 0):
                duties[slot] = strength
        for slot, opposite in contested:
            if duties.get(slot) == 1 and duties.get(opposite):
                del duties[slot]
        return names[rank], held, duties

    return follows


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


def _durable(plain: Plain) -> Callable[[Facts], Held]:
    """One fact with all that is known; a rule for every term, whose action notes it.

    The state of a case is deleted whatever happens, and ids are not used twice: state that stays would answer for the next case.
    """
    host = importlib.import_module("safeguarding_rules.casework.durable")._QuietHost()  # noqa: SLF001  its timer threads would act beside ours
    found: Held = []

    def literal(one: Literal) -> Any:  # noqa: ANN401  any JSON
        if one.kind == "number":
            tests = [{"$and": [{"$gte": {one.name: low}}, {"$lte": {one.name: high}}]} for low, high in one.values]
        else:
            tests = [{one.name: value} for value in one.values]
        return tests[0] if len(tests) == 1 else {"$or": tests}

    def noting(rule: str) -> Callable[[Any], None]:
        return lambda _: found.append(rule)

    rules: Facts = {"catch_all": {"all": [{"m": {"any": 1}}], "run": lambda _: None}}  # a fact that no rule matches would raise
    for name, terms in plain.rules:
        for i, term in enumerate(terms):
            tests = [literal(one) for one in term] or [{"any": 1}]
            rules[f"{name}_{i}"] = {"all": [{"m": tests[0] if len(tests) == 1 else {"$and": tests}}], "run": noting(name)}
    name = f"peers-{len(rules)}"
    host.register_rulesets({name: rules})
    ids = itertools.count(1)

    def held(facts: Facts) -> Held:
        case = f"case-{next(ids)}"
        found.clear()
        try:
            state = host.assert_fact(name, {"sid": case, "id": "facts", "any": 1, **facts})
            if state and "exception" in state:
                raise RuntimeError(str(state["exception"]))
            return list(dict.fromkeys(found))
        finally:
            host.delete_state(name, case)

    return held


PEERS: tuple[tuple[str, Callable[[Plain], Callable[[Facts], Held]], int, str], ...] = (
    ("zen-engine", _zen, 500, "a decision table that collects"),
    ("rule-engine", _rule_engine, 200, "a rule each"),
    ("json-logic-qubit", _json_logic, 200, "a rule each"),
    ("common-expression-language", _cel, 500, "all rules in one list"),
    ("durable_rules", _durable, 200, "a rule for each term of a rule; state deleted after each case"),
    ("cedarpy", _cedar, SLOW, "a policy each; parsed with every request"),
)
