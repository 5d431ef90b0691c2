"""From a decision to the explanation as data: who said what, in the packs' own words.

Comes in: a Decision. Goes out: an `ExplanationDocument`. Promised: nothing in it that is not the decision's, a pack's, or a fact's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from safeguarding_rules.deciding import parts as decided
from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.deciding.knowing import Knowledge
from safeguarding_rules.deciding.words import condition_words
from safeguarding_rules.explaining import document as doc
from safeguarding_rules.explaining.limbs import LimbReader
from safeguarding_rules.explaining.texts import Catalogue
from safeguarding_rules.explaining.wording import FactWording
from safeguarding_rules.linking.policy import PROHIBITIONS, Duty, Policy, PolicyRule


class Account:
    """Gathers everything that explains one decision."""

    def __init__(self, decision: Decision, texts: Catalogue) -> None:
        self._decision = decision
        self._texts = texts
        self._policy: Policy = decision.program.policy
        self._words = FactWording(self._policy.facts, texts)
        self._rules = {rule.id: (i, rule) for i, rule in enumerate(self._policy.rules)}
        program = decision.program
        self._reader = LimbReader(program, Knowledge(program.space).boxes(decision.facts), decision.verdict.box)
        self._standing = {entry.id: entry for entry in self._policy.standing}

    def fields(self, *, asking: bool = True) -> dict[str, Any]:
        """The fields of the explanation, its questions only where `asking`."""
        decision, policy = self._decision, self._policy
        scale = tuple(self._outcome(rank) for rank in range(len(policy.outcomes)))
        ranks = {outcome.name: outcome for outcome in scale}
        rules = tuple(self._rules_in_words())
        duties = tuple(self._duty(action) for action in decision.actions)
        grounds = tuple(self._grounds(duties))
        statements = tuple(self._statements(grounds))
        return {
            "language": self._texts.language,
            "on": decision.on.isoformat(),
            "outcome": ranks[decision.outcome],
            "possible": tuple(ranks[name] for name in decision.possible_outcomes),
            "scale": scale,
            "settled": decision.settled,
            "firm": decision.firm,
            "exact": decision.exact,
            "facts": self._facts(decision.facts),
            "because": self._because(),
            "rules": rules,
            "grounds": grounds,
            "duties": duties,
            "questions": tuple(self._questions()) if asking else (),
            "changes": tuple(self._changes()),
            "when_unsettled": policy.outcomes[policy.when_unsettled.outcome].name,
            "statements": statements,
            "unconfirmed": tuple(s.id for s in statements if s.checked == "recalled"),
            "contradictions": self._contradictions(),
            "packs": tuple(self._packs()),
            "fingerprint": decision.program.fingerprint,
            "warnings": tuple(doc.WarningWords(code=w.code, facts=w.facts, statements=w.statements) for w in decision.warnings),
        }

    # -- outcome and facts ------------------------------------------------------------------------------------------------------------

    def _outcome(self, rank: int) -> doc.OutcomeWords:
        found = self._policy.outcomes[rank]
        return doc.OutcomeWords(name=found.name, rank=rank, title=found.title, meaning=found.meaning, because=found.because, statements=found.cite)

    def _facts(self, names: Iterable[str]) -> tuple[doc.FactWords, ...]:
        known = self._decision.facts
        return tuple(doc.FactWords(fact=n, question=self._words.question(n), answer=self._words.answer(n, known[n]), value=known[n]) for n in names)

    def _open(self, names: Iterable[str]) -> tuple[doc.OpenFact, ...]:
        return tuple(doc.OpenFact(fact=name, question=self._words.question(name)) for name in names)

    def _because(self) -> doc.BecauseWords:
        found = self._decision.because
        program = self._decision.program
        forcing = self._reader.joined(found.facts) if found.rules else 0
        together = not all(self._reader.certain(program.rules[self._rules[name][0]].holds, forcing) for name in found.rules)
        return doc.BecauseWords(facts=self._facts(found.facts), rules=found.rules, together=together)

    def _contradictions(self) -> tuple[tuple[doc.FactWords, ...], ...]:
        found = self._decision.contradiction
        return () if found is None else tuple(self._facts(conflict) for conflict in found.conflicts)

    # -- rules ------------------------------------------------------------------------------------------------------------------------

    def _rules_in_words(self) -> Iterator[doc.RuleWords]:
        decision = self._decision
        reader = self._reader
        for status, found in (("met", decision.rules.met), ("presumed", decision.rules.presumed), ("open", decision.rules.open)):
            for item in found:
                index, rule = self._rules[item.rule]
                details: dict[str, Any] = {}
                if status != "met":
                    unknown = reader.unknown([rule.given, rule.when, rule.unless])
                    contradicting = decision.contradiction is not None
                    details["unknown"] = self._open(n for n in unknown if not (contradicting and n in decision.facts))
                if status == "presumed":
                    details |= self._presumption(rule, index)
                yield doc.RuleWords(
                    rule=item.rule,
                    title=item.title,
                    because=item.because,
                    outcome=item.outcome,
                    status=status,  # type: ignore[arg-type]
                    **details,
                )

    def _presumption(self, rule: PolicyRule, index: int) -> dict[str, Any]:
        if self._decision.contradiction is not None:
            return {"presumed": "facts_contradict"}
        compiled = self._decision.program.rules[index]
        limbs = tuple(
            doc.LimbWords(status="met" if limb.met else "open", known=self._facts(limb.known), unknown=self._open(limb.unknown))
            for limb in self._reader.limbs(rule, compiled)
        )
        found: dict[str, Any] = {"presumed": self._reader.reason(compiled), "limbs": limbs}
        if found["presumed"] == "partly_met":  # what is open inside a limb that is met does not matter
            missing = {fact.fact for limb in limbs for fact in limb.unknown} | set(self._reader.unknown([rule.given, rule.unless]))
            found["unknown"] = self._open(name for name in self._reader.unknown([rule.given, rule.when, rule.unless]) if name in missing)
        return found

    def _grounds(self, duties: Iterable[doc.DutyWords]) -> Iterator[doc.Ground]:
        """Everything that duties and reasons name, in the order of rules, standing entries, `when_unsettled`."""
        decision = self._decision
        listed = (*decision.rules.met, *decision.rules.presumed, *decision.rules.open)
        named = {r.rule for r in listed} | set(decision.because.rules) | {name for duty in duties for name in duty.grounds}
        for rule in self._policy.rules:
            if rule.id in named:
                yield doc.Ground(
                    id=rule.id,
                    kind="rule",
                    title=rule.title,
                    because=rule.because,
                    pack=rule.pack,
                    statements=rule.cite,
                    strengthened_by=rule.strengthened_by,
                )
        for entry in self._policy.standing:
            if entry.id in named:
                yield doc.Ground(id=entry.id, kind="standing", title=None, because=entry.because, pack=entry.pack, statements=entry.cite)
        for part in self._policy.when_unsettled.parts:
            name = f"{part.pack}/when_unsettled"
            if name in named or not decision.settled:
                yield doc.Ground(id=name, kind="when_unsettled", title=None, because=part.because, pack=part.pack, statements=part.cite)

    def _statements(self, grounds: Iterable[doc.Ground]) -> Iterator[doc.StatementWords]:
        """The statements behind the decision and behind every duty that applies or is presumed."""
        decision = self._decision
        standing = {name for a in decision.actions if a.status != "depends" for name in a.rules}
        speaking = standing | {r.rule for r in (*decision.rules.met, *decision.rules.presumed)}
        named = list(decision.citations) + [s for ground in grounds if ground.id in speaking for s in ground.statements]
        for name in dict.fromkeys(named):
            found = self._policy.statements.get(name)
            if found is not None:
                yield doc.StatementWords(
                    id=found.id,
                    text=found.text,
                    source=found.source,
                    section=found.section,
                    address=found.address or None,
                    binds=found.binds,
                    strength=found.strength,
                    force=found.force,
                    checked=found.checked,
                    pack=found.pack,
                )

    # -- duties, questions, changes -----------------------------------------------------------------------------------------------------

    def _duty(self, action: decided.ActionAdvice) -> doc.DutyWords:
        info = self._policy.actions[action.action]
        return doc.DutyWords(
            action=action.action,
            title=action.title,
            meaning=info.meaning,
            protects=info.protects,
            by=action.by,
            modality=action.modality,
            status=action.status,
            deadlines=tuple(doc.DeadlineWords(d.within, d.from_, d.due) for d in action.deadlines),
            given=tuple(self._given(action)),
            routes=tuple(self._routes(action)),
            depends_on=self._open(action.depends_on),
            stronger=tuple(doc.StrongerWords(modality=s.modality, status=s.status) for s in action.stronger),
        )

    def _given(self, action: decided.ActionAdvice) -> Iterator[doc.GiftWords]:
        """What each rule and standing entry behind a duty says of it."""
        for name in action.rules:
            for duty in self._duties_behind(name):
                if (duty.action, duty.by, duty.modality in PROHIBITIONS) == (action.action, action.by, action.modality in PROHIBITIONS):
                    within = None if duty.deadline is None else duty.deadline.text
                    yield doc.GiftWords(ground=name, modality=duty.modality, within=within, until=duty.until, note=duty.note)

    def _duties_behind(self, name: str) -> tuple[Duty, ...]:
        """What a rule, a standing entry, or a pack's `when_unsettled` asks for."""
        if name in self._rules:
            return self._rules[name][1].duties
        if name in self._standing:
            return self._standing[name].duties
        return self._policy.when_unsettled.duties_of(name.partition("/")[0])

    def _routes(self, action: decided.ActionAdvice) -> Iterator[doc.RouteWords]:
        """The contacts, each once, what chooses among them as questions with answers; none after the one that is certain."""
        entries = self._policy.routes.get(self._policy.actions[action.action].route or "", ())
        infos = {info.spec.name: info for info in self._policy.facts}
        choosing = {condition_words(entry.when, infos): self._words.condition(entry.when) for entry in entries if entry.when is not None}
        seen = set()
        for route in action.routes:
            when = None if route.when is None else choosing[route.when]
            found = doc.RouteWords(
                name=route.name, when=when, phone=route.phone, web=route.web, hours=route.hours, note=route.note, emergency=route.emergency
            )
            key = (found.name, found.when, found.phone, found.web)
            if key not in seen:
                seen.add(key)
                yield found
            if when is None:
                return

    def _questions(self) -> Iterator[doc.QuestionWords]:
        for q in self._decision.questions:
            yield doc.QuestionWords(fact=q.fact, question=q.ask, help=q.help, group=q.group, could_become=q.could_become, only_route=q.only_route)

    def _changes(self) -> Iterator[doc.ChangeWords]:
        known = self._decision.facts
        for change in self._decision.because.nearest_changes:
            ((fact, value),) = change.change.items()
            yield doc.ChangeWords(
                fact=fact,
                question=self._words.question(fact),
                answer=self._words.answer(fact, known[fact]),
                other_answer=self._words.answer(fact, value),
                other_value=value,
                outcome=change.outcome,
            )

    def _packs(self) -> Iterator[doc.PackWords]:
        for pack in self._policy.packs:
            yield doc.PackWords(
                pack=pack.id,
                version=pack.version,
                digest=pack.digest,
                title=pack.title,
                layer=pack.layer,
                status=pack.status,
                signed_off=pack.signed_off,
                review_by=None if pack.review_by is None else pack.review_by.isoformat(),
                in_force=pack.in_force(self._decision.on),
                notes=pack.notes,
            )
