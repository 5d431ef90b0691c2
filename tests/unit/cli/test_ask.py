from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pexpect
import pytest

from safeguarding_rules.cli.ask_dialogue import Dialogue, Screen
from safeguarding_rules.engine import Engine
from safeguarding_rules.interface_texts import ENGLISH, Catalogue
from safeguarding_rules.interview.interview import Interview
from safeguarding_rules.interview.state import State
from tests.unit.cli.command import Command

ROOT = Path(__file__).parents[3]
KENT = ("ask", "kscmp", "--on", "2026-11-22")
PROMPT = "\r\n> $"


def test_answers_from_a_file_give_the_decision(command: Command) -> None:
    done = command(*KENT, "--save-facts", "facts.yaml", "--save-decision", "decision.json", stdin=b"# danger\n1 others no\nq\n")
    assert done.code == 0
    assert done.out.startswith("CALL 999\n")
    assert "Does any of these apply?" in done.err
    assert "> 1 others no" in done.err
    assert "Does any of these apply?" not in done.out
    assert max(map(len, done.err.splitlines())) <= 80
    assert "\x1b" not in done.err + done.out
    decision = json.loads(Path("decision.json").read_bytes())
    assert decision["outcome"] == "emergency"
    again = command("decide", "kscmp", "--on", "2026-11-22", "--facts", "facts.yaml", "--format", "json")
    assert json.loads(again.out) == decision
    assert {Path(name).stat().st_mode & 0o777 for name in ("facts.yaml", "decision.json")} == {0o600}


def test_what_was_not_named_is_said_to_stay_open(command: Command) -> None:
    assert "> 3\nThe other 7 stay open.\n" in command(*KENT, stdin=b"3\n").err
    assert "stay open" not in command(*KENT, stdin=b"3 others no\n").err


def test_lines_may_name_their_facts_in_any_order(command: Command) -> None:
    lines = b"adult_involved: no\nfinancial_demand: yes\nq\n"
    done = command(*KENT, "--save-decision", "decision.json", stdin=lines)
    assert (done.code, json.loads(Path("decision.json").read_bytes())["facts"]) == (0, {"adult_involved": False, "financial_demand": True})


def test_what_is_known_from_the_start_is_not_asked(command: Command) -> None:
    facts = command.write("facts.yaml", "adult_involved: true\n")
    done = command(*KENT, "--facts", facts, "--save-facts", "all.json", stdin=b"")
    assert done.code == 0
    assert "Known from the start:" in done.err
    assert "The answer is firm: Tell the police now." in done.err
    assert json.loads(Path("all.json").read_bytes()) == {"adult_involved": True}


def test_when_the_answers_end_what_is_left_counts_as_not_known(command: Command) -> None:
    done = command(*KENT, stdin=b"no\n")
    assert done.code == 0
    assert "The answers end here." in done.err
    assert done.out.startswith("HOLD THE REVIEW\n")


def test_it_stops_when_nothing_can_change_the_outcome_or_a_must(command: Command) -> None:
    done = command("ask", command.pack(), "--save-decision", "decision.json", stdin=b"y\n")
    assert done.code == 0
    assert "No answer can change the outcome, or anything that must be done." in done.err
    decision = json.loads(Path("decision.json").read_bytes())
    assert (decision["outcome"], decision["settled"]) == ("refer", True)


@pytest.mark.parametrize(
    ("lines", "line"), [(b"perhaps\n", 1), (b"no\n9\n", 2), (b"# a note\nno\n1 2 maybe\n", 3), (b"adlt_involved: no\n", 1), (b"\n", 1), (b"b\n", 1)]
)
def test_a_line_that_is_no_answer_ends_a_file_of_answers(command: Command, lines: bytes, line: int) -> None:
    done = command(*KENT, "--save-facts", "facts.yaml", stdin=lines)
    assert (done.code, done.out) == (2, "")
    assert f"standard input:{line}:1: error SR817" in done.err
    assert not Path("facts.yaml").exists()


def test_facts_that_cannot_be_used_are_refused_before_anything_is_asked(command: Command) -> None:
    done = command(*KENT, "--facts", command.write("facts.yaml", "adult_involvd: true\n"), stdin=b"no\n")
    assert (done.code, done.out) == (2, "")
    assert "SR802" in done.err


def test_a_file_that_cannot_be_written_is_named(command: Command) -> None:
    done = command(*KENT, "--save-facts", "nowhere/facts.yaml", stdin=b"q\n")
    assert done.code == 2
    assert "`nowhere/facts.yaml` cannot be written" in done.err


