"""Names and types in what is never decided with: invariants, accepted findings and cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from safeguarding_rules.diagnostics import CODES, PackError, suggest
from safeguarding_rules.language.documents import CasesFile, Expectation, Invariant, NamedAction
from safeguarding_rules.language.known import known_problem
from safeguarding_rules.linking.facts import FactTable
from safeguarding_rules.linking.findings import Findings, Place
from safeguarding_rules.linking.register import Register
from safeguarding_rules.linking.rules import RuleLinker, RuleTable

# What is wrong with a fact of a vignette is a finding about the pack, not about a case somebody decides.
_CODES = {"SR803": "SR501", "SR804": "SR504", "SR805": "SR502", "SR806": "SR503"}


@dataclass(frozen=True, slots=True)
class Names:
    """Every name of the stack, and where findings go."""

    table: RuleTable
    facts: FactTable
    register: Register
    findings: Findings


def check_expectations(linkers: Sequence[RuleLinker], names: Names) -> None:
    """Check every invariant and case of the stack's packs."""
    for linker in linkers:
        pack, findings = linker.pack, names.findings
        checker = _Checker(linker, names)
        for name, invariant in pack.invariants.invariants.items():
            checker.invariant(invariant, Place(pack, "invariants.yaml", ("invariants", name)))
        for i, accepted in enumerate(pack.invariants.accepted):
            if accepted.finding not in CODES:
                place = Place(pack, "invariants.yaml", ("accepted", i, "finding"))
                findings.report("SR412", place, f"unknown finding `{accepted.finding}`", suggest(accepted.finding, CODES))
        try:
            documents = pack.cases()
        except PackError as error:
            findings.found.extend(error.diagnostics)
            continue
        for file, document in documents:
            checker.cases(document, file)


class _Checker:
    def __init__(self, linker: RuleLinker, names: Names) -> None:
        self.pack = linker.pack
        self.linker = linker
        self.table = names.table
        self.facts = names.facts
        self.register = names.register
        self.findings = names.findings

    def invariant(self, invariant: Invariant, place: Place) -> None:
        """Check the names of one invariant."""
        if invariant.whenever is not None:
            self.linker.scope.condition(invariant.whenever, place.at("whenever"))
        for key in ("while_unknown", "must_not_matter"):
            for i, name in enumerate(getattr(invariant, key) or ()):
                self._fact(name, place.at(key, i))
        for key in ("reachable", "outcome_at_least", "outcome_at_most"):
            self.linker.rank(getattr(invariant, key), place.at(key))
        for key in ("must", "should", "must_not", "should_not", "except_for"):
            for i, name in enumerate(getattr(invariant, key) or ()):
                self._action(name, place.at(key, i))
        self._named(invariant.never or (), place.at("never"))
        self._statements(invariant.cite or (), place.at("cite"))

    def cases(self, document: CasesFile, file: str) -> None:
        """Check the facts, outcomes, actions and rules of a file of cases."""
        for name, known in document.starting_points.items():
            self._known(known, Place(self.pack, file, ("starting_points", name)))
        for name, case in document.cases.items():
            place = Place(self.pack, file, ("cases", name))
            self._known(case.facts, place.at("facts"))
            self._expectation(case.expect, place.at("expect"))
            statements = [(i, s) for i, s in enumerate(case.follows_from) if not _is_working_rule(s)]
            for i, statement in statements:
                self._statement(statement, place.at("follows_from", i))

    def _known(self, known: Mapping[str, object], place: Place) -> None:
        for name, value in known.items():
            if self._fact(name, place.at(name, key=True)) and value is not None:
                problem = known_problem(self.facts.infos[name].spec, value)
                if problem is not None:
                    self.findings.report(_CODES[problem.code], place.at(name), f"`{name}`: {problem.message}", problem.help)

    def _expectation(self, expect: Expectation, place: Place) -> None:
        for key in ("outcome", "outcome_at_least", "outcome_at_most"):
            self.linker.rank(getattr(expect, key), place.at(key))
        for i, name in enumerate(expect.possible_outcomes or ()):
            self.linker.rank(name, place.at("possible_outcomes", i))
        self._named(expect.actions, place.at("actions"))
        self._named(expect.never, place.at("never"))
        for key in ("rules", "presumed", "not_met"):
            for i, name in enumerate(getattr(expect, key)):
                if name not in self.table.places and f"{self.pack.id}/{name}" not in self.table.places:
                    known = [r.removeprefix(f"{self.pack.id}/") for r in self.table.places]
                    self.findings.report("SR405", place.at(key, i), f"unknown rule `{name}`", suggest(name, known))
        for i, name in enumerate(expect.asks):
            self._fact(name, place.at("asks", i))

    def _fact(self, name: str, place: Place) -> bool:
        if name in self.facts.infos:
            return True
        self.findings.report("SR414", place, f"unknown fact `{name}`", suggest(name, self.facts.infos))
        return False

    def _action(self, name: str, place: Place) -> None:
        if name not in self.table.actions:
            self.findings.report("SR402", place, f"unknown action `{name}`", suggest(name, self.table.actions))

    def _named(self, items: Sequence[NamedAction], place: Place) -> None:
        for i, item in enumerate(items):
            self._action(item.action, place.at(i, item.modality))

    def _statements(self, names: Sequence[str], place: Place) -> None:
        for i, name in enumerate(names):
            self._statement(name, place.at(i))

    def _statement(self, name: str, place: Place) -> None:
        if name not in self.register.statements:
            self.findings.report("SR406", place, f"unknown statement `{name}`", suggest(name, self.register.statements))


def _is_working_rule(name: str) -> bool:
    """Whether a case names one of the working rules U1, U2, … instead of a statement."""
    return name.startswith("U") and name[1:].isdigit()
