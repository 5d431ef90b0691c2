"""Small stacks written by hand for clauses that generated stacks meet too seldom; `test_corners.py` decides them with all kinds of partial facts."""

from __future__ import annotations

from typing import Any

from safeguarding_rules.testing.pack_documents import manifest

SCALE = ["manage", "review", "refer", "police"]
NAMES = ["top", "area", "school"]
ACTIONS = {"act_a": ("dsl", "do"), "act_b": ("headteacher", "do"), "ban_a": ("dsl", "refrain"), "ban_b": ("setting", "refrain")}
STATEMENT = {"section": "s1", "binds": "DSL", "text": "Something.", "strength": "should", "force": "advice", "checked": "recalled"}
YES_NO = {"type": "boolean"}


def boolean(**more: Any) -> dict[str, Any]:
    return YES_NO | more


def integer(**more: Any) -> dict[str, Any]:
    return {"type": "integer", "at_least": 0, "at_most": 20, "unit": "years"} | more


def choice(*values: str, **more: Any) -> dict[str, Any]:
    return {"type": "choice", "values": list(values)} | more


def choices(*values: str, **more: Any) -> dict[str, Any]:
    return {"type": "choices", "values": list(values)} | more


def pack(number: int, facts: dict[str, Any], rules: dict[str, Any], unsettled: dict[str, Any] | None = None, **document: Any) -> dict[str, Any]:
    """Write one pack; titles, reasons, citations and the register are filled in. `implications` are pairs."""
    name = NAMES[number]
    cite = {"because": "It is so.", "cite": [f"{name.upper()}-S-1"]}
    implications = [{"if": if_, "then": then} | cite for if_, then in document.pop("implications", [])]
    written: dict[str, Any] = {"rules": {rule: {"title": f"Rule {rule}"} | content | cite for rule, content in rules.items()}}
    if "strengthens" in document:
        document["strengthens"] = {rule: content | cite for rule, content in document["strengthens"].items()}
    if "standing" in document:
        document["standing"] = [{"id": f"s{n}"} | entry | cite for n, entry in enumerate(document["standing"])]
    targets = [*rules, *(f"standing/s{n}" for n in range(len(document.get("standing", [])))), *document.get("strengthens", {})]
    header = manifest(name, number)
    files: dict[str, Any] = {"pack.yaml": header, f"rules/{name}.yaml": written | document}
    if number == 0:
        header["outcomes"] = {outcome: {"title": outcome, "meaning": outcome} | cite for outcome in SCALE}
        targets += [f"outcomes/{outcome}" for outcome in SCALE]
        files["actions.yaml"] = {
            "actions": {a: {"title": a, "meaning": a, "by": by, "protects": p, "contradicts": []} for a, (by, p) in ACTIONS.items()}
        }
    if number == 0 or unsettled:
        header["when_unsettled"] = (unsettled or {"outcome": "review"}) | cite
        targets.append("when_unsettled")
    if facts:
        files["facts.yaml"] = {"facts": {fact: {"question": f"Is {fact} so?"} | content for fact, content in facts.items()}}
        if implications:
            files["facts.yaml"]["implications"] = implications
            targets.append("implications")
    statement = STATEMENT | {"source": f"{name}-guidance", "encoded_by": targets}
    files["statements.yaml"] = {
        "sources": {f"{name}-guidance": {"title": "Guidance", "publisher": "A publisher"}},
        "statements": {f"{name.upper()}-S-1": statement},
    }
    return files


A, B, C, D = ({fact: True} for fact in "abcd")
PARTLY = {"if_unknown": "presume_if_partly_met"}
MET = {"if_unknown": "presume_met"}


def gives(*items: dict[str, str]) -> dict[str, Any]:
    return {"actions": list(items)}


