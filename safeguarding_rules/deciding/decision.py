"""A decision: the verdict in words a caller can use. Built at once: outcome, statuses, possible outcomes. Built when asked for: everything else.

Comes in: a Program, the facts, the verdict. Goes out: a `Decision`, immutable to its users. Promised: the same Program and facts give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from safeguarding_rules.deciding import parts as doc
from safeguarding_rules.deciding.actions import Part, Row, part_of
from safeguarding_rules.deciding.contradictions import Contradiction
from safeguarding_rules.deciding.duty_rows import DutyRows
from safeguarding_rules.deciding.knowing import Knowledge
from safeguarding_rules.deciding.program import Program
from safeguarding_rules.deciding.questions import questions
from safeguarding_rules.deciding.reasons import Reasons, nearest_changes, reasons
from safeguarding_rules.deciding.verdict import Verdict
from safeguarding_rules.deciding.words import plain

if TYPE_CHECKING:
    from safeguarding_rules.deciding.document import DecisionDocument

Grounds = tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, object, str], ...]]
"""Known facts, rules, and changes: each a fact, its other value, and the outcome."""


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

    @property
    def facts(self) -> dict[str, Any]:
        """The known facts in declared order, the reader's own copy: changing it changes nothing of the decision."""
        known = self._facts
        names = [name for name in self.program.pieces.facts if known.get(name) is not None]
        return {name: value if type(value := known[name]) in doc.PLAIN else self._canonical(name) for name in names}

    def _canonical(self, name: str) -> object:
        value = self._facts[name]
        values = self.program.space.specs[name].values
        if isinstance(value, Mapping):
            return {op: _in_order(operand, values) for op, operand in value.items()}
        return _in_order(value, values)

    @cached_property
    def rules(self) -> doc.RuleStatuses:
        """Rules that are met, presumed and open."""
        met, presumed, still_open = (tuple(part.value for part in parts) for parts in self.rule_parts)
        return doc.RuleStatuses(met=met, presumed=presumed, open=still_open)

    @cached_property
    def rule_parts(self) -> tuple[list[Part], ...]:
        """Rules that are met, presumed and open, each with its JSON."""
        verdict, pieces = self.verdict, self.program.pieces
        statuses = (verdict.met, verdict.presumed, set(verdict.open).difference(verdict.presumed) if verdict.presumed else verdict.open)
        # The most protective outcome comes first.
        return tuple([pieces.rule(i) for i in sorted(set(indexes), key=pieces.order.__getitem__)] for indexes in statuses)

    # -- duties ---------------------------------------------------------------------------------------------------------------------

    @cached_property
    def actions(self) -> tuple[doc.ActionAdvice, ...]:
        """Every duty: what applies, what is presumed, what depends on unknown facts."""
        return tuple(row.value for row in self.rows)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every duty, each with its JSON and what it was made from."""
        return DutyRows(self.program.pieces.actions, self.program, self.verdict, self._clocks, settled=self.settled).rows()

    # -- why and what next ------------------------------------------------------------------------------------------------------------

    @cached_property
    def questions(self) -> tuple[doc.Question, ...]:
        """The facts that still matter, most telling first."""
        return tuple(part.value for part in self.question_parts)

    @cached_property
    def question_parts(self) -> tuple[Part, ...]:
        """The facts that still matter, most telling first, each with its JSON."""
        pieces = self.program.pieces
        if self.contradiction is not None:
            named = dict.fromkeys(name for conflict in self.contradiction.conflicts for name in conflict)
            return tuple(pieces.question(name, tuple(self.verdict.possible), only_route=False) for name in named)
        found = questions(self.program, self.verdict)
        return tuple(pieces.question(q.fact, q.outcomes, only_route=not q.duties) for q in found)

    @cached_property
    def _reasons(self) -> Reasons:
        return reasons(self.program, self._boxes, self.verdict)

    @cached_property
    def because(self) -> doc.Because:
        """Which known facts force the least possible outcome, through which rules, and what change would give another."""
        facts, rules, changes = self.grounds
        changed = tuple(doc.Change({name: value}, outcome) for name, value, outcome in changes)
        return doc.Because(facts, rules, changed)

    @cached_property
    def grounds(self) -> Grounds:
        """What `because` says, as names of facts and rules, and each change of a fact with the outcome it gives."""
        if self.contradiction is not None:
            return tuple(dict.fromkeys(name for conflict in self.contradiction.conflicts for name in conflict)), (), ()
        found, rules = self._reasons, self.program.policy.rules
        changes = nearest_changes(self.program, self._boxes, self.verdict, found.facts)
        return found.facts, tuple(rules[i].id for i in found.rules), tuple((name, value, self._name(rank)) for name, value, rank in changes)

    @cached_property
    def citations(self) -> tuple[str, ...]:
        """Every statement the decision rests on: of rules met, presumed or settling it together, of the outcome and of `when_unsettled`."""
        policy, verdict = self.program.policy, self.verdict
        chosen = list(dict.fromkeys((*verdict.met, *verdict.presumed)))
        if not any(policy.rules[i].outcome == verdict.possible[0] for i in verdict.met) and self.contradiction is None:
            chosen += self._reasons.rules
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
        return cast(doc.PolicyStamp, self.program.pieces.policy.value)

    @cached_property
    def warnings(self) -> tuple[doc.Warning, ...]:
        """What a reader must know besides: contradictions, unconfirmed statements, drafts, overdue reviews."""
        return tuple(part.value for part in self.warning_parts)

    @cached_property
    def warning_parts(self) -> tuple[Part, ...]:
        """What a reader must know besides, each warning with its JSON."""
        pieces = self.program.pieces
        found = [part_of(one) for one in self._warnings()]
        given = (statement for row in self.rows for statement in row.template.recalled)
        recalled = tuple(dict.fromkeys([*(name for name in self.citations if name in pieces.recalled), *given]))
        return (*found, *([pieces.unconfirmed(recalled)] if recalled else []), *pieces.packs_on(self.on))

    def _warnings(self) -> Iterable[doc.Warning]:
        if self.contradiction is not None:
            for conflict in self.contradiction.conflicts:
                named = ", ".join(f"`{name}`" for name in conflict)
                message = f"these facts cannot all be true: {named}; the advice is the most protective over what can be, and never the mildest"
                yield doc.Warning("SR810", message, facts=conflict)
        if not self.exact:
            yield doc.Warning("SR814", "the exact answer needed more steps than allowed; safe bounds are shown")
        opposed = self._opposed()
        if opposed:
            yield doc.Warning("SR813", f"duties point in opposite directions: {', '.join(opposed)}; the prohibition is the safer one")

    def _opposed(self) -> list[str]:
        applies, assumed = self.verdict.applies, self.verdict.assumed
        found = []
        for one, other in self.program.pieces.opposed:
            if (applies[one] or assumed[one]) > 1 and (applies[other] or assumed[other]) > 1:
                found.append(plain(self.program.slots[one].action))
        return found

    # -- output ---------------------------------------------------------------------------------------------------------------------

    @cached_property
    def document(self) -> DecisionDocument:
        """The whole decision as a pydantic model."""
        from safeguarding_rules.deciding.document import DecisionDocument  # noqa: PLC0415  slow to load, and the JSON needs no model

        return DecisionDocument(
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
        from pydantic_core import from_json  # noqa: PLC0415  the fastest reader at hand, but slow to load

        return cast(dict[str, Any], from_json(self._text))

    def model_dump_json(self, *, indent: int | None = None) -> str:
        """The decision as JSON text. With `indent` it is for people, one at a time, and laid out by the standard library.

        That takes 4 ms for a decision that leaves nearly everything open; pydantic would need 1 ms, and 20 ms to load.
        """
        return self._text if indent is None else json.dumps(json.loads(self._text), ensure_ascii=False, indent=indent)

    def ordered_json(self) -> str:
        """The decision as JSON text with the names of every object in order and no spaces."""
        return self.program.pieces.ordered(self)

    @cached_property
    def _text(self) -> str:
        return self.program.pieces.text(self)


def _in_order(operand: object, values: Sequence[str]) -> object:
    """A list in the order of the declared values, or of its numbers; anything else as it is."""
    if not isinstance(operand, list | tuple):
        return operand
    return [value for value in values if value in operand] if values else sorted(operand)
