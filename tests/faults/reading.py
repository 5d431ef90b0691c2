"""Seeded faults in reading: facts into a box, and which terms hold in it. Each says what it breaks of `docs/reference/semantics.md`."""

from __future__ import annotations

from tests.faults.fault import Fault

EVALUATE = "safeguarding_rules/deciding/evaluate.py"
DUTIES = "safeguarding_rules/deciding/duties.py"
RULE_INDEX = "safeguarding_rules/deciding/rule_index.py"
PROGRAM = "safeguarding_rules/deciding/program.py"
KNOWN = "safeguarding_rules/language/known.py"
INDEX = "safeguarding_rules/worlds/index.py"
KNOWING = "safeguarding_rules/deciding/knowing.py"
SPACE = "safeguarding_rules/worlds/space.py"

READING = [
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
    Fault("known-at-most-short", KNOWN, "return low <= value  #", "return high <= value  #", "a known test keeps every cell that overlaps it"),
    Fault("known-above-short", KNOWN, "return high > value  #", "return low > value  #", "a known test keeps every cell that overlaps it"),
    Fault(
        "known-one-of-lowest",
        KNOWN,
        "any(low <= item <= high for item in value)",
        "any(low == item for item in value)",
        "a known test keeps every cell that overlaps it",
    ),
    Fault(
        "known-is-not-any",
        KNOWN,
        "return not low == high == value",
        "return not low <= value <= high",
        "a known test keeps every cell that overlaps it",
    ),
    Fault(
        "known-none-of-any",
        KNOWN,
        "return high - low + 1 > len({item for item in value if low <= item <= high})",
        "return not {item for item in value if low <= item <= high}",
        "a known test keeps every cell that overlaps it",
    ),
    Fault("known-at-least-short", KNOWN, "return high >= value", "return low >= value", "a known test keeps every cell that overlaps it"),
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
    Fault(
        "below-range-taken",
        KNOWING,
        "if not self._spec.low <= value <= self._spec.high:",
        "if not value <= self._spec.high:",
        "a number out of range is refused",
    ),
    Fault(
        "lists-say-their-first",
        KNOWING,
        "            found &= self._included[value]",
        "            found &= self._included[listed[0]]",
        "a list names what is included",
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
    Fault(
        "terms-of-two-cells-are-plain",
        RULE_INDEX,
        "(term & block).bit_count() > 1",
        "(term & block).bit_count() > 2",
        "not met means in no possible case",
    ),
    Fault(
        "terms-of-wide-constraints-are-plain",
        RULE_INDEX,
        "self._searched = self.own if space.wide or space.loose else 0",
        "self._searched = self.own if space.loose else 0",
        "not met means in no possible case",
    ),
    Fault(
        "terms-of-loose-constraints-are-plain",
        RULE_INDEX,
        "self._searched = self.own if space.wide or space.loose else 0",
        "self._searched = self.own if space.wide else 0",
        "not met means in no possible case",
    ),
    Fault(
        "all-gifts-of-many-rules",
        RULE_INDEX,
        "            if rules & givers:\n                found |= gift\n",
        "            found |= gift\n",
        "of thousands of rules, too, only those that hold give",
    ),
    Fault(
        "no-bit-for-rules-of-several-terms",
        RULE_INDEX,
        "owners += [i] * size + [-1] * (size > 1)",
        "owners += [i] * size",
        "a rule holds where any of its terms does",
    ),
    Fault(
        "likely-by-the-first-term",
        RULE_INDEX,
        "                    found.append(i)\n                    break\n",
        "                    found.append(i)\n                break\n",
        "a rule holds where any of its terms does",
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
]
