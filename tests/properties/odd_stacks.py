"""Stacks of shapes that `strategies.py` draws seldom or never, each from one seed: `odd_stack(seed)` gives the same stack for ever.

Each stack has a mood, drawn first, that makes some shapes common in it and leaves others out: two outcomes or eight; facts known by long lists and
by ranges that touch and overlap; values tied four deep; implications in circles, with negations, with many literals; every action demanded here and
forbidden there; several layers that strengthen one rule with deadlines; standing duties from every rank; files with nothing in them. Loading refuses
some of the stacks (conflicts, mostly); `odd_stacks` gives those that load.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from safeguarding_rules import Engine, PackError
from safeguarding_rules.testing.pack_documents import NAMES, manifest
from tests.properties import odd_extras as extras
from tests.properties.engines import load
from tests.reference.cases import complete_cases

Stack = list[dict[str, Any]]
Condition = dict[str, Any]

ACTORS = ["dsl", "headteacher", "other_staff", "setting"]
WITHIN = ["immediately", "PT2H", "same_day", "1 working day", "2 working days", "P1D", "PT24H", "P1M"]
CLOCKS = ["known", "told"]
ACTIONS = {"act_a": ("dsl", "do"), "act_b": ("headteacher", "do"), "ban_a": ("dsl", "refrain"), "ban_b": ("setting", "refrain")}
ROUTES = ["first_list", "second_list"]
BOUNDS = [(0, 20), (0, 1), (5, 5), (-3, 4), (0, 100_000)]
STATEMENT = {"section": "s1", "binds": "DSL", "text": "Something.", "strength": "should", "force": "advice", "checked": "recalled"}


@dataclass
class Mood:
    """What is common in one stack; percentages, but for the scale and the most complete cases."""

    chance: random.Random
    cases: int

    def __post_init__(self) -> None:
        pick = self.chance.choice
        self.scale = ["manage", *(f"step-{n}" for n in range(1, pick([2, 3, 4, 4, 8])))]
        self.kinds = pick([["boolean"], ["boolean", "choice"], ["integer"], ["choices"], ["boolean", "integer", "choice", "choices"], ["choice"]])
        self.layers = pick([0, 0, 1, 1, 2])
        self.ties = pick([0, 20, 60, 95])
        self.implications = pick([0, 0, 1, 2, 4, 6])
        self.literals = pick([1, 1, 2, 3])  # in each side of an implication
        self.depth = pick([1, 2, 3])
        self.unless = pick([0, 30, 80])
        self.given = pick([0, 20, 60])
        self.presumed = pick([0, 40, 90])
        self.outcomes = pick([30, 70, 100])
        self.opposed = pick([0, 0, 30])  # each action both demanded and forbidden
        self.deadlines = pick([0, 50, 90])
        self.until = pick([0, 40])
        self.standing = pick([0, 1, 3, 6])
        self.rules = pick([0, 2, 4, 6, 9])
        self.strengthens = pick([0, 1, 3])
        self.constants = pick([0, 0, 10])  # `always`, in conditions
        self.actions = 4  # so many of the actions are spoken of

    def happens(self, percent: int) -> bool:
        return self.chance.randrange(100) < percent


@dataclass
class Draft:
    """One pack being written."""

    mood: Mood
    number: int
    facts: dict[str, dict[str, Any]]  # those a condition may name, from above too
    actions: dict[str, tuple[str, str]]
    definitions: dict[str, Condition] = field(default_factory=dict)

    # -- conditions -----------------------------------------------------------------------------------------------------------------

    def test(self, name: str) -> Condition:
        """Draw one test of a fact: every test there is, thresholds at and beside the bounds too."""
        declared, chance = self.facts[name], self.mood.chance
        if declared["type"] == "integer":
            return {name: number_test(chance, declared)}
        if declared["type"] == "boolean":
            return {name: chance.choice([True, True, False, {"is_not": True}, {"is_not": False}, {"one_of": [True]}, {"none_of": [True]}])}
        values = list(declared["values"])
        one, some = chance.choice(values), chance.sample(values, chance.randint(1, len(values)))
        if declared["type"] == "choice":
            return {name: chance.choice([one, {"is_not": one}, {"one_of": some}, {"none_of": some}])}
        return {name: chance.choice([{"includes": one}, {"excludes": one}, {"includes_any": some}, {"includes_all": some}])}

    def tests(self, count: int) -> list[Condition]:
        names = list(self.facts)
        return [self.test(self.mood.chance.choice(names)) for _ in range(count)]

    def condition(self, depth: int | None = None) -> Condition:
        """Draw a condition of any shape."""
        mood = self.mood
        depth = mood.depth if depth is None else depth
        if not self.facts or mood.happens(mood.constants):
            return mood.chance.choice([{"always": True}, {"not": {"always": True}}]) if self.facts else {"always": True}
        shape = mood.chance.choice(["test", "all", "any", "not", "defined"]) if depth else "test"
        if shape == "defined" and self.definitions:
            return {"defined": mood.chance.choice(list(self.definitions))}
        if shape == "not":
            return {"not": self.condition(depth - 1)}
        if shape in {"all", "any"}:
            return {shape: [self.condition(depth - 1) for _ in range(mood.chance.randint(1, 3))]}
        return self.test(mood.chance.choice(list(self.facts)))

    def with_limbs(self) -> Condition:
        """Draw a `when` that has limbs throughout."""
        chance = self.mood.chance

        def everything() -> Condition:
            return {"all": [self.condition(1) for _ in range(chance.randint(1, 3))]}

        return everything() if chance.random() < 0.5 else {"any": [everything() for _ in range(chance.randint(1, 3))]}

    # -- facts ----------------------------------------------------------------------------------------------------------------------

    def declare(self, prefix: str, most: int, budget: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Draw facts, each perhaps tied to those before it, and what follows from what among them."""
        mood, own = self.mood, dict[str, dict[str, Any]]()
        for n in range(mood.chance.randint(0 if self.number else mood.chance.choice([1, 3, 4]), most)):
            name, declared, size = f"{prefix}{n}", *fact(mood)
            if size > budget:
                declared, size = {"type": "boolean"}, 2
            if size > budget:
                break
            budget //= size
            earlier = self.facts
            if own and mood.ties > 50:  # chains: lean on the fact before
                earlier = {list(own)[-1]: own[list(own)[-1]]}
            if earlier and mood.happens(mood.ties):
                leaning = Draft(mood, self.number, earlier, {})
                declared["applies_when"] = leaning.condition(mood.chance.choice([0, 0, 0, 1, 2]))
            own[name] = self.facts[name] = declared | {"question": f"Is {name} so?"}
        if not own:
            return own, []
        inner = Draft(mood, self.number, own, {})
        return own, [{"if": inner.side("all"), "then": inner.side("any")} for _ in range(mood.implications)]

    def side(self, kind: str) -> Condition:
        """Draw one side of an implication."""
        mood = self.mood
        if mood.happens(5):
            return {"always": True} if kind == "all" else self.tests(1)[0]
        count = mood.chance.randint(1, mood.literals)
        found = self.tests(count)[0] if count == 1 else {kind: self.tests(count)}
        return {"not": found} if mood.happens(25) else found

    # -- duties ---------------------------------------------------------------------------------------------------------------------

    def item(self) -> dict[str, Any]:
        """Draw one action item."""
        mood, chance = self.mood, self.mood.chance
        name = chance.choice([*list(ACTIONS)[: mood.actions], *(name for name in self.actions if name not in ACTIONS)])
        positive = self.actions[name][1] == "do"
        if mood.happens(mood.opposed) and (positive or not self.number):
            positive = not positive
        modality = chance.choice(["must", "should", "may"] if positive else ["must_not", "should_not"])
        if not positive and not self.number and mood.happens(25):
            modality = "may"
        item: dict[str, Any] = {modality: name}
        if mood.happens(20):
            item["by"] = chance.choice(ACTORS)
        if mood.happens(mood.deadlines):
            item["within"] = chance.choice(WITHIN)
            if mood.happens(30):
                item["from"] = chance.choice(CLOCKS)
        if mood.happens(mood.until) and (not self.number or name.startswith("own")):
            item["until"] = chance.choice(["it is over", "told otherwise"])
        return item

    def items(self, least: int) -> dict[str, Any]:
        found: list[dict[str, Any]] = []
        for _ in range(max(least, self.mood.chance.choice([0, 1, 1, 2, 3]))):
            item = self.item()
            if not any(side_of(item) == side_of(other) for other in found):
                found.append(item)
        return {"actions": found} if found else {}

    def rule(self) -> dict[str, Any]:
        """Draw one rule."""
        mood = self.mood
        rule: dict[str, Any] = {"when": self.condition()}
        if mood.happens(mood.given):
            rule["given"] = self.condition()
        if mood.happens(mood.unless):
            rule["unless"] = self.condition()
        if mood.happens(mood.presumed):
            rule["if_unknown"] = mood.chance.choice(["presume_met", "presume_if_partly_met", "presume_if_partly_met"])
            if rule["if_unknown"] == "presume_if_partly_met" and ("unless" not in rule or mood.happens(50)):
                rule["when"] = self.with_limbs()
        gives_outcome = mood.happens(mood.outcomes)
        if gives_outcome:
            rule["outcome"] = mood.chance.choice(mood.scale if mood.happens(5) else mood.scale[1:])
        return rule | self.items(0 if gives_outcome else 1)

    def standing(self) -> list[dict[str, Any]]:
        """Draw standing entries: of every kind, from every rank."""
        mood = self.mood
        entries: list[dict[str, Any]] = []
        for n in range(mood.chance.randint(0, mood.standing)):
            kind = mood.chance.choice(["always", "at_least", "at_least", "when_outcome"])
            wanted = {"always": True, "when_outcome": mood.scale[0]}.get(kind) or mood.chance.choice(mood.scale)
            entries.append({kind: wanted, "id": f"s{n}"} | self.items(1))
        return entries


