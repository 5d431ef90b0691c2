"""Policies kept between processes: equal to what linking gives, and gone as soon as anything they were made of changes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from safeguarding_rules import Engine, PackError
from safeguarding_rules.linking import kept
from safeguarding_rules.linking.policy_data import policy_from_json, policy_to_json
from safeguarding_rules.reading.cache_folder import SWITCH, CacheFolder, users_cache
from safeguarding_rules.reading.places_to_look import shipped_folder

ON = date(2026, 11, 22)
FACTS = {"adult_involved": True, "youngest_pictured_age": {"below": 13}}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own."""
    monkeypatch.setenv(SWITCH, str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def own_packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped packs, copied to where a test may change them."""
    folder = shipped_folder()
    assert folder is not None
    copy = tmp_path / "policy_packs"
    shutil.copytree(folder, copy)
    monkeypatch.setattr("safeguarding_rules.reading.fingerprint.shipped_folder", lambda: copy)
    monkeypatch.setattr("safeguarding_rules.reading.registry.shipped_folder", lambda: copy)
    return copy


def entries(cache: Path) -> list[Path]:
    return sorted(path for path in cache.iterdir() if not path.name.startswith(".")) if cache.exists() else []


def decided(on: date = ON) -> str:
    return Engine.load("kscmp", on=on, cache=True).decide(FACTS).model_dump_json()


@pytest.mark.parametrize(("pack", "on"), [("kscmp", ON), ("ukcis", ON), ("kscmp", date(2024, 1, 15)), ("ukcis@2020.12", date(2021, 5, 5))])
def test_a_policy_comes_back_equal_from_its_text(pack: str, on: date) -> None:
    policy = Engine.load(pack, on=on).program.policy
    assert policy_from_json(policy_to_json(policy)) == policy


@pytest.mark.parametrize(
    "text", ["", "[]", "{", "7", '{"Policy":[]}', '{"os":["x"]}', '{"Duty":["a"]}', '{"day":"x"}', '{"a":1,"b":2}', "[" * 100_000]
)
def test_text_that_is_no_policy_is_none(text: str) -> None:
    assert policy_from_json(text) is None


def test_the_second_process_reads_no_pack_and_gives_the_same_bytes(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = decided()
    assert first == Engine.load("kscmp", on=ON).decide(FACTS).model_dump_json()
    assert len(entries(cache)) == 1
    monkeypatch.setattr("safeguarding_rules.reading.registry.read_pack", lambda *_, **__: pytest.fail("a pack was read"))
    assert decided() == first


def test_nothing_is_kept_unless_asked_for(cache: Path) -> None:
    Engine.load("kscmp", on=ON)
    assert not entries(cache)


def test_nothing_is_kept_where_it_is_switched_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SWITCH, "off")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert users_cache() is None
    assert decided()
    assert not list(tmp_path.iterdir())


def test_the_folder_is_where_the_desktop_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SWITCH, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    found = users_cache()
    assert found is not None
    assert found.folder == tmp_path / "safeguarding-rules"


@pytest.mark.usefixtures("cache")
def test_a_pack_that_does_not_match_its_lock_is_refused_though_its_policy_was_kept(own_packs: Path) -> None:
    decided()
    rules = own_packs / "ukcis" / "2024.3" / "rules" / "referral.yaml"
    before = rules.read_text(encoding="utf-8")
    rules.write_text(before.replace("outcome: refer_police", "outcome: review"), encoding="utf-8")
    with pytest.raises(PackError) as caught:
        decided()
    assert "SR142" in {problem.code for problem in caught.value.diagnostics}
    rules.write_text(before, encoding="utf-8")
    assert decided()


@pytest.mark.usefixtures("cache")
def test_another_version_beside_it_is_seen(own_packs: Path) -> None:
    decided()
    shutil.rmtree(own_packs / "ukcis" / "2024.3")
    with pytest.raises(PackError):
        decided()


def test_each_period_has_its_own_policy(cache: Path) -> None:
    now, earlier = decided(), decided(date(2024, 1, 15))
    assert now != earlier
    assert len(entries(cache)) == 2
    assert (decided(), decided(date(2024, 1, 15))) == (now, earlier)


def damages(entry: Path) -> Iterator[bytes]:
    content = entry.read_bytes()
    yield b""
    yield content[:-1]
    yield content[: len(content) // 2]
    yield content + b" "
    yield content.replace(b"refer_police", b"review______", 1)
    yield bytes(len(content))
    yield b"not of this program"


def test_a_damaged_entry_is_ignored_and_written_anew(cache: Path) -> None:
    right = decided()
    (entry,) = entries(cache)
    good = entry.read_bytes()
    for damage in list(damages(entry)):
        assert damage != good
        entry.write_bytes(damage)
        assert decided() == right
        assert entry.read_bytes() == good


def test_an_entry_of_another_state_of_the_library_is_stale(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    decided()
    monkeypatch.setattr(kept, "library_fingerprint", lambda: "another library")
    decided()
    assert len(entries(cache)) == 2


def test_an_entry_that_others_may_write_is_ignored(cache: Path) -> None:
    decided()
    (entry,) = entries(cache)
    entry.chmod(0o666)
    assert CacheFolder(cache).get(entry.name) is None
    assert decided()


def test_an_entry_renamed_to_other_days_is_ignored(cache: Path) -> None:
    decided(date(2024, 1, 15))
    (entry,) = entries(cache)
    entry.rename(entry.with_name(entry.name.split(".")[0] + ".ever.ever"))
    assert decided() == Engine.load("kscmp", on=ON).decide(FACTS).model_dump_json()


@pytest.mark.parametrize("kind", ["a file", "under a file"])
def test_a_folder_that_cannot_be_used_only_means_that_nothing_is_kept(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "taken").write_text("x")
    monkeypatch.setenv(SWITCH, str(tmp_path / "taken" if kind == "a file" else tmp_path / "taken" / "below"))
    assert decided() == Engine.load("kscmp", on=ON).decide(FACTS).model_dump_json()


def test_a_read_only_folder_only_means_that_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError("read-only file system")

    monkeypatch.setenv(SWITCH, str(tmp_path))
    monkeypatch.setattr("tempfile.mkstemp", refuse)
    assert decided()
    assert not list(tmp_path.iterdir())


def test_writers_at_once_leave_one_whole_entry(tmp_path: Path) -> None:
    contents = [bytes([65 + i]) * 200_000 for i in range(8)]

    def write(content: bytes) -> None:
        for _ in range(20):
            CacheFolder(tmp_path).put("entry", content)
            assert CacheFolder(tmp_path).get("entry") in contents

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, contents))
    assert [path.name for path in tmp_path.iterdir()] == ["entry"]


def test_old_entries_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("safeguarding_rules.reading.cache_folder.MOST_ENTRIES", 3)
    for i in range(6):
        CacheFolder(tmp_path).put(f"entry-{i}", b"x")
    assert len(list(tmp_path.iterdir())) == 3
