"""From the files of a pack to one frozen value that knows its documents, digests and places.

In: a folder, an archive, or plain data. Out: a `Pack`. Promised: a Pack's documents have the right shape and, unless told otherwise, its
files match its lock; all problems of all files come at once. What the names in it mean is linking's business.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar, cast

from safeguarding_rules.diagnostics import Diagnostic, PackError, Span, closest, in_order
from safeguarding_rules.language.coherence import beyond_schema
from safeguarding_rules.language.documents import (
    DOCUMENTS,
    ActionsFile,
    CasesFile,
    Document,
    FactsFile,
    InvariantsFile,
    Manifest,
    RoutesFile,
    RulesFile,
    StatementsFile,
)
from safeguarding_rules.language.shapes import keys_of
from safeguarding_rules.language.words import MOST_PROBLEMS
from safeguarding_rules.reading.lock import lock_problems
from safeguarding_rules.reading.places import Spans
from safeguarding_rules.reading.read_text import YamlReading
from safeguarding_rules.reading.sources import LOCK, PackFiles, files_from_data, files_in_folder, files_in_zip
from safeguarding_rules.reading.tables import read_table
from safeguarding_rules.reading.text import decode, start_of, whole
from safeguarding_rules.reading.wording import checked, finding
from safeguarding_rules.reading.yaml_text import read_yaml

D = TypeVar("D", bound=Document)

_LOCKED_STATUSES = frozenset({"in_force", "superseded"})


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack as it was read. Files are named as in the pack (`rules/referral.yaml`)."""

    manifest: Manifest
    facts: FactsFile
    actions: ActionsFile
    statements: StatementsFile
    routes: RoutesFile
    invariants: InvariantsFile
    rules: tuple[tuple[str, RulesFile], ...]
    """The files of `rules/`, CSV tables among them, sorted by name."""
    files: Mapping[str, str]
    """The sha256 of every file but pack.lock and README.md."""
    digest: str
    """`sha256:` and the sha256 over the lines `<sha256>  <name>` of all files, sorted by name, cases included."""
    locked: bool
    """Whether the files match a pack.lock."""
    origin: str
    """How the pack is named in places: a path as given, or a name."""
    _contents: Mapping[str, bytes] = field(repr=False, compare=False)
    _spans: Mapping[str, Spans] = field(repr=False, compare=False)
    _read_later: dict[str, tuple[CasesFile, Spans]] = field(default_factory=dict, repr=False, compare=False)
    """The files of `cases/`, once they were read."""

    @property
    def id(self) -> str:
        """Return the pack's id."""
        return self.manifest.pack

    @property
    def version(self) -> str:
        """Return the pack's version."""
        return self.manifest.version

    def span(self, file: str, path: Sequence[str | int], *, key: bool = False) -> Span:
        """Return where a value (or its key) of a file stands; the first place of the file where it is not known."""
        if file in self._spans:
            return self._spans[file].at(path, key=key)
        return self._case_spans(file).at(path, key=key) if file in self._contents else start_of(self._display(file))

    def head(self, file: str, path: Sequence[str | int]) -> Span:
        """Return where a reader looks for a part as a whole: its key, or the value of a list item."""
        if file in self._spans:
            return self._spans[file].head(path)
        return self._case_spans(file).head(path) if file in self._contents else start_of(self._display(file))

    def source_text(self, file: str) -> str:
        """Return the text of a file, named as in the pack or as in a span; empty where there is none."""
        prefix = self._display("")
        name = file.removeprefix(prefix) if file not in self._contents else file
        return decode(self._contents[name], file)[0] if name in self._contents else ""

    def content(self, file: str) -> bytes:
        """Return the bytes of a file of `files`."""
        return self._contents[file]

    def texts(self, file: str) -> str | None:
        """Return the text of a file as named in a span, or None: the `sources` of `render_text`."""
        return self.source_text(file) or None

    def cases(self) -> tuple[tuple[str, CasesFile], ...]:
        """Return the files of `cases/`, read when first asked for. Raises PackError with every problem in them."""
        names = [name for name in self._contents if name.startswith("cases/")]
        if unread := [name for name in names if name not in self._read_later]:
            gathered = _Reading(PackFiles(self.origin, self._contents))
            cases = {name: gathered.document(name, CasesFile) for name in unread}
            gathered.fail_if_wrong()
            self._read_later.update({name: (cases[name], gathered.spans[name]) for name in unread})
        return tuple((name, self._read_later[name][0]) for name in names)

    def read(self) -> dict[str, tuple[Document, Spans]]:
        """Return every document that was read, with its places, by file."""
        named: dict[str, Document] = {
            "pack.yaml": self.manifest,
            "facts.yaml": self.facts,
            "actions.yaml": self.actions,
            "statements.yaml": self.statements,
            "routes.yaml": self.routes,
            "invariants.yaml": self.invariants,
            **dict(self.rules),
        }
        found = {name: (document, self._spans[name]) for name, document in named.items() if name in self._spans}
        return {**found, **self._read_later}

    def against_lock(self) -> tuple[Diagnostic, ...]:
        """Return what keeps a pack in force from loading: no lock, or files that differ from it. Empty where its status asks for no lock."""
        if self.manifest.status not in _LOCKED_STATUSES:
            return ()
        return tuple(lock_problems(PackFiles(self.origin, self._contents), self.files, self._spans.get("pack.yaml")))

    def _case_spans(self, file: str) -> Spans:
        if file in self._read_later:
            return self._read_later[file][1]
        return read_yaml(self._contents[file], self._display(file)).spans

    def _display(self, file: str) -> str:
        return PackFiles(self.origin, {}).display(file)


