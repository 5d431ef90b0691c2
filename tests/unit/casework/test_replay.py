from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from safeguarding_rules import Engine, Registry
from safeguarding_rules.casework import open_case
from safeguarding_rules.casework.canonical import plain_data
from safeguarding_rules.casework.journal import Journal, many
from safeguarding_rules.casework.journal.entry import canonical_text
from safeguarding_rules.casework.journal.records import replay_journal
from safeguarding_rules.casework.journal.store import JournalStore
from safeguarding_rules.casework.journal.verify import verify
from safeguarding_rules.casework.record import DecisionRecord
from safeguarding_rules.casework.replay import Replayed, Replayer, packs_found
from safeguarding_rules.casework.verdict import verdict_of, verdict_of_document
from safeguarding_rules.reading import Pack
from tests.unit.casework.journals import START, decided, decision_draft, engine, record_of
from tests.unit.cli.command import Command

CASES: tuple[Mapping[str, object], ...] = (
    {"adult_involved": True},
    {"contains_imagery": True, "youngest_pictured_age": {"below": 13}, "adult_involved": False},
    {"adult_involved": False, "adult_role": "online_stranger"},  # no possible case agrees with both
)


def packs() -> tuple[Pack, ...]:
    registry = Registry()
    on = date(2026, 11, 22)
    return tuple(registry.load(found) for found in registry.stack(registry.resolve("kscmp", on), on))


@pytest.fixture(scope="module")
def replayer() -> Replayer:
    return Replayer(packs_found(Registry()))


@pytest.fixture(scope="module")
def records() -> tuple[DecisionRecord, ...]:
    return tuple(decided(facts, case=f"case-{i}") for i, facts in enumerate(CASES))


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("index", range(len(CASES)))
def test_what_was_decided_is_decided_again(replayer: Replayer, records: tuple[DecisionRecord, ...], index: int, whole: bool) -> None:
    written = DecisionRecord.model_validate_json(records[index].canonical())
    found = replayer.replay(written, whole=whole)
    assert (found.state, found.differences) == ("identical", ())
    assert found.compared == ("whole" if whole else "verdict")


def changed(record: DecisionRecord, change: Callable[[dict[str, Any]], object]) -> DecisionRecord:
    data = json.loads(record.canonical())
    change(data)
    return DecisionRecord.model_validate(data)


CHANGES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "outcome": (lambda data: data["decision"].update(outcome="review"), "outcome"),
    "fact": (lambda data: data["facts"].clear(), "facts.adult_involved"),
    "duty": (lambda data: data["decision"]["actions"].pop(0), ""),
    "rule": (lambda data: data["decision"]["rules"]["met"].pop(0), "rules.met"),
    "fingerprint": (lambda data: data["decision"]["policy"].update(fingerprint="sha256:0"), "fingerprint"),
}


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("name", CHANGES)
def test_a_record_that_says_something_else_differs_there(replayer: Replayer, records: tuple[DecisionRecord, ...], name: str, whole: bool) -> None:
    change, place = CHANGES[name]
    found = replayer.replay(changed(records[0], change), whole=whole)
    assert (found.state, found.code) == ("differs", "SR932")
    assert any(place in one.place for one in found.differences)


def test_words_are_compared_byte_for_byte_in_a_whole_replay_only(replayer: Replayer, records: tuple[DecisionRecord, ...]) -> None:
    def reword(data: dict[str, Any]) -> None:
        data["decision"]["rules"]["met"][0]["because"] += " "

    record = changed(records[0], reword)
    [difference] = replayer.replay(record).differences
    assert difference.place == "rules.met[0].because"
    assert replayer.replay(record, whole=False).state == "identical"


def test_a_record_of_another_language_version_names_it(replayer: Replayer) -> None:
    found = replayer.replay(decided(CASES[0], language="2"))
    assert (found.state, found.code) == ("impossible", "SR931")
    assert "needs language version 2" in str(found.because)


def test_a_pack_that_is_not_there_is_not_replaced_by_another(replayer: Replayer, records: tuple[DecisionRecord, ...]) -> None:
    def other_pack(data: dict[str, Any]) -> None:
        data["decision"]["policy"]["packs"][1]["digest"] = "sha256:" + "0" * 64

    found = replayer.replay(changed(records[0], other_pack))
    assert (found.state, found.code) == ("impossible", "SR919")
    assert "0000" in str(found.because)


