"""What other versions of a pack say of a rule: it tells a strengthening that is no longer needed from a weakening.

Comes in: other versions of a pack, or that they are not known, and the ids a rule has and had. Goes out: the rule as each of them has it. Promised:
versions are read only when somebody looks. Must not know: the Policy that is being linked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from safeguarding_rules.language.documents import Row, Rule
from safeguarding_rules.reading.pack import Pack

History = Callable[[str], Sequence[Pack]] | None
"""Other versions of a pack, to tell a strengthening that is no longer needed from a weakening; None where it is known that the packs have linked."""


@dataclass(frozen=True, slots=True)
class Formerly:
    """A rule or row of a pack above, as every other version of the pack has it; the versions are read only when somebody looks."""

    history: History
    names: tuple[str, ...]  # the id, and earlier ones

    @property
    def unknown(self) -> bool:
        """Whether it cannot be said what other versions say: then a layer is taken to have strengthened one of them."""
        return self.history is None

    def __iter__(self) -> Iterator[Rule | Row]:
        """Go through the other versions."""
        if self.history is None:
            return
        for name in self.names:
            pack, _, local = name.partition("/")
            table, _, row = local.partition("/")
            for other in self.history(pack):
                for _, document in other.rules:
                    if local in document.rules:
                        yield document.rules[local]
                    if row and table in document.tables:
                        yield from (one for one in document.tables[table].rows if one.row == row)
