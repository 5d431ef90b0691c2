"""What JSON Schema cannot say about one document: intervals that hold no day, bounds that hold no number, lists without a last resort.

In: a document of the right shape. Out: problems at their paths. What needs a second document is linking's business.
"""

from collections.abc import Iterator
from functools import singledispatch

from safeguarding_rules.diagnostics import closest, suggest
from safeguarding_rules.language.documents import (
    CasesFile,
    Document,
    FactsFile,
    InForce,
    InvariantsFile,
    Manifest,
    PartInForce,
    RouteEntry,
    RoutesFile,
    Row,
    RulesFile,
    StatementsFile,
    Table,
    version_key,
)
from safeguarding_rules.language.shapes import Problem, keys_of
from safeguarding_rules.language.words import LANGUAGE

Path = tuple[str | int, ...]


@singledispatch
def beyond_schema(document: Document) -> Iterator[Problem]:
    """Yield what is wrong with a document although every part of it has the right shape."""
    del document
    yield from ()


@beyond_schema.register
def _(document: Manifest) -> Iterator[Problem]:
    if document.language != LANGUAGE:
        yield Problem("SR222", f"language version `{document.language}` is not known", ("language",), f'write `"{LANGUAGE}"`')
    yield from _interval(document.in_force, ("in_force",))
    if document.corrects == document.version:
        yield Problem("SR310", "a version cannot correct itself", ("corrects",))
    versions = document.extends.versions if document.extends else None
    if versions and versions.at_least and versions.below and version_key(versions.at_least) >= version_key(versions.below):
        yield Problem("SR217", "no version is both at least the one and below the other", ("extends", "versions", "below"))
    if document.when_unsettled and document.outcomes:
        yield from _advice_in_scale(document.when_unsettled.outcome, list(document.outcomes))


def _advice_in_scale(outcome: str, scale: list[str]) -> Iterator[Problem]:
    path = ("when_unsettled", "outcome")
    if outcome not in scale:
        yield Problem("SR204", f"`{outcome}` is not on the outcome scale", path, suggest(outcome, scale))
    elif outcome == scale[0]:
        remedy = "the mildest outcome may only be advised when nothing missing could change it"
        yield Problem("SR204", f"`{outcome}` is the first outcome of the scale", path, remedy)


@beyond_schema.register
def _(document: FactsFile) -> Iterator[Problem]:
    for name, fact in document.facts.items():
        if fact.at_least is not None and fact.at_most is not None and fact.at_least > fact.at_most:
            yield Problem("SR217", f"`at_most` is less than `at_least` ({fact.at_least})", ("facts", name, "at_most"))


@beyond_schema.register
def _(document: RulesFile) -> Iterator[Problem]:
    for name, rule in document.rules.items():
        yield from _interval(rule.in_force, ("rules", name, "in_force"))
    for name, table in document.tables.items():
        yield from _rows(table, ("tables", name))


def _rows(table: Table, path: Path) -> Iterator[Problem]:
    names: set[str] = set()
    for place, row in enumerate(table.rows):
        where = (*path, "rows", place)
        if row.row in names:
            yield Problem("SR215", f"the row `{row.row}` is there twice", (*where, "row"), "give each row its own name")
        names.add(row.row)
        cells = row.cells
        surplus = [fact for fact in cells if fact not in table.facts]
        for fact in surplus:
            known = [*keys_of(Row), *table.facts]
            remedy = suggest(fact, [key for key in known if key not in cells]) or "list it under `facts` of the table"
            yield Problem("SR219", f"`{fact}` is neither a key of a row nor a fact of this table", (*where, fact), remedy, key=True)
        for fact in table.facts:
            if fact not in cells and not any(closest(other, [fact]) for other in surplus):
                yield Problem("SR202", f"the row has no cell for `{fact}`", where, f'write `{fact}: "-"` where it does not matter')


@beyond_schema.register
def _(document: StatementsFile) -> Iterator[Problem]:
    for name, source in document.sources.items():
        yield from _interval(source.in_force, ("sources", name, "in_force"))
    for name, statement in document.statements.items():
        yield from _interval(statement.in_force, ("statements", name, "in_force"))
        if statement.source not in document.sources:
            remedy = suggest(statement.source, document.sources) or "name it under `sources`"
            yield Problem("SR401", f"there is no source `{statement.source}`", ("statements", name, "source"), remedy)


@beyond_schema.register
def _(document: RoutesFile) -> Iterator[Problem]:
    for name, entries in document.routes.items():
        for place, entry in enumerate(entries):
            path = ("routes", name, place)
            yield from _interval(entry.in_force, (*path, "in_force"))
            yield from _last_resort(entry, path, is_last=place == len(entries) - 1)


def _last_resort(entry: RouteEntry, path: Path, *, is_last: bool) -> Iterator[Problem]:
    if is_last and not entry.otherwise:
        yield Problem("SR218", "the last entry of a list of routes must be `otherwise: true`", path, "so that somebody is always named")
    elif is_last and entry.in_force is not None:
        yield Problem("SR218", "the last resort cannot have an `in_force`", (*path, "in_force"), "so that somebody is always named", key=True)
    elif entry.otherwise and not is_last:
        yield Problem("SR218", "`otherwise` hides the entries after it", (*path, "otherwise"), "move it to the end of the list", key=True)


@beyond_schema.register
def _(document: InvariantsFile) -> Iterator[Problem]:
    del document
    yield from ()


@beyond_schema.register
def _(document: CasesFile) -> Iterator[Problem]:
    for name, case in document.cases.items():
        if case.start_from is not None and case.start_from not in document.starting_points:
            remedy = suggest(case.start_from, document.starting_points) or "name it under `starting_points` of this file"
            yield Problem("SR401", f"there is no starting point `{case.start_from}`", ("cases", name, "start_from"), remedy)


def _interval(interval: InForce | PartInForce | None, path: Path) -> Iterator[Problem]:
    if interval and interval.from_ and interval.until and interval.until <= interval.from_:
        yield Problem(
            "SR216", f"`until` is not later than `from` ({interval.from_})", (*path, "until"), "`until` is the first day no longer included"
        )
