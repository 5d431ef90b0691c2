"""What a seeded fault is."""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """One edit: `old` stands exactly once in `file` and becomes `new`. `tests` find it; without any, the stages of `run` do."""

    name: str
    file: str
    old: str
    new: str
    breaks: str
    tests: tuple[str, ...] = ()
