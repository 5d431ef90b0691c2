"""The real server and what no honest client sends: raw bytes over a socket. All is refused, nothing of it is logged, and the server goes on."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import time
from collections.abc import Iterator

import httpx
import pytest

from safeguarding_rules.web.api import bodies
from safeguarding_rules.web.api.problems import ProblemError
from tests.unit.web.server import running

SECRET = "secretfact"  # noqa: S105  no password: what must not be seen in logs
DECIDE = b"/v1/packs/kscmp/decide"
Target = tuple[int, "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    with running("kscmp", "--rate", "0") as (address, process):
        yield int(address.rpartition(":")[2]), process


def sent(port: int, *parts: bytes) -> bytes:
    """Send bytes and return what comes back until the server closes, or has answered and waits."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        try:
            for part in parts:
                connection.sendall(part)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it had seen enough
        connection.settimeout(3)
        found = b""
        try:
            while part := connection.recv(1 << 16):
                found += part
        except (TimeoutError, ConnectionResetError):
            pass
        return found


def statuses(answer: bytes) -> list[int]:
    return [int(one) for one in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


def post(body: bytes, *headers: bytes, path: bytes = DECIDE, length: bytes | None = None) -> bytes:
    size = str(len(body)).encode() if length is None else length
    lines = [b"POST " + path + b" HTTP/1.1", b"Host: localhost", b"Content-Type: application/json", b"Content-Length: " + size, *headers]
    return b"\r\n".join([*lines, b"", body])


def alive(port: int) -> None:
    assert httpx.get(f"http://127.0.0.1:{port}/health").json()["status"] == "ready"


def test_a_body_of_ten_megabytes(target: Target) -> None:
    body = b'{"facts": {"' + SECRET.encode() + b'": "' + b"x" * 10_000_000 + b'"}}'
    assert statuses(sent(target[0], post(body))) == [413]
    chunked = post(b"", b"Transfer-Encoding: chunked").replace(b"Content-Length: 0\r\n", b"")
    chunks = [f"{1 << 20:x}\r\n".encode() + b"x" * (1 << 20) + b"\r\n"] * 10
    assert statuses(sent(target[0], chunked, *chunks, b"0\r\n\r\n"))[0] == 413
    alive(target[0])


@pytest.mark.parametrize("open_", [b"[", b'{"facts":', b'{"a":['])
@pytest.mark.parametrize("path", [DECIDE, DECIDE + b"-many"])
def test_json_of_great_depth(target: Target, open_: bytes, path: bytes) -> None:
    """A batch may be large, so its depth is what bounds it."""
    count = 60_000 // len(open_) if path == DECIDE else 2_000_000 // len(open_)
    assert statuses(sent(target[0], post(open_ * count, path=path))) == [400]
    alive(target[0])


@pytest.mark.parametrize(
    "request_",
    [
        post(b"{}", b"Content-Length: 900"),
        post(b"0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", b"Transfer-Encoding: chunked"),
        post(b"{}", b"Transfer-Encoding: chunked, identity"),
        post(b"{}", b"Transfer-Encoding : chunked"),
        post(b"{}", length=b"-1"),
        post(b"{}", length=b"1e3"),
        post(b"{}", b"X: " + b"x" * 100_000),
        post(b"{}", b"X\x00Y: z"),
        post(b"{}", b" folded: yes"),
        b"GET /health HTTP/9.9\r\nHost: localhost\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
)
def test_requests_that_two_servers_could_read_differently(target: Target, request_: bytes) -> None:
    """No request is answered twice, and what could hide a second one is refused."""
    answer = sent(target[0], request_)
    found = statuses(answer)
    assert len(found) <= 1, answer
    assert all(400 <= status < 500 for status in found), answer
    assert b"safeguarding_rules_requests" not in answer
    alive(target[0])


@pytest.mark.parametrize(
    "name",
    [
        b"evil.example",
        b"localhost.evil.example",
        b"127.0.0.1.evil.example",
        b"",
        b"localhost@evil.example",
        b"[::1",
        b"[::1]x",
        b"localhost\r\nHost: b",
    ],
)
def test_other_names_of_this_machine(target: Target, name: bytes) -> None:
    answer = sent(target[0], b"GET /health HTTP/1.1\r\nHost: " + name + b"\r\n\r\n")
    assert statuses(answer)[0] in {400, 403}


@pytest.mark.parametrize(
    "path",
    [
        b"/v1/packs/../../etc/passwd/decide",
        b"/v1/packs/..%2f..%2fetc%2fpasswd/decide",
        b"/v1/packs/%2e%2e/decide",
        b"/v1/packs/kscmp%00/decide",
        b"/v1/packs/kscmp%2f..%2fukcis/decide",
        b"/v1/packs/kscmp@2024.9/decide",
        b"/v1/packs/%c0%ae%c0%ae/decide",
        b"/v1/packs/\\..\\..\\/decide",
        b"/v1/packs/{{7*7}}/decide",
        b"/v1/packs/%3Cscript%3Ealert(1)%3C%2Fscript%3E/decide",
        b"/v1/packs/file:%2f%2f%2fetc/decide",
    ],
)
def test_paths_that_lead_elsewhere(target: Target, path: bytes) -> None:
    answer = sent(target[0], post(b'{"facts": {}}', path=path))
    assert statuses(answer)[0] in {400, 404, 405}, answer
    for never in (b"root:", b"<script>", b"49"):
        assert never not in answer.partition(b"\r\n\r\n")[2].replace(b"\\u003c", b"")


def test_nothing_that_was_sent_is_logged() -> None:
    with running("kscmp", "--rate", "0") as (address, process):
        port = int(address.rpartition(":")[2])
        bodies: list[object] = [{"facts": {SECRET: True}}, {"facts": {"adult_involved": SECRET}}, {SECRET: 1}, {"facts": {}, "on": SECRET}]
        for body in bodies:
            assert httpx.post(f"{address}/v1/packs/kscmp/decide?{SECRET}", json=body).status_code == 422
        sent(port, post(json.dumps({"facts": {SECRET: 1}}).encode()[:-1]))
        sent(port, post(b"{}", path=b"/v1/packs/" + SECRET.encode() + b"/decide"))
        sent(port, b"GET /" + SECRET.encode() + b" HTTP/9.9\r\n\r\n")
        httpx.get(f"{address}/{SECRET}", headers={"Authorization": f"Bearer {SECRET}", "User-Agent": SECRET})
        metrics = httpx.get(f"{address}/metrics").text
        process.terminate()
        assert process.stderr is not None
        logged = process.stderr.read()
    assert "/v1/packs/{pack}/decide 422" in logged
    assert SECRET not in logged + metrics


def test_headers_without_end(target: Target) -> None:
    head = b"GET /health HTTP/1.1\r\nHost: localhost\r\n"
    assert statuses(sent(target[0], head, b"X-Long: ", *[b"a" * (1 << 20)] * 4, b"\r\n\r\n")) in ([431], [])
    assert statuses(sent(target[0], head + b"".join(b"X-%d: a\r\n" % i for i in range(4_000)) + b"\r\n")) in ([431], [])
    assert statuses(sent(target[0], head + b"X-Long: " + b"a" * 8_000 + b"\r\n\r\n")) == [200]
    assert statuses(sent(target[0], post(b'{"facts": {}}'), head, b"\r\n", post(b'{"facts": {}}'))) == [200, 200, 200], (
        "bounds start again with each request"
    )
    alive(target[0])


def test_a_key_given_twice_among_many(target: Target) -> None:
    many = ",".join(f'"k{i}": 1' for i in range(9_000))
    body = f'{{"facts": {{{many}, "k8999": 1}}}}'.encode()
    before = time.process_time()
    with pytest.raises(ProblemError):
        bodies.parse(body)
    assert time.process_time() - before < 5, "it takes time in proportion to its length"
    assert statuses(sent(target[0], post(body)))[0] in {400, 413, 422}
    alive(target[0])


def test_an_address_that_a_caller_gives_itself_is_not_believed() -> None:
    with running("kscmp", "--rate", "1", "--burst", "2") as (address, _):
        told = [httpx.get(f"{address}/v1/packs", headers={"X-Forwarded-For": f"10.0.0.{i}"}).status_code for i in range(6)]
    assert 429 in told
