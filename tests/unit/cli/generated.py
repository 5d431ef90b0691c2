"""Writes what is generated from decisions and shipped packs: `python -m tests.unit.cli.generated`.

The schemas of the files of a pack are written by `safeguarding_rules.language.schemas`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from safeguarding_rules.cli.schema import PRINTED, schema_for
from safeguarding_rules.deciding.facts_module import facts_module
from safeguarding_rules.deciding.schemas import facts_schema
from safeguarding_rules.language.schemas import schema_text
from safeguarding_rules.linking.link import link
from safeguarding_rules.linking.policy import Policy
from safeguarding_rules.testing.stacks import Stacks

ROOT = Path(__file__).parents[3]


@cache
def shipped() -> tuple[tuple[Policy, ...], ...]:
    """Return, for each shipped pack, its stacks: on its first day, and on all days on which the packs above it change."""
    stacks = Stacks([ROOT / "policy_packs"])
    found, failed = stacks.targets()
    assert not failed
    return tuple(tuple(link(stacks.stack(one, day), day) for day in stacks.edges(one)) for one in found)


def generated() -> Iterator[tuple[Path, str]]:
    """Yield each file and its text."""
    for kind in ("decision", "case", *PRINTED):
        yield ROOT / "schemas" / f"{kind}.schema.json", schema_text(schema_for(kind))
    for policy, *_ in shipped():
        pack = policy.packs[-1]
        yield ROOT / "schemas" / f"facts-{pack.id}-{pack.version}.schema.json", schema_text(facts_schema(policy))
        module = f"{pack.id}_{pack.version}".replace("-", "_").replace(".", "_")
        yield ROOT / "safeguarding_rules" / "facts" / f"{module}.py", facts_module(policy)


if __name__ == "__main__":
    for path, text in generated():
        path.write_text(text, encoding="utf-8", newline="\n")
