"""Seeded faults in the semantics: small source edits, each with what it breaks of `docs/reference/semantics.md`."""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """One edit: `old` stands exactly once in `file` and becomes `new`. `tests` find it; without any, the stages of `run` do."""

    name: str
    file: str
    old: str
    new: str
    breaks: str
    tests: tuple[str, ...] = ()


EVALUATE = "safeguarding_rules/deciding/evaluate.py"
VERDICT = "safeguarding_rules/deciding/verdict.py"
SEARCH = "safeguarding_rules/deciding/box_search.py"
DUTIES = "safeguarding_rules/deciding/duties.py"
RULE_INDEX = "safeguarding_rules/deciding/rule_index.py"
DECIDE = "safeguarding_rules/deciding/decide.py"
DECISION = "safeguarding_rules/deciding/decision.py"
PROGRAM = "safeguarding_rules/deciding/program.py"
QUESTIONS = "safeguarding_rules/deciding/questions.py"
INQUIRY = "safeguarding_rules/deciding/inquiry.py"
TOUCHING = "safeguarding_rules/deciding/touching.py"
WITNESSES = "safeguarding_rules/deciding/witnesses.py"
STEPS = "safeguarding_rules/deciding/steps.py"
CONTRADICTIONS = "safeguarding_rules/deciding/contradictions.py"
KNOWN = "safeguarding_rules/language/known.py"
VALUES = "safeguarding_rules/language/facts.py"
CONDITIONS = "safeguarding_rules/language/conditions.py"
CASES = "safeguarding_rules/linking/cases.py"
FACTS = "safeguarding_rules/linking/facts.py"
LINK = "safeguarding_rules/linking/link.py"
RULES = "safeguarding_rules/linking/rules.py"
SCOPE = "safeguarding_rules/linking/scope.py"
BUILD = "safeguarding_rules/worlds/build.py"
INDEX = "safeguarding_rules/worlds/index.py"
KNOWING = "safeguarding_rules/deciding/knowing.py"
SPACE = "safeguarding_rules/worlds/space.py"
TERMS = "safeguarding_rules/worlds/terms.py"

TIE = "return clauses_of(space, AnyOf((Not(any_value), applies))) + clauses_of(space, AnyOf((any_value, Not(applies))))"

