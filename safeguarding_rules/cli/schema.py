"""Print a JSON Schema (2020-12): of the facts of a case, of a file of a pack, or of what a command prints.

`schema facts PACK` is the schema of the facts of a case by that pack and the packs
above it. The other kinds take no pack: the files of a pack (`facts` for facts.yaml),
one `case` of a cases file, what commands print as JSON (`decision`, `proof`, `diff`,
`mutation`, `coverage`, `vignettes`, `replay`; of a case over time `case-standing`,
`case-step` and `case-missing`; of a journal `journal-head`, `journal-verification`, `journal-cases`,
`journal-entry`, `journal-packs`, `journal-erasure`, `journal-report`, `journal-keys` and
`journal-tables`), and the `record` of a decision.
"""

from __future__ import annotations

import argparse
from importlib import import_module

from safeguarding_rules.cli.arguments import add_places, day, places_for
from safeguarding_rules.cli.findings import refused, unusable
from safeguarding_rules.cli.terminal import DONE, say
from safeguarding_rules.deciding.facts_module import facts_module
from safeguarding_rules.deciding.schemas import decision_schema, document_schema, facts_schema
from safeguarding_rules.diagnostics import PackError, suggest
from safeguarding_rules.engine import now_in_london
from safeguarding_rules.language.documents import DOCUMENTS, Case
from safeguarding_rules.language.schemas import schema_of, schema_text
from safeguarding_rules.linking.policy import Policy
from safeguarding_rules.testing.stacks import policy_of

_PRINTED = {
    "record": ("safeguarding_rules.casework.record", "DecisionRecord", "RECORD"),
    "proof": ("safeguarding_rules.proving.claims", "Proof", "PROOF"),
    "diff": ("safeguarding_rules.comparing.document", "DiffDocument", "DIFF"),
    "mutation": ("safeguarding_rules.testing.printed", "MutationDocument", "MUTATION"),
    "coverage": ("safeguarding_rules.testing.printed", "CoverageDocument", "COVERAGE"),
    "vignettes": ("safeguarding_rules.testing.printed", "VignettesDocument", "VIGNETTES"),
    "replay": ("safeguarding_rules.casework.replay", "ReplayReport", "REPLAY"),
    "case-standing": ("safeguarding_rules.casework.printed", "CaseStanding", "STANDING"),
    "case-step": ("safeguarding_rules.casework.printed", "CaseStepDocument", "STEP"),
    "case-missing": ("safeguarding_rules.casework.printed", "CaseMissing", "MISSING"),
    "journal-head": ("safeguarding_rules.casework.printed", "JournalHead", "HEAD"),
    "journal-packs": ("safeguarding_rules.casework.printed", "JournalPacks", "KEPT"),
    "journal-erasure": ("safeguarding_rules.casework.printed", "JournalErasure", "ERASED"),
    "journal-keys": ("safeguarding_rules.casework.printed", "JournalKeys", "KEYS"),
    "journal-tables": ("safeguarding_rules.casework.printed", "JournalTables", "TABLES"),
    "journal-verification": ("safeguarding_rules.casework.printed", "JournalVerification", "VERIFICATION"),
    "journal-report": ("safeguarding_rules.casework.report", "JournalReport", "REPORT"),
    "journal-cases": ("safeguarding_rules.casework.printed", "JournalCases", "CASES"),
    "journal-entry": ("safeguarding_rules.casework.printed", "JournalLine", "ENTRY"),
}
"""Where the model and the title of what a command prints stand; imported only where they are asked for."""
KINDS = (*DOCUMENTS, "case", "decision", *_PRINTED)


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
        if kind != "facts":
            return refused(f"`schema {kind}` takes no pack", "only `schema facts` does")
        try:
            policy = policy_of(arguments.pack, arguments.on or now_in_london().date(), places_for(arguments.pack, arguments.path))
        except PackError as error:
            return unusable(error)
        say(_facts(policy, arguments.format))
        return DONE
    if arguments.format == "python":
        return refused("only the facts of a pack come as a Python module", "such as `schema facts kscmp --format python`")
    say(schema_text(_schema(kind)).rstrip("\n"))
    return DONE


def _schema(kind: str) -> dict[str, object]:
    if kind == "decision":
        return decision_schema()
    if kind in _PRINTED:
        return _printed(kind)
    return schema_of(DOCUMENTS.get(kind, Case), f"{kind} of a safeguarding-rules pack")


def _printed(kind: str) -> dict[str, object]:
    module, model, title = _PRINTED[kind]
    found = import_module(module)
    return document_schema(getattr(found, model), getattr(found, title))


def _facts(policy: Policy, form: str) -> str:
    return (facts_module(policy) if form == "python" else schema_text(facts_schema(policy))).rstrip("\n")
