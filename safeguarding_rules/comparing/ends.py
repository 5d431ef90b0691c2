"""What changes no case on the day compared, yet takes something away: ends that are added, emergency contacts, and what counts as protecting.

Comes in: two Sides. Goes out: `AdviceChange`s, milder unless shown otherwise. Ends of rules, standing entries, statements and contacts are read from
the packs of a Stand; a Stand without packs is compared by the day on which its Policy changes, which cannot say what it is that changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from safeguarding_rules.comparing.advice import slot_of, towards
from safeguarding_rules.comparing.document import AdviceChange, Direction
from safeguarding_rules.comparing.rules import RuleStates
from safeguarding_rules.comparing.sides import Side, SlotKey, Stand
from safeguarding_rules.comparing.texts import editions
from safeguarding_rules.comparing.words import actor_words
from safeguarding_rules.linking.policy import Duty, Policy, PolicyRule, RouteEntry
from safeguarding_rules.worlds.space import BudgetExceededError
from safeguarding_rules.worlds.sums import sum_in

Part = tuple[str, str]  # what kind of part, and its name


def end_changes(old: Side, new: Side, states: RuleStates) -> tuple[AdviceChange, ...]:
    """Every such change."""
    return (*_untils(old, new, states), *_ends(old, new, states), *_emergencies(old, new), *_protecting(old, new))


# -- until: the words that end a duty -----------------------------------------------------------------------------------------------------


def _untils(old: Side, new: Side, states: RuleStates) -> Iterator[AdviceChange]:
    pairs = [(here.duties, there.duties, there.title if isinstance(there, PolicyRule) else there.id) for here, there in states.pairs]
    pairs.append((old.policy.when_unsettled.duties, new.policy.when_unsettled.duties, "when_unsettled"))
    everything = _all_duties(old.policy), _all_duties(new.policy), "what else asks for it"
    seen: set[tuple[SlotKey, str]] = set()
    for here, there, title in (*pairs, everything):
        before, after = _until_by_slot(here), _until_by_slot(there)
        for slot, words in after.items():
            for until in sorted(words - before.get(slot, words)):
                if (slot, until) not in seen:
                    seen.add((slot, until))
                    action = new.policy.actions[slot[0]].title
                    text = f"“{action}” ({actor_words(slot[1])}) now ends with the words “{until}”, in {title}"
                    yield AdviceChange(what="until", name=slot[0], direction=towards(old, new, slot, more=False), text=text)


def _all_duties(policy: Policy) -> tuple[Duty, ...]:
    given = [*(rule.duties for rule in policy.rules), *(entry.duties for entry in policy.standing), policy.when_unsettled.duties]
    return tuple(duty for duties in given for duty in duties)


def _until_by_slot(duties: tuple[Duty, ...]) -> dict[SlotKey, set[str]]:
    """The words by slot; the empty set for a duty that has none."""
    found: dict[SlotKey, set[str]] = {}
    for duty in duties:
        found.setdefault(slot_of(duty), set()).update([duty.until] if duty.until else ())
    return found


# -- in_force: the days on which parts of a pack end --------------------------------------------------------------------------------------


def _ends(old: Side, new: Side, states: RuleStates) -> Iterator[AdviceChange]:
    if not old.stand.packs or not new.stand.packs:
        yield from _coarse_ends(old.policy, new.policy)
        return
    before, after = _own_ends(old.stand), _own_ends(new.stand)
    named = {("rule", here): ("rule", there) for here, there in states.matched.items()}
    named |= {("statement", here): ("statement", there) for here, there in editions(old.policy.statements, new.policy.statements).items()}
    named |= {("contact", one): ("contact", one) for one in _contacts(old.policy)}
    named |= {("source", one): ("source", one) for pack in old.stand.packs for one in pack.statements.sources}
    for here, there in named.items():
        was, now = before.get(here), after.get(there)
        if was != now:
            direction: Direction = "milder" if now is not None and (was is None or now < was) else "stricter"
            text = f"{there[0]} {there[1]} is in force {_until(now)}; before, {_until(was)}"
            yield AdviceChange(what="in_force", name=there[1], direction=direction, text=text)


def _until(end: date | None) -> str:
    return "as long as its pack" if end is None else f"until {end}, that day not included"


def _own_ends(stand: Stand) -> Mapping[Part, date]:
    """The ends, after the day, of parts of the packs."""
    found: dict[Part, date] = {}

    def note(kind: str, name: str, interval: object) -> None:
        end: date | None = getattr(interval, "until", None)
        if end is not None and end > stand.on:
            found[kind, name] = min(end, found.get((kind, name), end))

    for pack in stand.packs:
        for _, document in pack.rules:
            for name, rule in document.rules.items():
                note("rule", f"{pack.id}/{name}", rule.in_force)
        for name, statement in pack.statements.statements.items():
            note("statement", name, statement.in_force)
        for name, source in pack.statements.sources.items():
            note("source", name, source.in_force)
        for route, entries in pack.routes.routes.items():
            for entry in entries:
                note("contact", f"{route}/{entry.name}", entry.in_force)
    return found


def _contacts(policy: Policy) -> set[str]:
    return {f"{route}/{entry.name}" for route, entries in policy.routes.items() for entry in entries}


def _coarse_ends(old: Policy, new: Policy) -> Iterator[AdviceChange]:
    """Without packs: whether the new version changes sooner than the old, other than by one of its packs ending."""
    end = new.valid_until
    if end is not None and (old.valid_until is None or end < old.valid_until) and end not in {pack.ends for pack in new.packs}:
        text = f"the new version stays as it is only until {end}, when something in it starts or ends; the old one {_stays(old.valid_until)}"
        yield AdviceChange(what="in_force", name=str(end), direction="milder", text=text)


def _stays(end: date | None) -> str:
    return "has no such day" if end is None else f"stays until {end}"


# -- emergency contacts, and what counts as protecting -------------------------------------------------------------------------------------


def _emergencies(old: Side, new: Side) -> Iterator[AdviceChange]:
    for route, entries in old.policy.routes.items():
        others = new.policy.routes.get(route, ())
        for place, entry in enumerate(entries):
            if entry.emergency and (lost := _lost(old, new, (entries, place), others)):
                text = f"emergency contact “{entry.name}” of {route.replace('_', ' ')} {lost}"
                yield AdviceChange(what="emergency_contact", name=route, direction="milder", text=text)
    for name, info in old.policy.actions.items():
        other = new.policy.actions.get(name)
        urgent = info.route is not None and any(entry.emergency for entry in old.policy.routes.get(info.route, ()))
        if urgent and other is not None and other.route != info.route:
            text = f"“{other.title}” no longer leads to the emergency contacts of {str(info.route).replace('_', ' ')}"
            yield AdviceChange(what="emergency_contact", name=name, direction="milder", text=text)


def _lost(old: Side, new: Side, here: tuple[tuple[RouteEntry, ...], int], others: tuple[RouteEntry, ...]) -> str:
    """What is lost of an emergency contact; nothing where it stands as before."""
    entries, place = here
    entry = entries[place]
    named = [i for i, other in enumerate(others) if other.name == entry.name]
    urgent = [i for i in named if others[i].emergency]
    fitting = [i for i in urgent if _fits_wherever(old, entry, new, others[i])]
    if not named:
        return "is removed"
    if not urgent:
        return "is no longer marked as one for emergencies"
    if not fitting:
        return "is not shown in every case in which it was"
    missing = [key for key, value in entry.details.items() if value and all(not others[i].details.get(key) for i in fitting)]
    if missing:
        return f"has no {' or '.join(missing)} any more"
    before = {other.name for other in entries[:place] if not other.emergency}
    if all({other.name for other in others[:i] if not other.emergency} - before for i in fitting):
        return "comes after an ordinary contact now"
    return ""


def _fits_wherever(old: Side, entry: RouteEntry, new: Side, other: RouteEntry) -> bool:
    """Whether a contact is shown to fit wherever another does."""
    if other.when is None:
        return True
    space = old.space
    boxes = (space.start,) if entry.when is None else sum_in(space, old.common.condition("old", entry.when)).boxes
    try:
        return not any(space.find(box, sum_in(space, new.common.condition("new", other.when)).fails) for box in boxes)
    except BudgetExceededError:
        return False


def _protecting(old: Side, new: Side) -> Iterator[AdviceChange]:
    for name, info in old.policy.actions.items():
        other = new.policy.actions.get(name)
        if other is not None and other.protects != info.protects:
            text = f"protecting meant to {info.protects} “{other.title}” and now means to {other.protects}"
            yield AdviceChange(what="protects", name=name, direction="milder", text=text)
