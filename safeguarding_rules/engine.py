"""The engine: load packs, decide cases, explain decisions. Wires the floors below and owns no logic of its own.

Promised: immutable to its users, safe to share between threads; without a fixed day it uses, for each decision, the policy in force on that day in
London.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from safeguarding_rules.deciding.decide import Decider
from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.deciding.program import Program, compile_policy
from safeguarding_rules.diagnostics import Diagnostic, PackError
from safeguarding_rules.language.deadlines import LONDON
from safeguarding_rules.linking.kept import KeptPolicies
from safeguarding_rules.reading.cache_folder import CacheFolder, users_cache

if TYPE_CHECKING:
    from safeguarding_rules.explaining.explanation import Explanation
    from safeguarding_rules.linking.policy import Policy
    from safeguarding_rules.reading import Pack, Registry


def now_in_london() -> datetime:
    """The present moment; the only place in the library that reads a clock."""
    return datetime.now(LONDON)


class _Shared:
    """What engines of one process can share: packs read, and programs by the digests of their packs and the day's interval."""

    def __init__(self, paths: Iterable[Path | str], cache: CacheFolder | None) -> None:
        self._paths = tuple(Path(path) for path in paths)
        self._cache = cache
        self._registry: Registry | None = None
        self._deciders: dict[tuple[str, ...], list[Decider]] = {}
        self._packs: dict[str, Pack] = {}

    @property
    def registry(self) -> Registry:
        """The packs of the places to look in."""
        if self._registry is None:
            from safeguarding_rules.reading import Registry  # noqa: PLC0415  slow to load, and not needed where a Policy is kept

            self._registry = Registry(self._paths)
        return self._registry

    def decider(self, name: str, on: date) -> Decider:
        """The Decider of a pack and all above it on a day."""
        for decider in self._deciders.get((name,), ()):
            if _valid(decider.program.policy, on):
                return decider
        kept = None if self._cache is None else KeptPolicies(self._cache, self._paths, name)
        policy = None if kept is None else kept.find(on)
        if policy is not None:
            decider = self._ready(policy)
            self._deciders.setdefault((name,), []).append(decider)
            return decider
        found = self.registry.stack(self.registry.resolve(name, on), on)
        packs = [self.registry.load(one) for one in found]
        key = tuple(pack.digest for pack in packs)
        for decider in self._deciders.get(key, ()):
            if _valid(decider.program.policy, on):
                return decider
        policy = self._linked(packs, on)
        if kept is not None:
            kept.keep(policy)
        decider = self._ready(policy)
        self._deciders.setdefault(key, []).append(decider)
        self._packs.update(zip(key, packs, strict=True))
        return decider

    def _ready(self, policy: Policy) -> Decider:
        # What is kept for the next process is kept because processes are short.
        return Decider(compile_policy(policy), few=self._cache is not None)

    def _linked(self, packs: Sequence[Pack], on: date) -> Policy:
        from safeguarding_rules.linking.link import link  # noqa: PLC0415  slow to load

        changes = {day for pack in packs for day in self.changes(pack.id)}
        return link(packs, on, self.others).between(changes, on)

    def packs_of(self, name: str, program: Program, on: date) -> Sequence[Pack]:
        """The packs that a Program of a name and day was made of; read now where only their Policy was kept."""
        wanted = [info.digest for info in program.policy.packs]
        if not self._packs.keys() >= set(wanted):
            found = self.registry.stack(self.registry.resolve(name, on), on)
            self._packs.update((pack.digest, pack) for pack in map(self.registry.load, found))
        return [self._packs[digest] for digest in wanted]

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
        self._others: list[Decider] = []  # of days that were asked for beside the engine's own

    @classmethod
    def load(  # noqa: PLR0913  each has its name
        cls,
        pack: str,
        *,
        on: date | None = None,
        paths: Iterable[Path | str] = (),
        share: Engine | None = None,
        cache: bool = False,
        clock: Callable[[], datetime] = now_in_london,
    ) -> Engine:
        """Load a pack (`kscmp`, `ukcis@2020.12`, or a path) and all it extends.

        `on` fixes the day; without it each decision uses the policy in force on its day. `paths` are further places to look for packs. `share` is
        another Engine
        whose packs and programs are used again. `cache` keeps the linked policy in the user's cache folder for the next
        process, and uses what is kept there as long as every file of every pack is the same; it is for programs that decide
        few cases and end: what pays only over many is put off until a thousand were decided. `clock` gives the present moment.
        Raises PackError if anything is wrong with the packs.
        """
        if type(on) not in {date, type(None)}:
            raise TypeError(f"`on` is a date, such as date(2026, 11, 22), not {on!r}")
        shared = share._shared if share is not None and share._shared is not None else _Shared(paths, users_cache() if cache else None)  # noqa: SLF001
        engine = cls(pack, shared, None, on, clock)
        engine._fixed = shared.decider(pack, on) if on is not None else None
        engine.program  # noqa: B018  whatever is wrong with the packs is said now
        return engine

    @classmethod
    def from_packs(cls, packs: Sequence[Pack], *, on: date | None = None, clock: Callable[[], datetime] = now_in_london) -> Engine:
        """An engine over packs already read, the top pack first; drafts too.

        `on` defaults to the latest day on which one of them starts. Raises PackError.
        """
        from safeguarding_rules.linking.link import link  # noqa: PLC0415  slow to load

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
        if self._fixed is not None and (self._on is not None or _valid(self._fixed.program.policy, on)):
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
        if self._shared is None:
            known = {pack.digest: pack for pack in self._given}
            return tuple(known[info.digest] for info in program.policy.packs)
        return tuple(self._shared.packs_of(self._name, program, program.policy.valid_from or self._day()))

    def program_on(self, day: date) -> Program:
        """The Program in force on a day, whatever day is fixed. Raises PackError where there is none."""
        return self._decider_on(day).program

    def _decider_on(self, day: date) -> Decider:
        for known in (self._fixed, *self._others):
            if known is not None and self._shared is not None and _valid(known.program.policy, day):
                return known
        if self._shared is not None:
            self._others.append(self._shared.decider(self._name, day))
            return self._others[-1]
        assert self._fixed is not None  # noqa: S101  an engine without packs to share was given its own
        if not _valid(self._fixed.program.policy, day):
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

    def problems(self, facts: object) -> tuple[Diagnostic, ...]:
        """Everything for which `decide` would refuse facts, in their order; nothing where it takes them. Raises PackError as `decide` does."""
        return tuple(self._decider(self._day()).knowledge.problems(facts))

    def explain(self, decision: Decision) -> Explanation:
        """The reasons of a decision as data; `str()` of it is prose."""
        from safeguarding_rules.explaining.explanation import explain  # noqa: PLC0415  loaded only when asked for

        return explain(decision)

    def __repr__(self) -> str:
        return f"<Engine {' + '.join(f'{p.id} {p.version}' for p in self.program.policy.packs)}>"


def _valid(policy: Policy, on: date) -> bool:
    return (policy.valid_from is None or policy.valid_from <= on) and (policy.valid_until is None or on < policy.valid_until)
