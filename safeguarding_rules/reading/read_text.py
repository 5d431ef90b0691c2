"""What reading a text gives, whatever it is written in, and how much of it is read at most."""

from typing import Any

from safeguarding_rules.diagnostics import Diagnostic
from safeguarding_rules.frozen import frozen
from safeguarding_rules.reading.places import Path, Spans

DEEPEST = 60
MOST_VALUES = 150_000


@frozen
class YamlReading:
    """What a text holds: the data, its places, what is wrong, and the paths of values that could not be read."""

    text: str
    data: Any
    spans: Spans
    problems: tuple[Diagnostic, ...]
    unreadable: frozenset[Path]
