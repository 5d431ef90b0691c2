"""The rules of a pack, grouped as its files group them: conditions in words, duties, reasons, statements beside each.

Comes in: the rules files of one pack and the names around it. Goes out: `RuleGroup`s. Must not know: how anything is decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from safeguarding_rules.language.conditions import All, parse_test
from safeguarding_rules.language.documents import Row, Rule, RulesFile, StandingEntry, Strengthening, Table
from safeguarding_rules.publishing.conditions import condition_of, maybe_condition, tree_of
from safeguarding_rules.publishing.document.links import ConditionView, Link
from safeguarding_rules.publishing.document.rules import DefinitionView, RuleGroup, RuleView, StandingView, StrengtheningView, TableView
from safeguarding_rules.publishing.naming import Names, spoken


def groups_of(names: Names) -> tuple[RuleGroup, ...]:
    """Every file of rules as a group, those that lead to the most protective outcomes first."""
    groups = [_Group(file, document, names).view() for file, document in names.pack.rules]
    return tuple(sorted(groups, key=_highest, reverse=True))


def _highest(group: RuleGroup) -> tuple[int, int]:
    """The most protective outcome of a group's rules, and how many of them have one."""
    rules = (*group.rules, *(row for table in group.tables for row in table.rows))
    outcomes = [*(rule.outcome for rule in rules), *(one.outcome for one in group.strengthens)]
    ranks = [outcome.rank for outcome in outcomes if outcome is not None]
    return max(ranks, default=0), len(ranks)


class _Group:
    def __init__(self, file: str, document: RulesFile, names: Names) -> None:
        self.file, self.document, self.names = file, document, names
        self.pack = names.pack
        self.applied = {rule.id for rule in names.policy.rules}
        self.strengthened: Mapping[str, tuple[str, ...]] = {rule.id: rule.strengthened_by for rule in names.policy.rules}

    def view(self) -> RuleGroup:
        """The whole group."""
        stem = PurePosixPath(self.file).stem
        return RuleGroup(
            self.names.link("group", stem, spoken(stem)),
            tuple(self._rule(name, rule) for name, rule in self.document.rules.items()),
            tuple(self._table(name, table) for name, table in self.document.tables.items()),
            tuple(self._standing(index, entry) for index, entry in enumerate(self.document.standing)),
            tuple(self._strengthening(name, entry) for name, entry in self.document.strengthens.items()),
            tuple(
                DefinitionView(self.names.link("definition", name, spoken(name)), condition_of(data, self.names))
                for name, data in self.document.definitions.items()
            ),
        )

    def _place(self, *path: str | int) -> str:
        span = self.pack.head(self.file, path)
        return f"{self.file}:{span.line}"

    def _state(self, name: str) -> str:
        return "" if f"{self.pack.id}/{name}" in self.applied else self.names.texts.say("page.rule.dormant")

    def _strengthened(self, name: str) -> Iterator[Link]:
        for pack in self.strengthened.get(f"{self.pack.id}/{name}", ()):
            yield self.names.link("strengthening", f"{self.pack.id}/{name}", name, pack)

    def _rule(self, name: str, rule: Rule) -> RuleView:
        names = self.names
        return RuleView(
            names.link("rule", name, rule.title),
            rule.because,
            condition_of(rule.when, names),
            maybe_condition(rule.given, names),
            maybe_condition(rule.unless, names),
            names.texts.say(f"page.unknown.{rule.if_unknown}"),
            names.maybe_outcome(rule.outcome),
            names.duties(rule.actions),
            names.cites(rule.cite),
            rule.note or "",
            tuple(names.link("rule", old, rule.title) for old in rule.formerly),
            tuple(self._strengthened(name)),
            self._state(name),
            self._place("rules", name),
        )

    # -- tables -----------------------------------------------------------------------------------------------------------------------

    def _table(self, name: str, table: Table) -> TableView:
        names = self.names
        columns = tuple(ConditionView("test", link=names.fact(fact), question=names.wording.question(fact)) for fact in table.facts)
        return TableView(
            names.link("table", name, table.title or spoken(name)),
            table.complete,
            columns,
            tuple(tuple(self._cell(row, fact) for fact in table.facts) for row in table.rows),
            tuple(self._row(name, index, table, row) for index, row in enumerate(table.rows)),
        )

    def _cell(self, row: Row, fact: str) -> str:
        """What a cell asks, in words; nothing where any answer will do."""
        tests = row.cells.get(fact, ())
        return "; ".join(self._answer(fact, test) for test in tests)

    def _answer(self, fact: str, test: object) -> str:
        view = tree_of(parse_test(fact, test), self.names)
        return view.answer

    def _row(self, name: str, index: int, table: Table, row: Row) -> RuleView:
        names = self.names
        members = tuple(parse_test(fact, test) for fact in table.facts for test in row.cells.get(fact, ()))
        full = f"{name}/{row.row}"
        return RuleView(
            names.rule(full),
            row.because,
            tree_of(All(members), names) if members else ConditionView("always", words=names.texts.say("condition.always")),
            maybe_condition(table.given, names),
            maybe_condition(table.unless, names),
            names.texts.say(f"page.unknown.{table.if_unknown}"),
            names.maybe_outcome(row.outcome),
            names.duties(row.actions),
            names.cites(row.cite),
            row.note or "",
            strengthened=tuple(self._strengthened(full)),
            state=self._state(full),
            place=self._place("tables", name, "rows", index),
        )

    # -- what follows from the outcome, and what a layer adds ---------------------------------------------------------------------------

    def _standing(self, index: int, entry: StandingEntry) -> StandingView:
        names = self.names
        outcome = names.maybe_outcome(entry.at_least or entry.when_outcome)
        kind = "always" if outcome is None else "at_least" if entry.at_least else "first"
        return StandingView(
            names.rule(f"standing/{entry.name}"),
            names.texts.say(f"page.standing.{kind}", outcome="" if outcome is None else outcome.title),
            outcome,
            entry.because,
            names.duties(entry.actions),
            names.cites(entry.cite),
            entry.note or "",
            self._place("standing", index),
        )

    def _strengthening(self, name: str, entry: Strengthening) -> StrengtheningView:
        names = self.names
        return StrengtheningView(
            names.link("strengthening", name, names.rule(name).title),
            names.rule(name),
            names.maybe_outcome(entry.outcome),
            entry.because,
            names.duties(entry.actions),
            names.cites(entry.cite),
            place=self._place("strengthens", name),
        )
