"""Cases and invariants as test items.

In: files of packs. Out: an item per case, and per invariant and stack in which it must hold. Promised: a pack that cannot be used is an error of
collection that shows its findings once; an invariant is proved when its test runs, not when it is collected.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from safeguarding_rules.cli.case_results import failure
from safeguarding_rules.cli.proof_report import claim_lines
from safeguarding_rules.cli.prove import stacks_to_prove
from safeguarding_rules.diagnostics import PackError, render_text
from safeguarding_rules.engine import now_in_london
from safeguarding_rules.proving.run import kept_by_layers, prove_invariant
from safeguarding_rules.proving.search import Limits
from safeguarding_rules.proving.work import Stack
from safeguarding_rules.reading import Found, Pack, text_on_disk
from safeguarding_rules.testing.cases import PackCase, cases_of
from safeguarding_rules.testing.run import run_case
from safeguarding_rules.testing.stacks import Stacks

_INVARIANTS: Final = "invariants.yaml"


class PolicyError(Exception):
    """A case or invariant that does not hold, in words."""


@dataclass
class Opened:
    """A pack under test: read and linked once per run."""

    folder: Path
    today: date
    shown: bool = False
    proofs: list[Stack] | None = None
    stacks: Stacks = field(init=False)

    def __post_init__(self) -> None:
        self.stacks = Stacks([self.folder])

    @property
    def found(self) -> Found:
        """The pack as it was found. Raises PackError."""
        found, failed = self.stacks.targets()
        if failed:
            raise failed[0]
        return found[0]

    @property
    def pack(self) -> Pack:
        """The pack whole. Raises PackError."""
        return self.stacks.pack(self.found)

    def cases(self, file: str) -> Iterator[PackCase]:
        """Yield the cases of one file. Raises PackError, also where the pack cannot decide."""
        found = self.found
        self.stacks.decider(found, found.manifest.in_force.from_)
        return (case for case in cases_of(self.pack, self.today) if case.file == file)

    def stacks_to_prove(self) -> list[Stack]:
        """Return the stacks of the pack that mean different things. Raises PackError."""
        if self.proofs is None:
            self.proofs = list(stacks_to_prove(self.stacks, self.found, self.today, Limits(), opinion=False))
        return self.proofs


_OPENED = pytest.StashKey[dict[Path, Opened]]()


def collector(file: Path, folder: Path, parent: pytest.Collector) -> pytest.Collector:
    """Return the collector of a file of a pack."""
    kind: type[PolicyFile] = {"pack.yaml": InheritedFile, _INVARIANTS: InvariantsFile}.get(file.name, CasesFile)
    return kind.from_parent(parent, path=file, folder=folder)


class PolicyFile(pytest.File):
    """A file of a pack."""

    def __init__(self, *, folder: Path, **others: Any) -> None:  # noqa: ANN401  pytest's own
        super().__init__(**others)
        self.folder = folder

    @property
    def opened(self) -> Opened:
        """The pack of the file."""
        packs = self.config.stash.setdefault(_OPENED, {})
        if self.folder not in packs:
            given = self.config.getoption("--policy-today")
            packs[self.folder] = Opened(_as_given(self.folder), date.fromisoformat(given) if given else now_in_london().date())
        return packs[self.folder]

    def collect(self) -> list[pytest.Item]:
        """Collect the items of the file; findings that keep the pack from being used are shown with the first of its files."""
        opened = self.opened
        try:
            return list(self.items(opened))
        except PackError as error:
            if opened.shown:
                raise self.CollectError(f"the pack at {opened.folder} cannot be used; its findings are shown with another of its files") from None
            opened.shown = True
            texts = error.texts
            raise self.CollectError(render_text(error.diagnostics, lambda file: texts.get(file) or text_on_disk(file))) from None

    def items(self, opened: Opened) -> Iterator[pytest.Item]:
        """Yield the items of the file. Raises PackError."""
        raise NotImplementedError


class CasesFile(PolicyFile):
    """A file of `cases/`."""

    def items(self, opened: Opened) -> Iterator[pytest.Item]:
        """Yield an item per case."""
        for case in opened.cases(f"cases/{self.path.name}"):
            yield CaseItem.from_parent(self, name=case.name, opened=opened, case=case)


class InvariantsFile(PolicyFile):
    """`invariants.yaml`: what the pack itself says must hold."""

    inherited = False

    def items(self, opened: Opened) -> Iterator[pytest.Item]:
        """Yield an item per invariant and stack."""
        stacks = opened.stacks_to_prove()
        for stack in stacks:
            for index, (pack, name, invariant) in enumerate(stack.invariants):
                own = pack is stack.pack
                if own == self.inherited or not (own or kept_by_layers(invariant)):
                    continue
                shown = name if own else f"{pack.id}/{name}"
                if len(stacks) > 1:
                    above = "+".join(f"{other.id}-{other.version}" for other in stack.packs[:-1]) or "alone"
                    shown = f"{shown}[{above}-from-{stack.periods[0][0]}]"
                yield InvariantItem.from_parent(self, name=shown, opened=opened, stack=stack, index=index)


class InheritedFile(InvariantsFile):
    """`pack.yaml`: that the pack can be used, and what the packs above it say must hold with it too."""

    inherited = True


class PolicyItem(pytest.Item):
    """A case or an invariant."""

    line = 0

    def __init__(self, *, opened: Opened, **others: Any) -> None:  # noqa: ANN401  pytest's own
        super().__init__(**others)
        self.opened = opened

    def mark(self, kind: pytest.MarkDecorator, outcomes: Iterable[str | None]) -> None:
        """Add the marks, and the words that `-k` finds."""
        manifest = self.opened.found.manifest
        self.add_marker(kind)
        self.add_marker(pytest.mark.policy_pack(id=manifest.pack, version=manifest.version))
        self.extra_keyword_matches |= {manifest.pack, f"{manifest.pack}@{manifest.version}"}
        for outcome in outcomes:
            if outcome is not None:
                self.add_marker(pytest.mark.policy_outcome(name=outcome))
                self.extra_keyword_matches.add(outcome)

    def reportinfo(self) -> tuple[os.PathLike[str], int, str]:
        """Say where the item stands."""
        return self.path, self.line, self.name

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ANN401  pytest's own
        """Show what does not hold in words, and anything else as pytest does."""
        if isinstance(excinfo.value, PolicyError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)


class CaseItem(PolicyItem):
    """A case: the decision says what is expected."""

    def __init__(self, *, case: PackCase, **others: Any) -> None:  # noqa: ANN401  pytest's own
        super().__init__(**others)
        self.case = case
        self.line = case.place.line - 1
        expect = case.expect
        self.mark(pytest.mark.policy_case, (expect.outcome, expect.outcome_at_least, expect.outcome_at_most))

    def runtest(self) -> None:
        """Decide the case by what is in force on its day."""
        result = run_case(self.opened.stacks, self.opened.found, self.case)
        if not result.as_expected:
            raise PolicyError(failure(result))


class InvariantItem(PolicyItem):
    """An invariant: it is proved for every case of one stack. Undecided is no pass."""

    def __init__(self, *, stack: Stack, index: int, **others: Any) -> None:  # noqa: ANN401  pytest's own
        super().__init__(**others)
        self.stack_to_prove = stack
        self.index = index
        pack, name, invariant = stack.invariants[index]
        self.line = pack.span(_INVARIANTS, ("invariants", name), key=True).line - 1
        self.mark(pytest.mark.policy_invariant, (invariant.outcome_at_least, invariant.outcome_at_most, invariant.reachable))

    def runtest(self) -> None:
        """Prove it."""
        claim = prove_invariant(self.stack_to_prove, self.index)
        if claim.counts_as != "proved":
            names = " with ".join(f"{pack.id} {pack.version}" for pack in reversed(self.stack_to_prove.packs))
            raise PolicyError("\n".join([names, *claim_lines(claim)]))


def _as_given(folder: Path) -> Path:
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder
