"""Packs of a stack, top to bottom, merged into one checked Policy.

Comes in: packs that were read, and a day. Goes out: a Policy and every finding; no Policy if any finding is an error. Promised: all findings in
one run; nothing from above is weakened.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date

from safeguarding_rules.diagnostics import Diagnostic, PackError, suggest
from safeguarding_rules.language.words import LANGUAGE
from safeguarding_rules.linking.conflicts import check_cases
from safeguarding_rules.linking.expectations import Names, check_expectations
from safeguarding_rules.linking.facts import FactTable, link_facts
from safeguarding_rules.linking.findings import Findings, Place
from safeguarding_rules.linking.formerly import History
from safeguarding_rules.linking.looking import check_looking
from safeguarding_rules.linking.policy import (
    ActionInfo,
    Outcome,
    PackInfo,
    Policy,
    PolicyRule,
    RouteEntry,
    UnsettledPart,
    WhenUnsettled,
)
from safeguarding_rules.linking.register import Register, check_citations, link_statements
from safeguarding_rules.linking.rules import Calendar, RuleLinker, RuleTable
from safeguarding_rules.linking.scope import Scope
from safeguarding_rules.reading.pack import Pack


def no_history(pack: str) -> Sequence[Pack]:
    """No other versions are known."""
    del pack
    return ()


def link(packs: Sequence[Pack], on: date | None = None, history: History = no_history) -> Policy:
    """Link a stack, the top pack first; `on` defaults to the latest day on which one of the packs starts.

    Raises PackError with every finding if any is an error.
    """
    policy, diagnostics = check(packs, on, history)
    if policy is None:
        raise PackError(diagnostics, _texts(packs, diagnostics))
    return policy


def check(
    packs: Sequence[Pack], on: date | None = None, history: History = no_history, *, thorough: bool = False
) -> tuple[Policy | None, tuple[Diagnostic, ...]]:
    """Link a stack and return the Policy (None if anything found is an error) with every finding, warnings included.

    `thorough` also checks what is never decided with: unused definitions, and of the lowest pack what its questions ask for, its invariants and
    cases; those of the packs above are checked when they are the lowest.
    """
    linker = _Linker(packs, on, history)
    policy = linker.run(thorough=thorough)
    return policy, tuple(sorted(set(linker.findings.found)))


def _texts(packs: Sequence[Pack], diagnostics: Sequence[Diagnostic]) -> dict[str, str]:
    """The texts of the files that findings point into, for their pictures."""
    files = {span.file for found in diagnostics for span in (found.span, *(other for _, other in found.related)) if span is not None}
    return {file: text for file in files for pack in packs if (text := pack.texts(file))}


class _Linker:
    def __init__(self, packs: Sequence[Pack], on: date | None, history: History) -> None:
        self.packs = packs
        self.findings = Findings()
        self.history = history
        edges = {day for pack in packs for day in (pack.manifest.in_force.from_, pack.manifest.in_force.until) if day is not None}
        self.calendar = Calendar(on or max(pack.manifest.in_force.from_ for pack in packs), edges)

    def run(self, *, thorough: bool) -> Policy | None:
        top = self.packs[0]
        if not self._check_stack():
            return None
        ranks = {name: rank for rank, name in enumerate(top.manifest.outcomes or {})}
        table = RuleTable(ranks)
        facts = link_facts(self.packs, self.findings)
        register = link_statements(self.packs, self.calendar, self.findings)
        self._cite_scale(table)
        linkers: list[RuleLinker] = []
        unsettled: WhenUnsettled | None = None
        for depth, pack in enumerate(self.packs):
            self._declare_actions(self.packs[: depth + 1], table)
            scope = Scope(self.findings, facts.specs_for(self.packs[: depth + 1]), extents=facts.extents)
            linker = RuleLinker(pack, table, scope, self.calendar, register.applied, layer=depth > 0)
            linker.link(self.history)
            linkers.append(linker)
            unsettled = self._unsettled(pack, linker, table, unsettled)
        routes = self._routes(linkers, table)
        check_citations(self.packs, table, register, self.findings)
        if thorough:
            check_expectations(linkers[-1:], Names(table, facts, register, self.findings))
            for linker in linkers:
                linker.unused_definitions()
            check_looking(self.packs[-1:], self.findings)
        if unsettled is None or self.findings.failed:
            return None
        policy = self._policy(table, facts, register, unsettled, routes)
        findings = self.findings
        check_cases(self.packs, policy, table, facts, findings)
        return None if findings.failed else policy

    def _check_stack(self) -> bool:
        top = self.packs[0]
        fine = True
        if top.manifest.extends is not None:
            place = Place(top, "pack.yaml", ("extends",))
            self.findings.report(
                "SR320",
                place,
                f"`{top.id}` extends `{top.manifest.extends.pack}`, which is not in the stack",
                "load the stack from its top pack down",
            )
            fine = False
        for above, pack in zip(self.packs, self.packs[1:], strict=False):
            extends = pack.manifest.extends
            if extends is None or extends.pack != above.id:
                place = Place(pack, "pack.yaml", ("pack",) if extends is None else ("extends", "pack"))
                self.findings.report("SR320", place, f"`{pack.id}` does not extend `{above.id}`", f"say `extends: {{pack: {above.id}}}`")
                fine = False
        return fine

    def _declare_actions(self, packs: Sequence[Pack], table: RuleTable) -> None:
        """Declare the actions of the last of the packs, which may name those of the packs above it."""
        pack = packs[-1]
        for name, declared in pack.actions.actions.items():
            place = Place(pack, "actions.yaml", ("actions", name), key=True)
            if name in table.actions:
                related = [("declared here first", table.action_places[name])]
                self.findings.report(
                    "SR408", place, f"action `{name}` is already declared", "use another name, or the action as it is", related=related
                )
                continue
            table.action_places[name] = place
            table.actions[name] = ActionInfo(
                name, pack.id, declared.title, declared.meaning, declared.by, declared.protects, tuple(declared.contradicts), declared.route
            )
        routes = {name for one in packs for name in one.routes.routes}
        for name, declared in pack.actions.actions.items():
            place = Place(pack, "actions.yaml", ("actions", name))
            for i, other in enumerate(declared.contradicts):
                if other not in table.actions:
                    self.findings.report("SR402", place.at("contradicts", i), f"unknown action `{other}`", suggest(other, table.actions))
            if declared.route is not None and declared.route not in routes:
                self.findings.report(
                    "SR407",
                    place.at("route"),
                    f"unknown route `{declared.route}`",
                    suggest(declared.route, routes) or "routes stand in `routes.yaml`",
                )

    def _cite_scale(self, table: RuleTable) -> None:
        top = self.packs[0]
        for name, outcome in (top.manifest.outcomes or {}).items():
            table.cites.append((top.id, f"outcomes/{name}", outcome.cite, Place(top, "pack.yaml", ("outcomes", name))))

    def _unsettled(self, pack: Pack, linker: RuleLinker, table: RuleTable, above: WhenUnsettled | None) -> WhenUnsettled | None:
        declared = pack.manifest.when_unsettled
        if declared is None:
            return above
        place = Place(pack, "pack.yaml", ("when_unsettled",))
        table.cites.append((pack.id, "when_unsettled", declared.cite, place))
        table.places[f"{pack.id}/when_unsettled"] = place
        rank = linker.rank(declared.outcome, place.at("outcome"))
        duties = linker.duties(declared.actions, place.at("actions"), f"{pack.id}/when_unsettled")
        if rank is None:
            return above
        if rank == 0:
            self.findings.report(
                "SR507",
                place.at("outcome"),
                "`when_unsettled` must lie above the first outcome",
                "else a missing fact could lead to the mildest advice",
            )
        elif above is not None and rank < above.outcome:
            related = [("above", Place(self.packs[0], "pack.yaml", ("when_unsettled", "outcome")))]
            self.findings.report(
                "SR321",
                place.at("outcome"),
                f"`{declared.outcome}` is less protective than `when_unsettled` above",
                "a layer can only raise it",
                related=related,
            )
        part = UnsettledPart(pack.id, rank, declared.because, tuple(declared.cite))
        if above is not None:
            if not linker.in_force(declared.cite):
                return above
            return WhenUnsettled(
                max(rank, above.outcome),
                pack.id,
                " ".join(dict.fromkeys((above.because, declared.because))),
                tuple(dict.fromkeys((*above.cite, *declared.cite))),
                (*above.duties, *duties),
                (*above.given_by, *(pack.id for _ in duties)),
                (*above.parts, part),
            )
        return WhenUnsettled(rank, pack.id, declared.because, part.cite, duties, tuple(pack.id for _ in duties), (part,))

    def _routes(self, linkers: Sequence[RuleLinker], table: RuleTable) -> dict[str, tuple[RouteEntry, ...]]:
        routes: dict[str, tuple[RouteEntry, ...]] = {}
        for pack, linker in zip(self.packs, linkers, strict=True):
            for name, entries in pack.routes.routes.items():
                found = []
                for i, entry in enumerate(entries):
                    place = Place(pack, "routes.yaml", ("routes", name, i))
                    when = None if entry.when is None else linker.scope.condition(entry.when, place.at("when"))
                    if when is not None:
                        table.routes.append((when, place.at("when")))
                    if (entry.when is None or when is not None) and self.calendar.covers(entry.in_force):
                        details = {key: str(value) for key in ("phone", "web", "hours", "note") if (value := getattr(entry, key)) is not None}
                        found.append(RouteEntry(pack.id, entry.name, when, entry.emergency, details))
                routes[name] = (*(entry for entry in routes.get(name, ()) if entry.emergency), *found)
        return routes

    def _policy(
        self, table: RuleTable, facts: FactTable, register: Register, unsettled: WhenUnsettled, routes: Mapping[str, tuple[RouteEntry, ...]]
    ) -> Policy:
        top = self.packs[0]
        depth = {pack.id: i for i, pack in enumerate(self.packs)}
        rules = tuple(sorted(table.rules.values(), key=lambda rule: (depth[rule.pack], rule.id)))
        standing = tuple(sorted(table.standing.values(), key=lambda entry: (depth[entry.pack], entry.id)))
        outcomes = tuple(
            Outcome(name, outcome.title, outcome.meaning, outcome.because, tuple(outcome.cite), top.id)
            for name, outcome in (top.manifest.outcomes or {}).items()
        )
        before = [day for day in self.calendar.edges if day <= self.calendar.on]
        after = [day for day in self.calendar.edges if day > self.calendar.on]
        return Policy(
            tuple(_info(pack) for pack in self.packs),
            outcomes,
            unsettled,
            tuple(facts.infos.values()),
            tuple(facts.implications),
            rules,
            standing,
            table.actions,
            routes,
            register.statements,
            max(before, default=None),
            min(after, default=None),
            self._fingerprint(rules, register, routes),
        )

    def _fingerprint(self, rules: Sequence[PolicyRule], register: Register, routes: Mapping[str, Sequence[RouteEntry]]) -> str:
        content = {
            "language": LANGUAGE,
            "packs": [[pack.id, pack.version, pack.digest] for pack in self.packs],
            "rules": [rule.id for rule in rules],
            "statements": sorted(register.applied),
            "routes": {name: [[entry.pack, entry.name, dict(entry.details)] for entry in entries] for name, entries in routes.items()},
        }
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


def _info(pack: Pack) -> PackInfo:
    manifest = pack.manifest
    signed = manifest.sign_off is not None and manifest.sign_off.by.strip().lower() != "none yet"
    return PackInfo(
        pack.id,
        pack.version,
        pack.digest,
        manifest.title,
        manifest.layer,
        manifest.status,
        manifest.notes or "",
        manifest.review_by,
        signed,
        manifest.in_force.from_,
        manifest.in_force.until,
    )
