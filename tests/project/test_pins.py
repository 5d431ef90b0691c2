"""The first part of constraints.txt is what deciding needs: all of it, and no more than that."""

from __future__ import annotations

import re
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


def needed_by(name: str, extra: str, found: set[str]) -> set[str]:
    """Add the names of everything a distribution needs, with what that needs in turn."""
    for line in requires(name) or []:
        requirement = Requirement(line)
        other = canonicalize_name(requirement.name)
        if other not in found and (requirement.marker is None or requirement.marker.evaluate({"extra": extra})):
            found.add(other)
            needed_by(requirement.name, "", found)
    return found


def test_the_first_part_of_the_pins_is_what_deciding_needs() -> None:
    first, second = re.split(r"^#.*\n", (ROOT / "constraints.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)
    pinned = {canonicalize_name(name) for name in re.findall(r"^([\w.-]+)==", first, re.MULTILINE)}
    needed = needed_by("safeguarding-rules", "fast", set()) | needed_by("hatchling", "", {"hatchling"})
    assert pinned == needed
    assert not pinned & {canonicalize_name(name) for name in re.findall(r"^([\w.-]+)==", second, re.MULTILINE)}
    assert all("--hash=sha256:" in block for block in re.split(r"\n(?=\w)", first.strip()))
