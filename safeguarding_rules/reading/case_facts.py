"""The facts of a case from text: YAML, or JSON as programs write it.

In: bytes. Out: a mapping of fact to value that knows its places. Promised: whatever the bytes are, the answer is a mapping or one FactsError with
every problem. Whether the facts are ones the packs know is deciding's business; `placed` gives its findings their places.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from safeguarding_rules.diagnostics import Diagnostic, FactsError
from safeguarding_rules.frozen import frozen
from safeguarding_rules.language.words import describe
from safeguarding_rules.reading.json_text import read_json
from safeguarding_rules.reading.places import Path, Spans
from safeguarding_rules.reading.read_text import YamlReading
from safeguarding_rules.reading.text import decode

ProblemsOf = Callable[[Mapping[str, object]], Iterable[Diagnostic]]


@frozen
class CaseFacts:
    """The facts of a case as they were written."""

    facts: Mapping[str, object]
    text: str
    spans: Spans
    problems: tuple[Diagnostic, ...] = ()
    """What is wrong with the text itself, where the facts were asked for all the same."""

    def placed(self, problems_of: ProblemsOf) -> FactsError:
        """Return an error with what is wrong with the text and with each fact, at its place."""
        return FactsError([*self.problems, *placed(self.facts, self.spans, problems_of)], {self.spans.file: self.text})


def placed(facts: Mapping[str, object], spans: Spans, problems_of: ProblemsOf, path: Path = ()) -> list[Diagnostic]:
    """Return what `problems_of` finds in a mapping of each fact alone, at its place; `path` leads to the facts."""
    return [
        replace(problem, span=spans.at((*path, name), key=problem.code == "SR802"))
        for name, value in facts.items()
        for problem in problems_of({name: value})
    ]


def case_facts(content: bytes, file: str, *, keep: bool = False) -> CaseFacts:
    """Return the facts that the bytes of a file hold; `file` is how its places are named. Raises FactsError with every problem.

    With `keep`, a mapping whose text has problems is returned with them, so that its facts can be looked at too; it must not be decided.
    """
    text, problems = decode(content, file)
    if problems:
        raise FactsError(problems, {file: text})
    reading = _read(content, text, file)
    problems = [_for_facts(problem) for problem in reading.problems]
    if not problems and not isinstance(reading.data, Mapping):
        message = f"the facts are {describe(reading.data)}, not a mapping of fact to value"
        problems.append(Diagnostic("SR801", "error", message, reading.spans.at(()), "write one `fact: value` a line"))
    if problems and not (keep and isinstance(reading.data, Mapping)):
        raise FactsError(problems, {file: text})
    return CaseFacts(reading.data, text, reading.spans, tuple(problems))


def _read(content: bytes, text: str, file: str) -> YamlReading:
    """Read JSON as JSON, anything else as YAML, which may start with a bracket too."""
    if file.lower().endswith(".json"):
        return read_json(text, file)
    json_reading = read_json(text, file) if text.lstrip().startswith(("{", "[")) else None
    if json_reading is not None and json_reading.spans.root.children is not None:
        return json_reading
    from safeguarding_rules.reading.yaml_text import read_yaml  # noqa: PLC0415  slow to load, and JSON needs none of it

    yaml_reading = read_yaml(content, file)
    # Where it is neither, the quoted key shows what it was meant to be.
    meant_as_json = json_reading is not None and yaml_reading.problems and text.lstrip("{[ \n").startswith('"')
    return json_reading if json_reading is not None and meant_as_json else yaml_reading


def _for_facts(problem: Diagnostic) -> Diagnostic:
    """Return a problem of reading in words that fit facts, where a pack's do not."""
    if problem.code == "SR115":
        return Diagnostic("SR807", "error", "the file of facts is empty", problem.span, "write `{}` if nothing is known yet")
    return problem
