"""`pack.lock`: a digest of every file, so that nobody changes a policy unnoticed.

In: the files of a pack and their digests. Out: findings, or the text of a new lock. The lines are those of `sha256sum`, which can check them.
"""

import re
from collections.abc import Iterator, Mapping

from safeguarding_rules.diagnostics import Diagnostic, Span
from safeguarding_rules.reading.places import Spans
from safeguarding_rules.reading.sources import LOCK, PackFiles
from safeguarding_rules.reading.text import decode, start_of

_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")
_REMEDY = "if this is meant, review it and run `safeguarding-rules lock` on the pack"


def lock_text(digests: Mapping[str, str], title: str) -> str:
    """Return the text of a lock for files with these digests; `title` says which pack it is."""
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
    return f"# {title}: written by `safeguarding-rules lock`, never by hand\n{lines}"


def lock_problems(files: PackFiles, digests: Mapping[str, str], manifest: Spans | None) -> list[Diagnostic]:
    """Return how the files differ from the lock: no lock, or each file that changed, is missing, or was added."""
    if LOCK not in files.contents:
        place = start_of(files.display("pack.yaml")) if manifest is None else manifest.at(("status",))
        help_ = "`safeguarding-rules lock` checks the pack and writes it"
        return [Diagnostic("SR141", "error", "a pack in force needs a `pack.lock`, and there is none", place, help_)]
    locked, problems = _entries(files)
    return [*problems, *_differences(files, digests, locked)]


def _entries(files: PackFiles) -> tuple[dict[str, tuple[str, Span]], list[Diagnostic]]:
    display = files.display(LOCK)
    text, problems = decode(files.contents[LOCK], display)
    locked: dict[str, tuple[str, Span]] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line or line.startswith("#"):
            continue
        place = Span(display, number, 1, number, len(line) + 1)
        found = _LINE.fullmatch(line)
        if found is None or found[2] in locked:
            problems.append(Diagnostic("SR145", "error", "this line of the lock is not understood", place, "write the lock again"))
            continue
        locked[found[2]] = (found[1], place)
    return locked, problems


def _differences(files: PackFiles, digests: Mapping[str, str], locked: Mapping[str, tuple[str, Span]]) -> Iterator[Diagnostic]:
    for name, (digest, place) in locked.items():
        if name not in digests:
            yield Diagnostic("SR143", "error", f"`{name}` is in the lock, but not in the pack", place, f"restore it; {_REMEDY}")
        elif digests[name] != digest:
            related = (("the lock says otherwise", place),)
            yield Diagnostic("SR142", "error", f"`{name}` has changed since it was locked", start_of(files.display(name)), _REMEDY, related)
    for name in digests:
        if name not in locked:
            yield Diagnostic("SR144", "error", f"`{name}` is not in the lock", start_of(files.display(name)), _REMEDY)
