"""Packs for unit tests from as little as matters: what every pack needs besides is filled in, the register of statements too."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from safeguarding_rules.engine import Engine
from safeguarding_rules.linking.link import check
from safeguarding_rules.reading import Pack, pack_from_data

SCALE = ["manage", "review", "refer", "police"]
Data = dict[str, Any]
YES_NO: Data = {"type": "boolean"}
NUMBER: Data = {"type": "integer", "at_least": 0, "at_most": 20}


def pack(  # noqa: PLR0913
    rules: Mapping[str, Data] | None = None,
    *,
    name: str = "top",
    above: str | None = None,
    facts: Mapping[str, Any] | str | None = None,
    implications: Sequence[tuple[Any, Any]] = (),
    actions: Mapping[str, Data] | str = "",
    routes: Mapping[str, Any] | None = None,
    standing: Sequence[Data] = (),
    tables: Mapping[str, Data] | None = None,
    strengthens: Mapping[str, Data] | None = None,
    definitions: Mapping[str, Any] | None = None,
    unsettled: Data | None = None,
    statements: Mapping[str, Data] | None = None,
    sources: Data | None = None,
    **manifest: Any,
) -> Data:
    """Build a pack as plain data.

    Facts and actions may be named in one text (`"a b"`: booleans; protecting actions of the dsl). Every rule cites `TOP-<name>`, the pack's other
    parts `TOP-0`, unless they say what they `cite`; `statements` adds to what the register says of a statement.
    """
    prefix = name.upper()
    register: dict[str, Data] = {}

    def cited(reference: str, part: Data, statement: str = "0") -> Data:
        part = {"because": f"{reference} is so.", "cite": [f"{prefix}-{statement}"]} | part
        for one in part["cite"]:
            register.setdefault(one, {"encoded_by": []})["encoded_by"].append(reference)
        return part

    document: Data = {
        "definitions": dict(definitions or {}),
        "rules": {rule: cited(rule, {"title": rule} | dict(data), rule.replace("_", ".")) for rule, data in (rules or {}).items()},
        "standing": [cited(f"standing/{_standing_name(entry)}", dict(entry)) for entry in standing],
        "strengthens": {rule: cited(rule, dict(data), rule.replace("/", ".").replace("_", ".")) for rule, data in (strengthens or {}).items()},
        "tables": {
            table: dict(data) | {"rows": [cited(f"{table}/{row['row']}", dict(row)) for row in data["rows"]]}
            for table, data in (tables or {}).items()
        },
    }
    head: Data = {"pack": name, "version": "1", "title": name, "publisher": "Nobody", "layer": "local" if above else "national"}
    head |= {"language": "1", "status": "draft", "in_force": {"from": "2024-01-01"}}
    if above:
        head["extends"] = {"pack": above}
    else:
        head["outcomes"] = {outcome: cited(f"outcomes/{outcome}", {"title": outcome, "meaning": outcome}) for outcome in SCALE}
    if unsettled or not above:
        head["when_unsettled"] = cited("when_unsettled", {"outcome": "review"} | (unsettled or {}))
    declared: Data = dict.fromkeys(facts.split(), YES_NO) if isinstance(facts, str) else dict(facts or {})
    acts: Data = {action: {} for action in actions.split()} if isinstance(actions, str) else dict(actions)
    base = {"source": "guidance", "section": "1", "binds": "DSL", "text": "So it is.", "strength": "should", "force": "advice", "checked": "seen"}
    for statement, more in (statements or {}).items():
        register.setdefault(statement, {"not_computable": "Nothing encodes it."}).update(more)
    return {
        "pack.yaml": head | manifest,
        "facts.yaml": {
            "facts": {fact: {"question": f"Is {fact} so?"} | data for fact, data in declared.items()},
            "implications": [{"if": one, "then": other, "because": "It follows."} for one, other in implications],
        },
        "actions.yaml": {"actions": {act: {"title": act, "meaning": act, "by": "dsl", "protects": "do"} | data for act, data in acts.items()}},
        "routes.yaml": {"routes": dict(routes or {})},
        "statements.yaml": {
            "sources": {"guidance": {"title": f"Guidance of {name}", "publisher": "Nobody"} | (sources or {})},
            "statements": {statement: base | data for statement, data in register.items()},
        },
        "rules/rules.yaml": {key: value for key, value in document.items() if value},
    }


def _standing_name(entry: Data) -> str:
    if "id" in entry:
        return str(entry["id"])
    return f"at-least-{entry['at_least']}" if "at_least" in entry else "always" if "always" in entry else f"when-{entry['when_outcome']}"


def read(*stack: Data) -> list[Pack]:
    """Read packs of plain data; a pack's files are written as JSON, which YAML reads too."""
    return [pack_from_data({file: json.dumps(data, indent=0) for file, data in one.items()}, one["pack.yaml"]["pack"]) for one in stack]


def engine(*stack: Data, on: str | None = None) -> Engine:
    """Load a stack, the top pack first."""
    return Engine.from_packs(read(*stack), on=date.fromisoformat(on) if on else None)


def codes(*stack: Data, on: str | None = None, thorough: bool = False) -> list[str]:
    """List the codes of what linking a stack finds."""
    return [found.code for found in check(read(*stack), date.fromisoformat(on) if on else None, thorough=thorough)[1]]


def write(place: Path, *packs: Data) -> None:
    """Write packs into `<place>/<id>/<version>`, with a lock where their status needs one."""
    for data in packs:
        folder = place / data["pack.yaml"]["pack"] / data["pack.yaml"]["version"]
        lines = []
        for file, content in sorted(data.items()):
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            written = json.dumps(content, indent=0).encode()
            (folder / file).write_bytes(written)
            lines.append(f"{hashlib.sha256(written).hexdigest()}  {file}\n")
        if data["pack.yaml"]["status"] != "draft":
            (folder / "pack.lock").write_text("".join(lines))
