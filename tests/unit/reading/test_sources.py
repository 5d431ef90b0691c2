"""Folders, archives and data: what is read, what is refused, what is never followed."""

import io
import os
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from safeguarding_rules.diagnostics import PackError, render_text
from safeguarding_rules.reading import (
    Pack,
    files_in_zip,
    lock_text,
    pack_from_data,
    pack_from_folder,
    pack_from_zip,
    text_on_disk,
    yaml_data,
)
from safeguarding_rules.reading.sources import files_in_folder, manifest_in_folder
from tests.packs.pipeline import GOOD, lay_out

MINIMAL = GOOD / "minimal"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lay_out(MINIMAL, tmp_path / "pack", MINIMAL)
    return tmp_path / "pack"


def contents(folder: Path = MINIMAL) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def zipped(files: Mapping[str, bytes], **attributes: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            for key, value in attributes.items():
                setattr(info, key, value)
            archive.writestr(info, content)
    return buffer.getvalue()


def codes_of(*args: object, read: object = pack_from_folder) -> list[str]:
    with pytest.raises(PackError) as caught:
        read(*args)  # type: ignore[operator]
    return [finding.code for finding in caught.value.diagnostics]


def in_full(pack: Pack) -> tuple[object, ...]:
    return pack.manifest, pack.facts, pack.actions, pack.statements, pack.routes, pack.invariants, pack.rules, pack.cases()


def test_a_pack_is_the_same_from_a_folder_an_archive_and_texts() -> None:
    folder = pack_from_folder(MINIMAL)
    archive = pack_from_zip(zipped(contents()))
    texts = pack_from_data(contents())
    assert folder.digest == archive.digest == texts.digest
    assert folder.files == archive.files == texts.files
    assert in_full(folder) == in_full(archive) == in_full(texts)


def test_a_pack_is_the_same_from_plain_data() -> None:
    data: dict[str, Any] = {name: yaml_data(content, name)[0] if name.endswith("yaml") else content for name, content in contents().items()}
    assert in_full(pack_from_data(data)) == in_full(pack_from_folder(MINIMAL))


def test_text_that_looks_like_something_else_stays_text_in_plain_data() -> None:
    data: dict[str, Any] = {name: yaml_data(content, name)[0] if name.endswith("yaml") else content for name, content in contents().items()}
    numbers = ("1.10", "0x1", ".inf", "1_0", "2024-01-01")
    for text in (*numbers, "true", "null", "~", "a: b", "# x", "- x", "'", "é\n\nb ", "*x", "&x", "!x", "<<", "yes", "="):
        data["pack.yaml"]["notes"] = text
        assert pack_from_data(data).manifest.notes == text


@pytest.mark.parametrize("value", [object(), {1, 2}, lambda: None, b"\xff", float("nan"), "\ud800"])
def test_what_is_not_plain_data_is_refused(value: object) -> None:
    with pytest.raises(PackError):
        pack_from_data({**contents(), "routes.yaml": {"routes": value}})
    with pytest.raises(PackError):
        pack_from_data({**contents(), "routes.yaml": value})


def test_data_that_holds_itself_is_refused() -> None:
    circle: dict[str, object] = {}
    circle["routes"] = circle
    with pytest.raises(PackError):
        pack_from_data({**contents(), "routes.yaml": circle})


def test_places_name_the_file_as_it_was_given(folder: Path) -> None:
    pack = pack_from_folder(folder)
    assert pack.span("rules/referral.yaml", ("rules", "adult-involved", "title")).file == f"{folder.as_posix()}/rules/referral.yaml"
    assert pack.span("rules/age.csv", ("tables", "age", "rows", 0, "age")).line == 2
    assert pack.span("cases/cases.yaml", ("cases", "adult"), key=True).line == 3
    assert pack.head("cases/cases.yaml", ("cases", "adult")).line == 3
    assert pack.span("nothing.yaml", ("a",)).line == 1
    assert pack.source_text("rules/age.csv").startswith("row,age")
    assert pack.source_text(f"{folder.as_posix()}/rules/age.csv").startswith("row,age")
    assert pack.source_text("elsewhere/rules/age.csv") == ""


def test_an_error_brings_the_texts_its_pictures_need(folder: Path) -> None:
    (folder / "rules/referral.yaml").write_text("rules: {a: {}}\n")
    with pytest.raises(PackError) as caught:
        pack_from_folder(folder)
    assert "  1 | rules: {a: {}}" in render_text(caught.value.diagnostics, caught.value.texts.get)


def test_all_files_report_at_once(folder: Path) -> None:
    for name in ("pack.yaml", "facts.yaml", "rules/referral.yaml", "invariants.yaml", "actions.yaml", "routes.yaml", "statements.yaml"):
        (folder / name).write_text("surprise: 1\n")
    with pytest.raises(PackError) as caught:
        pack_from_folder(folder)
    assert len({finding.span.file for finding in caught.value.diagnostics if finding.span and finding.code == "SR203"}) == 7


def test_a_missing_folder_is_said_to_be_missing(tmp_path: Path) -> None:
    assert codes_of(tmp_path / "nowhere") == ["SR101"]
    assert codes_of(tmp_path / "no\0where") == ["SR101"]
    assert codes_of(MINIMAL / "pack.yaml") == ["SR101"]


def test_links_are_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("routes: {}\n")
    (folder / "routes.yaml").unlink()
    (folder / "routes.yaml").symlink_to(tmp_path / "secret.yaml")
    assert codes_of(folder) == ["SR118"]


def test_linked_folders_are_not_followed(folder: Path, tmp_path: Path) -> None:
    (folder / "cases").rename(tmp_path / "cases")
    (folder / "cases").symlink_to(tmp_path / "cases")
    assert codes_of(folder) == ["SR116"]


def test_the_pack_folder_itself_may_be_a_link(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    assert pack_from_folder(tmp_path / "link").digest == pack_from_folder(folder).digest


def test_a_link_in_a_circle_ends(folder: Path) -> None:
    (folder / "facts.yaml").unlink()
    (folder / "facts.yaml").symlink_to(folder / "facts.yaml")
    assert codes_of(folder) == ["SR118"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    (folder / "routes.yaml").unlink()
    os.mkfifo(folder / "routes.yaml")
    assert codes_of(folder) == ["SR101"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_reported(folder: Path) -> None:
    (folder / "routes.yaml").chmod(0)
    assert codes_of(folder) == ["SR101"]


def test_a_folder_in_the_place_of_a_file_is_reported(folder: Path) -> None:
    (folder / "routes.yaml").unlink()
    (folder / "routes.yaml").mkdir()
    assert codes_of(folder) == ["SR101"]


def test_a_huge_file_is_refused_without_reading_it_whole(folder: Path) -> None:
    with (folder / "routes.yaml").open("wb") as stream:
        stream.truncate(10_000_000_000)
    assert codes_of(folder) == ["SR102"]


def test_a_pack_of_too_many_files_is_refused(folder: Path) -> None:
    for number in range(600):
        (folder / f"cases/c{number}.yaml").write_text("cases: {}\n")
    assert "SR102" in codes_of(folder)


def test_what_a_system_leaves_behind_is_not_read(folder: Path) -> None:
    digest = pack_from_folder(folder).digest
    for name in (".DS_Store", "rules/.swp", "README.md", ".git"):
        (folder / name).write_bytes(b"\xff\x00")
    assert pack_from_folder(folder).digest == digest


def test_names_that_are_no_text_are_shown_harmlessly(folder: Path) -> None:
    try:
        (folder / os.fsdecode(b"caf\xe9.yaml")).write_text("x")
    except OSError:
        pytest.skip("the file system takes only names that are text")
    with pytest.raises(PackError) as caught:
        pack_from_folder(folder)
    render_text(caught.value.diagnostics, lambda _: None).encode()


def test_a_pack_may_lie_deeper_in_an_archive() -> None:
    assert pack_from_zip(zipped({f"packs/minimal/2024.1/{name}": content for name, content in contents().items()})).id == "minimal"


def test_an_archive_may_hold_several_packs() -> None:
    files = {f"{folder}/{name}": content for folder in ("a", "b") for name, content in contents().items()}
    assert [found.origin for found in files_in_zip(zipped(files), "two.zip")] == ["two.zip/a", "two.zip/b"]
    assert codes_of(zipped(files), read=pack_from_zip) == ["SR119"]


@pytest.mark.parametrize("name", ["../pack.yaml", "a/../../pack.yaml", "/pack.yaml", "a\\..\\pack.yaml", "C:/pack.yaml"])
def test_names_that_lead_out_of_an_archive_are_refused(name: str) -> None:
    assert codes_of(zipped({**contents(), name: b"x"}), read=pack_from_zip) == ["SR119"]


def test_links_in_an_archive_are_refused() -> None:
    archive = zipped(contents(), external_attr=(stat.S_IFLNK | 0o777) << 16)
    assert codes_of(archive, read=pack_from_zip) == ["SR119"]


def test_a_name_twice_in_an_archive_is_refused() -> None:
    buffer = io.BytesIO(zipped(contents()))
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("facts.yaml", "facts: {}\n")
    assert codes_of(buffer.getvalue(), read=pack_from_zip) == ["SR119"]


def test_an_archive_that_unpacks_to_much_is_refused() -> None:
    bomb = zipped({**contents(), "rules/bomb.yaml": b"\0" * 100_000_000})
    assert len(bomb) < 200_000
    assert codes_of(bomb, read=pack_from_zip) == ["SR119"]


def test_an_archive_that_lies_about_its_sizes_is_refused() -> None:
    honest = zipped({"pack.yaml": b"a" * 3_000_000})
    lying = honest.replace((3_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lying != honest
    assert set(codes_of(lying, read=pack_from_zip)) <= {"SR119", "SR102", "SR121", "SR201"}


@pytest.mark.parametrize("cut", [0, 1, 10, 100, 1000, -1, -10, -30])
def test_a_broken_archive_is_answered(cut: int) -> None:
    assert codes_of(zipped(contents())[:cut], read=pack_from_zip) == ["SR119"]


def test_an_encrypted_archive_is_refused() -> None:
    archive = bytearray(zipped(contents()))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = archive.find(mark)
        while place >= 0:
            archive[place + offset] |= 1
            place = archive.find(mark, place + 4)
    assert codes_of(bytes(archive), read=pack_from_zip) == ["SR119"]


def test_a_lock_is_what_sha256sum_writes(folder: Path) -> None:
    pack = pack_from_folder(folder)
    (folder / "pack.lock").write_text(lock_text(pack.files, "minimal 2024.1"))
    locked = pack_from_folder(folder)
    assert locked.locked
    assert not pack.locked
    assert locked.digest == pack.digest
    for line in (folder / "pack.lock").read_text().splitlines()[1:]:
        digest, name = line.split("  ")
        assert pack.files[name] == digest


def test_a_lock_is_needed_by_status_unless_told_otherwise(folder: Path) -> None:
    manifest = (folder / "pack.yaml").read_text()
    for status in ("in_force", "superseded"):
        (folder / "pack.yaml").write_text(manifest.replace("status: draft", f"status: {status}"))
        assert codes_of(folder) == ["SR141"]
        unlocked = pack_from_folder(folder, verify_lock=False)
        (folder / "pack.lock").write_text(lock_text(unlocked.files, "x"))
        assert pack_from_folder(folder).locked
        (folder / "facts.yaml").write_text((folder / "facts.yaml").read_text() + "\n")
        assert codes_of(folder) == ["SR142"]
        assert not pack_from_folder(folder, verify_lock=False).locked
        (folder / "pack.lock").unlink()


def test_a_broken_lock_of_a_draft_is_no_finding(folder: Path) -> None:
    (folder / "pack.lock").write_text("anything")
    assert not pack_from_folder(folder).locked


def test_cases_are_read_on_demand(folder: Path) -> None:
    (folder / "cases/cases.yaml").write_text("case: 1\n")
    pack = pack_from_folder(folder)
    assert codes_of(read=pack.cases) == ["SR203"]


def test_the_manifest_is_read_alone(folder: Path) -> None:
    (folder / "facts.yaml").write_text("[")
    assert set(manifest_in_folder(folder).contents) == {"pack.yaml"}
    assert set(files_in_folder(folder).contents) > {"pack.yaml", "facts.yaml"}


def test_texts_on_disk_are_for_pictures_only(folder: Path, tmp_path: Path) -> None:
    assert (text_on_disk((folder / "facts.yaml").as_posix()) or "").startswith("# yaml")
    assert text_on_disk((tmp_path / "nothing").as_posix()) is None
    assert text_on_disk("no\0where") is None
    assert text_on_disk(tmp_path.as_posix()) is None
