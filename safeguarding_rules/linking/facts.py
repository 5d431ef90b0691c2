"""Facts and implications of a stack: declared once, tied to what they apply to, and never telling anything about facts from above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from safeguarding_rules.language.conditions import Condition, Defined, Extent, extent, parse_condition, tests_of
from safeguarding_rules.language.documents import FactDeclaration
from safeguarding_rules.language.facts import FactSpec
from safeguarding_rules.linking.findings import Findings, Place
from safeguarding_rules.linking.order import circular, used_first
from safeguarding_rules.linking.policy import FactInfo, ImplicationInfo
from safeguarding_rules.linking.scope import Scope
from safeguarding_rules.reading.pack import Pack

FILE = "facts.yaml"


@dataclass
class FactTable:
    """Every fact of the stack, in declared order, with where it was declared."""

    infos: dict[str, FactInfo] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    implications: list[ImplicationInfo] = field(default_factory=list)
    implication_places: list[Place] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)
    extents: dict[str, Extent] = field(default_factory=dict)  # of facts whose `applies_when` is written out with them

    @property
    def specs(self) -> dict[str, FactSpec]:
        """The typed facts by name."""
        return {name: info.spec for name, info in self.infos.items()}

    def specs_for(self, packs: Sequence[Pack]) -> dict[str, FactSpec]:
        """The typed facts that these packs declare."""
        ids = {pack.id for pack in packs}
        return {name: info.spec for name, info in self.infos.items() if info.pack in ids}


def link_facts(packs: Sequence[Pack], findings: Findings) -> FactTable:
    """Declare the facts of every pack, top to bottom, then tie them and collect the implications."""
    table = FactTable()
    for pack in packs:
        above = frozenset(table.infos)
        for name, declared in pack.facts.facts.items():
            place = Place(pack, FILE, ("facts", name), key=True)
            if name in table.places:
                hint = "a layer adds facts of its own; use another name, or use the fact as it is"
                findings.report("SR408", place, f"fact `{name}` is already declared", hint, related=[("declared here first", table.places[name])])
                continue
            table.places[name] = place
            table.infos[name] = _info(pack, name, declared)
        _tie(pack, above, table, findings)
        _imply(pack, above, table, findings)
    return table


def _info(pack: Pack, name: str, declared: FactDeclaration) -> FactInfo:
    labels = dict(declared.values or {})
    low, high = declared.at_least or 0, declared.at_most or 0
    spec = FactSpec(name, declared.type, tuple(labels), low, high)
    return FactInfo(
        spec,
        pack.id,
        declared.question,
        declared.help or "",
        declared.group or "",
        declared.sensitivity,
        declared.unit or "",
        labels,
        formerly=tuple(declared.formerly),
        short=declared.short or "",
    )


def _tie(pack: Pack, above: frozenset[str], table: FactTable, findings: Findings) -> None:
    scope = Scope(findings, table.specs)
    ties: dict[str, Condition] = {}
    for name, declared in pack.facts.facts.items():
        if declared.applies_when is None or table.infos[name].pack != pack.id:
            continue
        place = Place(pack, FILE, ("facts", name, "applies_when"))
        if _no_definitions(parse_condition(declared.applies_when, place.path), place, findings):
            tree = scope.condition(declared.applies_when, place, masked=False)
            if tree is not None:
                ties[name] = tree
    uses = {name: {test.fact for test in tests_of(tree)} for name, tree in ties.items()}
    leaning = set(above)
    while more := {name for name in ties if name not in leaning and uses[name] & leaning}:
        leaning |= more
    in_circle = circular(uses)
    for name in in_circle:
        place = Place(pack, FILE, ("facts", name, "applies_when"))
        findings.report("SR411", place, f"whether `{name}` applies depends on `{name}` itself", "let `applies_when` look at other facts")
    written_out = {name: tree for name, tree in ties.items() if name in leaning and name not in in_circle}
    excessive = _measure(pack, written_out, uses, table, findings)
    for name, tree in ties.items():
        if name not in in_circle and name not in excessive:
            info = table.infos[name]
            spec = replace(info.spec, masked=tree) if name in leaning else replace(info.spec, tied=tree)
            table.infos[name] = replace(info, spec=spec, applies_when=tree)


def _measure(pack: Pack, masks: Mapping[str, Condition], uses: Mapping[str, set[str]], table: FactTable, findings: Findings) -> set[str]:
    """Learn how large each `applies_when` is that is written out where its fact is used; returns those too large, which are reported."""
    excessive: set[str] = set()
    for name in used_first({name: uses[name] for name in masks}):
        inner = extent(masks[name], {}, table.extents)
        written = Extent(inner.parts + 2, inner.levels + 1)
        if written.excessive:
            message = "written out with all it refers to, the condition is too long or too deep"
            place = Place(pack, FILE, ("facts", name, "applies_when"))
            findings.report("SR509", place, message, "let `applies_when` look at fewer facts that lean on others")
            excessive.add(name)
        else:
            table.extents[name] = written
    return excessive


def _no_definitions(tree: Condition, place: Place, findings: Findings) -> bool:
    if "Defined" in repr(tree) and _uses_definition(tree):
        findings.report("SR404", place, "definitions of the rules files cannot be used in `facts.yaml`", "write the condition out")
        return False
    return True


def _uses_definition(tree: Condition) -> bool:
    stack: list[Condition] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, Defined):
            return True
        stack.extend(getattr(node, "members", ()))
        if hasattr(node, "member"):
            stack.append(node.member)
    return False


def _imply(pack: Pack, above: frozenset[str], table: FactTable, findings: Findings) -> None:
    scope = Scope(findings, table.specs)
    for i, implication in enumerate(pack.facts.implications):
        place = Place(pack, FILE, ("implications", i))
        sides: list[Condition | None] = []
        for key, data in (("if", implication.if_), ("then", implication.then)):
            side = place.at(key)
            if not _no_definitions(parse_condition(data, side.path), side, findings):
                sides.append(None)
                continue
            tree = scope.condition(data, side, masked=False)
            sides.append(tree)
            if tree is not None:
                _own_facts_only(tree, side, above, table, findings)
        condition, consequence = sides
        if condition is not None and consequence is not None:
            table.implication_places.append(place)
            table.implications.append(ImplicationInfo(pack.id, condition, consequence, implication.because, tuple(implication.cite or ())))


def _own_facts_only(tree: Condition, place: Place, above: frozenset[str], table: FactTable, findings: Findings) -> None:
    for name in sorted({test.fact for test in tests_of(tree)} & above):
        hint = "a layer may say what follows between its own facts only; write a rule if the two together call for something"
        findings.report(
            "SR325", place, f"a layer says something about `{name}`, a fact from above", hint, related=[("declared here", table.places[name])]
        )
