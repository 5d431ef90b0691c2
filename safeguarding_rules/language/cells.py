"""The cells of a decision table: what `3..7` or `a | b` means, in YAML and in CSV alike.

In: a value or a text. Out: tests that must all hold (none for `-`, two for a range). Which facts exist is linking's business.
"""

import re
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema

from safeguarding_rules.language.conditions_data import TEST_SCHEMA, Scalar, TestData, problems_of_test
from safeguarding_rules.language.shapes import Problem, refusal
from safeguarding_rules.language.words import describe

_NUMBER = "-?[0-9]{1,9}"
_VALUE = "(?!(not|below|above|includes|excludes)(?![A-Za-z0-9_-]))[A-Za-z][A-Za-z0-9_-]*"
_SCALAR = f"({_NUMBER}|{_VALUE})"
CELL = (
    rf"^ *(-|{_SCALAR}( *\| *{_SCALAR})*|not +{_SCALAR}|(below|above|at least|at most) +{_NUMBER}"
    rf"|{_NUMBER} *\.\. *{_NUMBER}|(includes|excludes) +{_VALUE}) *$"
)
_CELL = re.compile(CELL.removesuffix("$") + r"\Z")
CELL_HELP = "a cell is `-`, a value, `a | b`, `not a`, `below 13`, `at least 3`, `at most 3`, `above 3`, `3..7` or `includes a`"
_ORDER = {"below": "below", "above": "above", "at least": "at_least", "at most": "at_most"}


def parse_cell(cell: object) -> tuple[TestData, ...]:
    """Return the tests of a cell, all of which must hold; a cell `-` has none.

    Raises ValueError where the cell is not understood (a model never holds such a cell).
    """
    if not isinstance(cell, str):
        if list(problems_of_test(cell)):
            raise ValueError(cell)
        return (cell,)  # type: ignore[return-value]
    if _CELL.match(cell) is None:
        raise ValueError(cell)
    text = cell.strip(" ")
    if text == "-":
        return ()
    if found := re.fullmatch(rf"({_NUMBER}) *\.\. *({_NUMBER})", text):
        return ({"at_least": int(found[1])}, {"at_most": int(found[2])})
    if found := re.fullmatch(rf"(below|above|at least|at most) +({_NUMBER})", text):
        return ({_ORDER[found[1]]: int(found[2])},)
    if found := re.fullmatch(r"(not|includes|excludes) +([^ ]+)", text):
        return ({"is_not": _scalar(found[2])} if found[1] == "not" else {found[1]: found[2]},)
    values = [_scalar(part.strip(" ")) for part in text.split("|")]
    return (values[0] if len(values) == 1 else {"one_of": values},)


def _scalar(text: str) -> Scalar:
    if text.lower() in {"true", "false"}:
        return text.lower() == "true"
    return int(text) if re.fullmatch(_NUMBER, text) else text


def _cell(cell: object) -> object:
    if isinstance(cell, str):
        if _CELL.match(cell) is None:
            raise refusal([Problem("SR135", f"cell not understood: {describe(cell)}", (), CELL_HELP)], cell)
    elif problems := list(problems_of_test(cell)):
        raise refusal(problems, cell)
    return cell


CELL_SCHEMA: dict[str, Any] = {
    **{key: value for key, value in TEST_SCHEMA.items() if key != "minLength"},
    "description": f"What the fact must be in this row: {CELL_HELP}.",
    "pattern": CELL,
}

CellValue = Annotated[Any, PlainValidator(_cell), WithJsonSchema({"x-definition": "Cell"})]
