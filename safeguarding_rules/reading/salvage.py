"""What is left of a document once its mistakes of shape are mended as far as anybody can tell, so that checking can go on behind them.

In: plain data that a model refuses, with its places. Out: a document of the right shape, the places of what an author wrote, and what in it nobody
can rely on. Promised: what stands in for something wrong or missing stands nowhere (line 0), so that no finding about it is ever shown; a misspelt
key counts as the key it looks like, what should be a list as a list of one. What is salvaged is for looking for further mistakes only and never
decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from safeguarding_rules.diagnostics import Diagnostic, closest
from safeguarding_rules.language.coherence import beyond_schema
from safeguarding_rules.language.shapes import CITATION, LARGEST, NAME, Document, Problem, keys_of
from safeguarding_rules.language.words import CONDITION_WORDS, MOST_PROBLEMS, TESTS
from safeguarding_rules.reading.places import Path, Spans
from safeguarding_rules.reading.stand_ins import STAND_IN, completed, document_at, expected_at, field_of, is_list, likely, meaning_of, stand_in
from safeguarding_rules.reading.tree import GONE, NOWHERE, Tree, nowhere
from safeguarding_rules.reading.wording import finding, problems_of

D = TypeVar("D", bound=Document)

_ROUNDS = 20  # what was mended shows what is wrong inside it, and an entry that cannot be mended goes step by step
_BOUNDS = {"at_least": -LARGEST, "at_most": LARGEST}
_ROW_KEY = 3  # table, rows, number, key
_LEANT_ON = {
    "facts": {"type", "values", "at_least", "at_most"},
    "actions": {"by", "protects"},
    "statements": {"encoded_by", "not_computable", "status", "in_force"},
    "rules": {"cite"},
    "strengthens": {"cite"},
    "outcomes": {"cite"},
    "tables": {"facts"},
    "standing": {"id", "always", "at_least", "when_outcome", "cite"},
}
"""Per section, the keys of its entries that other parts of a pack lean on: where one of them had to be made up, findings that name the entry may be
about what was made up."""


@dataclass(frozen=True, slots=True)
class Salvaged(Generic[D]):
    """What is left of a document.

    `doubtful`: entries nobody can rely on (`name/`: rows of a table); `lost`: sections, and keys of a manifest, of which nothing is known.
    """

    document: D
    spans: Spans
    found: tuple[Diagnostic, ...]
    """What is wrong inside what was mended, which nobody could see before."""
    doubtful: frozenset[str]
    lost: frozenset[str]


def real(diagnostic: Diagnostic) -> bool:
    """Say whether a finding, and all it points to, stands where an author wrote something."""
    return all(span.line > 0 for span in (diagnostic.span, *(place for _, place in diagnostic.related)) if span is not None)


def salvage(model: type[D], data: object, spans: Spans, text: str, unreadable: Iterable[Path] = ()) -> Salvaged[D]:
    """Return what is left, where nothing is left an empty document of which all is lost."""
    mending = _Mending(model, data, spans, text)
    document = mending.run(unreadable) if isinstance(data, dict) else None
    if document is None:
        return Salvaged(model.model_construct(), spans, (), frozenset(), frozenset(keys_of(model)))
    doubtful = mending.doubtful | {_named(problem.path) for problem in mending.beyond(document) if len(problem.path) > 1}
    return Salvaged(document, mending.spans, tuple(mending.found), frozenset(doubtful), frozenset(mending.lost))


class _Mending(Generic[D]):
    def __init__(self, model: type[D], data: object, spans: Spans, text: str) -> None:
        self.model = model
        self.tree = Tree(data, spans.root)
        self.spans = Spans(spans.file, self.tree.place)
        self.lines = text.split("\n")
        self.opened: set[Path] = set()
        """Where something was not looked into before it was mended."""
        self.found: list[Diagnostic] = []
        self.doubtful: set[str] = set()
        self.lost: set[str] = set()
        self.columns: set[str] = set()
        """Tables of which nobody knows which facts they look at."""
        self.tries: Counter[tuple[Path, str]] = Counter()

    def run(self, unreadable: Iterable[Path]) -> D | None:
        """Mend until the model takes the data; None where that leads nowhere."""
        if () in unreadable:
            return None
        for path in unreadable:
            if self.tree.value(path) is not GONE:
                self._replace(path)
        self.tree.sweep()
        self._straighten()
        for _ in range(_ROUNDS):
            try:
                document = self.model.model_validate(self.tree.data)
            except ValidationError as error:
                problems = list(problems_of(error))
                if len(problems) >= MOST_PROBLEMS:
                    return None  # no file of a pack; mending it would take long and tell nothing
            else:
                self._note(self.beyond(document))
                return document
            opened, self.opened = self.opened, set()
            self._note(problem for problem in problems if any(problem.path[: len(path)] == path for path in opened))
            # The innermost first: what is around it may move.
            for problem in sorted({(one.path, one.code): one for one in problems}.values(), key=lambda one: -len(one.path)):
                self._mend(problem)
            self.tree.sweep()
        return None

    def _straighten(self) -> None:
        """Give a fact whose bounds hold no number others: linking counts on some number being there."""
        facts = self.tree.value(("facts",))
        for name, fact in facts.items() if isinstance(facts, dict) else ():
            low, high = (fact.get(key) if isinstance(fact, dict) else None for key in _BOUNDS)
            if isinstance(low, int) and isinstance(high, int) and low > high:
                for key, value in _BOUNDS.items():
                    self.tree.put(("facts", name, key), value)
                    self._lean(("facts", name, key))

    def beyond(self, document: D) -> Iterator[Problem]:
        """What is wrong with a document of the right shape, but for what nobody can rely on."""
        for problem in islice(beyond_schema(document), MOST_PROBLEMS):
            name = str(problem.path[1]) if len(problem.path) > 1 else ""
            if name not in (self.columns if problem.path[0] == "tables" else self.doubtful):
                yield problem

    def _note(self, problems: Iterable[Problem]) -> None:
        self.found += [one for problem in problems if real(one := finding(problem, self.spans, self.lines))]

    # -- one problem ------------------------------------------------------------------------------------------------------------------

    def _mend(self, problem: Problem) -> None:
        path = problem.path
        self.tries[path, problem.code] += 1
        again = self.tries[path, problem.code] - 1
        if self.tree.value(path) is GONE:
            return
        if again:
            if path:
                self._replace(path[: max(len(path) - again, 1)], whole=True)
            return
        annotation, depth = expected_at(self.model, path)
        document = document_at(self.model, path)
        if meaning_of(annotation) == "Condition":
            self._mend_condition(problem, depth)
        elif meaning_of(annotation):
            self._replace(path[:depth])
        elif problem.key:
            self._mend_key(problem)
        elif problem.code == "SR215" and isinstance(path[-1], int):
            self.tree.drop(path)
        elif document is not None and isinstance(self.tree.value(path), dict):
            self._complete(path, document)
        else:
            self._mend_value(path, annotation)

    def _complete(self, path: Path, document: type[Document]) -> None:
        """Stand in for what a mapping lacks."""
        given = self.tree.value(path)
        for key, value in completed(document, given).items():
            self.tree.put((*path, key), _BOUNDS.get(key, value), nowhere())
            self._lean((*path, key))

    def _mend_key(self, problem: Problem) -> None:
        path, name = problem.path, str(problem.path[-1])
        holder = self.tree.value(path[:-1])
        document = document_at(self.model, path[:-1])
        if document is not None:
            meant = closest(name, [key for key in keys_of(document) if key not in holder]) if problem.code == "SR203" else None
            if meant is None:
                if not path[:-1] and isinstance(holder[path[-1]], (dict, list)):
                    self.lost |= set(keys_of(document)) - holder.keys()  # nobody knows which section it was to be
                self.tree.drop(path)
                self._lean(path)
            else:
                self.tree.rename(path, meant)
                self.opened.add((*path[:-1], meant))
            return
        plain = re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_")
        fitting = [one for one in (plain, name.strip().upper()) if re.fullmatch(NAME if one == plain else CITATION, one)]
        meant = next((one for one in fitting if one not in holder and self._is_key(path[:-1], one)), None)
        if meant is None:
            taken = next(one for n in range(1, len(holder) + 2) for one in _names(n) if one not in holder and self._is_key(path[:-1], one))
            self.tree.rename(path, taken, NOWHERE)
            self.doubtful.add(name)
        else:
            self.tree.rename(path, meant)
            self.doubtful.add(meant)

    def _is_key(self, path: Path, name: str) -> bool:
        """Whether a mapping takes a key."""
        data: Any = {name: GONE}
        for step in reversed(path):
            data = {step: data}
        try:
            self.model.model_validate(data)
        except ValidationError as error:
            return not any(problem.path == (*path, name) and problem.key for problem in problems_of(error))
        return True

    def _mend_value(self, path: Path, annotation: object) -> None:
        """Read a wrong value as what it most likely means, or put something in its place."""
        value = self.tree.value(path)
        meant = likely(annotation, value)
        if meant is not None:
            self.tree.put(path, meant, self.tree.place_at(path))
        elif is_list(annotation) and isinstance(value, (str, dict)) and value:
            self.tree.wrap(path)
            self.opened.add(path)
        else:
            self._replace(path)

    def _replace(self, path: Path, *, whole: bool = False) -> None:
        """Take out what can go, and put something in the place of what cannot; `whole`: nothing did, so it goes, too."""
        annotation, depth = expected_at(self.model, path)
        path = path[:depth]
        document = document_at(self.model, path[:-1])
        field = None if document is None else field_of(document, path[-1])
        self._lean(path)
        value = None if whole else stand_in(annotation)
        meaning = meaning_of(annotation)
        gone = isinstance(path[-1], int) or (document is not None and (field is None or not field.is_required()) and meaning != "Cell")
        if gone or (value is None and meaning != "FactValue"):
            self.tree.drop(path)
        else:
            # The key of an entry, a cell or a fact of a case is a name that may be wrong itself; that of a field is not.
            self.tree.put(path, value, None if document is None or meaning else nowhere())

    def _lean(self, path: Path) -> None:
        """Keep in mind what nobody can rely on any more."""
        section, *inner = path
        if not inner or section in {"extends", "in_force"}:
            self.lost.add(str(section))
        elif section == "tables" and inner[1:2] == ["rows"]:
            if len(inner) <= _ROW_KEY or inner[_ROW_KEY] in {"row", "cite"}:
                self.doubtful.add(_named(path))
        elif len(inner) == 1 or str(inner[1]) in _LEANT_ON.get(str(section), ()):
            self.doubtful.add(str(section) if section in {"standing", "implications", "when_unsettled"} else _named(path))
            self.columns |= {str(inner[0])} if section == "tables" else set()

    # -- conditions ---------------------------------------------------------------------------------------------------------------------

    def _mend_condition(self, problem: Problem, depth: int) -> None:
        path = problem.path
        value = self.tree.value(path)
        if problem.code == "SR215":
            self.tree.drop(path)
        elif problem.code in {"SR213", "SR209"}:
            self._mend_test(problem, _fact_in(path, depth))
        elif isinstance(value, dict) and len(value) > 1:
            self.tree.split(path)
            self.opened.add(path)
        elif len(path) > depth and path[-1] in {"all", "any"} and isinstance(value, dict) and value:
            self.tree.wrap(path)
            self.opened.add(path)
        else:
            whole = len(path) > depth and (problem.key or path[-1] in {"all", "any", "defined", "always"})
            self.tree.put(path[:-1] if whole else path, {"always": True})

    def _mend_test(self, problem: Problem, fact: Path) -> None:
        """Mend a test; where nobody knows what it was to be, its fact is still looked up."""
        value = self.tree.value(fact)
        test = closest(str(problem.path[-1]), TESTS) if problem.key else None
        word = closest(str(fact[-1]), CONDITION_WORDS) if isinstance(value, list) else None
        if test is not None and test not in value:
            self.tree.rename(problem.path, test)
            self.opened.add((*fact, test))
        elif word is not None and len(self.tree.value(fact[:-1])) == 1:
            self.tree.rename(fact, word)
            self.opened.add((*fact[:-1], word))
        elif isinstance(value, dict) and len(value) > 1:
            self.tree.split(fact[:-1], fact[-1:])
            self.opened.add(fact[:-1])
        else:
            self.tree.put(fact, {"is_not": STAND_IN})


def _named(path: Path) -> str:
    """How findings name the entry that a path leads to, or into; of a table they name the rows, and a fact may have its name."""
    return f"{path[1]}/" if path[0] == "tables" else str(path[1])


def _fact_in(path: Path, depth: int) -> Path:
    """The part of a path that leads to the fact whose test it is in; the condition starts after `depth` steps."""
    at = depth
    while at < len(path) and path[at] in {"all", "any", "not"}:
        at += 1 if path[at] == "not" else 2
    return path[: at + 1]


def _names(number: int) -> tuple[str, str, str]:
    return f"{STAND_IN}-{number}", f"STAND-IN-{number}", f"{STAND_IN}/{STAND_IN}-{number}"
