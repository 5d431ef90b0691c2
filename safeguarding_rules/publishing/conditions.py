"""Conditions as authors wrote them, as trees of questions with answers. Definitions stay names, which short ones are shown beside.

Comes in: the data of a condition. Goes out: a `ConditionView`. Must not know: how a condition is decided.
"""

from __future__ import annotations

from safeguarding_rules.deciding.words import condition_words, plain
from safeguarding_rules.language.conditions import All, Always, AnyOf, Condition, Defined, Not, Test, extent, parse_condition
from safeguarding_rules.publishing.document.links import ConditionView
from safeguarding_rules.publishing.naming import Names, spoken

_SHORT = 5
"""Up to how many parts a definition is shown where it is used, too."""


def condition_of(data: object, names: Names) -> ConditionView:
    """The view of a condition's data."""
    return tree_of(parse_condition(data), names)


def maybe_condition(data: object, names: Names) -> ConditionView | None:
    """The view of a condition's data, where there is any."""
    return None if data is None else condition_of(data, names)


def tree_of(condition: Condition, names: Names) -> ConditionView:
    """The view of a condition; an `all` or `any` of one member is its member."""
    match condition:
        case All(members) | AnyOf(members):
            if len(members) == 1:
                return tree_of(members[0], names)
            views = tuple(tree_of(member, names) for member in members)
            op, joint = ("all", " and ") if isinstance(condition, All) else ("any", " or ")
            words = joint.join(f"({view.words})" if view.op in ("all", "any") else view.words for view in views)
            return ConditionView(op, views, words=words)  # type: ignore[arg-type]
        case Not(member):
            view = tree_of(member, names)
            return ConditionView("not", (view,), words=f"not ({view.words})")
        case Defined(name):
            said = names.definitions.get(name)
            short = said is not None and extent(said, {}, {}).parts <= _SHORT
            inner = (tree_of(said, names),) if said is not None and short else ()
            return ConditionView("defined", inner, names.link("definition", name, spoken(name)), words=f"“{plain(name)}” holds")
        case Always():
            return ConditionView("always", words=condition_words(condition, names.facts))
        case Test():
            return _test(condition, names)


def _test(test: Test, names: Names) -> ConditionView:
    value = list(test.value) if isinstance(test.value, tuple) else test.value
    return ConditionView(
        "test",
        link=names.fact(test.fact),
        question=names.wording.question(test.fact),
        answer=names.wording.answer(test.fact, {test.op: value}),
        words=condition_words(test, names.facts),
    )
