"""Names of a pack's parts as links with titles, seen from one pack of a stack.

Comes in: the packs of a stack and its Policy. Goes out: links, outcome and statement references. Promised: a name that linking let through has a
link; nothing is invented. Must not know: pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from functools import cached_property

from safeguarding_rules.deciding.words import plain
from safeguarding_rules.explaining.document import DeadlineWords
from safeguarding_rules.explaining.phrases import Phrases
from safeguarding_rules.explaining.texts import Catalogue
from safeguarding_rules.explaining.wording import FactWording
from safeguarding_rules.language.conditions import Condition, parse_condition
from safeguarding_rules.language.documents import ActionItem, InForce, PartInForce
from safeguarding_rules.linking.policy import Policy
from safeguarding_rules.publishing.document.links import Kind, Link, OutcomeRef, StatementRef
from safeguarding_rules.publishing.document.rules import DutyView
from safeguarding_rules.reading import Pack


def spoken(name: str) -> str:
    """A name as a heading: `imagery_origin` becomes `Imagery origin`."""
    words = plain(name)
    return words[:1].upper() + words[1:]


class Names:
    """What the names in the lowest pack of a stack stand for."""

    def __init__(self, packs: Sequence[Pack], policy: Policy, texts: Catalogue) -> None:
        self.packs = tuple(packs)
        self.pack = packs[-1]
        self.policy = policy
        self.texts = texts
        self.facts = {info.spec.name: info for info in policy.facts}
        self.wording = FactWording(policy.facts, texts)
        self._phrases = Phrases(texts)
        self._versions = {pack.id: pack.version for pack in packs}

    def link(self, kind: Kind, name: str, title: str, pack: str | None = None) -> Link:
        """A link to something of a pack of the stack."""
        owner = pack or self.pack.id
        return Link(kind, owner, self._versions[owner], name, title)

    # -- facts, actions, outcomes -----------------------------------------------------------------------------------------------------

    def told(self, fact: str, value: object) -> tuple[str, str]:
        """A fact of a case: its question and what was answered."""
        return self.asked(fact), self.wording.answer(fact, value) if fact in self.facts else str(value)

    def asked(self, fact: str) -> str:
        """The question of a fact; a case may name one that is not in this stack."""
        return self.wording.question(fact) if fact in self.facts else spoken(fact)

    def fact(self, name: str) -> Link:
        """A fact, by its question."""
        info = self.facts[name]
        return self.link("fact", name, info.question, info.pack)

    def action(self, name: str) -> Link:
        """An action, by its title."""
        info = self.policy.actions.get(name)
        if info is None:
            return Link("action", "", "", name, spoken(name))
        return self.link("action", name, info.title, info.pack)

    def route(self, name: str) -> Link:
        """A list of contacts, by the actions that lead to it; the lowest pack that has it speaks."""
        titles = [action.title for action in self.policy.actions.values() if action.route == name]
        owner = next(pack.id for pack in reversed(self.packs) if name in pack.routes.routes)
        return self.link("route", name, self.texts.join(titles, "list.semicolon") if titles else spoken(name), owner)

    def outcome(self, name: str) -> OutcomeRef:
        """A step of the scale."""
        rank = next(rank for rank, one in enumerate(self.policy.outcomes) if one.name == name)
        one = self.policy.outcomes[rank]
        return OutcomeRef(self.link("outcome", name, one.title, one.pack), rank, len(self.policy.outcomes))

    def maybe_outcome(self, name: str | None) -> OutcomeRef | None:
        """A step of the scale, where one is named."""
        return None if name is None else self.outcome(name)

    @cached_property
    def definitions(self) -> dict[str, Condition]:
        """The definitions of the lowest pack, as written."""
        return {name: parse_condition(data) for _, document in self.pack.rules for name, data in document.definitions.items()}

    # -- rules ------------------------------------------------------------------------------------------------------------------------

    @cached_property
    def rules(self) -> dict[str, Link]:
        """Every rule, row and standing entry of the stack by its qualified name, applied on the day or not."""
        return {name: link for pack in self.packs for name, link in self._rules_of(pack)}

    def _rules_of(self, pack: Pack) -> Iterator[tuple[str, Link]]:
        for _, document in pack.rules:
            for name, rule in document.rules.items():
                yield f"{pack.id}/{name}", self.link("rule", name, rule.title, pack.id)
            for name, table in document.tables.items():
                for row in table.rows:
                    title = row.title or f"{table.title or name}: {row.row}"
                    yield f"{pack.id}/{name}/{row.row}", self.link("rule", f"{name}/{row.row}", title, pack.id)
            for entry in document.standing:
                yield f"{pack.id}/standing/{entry.name}", self.link("standing", entry.name, self.standing_title(entry.name), pack.id)

    def standing_title(self, name: str) -> str:
        """What a standing entry is called: it has only a name."""
        rank = name.removeprefix("at-least-")
        if rank != name and rank in {one.name for one in self.policy.outcomes}:
            return self.texts.say("page.standing.at_least", outcome=self.outcome(rank).title)
        return spoken(name)

    def rule(self, name: str, pack: str | None = None) -> Link:
        """A rule or standing entry, by its qualified name or by its name in a pack; a case may name one that is not in this stack."""
        found = self.rules.get(name) or self.rules.get(f"{pack or self.pack.id}/{name}")
        return found or Link("rule", "", "", name, spoken(name.rpartition("/")[2]))

    # -- statements -------------------------------------------------------------------------------------------------------------------

    def cites(self, names: Iterable[str]) -> tuple[StatementRef, ...]:
        """Statements beside what cites them."""
        return tuple(self.statement(name) for name in names)

    def statement(self, name: str) -> StatementRef:
        """A statement with how it was checked; a case may cite one of a version that is not in this stack."""
        info = self.policy.statements.get(name)
        if info is None:
            return StatementRef(Link("statement", "", "", name, name), self.texts.say("page.elsewhere"), "", "", "", "recalled", "")
        return StatementRef(
            self.link("statement", name, name, info.pack),
            info.text,
            info.source,
            info.section,
            self.texts.say(f"force.{info.force}"),
            info.checked,
            "" if info.status == "in_force" else self.texts.say(f"page.state.{info.status}"),
        )

    # -- duties and days --------------------------------------------------------------------------------------------------------------

    def duties(self, items: Iterable[ActionItem]) -> tuple[DutyView, ...]:
        """Duties in words."""
        return tuple(self._duty(item) for item in items)

    def _duty(self, item: ActionItem) -> DutyView:
        by = item.by or self.policy.actions[item.action].by
        when = self.deadline(item.within, item.from_)
        return DutyView(
            self.action(item.action),
            self.texts.say(f"who.{by}"),
            item.modality,
            self.texts.say(f"modality.{item.modality}"),
            when,
            item.until or "",
            item.note or "",
        )

    def deadline(self, within: str | None, clock: str | None) -> str:
        """A deadline in words; nothing where none is given."""
        if within is None:
            return ""
        return self._phrases.deadline(DeadlineWords(within, clock or "known", None))

    def day(self, day: object) -> str:
        """A day in words."""
        return self._phrases.day(str(day))

    def period(self, interval: InForce | PartInForce | None) -> str:
        """An interval in words; nothing where none is given."""
        if interval is None:
            return ""
        start, end = interval.from_, interval.until
        last = None if end is None else end - timedelta(days=1)
        if start is None:
            return self.texts.say("page.period.before", end=self.day(last))
        return (
            self.texts.say("page.period.open", start=self.day(start))
            if end is None
            else self.texts.say("page.period.until", start=self.day(start), end=self.day(last))
        )
