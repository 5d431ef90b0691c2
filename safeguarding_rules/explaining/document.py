"""An explanation as a document: the values behind `explanation/1`.

Every text in it is a pack's own text, or a fact in words (a pack's question with its answer). Nothing else of a decision is needed to write it
out as prose. Promised: pydantic reads and writes them as they stand, and making them, or prose of them, needs no pydantic.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, field
from typing import Any, ClassVar, Literal

from safeguarding_rules.deciding.parts import ActorName, ModalityName, StatusName
from safeguarding_rules.frozen import frozen


class Part:
    """A part of an explanation: frozen, and nothing in it that is not declared."""

    __slots__ = ()
    __pydantic_config__: ClassVar = {"extra": "forbid", "populate_by_name": True}


@frozen
class OutcomeWords(Part):
    """One step of the outcome scale."""

    name: str
    rank: int = field(metadata={"description": "0 is the least protective."})
    title: str
    meaning: str
    because: str
    statements: tuple[str, ...]


@frozen
class FactWords(Part):
    """A known fact: the question and what was answered."""

    fact: str
    question: str
    answer: str
    value: Any = field(metadata={"description": "As it was given."})


@frozen
class OpenFact(Part):
    """A fact that is not known, or not exactly."""

    fact: str
    question: str


@frozen
class Ground(Part):
    """What a duty or an outcome rests on: a rule, a standing entry, or `when_unsettled`."""

    id: str
    kind: Literal["rule", "standing", "when_unsettled"]
    title: str | None = field(metadata={"description": "Standing entries have none."})
    because: str
    pack: str
    statements: tuple[str, ...]
    strengthened_by: tuple[str, ...] = field(default=(), metadata={"description": "The packs below that made the rule more protective."})


@frozen
class LimbWords(Part):
    """A limb of a presumed rule: where it is met, a smallest set of known facts that meet it; where it is open, what is not known."""

    status: Literal["met", "open"]
    known: tuple[FactWords, ...] = ()
    unknown: tuple[OpenFact, ...] = ()


@frozen
class RuleWords(Part):
    """A rule that is met, presumed or open."""

    rule: str
    title: str
    because: str
    outcome: str | None
    status: Literal["met", "presumed", "open"]
    presumed: Literal["until_known", "partly_met", "exception_open", "facts_contradict"] | None = field(
        default=None,
        metadata={"description": "Why: its pack says so; a limb is met; its trigger is met and only the exception is open; the facts contradict."},
    )
    limbs: tuple[LimbWords, ...] = field(default=(), metadata={"description": "For a presumed rule: its limbs."})
    unknown: tuple[OpenFact, ...] = field(
        default=(), metadata={"description": "For a presumed or open rule: what is not known of the facts it looks at."}
    )


@frozen
class BecauseWords(Part):
    """A smallest set of known facts that forces the least possible outcome, and the rules through which they do."""

    facts: tuple[FactWords, ...]
    rules: tuple[str, ...]
    together: bool = field(
        metadata={"description": "True where the rules force the outcome only together: at least one of them holds in every case."}
    )


@frozen
class DeadlineWords(Part):
    """By when, as the pack says it, with the moment if the clock's start is known."""

    within: str
    from_: str = field(metadata={"alias": "from"})
    due: str | None


@frozen
class RouteWords(Part):
    """Whom to contact, in order; `when` is what has to be answered how. Null: nothing is left to check, so this is the one if none before it is."""

    name: str
    when: str | None
    phone: str | None = None
    web: str | None = None
    hours: str | None = None
    note: str | None = None
    emergency: bool = False


@frozen
class StrongerWords(Part):
    """A stronger modality that is presumed, or that an open fact could bring."""

    modality: ModalityName
    status: Literal["presumed", "depends"]


@frozen
class GiftWords(Part):
    """What one rule or standing entry says of a duty: how strongly, until when, with which note."""

    ground: str
    modality: ModalityName
    within: str | None = None
    until: str | None = None
    note: str | None = None


