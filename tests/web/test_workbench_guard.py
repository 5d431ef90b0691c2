"""What the workbench refuses: other hosts, other origins, paths, large bodies; and that what a pack says never becomes markup."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from safeguarding_rules.publishing.pages import SECTIONS
from safeguarding_rules.web.workbench.guard import HEADERS, LARGEST_BODY
from safeguarding_rules.web.workbench.serving import listening
from tests.unit.making import write
from tests.unit.publishing.placing import everything
from tests.unit.publishing.test_site import HOSTILE
from tests.web.serving import Served, serving, shipped_copy

PAGES = [f"/packs/top/1/{name}" for name in (*SECTIONS, "try", "findings")]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("packs")
    (folder / "secret.txt").write_text("secret", encoding="utf-8")
    write(folder, everything("Quiet."))
    with serving(folder) as served:
        yield served


def origin(shown: Served) -> dict[str, str]:
    return {"Origin": shown.address}


def test_only_the_loopback_address_is_listened_on() -> None:
    with listening(0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


def test_a_page_misses_no_change(tmp_path: Path) -> None:
    """The page names the last change it has seen, and the stream says which was the last, again and again."""
    with serving(shipped_copy(tmp_path)) as served:
        made = httpx.get(f"{served.address}/packs/ukcis/2024.3/rules").text
        seen = re.search(r'data-seen="([^"]+)"', made)
        assert seen
        with httpx.stream("GET", f"{served.address}/live", timeout=30) as stream:
            words = (line.removeprefix("data: ") for line in stream.iter_lines() if line)
            assert next(words).partition("-")[0] == seen[1].partition("-")[0]
            served.edit("ukcis/2024.3/pack.yaml", "title: Tell the police now", "title: Inform the police now")
            said = [next(words) for _ in range(6)]
        assert seen[1] not in said[-1:]
        assert len(set(said)) < len(said)  # also where nothing is new


HOSTS = ["example.org", "localhost", "localhost:1", "127.0.0.1", "127.0.0.1.example.org", "", "0.0.0.0:{port}", "[::]:{port}"]


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("path", ["/", "/live", "/assets/reading.css", PAGES[0]])
def test_another_host_is_refused(shown: Served, host: str, path: str) -> None:
    """A web site whose name points to this computer (DNS rebinding) sends its own name as Host."""
    asked = host.replace("{port}", shown.address.rpartition(":")[2])
    assert httpx.get(f"{shown.address}{path}", headers={"Host": asked}).status_code in {400, 421}


@pytest.mark.parametrize(
    "sent", [None, "null", "http://example.org", "http://127.0.0.1", "https://127.0.0.1:{port}", "http://127.0.0.1:{port}.example.org"]
)
@pytest.mark.parametrize("page", ["try", "answer", "questions"])
def test_a_form_of_another_site_is_refused(shown: Served, sent: str | None, page: str) -> None:
    headers = {} if sent is None else {"Origin": sent.replace("{port}", shown.address.rpartition(":")[2])}
    assert httpx.post(f"{shown.address}/packs/top/1/{page}", headers=headers, data={"fact.x": "yes"}).status_code == 403


def test_a_request_of_another_site_in_the_browsers_own_words_is_refused(shown: Served) -> None:
    headers = {**origin(shown), "Sec-Fetch-Site": "cross-site"}
    assert httpx.post(f"{shown.address}/packs/top/1/answer", headers=headers, data={"fact.x": "yes"}).status_code == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(shown: Served, method: str) -> None:
    assert httpx.request(method, f"{shown.address}/", headers=origin(shown)).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/assets/..%2f..%2fpack.yaml",
        "/assets/../secret.txt",
        "/assets/%2e%2e/secret.txt",
        "/assets/secret.txt",
        "/packs/../secret.txt/index",
        "/packs/..%2f..%2fetc/passwd/index",
        "/packs/top/1/..%2f..%2fsecret.txt",
        "/packs/top/..%2f1/rules",
        "/packs/top/1/%00",
        "/packs/top/1/sections%2frules",
        "/packs/top/1/workbench%2fhome",
        "//packs/top/1/rules",
    ],
)
def test_no_path_leads_out(shown: Served, path: str) -> None:
    found = raw(shown, f"GET {path} HTTP/1.1\r\nHost: {shown.address.removeprefix('http://')}\r\nConnection: close\r\n\r\n")
    assert b" 404 " in found.split(b"\r\n", 1)[0] or b" 400 " in found.split(b"\r\n", 1)[0]
    assert b"secret" not in found.replace(path.encode(), b"")
    assert b"root:" not in found


def raw(shown: Served, request: str) -> bytes:
    host, _, port = shown.address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(request.encode())
        received = b""
        while part := connection.recv(65536):
            received += part
    return received


def test_a_large_form_is_refused(shown: Served) -> None:
    body = b"fact.x=" + b"y" * (10 * 1024 * 1024)
    try:
        code = httpx.post(f"{shown.address}/packs/top/1/answer", headers=origin(shown), content=body).status_code
    except httpx.TransportError:  # refused before all of it was sent
        code = 413
    assert code == 413
    chunks = httpx.post(f"{shown.address}/packs/top/1/answer", headers=origin(shown), content=iter([b"fact.x=yes"]))
    assert chunks.status_code == 413
    assert httpx.post(f"{shown.address}/packs/top/1/answer", headers=origin(shown), content=b"y" * LARGEST_BODY).status_code == 200


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"fact.x": "perhaps"}, "is not true or false"),
        ({"fact.c": "nowhere"}, "is not one of its values"),
        ({"fact.x": "as-given:" + "[" * 5000}, "is not true or false"),
        ({"fact.nothing": "yes"}, "review"),
        ({f"f{i}": "1" for i in range(3000)}, "review"),
    ],
)
def test_strange_fields_are_answered_in_words(shown: Served, fields: dict[str, str], words: str) -> None:
    answered = httpx.post(f"{shown.address}/packs/top/1/answer", headers=origin(shown), data=fields)
    assert answered.status_code == 200
    assert words in answered.text


def test_every_answer_has_the_headers(shown: Served) -> None:
    for path in ("/", "/assets/htmx.min.js", "/packs/none/1/rules", *PAGES):
        headers = httpx.get(f"{shown.address}{path}").headers
        for name, value in HEADERS.items():
            assert headers[name] == value, (path, name)
    refused = httpx.get(f"{shown.address}/", headers={"Host": "example.org"})
    assert refused.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


class _Seen(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.names: set[str] = set()
        self.inline = ""
        self._script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.names |= {name for name, _ in attrs}
        self._script = tag == "script"

    def handle_data(self, data: str) -> None:
        self.inline += data.strip() if self._script else ""
        self._script = False


def test_what_a_pack_says_never_becomes_markup(shown: Served, tmp_path: Path) -> None:
    write(tmp_path, everything(HOSTILE))
    with serving(tmp_path) as hostile:
        for path in ("/", *PAGES):
            quiet, attack = (_Seen(httpx.get(f"{one.address}{path}").text) for one in (shown, hostile))
            if not path.endswith("/checks"):  # which changes as results come in
                assert [tag for tag in attack.tags if tag != "text"] == [tag for tag in quiet.tags if tag != "text"], path
            assert attack.names <= quiet.names | {"tabindex", "role", "aria-label", "scope"}
            assert not attack.inline
            assert not [name for name in attack.names if name.startswith("on") or name == "style"]
        answered = httpx.post(f"{hostile.address}/packs/top/1/answer", headers=origin(hostile), data={"fact.x": "yes"})
        assert "<script>" not in answered.text
        assert "&lt;script&gt;" in answered.text


def test_a_pack_that_was_never_right_shows_what_is_wrong(tmp_path: Path) -> None:
    data = everything("Quiet.")
    data["rules/rules.yaml"]["rules"]["a"]["when"] = {"nothing<b>": True}
    write(tmp_path, data)
    with serving(tmp_path) as served:
        page = httpx.get(f"{served.address}/packs/top/1/rules").text
        assert "This pack cannot be used yet." in page
        assert "nothing&lt;b&gt;" in page
        assert "call 999" in page


def test_a_folder_without_packs_says_so_and_follows(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        assert "There is no pack in this folder yet." in httpx.get(f"{served.address}/").text


def test_files_of_others_are_named_with_version_and_licence() -> None:
    vendor = Path(__file__).parents[2] / "safeguarding_rules" / "web" / "workbench" / "vendor"
    assert 'version="4.0.1"' in (vendor / "htmx.min.js").read_text(encoding="utf-8")
    assert "4.0.1" in (vendor / "README.md").read_text(encoding="utf-8")
    assert "Zero-Clause BSD" in (vendor / "LICENSE").read_text(encoding="utf-8")
