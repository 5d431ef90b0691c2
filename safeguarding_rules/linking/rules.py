"""Rules, tables, standing duties and strengthenings of a stack: names resolved, layers kept to strengthening."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from safeguarding_rules.diagnostics import suggest
from safeguarding_rules.language.conditions import All, Always, Condition, Not, all_limbs, limbs_of, parse_test
from safeguarding_rules.language.deadlines import Deadline, never_later, parse_deadline
from safeguarding_rules.language.documents import ActionItem, Row, Rule, StandingEntry, Strengthening, Table
from safeguarding_rules.language.facts import unmask
from safeguarding_rules.linking.findings import Place
from safeguarding_rules.linking.formerly import Formerly, History
from safeguarding_rules.linking.policy import PROHIBITIONS, STRENGTH, ActionInfo, Duty, PolicyRule, Standing
from safeguarding_rules.linking.scope import Scope
from safeguarding_rules.reading.pack import Pack


@dataclass
class RuleTable:
    """Everything that gives outcomes and duties, with where it stands. `cites`: per pack and reference, the statements it cites and where."""

    ranks: Mapping[str, int]
    actions: dict[str, ActionInfo] = field(default_factory=dict)
    action_places: dict[str, Place] = field(default_factory=dict)
    rules: dict[str, PolicyRule] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    rule_names: set[str] = field(default_factory=set)  # of every rule and row, in force or not
    standing: dict[str, Standing] = field(default_factory=dict)
    cites: list[tuple[str, str, Sequence[str], Place]] = field(default_factory=list)
    scopes: dict[str, Condition] = field(default_factory=dict)  # where the rows of a table are meant to apply
    routes: list[tuple[Condition, Place]] = field(default_factory=list)  # the conditions of routes
    strengthened: dict[tuple[str, str, str, bool], Place] = field(default_factory=dict)  # duties that layers gave to rules from above
    from_layers: list[tuple[str, Duty, Place]] = field(default_factory=list)  # duties of layers about actions from above, with their giver
    renamed: dict[str, str] = field(default_factory=dict)  # earlier ids of rules


@dataclass(frozen=True)
class Calendar:
    """Which day is asked about. `edges` collects every day on which something in the stack starts or ends."""

    on: date
    edges: set[date]

    def covers(self, interval: object) -> bool:
        """Whether an optional interval with `from_` and `until` covers the day."""
        if interval is None:
            return True
        start, end = getattr(interval, "from_", None), getattr(interval, "until", None)
        self.edges.update(day for day in (start, end) if day is not None)
        return (start is None or start <= self.on) and (end is None or self.on < end)


class RuleLinker:
    """Links the rules of one pack of a stack into a RuleTable."""

    def __init__(  # noqa: PLR0913  what linking one pack needs
        self, pack: Pack, table: RuleTable, scope: Scope, calendar: Calendar, applied: Collection[str], *, layer: bool
    ) -> None:
        self.pack = pack
        self.table = table
        self.scope = scope
        self.findings = scope.findings
        self.calendar = calendar
        self.applied = applied  # the statements in force; what rests on none of them is not applied
        self.layer = layer

    def link(self, history: History) -> None:
        """Declare actions, resolve definitions, then every rule, table, standing entry and strengthening of the pack."""
        self._definitions()
        for file, document in self.pack.rules:
            for name, rule in document.rules.items():
                self._rule(name, rule, Place(self.pack, file, ("rules", name)))
            for name, grid in document.tables.items():
                self._table(name, grid, Place(self.pack, file, ("tables", name)))
            for i, entry in enumerate(document.standing):
                self._standing(entry, Place(self.pack, file, ("standing", i)))
        for file, document in self.pack.rules:
            for name, strengthening in document.strengthens.items():
                self._strengthen(name, strengthening, Place(self.pack, file, ("strengthens", name)), history)

    def _definitions(self) -> None:
        raw: list[tuple[str, object, Place]] = []
        first: dict[str, Place] = {}
        for file, document in self.pack.rules:
            for name, data in document.definitions.items():
                place = Place(self.pack, file, ("definitions", name))
                if name in first:
                    key = Place(self.pack, file, ("definitions", name), key=True)
                    self.findings.report(
                        "SR408", key, f"definition `{name}` stands twice", "rename one of them", related=[("first here", first[name])]
                    )
                    continue
                first[name] = place
                raw.append((name, data, place))
        self.scope.define(raw)
        self._definition_places = first

    def unused_definitions(self) -> None:
        """Warn about definitions that nothing uses."""
        for name, place in self._definition_places.items():
            if name not in self.scope.used:
                self.findings.report("SR609", replace(place, key=True), f"definition `{name}` is never used", "take it out", severity="warning")

    # -- rules ----------------------------------------------------------------------------------------------------------------------

    def _rule(self, name: str, rule: Rule, place: Place) -> None:
        conditions = {}
        for key in ("given", "when", "unless"):
            data = getattr(rule, key)
            conditions[key] = None if data is None else self.scope.condition(data, place.at(key))
            if data is not None and conditions[key] is None:
                conditions["broken"] = Always()
        limbs = self._limbs(rule.when, rule.unless, rule.if_unknown, place)
        self._add(name, rule.title, rule, conditions, limbs, place)

    def _table(self, name: str, grid: Table, place: Place) -> None:
        shared: dict[str, Condition | None] = {}
        for key in ("given", "unless"):
            data = getattr(grid, key)
            shared[key] = None if data is None else self.scope.condition(data, place.at(key))
            if data is not None and shared[key] is None:
                shared["broken"] = Always()
        scope = [shared["given"] or Always(), *([Not(shared["unless"])] if shared["unless"] is not None else [])]
        if f"{self.pack.id}/{name}" in self.table.scopes:
            hint = "put the rows into one table, or rename one of the two"
            self.findings.report("SR408", replace(place, key=True), f"table `{name}` stands twice", hint)
        self.table.scopes[f"{self.pack.id}/{name}"] = All(tuple(scope))
        for i, row in enumerate(grid.rows):
            at = place.at("rows", i)
            raw = list(_row_tests(row))
            whens = [self._cell(fact, test, at) for fact, test in raw]
            conditions = dict(shared)
            if None in whens:
                conditions["broken"] = Always()
            members = tuple(when for when in whens if when is not None)
            conditions["when"] = All(members) if members else Always()
            title = row.title or f"{grid.title or name}: {row.row}"
            self._add(f"{name}/{row.row}", title, row, conditions, members, at, if_unknown=grid.if_unknown)

    def _cell(self, fact: str, test: object, place: Place) -> Condition | None:
        tree = parse_test(fact, test, place.path)
        return self.scope.condition({fact: test}, place) if self.scope.check(tree, place) else None

    def _limbs(self, when: object, unless: object, if_unknown: str, place: Place) -> tuple[Condition, ...]:
        if if_unknown != "presume_if_partly_met":
            return ()
        before = len(self.findings.found)
        tree = self.scope.condition(when, place.at("when"), masked=False)
        del self.findings.found[before:]
        if tree is None:
            return ()
        if unless is None and not all_limbs(tree):
            hint = "give `when` as an `all`, or an `any` of `all`s, or add an `unless`; or use `presume_met` or `ask`"
            self.findings.report("SR505", place.at("if_unknown"), "`presume_if_partly_met` needs a rule with limbs", hint)
        return tuple(unmask(limb, self.scope.facts) for limb in limbs_of(tree))

    def _add(  # noqa: PLR0913, PLR0917  what a rule and a row have in common
        self,
        name: str,
        title: str,
        rule: Rule | Row,
        conditions: Mapping[str, Condition | None],
        limbs: tuple[Condition, ...],
        place: Place,
        *,
        if_unknown: str | None = None,
    ) -> None:
        qualified = f"{self.pack.id}/{name}"
        if qualified in self.table.places:
            related = [("first here", self.table.places[qualified])]
            self.findings.report("SR408", replace(place, key=True), f"rule `{name}` stands twice", "give one of them another id", related=related)
        self.table.places.setdefault(qualified, replace(place, key=True))
        self.table.rule_names.add(qualified)
        self.table.renamed.update({f"{self.pack.id}/{old}": qualified for old in getattr(rule, "formerly", ())})
        self.table.cites.append((self.pack.id, name, rule.cite, place))
        outcome = self.rank(rule.outcome, place.at("outcome"))
        duties = self.duties(rule.actions, place.at("actions"), qualified)
        when = conditions.get("when")
        covered = self.calendar.covers(getattr(rule, "in_force", None))
        cite = self.in_force(rule.cite)
        if when is None or "broken" in conditions or not covered or not cite:
            return
        self.table.rules[qualified] = PolicyRule(
            qualified,
            self.pack.id,
            title,
            rule.because,
            cite,
            when,
            conditions.get("given"),
            conditions.get("unless"),
            if_unknown or rule.if_unknown,  # type: ignore[arg-type, union-attr]
            limbs,
            outcome,
            duties,
            rule.note,
        )

    def in_force(self, cite: Sequence[str]) -> tuple[str, ...]:
        """The statements of a citation that are in force."""
        return tuple(statement for statement in cite if statement in self.applied)

    def rank(self, name: str | None, place: Place) -> int | None:
        """The rank of an outcome, reported if it is not on the scale."""
        if name is None:
            return None
        if name not in self.table.ranks:
            hint = suggest(name, self.table.ranks) or "the scale: " + ", ".join(self.table.ranks)
            self.findings.report("SR403", place, f"unknown outcome `{name}`", hint)
            return None
        return self.table.ranks[name]

    # -- duties ---------------------------------------------------------------------------------------------------------------------

    def duties(self, items: Sequence[ActionItem], place: Place, giver: str) -> tuple[Duty, ...]:
        """The duties of a list of action items, each known and, in a layer, none that weakens. `giver`: the rule or entry they belong to."""
        found = []
        for i, item in enumerate(items):
            duty = self._duty(item, place.at(i))
            if duty is None:
                continue
            found.append(duty)
            if self.table.actions[duty.action].pack != self.pack.id:
                self.table.from_layers.append((giver, duty, place.at(i, duty.modality)))
        return tuple(found)

    def _duty(self, item: ActionItem, place: Place) -> Duty | None:
        info = self.table.actions.get(item.action)
        if info is None:
            hint = suggest(item.action, self.table.actions) or "actions are declared in `actions.yaml` of this pack or one above"
            self.findings.report("SR402", place.at(item.modality), f"unknown action `{item.action}`", hint)
            return None
        declared = [("declared here", self.table.action_places[item.action])]
        if self.layer and info.protects == "refrain" and item.modality not in PROHIBITIONS:
            hint = "a layer may only say `should_not` or `must_not` of it"
            message = f"`{item.modality}` on `{item.action}`, where protecting a child means to refrain"
            self.findings.report("SR324", place.at(item.modality), message, hint, related=declared)
        if self.layer and item.until is not None and info.pack != self.pack.id:
            hint = "take `until` out: a layer never limits a duty from above"
            self.findings.report("SR323", place.at("until"), f"a layer adds `until` to `{item.action}`, an action from above", hint, related=declared)
        deadline: Deadline | None = None
        if item.within is not None:
            deadline = parse_deadline(item.within)
        return Duty(item.action, item.by or info.by, item.modality, deadline, item.from_ or "known", item.until, item.note)

    # -- standing and strengthening ---------------------------------------------------------------------------------------------------

    def _standing(self, entry: StandingEntry, place: Place) -> None:
        qualified = f"{self.pack.id}/standing/{entry.name}"
        self.table.cites.append((self.pack.id, f"standing/{entry.name}", entry.cite, place))
        if qualified in self.table.places:
            related = [("first here", self.table.places[qualified])]
            self.findings.report("SR408", place, f"standing entry `{entry.name}` stands twice", "give one of them an `id`", related=related)
        self.table.places.setdefault(qualified, place)
        outcome = self.rank(entry.at_least or entry.when_outcome, place.at("at_least" if entry.at_least else "when_outcome")) or 0
        duties = self.duties(entry.actions, place.at("actions"), qualified)
        kind = "at_least" if entry.at_least and outcome else "first" if entry.when_outcome else "always"
        if kind == "first" and outcome:
            first = next(iter(self.table.ranks))
            hint = f"use `at_least: {entry.when_outcome}`: what a lower outcome asks for, a higher one asks for too"
            self.findings.report("SR506", place.at("when_outcome"), f"`when_outcome` is for the first outcome, `{first}`, only", hint)
        if cite := self.in_force(entry.cite):
            self.table.standing[qualified] = Standing(qualified, self.pack.id, kind, outcome, entry.because, cite, duties)  # type: ignore[arg-type]

    def _strengthen(self, name: str, entry: Strengthening, place: Place, history: History) -> None:
        key, written = replace(place, key=True), name
        if name not in self.table.rule_names:
            name = self.table.renamed.get(name, name)
        outcome = self.rank(entry.outcome, place.at("outcome"))
        duties = self.duties(entry.actions, place.at("actions"), name)
        if name not in self.table.rule_names and name not in self.table.places:
            self.findings.report("SR405", key, f"unknown rule `{name}`", suggest(name, self.table.rule_names) or "write `pack/rule`")
            return
        if not self.layer or name not in self.table.rule_names or name.startswith(f"{self.pack.id}/"):
            self.findings.report("SR327", key, f"`{name}` is not a rule of a pack above", "only a layer strengthens, and only rules from above")
            return
        self.table.cites.append((self.pack.id, written, entry.cite, place))
        rule = self.table.rules.get(name)
        cite = self.in_force(entry.cite)
        if rule is None or not cite:
            return
        formerly = Formerly(history, (name, *(old for old, new in self.table.renamed.items() if new == name)))
        if outcome is not None:
            self._check_outcome(rule, outcome, place, formerly)
        # A duty that the rule gave already is none that the layer brings.
        given = {_side(duty) for duty in rule.duties}
        self.table.from_layers = [one for one in self.table.from_layers if one[0] != name or one[2].pack != self.pack or _side(one[1]) not in given]
        merged = self._merge(rule, duties, place, formerly)
        self.table.rules[name] = replace(
            rule,
            outcome=outcome if rule.outcome is None else max(rule.outcome, outcome if outcome is not None else -1),
            duties=merged,
            because=f"{rule.because} {entry.because}",
            cite=tuple(dict.fromkeys((*rule.cite, *cite))),
            strengthened_by=(*rule.strengthened_by, self.pack.id),
        )

    def _check_outcome(self, rule: PolicyRule, outcome: int, place: Place, formerly: Formerly) -> None:
        if rule.outcome is None or outcome > rule.outcome:
            return
        names = list(self.table.ranks)
        if outcome == rule.outcome or formerly.unknown or any(self.table.ranks.get(other.outcome or "", outcome) < outcome for other in formerly):
            self._no_longer_needed(rule, place.at("outcome"), f"already has the outcome `{names[rule.outcome]}`")
            return
        message = f"`{names[outcome]}` is less protective than `{names[rule.outcome]}`, the outcome of `{rule.id}`"
        hint = "a layer can only strengthen; a milder outcome needs a new version of the pack above"
        self.findings.report("SR321", place.at("outcome"), message, hint, related=[("the rule", self.table.places[rule.id])])

    def _no_longer_needed(self, rule: PolicyRule, place: Place, words: str) -> None:
        related = [("the rule", self.table.places[rule.id])]
        self.findings.report("SR607", place, f"no longer needed: `{rule.id}` {words}", "take the line out", severity="warning", related=related)

    def _merge(self, rule: PolicyRule, duties: Sequence[Duty], place: Place, formerly: Formerly) -> tuple[Duty, ...]:
        merged = list(rule.duties)
        for i, duty in enumerate(duties):
            at = place.at("actions", i)
            same = [n for n, old in enumerate(merged) if _side(old) == _side(duty)]
            if not same:
                merged.append(duty)
                self.table.strengthened[rule.id, *_side(duty)] = at
                continue
            # Of two duties with clocks of their own, the one on the same clock is meant.
            at_same = next((n for n in same if merged[n].clock == duty.clock), same[0])
            old = merged[at_same]
            related = [("the rule", self.table.places[rule.id])]
            if STRENGTH[duty.modality] < STRENGTH[old.modality]:
                if formerly.unknown or any(STRENGTH[other.modality] < STRENGTH[duty.modality] for other in self._then(formerly, duty)):
                    self._no_longer_needed(rule, at.at(duty.modality), f"already says `{old.modality}` of `{duty.action}`")
                    continue
                message = f"`{duty.modality}` is weaker than `{old.modality}`, which `{rule.id}` says of `{duty.action}`"
                self.findings.report("SR322", at.at(duty.modality), message, "a layer can only strengthen", related=related)
                continue
            if not _no_later(duty, old):
                if formerly.unknown or any(_no_later(duty, other) for other in self._then(formerly, duty)):
                    self._no_longer_needed(rule, at.at("within"), f"already says `{old.deadline.text if old.deadline else ''}` of `{duty.action}`")
                    merged[at_same] = replace(old, modality=duty.modality)
                    continue
                message = f"`{duty.deadline.text}` from `{duty.clock}` is not always as early as `{old.deadline.text}` from `{old.clock}`"  # type: ignore[union-attr]
                hint = "a layer may shorten a deadline, from every starting moment, never lengthen it"
                self.findings.report("SR326", at.at("within"), message, hint, related=related)
                continue
            kept = duty if duty.deadline is not None else replace(duty, deadline=old.deadline, clock=old.clock)
            notes = " ".join(dict.fromkeys(note for note in (old.note, duty.note) if note))
            merged[at_same] = replace(kept, until=old.until, note=notes or None)
        return tuple(merged)

    def _then(self, formerly: Formerly, duty: Duty) -> Iterator[Duty]:
        """What other versions of the rule say of the same (action, by) in the same direction."""
        for rule in formerly:
            for item in rule.actions:
                if info := self.table.actions.get(item.action):
                    deadline = None if item.within is None else parse_deadline(item.within)
                    other = Duty(item.action, item.by or info.by, item.modality, deadline, item.from_ or "known")
                    if _side(other) == _side(duty):
                        yield other


def _side(duty: Duty) -> tuple[str, str, bool]:
    return duty.action, duty.by, duty.modality in PROHIBITIONS


def _no_later(duty: Duty, other: Duty) -> bool:
    """Whether a deadline, where both have one, is on the same clock and never later."""
    if duty.deadline is None or other.deadline is None:
        return True
    return duty.clock == other.clock and never_later(duty.deadline, other.deadline)


def _row_tests(row: Row) -> Iterator[tuple[str, object]]:
    for fact, tests in row.cells.items():
        for test in tests:
            yield fact, test
