"""The two sides of `diff`: packs by id, version or path, or as they stood in a git revision.

Promised: git is asked for names and contents of files only (`ls-tree`, `cat-file`); no hook, filter or file of a revision is ever run.
"""

from __future__ import annotations

import io
import os
import subprocess
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from safeguarding_rules.cli.arguments import places_for
from safeguarding_rules.comparing.sides import Stand
from safeguarding_rules.deciding.decide import Decider
from safeguarding_rules.deciding.program import compile_policy
from safeguarding_rules.diagnostics import Diagnostic, PackError
from safeguarding_rules.linking.link import link
from safeguarding_rules.reading import Found, Pack, Registry, read_manifest
from safeguarding_rules.reading.places_to_look import locations_in_archive

GIT = "git:"
_NOT_HERE = frozenset({"SR301", "SR302", "SR303"})
_LINK = "120000"


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a side's pack was found: `beside` is looked in first for the packs above it, `anywhere` after."""

    found: Found
    beside: Registry
    anywhere: Registry


def stand_of(name: str, on: date | None, today: date, also: Sequence[Path]) -> Stand:
    """Return one side, as it stands on a day.

    Without a day: today where the pack is in force today, else its last day, or its first where that is yet to come. Raises PackError.
    """
    source = _from_git(name, also) if name.startswith(GIT) else _from_packs(name, on or today, also)
    day = on or _day(source.found, today)
    try:
        layers = source.beside.stack(source.found, day)
    except PackError as error:
        if not any(problem.code in _NOT_HERE for problem in error.diagnostics):
            raise
        layers = source.anywhere.stack(source.found, day)
    packs = [source.beside.load(layer, verify_lock=False) for layer in layers]
    return Stand(name, Decider(compile_policy(link(packs, day, lambda pack: _versions(source, pack)))), day, tuple(packs))


def _day(found: Found, today: date) -> date:
    start, end = found.manifest.in_force.from_, found.manifest.in_force.until
    if today < start:
        return start
    return today if end is None or today < end else end - timedelta(days=1)


def _versions(source: _Source, pack: str) -> Sequence[Pack]:
    for registry in (source.beside, source.anywhere):
        try:
            return [registry.load(found, verify_lock=False) for found in registry.find(pack)]
        except PackError:
            continue
    return ()


def _from_packs(name: str, on: date, also: Sequence[Path]) -> _Source:
    anywhere = Registry(places_for(name, also))
    found = anywhere.resolve(name, on)
    beside = Registry((Path(name), *places_for(name, also)), shipped=False, installed=False) if Path(name).exists() else anywhere
    return _Source(found, beside, anywhere)


# -- git --------------------------------------------------------------------------------------------------------------------------


def git_name(revision: str, path: str) -> str:
    """Return how a path at a revision is written as a side."""
    return f"{GIT}{revision}:{path}"


def _from_git(name: str, also: Sequence[Path]) -> _Source:
    revision, separator, path = name.removeprefix(GIT).partition(":")
    if not separator or not revision or not path:
        raise _refusal(f"`{name}` is not a pack at a revision", "write git:REVISION:PATH, such as git:HEAD~1:policy_packs/ukcis/2024.3")
    folder = Path(path).resolve()
    start = next(parent for parent in (folder, *folder.parents) if parent.is_dir())
    root = Path(_git(start, "rev-parse", "--show-toplevel").decode().strip())
    commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").decode().strip()
    inner = folder.relative_to(root.resolve()).as_posix()
    around = Path(inner).parent.parent.as_posix()
    archive = _archive(root, commit, inner if around in {".", ""} else around)
    wanted = [one for one in locations_in_archive(archive, revision) if one.origin.removeprefix(f"{revision}/") == inner]
    if not wanted:
        raise _refusal(f"there is no pack at `{path}` in revision `{revision}`", "check the path; a pack is a folder with a `pack.yaml`")
    manifest, _ = read_manifest(wanted[0].manifest())
    beside = Registry(archives=[archive], shipped=False, installed=False)
    return _Source(beside.version(manifest.pack, manifest.version), beside, Registry(also))


def _archive(root: Path, commit: str, folder: str) -> bytes:
    """Return the files of a folder at a commit as a zip archive: their contents as they are stored, links left out."""
    listed = _git(root, "ls-tree", "-r", "-z", "--full-tree", commit, "--", folder)
    entries = [
        (entry.split(b"\t", 1)[0].decode().split(), entry.split(b"\t", 1)[1].decode("utf-8", "replace")) for entry in listed.split(b"\0") if entry
    ]
    files = [(object_, name) for (mode, kind, object_), name in entries if kind == "blob" and mode != _LINK]
    contents = _git(root, "cat-file", "--batch", given="".join(f"{object_}\n" for object_, _ in files).encode())
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        place = 0
        for _, name in files:
            end = contents.index(b"\n", place)
            size = int(contents[place:end].split()[2])
            archive.writestr(name, contents[end + 1 : end + 1 + size])
            place = end + size + 2
    return stream.getvalue()


def _git(folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    settings = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], input=given, capture_output=True, check=False, env=settings)  # noqa: S603, S607  git by name; arguments never reach a shell
    except OSError as error:
        raise _refusal("git cannot be run", "install git, or give two folders") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise _refusal(f"git says: {said[-1] if said else 'there is no such revision'}", "check the revision and the path")
    return done.stdout


def _refusal(message: str, help_: str) -> PackError:
    return PackError([Diagnostic("SR309", "error", message, None, help_)])
