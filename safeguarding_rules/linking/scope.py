"""Names and types: every name a condition uses is declared, every test fits its fact.

Comes in: raw conditions of documents. Goes out: condition trees with definitions expanded, or None and findings. A poisoned part never stops the
rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from safeguarding_rules.diagnostics import closest, suggest
from safeguarding_rules.language.actions import MODALITIES
from safeguarding_rules.language.conditions import (
    CHOICES_OPS,
    ORDER_OPS,
    SET_OPS,
    All,
    AnyOf,
    Condition,
    Defined,
    Extent,
    Not,
    Scalar,
    Test,
    expand,
    extent,
    leaves,
    parse_condition,
)
from safeguarding_rules.language.facts import FactSpec, unmask
from safeguarding_rules.linking.findings import Findings, Place
from safeguarding_rules.linking.order import circular, used_first

_HINTS: Mapping[str, str] = dict.fromkeys(
    MODALITIES, "what is to be done, or not, stands in the column `actions` of a table, as in `must refer_to_police`"
)
_ALLOWED: Mapping[str, frozenset[str]] = {
    "boolean": frozenset({"is", "is_not"}) | SET_OPS,
    "integer": frozenset({"is", "is_not"}) | SET_OPS | ORDER_OPS,
    "choice": frozenset({"is", "is_not"}) | SET_OPS,
    "choices": CHOICES_OPS,
}
_TYPES: Mapping[str, type] = {"boolean": bool, "integer": int, "choice": str, "choices": str}
_WORDS: Mapping[str, str] = {"boolean": "true or false", "integer": "a whole number", "choice": "one of its values", "choices": "one of its values"}


@dataclass
class Scope:
    """What names mean while one pack is linked: facts of the whole stack so far, definitions of this pack."""

    findings: Findings
    facts: dict[str, FactSpec]
    definitions: dict[str, Condition] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()  # definitions that could not be resolved; already reported
    used: set[str] = field(default_factory=set)
    hidden: frozenset[str] = frozenset()  # facts whose declaration failed; already reported
    extents: Mapping[str, Extent] = field(default_factory=dict)  # of facts whose `applies_when` is written out with them
    extents_defined: dict[str, Extent] = field(default_factory=dict)

    def condition(self, data: object, place: Place, *, masked: bool = True) -> Condition | None:
        """Resolve a raw condition; None if it has a finding."""
        tree = parse_condition(data, place.path)
        if not self.check(tree, place) or not self._fits(tree, place, masked=masked):
            return None
        tree = expand(tree, self.definitions)
        return unmask(tree, self.facts) if masked else tree

    def _fits(self, tree: Condition, place: Place, *, masked: bool = True) -> bool:
        if extent(tree, self.extents_defined, self.extents if masked else {}).excessive:
            message = "written out with all it refers to, the condition is too long or too deep"
            self.findings.report("SR509", place, message, "say it in a simpler way, or split it")
            return False
        return True

    def check(self, condition: Condition, place: Place) -> bool:
        """Report every unknown name and ill-typed test of a tree; whether there was none."""
        here = Place(place.pack, place.file, condition.path)
        match condition:
            case Test():
                return self._check_test(condition, here)
            case Defined(name):
                return self._check_defined(name, here)
            case All(members) | AnyOf(members):
                return all([self.check(member, place) for member in members])  # noqa: C419  report them all
            case Not(member):
                return self.check(member, place)
            case _:
                return True

    def _check_defined(self, name: str, here: Place) -> bool:
        self.used.add(name)
        if name in self.definitions:
            return True
        if name not in self.broken:
            known = self.definitions.keys() | self.broken
            near = closest(name, known)
            self.used |= {near} if near else set()  # misspelt here, so not unused
            hint = suggest(name, known) or "definitions stand under `definitions` in the rules files of the same pack"
            self.findings.report("SR404", here.at("defined"), f"unknown definition `{name}`", hint)
        return False

    def _check_test(self, test: Test, here: Place) -> bool:
        spec = self.facts.get(test.fact)
        if spec is None:
            if test.fact not in self.hidden:
                hint = suggest(test.fact, self.facts) or _HINTS.get(test.fact) or "facts are declared in `facts.yaml` of this pack or one above"
                self.findings.report("SR414", here.at(test.fact, key=True), f"unknown fact `{test.fact}`", hint)
            return False
        place = here.at(test.fact) if test.op == "is" else here.at(test.fact, test.op)
        if test.op not in _ALLOWED[spec.type]:
            tests = ", ".join(f"`{op}`" for op in sorted(_ALLOWED[spec.type] - {"is"}))
            what = "a plain value" if test.op == "is" else f"`{test.op}`"
            hint = "write `{includes: …}`" if test.op == "is" else f"tests of a {spec.type} fact: {tests}"
            key = test.op != "is"
            self.findings.report(
                "SR503", Place(place.pack, place.file, place.path, key), f"{what} is not a test of the {spec.type} fact `{test.fact}`", hint
            )
            return False
        values = test.value if isinstance(test.value, tuple) else (test.value,)
        places = [place.at(i) for i in range(len(values))] if isinstance(test.value, tuple) else [place]
        return all([self._check_value(spec, value, at) for value, at in zip(values, places, strict=True)])  # noqa: C419  report them all

    def _check_value(self, spec: FactSpec, value: Scalar, place: Place) -> bool:
        shown = str(value).lower() if isinstance(value, bool) else repr(value)
        if type(value) is not _TYPES[spec.type]:
            self.findings.report(
                "SR501", place, f"`{shown}` is not {_WORDS[spec.type]}", f"`{spec.name}` is a {spec.type} fact: write {_WORDS[spec.type]}"
            )
            return False
        if spec.values and value not in spec.values:
            hint = suggest(cast(str, value), spec.values) or "one of: " + ", ".join(spec.values)
            self.findings.report("SR502", place, f"`{value}` is not a value of `{spec.name}`", hint)
            return False
        if spec.type == "integer" and not spec.low <= value <= spec.high:  # type: ignore[operator]
            self.findings.report("SR504", place, f"`{value}` is outside `{spec.name}`", f"it runs from {spec.low} to {spec.high}")
            return False
        return True

    def define(self, raw: Iterable[tuple[str, object, Place]]) -> None:
        """Resolve the definitions of a pack, whatever their order; cycles are reported."""
        parsed = {name: (parse_condition(data, place.path), place) for name, data, place in raw}
        uses = {name: {leaf.name for leaf in leaves(tree) if isinstance(leaf, Defined)} for name, (tree, _) in parsed.items()}
        self.definitions = {name: tree for name, (tree, _) in parsed.items()}
        self.broken = frozenset(parsed)
        hint = "say at least one of them without the others"
        for name in circular(uses):
            self.findings.report("SR409", parsed[name][1], f"definition `{name}` is defined through itself", hint)
        sound = {name for name, (tree, place) in parsed.items() if self.check(tree, place)}
        expanded: dict[str, Condition] = {}
        for name in used_first(uses):
            tree, place = parsed[name]
            if name in sound and uses[name] <= expanded.keys() and self._fits(tree, place):
                self.extents_defined[name] = extent(tree, self.extents_defined, self.extents)
                expanded[name] = expand(tree, expanded)
        self.definitions = expanded
        self.broken = frozenset(parsed.keys() - expanded.keys())
        self.used |= {used for found in uses.values() for used in found}