class Terminal:
    """The command in a real terminal of 80 columns."""

    def __init__(self, folder: Path, *arguments: str, columns: int = 80, home: Path | None = None) -> None:
        # The command of this checkout, whatever is installed: the folder of the case is not the checkout.
        environment = {"PATH": "/usr/bin:/bin", "TERM": "vt100", "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), "HOME": str(home or folder)}
        command = ["-m", "safeguarding_rules", *arguments]
        self.child = pexpect.spawn(sys.executable, command, cwd=str(folder), env=environment, dimensions=(24, columns), encoding="utf-8", timeout=30)

    def shown(self) -> str:
        """Return what stands on the screen since the last answer, once it waits for one."""
        self.child.expect(PROMPT)
        text: str = self.child.before or ""
        assert max(map(len, text.splitlines()), default=0) <= 80
        return text

    def type(self, line: str) -> str:
        self.child.sendline(line)
        return self.shown()

    def end(self, line: str | None = None) -> str:
        if line is not None:
            self.child.sendline(line)
        self.child.expect(pexpect.EOF)
        text: str = self.child.before or ""
        self.child.close()
        return text


def test_in_a_terminal(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, *KENT)
    assert "Life or safety in danger now" in terminal.shown()
    assert "That was not understood" in terminal.type("perhaps")
    assert "b back: take the last answer back" in terminal.type("h")
    assert "HOLD THE REVIEW" in terminal.type("w")
    assert "That was not understood: This is the first question." in terminal.type("b")
    second = terminal.type("no")
    assert "Suspicion of significant harm" in second
    assert "Call 999" not in second  # ruled out by the answers
    help_ = terminal.type("h")
    assert "Do you suspect that a child is suffering" in help_
    assert "This is the Children Act threshold." in help_
    assert "Life or safety in danger now" in terminal.type("b")
    assert "Suspicion of significant harm" in terminal.type("no")
    assert "Life or safety in danger now" in terminal.type("b")
    assert "The outcome is settled: Tell the police now." in terminal.type("2 others no")
    going_on = terminal.type("g")
    assert "Settled: no answer can change this." in going_on
    assert "--- 2 ---" in going_on  # an offer is no question
    changed = terminal.type("c")
    assert "1  Is anyone's life" in changed
    assert "Did anyone aged 18 or over" in changed
    number = next(line.split()[0] for line in changed.splitlines() if "Did anyone aged 18" in line)
    assert "y yes" in terminal.type(number)
    assert "Does any of these apply?" in terminal.type("n")
    assert "Save the answers?" in terminal.type("q")
    assert "Save the decision" in terminal.type("case.yaml")
    end = terminal.end("")
    assert "Saved to case.yaml" not in end  # it was said before
    assert terminal.child.exitstatus == 0
    assert "adult_involved: false\n" in (tmp_path / "case.yaml").read_text(encoding="utf-8")


def test_answers_that_contradict_are_shown_and_can_be_answered_again(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, *KENT)
    terminal.shown()
    terminal.type("adult_involved: no")
    conflict = terminal.type("imagery_origin: made_by_adult")
    assert "These answers cannot all be true" in conflict
    assert "Made by an adult" in conflict
    number = next(line.split()[0] for line in conflict.splitlines() if "How is the imagery" in line)
    assert "Made by the child pictured" in terminal.type(number)
    assert "Does any of these apply?" in terminal.type("5")
    terminal.child.sendeof()
    for question in ("Save the answers", "Save the decision"):
        terminal.child.expect(question)
        terminal.shown()
        terminal.child.sendeof()
    terminal.end()
    assert terminal.child.exitstatus == 0


def test_ctrl_c_warns_once_and_the_second_leaves_without_an_answer(tmp_path: Path) -> None:
    """Who presses it to copy a line loses nothing."""
    terminal = Terminal(tmp_path, *KENT, "--save-facts", "facts.yaml", columns=60)
    assert max(map(len, terminal.shown().splitlines())) <= 60
    terminal.child.sendintr()
    assert "Nothing is lost." in terminal.shown()
    assert "The outcome is settled" in terminal.type("1 others no")
    terminal.child.sendintr()
    assert "Nothing is lost." in terminal.shown()
    terminal.child.sendintr()
    assert "stopped" in terminal.end()
    assert terminal.child.exitstatus == 130
    assert not list(tmp_path.iterdir())


def test_a_number_that_is_no_answer_to_change_is_not_taken_for_an_answer(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, *KENT)
    terminal.shown()
    terminal.type("no")
    assert "Which answer do you want to change?" in terminal.type("c")
    assert "type a number from 1 to 8, or press Enter" in terminal.type("9")
    assert "y yes" in terminal.type("1")  # a choice from the list, not "the first of these applies"
    assert "Does any of these apply?" in terminal.type("b")
    assert "Save the answers?" in terminal.type("q")
    assert "Save the decision" in terminal.type("case.yaml")
    terminal.end("")
    assert "true" not in (tmp_path / "case.yaml").read_text(encoding="utf-8")


def test_leaving_the_list_of_answers_shows_the_question_again(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, *KENT)
    terminal.shown()
    terminal.type("no")
    for leave in ("", "b"):
        terminal.type("c")
        assert "Suspicion of significant harm" in terminal.type(leave)
    assert "Suspicion of significant harm" in terminal.type("w")
    terminal.child.close(force=True)


@pytest.mark.parametrize("stop", ["q", None])
def test_an_answer_that_was_to_be_changed_stays_where_the_interview_is_stopped(tmp_path: Path, stop: str | None) -> None:
    terminal = Terminal(tmp_path, *KENT)
    terminal.shown()
    assert "The outcome is settled: Call 999." in terminal.type("1 others no")
    terminal.type("c")
    assert "y yes" in terminal.type("1")
    if stop is None:
        terminal.child.sendeof()
    else:
        terminal.child.sendline(stop)
    assert "CALL 999" in terminal.shown()
    terminal.type("case.yaml")
    terminal.end("")
    assert "immediate_danger: true\n" in (tmp_path / "case.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "lines", [["c", "1", "q"], ["c", "1", "c", "1", "q"], ["c", "2", "c", "1", "q"], ["c", "1", "s", "q"], ["c", "2", "b", "c", "1", "s", "q"]]
)
def test_what_was_to_be_changed_is_not_lost(lines: list[str]) -> None:
    engine = Engine.load("kscmp", on=date(2026, 11, 22))
    typed = iter(["adult_involved: no", "financial_demand: no", *lines])
    dialogue = Dialogue(engine, Interview(engine.decide), Screen(lambda: next(typed) + "\n", lambda _: None, asks_again=True), ENGLISH)
    state, step = dialogue.run(State())
    assert (dict(state.facts), step.kind) == ({"adult_involved": False, "financial_demand": False}, "end")


def test_answers_are_asked_for_another_name_until_one_can_be_written(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, *KENT, home=tmp_path)
    terminal.shown()
    terminal.type("1 others no")
    terminal.type("q")
    again = terminal.type("nowhere/case.yaml")
    assert "`nowhere/case.yaml` cannot be written" in again
    assert "Another name, or Enter for no." in again
    terminal.child.sendline("~/case.yaml")
    terminal.child.expect("Save the decision.*\r\n> ")
    terminal.end("")
    assert terminal.child.exitstatus == 0
    assert [path.name for path in tmp_path.iterdir()] == ["case.yaml"]


def test_answers_are_saved_though_nobody_reads_the_decision(tmp_path: Path) -> None:
    command = f"echo '1 others no' | {sys.executable} -m safeguarding_rules {' '.join(KENT)} --save-facts facts.yaml 2>/dev/null | true"
    subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, timeout=60)
    for _ in range(300):  # the shell does not wait for what stands first in a pipe
        if (tmp_path / "facts.yaml").exists():
            break
        time.sleep(0.1)
    assert "immediate_danger: true" in (tmp_path / "facts.yaml").read_text(encoding="utf-8")


