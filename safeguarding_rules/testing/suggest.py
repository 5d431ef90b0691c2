"""Suggests the vignettes that a pack lacks: few complete cases that together fulfil every obligation that no case fulfils yet.

Comes in: stacks with their cases, and their coverage. Goes out: suggestions, and the text of a file of cases. Promised: no expected answer is ever
written: what is expected is left blank for a person, and a file with blanks in it does not pass the check. The same packs give the same suggestions.

How: greedy. The first obligation that is still owed opens a case; every further one that can be met in the same case narrows it. What is left free
takes its most benign value, so that a vignette shows nothing but what it is for.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from safeguarding_rules.language.facts import NOT_APPLICABLE
from safeguarding_rules.testing.coverage_bench import Bench, Benches
from safeguarding_rules.testing.coverage_full import FullCoverage, coverage_of, term_sum
from safeguarding_rules.testing.coverage_obligations import Obligation
from safeguarding_rules.worlds.space import BudgetExceededError

_WIDTH = 150
_INDENT = "      "


@dataclass
class Suggestion:
    """A complete case and the obligations that it fulfils; `on`: a day, where on the usual one they cannot be."""

    facts: dict[str, object]
    fulfils: list[Obligation] = field(default_factory=list)
    cite: tuple[str, ...] = ()
    on: date | None = None

    @property
    def title(self) -> str:
        """What the case exercises."""
        return "; ".join(one.words for one in self.fulfils)


@dataclass
class Suggestions:
    """What the cases of one version of a pack lack."""

    pack: str
    version: str
    vignettes: list[Suggestion] = field(default_factory=list)
    left: list[Obligation] = field(default_factory=list)


def suggest(benches: Benches, coverages: Sequence[FullCoverage] | None = None, *, apart: bool = False) -> list[Suggestions]:
    """Return the vignettes that each pack lacks; `apart`: one for each obligation. What no case was found for is in `left`."""
    found = []
    for coverage in coverage_of(benches) if coverages is None else coverages:
        result = Suggestions(coverage.pack, coverage.version)
        for number, home in enumerate(benches.homes((coverage.pack, coverage.version))):
            owed = [obligation for bench, obligation in coverage.owed if bench is home]
            _fill(home, owed, result, on=home.policy.valid_from if number else None, apart=apart)
        found.append(result)
    return found


def _fill(bench: Bench, owed: list[Obligation], result: Suggestions, *, on: date | None, apart: bool) -> None:
    rules = {rule.id: rule for rule in bench.policy.rules}
    while owed:
        case, fulfilled = _case_for(bench, owed, apart=apart)
        if not fulfilled:
            result.left.append(owed.pop(0))
            continue
        cite = tuple(dict.fromkeys(statement for one in fulfilled for statement in rules[one.rule].cite))
        result.vignettes.append(Suggestion(facts_of(bench, case), fulfilled, cite, on))
        done = set(map(id, fulfilled))
        owed = [one for one in owed if id(one) not in done]


def _case_for(bench: Bench, owed: Sequence[Obligation], *, apart: bool) -> tuple[int, list[Obligation]]:
    """A complete case that fulfils the first obligation and as many others as fit, and which it fulfils."""
    box = _narrowed(bench, bench.space.start, owed[0])
    if not box:
        return 0, []
    for one in () if apart else owed[1:]:
        box = _narrowed(bench, box, one) or box
    case = bench.space.find(box)
    fulfilled = [one for one in (owed[:1] if apart else owed) if (needed := term_sum(bench, one)) is not None and needed.holds(case)]
    return case, fulfilled


def _narrowed(bench: Bench, box: int, obligation: Obligation) -> int:
    """The box cut down to cases that fulfil an obligation too; 0 if it has none, or none was found."""
    needed = term_sum(bench, obligation)
    for term in () if needed is None else needed.boxes:
        inner = bench.space.meet(box, term)
        try:
            if inner and bench.space.find(inner):
                return inner
        except BudgetExceededError:
            continue
    return 0


def facts_of(bench: Bench, case: int) -> dict[str, object]:
    """A complete case as the facts of a vignette; what does not apply is left out."""
    facts: dict[str, object] = {}
    for variable, cell in bench.space.chosen(case):
        if variable.value is not None:
            included = facts.setdefault(variable.fact, {"only": []})
            if cell is True and isinstance(included, dict):
                included["only"].append(variable.value)
        elif cell is not NOT_APPLICABLE:
            facts[variable.fact] = cell[0] if isinstance(cell, tuple) else cell
    return facts


def file_of(found: Suggestions) -> str:
    """The suggestions as a file of cases, to be filled in by a person."""
    lines = [
        "# yaml-language-server: $schema=../../../../schemas/cases.schema.json",
        f"# Suggested for {found.pack} {found.version}: {len(found.vignettes)} vignettes. What each expects is blank: a person who has read the",
        "# statements writes it, without asking the engine. `check` reports every blank (SR208) until then.",
        "cases:" if found.vignettes else "cases: {}",
    ]
    for number, vignette in enumerate(found.vignettes, 1):
        lines += [f"  suggested-{number}:", *_folded("title", vignette.title)]
        lines += [*([] if vignette.on is None else [f"    on: {vignette.on}"]), "    facts:"]
        lines += [f"{_INDENT}{fact}: {_scalar(value)}" for fact, value in vignette.facts.items()]
        lines += [
            "    expect: {}  # to be filled in: at least the `outcome`",
            f"    follows_from: [{', '.join(vignette.cite)}]  # to be checked",
            "    agreed_by: none yet",
        ]
    return "\n".join(lines) + "\n"


def _folded(key: str, text: str) -> Iterator[str]:
    yield f"    {key}: >-"
    yield from textwrap.wrap(text, _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT, break_long_words=False, break_on_hyphens=False)


def _scalar(value: object) -> str:
    if isinstance(value, dict):
        return f"{{only: [{', '.join(value['only'])}]}}"
    return value if isinstance(value, str) else json.dumps(value)
