"""Prove packs: every invariant and guarantee for all possible cases, or a case in which it fails.

Each pack is proved in every stack it can be in force in. What cannot be
decided within the time limit is undecided, never proved.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from safeguarding_rules.cli.arguments import add_places, add_today, places_for
from safeguarding_rules.cli.findings import refused, unusable
from safeguarding_rules.cli.proof_report import report
from safeguarding_rules.cli.terminal import DONE, FINDINGS, UNDECIDED, progress, say
from safeguarding_rules.diagnostics import PackError
from safeguarding_rules.engine import now_in_london
from safeguarding_rules.linking.link import check
from safeguarding_rules.proving.opinion import installed
from safeguarding_rules.proving.run import deadline, prove
from safeguarding_rules.proving.search import Limits
from safeguarding_rules.proving.work import Stack
from safeguarding_rules.reading import Found, Registry
from safeguarding_rules.testing.stacks import Stacks, texts_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("packs", metavar="PATH|PACK", nargs="+", help="a pack folder, a folder of packs, or a pack's id (kscmp, ukcis@2020.12)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text to read (default), or json for programs")
    parser.add_argument("--time-limit", metavar="SECONDS", type=_seconds, help="what is not decided by then is undecided (default: no limit)")
    parser.add_argument("--jobs", metavar="NUMBER", type=int, default=2, help="how many pieces of work go on side by side (default: 2)")
    parser.add_argument("--second-opinion", action="store_true", help="ask the z3 solver too, where it is installed")
    parser.add_argument("-v", "--verbose", action="store_true", help="list what is proved too")
    add_today(parser, "the day by which waivers and accepted findings have ended")
    add_places(parser)


def _seconds(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not found > 0:
        raise argparse.ArgumentTypeError(f"`{text}` is not a number of seconds")
    return found


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    if arguments.second_opinion and not installed():
        return refused("the z3 solver is not installed", "pip install 'safeguarding-rules[proof]'")
    limits = Limits(until=deadline(arguments.time_limit))
    today = arguments.today or now_in_london().date()
    show = progress()
    try:
        paths = list(_paths(arguments.packs, arguments.path, today))
    except PackError as error:
        return unusable(error)
    stacks = Stacks(paths, _around(arguments.packs, arguments.path))
    found, failed = stacks.targets()
    prepared: list[Stack] = []
    for one in found:
        show(f"reading {one.id} {one.version}")
        try:
            prepared.extend(stacks_to_prove(stacks, one, today, limits, opinion=arguments.second_opinion))
        except PackError as error:
            failed.append(error)
    if failed:
        show("")
        return unusable(*failed)
    proof = prove(prepared, jobs=arguments.jobs, progress=show)
    show("")
    say(proof.model_dump_json(indent=2, by_alias=True) if arguments.format == "json" else report(proof, verbose=arguments.verbose))
    return {"proved": DONE, "refuted": FINDINGS, "undecided": UNDECIDED}[proof.state]


def _paths(packs: Sequence[str], also: Sequence[Path], today: date) -> Iterator[Path]:
    """Yield the paths of what was asked for; an id is looked up as everywhere else. Raises PackError."""
    for pack in packs:
        path = Path(pack)
        if path.exists() or "/" in pack:
            yield path
        else:
            yield Path(Registry(also).resolve(pack, today).origin)


def _around(packs: Sequence[str], also: Sequence[Path]) -> tuple[Path, ...]:
    return tuple(dict.fromkeys(place for pack in packs for place in places_for(pack, also)))


def stacks_to_prove(stacks: Stacks, found: Found, today: date, limits: Limits, *, opinion: bool) -> Iterator[Stack]:
    """Yield the stacks of a pack that mean different things, each with the days on which it is in force. Raises PackError."""
    kept: list[Stack] = []
    for day, linked in stacks.periods(found):
        policy = linked.policy
        # Cases are proved nothing about; one that is decided with another version of the pack above may well not fit here.
        diagnostics = tuple(one for one in linked.diagnostics if one.span is None or "/cases/" not in one.span.file)
        errors = [one for one in diagnostics if one.severity == "error"]
        if policy is None or errors:
            raise PackError(errors, texts_of(linked.packs, linked.diagnostics))
        above, _ = check(linked.packs[:-1], day) if len(linked.packs) > 1 else (None, ())
        stack = Stack(linked.packs, policy, above, day, today, ((day, policy.valid_until),), diagnostics, limits, opinion)
        same = next((one for one in kept if one.means_the_same(stack)), None)
        if same is None:
            kept.append(stack)
        else:
            same.periods += stack.periods
    yield from kept
