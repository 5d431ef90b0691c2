"""Results of contests to look at: tables in the terminal and on the page, JSON, and plots.

Comes in: results. Goes out: text; with `write`, `docs/benchmarks/NAME.json` and `.svg` and the tables of `docs/benchmarks.md`, each between
`<!-- contest NAME -->` and `<!-- end of contest -->`. A contest whose mark is not on the page changes only its own files.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.contest import Result

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "benchmarks.md"
FOLDER = DOCS / "benchmarks"
END = "<!-- end of contest -->"
INK, OURS = "#5b6770", "#00703c"


def machine() -> dict[str, Any]:
    """What the figures were taken on, as far as it matters for them."""
    return {"python": platform.python_version(), "system": platform.system(), "processor": platform.machine(), "cores": os.cpu_count()}


def plainly(number: float) -> str:
    """A number to three digits that count, written out: 0.125, 26.1, 1,210."""
    return f"{float(f'{number:.3g}'):,.12g}"


def rows(result: Result) -> list[list[str]]:
    """The table of a result, its head first."""
    head = ["", f"µs a {result.unit} (median)", "lowest … highest", f"times {result.base}", f"{result.unit}s a second", ""]
    found = [head] + [
        [one.name, plainly(one.median), f"{plainly(one.lowest)} … {plainly(one.highest)}", plainly(one.ratio), f"{one.rate:,.0f}", one.note]
        for one in result.measured
    ]
    if result.clock == "wall":  # several cores may be at work, and others may be using them
        spent = ["µs of processor time", *(f"{plainly(one.processor)} ({plainly(one.processor_ratio)} times)" for one in result.measured)]
        found = [[*row[:-1], cell, row[-1]] for row, cell in zip(found, spent, strict=True)]
    return found


def show(result: Result) -> str:
    """The result as text."""
    table = rows(result)
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    lines = [f"\n{result.title}  ({result.clock} time)"]
    for row in table:
        cells = [cell.ljust(width) if i in {0, len(row) - 1} else cell.rjust(width) for i, (cell, width) in enumerate(zip(row, widths, strict=True))]
        lines.append("  ".join(cells).rstrip())
    lines += [f"  {'reached' if goal.met else 'MISSED'}: {goal.text}: {plainly(goal.ratio)} (goal {plainly(goal.goal)})" for goal in result.goals]
    return "\n".join(lines)


def markdown(result: Result) -> str:
    """The result as a table and a list of goals for the page."""
    table = rows(result)
    table.insert(1, ["---", *["---:"] * (len(table[0]) - 2), "---"])
    lines = [f"| {' | '.join(row)} |" for row in table]
    goals = [f"- {goal.text}: **{plainly(goal.ratio)}** (goal {plainly(goal.goal)}: {'reached' if goal.met else 'missed'})" for goal in result.goals]
    picture = [f"![{result.title}]({FOLDER.name}/{result.name}.svg)"]
    return "\n".join([*lines, "", *goals, *([""] if goals else []), *picture])


def write(results: Sequence[Result]) -> None:
    """Write JSON, plots and the page."""
    FOLDER.mkdir(exist_ok=True)
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    for result in results:
        write_json(result.name, result.data())
        bars(result)
        text = placed(text, result.name, markdown(result))
    if text:
        PAGE.write_text(text, encoding="utf-8")


def placed(text: str, name: str, content: str) -> str:
    """The text of a page with what stands between the marks of a contest replaced."""
    before, mark, rest = text.partition(f"<!-- contest {name} -->")
    if not mark:
        return text
    _, end, after = rest.partition(END)
    return f"{before}{mark}\n{content}\n{end}{after}"


def write_json(name: str, data: Mapping[str, Any]) -> None:
    """Write figures as JSON, with the machine they were taken on."""
    target = FOLDER / f"{name}.json"
    target.write_text(json.dumps({**data, "machine": machine()}, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def bars(result: Result) -> None:
    """Draw one bar a contestant, on a logarithmic scale."""
    drawing, axes = canvas(len(result.measured) * 0.38 + 1.2)
    shown = sorted(result.measured, key=lambda one: -one.median)
    axes.barh([one.name for one in shown], [one.median for one in shown], color=[OURS if "decide" in one.name else INK for one in shown])
    axes.set_xscale("log")
    axes.set_xlabel(f"µs a {result.unit}, median (logarithmic)")
    for place, one in enumerate(shown):
        axes.annotate(f" {plainly(one.median)}", (one.median, place), va="center", fontsize=8)
    axes.margins(x=0.15)
    save(drawing, result.name)


def lines(name: str, across: str, series: Mapping[str, Sequence[tuple[float, float]]], up: str = "µs a decision, median") -> None:
    """Draw named series of (x, y) over one axis."""
    figure, axes = canvas(3.4)
    for label, points in series.items():
        axes.plot([x for x, _ in points], [y for _, y in points], marker="o", markersize=3, label=label)
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.set_ylim(bottom=0)
    axes.legend(fontsize=8, frameon=False)
    save(figure, name)


def canvas(height: float) -> tuple[Any, Any]:
    """An empty picture of the page's width."""
    import matplotlib as mpl  # noqa: PLC0415  drawing is asked for seldom, and slow to load

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "safeguarding-rules", "svg.fonttype": "none", "font.size": 9})
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, axes = plt.subplots(figsize=(7.5, height), layout="constrained")
    axes.spines[["top", "right"]].set_visible(b=False)
    return figure, axes


def save(figure: Any, name: str) -> None:  # noqa: ANN401  a matplotlib figure
    """Write a picture, without the day it was drawn."""
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure.savefig(FOLDER / f"{name}.svg", metadata={"Date": None})
    plt.close(figure)
