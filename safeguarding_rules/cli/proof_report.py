"""A proof as text that a policy officer can read."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from safeguarding_rules.cli.terminal import WIDTH, counted
from safeguarding_rules.proving.claims import Claim, Idle, Proof, StackProof, Witness

_FEW = 3
_KINDS = {
    "invariant": "invariant",
    "guarantee": "guarantee",
    "layer": "layer guarantee",
    "conflicts": "search for duties in conflict",
    "rules": "search for idle rules",
    "facts": "search for idle facts",
    "tables": "search for gaps in tables",
}
_MANY = ("invariant", "guarantee", "layer")
_MARKS = {"proved": "proved", "refuted": "REFUTED", "undecided": "UNDECIDED"}


def report(proof: Proof, *, verbose: bool = False) -> str:
    """The whole text."""
    told: dict[str, str] = {}
    parts = ["\n".join(_stack(stack, told, verbose=verbose)) for stack in proof.stacks]
    return "\n\n".join([*parts, *("\n".join(_idle(one)) for one in proof.idle)])


def _stack(stack: StackProof, told: dict[str, str], *, verbose: bool) -> Iterator[str]:
    """Yield the lines of one stack; `told`: what was said of claims of the stacks before, which is not said again."""
    yield stack.name
    yield "  in force " + "; ".join(f"from {start}" + (f" until {end}" if end is not None else "") for start, end in stack.periods)
    undecided = [claim for claim in stack.claims if claim.state == "undecided" and claim.waived is None]
    left = [] if verbose else undecided[_FEW:]
    for claim in (claim for claim in stack.claims if claim not in left):
        if claim.state != "proved" or claim.waived is not None:
            lines = list(claim_lines(claim))
            if told.get(claim.name) == "\n".join(lines):
                yield f"  {_mark(claim)}: {claim.name} ({claim.pack}), as above"
                continue
            told[claim.name] = "\n".join(lines)
            yield from lines
        elif verbose:
            yield from _wrapped(f"  proved: {claim.name}: {claim.claims} ({claim.how})", "    ")
        if claim.state == "proved" and claim.kind == "invariant" and claim.reason and told.get(claim.name) != claim.reason:
            told[claim.name] = claim.reason
            yield from _wrapped(f"  note: {claim.name} ({claim.pack}) is proved, but {claim.reason}", "    ")
        if claim.findings:
            yield from _findings(claim, verbose=verbose)
    if left:
        yield ""
        yield from _wrapped(f"  UNDECIDED: {len(left)} more: {_by_kind(left)}; `--verbose` lists them, and so does `--format json`", "    ")
    yield _summary(stack)


def _by_kind(claims: Sequence[Claim]) -> str:
    """How many claims there are of each kind, and how the first are called."""
    parts = []
    for kind, what in _KINDS.items():
        names = [claim.name for claim in claims if claim.kind == kind]
        if names:
            shown = ", ".join(names[:_FEW])
            others = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
            parts.append(f"{counted(len(names), what) if kind in _MANY else what} ({shown}{others})")
    return ", ".join(parts)


def _idle(one: Idle) -> Iterator[str]:
    yield from _wrapped(f"{one.place}: warning {one.code}: `{one.finding}` is accepted at `{one.at}`, and nothing is found there any more", "    ")
    yield "    = help: delete it, or see that `at` names the part that is meant"


def claim_lines(claim: Claim) -> Iterator[str]:
    """One claim that is not proved, in words."""
    yield ""
    code = f" [{claim.code}]" if claim.code else ""
    yield f"  {_mark(claim)}: {claim.name} ({claim.pack}){code}"
    yield from _wrapped(f"    claimed: {claim.claims}", "      ")
    if claim.reason:
        yield from _wrapped(f"    but: {claim.reason}" if claim.state == "refuted" else f"    because: {claim.reason}", "      ")
    if claim.waived is not None:
        yield from _wrapped(f"    waived until {claim.waived.until}: {claim.waived.because}", "      ")
    if claim.witness is not None:
        yield from _witness(claim.witness, claim)


def _mark(claim: Claim) -> str:
    return "waived" if claim.waived is not None else _MARKS[claim.state]


def _witness(witness: Witness, claim: Claim) -> Iterator[str]:
    yield from _wrapped(f"    smallest case: {witness.words}", "      ")
    settled = "" if witness.advice.settled else " (not settled)"
    yield f"    the engine decides: {witness.advice.outcome}{settled}"
    named = [action for action in witness.advice.actions if f" {action.split()[1]}`" in claim.reason]
    if named:
        yield from _wrapped(f"    with: {', '.join(named)}", "      ")
    if witness.beside_advice is not None:
        yield f"    beside it: {witness.beside_advice.outcome}"
    told = ", ".join(f"{name}: {_value(witness.facts[name])}" for name in witness.telling)
    if told:
        yield from _wrapped(f"    as facts: {{{told}}}; all other facts as in the mildest case (`--format json` lists them)", "      ")


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_value(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _findings(claim: Claim, *, verbose: bool) -> Iterator[str]:
    for finding in claim.findings:
        if finding.accepted is not None and not verbose:
            continue
        words = f"accepted [{finding.code}]" if finding.accepted is not None else f"[{finding.code}]"
        yield from _wrapped(f"    {words} {finding.message}", "      ")
        if finding.accepted is not None:
            yield from _wrapped(f"      because: {finding.accepted}", "        ")


def _summary(stack: StackProof) -> str:
    numbers = {state: sum(1 for claim in stack.claims if claim.waived is None and claim.state == state) for state in _MARKS}
    waived = sum(1 for claim in stack.claims if claim.waived is not None)
    accepted = sum(1 for claim in stack.claims for finding in claim.findings if finding.accepted is not None)
    parts = [f"{counted(numbers['proved'], 'claim')} proved", f"{numbers['refuted']} refuted", f"{numbers['undecided']} undecided"]
    return f"  {', '.join(parts)}" + (f", {waived} waived" if waived else "") + (f"; {counted(accepted, 'finding')} accepted" if accepted else "")


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
