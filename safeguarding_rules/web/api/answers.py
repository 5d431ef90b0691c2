"""Answers to what callers send: plain data in, bytes out. Decides with the library and adds nothing to what it says.

In: the policies in use, and the JSON of a body. Out: the bytes of an answer; or a ProblemError with every finding.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.diagnostics import Diagnostic, FactsError, PackError, suggest
from safeguarding_rules.engine import Engine
from safeguarding_rules.interview.interview import Interview
from safeguarding_rules.interview.state import State
from safeguarding_rules.language.words import describe
from safeguarding_rules.web.api import bodies
from safeguarding_rules.web.api.policies import Policies
from safeguarding_rules.web.api.problems import ProblemError

MORE_THAN_DECLARED: Final = 50
"""How many more facts than the packs declare are looked at: each unknown name is compared with every known one, which takes its time."""
_REGISTERS: Final = ("short", "full", "audit")


class Sent:
    """What a caller sent, read key by key; findings are gathered and raised together."""

    def __init__(self, content: bytes, known: Sequence[str]) -> None:
        self.content = content
        self.data = bodies.parse(content)
        self._found: list[Diagnostic] = []
        for name in self.data:
            if name not in known:
                help_ = suggest(name, known) or f"an object here has {', '.join(f'`{one}`' for one in known)}"
                self.report(f"unknown key `{name[:80]}`", help_)

    def facts(self) -> Mapping[str, Any]:
        """The facts of the one case."""
        facts = self.data.get("facts")
        if "facts" not in self.data:
            self.report("`facts` is missing", 'send {"facts": {}} if nothing is known yet')
        elif not isinstance(facts, dict):
            self.report(f"`facts` is {describe(facts)}, not an object of fact to value", "write each fact with its value", "SR801")
        return facts if isinstance(facts, dict) else {}

    def on(self) -> date | None:
        """The day to decide by."""
        given = self.data.get("on")
        if given is None:
            return None
        try:
            found = date.fromisoformat(given)
        except (TypeError, ValueError):
            found = None
        if found is None or found.isoformat() != given:
            self.report("`on` is not a day", "write it as in 2026-11-22")
            return None
        return found

    def clocks(self) -> dict[str, datetime] | None:
        """When the clocks of deadlines started."""
        given = self.data.get("clocks")
        if given is None:
            return None
        if not isinstance(given, dict):
            self.report(f"`clocks` is {describe(given)}, not an object of clock to start", "leave it out, or write each clock with its start")
            return None
        found: dict[str, datetime] = {}
        for name, start in given.items():
            try:
                found[name] = datetime.fromisoformat(start)
            except (TypeError, ValueError):
                self.report(f"the start of the clock `{name[:80]}` is not a date and time", "write it as in 2026-11-22T09:30:00+00:00", "SR808")
        return found

    def choice(self, name: str, values: Sequence[str]) -> str:
        """One of some values; the first if nothing is given."""
        given = self.data.get(name, values[0])
        if given not in values:
            near = suggest(given[:80], values) if isinstance(given, str) else None
            self.report(f"`{name}` is none of {', '.join(f'`{value}`' for value in values)}", near)
            return values[0]
        return str(given)

    def flag(self, name: str) -> bool:
        """True or false; false if nothing is given."""
        given = self.data.get(name, False)
        if not isinstance(given, bool):
            self.report(f"`{name}` is {describe(given)}, not true or false", "leave it out for false")
            return False
        return given

    def names(self, name: str) -> tuple[str, ...]:
        """A list of names; empty if nothing is given."""
        given = self.data.get(name, [])
        if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
            self.report(f"`{name}` is not a list of names", 'send such as ["immediate_danger"], or leave it out')
            return ()
        return tuple(given)

    def cases(self, most: int) -> Sequence[Any]:
        """The cases of a batch that lists them."""
        given = self.data.get("cases")
        if not isinstance(given, list):
            self.report("`cases` is not a list of facts", 'send {"cases": [{}]}, or {"columns": {}} with a list of values for each fact')
            return ()
        _check_size(len(given), most)
        return given

    def columns(self, most: int) -> Mapping[str, Sequence[Any]]:
        """The columns of a batch that is a table; all of one length."""
        given = self.data.get("columns")
        if not isinstance(given, dict) or not all(isinstance(column, list) for column in given.values()):
            self.report("`columns` is not an object of fact to list of values", 'send {"columns": {"contains_imagery": [true, null]}}')
            return {}
        if "cases" in self.data:
            self.report("`cases` and `columns` are both given", "send one of them")
        if len({len(column) for column in given.values()}) > 1:
            self.report("the columns are not of one length", "each column has a value, or null, for each row")
            return {}
        _check_size(max(map(len, given.values()), default=0), most)
        return given

    def done(self, further: Sequence[Diagnostic] = ()) -> None:
        """Raise ProblemError if anything was found, here or `further`."""
        if self._found or further:
            raise ProblemError("not-usable", diagnostics=[*self._found, *further])

    def report(self, message: str, help_: str | None = None, code: str = "SR819") -> None:
        """Keep a finding."""
        self._found.append(Diagnostic(code, "error", message, None, help_))


def _check_size(cases: int, most: int) -> None:
    if cases > most:
        raise ProblemError("too-large", f"A batch may have {most:,} cases; this one has {cases:,}.")


def see(policies: Policies, pack: str) -> None:
    """Raise ProblemError for a pack that is not served."""
    if pack not in policies.packs:
        help_ = suggest(pack[:80], policies.packs)
        more = f" {help_[0].upper()}{help_[1:]}" if help_ else ""
        raise ProblemError("pack-not-found", f"This server decides by {', '.join(policies.packs)}.{more}")


def engine_for(policies: Policies, pack: str, on: date | None) -> Engine:
    """The engine that decides, for one day: that of the request if it names none. Raises ProblemError."""
    see(policies, pack)
    try:
        return policies.engine(pack, on)
    except PackError as error:
        # For a day that the caller chose it is the caller who can help it.
        raise ProblemError("no-policy" if on is None else "not-in-force", diagnostics=error.diagnostics) from error


def decide(engine: Engine, sent: Sent, facts: Mapping[str, Any], clocks: Mapping[str, datetime] | None = None) -> Decision:
    """Decide one case. Raises ProblemError with every finding at its place."""
    declared = len(engine.program.policy.facts)
    if len(facts) > declared + MORE_THAN_DECLARED:
        raise ProblemError("not-usable", f"There are {len(facts):,} facts; the packs know {declared}.")
    found: list[Diagnostic] = []
    decided = None
    try:
        decided = engine.decide(facts, clocks=clocks)
    except FactsError as error:
        found += [problem for problem in error.diagnostics if problem.code == "SR808"]
        found += bodies.placed(facts, sent.content, ("facts",), engine.problems)
    sent.done(found)
    assert decided is not None  # noqa: S101  where it is not, something was found
    return decided


def decision(policies: Policies, pack: str, content: bytes) -> tuple[Engine, bytes]:
    """Decide the case of a body, whole or in brief; the engine comes first."""
    sent = Sent(content, ("facts", "on", "clocks", "brief"))
    facts, on, clocks, brief = sent.facts(), sent.on(), sent.clocks(), sent.flag("brief")
    engine = engine_for(policies, pack, on)
    decided = decide(engine, sent, facts, clocks)
    return engine, (policies.brief(decided.program).text(decided) if brief else decided.model_dump_json()).encode()


def explanation(policies: Policies, pack: str, content: bytes) -> tuple[Engine, bytes]:
    """Decide the case of a body and explain it."""
    sent = Sent(content, ("facts", "on", "clocks", "register"))
    facts, on, clocks, register = sent.facts(), sent.on(), sent.clocks(), sent.choice("register", _REGISTERS)
    engine = engine_for(policies, pack, on)
    decided = decide(engine, sent, facts, clocks)
    explained = engine.explain(decided)
    text = {"short": explained.short, "full": explained.full, "audit": explained.audit}[register]()
    parts = {"decision": decided.model_dump_json(), "explanation": explained.model_dump_json(by_alias=True), "text": json.dumps(text)}
    return engine, ("{" + ",".join(f'"{name}":{part}' for name, part in parts.items()) + "}").encode()


def next_question(policies: Policies, pack: str, content: bytes) -> tuple[Engine, bytes]:
    """What to ask next in an interview, after the answers of a body."""
    sent = Sent(content, ("facts", "unknown", "go_on", "on"))
    facts, unknown, go_on, on = sent.facts(), sent.names("unknown"), sent.flag("go_on"), sent.on()
    engine = engine_for(policies, pack, on)
    declared = {info.spec.name for info in engine.program.policy.facts}
    if len(unknown) > len(declared) + MORE_THAN_DECLARED:
        raise ProblemError("not-usable", f"There are {len(unknown):,} names in `unknown`; the packs know {len(declared)} facts.")
    for name in unknown:
        if name not in declared:
            sent.report(f"unknown fact `{name[:80]}`", suggest(name[:80], declared), "SR802")
    decided = decide(engine, sent, facts)
    known = {name: value for name, value in facts.items() if value is not None}
    state = State(known, frozenset(unknown) - known.keys(), offered=decided.outcome if go_on else None)
    step = Interview(engine.decide).step(state)
    told = {
        "kind": step.kind,
        "facts": [
            {
                "fact": info.spec.name,
                "ask": info.question,
                "short": info.short or None,
                "help": info.help or None,
                "group": info.group or None,
                "values": list(info.spec.values),
            }
            for info in step.facts
        ],
        "could_become": list(step.could_become),
        "left": step.left,
        **{name: getattr(step.decision, name) for name in ("outcome", "settled", "firm")},
    }
    return engine, json.dumps(told, ensure_ascii=False).encode()


def about(policies: Policies) -> dict[str, Any]:
    """What is told of the packs."""
    return {
        "packs": [about_pack(policies, name) for name in policies.packs],
        "notice": "If a child is in danger now, call 999. Professional judgement and local procedure prevail over every decision.",
    }


def about_pack(policies: Policies, name: str) -> dict[str, Any]:
    """What is told of one pack."""
    served = policies.packs[name]
    program = policies.program(name)
    packs = () if program is None else program.policy.packs
    version = next((one.version for one in packs if one.id == name), served.versions[-1][0].version)
    manifest = next(found.manifest for found, _ in served.versions if found.version == version)
    return {
        "pack": name,
        "title": manifest.title,
        "layer": manifest.layer,
        "publisher": manifest.publisher,
        "signed_off_by": "none yet" if manifest.sign_off is None else manifest.sign_off.by,
        "review_by": None if manifest.review_by is None else manifest.review_by.isoformat(),
        "fingerprint": None if program is None else program.fingerprint,
        "stack": [f"{one.id} {one.version}" for one in packs],
        "outcomes": [] if program is None else [outcome.name for outcome in program.policy.outcomes],
        "versions": [
            {
                "version": found.version,
                "status": found.manifest.status,
                "from": found.manifest.in_force.from_.isoformat(),
                "until": None if found.manifest.in_force.until is None else found.manifest.in_force.until.isoformat(),
                "digest": version.digest,
            }
            for found, version in served.versions
        ],
    }
