"""What changed from one version of a pack to the next, for every possible case, in words.

Comes in: the difference of two policies as comparing found it. Goes out: a `ChangesView`. Promised: nothing that became milder is left out. Must
not know: how a difference is found.
"""

from __future__ import annotations

from collections.abc import Iterator

from safeguarding_rules.comparing import groups
from safeguarding_rules.comparing.document import DiffDocument, RegionNote
from safeguarding_rules.explaining.texts import Catalogue
from safeguarding_rules.interface_texts import ENGLISH
from safeguarding_rules.publishing.document.changes import ChangeGroup, ChangeItem, ChangesView


def changes_of(document: DiffDocument, texts: Catalogue = ENGLISH) -> ChangesView:
    """A difference as something to read."""
    found = _Changes(document, texts)
    parts = (
        ("outcomes", found.outcomes()),
        ("duties", found.duties()),
        ("undecided", (ChangeItem(groups.undecided_words(one), "other") for one in document.undecided)),
        ("advice", (ChangeItem(_sentence(note.text), note.direction) for note in document.advice)),
        ("apart", (ChangeItem(_sentence(note.text), "other") for note in document.apart)),
        ("texts", (ChangeItem(_sentence(text), "other") for _, texts_ in groups.text_groups(document) for text in texts_)),
    )
    listed = [ChangeGroup(texts.say(f"page.changes.{name}"), tuple(items)) for name, items in parts]
    return ChangesView(
        groups.side_words(document.old),
        groups.side_words(document.new),
        tuple(groups.verdict(document)),
        document.milder,
        tuple(group for group in listed if group.items),
    )


class _Changes:
    def __init__(self, document: DiffDocument, texts: Catalogue) -> None:
        self.document, self.say = document, texts.say

    def outcomes(self) -> Iterator[ChangeItem]:
        """Cases whose outcome changes."""
        for group in groups.outcome_groups(self.document):
            change = group.first
            head = _sentence(groups.outcome_head(self.document, group))
            for region in change.regions:
                where = groups.outcome_where(self.document, group, region)
                yield ChangeItem(f"{head}: {where}", change.direction, tuple(self._details(region, outcomes=False)))

    def duties(self) -> Iterator[ChangeItem]:
        """Cases in which a duty changes."""
        for group in groups.duty_groups(self.document):
            lines = [line.replace(" [milder]", "") for line in groups.duty_lines(group)]
            region = group.region.model_copy(update={"new_rules": tuple(group.rules.values()), "old_rules": tuple(group.gone.values())})
            details = (*(_sentence(line) for line in lines), *self._details(region, outcomes=True))
            yield ChangeItem(f"{groups.group_head(group)}:", group.direction, details)

    def _details(self, region: RegionNote, *, outcomes: bool) -> Iterator[str]:
        yield self.say("page.changes.example", words=groups.example_words(self.document, region.example, outcomes=outcomes))
        for key, notes, others in (("before", region.old_rules, region.new_rules), ("now", region.new_rules, region.old_rules)):
            if lines := groups.rule_words(notes, other=others):
                yield self.say(f"page.changes.{key}", words="; ".join(lines))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
