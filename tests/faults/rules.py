"""Seeded faults in outcomes, statuses of rules and presuming. Each says what it breaks of `docs/reference/semantics.md`."""

from __future__ import annotations

from tests.faults.fault import Fault

EVALUATE = "safeguarding_rules/deciding/evaluate.py"
VERDICT = "safeguarding_rules/deciding/verdict.py"
SEARCH = "safeguarding_rules/deciding/box_search.py"
RULE_INDEX = "safeguarding_rules/deciding/rule_index.py"
CONDITIONS = "safeguarding_rules/language/conditions.py"
CASES = "safeguarding_rules/linking/cases.py"

RULES_OF_A_CASE = [
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
    Fault(
        "when-never-a-limb",
        EVALUATE,
        "return not look.can_fail(rule.when, in_doubt=False) and look.can_hold(rule.unless)",
        "return False",
        "when as a whole is a limb where unless is open",
    ),
    Fault(
        "when-always-a-limb",
        EVALUATE,
        "return not look.can_fail(rule.when, in_doubt=False) and look.can_hold(rule.unless)",
        "return not look.can_fail(rule.when, in_doubt=False)",
        "when as a whole is a limb only where unless is open",
    ),
    Fault(
        "open-when-a-limb",
        EVALUATE,
        "return not look.can_fail(rule.when, in_doubt=False) and look.can_hold(rule.unless)",
        "return look.can_hold(rule.unless)",
        "when as a whole must be met",
    ),
    Fault(
        "limbs-by-one-term-only",
        EVALUATE,
        "if (self.holding & index.limbs[i] or not look.exact) and any(not look",
        "if False and any(not look",
        "a limb can be met by several terms together",
    ),
    Fault(
        "when-by-one-term-only",
        EVALUATE,
        "not (self.holding & index.whens[i] or not look.exact)",
        "not (self.certain & index.whens[i] or not look.exact)",
        "when as a whole can be met by several terms together",
    ),
    Fault(
        "always-the-lowest",
        EVALUATE,
        "self.holding = lowest if look.at_lowest else index.holding(look.case)",
        "self.holding = lowest",
        "met means in every case, not in one that cannot be",
    ),
    Fault("doubtful-terms-forgotten", EVALUATE, "if not bit & (self.open | self.met) and (", "if False and (", "not met means in no possible case"),
    Fault(
        "terms-of-excluded-cases-meet",
        EVALUATE,
        "(look.meets(index.boxes[at]) if space.loose else space.meet(self.box, index.boxes[at]))",
        "space.meet(self.box, index.boxes[at])",
        "not met means in no possible case",
    ),
    Fault(
        "the-opposite-case-is-taken-on-trust",
        EVALUATE,
        "return case if all(case & bits for bits in space.loose) else self.look.case",
        "return case",
        "met means in every case",
    ),
    Fault(
        "walks-through-what-cannot-be",
        EVALUATE,
        "                if space.loose and any(not case & bits for bits in space.loose):\n                    return unbroken + rules, box\n",
        "",
        "met means in every case",
    ),
    Fault("walks-end-without-the-unbroken", EVALUATE, "return unbroken + rules, box", "return rules, box", "met means in every case"),
    Fault("walks-end-without-the-rest", EVALUATE, "return unbroken + rules, box", "return unbroken, box", "met means in every case"),
    Fault(
        "floor-of-the-plainly-met",
        EVALUATE,
        "            likely, _ = self.walk(self.box, look.case, likely)\n        self.floor = index.rank(self.met)\n",
        "            likely, _ = self.walk(self.box, look.case, likely)\n",
        "possible outcomes: nothing below a rule that is met",
    ),
    Fault(
        "cases-noted-below-the-floor",
        EVALUATE,
        "rank = max(self.floor, index.rank(rules)) if rules else self.floor",
        "rank = index.rank(rules)",
        "possible outcomes: nothing below a rule that is met",
    ),
    Fault(
        "outcomes-never-reached-exactly",
        EVALUATE,
        "if rank not in self.ranks and self.reaches_exactly(",
        "if False and self.reaches_exactly(",
        "milder outcomes are possible too",
    ),
    Fault(
        "the-outcome-sought-is-the-one-found",
        EVALUATE,
        "self.ranks.add(rank if case == DOUBT else self.rank_in(case))",
        "self.ranks.add(rank)",
        "possible outcomes are exact",
    ),
    Fault(
        "no-case-made-sure-of",
        SEARCH,
        "if self.space.loose and any(not self.case & bits for bits in self.space.loose):",
        "if False:",
        "met means in every case",
    ),
    Fault(
        "loose-terms-held",
        SEARCH,
        "return bool(box and (not self.space.loose or self.search(box, ())))",
        "return bool(box)",
        "an unless that cannot be is not open",
    ),
    Fault("the-lowest-case-is-taken-on-trust", SEARCH, "if not box or space.loose:", "if not box:", "an outcome is possible only in a possible case"),
]
