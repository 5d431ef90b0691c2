"""A whole decision as JSON text, joined from pieces.

Comes in: a decision. Goes out: the text that the pydantic model of the decision gives. What does not hang on the case is written once for each
Program and kept, within limits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Final

from safeguarding_rules.deciding import parts as doc
from safeguarding_rules.deciding.actions import Actions, Part, in_order, part_of
from safeguarding_rules.deciding.parts import PLAIN, compact

if TYPE_CHECKING:
    from safeguarding_rules.deciding.decision import Decision
    from safeguarding_rules.deciding.program import Program

MEMO_LIMIT = 8192
DAYS_LIMIT = 512
_SAID: Final = {True: "true", False: "false"}


class Pieces:
    """What decisions of one Program are made of."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.actions = Actions(program)
        """Writes the duties."""
        policy = program.policy
        self.facts = tuple(info.spec.name for info in policy.facts)
        """The facts in declared order."""
        by_rank = sorted(range(len(program.rules)), key=lambda i: (-program.rules[i].rank, i))
        self.order = {index: place for place, index in enumerate(by_rank)}
        """Per rule its place, the most protective outcome first."""
        self.opposed = tuple((i, slot.opposite) for i, slot in enumerate(program.slots) if not slot.forbids and slot.opposite >= 0)
        """The slots of duties to do, each with the one of duties to refrain."""
        self.recalled = self.actions.recalled
        """The statements not yet confirmed against their source."""
        self._days: dict[date, tuple[Part, ...]] = {}
        self._rules: dict[int, Part] = {}
        self._questions: dict[tuple[str, tuple[int, ...], bool], Part] = {}
        self._names: dict[str, str] = {}
        self._known: dict[tuple[str, object], str] = {}

    def rule(self, index: int) -> Part:
        """A rule as a decision shows it."""
        if index not in self._rules:
            rule = self._program.policy.rules[index]
            outcome = None if rule.outcome is None else self._program.policy.outcomes[rule.outcome].name
            self._rules[index] = part_of(doc.RuleStatus(rule.id, rule.title, outcome, rule.because, rule.cite))
        return self._rules[index]

    def question(self, fact: str, could_become: tuple[int, ...], *, only_route: bool) -> Part:
        """A question, and the ranks of the outcomes that hang on it."""
        key = (fact, could_become, only_route)
        found = self._questions.get(key)
        if found is None:
            info = next(info for info in self._program.policy.facts if info.spec.name == fact)
            outcomes = tuple(self._program.policy.outcomes[rank].name for rank in could_become)
            found = part_of(doc.Question(fact, info.question, info.help or None, info.group or None, outcomes, only_route))
            if len(self._questions) < MEMO_LIMIT:
                self._questions[key] = found
        return found

    @cached_property
    def policy(self) -> Part:
        """The packs that speak."""
        packs = tuple(doc.PackStamp(pack.id, pack.version, pack.digest) for pack in self._program.policy.packs)
        return part_of(doc.PolicyStamp(packs, self._program.fingerprint))

    def unconfirmed(self, statements: tuple[str, ...]) -> Part:
        """The warning that a decision rests on statements not yet confirmed."""
        message = "the decision rests on statements not yet confirmed against their source; professional judgement and local procedure prevail"
        text = f'{{"code":"SR811","message":"{message}","statements":{self.listed(statements)},"facts":[]}}'
        return Part(doc.Warning("SR811", message, statements), text)

    def packs_on(self, day: date) -> tuple[Part, ...]:
        """The warnings about the packs on a day: drafts, packs not in force, overdue reviews."""
        found = self._days.get(day)
        if found is None:
            found = tuple(part_of(one) for one in self._about_packs(day))
            if len(self._days) < DAYS_LIMIT:
                self._days[day] = found
        return found

    def _about_packs(self, day: date) -> Iterator[doc.Warning]:
        for pack in self._program.policy.packs:
            if not pack.in_force(day):
                days = f"from {pack.starts.isoformat()}" + ("" if pack.ends is None else f" until {pack.ends.isoformat()} (not included)")
                yield doc.Warning("SR818", f"`{pack.id}` {pack.version} is not in force on {day.isoformat()}: it is in force {days}")
            if pack.status == "draft":
                yield doc.Warning("SR812", f"`{pack.id}` {pack.version} is a draft")
            if pack.review_by is not None and pack.review_by <= day:
                yield doc.Warning("SR815", f"`{pack.id}` {pack.version} was to be reviewed by {pack.review_by.isoformat()}")

    def listed(self, names: Iterable[str]) -> str:
        """Names of the policy as a JSON list."""
        known = self._names
        return f"[{','.join([known.get(name) or self._name(name) for name in names])}]"

    def _name(self, name: str) -> str:
        text = compact(name)
        if len(self._names) < MEMO_LIMIT:
            self._names[name] = text
        return text

    def known(self, facts: Mapping[str, object]) -> str:
        """The known facts as a JSON object."""
        known = self._known
        said = [
            (known.get((name, value)) or self._fact(name, value)) if type(value) in PLAIN else compact({name: value})[1:-1]
            for name, value in facts.items()
        ]
        return f"{{{','.join(said)}}}"

    def _fact(self, name: str, value: object) -> str:
        text = compact({name: value})[1:-1]
        if len(self._known) < MEMO_LIMIT:
            self._known[name, value] = text
        return text

    def text(self, decision: Decision) -> str:
        """The whole decision."""
        facts, forcing, changes = decision.grounds
        rules = decision.rule_parts
        parts = (
            f'{{"schema":"decision/1","outcome":{self.listed((decision.outcome,))[1:-1]},"settled":{_SAID[decision.settled]}',
            f'"firm":{_SAID[decision.firm]},"exact":{_SAID[decision.exact]},"possible_outcomes":{self.listed(decision.possible_outcomes)}',
            f'"facts":{self.known(decision.facts)},"actions":[{",".join([row.text for row in decision.rows])}]',
            f'"rules":{{"met":{_joined(rules[0])},"presumed":{_joined(rules[1])},"open":{_joined(rules[2])}}}',
            f'"questions":{_joined(decision.question_parts)},"because":{{"facts":{self.listed(facts)},"rules":{self.listed(forcing)}',
            f'"nearest_changes":[{",".join([self._change(*change) for change in changes])}]}}',
            f'"citations":{self.listed(decision.citations)},"policy":{self.policy.text},"on":"{decision.on.isoformat()}"',
            f'"warnings":[{",".join([part.text for part in decision.warning_parts])}]}}',
        )
        return ",".join(parts)

    def ordered(self, decision: Decision) -> str:
        """The whole decision with the names of every object in order: its canonical JSON, as long as its facts have one."""
        facts, forcing, changes = decision.grounds
        met, presumed, still_open = decision.rule_parts
        nearest = [self._change(*change) for change in changes]
        parts = (
            f'{{"actions":[{",".join([row.ordered for row in decision.rows])}]',
            f'"because":{{"facts":{self.listed(facts)},"nearest_changes":[{",".join(nearest)}],"rules":{self.listed(forcing)}}}',
            f'"citations":{self.listed(decision.citations)},"exact":{_SAID[decision.exact]},"facts":{in_order(decision.facts)}',
            f'"firm":{_SAID[decision.firm]},"on":"{decision.on.isoformat()}","outcome":{self.listed((decision.outcome,))[1:-1]}',
            f'"policy":{self.policy.ordered},"possible_outcomes":{self.listed(decision.possible_outcomes)}',
            f'"questions":{_in_order(decision.question_parts)}',
            f'"rules":{{"met":{_in_order(met)},"open":{_in_order(still_open)},"presumed":{_in_order(presumed)}}}',
            f'"schema":"decision/1","settled":{_SAID[decision.settled]},"warnings":{_in_order(decision.warning_parts)}}}',
        )
        return ",".join(parts)

    def _change(self, name: str, value: object, outcome: str) -> str:
        known = self._known.get((name, value)) or self._fact(name, value)
        return f'{{"change":{{{known}}},"outcome":{self.listed((outcome,))[1:-1]}}}'


def _joined(parts: Iterable[Part]) -> str:
    return f"[{','.join([part.text for part in parts])}]"


def _in_order(parts: Iterable[Part]) -> str:
    return f"[{','.join([part.ordered for part in parts])}]"
