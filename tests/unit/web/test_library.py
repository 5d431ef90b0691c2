"""Snapshots of the workbench: what stays of a pack that cannot be used any more."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from safeguarding_rules.web.workbench.library import Library
from tests.unit.making import write
from tests.unit.publishing.placing import everything

TODAY = date(2026, 11, 22)


def test_the_last_good_state_stays_whichever_snapshot_was_asked_for_it(tmp_path: Path) -> None:
    write(tmp_path, everything("At first."))
    library = Library([tmp_path], [], lambda: TODAY)
    (key,) = library.snapshot.shelf
    first = library.snapshot.entry(key)
    assert first is not None
    assert first.view is not None
    write(tmp_path, everything("Then this."))
    asked = library.refresh()
    library.refresh()  # made before anybody asked the one before it
    second = asked.entry(key)
    assert second is not None
    assert second.view not in (None, first.view)
    write(tmp_path, everything("At last.") | {"rules/more.yaml": {"rules": {"broken": {"when": {"no_such_fact": True}}}}})
    last = library.refresh().entry(key)
    assert last is not None
    assert last.stale
    assert last.view is second.view


def test_what_an_older_snapshot_finds_replaces_nothing_newer(tmp_path: Path) -> None:
    write(tmp_path, everything("At first."))
    library = Library([tmp_path], [], lambda: TODAY)
    (key,) = library.snapshot.shelf
    older = library.snapshot
    write(tmp_path, everything("Then this."))
    newer = library.refresh().entry(key)
    older.entry(key)
    assert newer is not None
    kept = library.snapshot.good.get(key)
    assert kept is newer
