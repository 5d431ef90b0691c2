"""Synthetic packs of any size: rules of one to three terms of one to three limbs, over booleans, numbers and choices."""

from __future__ import annotations

import json
import random
from typing import Any

from safeguarding_rules import Engine
from safeguarding_rules.reading import Pack, pack_from_data

OUTCOMES = ("manage", "review", "advise", "refer", "police")
RULES_A_FILE = 500
VALUES = ("red", "green", "blue", "white")


def synthetic(rules: int, facts: int, layers: int = 1, seed: int = 1) -> Engine:
    """Return an engine over a stack of `layers` packs that share `rules` rules over the `facts` facts of the top pack."""
    chance = random.Random(seed)
    whole = {f"rule-{i}": _rule(i, facts, chance) for i in range(rules)}
    names = list(whole)
    packs = [_pack(layer, {name: whole[name] for name in names[layer::layers]}, facts) for layer in range(layers)]
    return Engine.from_packs(packs)


def _pack(layer: int, rules: dict[str, Any], facts: int) -> Pack:
    manifest: dict[str, Any] = {
        "pack": f"layer{layer}",
        "version": "1",
        "title": "T",
        "publisher": "P",
        "jurisdiction": "J",
        "layer": "national" if layer == 0 else "local",
        "language": "1",
        "status": "draft",
        "in_force": {"from": "2024-01-01"},
        "licence": "none",
        "review_by": "2099-01-01",
        "reviewers": "none yet",
        "sign_off": {"by": "none yet"},
    }
    encoded = {f"S{layer}-{name}": [name] for name in rules}
    cited = [(name, rule | {"cite": [f"S{layer}-{name}"]}) for name, rule in rules.items()]
    files: dict[str, Any] = {f"rules/part-{at}.yaml": {"rules": dict(cited[at : at + RULES_A_FILE])} for at in range(0, len(cited), RULES_A_FILE)}
    if layer == 0:
        manifest["outcomes"] = {name: {"title": name, "meaning": "m", "because": "b", "cite": [f"O-{name}"]} for name in OUTCOMES}
        manifest["when_unsettled"] = {"outcome": "review", "because": "b", "cite": ["O-review"]}
        encoded |= {f"O-{name}": [f"outcomes/{name}", *(["when_unsettled"] if name == "review" else [])] for name in OUTCOMES}
        files["facts.yaml"] = {"facts": {_name(i): _fact(i) for i in range(facts)}}
        files["actions.yaml"] = {"actions": {f"action_{i}": {"title": "A", "meaning": "m", "by": "dsl", "protects": "do"} for i in range(20)}}
    else:
        manifest["extends"] = {"pack": f"layer{layer - 1}"}
    said = {"source": "s", "section": "x", "binds": "DSL", "text": "t", "strength": "should", "force": "advice", "checked": "seen"}
    files["statements.yaml"] = {
        "sources": {"s": {"title": "S", "publisher": "P"}},
        "statements": {name: said | {"encoded_by": names} for name, names in encoded.items()},
    }
    return pack_from_data({"pack.yaml": json.dumps(manifest, indent=0), **{name: json.dumps(content, indent=0) for name, content in files.items()}})


def _name(number: int) -> str:
    return f"fact_{number}"


def _fact(number: int) -> dict[str, Any]:
    about = {"question": f"Is it so with {number}?", "group": f"g{number // 10}", "sensitivity": "standard"}
    if number % 10 == 8:  # noqa: PLR2004
        return about | {"type": "integer", "at_least": 0, "at_most": 30}
    if number % 10 == 9:  # noqa: PLR2004
        return about | {"type": "choice", "values": {value: value for value in VALUES}}
    return about | {"type": "boolean"}


def _rule(number: int, facts: int, chance: random.Random) -> dict[str, Any]:
    terms = [{"all": [_test(fact, chance) for fact in chance.sample(range(facts), chance.randint(1, 3))]} for _ in range(chance.randint(1, 3))]
    return {
        "title": f"Rule {number}",
        "when": terms[0] if len(terms) == 1 else {"any": terms},
        "outcome": chance.choice(OUTCOMES[1:]),
        "because": "B.",
        "actions": [{"should": f"action_{chance.randrange(20)}"}],
    }


def _test(fact: int, chance: random.Random) -> dict[str, Any]:
    if fact % 10 == 8:  # noqa: PLR2004
        return {_name(fact): {chance.choice(("below", "at_least")): chance.choice((5, 10, 13, 16, 18))}}
    if fact % 10 == 9:  # noqa: PLR2004
        return {_name(fact): chance.choice(VALUES)}
    return {_name(fact): chance.random() < 0.8}  # noqa: PLR2004
