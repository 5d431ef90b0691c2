"""A picture of an impact: how cases flow from their old outcome to the new one.

Comes in: an `ImpactDocument`. Goes out: the bytes of an SVG, PNG or PDF. Promised: a number that is not shown is not drawn to scale
either: its flow is a dotted line, the same for all; the same document gives the same bytes of an SVG. Needs matplotlib (extra `plots`).
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Final

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from safeguarding_rules.tabular.impact_document import ImpactDocument, Transition

FORMS = ("svg", "png", "pdf")
COLOURS: Final = {"stricter": "#b35806", "milder": "#2166ac", "other": "#762a83", None: "#b1b4b6"}
NAMES: Final = {"stricter": "stricter", "milder": "milder", "other": "other", None: "unchanged"}
_BAR, _GAP, _LEAST = 0.03, 0.03, 0.004


def picture(document: ImpactDocument, form: str) -> bytes:
    """Draw the flow; `form` is one of `FORMS`."""
    figure = Figure(figsize=(10, 6.5), layout="constrained")
    axes = figure.subplots()
    shown = [one for one in document.transitions if one.rows is not None]
    left = _column(document, {name: [one for one in shown if one.old == name] for name in document.scale})
    right = _column(document, {name: [one for one in shown if one.new == name] for name in document.scale})
    total = sum(one.rows or 0 for one in shown) or 1
    room = 1 - _GAP * (len(document.scale) - 1)
    starts, ends = dict(left), dict(right)
    for one in sorted(shown, key=lambda one: (document.scale.index(one.old), document.scale.index(one.new))):
        height = max(_LEAST, (one.rows or 0) / total * room)
        _flow(axes, one, starts[one.old], ends[one.new], height)
        starts[one.old] += height
        ends[one.new] += height
    for one in document.transitions:
        if one.rows is None:
            axes.plot([_BAR, 1 - _BAR], [left[one.old], right[one.new]], linestyle=":", linewidth=1, color=COLOURS[one.direction])
    _bars(axes, left, starts, 0, "right")
    _bars(axes, right, ends, 1 - _BAR, "left")
    _legend(axes, document)
    written = io.BytesIO()
    with rc_context({"svg.hashsalt": "impact"}):
        figure.savefig(written, format=form, metadata={"Date": None} if form == "svg" else {}, dpi=150)
    return written.getvalue()


def _column(document: ImpactDocument, flows: Mapping[str, list[Transition]]) -> dict[str, float]:
    """Where each outcome of one side starts, the least protective at the foot."""
    total = sum(one.rows or 0 for one in document.transitions) or 1
    room = 1 - _GAP * (len(document.scale) - 1)
    found, at = {}, 0.0
    for name in document.scale:
        found[name] = at
        at += sum(max(_LEAST, (one.rows or 0) / total * room) for one in flows[name]) + _GAP
    return found


def _flow(axes: Axes, one: Transition, start: float, end: float, height: float) -> None:
    """One band from the left to the right."""
    near, far, middle = _BAR, 1 - _BAR, 0.5
    points = [(near, start), (middle, start), (middle, end), (far, end), (far, end + height), (middle, end + height), (middle, start + height)]
    points += [(near, start + height), (near, start)]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    axes.add_patch(
        PathPatch(
            Path(points, codes),
            facecolor=COLOURS[one.direction],
            alpha=0.35 if one.direction is None else 0.75,
            linewidth=0,
            zorder=0 if one.direction is None else 1,
        )
    )
    if one.direction is not None:
        axes.annotate(f"{one.rows:,}", (0.5, (start + end + height) / 2), ha="center", va="center", fontsize=8, zorder=3)


def _bars(axes: Axes, starts: Mapping[str, float], ends: Mapping[str, float], at: float, side: str) -> None:
    """The outcomes of one side."""
    for name, start in starts.items():
        axes.add_patch(Rectangle((at, start), _BAR, max(_LEAST, ends[name] - start), color="#0b0c0c"))
        place = at - 0.01 if side == "right" else at + _BAR + 0.01
        axes.annotate(name.replace("_", " "), (place, (start + max(ends[name], start + _LEAST)) / 2), ha=side, va="center", fontsize=9)


def _legend(axes: Axes, document: ImpactDocument) -> None:
    used = [direction for direction in COLOURS if any(one.direction == direction for one in document.transitions)]
    axes.legend(
        [Rectangle((0, 0), 1, 1, color=COLOURS[direction]) for direction in used],
        [NAMES[direction] for direction in used],
        loc="upper center",
        bbox_to_anchor=(0.5, -0.02),
        ncols=4,
        frameon=False,
    )
    hidden = any(one.rows is None for one in document.transitions)
    rows = "too few cases to show" if document.rows is None else f"{document.rows:,} cases"
    sides = [" + ".join(f"{pack.pack} {pack.version}" for pack in side.packs) for side in (document.old, document.new)]
    note = " (dotted: a number not shown, to protect those concerned)" if hidden else ""
    axes.set_title(f"{rows}: from {sides[0]} to {sides[1]}{note}", loc="left", fontsize=10)
    axes.set_xlim(-0.22, 1.22)
    axes.set_ylim(-0.02, 1.04 + _GAP)
    axes.axis("off")
