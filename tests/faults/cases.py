"""Seeded faults in what cases there are: constraints, conditions, layers. Each says what it breaks of `docs/reference/semantics.md`."""

from __future__ import annotations

from tests.faults.fault import Fault

VALUES = "safeguarding_rules/language/facts.py"
FACTS = "safeguarding_rules/linking/facts.py"
LINK = "safeguarding_rules/linking/link.py"
RULES = "safeguarding_rules/linking/rules.py"
SCOPE = "safeguarding_rules/linking/scope.py"
BUILD = "safeguarding_rules/worlds/build.py"
SPACE = "safeguarding_rules/worlds/space.py"
TERMS = "safeguarding_rules/worlds/terms.py"
TIE = "return clauses_of(space, AnyOf((Not(any_value), applies))) + clauses_of(space, AnyOf((any_value, Not(applies))))"

CASES_OF_A_STACK = [
    # ---- closing
    Fault(
        "closing-keeps-the-other",
        SPACE,
        "if not box & one:\n                    box &= only_other",
        "if not box & one:\n                    box &= only_one | only_other",
        "constraints",
    ),
    Fault(
        "closing-never-settles",
        SPACE,
        "if box & need != box:\n",
        "if not box & need:\n",
        "constraints between facts of many values",
    ),
    Fault(
        "wide-not-closed",
        SPACE,
        "        if self.wide:\n            return self.close(box)\n        by_other",
        "        by_other",
        "constraints of three and more facts",
    ),
    Fault(
        "tighten-wide-not-closed",
        SPACE,
        "        if self.wide:\n            return self.close(box)\n        if not box & (box",
        "        if not box & (box",
        "constraints of three and more facts",
    ),
    Fault(
        "meet-settles-nothing", SPACE, "        if by_other and (by_one", "        if False and (by_one", "constraints between facts of many values"
    ),
    Fault(
        "tighten-settles-nothing",
        SPACE,
        "        return self.settle(box, (((self.full",
        "        return box if self.many else self.settle(box, (((self.full",
        "constraints between facts of many values",
    ),
    Fault("find-ignores-loose", SPACE, "broken = _missed(case, self.loose) if self.loose else 0", "broken = 0", "a case satisfies every constraint"),
    Fault(
        "closing-longer-kept",
        SPACE,
        "box &= alive[0][0] | alive[0][1] if alive else 0",
        "box &= alive[0][0] | alive[0][1] if alive else box",
        "constraints of three and more facts",
    ),
    Fault(
        "constraints-count-as-tight",
        BUILD,
        "loose=tuple(clause.bits for clause in kept if not _tight(space, clause)),",
        "loose=(),",
        "a case satisfies every constraint",
    ),
    Fault("not-applicable-unmarked", BUILD, "        if NOT_APPLICABLE in variable.cells:", "        if False:", "not applicable is never an answer"),
    # ---- cases
    Fault(
        "implications-ignored", BUILD, "for clause in clauses_of(space, AnyOf((Not(condition), consequence))):", "for clause in ():", "implications"
    ),
    Fault(
        "implications-both-ways",
        BUILD,
        "for clause in clauses_of(space, AnyOf((Not(condition), consequence))):",
        "for clause in clauses_of(space, AnyOf((Not(condition), consequence))) + clauses_of(space, AnyOf((condition, Not(consequence)))):",
        "an implication says nothing the other way round",
    ),
    Fault(
        "booleans-untied",
        BUILD,
        'return clauses_of(space, AnyOf((Test(fact.name, "is", False), applies)))',
        "return []",
        "a boolean that does not apply is false",
    ),
    Fault(
        "choices-untied",
        BUILD,
        'return [c for value in fact.values for c in clauses_of(space, AnyOf((Test(fact.name, "excludes", value), applies)))]',
        "return []",
        "no value of a choices fact that does not apply is true",
    ),
    Fault(
        "value-without-applying", BUILD, TIE, "return clauses_of(space, AnyOf((any_value, Not(applies))))", "a value implies that the fact applies"
    ),
    Fault(
        "not-applicable-though-applying", BUILD, TIE, "return clauses_of(space, AnyOf((Not(any_value), applies)))", "a fact that applies has a value"
    ),
    Fault("cells-too-wide", BUILD, "return {value + 1}", "return {value}", "cells are cut where tests change"),
    Fault("equality-cuts-once", BUILD, "return {value, value + 1}", "return {value}", "cells are cut on both sides of a number"),
    Fault(
        "lists-cut-once",
        BUILD,
        "return {x for value in test.value for x in (cast(int, value), cast(int, value) + 1)}",
        "return {cast(int, value) for value in test.value}",
        "cells are cut on both sides of each number of a list",
    ),
    Fault(
        "is-not-fails-unapplied",
        VALUES,
        'return value != operand if op == "is_not" else value not in operand',
        'return value is not NOT_APPLICABLE and (value != operand if op == "is_not" else value not in operand)',
        "is_not and none_of hold on not applicable",
    ),
    Fault("below-includes", VALUES, "return value < operand", "return value <= operand", "below"),
    Fault("above-includes", VALUES, "            return value > operand", "            return value >= operand", "above"),
    Fault("at-most-excludes", VALUES, "return value <= operand", "return value < operand", "at_most"),
    Fault("includes-any-needs-all", TERMS, 'if holds == (test.op != "includes_any"):', "if holds:", "includes_any"),
    Fault("excludes-fails-masked", VALUES, 'return test.op == "excludes"', "return False", "excludes holds of a masked fact that does not apply"),
    # ---- layers
    Fault(
        "masks-ignored",
        SCOPE,
        "return unmask(tree, self.facts) if masked else tree",
        "return tree",
        "tests of a masked fact fail where it does not apply",
    ),
    Fault(
        "masked-facts-tied",
        FACTS,
        "replace(info.spec, masked=tree) if name in leaning else replace(info.spec, tied=tree)",
        "replace(info.spec, tied=tree)",
        "a layer's fact tells nothing about facts from above",
    ),
    Fault(
        "masks-not-transitive",
        FACTS,
        "        leaning |= more\n",
        "        leaning |= more\n        break\n",
        "a fact that leans on a masked fact is masked",
    ),
    Fault(
        "strengthened-outcome-lost",
        RULES,
        "outcome=outcome if rule.outcome is None else max(rule.outcome, outcome if outcome is not None else -1),",
        "outcome=rule.outcome,",
        "a strengthened rule has its strengthened outcome",
    ),
    Fault("strengthened-actions-lost", RULES, "            duties=merged,\n", "", "a strengthened rule gives its strengthened actions"),
    Fault(
        "layer-replaces-unsettled-actions",
        LINK,
        "                (*above.duties, *duties),\n                (*above.given_by, *(pack.id for _ in duties)),",
        "                duties,\n                tuple(pack.id for _ in duties),",
        "a raised when_unsettled keeps the actions from above",
    ),
    Fault(
        "layer-cannot-raise-unsettled",
        LINK,
        "                max(rank, above.outcome),\n",
        "                above.outcome,\n",
        "a layer raises when_unsettled",
    ),
    Fault(
        "limbs-look-past-masks",
        RULES,
        "return tuple(unmask(limb, self.scope.facts) for limb in limbs_of(tree))",
        "return limbs_of(tree)",
        "limbs are tests, masks apply",
    ),
]
