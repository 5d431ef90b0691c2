"""Follow a case over time, in a journal (`safeguarding-rules journal new FILE`).

open CASE --pack PACK          write down a concern (--text)
learn CASE FACT VALUE          a fact is known; VALUE as in a file of facts
answers CASE FILE              all that a file of facts says is known, such as
                               one that `ask --save-facts` wrote
correct CASE FACT VALUE        something else is known of it
withdraw CASE FACT             nothing is known of it any more
clock CASE CLOCK TIME          a clock started (`none`: it did not)
done CASE ACTION               an action was taken
waive CASE ACTION              it will not be taken (--reason, --text)
take-up CASE ACTION            it is to be taken after all (--text)
review CASE DATE               look at the case again on a day
reviewed CASE                  the review was held
headteacher CASE NAME          what the headteacher said (--disagrees)
note CASE TOPIC                write down (--text); TOPIC is discussion,
                               not_referred, viewing, deletion, parents_not_told
                               or other
override CASE OUTCOME          depart from the advice (--reason, --text)
follow CASE                    follow the advice again
record CASE                    write the record (--html FILE: a page too)
close CASE, reopen CASE        end the case (--text), go on with it
show CASE                      where the case stands, and what is still missing
history CASE                   all that was written down, in that order
as-of CASE                     what policy says with what was known at a time
                               (--known, --recorded-by, --policy-on)
print CASE NUMBER              a record once more (--html FILE: as a page)
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import get_args

from safeguarding_rules.casework.record import NoteTopic, OverrideReason, WaiverReason
from safeguarding_rules.cli.arguments import add_places, day, moment
from safeguarding_rules.cli.findings import refused, unusable
from safeguarding_rules.cli.terminal import UNUSABLE, counted
from safeguarding_rules.diagnostics import CaseError, FactsError, JournalError, PackError

OBJECTS = {
    "open": 0, "learn": 2, "answers": 1, "correct": 2, "withdraw": 1, "clock": 2, "done": 1, "waive": 1, "take-up": 1, "review": 1, "reviewed": 0,
    "headteacher": 1, "note": 1, "override": 1, "follow": 0, "record": 0, "close": 0, "reopen": 0, "show": 0, "history": 0, "as-of": 0, "print": 1,
}  # fmt: skip
"""How many words follow CASE."""
_WORDS = {
    "learn": "FACT VALUE", "answers": "FILE", "correct": "FACT VALUE", "withdraw": "FACT", "clock": "CLOCK TIME", "done": "ACTION", "waive": "ACTION",
    "take-up": "ACTION", "review": "DATE", "headteacher": "NAME", "note": "TOPIC", "override": "OUTCOME", "print": "NUMBER",
}  # fmt: skip
"""What they are."""
_READING = ("show", "history", "as-of", "print")
_WITH_TEXT = {
    "waive": "why it is not done",
    "take-up": "why it is to be done after all",
    "note": "what is written down",
    "override": "why the advice is departed from",
    "close": "how the case ended",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("action", metavar="ACTION", choices=tuple(OBJECTS), help=", ".join(OBJECTS))
    parser.add_argument("case", metavar="CASE", help="the id of the case")
    parser.add_argument("what", metavar="WHAT", nargs="*", help="as listed above")
    parser.add_argument("--journal", metavar="PLACE", required=True, help="the journal: a file, or postgresql://user@host/database")
    parser.add_argument("--pack", metavar="PACK", help="open: the pack that decides the case")
    parser.add_argument("--who", metavar="NAME", default="", help="who writes it down; every action that writes something down needs it")
    parser.add_argument("--source", metavar="TEXT", default="", help="learn, answers, correct, withdraw: where it is known from")
    parser.add_argument("--text", metavar="TEXT", default="", help="what is written down: the concern, the reasons, the note")
    parser.add_argument("--known", type=moment, metavar="TIME", help="when it was known, said or done (2026-11-22T09:30; default: now)")
    parser.add_argument("--recorded-by", type=moment, metavar="TIME", help="as-of: only with what was written down by then")
    parser.add_argument("--policy-on", type=day, metavar="DATE", help="as-of: by the policy in force on this day (default: the day of --known)")
    parser.add_argument("--outcome", metavar="OUTCOME", help="headteacher: what was agreed to, or not (default: what is decided now)")
    parser.add_argument("--by", metavar="WHO", default="dsl", help="done, waive, take-up: dsl (default), headteacher, other_staff, setting")
    parser.add_argument(
        "--reason", metavar="CODE", help=f"waive: {', '.join(get_args(WaiverReason))}; override: {', '.join(get_args(OverrideReason))}"
    )
    parser.add_argument("--disagrees", action="store_true", help="headteacher: does not agree")
    parser.add_argument("--html", metavar="FILE", help="record, close, print: write the page to print here")
    parser.add_argument("--key", metavar="FILE", help="sign what is written with this private key")
    parser.add_argument("--verify", action="store_true", help="let durable-rules check the answer; needs the extra `durable`")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text to read (default), or json for programs")
    add_places(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    for wrong in (found := list(_wrong(arguments))):
        refused(*wrong)
    if found:
        return UNUSABLE
    try:
        from safeguarding_rules.cli.case_actions import run_action  # noqa: PLC0415  needs the extra
    except ModuleNotFoundError:
        return refused("a case over time needs more libraries", "pip install 'safeguarding-rules[journal]'")
    try:
        return run_action(arguments)
    except ModuleNotFoundError:
        return refused("`--verify` needs durable-rules, which works with Python 3.11 and 3.12", "pip install 'safeguarding-rules[durable]'")
    except (CaseError, FactsError, JournalError, PackError) as error:
        return unusable(error)


def _reads(text: str, read: Callable[[str], object]) -> bool:
    try:
        read(text)
    except (ValueError, argparse.ArgumentTypeError):
        return False
    return True


def _wrong(arguments: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """What is wrong with what was typed, each with a remedy."""
    action, what = arguments.action, arguments.what
    if len(what) != OBJECTS[action]:
        usage = " ".join(["case", action, "CASE", *_WORDS.get(action, "").split()])
        yield f"`case {action}` takes {counted(OBJECTS[action], 'word')} after CASE, not {len(what)}", f"`{usage}`; several words in quotes are one"
    elif (word := _wrong_word(action, what)) is not None:
        yield word
    if action not in _READING and not arguments.who.strip():
        yield f"`case {action}` needs --who, so that it is known who wrote it down", '--who "A. Lead"'
    if action in _WITH_TEXT and not arguments.text.strip():
        yield f"`case {action}` needs --text", f"--text: {_WITH_TEXT[action]}"
    allowed = {"waive": get_args(WaiverReason), "override": get_args(OverrideReason)}.get(action)
    if allowed is not None and arguments.reason not in allowed:
        given = arguments.reason
        yield f"`case {action}` needs --reason" if given is None else f"`{given}` is no reason for `case {action}`", f"one of: {', '.join(allowed)}"


def _wrong_word(action: str, what: Sequence[str]) -> tuple[str, str] | None:
    if action == "review" and not _reads(what[0], date.fromisoformat):
        return f"`{what[0]}` is not a day", "write it as in 2026-11-22"
    if action == "clock" and what[1] != "none" and not _reads(what[1], moment):
        return f"`{what[1]}` is not a time", "write it as in 2026-11-22T09:30, or `none`"
    if action == "print" and not (what[0].isascii() and what[0].isdigit()):
        return f"`{what[0]}` is not the number of a record", "`case show CASE` counts them; the first is 1"
    if action == "note" and what[0] not in get_args(NoteTopic):
        return f"there is no topic `{what[0]}`", f"one of: {', '.join(get_args(NoteTopic))}"
    return None
