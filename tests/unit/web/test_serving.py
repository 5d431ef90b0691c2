"""The real server in a process of its own: it ends when told, follows its files, and never answers by half a policy."""

from __future__ import annotations

import asyncio
import concurrent.futures
import json
import shutil
import signal
import time
from pathlib import Path

import httpx
import pytest

from safeguarding_rules.cli.main import main
from safeguarding_rules.web.api.app import Serving
from safeguarding_rules.web.api.keys import Keys, read_keys
from safeguarding_rules.web.api.serving import Files, follow, follow_keys
from tests.packs.pipeline import GOOD
from tests.unit.web.server import running, shipped


def until(ask: str, found: str) -> dict[str, object]:
    for _ in range(300):
        told: dict[str, object] = httpx.get(ask).json()
        if found in json.dumps(told):
            return told
        time.sleep(0.1)
    raise AssertionError(told)


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "rules" / "referral.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def in_force(place: Path) -> Path:
    """Lay the minimal pack out as one that is in force."""
    folder = place / "minimal" / "2024.1"
    shutil.copytree(GOOD / "minimal", folder)
    text = (folder / "pack.yaml").read_text(encoding="utf-8")
    (folder / "pack.yaml").write_text(text.replace("status: draft", "status: in_force"), encoding="utf-8")
    lock(folder)
    return folder


def lock(folder: Path) -> None:
    assert main(["lock", str(folder)]) == 0


def test_it_answers_and_ends_when_told() -> None:
    with running("kscmp") as (address, process):
        given = httpx.post(f"{address}/v1/packs/kscmp/decide", json={"facts": {"adult_involved": True}})
        assert given.json()["outcome"] == "refer_police"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) in {0, -signal.SIGTERM, 143}


def test_packs_are_swapped_only_if_the_new_ones_pass(tmp_path: Path) -> None:
    folder = in_force(tmp_path)
    with running("minimal", "--path", str(tmp_path), "--watch", "--rate", "0") as (address, _):
        before = httpx.get(f"{address}/health").json()["packs"]["minimal"]
        edit(folder, "outcome: refer", "outcome: refr")
        until(f"{address}/health", '"reload_failed": true')
        assert httpx.get(f"{address}/health").json()["packs"]["minimal"] == before
        edit(folder, "outcome: refr", "outcome: refer")
        until(f"{address}/health", '"reload_failed": false')
        assert httpx.get(f"{address}/health").json()["packs"]["minimal"] == before


def test_every_answer_comes_from_one_whole_policy_while_packs_change(tmp_path: Path) -> None:
    """500 requests while the packs are swapped again and again: none is lost, and each is one of the two policies, whole."""
    folder = in_force(tmp_path)
    texts = [(folder / "rules" / "referral.yaml").read_text(encoding="utf-8")]
    texts.append(texts[0].replace("because: ", "because: Again. ", 1))
    facts: dict[str, dict[str, object]] = {"facts": {}}
    with running("minimal", "--path", str(tmp_path), "--watch", "--rate", "0") as (address, _):

        def ask(_number: int) -> tuple[int, str, str]:
            given = client.post(f"{address}/v1/packs/minimal/decide", json=facts)
            return given.status_code, given.headers["etag"], given.text

        with httpx.Client(limits=httpx.Limits(max_connections=50), timeout=60) as client, concurrent.futures.ThreadPoolExecutor(50) as pool:
            waiting = []
            for number in range(10):
                (folder / "rules" / "referral.yaml").write_text(texts[number % 2], encoding="utf-8")
                lock(folder)
                waiting += [pool.submit(ask, i) for i in range(50)]
                time.sleep(0.3)
            answers = [one.result() for one in waiting]
    assert len(answers) == 500
    assert {status for status, _, _ in answers} == {200}
    by_tag = {tag: {text for _, other, text in answers if other == tag} for _, tag, _ in answers}
    assert 1 <= len(by_tag) <= 2
    for tag, found in by_tag.items():
        assert len(found) == 1, "one policy gives one answer"
        assert json.loads(next(iter(found)))["policy"]["fingerprint"] == tag.strip('"')


def test_a_key_taken_out_behind_a_link_is_refused(tmp_path: Path) -> None:
    """Containers lay secrets down behind links, and swap the link."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    assert main(["keys", "add", str(tmp_path / "one/keys.json"), "--name", "mis"]) == 0
    (tmp_path / "two/keys.json").write_text(json.dumps({**json.loads((tmp_path / "one/keys.json").read_text()), "keys": []}))
    (tmp_path / "now").symlink_to("one")
    (tmp_path / "keys.json").symlink_to("now/keys.json")
    files = Files((), (), tmp_path / "keys.json")
    serving = Serving(shipped(), keys=Keys.of(read_keys(tmp_path / "keys.json")))

    async def swapped() -> None:
        stop = asyncio.Event()
        task = asyncio.create_task(follow_keys(serving, files, stop))
        await asyncio.sleep(0.1)
        (tmp_path / "next").symlink_to("two")
        (tmp_path / "next").rename(tmp_path / "now")
        before = serving.keys
        for _ in range(100):
            if serving.keys is not before:
                break
            await asyncio.sleep(0.1)
        stop.set()
        await task
        assert serving.keys is not before

    asyncio.run(swapped())


def test_following_goes_on_after_a_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told: list[str] = []

    async def fails(*_: object) -> bool:
        told.append("asked")
        if len(told) == 1:
            raise OSError("the disk is away")
        return True

    monkeypatch.setattr("safeguarding_rules.web.api.serving.reload_packs", fails)

    async def followed() -> None:
        stop = asyncio.Event()
        task = asyncio.create_task(follow(Serving(shipped()), Files((), (tmp_path,), watch=True), stop))
        for number in range(300):
            (tmp_path / f"file{number}").write_text("x")
            await asyncio.sleep(0.1)
            if len(told) > 1:
                break
        stop.set()
        await task

    asyncio.run(followed())
    assert len(told) > 1
