"""Snapshots of the workbench: what stays of a pack that cannot be used any more."""

from __future__ import annotations

import multiprocessing
from datetime import date
from pathlib import Path
from threading import Event

from safeguarding_rules.web.workbench.inspection import Inspector
from safeguarding_rules.web.workbench.library import Library
from tests.unit.making import pack, write
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


def test_a_pack_whose_manifest_is_being_saved_is_still_there(tmp_path: Path) -> None:
    write(tmp_path, everything("At first."))
    library = Library([tmp_path], [], lambda: TODAY)
    (key,) = library.snapshot.shelf
    good = library.snapshot.entry(key)
    assert good is not None
    (manifest,) = tmp_path.rglob("pack.yaml")
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text("", encoding="utf-8")
    saving = library.refresh().entry(key)
    assert saving is not None
    assert saving.stale
    assert saving.findings
    assert saving.view is good.view
    manifest.write_text(text, encoding="utf-8")
    saved = library.refresh().entry(key)
    assert saved is not None
    assert not saved.stale
    manifest.unlink()
    assert library.refresh().entry(key) is None


def test_a_page_that_is_over_leads_to_the_version_of_the_day_though_it_has_not_changed_itself(tmp_path: Path) -> None:
    today = [TODAY]
    days = {"1": ("2024-01-01", "2026-06-01"), "2": ("2026-06-01", "2026-12-01"), "3": ("2026-12-01", "2027-12-01")}
    rules = {"a": {"when": {"x": True}, "outcome": "review"}}
    for version, (start, end) in days.items():
        write(tmp_path, pack(rules, facts="x", version=version, status="in_force", in_force={"from": start, "until": end}))
    library = Library([tmp_path], [], lambda: today[0])

    def shown() -> dict[str, tuple[str, str | None]]:
        snapshot = library.refresh()
        entries = [snapshot.entry(key) for key in snapshot.shelf]
        views = [entry.view for entry in entries if entry is not None and entry.view is not None]
        return {one.version: (one.status, one.current.version if one.current else None) for one in views}

    assert shown() == {"1": ("over", "2"), "2": ("in_force", None), "3": ("not_yet", "2")}
    today[0] = date(2026, 12, 1)
    assert shown() == {"1": ("over", "3"), "2": ("over", "3"), "3": ("in_force", None)}


def test_work_goes_on_in_another_process_after_one_was_killed(tmp_path: Path) -> None:
    write(tmp_path, everything("At first."))
    key = next(iter(Library([tmp_path], [], lambda: TODAY).snapshot.shelf))
    told = Event()
    inspector = Inspector([tmp_path], [], lambda: TODAY, told.set)

    def fails(state: str) -> bool:
        """Whether work on a state comes back as failed; what was done right is of the true digest, not of this one."""
        told.clear()
        inspector.results(key, state, "cases")
        assert told.wait(120)
        found = inspector.results(key, state, "cases")
        return found is not None and bool(found.failed)

    others = set(multiprocessing.active_children())
    try:
        assert not fails("one")
        (process,) = set(multiprocessing.active_children()) - others
        process.kill()
        process.join()
        fails("two")  # may still be handed to the process that is gone
        assert not fails("three")
    finally:
        inspector.close()
