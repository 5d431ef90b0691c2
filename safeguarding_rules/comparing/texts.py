"""What changes only what people read, or whom they contact: titles, reasons, citations, questions, routes, statements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from safeguarding_rules.comparing.common_space import renamed
from safeguarding_rules.comparing.document import TextChange
from safeguarding_rules.comparing.rules import Giver, RuleStates
from safeguarding_rules.deciding.words import condition_words
from safeguarding_rules.linking.policy import FactInfo, Policy, PolicyRule, RouteEntry, StatementInfo

_EDITION = re.compile(r"\d{4}")


def text_changes(states: RuleStates, names: Mapping[str, str]) -> tuple[TextChange, ...]:
    """Every such change, part by part. `names`: what old facts are called in the new policy."""
    return tuple(_Texts(states, names).changes())


@dataclass(frozen=True)
class _Part:
    """Something with texts: `fields` by what they are called."""

    title: str
    fields: Mapping[str, object]


class _Texts:
    def __init__(self, states: RuleStates, names: Mapping[str, str]) -> None:
        self.old, self.new, self.states, self.names = states.old.policy, states.new.policy, states, names
        self.notes = states.old.stand.notes, states.new.stand.notes
        old, new = self.old, self.new
        self.editions = editions(old.statements, new.statements)

    def changes(self) -> Iterator[TextChange]:
        pairs = [(name, {key: pick(policy) for key, policy in (("old", self.old), ("new", self.new))}) for name, pick in self._parts().items()]
        yield from self._givers()
        for part, sides in pairs:
            yield from self._compared(part, sides["old"], sides["new"])
        yield from self._statements()

    def _parts(self) -> dict[str, Any]:
        return {
            "outcome": self._outcomes,
            "when_unsettled": self._unsettled,
            "fact": self._facts,
            "action": _actions,
            "implication": self._implications,
            "route": _routes,
            "pack": _packs,
        }

    def _compared(self, part: Any, old: Mapping[str, _Part], new: Mapping[str, _Part]) -> Iterator[TextChange]:  # noqa: ANN401
        for name in dict.fromkeys((*old, *new)):
            if name not in new:
                yield TextChange(part=part, name=name, what=("removed",), text=f"{_words(part)} “{old[name].title}” is removed")
            elif name not in old:
                yield TextChange(part=part, name=name, what=("added",), text=f"{_words(part)} “{new[name].title}” is added")
            elif what := _differing(old[name].fields, new[name].fields):
                sides = _sides(what, old[name].fields, new[name].fields)
                yield TextChange(part=part, name=name, what=what, text=f"{_words(part)} “{new[name].title}”: {_listed(what)}", **sides)

    def _givers(self) -> Iterator[TextChange]:
        for here, there in self.states.pairs:
            fields = self._giver(here, old=True), self._giver(there, old=False)
            what = _differing(*fields)
            sides = _sides(what, *fields)
            part: Literal["rule", "standing"] = "rule" if isinstance(there, PolicyRule) else "standing"
            title = there.title if isinstance(there, PolicyRule) else there.id
            if here.id != there.id:
                what = ("id", *what)
            if what:
                yield TextChange(part=part, name=there.id, what=what, text=f"{_words(part)} “{title}”: {_listed(what)}", **sides)

    def _giver(self, giver: Giver, *, old: bool) -> dict[str, object]:
        notes = sorted((duty.action, duty.by, duty.note or "") for duty in giver.duties if duty.note)
        until = sorted((duty.action, duty.by, duty.until or "") for duty in giver.duties if duty.until)
        fields: dict[str, object] = {"reason": giver.because, "citations": self._cites(giver.cite, old=old), "notes of duties": notes, "until": until}
        if isinstance(giver, PolicyRule):
            return {"title": giver.title, **fields, "note": giver.note}
        return {**fields, "note": self.notes[0 if old else 1].get(giver.id)}

    def _cites(self, cites: Iterable[str], *, old: bool) -> list[str]:
        return sorted({self.editions.get(cite, cite) if old else cite for cite in cites})

    # -- parts ----------------------------------------------------------------------------------------------------------------------

    def _outcomes(self, policy: Policy) -> dict[str, _Part]:
        return {
            one.name: _Part(
                one.title,
                {"title": one.title, "meaning": one.meaning, "reason": one.because, "citations": self._cites(one.cite, old=policy is self.old)},
            )
            for one in policy.outcomes
        }

    def _unsettled(self, policy: Policy) -> dict[str, _Part]:
        one = policy.when_unsettled
        notes = sorted((duty.action, duty.note or "") for duty in one.duties if duty.note)
        until = sorted((duty.action, duty.by, duty.until or "") for duty in one.duties if duty.until)
        fields = {"reason": one.because, "citations": self._cites(one.cite, old=policy is self.old), "notes of duties": notes, "until": until}
        return {"when_unsettled": _Part("while facts are missing", fields)}

    def _named(self, policy: Policy, name: str) -> str:
        """What a fact is called in the new policy."""
        return self.names.get(name, name) if policy is self.old else name

    def _facts(self, policy: Policy) -> dict[str, _Part]:
        return {
            self._named(policy, info.spec.name): _Part(
                info.question,
                {
                    "question": info.question,
                    "help": info.help,
                    "labels": dict(info.labels),
                    "unit": info.unit,
                    "group": info.group,
                    "sensitivity": info.sensitivity,
                },
            )
            for info in policy.facts
        }

    def _implications(self, policy: Policy) -> dict[str, _Part]:
        names = {info.spec.name: self._named(policy, info.spec.name) for info in policy.facts}
        facts = {names[info.spec.name]: info for info in policy.facts}
        found: dict[str, _Part] = {}
        for one in policy.implications:
            words = " → ".join(condition_words(renamed(side, names), facts) for side in (one.condition, one.consequence))
            found[words] = _Part(words, {"reason": one.because, "citations": self._cites(one.cite, old=policy is self.old)})
        return found

    def _statements(self) -> Iterator[TextChange]:
        there = set(self.editions.values())
        for name, one in self.old.statements.items():
            other = self.new.statements.get(self.editions.get(name, ""))
            if other is None:
                yield TextChange(part="statement", name=name, what=("removed",), text=f"statement {name} is removed: {one.text}")
            elif what := _differing(_statement(one), _statement(other)):
                sides = _sides(what, _statement(one), _statement(other))
                yield TextChange(part="statement", name=other.id, what=what, text=f"statement {other.id}: {_listed(what)}", **sides)
        for name, one in self.new.statements.items():
            if name not in there:
                yield TextChange(part="statement", name=name, what=("added",), text=f"statement {name} is added: {one.text}")


def editions(old: Mapping[str, StatementInfo], new: Mapping[str, StatementInfo]) -> dict[str, str]:
    """Statements of the old side by their id on the new one: the same id, or one that differs only in the year of its edition."""
    found = {name: name for name in old if name in new}
    plain_new: dict[str, list[str]] = {}
    for name in new:
        if name not in found:
            plain_new.setdefault(_EDITION.sub("*", name), []).append(name)
    for name in old:
        others = plain_new.get(_EDITION.sub("*", name), []) if name not in found else []
        if len(others) == 1:
            found[name] = others.pop()
    return found


def _statement(one: StatementInfo) -> dict[str, object]:
    return {
        "wording": one.text,
        "section": one.section,
        "whom it binds": one.binds,
        "strength": one.strength,
        "force": one.force,
        "how it was checked": one.checked,
        "status": one.status,
        "why it is not computed": one.not_computable,
    }


def _actions(policy: Policy) -> dict[str, _Part]:
    return {
        name: _Part(
            one.title,
            {
                "title": one.title,
                "meaning": one.meaning,
                "who normally does it": one.by,
                "whether protecting means to do it": one.protects,
                "what it contradicts": sorted(one.contradicts),
                "contact": one.route,
            },
        )
        for name, one in policy.actions.items()
    }


def _contact(entry: RouteEntry, facts: Mapping[str, FactInfo]) -> str:
    when = "" if entry.when is None else f"where {condition_words(entry.when, facts)}"
    details = (f"{key} {value}" for key, value in entry.details.items())
    return ", ".join(part for part in (entry.name, *details, when) if part)


def _routes(policy: Policy) -> dict[str, _Part]:
    facts = {info.spec.name: info for info in policy.facts}
    return {
        name: _Part(
            name.replace("_", " "),
            {
                "contacts": [_contact(entry, facts) for entry in entries if not entry.emergency],
                "emergency contacts": [_contact(entry, facts) for entry in entries if entry.emergency],
            },
        )
        for name, entries in policy.routes.items()
    }


def _packs(policy: Policy) -> dict[str, _Part]:
    return {
        one.id: _Part(
            one.id, {"title": one.title, "status": one.status, "notes": one.notes, "review date": one.review_by, "sign-off": one.signed_off}
        )
        for one in policy.packs
    }


def _differing(old: Mapping[str, object], new: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(key for key in new if old.get(key) != new[key])


def _sides(what: Iterable[str], old: Mapping[str, object], new: Mapping[str, object]) -> dict[str, dict[str, str]]:
    """What both sides say of the parts that differ."""
    return {"before": {key: _shown(old[key]) for key in what if key in old}, "after": {key: _shown(new[key]) for key in what if key in new}}


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_shown(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(one if isinstance(one, str) else ", ".join(str(part) for part in one if part) for one in value)
    return "" if value is None else str(value)


def _listed(what: Iterable[str]) -> str:
    return f"changed in {', '.join(what)}"


def _words(part: str) -> str:
    return {"standing": "standing duties", "when_unsettled": "the advice", "route": "contacts for", "pack": "the pack"}.get(part, part)
