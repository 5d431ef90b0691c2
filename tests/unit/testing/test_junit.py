from __future__ import annotations

from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from safeguarding_rules.diagnostics import Diagnostic, PackError, Span
from safeguarding_rules.language.documents import Expectation
from safeguarding_rules.testing.cases import PackCase
from safeguarding_rules.testing.coverage import Coverage
from safeguarding_rules.testing.judging import Miss
from safeguarding_rules.testing.junit import junit_xml, write_junit
from safeguarding_rules.testing.run import CaseResult, PackRun, Run

PLACE = Span("p/cases/a.yaml", 3, 3, 3, 6)
CASE = PackCase("p", "1", "cases/a.yaml", "odd", "Tom & \x07 <Ada>", date(2024, 1, 1), {}, Expectation(outcome="x"), PLACE, PLACE)
RUN = Run(
    [PackRun("p", "1", "draft", Coverage("p", "1"), [CaseResult(CASE, None, (Miss("outcome", '"a"', "b < c", ("d & e",)),), 0.25)])],
    [PackError([Diagnostic("SR117", "error", "there is no pack")])],
)


def test_it_is_xml_whatever_the_texts_hold() -> None:
    root = ET.fromstring(junit_xml(RUN))  # noqa: S314  our own text
    failure = root.find("testsuite/testcase/failure")
    assert failure is not None
    assert failure.get("message") == 'outcome: expected "a", came b < c'
    assert failure.text == 'Tom & \N{REPLACEMENT CHARACTER} <Ada>\noutcome\n  expected: "a"\n  came: b < c\n  why: d & e'
    error = root.find("testsuite/testcase/error")
    assert error is not None
    assert error.text == "error SR117: there is no pack"


def test_numbers_add_up() -> None:
    root = ET.fromstring(junit_xml(RUN))  # noqa: S314  our own text
    assert {key: root.get(key) for key in ("tests", "failures", "errors")} == {"tests": "2", "failures": "1", "errors": "1"}
    assert [(suite.get("name"), suite.get("tests")) for suite in root] == [("p 1", "1"), ("packs that cannot be used", "1")]


def test_a_place_that_cannot_be_written_raises(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        write_junit(RUN, tmp_path / "nowhere" / "r.xml")
