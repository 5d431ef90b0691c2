"""Hypothesis strategies for plain-data packs, stacks of layers, and facts.

Packs are valid documents of the published language (statements list citations both ways), built so that loading rarely rejects them: an action
belongs to the family that protects by doing (`must`, `should`, `may`) or to the one that protects by refraining (`must_not`, `should_not` and, in the
top pack, `may`), so that duties never conflict; layers only strengthen. Sizes are small: the reference enumerates every complete case. What the
generated cases hold is counted in `test_shares.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from hypothesis import assume
from hypothesis import strategies as st

from tests.reference.cases import NOT_APPLICABLE, complete_cases

if TYPE_CHECKING:
    from collections.abc import Sequence

Pack = dict[str, Any]
Stack = list[Pack]

SCALE = ["manage", "review", "refer", "police"]
NAMES = ["top", "area", "school"]
RANKS = ["national", "local", "setting"]
ACTORS = ["dsl", "headteacher", "other_staff", "setting"]
DO = {"act_a": "dsl", "act_b": "headteacher", "act_c": "dsl"}
REFRAIN = {"ban_a": "dsl", "ban_b": "setting"}


@dataclass(frozen=True)
class Size:
    """How large a generated stack may be; `cases` bounds the product of the domains."""

    facts: int = 6
    rules: int = 7
    cases: int = 700


NORMAL = Size()
SMALL = Size(facts=5, rules=5, cases=100)  # for questions, where the reference looks at every extension


@dataclass
class Writer:
    """Writes one pack: draws, and keeps the register of statements."""

    draw: Any
    name: str
    number: int
    visible: dict[str, dict[str, Any]]  # the facts a condition may mention, those from above first
    thresholds: dict[str, list[int]]
    statements: dict[str, dict[str, Any]] = field(default_factory=dict)
    definitions: dict[str, Any] = field(default_factory=dict)
    with_limbs: list[str] = field(default_factory=list)  # definitions whose shape gives limbs
    with_all: list[str] = field(default_factory=list)  # those that are an `all`

    def chance(self, percent: int) -> bool:
        """Draw true in so many of a hundred draws (steps of five)."""
        return bool(self.draw(st.sampled_from([False] * ((100 - percent) // 5) + [True] * (percent // 5))))

    def pick(self, options: Sequence[Any]) -> Any:
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
            modality, name = self.pick(["must", "should", "should", "may"]), self.pick(list(DO))
        else:
            modality, name = self.pick(["must_not", "must_not", "should_not", *([] if self.number else ["may", "may"])]), self.pick(list(REFRAIN))
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
            return {"outcome": self.pick(SCALE[1:])} | self.actions(0)
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
        if not first or len(set(first + second)) < 2:
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
            entry: dict[str, Any] = {kind: {"always": True, "when_outcome": SCALE[0]}.get(kind) or self.pick(SCALE[1:])}
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


# --------------------------------------------------------------------------------------------------------------------- packs


def manifest(name: str, number: int) -> dict[str, Any]:
    """Write what every manifest needs."""
    extends = {"extends": {"pack": NAMES[number - 1], "version": "1"}} if number else {}
    return {
        "pack": name,
        "version": "1",
        "title": f"The {name} pack",
        "publisher": "A publisher",
        "jurisdiction": "England",
        "layer": RANKS[number],
        "language": "1",
        "status": "draft",
        "in_force": {"from": "2024-01-01"},
        "licence": "CC0-1.0",
        "review_by": "2099-01-01",
        "sign_off": {"by": "none yet"},
    } | extends


def declare_facts(writer: Writer, prefix: str, least: int, most: int, budget: int) -> dict[str, dict[str, Any]]:
    """Draw declarations, as long as the number of complete cases stays within the budget."""
    declared: dict[str, dict[str, Any]] = {}
    for number in range(writer.pick(range(least, most + 1))):
        name = f"{prefix}{number}"
        kind = writer.pick(["boolean", "boolean", "boolean", "boolean", "integer", "choice", "choices"])
        size = {"boolean": 2, "integer": 6, "choice": 4, "choices": 4}[kind]
        if size > budget:
            kind, size = "boolean", 2
        if size > budget:
            break
        budget //= size
        fact: dict[str, Any] = {"type": kind, "question": f"Is {name} so?"}
        if kind == "integer":
            fact |= {"at_least": 0, "at_most": 20, "unit": "years"}
            writer.thresholds[name] = sorted(writer.draw(st.lists(st.integers(1, 19), min_size=2, max_size=2, unique=True)))
        elif kind != "boolean":
            values = ["red", "blue", "green"][: 3 if kind == "choice" and writer.chance(60) else 2]
            fact["values"] = values if writer.chance(30) else {value: value.title() for value in values}
        if writer.visible and writer.chance(30):
            fact["applies_when"] = (
                writer.condition(1) if writer.chance(30) and not writer.definitions else writer.test(writer.pick(list(writer.visible)))
            )
        declared[name] = writer.visible[name] = fact
    return declared


def draw_implications(writer: Writer, own: Sequence[str], percent: int) -> list[dict[str, Any]]:
    """Draw implications between a pack's own facts: single ones and chains, earlier facts to later ones."""
    if len(own) < 2 or not writer.chance(percent):
        return []
    chain = sorted(writer.some(own, 2, 3))
    written = []
    for one, other in pairwise(chain):
        if_, then = (
            (writer.test(one), writer.test(other))
            if writer.chance(80)
            else ({"any": [writer.test(one), writer.test(one)]}, {"not": writer.test(other)})
        )
        written.append({"if": if_, "then": then, "because": "One follows from the other.", "cite": writer.cite("implications")})
    return written