def side_of(item: dict[str, Any]) -> tuple[Any, ...]:
    """The action, who does it, and in which direction an item points."""
    modality = next(iter(item))
    return item[modality], item.get("by"), modality.endswith("_not")


def number_test(chance: random.Random, declared: dict[str, Any]) -> Any:
    """Draw a test of an integer; thresholds crowd together."""
    low, high = declared["at_least"], declared["at_most"]
    marks = sorted({n for n in (low, low + 1, 3, 4, 5, high - 1, high) if low <= n <= high})
    one, some = chance.choice(marks), chance.sample(marks, chance.randint(1, min(4, len(marks))))
    order = {chance.choice(["below", "at_most", "at_least", "above"]): one}
    return chance.choice([order, order, order, one, {"is_not": one}, {"one_of": some}, {"none_of": some}])


def fact(mood: Mood) -> tuple[dict[str, Any], int]:
    """Draw a declaration, and about how many values it will have."""
    kind = mood.chance.choice(mood.kinds)
    if kind == "boolean":
        return {"type": kind}, 2
    if kind == "integer":
        low, high = mood.chance.choice(BOUNDS)
        return {"type": kind, "at_least": low, "at_most": high, "unit": "years"}, min(high - low + 1, 7)
    values = ["red", "blue", "green", "black"][: mood.chance.choice([1, 2, 3, 3, 4])]
    return {"type": kind, "values": values}, len(values) + 1 if kind == "choice" else 2 ** len(values)


