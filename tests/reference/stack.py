"""A stack of packs read into one value, for the reference interpreter.

In comes plain data (a list of packs from the top down, each a mapping of file path to parsed YAML), out goes a `Policy`: the same content with pack
numbers, default actors and strengthenings filled in. Nothing is checked and nothing is compiled.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

Pack = dict[str, Any]
Stack = list[Pack]

MODALITIES = {"must", "should", "may", "must_not", "should_not"}
Given = tuple[str, str, str]  # (action, by, modality)


@dataclass
class Fact:
    """One declaration, with the number of the pack it stands in."""

    name: str
    type: str
    pack: int
    applies_when: Any
    declaration: dict[str, Any]


@dataclass(eq=False)
class Rule:
    """One rule or table row; `gives` are (action, by, modality)."""

    name: str
    pack: int
    given: Any
    when: Any
    unless: Any
    if_unknown: str
    outcome: int | None
    gives: list[Given]


@dataclass
class Policy:
    """The stack, read into one value."""

    scale: list[str]
    actors: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    implications: list[tuple[int, Any, Any]] = field(default_factory=list)
    definitions: dict[tuple[int, str], Any] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    standing: list[tuple[str, int, list[Given]]] = field(default_factory=list)
    unsettled: int = 0
    unsettled_gives: list[Given] = field(default_factory=list)
    masked: set[str] = field(default_factory=set)


def read_policy(stack: Stack, on: str | None = None) -> Policy:
    """Read a stack; rules are ignored by date only where a date `on` (ISO) is given."""
    policy = Policy(scale=list(stack[0]["pack.yaml"]["outcomes"]))
    for pack in stack:
        policy.actors |= {name: action["by"] for name, action in pack.get("actions.yaml", {}).get("actions", {}).items()}
    for number, pack in enumerate(stack):
        _read_facts(policy, number, pack.get("facts.yaml", {}))
        unsettled = pack["pack.yaml"].get("when_unsettled", {})
        if "outcome" in unsettled:  # Reading: a layer's when_unsettled adds to those above, it does not replace their actions.
            policy.unsettled = max(policy.unsettled, policy.scale.index(unsettled["outcome"]))
        policy.unsettled_gives += given_by(policy, unsettled)
        for document in rule_files(pack):
            _read_rules(policy, number, pack["pack.yaml"]["pack"], document, on)
    for pack in stack:
        for document in rule_files(pack):
            _strengthen(policy, document.get("strengthens", {}))
    _find_masked(policy)
    return policy


def rule_files(pack: Pack) -> list[dict[str, Any]]:
    """List the rule documents of a pack."""
    return [document for path, document in pack.items() if path.startswith("rules/")]


def given_by(policy: Policy, entry: dict[str, Any]) -> list[Given]:
    """List the actions of an entry as (action, by, modality)."""
    found = []
    for item in entry.get("actions", []):
        (modality,) = set(item) & MODALITIES
        found.append((item[modality], item.get("by", policy.actors[item[modality]]), modality))
    return found


def _read_facts(policy: Policy, number: int, document: dict[str, Any]) -> None:
    for name, declared in document.get("facts", {}).items():
        policy.facts[name] = Fact(name, declared["type"], number, declared.get("applies_when"), declared)
    for implication in document.get("implications", []):
        policy.implications.append((number, implication["if"], implication["then"]))


def _read_rules(policy: Policy, number: int, pack: str, document: dict[str, Any], on: str | None) -> None:
    for name, condition in document.get("definitions", {}).items():
        policy.definitions[number, name] = condition
    written = dict(document.get("rules", {}))
    for name, table in document.get("tables", {}).items():
        for row in table["rows"]:
            cells = [cell_condition(fact, row.get(fact, "-")) for fact in table["facts"]]
            shared = {key: table[key] for key in ("given", "unless", "if_unknown") if key in table}
            written[f"{name}/{row['row']}"] = {**row, **shared, "when": {"all": [cell for cell in cells if cell is not None]}}
    for name, rule in written.items():
        if on is None or _in_force(rule.get("in_force", {}), on):
            policy.rules[f"{pack}/{name}"] = Rule(
                name=f"{pack}/{name}",
                pack=number,
                given=rule.get("given", {"always": True}),
                when=rule["when"],
                unless=rule.get("unless", {"not": {"always": True}}),
                if_unknown=rule.get("if_unknown", "ask"),
                outcome=policy.scale.index(rule["outcome"]) if "outcome" in rule else None,
                gives=given_by(policy, rule),
            )
    for entry in document.get("standing", []):
        (kind,) = set(entry) & {"always", "at_least", "when_outcome"}
        wanted = 0 if kind == "always" else policy.scale.index(entry[kind])
        policy.standing.append(("always" if kind == "at_least" and not wanted else kind, wanted, given_by(policy, entry)))


def _strengthen(policy: Policy, strengthens: dict[str, Any]) -> None:
    for name, stronger in strengthens.items():
        if name in policy.rules:  # it may not be in force on the date
            rule = policy.rules[name]
            outcomes = [outcome for outcome in (rule.outcome, stronger.get("outcome")) if outcome is not None]
            rule.outcome = max((o if isinstance(o, int) else policy.scale.index(o) for o in outcomes), default=None)
            rule.gives += given_by(policy, stronger)


def _in_force(interval: dict[str, Any], on: str) -> bool:
    return str(interval.get("from", "0000")) <= on < str(interval.get("until", "9999"))


def cell_condition(fact: str, cell: Any) -> Any:
    """Give the condition that a cell of a decision table stands for, or None where any value will do."""
    if not isinstance(cell, str):
        return {fact: cell}
    text = cell.strip()
    if text in {"-", ""}:
        return None
    if span := re.fullmatch(r"(-?\d+)\.\.(-?\d+)", text):
        return {"all": [{fact: {"at_least": int(span[1])}}, {fact: {"at_most": int(span[2])}}]}
    if "|" in text:
        return {fact: {"one_of": [_literal(part) for part in text.split("|")]}}
    for test in ("not", "below", "at least", "at most", "above", "includes"):
        if text.startswith(test + " "):
            name = "is_not" if test == "not" else test.replace(" ", "_")
            return {fact: {name: _literal(text[len(test) :])}}
    return {fact: _literal(text)}


def _literal(text: str) -> Any:
    text = text.strip()
    if text.lower() in {"true", "false"}:
        return text.lower() == "true"
    return int(text) if re.fullmatch(r"-?\d+", text) else text


def _find_masked(policy: Policy) -> None:
    """Find the layer facts whose `applies_when` mentions a fact from above, directly or through another such fact."""
    for _ in policy.facts:
        for fact in policy.facts.values():
            for name in mentioned(fact.applies_when, policy, fact.pack):
                if policy.facts[name].pack < fact.pack or name in policy.masked:
                    policy.masked.add(fact.name)


def mentioned(condition: Any, policy: Policy, pack: int) -> set[str]:
    """List the facts a condition mentions, definitions included."""
    if condition is None:
        return set()
    ((key, inner),) = condition.items()
    if key in {"all", "any"}:
        return {name for part in inner for name in mentioned(part, policy, pack)}
    if key == "not":
        return mentioned(inner, policy, pack)
    if key == "defined":
        return mentioned(policy.definitions[pack, inner], policy, pack)
    return set() if key == "always" else {key}