@frozen
class DutyWords(Part):
    """One duty."""

    action: str
    title: str
    meaning: str
    protects: Literal["do", "refrain"] = field(metadata={"description": "Whether protecting a child means to do it or to refrain."})
    by: ActorName
    modality: ModalityName
    status: StatusName
    deadlines: tuple[DeadlineWords, ...] = ()
    given: tuple[GiftWords, ...] = field(default=(), metadata={"description": "By the rules and standing entries behind it, each with what it says."})
    routes: tuple[RouteWords, ...] = ()
    depends_on: tuple[OpenFact, ...] = ()
    stronger: tuple[StrongerWords, ...] = ()

    @property
    def to_act_on(self) -> ModalityName:
        """The modality that applies, or the stronger one that is presumed."""
        return next((s.modality for s in self.stronger if s.status == "presumed"), self.modality)

    @property
    def forbids(self) -> bool:
        """Whether the duty is not to do something."""
        return self.modality.endswith("_not")

    @property
    def grounds(self) -> tuple[str, ...]:
        """The ids of what gives it."""
        return tuple(dict.fromkeys(gift.ground for gift in self.given))


@frozen
class QuestionWords(Part):
    """A question that still matters."""

    fact: str
    question: str
    help: str | None
    group: str | None
    could_become: tuple[str, ...]
    only_route: bool


@frozen
class ChangeWords(Part):
    """If one known fact were different, the advice would be another."""

    fact: str
    question: str
    answer: str
    other_answer: str
    other_value: Any
    outcome: str


@frozen
class StatementWords(Part):
    """A statement of a source, paraphrased, that the decision rests on."""

    id: str
    text: str
    source: str
    section: str
    address: str | None
    binds: str
    strength: str
    force: str
    checked: Literal["seen", "secondary", "recalled"]
    pack: str


@frozen
class PackWords(Part):
    """A pack that spoke, and what it says about itself."""

    pack: str
    version: str
    digest: str
    title: str
    layer: str
    status: str
    signed_off: bool
    review_by: str | None
    in_force: bool = field(metadata={"description": "Whether the day of the decision lies within the days that the pack gives for itself."})
    notes: str


@frozen
class WarningWords(Part):
    """A warning of the decision: its code, and what it is about."""

    code: str
    facts: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()


@frozen
class ExplanationDocument(Part):
    """A whole explanation."""

    _: KW_ONLY
    schema_: Literal["explanation/1"] = field(default="explanation/1", metadata={"alias": "schema"})
    language: str
    on: str
    outcome: OutcomeWords
    possible: tuple[OutcomeWords, ...] = field(metadata={"description": "The outcomes still possible, least to most protective."})
    scale: tuple[OutcomeWords, ...]
    settled: bool
    firm: bool
    exact: bool
    facts: tuple[FactWords, ...]
    because: BecauseWords
    rules: tuple[RuleWords, ...]
    grounds: tuple[Ground, ...]
    duties: tuple[DutyWords, ...]
    questions: tuple[QuestionWords, ...]
    changes: tuple[ChangeWords, ...]
    when_unsettled: str = field(metadata={"description": "The outcome that is at least advised while not settled."})
    statements: tuple[StatementWords, ...]
    unconfirmed: tuple[str, ...] = field(metadata={"description": "Statements recalled and not yet confirmed against their source."})
    contradictions: tuple[tuple[FactWords, ...], ...] = field(metadata={"description": "Sets of known facts that cannot all be true."})
    packs: tuple[PackWords, ...]
    fingerprint: str
    warnings: tuple[WarningWords, ...]

    @property
    def rise_to(self) -> tuple[OutcomeWords, ...]:
        """The possible outcomes above the advice."""
        return tuple(o for o in self.possible if o.rank > self.outcome.rank)

    @property
    def fall_to(self) -> tuple[OutcomeWords, ...]:
        """The possible outcomes below the advice."""
        return tuple(o for o in self.possible if o.rank < self.outcome.rank)

    def rules_that_are(self, status: str) -> tuple[RuleWords, ...]:
        """The rules of one status."""
        return tuple(rule for rule in self.rules if rule.status == status)

    def duties_that(self, *statuses: str) -> tuple[DutyWords, ...]:
        """The duties of some statuses, in their order."""
        return tuple(duty for duty in self.duties if duty.status in statuses)

    def title_of(self, outcome: str) -> str:
        """What an outcome is called."""
        return next(o.title for o in self.scale if o.name == outcome)

    def ground(self, name: str) -> Ground:
        """A rule, standing entry or `when_unsettled` of a pack by id."""
        return next(g for g in self.grounds if g.id == name)

    @property
    def because_unsettled(self) -> str:
        """Why something is advised while facts are missing, in the words of every pack that says so."""
        return " ".join(dict.fromkeys(ground.because for ground in self.grounds if ground.kind == "when_unsettled"))

    def statement(self, name: str) -> StatementWords:
        """A statement by id."""
        return next(s for s in self.statements if s.id == name)
