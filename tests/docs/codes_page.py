"""Writes docs/reference/codes.md from the one table of codes: `python -m tests.docs.codes_page`."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from safeguarding_rules.diagnostics import CODES

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "codes.md"
GROUPS = {
    "1": "Reading",
    "2": "Shape of a document",
    "3": "Layers and time",
    "4": "Names",
    "5": "Types",
    "6": "Lint",
    "7": "Proof",
    "8": "Facts and decisions",
    "9": "Records",
}
HEAD = """\
# Codes of findings

Every finding, warning and error has a code. A code is never given a second meaning. Where a pack of the tests shows the finding, its folder is named.

<!-- written by `make schemas` from safeguarding_rules/diagnostics/codes.py; do not edit -->
"""


def page() -> str:
    """Return the text of the page."""
    lines = [HEAD]
    for digit, codes in groupby(sorted(CODES), key=lambda code: code[2]):
        lines.append(f"## {GROUPS[digit]}\n")
        for code in codes:
            entry = CODES[code]
            shown = "".join(f" Shown by [`{folder}`](../../tests/packs/bad/{folder})." for folder in folders(code)[:1])
            lines.append(f"### {code}: {entry.title}\n\n{entry.explanation}{shown}\n")
    return "\n".join(lines)


def folders(code: str) -> list[str]:
    """Return the bad packs that are about a code."""
    return sorted(path.name for path in (ROOT / "tests" / "packs" / "bad").glob(f"{code.lower()}-*"))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
