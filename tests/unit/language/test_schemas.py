"""The JSON Schemas are current, sound, explain themselves, and accept what the models accept."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from pydantic import ValidationError

from safeguarding_rules.language.documents import DOCUMENTS
from safeguarding_rules.language.schemas import schema_text, schemas
from tests.unit.language.documents_in_full import IN_FULL

SCHEMAS = {name.removesuffix(".schema.json"): schema for name, schema in schemas().items()}
FOLDER = Path(__file__).parents[3] / "schemas"
VALIDATORS = {kind: Draft202012Validator(schema, format_checker=FormatChecker(["date"])) for kind, schema in SCHEMAS.items()}
WORDS = sorted(
    {"always", "below", "only", "fact", "A-1", "otherwise", "extra", "Bad Name", "under_13", "full/a-rule", "<<", "1"}
    | {key for documents in IN_FULL.values() for document in documents for key in json.dumps(document).split('"')[1::2] if key.strip(" ,:")}
)
VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 17, 10**12, 1.5, "", " ", "\t", "x", "X", "2024-02-30", "2024-1-1", "2024-01-01", "1.10", "refer", "not", "-",
    "3..7", "3...7", "a | b", "not a", "below 13", "below x", "TRUE", "PT", "P1D", "0 working days", "A-1", "A-", "SR601", "none yet", "http://",
    [], {}, [None], ["a", "a"], ["a", "b"], ["A-1", "A-1"], [1, True], [1, 1], [[]], {"below": 3}, {"below": "3"}, {"below": 3, "above": 1},
    {"all": []}, {"all": [{"a": 1}]}, {"any": {"a": 1}}, {"not": {"a": None}}, {"defined": ""}, {"always": False}, {"only": ["a"]}, {"only": "a"},
    {"one_of": []}, {"one_of": [1, True]}, {"one_of": ["a", "a"]}, {"includes": 1}, {"from": "2024-01-01"}, {"until": None}, {"must": "x"},
    {"must": "x", "may": "y"}, {"reachable": "x"}, {"at_least": 1},
]  # fmt: skip


def accepted(kind: str, document: object) -> bool:
    try:
        DOCUMENTS[kind].model_validate(document)
    except ValidationError:
        return False
    return True


def paths(node: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [path]
    if isinstance(node, dict):
        for key, value in node.items():
            found += paths(value, (*path, key))
    elif isinstance(node, list):
        for place, value in enumerate(node):
            found += paths(value, (*path, place))
    return found


def mutate(document: Any, draw: st.DataObject) -> Any:
    path = draw.draw(st.sampled_from(paths(document)))
    how = draw.draw(st.sampled_from(["replace", "delete", "rename", "add", "repeat"]))
    if not path:
        return copy.deepcopy(draw.draw(st.sampled_from(VALUES))) if how == "replace" else document
    parent = document
    for step in path[:-1]:
        parent = parent[step]
    last = path[-1]
    if how == "replace":
        parent[last] = copy.deepcopy(draw.draw(st.sampled_from(VALUES)))
    elif how == "delete":
        del parent[last]
    elif isinstance(parent, dict):
        word = draw.draw(st.sampled_from(WORDS))
        if how == "rename":
            parent[word] = parent.pop(last)
        else:
            parent[word] = copy.deepcopy(draw.draw(st.sampled_from(VALUES)))
    elif how == "repeat":
        parent.insert(int(last), copy.deepcopy(parent[int(last)]))
    return document


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_the_documents_in_full_are_accepted_by_both(kind: str) -> None:
    for document in IN_FULL[kind]:
        DOCUMENTS[kind].model_validate(document)
        VALIDATORS[kind].validate(document)


@given(draw=st.data())
def test_schema_and_model_accept_the_same_documents(draw: st.DataObject) -> None:
    kind = draw.draw(st.sampled_from(sorted(DOCUMENTS)))
    document = copy.deepcopy(draw.draw(st.sampled_from(IN_FULL[kind])))
    for _ in range(draw.draw(st.integers(1, 3))):
        document = mutate(document, draw)
    errors = [f"{error.json_path}: {error.message[:200]}" for error in VALIDATORS[kind].iter_errors(document)]
    assert accepted(kind, document) == (not errors), (kind, document, errors)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_single_replacements_are_judged_the_same(kind: str) -> None:
    for original in IN_FULL[kind]:
        for place, path in enumerate(paths(original)[1:]):
            # Every path meets a fifth of the values, every value a fifth of the paths.
            for value in VALUES[place % 5 :: 5]:
                document = copy.deepcopy(original)
                parent: Any = document
                for step in path[:-1]:
                    parent = parent[step]
                parent[path[-1]] = copy.deepcopy(value)
                assert accepted(kind, document) == VALIDATORS[kind].is_valid(document), (path, value)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_the_schemas_are_sound(kind: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[kind])


@pytest.mark.parametrize("name", schemas())
def test_the_files_are_current(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert text == schema_text(schemas()[name]), "run `python -m safeguarding_rules.language.schemas`"


def test_every_key_is_explained() -> None:
    def unexplained(node: Any, path: str) -> list[str]:
        found = []
        for key, value in node.get("properties", {}).items() if isinstance(node, dict) else ():
            if isinstance(value, dict) and not {"description", "$ref"} & set(value) and "then" not in path:
                found.append(f"{path}/{key}")
        for key, value in node.items() if isinstance(node, dict) else ():
            if isinstance(value, dict) and key not in {"if", "then", "else"}:
                found += unexplained(value, f"{path}/{key}")
        return found

    tests_of_facts = {"Test", "FactValue", "Cell"}
    for kind, schema in SCHEMAS.items():
        assert [path for path in unexplained(schema, kind) if not tests_of_facts & set(path.split("/"))] == []
