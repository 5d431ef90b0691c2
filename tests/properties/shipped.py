"""The shipped packs as plain data, read without the package, and random consistent facts for them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

if TYPE_CHECKING:
    from tests.reference.stack import Pack, Stack

ROOT = Path(__file__).parents[2] / "policy_packs"
STACKS = {
    "ukcis 2020.12": ["ukcis/2020.12"],
    "ukcis 2024.3": ["ukcis/2024.3"],
    "kscmp 2023.4 on ukcis 2020.12": ["ukcis/2020.12", "kscmp/2023.4"],
    "kscmp 2024.9 on ukcis 2024.3": ["ukcis/2024.3", "kscmp/2024.9"],
}
MODALITIES = ("must_not", "should_not", "must", "should", "may")


def available() -> dict[str, list[Path]]:
    """List the stacks whose packs are all there."""
    found = {name: [ROOT / path for path in paths] for name, paths in STACKS.items()}
    return {name: paths for name, paths in found.items() if all((path / "pack.yaml").exists() for path in paths)}


def read_stack(paths: list[Path]) -> Stack:
    """Read the packs of a stack."""
    return [read_pack(path) for path in paths]


def read_pack(folder: Path) -> Pack:
    """Read the files that carry meaning; a CSV table becomes the YAML table it stands for."""
    yaml = YAML(typ="safe", pure=True)
    pack: dict[str, Any] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".yaml" and not name.startswith("cases/"):
            pack[name] = yaml.load(path.read_text(encoding="utf-8")) or {}
        elif path.suffix == ".csv":
            pack[name] = {"tables": {path.stem: read_table(path.read_text(encoding="utf-8-sig"))}}
    return pack


def read_table(text: str) -> dict[str, Any]:
    """Read a decision table as a spreadsheet writes it."""
    delimiter = ";" if text.splitlines()[0].count(";") > text.splitlines()[0].count(",") else ","
    lines = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
    known = {"row", "outcome", "actions", "because", "cite", "title"}
    rows = []
    for line in lines:
        row: dict[str, Any] = {key: value for key, value in line.items() if key not in {"outcome", "actions"}}
        if line.get("outcome", "").strip():
            row["outcome"] = line["outcome"].strip()
        items = [item.strip() for item in (line.get("actions") or "").replace("|", ";").split(";")]
        row["actions"] = [read_item(item) for item in items if item and item != "-"]
        rows.append(row)
    return {"facts": [name for name in lines[0] if name not in known], "rows": rows}


def read_item(text: str) -> dict[str, str]:
    """Read `must refer_to_police by dsl within immediately`; deadlines carry no meaning here."""
    modality, action, *rest = text.split()
    return {modality: action} | ({"by": rest[rest.index("by") + 1]} if "by" in rest else {})