def write_top(draw: Any, size: Size) -> tuple[Pack, Writer]:
    """Draw the national pack."""
    writer = Writer(draw, NAMES[0], 0, {}, {})
    facts = declare_facts(writer, "f", 3, size.facts, size.cases)
    implications = draw_implications(writer, list(facts), 35)
    outcomes = {
        name: {"title": name.title(), "meaning": f"What {name} means.", "because": "The scale says so.", "cite": writer.cite(f"outcomes/{name}")}
        for name in SCALE
    }
    unsettled = {
        "outcome": writer.pick([*SCALE[1:3], SCALE[1]]),
        "because": "Not enough is known.",
        "cite": writer.cite("when_unsettled"),
    } | writer.actions(0)
    return {
        "pack.yaml": manifest(NAMES[0], 0) | {"outcomes": outcomes, "when_unsettled": unsettled},
        "facts.yaml": {"facts": facts} | ({"implications": implications} if implications else {}),
        "actions.yaml": {
            "actions": {
                name: {"title": name, "meaning": f"What {name} means.", "by": by, "protects": protects, "contradicts": []}
                for protects, family in (("do", DO), ("refrain", REFRAIN))
                for name, by in family.items()
            }
        },
        "rules/top.yaml": writer.rules_document(size.rules),
        "statements.yaml": writer.statements_document(),
    }, writer


