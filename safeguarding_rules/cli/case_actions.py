"""What the `case` command does: one call of a live case an action, and what it came to."""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from textwrap import fill

from safeguarding_rules.casework.canonical import plain_data
from safeguarding_rules.casework.case import LiveCase, open_case
from safeguarding_rules.casework.events import CaseOpened, Decided, Event
from safeguarding_rules.casework.form import record_page
from safeguarding_rules.casework.history import history_of
from safeguarding_rules.casework.journal.journal import Journal
from safeguarding_rules.casework.journal.store import JournalStore
from safeguarding_rules.casework.printed import CaseMissing, step_of
from safeguarding_rules.casework.record import DecisionRecord
from safeguarding_rules.casework.step import CaseStep
from safeguarding_rules.casework.store import CaseChangedError
from safeguarding_rules.cli.arguments import moment, places_for
from safeguarding_rules.cli.case_text import missing_lines, show, show_decision, show_history, step_text
from safeguarding_rules.cli.facts_file import read_facts
from safeguarding_rules.cli.files import write_whole
from safeguarding_rules.cli.findings import not_written, refused, unusable
from safeguarding_rules.cli.signing_key import signing_key
from safeguarding_rules.cli.terminal import DONE, FINDINGS, WIDTH, counted, note, say
from safeguarding_rules.diagnostics import CaseError, Diagnostic, FactsError, JournalError, PackError
from safeguarding_rules.engine import Engine
from safeguarding_rules.language.shapes import name_problem
from safeguarding_rules.linking.policy import Policy

_YES_NO = {"yes": True, "no": False}


def run_action(arguments: argparse.Namespace) -> int:
    """Do what was asked. Raises CaseError, FactsError, JournalError, PackError."""
    with Journal.open(arguments.journal, key=signing_key(arguments.key)) as journal:
        store = JournalStore(journal)
        events = store.events(arguments.case)
        opened = [event for event in events if isinstance(event, CaseOpened)]
        pack = arguments.pack or (opened[0].pack if opened else None)
        if pack is None:
            return refused(f"there is no case `{arguments.case}` in this journal", "`journal list` names the cases; `case open` opens one")
        if arguments.action == "print":  # a record needs no pack to be read
            return _print([event.record for event in events if isinstance(event, Decided)], arguments)
        try:
            engine = Engine.load(pack, paths=places_for(pack, arguments.path), cache=True)
        except PackError as error:
            return _without_pack(journal, events, arguments, error)
        return _run(store, engine, arguments)


def _run(store: JournalStore, engine: Engine, arguments: argparse.Namespace) -> int:
    with open_case(engine, arguments.case, store=store, verify=arguments.verify) as case:
        try:
            return _do(case, arguments)
        except CaseChangedError as error:
            return refused(str(error), "run the command again")
        except CaseError as error:
            if arguments.action != "close" or not all(found.code == "SR906" for found in error.diagnostics):
                raise
            note("the case is not closed: this is not written down yet")
            if arguments.format == "json":
                say(CaseMissing(case=case.id, missing=case.missing()).model_dump_json(by_alias=True, indent=2))
            else:
                say(missing_lines((found.message, found.help or "") for found in error.diagnostics))
            return FINDINGS


def _without_pack(journal: Journal, events: Sequence[Event], arguments: argparse.Namespace, error: PackError) -> int:
    """What can be done with a case whose pack cannot be used any more: everything that was written down can still be read."""
    if arguments.action == "history" and events:
        return show_history(arguments.case, tuple(history_of(events, _policy_kept(journal, events), notes=True)), arguments.format)
    code = unusable(error)
    if events:
        note("what was written down can still be read: `case history`, and `case print` with the number of a record")
    return code


def _do(case: LiveCase, arguments: argparse.Namespace) -> int:
    match arguments.action:
        case "show":
            case.verify()
            return _told(case, show(case, arguments.format))
        case "history":
            return show_history(case.id, case.history(), arguments.format)
        case "as-of":
            at = {"known_at": arguments.known, "policy_on": arguments.policy_on, "recorded_by": arguments.recorded_by}
            decision = case.decision_as_of(**at)
            case.verify(decision)
            return _told(case, show_decision(decision, arguments.format))
        case "record":
            return _told(case, _recorded(case.record(who=arguments.who), arguments))
        case "close":
            case.close(arguments.text, who=arguments.who)
            return _told(case, _recorded(case.records[-1], arguments))
    step = _step(case, arguments)
    if arguments.format == "json":
        say(step_of(step).model_dump_json(by_alias=True, indent=2))
    else:
        say(step_text(step))
    return DONE if step.problem is None else FINDINGS


