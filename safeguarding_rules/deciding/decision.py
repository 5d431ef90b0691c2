"""A decision: the verdict in words a caller can use. Built at once: outcome, statuses, possible outcomes. Built when asked for: everything else.

Comes in: a Program, the facts, the verdict. Goes out: a `Decision`, immutable to its users. Promised: the same Program and facts give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, cast

from safeguarding_rules.deciding import document as doc
from safeguarding_rules.deciding.contradictions import Contradiction
from safeguarding_rules.deciding.knowing import Knowledge
from safeguarding_rules.deciding.program import CompiledRule, Program, Slot
from safeguarding_rules.deciding.questions import questions
from safeguarding_rules.deciding.reasons import nearest_changes, reasons
from safeguarding_rules.deciding.verdict import Entry, Verdict
from safeguarding_rules.deciding.words import condition_words, plain
from safeguarding_rules.language.deadlines import due
from safeguarding_rules.linking.policy import PROHIBITIONS, STRENGTH, Duty, FactInfo, PolicyRule, Standing, WhenUnsettled
from safeguarding_rules.worlds.space import BudgetExceededError

_POSITIVE = {1: "may", 2: "should", 3: "must"}
_NEGATIVE = {2: "should_not", 3: "must_not"}
_STATUS_ORDER = {"applies": 0, "presumed": 1, "depends": 2}
_MODALITY_ORDER = {"must": 0, "must_not": 1, "should": 2, "should_not": 3, "may": 4}


@dataclass(frozen=True, slots=True)
class _Unsettled:
    """What `when_unsettled` gives, as if it were a standing entry."""

    id: str
    cite: tuple[str, ...]
    duties: tuple[Duty, ...]


_Giver = PolicyRule | Standing | _Unsettled


class Decision:
    """What policy says of one case. Attributes are those of the JSON document; `verdict` holds the numbers behind it."""

    def __init__(  # noqa: PLR0913, PLR0917  built only by a Decider
        self,
        program: Program,
        facts: Mapping[str, object],
        knowledge: Knowledge,
        verdict: Verdict,
        on: date,
        clocks: Mapping[str, datetime] | None = None,
        contradiction: Contradiction | None = None,
    ) -> None:
        self.program = program
        self.verdict = verdict
        self.on = on
        self.contradiction = contradiction
        self._facts = facts
        self._knowledge = knowledge
        self._clocks = clocks or {}

    def __repr__(self) -> str:
        return f"<Decision {self.outcome}{' settled' if self.settled else ''}{' firm' if self.firm else ''}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Decision) and self.document == other.document

    def __hash__(self) -> int:
        return hash((self.program.fingerprint, self.verdict.box))

    @cached_property
    def _boxes(self) -> dict[str, int]:
        return self._knowledge.boxes(self._facts)

    # -- the answer -----------------------------------------------------------------------------------------------------------------

    def _name(self, rank: int) -> str:
        return self.program.policy.outcomes[rank].name

    @property
    def outcome(self) -> str:
        """The advice."""
        return self._name(self.verdict.advice)

    @property
    def settled(self) -> bool:
        """Whether missing facts can no longer change the outcome."""
        return self.contradiction is None and self.verdict.settled

    @property
    def firm(self) -> bool:
        """Whether nothing missing can make the advice milder."""
        return self.contradiction is None and self.verdict.firm

    @property
    def exact(self) -> bool:
        """Whether everything is exact, not only safe bounds."""
        return self.verdict.exact

    @property
    def possible_outcomes(self) -> tuple[str, ...]:
        """The outcomes still possible, least to most protective."""
        return tuple(self._name(rank) for rank in self.verdict.possible)

    @cached_property
    def facts(self) -> dict[str, Any]:
        """The known facts in declared order."""
        declared = [info.spec.name for info in self.program.policy.facts]
        return {name: self._canonical(name) for name in declared if self._facts.get(name) is not None}

    def _canonical(self, name: str) -> object:
        value = self._facts[name]
        values = self.program.space.specs[name].values
        if isinstance(value, Mapping):
            return {op: _in_order(operand, values) for op, operand in value.items()}
        return _in_order(value, values)

    @cached_property
    def rules(self) -> doc.RuleStatuses:
        """Rules that are met, presumed and open."""
        presumed = set(self.verdict.presumed)
        return doc.RuleStatuses(
            met=self._rules(self.verdict.met),
            presumed=self._rules(presumed),
            open=self._rules(set(self.verdict.open) - presumed),
        )

    def _rules(self, indexes: Iterable[int]) -> tuple[doc.RuleStatus, ...]:
        """Rules, the most protective outcome first."""
        rules = self.program.rules
        return tuple(self._rule(i) for i in sorted(indexes, key=lambda i: (-rules[i].rank, i)))

    def _rule(self, index: int) -> doc.RuleStatus:
        rule = self.program.policy.rules[index]
        outcome = None if rule.outcome is None else self._name(rule.outcome)
        return doc.RuleStatus(rule=rule.id, title=rule.title, outcome=outcome, because=rule.because, citations=rule.cite)

    # -- duties ---------------------------------------------------------------------------------------------------------------------

    @cached_property
    def actions(self) -> tuple[doc.ActionAdvice, ...]:
        """Every duty: what applies, what is presumed, what depends on unknown facts."""
        found = [self._action(entry) for entry in self.verdict.entries]
        order = {name: i for i, name in enumerate(self.program.policy.actions)}
        return tuple(sorted(found, key=lambda a: (_STATUS_ORDER[a.status], _MODALITY_ORDER[a.modality], order[a.action], a.by)))

    def _action(self, entry: Entry) -> doc.ActionAdvice:
        slot = self.program.slots[entry.slot]
        words = _NEGATIVE if slot.forbids else _POSITIVE
        info = self.program.policy.actions[slot.action]
        givers = self._givers(entry)
        side = set(words.values())
        duties = [d for giver in givers for d in giver.duties if (d.action, d.by) == (slot.action, slot.by) and d.modality in side]
        stronger = []
        if entry.presumed:
            stronger.append(doc.Stronger(modality=cast(Any, words[entry.presumed]), status="presumed"))
        if entry.possible:
            stronger.append(doc.Stronger(modality=cast(Any, words[entry.possible]), status="depends"))
        return doc.ActionAdvice(
            action=slot.action,
            title=info.title,
            by=cast(Any, slot.by),
            modality=cast(Any, words[entry.strength]),
            status=entry.status,
            deadlines=self._deadlines(duties),
            until=tuple(dict.fromkeys(d.until for d in duties if d.until)),
            notes=tuple(dict.fromkeys(d.note for d in duties if d.note and STRENGTH[d.modality] >= entry.strength)),
            rules=tuple(dict.fromkeys(giver.id for giver in givers)),
            citations=tuple(dict.fromkeys(statement for giver in givers for statement in giver.cite)),
            routes=() if slot.forbids or info.route is None else self._routes[info.route],
            depends_on=() if entry.status == "applies" and not stronger else self._hangs_on(entry),
            stronger=tuple(stronger),
        )

    def _givers(self, entry: Entry) -> list[_Giver]:
        """The rules and standing entries behind an entry; of a duty that applies, those that are presumed besides."""
        program, verdict = self.program, self.verdict
        slot = program.slots[entry.slot]
        if entry.status == "depends":
            chosen, rank = set(verdict.open), verdict.possible[-1]
        else:
            certain = verdict.met if entry.status == "applies" else ()
            chosen, rank = {*certain, *verdict.presumed}, verdict.possible[0] if self.settled else verdict.advice
        found: list[_Giver] = [program.policy.rules[index] for index, _ in slot.rules if index in chosen]
        for index, _ in slot.standing:
            standing = program.policy.standing[index]
            if (verdict.possible[-1] == 0 or entry.status == "depends") if standing.kind == "first" else standing.outcome <= rank:
                found.append(standing)
        if slot.unsettled and entry.status != "depends" and not self.settled:
            found += _unsettled_givers(program.policy.when_unsettled, slot)
        if not found:  # several open rules give it together
            found = [program.policy.rules[i] for i, _ in slot.rules if i in set(verdict.open)]
        return found

    def _deadlines(self, duties: Iterable[Duty]) -> tuple[doc.DueBy, ...]:
        found: dict[tuple[str, str], doc.DueBy] = {}
        for duty in duties:
            if duty.deadline is not None:
                start = self._clocks.get(duty.clock)
                moment = None if start is None else due(duty.deadline, start).isoformat()
                found[duty.deadline.text, duty.clock] = doc.DueBy(within=duty.deadline.text, **{"from": duty.clock}, due=moment)
        return tuple(sorted(found.values(), key=_soonest))

    @cached_property
    def _routes(self) -> Mapping[str, tuple[doc.Route, ...]]:
        """Per route of an action that may be advised, where it leads."""
        slots = [self.program.slots[entry.slot] for entry in self.verdict.entries]
        routes = dict.fromkeys(route for slot in slots if (route := self.program.policy.actions[slot.action].route) is not None)
        return {route: self._route(route) for route in routes}

    def _route(self, route: str) -> tuple[doc.Route, ...]:
        """The entries that are the first to fit in some case; emergency entries wherever they can fit."""
        found = []
        earlier: list[int] = []
        space, box = self.program.space, self.verdict.box
        facts = {info.spec.name: info for info in self.program.policy.facts}
        for entry, condition in self.program.routes.get(route, ()):
            terms = (space.full,) if condition is None else condition.boxes
            if any(self._possible(space.tighten(box & term), () if entry.emergency else earlier) for term in terms):
                certain = condition is None or condition.holds(box)
                when = None if certain or entry.when is None else condition_words(entry.when, facts)
                found.append(doc.Route(name=entry.name, when=when, emergency=entry.emergency, **entry.details))
            earlier += () if condition is None else condition.fails
        return tuple(dict.fromkeys(found))

    def _possible(self, box: int, forbidding: Sequence[int]) -> bool:
        """Whether some case of the box is free of the terms; on an exhausted budget, yes."""
        try:
            return bool(box and self.program.space.find(box, forbidding))
        except BudgetExceededError:
            return True

    def _hangs_on(self, entry: Entry) -> tuple[str, ...]:
        """The unknown facts on which the open rules hang that give an entry."""
        slot = self.program.slots[entry.slot]
        rules: list[CompiledRule] = [self.program.rules[i] for i in self.verdict.open]
        giving = {i for i, _ in slot.rules}
        ranks = [self.program.standing[i].rank for i, _ in slot.standing if self.program.standing[i].rank > self.verdict.possible[0]]
        first = any(self.program.standing[i].first for i, _ in slot.standing)
        chosen = [r for r in rules if r.index in giving or (ranks and r.rank >= min(ranks)) or (first and r.rank > 0)]
        named = set().union(*(self._missing_for[rule.index] for rule in chosen))
        return tuple(dict.fromkeys(v.fact for v in self.program.space.variables if v.fact in named))

    @cached_property
    def _missing_for(self) -> dict[int, frozenset[str]]:
        """Per open rule, the unknown facts that its terms still need; of terms that need the same and more, the lesser ones."""
        space, box = self.program.space, self.verdict.box
        found = {}
        for index in self.verdict.open:
            closed = {bits for term in self.program.rules[index].holds.boxes if (bits := space.meet(box, term))}
            widest_first = sorted(closed, key=int.bit_count, reverse=True)
            least = [bits for i, bits in enumerate(widest_first) if not any(bits & ~wider == 0 for wider in widest_first[:i])]
            named = self.program.rule_facts[index]
            found[index] = frozenset(v.fact for v in space.variables if v.fact in named and any(box & ~bits & v.block for bits in least))
        return found

    # -- why and what next ------------------------------------------------------------------------------------------------------------

    @cached_property
    def questions(self) -> tuple[doc.Question, ...]:
        """The facts that still matter, most telling first."""
        infos = {info.spec.name: info for info in self.program.policy.facts}
        if self.contradiction is not None:
            named = dict.fromkeys(name for conflict in self.contradiction.conflicts for name in conflict)
            return tuple(self._question(infos[name], self.possible_outcomes) for name in named)
        found = questions(self.program, self.verdict)
        return tuple(self._question(infos[q.fact], tuple(self._name(rank) for rank in q.outcomes), only_route=not q.duties) for q in found)

    def _question(self, info: FactInfo, could_become: tuple[str, ...], *, only_route: bool = False) -> doc.Question:
        return doc.Question(
            fact=info.spec.name,
            ask=info.question,
            help=info.help or None,
            group=info.group or None,
            could_become=could_become,
            only_route=only_route,
        )

    @cached_property
    def because(self) -> doc.Because:
        """Which known facts force the least possible outcome, through which rules, and what change would give another."""
        if self.contradiction is not None:
            named = dict.fromkeys(name for conflict in self.contradiction.conflicts for name in conflict)
            return doc.Because(facts=tuple(named))
        found = reasons(self.program, self._boxes, self.verdict)
        changes = nearest_changes(self.program, self._boxes, self.verdict, found.facts)
        return doc.Because(
            facts=found.facts,
            rules=tuple(self.program.policy.rules[i].id for i in found.rules),
            nearest_changes=tuple(doc.Change(change={name: value}, outcome=self._name(rank)) for name, value, rank in changes),
        )

    @cached_property
    def citations(self) -> tuple[str, ...]:
        """Every statement the decision rests on: of rules met, presumed or settling it together, of the outcome and of `when_unsettled`."""
        policy, verdict = self.program.policy, self.verdict
        chosen = list(dict.fromkeys((*verdict.met, *verdict.presumed)))
        if not any(policy.rules[i].outcome == verdict.possible[0] for i in verdict.met) and self.contradiction is None:
            chosen += reasons(self.program, self._boxes, verdict).rules
        found = [statement for i in chosen for statement in policy.rules[i].cite]
        if not any(policy.rules[i].outcome == verdict.advice for i in chosen):
            found += policy.outcomes[verdict.advice].cite
        if not self.settled and verdict.advice == policy.when_unsettled.outcome:
            found += policy.when_unsettled.cite
        return tuple(dict.fromkeys(found))

    # -- stamps -----------------------------------------------------------------------------------------------------------------------

    @cached_property
    def policy(self) -> doc.PolicyStamp:
        """The packs that spoke."""
        packs = tuple(doc.PackStamp(pack=p.id, version=p.version, digest=p.digest) for p in self.program.policy.packs)
        return doc.PolicyStamp(packs=packs, fingerprint=self.program.fingerprint)

    @cached_property
    def warnings(self) -> tuple[doc.Warning, ...]:
        """What a reader must know besides: contradictions, unconfirmed statements, drafts, overdue reviews."""
        return tuple(self._warnings())

    def _warnings(self) -> Iterable[doc.Warning]:
        policy = self.program.policy
        if self.contradiction is not None:
            for conflict in self.contradiction.conflicts:
                named = ", ".join(f"`{name}`" for name in conflict)
                message = f"these facts cannot all be true: {named}; the advice is the most protective over what can be, and never the mildest"
                yield doc.Warning(code="SR810", message=message, facts=conflict)
        if not self.exact:
            yield doc.Warning(code="SR814", message="the exact answer needed more steps than allowed; safe bounds are shown")
        opposed = self._opposed()
        if opposed:
            yield doc.Warning(code="SR813", message=f"duties point in opposite directions: {', '.join(opposed)}; the prohibition is the safer one")
        given = (statement for action in self.actions if action.status != "depends" for statement in action.citations)
        recalled = tuple(s for s in dict.fromkeys((*self.citations, *given)) if s in policy.statements and policy.statements[s].checked == "recalled")
        if recalled:
            message = "the decision rests on statements not yet confirmed against their source; professional judgement and local procedure prevail"
            yield doc.Warning(code="SR811", message=message, statements=recalled)
        for pack in policy.packs:
            if not pack.in_force(self.on):
                days = f"from {pack.starts.isoformat()}" + ("" if pack.ends is None else f" until {pack.ends.isoformat()} (not included)")
                yield doc.Warning(code="SR818", message=f"`{pack.id}` {pack.version} is not in force on {self.on.isoformat()}: it is in force {days}")
            if pack.status == "draft":
                yield doc.Warning(code="SR812", message=f"`{pack.id}` {pack.version} is a draft")
            if pack.review_by is not None and pack.review_by <= self.on:
                yield doc.Warning(code="SR815", message=f"`{pack.id}` {pack.version} was to be reviewed by {pack.review_by.isoformat()}")

    def _opposed(self) -> list[str]:
        strong = {e.slot for e in self.verdict.entries if e.status != "depends" and e.strength > 1}
        slots = self.program.slots
        return [plain(slots[i].action) for i in sorted(strong) if not slots[i].forbids and slots[i].opposite in strong]

    # -- output ---------------------------------------------------------------------------------------------------------------------

    @cached_property
    def document(self) -> doc.DecisionDocument:
        """The whole decision as a pydantic model."""
        return doc.DecisionDocument(
            outcome=self.outcome,
            settled=self.settled,
            firm=self.firm,
            exact=self.exact,
            possible_outcomes=self.possible_outcomes,
            facts=self.facts,
            actions=self.actions,
            rules=self.rules,
            questions=self.questions,
            because=self.because,
            citations=self.citations,
            policy=self.policy,
            on=self.on.isoformat(),
            warnings=self.warnings,
        )

    def model_dump(self) -> dict[str, Any]:
        """The decision as plain data."""
        return self.document.model_dump(mode="json", by_alias=True)

    def model_dump_json(self, *, indent: int | None = None) -> str:
        """The decision as JSON text."""
        return self.document.model_dump_json(by_alias=True, indent=indent)


def _unsettled_givers(unsettled: WhenUnsettled, slot: Slot) -> Iterator[_Unsettled]:
    """What gives a duty while facts are missing, each under the pack that states it."""
    for part in unsettled.parts:
        duties = unsettled.duties_of(part.pack)
        if any((duty.action, duty.by, duty.modality in PROHIBITIONS) == (slot.action, slot.by, slot.forbids) for duty in duties):
            yield _Unsettled(f"{part.pack}/when_unsettled", part.cite, duties)


def _soonest(deadline: doc.DueBy) -> tuple[bool, float, str, str]:
    """Deadlines with a due time first, the earliest first."""
    moment = datetime.fromisoformat(deadline.due).timestamp() if deadline.due else 0.0
    return (deadline.due is None, moment, deadline.within, deadline.from_)


def _in_order(operand: object, values: Sequence[str]) -> object:
    """A list in the order of the declared values, or of its numbers; anything else as it is."""
    if not isinstance(operand, list | tuple):
        return operand
    return [value for value in values if value in operand] if values else sorted(operand)
