"""What odd stacks have besides: decision tables with every kind of cell, routes with emergency entries, and rules in force for a while.

Drawn apart from the rest, so that a seed gives the same rules with these and without.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

Facts = dict[str, dict[str, Any]]
Condition = Callable[[], dict[str, Any]]
DAYS = ["2024-01-01", "2024-03-01", "2024-06-15", "2024-07-01", "2025-01-01"]


def cell(chance: random.Random, declared: dict[str, Any]) -> Any:
    """Draw a cell of a decision table."""
    if chance.random() < 0.3:
        return "-"
    if declared["type"] == "boolean":
        return chance.choice([True, False, "TRUE", "false", "not true"])
    if declared["type"] == "integer":
        low, high = declared["at_least"], declared["at_most"]
        one, other = sorted(chance.choices(range(low, min(high, 20) + 1), k=2))
        texts = [f"{one}..{other}", f"below {other}", f"at least {one}", f"at most {other}", f"above {one}"]
        texts += [str(one), f"{one} | {other}", f"not {one}"]
        return chance.choice([*texts, {"at_least": one}, other])
    values = list(declared["values"])
    one, some = chance.choice(values), chance.sample(values, chance.randint(1, len(values)))
    if declared["type"] == "choice":
        return chance.choice([one, f"not {one}", " | ".join(some), {"none_of": some}])
    return chance.choice([f"includes {one}", {"includes_any": some}, {"excludes": one}, {"includes_all": some}])


def table(chance: random.Random, facts: Facts, rule: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Draw a decision table; `rule` draws a rule, of which a row takes what follows, and the table its `given`, `unless` and `if_unknown`."""
    columns = chance.sample(list(facts), min(len(facts), chance.randint(1, 3)))
    rows = []
    for number in range(chance.randint(1, 4)):
        effects = {key: value for key, value in rule().items() if key in {"outcome", "actions"}}
        rows.append({"row": f"row-{number}", **{name: cell(chance, facts[name]) for name in columns}, **effects})
    shared = {key: value for key, value in rule().items() if key in {"given", "unless"} and chance.random() < 0.5}
    found = {"title": "A table", "facts": columns, "rows": rows, **shared}
    mark = chance.choice(["ask", "ask", "presume_met", "presume_if_partly_met"])
    no_limbs = any(all(row[name] == "-" for name in columns) for row in rows)
    return found if mark == "ask" or (mark == "presume_if_partly_met" and no_limbs) else found | {"if_unknown": mark}


def routes(chance: random.Random, names: list[str], number: int, condition: Condition) -> dict[str, Any]:
    """Draw lists of routes of the pack with that number."""
    found: dict[str, Any] = {}
    for name in names:
        entries = []
        for place in range(chance.randint(0, 3)):
            emergency = {"emergency": True} if chance.random() < 0.3 else {}
            entries.append({"when": condition(), "name": f"Entry {place} of {name} in {number}", **emergency})
        found[name] = [*entries, {"otherwise": True, "name": f"The rest of {name} in {number}"}]
    return {"routes": found}


def put_in_force(chance: random.Random, stack: list[dict[str, Any]]) -> None:
    """Put rules and route entries in force for a while only."""
    for pack in stack:
        documents = [one for path, one in pack.items() if path.startswith("rules/")]
        parts = [rule for one in documents for rule in one.get("rules", {}).values()]
        parts += [entry for entries in pack.get("routes.yaml", {"routes": {}})["routes"].values() for entry in entries if "when" in entry]
        for part in parts:
            if chance.random() < 0.5:
                start, end = sorted(chance.sample(DAYS[1:], 2))
                part["in_force"] = chance.choice([{"from": start}, {"until": end}, {"from": start, "until": end}])
