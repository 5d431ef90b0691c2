"""Every command and every piece of code in README.md, CONTRIBUTING.md and docs/ does what the page says."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.docs import codes_page
from tests.docs.pages import OUTSIDE, ROOT, Block, Reader, blocks, commands, expected_code, matches, pages, said_of

LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#([^)\s]+))?\)")


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_says_is_what_happens(page: Path, tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    for block in blocks(page.read_text(encoding="utf-8")):
        where = f"{page.relative_to(ROOT)}:{block.line}"
        if block.language == "yaml" and "=" in block.info:
            reader.write(block)
        elif block.language == "python":
            printed = reader.execute(block, str(page))
            assert matches(said_of(block), printed), f"{where} prints\n" + "\n".join(printed)
        elif block.language in {"sh", "console"}:
            _try(reader, block, where)


def _try(reader: Reader, block: Block, where: str) -> None:
    for command, said in commands(block):
        if command.startswith(OUTSIDE):
            assert known_outside(command), f"{where}: `{command}` is not run by any test"
            continue
        code, printed = reader.run(command)
        shown = "\n".join(printed)
        assert code == expected_code(command), f"{where}: `{command}` ended with {code}:\n{shown}"
        assert matches(said, printed), f"{where}: `{command}` prints\n{shown}"


def known_outside(command: str) -> bool:
    words = command.split("#", maxsplit=1)[0].split()
    if words[0] == "make":
        return all(word in targets() or "=" in word for word in words[1:])
    return command in {
        "git clone https://github.com/safeguarding-rules/safeguarding-rules && cd safeguarding-rules",
        "pip install '.[cli]'",
        "pip install .",
    } or command.startswith("towncrier ")


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def made_by(target: str) -> str:
    return subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "--always-make", target], cwd=ROOT, text=True, capture_output=True, check=True
    ).stdout


def test_make_decide_decides_an_example(tmp_path: Path) -> None:
    command = made_by("decide").strip().splitlines()[-1]
    assert command.startswith(".venv/bin/safeguarding-rules decide kscmp ")
    code, printed = Reader(tmp_path).run(command.removeprefix(".venv/bin/"))
    assert code == 0, "\n".join(printed)
    assert printed


def test_make_test_checks_style_types_floors_and_tests() -> None:
    made = made_by("test")
    for tool in ("ruff check .", "ruff format --check .", "mypy", "lint-imports", "pytest -n 2"):
        assert tool in made


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target, anchor in LINK.findall(text):
        if "://" in target or target.startswith("mailto:"):
            continue
        path = (page.parent / target).resolve()
        assert path.exists(), f"{page.name} links to {target}"
        if anchor and path.suffix == ".md":
            headings = {_anchor(heading) for heading in re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)}
            assert anchor in headings, f"{page.name} links to {target}#{anchor}"


def _anchor(heading: str) -> str:
    return re.sub(r"[^a-z0-9 _-]", "", heading.lower()).replace(" ", "-")


def test_the_page_of_codes_is_current() -> None:
    assert codes_page.PAGE.read_text(encoding="utf-8") == codes_page.page(), "run `make schemas`"


def test_pages_name_no_path_of_a_machine() -> None:
    for page in pages():
        assert str(ROOT) not in page.read_text(encoding="utf-8")
