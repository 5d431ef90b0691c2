from __future__ import annotations

import json
from pathlib import Path

import pytest

from safeguarding_rules.cli.facts_file import read_facts
from safeguarding_rules.diagnostics import FactsError
from tests.unit.cli.command import Command, layer


def test_facts_from_a_file_give_a_decision_to_read(command: Command) -> None:
    facts = command.write("case.yaml", "adult_involved: true\n")
    done = command("decide", command.pack(), "--facts", facts)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("REFER\n")
    assert "Tell the services" in done.out
    assert max(map(len, done.out.splitlines())) <= 80


@pytest.mark.parametrize("register", ["short", "full", "audit"])
def test_every_register_is_written(command: Command, register: str) -> None:
    done = command("decide", command.pack(), "--register", register, "--facts", "-", stdin=b"{}")
    assert done.code == 0
    assert "review" in done.out.casefold()


def test_json_is_the_contract(command: Command) -> None:
    done = command("decide", command.pack(), "--facts", "-", "--format", "json", "--on", "2025-05-05", stdin=b'{"adult_involved": true}')
    decision = json.loads(done.out)
    assert (done.code, done.err) == (0, "")
    assert (decision["schema"], decision["outcome"], decision["settled"], decision["on"]) == ("decision/1", "refer", True, "2025-05-05")
    assert decision["facts"] == {"adult_involved": True}


def test_deadlines_get_their_time_from_when_it_was_known(command: Command) -> None:
    pack = command.pack()
    for text, expected in (("2026-07-01T09:30", "2026-07-01T23:59:59+01:00"), ("2026-11-22T23:30+05:00", "2026-11-22T23:59:59+00:00")):
        done = command("decide", pack, "--facts", "-", "--format", "json", "--known", text, stdin=b"age: 3")
        assert [deadline["due"] for action in json.loads(done.out)["actions"] for deadline in action["deadlines"]] == [expected]


def test_the_layer_of_a_folder_is_decided_with_the_pack_beside_it(command: Command) -> None:
    path = layer(command)
    assert "there is none" in command("decide", path, "--facts", "-", stdin=b"age: 3").err
    assert command("lock", "packs").code == 0
    done = command("decide", path, "--facts", "-", "--format", "json", stdin=b"age: 3")
    assert [pack["pack"] for pack in json.loads(done.out)["policy"]["packs"]] == ["minimal", "layered"]
    assert command("decide", "layered", "--path", "packs", "--facts", "-", stdin=b"age: 3").code == 0


def test_every_problem_of_the_facts_is_shown_at_its_place(command: Command) -> None:
    facts = command.write("case.yaml", "adult_involvd: true\nage: 200\norigin: made_by_adlt\nadult_involved: null\n")
    done = command("decide", command.pack(), "--facts", facts)
    assert (done.code, done.out) == (2, "")
    for place, code in (("case.yaml:1:1", "SR802"), ("case.yaml:2:6", "SR804"), ("case.yaml:3:9", "SR805")):
        assert f"{place}: error {code}" in done.err
    assert "did you mean `adult_involved`?" in done.err
    assert "  2 | age: 200\n    |      ^^^" in done.err


BAD = {
    "twice in JSON": (b'{"age": 3, "age": 4}', "SR106"),
    "twice in YAML": (b"age: 3\nage: 4\n", "SR106"),
    "NaN in JSON": (b'{"age": NaN}', "SR807"),
    "NaN in YAML": (b"age: .nan", "SR803"),
    "infinite": (b'{"age": 1e999}', "SR803"),
    "huge": (b'{"age": ' + b"9" * 5000 + b"}", "SR120"),
    "negative": (b"age: -1", "SR804"),
    "a number as text": (b'age: "3"', "SR803"),
    "one for true": (b"adult_involved: 1", "SR803"),
    "a fraction": (b"age: 3.5", "SR803"),
    "a list": (b"- age\n", "SR801"),
    "a text": (b'"age"', "SR801"),
    "nothing": (b"", "SR807"),
    "only a comment": (b"# age\n", "SR807"),
    "nested": (b'{"age":' * 2000, "SR113"),
    "nested YAML": (b"age:\n" + b"".join(b" " * i + b"- \n" for i in range(1, 90)), "SR113"),
    "nested in a value": (b"age: {below: {below: 3}}", "SR803"),
    "two tests": (b"age: {below: 3, above: 1}", "SR806"),
    "not JSON": (b'{"age": 3', "SR807"),
    "not YAML": (b"age: [3", "SR105"),
    "a tag": (b"age: !!python/object/apply:os.system ['true']", "SR110"),
    "an alias": (b"age: &a 3\nadult_involved: *a\n", "SR107"),
    "not UTF-8": (b"age: \xff\xfe", "SR103"),
    "control characters": (b"age: 3\x00", "SR104"),
    "a key that is no text": (b"3: 3", "SR112"),
    "too large": (b"a" * 2_100_000, "SR102"),
}


@pytest.mark.parametrize("name", BAD)
def test_facts_that_cannot_be_used_are_refused_with_a_reason(command: Command, name: str) -> None:
    content, code = BAD[name]
    done = command("decide", command.pack(), "--facts", "-", stdin=content)
    assert (done.code, done.out) == (2, "")
    assert code in done.err


def test_files_that_cannot_be_read_are_named(command: Command) -> None:
    pack = command.pack()
    for name, reason in (("nope.yaml", "no such file"), ("packs", "is a directory"), ("a\0b", "it is not a path")):
        done = command("decide", pack, "--facts", name)
        assert (done.code, done.out) == (2, "")
        assert "SR101" in done.err
        assert reason in done.err


def test_standard_input_that_was_closed_is_an_error_not_a_traceback() -> None:
    with pytest.raises(FactsError, match="standard input cannot be read"):
        read_facts("-", None)


def test_packs_that_cannot_be_used_are_refused_with_the_reason(command: Command) -> None:
    pack = command.pack()
    for name, code in (("kscmpp", "SR301"), ("ukcis@1.0", "SR302"), ("nowhere/at/all", "SR309")):
        done = command("decide", name, "--facts", "-", stdin=b"{}")
        assert (done.code, done.out) == (2, "")
        assert code in done.err
    command.edit(f"{pack}/rules/referral.yaml", "outcome: refer", "outcome: refr")
    done = command("decide", pack, "--facts", "-", stdin=b"{}")
    assert done.code == 2
    assert f"{pack}/rules/referral.yaml:8:14: error SR403" in done.err
    assert "  8 |     outcome: refr" in done.err


def test_days_and_times_that_are_none_are_refused(command: Command) -> None:
    pack = command.pack()
    assert "is not a day" in command("decide", pack, "--facts", "-", "--on", "Friday").err
    assert "is not a time" in command("decide", pack, "--facts", "-", "--known", "noon").err


def test_problems_of_the_text_and_of_the_facts_come_together(command: Command, tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text('{"adult_involved": true, "adult_involved": true, "adlt": 1, "age": NaN}', encoding="utf-8")
    done = command("decide", "kscmp", "--facts", str(facts))
    assert done.code == 2
    assert all(code in done.err for code in ("SR106", "SR802", "SR807"))
