"""Plots of the report: one bar chart a table, as SVG.

Comes in: a report. Goes out: files. Numbers that are not shown are not drawn either: their bar is an open box of the smallest number, the same for
all.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Final

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from safeguarding_rules.casework.report import JournalReport

TITLES: Final = {
    "outcomes": "Cases by outcome of the latest decision",
    "rules": "Cases in which a rule was met or presumed",
    "overrides": "Departures from the advice, by rule and reason",
    "overdue": "Cases with an overdue action",
    "unanswered": "Cases in which a question stayed open",
}
_MOST = 30


def plots(report: JournalReport) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the SVG of each table that has rows."""
    tables: dict[str, dict[str, int | None]] = {
        name: {row.name: row.cases for row in getattr(report, name)} for name in ("outcomes", "rules", "overdue", "unanswered")
    }
    tables["overrides"] = {f"{row.rule}: {row.reason}": row.cases for row in report.overrides}
    for name, title in TITLES.items():
        if tables[name]:
            yield f"{name}.svg", _bars(title, tables[name], report.smallest)


def _bars(title: str, rows: Mapping[str, int | None], smallest: int) -> bytes:
    chosen = list(rows.items())[:_MOST]
    figure = Figure(figsize=(9, 1.2 + 0.32 * len(chosen)), layout="constrained")
    axes = figure.subplots()
    for place, (_, number) in enumerate(chosen):
        if number is None:
            axes.barh(place, smallest, fill=False, edgecolor="0.5", linestyle=":")
        else:
            axes.barh(place, number, color="#1d70b8")
            axes.annotate(str(number), (number, place), xytext=(3, 0), textcoords="offset points", va="center")
    axes.set_yticks(range(len(chosen)), [name.replace("_", " ") for name, _ in chosen])
    axes.invert_yaxis()
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel("cases" if all(number is not None for _, number in chosen) else "cases (a dotted box: not shown, to protect those concerned)")
    axes.set_title(title if len(rows) <= _MOST else f"{title} (the first {_MOST})", loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    written = io.BytesIO()
    figure.savefig(written, format="svg", metadata={"Date": None})
    return written.getvalue()
