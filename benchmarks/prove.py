"""How long proving takes, and what it catches: `python -m benchmarks.prove [--few]`.

Times are of the clock on the wall, for a time limit is one; the machine's other work shows in them. Weakenings and strengthenings of the Kent
layer are seeded: `tests/unit/proving/seeds.py` changes the linked Policy itself, past the checks that refuse most of them when a pack is linked.
"""

from __future__ import annotations

import random
import sys
import time
from datetime import date
from pathlib import Path

from benchmarks.figures import Figure, show
from benchmarks.packs import FACTS, OUTCOMES, generated
from safeguarding_rules.linking.link import check
from safeguarding_rules.proving.claims import Claim, Proof
from safeguarding_rules.proving.opinion import broken_by
from safeguarding_rules.proving.run import deadline, prove
from safeguarding_rules.proving.search import Limits
from safeguarding_rules.proving.work import Stack
from safeguarding_rules.reading import pack_from_data
from safeguarding_rules.testing.stacks import Stacks
from tests.unit.proving.seeds import caught, strengthened, weakened

TODAY = date(2026, 11, 22)
LIMIT = 115.0
SEEDS = 100


def main() -> None:
    """Measure and print."""
    few = "--few" in sys.argv
    show("Everything on the kscmp stack", kscmp(), "the whole")
    show("A generated pack of 1,000 rules, two jobs", large(200 if few else 1000), "the whole")
    show("Seeded changes of the Kent layer", seeded(10 if few else SEEDS), "all")


def kscmp() -> list[Figure]:
    """Measure the Kent stack of today, reading and linking included."""
    start = time.perf_counter()
    stacks = Stacks([Path("policy_packs/kscmp/2024.9")])
    ((found,), _) = stacks.targets()
    linked = stacks.linked(found, TODAY)
    assert linked.policy is not None  # noqa: S101
    above, _ = check(linked.packs[:-1], TODAY)
    stack = Stack(linked.packs, linked.policy, above, TODAY, TODAY, diagnostics=linked.diagnostics)
    read = time.perf_counter() - start
    proof = prove([stack], jobs=2)
    whole = time.perf_counter() - start
    slowest = max(proof.stacks[0].claims, key=lambda claim: claim.seconds)
    return [
        Figure("the whole, two jobs", whole, "s", whole, 10.0, counted(proof)),
        Figure("reading and linking of that", read, "s", whole),
        Figure("the slowest claim", slowest.seconds, "s", whole, note=slowest.name),
        opinions(stack, proof, whole),
    ]


def opinions(stack: Stack, proof: Proof, base: float) -> Figure:
    """Ask z3 about every invariant that speaks of complete cases, and count where it agrees."""
    claims = {claim.name: claim for claim in proof.stacks[0].claims}
    asked = [(claims[name], invariant) for _, name, invariant in stack.invariants if name in claims and invariant.while_unknown is None]
    start = time.perf_counter()
    agree = sum(broken_by(stack, invariant) is (claim.state == "refuted") for claim, invariant in asked)
    return Figure("a second opinion by z3", time.perf_counter() - start, "s", base, note=f"agrees on {agree} of {len(asked)} invariants")


def large(rules: int) -> list[Figure]:
    """Measure a generated pack with invariants of every form."""
    files = generated(rules)
    files["invariants.yaml"] = invariants(rules)
    pack = pack_from_data(files)
    start = time.perf_counter()
    policy, found = check([pack], TODAY, thorough=True)
    assert policy is not None, found[:3]  # noqa: S101
    linked = time.perf_counter() - start
    stack = Stack([pack], policy, None, TODAY, TODAY, diagnostics=found, limits=Limits(until=deadline(LIMIT)))
    proof = prove([stack], jobs=2)
    whole = time.perf_counter() - start
    parts = sum(claim.parts for claim in proof.stacks[0].claims)
    left = [name for claim in proof.stacks[0].claims for name in undecided(claim)]
    slowest = max(proof.stacks[0].claims, key=lambda claim: claim.seconds)
    print("not decided:", ", ".join(left) or "nothing")
    return [
        Figure("the whole", whole, "s", whole, 120.0, counted(proof)),
        Figure("linking of that", linked, "s", whole),
        Figure("decided", 100 * (1 - len(left) / parts), "%", None, 95.0, f"of {parts} claims, each rule and fact counted as one"),
        Figure("the slowest claim, of all its shares", slowest.seconds, "s", whole, note=slowest.name),
        opinions(stack, proof, whole),
    ]


def invariants(rules: int) -> str:
    """Invariants of every form for a generated pack: some hold, some do not."""
    chance = random.Random(7)
    lines = ["invariants:"]
    lines += [f"  can-{name}: {{reachable: {name}}}" for name in OUTCOMES]
    for i in range(rules // 20):
        one, two = chance.sample([f for f in range(1, FACTS) if f % 10 not in {5, 9}], 2)
        outcome, action = chance.choice(OUTCOMES[1:]), f"action_{chance.randrange(30)}"
        lines.append(
            f"  whenever-{i}: {{whenever: {{all: [{{fact_{one}: true}}, {{fact_{two}: true}}]}}, outcome_at_least: {outcome}, must: [{action}]}}"
        )
        lines.append(f"  never-{i}: {{whenever: {{fact_{two}: true}}, never: [{{may: {action}}}], outcome_at_most: {outcome}}}")
    for fact in range(0, FACTS, 3):
        lines.append(f"  unknown-{fact}: {{while_unknown: [fact_{fact}], outcome_at_least: review}}")
        lines.append(f"  matter-{fact}: {{must_not_matter: [fact_{fact}], except_for: [action_1]}}")
    return "\n".join(lines) + "\n"


def undecided(claim: Claim) -> list[str]:
    """The names of what a claim leaves undecided."""
    return list(claim.undecided) or ([claim.name] if claim.state == "undecided" else [])


def counted(proof: Proof) -> str:
    """How many claims came out how."""
    states = [claim.state for stack in proof.stacks for claim in stack.claims]
    return ", ".join(f"{states.count(state)} {state}" for state in ("proved", "refuted", "undecided"))


def seeded(number: int) -> list[Figure]:
    """Weaken and strengthen the Kent layer, and count what is caught and what is called weaker though it is not."""
    start = time.perf_counter()
    found = sum(caught(stack) for stack in weakened(number))
    half = time.perf_counter()
    false = sum(caught(stack) for stack in strengthened(number))
    end = time.perf_counter()
    return [
        Figure("weakenings caught", found, "", None, number, f"{(half - start) / number:.2f} s each"),
        Figure("strengthenings called weaker", false, "", None, None, f"of {number}; {(end - half) / number:.2f} s each"),
    ]


if __name__ == "__main__":
    main()
