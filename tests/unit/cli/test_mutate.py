from __future__ import annotations

from tests.unit.cli.command import Command


def test_where_nothing_can_be_read_there_is_no_score(command: Command) -> None:
    done = command("mutate", "nowhere")
    assert (done.code, done.out) == (2, "")
    assert "there is nothing at `nowhere`" in done.err
