"""The content store beside the chain: packs as they were, by digest.

Comes in: packs. Goes out: the same files. Promised: what is read under a digest has that digest. The digest of a pack is that of the lines which
name its files and their digests (docs/decisions/0005-what-the-digest-covers.md), so these lines are kept under it, and each file under its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import insert, select

from safeguarding_rules.casework.journal.database import Database
from safeguarding_rules.casework.journal.tables import contents
from safeguarding_rules.diagnostics import Diagnostic, JournalError
from safeguarding_rules.reading import Pack
from safeguarding_rules.reading.pack import read_pack
from safeguarding_rules.reading.sources import PackFiles


class Contents:
    """Keeps packs by digest."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, packs: Iterable[Pack]) -> None:
        """Keep packs that are not kept yet: asked each time, for the journal may have been put back from a copy. Raises JournalError."""
        given = {pack.digest: pack for pack in packs}
        with self._database.reading() as connection:
            there = set(connection.scalars(select(contents.c.digest).where(contents.c.digest.in_(list(given)))))
        wanted: dict[str, bytes] = {}
        for pack in (pack for digest, pack in given.items() if digest not in there):
            lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(pack.files.items()))
            wanted[pack.digest] = lines.encode()
            wanted |= {f"sha256:{digest}": pack.content(name) for name, digest in pack.files.items()}
        if wanted:
            with self._database.writing() as connection:
                there = set(connection.scalars(select(contents.c.digest).where(contents.c.digest.in_(list(wanted)))))
                if rows := [{"digest": digest, "content": wanted[digest]} for digest in sorted(wanted.keys() - there)]:
                    connection.execute(insert(contents), rows)

    def pack(self, digest: str) -> Pack:
        """The pack of a digest. Raises JournalError if it is not kept, or is not what it was."""
        lines = self._read([digest])[digest].decode()
        files = {name: f"sha256:{one}" for one, _, name in (line.partition("  ") for line in lines.splitlines())}
        read = self._read(sorted(set(files.values())))
        return read_pack(PackFiles(f"pack {digest[:19]}", {name: read[one] for name, one in files.items()}, needs_lock=False), verify_lock=False)

    def _read(self, digests: list[str]) -> dict[str, bytes]:
        with self._database.reading() as connection:
            found = {row.digest: bytes(row.content) for row in connection.execute(select(contents).where(contents.c.digest.in_(digests)))}
        problems = [Diagnostic("SR919", "error", f"`{one}` is not in the content store", help=_REMEDY) for one in digests if one not in found]
        problems += [
            Diagnostic("SR919", "error", f"what is kept as `{one}` has changed", help=_REMEDY)
            for one, content in found.items()
            if not has_digest(one, content)
        ]
        if problems:
            raise JournalError(problems)
        return found


_REMEDY = "restore it from a copy of the journal, or put the pack where packs are looked for"


def has_digest(digest: str, content: bytes) -> bool:
    """Whether content is what its digest says."""
    return digest == f"sha256:{hashlib.sha256(content).hexdigest()}"
