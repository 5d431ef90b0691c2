"""The parts of a decision: what `decide --format json` shows, as plain values.

Promised: pydantic reads and writes them as they stand (`document.py` is the whole), and making them, or their JSON, needs no pydantic. Source:
docs/reference/decision.md and the contract.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field, fields
from functools import cache
from typing import Any, ClassVar, Final, Literal, NoReturn

from safeguarding_rules.frozen import frozen

ModalityName = Literal["must", "should", "may", "should_not", "must_not"]
ActorName = Literal["dsl", "headteacher", "other_staff", "setting"]
StatusName = Literal["applies", "presumed", "depends"]

PLAIN: Final = frozenset({bool, int, str})
"""The types of values that are written as they are."""


@cache
def _keys(part: type) -> tuple[tuple[str, str], ...]:
    """The name of each field of a part, and its key in JSON."""
    return tuple((one.name, one.metadata.get("alias", one.name)) for one in fields(part))


def _members(part: DecisionPart) -> dict[str, Any]:
    kind: Any = type(part)
    return {key: getattr(part, name) for name, key in _keys(kind)}


compact: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_members).encode
"""A part of a decision, or plain data, as JSON text without spaces."""


class DecisionPart:
    """A part of a decision: frozen, and nothing in it that is not declared."""

    __slots__ = ()
    __pydantic_config__: ClassVar = {"extra": "forbid", "populate_by_name": True}


@frozen
class DueBy(DecisionPart):
    """A deadline: within what, from which clock, and when that is if the clock's start was given."""

    within: str = field(metadata={"description": "immediately, same_day, `N working days`, or an ISO 8601 duration."})
    from_: str = field(metadata={"alias": "from", "description": "The name of the clock's start."})
    due: str | None = field(
        default=None, metadata={"description": "When it is due, ISO 8601 in London time; null while the clock's start is not known."}
    )


@frozen
class Route(DecisionPart):
    """Whom to contact, in order: the first whose condition `when` holds. Null: nothing is left to check, so this is the one if none before it is."""

    name: str
    when: str | None = None
    phone: str | None = None
    web: str | None = None
    hours: str | None = None
    note: str | None = None
    emergency: bool = False


@frozen
class Stronger(DecisionPart):
    """A stronger modality that is presumed, or that some unknown fact could bring."""

    modality: ModalityName
    status: Literal["presumed", "depends"]


@frozen
class ActionAdvice(DecisionPart):
    """One duty of the decision, merged per action, person and direction."""

    action: str
    title: str
    by: ActorName
    modality: ModalityName
    status: StatusName
    deadlines: tuple[DueBy, ...] = ()
    until: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    rules: tuple[str, ...] = field(default=(), metadata={"description": "The rules and standing entries that give it."})
    citations: tuple[str, ...] = field(default=(), metadata={"description": "The statements these rest on."})
    routes: tuple[Route, ...] = ()
    depends_on: tuple[str, ...] = field(default=(), metadata={"description": "The unknown facts it hangs on, where it depends or is presumed."})
    stronger: tuple[Stronger, ...] = ()


@frozen
class RuleStatus(DecisionPart):
    """A rule of the decision with its own outcome, reason and citations."""

    rule: str
    title: str
    outcome: str | None
    because: str
    citations: tuple[str, ...]


@frozen
class RuleStatuses(DecisionPart):
    """Rules by status; those that do not hold in any possible case are left out."""

    met: tuple[RuleStatus, ...] = ()
    presumed: tuple[RuleStatus, ...] = ()
    open: tuple[RuleStatus, ...] = ()


@frozen
class Question(DecisionPart):
    """A fact worth asking, most telling first."""

    fact: str
    ask: str
    help: str | None = None
    group: str | None = None
    could_become: tuple[str, ...] = field(default=(), metadata={"description": "Outcomes other than the present advice that hang on the answer."})
    only_route: bool = field(default=False, metadata={"description": "True where the answer changes only whom to contact."})


class Unchanging(dict[str, Any]):
    """A dict that cannot be changed and has a hash, as long as its values have one. `dict(…)` of it is a copy that can be changed.

    Not a `MappingProxyType`: that has no hash, and cannot be pickled, copied deeply or written as JSON.
    """

    __slots__ = ()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("this part of a decision cannot be changed: make a dict of it first")

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[Unchanging], tuple[dict[str, Any]]]:
        return type(self), (dict(self),)


@frozen
class Change(DecisionPart):
    """A change of fact that would give another outcome."""

    change: Mapping[str, Any]
    outcome: str

    def __post_init__(self) -> None:
        """Let nobody change the change, whoever made it: a decision or a reader of JSON."""
        object.__setattr__(self, "change", Unchanging(self.change))


@frozen
class Because(DecisionPart):
    """A smallest set of known facts that forces the least possible outcome, and the rules that do."""

    facts: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    nearest_changes: tuple[Change, ...] = ()


@frozen
class PackStamp(DecisionPart):
    """A pack that spoke."""

    pack: str
    version: str
    digest: str


@frozen
class PolicyStamp(DecisionPart):
    """What decided: the packs, and the identity of exactly what was in force."""

    packs: tuple[PackStamp, ...]
    fingerprint: str


@frozen
class Warning(DecisionPart):  # noqa: A001  the word of the contract
    """Something a reader of the decision must know; codes are stable."""

    code: str
    message: str
    statements: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
