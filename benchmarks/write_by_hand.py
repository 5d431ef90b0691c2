"""Writes `benchmarks/by_hand_kscmp.py`, the contestant that somebody would write by hand: `python -m benchmarks.write_by_hand`.

Comes in: the rules of the shipped `kscmp` stack. Goes out: one Python function with an `if` a rule and a check of every name, type and value before
them. It knows no unknown facts: a fact that is not given does not apply. Every name in it comes from declared names, every condition from a checked
tree; text of the pack stands only in comments and as quoted text.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from safeguarding_rules import Engine
from safeguarding_rules.language.conditions import All, Always, AnyOf, Condition, Not, Op, Test
from safeguarding_rules.language.facts import FactSpec
from safeguarding_rules.linking.cases import holds_of
from safeguarding_rules.linking.policy import Policy

TARGET = Path(__file__).with_name("by_hand_kscmp.py")
ON = date(2026, 11, 22)
SIGNS = {"below": "<", "at_most": "<=", "at_least": ">=", "above": ">", "one_of": "in", "none_of": "not in", "is_not": "!=", "is": "=="}

OPPOSITE: dict[Op, Op] = {"is": "is_not", "is_not": "is", "one_of": "none_of", "none_of": "one_of"}
"""Tests that are each other's opposite, of a fact that does not apply too."""

HEAD = '''\
"""The rules of {packs} as somebody would write them by hand: written by `python -m benchmarks.write_by_hand`.

For complete cases only: a fact that is not given does not apply. What comes out is the outcome and the rules that hold, least protective first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

'''
CHECK = '''

def check(facts: Mapping[str, Any]) -> None:
    """Raise ValueError, listing every problem, unless all names are declared and all values are of their fact."""
    problems = []
    for name, value in facts.items():
        if name in BOOLEANS:
            if value is not True and value is not False:
                problems.append(f"{name} is true or false")
        elif name in CHOICES:
            if type(value) is not str or value not in CHOICES[name]:
                problems.append(f"{name} is one of {sorted(CHOICES[name])}")
        elif name in NUMBERS:
            low, high = NUMBERS[name]
            if type(value) is not int or not low <= value <= high:
                problems.append(f"{name} is a number from {low} to {high}")
        elif name in LISTS:
            if type(value) is not dict or list(value) != ["only"] or not LISTS[name].issuperset(value["only"]):
                problems.append(f"{name} is a list of some of {sorted(LISTS[name])}")
        else:
            problems.append(f"{name} is not a fact")
    if problems:
        raise ValueError("; ".join(problems))

'''


def main() -> None:
    """Write the module."""
    TARGET.write_text(text(), encoding="utf-8")


def text() -> str:
    """Return the module, laid out as everything in the repository is."""
    source = written(Engine.load("kscmp", on=ON).program.policy)
    command = [sys.executable, "-m", "ruff", "format", "--config", str(TARGET.parents[1] / "pyproject.toml"), "-"]
    return subprocess.run(command, input=source, capture_output=True, check=True, text=True).stdout


def written(policy: Policy) -> str:
    """Return the module of a policy, not laid out."""
    packs = " and ".join(f"`{pack.id}` {pack.version}" for pack in policy.packs)
    return HEAD.format(packs=packs) + "\n".join([*_domains(policy), CHECK, *_function(policy)]) + "\n"


def _domains(policy: Policy) -> Iterator[str]:
    specs = [info.spec for info in policy.facts]
    yield f"BOOLEANS = {{{', '.join(_quoted(spec.name) for spec in specs if spec.type == 'boolean')}}}"
    yield f"NUMBERS = {{{', '.join(f'{_quoted(spec.name)}: ({spec.low}, {spec.high})' for spec in specs if spec.type == 'integer')}}}"
    for name, kind in (("CHOICES", "choice"), ("LISTS", "choices")):
        sets = [f"{_quoted(spec.name)}: {{{', '.join(map(_quoted, spec.values))}}}" for spec in specs if spec.type == kind]
        yield f"{name} = {{{', '.join(sets)}}}"


