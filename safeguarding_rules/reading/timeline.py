"""The rules of time: which version of a pack is in force on a day, and whether a layer fits the pack above it.

In: manifests with their places. Out: a choice, or findings that name both sides and the remedy. Nothing here reads files.
"""

import re
from collections.abc import Sequence
from datetime import date

from safeguarding_rules.diagnostics import Diagnostic, PackError, Span
from safeguarding_rules.language.documents import Extends, Manifest, version_key
from safeguarding_rules.language.shapes import VERSION
from safeguarding_rules.reading.places import Spans

Placed = tuple[Manifest, Spans]
_BY_DATE = frozenset({"in_force", "superseded"})


def is_version(text: str) -> bool:
    """Say whether a text is a version."""
    return re.fullmatch(VERSION.strip("^$"), text) is not None


def chosen(pack: str, versions: Sequence[Placed], on: date) -> int:
    """Return the place of the version in force on a day. Raises PackError where there is none, or two of which neither corrects the other."""
    claiming = [place for place, (one, _) in enumerate(versions) if one.status in _BY_DATE and one.in_force.holds_on(on)]
    numbers = {version_key(versions[place][0].version) for place in claiming}
    corrected = {version_key(versions[place][0].corrects or "0") for place in claiming if versions[place][0].corrects} & numbers
    left = [place for place in claiming if version_key(versions[place][0].version) not in corrected]
    if len(left) == 1:
        return left[0]
    raise PackError([_two_in_force(pack, [versions[place] for place in left or claiming], on) if claiming else _none_in_force(pack, versions, on)])


def _two_in_force(pack: str, claiming: Sequence[Placed], on: date) -> Diagnostic:
    (first, first_spans), (second, second_spans) = claiming[0], claiming[-1]
    message = f"`{pack}` {first.version} and `{pack}` {second.version} are both in force on {on}"
    remedy = f'end {first.version} with `until: {second.in_force.from_}`, or let {second.version} say `corrects: "{first.version}"`'
    related = ((f"{first.version} is in force {_days(first)}", first_spans.at(("in_force",))),)
    return Diagnostic("SR304", "error", message, second_spans.at(("in_force",)), remedy, related)


def _none_in_force(pack: str, versions: Sequence[Placed], on: date) -> Diagnostic:
    there = "; ".join(f"{one.version} {_STATUS_WORDS[one.status]}{_days(one)}" for one, _ in versions)
    draft = next((one for one, _ in versions if one.status == "draft" and one.in_force.holds_on(on)), None)
    remedy = f"there are: {there}"
    if draft is not None:
        remedy = f"`{pack}@{draft.version}` is a draft and loads only by its version; {remedy}"
    return Diagnostic("SR303", "error", f"no version of `{pack}` is in force on {on}", None, remedy)


_STATUS_WORDS = {"draft": "(draft) ", "in_force": "", "superseded": "", "withdrawn": "(withdrawn) "}


def _days(manifest: Manifest) -> str:
    until = manifest.in_force.until
    return f"from {manifest.in_force.from_}" + (f" until {until}" if until else "")


def seen_from(layer: Manifest, spans: Spans, problem: Diagnostic, on: date) -> Diagnostic:
    """Return a problem with finding the pack above, as seen from the layer that extends it."""
    message = f"`{layer.pack}` {layer.version} extends `{layer.extends.pack if layer.extends else ''}`, but {problem.message}"
    related = problem.related if problem.span is None else ((f"on {on}", problem.span), *problem.related)
    return Diagnostic(problem.code, "error", message, spans.at(("extends", "pack")), problem.help, related)


def misfit(layer: Placed, above: Placed, on: date) -> Diagnostic | None:
    """Return why the pack above does not fit what a layer extends on a day, or None."""
    (low, spans), (high, high_spans) = layer, above
    extends = low.extends
    if extends is None:
        return None
    sides = f"`{low.pack}` {low.version} extends `{high.pack}`"
    related = ((f"{high.version} is in force {_days(high)}", high_spans.at(("in_force",))),)
    if extends.version is not None and not high.in_force.holds_on(on):
        message = f"{sides} {extends.version}, which is not in force on {on}"
        return _mismatch(
            message, spans.at(("extends", "version")), "take the version out, or give a newer one in a new version of this pack", related
        )
    if not _in_range(extends, high):
        message = f"{sides} {_range(extends)}, but on {on} {high.version} is in force"
        return _mismatch(message, spans.at(("extends", "versions")), "widen the range once the newer version was read", related)
    if high.status == "draft" and low.status in _BY_DATE:
        message = f"{sides} {high.version}, which is a draft, but is not itself one"
        return Diagnostic("SR306", "error", message, spans.at(("extends",)), "a pack in force builds on packs in force", related)
    return None


def _mismatch(message: str, span: Span, remedy: str, related: tuple[tuple[str, Span], ...]) -> Diagnostic:
    return Diagnostic("SR302", "error", message, span, remedy, related)


def _in_range(extends: Extends, above: Manifest) -> bool:
    if extends.versions is None:
        return True
    number = version_key(above.version)
    least, below = extends.versions.at_least, extends.versions.below
    return (least is None or version_key(least) <= number) and (below is None or number < version_key(below))


def _range(extends: Extends) -> str:
    least = f"from {extends.versions.at_least}" if extends.versions and extends.versions.at_least else ""
    below = f"below {extends.versions.below}" if extends.versions and extends.versions.below else ""
    return " ".join(part for part in (least, below) if part)


def check_folder(manifest: Manifest, spans: Spans, pack: str | None, version: str | None) -> None:
    """Refuse a pack whose folder says another id or version than its manifest. Raises PackError."""
    problems: list[Diagnostic] = []
    for key, folder, said in (("pack", pack, manifest.pack), ("version", version, manifest.version)):
        if folder is not None and folder != said:
            message = f"the folder says {key} `{folder}`, `pack.yaml` says `{said}`"
            problems.append(Diagnostic("SR307", "error", message, spans.at((key,)), "rename the folder, or correct the manifest"))
    if problems:
        raise PackError(problems)