# -- packs --------------------------------------------------------------------------------------------------------------------------------


def finished(draft: Draft, facts: dict[str, Any], implications: list[Any], document: dict[str, Any], unsettled: dict[str, Any]) -> dict[str, Any]:
    """A pack of what was drawn: titles, reasons, citations and the register are filled in."""
    name = NAMES[draft.number]
    cite = {"because": "It is so.", "cite": [f"{name.upper()}-S-1"]}
    header: dict[str, Any] = manifest(name, draft.number)
    targets = [*document.get("rules", {}), *document.get("strengthens", {}), *(f"standing/{one['id']}" for one in document.get("standing", []))]
    for grid_name, grid in document.get("tables", {}).items():
        targets += [f"{grid_name}/{row['row']}" for row in grid["rows"]]
        grid["rows"] = [row | cite for row in grid["rows"]]
    for section in ("rules", "strengthens"):
        for rule in document.get(section, {}):
            document[section][rule] |= cite | ({"title": f"Rule {rule}"} if section == "rules" else {})
    document["standing"] = [entry | cite for entry in document.get("standing", [])]
    if unsettled:
        header["when_unsettled"] = unsettled | cite
        targets.append("when_unsettled")
    if not draft.number:
        header["outcomes"] = {outcome: {"title": outcome, "meaning": outcome} | cite for outcome in draft.mood.scale}
        targets += [f"outcomes/{outcome}" for outcome in draft.mood.scale]
    files: dict[str, Any] = {"pack.yaml": header}
    own = {action: one for action, one in draft.actions.items() if not draft.number or action.startswith(f"own_{name}")}
    files["actions.yaml"] = {"actions": {a: {"title": a, "meaning": a, "by": by, "protects": protects} for a, (by, protects) in own.items()}}
    if implications:
        targets.append("implications")
    if facts:
        files["facts.yaml"] = {"facts": facts} | ({"implications": [one | cite for one in implications]} if implications else {})
    if kept := {section: content for section, content in document.items() if content}:
        files[f"rules/{name}.yaml"] = kept
    elif draft.mood.happens(50):
        files[f"rules/{name}.yaml"] = {"rules": {}}
    source = {f"{name}-guidance": {"title": "Guidance", "publisher": "A publisher"}}
    statement = STATEMENT | {"source": f"{name}-guidance", "encoded_by": targets}
    files["statements.yaml"] = {"sources": source, "statements": {f"{name.upper()}-S-1": statement} if targets else {}}
    return files


