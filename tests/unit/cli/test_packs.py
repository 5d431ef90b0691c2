from __future__ import annotations

import json

import pytest

from safeguarding_rules.cli.statements_report import ratios
from safeguarding_rules.language.documents import Statement
from tests.unit.cli.command import Command, layer


def test_shipped_packs_are_listed_with_their_state(command: Command) -> None:
    done = command("packs", "--today", "2024-06-01")
    assert done.code == 0
    assert [line for line in done.out.splitlines() if line and not line.startswith(" ")] == [
        "kscmp 2023.4, the version in force today",
        "kscmp 2024.9",
        "ukcis 2020.12",
        "ukcis 2024.3, the version in force today",
    ]
    assert max(map(len, done.out.splitlines())) <= 120  # only paths are longer than 80
    assert "local layer, extends ukcis; superseded, from 2023-04-16 until 2024-09-01 (not" in done.out
    assert "not signed off" in done.out


@pytest.mark.usefixtures("nothing_shipped")
def test_locks_and_overdue_reviews_are_shown(command: Command) -> None:
    path = layer(command)
    command.edit(f"{path}/pack.yaml", "extends:", "review_by: 2025-01-01\nsign_off: {by: The board, on: 2024-05-01}\nextends:")
    shown = [command("packs", "--path", "packs", "--today", "2025-01-01").out]
    command("lock", path)
    shown.append(command("packs", "--path", "packs", "--today", "2024-12-31").out)
    command.edit(f"{path}/rules/local.yaml", "below: 5", "below: 6")
    shown.append(command("packs", "--path", "packs").out)
    for text, expected in zip(
        shown,
        [
            "  not locked; signed off by The board on 2024-05-01; REVIEW OVERDUE since",
            "  locked; signed off by The board on 2024-05-01; review by 2025-01-01",
            "  CHANGED since it was locked; signed off by The board on 2024-05-01; REVIEW",
        ],
        strict=True,
    ):
        assert expected in text


@pytest.mark.usefixtures("nothing_shipped")
def test_a_pack_that_cannot_be_read_is_listed_too(command: Command) -> None:
    path = layer(command)
    command.edit(f"{path}/rules/local.yaml", "title:", "titel:")
    done = command("packs", "--path", "packs")
    assert done.code == 0
    assert "cannot be read: unknown key `titel`" in done.out or "cannot be read: key `title` is missing" in done.out


@pytest.mark.usefixtures("nothing_shipped")
def test_programs_get_json(command: Command) -> None:
    layer(command)
    listed = json.loads(command("packs", "--path", "packs", "--format", "json", "--today", "2024-07-01").out)
    ours = listed[0]
    assert (ours["version"], ours["in_force_today"], ours["locked"], ours["extends"]) == ("2024.2", True, False, "minimal")
    assert ours["in_force"] == {"from": "2024-06-01", "until": None}
    assert ours["digest"].startswith("sha256:")


@pytest.mark.usefixtures("nothing_shipped")
def test_a_manifest_that_cannot_be_read_is_an_error(command: Command) -> None:
    command.write("packs/broken/1.0/pack.yaml", "pack: [\n")
    done = command("packs", "--path", "packs")
    assert (done.code, done.out) == (2, "")
    assert "packs/broken/1.0/pack.yaml" in done.err


def test_statements_by_family() -> None:
    """The share of encoded statements is shown for each family of ids and adds up."""
    found = ratios({name: Statement.model_validate({**_BASE, **more}) for name, more in _MORE.items()})
    assert found == {"KENT-REF": (1, 2), "LAW-MR": (0, 1)}


_BASE = {"source": "a", "section": "s", "binds": "DSL", "text": "t", "strength": "should", "force": "advice"}
_MORE: dict[str, dict[str, object]] = {
    "KENT-REF-1": {"checked": "seen", "encoded_by": ["rule"]},
    "KENT-REF-2a": {"checked": "seen", "not_computable": "A matter of tone."},
    "LAW-MR-1": {"checked": "recalled", "not_computable": "Not commenced."},
}
