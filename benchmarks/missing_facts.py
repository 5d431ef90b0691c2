"""What engines do with missing, null, mistyped and misspelt facts: the table of `docs/missing-facts.md`.

    python benchmarks/missing_facts.py            prints the table for the engines that are installed
    python benchmarks/missing_facts.py --write    puts it into the page

The policy: harm significant → refer; else age under 10 → review; else manage. Each engine has it as its own documentation would have it written.
The peers are optional (`pip install 'safeguarding-rules[peers]'`); one that is not installed is left out, and the page's rows of it stay.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from safeguarding_rules import Decision, Engine, FactsError, pack_from_data

PAGE = Path(__file__).parents[1] / "docs" / "missing-facts.md"
START, END = "<!-- table -->", "<!-- end of table -->"

CASES: Mapping[str, Mapping[str, Any]] = {
    "nothing wrong": {"harm": False, "age": 12},
    "harm missing": {"age": 12},
    "harm null": {"harm": None, "age": 12},
    'harm mistyped (`"true"`)': {"harm": "true", "age": 12},
    "harm misspelt (`harmm: true`)": {"harmm": True, "age": 12},
    "age missing": {"harm": False},
    'age mistyped (`"eight"`)': {"harm": False, "age": "eight"},
    "age missing, and cannot matter": {"harm": True},
}
"""The column, and the facts."""

Facts = dict[str, Any]


@dataclass(frozen=True)
class Peer:
    """An engine: the distribution it comes in, and what makes a function of facts to a word from its modules."""

    title: str
    distribution: str
    make: Callable[[], Callable[[Facts], str]]

    @property
    def version(self) -> str | None:
        """The version that is installed, if it is."""
        try:
            return importlib.metadata.version(self.distribution)
        except importlib.metadata.PackageNotFoundError:
            return None


def _ours() -> Callable[[Facts], str]:
    outcomes = {
        name: {"title": name, "meaning": name, "because": "The scale.", "cite": [f"X-{rank}"]}
        for rank, name in enumerate(("manage", "review", "refer"))
    }
    rules = {
        "harm": {"title": "Harm", "when": {"harm": True}, "outcome": "refer", "because": "Harm is significant.", "cite": ["X-2"]},
        "young": {"title": "Young", "when": {"age": {"below": 10}}, "outcome": "review", "because": "A young child.", "cite": ["X-1"]},
    }
    encoded = {"X-0": ["outcomes/manage"], "X-1": ["outcomes/review", "young", "when_unsettled"], "X-2": ["outcomes/refer", "harm"]}
    said = {"source": "s", "section": "1", "binds": "DSL", "text": "So it is.", "strength": "should", "force": "advice", "checked": "seen"}
    manifest = {
        "pack": "example", "version": "1", "title": "Example", "publisher": "Nobody", "layer": "national", "language": "1", "status": "draft",
        "in_force": {"from": "2024-01-01"}, "outcomes": outcomes, "when_unsettled": {"outcome": "review", "because": "Not known.", "cite": ["X-1"]},
    }  # fmt: skip
    facts = {
        "harm": {"type": "boolean", "question": "Is the harm significant?"},
        "age": {"type": "integer", "at_least": 0, "at_most": 120, "question": "How old is the child?"},
    }
    statements = {name: {**said, "encoded_by": parts} for name, parts in encoded.items()}
    files = {
        "pack.yaml": manifest,
        "facts.yaml": {"facts": facts},
        "rules/rules.yaml": {"rules": rules},
        "statements.yaml": {"sources": {"s": {"title": "s", "publisher": "Nobody"}}, "statements": statements},
    }
    engine = Engine.from_packs([pack_from_data({name: json.dumps(part, indent=0) for name, part in files.items()})])
    return lambda facts: _word(engine, facts)


def _word(engine: Engine, facts: Facts) -> str:
    try:
        decision: Decision = engine.decide(facts)
    except FactsError as error:
        problem = error.diagnostics[0]
        return f"refused: {problem.message}" + (f"; {problem.help}" if problem.help and problem.help.startswith("did") else "")
    if decision.settled:
        return f"{decision.outcome}, settled"
    return f"{decision.outcome}; could be {', '.join(decision.possible_outcomes)}; asks {', '.join(question.fact for question in decision.questions)}"


def _json_logic() -> Callable[[Facts], str]:
    apply = importlib.import_module("json_logic").jsonLogic
    rule = {"if": [{"==": [{"var": "harm"}, True]}, "refer", {"<": [{"var": "age"}, 10]}, "review", "manage"]}
    return lambda facts: str(apply(rule, facts))


def _cel() -> Callable[[Facts], str]:
    evaluate = importlib.import_module("cel").evaluate
    return lambda facts: str(evaluate('harm ? "refer" : (age < 10 ? "review" : "manage")', facts))


def _rule_engine() -> Callable[[Facts], str]:
    make = importlib.import_module("rule_engine").Rule
    rules = ((make("harm == true"), "refer"), (make("age < 10"), "review"))
    return lambda facts: next((outcome for rule, outcome in rules if rule.matches(facts)), "manage")


def _rego() -> Callable[[Facts], str]:
    module = importlib.import_module("regopy")
    policy = 'package p\ndefault outcome := "manage"\noutcome := "refer" if { input.harm == true }\nelse := "review" if { input.age < 10 }\n'

    def decide(facts: Facts) -> str:
        interpreter = module.Interpreter()
        interpreter.add_module("p", policy)
        interpreter.set_input(facts)
        return str(json.loads(str(interpreter.query("data.p.outcome")))["expressions"][0])

    return decide


def _cedar() -> Callable[[Facts], str]:
    module = importlib.import_module("cedarpy")
    policy = """
        permit(principal, action == Action::"refer", resource) when { context.harm == true };
        permit(principal, action == Action::"review", resource) when { context.age < 10 };
    """

    def decide(facts: Facts) -> str:
        skipped = False
        for outcome in ("refer", "review"):
            request = {"principal": 'User::"a"', "action": f'Action::"{outcome}"', "resource": 'Case::"c"', "context": facts}
            answer = module.is_authorized(request, policy, [])
            skipped = skipped or bool(answer.diagnostics.errors)
            if answer.decision == module.Decision.Allow:
                return outcome
        return "manage (the error stands in the diagnostics)" if skipped else "manage"

    return decide


def _zen_table() -> Callable[[Facts], str]:
    module = importlib.import_module("zen")
    place = {"position": {"x": 0, "y": 0}}
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": "h", "name": "harm", "field": "harm"}, {"id": "a", "name": "age", "field": "age"}],
        "outputs": [{"id": "o", "name": "outcome", "field": "outcome"}],
        "rules": [
            {"_id": "1", "h": "true", "a": "", "o": "'refer'"},
            {"_id": "2", "h": "", "a": "< 10", "o": "'review'"},
            {"_id": "3", "h": "", "a": "", "o": "'manage'"},
        ],
    }
    graph = {
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode", **place},
            {"id": "table", "name": "table", "type": "decisionTableNode", "content": table, **place},
            {"id": "out", "name": "out", "type": "outputNode", **place},
        ],
        "edges": [{"id": "1", "sourceId": "in", "targetId": "table"}, {"id": "2", "sourceId": "table", "targetId": "out"}],
    }
    decision = module.ZenEngine().create_decision(json.dumps(graph))
    return lambda facts: str(decision.evaluate(facts)["result"]["outcome"])


def _zen_expression() -> Callable[[Facts], str]:
    evaluate = importlib.import_module("zen").evaluate_expression
    return lambda facts: str(evaluate('harm == true ? "refer" : (age < 10 ? "review" : "manage")', facts))


def _durable() -> Callable[[Facts], str]:
    lang = importlib.import_module("durable.lang")
    number = count()
    name = f"missing-facts-{uuid4()}"  # a name can be given only once in a process
    found: list[str] = []
    with lang.ruleset(name):
        lang.when_all(lang.pri(1), lang.m.harm == True)(lambda _: found.append("refer"))  # noqa: E712  how durable_rules writes a test
        lang.when_all(lang.pri(2), lang.m.age < 10)(lambda _: found.append("review"))  # noqa: PLR2004
        lang.when_all(lang.pri(3), +lang.m.case)(lambda _: found.append("manage"))

    def decide(facts: Facts) -> str:
        found.clear()
        case = str(next(number))
        lang.post(name, {**facts, "case": True, "sid": case})
        lang.delete_state(name, case)
        return found[0] if found else "nothing"

    return decide


PEERS = (
    Peer("this engine", "safeguarding-rules", _ours),
    Peer("json-logic-qubit", "json-logic-qubit", _json_logic),
    Peer("Rego (regopy)", "regopy", _rego),
    Peer("ZEN decision table", "zen-engine", _zen_table),
    Peer("ZEN expression", "zen-engine", _zen_expression),
    Peer("Cedar (cedarpy)", "cedarpy", _cedar),
    Peer("rule-engine", "rule-engine", _rule_engine),
    Peer("CEL (common-expression-language)", "common-expression-language", _cel),
    Peer("durable_rules", "durable-rules", _durable),
)


def answers(peer: Peer) -> list[str]:
    """What an engine says in each case; an exception is part of the answer."""
    decide = peer.make()
    found = []
    for facts in CASES.values():
        try:
            found.append(decide(dict(facts)))
        except Exception as error:  # noqa: BLE001  whatever it raises is what is measured
            found.append(f"raises {type(error).__name__}")
    return found


def rows() -> dict[str, str]:
    """The row of each engine that is installed, by its title."""
    found = {}
    for peer in PEERS:
        ours = peer.make is _ours
        if ours or peer.version is not None:
            title = f"**{peer.title}**" if ours else f"{peer.title} {peer.version}"
            found[peer.title] = f"| {' | '.join([title, *answers(peer)])} |"
    return found


def table(before: str = "") -> str:
    """The table; rows of engines that are not installed are taken from the table `before`."""
    measured = rows()
    kept = {peer.title: line for peer in PEERS for line in before.splitlines() if line.startswith(f"| {peer.title} ")}
    lines = [measured.get(peer.title) or kept.get(peer.title) for peer in PEERS]
    head = ["| | " + " | ".join(CASES) + " |", "|---" * (len(CASES) + 1) + "|"]
    return "\n".join([*head, *(line for line in lines if line)])


def main() -> None:
    """Print the table, or write it into the page."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    now, _, after = rest.partition(END)
    made = table(now)
    if "--write" in sys.argv[1:]:
        PAGE.write_text(f"{before}{START}\n{made}\n{END}{after}", encoding="utf-8")
    else:
        print(made)


if __name__ == "__main__":
    main()
