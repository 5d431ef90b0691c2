"""Decide one case: facts in, the decision with reasons, duties and open questions out.

The facts are a YAML or JSON file of `fact: value`; what is not known is left
out. `safeguarding-rules schema facts PACK` lists the facts of a pack.
"""

from __future__ import annotations

import argparse
import sys

from safeguarding_rules.cli.arguments import add_pack, add_places, day, moment, places_for
from safeguarding_rules.cli.facts_file import read_facts
from safeguarding_rules.cli.findings import unusable
from safeguarding_rules.cli.terminal import DONE, say
from safeguarding_rules.diagnostics import FactsError, PackError
from safeguarding_rules.engine import Engine


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    add_pack(parser)
    parser.add_argument("--facts", required=True, metavar="FILE", help="what is known of the case, YAML or JSON; `-` reads standard input")
    parser.add_argument("--on", type=day, metavar="DATE", help="decide by what is in force on this day (default: today)")
    parser.add_argument("--known", type=moment, metavar="TIME", help="when the setting came to know (2026-11-22T09:30): deadlines get their time")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text to read (default), or json for programs")
    parser.add_argument("--register", choices=("short", "full", "audit"), default="short", help="how much the text says (default: short)")
    add_places(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    clocks = {} if arguments.known is None else {"known": arguments.known}
    try:
        given = read_facts(arguments.facts, sys.stdin)
        engine = Engine.load(arguments.pack, on=arguments.on, paths=places_for(arguments.pack, arguments.path), cache=True)
    except (PackError, FactsError) as error:
        return unusable(error)
    if given.problems:
        return unusable(given.placed(engine.problems))
    try:
        decision = engine.decide(given.facts, clocks=clocks)
    except PackError as error:
        return unusable(error)
    except FactsError:
        return unusable(given.placed(engine.problems))
    if arguments.format == "json":
        say(decision.model_dump_json(indent=2))
        return DONE
    explanation = engine.explain(decision)
    registers = {"short": explanation.short, "full": explanation.full, "audit": explanation.audit}
    say(registers[arguments.register]().rstrip("\n"))
    return DONE
