"""Verifying a journal: reads every entry, recomputes what can be recomputed, and names what does not fit.

Comes in: a journal, and what was kept elsewhere: a receipt, public keys. Goes out: findings, none if all is well. Promised: an entry that was
changed, is missing, stands in another place or was cut off is named, as far as the threat model of docs/reference/journal.md goes; nothing is
repaired; nobody who writes meanwhile waits longer than for a page, and what they append is verified too. Why pages lose nothing:
docs/decisions/0032-verified-in-pages.md.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, or_, select

from safeguarding_rules.casework.journal import entry as form
from safeguarding_rules.casework.journal.content import has_digest
from safeguarding_rules.casework.journal.database import Database
from safeguarding_rules.casework.journal.erasing import ERASURE
from safeguarding_rules.casework.journal.journal import STARTED, Journal
from safeguarding_rules.casework.journal.receipt import Receipt
from safeguarding_rules.casework.journal.records import DECIDED
from safeguarding_rules.casework.journal.schema_check import strangers
from safeguarding_rules.casework.journal.signing import PublicKey
from safeguarding_rules.casework.journal.tables import contents, entries, values
from safeguarding_rules.diagnostics import Diagnostic

_RESTORE = "keep this copy as it is, find out who could write to it, and compare it with the latest good one"
_MOST_COMPARED = 200
_PAGE = 200
_CONTENTS = 20  # a file of a pack may have 2 MB


@dataclass(frozen=True)
class Verification:
    """What was found. `head` is None where there is no entry."""

    entries: int
    values: int
    erased: int
    signed: int
    head: Receipt | None
    findings: tuple[Diagnostic, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def verify(
    journal: Journal, *, expected: Iterable[Receipt] = (), keys: Sequence[PublicKey] = (), progress: Callable[[str], None] = lambda _: None
) -> Verification:
    """Read the whole journal and compare it with receipts and keys that were kept elsewhere. Raises JournalError if it cannot be read at all."""
    check = _Check(tuple(expected), {key.id: key for key in keys})
    database = journal.database
    with database.reading() as connection:
        check.findings += strangers(connection)
    with database.reading() as connection:
        began = connection.execute(select(entries.c.seq, entries.c.hash).order_by(entries.c.seq.desc()).limit(1)).first()
    if began is not None:
        check.began = (began.seq, began.hash)
    for rows, beside in _pages(database):
        for row in rows:
            check.entry(row, beside.pop(row["seq"], ()))
        check.stray(beside)
        if rows:
            progress(f"{check.count} entries")
    check.finish(_still_there(database))
    check.findings += _contents(database, check.decided_by)
    head = Receipt(check.journal or "", check.last, check.previous) if check.count else None
    return Verification(check.count, check.values, check.erased, check.signed, head, tuple(check.findings))


def _pages(database: Database) -> Iterator[tuple[Sequence[RowMapping], dict[object, list[RowMapping]]]]:
    """The entries and the values beside them by entry, each page in a transaction of its own; at the end what stands behind the last entry."""
    after: int | None = None
    while True:
        wanted = select(entries).order_by(entries.c.seq).limit(_PAGE)
        inside: list[ColumnElement[bool]] = []
        if after is not None:
            wanted = wanted.where(entries.c.seq > after)
            inside.append(or_(values.c.seq > after, values.c.seq.is_(None)))
        with database.reading() as connection:
            rows = connection.execute(wanted).mappings().all()
            if rows:
                inside.append(values.c.seq <= rows[-1]["seq"])
            found = connection.execute(select(values).where(*inside).order_by(values.c.seq, values.c.name)).mappings().all()
        beside: dict[object, list[RowMapping]] = {}
        for value in found:
            beside.setdefault(value["seq"], []).append(value)
        yield rows, beside
        if not rows:
            return
        after = rows[-1]["seq"]


def _still_there(database: Database) -> Callable[[str, int], bool]:
    """Whether a value stands beside an entry of a case up to its erasure: what was there when its page was read may have been erased since."""

    def look(case: str, erasure: int) -> bool:
        belonging = select(entries.c.seq).where(entries.c.case_id == case, entries.c.seq < erasure)
        with database.reading() as connection:
            return connection.scalar(select(values.c.seq).where(values.c.seq.in_(belonging)).limit(1)) is not None

    return look


@dataclass
class _Check:
    receipts: tuple[Receipt, ...]
    keys: Mapping[str, PublicKey]
    findings: list[Diagnostic] = field(default_factory=list)
    named: dict[str, PublicKey | None] = field(default_factory=dict)
    decided_by: dict[str, str] = field(default_factory=dict)  # digest -> pack and version, of every pack that a decision names
    journal: str | None = None
    count: int = 0
    values: int = 0
    erased: int = 0
    signed: int = 0
    last: int = 0
    previous: str = form.FIRST
    began: tuple[int, str] | None = None  # number and hash of the last entry when the reading began
    numbers: dict[str, int] = field(default_factory=dict)
    gone: list[tuple[int, str, str]] = field(default_factory=list)  # seq, name, case of values that are not there
    there: dict[str, int] = field(default_factory=dict)  # case -> first entry that still has a value
    erasures: dict[str, int] = field(default_factory=dict)
    changed: list[RowMapping] = field(default_factory=list)

    def report(self, code: str, message: str, remedy: str = _RESTORE) -> None:
        self.findings.append(Diagnostic(code, "error", message, help=remedy))

    def entry(self, row: RowMapping, beside: Iterable[RowMapping]) -> None:
        """Check one entry, its place, and the values beside it."""
        seq = row["seq"]
        self.count += 1
        if seq != self.last + 1:
            several = f"entries {self.last + 1} to {seq - 1} are" if seq - self.last > 2 else f"entry {self.last + 1} is"  # noqa: PLR2004
            self.report("SR912", f"{several} missing" if seq > self.last + 1 else f"entry {seq} has a number that no entry can have")
        sound = _matches(row, seq)
        if not sound:
            self.changed.append(row)
        elif seq == self.last + 1 and row["previous"] != self.previous:
            self.report("SR913", f"entry {seq} does not follow the entry {seq - 1} that stands before it: one of the two was put in its place")
        self.last, self.previous = seq, str(row["hash"])
        self._receipts(seq, row)
        payload = _payload(row)
        if sound and seq == 1 and row["kind"] == STARTED:
            self.journal = str(payload["data"].get("journal"))
        if sound and row["kind"] == DECIDED:
            self.decided_by.update({digest: f"{pack} {version}" for pack, version, digest in payload["data"].get("packs", ())})
        self._number(row, sound=sound)
        self._signature(row)
        self._values(row, payload["commitments"], beside, sound=sound)
        if sound and row["kind"] == ERASURE:
            self.erasures[row["case_id"]] = seq

    def _number(self, row: RowMapping, *, sound: bool) -> None:
        if not sound:
            return
        expected = self.numbers.get(row["case_id"], 0) + 1
        self.numbers[row["case_id"]] = row["number"]
        if row["number"] != expected and not self.findings and not self.changed:
            self.report("SR913", f"entry {row['seq']} is number {row['number']} of its case where {expected} is next")

    def _receipts(self, seq: int, row: RowMapping) -> None:
        if self.began is not None and seq == self.began[0] and row["hash"] != self.began[1]:
            self.report("SR914", f"entry {seq} is not the one that stood there when the reading began: the journal was written anew meanwhile")
        for receipt in self.receipts:
            if receipt.seq == seq and receipt.hash != row["hash"]:
                self.report("SR914", f"entry {seq} is not the one of the receipt: the journal was written anew up to there")

    def _signature(self, row: RowMapping) -> None:
        key, signature = row["key_id"], row["signature"]
        if key is None and signature is None:
            if self.keys:
                self.report("SR917", f"entry {row['seq']} is not signed")
            return
        self.signed += 1
        if not isinstance(key, str) or not isinstance(signature, str):
            self.report("SR917", f"entry {row['seq']} has half a signature")
            return
        if self.keys and key not in self.keys:
            self.report("SR917", f"entry {row['seq']} is signed with a key that was not given, `{key[:64]}`", "give every key that may sign")
        if key not in self.named:
            self.named[key] = self.keys.get(key) or PublicKey.named(key)
        signer = self.named[key]
        if signer is None or not signer.signed(str(row["hash"]), signature):
            self.report("SR917", f"the signature of entry {row['seq']} is wrong")

    def _values(self, row: RowMapping, commitments: Mapping[str, Any], beside: Iterable[RowMapping], *, sound: bool) -> None:
        left = dict(commitments)
        for value in beside:
            self.values += 1
            promised = left.pop(value["name"], None)
            if promised is None:
                if sound:
                    self.report("SR916", f"a value `{value['name']}` stands beside entry {value['seq']} and belongs to no entry")
            elif not _kept(value, promised):
                if sound:
                    self.report("SR915", f"the value `{value['name']}` of entry {row['seq']} has changed")
            else:
                self.there.setdefault(row["case_id"], row["seq"])
        self.gone += [(row["seq"], name, row["case_id"]) for name in left if sound]

    def stray(self, beside: Mapping[object, Iterable[RowMapping]]) -> None:
        """Name the values that stand beside entries that are not there."""
        for value in (value for values_ in beside.values() for value in values_):
            self.values += 1
            self.report("SR916", f"a value `{value['name']}` stands beside entry {value['seq']} and belongs to no entry")

    def finish(self, still_there: Callable[[str, int], bool]) -> None:
        """Say what can only be said at the end."""
        self._say_changed()
        self._say_gone(still_there)
        self._say_ends()

    def _say_changed(self) -> None:
        for row in self.changed:
            stands = self._other_place(row)
            if stands is None:
                self.report("SR911", f"entry {row['seq']} has changed")
            else:
                self.report("SR913", f"entry {stands} stands in the place of entry {row['seq']}")

    def _say_gone(self, still_there: Callable[[str, int], bool]) -> None:
        for seq, name, case in self.gone:
            if self.erasures.get(case, 0) > seq:
                self.erased += 1
            else:
                self.report("SR916", f"the value `{name}` of entry {seq} is missing, and no erasure says so")
        for case, seq in self.there.items():
            if self.erasures.get(case, 0) > seq and still_there(case, self.erasures[case]):
                message = f"the case of entry {seq} was erased, and values of it are there"
                self.report("SR916", message, "run `safeguarding-rules journal erase` again")

    def _say_ends(self) -> None:
        if self.began is not None and self.began[0] > self.last:
            message = f"the journal ended with entry {self.began[0]} when the reading began, and with entry {self.last} when it ended"
            self.report("SR914", f"{message}: the end was cut off meanwhile")
        for receipt in self.receipts:
            if receipt.seq > self.last:
                self.report("SR914", f"the journal ends with entry {self.last}; the receipt names entry {receipt.seq}: the end was cut off")
            if self.journal is not None and receipt.journal != self.journal:
                self.report("SR914", "the receipt is of another journal", "give the receipt of this one, or the journal of the receipt")
        if not self.count:
            self.report("SR912", "there is no entry, not even the first: all were taken away")
        elif self.journal is None and not self.changed:
            self.report("SR912", "the journal does not begin with its start")

    def _other_place(self, row: RowMapping) -> int | None:
        """The number under which a changed entry is what it was, if it only stands in another place."""
        for other in self.changed[:_MOST_COMPARED]:
            if other["seq"] != row["seq"] and _matches(row, other["seq"]):
                found: int = other["seq"]
                return found
        return None


def _matches(row: RowMapping, seq: object) -> bool:
    """Whether the hash of an entry is that of its columns."""
    texts = ("case_id", "kind", "at", "payload", "previous", "hash")
    if type(seq) is not int or type(row["number"]) is not int or any(type(row[name]) is not str for name in texts):
        return False
    if row["key_id"] is not None and type(row["key_id"]) is not str:
        return False
    columns = {name: row[name] for name in ("number", "kind", "at", "payload", "previous")}
    return bool(form.hash_of(seq=seq, case=row["case_id"], key=row["key_id"], **columns) == row["hash"])


def _payload(row: RowMapping) -> dict[str, Any]:
    """What an entry says, or nothing where it is not readable: then its hash does not fit either."""
    try:
        read = json.loads(row["payload"])
        return {"data": dict(read["data"]), "commitments": dict(read["commitments"])}
    except (ValueError, TypeError, KeyError):
        return {"data": {}, "commitments": {}}


def _kept(value: RowMapping, promised: object) -> bool:
    salt = value["salt"]
    return isinstance(salt, bytes) and isinstance(value["value"], str) and form.commitment(salt, value["value"]) == promised


def _contents(database: Database, decided_by: Mapping[str, str]) -> Iterator[Diagnostic]:
    """What is kept beside the chain and has changed, and what decisions need and is not there: packs, and the files that these name."""
    needed = dict(decided_by)
    there: set[str] = set()
    for row in _kept_contents(database):
        there.add(row["digest"])
        if not isinstance(row["content"], bytes) or not has_digest(row["digest"], row["content"]):
            yield Diagnostic("SR919", "error", f"what is kept as `{row['digest']}` has changed", help=_RESTORE)
        elif row["digest"] in decided_by:
            lines = [line.partition("  ") for line in row["content"].decode("utf-8", "replace").splitlines()]
            needed |= {f"sha256:{digest}": f"{decided_by[row['digest']]}, {name}" for digest, _, name in lines}
    for digest in sorted(needed.keys() - there):
        yield Diagnostic("SR919", "error", f"{needed[digest]} is not kept any more: `{digest}`", help=_RESTORE)


def _kept_contents(database: Database) -> Iterator[RowMapping]:
    """What is kept beside the chain, in pages too. It is kept before the decision that names it, so what the entries need was there."""
    wanted = select(contents).order_by(contents.c.digest).limit(_CONTENTS)
    rows: Sequence[RowMapping] = ()
    while True:
        with database.reading() as connection:
            rows = connection.execute(wanted.where(contents.c.digest > rows[-1]["digest"]) if rows else wanted).mappings().all()
        if not rows:
            return
        yield from rows
