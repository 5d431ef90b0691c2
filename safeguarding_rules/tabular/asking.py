"""Which column of a table is about which fact.

Comes in: the names of the columns, and which of them are only carried along. Goes out: what to read. Promised: a column that is about no fact is an
error with a suggestion, never passed over. Source: docs/reference/tables.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from safeguarding_rules.deciding.program import Program
from safeguarding_rules.diagnostics import Diagnostic, FactsError, closest
from safeguarding_rules.tabular.columns import Asked


def columns_of(program: Program) -> dict[str, Asked]:
    """Every column a table may have: a fact by its name, and of a `choices` fact one a value, `<fact>_includes_<value>`."""
    found: dict[str, Asked] = {}
    for info in program.policy.facts:
        if info.spec.type == "choices":
            found |= {(name := f"{info.spec.name}_includes_{value}"): Asked(name, info.spec.name, value) for value in info.spec.values}
    return found | {info.spec.name: Asked(info.spec.name, info.spec.name) for info in program.policy.facts}


def asked_of(program: Program, columns: Iterable[str], keep: Sequence[str], answers: Iterable[str]) -> list[Asked]:
    """What to read of a table with these columns. `keep`: columns carried along; `answers`: names that the answers take.

    Raises FactsError listing every column that is about no fact, is missing, or cannot be carried along.
    """
    names, known = list(columns), columns_of(program)
    found = [known[name] for name in names if name in known]
    problems = [unknown_column(name, known) for name in names if name not in known and name not in keep]
    problems += [
        Diagnostic("SR802", "error", f"there is no column `{name}` to keep", help=_near(name, names) or "columns: " + ", ".join(names[:20]))
        for name in keep
        if name not in names
    ]
    taken = set(answers)
    clash = "cannot be kept: a column of the answers has that name"
    problems += [Diagnostic("SR802", "error", f"`{name}` {clash}", help="rename it") for name in keep if name in taken]
    whole = {one.fact for one in found if one.value is None}
    problems += [
        Diagnostic("SR806", "error", f"`{one.column}` and `{one.fact}` both say what `{one.fact}` includes", help="give one or the other")
        for one in found
        if one.value is not None and one.fact in whole
    ]
    if problems:
        raise FactsError(problems)
    return found


def unknown_column(name: str, known: Iterable[str], remedy: str = "name it in `keep` (`--keep` on the command line) to carry it along") -> Diagnostic:
    """What is said of a column that is about no fact."""
    hint = _near(name, list(known)) or f"`safeguarding-rules schema facts PACK` lists the facts; {remedy}"
    return Diagnostic("SR802", "error", f"no fact is called `{name[:60]}`, the name of a column", help=hint)


def _near(name: str, names: Sequence[str]) -> str | None:
    near = closest(name, names)
    return f"did you mean `{near}`?" if near else None
