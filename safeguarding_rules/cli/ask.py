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
import sys
from functools import partial
from pathlib import Path

from safeguarding_rules.cli.arguments import add_pack, add_places, day, moment, places_for
from safeguarding_rules.cli.ask_dialogue import Dialogue, EndOfAnswersError, screen
from safeguarding_rules.cli.facts_file import read_facts
from safeguarding_rules.cli.files import write_whole
from safeguarding_rules.cli.findings import not_written, refused, unusable
from safeguarding_rules.cli.terminal import DONE, UNUSABLE, note, say
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
    say(engine.explain(step.decision).short(ENGLISH).rstrip("\n"))
    sys.stdout.flush()
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
    for what, path in zip(_SAVE, (arguments.save_facts, arguments.save_decision), strict=True):
        chosen = path
        if chosen is None and sys.stdin.isatty() and arguments.save_facts is None and arguments.save_decision is None:
            chosen = _where(dialogue, what)
        if chosen is None:
            continue
        try:
            write_whole(chosen, _content(what, chosen, decision).encode(), private=True)
            note(ENGLISH.say("interview.saved", name=chosen))
        except OSError as error:
            code = max(code, not_written(chosen, error), UNUSABLE)
    return code


def _where(dialogue: Dialogue, what: str) -> Path | None:
    """Ask for the name of a file that is not there yet; None for no file."""
    note("\n" + ENGLISH.say(f"interview.save.{what}"))
    while True:
        try:
            name = dialogue.line()
        except EndOfAnswersError:
            return None
        if not name:
            return None
        if "\0" not in name and not Path(name).exists():
            return Path(name)
        note(ENGLISH.say("interview.save.exists", name=name))


def _content(what: str, path: Path, decision: Decision) -> str:
    if what == "decision":
        return decision.model_dump_json(indent=2) + "\n"
    if path.suffix.casefold() == ".json":
        return json.dumps(decision.facts, indent=2, ensure_ascii=False) + "\n"
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in decision.facts.items()]
    return "".join(lines) or "{}\n"
