"""What is checked of an odd stack about whom to contact, and about the day. As in `odd_checks.py`."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from typing import Any

from safeguarding_rules import Engine, PackError, pack_from_data
from tests.properties.engines import answer_of
from tests.properties.odd_checks import Odd
from tests.properties.odd_extras import DAYS, put_in_force
from tests.properties.odd_stacks import Stack
from tests.reference.cases import agreeing_cases, complete_cases, holds
from tests.reference.interpreter import decide
from tests.reference.stack import mentioned


def entries_of(odd: Odd, name: str) -> list[tuple[int, dict[str, Any]]]:
    """The entries of a route with the numbers of their packs: a layer's list in place of those above, whose emergency entries stay and come first."""
    found: list[tuple[int, dict[str, Any]]] = []
    for number, pack in enumerate(odd.stack):
        own = pack.get("routes.yaml", {"routes": {}})["routes"].get(name)
        if own is not None:
            found = [one for one in found if one[1].get("emergency")] + [(number, entry) for entry in own]
    return sorted(found, key=lambda one: not one[1].get("emergency"))


def split_by_routes(stack: Stack) -> Stack:
    """The stack with rules that never hold, for the reference to tell apart the numbers that routes name."""
    found = []
    for pack in stack:
        whens = [entry["when"] for one in pack.get("routes.yaml", {"routes": {}})["routes"].values() for entry in one if "when" in entry]
        idle = {f"split-{n}": {"when": {"all": [when, {"not": {"always": True}}]}} for n, when in enumerate(whens)}
        found.append({**pack, "rules/splitting.yaml": {"rules": idle}})
    return found


def routes(odd: Odd) -> None:
    """Whom to contact: the first entry that fits, of every case that can be, and every emergency entry that fits in one."""
    declared, split = odd.stack[0]["actions.yaml"]["actions"], split_by_routes(odd.stack)
    for facts in [odd.true_facts() for _ in range(6)]:
        cases = agreeing_cases(complete_cases(split, facts)[1], facts)
        for action in odd.engine.decide(facts).actions:
            name = declared.get(action.action, {}).get("route")
            if name is None or action.modality.endswith("_not"):
                assert action.routes == ()
                continue
            entries = entries_of(odd, name)
            fitting = [[holds(odd.policy, pack, entry.get("when", {"always": True}), case) for pack, entry in entries] for case in cases]
            first = {entries[one.index(True)][1]["name"] for one in fitting}
            urgent = {e["name"] for n, (_, e) in enumerate(entries) if e.get("emergency") and any(one[n] for one in fitting)}
            assert {route.name for route in action.routes} == first | urgent, (facts, action.action)
            asked = {question.fact for question in odd.engine.decide(facts).questions}
            for name in {one for pack, entry in entries if entry["name"] in first | urgent for one in mentioned(entry.get("when"), odd.policy, pack)}:
                leads: dict[str, set[str]] = {}
                for case, one in zip(cases, fitting, strict=True):
                    leads.setdefault(str(case[name]), set()).add(entries[one.index(True)][1]["name"])
                assert name in asked or len(leads) == 1 or all(lead == first for lead in leads.values()), (facts, name)
            for route in action.routes:
                (place,) = [n for n, (_, entry) in enumerate(entries) if entry["name"] == route.name]
                assert route.when is not None or all(one[place] for one in fitting), (facts, route)


def days(odd: Odd) -> None:
    """On each day a stack decides as the reference does of what is in force then; between the edges that it names nothing changes."""
    stack = copy.deepcopy(odd.stack)
    put_in_force(odd.chance, stack)
    packs = [pack_from_data(pack) for pack in stack]
    decided: dict[tuple[Any, Any], str] = {}
    for on in DAYS:
        day = date.fromisoformat(on)
        try:
            engine = Engine.from_packs(packs, on=day)
        except PackError:  # what settles a conflict may not be in force
            continue
        policy = engine.program.policy
        assert policy.valid_from is None or policy.valid_from <= day
        assert policy.valid_until is None or day < policy.valid_until
        assert decided.setdefault((policy.valid_from, policy.valid_until), engine.program.fingerprint) == engine.program.fingerprint
        for facts in [odd.true_facts(), odd.any_facts()]:
            expected = decide(stack, facts, on)
            found = answer_of(complete_cases(stack, on=on)[0], engine.decide(facts))
            found.contradiction = expected.contradiction
            assert found == expected, (facts, on)


PLACES: dict[str, Callable[[Odd], None]] = {check.__name__: check for check in (routes, days)}
