"""Where the property tests meet the engine: building one from plain data, and reading a decision as the reference's `Answer`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from hypothesis import reject

from safeguarding_rules import Engine, PackError, pack_from_data, pack_from_folder
from tests.reference.interpreter import Answer, Entry

if TYPE_CHECKING:
    from pathlib import Path

    from tests.reference.stack import Policy, Stack

REJECTED: list[list[str]] = []  # the codes of the findings that kept a generated stack from loading


def load(stack: Stack) -> Engine:
    """Build an engine from a stack of plain data; raises PackError."""
    return Engine.from_packs([pack_from_data(pack) for pack in stack])


def engine_for(stack: Stack) -> Engine:
    """Build an engine from a generated stack; the rare stack that a check rejects is no example."""
    try:
        return load(stack)
    except PackError as error:
        REJECTED.append([diagnostic.code for diagnostic in error.diagnostics])
        reject()


def load_shipped(folders: list[Path], on: str) -> Engine:
    """Load a shipped stack from its folders on a date; what is judged here is the meaning of its files, not their lock."""
    return Engine.from_packs([pack_from_folder(folder, verify_lock=False) for folder in folders], on=date.fromisoformat(on))


def answer_of(policy: Policy, decision: Any) -> Answer:
    """Read a decision of the engine as an answer of the reference; the policy says which rules there are."""
    rules = dict.fromkeys(policy.rules, "not_met")
    for status, items in (("open", decision.rules.open), ("open", decision.rules.presumed), ("met", decision.rules.met)):
        rules.update({item.rule: status for item in items})
    actions = {}
    for item in decision.actions:
        side = (item.action, item.by, "negative" if item.modality.endswith("_not") else "positive")
        assert side not in actions, f"two entries for {side}"
        actions[side] = Entry(item.status, item.modality, tuple((more.status, more.modality) for more in item.stronger))
    return Answer(
        outcome=decision.outcome,
        possible_outcomes=set(decision.possible_outcomes),
        settled=decision.settled,
        firm=decision.firm,
        rules=rules,
        presumed={item.rule for item in decision.rules.presumed},
        actions=actions,
    )


def asked(decision: Any) -> list[tuple[str, set[str]]]:
    """List the questions of a decision with what each could become."""
    return [(question.fact, set(question.could_become)) for question in decision.questions]


def describe(stack: Stack, facts: dict[str, Any], expected: object, found: object) -> str:
    """Say what an assertion needs to be understood: the case and both answers."""
    return f"facts {facts}\nreference {expected}\nengine    {found}\nstack {stack}"
