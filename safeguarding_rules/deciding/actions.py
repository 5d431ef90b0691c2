"""The duties of a decision, in words and as JSON text.

Comes in: a Program and a verdict. Goes out: one row per duty, in the order to show them; of each its value, and the same as JSON. Promised: the text
is the JSON of the value. What does not hang on the case (titles, notes, citations, where a route leads) is made once for each Program and kept,
within limits; it is the same whoever makes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from safeguarding_rules.deciding import parts as doc
from safeguarding_rules.deciding.parts import compact
from safeguarding_rules.deciding.words import condition_words
from safeguarding_rules.frozen import frozen
from safeguarding_rules.language.deadlines import Deadline, due
from safeguarding_rules.linking.policy import PROHIBITIONS, STRENGTH, Duty, PolicyRule, Standing, WhenUnsettled
from safeguarding_rules.worlds.index import bits_at

if TYPE_CHECKING:
    from safeguarding_rules.deciding.program import Program, Slot
    from safeguarding_rules.deciding.verdict import Status

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


class Part:
    """Some value of a decision, and its JSON."""

    __slots__ = ("_ordered", "text", "value")

    def __init__(self, value: Any, text: str) -> None:  # noqa: ANN401  any value
        self.value, self.text = value, text
        self._ordered: str | None = None

    @property
    def ordered(self) -> str:
        """The same JSON with the names of every object in order; made when it is first asked for."""
        if self._ordered is None:
            self._ordered = in_order(json.loads(self.text))
        return self._ordered


def part_of(value: doc.DecisionPart) -> Part:
    """A part of a decision with its JSON."""
    return Part(value, compact(value))


def in_order(value: Any) -> str:  # noqa: ANN401  any JSON
    """Any JSON value as text with the names of every object in order, and no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class Between:
    """The JSON of a template with names in order: what stands before, between and after deadlines, dependence, routes and what is stronger."""

    __slots__ = ("_texts", "_whole")

    def __init__(self, whole: str) -> None:
        self._whole = whole
        self._texts: tuple[str, str, str, str, str] | None = None

    @property
    def texts(self) -> tuple[str, str, str, str, str]:
        """The five texts; made when they are first asked for."""
        if self._texts is None:
            known = json.loads(self._whole)
            names = ("action", "by", "citations"), ("modality", "notes"), ("rules", "status"), ("title", "until")
            first, second, third, last = (in_order({name: known[name] for name in part})[1:-1] for part in names)
            self._texts = f'{{{first},"deadlines":', ',"depends_on":', f',{second},"routes":', f',{third},"stronger":', f",{last}}}"
        return self._texts


@frozen
class Template:
    """A duty with who gives it: everything but where it leads, on what it depends, and what is stronger. Its JSON in two parts."""

    advice: doc.ActionAdvice
    order: tuple[int, int, int, str]
    deadlines: tuple[tuple[Deadline, str], ...]  # each with its clock
    head: str
    dues: Part  # the deadlines as long as no clock started
    tail: str
    recalled: tuple[str, ...]  # statements not yet confirmed; none of what only depends

    between: Between


class Row:
    """A duty of a decision. `deadlines` where a clock started."""

    __slots__ = ("_ordered", "_text", "deadlines", "depends", "routes", "stronger", "template")

    def __init__(self, template: Template, deadlines: Part | None, routes: Part, depends: Part, stronger: Part) -> None:
        self.template, self.deadlines, self.routes, self.depends, self.stronger = template, deadlines, routes, depends, stronger
        self._text: str | None = None
        self._ordered: str | None = None

    @property
    def value(self) -> doc.ActionAdvice:
        """The duty as a value, its own."""
        advice = self.template.advice
        deadlines = advice.deadlines if self.deadlines is None else self.deadlines.value
        return replace(advice, deadlines=deadlines, routes=self.routes.value, depends_on=self.depends.value, stronger=self.stronger.value)

    @property
    def text(self) -> str:
        """The duty as JSON."""
        if self._text is None:
            one, dues = self.template, self.dues.text
            self._text = f'{one.head}{dues}{one.tail}{self.routes.text},"depends_on":{self.depends.text},"stronger":{self.stronger.text}}}'
        return self._text

    @property
    def ordered(self) -> str:
        """The duty as JSON with the names of every object in order."""
        if self._ordered is None:
            before, depends, routes, stronger, after = self.template.between.texts
            said = f"{before}{self.dues.ordered}{depends}{self.depends.ordered}{routes}{self.routes.ordered}"
            self._ordered = f"{said}{stronger}{self.stronger.ordered}{after}"
        return self._ordered

    @property
    def dues(self) -> Part:
        """The deadlines."""
        return self.template.dues if self.deadlines is None else self.deadlines


