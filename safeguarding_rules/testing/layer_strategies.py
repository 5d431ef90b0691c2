"""Strategies for whole packs: valid ones, and layers over given packs that only strengthen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st

from safeguarding_rules.diagnostics import PackError
from safeguarding_rules.engine import Engine
from safeguarding_rules.linking.link import link
from safeguarding_rules.linking.policy import Policy
from safeguarding_rules.reading import Pack, pack_from_data
from safeguarding_rules.testing.case_walk import Draw
from safeguarding_rules.testing.pack_documents import NORMAL, Size, declare_facts, draw_implications, manifest, write_top
from safeguarding_rules.testing.pack_writer import Writer

_DO = {"extra_act_a": "dsl", "extra_act_b": "headteacher"}
_REFRAIN = {"extra_ban_a": "setting"}
_DOMAIN = 12


@st.composite
def packs(draw: Draw, size: Size = NORMAL) -> Pack:
    """Top packs that can be used: facts of every type, implications, definitions, rules, tables, standing duties, presumptions."""
    data, _ = write_top(draw, size)
    return _usable([], data)


def layers_over(pack: Pack | Sequence[Pack], size: Size = NORMAL) -> st.SearchStrategy[Pack]:
    """Layers that can stand under a pack (or a stack of packs, the top one first): own facts, own rules, and rules from above strengthened.

    A layer uses actions of its own, so that it never contradicts a duty from above.
    """
    above = [pack] if isinstance(pack, Pack) else list(pack)
    return st.deferred(lambda: _layers(above, size))


@st.composite
def _layers(draw: Draw, above: Sequence[Pack], size: Size) -> Pack:
    policy = _policy(above)
    writer = _writer(draw, policy)
    facts = declare_facts(writer, "extra_fact_", 0, 2, _DOMAIN)
    implications = draw_implications(writer, list(facts), 30)
    document = writer.rules_document(max(1, size.rules // 3))
    if strengthens := _strengthens(writer, policy):
        document["strengthens"] = strengthens
    head = manifest(writer.name, 1) | {"extends": {"pack": above[-1].id, "version": above[-1].version}, "in_force": _interval(above)}
    head["layer"] = "setting" if above[-1].manifest.layer != "national" else "local"
    families = (("do", _DO), ("refrain", _REFRAIN))
    actions = {
        name: {"title": name, "meaning": f"What {name} means.", "by": by, "protects": protects}
        for protects, family in families
        for name, by in family.items()
    }
    data: dict[str, Any] = {
        "pack.yaml": head,
        "actions.yaml": {"actions": actions},
        "rules/extra.yaml": document,
        "statements.yaml": writer.statements_document(),
    }
    if facts:
        data["facts.yaml"] = {"facts": facts} | ({"implications": implications} if implications else {})
    return _usable(above, data)


def _usable(above: Sequence[Pack], data: dict[str, Any]) -> Pack:
    """Return the pack of some data; what the language refuses, or what no case fits, is not drawn."""
    try:
        pack = pack_from_data({name: json.dumps(part, indent=0) for name, part in data.items()}, data["pack.yaml"]["pack"])
        engine = Engine.from_packs([*above, pack])
    except PackError:
        reject()
    space = engine.program.space
    if not space.start or not space.find(space.start):
        reject()
    return pack


def _policy(above: Sequence[Pack]) -> Policy:
    return link(list(above), max(pack.manifest.in_force.from_ for pack in above))


def _writer(draw: Draw, policy: Policy) -> Writer:
    visible: dict[str, dict[str, Any]] = {}
    thresholds: dict[str, list[int]] = {}
    for info in policy.facts:
        spec = info.spec
        if spec.type in ("choice", "choices") and len(spec.values) < 2:  # noqa: PLR2004  tests of such facts name two values
            continue
        if spec.type == "integer":
            if spec.high - spec.low < 3:  # noqa: PLR2004  room for two thresholds inside
                continue
            low = draw(st.integers(spec.low + 1, spec.high - 2))
            thresholds[spec.name] = [low, draw(st.integers(low + 1, spec.high - 1))]
        visible[spec.name] = {"type": spec.type, "values": list(spec.values)}
    scale = [outcome.name for outcome in policy.outcomes]
    return Writer(draw, "extra", 1, visible, thresholds, scale=scale, do=_DO, refrain=_REFRAIN)


def _strengthens(writer: Writer, policy: Policy) -> dict[str, Any]:
    found: dict[str, Any] = {}
    ranks = {rule.id: rule.outcome or 0 for rule in policy.rules}
    for name in writer.some(list(ranks), 0, 2):
        higher = writer.scale[ranks[name] + 1 :]
        raised = {"outcome": writer.pick(higher)} if higher and writer.chance(80) else {}
        found[name] = raised | writer.stronger_actions(0 if raised else 1) | {"because": "Here we do more.", "cite": writer.cite(name)}
    return found


def _interval(above: Sequence[Pack]) -> dict[str, str]:
    intervals = [pack.manifest.in_force for pack in above]
    start, ends = max(one.from_ for one in intervals), [one.until for one in intervals if one.until is not None]
    end = {"until": min(ends).isoformat()} if ends and min(ends) > start + timedelta(days=1) else {}
    return {"from": start.isoformat()} | end
