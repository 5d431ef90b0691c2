"""Replay: a recorded decision derived again from its facts and the exact packs.

Comes in: a decision record. Goes out: `identical`, or what differs, or why it cannot be said. Promised: packs are taken by digest only, so that what
is replayed is what decided then; `identical` of a whole replay means that the canonical bytes of the decision are the same. Never raises for what a
record says: a record that cannot be replayed is a result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from safeguarding_rules import __version__
from safeguarding_rules.casework.canonical import canonical_bytes
from safeguarding_rules.casework.record import DecisionRecord
from safeguarding_rules.deciding.decide import Decider
from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.deciding.program import compile_policy
from safeguarding_rules.diagnostics import Diagnostic, FactsError, JournalError, PackError
from safeguarding_rules.linking.link import LANGUAGE, link
from safeguarding_rules.reading import Pack, Registry

State = Literal["identical", "differs", "erased", "impossible"]
PackSource = Callable[[str], Pack]
"""Gives the pack of a digest. Raises JournalError if it has none."""


class ReplayPart(BaseModel):
    """A part of the report of a replay."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Difference(ReplayPart):
    """A place of the decision where the record and the replay disagree; null where one of them has nothing."""

    place: str
    recorded: JsonValue = None
    replayed: JsonValue = None


class Replayed(ReplayPart):
    """What the replay of one record found."""

    case: str
    number: int | None = None
    state: State
    compared: Literal["whole", "verdict", "nothing"]
    because: str | None = Field(default=None, description="Why it could not be replayed, or which library made the record where it differs.")
    code: str | None = None
    differences: tuple[Difference, ...] = ()


class ReplayReport(ReplayPart):
    """The replay of several records."""

    schema_: Literal["replay/1"] = Field(default="replay/1", alias="schema")
    library_version: str = __version__
    records: int
    identical: int
    differs: int
    erased: int
    impossible: int
    findings: tuple[Replayed, ...] = Field(description="Every record that is not identical.")


class Replayer:
    """Replays records; keeps the packs and programs it has used. Not for several threads at once."""

    def __init__(self, *sources: PackSource) -> None:
        """Take packs from these sources, the first that has one."""
        self._sources = sources
        self._packs: dict[str, Pack] = {}
        self._deciders: dict[tuple[str, ...], list[Decider]] = {}

    def replay(self, record: DecisionRecord, *, whole: bool = True) -> Replayed:
        """Decide a record again.

        `whole` compares the canonical bytes of the whole decision. Without it the verdict is compared: outcome, what is settled, possible outcomes,
        facts, the status of every rule and duty, and the fingerprint of the policy; not the questions, reasons, routes and words that follow from
        them.
        """
        if record.language_version != LANGUAGE:
            because = f"the record needs language version {record.language_version}, and this library (version {__version__}) reads {LANGUAGE}"
            return Replayed(case=record.case, number=record.number, state="impossible", compared="nothing", because=because, code="SR931")
        try:
            decision = self._decide(record)
        except (JournalError, PackError, FactsError) as error:
            first = error.diagnostics[0]
            return Replayed(case=record.case, number=record.number, state="impossible", compared="nothing", because=first.message, code=first.code)
        except (KeyError, TypeError, ValueError) as error:
            return Replayed(
                case=record.case,
                number=record.number,
                state="impossible",
                compared="nothing",
                because=f"the record is not readable: {error!r}",
                code="SR933",
            )
        compared: Literal["whole", "verdict"] = "whole" if whole else "verdict"
        if whole:
            replayed: dict[str, Any] = decision.model_dump()
            same = canonical_bytes(replayed) == canonical_bytes(record.decision)
            found = () if same else tuple(_differences(record.decision, replayed, ""))
        else:
            found = tuple(_differences(verdict_of_document(record.decision), verdict_of(decision), ""))
        if not found:
            return Replayed(case=record.case, number=record.number, state="identical", compared=compared)
        because = f"recorded with version {record.library_version}, replayed with {__version__}"
        return Replayed(case=record.case, number=record.number, state="differs", compared=compared, because=because, code="SR932", differences=found)

    def _decide(self, record: DecisionRecord) -> Decision:
        stamps: Any = record.decision["policy"]
        on = date.fromisoformat(str(record.decision["on"]))
        decider = self._decider(tuple(str(pack["digest"]) for pack in stamps["packs"]), on)
        return decider.decide(record.stated_facts(), on, record.clocks or None)

    def _decider(self, digests: tuple[str, ...], on: date) -> Decider:
        known = self._deciders.setdefault(digests, [])
        for decider in known:
            start, end = decider.program.policy.valid_from, decider.program.policy.valid_until
            if (start is None or start <= on) and (end is None or on < end):
                return decider
        packs = [self._pack(digest) for digest in digests]
        known.append(Decider(compile_policy(link(packs, on, self._others))))
        return known[-1]

    def _pack(self, digest: str) -> Pack:
        if digest not in self._packs:
            problem: JournalError | None = None
            for source in self._sources:
                try:
                    self._packs[digest] = source(digest)
                    break
                except JournalError as error:
                    problem = problem or error
            else:
                raise problem or JournalError([])
        return self._packs[digest]

    def _others(self, pack: str) -> Sequence[Pack]:
        return [one for one in self._packs.values() if one.id == pack]


