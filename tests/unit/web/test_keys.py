from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from safeguarding_rules.web.api.app import Serving
from safeguarding_rules.web.api.keys import KeyFile, KeyFileError, Keys, new_key, read_keys
from tests.unit.cli.command import Command
from tests.unit.web.server import Server, shipped

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ROUTES = {
    ("POST", "/v1/packs/kscmp/decide"): "decide",
    ("POST", "/v1/packs/kscmp/decide-many"): "decide",
    ("POST", "/v1/packs/kscmp/explain"): "decide",
    ("POST", "/v1/packs/kscmp/next-question"): "decide",
    ("GET", "/v1/packs"): "read",
    ("GET", "/v1/packs/kscmp"): "read",
    ("GET", "/v1/packs/kscmp/facts-schema"): "read",
    ("GET", "/metrics"): "metrics",
}
OPEN = {("GET", "/health"), ("GET", "/openapi.json")}


def bearer(text: str) -> dict[str, str]:
    return {"authorization": f"Bearer {text}"}


def test_every_route_is_in_the_list() -> None:
    told = Server()("GET", "/openapi.json").json()
    named = {(method.upper(), path.replace("{pack}", "kscmp")) for path, methods in told["paths"].items() for method in methods}
    assert named == ROUTES.keys() | OPEN - {("GET", "/openapi.json")}


@pytest.mark.parametrize(("route", "scope"), ROUTES.items(), ids=str)
def test_without_the_right_key_nothing_is_told(route: tuple[str, str], scope: str) -> None:
    method, path = route
    right, right_key = new_key("a", (scope,), NOW, None)  # type: ignore[arg-type]
    wrong, wrong_key = new_key("b", tuple({"decide", "read", "metrics"} - {scope}), NOW, None)  # type: ignore[arg-type]
    expired, expired_key = new_key("c", (scope,), NOW, datetime.now(UTC) - timedelta(seconds=1))  # type: ignore[arg-type]
    server = Server(Serving(shipped(), keys=Keys.of(KeyFile(keys=(right_key, wrong_key, expired_key)))))
    body: dict[str, Any] = {} if method == "GET" else {"json": {"cases": []} if path.endswith("many") else {"facts": {}}}
    assert server(method, path, **body).status_code == 401
    for refused in (expired, right[:-1], right + "x", "", "x", "sgr__", f"sgr_{right_key.id}_", right.replace("sgr", "sgs", 1)):
        given = server(method, path, headers=bearer(refused), **body)
        assert given.status_code == 401, refused
        assert "diagnostics" not in given.json()
    assert server(method, path, headers={"authorization": f"Basic {right}"}, **body).status_code == 401
    assert server(method, path, headers=bearer(wrong), **body).status_code == 403
    assert server(method, path, headers=bearer(right), **body).status_code == 200


def test_health_and_the_description_need_no_key() -> None:
    server = Server(Serving(shipped(), keys=Keys.of(KeyFile())))
    assert all(server(method, path).status_code == 200 for method, path in OPEN)


def test_a_key_works_to_its_last_moment() -> None:
    text, key = new_key("a", ("decide",), NOW, NOW + timedelta(days=1))
    keys = Keys({key.id: key})
    assert keys.owner(text, NOW + timedelta(days=1) - timedelta(microseconds=1)) == key
    assert keys.owner(text, NOW + timedelta(days=1)) is None


def test_no_key_stands_in_the_file() -> None:
    text, key = new_key("a", ("decide",), NOW, None)
    assert text.rsplit("_", 1)[1] not in KeyFile(keys=(key,)).to_bytes().decode()


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    for content in ("", "[]", '{"schema": "keys/2"}', '{"keys": [{"id": "x"}]}'):
        path.write_text(content)
        with pytest.raises(KeyFileError, match=r"keys\.json"):
            read_keys(path)
    with pytest.raises(KeyFileError, match="cannot be read"):
        read_keys(tmp_path / "none")


def test_keys_are_made_listed_and_taken_out(command: Command) -> None:
    made = command("keys", "add", "keys.json", "--name", "Office system", "--expires", "2099-12-31", "--scope", "decide")
    assert made.code == 0
    text = made.out.strip()
    path = command.folder / "keys.json"
    assert path.stat().st_mode & 0o077 == 0
    key = Keys.of(read_keys(path)).owner(text)
    assert key is not None
    assert (key.name, key.scopes) == ("Office system", ("decide",))
    assert f"{key.id}  Office system: decide;" in command("keys", "list", "keys.json").out
    assert command("keys", "remove", "keys.json", "nobody").code == 2
    assert command("keys", "remove", "keys.json", key.id).code == 0
    assert Keys.of(read_keys(path)).owner(text) is None


def test_a_key_needs_a_name(command: Command) -> None:
    assert "a key needs a name" in command("keys", "add", "keys.json").err
    assert not (command.folder / "keys.json").exists()


def test_others_than_this_machine_need_keys(command: Command) -> None:
    done = command("serve", "--host", "192.0.2.1")
    assert done.code == 2
    assert "callers of 192.0.2.1 need keys" in done.err
