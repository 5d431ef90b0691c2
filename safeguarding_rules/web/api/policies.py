"""The packs that a server decides by, as one value that is swapped whole.

In: names of packs and places to look. Out: a frozen set of engines. Promised: a request that took a `Policies` is answered by it to its end; a new
one takes its place only if every pack in it, with every version it can meet, passes every check.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from safeguarding_rules.deciding.program import Program
from safeguarding_rules.diagnostics import Diagnostic, PackError
from safeguarding_rules.engine import Engine, now_in_london
from safeguarding_rules.language.deadlines import LONDON
from safeguarding_rules.reading import Found, Pack, Registry
from safeguarding_rules.testing.checking import check_packs
from safeguarding_rules.testing.stacks import Stacks
from safeguarding_rules.web.api.brief import Brief

if TYPE_CHECKING:
    from safeguarding_rules.web.api.columns import Columns


@dataclass(frozen=True)
class Served:
    """A pack with its engine and its versions."""

    engine: Engine
    versions: tuple[tuple[Found, Pack], ...]


@dataclass(frozen=True)
class Policies:
    """What a server decides by from one reload to the next."""

    packs: Mapping[str, Served]
    loaded_at: datetime
    days: dict[tuple[str, date], Engine] = field(default_factory=dict, compare=False)
    briefs: dict[str, Brief] = field(default_factory=dict, compare=False)
    tables: dict[str, Columns] = field(default_factory=dict, compare=False)
    laying_out: Lock = field(default_factory=Lock, compare=False)

    def engine(self, pack: str, on: date | None = None) -> Engine:
        """The engine of a pack for one day, today if none is given, so that a request that lasts over midnight is answered by one policy.

        Raises KeyError for a pack that is not served, PackError for a day without policy.
        """
        served = self.packs[pack]
        day = served.engine.clock().astimezone(LONDON).date() if on is None else on
        found = self.days.get((pack, day))
        if found is None:
            found = Engine.load(pack, on=day, share=served.engine, clock=served.engine.clock)
            if len(self.days) >= _MOST_DAYS:
                self.days.clear()
            self.days[pack, day] = found
        return found

    def program(self, pack: str) -> Program | None:
        """What decides today; None where no version is in force."""
        try:
            return self.engine(pack).program
        except PackError:
            return None

    def brief(self, program: Program) -> Brief:
        """What writes decisions of a Program in brief."""
        found = self.briefs.get(program.fingerprint)
        if found is None:
            found = self.briefs[program.fingerprint] = Brief(program)
        return found

    def table(self, program: Program) -> Columns | None:
        """What decides tables by a Program; None where the extra `[tables]` is not installed. Takes half a second the first time."""
        with self.laying_out:
            if program.fingerprint not in self.tables:
                try:
                    from safeguarding_rules.web.api.columns import Columns  # noqa: PLC0415  the extra may be missing
                except ModuleNotFoundError:
                    return None
                self.tables[program.fingerprint] = Columns(program, self.brief(program))
            return self.tables[program.fingerprint]


_MOST_DAYS = 1_000


def load(names: Sequence[str], paths: Sequence[Path]) -> Policies:
    """Read, check and compile the packs of these names, or all that have a version in force. Raises PackError with everything that is wrong."""
    registry = Registry(paths)
    today = now_in_london().date()
    wanted = tuple(names) or tuple(name for name in registry.ids() if _in_force(registry, name, today))
    _check(registry, wanted, paths, today)
    served: dict[str, Served] = {}
    first: Engine | None = None
    for name in wanted:
        engine = Engine.load(name, paths=paths, share=first)
        first = first or engine
        served[name] = Served(engine, tuple((found, registry.load(found, verify_lock=False)) for found in registry.find(name)))
        # What comes into force later is compiled now: a reload is the only moment at which something may be found wrong.
        for day in registry.changes(name):
            if day > today and _in_force(registry, name, day):
                Engine.load(name, on=day, share=first)
    return Policies(served, datetime.now(UTC))


def _in_force(registry: Registry, name: str, day: date) -> bool:
    try:
        registry.in_force(name, day)
    except PackError:
        return False
    return True


def _check(registry: Registry, wanted: Sequence[str], paths: Sequence[Path], today: date) -> None:
    """Check every pack at the given places, and see that every pack that is wanted is there. Shipped packs are checked when they are released."""
    found: list[Diagnostic] = []
    texts: dict[str, str] = {}
    for name in wanted:
        try:
            registry.in_force(name, today)
        except PackError as error:
            found += error.diagnostics
            texts |= error.texts
    if paths:
        checked, failed = check_packs(Stacks(paths), today)
        for pack in checked:
            found += [one for one in pack.diagnostics if one.severity == "error"]
            texts |= pack.texts
        for refused in failed:
            found += refused.diagnostics
            texts |= refused.texts
    if found:
        raise PackError(found, texts)