@dataclass(frozen=True, slots=True)
class SalvagedPack:
    """What is left of a pack that has mistakes of shape. Only for finding further mistakes: never decide with it."""

    pack: Pack
    problems: tuple[Diagnostic, ...]
    """Every mistake of shape, those inside what was mended among them."""
    doubtful: frozenset[str]
    """Entries of which something was made up that others lean on; `name/` stands for the rows of a table."""
    lost: frozenset[str]
    """Sections, and keys of the manifest, of which nothing is known."""


class _Reading:
    """Reads documents of one pack and collects what is wrong; `salvaging`, it mends what it can and goes on."""

    def __init__(self, files: PackFiles, like: Pack | None = None, *, salvaging: bool = False) -> None:
        self.files = files
        self.salvaging = salvaging
        self.digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.contents.items() if name != LOCK}
        self.problems: list[Diagnostic] = list(files.problems)
        self.spans: dict[str, Spans] = {}
        self.doubtful: frozenset[str] = frozenset()
        self.lost: frozenset[str] = frozenset()
        self._kept: dict[str, tuple[Document, Spans]] = {}
        if like is not None and like.origin == files.origin:
            self._kept = {name: one for name, one in like.read().items() if like.files[name] == self.digests.get(name)}

    def document(self, name: str, model: type[D]) -> D:
        """Return the document of a file, an empty one where there is no file; where it is wrong, the findings are kept."""
        content = self.files.contents.get(name)
        if content is None:
            return model.model_construct()
        if name in self._kept:
            kept, self.spans[name] = self._kept[name]
            return cast(D, kept)
        display = self.files.display(name)
        read = read_table(content, display) if name.endswith(".csv") else read_yaml(content, display)
        self.problems += read.problems
        self.spans[name] = read.spans
        document, found = checked(model, read.data, read.spans, read.text, read.unreadable)
        if document is not None:
            lines = read.text.split("\n")
            found += [finding(problem, read.spans, lines) for problem in islice(beyond_schema(document), MOST_PROBLEMS)]
        self.problems += found
        if self.salvaging and (found or read.problems):
            return self._salvage(name, model, read)
        return document if document is not None else model.model_construct()

    def _salvage(self, name: str, model: type[D], read: YamlReading) -> D:
        """Return what is left of a document; what is wrong inside it is kept, too."""
        from safeguarding_rules.reading.salvage import salvage  # noqa: PLC0415  needs jsonschema, and only packs that are wrong need it

        left = salvage(model, read.data, read.spans, read.text, read.unreadable)
        self.spans[name] = left.spans
        self.problems += left.found
        self.doubtful |= left.doubtful
        self.lost |= left.lost
        return left.document

    def cases(self) -> dict[str, tuple[CasesFile, Spans]]:
        """Return the files of `cases/` that are known already; all of them where what is left of a pack is gathered."""
        if self.salvaging:
            names = [name for name in self.files.contents if name.startswith("cases/")]
            return {name: (self.document(name, CasesFile), self.spans[name]) for name in names}
        return {name: (document, spans) for name, (document, spans) in self._kept.items() if isinstance(document, CasesFile)}

    def fail_if_wrong(self) -> None:
        """Raise PackError if anything is wrong, with the texts that pictures need."""
        if self.problems:
            texts = {self.files.display(name): decode(content, name)[0] for name, content in self.files.contents.items()}
            raise PackError(self.problems, texts)


def read_manifest(files: PackFiles) -> tuple[Manifest, Spans]:
    """Return the manifest alone and its places. Raises PackError."""
    reading = _Reading(files)
    _require_manifest(reading)
    manifest = reading.document("pack.yaml", Manifest)
    reading.fail_if_wrong()
    return manifest, reading.spans["pack.yaml"]


