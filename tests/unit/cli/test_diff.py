"""`diff`: exit codes, formats, git revisions."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import jsonschema
import pytest

from safeguarding_rules.comparing.document import DiffDocument
from safeguarding_rules.worlds import space
from tests.unit.cli.command import RULES, Command, layer

ROOT = Path(__file__).parents[3]
OLDER = RULES.replace("{below: 5}", "{at_least: 15}")

pytestmark = pytest.mark.usefixtures("nothing_shipped")


def two(command: Command) -> tuple[str, str]:
    """Lay out two copies of the minimal pack."""
    old = command.pack()
    return old, _copy(command, old)


def _copy(command: Command, old: str) -> str:
    place = "other/minimal/2024.1"
    for path in (command.folder / old).rglob("*.*"):
        command.write(f"{place}/{path.relative_to(command.folder / old)}", path.read_text(encoding="utf-8"))
    return place


def test_no_change_is_done(command: Command) -> None:
    old, new = two(command)
    done = command("diff", old, new)
    assert done.code == 0
    assert "No case changes" in done.out


def test_milder_is_a_finding(command: Command) -> None:
    old, new = two(command)
    command.edit(_rules(new), "outcome: refer", "outcome: review")
    done = command("diff", old, new)
    assert done.code == 1
    assert "“Refer” becomes “Review” (milder" in done.out
    assert "- adult involved" in done.out
    back = command("diff", new, old)
    assert back.code == 0
    assert "Nothing becomes milder; some cases become stricter." in back.out


def _rules(place: str) -> str:
    return f"{place}/rules/referral.yaml"


def test_undecided_is_never_no_change(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = two(command)
    command.edit(_rules(new), "tell_services, within: immediately", "tell_services, within: same_day")

    def exhausted(*_: object, **__: object) -> int:
        raise space.BudgetExceededError

    monkeypatch.setattr(space.Space, "find", exhausted)
    done = command("diff", old, new)
    assert done.code == 3
    assert "UNDECIDED" in done.out
    assert "No case changes" not in done.out


def test_json_is_a_document_that_reads_back(command: Command) -> None:
    old, new = two(command)
    command.edit(_rules(new), "must: tell_services", "should: tell_services")
    done = command("diff", old, new, "--format", "json")
    assert done.code == 1
    data = json.loads(done.out)
    assert data["schema"] == "diff/1"
    schema = json.loads((ROOT / "schemas" / "diff.schema.json").read_text(encoding="utf-8"))
    assert not list(jsonschema.Draft202012Validator(schema).iter_errors(data))
    document = DiffDocument.model_validate_json(done.out)
    (change,) = document.duties
    assert (change.change, change.from_, change.to) == ("weaker", "must", "should")
    assert change.regions[0].example.confirmed


def test_markdown_keeps_pack_text_from_meaning_anything(command: Command) -> None:
    old, new = two(command)
    command.edit(_rules(new), "must: tell_services", "should: tell_services")
    command.edit(_rules(new), "title: An adult is involved", 'title: "An *adult* <b>is</b> @involved"')
    done = command("diff", old, new, "--format", "markdown")
    assert done.out.startswith("## What changes in `minimal`: becomes milder in some cases")
    assert r"\*adult\* \<b>is\</b>" in done.out
    assert "\\@involved" in done.out


def test_markdown_closes_what_pack_text_opens(command: Command) -> None:
    old, new = two(command)
    command.edit(_rules(new), "must: tell_services", "should: tell_services")
    command.edit(_rules(new), "title: An adult is involved", 'title: "A `lonely mark"')
    done = command("diff", old, new, "--format", "markdown")
    assert "A 'lonely mark" in done.out


def test_a_layer_against_what_it_stands_on(command: Command) -> None:
    path = layer(command, OLDER)
    done = command("diff", "packs/minimal/2024.1", path)
    assert done.code == 0
    assert "Where age 15 or over" in done.out
    assert "minimal 2024.1 + layered 2024.2" in done.out


@pytest.mark.parametrize("arguments", [("one",), ("one", "two", "three"), ("one", "two", "--against", "HEAD")])
def test_two_packs_are_needed(command: Command, arguments: tuple[str, ...]) -> None:
    done = command("diff", *arguments)
    assert done.code == 2
    assert "compares two packs" in done.err


def test_a_pack_that_is_not_there_is_said(command: Command) -> None:
    done = command("diff", command.pack(), "nowhere")
    assert done.code == 2
    assert "nowhere" in done.err


# -- git ------------------------------------------------------------------------------------------------------------------------------


def git(command: Command, *arguments: str) -> None:
    identity = ("-c", "user.name=Nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], cwd=command.folder, check=True, capture_output=True)


def committed(command: Command) -> str:
    path = layer(command, OLDER)
    git(command, "init", "-q")
    git(command, "add", ".")
    git(command, "commit", "-q", "-m", "first")
    return path


def test_a_working_copy_against_a_revision(command: Command) -> None:
    path = committed(command)
    assert command("diff", path, "--against", "HEAD").code == 0
    command.edit(f"{path}/rules/local.yaml", "{at_least: 15}", "{at_least: 16}")
    done = command("diff", path, "--against", "HEAD")
    assert done.code == 1
    assert "Where age 15" in done.out
    assert "no longer should" in done.out


def test_what_is_above_is_read_from_the_revision_too(command: Command) -> None:
    path = committed(command)
    command.edit(_rules("packs/minimal/2024.1"), "outcome: refer", "outcome: review")
    done = command("diff", path, "--against", "HEAD")
    assert done.code == 1
    assert "“Refer” becomes “Review”" in done.out


def test_two_revisions(command: Command) -> None:
    path = committed(command)
    command.edit(f"{path}/rules/local.yaml", "{at_least: 15}", "{at_least: 14}")
    git(command, "commit", "-q", "-a", "-m", "second")
    done = command("diff", f"git:HEAD~1:{path}", f"git:HEAD:{path}")
    assert done.code == 0
    assert "Where age 14" in done.out


def test_nothing_of_a_revision_is_run(command: Command) -> None:
    path = committed(command)
    git(command, "config", "filter.bad.smudge", "touch ran; cat")
    command.write(".gitattributes", "*.yaml filter=bad\n")
    git(command, "add", ".gitattributes")
    git(command, "commit", "-q", "-m", "attributes")
    assert command("diff", path, "--against", "HEAD").code == 0
    assert not (command.folder / "ran").exists()


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "HEAD:file"])
def test_a_revision_that_is_not_there_is_refused(command: Command, revision: str) -> None:
    path = committed(command)
    done = command("diff", f"git:{revision}:{path}", path)
    assert done.code == 2
    assert "error" in done.err


def test_a_path_that_a_revision_does_not_have_is_refused(command: Command) -> None:
    committed(command)
    done = command("diff", "git:HEAD:packs/layered/1999.1", "packs/layered/2024.2")
    assert done.code == 2
    assert "there is no pack at `packs/layered/1999.1`" in done.err
