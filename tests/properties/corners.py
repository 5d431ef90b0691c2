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
                "i": YES_NO,
            },
            {
                "r": {"when": {"all": [{"g": True}, {"i": True}]}, "outcome": "police"} | PARTLY,
                "s": {"when": {"h": True}, "outcome": "review"},
                "t": {"when": {"n": {"is_not": 3}}} | gives({"must": "act_b"}),
                "w": {"when": {"g": False}} | gives({"should_not": "ban_b"}),
            },
            implications=[({"g": True}, {"i": True})],
        ),
    ],
    "masked_lists": [
        pack(0, {"a": YES_NO, "b": YES_NO}, {"r": {"when": B, "outcome": "refer"}, "s": {"when": A} | gives({"should": "act_a"})}),
        pack(
            1,
            {"g": boolean(applies_when=A), "m": choices("red", "blue", applies_when=A)},
            {
                "u": {"when": {"m": {"excludes": "red"}}} | gives({"must_not": "ban_a"}),
                "v": {"when": {"m": {"includes_any": ["red", "blue"]}}} | gives({"must": "act_a"}),
                "w": {"when": {"all": [{"g": True}, {"m": {"includes": "blue"}}]}, "outcome": "police"} | PARTLY,
            },
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
    "narrowings": [  # facts that narrow two others from two sides each, until they meet in what excludes each other
        pack(
            0,
            {"a": YES_NO, "b": YES_NO, "n": choice("u", "v", "w"), "m": choice("p", "q", "r")},
            {
                "r": {"when": {"m": "p"}, "outcome": "refer"},
                "s": {"when": {"n": "u"}} | gives({"must": "act_a"}),
                "t": {"when": {"m": "q"}, "outcome": "review"} | gives({"should": "act_b"}),
            },
            implications=[(A, {"n": {"is_not": "v"}}), (B, {"m": {"is_not": "q"}}), ({"n": "u"}, {"m": {"is_not": "p"}})],
        )
    ],
    "long": [  # a fact with more cells than a word of the index has bits
        pack(
            0,
            {"n": integer(), "a": YES_NO},
            {
                "r": {"when": {"n": {"one_of": [1, 3, 5, 7, 9, 11, 13]}}, "outcome": "refer"},
                "s": {"when": {"n": {"one_of": [2, 3, 4, 8, 15, 17, 19]}}, "outcome": "review"} | gives({"must": "act_a"}),
                "t": {"when": {"all": [{"n": {"at_least": 12}}, A]}, "outcome": "police"},
            },
        )
    ],
    "edges": [  # thresholds of different kinds at the same number
        pack(
            0,
            {"n": integer(), "k": integer()},
            {
                "r": {"when": {"n": {"at_most": 12}}, "outcome": "refer"},
                "s": {"when": {"n": {"below": 12}}} | gives({"must": "act_a"}),
                "t": {"when": {"k": {"above": 8}}, "outcome": "police"},
                "u": {"when": {"k": {"at_least": 8}}} | gives({"should": "act_b"}),
            },
        )
    ],
    "strengthened": [  # rules of the pack above whose outcome and actions a layer raises
        pack(
            0,
            {"a": YES_NO, "b": YES_NO},
            {
                "r": {"when": A, "outcome": "review"},
                "s": {"when": B} | gives({"should": "act_a"}),
                "t": {"when": {"all": [A, B]}, "outcome": "refer"},
            },
        ),
        pack(
            1,
            {"g": YES_NO},
            {"r": {"when": {"all": [{"g": True}, A]}} | gives({"must": "act_b"})},
            strengthens={"top/r": {"outcome": "refer"}, "top/s": {"outcome": "review"} | gives({"must": "act_a"}), "top/t": {"outcome": "police"}},
        ),
    ],
    "masked_limbs": [  # a limb that is known, of a fact that may not apply
        pack(0, {"a": YES_NO, "b": YES_NO}, {"r": {"when": B, "outcome": "review"}}),
        pack(
            1,
            {"g": boolean(applies_when=A)},
            {
                "r": {"when": {"all": [{"g": True}, B]}, "outcome": "police"} | PARTLY,
                "s": {"when": {"all": [{"g": False}, B]}} | PARTLY | gives({"must": "act_a"}),
            },
        ),
    ],
    "not_applicable": [  # a fact of which any answer says as much, and that it does not apply would say more
        pack(
            0,
            {"a": YES_NO, "c": choice("u", "v", applies_when=A), "n": integer(applies_when={"c": "u"})},
            {"r": {"when": A, "outcome": "refer"}, "s": {"when": {"n": {"at_least": 9}}} | gives({"should": "act_a"})},
        )
    ],
    "joint_limbs": [  # limbs, and a `when`, that hold throughout without one of their parts doing so
        pack(
            0,
            dict.fromkeys("abcd", YES_NO),
            {
                "r": {"when": {"all": [{"any": [A, B]}, C]}, "outcome": "police"} | PARTLY,
                "s": {"when": {"any": [A, B]}, "unless": D, "outcome": "refer"} | PARTLY | gives({"must": "act_a"}),
                "t": {"given": C, "when": {"any": [A, {"all": [B, D]}]}, "unless": D} | PARTLY | gives({"should": "act_b"}),
            },
            implications=[({"a": False}, B)],
        )
    ],
    "either": [  # one of two facts is true, and either may be: the mildest values of all facts are no case
        pack(
            0,
            {"a": YES_NO, "b": YES_NO, "c": choice("u", "v", "w"), "d": YES_NO},
            {
                "r": {"when": {"all": [A, {"c": {"is_not": "u"}}]}, "outcome": "refer"},
                "s": {"when": {"any": [{"all": [B, {"c": "v"}]}, {"all": [{"a": False}, D]}]}, "outcome": "review"} | gives({"must": "act_a"}),
                "t": {"when": {"any": [A, B]}} | gives({"should": "act_b"}),
                "u": {"when": {"all": [{"a": False}, {"b": False}]}, "outcome": "police"},
            },
            implications=[({"a": False}, B), ({"b": False}, {"c": {"is_not": "v"}}), ({"c": "u"}, {"any": [A, D]})],
        )
    ],
    "permissions": [  # permissions that are always outranked, while facts are missing and after
        pack(
            0,
            {"a": YES_NO, "b": YES_NO, "c": YES_NO},
            {
                "r": {"when": A} | MET | gives({"may": "ban_a"}),
                "s": {"when": A} | gives({"must_not": "ban_a"}),
                "t": {"when": B, "outcome": "police"},
                "u": {"when": C} | gives({"should": "act_a"}, {"should": "act_b"}),
            },
            {"outcome": "review"} | gives({"may": "ban_a"}, {"may": "ban_b"}),
            standing=[{"always": True} | gives({"must_not": "ban_b"})],
        )
    ],
    "forbidden_while_unsettled": [  # what is not settled forbids what a presumed rule permits
        pack(
            0,
            {"b": YES_NO, "c": YES_NO},
            {"r": {"when": B} | MET | gives({"may": "ban_b"}), "s": {"when": C, "outcome": "review"}},
            {"outcome": "refer"} | gives({"must_not": "ban_b"}),
        )
    ],
    "contradicting": [  # facts that contradict where no part of them is worse than the first outcome
        pack(
            0,
            {"a": YES_NO, "c": YES_NO, "d": boolean(applies_when=A), "e": boolean(applies_when=A)},
            {
                "r": {"when": D} | gives({"should": "act_b"}, {"may": "ban_a"}),
                "s": {"when": C, "outcome": "police"},
                "t": {"when": {"e": False}} | gives({"should_not": "ban_b"}),
            },
            standing=[
                {"at_least": "review"} | gives({"must": "act_a"}),
                {"always": True} | gives({"may": "ban_b"}),
                {"when_outcome": "manage"} | gives({"must_not": "ban_a"}),
            ],
        )
    ],
    "outranked_at_once": [  # whatever brings the mildest outcome above the first brings a graver one
        pack(
            0,
            {"a": YES_NO, "b": YES_NO, "c": choice("u", "v", "w")},
            {
                "r": {"when": A, "outcome": "review"},
                "s": {"when": {"all": [A, {"c": {"is_not": "w"}}]}, "outcome": "police"},
                "t": {"when": {"all": [A, {"c": "w"}]}, "outcome": "police"},
                "u": {"when": {"all": [B, {"c": "v"}]}, "outcome": "refer"},
            },
        )
    ],
    "pairs": [  # two facts that exclude each other value by value: what a term asks is in no case, and nothing small shows it
        pack(
            0,
            {"n": choice("u", "v", "w"), "m": choice("p", "q", "r"), "e": YES_NO},
            {
                "r": {"when": {"any": [{"all": [{"n": {"is_not": "w"}}, {"m": {"is_not": "r"}}]}, {"e": True}]}, "outcome": "refer"},
                "s": {"when": {"e": True}, "outcome": "police"},
                "t": {"when": {"any": [{"all": [{"n": {"is_not": "w"}}, {"m": {"is_not": "r"}}]}, {"n": "v"}]}} | gives({"should": "act_b"}),
                "u": {"given": {"e": True}, "when": {"n": {"is_not": "w"}}, "unless": {"all": [{"n": {"is_not": "w"}}, {"m": {"is_not": "r"}}]}}
                | PARTLY
                | gives({"must": "act_a"}),
            },
            implications=[({"n": n}, {"m": {"is_not": m}}) for n in ("u", "v") for m in ("p", "q")],
        )
    ],
    "forced": [  # implications that leave facts one value each: one says so outright, of two others none does alone
        pack(
            0,
            dict.fromkeys("abcd", YES_NO),
            {
                "r": {"when": A, "outcome": "review"},
                "s": {"when": {"any": [B, C]}, "outcome": "refer"} | gives({"must": "act_a"}),
                "t": {"when": D} | gives({"should": "act_b"}),
            },
            implications=[({"a": False}, {"b": False}), (B, {"a": False}), ({"a": False}, B), ({"always": True}, D)],
        )
    ],
    "throughout": [  # rules that hold in every case, because what they leave out cannot be
        pack(
            0,
            {"a": choice("u", "v", "w"), "b": boolean(applies_when={"a": {"is_not": "v"}}), "c": YES_NO, "d": choice("u", "v", applies_when=B)},
            {
                "r": {"when": {"any": [{"b": False}, C, {"a": "w"}]}} | gives({"may": "ban_b"}),
                "s": {"when": {"not": {"all": [{"d": {"one_of": ["u", "v"]}}, {"b": False}, C]}}} | gives({"should": "act_a"}),
                "t": {"when": {"any": [{"b": False}, {"d": {"one_of": ["u", "v"]}}]}} | gives({"must": "act_b"}),
                "u": {"when": C, "outcome": "refer"},
            },
            implications=[({"all": [B, {"c": False}]}, {"a": {"is_not": "u"}})],
        )
    ],
    "permitted_below": [  # permissions that stand only where an outcome is exactly one, and a rule with the first outcome
        pack(
            0,
            {"a": YES_NO, "b": YES_NO, "c": YES_NO},
            {
                "r": {"when": A, "outcome": "refer"} | gives({"must": "act_b"}),
                "s": {"when": B, "outcome": "police"} | gives({"must": "act_b"}, {"must_not": "ban_b"}),
                "t": {"when": {"all": [{"a": False}, {"b": False}]}} | gives({"must_not": "ban_a"}),
                "u": {"when": C, "outcome": "manage"} | gives({"should": "act_a"}),
            },
            standing=[{"when_outcome": "manage"} | gives({"may": "ban_a"}, {"must": "act_b"}), {"at_least": "refer"} | gives({"may": "ban_b"})],
        )
    ],
    "met_and_open": [  # a duty that one rule gives surely and another perhaps, of an action that some rule permits and some rule forbids
        pack(
            0,
            dict.fromkeys("abcd", YES_NO),
            {
                "r": {"when": A} | gives({"should": "ban_a"}),
                "s": {"when": B} | gives({"should": "ban_a"}),
                "t": {"when": {"all": [D, {"a": False}, {"b": False}]}} | gives({"must_not": "ban_a"}),
                "u": {"when": C} | gives({"may": "ban_a"}),
            },
        )
    ],
    "unbreakable": [  # a rule that nothing can break, beside one that its mildest counter-example cannot break
        pack(
            0,
            {"a": choice("u", "v", "w", "x"), "b": choice("u", "v", applies_when={"a": {"is_not": "x"}}), "c": choice("u", "v")},
            {"r": {"when": {"a": {"is_not": "x"}}} | gives({"should": "act_a"}), "s": {"when": {"c": "v"}} | gives({"should": "act_b"})},
            implications=[({"c": "u"}, {"a": {"is_not": "w"}}), ({"a": {"is_not": "v"}}, {"b": "u"})],
        )
    ],
    "together": [  # four facts that cannot all be so, no two of them showing it
        pack(
            0,
            dict.fromkeys("abcd", YES_NO),
            {
                "r": {"when": {"all": [B, C]}, "outcome": "refer"},
                "s": {"when": {"any": [{"all": [B, C]}, {"all": [A, B]}]}} | gives({"must": "act_a"}),
                "t": {"when": {"all": [A, C]}, "outcome": "review"},
            },
            implications=[({"all": [A, D]}, {"not": {"all": [B, C]}})],
        )
    ],
    "beside": [  # a fact narrowed from two sides while another has a value
        pack(
            0,
            {"a": YES_NO, "n": choice("u", "v", "w"), "k": choice("x", "y"), "c": YES_NO},
            {"r": {"when": C, "outcome": "refer"}, "s": {"when": {"all": [{"k": "x"}, {"n": {"is_not": "u"}}]}} | gives({"should": "act_a"})},
            implications=[(A, {"n": {"is_not": "v"}}), ({"n": "u"}, C)],
        )
    ],
    "forbidden": [  # permissions that a rule which is met, or an outcome that is sure, rules out
        pack(
            0,
            dict.fromkeys("abcd", YES_NO),
            {
                "r": {"when": B} | gives({"must_not": "ban_a"}),
                "s": {"when": A} | gives({"may": "ban_a"}),
                "t": {"when": C, "outcome": "refer"},
                "u": {"when": D} | gives({"may": "ban_b"}),
            },
            standing=[{"at_least": "refer"} | gives({"must_not": "ban_b"})],
        )
    ],
    "forced_back": [  # an answer that forces a fact which another one had forced before it, so that nothing hangs on the answer
        pack(
            0,
            {"a": YES_NO, "b": YES_NO, "c": YES_NO, "d": boolean(applies_when=A)},
            {"r": {"when": {"all": [A, B, C]}, "outcome": "police"} | gives({"must": "act_a"})},
            implications=[(B, A)],
        )
    ],
    "from_the_first": [  # a standing permission from the first outcome stands always, and is not presumed where something may rule it out
        pack(
            0,
            dict.fromkeys("ab", YES_NO),
            {"r": {"when": A, "outcome": "refer"} | gives({"must_not": "ban_a"}), "s": {"when": B, "outcome": "police"}},
            standing=[{"at_least": "manage"} | gives({"may": "ban_a"}, {"should": "act_a"})],
        )
    ],
    "brought": [  # an answer that brings a duty whatever else it leaves open, and a rule that only says again what the outcome brings
        pack(
            0,
            {"a": YES_NO, "b": YES_NO, "c": YES_NO, "n": choice("u", "v", "w")},
            {
                "r": {"when": {"n": {"is_not": "v"}}} | gives({"should": "act_b"}),
                "s": {"when": {"all": [B, C]}} | gives({"must": "act_a"}),
                "t": {"when": C, "outcome": "refer"},
            },
            implications=[(A, {"n": {"is_not": "v"}})],
            standing=[{"at_least": "refer"} | gives({"must": "act_a"})],
        )
    ],
}
