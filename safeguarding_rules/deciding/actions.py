"""The duties of a decision, in words and as JSON text.

Comes in: a Program and a verdict. Goes out: one row per duty, in the order to show them; of each its value, and the same as JSON. Promised: the text
is the JSON of the value. What does not hang on the case (titles, notes, citations, where a route leads) is made once for each Program and kept,
within limits; it is the same whoever makes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from safeguarding_rules.deciding import parts as doc
from safeguarding_rules.deciding.parts import compact
from safeguarding_rules.deciding.words import condition_words
from safeguarding_rules.frozen import frozen
from safeguarding_rules.language.deadlines import Deadline, due
from safeguarding_rules.linking.policy import PROHIBITIONS, STRENGTH, Duty, PolicyRule, Standing, WhenUnsettled
from safeguarding_rules.worlds.index import bits_at
from safeguarding_rules.worlds.space import BudgetExceededError

if TYPE_CHECKING:
    from safeguarding_rules.deciding.program import Program, Slot
    from safeguarding_rules.deciding.verdict import Entry, Verdict

MEMO_LIMIT = 8192

_POSITIVE = {1: "may", 2: "should", 3: "must"}
_NEGATIVE = {2: "should_not", 3: "must_not"}
_STATUS_ORDER = {"applies": 0, "presumed": 1, "depends": 2}
_MODALITY_ORDER = {"must": 0, "must_not": 1, "should": 2, "should_not": 3, "may": 4}


@frozen
class _Unsettled:
    """What `when_unsettled` gives, as if it were a standing entry."""

    id: str
    cite: tuple[str, ...]
    duties: tuple[Duty, ...]


_Giver = PolicyRule | Standing | _Unsettled


@frozen
class Part:
    """Some value of a decision, and its JSON."""

    value: Any
    text: str


def part_of(value: doc.DecisionPart) -> Part:
    """A part of a decision with its JSON."""
    return Part(value, compact(value))


@frozen
class Template:
    """A duty with who gives it: everything but where it leads, on what it depends, and what is stronger. Its JSON in two parts."""

    advice: doc.ActionAdvice
    order: tuple[int, int, int, str]
    deadlines: tuple[tuple[Deadline, str], ...]  # each with its clock
    head: str
    due: str  # the deadlines as long as no clock started
    tail: str
    recalled: tuple[str, ...]  # statements not yet confirmed; none of what only depends


class Row(NamedTuple):
    """A duty of a decision."""

    template: Template
    deadlines: Part | None  # where a clock started
    routes: Part
    depends: Part
    stronger: Part

    @property
    def value(self) -> doc.ActionAdvice:
        """The duty as a value, its own."""
        advice = self.template.advice
        deadlines = advice.deadlines if self.deadlines is None else self.deadlines.value
        return replace(advice, deadlines=deadlines, routes=self.routes.value, depends_on=self.depends.value, stronger=self.stronger.value)

    @property
    def text(self) -> str:
        """The duty as JSON."""
        template = self.template
        dues = template.due if self.deadlines is None else self.deadlines.text
        return f'{template.head}{dues}{template.tail}{self.routes.text},"depends_on":{self.depends.text},"stronger":{self.stronger.text}}}'


NONE = Part((), "[]")


class Actions:
    """Writes the duties of decisions of one Program."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._space = program.space
        self._order = {name: i for i, name in enumerate(program.policy.actions)}
        self._rules = [bits_at([index for index, _ in slot.rules]) for slot in program.slots]
        """Per slot, the rules that give to it, as bits."""
        self._facts = {info.spec.name: info for info in program.policy.facts}
        self._named = [reduce(or_, (v.block for v in program.space.variables if v.fact in named), 0) for named in program.rule_facts]
        statements = program.policy.statements
        self.recalled = frozenset(name for name, statement in statements.items() if statement.checked == "recalled")
        """The statements not yet confirmed against their source."""
        self._templates: dict[tuple[int, ...], Template] = {}
        self._stronger: dict[tuple[bool, int, int], Part] = {}
        self._depends: dict[int, Part] = {}
        self._leads: dict[tuple[str, int], Part] = {}
        self._reach = {route: self._reach_of(route) for route in program.routes}

    def rows(self, verdict: Verdict, clocks: Mapping[str, datetime], *, settled: bool) -> tuple[Row, ...]:
        """The duties of a verdict, in the order to show them."""
        return _Writing(self, self._program, verdict, clocks, settled=settled).rows()

    # -- who gives it ---------------------------------------------------------------------------------------------------------------

    def template(self, entry: Entry, verdict: Verdict, chosen: int, still_open: int, *, settled: bool) -> Template:
        """What is the same for all decisions with these givers. `chosen` are the rules that may be among them, as bits."""
        slot = self._program.slots[entry.slot]
        rules = self._rules[entry.slot] & chosen
        if entry.status == "depends":
            rank, first = verdict.possible[-1], True
        else:
            rank, first = verdict.possible[0] if settled else verdict.advice, verdict.possible[-1] == 0
        unsettled = bool(slot.unsettled) and entry.status != "depends" and not settled
        key = (
            entry.slot,
            _STATUS_ORDER[entry.status],
            entry.strength,
            rules,
            rank,
            first,
            unsettled,
            0 if rules else self._rules[entry.slot] & still_open,
        )
        found = self._templates.get(key)
        if found is None:
            standing = [i for i, _ in slot.standing if (first if self._program.standing[i].first else self._program.standing[i].rank <= rank)]
            found = self._written(entry, self._givers(entry, rules, standing, key[-1], unsettled=unsettled))
            if len(self._templates) < MEMO_LIMIT:
                self._templates[key] = found
        return found

    def _givers(self, entry: Entry, rules: int, standing: Sequence[int], together: int, *, unsettled: bool) -> list[_Giver]:
        """The rules and standing entries behind an entry; of a duty that applies, those that are presumed besides."""
        policy, slot = self._program.policy, self._program.slots[entry.slot]
        found: list[_Giver] = [policy.rules[i] for i, _ in slot.rules if rules >> i & 1]
        found += [policy.standing[i] for i in standing]
        if unsettled:
            found += _unsettled_givers(policy.when_unsettled, slot)
        return found or [policy.rules[i] for i, _ in slot.rules if together >> i & 1]  # several open rules give it together

    def _written(self, entry: Entry, givers: Sequence[_Giver]) -> Template:
        slot = self._program.slots[entry.slot]
        words = _NEGATIVE if slot.forbids else _POSITIVE
        side = set(words.values())
        duties = [d for giver in givers for d in giver.duties if (d.action, d.by) == (slot.action, slot.by) and d.modality in side]
        deadlines = {(d.deadline.text, d.clock): (d.deadline, d.clock) for d in duties if d.deadline is not None}
        advice = doc.ActionAdvice(
            action=slot.action,
            title=self._program.policy.actions[slot.action].title,
            by=cast(Any, slot.by),
            modality=cast(Any, words[entry.strength]),
            status=entry.status,
            deadlines=dues(deadlines.values(), {}),
            until=tuple(dict.fromkeys(d.until for d in duties if d.until)),
            notes=tuple(dict.fromkeys(d.note for d in duties if d.note and STRENGTH[d.modality] >= entry.strength)),
            rules=tuple(dict.fromkeys(giver.id for giver in givers)),
            citations=tuple(dict.fromkeys(statement for giver in givers for statement in giver.cite)),
        )
        order = (_STATUS_ORDER[advice.status], _MODALITY_ORDER[advice.modality], self._order[slot.action], advice.by)
        text = compact({key: getattr(advice, key) for key in ("action", "title", "by", "modality", "status")})
        rest = compact({key: getattr(advice, key) for key in ("until", "notes", "rules", "citations")})
        written = compact(advice.deadlines)
        recalled = () if advice.status == "depends" else tuple(name for name in advice.citations if name in self.recalled)
        return Template(advice, order, tuple(deadlines.values()), f'{text[:-1]},"deadlines":', written, f',{rest[1:-1]},"routes":', recalled)

    def stronger(self, entry: Entry) -> Part:
        """What is presumed, or possible, beyond the strength of an entry."""
        if not (entry.presumed or entry.possible):
            return NONE
        forbids = self._program.slots[entry.slot].forbids
        found = self._stronger.get((forbids, entry.presumed, entry.possible))
        if found is None:
            words = _NEGATIVE if forbids else _POSITIVE
            more = ((entry.presumed, "presumed"), (entry.possible, "depends"))
            values = tuple(doc.Stronger(modality=cast(Any, words[strength]), status=cast(Any, status)) for strength, status in more if strength)
            found = self._stronger[forbids, entry.presumed, entry.possible] = Part(values, compact(values))
        return found

    # -- where it leads ---------------------------------------------------------------------------------------------------------------

    def _reach_of(self, route: str) -> int:
        """The blocks that can tell where a route leads."""
        steps, space = self._program.steps, self._space
        told = [bits for _, condition in self._program.routes[route] if condition is not None for bits in condition.fails]
        return reduce(or_, (steps.reach(i) for i in space.variables_in(reduce(or_, told, 0))), 0)

    def routes(self, entry: Entry, box: int) -> Part:
        """Where the route of an entry leads; nowhere for what is forbidden."""
        slot = self._program.slots[entry.slot]
        route = None if slot.forbids else self._program.policy.actions[slot.action].route
        if route is None:
            return NONE
        key = (route, box & self._reach.get(route, 0))
        found = self._leads.get(key)
        if found is None:
            values = self._route(route, box)
            found = Part(values, compact(values))
            if len(self._leads) < MEMO_LIMIT:
                self._leads[key] = found
        return found

    def _route(self, route: str, box: int) -> tuple[doc.Route, ...]:
        """The entries that are the first to fit in some case; emergency entries wherever they can fit."""
        found = []
        earlier: list[int] = []
        space = self._space
        for entry, condition in self._program.routes.get(route, ()):
            terms = (space.full,) if condition is None else condition.boxes
            if any(self._possible(space.tighten(box & term), () if entry.emergency else earlier) for term in terms):
                certain = condition is None or condition.holds(box)
                when = None if certain or entry.when is None else condition_words(entry.when, self._facts)
                found.append(doc.Route(name=entry.name, when=when, emergency=entry.emergency, **entry.details))
            earlier += () if condition is None else condition.fails
        return tuple(dict.fromkeys(found))

    def _possible(self, box: int, forbidding: Sequence[int]) -> bool:
        """Whether some case of the box is free of the terms; on an exhausted budget, yes."""
        try:
            return bool(box and self._space.find(box, forbidding))
        except BudgetExceededError:
            return True

    # -- what it hangs on -------------------------------------------------------------------------------------------------------------

    def missing(self, index: int, box: int) -> int:
        """The blocks of the unknown facts that the terms of an open rule still need; of terms that need the same and more, the lesser ones."""
        space = self._space
        closed = {bits for term in self._program.rules[index].holds.boxes if (bits := space.meet(box, term))}
        if len(closed) > 1:
            widest_first = sorted(closed, key=int.bit_count, reverse=True)
            closed = {bits for i, bits in enumerate(widest_first) if not any(bits & ~wider == 0 for wider in widest_first[:i])}
        return reduce(or_, (box & ~bits for bits in closed), 0) & self._named[index]

    def depends(self, blocks: int) -> Part:
        """The facts that have a bit there."""
        if not blocks:
            return NONE
        space = self._space
        key = (blocks + space.ones) & space.guards
        found = self._depends.get(key)
        if found is None:
            names = tuple(dict.fromkeys(space.variables[i].fact for i in sorted(space.variables_in(blocks))))
            found = Part(names, compact(names))
            if len(self._depends) < MEMO_LIMIT:
                self._depends[key] = found
        return found


