"""Writes documents of packs from what Hypothesis draws: conditions, rules, tables, standing entries, and the register they cite.

Out: plain data of the published language. An action belongs to the family that protects by doing (`must`, `should`, `may`) or to the one that
protects by refraining (`must_not`, `should_not` and, in the top pack, `may`), so that duties never conflict; layers only strengthen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

SCALE = ["manage", "review", "refer", "police"]
ACTORS = ["dsl", "headteacher", "other_staff", "setting"]
DO = {"act_a": "dsl", "act_b": "headteacher", "act_c": "dsl"}
REFRAIN = {"ban_a": "dsl", "ban_b": "setting"}


@dataclass
class Writer:
    """Writes one pack: draws, and keeps the register of statements."""

    draw: Any  # Hypothesis's function that draws
    name: str
    number: int
    visible: dict[str, dict[str, Any]]  # the facts a condition may mention, those from above first
    thresholds: dict[str, list[int]]
    statements: dict[str, dict[str, Any]] = field(default_factory=dict)
    definitions: dict[str, Any] = field(default_factory=dict)
    with_limbs: list[str] = field(default_factory=list)  # definitions whose shape gives limbs
    with_all: list[str] = field(default_factory=list)  # those that are an `all`
    scale: Sequence[str] = tuple(SCALE)
    do: Mapping[str, str] = field(default_factory=lambda: DO)  # actions that protect by doing, and who does them
    refrain: Mapping[str, str] = field(default_factory=lambda: REFRAIN)

    def chance(self, percent: int) -> bool:
        """Draw true in so many of a hundred draws (steps of five)."""
        return bool(self.draw(st.sampled_from([False] * ((100 - percent) // 5) + [True] * (percent // 5))))

    def pick(self, options: Sequence[Any]) -> Any:  # noqa: ANN401  one of any options
        """Draw one of the options."""
        return self.draw(st.sampled_from(list(options)))

    def some(self, options: Sequence[Any], least: int, most: int) -> list[Any]:
        """Draw different options, at least and at most so many."""
        most = min(most, len(options))
        return list(self.draw(st.lists(st.sampled_from(list(options)), min_size=min(least, most), max_size=most, unique=True)))

    def cite(self, target: str) -> list[str]:
        """Cite one or two statements, and list the target there."""
        if self.statements and self.chance(15):
            ids = [self.pick(list(self.statements))]
        else:
            ids = [self.new_statement() for _ in range(2 if self.chance(10) else 1)]
        for one in ids:
            if target not in self.statements[one]["encoded_by"]:
                self.statements[one]["encoded_by"].append(target)
        return ids

    def new_statement(self) -> str:
        """Register one more statement."""
        name = f"{self.name.upper()}-S-{len(self.statements) + 1}"
        self.statements[name] = {
            "source": f"{self.name}-guidance",
            "section": f"s{len(self.statements) + 1}",
            "binds": "DSL",
            "text": "Something the setting does.",
            "strength": "should",
            "force": "advice",
            "checked": "recalled",
            "encoded_by": [],
        }
        return name

    # ------------------------------------------------------------------------------------------------------------ conditions

    def test(self, fact: str) -> dict[str, Any]:
        """Draw one test of a fact."""
        declared = self.visible[fact]
        if declared["type"] == "boolean":
            return {fact: self.pick([True, True, True, True, True, False, {"is_not": True}])}
        if declared["type"] == "integer":
            return {fact: self.pick(self.integer_tests(fact))}
        values = list(declared["values"])
        one, two = self.pick(values), sorted(self.some(values, 2, 2))
        if declared["type"] == "choice":
            return {fact: self.pick([one, one, {"is_not": one}, {"one_of": two}, {"none_of": two}])}
        return {fact: self.pick([{"includes": one}, {"includes": one}, {"excludes": one}, {"includes_any": two}, {"includes_all": two}])}

    def integer_tests(self, fact: str) -> list[Any]:
        """List the tests that cut an integer where its thresholds are."""
        low, high = self.thresholds[fact]
        cuts = [{"below": low}, {"at_least": high}, {"at_most": high - 1}, {"above": low - 1}, {"at_least": low}, {"below": high}]
        return [*cuts, low, {"is_not": high}, {"one_of": [low, high]}]

    def tests(self, least: int, most: int) -> list[dict[str, Any]]:
        """Draw tests of different facts."""
        return [self.test(fact) for fact in self.some(list(self.visible), least, most)]

    def condition(self, depth: int = 2) -> dict[str, Any]:
        """Draw a condition of any shape."""
        shape = self.pick(["test", "test", "all", "any", "not", "defined"]) if depth else "test"
        if shape == "defined" and self.definitions:
            return {"defined": self.pick(list(self.definitions))}
        if shape == "not":
            return {"not": self.condition(depth - 1)}
        if shape in {"all", "any"}:
            members = self.tests(2, 3)
            if self.chance(40):
                members[-1] = self.condition(depth - 1)
            return {shape: members}
        return self.tests(1, 1)[0]

    def condition_with_limbs(self, *, mixed: bool = False) -> dict[str, Any]:
        """Draw a condition whose shape gives limbs; a `mixed` one may have a plain test in an `any`, which is no limb."""
        shape = self.pick(["all", "all", "any", "defined", "nested"])
        if shape == "defined" and self.with_limbs:
            return {"defined": self.pick(self.with_limbs)}
        members = self.tests(2, 3)
        if shape == "nested":  # an `all` directly inside an `all`, or an `any` or a `not` that is one limb
            inner = self.pick([{"all": self.tests(2, 2)}, {"any": self.tests(2, 2)}, {"not": {"all": self.tests(2, 2)}}])
            return {"all": [members[0], inner]}
        if shape == "any":
            other: dict[str, Any] = {"all": self.tests(1, 2)}
            if mixed and self.chance(50):
                other = self.tests(1, 1)[0]
            if self.with_all and self.chance(30):
                other = {"defined": self.pick(self.with_all)}
            return {"any": [{"all": members}, other]}
        if self.with_limbs and self.chance(15):
            members[-1] = {"defined": self.pick(self.with_limbs)}
        return {"all": members}

    # ----------------------------------------------------------------------------------------------------------------- rules

    def action(self) -> dict[str, Any]:
        """Draw one action item of a family that never conflicts."""
        if self.chance(65):
            modality, name = self.pick(["must", "should", "should", "may"]), self.pick(list(self.do))
        else:
            modality, name = (
                self.pick(["must_not", "must_not", "should_not", *([] if self.number else ["may", "may"])]),
                self.pick(list(self.refrain)),
            )
        item: dict[str, Any] = {modality: name}
        if self.chance(15):
            item["by"] = self.pick(ACTORS)
        if self.chance(20):
            item["within"] = self.pick(["immediately", "same_day", "2 working days", "PT24H"])
        return item

    def actions(self, least: int) -> dict[str, Any]:
        """Draw the `actions` of an entry, or none."""
        items: list[dict[str, Any]] = []
        for item in [self.action() for _ in range(self.pick([0, 1, 1, 2]) or least)]:
            if not any(set(item.items()) & set(other.items()) for other in items):
                items.append(item)
        return {"actions": items} if items else {}

    def stronger_actions(self, least: int) -> dict[str, Any]:
        """Draw actions that are nothing weaker or later than what a strengthened rule may say."""
        found = self.actions(least)
        for item in found.get("actions", []):
            item.pop("within", None)
            for weaker, stronger in (("may", "must"), ("should", "must"), ("should_not", "must_not")):
                if weaker in item:
                    item[stronger] = item.pop(weaker)
        return found

    def effects(self) -> dict[str, Any]:
        """Draw an outcome, actions or both."""
        if self.chance(75):
            return {"outcome": self.pick(self.scale[1:])} | self.actions(0)
        return self.actions(1)

    def rule(self, name: str) -> dict[str, Any]:
        """Draw one rule."""
        if_unknown = self.pick(["ask", "ask", "presume_if_partly_met", "presume_if_partly_met", "presume_met"])
        rule: dict[str, Any] = {"title": f"Rule {name}", "when": self.condition()}
        if self.chance(20):
            rule["given"] = self.condition(1)
        if self.chance(25):
            rule["unless"] = self.condition(1)
        if if_unknown == "presume_if_partly_met" and ("unless" not in rule or self.chance(40)):
            rule["when"] = self.condition_with_limbs(mixed="unless" in rule)
        if if_unknown != "ask" or self.chance(20):
            rule["if_unknown"] = if_unknown
        return rule | self.effects() | {"because": "It protects children.", "cite": self.cite(name)}

    def table(self, name: str) -> dict[str, Any] | None:
        """Draw a decision table whose rows differ in the first column, or None where no fact serves."""
        first = [fact for fact, declared in self.visible.items() if declared["type"] in {"boolean", "choice"}]
        second = [fact for fact, declared in self.visible.items() if declared["type"] != "choices"]
        if not first or len(set(first + second)) < 2:  # noqa: PLR2004  two columns
            return None
        column = self.pick(first)
        other = self.pick([fact for fact in second if fact != column])
        values = [True, False] if self.visible[column]["type"] == "boolean" else list(self.visible[column]["values"])
        if_unknown = self.pick(["ask", "ask", "ask", "presume_met", "presume_if_partly_met"])
        rows = []
        for number, value in enumerate(values[:2]):
            cell = "-" if self.chance(30) and if_unknown != "presume_if_partly_met" else self.test(other)[other]
            because = {"because": "It is so.", "cite": self.cite(f"{name}/row-{number}")}
            rows.append({"row": f"row-{number}", column: value, other: cell} | self.effects() | because)
        table: dict[str, Any] = {"title": "A table", "facts": [column, other], "rows": rows}
        if if_unknown != "ask":
            table["if_unknown"] = if_unknown
        if self.chance(20):
            table["given"] = self.condition(1)
        return table

    def standing(self) -> list[dict[str, Any]]:
        """Draw standing entries of the three kinds."""
        entries: list[dict[str, Any]] = []
        for kind in self.some(["always", "at_least", "at_least", "when_outcome"], 0, 3):
            entry: dict[str, Any] = {kind: {"always": True, "when_outcome": self.scale[0]}.get(kind) or self.pick(self.scale[1:])}
            entry["id"] = f"{kind.replace('_', '-')}-{len(entries)}"
            entry |= self.actions(1)
            entries.append(entry | {"because": "It follows.", "cite": self.cite(f"standing/{entry['id']}")})
        return entries

    def define(self) -> None:
        """Draw definitions, some with limbs, some over others."""
        for number in range(self.pick([0, 1, 1, 2])):
            name = f"d{number}"
            if self.chance(70):
                self.definitions[name] = self.condition_with_limbs()
                self.with_limbs.append(name)
                if "all" in self.definitions[name]:
                    self.with_all.append(name)
            else:
                self.definitions[name] = self.condition(1)

    def rules_document(self, most: int) -> dict[str, Any]:
        """Draw definitions, rules, a table and standing entries."""
        self.define()
        document: dict[str, Any] = {"rules": {f"r{n}": self.rule(f"r{n}") for n in range(self.pick(range(min(3, most), most + 1)))}}
        if self.chance(25) and (table := self.table("t")):
            document["tables"] = {"t": table}
        if self.definitions:
            document["definitions"] = self.definitions
        if standing := self.standing():
            document["standing"] = standing
        return document

    def statements_document(self) -> dict[str, Any]:
        """Write the register."""
        source = {"title": "Guidance", "publisher": "A publisher", "in_force": {"from": "2024-01-01"}}
        return {"sources": {f"{self.name}-guidance": source}, "statements": self.statements}
