"""Print a JSON Schema (2020-12): of the facts of a case, of a file of a pack, or of what a command prints.

`schema facts PACK` is the schema of the facts of a case by that pack and the packs
above it. The other kinds take no pack: the files of a pack (`facts` for facts.yaml),
one `case` of a cases file, what commands print as JSON (`decision`, `proof`, `diff`,
`mutation`, `coverage`, `vignettes`, `batch`, `impact`, `replay`; of a case over time `case-standing`,
`case-history`, `case-step` and `case-missing`; of a journal `journal-head`, `journal-verification`, `journal-cases`,
`journal-entry`, `journal-packs`, `journal-erasure`, `journal-report`, `journal-keys` and
`journal-tables`), and the `record` of a decision.
"""

from __future__ import annotations

import argparse
from importlib import import_module

from safeguarding_rules.cli.arguments import add_places, day, places_for
from safeguarding_rules.cli.batch import NEEDS
from safeguarding_rules.cli.findings import refused, unusable
from safeguarding_rules.cli.terminal import DONE, say
from safeguarding_rules.deciding.facts_module import facts_module
from safeguarding_rules.deciding.schemas import decision_schema, document_schema, facts_schema
from safeguarding_rules.diagnostics import PackError, suggest
from safeguarding_rules.engine import now_in_london
from safeguarding_rules.language.documents import DOCUMENTS, Case
from safeguarding_rules.language.schemas import schema_of, schema_text
from safeguarding_rules.testing.stacks import policy_of

_ENTRY = "an entry of a journal of safeguarding-rules; `journal show` prints one a line"
PRINTED = {
    "record": ("safeguarding_rules.casework.record", "DecisionRecord", "decision record of safeguarding-rules"),
    "proof": ("safeguarding_rules.proving.claims", "Proof", "proof of policy packs by safeguarding-rules"),
    "diff": ("safeguarding_rules.comparing.document", "DiffDocument", "difference of two policies by safeguarding-rules"),
    "mutation": ("safeguarding_rules.testing.printed", "MutationDocument", "mutation of policy packs by safeguarding-rules"),
    "coverage": ("safeguarding_rules.testing.printed", "CoverageDocument", "coverage of policy packs by safeguarding-rules"),
    "vignettes": ("safeguarding_rules.testing.printed", "VignettesDocument", "answers to vignettes by safeguarding-rules"),
    "replay": ("safeguarding_rules.casework.replay", "ReplayReport", "replay of decision records of safeguarding-rules"),
    "case-standing": ("safeguarding_rules.casework.printed", "CaseStanding", "where a live case stands, by safeguarding-rules"),
    "case-history": (
        "safeguarding_rules.casework.printed",
        "CaseHistory",
        "what was written down of a live case, in that order, by safeguarding-rules",
    ),
    "case-step": ("safeguarding_rules.casework.printed", "CaseStepDocument", "what an event of a live case brought, by safeguarding-rules"),
    "case-missing": ("safeguarding_rules.casework.printed", "CaseMissing", "what a live case lacks before it can be closed, by safeguarding-rules"),
    "journal-head": ("safeguarding_rules.casework.printed", "JournalHead", "the head of a journal of safeguarding-rules, to keep elsewhere"),
    "journal-packs": ("safeguarding_rules.casework.printed", "JournalPacks", "the packs that a journal of safeguarding-rules keeps from now on"),
    "journal-erasure": ("safeguarding_rules.casework.printed", "JournalErasure", "what an erasure in a journal of safeguarding-rules did"),
    "journal-keys": ("safeguarding_rules.casework.printed", "JournalKeys", "a pair of keys for journals of safeguarding-rules"),
    "journal-tables": ("safeguarding_rules.casework.printed", "JournalTables", "the tables of a journal of safeguarding-rules"),
    "journal-verification": ("safeguarding_rules.casework.printed", "JournalVerification", "verification of a journal by safeguarding-rules"),
    "journal-report": ("safeguarding_rules.casework.report", "JournalReport", "report of a journal of safeguarding-rules"),
    "journal-cases": ("safeguarding_rules.casework.printed", "JournalCases", "the cases of a journal of safeguarding-rules"),
    "journal-entry": (
        "safeguarding_rules.casework.printed",
        "JournalLine",
        _ENTRY,
    ),
    "batch": ("safeguarding_rules.tabular.batch", "BatchReport", "counts of a batch of safeguarding-rules"),
    "impact": ("safeguarding_rules.tabular.impact_document", "ImpactDocument", "impact of a policy change by safeguarding-rules"),
}
"""What commands print: where its model stands, which is imported only where it is asked for, and the title of its schema."""
KINDS = (*DOCUMENTS, "case", "decision", *PRINTED)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("kind", metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("pack", metavar="PACK", nargs="?", help="for `facts`: the pack whose facts of a case are meant")
    parser.add_argument("--on", type=day, metavar="DATE", help="what is in force on this day (default: today)")
    parser.add_argument("--format", choices=("json", "python"), default="json", help="json (default); python for `facts PACK`: a typed module")
    add_places(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    kind = arguments.kind
    if kind not in KINDS:
        return refused(f"there is no schema `{kind}`", suggest(kind, KINDS) or f"there are {', '.join(KINDS)}")
    if arguments.pack is not None:
        return _print_facts(arguments) if kind == "facts" else refused(f"`schema {kind}` takes no pack", "only `schema facts` does")
    if arguments.format == "python":
        return refused("only the facts of a pack come as a Python module", "such as `schema facts kscmp --format python`")
    try:
        schema = schema_for(kind)
    except ImportError:
        return refused(*NEEDS)  # numbers of tables are counted where tables are read
    say(schema_text(schema).rstrip("\n"))
    return DONE


def schema_for(kind: str) -> dict[str, object]:
    """Return the schema of one of KINDS. Raises ImportError where an extra is missing."""
    if kind == "decision":
        return decision_schema()
    if kind not in PRINTED:
        return schema_of(DOCUMENTS.get(kind, Case), f"{kind} of a safeguarding-rules pack")
    module, model, title = PRINTED[kind]
    return document_schema(getattr(import_module(module), model), title)


def _print_facts(arguments: argparse.Namespace) -> int:
    try:
        policy = policy_of(arguments.pack, arguments.on or now_in_london().date(), places_for(arguments.pack, arguments.path))
    except PackError as error:
        return unusable(error)
    say((facts_module(policy) if arguments.format == "python" else schema_text(facts_schema(policy))).rstrip("\n"))
    return DONE
