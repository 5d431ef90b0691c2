"""Names that use each other, put in an order: what is used comes first. Cost: linear, but for circles, which cost their square."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping


def used_first(uses: Mapping[str, set[str]]) -> list[str]:
    """The names, each after all it uses; those in a circle, and those that use one, are left out. Names that are not keys are taken as there."""
    open_uses = {name: sum(used in uses for used in found) for name, found in uses.items()}
    users: dict[str, list[str]] = defaultdict(list)
    for name, found in uses.items():
        for used in found:
            users[used].append(name)
    order = [name for name, count in open_uses.items() if not count]
    for name in order:
        for user in users[name]:
            open_uses[user] -= 1
            if not open_uses[user]:
                order.append(user)
    return order


def circular(uses: Mapping[str, set[str]]) -> list[str]:
    """The names that lead back to themselves, in declared order."""
    free = set(used_first(uses))
    return [name for name in uses if name not in free and _leads_back(name, uses)]


def _leads_back(start: str, uses: Mapping[str, set[str]]) -> bool:
    seen: set[str] = set()
    stack = list(uses[start])
    while stack:
        name = stack.pop()
        if name == start:
            return True
        if name in uses and name not in seen:
            seen.add(name)
            stack.extend(uses[name])
    return False
