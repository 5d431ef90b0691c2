"""Findings for machines: JSON, and SARIF 2.1.0 for code-review tools.

In: findings. Out: text, the same bytes for the same findings. Columns count code points in both.
"""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from safeguarding_rules.diagnostics.codes import CODES
from safeguarding_rules.diagnostics.finding import Diagnostic, Span, in_order

_SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render_json(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the findings as a JSON list of objects with code, severity, title, message, help, span and related."""
    return json.dumps(as_data(diagnostics), indent=2, ensure_ascii=False)


def as_data(diagnostics: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """Return the findings as plain data, sorted, each once."""
    return [_plain(diagnostic) for diagnostic in in_order(diagnostics)]


def render_sarif(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the findings as a SARIF 2.1.0 log with one run."""
    found = in_order(diagnostics)
    codes = sorted({diagnostic.code for diagnostic in found})
    driver = {"name": "safeguarding-rules", "rules": [_rule(code) for code in codes]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": [_result(diagnostic, codes) for diagnostic in found]}
    return json.dumps({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


def _plain(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "title": _title(diagnostic.code),
        "message": diagnostic.message,
        "help": diagnostic.help,
        "span": _place(diagnostic.span),
        "related": [{"message": label, "span": _place(span)} for label, span in diagnostic.related],
    }


def _place(span: Span | None) -> dict[str, Any] | None:
    if span is None:
        return None
    if not span.line:
        return {"file": span.file, "line": None, "column": None, "end_line": None, "end_column": None}
    return {"file": span.file, "line": span.line, "column": span.column, "end_line": span.end_line, "end_column": span.end_column}


def _title(code: str) -> str:
    return CODES[code].title if code in CODES else code


def _rule(code: str) -> dict[str, Any]:
    rule: dict[str, Any] = {"id": code, "shortDescription": {"text": _title(code)}}
    if code in CODES:
        rule["fullDescription"] = {"text": CODES[code].explanation}
    return rule


def _result(diagnostic: Diagnostic, codes: list[str]) -> dict[str, Any]:
    text = diagnostic.message if diagnostic.help is None else f"{diagnostic.message}\n{diagnostic.help}"
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": codes.index(diagnostic.code),
        "level": diagnostic.severity,
        "message": {"text": text},
    }
    if diagnostic.span is not None:
        result["locations"] = [_location(diagnostic.span)]
    if diagnostic.related:
        result["relatedLocations"] = [
            {"id": number, "message": {"text": label}, **_location(span)} for number, (label, span) in enumerate(diagnostic.related)
        ]
    return result


def _location(span: Span) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(span.file.replace("\\", "/"))}}
    if span.line:
        place["region"] = {"startLine": span.line, "startColumn": span.column, "endLine": span.end_line, "endColumn": span.end_column}
    return {"physicalLocation": place}
