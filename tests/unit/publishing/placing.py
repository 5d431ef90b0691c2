"""Views of packs of plain data, and of the shipped ones."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from safeguarding_rules.deciding.decide import Decider
from safeguarding_rules.deciding.program import compile_policy
from safeguarding_rules.linking.link import link
from safeguarding_rules.publishing.document.pack import PackView
from safeguarding_rules.publishing.shelf import Placed, views_of, with_those_above
from safeguarding_rules.publishing.site import Published, site_of
from safeguarding_rules.reading import Registry
from tests.unit.making import Data, pack, read

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 11, 22)


def placed(*stack: Data) -> Placed:
    packs = tuple(read(*stack))
    on = date(2025, 1, 1)
    return Placed(packs, Decider(compile_policy(link(packs, on))), on)


def view(*stack: Data) -> PackView:
    return next(iter(list(views_of([placed(*stack)]))))


def site(*stacks: tuple[Data, ...]) -> dict[str, bytes]:
    return dict(site_of([Published(one) for one in views_of(with_those_above([placed(*stack) for stack in stacks]))]))


@lru_cache(maxsize=1)
def shipped_placed() -> list[Placed]:
    registry = Registry([ROOT / "policy_packs"], shipped=False, installed=False)
    found = []
    for one in registry.all_found():
        end = one.manifest.in_force.until
        on = TODAY if end is None else end - timedelta(days=1)
        packs = tuple(registry.load(layer) for layer in registry.stack(one, on))
        found.append(Placed(packs, Decider(compile_policy(link(packs, on))), on))
    return with_those_above(found)


@lru_cache(maxsize=1)
def shipped() -> list[PackView]:
    return list(views_of(shipped_placed()))


@lru_cache(maxsize=1)
def shipped_site() -> dict[str, bytes]:
    """The site of the latest versions."""
    latest = [one for one in shipped_placed() if one.packs[-1].version in {"2024.3", "2024.9"}]
    return dict(site_of([Published(one) for one in views_of(latest)]))


def everything(text: str) -> Data:
    """A pack with every kind of part, which says a text wherever it can."""
    data = pack(
        {
            "a": {
                "title": text,
                "when": {"x": True},
                "outcome": "refer",
                "because": text,
                "note": text,
                "actions": [{"must": "call", "note": text, "until": text}],
            }
        },
        facts={
            "x": {"type": "boolean", "question": text, "help": text, "group": "g"},
            "c": {"type": "choice", "values": {"v": text}, "question": text},
        },
        actions={"call": {"title": text, "meaning": text}},
        routes={
            "r": [
                {"otherwise": True, "name": text, "phone": text, "hours": text, "note": text, "web": "https://example.org/\"onmouseover='alert(1)'"}
            ]
        },
        statements={"TOP-0": {"text": text, "section": text, "binds": text}, "TOP-9": {"text": text, "not_computable": text, "note": text}},
        sources={"title": text, "publisher": text, "note": text},
        tables={"t": {"title": text, "facts": ["c"], "rows": [{"row": "one", "c": "v", "outcome": "review", "title": text, "because": text}]}},
        standing=[{"always": True, "because": text, "actions": [{"should": "call"}]}],
        title=text,
        publisher=text,
        jurisdiction=text,
        notes=text,
        licence=text,
        sign_off={"by": text},
    )
    data["invariants.yaml"] = {"invariants": {"i": {"reachable": "manage", "because": text}}}
    data["cases/c.yaml"] = {
        "cases": {"one": {"title": text, "facts": {"x": True}, "expect": {"outcome": "refer"}, "follows_from": ["TOP-a"], "note": text}}
    }
    return data
