"""Which packs are found, which is in force on a day, and what is said when none or two are. See also tests/packs/bad/sr30*."""

import io
import shutil
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from safeguarding_rules.diagnostics import PackError
from safeguarding_rules.language.documents import Manifest
from safeguarding_rules.reading import PackFiles, Registry, Spans, lock_text, pack_from_folder, read_manifest
from safeguarding_rules.reading.places_to_look import announced_folders, shipped_folder
from tests.packs.pipeline import GOOD, lay_out

DAY = date(2024, 6, 1)


def manifest(  # noqa: PLR0913 - one argument per key
    pack: str, version: str, *, start: str = "2024-01-01", until: str = "", status: str = "in_force", extends: str = "", corrects: str = ""
) -> str:
    lines = [f"pack: {pack}", f'version: "{version}"', "title: t", "publisher: p", 'language: "1"', f"status: {status}"]
    lines.append(f"in_force: {{from: {start}{f', until: {until}' if until else ''}}}")
    if corrects:
        lines.append(f'corrects: "{corrects}"')
    if extends:
        return "\n".join([*lines, "layer: local", f"extends: {extends}", ""])
    step = "{title: t, meaning: m, because: b, cite: [MIN-1]}"
    scale = ["layer: national", "outcomes:", f"  manage: {step}", f"  review: {step}", f"  refer: {step}"]
    return "\n".join([*lines, *scale, "when_unsettled: {outcome: review, because: b, cite: [MIN-1]}", ""])


def add(root: Path, pack: str, version: str, **more: Any) -> Path:
    folder = root / pack / version
    lay_out(GOOD / "minimal", folder, GOOD / "minimal")
    (folder / "pack.yaml").write_text(manifest(pack, version, **more))
    lock(folder)
    return folder


def lock(folder: Path) -> None:
    (folder / "pack.lock").write_text(lock_text(pack_from_folder(folder, verify_lock=False).files, folder.name))


def registry(*paths: Path, **more: Any) -> Registry:
    return Registry(paths, shipped=False, installed=False, **more)


def finding_of(call: Any, *args: Any) -> Any:
    with pytest.raises(PackError) as caught:
        call(*args)
    [finding] = caught.value.diagnostics
    return finding


def test_the_version_in_force_changes_on_the_day_it_says(tmp_path: Path) -> None:
    add(tmp_path, "one", "2023.1", start="2023-01-01", until="2024-03-11", status="superseded")
    add(tmp_path, "one", "2024.3", start="2024-03-11")
    add(tmp_path, "one", "2025.1", start="2024-03-11", status="draft")
    add(tmp_path, "one", "2022.1", start="2022-01-01", status="withdrawn")
    found = registry(tmp_path)
    assert found.in_force("one", date(2024, 3, 10)).version == "2023.1"
    assert found.in_force("one", date(2024, 3, 11)).version == "2024.3"
    assert found.in_force("one", date(2099, 1, 1)).version == "2024.3"
    assert [one.version for one in found.find("one")] == ["2022.1", "2023.1", "2024.3", "2025.1"]
    assert found.changes("one") == (date(2022, 1, 1), date(2023, 1, 1), date(2024, 3, 11))
    assert finding_of(found.in_force, "one", date(2022, 6, 1)).code == "SR303"


def test_versions_are_ordered_as_numbers(tmp_path: Path) -> None:
    for version in ("2024.10", "2024.9", "2024.9.1"):
        add(tmp_path, "one", version, status="draft")
    assert [one.version for one in registry(tmp_path).find("one")] == ["2024.9", "2024.9.1", "2024.10"]


def test_a_correction_takes_the_place_of_what_it_corrects(tmp_path: Path) -> None:
    add(tmp_path, "one", "1", start="2024-01-01")
    add(tmp_path, "one", "1.1", start="2024-02-01", corrects="1")
    add(tmp_path, "one", "1.2", start="2024-03-01", corrects="1.1")
    found = registry(tmp_path)
    assert [found.in_force("one", date(2024, month, 15)).version for month in (1, 2, 3)] == ["1", "1.1", "1.2"]


def test_a_correction_ends_where_it_says_and_the_corrected_one_returns(tmp_path: Path) -> None:
    add(tmp_path, "one", "1", start="2024-01-01")
    add(tmp_path, "one", "1.1", start="2024-02-01", until="2024-03-01", corrects="1")
    assert registry(tmp_path).in_force("one", date(2024, 4, 1)).version == "1"


def test_two_that_correct_each_other_are_two(tmp_path: Path) -> None:
    add(tmp_path, "one", "1", corrects="2")
    add(tmp_path, "one", "2", corrects="1")
    finding = finding_of(registry(tmp_path).in_force, "one", DAY)
    assert finding.code == "SR304"
    assert "1" in finding.message
    assert finding.related[0][1].file.endswith("one/1/pack.yaml")


