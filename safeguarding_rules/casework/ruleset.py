"""A Program as a ruleset of durable-rules.

Comes in: a Program. Goes out: a `Ruleset`: rules as data, each a list of facts that must or must not be there, and the facts it derives. Promised: of
the cells ruled out, the rules derive exactly what the compiled engine finds: what follows (propagation), which rules are met or can never hold, and
the outcome advised. Must not know: durable-rules itself.

Facts: `out` a cell ruled out · `sure` a condition that holds in every possible case · `never` one that holds in none · `floor` an outcome that the
advice does not fall below · `part` some of the
facts that a rule needs together · `round` and `ask` start propagation and advice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from safeguarding_rules.casework.implicants import Certainty
from safeguarding_rules.deciding.program import CompiledRule, Program
from safeguarding_rules.worlds.sums import Sum

Told = tuple[str, int]  # the kind of fact, and its number
LONGEST = 8
CONTRADICTION: Told = ("sure", 0)


@dataclass(frozen=True, slots=True)
class ForwardRule:
    """Where all of `given` and none of `absent` is known, `derives` follows. `last` rules wait until the advice is asked for."""

    given: tuple[Told, ...]
    derives: tuple[Told, ...]
    absent: tuple[Told, ...] = ()
    last: bool = False


@dataclass
class Ruleset:
    """The rules of one Program; `met` names the fact that says a rule is met."""

    rules: list[ForwardRule] = field(default_factory=list)
    met: dict[int, Told] = field(default_factory=dict)


def translate(program: Program) -> Ruleset:
    """The ruleset of a Program. Raises TooManyTermsError for a policy too intricate to be written out so."""
    return _Translation(program).ruleset()


class _Translation:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.space = program.space
        self.certainty = Certainty(program.space)
        self.rules: list[ForwardRule] = []
        self.numbers: dict[object, Told] = {}

    def ruleset(self) -> Ruleset:
        self.propagation()
        for box in self.certainty.contradictions:
            self.rules.append(ForwardRule(self.outside(box), (CONTRADICTION,)))
        met = {rule.index: self.sure(rule.holds) for rule in self.program.rules}
        self.advice()
        return Ruleset([short for rule in self.rules for short in self.shortened(rule)], met)

    def shortened(self, rule: ForwardRule) -> Iterator[ForwardRule]:
        """The rule, with conditions of its own for stretches of a long list: durable-rules takes only short ones."""
        given = rule.given
        while len(given) > LONGEST:
            parts = []
            for stretch in (given[i : i + LONGEST] for i in range(0, len(given), LONGEST)):
                if ("part", stretch) not in self.numbers:
                    self.numbers["part", stretch] = ("part", len(self.numbers) + 1)
                    yield ForwardRule(stretch, (self.numbers["part", stretch],))
                parts.append(self.numbers["part", stretch])
            given = tuple(parts)
        yield replace(rule, given=given)

    # -- facts ----------------------------------------------------------------------------------------------------------------------

    def outside(self, box: int) -> tuple[Told, ...]:
        """The cells that are ruled out where a box contains what is possible."""
        bits = self.space.start & ~box
        return tuple(("out", i) for i in range(bits.bit_length()) if bits >> i & 1)

    def sure(self, condition: Sum | Iterable[int]) -> Told:
        """The fact that a condition holds in every possible case."""
        terms = self.terms(condition) if isinstance(condition, Sum) else frozenset(condition)
        return self.numbered("sure", terms, (self.outside(box) for box in self.certainty.of(terms)))

    def never(self, condition: Sum) -> Told:
        """The fact that a condition holds in no possible case: each of its terms is out."""
        terms = self.terms(condition)
        dead = [self.numbered("sure", ("fails", term), (self.outside(box) for box in self.certainty.of_failing(term))) for term in sorted(terms)]
        return self.numbered("never", terms, [tuple(dead)])

    def terms(self, condition: Sum) -> frozenset[int]:
        return frozenset(self.space.full & ~bits for bits in condition.fails)

    def numbered(self, kind: str, key: object, ways: Iterable[tuple[Told, ...]]) -> Told:
        """The fact of one thing, with the rules that derive it, made once."""
        if (kind, key) not in self.numbers:
            told = self.numbers[kind, key] = (kind, len(self.numbers) + 1)
            self.rules += [ForwardRule(given, (told,)) for given in ways]
        return self.numbers[kind, key]

    # -- rules ----------------------------------------------------------------------------------------------------------------------

    def propagation(self) -> None:
        """What rules out further cells: each clause, once all its literals but one are out; and that no cell is left."""
        for clause in self.space.clauses:
            for kept, _ in clause.literals:
                block = self.space.blocks_in(kept)[0]
                given = tuple(("out", i) for i in _bits(clause.bits & ~kept & self.space.start))
                derived = tuple(("out", i) for i in _bits(block & ~kept & self.space.start))
                if given and derived:
                    self.rules.append(ForwardRule(given, derived))
        for variable in self.space.variables:
            self.rules.append(ForwardRule(tuple(("out", i) for i in _bits(variable.block & self.space.start)), (CONTRADICTION,)))

    def advice(self) -> None:
        """The outcomes below which the advice does not fall."""
        program = self.program
        ranked = [rule for rule in program.rules if rule.rank > 0]
        for rank in sorted({rule.rank for rule in ranked}):
            above = [rule for rule in ranked if rule.rank >= rank]
            together = self.sure({term for rule in above for term in self.terms(rule.holds)})
            self.rules.append(ForwardRule((together,), (("floor", rank),), last=True))
        wanted = program.policy.when_unsettled.outcome
        for rank in range(1, wanted + 1):
            above = [rule for rule in ranked if rule.rank >= rank]
            none = self.numbered("never", ("outcome", rank), [tuple(dict.fromkeys(self.never(rule.holds) for rule in above))])
            self.rules.append(ForwardRule((), (("floor", rank),), (none,), last=True))
        for rule in ranked:
            self.rules += [ForwardRule(given, (("floor", rule.rank),), absent, last=True) for given, absent in self.presuming(rule)]

    def presuming(self, rule: CompiledRule) -> Iterator[tuple[tuple[Told, ...], tuple[Told, ...]]]:
        """What must be known, and what not, for a rule to be presumed."""
        if rule.presume == "ask":
            return
        is_open = (self.sure(rule.holds), self.never(rule.holds))
        if rule.presume == "presume_met":
            yield (), is_open
            return
        for limb in rule.limbs:
            yield (self.sure(limb),), is_open
        if rule.when is not None and rule.unless is not None:
            yield (self.sure(rule.when),), (*is_open, self.sure(rule.unless), self.never(rule.unless))


def _bits(bits: int) -> Iterator[int]:
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low
