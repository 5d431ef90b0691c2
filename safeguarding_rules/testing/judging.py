"""What a decision lacks of what a case expects, in words that a policy officer can read.

In: an expectation and the decision that came. Out: one `Miss` per unmet expectation: what was expected, what came, and why.
Source: docs/reference/language.md, "cases".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.deciding.parts import ActionAdvice, RuleStatus
from safeguarding_rules.deciding.words import condition_words
from safeguarding_rules.language.conditions import tests_of
from safeguarding_rules.language.deadlines import never_later, parse_deadline
from safeguarding_rules.language.documents import Expectation, NamedAction, TimedAction
from safeguarding_rules.linking.cases import holds_of
from safeguarding_rules.linking.policy import PROHIBITIONS, STRENGTH, PolicyRule

PERSONS = {"dsl": "the DSL", "headteacher": "the headteacher", "other_staff": "other staff", "setting": "the setting"}
MOST_RULES = 4
"""How many rules are named of those that could have brought what was expected."""
STRENGTHS = {"must": "must", "should": "should", "may": "may", "should_not": "should not", "must_not": "must not"}


@dataclass(frozen=True, slots=True)
class Miss:
    """One expectation that was not met. `about` is its key in `expect`."""

    about: str
    expected: str
    came: str
    why: tuple[str, ...] = ()


def judge(expect: Expectation, decision: Decision, pack: str) -> tuple[Miss, ...]:
    """Return every expectation that the decision does not meet; rules without a pack's name are those of `pack`."""
    judging = _Judging(decision, pack)
    misses = [
        *judging.outcome(expect),
        *judging.states(expect),
        *(miss for item in expect.actions if (miss := judging.stands(item)) is not None),
        *(miss for item in expect.never if (miss := judging.never(item)) is not None),
        *(miss for name in expect.rules if (miss := judging.rule(name, "met")) is not None),
        *(miss for name in expect.presumed if (miss := judging.rule(name, "presumed")) is not None),
        *(miss for name in expect.not_met if (miss := judging.rule(name, "not met")) is not None),
        *judging.asks(expect),
    ]
    return tuple(misses)


