"""Decide a record again, and say whether the decision is the same byte for byte.

It is derived from the recorded facts and the exact packs; what differs is named.

RECORD is a file with a decision record. With --journal it is a case of the journal,
one of its decisions (`CASE/2`), or `all`; the packs come from the journal.
Exits with 1 if a decision differs or cannot be replayed.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from pydantic import ValidationError

from safeguarding_rules.casework.record import DecisionRecord
from safeguarding_rules.casework.replay import Difference, Replayed, Replayer, ReplayReport, gather, packs_found
from safeguarding_rules.cli.arguments import add_places
from safeguarding_rules.cli.findings import refused, unusable
from safeguarding_rules.cli.terminal import DONE, FINDINGS, counted, progress, say
from safeguarding_rules.diagnostics import Diagnostic, JournalError, PackError
from safeguarding_rules.reading import Registry


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("record", metavar="RECORD", help="a file; with --journal a CASE, CASE/NUMBER, or all")
    parser.add_argument("--journal", metavar="PLACE", help="a journal file, or postgresql://user@host/database")
    parser.add_argument("--quick", action="store_true", help="compare outcome, rules, duties and facts, not the words and questions that follow")
    parser.add_argument("--processes", metavar="N", type=int, help="how many processes to use (default: one a processor, for many)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text to read (default), or json for programs")
    add_places(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    registry = packs_found(Registry(arguments.path))
    try:
        if arguments.journal is None:
            report = gather([Replayer(registry).replay(_read(arguments.record), whole=not arguments.quick)])
        else:
            report = _from_journal(arguments)
    except (JournalError, PackError) as error:
        return unusable(error)
    except ModuleNotFoundError:
        return refused("the journal needs more libraries", "pip install 'safeguarding-rules[journal]'")
    say(report.model_dump_json(indent=2, by_alias=True) if arguments.format == "json" else _text(report, quick=arguments.quick))
    return FINDINGS if report.differs or report.impossible else DONE


def _read(name: str) -> DecisionRecord:
    try:
        return DecisionRecord.model_validate_json(Path(name).read_bytes())
    except OSError as error:
        message = f"`{name}` cannot be read: {(error.strerror or 'unknown reason').lower()}"
        raise JournalError([Diagnostic("SR933", "error", message, help="give a file, or a case with --journal")]) from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        message = f"`{name}` is no decision record: {'.'.join(map(str, first['loc'])) or 'the file'}: {first['msg'].lower()}"
        raise JournalError([Diagnostic("SR933", "error", message, help="`schema record` prints the shape of one")]) from None


def _from_journal(arguments: argparse.Namespace) -> ReplayReport:
    from safeguarding_rules.casework.journal import Journal  # noqa: PLC0415  needs the extra
    from safeguarding_rules.casework.journal.many import Wanted, replay_many  # noqa: PLC0415

    case, number = _wanted(arguments.record)
    wanted = Wanted(arguments.journal, tuple(arguments.path), case, number, whole=not arguments.quick)
    show = progress()
    results: list[Replayed] = []
    with Journal.open(arguments.journal) as journal:
        for one in replay_many(journal, wanted, arguments.processes):
            results.append(one)
            show(f"{len(results)} decisions")
        show("")
        if not results:
            raise journal.database.problem("SR922", f"there is no decision of `{arguments.record}` in the journal", "`journal list` names the cases")
    return gather(results)


def _wanted(text: str) -> tuple[str | None, int | None]:
    if text == "all":
        return None, None
    case, slash, number = text.rpartition("/")
    return (case, int(number)) if slash and number.isdigit() else (text, None)


def _text(report: ReplayReport, *, quick: bool) -> str:
    lines = []
    for one in report.findings:
        name = one.case if one.number is None else f"{one.case}/{one.number}"
        lines.append(f"{name}: {one.state}: {one.because}" + (f" [{one.code}]" if one.code else ""))
        lines += [f"   {found.place}: {_told(found)}" for found in one.differences[:20]]
        if len(one.differences) > 20:  # noqa: PLR2004
            lines.append(f"   and {counted(len(one.differences) - 20, 'more difference')}")
    same = "same outcome, rules, duties and facts" if quick else "identical byte for byte"
    parts = [f"{report.identical} {same}"]
    others = {"differ": report.differs, "erased": report.erased, "not replayed": report.impossible}
    parts += [f"{number} {what}" for what, number in others.items() if number]
    lines.append(f"{counted(report.records, 'decision')}: {', '.join(parts)}")
    return "\n".join(lines)


_MOST = 8
_LONGEST = 200
_NAMES = (("by", "modality", "action", "status"), ("rule",), ("fact",), ("code",), ("pack", "version"))
"""What the parts of a decision are called by, each by all of one line."""


def _told(found: Difference) -> str:
    """What differs at a place, short enough to be read; `--format json` has it whole."""
    if isinstance(found.recorded, list) and isinstance(found.replayed, list):
        recorded, replayed = ([_name(part) for part in one] for one in (found.recorded, found.replayed))
        only = [
            f"only {what} {_listed(names)}"
            for what, one, other in _sides(recorded, replayed)
            if (names := [name for name in one if name not in other])
        ]
        return "; ".join(only) or "the same parts, in another order or with other details (`--format json`)"
    return f"recorded {_short(found.recorded)}, replayed {_short(found.replayed)}"


def _sides(recorded: list[str], replayed: list[str]) -> tuple[tuple[str, list[str], list[str]], ...]:
    return ("recorded", recorded, replayed), ("replayed", replayed, recorded)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more


def _name(part: object) -> str:
    """What a part of a list is called by; the part itself where it has no name."""
    if isinstance(part, dict):
        for names in _NAMES:
            if all(name in part for name in names):
                return " ".join(str(part[name]) for name in names)
    return part if isinstance(part, str) else _short(part)


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