def write_layer(above: Stack, writer_above: Writer, size: Size, budget: int) -> tuple[Pack, Writer]:
    """Draw a layer that only strengthens what stands above it."""
    number = len(above)
    name = NAMES[number]
    writer = Writer(writer_above.draw, name, number, dict(writer_above.visible), dict(writer_above.thresholds))
    facts = declare_facts(writer, "gh"[number - 1], 0, 2, budget)
    implications = draw_implications(writer, list(facts), 50)
    document = writer.rules_document(max(1, size.rules // 3))
    if strengthens := draw_strengthens(writer, above):
        document["strengthens"] = strengthens
    header = manifest(name, number)
    if writer.chance(25):
        floor = max(SCALE.index(pack["pack.yaml"].get("when_unsettled", {"outcome": SCALE[0]})["outcome"]) for pack in above)
        because = {"because": "We hold more carefully.", "cite": writer.cite("when_unsettled")}
        header["when_unsettled"] = {"outcome": writer.pick(SCALE[floor:])} | because | writer.actions(0)
    pack: Pack = {"pack.yaml": header, f"rules/{name}.yaml": document, "statements.yaml": writer.statements_document()}
    if facts:
        pack["facts.yaml"] = {"facts": facts} | ({"implications": implications} if implications else {})
    return pack, writer


def draw_strengthens(writer: Writer, above: Stack) -> dict[str, Any]:
    """Draw rules from above to strengthen: a higher outcome, more actions, or both."""
    outcomes: dict[str, int] = {}
    for pack in above:
        for path, document in pack.items():
            if path.startswith("rules/"):
                for name, rule in all_rules(document).items():
                    outcomes[f"{pack['pack.yaml']['pack']}/{name}"] = SCALE.index(rule.get("outcome", SCALE[0]))
        for path, document in pack.items():
            if path.startswith("rules/"):
                for name, stronger in document.get("strengthens", {}).items():
                    outcomes[name] = max(outcomes[name], SCALE.index(stronger.get("outcome", SCALE[0])))
    found = {}
    for name in writer.some(list(outcomes), 0, 2):
        higher = SCALE[outcomes[name] + 1 :]
        raised = {"outcome": writer.pick(higher)} if higher and writer.chance(80) else {}
        found[name] = raised | writer.stronger_actions(0 if raised else 1) | {"because": "Locally we do more.", "cite": writer.cite(name)}
    return found


def all_rules(document: dict[str, Any]) -> dict[str, Any]:
    """List the rules and table rows of a rules document by their id in the pack."""
    rows = {f"{name}/{row['row']}": row for name, table in document.get("tables", {}).items() for row in table["rows"]}
    return {**document.get("rules", {}), **rows}


@st.composite
def stacks(draw: Any, size: Size = NORMAL, layers: Sequence[int] = (0, 0, 1, 1, 2)) -> Stack:
    """Draw a stack that has a complete case."""
    pack, writer = write_top(draw, size)
    stack = [pack]
    for _ in range(draw(st.sampled_from(list(layers)))):
        budget = size.cases // max(1, len(complete_cases(stack)[1]))
        pack, writer = write_layer(stack, writer, size, budget)
        stack.append(pack)
    cases = complete_cases(stack)[1]
    assume(0 < len(cases) <= 2 * size.cases)
    return stack


# --------------------------------------------------------------------------------------------------------------------- facts


def known_as(draw: Any, declared: dict[str, Any], value: Any) -> Any:
    """Draw what is known of a fact that has this value: the value, or a test that holds of it."""
    exact = draw(st.sampled_from([True, True, True, True, False]))
    if declared["type"] == "choices":
        values = list(declared["values"])
        included = sorted(draw(st.sets(st.sampled_from(sorted(value))))) if value else []
        tests = [{"includes" if one in value else "excludes": one} for one in values]
        return {"only": sorted(value)} if exact else draw(st.sampled_from([included, *tests]))
    if declared["type"] == "boolean":
        return value if exact else {"is_not": not value}
    if declared["type"] == "integer":
        if value == NOT_APPLICABLE:
            return None if exact else {"is_not": draw(st.integers(0, 20))}
        low, high = draw(st.integers(0, value)), draw(st.integers(value, 20))
        return (
            value
            if exact
            else draw(st.sampled_from([{"at_least": low}, {"at_most": high}, {"one_of": sorted({low, value})}, {"below": min(20, high + 1)}]))
        )
    others = [one for one in declared["values"] if one != value]
    if value == NOT_APPLICABLE:
        return None if exact else {"none_of": others[:1]}
    return value if exact else draw(st.sampled_from([{"one_of": sorted([value, others[0]])}, {"none_of": others[:1]}, {"is_not": others[-1]}]))


@st.composite
def complete_facts(draw: Any, stack: Stack) -> dict[str, Any]:
    """Draw the facts of one complete case (a fact that does not apply is left out)."""
    policy, cases = complete_cases(stack)
    case = cases[draw(st.integers(0, len(cases) - 1))]
    return {
        name: {"only": sorted(value)} if isinstance(value, frozenset) else value
        for name, value in case.items()
        if value != NOT_APPLICABLE and name in policy.facts
    }


@st.composite
def consistent_facts(draw: Any, stack: Stack) -> dict[str, Any]:
    """Draw part of what is true of one complete case; the rest is left out or null."""
    policy, cases = complete_cases(stack)
    case = cases[draw(st.integers(0, len(cases) - 1))]
    known = draw(st.sampled_from([0, 2, 3, 4, 5, 6, 8]))
    facts: dict[str, Any] = {}
    for name, value in case.items():
        if draw(st.integers(1, 10)) <= known:
            facts[name] = known_as(draw, policy.facts[name].declaration, value)
        elif draw(st.integers(1, 10)) == 1:
            facts[name] = None
    return facts


@st.composite
def any_facts(draw: Any, stack: Stack) -> dict[str, Any]:
    """Draw facts one by one from their domains; they may contradict."""
    policy, cases = complete_cases(stack)
    facts: dict[str, Any] = {}
    for name, fact in policy.facts.items():
        values = [value for value in dict.fromkeys(case[name] for case in cases) if value != NOT_APPLICABLE]
        if values and draw(st.integers(1, 10)) <= 9:
            facts[name] = known_as(draw, fact.declaration, draw(st.sampled_from(values)))
    return facts


@st.composite
def scenarios(draw: Any, size: Size = NORMAL, layers: Sequence[int] = (0, 0, 1, 1, 2)) -> tuple[Stack, dict[str, Any]]:
    """Draw a stack and the facts of a case: mostly partial, sometimes complete, sometimes contradicting."""
    stack = draw(stacks(size, layers))
    kind = draw(st.sampled_from([consistent_facts] * 7 + [complete_facts, any_facts, any_facts]))
    return stack, draw(kind(stack))