class _Judging:
    def __init__(self, decision: Decision, pack: str) -> None:
        self.decision = decision
        self.pack = pack
        self.policy = decision.program.policy
        self.ranks = {outcome.name: rank for rank, outcome in enumerate(self.policy.outcomes)}
        self.titles = {outcome.name: outcome.title for outcome in self.policy.outcomes}

    # -- outcome --------------------------------------------------------------------------------------------------------------------

    def outcome(self, expect: Expectation) -> Iterator[Miss]:
        """Check `outcome`, `outcome_at_least` and `outcome_at_most`."""
        came = self.ranks[self.decision.outcome]
        bounds: tuple[tuple[str, str | None, str, Callable[[int], bool]], ...] = (
            ("outcome", expect.outcome, "", lambda rank: came == rank),
            ("outcome_at_least", expect.outcome_at_least, " or more protective", lambda rank: came >= rank),
            ("outcome_at_most", expect.outcome_at_most, " or less protective", lambda rank: came <= rank),
        )
        for about, name, addition, fits in bounds:
            if name is not None and not fits(self.ranks[name]):
                reasons = self._too_mild(self.ranks[name]) if came < self.ranks[name] else self._too_strong(self.ranks[name])
                yield Miss(about, self._titled(name) + addition, self._advice(), tuple(reasons))

    def _titled(self, name: str) -> str:
        return f"`{name}` ({self.titles[name]})"

    def _advice(self) -> str:
        decision = self.decision
        others = [name for name in decision.possible_outcomes if name != decision.outcome]
        could = f"; missing facts could still make it {_listed(f'`{name}`' for name in others)}" if others else ""
        return self._titled(decision.outcome) + could

    def _too_mild(self, wanted: int) -> Iterator[str]:
        still_open = [one for one in self.decision.rules.open if one.outcome is not None and self.ranks[one.outcome] >= wanted]
        if not still_open:
            yield f"no rule that asks for `{self.policy.outcomes[wanted].name}` or more holds, or could hold, in this case"
        rules = {rule.id: rule for rule in self.policy.rules}

        def nearest(one: RuleStatus) -> tuple[bool, int]:
            known = any(test.fact in self.decision.facts for test in tests_of(holds_of(rules[one.rule])))
            return not known, self.ranks[one.outcome or ""]

        for one in sorted(still_open, key=nearest)[:MOST_RULES]:
            more = "" if self.ranks[one.outcome or ""] == wanted else "more than "
            yield f"{self._rule_words(one)} asks for {more}it, and is open: it {self._waits(one.rule)}"
        if len(still_open) > MOST_RULES:
            yield f"{len(still_open) - MOST_RULES} more rules that ask for it or more are open"

    def _too_strong(self, wanted: int) -> Iterator[str]:
        decision = self.decision
        for words, rules in (("is met", decision.rules.met), ("is presumed", decision.rules.presumed)):
            for one in rules:
                if one.outcome is not None and self.ranks[one.outcome] > wanted:
                    yield f"{self._rule_words(one)} {words} and asks for `{one.outcome}`"
        unsettled = self.policy.when_unsettled
        if not decision.settled and unsettled.outcome > wanted:
            least = self.policy.outcomes[unsettled.outcome].name
            yield f"while missing facts could still change the outcome, the advice is at least `{least}`; missing: {self._missing()}"

    def _missing(self) -> str:
        facts = [question.fact for question in self.decision.questions if question.could_become]
        return _listed((f"`{fact}`" for fact in facts), most=8) or "nothing that has a question"

    # -- settled, firm, possible outcomes --------------------------------------------------------------------------------------------

    def states(self, expect: Expectation) -> Iterator[Miss]:
        """Check `settled`, `firm` and `possible_outcomes`."""
        decision = self.decision
        could = f"the outcomes still possible are {_listed(f'`{name}`' for name in decision.possible_outcomes)}"
        if expect.settled is not None and expect.settled != decision.settled:
            why = [could] if decision.settled else [could, f"missing: {self._missing()}"]
            yield Miss("settled", _word("settled", holds=expect.settled), _word("settled", holds=decision.settled), tuple(why))
        if expect.firm is not None and expect.firm != decision.firm:
            yield Miss("firm", _word("firm", holds=expect.firm), _word("firm", holds=decision.firm), (could, f"the advice is `{decision.outcome}`"))
        if expect.possible_outcomes is not None and set(expect.possible_outcomes) != set(decision.possible_outcomes):
            expected = _listed(f"`{name}`" for name in sorted(expect.possible_outcomes, key=lambda name: self.ranks[name]))
            yield Miss("possible_outcomes", f"possible: {expected}", f"possible: {_listed(f'`{name}`' for name in decision.possible_outcomes)}")

    # -- actions --------------------------------------------------------------------------------------------------------------------

    def stands(self, item: TimedAction) -> Miss | None:
        """Check that an action applies or is presumed at least that strongly and that soon, in the same direction, by the person named or anyone."""
        entries = self._entries(item)
        strong = [entry for entry in entries if _advised(entry) >= STRENGTH[item.modality]]
        if any(_in_time(entry, item) for entry in strong):
            return None
        why = [self._entry_reason(entry) for entry in entries]
        if strong:
            return Miss("actions", self._item_words(item), _listed(map(self._timed_words, strong)), tuple(why))
        if not entries:
            why.append(f"no rule that could hold in this case gives `{item.action}` in this direction")
        why += [f"against it stands {self._entry_reason(entry)}" for entry in self._entries(item, opposite=True) if _advised(entry)]
        came = _listed(self._entry_words(entry) for entry in entries) or "nothing of the kind"
        return Miss("actions", self._item_words(item), came, tuple(why))

    def never(self, item: NamedAction) -> Miss | None:
        """Check that an action is nowhere advised so, or more strongly."""
        found = [entry for entry in self._entries(item) if _advised(entry) >= STRENGTH[item.modality]]
        if not found:
            return None
        came = _listed(self._entry_words(entry) for entry in found)
        return Miss("never", f"never: {self._item_words(item)}", came, tuple(self._entry_reason(entry) for entry in found))

    def _entries(self, item: NamedAction, *, opposite: bool = False) -> list[ActionAdvice]:
        forbids = (item.modality in PROHIBITIONS) != opposite
        same = [entry for entry in self.decision.actions if entry.action == item.action and (entry.modality in PROHIBITIONS) == forbids]
        return [entry for entry in same if item.by is None or entry.by == item.by]

    def _item_words(self, item: NamedAction) -> str:
        title = self.policy.actions[item.action].title
        who = "" if item.by is None else f" by {PERSONS[item.by]}"
        when = f", {_due_words(item.within, item.from_ or 'known')}" if isinstance(item, TimedAction) and item.within is not None else ""
        return f"{STRENGTHS[item.modality]} `{item.action}` ({title}){who}{when}"

    def _timed_words(self, entry: ActionAdvice) -> str:
        due = _listed(_due_words(one.within, one.from_) for one in entry.deadlines)
        return f"{self._entry_words(entry)}, {due or 'without a deadline'}"

    def _entry_words(self, entry: ActionAdvice) -> str:
        strongest = next((one for one in entry.stronger if one.status == "presumed"), None)
        words = f"{STRENGTHS[entry.modality]} `{entry.action}`, by {PERSONS[entry.by]}"
        if entry.status == "presumed":
            words += ", presumed"
        elif entry.status == "depends":
            words += ", but only if missing facts say so"
        return words if strongest is None else f"{words}; {STRENGTHS[strongest.modality]} is presumed"

    def _entry_reason(self, entry: ActionAdvice) -> str:
        given = f"{self._entry_words(entry)}: given by {_listed(_quoted(entry.rules)) or '`when_unsettled`'}"
        return f"{given}; missing: {_listed(_quoted(entry.depends_on), most=8)}" if entry.depends_on else given

    # -- rules and questions -----------------------------------------------------------------------------------------------------------

    def rule(self, name: str, status: str) -> Miss | None:
        """Check that a rule is met, presumed, or not met."""
        qualified = name if any(rule.id == name for rule in self.policy.rules) else f"{self.pack}/{name}"
        rules = self.decision.rules
        now = next((label for label in ("met", "presumed", "open") if any(one.rule == qualified for one in getattr(rules, label))), "not met")
        if now == status:
            return None
        known = next((rule for rule in self.policy.rules if rule.id == qualified), None)
        if known is None:
            reason = "it is not in force on this day"
        elif now == "met":
            reason = "the facts of the case meet it" + (", so there is nothing to presume" if status == "presumed" else "")
        elif now in ("open", "presumed"):
            reason = f"it {self._waits(qualified)}"
        else:
            words = condition_words(holds_of(known), {info.spec.name: info for info in self.policy.facts})
            reason = f"it holds when: {words}; {self._said(known)}"
        return Miss({"met": "rules", "presumed": "presumed"}.get(status, "not_met"), f"rule `{qualified}` is {status}", f"it is {now}", (reason,))

    def asks(self, expect: Expectation) -> Iterator[Miss]:
        """Check that facts are among the questions."""
        if not expect.asks:
            return
        asked = [question.fact for question in self.decision.questions]
        for name in expect.asks:
            if name not in asked:
                known = self.decision.facts.get(name)
                reason = "no answer to it could change the outcome or a duty" if known is None else f"the case says what it is: {_value(known)}"
                yield Miss("asks", f"`{name}` is asked", f"asked: {_listed(_quoted(asked), most=8) or 'nothing'}", (reason,))

    def _rule_words(self, one: RuleStatus) -> str:
        return f"rule `{one.rule}` ({one.title})"

    def _waits(self, rule: str) -> str:
        unknown = self._unknown(next(one for one in self.policy.rules if one.id == rule))
        return f"waits for {_listed(_quoted(unknown), most=8)}" if unknown else "hangs on what the facts together leave open"

    def _said(self, rule: PolicyRule) -> str:
        facts = self.decision.facts
        known = [f"`{name}: {_value(facts[name])}`" for name in dict.fromkeys(test.fact for test in tests_of(holds_of(rule))) if name in facts]
        return f"the case says {_listed(known, most=8)}" if known else "what else is known of the case rules it out"

    def _unknown(self, rule: PolicyRule) -> list[str]:
        return [name for name in dict.fromkeys(test.fact for test in tests_of(holds_of(rule))) if name not in self.decision.facts]