def _step(case: LiveCase, a: argparse.Namespace) -> CaseStep:  # noqa: PLR0911, PLR0912, C901  one line an action
    at, who, what = a.known, a.who, a.what
    match a.action:
        case "open":
            return case.open(a.text, who=who, known_at=at)
        case "learn":
            return case.learn(what[0], _value(case, *what), who=who, source=a.source, known_at=at)
        case "answers":
            return _answers(case, what[0], a)
        case "correct":
            return case.correct(what[0], _value(case, *what), who=who, source=a.source, known_at=at, text=a.text)
        case "withdraw":
            return case.withdraw(what[0], who=who, source=a.source, known_at=at, text=a.text)
        case "clock":
            return case.start_clock(what[0], None if what[1] == "none" else moment(what[1]), who=who, known_at=at)
        case "done":
            return case.done(what[0], who=who, by=a.by, text=a.text, at=at)
        case "waive":
            return case.waive(what[0], a.reason, a.text, who=who, by=a.by, at=at)
        case "take-up":
            return case.take_up(what[0], a.text, who=who, by=a.by, at=at)
        case "review":
            return case.review_on(date.fromisoformat(what[0]), who=who, text=a.text, at=at)
        case "reviewed":
            return case.reviewed(who=who, text=a.text, at=at)
        case "headteacher":
            return case.headteacher(what[0], agreed=not a.disagrees, who=who, outcome=a.outcome, text=a.text, at=at)
        case "note":
            return case.note(what[0], a.text, who=who, at=at)
        case "override":
            return case.override(what[0], a.reason, a.text, who=who, at=at)
        case "follow":
            return case.follow_advice(who=who, text=a.text, at=at)
        case _:
            return case.reopen(a.text, who=who)


def _value(case: LiveCase, fact: str, text: str) -> object:
    """A value as a file of facts has it: YAML, so that `{below: 13}` is a test and `true` a boolean; `yes` and `no`, too. Raises FactsError."""
    spec = next((info.spec for info in case.decision.program.policy.facts if info.spec.name == fact), None)
    if spec is not None and spec.type == "boolean" and text.strip().casefold() in _YES_NO:
        return _YES_NO[text.strip().casefold()]
    if (problem := name_problem(fact)) is not None:
        raise FactsError([Diagnostic("SR802", "error", problem.message, None, problem.help)])
    if len(text.splitlines()) > 1:
        raise FactsError([Diagnostic("SR807", "error", "the value is more than a line", None, "`case learn` takes one fact at a time")])
    try:
        given = read_facts("-", io.StringIO(f"{fact}: {text}\n"))
    except FactsError as error:
        raise _without_places(error.diagnostics) from error
    if given.problems:
        raise _without_places(given.problems)
    return given.facts[fact]


def _answers(case: LiveCase, file: str, a: argparse.Namespace) -> CaseStep:
    """Learn what a file of facts says. Raises FactsError with the places of all that is wrong in it."""
    given = read_facts(file, sys.stdin)
    if given.problems:
        raise given.placed(case.engine.problems)
    try:
        return case.learn_all(given.facts, who=a.who, source=a.source, known_at=a.known)
    except FactsError as error:
        raise given.placed(case.engine.problems) from error


def _without_places(found: Iterable[Diagnostic]) -> FactsError:
    """The same findings: what was typed stands on the line above them, and in no file."""
    return FactsError([replace(one, span=None, related=()) for one in found])


def _print(records: Sequence[DecisionRecord], arguments: argparse.Namespace) -> int:
    wanted = int(arguments.what[0])
    for record in records:
        if record.number == wanted:
            return _recorded(record, arguments)
    return refused(f"the case has no record {wanted}", f"it has {counted(len(records), 'record')}")


def _policy_kept(journal: Journal, events: Sequence[Event]) -> Policy | None:
    """The policy of the last record, from the packs that the journal keeps; None where there is none that can still be read."""
    decided = [event for event in events if isinstance(event, Decided)]
    try:
        return Engine.from_packs([journal.contents.pack(digest) for _, _, digest in decided[-1].packs]).program.policy if decided else None
    except (JournalError, PackError):
        return None


def _told(case: LiveCase, code: int) -> int:
    """Say beside a record what must not be overlooked, and return the exit code."""
    for one in (*case.warnings, *(() if case.problem is None else (f"WARNING {case.problem}",))):
        note(fill(one, WIDTH, break_long_words=False, break_on_hyphens=False))
    return max(code, DONE if case.problem is None else FINDINGS)


def _recorded(record: DecisionRecord, arguments: argparse.Namespace) -> int:
    """Write the page of a record, and say what is missing in it."""
    if arguments.html is not None:
        place = Path(arguments.html)
        try:
            write_whole(place, record_page(record).encode("utf-8"))
        except OSError as error:
            code = not_written(place, error)
            note(f"record {record.number} is kept all the same: `case print {record.case} {record.number} --html FILE` writes its page")
            return code
    if arguments.format == "json":
        say(json.dumps(plain_data(record), indent=2, ensure_ascii=False))
        return DONE
    title = record.outcome_titles.get(record.outcome_advised, record.outcome_advised)
    closed = ", closed" if record.outcome is not None else ""
    say(f"record {record.number}: {title} ({record.outcome_advised}){closed}" + (f"; the page is in {arguments.html}" if arguments.html else ""))
    say(missing_lines((one.item, one.text) for one in record.missing))
    return DONE