def odd_stack(seed: int, cases: int = 250, **mood_of: Any) -> Stack:
    """Write a stack, whether it can be loaded or not; `cases` is about the most complete cases it has, `mood_of` what its mood has to be."""
    mood = Mood(random.Random(seed), cases)
    vars(mood).update(mood_of)
    facts: dict[str, dict[str, Any]] = {}
    actions = dict(ACTIONS)
    stack: Stack = []
    rules: dict[str, int] = {}
    floor = 1
    for number in range(mood.layers + 1):
        if number:
            actions[f"own_{NAMES[number]}"] = (mood.chance.choice(ACTORS), mood.chance.choice(["do", "refrain"]))
        draft = Draft(mood, number, facts, dict(actions))
        share = cases if not mood.layers else max(2, int((2 * cases) ** (0.65 if not number else 0.35 / mood.layers)))
        own, implications = draft.declare("fgh"[number], 6 if not number else 2, share)
        for n in range(mood.chance.choice([0, 0, 1, 2])):
            draft.definitions[f"d{n}"] = draft.condition()
        count = mood.rules if not number else mood.chance.randint(0, 3)
        document: dict[str, Any] = {"definitions": draft.definitions, "rules": {f"r{n}": draft.rule() for n in range(count)}}
        document["standing"] = draft.standing()
        if number:
            document["strengthens"] = strengthened(draft, rules)
        extra = Draft(Mood(random.Random(f"{seed} {number} more"), cases), number, draft.facts, draft.actions, draft.definitions)
        extra.mood.__dict__.update({key: value for key, value in vars(mood).items() if key != "chance"})
        if draft.facts and extra.mood.happens(30):
            document["tables"] = {"t": extras.table(extra.mood.chance, draft.facts, extra.rule)}
        rules |= {f"{NAMES[number]}/{name}": mood.scale.index(rule.get("outcome", mood.scale[0])) for name, rule in document["rules"].items()}
        unsettled: dict[str, Any] = {}
        if not number or mood.happens(30):
            floor = mood.chance.randint(floor, len(mood.scale) - 1)
            unsettled = {"outcome": mood.scale[floor]} | draft.items(0)
        stack.append(finished(draft, own, implications, document, unsettled))
        if extra.mood.happens(40):
            stack[-1]["routes.yaml"] = extras.routes(extra.mood.chance, ROUTES[: 1 + (number == 0)], number, lambda extra=extra: extra.condition(1))  # type: ignore[misc]
            for action in ("act_a", "ban_b") if not number else ():
                stack[0]["actions.yaml"]["actions"][action]["route"] = ROUTES[action == "ban_b"]
    return stack


