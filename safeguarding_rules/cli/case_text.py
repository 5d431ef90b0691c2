"""Where a case stands, and what policy said of it, as text or JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from safeguarding_rules.casework.case import LiveCase
from safeguarding_rules.casework.history import WHO
from safeguarding_rules.casework.moments import TOLERATED, day_short, day_words
from safeguarding_rules.casework.printed import CaseHistory, standing_of
from safeguarding_rules.casework.record import RecordedEvent
from safeguarding_rules.casework.step import CaseStep
from safeguarding_rules.cli.terminal import DONE, WIDTH, columns, counted, printable, say
from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.language.deadlines import LONDON

_UNDER = " " * 11
"""What stands before the further lines of something, so that they stand under its first."""
_NARROWEST = 40
_SHOWN = 4
"""How many questions are shown; they come gravest first."""
_HANGING = " " * 19
"""What stands under the time of an event."""


def show(case: LiveCase, form: str) -> int:
    """Say where a case stands: the advice, duties, what is not known, what is missing."""
    if form == "json":
        say(standing_of(case).model_dump_json(by_alias=True, indent=2))
        return DONE
    decision, missing = case.decision, case.missing()
    say(f"{printable(case.id)}: {'open' if case.is_open else 'closed'}, {counted(len(case.records), 'record')}")
    told = (*_advice(decision), _packs(decision), *_departure(case), *_said(case), *_duties(case), *_known(case), *_questions(decision))
    say("\n".join(_wrapped(printable(line), _UNDER) for line in told))
    besides = [(one.item, one.text) for one in missing if one.action is None]
    if len(besides) < len(missing):
        besides.append(("the duties above that are neither done nor waived", "say `done`, or `waive` and why not"))
    say(missing_lines(besides))
    return DONE


def show_decision(decision: Decision, form: str) -> int:
    """Say what policy says or said."""
    if form == "json":
        say(json.dumps(decision.model_dump(), indent=2, ensure_ascii=False))
        return DONE
    known = ", ".join(f"{name}: {json.dumps(value)}" for name, value in decision.facts.items())
    told = (*_advice(decision), f"  known: {known or 'nothing'}", _packs(decision), *_questions(decision))
    say("\n".join(_wrapped(line, _UNDER) for line in told))
    return DONE


def show_history(case: str, events: Sequence[RecordedEvent], form: str) -> int:
    """Tell everything that was written down, in that order."""
    if form == "json":
        say(CaseHistory(case=case, events=tuple(events)).model_dump_json(by_alias=True, indent=2))
        return DONE
    say("\n".join(line for one in events for line in _event(one)))
    return DONE


def _event(one: RecordedEvent) -> Iterator[str]:
    """An event: when and what; from where and who wrote it down, and when if that was later; the text."""
    yield _wrapped(printable(f"{_moment(one.known_at)}  {one.told}"), _HANGING)
    late = f", written down {_moment(one.recorded_at)}" if one.recorded_at - one.known_at > TOLERATED else ""
    source = f"from: {one.source}; " if one.source else ""
    yield _wrapped(printable(f"{_HANGING}{source}by {one.who}{late}"), _HANGING)
    yield from (_wrapped(printable(f"{_HANGING}{line}"), _HANGING) for line in one.text.splitlines() if line.strip())


def _moment(moment: datetime) -> str:
    local = moment.astimezone(LONDON)
    return f"{day_short(local)} {local:%H:%M}"


def step_text(step: CaseStep) -> str:
    """What an event brought, each sentence on lines of its own."""
    return "\n".join(map(_wrapped, step.lines))


def missing_lines(items: Iterable[tuple[str, str]]) -> str:
    """What is missing, one item a line, with what to do."""
    return "\n".join(_wrapped(f"missing: {item} ({remedy})") for item, remedy in items) or "nothing is missing"


def _wrapped(line: str, indent: str = "  ") -> str:
    width = max(_NARROWEST, min(WIDTH, columns()))
    return textwrap.fill(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _title(decision: Decision, name: str) -> str:
    titles = {one.name: one.title for one in decision.program.policy.outcomes}
    return f"{titles.get(name, name)} ({name})"


def _advice(decision: Decision) -> Iterator[str]:
    yield f"  policy advises: {_title(decision, decision.outcome)}{', settled' if decision.settled else ''}"
    others = [_title(decision, name) for name in decision.possible_outcomes if name != decision.outcome]
    if others and not decision.settled:
        yield f"  it could still become: {', '.join(others)}"
    yield from (f"  warning  {one.message}" for one in decision.warnings)


def _departure(case: LiveCase) -> Iterator[str]:
    away = case.departure
    if away is not None:
        yield f"  decided instead: {_title(case.decision, away.outcome)}, by {away.who}: {away.text}"


def _packs(decision: Decision) -> str:
    packs = ", ".join(f"{pack.pack} {pack.version}" for pack in decision.policy.packs)
    return f"  by: {packs}, as on {day_words(decision.on)}"


def _said(case: LiveCase) -> Iterator[str]:
    """What the headteacher said, and the next review."""
    agreed, review = case.agreement, case.review
    if agreed.agreed is not None and agreed.at is not None:
        said = f"{'agrees' if agreed.agreed else 'does not agree'} to {_title(case.decision, agreed.outcome or '')}"
        yield f"  headteacher: {said}, {agreed.who}, {_moment(agreed.at)}"
    if review is not None:
        held = f", held {_moment(review.held_at)}" if review.held_at is not None else ""
        yield f"  review: {day_words(review.on)}{held}"


def _known(case: LiveCase) -> Iterator[str]:
    for one in case.known:
        source = f"from {one.source}, " if one.source else ""
        yield f"  known    {one.question} {one.answer} ({one.fact}, {source}{_moment(one.known_at)})"


def _duties(case: LiveCase) -> Iterator[str]:
    for one in case.duties():
        due = "" if one.due is None or not one.outstanding else f", due {day_words(one.due.astimezone(LONDON))} {one.due.astimezone(LONDON):%H:%M}"
        again = "" if one.earlier is None else f"; done or waived {_moment(one.earlier.known_at)}, before it arose anew"
        against = "; policy says not to" if one.against is not None else ""
        yield f"  {one.state:8} {one.title} ({one.action} by {WHO.get(one.by, one.by)}{due}{again}{against})"


def _questions(decision: Decision) -> Iterator[str]:
    asked = [one for one in decision.questions if one.could_become]
    yield from (f"  unknown  {one.ask} ({one.fact})" for one in asked[:_SHOWN])
    if len(asked) > _SHOWN:
        yield f"  and {counted(len(asked) - _SHOWN, 'more question')} that could change this; `--format json` lists all"
