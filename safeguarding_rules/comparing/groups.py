"""A difference arranged for reading: what changes in the same cases stands together. Used by `diff` and by the pages of packs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from safeguarding_rules.comparing.document import DiffDocument, DutyChange, Example, OutcomeChange, RegionNote, RuleNote, SideStamp, Undecided
from safeguarding_rules.comparing.words import actor_words, counted, modality_words
from safeguarding_rules.deciding.words import plain
from safeguarding_rules.interface_texts import ENGLISH
from safeguarding_rules.language.deadlines import parse_deadline

MOST_REGIONS = 8
MOST_GROUPS = 12
MOST_TEXTS = 12
MOST_CONDITIONS = 8
"""A region with more conditions is said by those that its example stands out by, unless everything is wanted."""
DUTIES_READ = "now: where it was not so already; no longer: where nothing else asks for it"
_RANK = {"milder": 0, "stricter": 1, "other": 2}
_PART = {
    "standing": "standing duties",
    "when_unsettled": "advice while facts are missing",
    "route": "contacts",
    "implication": "what follows from what",
}


@dataclass
class DutyGroup:
    """Duties that change in the same cases."""

    where: tuple[str, ...]
    region: RegionNote
    changes: list[DutyChange] = field(default_factory=list)
    rules: dict[str, RuleNote] = field(default_factory=dict)
    gone: dict[str, RuleNote] = field(default_factory=dict)

    @property
    def direction(self) -> str:
        """The direction that counts most: milder before stricter before neither."""
        return min((change.direction for change in self.changes), key=_RANK.__getitem__)


def duty_groups(document: DiffDocument, *, everything: bool = True) -> list[DutyGroup]:
    """Every region of every change of duty, those of the same cases (as they are said) in one group; milder ones first."""
    groups: dict[tuple[str, ...], DutyGroup] = {}
    for change in document.duties:
        for region in change.regions:
            where = conditions(document, region, everything=everything)
            group = groups.setdefault(where, DutyGroup(where, region))
            if change not in group.changes:
                group.changes.append(change)
            group.rules.update({note.rule: note for note in region.new_rules})
            group.gone.update({note.rule: note for note in region.old_rules})
    return sorted(groups.values(), key=lambda group: (_RANK[group.direction], len(group.where)))


def group_head(group: DutyGroup) -> str:
    """The cases of a group, as the start of a sentence."""
    if group.where:
        return f"Where {joined(group.where)}"
    before = group.region.given == "old" and all(change.from_ for change in group.changes if change.within is None)
    return "Wherever it was so before" if before else "In every case"


def conditions(document: DiffDocument, region: RegionNote, *, everything: bool = True) -> tuple[str, ...]:
    """What a region asks, in words; nothing where it asks nothing. Without `everything` many conditions are cut to those that tell."""
    found = [where.words for where in region.where]
    if not everything and len(found) > MOST_CONDITIONS:
        telling = {told.fact for told in region.example.told}
        found = [where.words for where in region.where if where.fact in telling]
        found.append(f"{'other' if found else 'the'} answers are much as in a quiet case (`--all` lists them)")
    if region.outcome is not None:
        scale = document.scales.old if region.outcome.side == "old" else document.scales.new
        title = scale[region.outcome.outcome]
        side = f" in the {region.outcome.side} version" if document.outcomes else ""
        found.append(f"the outcome{side} is “{title}”" + (" or more" if region.outcome.test == "at_least" else ""))
    return tuple(found)


def joined(words: Sequence[str]) -> str:
    """Conditions as one phrase."""
    return ", and ".join(words) if words else "every case"


def duty_lines(group: DutyGroup) -> list[str]:
    """The changes of a group, one line each; the same duty gained and strengthened is one."""
    lines: dict[str, list[str]] = {}
    for change in sorted(group.changes, key=lambda one: _RANK[one.direction]):
        name = f"{change.title} ({actor_words(change.by)})"
        mark = " [milder]" if change.direction == "milder" else ""
        before = modality_words(change.from_) if change.from_ else "nothing"
        if change.within is not None:
            span = within_words(change.within, change.clock)
            head = f"sooner: {name}, now {span}" if change.change == "earlier" else f"later: {name}, no longer {span}"
            lines.setdefault(head + mark, [])
        elif change.to is None:
            ends = ": it goes with “managing”, and the outcome is stricter now" if change.follows_outcome else ""
            lines.setdefault(f"no longer {before}: {name}{mark}" + ends, [])
        else:
            now = "only" if change.change == "weaker" else "now"
            lines.setdefault(f"{now} {modality_words(change.to)}: {name}{mark}", []).append(before)
    return [line + (f" (was {' or '.join(dict.fromkeys(before))})" if set(before) - {"nothing"} else "") for line, before in lines.items()]


def within_words(within: str, clock: str | None) -> str:
    """A deadline as words."""
    found = parse_deadline(within)
    start = "" if clock in (None, "known") else f" from {plain(clock)}"
    if found.kind == "same_day":
        return f"the same day{start}"
    if found.kind != "duration":
        return ("immediately" if found.kind == "immediately" else f"within {within}") + start
    years, months = divmod(found.months, 12)
    hours, rest = divmod(found.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = [
        counted(number, unit)
        for number, unit in ((years, "year"), (months, "month"), (found.days, "day"), (hours, "hour"), (minutes, "minute"), (seconds, "second"))
        if number
    ]
    return f"within {' '.join(parts) or 'no time'}{start}"


def example_words(document: DiffDocument, example: Example, *, outcomes: bool = True) -> str:
    """An example in a sentence."""
    told = "; ".join(one.words for one in example.told)
    case = f"{told}; everything else as in a quiet case" if told else "a quiet case, in which nothing is out of the ordinary"
    old, new = document.scales.old[example.outcome_old], document.scales.new[example.outcome_new]
    if not outcomes or old == new:
        return f"{case} (“{old}” before and after)" if old == new else case
    return f"{case} (“{old}” before, “{new}” now)"


def rule_words(notes: Iterable[RuleNote], *, other: Iterable[RuleNote] = ()) -> list[str]:
    """The rules of one side that are involved, those that are the same on both sides left out where others explain the change."""
    kept = list(notes)
    telling = [note for note in kept if note.state != "same"]
    if telling or any(note.state != "same" for note in other):
        kept = telling
    return [f"{note.title} ({note.rule}{'' if note.state == 'same' else ', ' + note.state}; {', '.join(note.citations)})" for note in kept]


@dataclass(frozen=True)
class OutcomeGroup:
    """Changes of outcome that happen in the same kinds of cases: from several outcomes to one, or from one to several."""

    changes: tuple[OutcomeChange, ...]

    @property
    def first(self) -> OutcomeChange:
        """The change whose regions and examples stand for all."""
        return self.changes[0]


def outcome_groups(document: DiffDocument) -> list[OutcomeGroup]:
    """Every change of outcome, milder ones first."""
    found: dict[object, list[OutcomeChange]] = {}
    for change in document.outcomes:
        given = {region.given for region in change.regions}
        wheres = tuple((conditions(document, region), region.given) for region in change.regions)
        end = change.to if given == {"old"} else change.from_
        found.setdefault((change.direction, end, wheres), []).append(change)
    return [OutcomeGroup(tuple(changes)) for changes in found.values()]


def outcome_head(document: DiffDocument, group: OutcomeGroup) -> str:
    """What changes, in a line."""
    change = group.first
    direction = change.direction if change.direction != "other" else "the scales do not say which is more protective"
    cases = [one.cases for one in group.changes if one.cases is not None]
    counts = f", {counted(sum(cases), 'case')}" if cases else ""
    return f"{_froms(document, group)} becomes {_tos(document, group)} ({direction}{counts})"


def _froms(document: DiffDocument, group: OutcomeGroup) -> str:
    return _either(document.scales.old[name] for name in dict.fromkeys(change.from_ for change in group.changes))


def _tos(document: DiffDocument, group: OutcomeGroup) -> str:
    return _either(document.scales.new[name] for name in dict.fromkeys(change.to for change in group.changes))


def _either(titles: Iterable[str]) -> str:
    *rest, last = [f"“{title}”" for title in titles]
    return f"{', '.join(rest)} or {last}" if rest else last


def outcome_where(document: DiffDocument, group: OutcomeGroup, region: RegionNote, *, everything: bool = True) -> str:
    """The cases of a region: a change happens in all of them that had the old outcome, or where it says so, in all that have the new one."""
    words = conditions(document, region, everything=everything)
    if region.given == "old":
        return joined(words) if words else "in every such case"
    return f"{joined(words) if words else 'in every case'}, and nothing calls for more than {_tos(document, group)} now"


def verdict(document: DiffDocument) -> list[str]:
    """The whole in a few sentences."""
    lines = []
    if document.result == "same":
        lines.append("No case changes: proved for every complete case that both versions can express.")
    elif document.result == "undecided":
        lines.append("UNDECIDED: the search gave up on some cases (listed below). What follows is what was found; nothing is taken to be unchanged.")
    if document.result != "same":
        lines.append(_directions(document))
        if not document.outcomes and document.result == "changed":
            lines.append("No case changes its outcome (proved for every possible case); duties change as listed.")
    lines.append(_by_text(document))
    if document.counts is not None:
        counts = document.counts
        lines.append(
            f"Of {counted(counts.cases, 'case')}, {counts.changed} change: {counts.outcome_changed} in outcome, {counts.duties_changed} in duties."
        )
    if any(note.left_out for note in document.apart):
        lines.append("Some cases that one version alone can express are not compared; they are listed below.")
    return [line for line in lines if line]


def _by_text(document: DiffDocument) -> str:
    """What was compared by what the packs say, and what that came to."""
    found = {note.direction for note in document.advice}
    came = "something becomes milder" if "milder" in found else "what differs is listed" if found else "nothing differs"
    what = "What is presumed or advised while facts are missing, when rules and statements end, and emergency contacts"
    return f"{what} are compared as they are written, not by search: {came}."


def _directions(document: DiffDocument) -> str:
    """Whether something became milder or stricter, in a sentence; nothing where only the undecided cases could be milder."""
    if document.milder:
        return "Something becomes milder" + (", something stricter." if document.stricter else ".")
    if document.result == "undecided":
        return ""
    return "Nothing becomes milder" + ("; some cases become stricter." if document.stricter else ".")


def side_words(stamp: SideStamp) -> str:
    """One side: its packs and its day."""
    packs = " + ".join(f"{pack.pack} {pack.version}" for pack in stamp.packs)
    name = f" ({stamp.name})" if not stamp.name.replace("@", " ").endswith(f"{stamp.packs[-1].pack} {stamp.packs[-1].version}") else ""
    day = date.fromisoformat(stamp.on)
    return f"{packs}{name}, as on {day.day} {ENGLISH.say(f'month.{day.month}')} {day.year}"


def text_groups(document: DiffDocument, *, everything: bool = False) -> list[tuple[str, list[str]]]:
    """What only reads otherwise, by part: a heading and the texts; with `everything` what each side says, too."""
    parts: dict[str, list[str]] = {}
    for change in document.texts:
        said = [f"{key}: was “{change.before.get(key, '')}”, is “{change.after.get(key, '')}”" for key in change.what if key in change.after]
        text = f"{change.text}. {'. '.join(said)}" if everything and said else change.text
        parts.setdefault(_PART.get(change.part, change.part), []).append(text)
    return list(parts.items())


def undecided_words(one: Undecided) -> str:
    """What could not be decided, and where."""
    return f"{one.about}, where {joined([where.words for where in one.where])}" if one.where else one.about