def test_a_stack_starts_at_the_top_and_follows_the_day(tmp_path: Path) -> None:
    add(tmp_path, "top", "1", start="2023-01-01", until="2024-07-01")
    add(tmp_path, "top", "2", start="2024-07-01")
    add(tmp_path, "area", "5", extends="{pack: top}")
    add(tmp_path, "school", "9", extends='{pack: area, versions: {at_least: "5", below: "6"}}')
    found = registry(tmp_path)
    assert [(one.id, one.version) for one in found.stack(found.resolve("school", DAY), DAY)] == [("top", "1"), ("area", "5"), ("school", "9")]
    later = date(2024, 7, 1)
    assert [one.version for one in found.stack(found.resolve("school", later), later)] == ["2", "5", "9"]


def test_names_of_packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(tmp_path, "one", "1")
    draft = add(tmp_path, "one", "2", status="draft")
    monkeypatch.chdir(tmp_path)
    found = registry(tmp_path)
    assert found.resolve("one", DAY).version == "1"
    assert found.resolve("one@2", DAY).version == "2"
    assert found.resolve("one/2", DAY).version == "2"
    assert found.resolve(str(draft), DAY).version == "2"
    for name, code in {"one@two": "SR309", "one@": "SR309", "": "SR309", "One": "SR309", "one/3": "SR309", "a\0b": "SR309", "..": "SR309"}.items():
        assert finding_of(found.resolve, name, DAY).code == code, name
    assert finding_of(found.resolve, "two", DAY).code == "SR301"


def test_misspelt_ids_and_versions_get_a_suggestion(tmp_path: Path) -> None:
    add(tmp_path, "kent", "2024.9")
    assert finding_of(registry(tmp_path).find, "knt").help == "did you mean `kent`?"
    assert "`2024.9`" in finding_of(registry(tmp_path).version, "kent", "2024.8").help


def test_only_manifests_are_read_to_find(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = add(tmp_path, "one", "1")
    (folder / "facts.yaml").write_text("[")
    read: list[str] = []

    def counted(files: PackFiles) -> tuple[Manifest, Spans]:
        read.append(files.origin)
        return read_manifest(files)

    monkeypatch.setattr("safeguarding_rules.reading.registry.read_manifest", counted)
    found = registry(tmp_path)
    add(tmp_path, "other", "1")
    found.in_force("one", DAY)
    found.in_force("one", DAY)
    assert read == [folder.as_posix()]


def test_a_pack_is_read_once_per_content_and_kept_in_the_registry_only(tmp_path: Path) -> None:
    folder = add(tmp_path, "one", "1", status="draft")
    found = registry(tmp_path)
    first = found.load(found.version("one", "1"))
    assert found.load(found.version("one", "1")) is first
    (folder / "routes.yaml").unlink()
    assert found.load(found.version("one", "1")).digest != first.digest
    assert registry(tmp_path).load(found.version("one", "1")) is not first
    (folder / "pack.yaml").write_text(manifest("one", "1", status="in_force"))
    lock(folder)
    found.refresh()
    assert found.in_force("one", DAY).version == "1"


def test_loading_checks_the_lock(tmp_path: Path) -> None:
    folder = add(tmp_path, "one", "1")
    found = registry(tmp_path)
    found.load(found.in_force("one", DAY))
    (folder / "pack.lock").unlink()
    assert finding_of(found.load, found.in_force("one", DAY)).code == "SR141"
    assert found.load(found.in_force("one", DAY), verify_lock=False).id == "one"


def test_the_same_version_in_two_places_must_be_the_same(tmp_path: Path) -> None:
    add(tmp_path / "a", "one", "1")
    folder = add(tmp_path / "b", "one", "1")
    assert len(registry(tmp_path / "a", tmp_path / "b").find("one")) == 1
    (folder / "routes.yaml").unlink()
    finding = finding_of(registry(tmp_path / "a", tmp_path / "b").find, "one")
    assert finding.code == "SR308"
    assert finding.related


def test_a_manifest_that_cannot_be_read_is_never_passed_over(tmp_path: Path) -> None:
    add(tmp_path, "one", "1")
    (add(tmp_path, "one", "2") / "pack.yaml").write_text("pack: [")
    with pytest.raises(PackError):
        registry(tmp_path).in_force("one", DAY)


def test_archives_are_searched(tmp_path: Path) -> None:
    folder = add(tmp_path, "one", "1")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, f"packs/{path.relative_to(tmp_path).as_posix()}")
    (tmp_path / "one.zip").write_bytes(buffer.getvalue())
    by_path = registry(tmp_path / "one.zip")
    in_memory = registry(archives=[buffer.getvalue()])
    digest = pack_from_folder(folder).digest
    assert by_path.load(by_path.in_force("one", DAY)).digest == digest
    assert in_memory.load(in_memory.in_force("one", DAY)).digest == digest
    assert by_path.resolve(str(tmp_path / "one.zip"), DAY).version == "1"


