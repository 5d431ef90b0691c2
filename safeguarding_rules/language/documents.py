"""Every document of a pack in one place: what a file may say, as pydantic models.

The models are the only definition of the formats; the JSON Schemas under `schemas/` are generated from them.
"""

from safeguarding_rules.language.actions import (
    MODALITIES,
    ActionDeclaration,
    ActionItem,
    ActionsFile,
    Actor,
    Modality,
    NamedAction,
    TimedAction,
)
from safeguarding_rules.language.cells import parse_cell
from safeguarding_rules.language.conditions_data import ConditionData, FactValue, TestData
from safeguarding_rules.language.expectations import Accepted, Case, CasesFile, Expectation, Invariant, InvariantsFile, Waiver
from safeguarding_rules.language.facts_file import FactDeclaration, FactsFile, Implication
from safeguarding_rules.language.manifest import Extends, Manifest, Outcome, Review, SignOff, Unsettled, VersionRange, version_key
from safeguarding_rules.language.register import RouteEntry, RoutesFile, Source, Statement, StatementsFile
from safeguarding_rules.language.rules_file import IfUnknown, Row, Rule, RulesFile, StandingEntry, Strengthening, Table
from safeguarding_rules.language.shapes import Document, InForce, PartInForce

DOCUMENTS: dict[str, type[Document]] = {
    "pack": Manifest,
    "facts": FactsFile,
    "actions": ActionsFile,
    "statements": StatementsFile,
    "routes": RoutesFile,
    "rules": RulesFile,
    "invariants": InvariantsFile,
    "cases": CasesFile,
}
"""The model of each kind of file: `pack.yaml` … `rules/*.yaml`, `cases/*.yaml`."""

__all__ = [
    "DOCUMENTS",
    "MODALITIES",
    "Accepted",
    "ActionDeclaration",
    "ActionItem",
    "ActionsFile",
    "Actor",
    "Case",
    "CasesFile",
    "ConditionData",
    "Document",
    "Expectation",
    "Extends",
    "FactDeclaration",
    "FactValue",
    "FactsFile",
    "IfUnknown",
    "Implication",
    "InForce",
    "Invariant",
    "InvariantsFile",
    "Manifest",
    "Modality",
    "NamedAction",
    "Outcome",
    "PartInForce",
    "Review",
    "RouteEntry",
    "RoutesFile",
    "Row",
    "Rule",
    "RulesFile",
    "SignOff",
    "Source",
    "StandingEntry",
    "Statement",
    "StatementsFile",
    "Strengthening",
    "Table",
    "TestData",
    "TimedAction",
    "Unsettled",
    "VersionRange",
    "Waiver",
    "parse_cell",
    "version_key",
]