def test_facts_that_no_pack_knows_are_a_result(replayer: Replayer, records: tuple[DecisionRecord, ...]) -> None:
    found = replayer.replay(changed(records[0], lambda data: data["facts"][0].update(fact="no_such_fact")))
    assert (found.state, found.code) == ("impossible", "SR802")


@pytest.mark.parametrize("facts", CASES)
def test_the_verdict_of_a_decision_is_that_of_its_document(facts: Mapping[str, object]) -> None:
    decision = engine().decide(facts)
    assert verdict_of(decision) == verdict_of_document(decision.model_dump())


def test_the_packs_of_the_journal_replay_its_decisions(place: str, records: tuple[DecisionRecord, ...]) -> None:
    with Journal.create(place) as journal:
        journal.contents.keep(packs())
        journal.contents.keep(packs())
        journal.append([decision_draft(record) for record in records])
        kept = Replayer(journal.contents.pack)
        for whole in (True, False):
            assert [one.state for one in replay_journal(journal, kept, whole=whole)] == ["identical"] * len(records)
        journal.erase("case-1", "end of retention")
        assert [one.state for one in replay_journal(journal, kept, whole=False)] == ["identical", "erased", "identical"]
        assert [one.code for one in replay_journal(journal, Replayer(), "case-1")] == ["SR921"]


def test_a_stack_whose_packs_changed_since_replays_from_the_journal(command: Command) -> None:
    path = command.pack()
    old = Engine.load(path, on=date(2024, 3, 1))
    record = record_of(old.decide({"age": 9}, clocks={"known": START}))
    with Journal.create("journal.db") as journal:
        journal.contents.keep([Registry(["packs"]).load(Registry(["packs"]).version("minimal", "2024.1"))])
        journal.append([decision_draft(record)])
    command.edit(f"{path}/pack.yaml", "title: ", "title:  ")
    command.write("record.json", record.canonical().decode())
    outcome = command("replay", "record.json", "--path", "packs")
    assert (outcome.code, "SR919" in outcome.out) == (1, True)
    outcome = command("replay", "all", "--journal", "journal.db")
    assert (outcome.code, outcome.out) == (0, "1 decision: 1 identical byte for byte\n")


def test_a_case_keeps_its_packs_and_is_replayed_once_they_are_gone(command: Command) -> None:
    path = Path(command.pack())
    now = datetime(2024, 3, 1, 12, tzinfo=UTC)
    with Journal.create("journal.db") as journal:
        case = open_case(Engine.load(str(path), clock=lambda: now), "case-1", store=JournalStore(journal))
        case.open("A concern.", who="A. Lead")
        case.learn("age", 9, who="A. Lead")
        case.record(who="A. Lead")
    shutil.rmtree(path)
    for quick in ((), ("--quick",)):
        outcome = command("replay", "case-1", "--journal", "journal.db", *quick)
        assert (outcome.code, outcome.out.startswith("1 decision: 1 ")) == (0, True)


def test_the_command_reads_a_record_or_a_journal(command: Command, records: tuple[DecisionRecord, ...]) -> None:
    command.write("record.json", records[0].canonical().decode())
    assert command("replay", "record.json").out == "1 decision: 1 identical byte for byte\n"
    wrong = changed(records[0], CHANGES["outcome"][0])
    command.write("wrong.json", wrong.canonical().decode())
    outcome = command("replay", "wrong.json", "--format", "json")
    report = json.loads(outcome.out)
    assert outcome.code == 1
    assert (report["schema"], report["differs"], report["findings"][0]["differences"][0]["place"]) == ("replay/1", 1, "outcome")
    assert 'recorded "review", replayed "refer_police"' in command("replay", "wrong.json").out
    for name in ("nowhere.json", command.write("text.json", "{}")):
        outcome = command("replay", name)
        assert outcome.code == 2
        assert "SR933" in outcome.err
    with Journal.create("journal.db") as journal:
        journal.append([decision_draft(records[0])])
    assert command("replay", "case-0/1", "--journal", "journal.db", "--quick").out == "1 decision: 1 same outcome, rules, duties and facts\n"
    outcome = command("replay", "case-0/2", "--journal", "journal.db")
    assert (outcome.code, "SR922" in outcome.err) == (2, True)


