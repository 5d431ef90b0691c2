"""durable-rules follows a live case: facts asserted and retracted as they arrive, consequences derived by forward chaining.

Comes in: the decisions of a case, one after each event. Goes out: what durable-rules comes to, compared. Promised: confined: one thread owns the
host, which starts no threads of its own; every case has a fresh id; its state is deleted on `close`, and whenever something goes wrong; only
numbers of cells are asserted, never what a user typed; no ruleset is registered twice. The compiled engine's answer always stands. Source:
docs/decisions/0031-durable-rules-follows.md.
"""

from __future__ import annotations

import itertools
import os
import weakref
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

try:
    from durable.engine import Host, MessageObservedException  # type: ignore[import-untyped]
except ImportError as error:  # also where it is installed: it calls a function that Python 3.13 no longer has
    raise ModuleNotFoundError("durable-rules cannot be loaded: it needs the extra `durable`, and Python 3.11 or 3.12", name="durable") from error

from safeguarding_rules.casework.ruleset import CONTRADICTION, ForwardRule, Ruleset, Told, translate
from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.deciding.knowing import Knowledge
from safeguarding_rules.deciding.program import Program

T = TypeVar("T")
GROUP = 100  # a fact that more than 256 rules wait for is refused


class DurableError(RuntimeError):
    """durable-rules could not say what follows."""


class _QuietHost(Host):  # type: ignore[misc]
    """A host without the timer threads that would run actions beside the owner's."""

    def _run(self) -> None:
        pass


@dataclass
class _Registered:
    program: Program
    ruleset: Ruleset
    knowledge: Knowledge
    name: str


@dataclass
class _Owner:
    """The one thread that owns the host, and the rulesets registered in it."""

    process: int = field(default_factory=os.getpid)
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="durable-rules"))
    host: Any = None
    known: dict[str, _Registered] = field(default_factory=dict)

    def run(self, work: Callable[[], T]) -> T:
        """Do something in the owner's thread and wait for it. A forked process has no such thread, and gets an owner of its own."""
        if self.process != os.getpid():
            self.__init__()  # type: ignore[misc]
        return self.pool.submit(work).result()

    def register(self, program: Program) -> _Registered:
        """The ruleset of a Program, registered once for all that have its fingerprint. In the owner's thread."""
        if program.fingerprint not in self.known:
            ruleset = translate(program)
            name = f"policy-{len(self.known)}"
            if self.host is None:
                self.host = _QuietHost()
            self.host.register_rulesets({name: _definition(ruleset)})
            self.known[program.fingerprint] = _Registered(program, ruleset, Knowledge(program.space), name)
        return self.known[program.fingerprint]


def _definition(ruleset: Ruleset) -> dict[str, Any]:
    """The rules as durable-rules takes them. Every fact has `any`: a fact that no rule matches would raise."""
    rules: dict[str, Any] = {"catch_all": {"all": [{"m": {"any": 1}}], "run": lambda _: None}}
    for number, rule in enumerate(ruleset.rules):
        start = {"start": {"$gt": {f"ask{number // GROUP}" if rule.last else f"round{number // GROUP}": 0}}}
        given = [{f"m{i}": {kind: value}} for i, (kind, value) in enumerate(rule.given)]
        absent = [{f"n{i}$not": {kind: value}} for i, (kind, value) in enumerate(rule.absent)]
        rules[f"rule{number}"] = {"all": [start, *given, *absent], "run": _deriving(rule)}
    return rules


def _deriving(rule: ForwardRule) -> Callable[[Any], None]:
    def derive(closure: Any) -> None:  # noqa: ANN401  durable-rules' own
        for kind, value in rule.derives:
            try:
                closure.assert_fact({"id": f"derived-{kind}-{value}", "any": 1, kind: value})
            except MessageObservedException:
                continue  # derived already, another way

    return derive