class _Writing:
    """The duties of one verdict being written."""

    def __init__(self, actions: Actions, program: Program, verdict: Verdict, clocks: Mapping[str, datetime], *, settled: bool) -> None:
        self.actions, self.program, self.verdict, self.clocks, self.settled = actions, program, verdict, clocks, settled
        self.open = bits_at(verdict.open)
        self.missing: dict[int, int] = {}
        self.raising: dict[int, int] = {}
        self.moments: dict[tuple[tuple[Deadline, str], ...], Part | None] = {}

    def rows(self) -> tuple[Row, ...]:
        """Every duty."""
        actions, verdict = self.actions, self.verdict
        presumed = bits_at(verdict.presumed)
        chosen = {"depends": self.open, "presumed": presumed, "applies": bits_at(verdict.met) | presumed}
        found = []
        for entry in verdict.entries:
            template = actions.template(entry, verdict, chosen[entry.status], self.open, settled=self.settled)
            stronger = actions.stronger(entry)
            depends = NONE if entry.status == "applies" and stronger is NONE else actions.depends(self.hangs_on(entry.slot))
            deadlines = self.deadlines(template) if self.clocks and template.deadlines else None
            found.append(Row(template, deadlines, actions.routes(entry, verdict.box), depends, stronger))
        return tuple(sorted(found, key=_shown))

    def deadlines(self, template: Template) -> Part | None:
        """When it is due; None while none of the clocks started."""
        if template.deadlines not in self.moments:
            started = any(clock in self.clocks for _, clock in template.deadlines)
            values = dues(template.deadlines, self.clocks) if started else ()
            self.moments[template.deadlines] = Part(values, compact(values)) if started else None
        return self.moments[template.deadlines]

    def hangs_on(self, number: int) -> int:
        """The blocks of the unknown facts on which the open rules hang that give to a slot."""
        slot, standing = self.program.slots[number], self.program.standing
        found = 0
        for index, _ in slot.rules:
            if self.open >> index & 1:
                found |= self.missing_for(index)
        ranks = [standing[i].rank for i, _ in slot.standing if standing[i].rank > self.verdict.possible[0]]
        if any(standing[i].first for i, _ in slot.standing):
            ranks.append(1)
        return found | self.missing_from(min(ranks)) if ranks else found

    def missing_for(self, index: int) -> int:
        """What an open rule needs."""
        if index not in self.missing:
            self.missing[index] = self.actions.missing(index, self.verdict.box)
        return self.missing[index]

    def missing_from(self, rank: int) -> int:
        """What the open rules of at least that rank need."""
        if rank not in self.raising:
            rules = self.program.rules
            self.raising[rank] = reduce(or_, (self.missing_for(i) for i in self.verdict.open if rules[i].rank >= rank), 0)
        return self.raising[rank]


