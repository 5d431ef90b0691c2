"""A difference as Markdown for a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from safeguarding_rules.cli.terminal import counted
from safeguarding_rules.comparing import groups
from safeguarding_rules.comparing.document import DiffDocument, RegionNote

_SIGN = {"milder": "🔻 ", "stricter": "🔺 ", "other": ""}


def render(document: DiffDocument, *, everything: bool = False) -> str:
    """Return the difference as Markdown; without `everything` long lists are cut, and say so."""
    return "\n".join(_lines(document, everything=everything))


def _lines(document: DiffDocument, *, everything: bool) -> Iterator[str]:
    head = document.new.packs[-1].pack
    result = {
        "same": "no complete case changes" + (", but something becomes milder" if document.milder else ""),
        "undecided": "undecided",
        "changed": "becomes milder in some cases" if document.milder else "nothing becomes milder",
    }
    yield f"## What changes in `{head}`: {result[document.result]}"
    yield ""
    yield f"- **Old:** {groups.side_words(document.old)}"
    yield f"- **New:** {groups.side_words(document.new)}"
    yield ""
    yield " ".join(_escaped(sentence) for sentence in groups.verdict(document))
    yield from _outcomes(document, everything=everything)
    yield from _duties(document, everything=everything)
    yield from _section("Undecided", [groups.undecided_words(one) for one in document.undecided])
    advice = [f"{_SIGN[note.direction]}{note.text} ({note.direction if note.direction != 'other' else 'either way'})" for note in document.advice]
    yield from _section("While facts are unknown, ends, emergency contacts (no complete case changes on the day)", advice)
    yield from _section("What one version alone can say", [note.text for note in document.apart])
    if document.texts:
        yield from ("", f"<details><summary>Wording and contacts only: {counted(len(document.texts), 'change')}</summary>", "")
        for part, texts in groups.text_groups(document, everything=everything):
            cut = texts if everything or len(texts) <= groups.MOST_TEXTS else [f"{part}s: {len(texts)} changed (`--all` lists them)"]
            yield from (f"- {_escaped(text)}" for text in cut)
        yield from ("", "</details>")


def _outcomes(document: DiffDocument, *, everything: bool) -> Iterator[str]:
    if document.outcomes:
        yield from ("", "### Outcomes")
    for group in groups.outcome_groups(document):
        change = group.first
        yield from ("", f"#### {_SIGN[change.direction]}{_escaped(groups.outcome_head(document, group))}", "")
        most = len(change.regions) if everything else groups.MOST_REGIONS
        for region in change.regions[:most]:
            yield f"- where **{_escaped(groups.outcome_where(document, group, region, everything=everything))}**"
            yield from _region(document, region, outcomes=False)
        yield from _more(len(change.regions) - most, complete=change.complete)


def _duties(document: DiffDocument, *, everything: bool) -> Iterator[str]:
    found = groups.duty_groups(document, everything=everything)
    if found:
        yield from ("", "### Duties", "", f"_{groups.DUTIES_READ}_")
    most = len(found) if everything else groups.MOST_GROUPS
    for group in found[:most]:
        yield from ("", f"**{_escaped(groups.group_head(group))}:**", "")
        for line in groups.duty_lines(group):
            yield f"- {'🔻 ' if '[milder]' in line else ''}{_escaped(line.replace(' [milder]', ''))}"
        region = group.region.model_copy(update={"new_rules": tuple(group.rules.values()), "old_rules": tuple(group.gone.values())})
        yield from _region(document, region)
    yield from _more(len(found) - most, complete=all(change.complete for change in document.duties))


def _region(document: DiffDocument, region: RegionNote, *, outcomes: bool = True) -> Iterator[str]:
    yield f"  - _Example:_ {_escaped(groups.example_words(document, region.example, outcomes=outcomes))}"
    for label, notes, others in (("Before", region.old_rules, region.new_rules), ("Now", region.new_rules, region.old_rules)):
        if lines := groups.rule_words(notes, other=others):
            yield f"  - _{label}:_ {_escaped('; '.join(lines))}"


def _more(number: int, *, complete: bool) -> Iterator[str]:
    if number > 0:
        yield from ("", f"… and {counted(number, 'more kind of case')} (`--all` shows them)")
    if not complete:
        yield from ("", "… and cases that were not looked for further (`--all` describes every one)")


def _section(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield from ("", f"### {title}", "", *(f"- {_escaped(line)}" for line in lines))


def _escaped(text: str) -> str:
    """Pack text on one line, kept from meaning anything to Markdown; names in backquotes stay."""
    parts = " ".join(text.split()).split("`")
    if len(parts) % 2 == 0:  # a backquote without its other half would open a span that swallows what follows
        return _plain("'".join(parts))
    return "`".join(part if number % 2 else _plain(part) for number, part in enumerate(parts))


def _plain(text: str) -> str:
    for sign in ("\\", "*", "_", "<", "|", "#", "[", "]", "@"):
        text = text.replace(sign, f"\\{sign}")
    return text