def packs_found(registry: Registry) -> PackSource:
    """The packs of a registry, as a source. A pack there that has changed since has another digest and is not taken."""
    by_digest: dict[str, Pack] = {}

    def source(digest: str) -> Pack:
        if not by_digest:
            for found in registry.all_found():
                try:
                    pack = registry.load(found, verify_lock=False)
                except PackError:
                    continue
                by_digest[pack.digest] = pack
        if digest not in by_digest:
            raise missing_pack(digest)
        return by_digest[digest]

    return source


def missing_pack(digest: str) -> JournalError:
    """The error for a pack that no source has."""
    remedy = "give the journal that keeps it with --journal, or a place where it lies with --path"
    return JournalError([Diagnostic("SR919", "error", f"no pack with the digest `{digest}` is found", help=remedy)])


def gather(results: Iterable[Replayed]) -> ReplayReport:
    """The report of several replays."""
    states: Counter[str] = Counter()
    findings = []
    for one in results:
        states[one.state] += 1
        if one.state != "identical":
            findings.append(one)
    return ReplayReport(
        records=states.total(),
        identical=states["identical"],
        differs=states["differs"],
        erased=states["erased"],
        impossible=states["impossible"],
        findings=tuple(findings),
    )


def verdict_of(decision: Decision) -> dict[str, Any]:
    """What a decision says, without what follows from it."""
    program, verdict = decision.program, decision.verdict
    presumed = set(verdict.presumed)

    def names(indexes: Iterable[int]) -> list[str]:
        return sorted(program.policy.rules[i].id for i in indexes)

    duties = {}
    for entry in verdict.entries:
        slot = program.slots[entry.slot]
        key = f"{slot.action} by {slot.by}, {'refrain' if slot.forbids else 'do'}"
        duties[key] = [entry.status, entry.strength, entry.presumed, entry.possible]
    return {
        "outcome": decision.outcome,
        "settled": decision.settled,
        "firm": decision.firm,
        "exact": decision.exact,
        "possible_outcomes": list(decision.possible_outcomes),
        "facts": decision.facts,
        "rules": {"met": names(verdict.met), "presumed": names(presumed), "open": names(set(verdict.open) - presumed)},
        "duties": duties,
        "fingerprint": program.fingerprint,
        "on": decision.on.isoformat(),
    }


_STRENGTHS: Mapping[str, int] = {"may": 1, "should": 2, "must": 3, "should_not": 2, "must_not": 3}


def verdict_of_document(document: Mapping[str, Any]) -> dict[str, Any]:
    """The same, of a decision as JSON."""
    duties = {}
    for action in document["actions"]:
        stronger = {one["status"]: _STRENGTHS[one["modality"]] for one in action["stronger"]}
        key = f"{action['action']} by {action['by']}, {'refrain' if action['modality'] in ('should_not', 'must_not') else 'do'}"
        duties[key] = [action["status"], _STRENGTHS[action["modality"]], stronger.get("presumed", 0), stronger.get("depends", 0)]
    same = ("outcome", "settled", "firm", "exact", "possible_outcomes", "facts", "on")
    return {
        **{name: document[name] for name in same},
        "rules": {status: sorted(rule["rule"] for rule in document["rules"][status]) for status in ("met", "presumed", "open")},
        "duties": duties,
        "fingerprint": document["policy"]["fingerprint"],
    }


def _differences(recorded: Any, replayed: Any, place: str) -> Iterator[Difference]:  # noqa: ANN401  any JSON
    """Every place where two documents disagree, the smallest part that holds the disagreement."""
    if isinstance(recorded, dict) and isinstance(replayed, dict):
        for name in dict.fromkeys((*recorded, *replayed)):
            yield from _differences(recorded.get(name), replayed.get(name), f"{place}.{name}" if place else str(name))
    elif isinstance(recorded, list) and isinstance(replayed, list) and len(recorded) == len(replayed):
        for i, (one, other) in enumerate(zip(recorded, replayed, strict=True)):
            yield from _differences(one, other, f"{place}[{i}]")
    elif type(recorded) is not type(replayed) or recorded != replayed:
        yield Difference(place=place, recorded=recorded, replayed=replayed)
