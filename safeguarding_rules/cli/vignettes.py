"""Run cases that lie outside packs against any stack, and list answers that conflict.

FILE is in the format of a pack's `cases/*.yaml`; `agreed_by` and `agreed_on` say who
agreed an answer and when. Two answers conflict where the facts of the cases mean
the same and the expected outcomes differ, or where one case knows more than
another that is said to be settled or firm. Where different people answered,
cases of which one knows more and expects another outcome are listed to be looked at.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from safeguarding_rules.cli.arguments import add_places, add_today
from safeguarding_rules.cli.findings import unusable
from safeguarding_rules.cli.terminal import DONE, FINDINGS, counted, say
from safeguarding_rules.diagnostics import PackError
from safeguarding_rules.engine import now_in_london
from safeguarding_rules.testing.printed import AnsweredVignette, ConflictNote, MissNote, VignetteNote, VignettesDocument
from safeguarding_rules.testing.vignettes import NOBODY, Against, Answer, Conflict, Vignette, read_vignettes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path, help="a file of cases")
    parser.add_argument(
        "--pack", metavar="PACK", required=True, help="the pack to run them against, with all above it: an id, an id at a version, a path"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text to read (default), or json for programs")
    add_today(parser, "the day of cases that name none")
    add_places(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    against = Against(arguments.pack, arguments.today or now_in_london().date(), arguments.path)
    answers: list[Answer] = []
    problems: list[PackError] = []
    for file in arguments.files:
        try:
            answers += [against.answer(vignette) for vignette in read_vignettes(file)]
        except PackError as error:
            problems.append(error)
    if problems:
        return unusable(*problems)
    conflicts = list(against.conflicts())
    say(_document(answers, conflicts).model_dump_json(indent=2, by_alias=True) if arguments.format == "json" else _text(answers, conflicts))
    return FINDINGS if any(answer.misses for answer in answers) or any(conflict.certain for conflict in conflicts) else DONE


def _text(answers: Sequence[Answer], conflicts: Sequence[Conflict]) -> str:
    parts = ["\n".join(_failed(answer)) for answer in answers if answer.misses]
    parts += ["\n".join(_conflict(conflict)) for conflict in conflicts]
    failed, certain = sum(1 for answer in answers if answer.misses), sum(1 for conflict in conflicts if conflict.certain)
    came = f"{failed} not as expected" if failed else "all as expected"
    parts.append(f"{counted(len(answers), 'case')}, {came}; {counted(certain, 'conflict')}, {len(conflicts) - certain} to look at")
    return "\n\n".join(parts)


def _failed(answer: Answer) -> Iterator[str]:
    yield f"FAILED {_named(answer.vignette)}"
    yield f"  {answer.vignette.place}, decided for {answer.on} by {' and '.join(answer.packs)}"
    for miss in answer.misses:
        yield f"    expected  {miss.expected}"
        yield f"    came      {miss.came}"
        for reason in miss.why:
            yield f"    why       {reason}"


def _conflict(conflict: Conflict) -> Iterator[str]:
    yield f"{'CONFLICT' if conflict.certain else 'LOOK AT'}: {conflict.kind}: {conflict.why}"
    for vignette in (conflict.one, conflict.other):
        yield f"  {_named(vignette)}"
        yield f"    {vignette.place}"
        yield f"    expects {_expected(vignette)}; {_agreed(vignette)}"


def _named(vignette: Vignette) -> str:
    return f"{vignette.name}: {vignette.title}"


def _expected(vignette: Vignette) -> str:
    expect = vignette.expect
    bounds = ((expect.outcome, ""), (expect.outcome_at_least, " or more protective"), (expect.outcome_at_most, " or less protective"))
    return " and ".join(f"`{name}`{addition}" for name, addition in bounds if name is not None)


def _agreed(vignette: Vignette) -> str:
    if vignette.agreed_by == NOBODY:
        return "agreed by nobody yet"
    return f"agreed by {vignette.agreed_by}" + (f" on {vignette.agreed_on}" if vignette.agreed_on is not None else "")


def _document(answers: Sequence[Answer], conflicts: Sequence[Conflict]) -> VignettesDocument:
    cases = tuple(
        AnsweredVignette(
            **_entry(answer.vignette),
            packs=answer.packs,
            on=answer.on,
            outcome=answer.outcome,
            as_expected=not answer.misses,
            misses=tuple(MissNote(about=miss.about, expected=miss.expected, came=miss.came, why=miss.why) for miss in answer.misses),
        )
        for answer in answers
    )
    pairs = tuple(
        ConflictNote(kind=one.kind, certain=one.certain, why=one.why, one=VignetteNote(**_entry(one.one)), other=VignetteNote(**_entry(one.other)))
        for one in conflicts
    )
    return VignettesDocument(cases=cases, conflicts=pairs)


def _entry(vignette: Vignette) -> dict[str, Any]:
    return {
        "file": vignette.file,
        "name": vignette.name,
        "title": vignette.title,
        "expects": vignette.expect.model_dump(mode="json", exclude_defaults=True),
        "agreed_by": None if vignette.agreed_by == NOBODY else vignette.agreed_by,
        "agreed_on": vignette.agreed_on,
    }
