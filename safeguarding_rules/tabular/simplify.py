"""Circuits with the same answers in fewer steps.

Comes in: a circuit and the gates wanted of it. Goes out: another circuit and its gates for the same answers. Promised: the same answers for every
input. How: gates that serve one other gate only are merged into it; what the members of an *or* of *ands* share is taken out in front, and so with
an *and* of *ors*; pairs that several gates join are joined once; and each gate is computed as itself or as its negation, whichever needs fewer
negations around it. Must not know: what a gate stands for.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from safeguarding_rules.tabular.circuits import Circuit, Kind

PAIR_LIMIT = 250_000
"""Pairs looked at, those of narrow gates first: wide gates have many, and share few."""

DUAL: Mapping[Kind, Kind] = {"and": "or", "or": "and"}
Operands = frozenset[int]


def simplified(circuit: Circuit, wanted: Sequence[int]) -> tuple[Circuit, list[int]]:
    """A circuit for the same answers in fewer steps, and its gates for the wanted ones. Raises RecursionError for one that is nested too deep."""
    factored, gates = _Factoring(circuit, wanted).result()
    return _signed(*_sharing(factored, gates))


def _joined(circuit: Circuit, kind: Kind, operands: Iterable[int]) -> int:
    return circuit.all_of(operands) if kind == "and" else circuit.any_of(operands)


class _Factoring:
    """Merges gates that serve one other only, and takes out what their operands share."""

    def __init__(self, circuit: Circuit, wanted: Sequence[int]) -> None:
        self.source, self.wanted = circuit, wanted
        self.target = Circuit()
        self.order = circuit.needed(wanted)
        self.inner = self._inner()
        self.made: dict[int, int] = {}

    def _inner(self) -> set[int]:
        """The gates that become part of the only gate they serve."""
        gates = self.source.gates
        users = Counter(self.wanted)
        joins: set[int] = set()
        for gate in self.order:
            if gates[gate].kind in DUAL:
                users.update(gates[gate].inputs)
                joins.update(gates[gate].inputs)
            elif gates[gate].kind == "not":
                users[gates[gate].inputs[0]] += 2
        return {gate for gate in joins if users[gate] == 1 and gates[gate].kind in DUAL}

    def result(self) -> tuple[Circuit, list[int]]:
        for gate in self.order:
            if gate not in self.inner:
                self.made[gate] = self._make(gate)
        return self.target, [self.made[gate] for gate in self.wanted]

    def _make(self, gate: int) -> int:
        kind, inputs = self.source.gates[gate]
        if kind == "constant":
            return inputs[0]
        if kind == "input":
            return self.target.input(inputs[0])
        if kind == "not":
            return self.target.negation(self.made[inputs[0]])
        return _joined(self.target, kind, self._operands(gate))

    def _operands(self, gate: int) -> Operands:
        """What is joined in a gate, as gates of the target."""
        kind = self.source.gates[gate].kind
        return self._factored(kind, *self._parts(gate, kind))

    def _parts(self, gate: int, kind: Kind) -> tuple[set[int], set[Operands]]:
        """The operands of a gate that stand for themselves, and those that are joins of the other kind, by their own operands."""
        plain: set[int] = set()
        groups: set[Operands] = set()
        for one in self.source.gates[gate].inputs:
            if one not in self.inner:
                plain.add(self.made[one])
            elif self.source.gates[one].kind == kind:
                more, further = self._parts(one, kind)
                plain |= more
                groups |= further
            else:
                groups.add(self._operands(one))
        return plain, groups

    def _factored(self, kind: Kind, plain: set[int], groups: set[Operands]) -> Operands:
        """Take out what several groups share, the most shared first; a group that another operand makes idle is left out."""
        dual = DUAL[kind]
        left = {group for group in groups if not group & plain}
        while left:
            counts = Counter(operand for group in left for operand in group)
            operand = min(counts, key=lambda one: (-counts[one], one))
            if counts[operand] == 1:
                break
            having = {group for group in left if operand in group}
            left -= having
            common = frozenset.intersection(*having)
            rest = {group - common for group in having}
            if frozenset() in rest:
                plain = plain | {_joined(self.target, dual, common)}
                continue
            single = {next(iter(group)) for group in rest if len(group) == 1}
            inside = self._factored(kind, single, {group for group in rest if len(group) > 1})
            plain = plain | {_joined(self.target, dual, [*common, _joined(self.target, kind, inside)])}
        return frozenset(plain | {_joined(self.target, dual, group) for group in left})


def _sharing(circuit: Circuit, wanted: Sequence[int]) -> tuple[Circuit, list[int]]:
    """The circuit with pairs of operands that several gates join made gates of their own, the most frequent first."""
    order = circuit.needed(wanted)
    kinds: dict[int, Kind] = {gate: circuit.gates[gate].kind for gate in order if circuit.gates[gate].kind in DUAL}
    operands = {gate: set(circuit.gates[gate].inputs) for gate in kinds}
    _Pairs(kinds, operands, len(circuit.gates)).share()
    target, made = Circuit(), {}

    def make(gate: int) -> int:
        if gate not in made:
            kind, inputs = (kinds[gate], tuple(operands[gate])) if gate in kinds else circuit.gates[gate]
            if kind in DUAL:
                made[gate] = _joined(target, kind, [make(one) for one in sorted(inputs)])
            elif kind == "not":
                made[gate] = target.negation(make(inputs[0]))
            else:
                made[gate] = target.input(inputs[0]) if kind == "input" else inputs[0]
        return made[gate]

    return target, [make(gate) for gate in wanted]


Pair = tuple[Kind, int, int]


class _Pairs:
    """Which gates join which pairs. Changes the kinds and operands it is given."""

    def __init__(self, kinds: dict[int, Kind], operands: dict[int, set[int]], number: int) -> None:
        self.kinds, self.operands, self.number = kinds, operands, number
        self.users: dict[Pair, set[int]] = defaultdict(set)
        looked_at = 0
        for gate, joined in sorted(operands.items(), key=lambda item: (len(item[1]), item[0])):
            looked_at += len(joined) * (len(joined) - 1) // 2
            if looked_at > PAIR_LIMIT:
                break
            for one, other in combinations(sorted(joined), 2):
                self.users[kinds[gate], one, other].add(gate)

    def share(self) -> None:
        """Make gates of pairs until no pair is joined twice."""
        heap = [(-len(users), pair) for pair, users in self.users.items() if len(users) > 1]
        heapq.heapify(heap)
        while heap:
            count, pair = heapq.heappop(heap)
            now = len(self.users[pair])
            if now == -count:
                for more in self._share(pair):
                    heapq.heappush(heap, (-len(self.users[more]), more))
            elif now > 1:
                heapq.heappush(heap, (-now, pair))

    def _share(self, pair: Pair) -> list[Pair]:
        """Make a gate of one pair, or use the one that is just that; returns the pairs that several gates join now."""
        kind, one, other = pair
        gate = next((user for user in sorted(self.users[pair]) if len(self.operands[user]) == len((one, other))), None)
        if gate is None:
            gate = self.number
            self.number += 1
            self.kinds[gate], self.operands[gate] = kind, {one, other}
        touched = set()
        for user in self.users.pop(pair) - {gate}:
            rest = self.operands[user] - {one, other}
            for operand in rest:
                for gone in (one, other):
                    self.users[kind, min(operand, gone), max(operand, gone)].discard(user)
                joined = (kind, min(operand, gate), max(operand, gate))
                self.users[joined].add(user)
                touched.add(joined)
            self.operands[user] = rest | {gate}
        return [joined for joined in sorted(touched) if len(self.users[joined]) > 1]


def _signed(circuit: Circuit, wanted: Sequence[int]) -> tuple[Circuit, list[int]]:
    """The circuit with gates whose operands are mostly negations computed negated: an *and* of negations is the negation of an *or*."""
    target = Circuit()
    made: dict[int, tuple[int, bool]] = {}  # a gate of the target that is no negation, and whether its negation is meant

    def form(gate: int, *, opposite: bool) -> int:
        found, negated = made[gate]
        return target.negation(found) if negated ^ opposite else found

    for gate in circuit.needed(wanted):
        kind, inputs = circuit.gates[gate]
        if kind == "not":
            found, negated = made[inputs[0]]
            made[gate] = found, not negated
        elif kind in DUAL:
            negated = 2 * sum(made[one][1] for one in inputs) > len(inputs)
            operands = [form(one, opposite=negated) for one in inputs]
            made[gate] = _joined(target, DUAL[kind] if negated else kind, operands), negated
        else:
            made[gate] = target.input(inputs[0]) if kind == "input" else inputs[0], False
    return target, [form(gate, opposite=False) for gate in wanted]