def _unsettled_givers(unsettled: WhenUnsettled, slot: Slot) -> Iterator[_Unsettled]:
    """What gives a duty while facts are missing, each under the pack that states it."""
    for part in unsettled.parts:
        duties = unsettled.duties_of(part.pack)
        if any((duty.action, duty.by, duty.modality in PROHIBITIONS) == (slot.action, slot.by, slot.forbids) for duty in duties):
            yield _Unsettled(f"{part.pack}/when_unsettled", part.cite, duties)


def _shown(row: Row) -> tuple[int, int, int, str]:
    return row.template.order


def dues(deadlines: Iterable[tuple[Deadline, str]], clocks: Mapping[str, datetime]) -> tuple[doc.DueBy, ...]:
    """Deadlines, each with its clock: the first due comes first."""
    found = []
    for deadline, clock in deadlines:
        start = clocks.get(clock)
        moment = None if start is None else due(deadline, start).isoformat()
        found.append(doc.DueBy(deadline.text, clock, moment))
    return tuple(sorted(found, key=_soonest))


def _soonest(deadline: doc.DueBy) -> tuple[bool, float, str, str]:
    """Deadlines with a due time first, the earliest first."""
    moment = datetime.fromisoformat(deadline.due).timestamp() if deadline.due else 0.0
    return (deadline.due is None, moment, deadline.within, deadline.from_)
