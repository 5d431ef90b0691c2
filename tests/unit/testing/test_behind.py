"""One mistake of shape never brings about a finding elsewhere, whatever it is and wherever it stands; and nothing makes the mending fail."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from safeguarding_rules.diagnostics import Diagnostic, PackError
from safeguarding_rules.linking.link import check
from safeguarding_rules.reading import PackFiles, files_in_folder, read_pack, salvage_pack, yaml_data
from safeguarding_rules.testing.behind import can_be_linked, further
from tests.packs.pipeline import GOOD

JUNK: tuple[Any, ...] = (13, [], {}, None, "", True, ["x"], {"x": 1}, "Not A Name", [[1]], {"all": 1}, 1.5, -(10**12))
ENTRY = 2  # section, name
PACK = {name: yaml_data(content, name)[0] for name, content in files_in_folder(GOOD / "wider").contents.items() if name.endswith(".yaml")}


def spots(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value inside a document."""
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield (*path, key)
        yield from spots(value, (*path, key))


def changed(chance: random.Random, documents: dict[str, Any], name: str) -> None:
    """Make one mistake: a key with a letter too many, one that is not there, or a value that is none."""
    document = documents[name]
    path = chance.choice(list(spots(document)))
    holder = document
    for step in path[:-1]:
        holder = holder[step]
    kind = chance.randrange(3)
    # Without the name of an entry, or with another, what refers to it is wrong, too.
    of_names = len(path) == ENTRY and not isinstance(holder, list)
    if kind == 0 or isinstance(holder, list) or of_names:
        junk = JUNK if len(path) > 1 else [one for one in JUNK if not isinstance(one, dict)]
        holder[path[-1]] = copy.deepcopy(chance.choice(junk))
    elif kind == 1:
        del holder[path[-1]]
    else:
        members = [(f"{key}x" if key == path[-1] else key, value) for key, value in holder.items()]
        holder.clear()
        holder.update(members)


def files_of(documents: dict[str, Any]) -> PackFiles:
    return PackFiles("p", {name: json.dumps(document, default=str, indent=1).encode() for name, document in documents.items()})


def wrong_in(documents: dict[str, Any]) -> set[Diagnostic]:
    """Return what reading finds."""
    try:
        read_pack(files_of(documents), verify_lock=False).cases()
    except PackError as error:
        return set(error.diagnostics)
    return set()


@pytest.mark.parametrize("name", sorted(PACK))
def test_one_mistake_of_shape_is_all_that_is_found(name: str) -> None:
    chance = random.Random(name)
    mistakes = 0
    for _ in range(40):
        documents = copy.deepcopy(PACK)
        changed(chance, documents, name)
        wrong = wrong_in(documents)
        if not wrong:
            continue
        mistakes += 1
        left = salvage_pack(files_of(documents))
        assert wrong <= set(left.problems)
        if can_be_linked(left):
            found = list(further(left, check([left.pack], thorough=True)[1]))
            assert not found, (wrong, found)
    assert mistakes > 10


def test_any_number_of_mistakes_is_mended_or_given_up() -> None:
    chance = random.Random(7)
    linked = 0
    for _ in range(80):
        documents = copy.deepcopy(PACK)
        for _ in range(chance.randrange(1, 60)):
            changed(chance, documents, chance.choice([one for one in sorted(documents) if any(spots(documents[one]))]))
        left = salvage_pack(files_of(documents))
        for one in left.problems:
            assert one.span is None or one.span.line > 0
        if can_be_linked(left):
            linked += 1
            for one in further(left, check([left.pack], thorough=True)[1]):
                assert one.span is not None
                assert one.span.line > 0
    assert linked > 10
