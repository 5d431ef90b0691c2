"""What is wrong behind mistakes of shape: which findings about what is left of a pack say something about what its author wrote.

In: what is left of a pack, and what linking finds in it. Out: the findings that do not follow from what was mended. Promised: none of them stands in,
points to, or names what was made up or could not be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from safeguarding_rules.diagnostics import Diagnostic
from safeguarding_rules.reading import SalvagedPack
from safeguarding_rules.reading.salvage import real

_SHOWN = frozenset(
    [
        *("SR321", "SR322", "SR323", "SR324", "SR325", "SR326", "SR327"),
        *("SR401", "SR402", "SR403", "SR404", "SR405", "SR406", "SR407", "SR408", "SR409", "SR411", "SR412", "SR414"),
        *("SR501", "SR502", "SR503", "SR504", "SR506", "SR507", "SR602", "SR603"),
    ]
)
"""Names, values, weakening and citations: what is seen entry by entry. What is seen over all cases waits until the pack has its shape."""

_FOLLOWS_FROM_LOSS = {
    "facts": {"SR414", "SR405"},
    "actions": {"SR402", "SR405"},
    "routes": {"SR407", "SR405"},
    "sources": {"SR401"},
    "statements": {"SR406", "SR405", "SR602", "SR603"},
    "definitions": {"SR404"},
    "rules": {"SR405", "SR603"},
    "standing": {"SR405", "SR603"},
    "strengthens": {"SR603"},
    "tables": {"SR405", "SR603"},
    "starting_points": {"SR401"},
    "outcomes": {"SR403", "SR405", "SR602", "SR603", "SR321", "SR506", "SR507"},
    "when_unsettled": {"SR405", "SR603"},
}
_NEEDED = frozenset({"pack", "extends", "outcomes"})


def can_be_linked(left: SalvagedPack) -> bool:
    """Say whether enough is known of what a pack stands on: without its manifest, or what it extends, every name from above would look wrong."""
    return not left.lost & _NEEDED


def further(left: SalvagedPack, diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield the findings about the pack that hold whatever its author meant where something was mended."""
    follows = {code for section in left.lost for code in _FOLLOWS_FROM_LOSS.get(section, ())}
    # A list of one has the place of the one, and what lacks a key that of the first thing in it.
    shown = {one.span for one in left.problems if one.code not in {"SR201", "SR202"}}
    for one in diagnostics:
        if one.code not in _SHOWN or one.code in follows or one.span is None or one.span in shown or left.pack.texts(one.span.file) is None:
            continue
        if real(one) and not any(_names(one, name) for name in left.doubtful):
            yield one


def _names(diagnostic: Diagnostic, name: str) -> bool:
    said = f"{diagnostic.message} {diagnostic.help}" if diagnostic.code == "SR501" else diagnostic.message  # there only the help names the fact
    ends = ("",) if name.endswith("/") else ("`", "/")
    return any(f"{before}{name}{after}" in said for before in "`/" for after in ends)
