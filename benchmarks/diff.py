"""How long a comparison of two policies takes: `python -m benchmarks.diff`. Packs are linked and compiled before the clock starts."""

from __future__ import annotations

import re
from datetime import date
from functools import partial

from benchmarks.figures import Figure, seconds, show
from benchmarks.packs import generated
from safeguarding_rules import Engine
from safeguarding_rules.comparing.compare import compare
from safeguarding_rules.comparing.document import DiffDocument
from safeguarding_rules.comparing.sides import Stand
from safeguarding_rules.deciding.decide import Decider
from safeguarding_rules.reading import pack_from_data

ON = date(2026, 11, 22)
SHIPPED = (
    (("ukcis@2020.12", date(2024, 3, 10)), ("ukcis@2024.3", ON)),
    (("kscmp@2023.4", date(2024, 8, 31)), ("kscmp@2024.9", ON)),
    (("ukcis", ON), ("kscmp", ON)),
    (("kscmp", ON), ("kscmp", ON)),
)


def main() -> None:
    """Measure and print."""
    show("Comparing shipped stacks", shipped(), "the first")
    show("Comparing generated packs (60 facts, 30 actions; 2 to 4 limbs a rule)", made(), "the first")


def shipped() -> list[Figure]:
    """Measure the shipped stacks."""
    found: list[Figure] = []
    for old, new in SHIPPED:
        one, other = _shipped(*old), _shipped(*new)
        taken = seconds(partial(compare, one, other), 3)
        found.append(_figure(f"{old[0]} against {new[0]}", taken, found[0].value if found else taken, compare(one, other)))
    return found


def made() -> list[Figure]:
    """Measure generated packs of which one threshold moves, one outcome changes, or one rule goes."""
    found: list[Figure] = []
    for rules in (100, 300, 1000):
        files = generated(rules)
        old = _generated(files)
        for what, changed in (("nothing changes", files), ("a rule becomes milder", _milder(files)), ("a rule needs less", _shorter(files))):
            new = _generated(changed)
            taken = seconds(partial(compare, old, new), 1)
            found.append(_figure(f"{rules} rules, {what}", taken, found[0].value if found else taken, compare(old, new)))
    return found


def _figure(name: str, taken: float, base: float, document: DiffDocument) -> Figure:
    regions = sum(len(change.regions) for change in (*document.outcomes, *document.duties))
    return Figure(name, taken, "s", base, note=f"{document.result}: {len(document.outcomes) + len(document.duties)} changes, {regions} regions")


def _shipped(name: str, on: date) -> Stand:
    return Stand(name, Decider(Engine.load(name, on=on).program), on)


def _generated(files: dict[str, object]) -> Stand:
    return Stand("generated", Decider(Engine.from_packs([pack_from_data(files)]).program), ON)


def _milder(files: dict[str, object]) -> dict[str, object]:
    """The pack with the first rule for the police giving `review` instead."""
    return files | {"rules/part-00.yaml": str(files["rules/part-00.yaml"]).replace("outcome: police", "outcome: review", 1)}


def _shorter(files: dict[str, object]) -> dict[str, object]:
    """The pack with the first limb of the first rule gone."""
    return files | {"rules/part-00.yaml": re.sub(r"all: \[\{[^{}]*(?:\{[^{}]*\})?[^{}]*\}, ", "all: [", str(files["rules/part-00.yaml"]), count=1)}


if __name__ == "__main__":
    main()