CORNERS: dict[str, list[dict[str, Any]]] = {
    "limbs": [
        pack(
            0,
            dict.fromkeys("abcd", YES_NO),
            {
                "whole": {"given": C, "when": A, "unless": B, "outcome": "police"} | PARTLY,
                "nested": {"when": {"all": [{"all": [A, {"defined": "pair"}]}, {"any": [C, D]}]}, "outcome": "refer"} | PARTLY,
                "either": {"given": D, "when": {"any": [{"all": [A, B]}, {"defined": "pair"}]}, "outcome": "refer"} | PARTLY,
                "mixed": {"given": D, "when": {"any": [A, {"all": [B, {"not": C}]}]}, "unless": {"all": [C, D]}} | PARTLY | gives({"must": "act_a"}),
            },
            definitions={"pair": {"all": [B, {"not": {"all": [C, D]}}]}},
        )
    ],
    "joint": [
        pack(
            0,
            dict.fromkeys("abc", YES_NO),
            {
                "r": {"when": A, "outcome": "refer"} | gives({"must": "act_a"}, {"must_not": "ban_a"}),
                "s": {"when": {"a": False}, "outcome": "refer"} | gives({"should": "act_a"}),
                "t": {"when": B, "outcome": "police"} | gives({"should": "act_a", "by": "other_staff"}, {"must": "act_a", "by": "other_staff"}),
                "u": {"when": {"any": [{"all": [A, C]}, {"all": [{"a": False}, C]}]}} | gives({"must": "act_b"}),
            },
        )
    ],
    "may": [
        pack(
            0,
            dict.fromkeys("abc", YES_NO),
            {
                "r": {"when": {"all": [A, B]}} | PARTLY | gives({"may": "ban_a"}, {"may": "act_a"}),
                "s": {"when": B} | gives({"must_not": "ban_a"}),
                "t": {"when": C} | MET | gives({"should_not": "ban_b"}, {"should": "act_b"}),
                "u": {"when": C, "outcome": "review"} | gives({"must": "act_b"}),
            },
            standing=[{"always": True} | gives({"may": "ban_b"}, {"may": "act_b"})],
        )
    ],
    "unsettled": [
        pack(
            0,
            dict.fromkeys("ab", YES_NO),
            {"r": {"when": A, "outcome": "police"}, "s": {"when": {"all": [A, B]}} | gives({"must_not": "ban_a"})},
            {"outcome": "review"} | gives({"should": "act_a"}, {"may": "ban_a"}),
            standing=[
                {"at_least": "review"} | gives({"should": "act_b"}),
                {"at_least": "police"} | gives({"must": "act_b"}),
                {"when_outcome": "manage"} | gives({"may": "act_b"}, {"should": "act_b", "by": "dsl"}),
            ],
        ),
        pack(
            1,
            {"g": YES_NO},
            {"r": {"when": {"g": True}, "outcome": "review"}},
            {"outcome": "refer"} | gives({"must": "act_a", "by": "other_staff"}),
            strengthens={"top/s": {"outcome": "refer"} | gives({"must": "act_b", "by": "dsl"})},
        ),
    ],
    "applies": [
        pack(
            0,
            {
                "a": YES_NO,
                "n": integer(applies_when=A),
                "o": choice("red", "blue", "green", applies_when={"n": {"above": 4}}),
                "m": choices("red", "blue", applies_when={"o": {"is_not": "red"}}),
            },
            {
                "r": {"when": {"n": {"at_most": 12}}, "outcome": "refer"},
                "s": {"when": {"n": {"none_of": [3, 7]}}, "outcome": "review"},
                "t": {"when": {"o": {"is_not": "blue"}}} | gives({"must": "act_a"}),
                "u": {"when": {"m": {"includes_any": ["red", "blue"]}}, "outcome": "police"},
                "v": {"when": {"m": {"includes_all": ["red", "blue"]}}} | gives({"must": "act_b"}),
                "w": {"when": {"m": {"excludes": "red"}}} | gives({"should_not": "ban_a"}),
            },
        )
    ],
    "implied": [
        pack(
            0,
            {"a": YES_NO, "b": YES_NO, "c": YES_NO, "o": choice("red", "blue")},
            {
                "r": {"when": {"all": [B, {"o": "red"}]}, "outcome": "police"} | PARTLY,
                "s": {"when": {"c": False}, "outcome": "refer"},
                "t": {"when": {"b": False}} | gives({"should": "act_a"}),
            },
            implications=[(A, B), (B, C), ({"o": "blue"}, {"not": {"all": [A, C]}})],
            standing=[{"at_least": "refer"} | gives({"must": "act_b"}), {"when_outcome": "manage"} | gives({"must_not": "ban_b"})],
        )
    ],
    "numbers": [
        pack(
            0,
            {"n": integer(), "k": integer()},
            {
                "r": {"when": {"n": {"below": 5}}, "outcome": "review"},
                "s": {"when": {"n": {"above": 12}}, "outcome": "refer"},
                "t": {"when": {"k": {"at_most": 9}}, "outcome": "police"},
                "u": {"when": {"k": {"at_least": 15}}} | gives({"must": "act_a"}),
                "v": {"when": {"n": 8}} | gives({"must": "act_b"}),
                "w": {"when": {"k": {"one_of": [11, 13]}}} | gives({"should": "act_b"}),
            },
        )
    ],
    "masks": [
        pack(0, {"a": YES_NO, "b": YES_NO}, {"r": {"when": B, "outcome": "refer"}, "s": {"when": A} | gives({"should": "act_a"})}),
        pack(
            1,
            {
                "g": boolean(applies_when=A),
                "h": boolean(applies_when={"g": True}),
                "n": integer(applies_when={"h": True}),
                "m": choices("red", "blue", applies_when=A),
                "i": YES_NO,
            },
            {
                "r": {"when": {"all": [{"g": True}, {"i": True}]}, "outcome": "police"} | PARTLY,
                "s": {"when": {"h": True}, "outcome": "review"},
                "t": {"when": {"n": {"is_not": 3}}} | gives({"must": "act_b"}),
                "u": {"when": {"m": {"excludes": "red"}}} | gives({"must_not": "ban_a"}),
                "v": {"when": {"m": {"includes_any": ["red", "blue"]}}} | gives({"must": "act_a"}),
                "w": {"when": {"g": False}} | gives({"should_not": "ban_b"}),
            },
            implications=[({"g": True}, {"i": True})],
        ),
    ],
    "first": [  # a duty of the first outcome that a rule gives, too, where the outcome is above the first anyway
        pack(
            0,
            dict.fromkeys("abc", YES_NO),
            {
                "r": {"when": A, "outcome": "refer"},
                "s": {"when": B} | gives({"should": "act_a"}),
                "t": {"when": {"all": [C, {"b": False}]}, "outcome": "review"} | gives({"must": "act_a"}),
            },
            standing=[{"when_outcome": "manage"} | gives({"should": "act_a"}), {"at_least": "police"} | gives({"must": "act_b"})],
        )
    ],
    "meetings": [  # what is known and what a rule asks meet in every fact, and yet in no case
        pack(
            0,
            {"n": choice("u", "v", "w"), "m": choice("p", "q", "r")},
            {
                "r": {"when": {"all": [{"n": {"is_not": "v"}}, {"m": {"is_not": "p"}}]}, "outcome": "refer"},
                "s": {"when": {"n": "v"}, "outcome": "review"} | gives({"should": "act_a"}),
            },
            implications=[({"n": "u"}, {"m": {"is_not": "r"}})],
        )
    ],
    "knots": [  # facts that can contradict in many ways, with more than one largest part
        pack(
            0,
            {**dict.fromkeys("abc", YES_NO), "d": boolean(applies_when=A), "e": boolean(applies_when=B), "f": boolean(applies_when={"all": [A, C]})},
            {
                "r": {"when": D, "outcome": "police"} | gives({"must": "act_a"}),
                "s": {"when": {"e": True}, "outcome": "refer"} | gives({"should_not": "ban_a"}),
                "t": {"when": {"f": True}, "outcome": "review"},
                "u": {"when": {"a": False}} | gives({"may": "ban_a"}, {"should": "act_b"}),
                "v": {"when": {"all": [B, D]}} | PARTLY | gives({"must": "act_b"}),
            },
            {"outcome": "review"} | gives({"should": "act_a", "by": "other_staff"}),
        )
    ],
    "outranked": [  # what the first outcome forbids outranks a `may`, so nothing hangs on who gives that while the outcome is the first
        pack(
            0,
            {"a": YES_NO, "b": YES_NO, "c": choice("u", "v", "w", applies_when=A), "d": boolean(applies_when={"c": "u"})},
            {
                "r": {"when": B, "outcome": "refer"},
                "s": {"when": {"c": {"is_not": "v"}}} | gives({"may": "ban_a"}),
                "t": {"when": D} | gives({"may": "ban_b"}, {"should": "act_a"}),
            },
            standing=[{"when_outcome": "manage"} | gives({"must_not": "ban_a"}, {"should_not": "ban_b"}, {"should": "act_a"})],
        )
    ],
    "loosened": [  # an answer that leaves open how a duty of the first outcome goes on, or whether the outcome is the first
        pack(
            0,
            {"a": choice("u", "v"), "b": choice("u", "v"), "c": choices("red", "blue"), "d": choice("u", "v", "w")},
            {
                "r": {"when": {"b": "u"}} | gives({"should": "act_b"}),
                "s": {"when": {"any": [{"d": {"one_of": ["u", "v"]}}, {"b": "u"}]}, "outcome": "police"},
            },
            implications=[({"all": [{"c": {"includes_all": ["red", "blue"]}}, {"b": "u"}]}, {"a": "v"})],
            standing=[{"when_outcome": "manage"} | gives({"must": "act_b"})],
        )
    ],
}
