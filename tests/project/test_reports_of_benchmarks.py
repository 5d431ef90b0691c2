from __future__ import annotations

import pytest

from benchmarks.report import plainly


@pytest.mark.parametrize(
    ("number", "written"), [(0.1254, "0.125"), (26.14, "26.1"), (219, "219"), (1213, "1,210"), (15_512, "15,500"), (12_345_678, "12,300,000")]
)
def test_figures_are_written_out_to_three_digits(number: float, written: str) -> None:
    assert plainly(number) == written
