"""How many statements of a pack's sources are encoded, by family of statement ids, and how far they were checked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from safeguarding_rules.language.documents import Statement
from safeguarding_rules.reading import Pack

_NUMBER = re.compile(r"-?[A-Z]?\d+[a-z]*$")


def family(statement: str) -> str:
    """The family of a statement id: `UKCIS-2024-REF` of `UKCIS-2024-REF-2a`."""
    return _NUMBER.sub("", statement) or statement


def ratios(statements: Mapping[str, Statement]) -> dict[str, tuple[int, int]]:
    """Per family, in declared order: how many statements are encoded, of how many."""
    total: Counter[str] = Counter()
    encoded: Counter[str] = Counter()
    for name, statement in statements.items():
        total[family(name)] += 1
        encoded[family(name)] += statement.encoded_by is not None
    return {name: (encoded[name], count) for name, count in total.items()}


def statement_lines(pack: Pack) -> list[str]:
    """The report as lines of text."""
    statements = pack.statements.statements
    found = ratios(statements)
    if not found:
        return ["  no statements"]
    width = max(map(len, found))
    checked = Counter(statement.checked for statement in statements.values())
    done = sum(encoded for encoded, _ in found.values())
    lines = [f"  statements: {done} of {len(statements)} encoded ({done / len(statements):.0%}), the others listed with the reason"]
    lines += [f"    {name:<{width}}  {encoded:>3} of {total:>3}" for name, (encoded, total) in found.items()]
    lines.append(f"  sources: {checked['seen']} seen, {checked['secondary']} seen in another document, {checked['recalled']} still to be confirmed")
    return lines
