"""The statements register: which statements there are, which are in force, and that citations and `encoded_by` say the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from safeguarding_rules.diagnostics import suggest
from safeguarding_rules.linking.findings import Findings, Place
from safeguarding_rules.linking.policy import StatementInfo
from safeguarding_rules.linking.rules import Calendar, RuleTable
from safeguarding_rules.reading.pack import Pack

FILE = "statements.yaml"
_NAMEABLE = "name a rule, `table/row`, `standing/id`, `outcomes/name`, `facts/name`, `actions/name` or `routes/name`"


@dataclass
class Register:
    """Every statement of the stack by id, and which of them are applied on the day."""

    statements: dict[str, StatementInfo] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    applied: set[str] = field(default_factory=set)


def link_statements(packs: Sequence[Pack], calendar: Calendar, findings: Findings) -> Register:
    """Collect the statements of every pack."""
    register = Register()
    for pack in packs:
        sources = pack.statements.sources
        for name, statement in pack.statements.statements.items():
            place = Place(pack, FILE, ("statements", name), key=True)
            if name in register.places:
                related = [("first here", register.places[name])]
                findings.report(
                    "SR408", place, f"statement `{name}` stands twice", "a layer cites the statement from above by its id", related=related
                )
                continue
            register.places[name] = place
            source = sources.get(statement.source)
            covered = calendar.covers(statement.in_force) and (source is None or calendar.covers(source.in_force))
            if statement.status == "in_force" and covered:
                register.applied.add(name)
            register.statements[name] = StatementInfo(
                name,
                pack.id,
                source.title if source else statement.source,
                statement.section,
                statement.binds,
                statement.text,
                statement.strength,
                statement.force,
                statement.checked,
                statement.status if covered or statement.status != "in_force" else "not in force on the day",
                (source.address or "") if source else "",
                tuple(statement.encoded_by or ()),
                statement.not_computable,
            )
    return register


def check_citations(packs: Sequence[Pack], table: RuleTable, register: Register, findings: Findings) -> None:
    """Every citation is a known statement and is listed back; every `encoded_by` names something that is there and cites it."""
    cited = _check_cites(packs, table, register, findings)
    for depth, pack in enumerate(packs):
        known = set(_references(packs[: depth + 1], pack, table))
        for name, registered in pack.statements.statements.items():
            for i, reference in enumerate(registered.encoded_by or ()):
                place = Place(pack, FILE, ("statements", name, "encoded_by", i))
                if reference not in known:
                    findings.report("SR405", place, f"nothing here is called `{reference}`", suggest(reference, known) or _NAMEABLE)
                elif _must_cite(packs, reference) and f"{pack.id}/{reference}" not in cited.get((pack.id, name), ()):
                    findings.report("SR603", place, f"`{reference}` does not cite `{name}`", f"add `{name}` to its `cite`, or take it out here")


def _check_cites(packs: Sequence[Pack], table: RuleTable, register: Register, findings: Findings) -> dict[tuple[str, str], set[str]]:
    """Check every citation; return, per pack and statement, the qualified names of what cites it."""
    cited: dict[tuple[str, str], set[str]] = {}
    depth = {pack.id: i for i, pack in enumerate(packs)}
    for citing, reference, statements, place in table.cites:
        for i, statement in enumerate(statements):
            at = place.at("cite", i)
            info = register.statements.get(statement)
            if info is None or depth[info.pack] > depth[citing]:
                hint = suggest(statement, register.statements) or "statements stand in `statements.yaml` of this pack or one above"
                findings.report("SR406", at, f"unknown statement `{statement}`", hint)
                continue
            cited.setdefault((info.pack, statement), set()).add(reference if reference.startswith(_packs(packs)) else f"{citing}/{reference}")
            if info.pack == citing and reference not in info.encoded_by:
                silent, add = f"does not list `{reference}` under `encoded_by`", f"add `{reference}` to its `encoded_by`"
                if info.not_computable is not None:
                    silent, add = "is cited here but said to be not computable", f"{add} in place of `not_computable`, or cite another statement"
                there = [("the statement", register.places[statement])]
                findings.report("SR602", at, f"`{statement}` {silent}", add, related=there)
    return cited


def _packs(packs: Sequence[Pack]) -> tuple[str, ...]:
    return tuple(f"{pack.id}/" for pack in packs)


def _must_cite(packs: Sequence[Pack], reference: str) -> bool:
    kind = reference.split("/", maxsplit=1)[0]
    return kind not in ("facts", "actions", "routes", "implications") and not reference.startswith(_packs(packs))


def _references(packs: Sequence[Pack], pack: Pack, table: RuleTable) -> Iterator[str]:
    """Everything a statement of `pack` may name."""
    yield "implications"
    yield "when_unsettled"
    for other in packs:
        own = "" if other is pack else f"{other.id}/"
        for prefix in {own, f"{other.id}/"}:
            yield from (f"{prefix}outcomes/{name}" for name in other.manifest.outcomes or {})
            yield from (f"{prefix}facts/{name}" for name in other.facts.facts)
            yield from (f"{prefix}actions/{name}" for name in other.actions.actions)
            yield from (f"{prefix}routes/{name}" for name in other.routes.routes)
            yield f"{prefix}when_unsettled"
            yield f"{prefix}implications"
    for qualified in (*table.places, *table.renamed):
        if qualified.startswith(_packs(packs)):
            yield qualified
        if qualified.startswith(f"{pack.id}/"):
            yield qualified.removeprefix(f"{pack.id}/")
