"""The results of a run as JUnit XML, which build servers show."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from safeguarding_rules.testing.judging import Miss
from safeguarding_rules.testing.run import PackRun, Run

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(run: Run) -> str:
    """Return the XML: one suite per pack, one test per case, one error per pack that could not be used."""
    failed = len(run.failed)
    total = sum(len(pack.results) for pack in run.packs) + len(run.problems)
    root = Element("testsuites", name="safeguarding-rules test", tests=str(total), failures=str(failed), errors=str(len(run.problems)))
    for pack in run.packs:
        _suite(root, pack)
    if run.problems:
        number_of = str(len(run.problems))
        suite = SubElement(root, "testsuite", name="packs that cannot be used", tests=number_of, failures="0", errors=number_of)
        for number, problem in enumerate(run.problems, start=1):
            case = SubElement(suite, "testcase", classname="packs", name=f"pack {number}", time="0")
            error = SubElement(case, "error", message=_text(str(problem.diagnostics[0].message) if problem.diagnostics else "cannot be used"))
            error.text = _text(str(problem))
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def write_junit(run: Run, path: Path | str) -> None:
    """Write the XML into a file. Raises OSError."""
    Path(path).write_text(junit_xml(run), encoding="utf-8", newline="\n")


def _suite(root: Element, pack: PackRun) -> None:
    seconds = sum(result.seconds for result in pack.results)
    suite = SubElement(
        root, "testsuite", name=f"{pack.pack} {pack.version}", tests=str(len(pack.results)), failures=str(len(pack.failed)), errors="0"
    )
    suite.set("time", f"{seconds:.3f}")
    for result in pack.results:
        case = result.case
        classname = f"{case.pack}@{case.version}.{case.file.removesuffix('.yaml').replace('/', '.')}"
        element = SubElement(
            suite, "testcase", classname=classname, name=case.name, file=case.place.file, line=str(case.place.line), time=f"{result.seconds:.3f}"
        )
        if result.misses:
            message = "; ".join(f"{miss.about}: expected {miss.expected}, came {miss.came}" for miss in result.misses)
            failure = SubElement(element, "failure", message=_text(message))
            failure.text = _text("\n".join([case.title, *(_paragraph(miss) for miss in result.misses)]))


def _paragraph(miss: Miss) -> str:
    return "\n".join([f"{miss.about}", f"  expected: {miss.expected}", f"  came: {miss.came}", *(f"  why: {reason}" for reason in miss.why)])


def _text(text: str) -> str:
    """Return text without the characters that XML cannot hold."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
