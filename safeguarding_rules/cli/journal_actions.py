"""What each `journal` action does."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel

from safeguarding_rules.casework.journal import Journal, PrivateKey, PublicKey, Receipt, verify
from safeguarding_rules.casework.journal.database import Database
from safeguarding_rules.casework.journal.erasing import ERASURE
from safeguarding_rules.casework.printed import (
    JournalCase,
    JournalCases,
    JournalErasure,
    JournalHead,
    JournalKeys,
    JournalLine,
    JournalPacks,
    JournalTables,
    KeptPack,
)
from safeguarding_rules.cli.arguments import places_for
from safeguarding_rules.cli.files import write_whole
from safeguarding_rules.cli.findings import not_written, refused
from safeguarding_rules.cli.journal_text import verification_json, verification_text
from safeguarding_rules.cli.signing_key import key_password, signing_key
from safeguarding_rules.cli.terminal import DONE, FINDINGS, counted, note, printable, progress, say
from safeguarding_rules.engine import now_in_london
from safeguarding_rules.reading import Registry


def run_action(action: str, arguments: argparse.Namespace) -> int:
    """Run an action. Raises JournalError, PackError."""
    return _ACTIONS[action](arguments)


def _new(arguments: argparse.Namespace) -> int:
    with Journal.create(arguments.place, key=signing_key(arguments.key)) as journal:
        note(f"a new journal in `{journal.database.name}`; keep its receipt elsewhere:")
        _say_head(arguments, journal.head())
    return DONE


def _head(arguments: argparse.Namespace) -> int:
    with Journal.open(arguments.place) as journal:
        _say_head(arguments, journal.head())
    return DONE


def _say_head(arguments: argparse.Namespace, head: Receipt) -> None:
    _say(arguments, str(head), JournalHead(receipt=str(head), journal=head.journal, entries=head.seq, hash=head.hash))


def _say(arguments: argparse.Namespace, text: str, document: BaseModel) -> None:
    """Write what was done, as text or as JSON."""
    say(document.model_dump_json(by_alias=True, indent=2) if arguments.format == "json" else text)


def _verify(arguments: argparse.Namespace) -> int:
    receipts = [Receipt.read(text) for text in arguments.expect_head]
    keys = [PublicKey.read(path) for path in arguments.public_key]
    show = progress()
    with Journal.open(arguments.place) as journal:
        found = verify(journal, expected=receipts, keys=keys, progress=show)
    show("")
    say(verification_json(found) if arguments.format == "json" else verification_text(found, receipts=len(receipts), keys=len(keys)))
    return DONE if found.sound else FINDINGS


def _list(arguments: argparse.Namespace) -> int:
    counts: dict[str, int] = {}
    erased: set[str] = set()
    with Journal.open(arguments.place) as journal:
        for entry in journal.entries():
            if entry.case:
                counts[entry.case] = entry.number
                if entry.kind == ERASURE:
                    erased.add(entry.case)
    if arguments.format == "json":
        rows = tuple(JournalCase(case=case, entries=number, erased=case in erased) for case, number in counts.items())
        say(JournalCases(rows).model_dump_json(indent=2))
    else:
        for case, number in counts.items():
            many = f"{number} entry" if number == 1 else f"{number} entries"
            say(f"{printable(case)}: {many}{', erased' if case in erased else ''}")
        note(counted(len(counts), "case"))
    return DONE


def _show(arguments: argparse.Namespace) -> int:
    found = 0
    with Journal.open(arguments.place) as journal:
        for entry in journal.entries(arguments.what):
            found += 1
            personal = {name: ("erased" if value.__class__.__name__ == "Erased" else value) for name, value in entry.personal.items()}
            at = datetime.fromisoformat(entry.at)
            line = JournalLine(seq=entry.seq, number=entry.number, kind=entry.kind, at=at, data=entry.data, personal=personal)
            say(line.model_dump_json())
        if not found:
            raise journal.database.problem("SR922", f"there is no case `{arguments.what}` in the journal", "`journal list` names the cases")
    return DONE


def _keep(arguments: argparse.Namespace) -> int:
    on = arguments.on or now_in_london().date()
    registry = Registry(places_for(arguments.what, arguments.path))
    packs = [registry.load(found) for found in registry.stack(registry.resolve(arguments.what, on), on)]
    with Journal.open(arguments.place) as journal:
        journal.contents.keep(packs)
    kept = tuple(KeptPack(pack=pack.id, version=pack.version, digest=pack.digest) for pack in packs)
    _say(arguments, "\n".join(f"{pack.pack} {pack.version} {pack.digest}" for pack in kept), JournalPacks(packs=kept))
    return DONE


def _erase(arguments: argparse.Namespace) -> int:
    if not arguments.reason:
        return refused("an erasure needs a reason", "--reason 'end of retention'; it stays in the journal, so write nothing about a person")
    if not arguments.yes:
        if not sys.stdin.isatty():
            return refused("an erasure cannot be undone", "say --yes where nobody can be asked")
        note(f"The personal values of `{arguments.what}` will be gone for good. Type the id of the case to go on:")
        if sys.stdin.readline().strip() != arguments.what:
            return refused("that is not the id; nothing was erased")
    with Journal.open(arguments.place, key=signing_key(arguments.key)) as journal:
        done = journal.erase(arguments.what, arguments.reason)
    document = JournalErasure(case=done.case, values=done.values, left_to_do=done.left_to_do)
    _say(arguments, f"{counted(done.values, 'value')} of `{done.case}` erased", document)
    for line in done.left_to_do if arguments.format == "text" else ():
        note(f"note: {line}")
    return DONE


def _new_key(arguments: argparse.Namespace) -> int:
    private, public = Path(arguments.place), Path(f"{arguments.place}.pub")
    for path in (private, public):
        if path.exists():
            return refused(f"`{path}` is there already", "choose another name; a lost key cannot be made again")
    key = PrivateKey.new()
    try:
        handle = os.open(private, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(key.pem(key_password()))
        write_whole(public, key.public.pem())
    except OSError as error:
        return not_written(private, error)
    locked = key_password() is not None
    text = f"{private}: private key{'' if locked else ', without a password'}; {public}: public key {key.public.id}"
    _say(arguments, text, JournalKeys(private=str(private), public=str(public), id=key.public.id, password=locked))
    return DONE


def _migrate(arguments: argparse.Namespace) -> int:
    from safeguarding_rules.casework.journal.migrate import migrate  # noqa: PLC0415  slow to load, and only one action needs it

    database = Database(arguments.place)
    try:
        if database.version() is None:
            database.require()
        migrate(database)
        version = str(database.version())
        _say(arguments, f"`{database.name}` has schema {version}", JournalTables(journal=database.name, tables=version))
    finally:
        database.close()
    return DONE


def _report(arguments: argparse.Namespace) -> int:
    from safeguarding_rules.cli.journal_report import run_report  # noqa: PLC0415  only one action needs it

    return run_report(arguments)


_ACTIONS: dict[str, Callable[[argparse.Namespace], int]] = {
    "new": _new,
    "head": _head,
    "verify": _verify,
    "list": _list,
    "show": _show,
    "keep": _keep,
    "erase": _erase,
    "report": _report,
    "key": _new_key,
    "migrate": _migrate,
}
