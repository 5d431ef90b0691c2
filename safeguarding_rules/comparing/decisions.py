"""Two decisions side by side: what rose or fell, which duties came, went or changed, which questions were answered.

Comes in: two Decisions, of one case at two times or by two policies. Goes out: a `DecisionsCompared`, as data, and as one paragraph. Promised:
nothing is judged anew; whatever is said stands in one decision or the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from pydantic import Field

from safeguarding_rules.comparing.document import DiffPart, Direction
from safeguarding_rules.comparing.words import actor_words, modality_words
from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.deciding.parts import ActionAdvice, ModalityName, Question, StatusName
from safeguarding_rules.linking.policy import STRENGTH

_STATUS = {"applies": 2, "presumed": 1, "depends": 0}


class DutyStand(DiffPart):
    """How a duty stands in one decision."""

    modality: ModalityName
    status: StatusName
    within: tuple[str, ...] = ()


class DutyMove(DiffPart):
    """A duty that came (no `before`), went (no `after`) or changed."""

    action: str
    title: str
    by: str
    forbids: bool
    change: Literal["gained", "lost", "stronger", "weaker", "other"]
    before: DutyStand | None
    after: DutyStand | None


class FactMove(DiffPart):
    """A fact of which something else is known now; null for nothing."""

    fact: str
    before: Any
    after: Any


class Asked(DiffPart):
    """A question that came or went."""

    fact: str
    ask: str


class DecisionsCompared(DiffPart):
    """Two decisions side by side. Outcomes by name; `outcome` says whether the advice became stricter, milder or stayed."""

    schema_: Literal["decisions-compared/1"] = Field(default="decisions-compared/1", alias="schema")
    outcome_before: str
    outcome_after: str
    title_before: str
    title_after: str
    outcome: Direction | Literal["same"]
    settled_before: bool
    settled_after: bool
    ruled_out: tuple[str, ...] = Field(default=(), description="Outcomes that were possible and no longer are.")
    newly_possible: tuple[str, ...] = ()
    facts: tuple[FactMove, ...] = ()
    duties: tuple[DutyMove, ...] = ()
    rules_met: tuple[str, ...] = Field(default=(), description="Rules that are met now and were not.")
    rules_no_longer_met: tuple[str, ...] = ()
    answered: tuple[Asked, ...] = Field(default=(), description="Questions that were asked and whose facts are known now.")
    no_longer_asked: tuple[Asked, ...] = Field(default=(), description="Questions that no longer matter, though their facts are not known.")
    newly_asked: tuple[Asked, ...] = ()
    same_policy: bool = True

    def prose(self) -> str:
        """One paragraph."""
        return " ".join(self.sentences())

    def sentences(self) -> tuple[str, ...]:
        """What has become of the decision, sentence by sentence: the first says what the advice does."""
        return tuple(_sentences(self))


def compare_decisions(before: Decision, after: Decision) -> DecisionsCompared:
    """Put two decisions side by side."""
    known_before, known_after = before.facts, after.facts
    asked_before, asked_after = ({question.fact: question for question in decision.questions} for decision in (before, after))
    gone = [question for fact, question in asked_before.items() if fact not in asked_after]
    answered = [question for question in gone if known_after.get(question.fact) != known_before.get(question.fact)]
    met_before, met_after = ([rule.rule for rule in decision.rules.met] for decision in (before, after))
    return DecisionsCompared(
        outcome_before=before.outcome,
        outcome_after=after.outcome,
        title_before=_title(before),
        title_after=_title(after),
        outcome=_direction(before, after),
        settled_before=before.settled,
        settled_after=after.settled,
        ruled_out=tuple(name for name in before.possible_outcomes if name not in after.possible_outcomes),
        newly_possible=tuple(name for name in after.possible_outcomes if name not in before.possible_outcomes),
        facts=tuple(
            FactMove(fact=fact, before=known_before.get(fact), after=known_after.get(fact))
            for fact in dict.fromkeys((*known_after, *known_before))
            if known_before.get(fact) != known_after.get(fact)
        ),
        duties=tuple(_duties(before.actions, after.actions)),
        rules_met=tuple(rule for rule in met_after if rule not in met_before),
        rules_no_longer_met=tuple(rule for rule in met_before if rule not in met_after),
        answered=_asked(answered),
        no_longer_asked=_asked(question for question in gone if question not in answered),
        newly_asked=_asked(question for fact, question in asked_after.items() if fact not in asked_before),
        same_policy=before.program.fingerprint == after.program.fingerprint,
    )


def _title(decision: Decision) -> str:
    return decision.program.policy.outcomes[decision.verdict.advice].title


def _direction(before: Decision, after: Decision) -> Direction | Literal["same"]:
    if before.outcome == after.outcome:
        return "same"
    for decision in (after, before):  # either scale, the newer first
        scale = [outcome.name for outcome in decision.program.policy.outcomes]
        if before.outcome in scale and after.outcome in scale:
            return "stricter" if scale.index(after.outcome) > scale.index(before.outcome) else "milder"
    return "other"


def _asked(questions: Iterable[Question]) -> tuple[Asked, ...]:
    return tuple(Asked(fact=question.fact, ask=question.ask) for question in questions)


def _duties(before: Sequence[ActionAdvice], after: Sequence[ActionAdvice]) -> Iterable[DutyMove]:
    had, has = ({(one.action, one.by, one.modality.endswith("_not")): one for one in actions} for actions in (before, after))
    for key in dict.fromkeys((*has, *had)):
        one, other = had.get(key), has.get(key)
        stood, stands = _stand(one), _stand(other)
        if stood != stands:
            title = (other or had[key]).title
            yield DutyMove(action=key[0], title=title, by=key[1], forbids=key[2], change=_change(stood, stands), before=stood, after=stands)


def _stand(advice: ActionAdvice | None) -> DutyStand | None:
    if advice is None:
        return None
    return DutyStand(modality=advice.modality, status=advice.status, within=tuple(deadline.within for deadline in advice.deadlines))


def _change(before: DutyStand | None, after: DutyStand | None) -> Literal["gained", "lost", "stronger", "weaker", "other"]:
    if before is None or after is None:
        return "lost" if after is None else "gained"
    one, other = ((_STATUS[stand.status], STRENGTH[stand.modality]) for stand in (before, after))
    if one == other:
        return "other"
    # What applies is firmer than what is presumed or depends, however strong that would be.
    return "stronger" if other > one else "weaker"


# -- the paragraph ------------------------------------------------------------------------------------------------------------------


def _sentences(compared: DecisionsCompared) -> Iterable[str]:
    if compared.outcome == "same":
        yield f"The advice stays “{compared.title_after}”."
    else:
        verb = {"stricter": "rises", "milder": "falls", "other": "changes"}[compared.outcome]
        yield f"The advice {verb} from “{compared.title_before}” to “{compared.title_after}”."
    if compared.settled_before != compared.settled_after:
        yield "It is settled now." if compared.settled_after else "It is no longer settled."
    if not compared.same_policy:
        yield "The two decisions were made by different policies."
    for change, words in (("gained", "New"), ("stronger", "Firmer"), ("weaker", "Less firm"), ("lost", "Gone"), ("other", "Changed")):
        duties = [duty for duty in compared.duties if duty.change == change and "applies" in _statuses(duty)]
        if duties:
            yield f"{words}: {'; '.join(_duty_words(duty) for duty in duties)}."
    if compared.answered:
        yield f"Answered: {' '.join(one.ask for one in compared.answered)}"
    if compared.newly_asked:
        yield f"Now to be asked: {' '.join(one.ask for one in compared.newly_asked)}"
    if compared.no_longer_asked:
        number = len(compared.no_longer_asked)
        yield f"{number} question{'s' if number > 1 else ''} no longer matter{'' if number > 1 else 's'}."


def _statuses(duty: DutyMove) -> set[str]:
    return {stand.status for stand in (duty.before, duty.after) if stand is not None}


def _duty_words(duty: DutyMove) -> str:
    stand = duty.after or duty.before
    assert stand is not None  # noqa: S101  a duty stands in one of the two
    within = f", {stand.within[0].replace('_', ' ')}" if duty.after is not None and stand.within else ""
    return f"{modality_words(stand.modality)}: {duty.title} ({actor_words(duty.by)}{within})"