FAULTS = [
    # ---- outcome
    Fault(
        "advice-forgets-presumed",
        EVALUATE,
        "min(self.program.policy.when_unsettled.outcome, greatest), *[rules[i].rank for i in presumed]])",
        "min(self.program.policy.when_unsettled.outcome, greatest)])",
        "presumed rules raise the advice",
    ),
    Fault(
        "advice-not-capped",
        EVALUATE,
        "max([least, min(self.program.policy.when_unsettled.outcome, greatest), *",
        "max([least, self.program.policy.when_unsettled.outcome, *",
        "when_unsettled counts only up to the greatest possible outcome",
    ),
    Fault(
        "advice-forgets-when-unsettled",
        EVALUATE,
        "max([least, min(self.program.policy.when_unsettled.outcome, greatest), *",
        "max([least, *",
        "unsettled advice has a floor",
    ),
    Fault("firm-always", VERDICT, "return self.advice == self.possible[0]", "return self.advice >= self.possible[0]", "firm"),
    Fault(
        "settled-too-early",
        VERDICT,
        "return len(self.possible) == 1 and self.exact\n",
        "return len(self.possible) <= 2 and self.exact\n",
        "settled",
    ),
    Fault(
        "floor-never-possible",
        EVALUATE,
        "ranks.append(floor)",
        "ranks = ranks or [floor]",
        "possible outcomes: the least one where a witness shows a higher",
    ),
    Fault(
        "possible-though-outranked",
        EVALUATE,
        "for rule in raising if rule.rank > rank for bits",
        "for rule in raising if rule.rank > rank + 1 for bits",
        "an outcome is possible only where nothing higher holds",
    ),
    Fault(
        "mildest-rule-wins",
        RULE_INDEX,
        "ranks = sorted({rule.rank for rule in rules if rule.rank > 0}, reverse=True)",
        "ranks = sorted({rule.rank for rule in rules if rule.rank > 0})",
        "the most protective rule that holds decides a complete case",
    ),
    # ---- statuses and presuming
    Fault(
        "three-valued-statuses",
        SEARCH,
        "return in_doubt if found == DOUBT else bool(found)",
        "return True",
        "met means in every case, not in every guess",
    ),
    Fault("met-by-the-lowest-case", EVALUATE, "self.judge_likely(index.listed(likely))", "self.met |= likely", "met means in every case"),
    Fault("unbroken-rules-stay-open", EVALUATE, "unbroken.append(rules[0])", "pass", "rules can be met together"),
    Fault(
        "outcomes-given-up-early",
        EVALUATE,
        "and not self.reaches(rank, raising):",
        "and self.reaches(rank, raising):",
        "milder outcomes are possible too",
    ),
    Fault(
        "impossible-rules-open",
        SEARCH,
        "box = self.space.meet(self.box, term)",
        "box = self.box & term",
        "not met means in no possible case",
    ),
    Fault(
        "presume-met-ignored",
        EVALUATE,
        'if rule.presume == "presume_met":\n            return True',
        'if rule.presume == "presume_met":\n            return False',
        "presume_met",
    ),
    Fault(
        "all-limbs-needed",
        EVALUATE,
        "any(not look.can_fail(limb, in_doubt=False) for limb in rule.limbs)",
        "rule.limbs and all(not look.can_fail(limb) for limb in rule.limbs)",
        "one met limb presumes",
    ),
    Fault(
        "possible-limb-presumes",
        EVALUATE,
        "any(not look.can_fail(limb, in_doubt=False) for limb in rule.limbs)",
        "any(look.can_hold(limb) for limb in rule.limbs)",
        "a limb must be met, not possible",
    ),
    Fault(
        "when-never-a-limb",
        EVALUATE,
        "return look.can_fail(rule.unless) and look.can_hold(rule.unless)",
        "return False",
        "when as a whole is a limb where unless is open",
    ),
    Fault(
        "when-always-a-limb",
        EVALUATE,
        "return look.can_fail(rule.unless) and look.can_hold(rule.unless)",
        "return True",
        "when as a whole is a limb only where unless is open",
    ),
    Fault(
        "limbs-not-flattened",
        CONDITIONS,
        "found.extend(flat_members(member) if isinstance(member, All) else (member,))",
        "found.append(member)",
        "an all directly inside an all is flattened",
    ),
    Fault(
        "limbs-of-any-lost",
        CONDITIONS,
        "if isinstance(when, AnyOf):\n        return tuple(limb for",
        "if False:\n        return tuple(limb for",
        "the members of each all of an any are limbs",
    ),
    Fault("given-ignored", CASES, "members.insert(0, rule.given)", "pass", "given"),
    Fault("unless-turned-round", CASES, "members.append(Not(rule.unless))", "members.append(rule.unless)", "unless"),
    Fault("unless-ignored", CASES, "members.append(Not(rule.unless))", "pass", "unless"),
    # ---- actions
    Fault(
        "standing-by-the-greatest",
        DUTIES,
        "program.standing_from[least])",
        "program.standing_from[greatest])",
        "a standing duty applies only where every possible outcome has it",
    ),
    Fault(
        "first-outcome-by-the-least",
        DUTIES,
        "if greatest == 0 else program.standing_from",
        "if least == 0 else program.standing_from",
        "when_outcome applies only where that outcome is certain",
    ),
    Fault(
        "standing-reach-by-the-least",
        DUTIES,
        "judged.open_gifts | program.standing_from[greatest]",
        "judged.open_gifts | program.standing_from[least]",
        "a standing duty depends where a possible outcome has it",
    ),
    Fault(
        "standing-strictly-above",
        PROGRAM,
        "entry.rank <= rank and not entry.first",
        "entry.rank < max(rank, 1) and not entry.first",
        "at_least includes its outcome",
    ),
    Fault(
        "advice-standing-short",
        PROGRAM,
        "if 0 < entry.rank <= rank for gift",
        "if 0 < entry.rank < rank for gift",
        "standing duties up to the advice are presumed",
    ),
    Fault("unsettled-actions-lost", DUTIES, "| self.program.unsettled_given if", "if", "when_unsettled gives presumed actions"),
    Fault(
        "unsettled-actions-always",
        DUTIES,
        "| self.program.unsettled_given if unsettled else 0",
        "| self.program.unsettled_given",
        "only while not settled",
    ),
    Fault(
        "presumed-rules-give-nothing",
        DUTIES,
        "assumed |= self.program.index.gifts[index]",
        "pass",
        "presumed rules give presumed actions",
    ),
    Fault("no-joint-certainty", DUTIES, "certain |= raised", "pass", "an action applies with its least strength over all cases"),
    Fault(
        "may-beside-prohibition",
        DUTIES,
        "self.contest(slot, *contested)",
        "pass",
        "may counts for nothing where a prohibition is given",
    ),
    Fault(
        "may-beside-prohibition-complete",
        EVALUATE,
        "if given[slot] == 1 and given[program.slots[slot].opposite]:",
        "if False:",
        "may counts for nothing where a prohibition is given, all being known",
    ),
    Fault(
        "presumed-may-kept",
        DUTIES,
        "assumed[i] = 0 if assumed[i] == 1 else assumed[i]\n            reach",
        "reach",
        "a presumed may gives way to a prohibition",
    ),
    Fault(
        "depending-may-kept",
        DUTIES,
        "reach[i] = 0 if reach[i] == 1 and not applies[i] and not assumed[i] else reach[i]",
        "pass",
        "a depending may gives way to a prohibition",
    ),
    Fault(
        "weakest-of-one-rule",
        PROGRAM,
        "found[slot] = max(found.get(slot, 0), STRENGTH[duty.modality])",
        "found[slot] = min(found.get(slot, 9), STRENGTH[duty.modality])",
        "the strongest modality counts",
    ),
    Fault(
        "stronger-unsaid",
        VERDICT,
        'yield Entry(slot, "applies", applies, assumed if assumed > applies else 0, ',
        'yield Entry(slot, "applies", applies, 0, ',
        "what is presumed more strongly is said",
    ),
    Fault(
        "standing-first-counts-above",
        PROGRAM,
        "entry.rank <= rank and not entry.first",
        "entry.rank <= rank",
        "when_outcome ends where the outcome rises",
    ),
    # ---- terms looked up all at once
    Fault(
        "index-forgets-a-cell",
        INDEX,
        "failing |= fails\n                    lowest",
        "failing = fails\n                    lowest",
        "a term fails if any cell left lies outside it",
    ),
    Fault("index-reads-one-block-of-a-chunk", INDEX, "left |= none", "left = none if not left else left & none", "a term needs room in every block"),
    Fault(
        "index-needs-every-cell",
        INDEX,
        "else none & leaves",
        "else none | leaves",
        "a term can hold if one cell of a block is left",
    ),
    Fault("index-shifts-a-chunk", INDEX, "found &= known[box >> start & mask]", "found &= known[box >> start & mask] | -1", "every chunk counts"),
    Fault("index-mixes-terms", INDEX, "1 << (number & 7)", "1 << (number & 3)", "each term has a bit of its own"),
    Fault("positions-lose-a-byte", INDEX, "base += 8", "base += 7", "the number of a term is its position"),
    Fault(
        "certain-terms-are-only-likely",
        EVALUATE,
        "self.certain, possible, lowest = index.look(self.box)",
        "possible, lowest = index.look(self.box)[1:]",
        "met",
    ),
    Fault(
        "open-rules-forgotten",
        EVALUATE,
        "self.waiting, self.open_gifts = index.merged(self.open)",
        "self.waiting, self.open_gifts = index.merged(self.open & self.open - 1)",
        "open",
    ),
    Fault(
        "likely-taken-for-met",
        EVALUATE,
        "self.certain, possible, lowest = index.look(self.box)",
        "_, possible, lowest = index.look(self.box)\n        self.certain = lowest",
        "met means in every case",
    ),
    Fault("met-rules-give-nothing", DUTIES, "certain = judged.met_gifts | ", "certain = 0 | ", "met rules give their duties"),
    Fault("met-rules-reach-nothing", DUTIES, "most = judged.met_gifts | ", "most = 0 | ", "what applies can be given"),
    Fault(
        "first-outcome-gives-nothing",
        PROGRAM,
        "| (first if rank == 0 else 0)",
        "",
        "when_outcome",
    ),
    Fault(
        "index-reads-the-highest-case",
        INDEX,
        "if none == -1 else 0\n                    none",
        "\n                    none",
        "the lowest case is a case",
    ),
    Fault("no-term-is-intricate", RULE_INDEX, "found |= self._cutting[bit]", "pass", "not met means in no possible case"),
    Fault(
        "search-for-a-failing-case-left-out",
        EVALUATE,
        "found = look.search(self.box, index.fails[likely[0]])",
        "found = 0",
        "met means in every case",
    ),
    Fault("second-case-lowers-duties", EVALUATE, "if rules else 0) | given_at[rank]", "if rules else 0)", "what every case gives applies"),
    Fault("one-giver-is-enough", DUTIES, "len(self.open.intersection(giving)) == 1", "True", "several rules can give a duty together"),
    Fault("complete-cases-never-contradict", SPACE, "for bits in self.near_many:", "for bits in ():", "facts that contradict"),
    Fault("search-tries-one-block", SPACE, "stack.append((box, later, broken, block))", "pass", "a search tries every way out"),
    # ---- facts read into a box
    Fault("only-adds", KNOWING, "if value not in listed:", "if value in listed and not value:", "only excludes the other values"),
    Fault("only-forgets", KNOWING, "found &= self._included[value]", "found &= self._included[value] | -1", "only includes what it lists"),
    Fault(
        "numbers-shift", KNOWING, "bisect_right(self._cuts, value) - 1", "max(bisect_right(self._cuts, value) - 2, 0)", "a number lies in its cell"
    ),
    Fault(
        "out-of-range-taken",
        KNOWING,
        "if not self._spec.low <= value <= self._spec.high:",
        "if not self._spec.low <= value:",
        "a number out of range is refused",
    ),
    Fault(
        "several-facts-leave-one-value",
        KNOWING,
        "if found & self._unsure or box",
        "if box",
        "a value that no fact leaves by itself has consequences, and terms that fail on it",
    ),
    Fault(
        "one-value-taken-for-several", KNOWING, "if left & (left - 1):", "if left:", "every fact by itself", ("tests/unit/deciding/test_knowing.py",)
    ),
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
    # ---- facts of a case
    Fault("only-says-nothing-more", KNOWN, "rest = dict.fromkeys(spec.values, False)", "pass", "only makes the other values false"),
    Fault(
        "known-excludes-included",
        KNOWN,
        "return dict.fromkeys(_listed(spec, value), False)",
        "return dict.fromkeys(_listed(spec, value), True)",
        "a known excludes",
    ),
    Fault("known-below-ignored", KNOWN, "return low < value", "return True", "known tests restrict"),
    Fault("known-at-least-short", KNOWN, "return high >= value", "return low >= value", "a known test keeps every cell that overlaps it"),
    # ---- contradictions
    Fault(
        "contradiction-below-floor",
        DECIDE,
        "advice = max([program.policy.when_unsettled.outcome, *(v.advice for v in verdicts)])",
        "advice = max(v.advice for v in verdicts)",
        "contradicting facts are advised at least when_unsettled",
    ),
    Fault(
        "contradiction-takes-mildest",
        DECIDE,
        "advice = max([program.policy.when_unsettled.outcome, *(v.advice for v in verdicts)])",
        "advice = max(program.policy.when_unsettled.outcome, min(v.advice for v in verdicts))",
        "the most protective part decides",
    ),
    Fault(
        "contradiction-one-part",
        DECIDE,
        "for rank in v.possible})) or (advice,)",
        "for rank in v.possible if v is verdicts[0]})) or (advice,)",
        "possible outcomes are those of all parts",
    ),
    Fault(
        "contradiction-unsettled-actions-lost",
        DECIDE,
        "for gives in (*certain, program.unsettled_gives):",
        "for gives in certain:",
        "contradicting facts are not settled, so when_unsettled gives",
    ),
    Fault(
        "contradiction-small-parts",
        CONTRADICTIONS,
        "if all(any(conflict & more == {one} for conflict in conflicts) for one in more):",
        "if True:",
        "parts cannot be enlarged",
    ),
    # ---- questions
    Fault(
        "could-become-the-advice",
        QUESTIONS,
        "others = tuple(rank for rank in outcomes if rank != verdict.advice)",
        "others = tuple(outcomes)",
        "could_become are other outcomes",
    ),
    Fault(
        "actions-never-asked",
        QUESTIONS,
        "duties = bool(ranks) or any((not tied & sayings.blocks[i] and plain.duties(i)) or inquiry.duties_on(i) for i in unknown)",
        "duties = bool(ranks)",
        "a fact is asked, too, where only an action hangs on it",
    ),
    Fault(
        "mildest-question-first", QUESTIONS, "-max(others, default=-1)", "max(others, default=-1)", "the most protective could_become is asked first"
    ),
    Fault(
        "could-only-rise",
        INQUIRY,
        "self.possible = bits_at(verdict.possible)",
        "self.possible = bits_at(verdict.possible[1:])",
        "an outcome below can be removed, too",
    ),
    Fault(
        "one-of-two-hindrances-counts-as-all",
        WITNESSES,
        "self._open.terms & once & ~twice",
        "self._open.terms & once",
        "a fact alone brings only what nothing else keeps from holding",
    ),
    Fault(
        "first-answer-of-a-free-fact",
        INQUIRY,
        "if not cell & self.space.not_applicable:",
        "if not cell & self.space.not_applicable and not found:",
        "some value of a fact that nothing connects, not the first",
    ),
    Fault(
        "milder-completion-forgotten",
        TOUCHING,
        "(key := fails & terms) not in always",
        "(key := 0) not in always",
        "all that a step may release is looked at",
    ),
    Fault("not-applicable-as-answer", STEPS, "0 if cell & space.not_applicable else space.meet", "space.meet", "not applicable is never an answer"),
    Fault(
        "only-the-first-answer",
        STEPS,
        "    for cell in cells:\n        learned",
        "    for cell in cells[:1]:\n        learned",
        "some value of the fact, not the first",
    ),
]