NONE = Part((), "[]")
APPLIES, PRESUMED, DEPENDS = range(3)
_STATUSES: Final[tuple[Status, ...]] = ("applies", "presumed", "depends")


class Given(NamedTuple):
    """A duty of a decision by who gives it: rules as bits, the rank from which on standing entries count, and whether the first outcome's do.

    `together` are open rules, as bits, that give it only together.
    """

    slot: int
    status: int
    strength: int
    rules: int
    rank: int
    first: bool
    unsettled: bool
    together: int


RowKey = tuple[int, int, int, int, int, bool, bool, int, Part, Part, int]
"""What a row is made of: as in `Given`, then what is stronger, on what it depends, and what is known of the facts that choose the route."""


class Actions:
    """Writes the duties of decisions of one Program."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._space = program.space
        self._order = {name: i for i, name in enumerate(program.policy.actions)}
        self.rules = tuple(bits_at([index for index, _ in slot.rules]) for slot in program.slots)
        """Per slot, the rules that give to it, as bits."""
        self._facts = {info.spec.name: info for info in program.policy.facts}
        self._named = [reduce(or_, (v.block for v in program.space.variables if v.fact in named), 0) for named in program.rule_facts]
        statements = program.policy.statements
        self.recalled = frozenset(name for name, statement in statements.items() if statement.checked == "recalled")
        """The statements not yet confirmed against their source."""
        self._templates: dict[Given, Template] = {}
        self.rows: dict[RowKey, Row] = {}
        """Duties without a clock that started, as they were shown before."""
        self._stronger: dict[tuple[bool, int, int], Part] = {}
        self._depends: dict[int, Part] = {}
        self._leads: dict[tuple[str, int], Part] = {}
        self._missing: dict[tuple[int, int], int] = {}
        reach = program.steps.reach
        about = [program.space.variables_in(reduce(or_, blocks, 0)) for blocks in program.index.blocks]
        self._near = tuple(reduce(or_, [reach(i) for i in variables], 0) for variables in about)
        """Per rule, the blocks that it says something about, and those that constraints connect to them."""
        told = program.contacts.reach
        led = [None if slot.forbids else program.policy.actions[slot.action].route for slot in program.slots]
        self.led = tuple(None if route is None else (route, told.get(route, 0)) for route in led)
        """Per slot the route of its action, and the blocks that can tell where it leads; None for what is forbidden, too."""

    # -- who gives it ---------------------------------------------------------------------------------------------------------------

    def template(self, key: Given) -> Template:
        """What is the same for all decisions with these givers."""
        found = self._templates.get(key)
        if found is None:
            slot, standing = self._program.slots[key.slot], self._program.standing
            given = [i for i, _ in slot.standing if (key.first if standing[i].first else standing[i].rank <= key.rank)]
            found = self._written(key, self._givers(key, given))
            if len(self._templates) < MEMO_LIMIT:
                self._templates[key] = found
        return found

    def _givers(self, key: Given, standing: Sequence[int]) -> list[_Giver]:
        """The rules and standing entries behind an entry; of a duty that applies, those that are presumed besides."""
        policy, slot = self._program.policy, self._program.slots[key.slot]
        found: list[_Giver] = [policy.rules[i] for i, _ in slot.rules if key.rules >> i & 1]
        found += [policy.standing[i] for i in standing]
        if key.unsettled:
            found += _unsettled_givers(policy.when_unsettled, slot)
        return found or [policy.rules[i] for i, _ in slot.rules if key.together >> i & 1]  # several open rules give it together

    def _written(self, key: Given, givers: Sequence[_Giver]) -> Template:
        slot = self._program.slots[key.slot]
        words = _NEGATIVE if slot.forbids else _POSITIVE
        side = set(words.values())
        duties = [d for giver in givers for d in giver.duties if (d.action, d.by) == (slot.action, slot.by) and d.modality in side]
        deadlines = {(d.deadline.text, d.clock): (d.deadline, d.clock) for d in duties if d.deadline is not None}
        advice = doc.ActionAdvice(
            action=slot.action,
            title=self._program.policy.actions[slot.action].title,
            by=cast(Any, slot.by),
            modality=cast(Any, words[key.strength]),
            status=_STATUSES[key.status],
            deadlines=dues(deadlines.values(), {}),
            until=tuple(dict.fromkeys(d.until for d in duties if d.until)),
            notes=tuple(dict.fromkeys(d.note for d in duties if d.note and STRENGTH[d.modality] >= key.strength)),
            rules=tuple(dict.fromkeys(giver.id for giver in givers)),
            citations=tuple(dict.fromkeys(statement for giver in givers for statement in giver.cite)),
        )
        order = (_STATUS_ORDER[advice.status], _MODALITY_ORDER[advice.modality], self._order[slot.action], advice.by)
        text = compact({key: getattr(advice, key) for key in ("action", "title", "by", "modality", "status")})
        rest = compact({key: getattr(advice, key) for key in ("until", "notes", "rules", "citations")})
        written = Part(advice.deadlines, compact(advice.deadlines))
        recalled = () if advice.status == "depends" else tuple(name for name in advice.citations if name in self.recalled)
        head, tail = f'{text[:-1]},"deadlines":', f',{rest[1:-1]},"routes":'
        return Template(advice, order, tuple(deadlines.values()), head, written, tail, recalled, Between(f"{head}[]{tail}[]}}"))

    def stronger(self, slot: int, presumed: int, possible: int) -> Part:
        """What is presumed, or possible, beyond the strength of an entry; 0 for none."""
        forbids = self._program.slots[slot].forbids
        found = self._stronger.get((forbids, presumed, possible))
        if found is None:
            words = _NEGATIVE if forbids else _POSITIVE
            more = ((presumed, "presumed"), (possible, "depends"))
            values = tuple(doc.Stronger(modality=cast(Any, words[strength]), status=cast(Any, status)) for strength, status in more if strength)
            found = self._stronger[forbids, presumed, possible] = Part(values, compact(values))
        return found

    # -- where it leads ---------------------------------------------------------------------------------------------------------------

    def routes(self, route: str, box: int, told: int) -> Part:
        """Where a route leads in a box; `told` is what the box says of the blocks that can tell."""
        found = self._leads.get((route, told))
        if found is None:
            values = self._route(route, box)
            found = Part(values, compact(values))
            if len(self._leads) < MEMO_LIMIT:
                self._leads[route, told] = found
        return found

    def _route(self, route: str, box: int) -> tuple[doc.Route, ...]:
        found = []
        for entry, condition in self._program.contacts.fitting(route, box):
            certain = condition is None or condition.holds(box)
            when = None if certain or entry.when is None else condition_words(entry.when, self._facts)
            found.append(doc.Route(name=entry.name, when=when, emergency=entry.emergency, **entry.details))
        return tuple(dict.fromkeys(found))

    # -- what it hangs on -------------------------------------------------------------------------------------------------------------

    def missing(self, index: int, box: int) -> int:
        """The blocks of the unknown facts that the terms of an open rule still need; of terms that need the same and more, the lesser ones."""
        key = (index, box & self._near[index])
        found = self._missing.get(key)
        if found is None:
            found = self._needed(index, box)
            if len(self._missing) < MEMO_LIMIT:
                self._missing[key] = found
        return found

    def _needed(self, index: int, box: int) -> int:
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


def _unsettled_givers(unsettled: WhenUnsettled, slot: Slot) -> Iterator[_Unsettled]:
    """What gives a duty while facts are missing, each under the pack that states it."""
    for part in unsettled.parts:
        duties = unsettled.duties_of(part.pack)
        if any((duty.action, duty.by, duty.modality in PROHIBITIONS) == (slot.action, slot.by, slot.forbids) for duty in duties):
            yield _Unsettled(f"{part.pack}/when_unsettled", part.cite, duties)


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
