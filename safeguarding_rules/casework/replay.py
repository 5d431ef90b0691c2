"""Replay: a recorded decision derived again from its facts and the exact packs.

Comes in: a decision record. Goes out: `identical`, or what differs, or why it cannot be said. Promised: packs are taken by digest only, so that what
is replayed is what decided then; `identical` of a whole replay means that the canonical bytes of the decision are the same. Never raises for what a
record says: a record that cannot be replayed is a result.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from safeguarding_rules import __version__
from safeguarding_rules.casework.canonical import canonical_bytes
from safeguarding_rules.casework.record import DecisionRecord
from safeguarding_rules.casework.verdict import Verdicts, verdict_of, verdict_of_document
from safeguarding_rules.deciding.decide import Decider
from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.deciding.program import compile_policy
from safeguarding_rules.diagnostics import Diagnostic, FactsError, JournalError, PackError
from safeguarding_rules.language.words import LANGUAGE
from safeguarding_rules.linking.link import link
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


@dataclass(frozen=True, slots=True)
class _Made:
    """Which record it is, and what it was made with."""

    case: str
    number: int | None
    language: str
    library: str

    def impossible(self, code: str, because: str) -> Replayed:
        return Replayed(case=self.case, number=self.number, state="impossible", compared="nothing", because=because, code=code)


class _Parts(NamedTuple):
    """A record as canonical JSON, cut: the decision, its policy and its day, and the record without it."""

    decision: str
    policy: str
    on: str
    rest: str


_DECISION, _AFTER = ',"decision":', ',"duties":['
_PLAIN = r'"[^"\\]*"'
_POLICY = re.compile(
    rf',"on":"(\d{{4}}-\d\d-\d\d)","outcome":{_PLAIN},"policy":(\{{"fingerprint":{_PLAIN},"packs":\[[^\[\]]*\]\}}),"possible_outcomes":'
)


def _parts_of(text: str) -> _Parts | None:
    """Cut a record. Whether it was cut in the right place shows when the decision is compared; None if there is no such place.

    A name between a comma and a colon is no part of a text: in a text its quotes would be escaped.
    """
    start = text.find(_DECISION)
    end = text.rfind(_AFTER)
    if start < 0 or end < start or text.find(_DECISION, end) >= 0:
        return None
    decision = text[start + len(_DECISION) : end]
    found = _POLICY.search(decision)
    if found is None:
        return None
    return _Parts(decision, found[2], found[1], f"{text[:start]}{_DECISION}{{}}{text[end:]}")


class Replayer:
    """Replays records; keeps the packs and programs it has used. Not for several threads at once."""

    def __init__(self, *sources: PackSource) -> None:
        """Take packs from these sources, the first that has one."""
        self._sources = sources
        self._packs: dict[str, Pack] = {}
        self._deciders: dict[tuple[str, ...], list[Decider]] = {}
        self._verdicts: dict[int, Verdicts] = {}
        self._named: dict[str, tuple[str, ...]] = {}

    def replay(self, record: DecisionRecord, *, whole: bool = True) -> Replayed:
        """Decide a record again.

        `whole` compares the canonical bytes of the whole decision. Without it the verdict is compared (see `casework.verdict`): outcome, what is
        settled, possible outcomes, facts, the status of every rule and duty, and the fingerprint of the policy; not the questions, reasons, routes
        and words that follow from them.
        """
        made = _Made(record.case, record.number, record.language_version, record.library_version)

        def compare() -> Iterable[Difference]:
            document: Any = record.decision
            digests = tuple(str(pack["digest"]) for pack in document["policy"]["packs"])
            decision = self._decide(digests, record.stated_facts(), date.fromisoformat(str(document["on"])), record.clocks or None)
            if not whole:
                return _differences(verdict_of_document(document), verdict_of(decision), "")
            replayed = decision.model_dump()
            same = _written(replayed) == _written(document) or canonical_bytes(replayed) == canonical_bytes(document)
            return () if same else _differences(document, replayed, "")

        return self._compared(made, "whole" if whole else "verdict", compare)

    def replay_text(self, text: str) -> Replayed | None:
        """Replay a record whole, from its canonical JSON; None unless the decision is identical: then `replay` says what there is to say.

        The decision in the record is not read, only compared with the one that is made now.
        """
        parts = _parts_of(text)
        if parts is None:
            return None
        try:
            record = DecisionRecord.model_validate_json(parts.rest)
            if record.language_version != LANGUAGE:
                return None
            decision = self._decide(self._digests(parts.policy), record.stated_facts(), date.fromisoformat(parts.on), record.clocks or None)
        except (JournalError, PackError, FactsError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            return None
        if decision.ordered_json() != parts.decision:
            return None
        return Replayed(case=record.case, number=record.number, state="identical", compared="whole")

    def _digests(self, policy: str) -> tuple[str, ...]:
        """The digests of the packs that the policy of a decision names, as JSON text."""
        if policy not in self._named:
            self._named[policy] = tuple(str(pack["digest"]) for pack in json.loads(policy)["packs"])
        return self._named[policy]

    def replay_verdict(self, case: str, event: Mapping[str, Any], verdict: Any) -> Replayed:  # noqa: ANN401  any JSON
        """Decide again what the data of a `decided` event say, and compare the verdict that stands beside its record."""
        made = _Made(case, event.get("number"), str(event.get("language_version")), str(event.get("library_version")))

        def compare() -> Iterable[Difference]:
            facts = verdict["facts"]
            digests = tuple([str(digest) for _, _, digest in event["packs"]])
            decision = self._decide(digests, facts, date.fromisoformat(verdict["on"]), None)
            program = decision.program
            if id(program) not in self._verdicts:  # the deciders, which are kept, keep the programs
                self._verdicts[id(program)] = Verdicts(program)
            replayed = {**self._verdicts[id(program)].without_facts(decision), "facts": facts}
            return () if replayed == verdict else _differences(verdict, replayed, "")

        return self._compared(made, "verdict", compare)

    def _compared(self, made: _Made, compared: Literal["whole", "verdict"], compare: Callable[[], Iterable[Difference]]) -> Replayed:
        if made.language != LANGUAGE:
            because = f"the record needs language version {made.language}, and this library (version {__version__}) reads {LANGUAGE}"
            return made.impossible("SR931", because)
        try:
            found = tuple(compare())
        except (JournalError, PackError, FactsError) as error:
            first = error.diagnostics[0]
            return made.impossible(first.code, first.message)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            return made.impossible("SR933", f"the record is not readable: {error!r}")
        if not found:
            return Replayed(case=made.case, number=made.number, state="identical", compared=compared)
        because = f"recorded with version {made.library}, replayed with {__version__}"
        return Replayed(case=made.case, number=made.number, state="differs", compared=compared, because=because, code="SR932", differences=found)

    def _decide(self, digests: tuple[str, ...], facts: Mapping[str, object], on: date, clocks: Mapping[str, datetime] | None) -> Decision:
        return self._decider(digests, on).decide(facts, on, clocks)

    def _decider(self, digests: tuple[str, ...], on: date) -> Decider:
        known = self._deciders.setdefault(digests, [])
        for decider in known:
            start, end = decider.program.policy.valid_from, decider.program.policy.valid_until
            if (start is None or start <= on) and (end is None or on < end):
                return decider
        if not digests:
            raise ValueError("it names no pack")
        packs = [self._pack(digest) for digest in digests]
        # Whether a strengthening is no longer needed is told by other versions of the pack above, which need not be at hand. The packs decided
        # once, so they linked then (docs/decisions/0039-replay-needs-no-history.md).
        known.append(Decider(compile_policy(link(packs, on, None))))
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
                raise problem or missing_pack(digest)
        return self._packs[digest]


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


def _written(document: Any) -> str:  # noqa: ANN401  any JSON
    """A document as sorted JSON. What is written as a decision is has its canonical bytes, too: nothing in a decision is without them."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"))


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
