"""Ask about one case: only what can still change the answer, the gravest first.

Questions go to standard error and the decision to standard output, so that it
can be kept by itself. Answers come from the terminal, or from a file, one a
line: `safeguarding-rules ask kscmp < answers.txt`. A line may also name its
fact, as in `adult_involved: no`. A line that starts with # is passed over. While
asking, h shows each question in full and all that can be typed.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from functools import partial
from pathlib import Path

from safeguarding_rules.cli.arguments import add_pack, add_places, day, moment, places_for
from safeguarding_rules.cli.ask_dialogue import Dialogue, EndOfAnswersError, screen
from safeguarding_rules.cli.facts_file import read_facts
from safeguarding_rules.cli.files import write_whole
from safeguarding_rules.cli.findings import not_written, refused, unusable
from safeguarding_rules.cli.terminal import DONE, note, say
from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.diagnostics import FactsError, PackError
from safeguarding_rules.engine import Engine
from safeguarding_rules.interface_texts import ENGLISH
from safeguarding_rules.interview.interview import Interview
from safeguarding_rules.interview.state import State

_SAVE = ("facts", "decision")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    add_pack(parser)
    parser.add_argument("--facts", metavar="FILE", help="what is known from the start, YAML or JSON")
    parser.add_argument("--on", type=day, metavar="DATE", help="decide by what is in force on this day (default: today)")
    parser.add_argument("--known", type=moment, metavar="TIME", help="when the setting came to know (2026-11-22T09:30): deadlines get their time")
    parser.add_argument(
        "--save-facts", metavar="FILE", type=Path, help="write the answers there, as facts for `decide`: YAML, or JSON for a .json name"
    )
    parser.add_argument("--save-decision", metavar="FILE", type=Path, help="write the decision there, as JSON")
    add_places(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    clocks = {} if arguments.known is None else {"known": arguments.known}
    try:
        known = {} if arguments.facts is None else _known(arguments.facts)
        engine = Engine.load(arguments.pack, on=arguments.on, paths=places_for(arguments.pack, arguments.path))
        interview = Interview(partial(engine.decide, clocks=clocks))
        if sys.stdin is None:
            return refused("there is nothing to read answers from", "run it on a terminal, or give it a file of answers: `< answers.txt`")
        answers = sys.stdin
        if not answers.isatty() and isinstance(answers, io.TextIOWrapper):
            answers.reconfigure(encoding="utf-8", errors="replace")
        dialogue = Dialogue(engine, interview, screen(answers, sys.stderr), ENGLISH)
        _, step = dialogue.run(State(facts=known))
    except (PackError, FactsError) as error:
        return unusable(error)
    try:
        say(engine.explain(step.decision).short(ENGLISH).rstrip("\n"))
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read the decision has seen enough; the answers are kept all the same
        _save(arguments, dialogue, step.decision)
        raise
    return _save(arguments, dialogue, step.decision)


def _known(name: str) -> dict[str, object]:
    """The facts known from the start. Raises FactsError."""
    given = read_facts(name, None)
    if given.problems:
        raise FactsError(given.problems, {name: given.text})
    return {fact: value for fact, value in given.facts.items() if value is not None}


def _save(arguments: argparse.Namespace, dialogue: Dialogue, decision: Decision) -> int:
    """Write what is to be kept; on a terminal, ask where no option says."""
    code = DONE
    asked = sys.stdin.isatty() and arguments.save_facts is None and arguments.save_decision is None
    for what, path in zip(_SAVE, (arguments.save_facts, arguments.save_decision), strict=True):
        if asked:
            _save_where(dialogue, what, decision)
        elif path is not None:
            code = max(code, _written(what, path, decision))
    return code


def _written(what: str, path: Path, decision: Decision) -> int:
    """Write a file, say so or why not, and return the exit code."""
    try:
        write_whole(path, _content(what, path, decision).encode(), private=True)
    except OSError as error:
        return not_written(path, error)
    note(ENGLISH.say("interview.saved", name=path))
    return DONE


def _save_where(dialogue: Dialogue, what: str, decision: Decision) -> None:
    """Ask for the name of a file that is not there yet, until one can be written; no name for no file. Answers are not lost for a slip."""
    note("\n" + ENGLISH.say(f"interview.save.{what}"))
    while True:
        try:
            name = dialogue.line()
        except EndOfAnswersError:
            return
        if not name:
            return
        path = None if "\0" in name else _at_home(name)
        if path is None or os.path.lexists(path):
            note(ENGLISH.say("interview.save.exists", name=name))
        elif _written(what, path, decision) == DONE:
            return
        else:
            note(ENGLISH.say("interview.save.another"))


def _at_home(name: str) -> Path:
    """The path of a name; no shell has put the home folder in the place of `~`."""
    try:
        return Path(name).expanduser()
    except RuntimeError:  # nobody's home
        return Path(name)


def _content(what: str, path: Path, decision: Decision) -> str:
    if what == "decision":
        return decision.model_dump_json(indent=2) + "\n"
    if path.suffix.casefold() == ".json":
        return json.dumps(decision.facts, indent=2, ensure_ascii=False) + "\n"
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in decision.facts.items()]
    return "".join(lines) or "{}\n"
