"""What stands on a page, in the order in which it stands there: the list at its top, and examples under the headings of their files.

Comes in: a view. Goes out: headings, each with the places under it. Must not know: HTML.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from safeguarding_rules.publishing.document.checks import CaseView
from safeguarding_rules.publishing.document.pack import PackView
from safeguarding_rules.publishing.document.rules import RuleGroup
from safeguarding_rules.publishing.naming import spoken


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere on a page. `under`: the places that a heading has below it."""

    anchor: str
    words: str
    under: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseGroup:
    """One file of examples, under a heading."""

    anchor: str
    words: str
    cases: tuple[CaseView, ...]


def rule_places(groups: Sequence[RuleGroup]) -> list[Place]:
    """The groups of rules, each with what stands in it."""
    return [Place(group.link.anchor, group.link.title, tuple(_rules_of(group))) for group in groups]


def _rules_of(group: RuleGroup) -> Iterator[Place]:
    for parts in (group.rules, group.tables):
        yield from (Place(one.link.anchor, one.link.title) for one in parts)
    yield from (Place(one.link.anchor, one.rule.title) for one in group.strengthens)
    for more in (group.standing, group.definitions):
        yield from (Place(one.link.anchor, one.link.title) for one in more)


def fact_places(pack: PackView) -> list[Place]:
    """The topics, each with its questions."""
    return [Place(f"facts-{group.name}", group.title, tuple(Place(one.link.anchor, one.question) for one in group.facts)) for group in pack.facts]


def source_places(pack: PackView) -> list[Place]:
    """The sources, each with its statements."""
    return [
        Place(f"source-{source.name}", source.title, tuple(Place(one.ref.link.anchor, one.ref.link.name) for one in source.statements))
        for source in pack.sources
        if source.statements
    ]


def case_groups(pack: PackView) -> list[CaseGroup]:
    """The examples by the name of their file, in the order of the files."""
    found: dict[str, list[CaseView]] = {}
    for case in pack.cases:
        found.setdefault(PurePosixPath(case.file).stem, []).append(case)
    return [CaseGroup(f"examples-{stem}", spoken(stem), tuple(cases)) for stem, cases in found.items()]
