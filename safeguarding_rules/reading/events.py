"""The events of a YAML text, from ruamel's own parser or, where it is installed, from its compiled one, which is some twenty times faster.

The two agree on text as people write it, marks included (the tests hold them against each other), but not on every odd text. So the compiled
parser only sees text that avoids what they are known to differ on, and whatever it finds wrong is found again, and worded, by the other.
"""

import importlib
import re
from collections.abc import Callable, Iterator
from typing import Any

from ruamel.yaml import YAML

# Tabs; anchors, aliases, tags and `?` at the start of a token; block scalars without an indented line below.
_ODD = re.compile(r"\t|(?:^|[\s\[\]{},\"'])(?:[&*!]|\?\s)|[>|][-+0-9]* *(?:#|\n(?! +\S))")


def _compiled_parser() -> Callable[[str], Any] | None:
    for module in ("_ruamel_yaml", "_ruamel_yaml_clibz"):
        try:
            parser: Callable[[str], Any] = importlib.import_module(module).CParser
        except (ImportError, AttributeError):
            continue
        return parser
    return None


_COMPILED: Any = _compiled_parser()


def has_compiled_parser() -> bool:
    """Say whether the compiled parser is installed."""
    return _COMPILED is not None


def suits_compiled(text: str) -> bool:
    """Say whether the compiled parser is there and known to read the text as the other does."""
    return _COMPILED is not None and _ODD.search(text) is None


def compiled_events(text: str) -> Iterator[Any]:
    """Yield the events of a text that `suits_compiled`. Raises YAMLError."""
    # Without a line end the last marks would differ.
    parser = _COMPILED(text if text.endswith("\n") else text + "\n")
    while parser.check_event():
        yield parser.get_event()


def pure_events(text: str) -> Iterator[Any]:
    """Yield the events of a text. Raises YAMLError, and for hostile text possibly anything."""
    yield from YAML(typ="safe", pure=True).parse(text if text.endswith("\n") else text + "\n")
