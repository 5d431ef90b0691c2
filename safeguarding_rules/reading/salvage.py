"""What is left of a document once its wrong parts are taken out, so that checking can go on behind the first mistakes.

In: plain data that a model refuses. Out: the document without the parts that are refused, and the names of what was touched. Promised: nothing is
put in their place. What is salvaged is for looking for further mistakes only and never decides.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from itertools import takewhile
from typing import Any, TypeVar, cast

from pydantic import ValidationError

from safeguarding_rules.language.shapes import Document
from safeguarding_rules.reading.places import Path
from safeguarding_rules.reading.wording import problems_of

D = TypeVar("D", bound=Document)

_ROUNDS = 10  # taking a part out can leave its surroundings incomplete; they go next
_GONE = object()


def salvage(model: type[D], data: object) -> tuple[D, frozenset[str]] | None:
    """Return what is left, and the names of the entries that were touched; None where nothing sensible is left."""
    left = copy.deepcopy(data)
    touched: set[str] = set()
    for _ in range(_ROUNDS):
        try:
            return model.model_validate(left), frozenset(touched)
        except ValidationError as error:
            paths = [problem.path for problem in problems_of(error)]
        if not all(len(path) > 1 for path in paths):
            return None  # a whole section, or the file itself: everything that names its entries would look wrong
        touched |= {str(path[1]) for path in paths}
        left = _without(left, paths)
    return None


def _without(data: object, paths: Iterable[Path]) -> object:
    """Take out what stands at the paths; where nothing stands at one, what should have held it."""
    for path in paths:
        _take_out(data, path)
    return _swept(data)


def _take_out(data: object, path: Path) -> None:
    holder: Any = None
    last: str | int = 0
    inside: Any = data
    for step in path:
        if not (isinstance(inside, dict) and step in inside) and not (isinstance(inside, list) and isinstance(step, int) and step < len(inside)):
            break
        holder, last, inside = inside, step, cast(Any, inside)[step]
    if holder is not None:
        holder[last] = _GONE


def _swept(data: object) -> object:
    if isinstance(data, dict):
        return {key: _swept(value) for key, value in data.items() if value is not _GONE}
    if isinstance(data, list):
        # What comes after a wrong item goes with it: in another place its findings would point to the wrong line.
        return [_swept(value) for value in takewhile(lambda value: value is not _GONE, data)]
    return data