def _function(policy: Policy) -> Iterator[str]:
    specs = {info.spec.name: info.spec for info in policy.facts}
    rules = sorted(policy.rules, key=lambda rule: -1 if rule.outcome is None else rule.outcome)
    used = {test.fact for rule in rules for test in _tests(holds_of(rule))}
    yield "def decide(facts: Mapping[str, Any]) -> tuple[str, list[str]]:"
    yield '    """Return the outcome of a complete case, and the rules that hold."""'
    yield "    check(facts)"
    for name, spec in specs.items():
        if name in used:
            yield f"    {_local(name)} = {_reading(spec)}"
    yield "    rules = []"
    yield f"    outcome = {_quoted(policy.outcomes[0].name)}"
    for rule in rules:
        yield f"    if {_words(holds_of(rule), specs, '')}:"
        yield f"        rules.append({_quoted(rule.id)})"
        if rule.outcome is not None:
            yield f"        outcome = {_quoted(policy.outcomes[rule.outcome].name)}"
    yield "    return outcome, rules"


def _reading(spec: FactSpec) -> str:
    if spec.type == "boolean":
        return f"facts.get({_quoted(spec.name)}, False)"
    if spec.type == "choices":
        return f'facts.get({_quoted(spec.name)}, {{"only": ()}})["only"]'
    return f"facts.get({_quoted(spec.name)})"


def _tests(condition: Condition) -> Iterator[Test]:
    match condition:
        case Test():
            yield condition
        case Not(member):
            yield from _tests(member)
        case All(members) | AnyOf(members):
            for member in members:
                yield from _tests(member)
        case _:
            pass


def _words(condition: Condition, specs: dict[str, FactSpec], around: str) -> str:
    """A condition as a Python expression; `around` is the word that joins it to its neighbours."""
    match condition:
        case Test():
            return _test(condition, specs[condition.fact], around)
        case Not(Test(op=op) as test) if op in OPPOSITE:
            return _test(replace(test, op=OPPOSITE[op]), specs[test.fact], around)
        case Not(member):
            return f"not {_words(member, specs, 'not')}"
        case All(members):
            telling = [member for member in members if not isinstance(member, Always)] or members
            return _joined([_words(member, specs, "and") for member in telling], "and", around)
        case AnyOf(members):
            return _joined([_words(member, specs, "or") for member in members], "or", around)
        case Always():
            return "True"
        case _:
            raise TypeError(condition)


def _joined(parts: list[str], word: str, around: str) -> str:
    joined = f" {word} ".join(parts)
    return f"({joined})" if around not in {"", word} and len(parts) > 1 else joined


def _test(test: Test, spec: FactSpec, around: str) -> str:
    name = _local(spec.name)
    if spec.type == "boolean":
        holds = test.value is (test.op == "is") if not isinstance(test.value, tuple) else None
        if holds is None:
            return f"{name} in {_literal(test.value)}"
        return name if holds else f"not {name}"
    if spec.type == "choices":
        values = test.value if isinstance(test.value, tuple) else (test.value,)
        parts = [f"{_literal(value)} {'not in' if test.op == 'excludes' else 'in'} {name}" for value in values]
        return _joined(parts, "or" if test.op == "includes_any" else "and", around)
    words = f"{name} {SIGNS[test.op]} {_literal(test.value)}"
    if spec.type == "integer" and test.op not in {"is", "is_not", "one_of", "none_of"}:
        return _joined([f"{name} is not None", words], "and", around)
    return f"({words})" if around == "not" else words


def _literal(value: object) -> str:
    if isinstance(value, tuple):
        return f"{{{', '.join(map(_literal, value))}}}"
    return _quoted(value) if isinstance(value, str) else repr(value)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _local(name: str) -> str:
    found = name.rpartition("/")[2]
    if not found.isidentifier():
        raise ValueError(name)
    return found


if __name__ == "__main__":
    main()