def test_every_word_it_says_comes_from_the_catalogue_or_the_pack() -> None:
    """A language in which every text is marked shows what is not from the catalogue: only text of the pack is left unmarked."""
    marked = Catalogue("xx", {key: text if key.startswith("interview.words.") else f"\u2039{text}\u203a" for key, text in ENGLISH.templates.items()})
    engine = Engine.load("kscmp", on=date(2026, 11, 22))
    lines = iter(["h", "1", "c", "", "perhaps", "s", "? 1", "0", "g", "1", "q"])
    shown: list[str] = []
    dialogue = Dialogue(engine, Interview(engine.decide), Screen(lambda: next(lines, "q") + "\n", shown.append, asks_again=True), marked)
    dialogue.run(State())
    policy = engine.program.policy
    pack = {text for info in policy.facts for text in (info.question, info.short, info.help, *info.labels.values()) if text}
    pack |= {outcome.title for outcome in policy.outcomes}
    text = " ".join(" ".join(shown).split())
    for own in sorted(pack, key=len, reverse=True):
        text = text.replace(" ".join(own.split()), "")
    outside = "".join(_outside(text))
    assert not [word for word in outside.split() if word.isalpha() and len(word) > 3 and word.islower()], outside


def _outside(text: str) -> list[str]:
    depth, found = 0, []
    for character in text:
        depth += {"\u2039": 1, "\u203a": -1}.get(character, 0)
        if depth == 0:
            found.append(character)
    return found
