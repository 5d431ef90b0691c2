"""What a pack promises of itself, in words: invariants, accepted findings, and worked cases with their expected answers.

Comes in: the names around one pack. Goes out: views of each. Must not know: whether any of it holds; that is shown beside them by who proved it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import PurePosixPath

from safeguarding_rules.language.actions import TimedAction
from safeguarding_rules.language.documents import Case, Expectation, Invariant
from safeguarding_rules.publishing.conditions import condition_of
from safeguarding_rules.publishing.document.checks import AcceptedView, CaseView, InvariantView, StartView
from safeguarding_rules.publishing.document.links import Link
from safeguarding_rules.publishing.naming import Names, spoken

_STRENGTHS = ("must", "should", "must_not", "should_not")


class Checks:
    """The invariants and cases of the lowest pack of a stack."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.say = names.texts.say
        self._known_starts: dict[tuple[str, str], Link] = {}

    # -- invariants -------------------------------------------------------------------------------------------------------------------

    def invariants(self) -> tuple[InvariantView, ...]:
        """Every invariant as a sentence."""
        return tuple(self._invariant(name, one) for name, one in self.names.pack.invariants.invariants.items())

    def accepted(self) -> tuple[AcceptedView, ...]:
        """The findings that reviewers let stand."""
        return tuple(AcceptedView(one.finding, one.at, one.because, one.until) for one in self.names.pack.invariants.accepted)

    def _invariant(self, name: str, one: Invariant) -> InvariantView:
        waived = "" if one.waived is None else self.say("page.claim.waived", day=self.names.day(one.waived.until), because=one.waived.because)
        words = self._claim(one)
        return InvariantView(self.names.link("invariant", name, words), words, one.because or "", self.names.cites(one.cite or ()), waived)

    def _claim(self, one: Invariant) -> str:
        if one.reachable is not None:
            return self.say("page.claim.reachable", outcome=self._title(one.reachable))
        if one.must_not_matter is not None:
            actions = self._listed(self._action(name) for name in one.except_for or ())
            key = "page.claim.must_not_matter.but" if actions else "page.claim.must_not_matter"
            return self.say(key, facts=self._facts(one.must_not_matter), actions=actions)
        claims = self._listed(self._claims(one), "list.semicolon")
        if one.while_unknown is not None:
            return self.say("page.claim.while_unknown", facts=self._facts(one.while_unknown), claims=claims)
        if one.whenever is None:
            return self.say("page.claim.always", claims=claims)
        return self.say("page.claim.whenever", condition=condition_of(one.whenever, self.names).words, claims=claims)

    def _claims(self, one: Invariant) -> Iterator[str]:
        for key in ("outcome_at_least", "outcome_at_most"):
            if (outcome := getattr(one, key)) is not None:
                yield self.say(f"page.claim.{key}", outcome=self._title(outcome))
        for modality in _STRENGTHS:
            for name in getattr(one, modality) or ():
                yield self.say("page.claim.action", modality=self.say(f"modality.{modality}"), action=self._action(name))
        for item in one.never or ():
            key = "page.claim.never" if item.by is None else "page.claim.never.by"
            who = "" if item.by is None else self.say(f"who.{item.by}")
            yield self.say(key, modality=self.say(f"modality.{item.modality}"), action=self._action(item.action), who=who)

    # -- cases ------------------------------------------------------------------------------------------------------------------------

    def starts(self) -> tuple[StartView, ...]:
        """The answers that examples start from; files that say the same by the same name share one."""
        return tuple(self._starts.values())

    @cached_property
    def _starts(self) -> dict[tuple[str, str], StartView]:
        """Starting points by name and answers."""
        found: dict[tuple[str, str], StartView] = {}
        for file, document in self.names.pack.cases():
            for name, facts in document.starting_points.items():
                told = tuple(self.names.told(fact, value) for fact, value in facts.items() if value is not None)
                link = self.names.link("start", f"{PurePosixPath(file).stem}/{name}", spoken(name))
                found.setdefault((name, str(told)), StartView(link, told))
        return found

    def _start(self, file: str, name: str) -> Link:
        if (file, name) not in self._known_starts:
            self._known_starts[file, name] = self._start_of(file, name)
        return self._known_starts[file, name]

    def _start_of(self, file: str, name: str) -> Link:
        document = next(document for other, document in self.names.pack.cases() if other == file)
        told = tuple(self.names.told(fact, value) for fact, value in document.starting_points.get(name, {}).items() if value is not None)
        return self._starts[name, str(told)].link

    def cases(self) -> tuple[CaseView, ...]:
        """Every case."""
        return tuple(self._case(file, name, case) for file, document in self.names.pack.cases() for name, case in document.cases.items())

    def _case(self, file: str, name: str, case: Case) -> CaseView:
        unknown = self.say("page.case.unknown")
        facts = [(self.names.asked(fact), unknown) if value is None else self.names.told(fact, value) for fact, value in case.facts.items()]
        return CaseView(
            self.names.link("case", name, case.title),
            file,
            None if case.start_from is None else self._start(file, case.start_from),
            tuple(facts),
            tuple(self._expected(case.expect)),
            self.names.maybe_outcome(case.expect.outcome or case.expect.outcome_at_least),
            self.names.cites(case.follows_from),
            "" if case.agreed_by.strip().lower() == "none yet" else case.agreed_by,
            case.basis == "composed",
            case.note or "",
        )

    def _expected(self, expect: Expectation) -> Iterator[str]:
        for key in ("outcome", "outcome_at_least", "outcome_at_most"):
            if (outcome := getattr(expect, key)) is not None:
                yield self.say(f"page.expect.{key}", outcome=self._title(outcome))
        for key in ("settled", "firm"):
            if (state := getattr(expect, key)) is not None:
                yield self.say(f"page.expect.{key}.{'yes' if state else 'no'}")
        for item in expect.actions:
            yield self._expected_action(item)
        for never in expect.never:
            yield self.say("page.expect.never", modality=self.say(f"modality.{never.modality}"), action=self._action(never.action))
        for key, references in (("rules", expect.rules), ("presumed", expect.presumed)):
            if references:
                yield self.say(f"page.expect.{key}", rules=self._listed((self.names.rule(one).title for one in references), "list.semicolon"))
        if expect.asks:
            yield self.say("page.expect.asks", questions=" ".join(self.names.asked(fact) for fact in expect.asks))

    def _expected_action(self, item: TimedAction) -> str:
        when = self.names.deadline(item.within, item.from_)
        words = {"modality": self.say(f"modality.{item.modality}"), "action": self._action(item.action)}
        who = self.say("page.expect.anyone") if item.by is None else self.say(f"who.{item.by}")
        return self.say("page.expect.action.timed" if when else "page.expect.action", who=who, when=when, **words)

    # -- words ------------------------------------------------------------------------------------------------------------------------

    def _title(self, outcome: str) -> str:
        return self.names.outcome(outcome).title

    def _action(self, name: str) -> str:
        return f"“{self.names.action(name).title}”"

    def _facts(self, names: Iterable[str]) -> str:
        return self._listed((f"“{self.names.wording.question(name)}”" for name in names), "list.comma")

    def _listed(self, parts: Iterable[str], key: str = "list.comma") -> str:
        return self.names.texts.join(list(parts), key)