def test_a_result_is_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Replayed(case="a", state="erased", compared="nothing").state = "identical"


def test_places_of_packs_are_read_once() -> None:
    source = packs_found(Registry())
    [first, second] = [source(packs()[0].digest) for _ in range(2)]
    assert first is second


def test_packs_that_are_gone_are_missed_and_kept_again(tmp_path: Path, records: tuple[DecisionRecord, ...]) -> None:
    path = tmp_path / "journal.db"
    with Journal.create(str(path)) as journal:
        journal.contents.keep(packs())
        journal.append([decision_draft(record) for record in records])
        assert verify(journal).sound
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("DELETE FROM journal_content")
        assert {finding.code for finding in verify(journal).findings} == {"SR919"}
        journal.contents.keep(packs())
        assert verify(journal).sound
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("DELETE FROM journal_content WHERE digest = (SELECT max(digest) FROM journal_content)")
        assert [finding.code for finding in verify(journal).findings] == ["SR919"]


def test_several_processes_find_what_one_finds(tmp_path: Path, records: tuple[DecisionRecord, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """In the same order, what differs and what was erased included; decisions that are no part of what was shared out come last."""
    monkeypatch.setattr(many, "PART", 2)
    monkeypatch.setattr(many, "ENOUGH", 3)
    wrong = changed(records[0], lambda data: data["decision"].update(outcome="review"))
    place = str(tmp_path / "journal.db")
    with Journal.create(place) as journal:
        for number, record in enumerate((*records, wrong, *records)):
            draft = decision_draft(record)
            journal.append([replace(draft, case=f"case-{number}")])
        journal.erase("case-1", "the time to keep it is over")
        for whole in (True, False):
            wanted = many.Wanted(place, whole=whole)
            alone = list(replay_journal(journal, wanted.replayer(journal), whole=whole))
            assert list(many.replay_many(journal, wanted, 2)) == alone
            assert {one.state for one in alone} >= {"identical", "erased"}
        assert [one.state for one in many.replay_many(journal, many.Wanted(place, case="case-0"), 2)] == ["identical"]
        monkeypatch.setattr(many, "_beside", lambda *_: iter(()))
        assert list(many.replay_many(journal, wanted, 2)) == alone


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["decision"].update(outcome="review"),
        lambda data: data["decision"]["facts"].update(duties=[]),
        lambda data: data.update(clocks={"decision": data["clocks"]["known"]}),
        lambda data: data.update(concern='so it was said: ,"decision":{},"duties":['),
        lambda data: data["facts"].pop(),
        lambda data: data["decision"].update(on="2024-09-01"),
        lambda data: data.pop("reasons"),
        lambda data: data.update(language_version="0"),
    ],
)
def test_a_record_as_text_is_identical_only_where_the_record_is(
    replayer: Replayer, records: tuple[DecisionRecord, ...], change: Callable[[dict[str, Any]], object]
) -> None:
    """What is compared without being read is what is read and compared; where it is not the same, the record is read."""
    for record in records:
        assert replayer.replay_text(canonical_text(record.model_dump(mode="json", by_alias=True))) == replayer.replay(record)
        data = record.model_dump(mode="json", by_alias=True)
        change(data)
        found = replayer.replay_text(canonical_text(data))
        assert found is None or found == replayer.replay(DecisionRecord.model_validate(data))


def test_what_differs_is_told_in_lines_that_can_be_read(command: Command, records: tuple[DecisionRecord, ...]) -> None:
    """A list of duties is not printed twice as one line of a hundred thousand characters; JSON has it whole."""
    document = plain_data(records[0])
    document["facts"] = []
    document["decision"]["facts"] = {}
    command.write("wrong.json", json.dumps(document))
    outcome = command("replay", "wrong.json")
    assert outcome.code == 1
    assert max(map(len, outcome.out.splitlines())) < 1_000
    assert "   actions: only recorded dsl must refer_to_police applies" in outcome.out
    assert "rules.met: only recorded ukcis/adult-involved" in outcome.out
