"""`while_unknown` and a permission that a prohibition can outrank, on small packs made of little else: against trying every partial case."""

from __future__ import annotations

from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from safeguarding_rules import PackError
from tests.properties.test_proving import Oracle, agree
from tests.unit.proving.stacks import OUTCOMES, invariant_claims, pack, stack_of

FACTS: dict[str, Any] = {
    **{name: {"type": "boolean", "question": f"Is {name} so?"} for name in "abc"},
    "d": {"type": "boolean", "question": "Is d so?", "applies_when": {"a": True}},
    "e": {"type": "choice", "values": {"one": "One", "two": "Two", "three": "Three"}, "question": "Which?", "applies_when": {"b": True}},
}
ITEMS = ({"may": "look"}, {"may": "look"}, {"must_not": "look"}, {"should_not": "look"}, {"should": "call"}, {"may": "tell"}, {"should_not": "tell"})
TESTS: tuple[dict[str, Any], ...] = (
    {"a": True},
    {"b": True},
    {"c": True},
    {"d": True},
    {"a": False},
    {"c": False},
    {"e": "two"},
    {"e": {"is_not": "one"}},
)


@st.composite
def rules(draw: Any) -> dict[str, Any]:
    """Draw a rule that gives a permission, a prohibition, or an outcome."""
    limbs = draw(st.lists(st.sampled_from(TESTS), min_size=1, max_size=2, unique_by=str))
    rule: dict[str, Any] = {"when": {"all": limbs} if len(limbs) > 1 else limbs[0]}
    if draw(st.booleans()):
        rule["outcome"] = draw(st.sampled_from(OUTCOMES[1:]))
    if draw(st.booleans()):
        rule["unless"] = draw(st.sampled_from(TESTS))
    if draw(st.integers(0, 2)) == 0:
        rule["given"] = draw(st.sampled_from(TESTS))
    marks = ["ask", "presume_met", *(["presume_if_partly_met"] * 2 if len(limbs) > 1 or "unless" in rule else [])]
    rule["if_unknown"] = draw(st.sampled_from(marks))
    if "outcome" not in rule or draw(st.booleans()):
        rule["actions"] = [draw(st.sampled_from(ITEMS))]
    return rule


@st.composite
def packs(draw: Any, claimed: dict[str, Any]) -> dict[str, Any]:
    """Draw a pack."""
    drawn = draw(st.lists(rules(), min_size=1, max_size=5))
    kinds: list[dict[str, Any]] = [
        {"at_least": "review"},
        {"at_least": "refer"},
        {"at_least": "police"},
        {"when_outcome": "manage"},
        {"always": True},
    ]
    standing = [
        {"id": f"s{n}", **draw(st.sampled_from(kinds)), "actions": [draw(st.sampled_from(ITEMS))]} for n in range(draw(st.sampled_from([0, 0, 1, 2])))
    ]
    unsettled: dict[str, Any] = {"outcome": draw(st.sampled_from(OUTCOMES[1:]))}
    if draw(st.integers(0, 3)) == 0:
        unsettled["actions"] = [draw(st.sampled_from(ITEMS))]
    implications = [{"if": {"c": True}, "then": {"a": True}, "because": "b"}] if draw(st.integers(0, 2)) == 0 else []
    named = {f"r{n}": rule for n, rule in enumerate(drawn)}
    more: dict[str, Any] = {"standing": standing} if standing else {}
    return pack(named, facts=FACTS, invariants=claimed, unsettled=unsettled, implications=implications, **more)


@given(st.data())
def test_permissions_while_facts_are_unknown(data: st.DataObject) -> None:
    unknown = st.lists(st.sampled_from(sorted(FACTS)), min_size=1, max_size=2, unique=True)
    claims: list[dict[str, Any]] = [
        {"never": [{"may": "look"}]},
        {"never": [{"may": "tell"}]},
        {"outcome_at_least": "refer"},
        {"never": [{"should": "call"}]},
    ]
    drawn = {f"i{n}": {"while_unknown": data.draw(unknown), **claimed} for n, claimed in enumerate(claims)}
    document = data.draw(packs(drawn))
    try:
        stack = stack_of([document])
    except PackError:
        event("rejected")
        return
    oracle = Oracle([document])
    for name, claim in invariant_claims(stack).items():
        assert claim.state != "undecided", claim.reason
        if "may" in str(drawn[name]) and stack.arena.program.contested:
            event(f"a prohibition can outrank: {claim.state}")
        agree(claim, oracle.partial(drawn[name]), drawn[name])
