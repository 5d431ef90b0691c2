"""No text whatever makes reading raise anything but PackError. The seeds are fixed; the long profile looks further."""

import random
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeguarding_rules.diagnostics import PackError, render_json, render_sarif, render_text
from safeguarding_rules.reading import events, pack_from_data, pack_from_zip, read_yaml
from safeguarding_rules.reading.tables import read_table
from tests.packs.pipeline import GOOD

FILES = {path.relative_to(GOOD / "minimal").as_posix(): path.read_bytes() for path in sorted((GOOD / "minimal").rglob("*.*"))}
BITS = [
    *":-?{}[],\"'|>#&*!%@`\n\t\\~=<$",
    *("\n  ", "\n- ", ": ", "- ", "? ", "''", '""', "|-\n", ">+\n", "...\n", "---\n", "\n\n", "{a:b}", "\\x00", "\\ud800", "# x\n"),
    *("é", "漢", "\u202e", "\u2028", "\x00", "\ufeff", "<<: ", "null", "true", "1e999", "0x", ".nan", "not: ", "all: [", "defined: "),
    *("9" * 200, "&a ", "*a ", "!!str ", "{{", "}}", "%s", "row", "{" * 70, "[" * 70, "- " * 70),
]


def read(files: dict[str, bytes]) -> None:
    error = error_of(files)
    if error is None:
        return
    assert error.diagnostics
    assert render_text(error.diagnostics, error.texts.get).encode()
    assert render_json(error.diagnostics).encode()
    assert render_sarif(error.diagnostics).encode()
    for finding in error.diagnostics:
        if finding.span is not None:
            assert (1, 1) <= (finding.span.line, finding.span.column) <= (finding.span.end_line, finding.span.end_column)
            text = error.texts.get(finding.span.file)
            assert text is None or finding.span.line <= text.count("\n") + 1


def error_of(files: Mapping[str, object]) -> PackError | None:
    try:
        pack_from_data(files).cases()
    except PackError as error:
        return error
    return None


def mutations(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    chance = random.Random(seed)
    names = sorted(FILES)
    for _ in range(count):
        name = chance.choice(names)
        text = FILES[name].decode()
        for _ in range(chance.randrange(1, 5)):
            start = chance.randrange(len(text) + 1)
            end = min(len(text), start + chance.choice([0, 0, 0, 1, 2, 10, 60]))
            text = text[:start] + chance.choice([*BITS, text[start:end] * 2, ""]) + text[end:]
        content = text.encode("utf-8", "surrogatepass")
        if chance.random() < 0.1:
            place = chance.randrange(len(content) + 1)
            content = content[:place] + bytes([chance.randrange(256)]) + content[place:]
        yield name, content


def test_mutated_packs() -> None:
    for name, content in mutations(250, seed=20261122):
        read({**FILES, name: content})


@given(st.binary(max_size=300))
def test_any_bytes(content: bytes) -> None:
    read({"pack.yaml": FILES["pack.yaml"], "rules/more.yaml": content, "rules/more.csv": content, "cases/more.yaml": content, "pack.lock": content})
    read({"pack.yaml": content})
    read_yaml(content, "a.yaml")
    read_table(content, "a.csv")


@given(st.lists(st.sampled_from([*BITS, "a", "b: ", " ", "\n", "  "]), max_size=60))
def test_any_arrangement_of_what_matters(bits: list[str]) -> None:
    content = "".join(bits).encode("utf-8", "surrogatepass")
    read_yaml(content, "a.yaml")
    read_table(content, "a.csv")


@given(st.binary(max_size=400))
def test_any_bytes_as_an_archive(content: bytes) -> None:
    for archive in (content, b"PK\x03\x04" + content, b"PK\x05\x06" + content):
        try:
            pack_from_zip(archive)
        except PackError:
            continue
        raise AssertionError(archive)


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates()


@given(st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner)))
def test_any_data(data: object) -> None:
    files: dict[str, object] = {"pack.yaml": FILES["pack.yaml"], "rules/more.yaml": data, "facts.yaml": {"facts": data}}
    error = error_of(files)
    assert error is None or error.diagnostics


@pytest.mark.skipif(not events.has_compiled_parser(), reason="the compiled parser is not installed")
def test_the_compiled_parser_reads_mutated_files_as_the_other_does(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [(name, content) for name, content in mutations(3000, seed=7) if name.endswith(".yaml")]
    readings = [read_yaml(content, name) for name, content in texts]
    monkeypatch.setattr(events, "_COMPILED", None)
    for (name, content), reading in zip(texts, readings, strict=True):
        assert read_yaml(content, name) == reading


def test_every_file_in_the_place_of_every_other() -> None:
    for content in FILES.values():
        for name in FILES:
            read({**FILES, name: content})


def test_every_prefix_of_a_file() -> None:
    content = FILES["rules/referral.yaml"]
    for end in range(0, len(content), 7):
        read({**FILES, "rules/referral.yaml": content[:end]})