def _advised(entry: ActionAdvice) -> int:
    """How strongly an entry is advised: as it applies or is presumed, or as something stronger is presumed."""
    presumed = [STRENGTH[one.modality] for one in entry.stronger if one.status == "presumed"]
    return max([0 if entry.status == "depends" else STRENGTH[entry.modality], *presumed])


def _in_time(entry: ActionAdvice, item: TimedAction) -> bool:
    """Whether an entry has a deadline at least as soon as the one that is expected, counted from the same moment."""
    if item.within is None:
        return True
    wanted, clock = parse_deadline(item.within), item.from_ or "known"
    return any(one.from_ == clock and never_later(parse_deadline(one.within), wanted) for one in entry.deadlines)


def _due_words(within: str, clock: str) -> str:
    return f"within `{within}`" + ("" if clock == "known" else f" from `{clock}`")


def _value(value: object) -> str:
    """A known value as it is written in a case."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_value(inner)}" for key, inner in value.items()) + "}"
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list | tuple) else str(value)


def _word(word: str, *, holds: bool) -> str:
    return word if holds else f"not {word}"


def _quoted(names: Iterable[str]) -> list[str]:
    return [f"`{name}`" for name in names]


def _listed(items: Iterable[str], most: int = 0) -> str:
    """Join as words do: a, b and c; only the first `most` where that is given."""
    parts = list(items)
    if most and len(parts) > most:
        parts = [*parts[:most], f"{len(parts) - most} more"]
    return " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part) if parts else ""
