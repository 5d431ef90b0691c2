"""Seeded faults in tables: circuits, reading of columns, rows decided apart, impact. Each names the tests that must find it."""

from __future__ import annotations

from tests.faults.fault import Fault

TABULAR = "safeguarding_rules/tabular/"
ROWS = ("tests/unit/tabular/test_satisfying.py", "tests/unit/tabular/test_decide_table.py", "tests/properties/test_tables.py")
IMPACT = ("tests/unit/tabular/test_impact.py",)

TABLES = [
    Fault(
        "what-is-forbidden-holds-by-itself",
        TABULAR + "satisfying.py",
        "not sources & {FREE, MIXED})",
        "not sources & {MIXED})",
        "only constraints that one cell leaves hold by themselves",
        ROWS,
    ),
    Fault(
        "two-cells-at-once",
        TABULAR + "satisfying.py",
        "left.add((rest, variable if source in {CONSTRAINT, variable} else MIXED))",
        "left.add((rest, variable))",
        "… and only those that one cell leaves, not two",
        ROWS,
    ),
    Fault(
        "constraints-left-out", TABULAR + "satisfying.py", "for clause in self._near.get(block, ())", "for clause in ()", "constraints count", ROWS
    ),
    Fault("when-unsettled-never-advised", TABULAR + "plan.py", "most[rank - 1] if rank <= waiting else FALSE", "FALSE", "when_unsettled", ROWS),
    Fault(
        "exception-not-presumed",
        TABULAR + "plan.py",
        "found.append(circuit.all_of([self.certain(rule.when), *unless_open]))",
        "pass",
        "`when` as a whole is a limb where `unless` is open",
        ROWS,
    ),
    Fault("weaker-duties-count", TABULAR + "plan.py", "if given < strength:", "if given < 0:", "standing duties of at least a strength", ROWS),
    Fault(
        "may-is-never-outranked", TABULAR + "plan.py", "self.circuit.negation(self.outranked(number, slot.opposite))", "TRUE", "prohibitions", ROWS
    ),
    Fault(
        "null-is-false",
        TABULAR + "columns.py",
        "known ^ true if cell is True else true)",
        "np.invert(true) if cell is True else true)",
        "null is unknown",
        ROWS,
    ),
    Fault(
        "cells-end-early",
        TABULAR + "columns.py",
        "reached.get(cell[1] + 1, none)",
        "reached.get(cell[1], none)",
        "the highest number of a cell",
        ROWS,
    ),
    Fault(
        "out-of-range-by-one",
        TABULAR + "columns.py",
        "(numbers <= spec.high)",
        "(numbers <= spec.high + 1)",
        "bounds",
        (*ROWS, "tests/unit/tabular/test_frames.py"),
    ),
    Fault(
        "contradictions-are-settled",
        TABULAR + "scalar_rows.py",
        "Settled(verdict, contradicts=True)",
        "Settled(verdict, contradicts=False)",
        "contradictions",
        ROWS,
    ),
    Fault("rules-of-the-wrong-side", TABULAR + "impact.py", '== "milder" else 1', '== "stricter" else 1', "who is responsible for a change", IMPACT),
    Fault(
        "what-is-hidden-has-an-example", TABULAR + "impact_shown.py", "        if rows is None:\n", "        if rows == 0:\n", "small numbers", IMPACT
    ),
    Fault("examples-keep-everything", TABULAR + "impact_shown.py", "if self.shows(change, fewer):", "if False:", "examples are small", IMPACT),
]
