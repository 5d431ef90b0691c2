"""The register of statements, read both ways: from a statement to what uses it, and (in the other views) back.

Comes in: the names around one pack. Goes out: its sources with their statements. Promised: what a statement says it is encoded by, and what cites
it, both show; a statement that nothing encodes says why. Must not know: whether the register is consistent; linking checks that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

from safeguarding_rules.language.documents import Source, Statement
from safeguarding_rules.linking.policy import Policy, PolicyRule, Standing
from safeguarding_rules.publishing.document.links import Link
from safeguarding_rules.publishing.document.sources import SourceView, StatementView
from safeguarding_rules.publishing.naming import Names


class StatementRegister:
    """The statements of the lowest pack of a stack."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.pack = names.pack

    def sources(self) -> tuple[SourceView, ...]:
        """Every source with its statements, in the pack's order."""
        found: dict[str, list[StatementView]] = {name: [] for name in self.pack.statements.sources}
        for name, statement in self.pack.statements.statements.items():
            found.setdefault(statement.source, []).append(self._statement(name, statement))
        sources = self.pack.statements.sources
        return tuple(self._source(name, sources.get(name), statements) for name, statements in found.items())

    def _source(self, name: str, source: Source | None, statements: Iterable[StatementView]) -> SourceView:
        if source is None:
            return SourceView(name, name, "", "", "", "", tuple(statements))
        period = self.names.period(source.in_force)
        return SourceView(name, source.title, source.publisher, source.address or "", period, source.note or "", tuple(statements))

    def _statement(self, name: str, statement: Statement) -> StatementView:
        links = {(link.kind, link.pack, link.name): link for link in (*self._named(statement.encoded_by or ()), *self._citing.get(name, ()))}
        ref = self.names.statement(name)
        return StatementView(
            ref,
            statement.binds,
            self.names.texts.say(f"page.strength.{statement.strength}"),
            tuple(links.values()),
            statement.not_computable or "",
            statement.note or "",
            not ref.status,
        )

    def _named(self, references: Iterable[str]) -> Iterator[Link]:
        for reference in references:
            pack, _, rest = reference.partition("/")
            known = {one.id for one in self.names.packs}
            owner, name = (pack, rest) if rest and pack in known else (self.pack.id, reference)
            link = self._part(owner, name)
            if link is not None:
                yield link

    def _part(self, pack: str, name: str) -> Link | None:
        names = self.names
        kind, _, rest = name.partition("/")
        finders: dict[str, Callable[[], Link]] = {
            "facts": lambda: names.fact(rest),
            "actions": lambda: names.action(rest),
            "routes": lambda: names.route(rest),
            "outcomes": lambda: names.outcome(rest).link,
            "when_unsettled": lambda: names.link("advice", "when_unsettled", names.texts.say("page.advice"), pack),
            "implications": lambda: names.link("implications", "implications", names.texts.say("page.implications"), pack),
        }
        return finders[kind]() if kind in finders else names.rules.get(f"{pack}/{name}")

    @cached_property
    def _citing(self) -> dict[str, list[Link]]:
        """By statement: the rules and standing entries of the stack that cite it, strengthenings of this pack too."""
        policy: Policy = self.names.policy
        found: dict[str, list[Link]] = {}
        givers: Sequence[PolicyRule | Standing] = (*policy.rules, *policy.standing)
        for giver in givers:
            for name in giver.cite:
                found.setdefault(name, []).append(self.names.rule(giver.id))
        return found
