"""A pack as one Markdown file, for a pull request, a wiki or a word processor.

Comes in: a view. Goes out: Markdown. Promised: pack text never means anything to Markdown or HTML. Must not know: files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from safeguarding_rules.explaining.texts import Catalogue
from safeguarding_rules.interface_texts import ENGLISH
from safeguarding_rules.publishing.document.checks import CaseView
from safeguarding_rules.publishing.document.links import ConditionView, Link, StatementRef
from safeguarding_rules.publishing.document.pack import PackView
from safeguarding_rules.publishing.document.rules import DutyView, RuleView, StandingView, StrengtheningView, TableView
from safeguarding_rules.publishing.document.sources import StatementView

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&!])")
_LINE_START = re.compile(r"^(\s*)(\d+)([.)])|^(\s*)([-+=])")


def markdown_of(pack: PackView, texts: Catalogue = ENGLISH) -> str:
    """The Markdown of a pack."""
    lines = list(_Writer(pack, texts).lines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def escaped(text: str) -> str:
    """Text on one line that means nothing to Markdown."""
    flat = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    return _LINE_START.sub(lambda found: f"{found[2]}\\{found[3]}" if found[2] else f"\\{found[5]}", flat)


class _Writer:
    def __init__(self, pack: PackView, texts: Catalogue) -> None:
        self.pack, self.t = pack, texts.say

    def lines(self) -> Iterator[str]:
        pack, t = self.pack, self.t
        yield from (f"# {escaped(pack.title)}", "", f"**{t('page.danger')}** {t('page.judgement')} {t('page.not_a_substitute')}", "")
        yield from (t("page.overview.lead", layer=pack.layer, id=pack.id, version=pack.version), "")
        if pack.status != "in_force":
            yield from (f"**{t(f'page.status.{pack.status}')}**", "")
            if pack.current is not None:
                yield from (t("page.status.current", pack=f"{pack.current.id} {pack.current.version}"), "")
        yield from self._about()
        how_far = "page.unconfirmed" if pack.unconfirmed or pack.quoted else "page.unconfirmed.none"
        counts = {"recalled": len(pack.unconfirmed), "quoted": len(pack.quoted), "total": len(pack.statements)}
        rest = (t("page.unconfirmed.above", id=one.id, version=one.version) for one in pack.above)
        yield from (" ".join((t(how_far, **counts, id=pack.id, version=pack.version), *rest)), "")
        yield from self._outcomes()
        yield from self._flow()
        yield from self._rules()
        yield from self._facts()
        yield from self._actions()
        yield from self._statements()
        yield from self._checks()
        yield from self._changes()

    # -- overview ---------------------------------------------------------------------------------------------------------------------

    def _about(self) -> Iterator[str]:
        pack, t = self.pack, self.t
        facts = {
            "publisher": pack.publisher,
            "where": pack.jurisdiction,
            "in_force": pack.in_force,
            "above": "; ".join(f"{one.id} {one.version}" for one in pack.above),
            "sign_off": pack.sign_off or t("page.about.sign_off.none"),
            "licence": pack.licence,
            "digest": pack.digest,
        }
        yield from (f"- {t(f'page.about.{name}')}: {escaped(value)}" for name, value in facts.items() if value)
        if pack.notes:
            yield from ("", escaped(pack.notes))
        yield ""

    def _outcomes(self) -> Iterator[str]:
        t, advice = self.t, self.pack.advice
        yield from (f"## {t('page.outcomes')}", "", t("page.outcomes.lead"), "")
        for number, one in enumerate(self.pack.outcomes, start=1):
            yield f"{number}. **{escaped(one.ref.title)}** – {escaped(one.meaning)}"
        yield from ("", t("page.advice.lead", outcome=escaped(advice.outcome.title)), "")
        for part in advice.parts:
            if len(advice.parts) > 1:
                yield from (f"{escaped(part.pack)}:", "")
            yield from (*self._duties(part.duties), "")

    def _flow(self) -> Iterator[str]:
        t = self.t
        yield from (f"## {t('page.flow')}", "", t("page.flow.lead"), "")
        number = 0
        for number, step in enumerate((step for step in self.pack.flow if step.rules), start=1):
            yield f"{number}. {t('page.flow.ask')} {t('page.flow.yes')} **{escaped(step.outcome.title)}**. {t('page.flow.no')}"
            yield from (f"   - {escaped(rule.title)}" for rule in step.rules)
        yield f"{number + 1}. {t('page.flow.missing')} {t('page.flow.yes')} **{escaped(self.pack.advice.outcome.title)}**. {t('page.flow.no')}"
        yield from (f"{number + 2}. {t('page.flow.end')} **{escaped(self.pack.flow[-1].outcome.title)}**.", "", t("page.flow.partly"), "")

    # -- rules ------------------------------------------------------------------------------------------------------------------------

    def _rules(self) -> Iterator[str]:
        yield from (f"## {self.t('page.rules')}", "", self.t("page.rules.lead"), "")
        for group in self.pack.groups:
            yield from (f"### {escaped(group.link.title)}", "")
            for rule in group.rules:
                yield from self._rule(rule)
            for table in group.tables:
                yield from self._table(table)
            for one in group.strengthens:
                yield from self._given(one, self.t("page.rules.strengthens", title=one.rule.title), "")
            for entry in group.standing:
                yield from self._given(entry, entry.link.title, entry.occasion)
            for definition in group.definitions:
                yield from (f"#### {escaped(self.t('page.definition', name=definition.link.title))}", "")
                yield from (*self._condition(definition.condition, ""), "")

    def _rule(self, rule: RuleView) -> Iterator[str]:
        t = self.t
        yield from (f"#### {escaped(rule.link.title)}", "", f"`{rule.link.name}`")
        if rule.outcome:
            yield from ("", f"{t('page.rule.outcome')} **{escaped(rule.outcome.title)}**.")
        if rule.state:
            yield from ("", f"**{rule.state}**")
        yield from ("", escaped(rule.because), "")
        for key, condition in (("given", rule.given), ("when", rule.when), ("unless", rule.unless)):
            if condition is not None:
                yield f"- **{t(f'page.rule.{key}')}**"
                yield from self._condition(condition, "  ")
        yield f"- **{t('page.rule.unknown')}**: {rule.if_unknown}"
        if rule.duties:
            yield f"- **{t('page.rule.then')}**"
            yield from (f"  {line}" for line in self._duties(rule.duties))
        if rule.note:
            yield f"- {t('page.note')}: {escaped(rule.note)}"
        yield from self._cited(rule.cites)

    def _given(self, one: StandingView | StrengtheningView, title: str, occasion: str) -> Iterator[str]:
        yield from (f"#### {escaped(title)}", "")
        if occasion:
            yield from (f"{escaped(occasion)}.", "")
        elif one.outcome is not None:
            yield from (f"{self.t('page.rule.outcome')} **{escaped(one.outcome.title)}**.", "")
        yield from (escaped(one.because), "", *self._duties(one.duties))
        yield from self._cited(one.cites)

    def _table(self, table: TableView) -> Iterator[str]:
        t = self.t
        heads = [t("page.table.row"), *(column.question for column in table.columns), t("page.table.outcome"), t("page.table.actions")]
        yield from (f"#### {escaped(t('page.table', title=table.link.title))}", "", t("page.table.lead"), "")
        yield _row(heads)
        yield _row(["---"] * len(heads), plain=True)
        for cells, row in zip(table.cells, table.rows, strict=True):
            outcome = row.outcome.title if row.outcome is not None else "–"
            duties = "; ".join(self._duty(duty) for duty in row.duties) or "–"
            yield _row([row.link.title, *(cell or t("page.table.any") for cell in cells), outcome, duties])
        yield ""
        for row in table.rows:
            yield from self._rule(row)

    def _condition(self, condition: ConditionView, indent: str) -> Iterator[str]:
        t = self.t
        match condition.op:
            case "test":
                yield f"{indent}- {escaped(condition.question)} **{escaped(condition.answer)}**"
            case "defined" if condition.link is not None:
                yield f"{indent}- {t('page.condition.defined')} {escaped(condition.link.title)}"
            case "all" | "any" | "not":
                yield f"{indent}- {t(f'page.condition.{condition.op}')}"
                for member in condition.members:
                    yield from self._condition(member, indent + "  ")
            case _:
                yield f"{indent}- {t('condition.always')}"

    def _duties(self, duties: Iterable[DutyView]) -> Iterator[str]:
        for duty in duties:
            more = " ".join(part for part in (self.t("full.until", until=duty.until) if duty.until else "", duty.note) if part)
            yield f"- {escaped(self._duty(duty))}" + (f" – {escaped(more)}" if more else "")

    def _duty(self, duty: DutyView) -> str:
        label = self.t("duty.label", who=duty.by, modality=duty.modality_words)
        return f"{label}: {duty.action.title}" + (f" ({duty.when})" if duty.when else "")

    def _cited(self, cites: Iterable[StatementRef]) -> Iterator[str]:
        yield from ("", f"{self.t('page.rule.statements')}:", "")
        for one in cites:
            checked = self.t(f"checked.{one.checked}")
            yield f"- {escaped(one.text)} ({escaped(one.link.name)}, {escaped(one.section)}; {one.force}; {checked})"
        yield ""

    # -- questions, actions, sources --------------------------------------------------------------------------------------------------

    def _facts(self) -> Iterator[str]:
        t = self.t
        yield from (f"## {t('page.facts')}", "", t("page.facts.lead"), "")
        for group in self.pack.facts:
            yield from (f"### {escaped(group.title)}", "")
            for fact in group.facts:
                answers = "; ".join(escaped(label) for _, label in fact.answers)
                yield f"- **{escaped(fact.question)}** {fact.type}{': ' + answers if answers else ''}. `{fact.link.name}`"
                if fact.help:
                    yield f"  {escaped(fact.help)}"
                if fact.short:
                    yield f"  {t('page.fact.short')}: {escaped(fact.short)}"
                if fact.applies_when is not None:
                    yield f"  {t('page.fact.applies')}: {escaped(fact.applies_when.words)}."
            yield ""

    def _actions(self) -> Iterator[str]:
        t = self.t
        yield from (f"## {t('page.actions')}", "", t("page.actions.lead"), "")
        for action in self.pack.actions:
            protects = t("page.action.refrain" if action.refrain else "page.action.do")
            yield f"- **{escaped(action.link.title)}** – {escaped(action.meaning)} ({action.by}; {protects})"
        yield ""
        for route in self.pack.routes:
            yield from (f"### {t('page.routes')}: {escaped(route.link.title)}", "")
            for number, one in enumerate(route.contacts, start=1):
                when = "" if one.when is None else f"{t('page.route.when')} {escaped(one.when.words)}: "
                parts = (one.name, one.phone, one.web, one.hours, one.note)
                yield f"{number}. {when}{'; '.join(escaped(part) for part in parts if part)}"
            yield ""

    def _statements(self) -> Iterator[str]:
        t = self.t
        yield from (f"## {t('page.statements')}", "", t("page.statements.lead"), "")
        for source in self.pack.sources:
            if source.statements:
                yield from (f"### {escaped(source.title)}", "", escaped(f"{source.publisher}. {source.address}".strip()), "")
                for statement in source.statements:
                    yield from self._statement(statement)
                yield ""

    def _statement(self, one: StatementView) -> Iterator[str]:
        t = self.t
        who = t("page.statement.who", binds=escaped(one.binds), strength=one.strength, force=one.ref.force)
        checked = t(f"checked.{one.ref.checked}")
        yield f"- **{escaped(one.ref.link.name)}** {escaped(one.ref.text)} ({escaped(one.ref.section)}. {who} {checked}.)"
        if one.used_by:
            yield f"  {t('page.statement.used_by')} {'; '.join(self._part(link) for link in one.used_by)}."
        if one.not_computable:
            yield f"  {t('page.statement.not_computable')} {escaped(one.not_computable)}"

    def _part(self, link: Link) -> str:
        return escaped(link.title)

    # -- checks and changes -----------------------------------------------------------------------------------------------------------

    def _checks(self) -> Iterator[str]:
        t = self.t
        yield from (f"## {t('page.checks')}", "", f"### {t('page.invariants')}", "")
        yield from (f"- {escaped(one.words)} `{one.link.name}`" for one in self.pack.invariants)
        yield from ("", f"### {t('page.cases')}", "")
        for start in self.pack.starts:
            yield from (f"#### {t('page.case.start')} {escaped(start.link.title)}", "")
            yield from (*(f"- {escaped(question)} **{escaped(answer)}**" for question, answer in start.facts), "")
        for case in self.pack.cases:
            yield from self._case(case)

    def _case(self, case: CaseView) -> Iterator[str]:
        t = self.t
        yield from (f"#### {escaped(case.link.title)}", "")
        if case.start is not None:
            yield f"- {t('page.case.start')} {escaped(case.start.title)}"
        yield from (f"- {escaped(question)} **{escaped(answer)}**" for question, answer in case.facts)
        agreed = t("page.case.agreed", who=escaped(case.agreed_by)) if case.agreed_by else t("page.case.not_agreed")
        yield from ("", f"{t('page.case.expected')} {escaped(' '.join(case.expected))} {agreed}", "")

    def _changes(self) -> Iterator[str]:
        t = self.t
        for one in self.pack.changes:
            yield from (f"## {escaped(t('page.changes.title', old=one.old, new=one.new))}", "", escaped(" ".join(one.verdict)), "")
            for group in one.groups:
                yield from (f"### {group.title}", "")
                for item in group.items:
                    direction = "" if item.direction == "other" else f"{t(f'page.direction.{item.direction}')} "
                    yield f"- {direction}{escaped(item.text)}"
                    yield from (f"  - {escaped(detail)}" for detail in item.details)
                yield ""


def _row(cells: Iterable[str], *, plain: bool = False) -> str:
    return f"| {' | '.join(cell if plain else escaped(cell) for cell in cells)} |"
