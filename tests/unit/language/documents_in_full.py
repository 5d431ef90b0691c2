"""One valid document of each kind that uses every key, as seeds for mutation."""

from typing import Any

_INTERVAL = {"from": "2024-01-01", "until": "2025-01-01"}
_ACTIONS = [
    {"must": "tell_services", "by": "dsl", "within": "2 working days", "from": "known", "until": "Told.", "note": "Call."},
    {"should_not": "look_at_it", "within": "PT24H"},
]
_CONDITION = {
    "all": [
        {"any": [{"age": {"below": 13}}, {"not": {"defined": "grown_up"}}]},
        {"origin": {"one_of": ["a", 1, True]}},
        {"motives": {"includes_any": ["x", "y"]}},
        {"motives": {"excludes": "z"}},
        {"origin": {"is_not": "a"}},
        {"adult": True},
        {"always": True},
    ]
}

IN_FULL: dict[str, list[dict[str, Any]]] = {
    "pack": [
        {
            "pack": "full",
            "version": "2024.1",
            "title": "Full",
            "publisher": "Nobody",
            "jurisdiction": "Nowhere",
            "layer": "national",
            "language": "1",
            "status": "in_force",
            "in_force": _INTERVAL,
            "corrects": "2023.9",
            "licence": "None",
            "review_by": "2027-01-01",
            "reviewers": [{"role": "policy lead", "on": "2024-02-01", "note": "Read."}],
            "sign_off": {"by": "none yet", "on": "2024-02-01"},
            "notes": "Notes.",
            "outcomes": {
                "manage": {"title": "M", "meaning": "m", "because": "b", "cite": ["A-1"]},
                "refer": {"title": "R", "meaning": "m", "because": "b", "cite": ["A-1", "A-2"]},
            },
            "when_unsettled": {"outcome": "refer", "because": "b", "cite": ["A-1"], "actions": _ACTIONS},
        },
        {
            "pack": "layer",
            "version": "1",
            "title": "Layer",
            "publisher": "Nobody",
            "layer": "setting",
            "language": "1",
            "status": "draft",
            "in_force": {"from": "2024-01-01"},
            "extends": {"pack": "full", "versions": {"at_least": "2024.1", "below": "2025"}},
            "reviewers": "none yet",
        },
    ],
    "facts": [
        {
            "facts": {
                "adult": {"type": "boolean", "question": "Q?", "help": "H", "group": "people", "sensitivity": "special_category"},
                "age": {"type": "integer", "at_least": 0, "at_most": 17, "unit": "years", "question": "Q?", "applies_when": {"adult": True}},
                "origin": {"type": "choice", "values": {"a": "A", "b": "B"}, "question": "Q?", "formerly": ["source_of_it"]},
                "motives": {"type": "choices", "values": ["x", "y"], "question": "Q?"},
            },
            "implications": [{"if": {"origin": "a"}, "then": {"adult": True}, "because": "b", "cite": ["A-1"]}],
        }
    ],
    "actions": [
        {
            "actions": {
                "look_at_it": {
                    "title": "Look",
                    "meaning": "Look.",
                    "by": "other_staff",
                    "protects": "refrain",
                    "contradicts": ["tell_services"],
                    "route": "services",
                }
            }
        }
    ],
    "statements": [
        {
            "sources": {"s": {"title": "S", "publisher": "P", "address": "https://www.gov.uk/x", "in_force": _INTERVAL, "note": "n"}},
            "statements": {
                "A-1": {
                    "source": "s",
                    "section": "1",
                    "binds": "DSL",
                    "text": "T.",
                    "strength": "must_not",
                    "force": "law",
                    "checked": "secondary",
                    "encoded_by": ["a-rule", "standing/always", "full/table/row"],
                    "status": "in_force",
                    "in_force": {"from": "2024-01-01"},
                    "note": "n",
                },
                "A-2": {
                    "source": "s",
                    "section": "2",
                    "binds": "all",
                    "text": "T.",
                    "strength": "classify",
                    "force": "good_practice",
                    "checked": "seen",
                    "not_computable": "Because.",
                },
            },
        }
    ],
    "routes": [
        {
            "routes": {
                "services": [
                    {"when": _CONDITION, "name": "N", "phone": "999", "web": "https://x.example", "hours": "9-5", "note": "n", "emergency": True},
                    {"otherwise": True, "name": "M", "in_force": {"until": "2025-01-01"}},
                ]
            }
        }
    ],
    "rules": [
        {
            "definitions": {"grown_up": {"adult": True}},
            "rules": {
                "a-rule": {
                    "title": "T",
                    "given": {"adult": True},
                    "when": _CONDITION,
                    "unless": {"origin": "b"},
                    "if_unknown": "presume_if_partly_met",
                    "outcome": "refer",
                    "because": "b",
                    "actions": _ACTIONS,
                    "cite": ["A-1"],
                    "in_force": _INTERVAL,
                    "formerly": ["old-rule"],
                    "note": "n",
                }
            },
            "standing": [
                {"always": True, "actions": _ACTIONS, "because": "b", "cite": ["A-1"]},
                {"id": "second", "at_least": "refer", "actions": _ACTIONS, "because": "b", "cite": ["A-1"], "note": "n"},
                {"when_outcome": "manage", "actions": _ACTIONS, "because": "b", "cite": ["A-1"]},
            ],
            "strengthens": {"full/a-rule": {"outcome": "refer", "actions": _ACTIONS, "because": "b", "cite": ["A-1"]}},
            "tables": {
                "ages": {
                    "title": "T",
                    "facts": ["age", "adult"],
                    "given": {"adult": True},
                    "unless": {"origin": "b"},
                    "if_unknown": "ask",
                    "complete": True,
                    "rows": [
                        {"row": "young", "title": "T", "age": "3..7", "adult": "-", "outcome": "refer", "because": "b", "cite": ["A-1"]},
                        {"row": "old", "age": {"above": 7}, "adult": "TRUE", "actions": _ACTIONS, "because": "b", "cite": ["A-1"], "note": "n"},
                    ],
                }
            },
        }
    ],
    "invariants": [
        {
            "invariants": {
                "one": {"whenever": {"adult": True}, "outcome_at_least": "refer", "must": ["tell_services"], "because": "b", "cite": ["A-1"]},
                "two": {"always": True, "never": [{"may": "look_at_it", "by": "dsl"}], "should_not": ["look_at_it"], "must_not": ["x"]},
                "three": {"while_unknown": ["adult"], "outcome_at_most": "refer", "waived": {"because": "b", "until": "2025-01-01"}},
                "four": {"reachable": "manage"},
                "five": {"must_not_matter": ["age"], "except_for": ["tell_services"]},
            },
            "accepted": [{"finding": "SR601", "at": "a-rule", "because": "b", "until": "2025-01-01"}],
        }
    ],
    "cases": [
        {
            "starting_points": {"none": {"adult": False, "age": None}},
            "cases": {
                "a-case": {
                    "title": "T",
                    "start_from": "none",
                    "on": "2024-06-01",
                    "facts": {"age": {"below": 13}, "motives": ["x"], "others": {"only": ["y"]}, "origin": "a", "adult": None, "count": 3},
                    "expect": {
                        "outcome": "refer",
                        "outcome_at_least": "manage",
                        "outcome_at_most": "refer",
                        "settled": False,
                        "firm": True,
                        "possible_outcomes": ["manage", "refer"],
                        "actions": [{"should": "tell_services"}],
                        "never": [{"may": "look_at_it"}],
                        "rules": ["a-rule"],
                        "presumed": ["ages/young"],
                        "asks": ["age"],
                    },
                    "follows_from": ["A-1", "U11"],
                    "basis": "published",
                    "agreed_by": "none yet",
                    "agreed_on": "2026-01-02",
                    "note": "n",
                }
            },
        }
    ],
}
