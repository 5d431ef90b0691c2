"""A difference as text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from safeguarding_rules.cli.terminal import WIDTH, counted
from safeguarding_rules.comparing import groups
from safeguarding_rules.comparing.document import DiffDocument, RegionNote


def render(document: DiffDocument, *, everything: bool = False) -> str:
    """Return the difference as text to read; without `everything` long lists are cut, and say so."""
    return "\n".join(_lines(document, everything=everything))


def _lines(document: DiffDocument, *, everything: bool) -> Iterator[str]:
    yield from _wrapped(f"old: {groups.side_words(document.old)}", "")
    yield from _wrapped(f"new: {groups.side_words(document.new)}", "")
    yield ""
    for sentence in groups.verdict(document):
        yield from _wrapped(sentence, "")
    if document.outcomes:
        yield from ("", "OUTCOMES THAT CHANGE")
        for group in groups.outcome_groups(document):
            yield ""
            yield from _outcome(document, group, everything=everything)
    if document.duties:
        yield from ("", "DUTIES THAT CHANGE", f"  ({groups.DUTIES_READ})")
        yield from _duties(document, everything=everything)
    yield from _section("UNDECIDED", "", [groups.undecided_words(one) for one in document.undecided])
    advice = [f"{note.text} ({note.direction if note.direction != 'other' else 'either way'})" for note in document.advice]
    yield from _section(
        "WHILE FACTS ARE UNKNOWN, ENDS, EMERGENCY CONTACTS", "changes no complete case on the day; compared by what the packs say", advice
    )
    yield from _section("WHAT ONE VERSION ALONE CAN SAY", "", [apart.text for apart in document.apart])
    yield from _section("WORDING AND CONTACTS ONLY", "changes no case and no advice", list(_texts(document, everything=everything)))


def _section(title: str, remark: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield from ("", title, *([f"  ({remark})"] if remark else []), "")
        for line in lines:
            yield from _wrapped(line, "  - ")


def _outcome(document: DiffDocument, group: groups.OutcomeGroup, *, everything: bool) -> Iterator[str]:
    change = group.first
    yield from _wrapped(f"{groups.outcome_head(document, group)}, where", "  ")
    most = len(change.regions) if everything else groups.MOST_REGIONS
    for region in change.regions[:most]:
        yield from _wrapped(groups.outcome_where(document, group, region, everything=everything), "    - ")
        yield from _region(document, region, outcomes=False)
    yield from _more(len(change.regions) - most, "kind of case", complete=change.complete, indent="    ")


def _duties(document: DiffDocument, *, everything: bool) -> Iterator[str]:
    found = groups.duty_groups(document, everything=everything)
    most = len(found) if everything else groups.MOST_GROUPS
    for group in found[:most]:
        yield ""
        yield from _wrapped(f"{groups.group_head(group)}:", "  ")
        for line in groups.duty_lines(group):
            yield from _wrapped(line, "    - ")
        region = group.region.model_copy(update={"new_rules": tuple(group.rules.values()), "old_rules": tuple(group.gone.values())})
        yield from _region(document, region)
    yield from _more(len(found) - most, "kind of case", complete=all(change.complete for change in document.duties), indent="  ")


def _region(document: DiffDocument, region: RegionNote, *, outcomes: bool = True) -> Iterator[str]:
    yield from _wrapped(f"Example: {groups.example_words(document, region.example, outcomes=outcomes)}", "      ", "        ")
    for label, notes, others in (("Before", region.old_rules, region.new_rules), ("Now", region.new_rules, region.old_rules)):
        if lines := groups.rule_words(notes, other=others):
            yield from _wrapped(f"{label}: {'; '.join(lines)}", "      ", "        ")


def _more(number: int, what: str, *, complete: bool, indent: str) -> Iterator[str]:
    if number > 0:
        yield f"{indent}… and {counted(number, f'more {what}')} (--all shows them)"
    if not complete:
        yield f"{indent}… and cases that were not looked for further (--all describes every one)"


def _texts(document: DiffDocument, *, everything: bool) -> Iterator[str]:
    for part, texts in groups.text_groups(document, everything=everything):
        if everything or len(texts) <= groups.MOST_TEXTS:
            yield from texts
        else:
            yield f"{part}s: {len(texts)} changed (--all lists them)"


def _wrapped(text: str, head: str, rest: str | None = None) -> Sequence[str]:
    after = " " * len(head) if rest is None else rest
    return textwrap.wrap(text, WIDTH, initial_indent=head, subsequent_indent=after, break_long_words=False, break_on_hyphens=False)
