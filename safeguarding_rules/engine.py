"""The engine: load packs, decide cases, explain decisions. Wires the floors below and owns no logic of its own.

Promised: immutable to its users, safe to share between threads; without a fixed day it uses, for each decision, the policy in force on that day in
London.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from safeguarding_rules.deciding.decide import Decider
from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.deciding.program import Program, compile_policy
from safeguarding_rules.diagnostics import Diagnostic, PackError
from safeguarding_rules.language.deadlines import LONDON
from safeguarding_rules.linking.link import link
from safeguarding_rules.reading import Pack, Registry

if TYPE_CHECKING:
    from safeguarding_rules.explaining.explanation import Explanation


def now_in_london() -> datetime:
    """The present moment; the only place in the library that reads a clock."""
    return datetime.now(LONDON)


@dataclass
class _Shared:
    """What engines of one process can share: packs read, and programs by the digests of their packs and the day's interval."""

    registry: Registry
    deciders: dict[tuple[str, ...], list[Decider]] = field(default_factory=dict)
    packs: dict[str, Pack] = field(default_factory=dict)
    """The packs that programs were made of, by digest."""

    def decider(self, name: str, on: date) -> Decider:
        """The Decider of a pack and all above it on a day."""
        found = self.registry.stack(self.registry.resolve(name, on), on)
        packs = [self.registry.load(one) for one in found]
        key = tuple(pack.digest for pack in packs)
        for decider in self.deciders.get(key, ()):
            if _valid(decider.program, on):
                return decider
        changes = {day for pack in packs for day in self.changes(pack.id)}
        decider = Decider(compile_policy(link(packs, on, self.others).between(changes, on)))
        self.deciders.setdefault(key, []).append(decider)
        self.packs.update(zip(key, packs, strict=True))
        return decider

    def changes(self, pack: str) -> Sequence[date]:
        """The days on which another version of a pack may take over; none for one that only its path leads to."""
        try:
            return self.registry.changes(pack)
        except PackError:
            return ()

    def others(self, pack: str) -> Sequence[Pack]:
        """Every other version of a pack that can be read."""
        return [self.registry.load(found, verify_lock=False) for found in self.registry.find(pack)]


class Engine:
    """Decides cases by the packs of one stack."""

    def __init__(self, name: str, shared: _Shared | None, fixed: Decider | None, on: date | None, clock: Callable[[], datetime]) -> None:
        self._name = name
        self._shared = shared
        self._fixed = fixed
        self._on = on
        self._clock = clock
        self._given: tuple[Pack, ...] = ()

    @classmethod
    def load(
        cls,
        pack: str,
        *,
        on: date | None = None,
        paths: Iterable[Path | str] = (),
        share: Engine | None = None,
        clock: Callable[[], datetime] = now_in_london,
    ) -> Engine:
        """Load a pack (`kscmp`, `ukcis@2020.12`, or a path) and all it extends.

        `on` fixes the day; without it each decision uses the policy in force on its day. `paths` are further places to look for packs. `share` is
        another Engine
        whose packs and programs are used again. `clock` gives the present moment. Raises PackError if anything is wrong with the packs.
        """
        if type(on) not in {date, type(None)}:
            raise TypeError(f"`on` is a date, such as date(2026, 11, 22), not {on!r}")
        shared = share._shared if share is not None and share._shared is not None else _Shared(Registry(tuple(paths)))  # noqa: SLF001
        engine = cls(pack, shared, None, on, clock)
        engine._fixed = shared.decider(pack, on) if on is not None else None
        engine.program  # noqa: B018  whatever is wrong with the packs is said now
        return engine

    @classmethod
    def from_packs(cls, packs: Sequence[Pack], *, on: date | None = None, clock: Callable[[], datetime] = now_in_london) -> Engine:
        """An engine over packs already read, the top pack first; drafts too.

        `on` defaults to the latest day on which one of them starts. Raises PackError.
        """
        day = on or max(pack.manifest.in_force.from_ for pack in packs)
        engine = cls(packs[-1].id, None, Decider(compile_policy(link(packs, day))), day, clock)
        engine._given = tuple(packs)
        return engine

    @property
    def program(self) -> Program:
        """The Program that decides today, or on the fixed day."""
        return self._decider(self._day()).program

    def _day(self) -> date:
        return self._on or self._clock().astimezone(LONDON).date()

    def _decider(self, on: date) -> Decider:
        if self._fixed is not None and (self._on is not None or _valid(self._fixed.program, on)):
            return self._fixed
        assert self._shared is not None  # noqa: S101  an engine without a fixed Decider was loaded
        self._fixed = self._shared.decider(self._name, on)
        return self._fixed

    @property
    def clock(self) -> Callable[[], datetime]:
        """What gives this engine the present moment."""
        return self._clock

    @property
    def pack(self) -> str:
        """The pack that was asked for."""
        return self._name

    @property
    def on(self) -> date | None:
        """The day that is fixed, if one is."""
        return self._on

    def packs_of(self, program: Program) -> tuple[Pack, ...]:
        """The packs that a Program of this engine was made of, the top pack first: to be kept beside its decisions."""
        known = {pack.digest: pack for pack in self._given} if self._shared is None else self._shared.packs
        return tuple(known[info.digest] for info in program.policy.packs)

    def program_on(self, day: date) -> Program:
        """The Program in force on a day, whatever day is fixed. Raises PackError where there is none."""
        return self._decider_on(day).program

    def _decider_on(self, day: date) -> Decider:
        if self._shared is not None:
            return self._shared.decider(self._name, day)
        assert self._fixed is not None  # noqa: S101  an engine without packs to share was given its own
        if not _valid(self._fixed.program, day):
            message = f"the packs this engine was given are not known to be in force on {day.isoformat()}"
            raise PackError([Diagnostic("SR303", "error", message, help="load the engine by the name of the pack, so that it finds the others")])
        return self._fixed

    def decide(self, facts: Mapping[str, object], *, clocks: Mapping[str, datetime] | None = None, on: date | None = None) -> Decision:
        """Decide one case, by the policy in force on the engine's day, or on the day `on`.

        `facts`: fact name to value, test or None; unknown facts are left out. `clocks`: the moments (with time zone) at which the clocks of
        deadlines started, such as
        `{"known": …}`. Raises FactsError listing every problem of malformed facts or clocks; never for data that is only missing.
        """
        if on is not None:
            return self._decider_on(on).decide(facts, on, clocks)
        day = self._day()
        return self._decider(day).decide(facts, day, clocks)

    def explain(self, decision: Decision) -> Explanation:
        """The reasons of a decision as data; `str()` of it is prose."""
        from safeguarding_rules.explaining.explanation import explain  # noqa: PLC0415  loaded only when asked for

        return explain(decision)

    def __repr__(self) -> str:
        return f"<Engine {' + '.join(f'{p.id} {p.version}' for p in self.program.policy.packs)}>"


def _valid(program: Program, on: date) -> bool:
    start, end = program.policy.valid_from, program.policy.valid_until
    return (start is None or start <= on) and (end is None or on < end)