def read_pack(files: PackFiles, *, verify_lock: bool = True, like: Pack | None = None) -> Pack:
    """Return the pack that the files make. Raises PackError with every problem of every file.

    A pack of status in_force or superseded must match its lock unless `verify_lock` is False (for the commands that check and lock). Files that
    are the same as in `like`, an earlier state of the pack, are not read again.
    """
    reading = _Reading(files, like)
    pack = _assemble(reading, verify_lock=verify_lock)
    reading.fail_if_wrong()
    return pack


def salvage_manifest(files: PackFiles) -> Manifest | None:
    """Return what is left of the manifest alone; None where nothing is known of what pack it is."""
    reading = _Reading(files, salvaging=True)
    manifest = reading.document("pack.yaml", Manifest)
    return None if "pack.yaml" not in files.contents or reading.lost & {"pack", "version"} else manifest


def salvage_pack(files: PackFiles) -> SalvagedPack:
    """Return what is left of a pack that has mistakes of shape, its cases included."""
    reading = _Reading(files, salvaging=True)
    pack = _assemble(reading, verify_lock=False)
    return SalvagedPack(pack, in_order(reading.problems), reading.doubtful, reading.lost | _in_unread_files(files))


def _in_unread_files(files: PackFiles) -> frozenset[str]:
    """The sections that stand, by their names, in files that could not be read or do not belong."""
    sections = set() if "pack.yaml" in files.contents else set(keys_of(Manifest))
    for problem in files.problems:
        name = "" if problem.span is None else problem.span.file.removeprefix(files.display(""))
        kind = name.split("/", maxsplit=1)[0] if "/" in name else closest(name, [f"{kind}.yaml" for kind in DOCUMENTS]) or ""
        model = DOCUMENTS.get(kind.removesuffix(".yaml"))
        sections |= set(keys_of(model)) if model is not None else set()
    return frozenset(sections)


def _assemble(reading: _Reading, *, verify_lock: bool) -> Pack:
    """Read the documents into a Pack; what is wrong is kept in the reading."""
    files, digests = reading.files, reading.digests
    _require_manifest(reading)
    manifest = reading.document("pack.yaml", Manifest)
    documents: dict[str, Any] = {
        "facts": reading.document("facts.yaml", FactsFile),
        "actions": reading.document("actions.yaml", ActionsFile),
        "statements": reading.document("statements.yaml", StatementsFile),
        "routes": reading.document("routes.yaml", RoutesFile),
        "invariants": reading.document("invariants.yaml", InvariantsFile),
        "rules": tuple((name, reading.document(name, RulesFile)) for name in files.contents if name.startswith("rules/")),
    }
    against_lock = lock_problems(files, digests, reading.spans.get("pack.yaml"))
    status = getattr(manifest, "status", "draft")
    if verify_lock and files.needs_lock and status in _LOCKED_STATUSES:
        reading.problems += against_lock
    return Pack(
        manifest=manifest,
        **documents,
        files=digests,
        digest=digest_of(digests),
        locked=not against_lock,
        origin=files.origin,
        _contents=files.contents,
        _spans=reading.spans,
        _read_later=reading.cases(),
    )


def digest_of_files(files: PackFiles) -> str:
    """Return the digest of a pack that has not been read."""
    return digest_of({name: hashlib.sha256(content).hexdigest() for name, content in files.contents.items() if name != LOCK})


def digest_of(digests: Mapping[str, str]) -> str:
    """Return the digest of a pack from those of its files."""
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
    return f"sha256:{hashlib.sha256(lines.encode()).hexdigest()}"


def pack_from_folder(folder: Path | str, *, verify_lock: bool = True) -> Pack:
    """Return the pack of a folder. Raises PackError."""
    return read_pack(files_in_folder(folder), verify_lock=verify_lock)


def pack_from_zip(archive: bytes, origin: str = "archive.zip", *, verify_lock: bool = True) -> Pack:
    """Return the one pack of a zip archive. Raises PackError, also where there are several."""
    found = files_in_zip(archive, origin)
    if len(found) > 1:
        message = f"the archive holds {len(found)} packs"
        raise PackError([Diagnostic("SR119", "error", message, whole(origin), "give the archive to a Registry, or pack one folder")])
    return read_pack(found[0], verify_lock=verify_lock)


def pack_from_data(files: Mapping[str, object], origin: str = "pack") -> Pack:
    """Return the pack that plain data makes: file name to what the file holds, as text or data. No lock is needed. Raises PackError."""
    return read_pack(files_from_data(files, origin))


def _require_manifest(reading: _Reading) -> None:
    if "pack.yaml" not in reading.files.contents and not reading.problems:
        message = "there is no `pack.yaml` here"
        reading.problems.append(Diagnostic("SR117", "error", message, whole(reading.files.display("pack.yaml")), "check the path"))
