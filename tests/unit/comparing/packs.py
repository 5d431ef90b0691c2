"""A small pack to compare copies of: rules in, everything a pack needs around them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from safeguarding_rules import Engine, pack_from_data
from safeguarding_rules.comparing.compare import compare
from safeguarding_rules.comparing.sides import Stand
from safeguarding_rules.deciding.decide import Decider

if TYPE_CHECKING:
    from safeguarding_rules.comparing.document import DiffDocument

ON = date(2024, 1, 1)
SCALE = ("manage", "review", "refer", "police")
ADULT: dict[str, Any] = {"when": {"adult": True}, "outcome": "police", "actions": [{"must": "tell_police", "within": "same_day"}]}
YOUNG: dict[str, Any] = {"when": {"all": [{"image": True}, {"age": {"below": 13}}]}, "outcome": "refer"}
FACTS: dict[str, Any] = {
    "adult": {"type": "boolean"},
    "image": {"type": "boolean"},
    "age": {"type": "integer", "at_least": 0, "at_most": 20, "applies_when": {"image": True}},
    "origin": {"type": "choice", "values": {"made": "Made by a child", "found": "Found online", "drawn": "Drawn"}},
    "signs": {"type": "choices", "values": {"fear": "Fear", "gifts": "Gifts"}},
}


def pack(
    rules: dict[str, Any] | None = None,
    *,
    facts: dict[str, Any] | None = None,
    standing: list[dict[str, Any]] | None = None,
    scale: tuple[str, ...] = SCALE,
    more: dict[str, dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Write the files of a pack; `more` merges further keys into files."""
    named = {"adult-involved": ADULT, "young": YOUNG} if rules is None else rules
    entries = [{"because": "It follows.", "cite": ["S-1"]} | entry for entry in standing or []]
    ids = [f"standing/{_name(entry)}" for entry in entries]
    written: dict[str, Any] = {
        "pack.yaml": {
            "pack": "small",
            "version": "1",
            "title": "A small pack",
            "publisher": "Nobody",
            "layer": "national",
            "language": "1",
            "status": "draft",
            "in_force": {"from": "2024-01-01"},
            "outcomes": {name: {"title": name.title(), "meaning": f"What {name} means.", "because": "So.", "cite": ["S-1"]} for name in scale},
            "when_unsettled": {"outcome": scale[1], "because": "Not enough is known.", "cite": ["S-1"]},
        },
        "facts.yaml": {"facts": {name: {"question": f"Is {name} so?"} | declared for name, declared in (FACTS | (facts or {})).items() if declared}},
        "actions.yaml": {
            "actions": {
                "tell_police": {"title": "Tell the police", "meaning": "Tell them.", "by": "dsl", "protects": "do"},
                "tell_parents": {"title": "Tell the parents", "meaning": "Tell them.", "by": "dsl", "protects": "do"},
                "look": {"title": "Look at it", "meaning": "Look.", "by": "dsl", "protects": "refrain"},
            }
        },
        "rules/rules.yaml": {
            "rules": {name: {"title": f"Rule {name}", "because": "So.", "cite": ["S-1"]} | rule for name, rule in named.items()},
            **({"standing": entries} if entries else {}),
        },
        "statements.yaml": {
            "sources": {"guidance": {"title": "Guidance", "publisher": "A publisher", "in_force": {"from": "2024-01-01"}}},
            "statements": {
                "S-1": {
                    "source": "guidance",
                    "section": "1",
                    "binds": "DSL",
                    "text": "Something.",
                    "strength": "should",
                    "force": "advice",
                    "checked": "recalled",
                    "encoded_by": [*named, *ids, "when_unsettled", *(f"outcomes/{name}" for name in scale)],
                }
            },
        },
    }
    for file, keys in (more or {}).items():
        written[file] |= keys
    return written


def _name(entry: dict[str, Any]) -> str:
    kind = next(key for key in KINDS if key in entry)
    return kind if kind == "always" else f"{kind.removesuffix('_outcome').replace('_', '-')}-{entry[kind]}"


KINDS = ("always", "at_least", "when_outcome")


def stand(files: dict[str, Any], name: str = "small") -> Stand:
    """Link a pack as one side."""
    return Stand(name, Decider(Engine.from_packs([pack_from_data(files)], on=ON).program), ON)


def diff(old: dict[str, Any], new: dict[str, Any], most: int | None = None) -> DiffDocument:
    """Compare two packs."""
    return compare(stand(old, "old"), stand(new, "new"), most_regions=most)


def wheres(change: Any) -> list[list[str]]:
    """The conditions of every region of a change, in words."""
    return [[where.words for where in region.where] for region in change.regions]
