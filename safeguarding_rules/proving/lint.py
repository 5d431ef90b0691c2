"""What lies idle or conflicts in a pack: duties in conflict, rules that never hold or never count, facts that never matter, tables.

Comes in: a stack. Goes out: one claim per analysis, with a finding for each thing found; those a reviewer has accepted in `invariants.yaml` are
listed as accepted. Only what the lowest pack of the stack declares is looked at, in the whole stack: a national rule that a layer overtakes is no
fault of anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from safeguarding_rules.deciding.evaluate import evaluate
from safeguarding_rules.deciding.program import CompiledRule
from safeguarding_rules.deciding.questions import questions
from safeguarding_rules.diagnostics import Diagnostic
from safeguarding_rules.linking.policy import PROHIBITIONS, STRENGTH, Duty, PolicyRule
from safeguarding_rules.proving.arena import Arena
from safeguarding_rules.proving.claims import Claim, Finding
from safeguarding_rules.proving.matter import Comparing, difference
from safeguarding_rules.proving.scoped import Result, stands
from safeguarding_rules.proving.search import UndecidedError
from safeguarding_rules.proving.unknown import unsettled_beside
from safeguarding_rules.proving.witness import facts_of_case, partial_witness, witness
from safeguarding_rules.proving.work import Stack, claim

TABLES = ("SR611", "SR612")
CONFLICTS = ("SR605", "SR606")
EVERY = slice(None)


def conflicts(stack: Stack) -> Claim:
    """No duties in conflict: searched for complete cases, and for partial ones where linking does not look; it looks at the other partial ones."""
    return claim(
        lambda: _conflicts(stack),
        name="no-conflicting-duties",
        kind="conflicts",
        pack=stack.pack.id,
        claims="no case, partial ones included, asks one person to do something and to refrain from it",
    )


def _conflicts(stack: Stack) -> Result:
    arena = stack.arena
    for i, slot in enumerate(arena.program.slots):
        if slot.forbids or slot.opposite < 0:
            continue
        for boxes, further in arena.ways(arena.everything, slot.opposite, STRENGTH["should_not"]):
            case = arena.find(boxes, further, present=(i, STRENGTH["should"]))
            if case:
                reason = f"`{slot.action}` (by {slot.by}) is asked for and ruled out"
                shown = witness(
                    arena,
                    case,
                    lambda d, s=slot: stands(d, s.action, "should", s.by) and stands(d, s.action, "should_not", s.by),  # type: ignore[misc]
                )
                return {"state": "refuted", "reason": reason, "code": "SR605", "witness": shown}
    for i, j, code in _beside_unsettled(arena):
        if box := unsettled_beside(arena, i):
            first, second = _asked(arena, i), _asked(arena, j)
            both = f"`{first[1]} {first[0]}` and `{second[1]} {second[0]}` (by {first[2]})"
            shown = partial_witness(arena, facts_of_case(arena.space, box), lambda d, a=first, b=second: stands(d, *a) and stands(d, *b))  # type: ignore[misc]
            return {"state": "refuted", "reason": f"{both} are advised while the outcome is not settled", "code": code, "witness": shown}
    return _judged(stack, (_found(d) for d in stack.diagnostics if d.code in CONFLICTS))


def _beside_unsettled(arena: Arena) -> Iterator[tuple[int, int, str]]:
    """Yield the slots that go against what `when_unsettled` asks for, each with that slot and the code of such a conflict.

    Rules that give a duty by themselves were looked at when the stack was linked; here also those that only together give it in every case.
    """
    slots, actions, should = arena.program.slots, arena.policy.actions, STRENGTH["should"]
    for j, wanted in enumerate(slots):
        for i, slot in enumerate(slots) if wanted.unsettled >= should else ():
            if slot.by != wanted.by:
                continue
            if slot.action == wanted.action and slot.forbids != wanted.forbids:
                yield i, j, "SR605"
            elif not (slot.forbids or wanted.forbids) and (
                slot.action in actions[wanted.action].contradicts or wanted.action in actions[slot.action].contradicts
            ):
                yield i, j, "SR606"


def _asked(arena: Arena, slot: int) -> tuple[str, str, str]:
    described = arena.program.slots[slot]
    return described.action, "should_not" if described.forbids else "should", described.by


def _found(diagnostic: Diagnostic) -> Finding:
    return Finding(code=diagnostic.code, at=" and ".join(diagnostic.about), message=diagnostic.message)


def tables(stack: Stack) -> Claim:
    """Gaps and overlaps that disagree, as they were found when the stack was linked: an exact search per table and per pair of rows."""
    found = [_found(d) for d in stack.diagnostics if d.code in TABLES and (d.span is None or stack.pack.texts(d.span.file) is not None)]
    return claim(
        lambda: _judged(stack, found),
        name="tables-without-gaps",
        kind="tables",
        pack=stack.pack.id,
        claims="complete tables have no gap, and rows that overlap agree",
    )


def rules(stack: Stack, share: slice = EVERY) -> Claim:
    """Every rule can hold, and changes something in some case; of a share of the rules of the pack."""
    own = [rule for rule in stack.policy.rules if rule.pack == stack.pack.id][share]
    return claim(
        lambda: _judged(stack, *_all(_rule_findings(stack, own))),
        name="every-rule-counts",
        kind="rules",
        pack=stack.pack.id,
        claims="every rule can hold, in some case gives what nothing else gives, and in some case an outcome that no other rule gives",
        parts=len(own),
    )


def facts(stack: Stack, share: slice = EVERY) -> Claim:
    """Every fact matters in some case; of a share of the facts of the pack."""
    own = [info.spec.name for info in stack.policy.facts if info.pack == stack.pack.id][share]
    return claim(
        lambda: _judged(stack, *_all(_fact_findings(stack, own))),
        name="every-fact-matters",
        kind="facts",
        pack=stack.pack.id,
        claims="every fact changes an outcome, a duty, a deadline or a contact in some case",
        parts=len(own),
    )


# -- judging ------------------------------------------------------------------------------------------------------------------------------

Item = Finding | str


def _all(items: Iterable[Item]) -> tuple[list[Finding], list[str]]:
    listed = list(items)
    return [one for one in listed if isinstance(one, Finding)], [one for one in listed if isinstance(one, str)]


def _judged(stack: Stack, found: Iterable[Finding], undecided: Iterable[str] = ()) -> Result:
    """The result of an analysis, with what is accepted marked."""
    return judgement(tuple(_accepted(stack, one) for one in found), tuple(undecided))


def merged(claims: Sequence[Claim]) -> Claim:
    """One claim of claims about shares of the same."""
    first = claims[0]
    findings = tuple(finding for one in claims for finding in one.findings)
    undecided = tuple(name for one in claims for name in one.undecided)
    totals = {"parts": sum(one.parts for one in claims), "seconds": sum(one.seconds for one in claims)}
    return first.model_copy(update={"code": None, "reason": "", "undecided": (), **judgement(findings, undecided), **totals})


def judgement(findings: tuple[Finding, ...], left: tuple[str, ...]) -> Result:
    """What findings come to: refuted where a finding is not accepted, undecided where something could not be decided."""
    open_ = [one for one in findings if one.accepted is None]
    if open_:
        return {"state": "refuted", "findings": findings, "code": open_[0].code, "reason": open_[0].message, "undecided": left}
    if left:
        return {"state": "undecided", "findings": findings, "code": "SR703", "reason": f"not decided: {', '.join(left)}", "undecided": left}
    return {"state": "proved", "findings": findings}


def _accepted(stack: Stack, finding: Finding) -> Finding:
    for entry in stack.pack.invariants.accepted:
        about = not {entry.at, f"{stack.pack.id}/{entry.at}"}.isdisjoint(finding.at.split(" and "))
        if entry.finding == finding.code and about and stack.today < entry.until:
            return finding.model_copy(update={"accepted": f"{entry.because} (until {entry.until})"})
    return finding


def _decided(name: str, work: Callable[[], Finding | None]) -> Iterator[Item]:
    try:
        found = work()
    except UndecidedError:
        yield name
        return
    if found is not None:
        yield found


# -- rules --------------------------------------------------------------------------------------------------------------------------------


def _rule_findings(stack: Stack, own: Sequence[PolicyRule]) -> Iterator[Item]:
    counting = _Counting(stack.arena)
    for rule in own:
        compiled = stack.arena.program.rules[counting.indexes[rule.id]]
        yield from _decided(rule.id, lambda rule=rule, compiled=compiled: counting.finding(rule, compiled))  # type: ignore[misc]


class _Counting:
    """Looks for a case in which a rule gives what nothing else gives.

    A rule that is presumed while open can count in a partial case though other rules give as much in every complete one. So only rules that are
    presumed at least as readily count as giving as much: any rule beside one that only asks, and rules with `presume_met` beside the others.
    """

    def __init__(self, arena: Arena) -> None:
        self.arena = arena
        self.indexes = {rule.id: i for i, rule in enumerate(arena.policy.rules)}

    def finding(self, rule: PolicyRule, compiled: CompiledRule) -> Finding | None:
        """What is wrong with a rule."""
        arena = self.arena
        if not arena.search.find(compiled.holds.boxes):
            return Finding(code="SR601", at=rule.id, message=f"`{rule.id}` can never hold")
        others = [one for one in arena.program.rules if one.index != compiled.index and self.as_ready(one, compiled)]
        outcome = compiled.rank > 0 and self.outcome_counts(compiled, others)
        if outcome:
            return None
        if any(self.duty_counts(duty, compiled, others) for duty in rule.duties):
            if compiled.rank <= 0:
                return None
            beaten = f"wherever `{rule.id}` holds, other rules give at least its outcome, so its outcome never counts"
            return Finding(code="SR712", at=rule.id, message=beaten)
        message = f"`{rule.id}` is redundant: {self.covering(compiled, others)} at least as much wherever it holds"
        return Finding(code="SR711", at=rule.id, message=message)

    def as_ready(self, one: CompiledRule, other: CompiledRule) -> bool:
        """Whether a rule is presumed wherever the other is."""
        return other.presume == "ask" or one.presume == "presume_met"

    def outcome_counts(self, rule: CompiledRule, others: list[CompiledRule]) -> bool:
        """Whether in some case no other rule gives the outcome of the rule, or more."""
        forbidding = [bits for one in others if one.rank >= rule.rank for bits in one.holds.fails]
        return bool(self.arena.search.find(rule.holds.boxes, forbidding))

    def duty_counts(self, duty: Duty, rule: CompiledRule, others: list[CompiledRule]) -> bool:
        """Whether in some case nothing else gives a duty of the rule at least as strongly, as soon, and with the same words."""
        arena = self.arena
        policy = arena.policy
        forbidding = [bits for one in others if any(_replaces(d, duty) for d in policy.rules[one.index].duties) for bits in one.holds.fails]
        boxes = list(rule.holds.boxes)
        for entry in policy.standing:
            if any(_replaces(d, duty) for d in entry.duties):
                if entry.kind == "always":
                    return False
                if entry.kind == "first":
                    boxes = arena.reaching(1, boxes)
                else:
                    # The outcome of the rule itself never counts here, or it would have been found to.
                    forbidding += [bits for one in others if one.rank >= entry.outcome for bits in one.holds.fails]
        return bool(arena.search.find(boxes, forbidding))

    def covering(self, rule: CompiledRule, others: list[CompiledRule]) -> str:
        """Who gives as much: one rule by name if there is one."""
        own = self.arena.policy.rules[rule.index].duties
        for one in others:
            gives = self.arena.policy.rules[one.index].duties
            as_much = one.rank >= rule.rank and all(any(_replaces(d, duty) for d in gives) for duty in own)
            if as_much and not self.arena.search.find(rule.holds.boxes, list(one.holds.fails)):
                return f"`{self.arena.policy.rules[one.index].id}` gives"
        return "other rules together give"


def _replaces(other: Duty, duty: Duty) -> bool:
    """Whether one duty says all that another does: as strong, as soon, with its `until` and note."""
    from safeguarding_rules.language.deadlines import never_later  # noqa: PLC0415

    same = (other.action, other.by, other.modality in PROHIBITIONS) == (duty.action, duty.by, duty.modality in PROHIBITIONS)
    if not same or STRENGTH[other.modality] < STRENGTH[duty.modality]:
        return False
    if (duty.until not in (None, other.until)) or (duty.note not in (None, other.note)):
        return False
    if duty.deadline is None:
        return True
    return other.deadline is not None and other.clock == duty.clock and never_later(other.deadline, duty.deadline)


# -- facts --------------------------------------------------------------------------------------------------------------------------------


def _fact_findings(stack: Stack, own: Sequence[str]) -> Iterator[Item]:
    arena = stack.arena
    choosing = arena.program.route_facts(range(len(arena.program.slots)))
    for name in own:
        if name not in choosing:
            yield from _decided(name, lambda name=name: _idle(arena, name))  # type: ignore[misc]


def _idle(arena: Arena, name: str) -> Finding | None:
    try:
        if difference(arena, [name], smallest=False) is not None or _hastens(arena, name):
            return None
    except UndecidedError:
        # Many facts are tied to this one. The engine asks for a fact only if some step of learning it changes something.
        arena.search.limits.check()
        verdict = evaluate(arena.program, arena.space.start)
        if verdict is not None and verdict.exact and any(question.fact == name for question in questions(arena.program, verdict)):
            return None
        raise
    message = f"`{name}` never matters: two cases that differ only in it never differ in outcome, duties, deadlines or contacts"
    return Finding(code="SR713", at=name, message=message)


def _hastens(arena: Arena, name: str) -> bool:
    """Whether a fact decides how soon, or in which words, something is done: one case of a pair has a duty that nothing in the other replaces."""
    comparing = Comparing(arena, [name], smallest=False)
    policy, program = arena.policy, arena.program
    for rule, compiled in zip(policy.rules, program.rules, strict=True):
        terms = list(comparing.touched(compiled.holds.boxes))
        for duty in rule.duties if terms else ():
            if any(entry.kind == "always" and any(_replaces(d, duty) for d in entry.duties) for entry in policy.standing):
                continue
            giving = [one for one, written in zip(program.rules, policy.rules, strict=True) if any(_replaces(d, duty) for d in written.duties)]
            forbidding = [bits for one in giving for bits in one.holds.fails]
            for entry in policy.standing:
                if entry.kind == "at_least" and any(_replaces(d, duty) for d in entry.duties):
                    forbidding += arena.fails(entry.outcome)
            if any(True for term in terms for _ in comparing.pairs(term, forbidding)):
                return True
    return False
