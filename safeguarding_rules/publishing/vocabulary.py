"""What a pack asks, advises and whom it names: facts, implications, actions, routes, the outcome scale.

Comes in: the names around one pack and its groups of rules. Goes out: views of each. Must not know: how anything is decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from safeguarding_rules.language.conditions import Condition, tests_of
from safeguarding_rules.language.documents import FactDeclaration, Implication, RouteEntry
from safeguarding_rules.linking.policy import PolicyRule, Standing
from safeguarding_rules.publishing.conditions import condition_of, maybe_condition
from safeguarding_rules.publishing.document.actions import ActionView, ContactView, RouteView
from safeguarding_rules.publishing.document.facts import FactGroup, FactView, ImplicationView
from safeguarding_rules.publishing.document.links import Link
from safeguarding_rules.publishing.document.outcomes import AdvicePart, AdviceView, OutcomeView
from safeguarding_rules.publishing.naming import Names, spoken


class Vocabulary:
    """The parts of a pack that rules are made of."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.pack = names.pack
        self.policy = names.policy

    # -- where things are used ----------------------------------------------------------------------------------------------------------

    @cached_property
    def _fact_users(self) -> Mapping[str, tuple[Link, ...]]:
        found: dict[str, dict[str, Link]] = {}
        for rule in self.policy.rules:
            for fact in _facts_of((rule.given, rule.when, rule.unless)):
                found.setdefault(fact, {})[rule.id] = self.names.rule(rule.id)
        return {fact: tuple(links.values()) for fact, links in found.items()}

    @cached_property
    def _action_givers(self) -> Mapping[str, tuple[Link, ...]]:
        found: dict[str, dict[str, Link]] = {}
        givers: Sequence[PolicyRule | Standing] = (*self.policy.rules, *self.policy.standing)
        for giver in givers:
            for duty in giver.duties:
                found.setdefault(duty.action, {})[giver.id] = self.names.rule(giver.id)
        return {action: tuple(links.values()) for action, links in found.items()}

    # -- facts ------------------------------------------------------------------------------------------------------------------------

    def fact_groups(self) -> tuple[FactGroup, ...]:
        """The pack's own facts, by the groups in which they are asked."""
        groups: dict[str, list[FactView]] = {}
        for name, declared in self.pack.facts.facts.items():
            groups.setdefault(declared.group or "", []).append(self._fact(name, declared))
        other = self.names.texts.say("page.facts.other")
        return tuple(FactGroup(spoken(name) if name else other, name or "other", tuple(facts)) for name, facts in groups.items())

    def _fact(self, name: str, declared: FactDeclaration) -> FactView:
        return FactView(
            self.names.fact(name),
            self.names.texts.say(f"page.type.{declared.type}"),
            declared.question,
            declared.short or "",
            declared.help or "",
            tuple(self._answers(declared)),
            maybe_condition(declared.applies_when, self.names),
            declared.sensitivity != "standard",
            tuple(self.names.link("fact", old, declared.question) for old in declared.formerly),
            self._fact_users.get(name, ()),
        )

    def _answers(self, declared: FactDeclaration) -> Iterator[tuple[str, str]]:
        if declared.type == "integer":
            words = {"low": declared.at_least, "high": declared.at_most, "unit": declared.unit or ""}
            yield "", self.names.texts.say("page.bounds.unit" if declared.unit else "page.bounds", **words)
        yield from (declared.values or {}).items()

    def implications(self) -> tuple[ImplicationView, ...]:
        """What follows from what."""
        return tuple(self._implication(one) for one in self.pack.facts.implications)

    def _implication(self, one: Implication) -> ImplicationView:
        names = self.names
        return ImplicationView(condition_of(one.if_, names), condition_of(one.then, names), one.because, names.cites(one.cite))

    # -- actions and routes -----------------------------------------------------------------------------------------------------------

    def actions(self) -> tuple[ActionView, ...]:
        """The pack's own actions."""
        names = self.names
        return tuple(
            ActionView(
                names.action(name),
                declared.meaning,
                names.texts.say(f"who.{declared.by}"),
                declared.protects == "refrain",
                tuple(names.action(other) for other in declared.contradicts),
                names.route(declared.route) if declared.route is not None else None,
                self._action_givers.get(name, ()),
            )
            for name, declared in self.pack.actions.actions.items()
        )

    def routes(self) -> tuple[RouteView, ...]:
        """The pack's own lists of contacts."""
        users: dict[str, list[Link]] = {}
        for action in self.policy.actions.values():
            if action.route is not None:
                users.setdefault(action.route, []).append(self.names.action(action.name))
        return tuple(
            RouteView(self.names.route(name), tuple(self._contact(entry) for entry in entries), tuple(users.get(name, ())))
            for name, entries in self.pack.routes.routes.items()
        )

    def _contact(self, entry: RouteEntry) -> ContactView:
        return ContactView(
            maybe_condition(entry.when, self.names),
            entry.name,
            entry.phone or "",
            entry.web or "",
            entry.hours or "",
            entry.note or "",
            entry.emergency,
            self.names.period(entry.in_force),
        )

    # -- the scale --------------------------------------------------------------------------------------------------------------------

    def outcomes(self) -> tuple[OutcomeView, ...]:
        """The outcome scale, least to most protective, with the rules of the whole stack that give each."""
        found = []
        for rank, one in enumerate(self.policy.outcomes):
            rules = tuple(self.names.rule(rule.id) for rule in self.policy.rules if rule.outcome == rank)
            found.append(OutcomeView(self.names.outcome(one.name), one.meaning, one.because, self.names.cites(one.cite), rules))
        return tuple(found)

    def advice(self) -> AdviceView:
        """What is advised while missing facts could still change the outcome."""
        names, one = self.names, self.policy.when_unsettled
        link = names.link("advice", "when_unsettled", names.texts.say("page.advice"), one.pack)
        said = {pack.id: pack.manifest for pack in names.packs}
        parts = tuple(
            AdvicePart(f"{said[part.pack].title} ({part.pack})", part.because, names.duties(declared.actions), names.cites(part.cite))
            for part in one.parts
            if (declared := said[part.pack].when_unsettled) is not None
        )
        return AdviceView(link, names.outcome(self.policy.outcomes[one.outcome].name), parts)


def _facts_of(conditions: Iterable[Condition | None]) -> Iterator[str]:
    for condition in conditions:
        if condition is not None:
            yield from (test.fact for test in tests_of(condition))