def test_a_path_that_leads_nowhere_is_reported(tmp_path: Path) -> None:
    assert finding_of(registry(tmp_path / "nothing").find, "one").code == "SR101"
    (tmp_path / "text.zip").write_text("no archive")
    assert finding_of(registry(tmp_path / "text.zip").find, "one").code == "SR119"


def distribution(site: Path, name: str, value: str, files: list[str]) -> None:
    info = site / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[safeguarding_rules.policy_packs]\n{name} = {value}\n")
    (info / "RECORD").write_text("".join(f"{file},,\n" for file in [*files, f"{info.name}/RECORD"]))


def test_distributions_announce_packs_and_are_never_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site" / "kent_policies"
    folder = add(package / "packs", "kentish", "1")
    for init in (package, package / "packs"):
        (init / "__init__.py").write_text("raise RuntimeError('imported')\n")
    files = [path.relative_to(tmp_path / "site").as_posix() for path in sorted(package.rglob("*")) if path.is_file()]
    distribution(tmp_path / "site", "kent_policies", "kent_policies:packs", files)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    found = Registry(shipped=False)
    assert found.load(found.in_force("kentish", DAY)).digest == pack_from_folder(folder).digest
    assert "kent_policies" not in sys.modules


def test_an_editable_distribution_is_found_beside_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "src" / "medway_policies"
    add(package / "data" / "packs", "medwayan", "1")
    (package / "__init__.py").write_text("raise RuntimeError('imported')\n")
    distribution(tmp_path / "site", "medway_policies", "medway_policies.data.packs", ["__editable__.medway_policies.pth"])
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.syspath_prepend(str(tmp_path / "src"))
    assert Registry(shipped=False).in_force("medwayan", DAY).version == "1"
    assert "medway_policies" not in sys.modules


@pytest.mark.parametrize("value", ["no_such_package:packs", "os:packs", "::", "a.b.c:../../etc", ""])
def test_an_announcement_that_leads_nowhere_is_passed_over(value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    distribution(tmp_path, "liar", value, [])
    monkeypatch.syspath_prepend(str(tmp_path))
    assert not [folder for folder in announced_folders() if tmp_path in folder.parents]
    with pytest.raises(PackError) as caught:
        Registry(shipped=False).find("anything")
    assert [(one.code, one.severity) for one in caught.value.diagnostics] == [("SR122", "warning"), ("SR301", "error")]
    warning = caught.value.diagnostics[0]
    assert warning.message == f"the installed distribution `liar` announces packs at `{value}`, but no such folder is in it"
    assert warning.help is not None
    assert "`kent_policies:packs`" in warning.help


def test_an_announced_folder_without_packs_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "bare_policies"
    package.mkdir()
    (package / "__init__.py").touch()
    distribution(tmp_path, "bare", "bare_policies", ["bare_policies/__init__.py"])
    monkeypatch.syspath_prepend(str(tmp_path))
    assert [one.message for one in Registry(shipped=False).astray()] == [
        "the installed distribution `bare` announces packs at `bare_policies`, but no pack lies there"
    ]
    assert Registry(shipped=False, installed=False).astray() == ()


def test_the_shipped_packs_are_found() -> None:
    assert shipped_folder() is not None
    found = Registry(installed=False)
    assert {"ukcis", "kscmp"} <= set(found.ids())
    assert all(place.location.folder is not None for place in found.all_found())


def test_a_registry_serves_many_threads(tmp_path: Path) -> None:
    for number in range(5):
        add(tmp_path, f"pack{number}", "1")
    found = registry(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        loaded = list(pool.map(lambda number: found.load(found.in_force(f"pack{number % 5}", DAY)), range(60)))
    assert len({id(pack) for pack in loaded}) == 5


def test_a_given_path_wins_over_the_shipped_pack_of_the_same_content(tmp_path: Path) -> None:
    shipped = Registry()
    version = shipped.find("ukcis")[0].version
    shutil.copytree(Path("policy_packs/ukcis") / version, tmp_path / "ukcis" / version)
    assert Registry([tmp_path]).version("ukcis", version).origin.startswith(str(tmp_path))


def test_a_withdrawn_pack_does_not_load_by_its_path_either(tmp_path: Path) -> None:
    folder = tmp_path / "kscmp" / "2023.4"
    shutil.copytree("policy_packs/kscmp/2023.4", folder)
    manifest = folder / "pack.yaml"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("status: superseded", "status: withdrawn"), encoding="utf-8")
    with pytest.raises(PackError) as caught:
        Registry([tmp_path]).resolve(str(folder), date(2023, 6, 1))
    assert [finding.code for finding in caught.value.diagnostics] == ["SR305"]