def _start(kind: str, value: int, rules: int) -> dict[str, Any]:
    """The fact that starts a round, or asks for advice: one property for each group of rules."""
    return {"id": f"told-{kind}-{value}", "any": 1} | {f"{kind}{group}": value for group in range(rules // GROUP + 1)}


_OWNER = _Owner()
_ids = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Derived:
    """What durable-rules came to."""

    met: frozenset[int]
    advice: int
    contradiction: bool


class _Session:
    """The facts of one case in the host. Used in the owner's thread only."""

    def __init__(self, registered: _Registered) -> None:
        self.registered = registered
        self.sid = f"case-{next(_ids)}"
        self.out: set[int] = set()
        self.round = 0
        self.asked = 0

    def learn(self, out: set[int]) -> Derived:
        """Assert and retract what is new, and say what follows."""
        if gone := self.out - out or (not self.round and {0}):
            self.forget(gone)
        for cell in sorted(out - self.out):
            self.tell("out", cell)
        self.out = set(out)
        if gone:
            self.round += 1
            self.start("round", self.round)
        return self.ask()

    def forget(self, cells: Iterable[int]) -> None:
        """Retract cells and all that was derived; the next round derives it anew."""
        for cell in sorted(set(cells) & self.out):
            self.take_back({"id": f"told-out-{cell}", "out": cell})
        for fact in self.facts() if self.round else ():
            if fact["id"].startswith("derived-"):
                self.take_back(fact)
        if self.round:
            self.take_back(_start("round", self.round, len(self.registered.ruleset.rules)))

    def ask(self) -> Derived:
        """Let the advice be derived, read everything, and take the question back."""
        self.asked += 1
        self.start("ask", self.asked)
        facts = self.facts()
        self.take_back(_start("ask", self.asked, len(self.registered.ruleset.rules)))
        for fact in facts:
            if "floor" in fact:
                self.take_back(fact)
        told: set[Told] = {(kind, fact[kind]) for fact in facts for kind in ("sure", "floor") if kind in fact}
        met = frozenset(index for index, sure in self.registered.ruleset.met.items() if sure in told)
        return Derived(met, max((value for kind, value in told if kind == "floor"), default=0), CONTRADICTION in told)

    def start(self, kind: str, value: int) -> None:
        self.put(_start(kind, value, len(self.registered.ruleset.rules)))

    def tell(self, kind: str, value: int) -> None:
        self.put({"id": f"told-{kind}-{value}", "any": 1, kind: value})

    def put(self, fact: dict[str, Any]) -> None:
        state = _OWNER.host.assert_fact(self.registered.name, {"sid": self.sid, **fact})
        if state and "exception" in state:
            raise DurableError(str(state["exception"])[:300])

    def take_back(self, fact: dict[str, Any]) -> None:
        _OWNER.host.retract_fact(self.registered.name, {"any": 1, **fact, "sid": self.sid})

    def facts(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = _OWNER.host.get_facts(self.registered.name, self.sid)
        return found

    def delete(self) -> None:
        _OWNER.host.delete_state(self.registered.name, self.sid)


class DurableCase:
    """One case, followed by durable-rules. Any thread may call; the work is done in the owner's."""

    def __init__(self) -> None:
        self._sessions: list[_Session] = []  # one, or none
        # A case that is dropped without `close` leaves no state either. Not waited for: garbage may be collected in the owner's thread.
        dropped = weakref.finalize(self, lambda sessions: _OWNER.pool.submit(_forget, sessions), self._sessions)
        dropped.atexit = False

    def follow(self, decision: Decision) -> str | None:
        """Derive again after an event; what differs from the decision, in words, or None."""
        return _OWNER.run(lambda: self._follow(decision))

    def close(self) -> None:
        """Delete the state of the case."""
        _OWNER.run(lambda: _forget(self._sessions))

    def _follow(self, decision: Decision) -> str | None:
        program = decision.program
        registered = _OWNER.register(program)
        if self._sessions and self._sessions[0].registered is not registered:
            _forget(self._sessions)
        if not self._sessions:
            self._sessions.append(_Session(registered))
        try:
            derived = self._sessions[0].learn(_ruled_out(registered, decision.facts))
        except BaseException:
            _forget(self._sessions)  # half a state would mislead the next event
            raise
        if decision.contradiction is not None:
            return _compare_contradicting(registered, decision, derived)
        if not decision.exact:
            return None  # the compiled engine gives bounds here, not statuses that could be compared
        if derived.contradiction:
            return "durable-rules finds no possible case, the compiled engine does"
        return _difference(program, derived.met, derived.advice, decision)


def _forget(sessions: list[_Session]) -> None:
    """Delete the state of a case. In the owner's thread."""
    while sessions:
        sessions.pop().delete()


def _ruled_out(registered: _Registered, facts: dict[str, Any]) -> set[int]:
    """The cells that each fact rules out by itself, before anything follows."""
    space = registered.program.space
    found: set[int] = set()
    for name, box in registered.knowledge.boxes(facts).items():
        own = sum(variable.block for variable in space.variables if variable.fact == name)
        found |= _cells(space.start & own & ~box)
    return found


def _cells(bits: int) -> set[int]:
    return {i for i in range(bits.bit_length()) if bits >> i & 1}


def _compare_contradicting(registered: _Registered, decision: Decision, derived: Derived) -> str | None:
    """Where facts contradict, the advice is the most protective over their largest consistent parts."""
    if not derived.contradiction:
        return "the facts contradict each other, and durable-rules does not find it"
    assert decision.contradiction is not None  # noqa: S101  asked by the caller
    advice = registered.program.policy.when_unsettled.outcome
    for part in decision.contradiction.parts:
        session = _Session(registered)
        try:
            advice = max(advice, session.learn(_cells(registered.program.space.start & ~part)).advice)
        finally:
            session.delete()
    return _difference(registered.program, frozenset(), advice, decision)


def _difference(program: Program, met: frozenset[int], advice: int, decision: Decision) -> str | None:
    rules, outcomes = program.policy.rules, program.policy.outcomes
    found = []
    if advice != decision.verdict.advice:
        found.append(f"the outcome: durable-rules says `{outcomes[advice].name}`, the compiled engine `{decision.outcome}`")
    if apart := met ^ set(decision.verdict.met):
        sides = (f"`{rules[i].id}` only by {'durable-rules' if i in met else 'the compiled engine'}" for i in sorted(apart))
        found.append(f"the rules met: {', '.join(sides)}")
    return "; ".join(found) or None
