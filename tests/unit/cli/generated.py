"""Writes what is generated from decisions and shipped packs: `python -m tests.unit.cli.generated`.

The schemas of the files of a pack are written by `safeguarding_rules.language.schemas`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pydantic import BaseModel

from safeguarding_rules.casework.printed import (
    CASES,
    ENTRY,
    ERASED,
    HEAD,
    KEPT,
    KEYS,
    MISSING,
    STANDING,
    STEP,
    TABLES,
    VERIFICATION,
    CaseMissing,
    CaseStanding,
    CaseStepDocument,
    JournalCases,
    JournalErasure,
    JournalHead,
    JournalKeys,
    JournalLine,
    JournalPacks,
    JournalTables,
    JournalVerification,
)
from safeguarding_rules.casework.record import RECORD, DecisionRecord
from safeguarding_rules.casework.replay import REPLAY, ReplayReport
from safeguarding_rules.casework.report import REPORT, JournalReport
from safeguarding_rules.comparing.document import DIFF, DiffDocument
from safeguarding_rules.deciding.facts_module import facts_module
from safeguarding_rules.deciding.schemas import decision_schema, document_schema, facts_schema
from safeguarding_rules.language.documents import Case
from safeguarding_rules.language.schemas import schema_of, schema_text
from safeguarding_rules.linking.link import link
from safeguarding_rules.linking.policy import Policy
from safeguarding_rules.proving.claims import PROOF, Proof
from safeguarding_rules.tabular.batch import BatchReport
from safeguarding_rules.tabular.impact_document import ImpactDocument
from safeguarding_rules.testing.printed import COVERAGE, MUTATION, VIGNETTES, CoverageDocument, MutationDocument, VignettesDocument
from safeguarding_rules.testing.stacks import Stacks

ROOT = Path(__file__).parents[3]
PRINTED: tuple[tuple[str, type[BaseModel], str], ...] = (
    ("proof", Proof, PROOF),
    ("diff", DiffDocument, DIFF),
    ("mutation", MutationDocument, MUTATION),
    ("coverage", CoverageDocument, COVERAGE),
    ("vignettes", VignettesDocument, VIGNETTES),
    ("record", DecisionRecord, RECORD),
    ("replay", ReplayReport, REPLAY),
    ("case-standing", CaseStanding, STANDING),
    ("case-step", CaseStepDocument, STEP),
    ("case-missing", CaseMissing, MISSING),
    ("journal-head", JournalHead, HEAD),
    ("journal-packs", JournalPacks, KEPT),
    ("journal-erasure", JournalErasure, ERASED),
    ("journal-keys", JournalKeys, KEYS),
    ("journal-tables", JournalTables, TABLES),
    ("journal-verification", JournalVerification, VERIFICATION),
    ("journal-report", JournalReport, REPORT),
    ("journal-cases", JournalCases, CASES),
    ("journal-entry", JournalLine, ENTRY),
)


@cache
def shipped() -> tuple[tuple[Policy, ...], ...]:
    """Return, for each shipped pack, its stacks: on its first day, and on all days on which the packs above it change."""
    stacks = Stacks([ROOT / "policy_packs"])
    found, failed = stacks.targets()
    assert not failed
    return tuple(tuple(link(stacks.stack(one, day), day) for day in stacks.edges(one)) for one in found)


def generated() -> Iterator[tuple[Path, str]]:
    """Yield each file and its text."""
    yield ROOT / "schemas" / "decision.schema.json", schema_text(decision_schema())
    yield ROOT / "schemas" / "case.schema.json", schema_text(schema_of(Case, "case of a safeguarding-rules pack"))
    yield ROOT / "schemas" / "batch.schema.json", schema_text(document_schema(BatchReport, "counts of a batch of safeguarding-rules"))
    yield ROOT / "schemas" / "impact.schema.json", schema_text(document_schema(ImpactDocument, "impact of a policy change by safeguarding-rules"))
    for name, model, title in PRINTED:
        yield ROOT / "schemas" / f"{name}.schema.json", schema_text(document_schema(model, title))
    for policy, *_ in shipped():
        pack = policy.packs[-1]
        yield ROOT / "schemas" / f"facts-{pack.id}-{pack.version}.schema.json", schema_text(facts_schema(policy))
        module = f"{pack.id}_{pack.version}".replace("-", "_").replace(".", "_")
        yield ROOT / "safeguarding_rules" / "facts" / f"{module}.py", facts_module(policy)


if __name__ == "__main__":
    for path, text in generated():
        path.write_text(text, encoding="utf-8", newline="\n")
