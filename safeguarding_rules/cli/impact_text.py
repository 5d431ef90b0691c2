"""An impact as text: what became of each outcome, each kind of change, the duties."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from safeguarding_rules.cli.terminal import WIDTH, counted
from safeguarding_rules.tabular.impact_document import DutyChange, ImpactDocument, PolicySide, Transition

_NOT_SHOWN = "–"


def render(document: ImpactDocument) -> str:
    """The document as text."""
    return "\n".join(_lines(document))


def _lines(document: ImpactDocument) -> Iterator[str]:
    yield f"Old: {_side(document.old)}"
    yield f"New: {_side(document.new)}"
    yield ""
    if document.rows is None:
        yield f"There are fewer than {document.smallest} cases, or too few to hide small numbers among; nothing about them is shown."
        return
    yield f"{counted(document.rows, 'case')} decided by both." if document.rows < 1000 else f"{document.rows:,} cases decided by both."  # noqa: PLR2004
    if document.invalid:
        yield f"{counted(document.invalid, 'row')} could not be used, and {'is' if document.invalid == 1 else 'are'} counted nowhere else."
    if document.contradicting != 0:
        yield f"Cases whose facts contradict each other: {_number(document.contradicting)}."
    if None in [*(one.rows for one in document.transitions), *(one.rows for one in document.duties)]:
        yield f"{_NOT_SHOWN} stands for a number that is not shown: it is below {document.smallest}, or would give such a number away."
    if document.transitions:
        yield from ["", "Outcomes (rows: old; columns: new)", "", *_matrix(document)]
    changes = [one for one in document.transitions if one.direction is not None]
    for one in changes:
        yield from ["", *_change(one)]
    if document.rows and not changes:
        yield from ["", "No case changes its outcome."]
    yield ""
    if document.duties:
        yield from ["Duties that change", "", *(_duty(one) for one in document.duties)]
    elif document.rows:
        yield "No case has another duty."


def _side(side: PolicySide) -> str:
    return f"{' + '.join(f'{pack.pack} {pack.version}' for pack in side.packs)}, as on {side.on}"


def _number(number: int | None) -> str:
    return _NOT_SHOWN if number is None else f"{number:,}"


def _matrix(document: ImpactDocument) -> Iterator[str]:
    """The outcomes that occur, old down and new across; an empty cell is a change that no case makes."""
    cells = {(one.old, one.new): _number(one.rows) for one in document.transitions}
    rows = [name for name in document.scale if any(old == name for old, _ in cells)]
    columns = [name for name in document.scale if any(new == name for _, new in cells)]
    first = max(len(name) for name in rows)
    widths = {name: max(len(name), *(len(cells.get((old, name), "")) for old in rows)) for name in columns}
    yield " " * first + "".join(f"  {name:>{widths[name]}}" for name in columns)
    for old in rows:
        yield (f"{old:<{first}}" + "".join(f"  {cells.get((old, name), ''):>{widths[name]}}" for name in columns)).rstrip()


def _change(one: Transition) -> Iterator[str]:
    direction = "neither stricter nor milder" if one.direction == "other" else one.direction
    yield f"{one.old} → {one.new} ({direction}): {_number(one.rows)}"
    for rule in one.rules:
        brought = "by the rules together, or by what is not known" if rule.rule is None else f"by {rule.rule} of the {rule.policy} policy"
        yield from _wrapped(f"{_number(rule.rows)} {brought}" + (f": {rule.because}" if rule.because else ""), "  - ", "    ")
    if one.example is not None:
        facts = "; ".join(f"{name}: {_value(value)}" for name, value in one.example.items()) or "nothing known"
        yield from _wrapped(f"for example where this is known: {facts}", "  ", "    ")


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _duty(one: DutyChange) -> str:
    was, now = (_strength(strength) for strength in (one.old, one.new))
    return f"  {_number(one.rows):>13}  {one.title} ({one.by.replace('_', ' ')}): {was} → {now}"


def _strength(strength: str | None) -> str:
    return "does not apply" if strength is None else strength.replace("_", " ")


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False)