def strengthened(draft: Draft, rules: dict[str, int]) -> dict[str, Any]:
    """Draw rules from above to strengthen, those that were before included; raises their ranks in `rules`."""
    mood, found = draft.mood, dict[str, Any]()
    for name in mood.chance.sample(sorted(rules), min(mood.strengthens, len(rules))):
        higher = mood.scale[rules[name] + 1 :]
        raised = {"outcome": mood.chance.choice(higher)} if higher and mood.happens(70) else {}
        if raised:
            rules[name] = mood.scale.index(raised["outcome"])
        found[name] = raised | draft.items(0 if raised else 1)
        for item in found[name].get("actions", []):
            for weaker, stronger in (("may", "must"), ("should", "must"), ("should_not", "must_not")):
                if weaker in item and mood.happens(80):
                    item[stronger] = item.pop(weaker)
            item.pop("until", None)
            if "within" in item and mood.happens(80):
                item["within"] = "immediately"
    return found


REFUSED: list[tuple[int, list[str]]] = []
"""The seeds of stacks that loading refused, with the codes of the errors."""


def odd_stacks(start: int, cases: int = 250) -> Iterator[tuple[int, Stack, Engine]]:
    """The stacks that load, with their seeds, from a seed on."""
    seed = start
    while True:
        stack = odd_stack(seed, cases)
        try:
            engine = load(stack)
        except PackError as error:
            REFUSED.append((seed, sorted({one.code for one in error.diagnostics if one.severity == "error"})))
        else:
            if len(complete_cases(stack)[1]) <= 4 * cases:
                yield seed, stack, engine
        seed += 1


def some(start: int, count: int, cases: int = 250) -> Iterator[tuple[int, Stack, Engine]]:
    """So many of them."""
    return islice(odd_stacks(start, cases), count)


# -- facts of cases -----------------------------------------------------------------------------------------------------------------------


def odd_facts(chance: random.Random, stack: Stack, share: float) -> dict[str, Any]:
    """Draw what may be known of a case, whether the facts agree or not: each fact with probability `share`, by every kind of test."""
    declared = {name: one for pack in stack for name, one in pack.get("facts.yaml", {"facts": {}})["facts"].items()}
    found = {name: known(chance, one) for name, one in declared.items() if chance.random() < share}
    names = list(found)
    chance.shuffle(names)
    return {name: found[name] for name in names}


def known(chance: random.Random, declared: dict[str, Any]) -> Any:
    """Draw what may be known of one fact: a value half of the time, else a test, or null."""
    if declared["type"] == "integer":
        low, high = declared["at_least"], declared["at_most"]
        value = chance.choice([low, high, min(high, low + 4), chance.randint(low, min(high, 20))])
        return chance.choice([value, value, value, number_test(chance, declared), number_test(chance, declared), None])
    if declared["type"] == "boolean":
        value = chance.random() < 0.5
        return chance.choice([value, value, value, value, {"is_not": value}, {"one_of": [value]}, {"one_of": [True, False]}, None])
    values = list(declared["values"])
    one, some = chance.choice(values), chance.sample(values, chance.randint(1, len(values)))
    if declared["type"] == "choice":
        return chance.choice([one, one, one, {"is_not": one}, {"one_of": some}, {"none_of": some}, None])
    none: list[str] = []
    return chance.choice([{"only": some}, {"only": none}, some, none, {"includes": one}, {"excludes": one}, {"includes_all": some}, None])


def consistent(chance: random.Random, stack: Stack, share: float) -> dict[str, Any]:
    """Draw part of what is true of one complete case, by values and by tests that hold of them."""
    from tests.reference.cases import agrees  # noqa: PLC0415  beside its use

    policy, cases = complete_cases(stack)
    case = chance.choice(cases)
    found: dict[str, Any] = {}
    for name, value in case.items():
        for _ in range(8 if chance.random() < share else 0):
            tried = known(chance, policy.facts[name].declaration)
            if agrees(tried, value):
                found[name] = tried
                break
    return found
