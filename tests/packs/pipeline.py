"""Lays a bad pack over its good one and runs every phase over it, for the findings."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from safeguarding_rules.diagnostics import Diagnostic, PackError, in_order
from safeguarding_rules.linking.link import check
from safeguarding_rules.reading import Pack, Registry, files_in_folder, pack_from_folder, salvage_pack
from safeguarding_rules.testing.behind import can_be_linked, further
from safeguarding_rules.testing.checking import no_longer_found

HERE = Path(__file__).parent
GOOD = HERE / "good"
BAD = HERE / "bad"
STACK = ("wider", "layer")  # the good packs under `top/` and `layer/` of a bad stack
_CONTROL = {"base.txt", "expect.txt", "resolve.txt"}
_OF_LOCKS = {"SR141", "SR142", "SR143", "SR144", "SR145"}
_COMMENT = re.compile(r"# (SR\d{3}): (.*?)(?= # SR\d{3}:|$)")
_LISTED = re.compile(r"(-|[^:]+(?::\d+)?): (SR\d{3}): (.*)")


@dataclass(frozen=True, order=True)
class Expected:
    """A finding as its test describes it; line 0 where it has no line, no file where it has no place."""

    file: str
    line: int
    code: str
    message: str


def bad_packs() -> list[Path]:
    return sorted(folder for folder in BAD.iterdir() if folder.is_dir())


def findings_of(bad: Path, scratch: Path) -> tuple[Diagnostic, ...]:
    """Return every finding about a bad pack, which is put together in the scratch folder."""
    if (bad / "resolve.txt").exists():
        return _resolved(bad, scratch)
    folders = _laid_out(bad, scratch)
    try:
        return phases_after_reading([pack_from_folder(folder) for folder in folders])
    except PackError as error:
        of_locks = all(one.code in _OF_LOCKS for one in error.diagnostics)
        return error.diagnostics if of_locks else in_order([*error.diagnostics, *_behind(folders)])


def _behind(folders: Sequence[Path]) -> Iterator[Diagnostic]:
    """Yield what else is found in a stack of which a pack has mistakes of shape."""
    left = [salvage_pack(files_in_folder(folder)) for folder in folders]
    for one in left:
        yield from one.problems
    if all(can_be_linked(one) for one in left):
        found = phases_after_reading([one.pack for one in left])
        for one in left:
            yield from further(one, found)


def _laid_out(bad: Path, scratch: Path) -> list[Path]:
    """Put the pack of a bad folder together, or its stack, the top pack first."""
    if not (bad / "top").is_dir() and not (bad / "layer").is_dir():
        lay_out(bad, scratch)
        return [scratch]
    folders = [scratch / "top", scratch / "layer"]
    for folder, base in zip(folders, STACK, strict=True):
        lay_out(bad / folder.name, folder, GOOD / base)
    return folders


def phases_after_reading(packs: Sequence[Pack]) -> tuple[Diagnostic, ...]:
    """Return what later phases find in a stack (the top pack first) that could be read."""
    found = check(packs, thorough=True)[1]
    return in_order(found if any(one.severity == "error" for one in found) else [*found, *no_longer_found(packs[-1], found)])


def _resolved(bad: Path, scratch: Path) -> tuple[Diagnostic, ...]:
    for overlay in sorted((bad / "packs").glob("*/*")):
        lay_out(overlay, scratch / overlay.relative_to(bad / "packs"), base_of(bad))
    name, day = (bad / "resolve.txt").read_text().split()
    registry = Registry([scratch], shipped=False, installed=False)
    on = date.fromisoformat(day)
    try:
        for found in registry.stack(registry.resolve(name, on), on):
            registry.load(found)
    except PackError as error:
        return error.diagnostics
    return ()


def base_of(bad: Path) -> Path:
    named = bad / "base.txt"
    return GOOD / (named.read_text().strip() if named.exists() else "minimal")


def lay_out(overlay: Path, target: Path, base: Path | None = None) -> None:
    """Put a pack together: the files of its base, then those of the overlay."""
    contents = dict(_files(base or base_of(overlay)))
    for name, content in _files(overlay):
        if name.endswith(".absent"):
            del contents[name.removesuffix(".absent")]
        elif name not in _CONTROL:
            contents[name] = content
    if "pack.lock" in contents:
        contents["pack.lock"] = _current(contents)
    for name, content in contents.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(content)


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _current(contents: dict[str, bytes]) -> bytes:
    lines = []
    for line in contents["pack.lock"].decode().splitlines():
        name = line.removeprefix("<current>  ")
        lines.append(f"{hashlib.sha256(contents[name]).hexdigest()}  {name}" if name != line else line)
    return "\n".join([*lines, ""]).encode()


def expected_of(bad: Path) -> list[Expected]:
    """Return the findings a bad pack promises: in comments beside its lines, and in expect.txt."""
    expected = []
    for name, content in _files(bad):
        text = content.decode("utf-8", "replace")
        if name == "expect.txt":
            expected += [_listed(line) for line in text.splitlines() if line]
            continue
        file = name.removeprefix("packs/") if (bad / "packs").is_dir() else name
        for number, line in enumerate(text.split("\n"), start=1):
            expected += [Expected(file, number, found[1], found[2].strip()) for found in _COMMENT.finditer(line)]
    return sorted(expected)


def _listed(line: str) -> Expected:
    found = _LISTED.fullmatch(line)
    assert found is not None, f"not understood: {line}"
    file, _, number = found[1].partition(":")
    return Expected(file.removeprefix("-"), int(number or 0), found[2], found[3])
