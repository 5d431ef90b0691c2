"""The catalogue of the interface: every word that a command, a page or the interview says and that is not a pack's, in one place.

A language is one Catalogue: the parts below and the texts of explanations (`explaining/texts.py`), merged. Welsh is added by a Catalogue with the
same keys and slots (`missing` lists what a translation lacks); nothing that shows a text needs to change. Each part is a module with one mapping,
and its keys start with the name of the part. Must not know: packs, facts, terminals, HTML.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Final

from safeguarding_rules.explaining.texts import ENGLISH as EXPLANATIONS
from safeguarding_rules.explaining.texts import Catalogue
from safeguarding_rules.interface_texts.interview import INTERVIEW
from safeguarding_rules.interface_texts.pages import PAGES
from safeguarding_rules.interface_texts.workbench import WORKBENCH

__all__ = ["ENGLISH", "Catalogue", "merged", "missing"]


def merged(language: str, *parts: Mapping[str, str]) -> Catalogue:
    """Return the parts of one language as a catalogue. Raises ValueError where two parts have the same key."""
    texts: dict[str, str] = {}
    for part in parts:
        if twice := texts.keys() & part.keys():
            raise ValueError(f"texts given twice: {', '.join(sorted(twice))}")
        texts |= part
    return Catalogue(language, texts)


def missing(translation: Catalogue, original: Catalogue) -> tuple[str, ...]:
    """Return the keys that a translation lacks, has beyond the original, or fills with other slots."""
    found, wanted = translation.templates, original.templates
    return tuple(sorted(key for key in found.keys() | wanted.keys() if _slots(found.get(key)) != _slots(wanted.get(key))))


def _slots(template: str | None) -> frozenset[str] | None:
    return None if template is None else frozenset(name for _, name, _, _ in Formatter().parse(template) if name is not None)


ENGLISH: Final = merged("en", EXPLANATIONS.templates, INTERVIEW, PAGES, WORKBENCH)
