"""The decision record as a page to print and sign: HTML with print styles, nothing to load, every text escaped.

Comes in: a `DecisionRecord`. Goes out: one HTML document. Promised: nothing but what the record holds; the same record gives the same page; no
script, no address is fetched. Times are London's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from typing import Any, cast

from safeguarding_rules.casework.history import REASONS
from safeguarding_rules.casework.moments import TOLERATED, day_short, day_words
from safeguarding_rules.casework.record import DecisionRecord, RecordedDuty, RecordedEvent
from safeguarding_rules.language.deadlines import LONDON

_STYLE = """
@page { size: A4; margin: 16mm 15mm 18mm; @bottom-left { content: "Confidential · Decision record %s"; font-size: 8pt; color: #444; }
  @bottom-right { content: "page " counter(page) " of " counter(pages); font-size: 8pt; color: #444; } }
* { box-sizing: border-box; }
body { font: 10.5pt/1.4 "Liberation Sans", Arial, sans-serif; color: #111; background: #fff; }
body { max-width: 180mm; margin: 0 auto; }
h1 { font-size: 18pt; margin: 0 0 1mm; } h2 { font-size: 12pt; margin: 7mm 0 2mm; border-bottom: 0.4mm solid #333; break-after: avoid; }
p { margin: 1mm 0; }
.outcome { font-size: 13pt; font-weight: bold; border: 0.6mm solid #111; padding: 3mm 4mm; margin: 4mm 0; }
.note { color: #444; } .missing { border-left: 1.2mm solid #a00; padding-left: 3mm; }
table { border-collapse: collapse; width: 100%%; } th, td { border: 0.2mm solid #888; padding: 1.2mm 2mm; text-align: left;
  vertical-align: top; min-width: 15mm; }
th { background: #eee; } thead { display: table-header-group; } tr, li { break-inside: avoid; } td, p, li { overflow-wrap: anywhere; }
.whole { white-space: nowrap; overflow-wrap: normal; }
@media screen and (max-width: 40rem) { .whole { white-space: normal; } th { overflow-wrap: anywhere; }
  th, td { padding: 1mm; font-size: 9.5pt; min-width: 0; } td:first-child { min-width: 23mm; } ul { padding-left: 6mm; } }
.overdue { font-weight: bold; color: #a00; }
.sign { display: grid; grid-template-columns: 1fr 1fr 35mm; gap: 6mm; margin-top: 10mm; break-inside: avoid; }
.sign div { border-top: 0.3mm solid #111; }
@media screen { body { padding: 8mm 4mm; } }
@media print { body { padding: 0; max-width: none; } }
"""
_LISTED = {"must_not": "must not", "should_not": "should not"}


def record_page(record: DecisionRecord) -> str:
    """The record as an HTML document."""
    decision = cast(dict[str, Any], record.decision)
    parts = [
        f"<h1>Decision record</h1><p class=note>Confidential · Case {_e(record.case)} · record {record.number} · {_time(record.made_at)}</p>",
        f"<p class=outcome>Policy advises: {_outcome(record, record.outcome_advised)}</p>",
        _standing(record, decision),
        _departure(record),
        _warnings(decision),
        _section("Concern", _paragraphs(record.concern) or "<p class=note>Not written down.</p>"),
        _section("What is known", _facts(record)),
        _section("Known, but left out: the policy in force does not take it", _list(f"{_e(one.name)}: {_e(one.why)}" for one in record.left_out)),
        _section("What is not known and could change the advice", _list(_e(one["ask"]) for one in decision["questions"] if one["could_become"])),
        _section("Reasons", _list(_e(reason) for reason in record.reasons)),
        _section("Actions", _actions(record)),
        _section("What must not be done", _prohibitions(record)),
        _section("Headteacher", _headteacher(record)),
        _section("Notes", "".join(f"<p><b>{_words(n.topic)}</b> · {_e(n.who)} · {_time(n.at)}</p>{_paragraphs(n.text)}" for n in record.notes)),
        _section("Review", _review(record)),
        _section("How the case ended", "" if record.outcome is None else f"<p>{_time(record.outcome.at)}</p>{_paragraphs(record.outcome.text)}"),
        _missing(record),
        _section("What was written down, in that order", _history(record)),
        _section("Sources", _statements(record)),
        _section("Policy", _policy(record, decision)),
        _signatures(record),
    ]
    title = f"Decision record {record.number}"
    foot = f"{record.number} · Case {record.case}" if _PLAIN.fullmatch(record.case) else str(record.number)
    head = f'<meta charset="utf-8"><title>{title}</title><style>{_STYLE % foot}</style>'
    body = "\n".join(part for part in parts if part)
    return f'<!DOCTYPE html>\n<html lang="en-GB"><head>{head}</head>\n<body><main>\n{body}\n</main></body></html>\n'


_NAMED = re.compile(r"`([^`]+)`")
_PLAIN = re.compile(r"[A-Za-z0-9 ._/-]{1,60}")  # what may stand in a style sheet as it is


def _outcome(record: DecisionRecord, name: str) -> str:
    return _e(record.outcome_titles.get(name, name.replace("_", " ")))


def _e(text: object) -> str:
    return escape(str(text), quote=True)


def _words(name: str) -> str:
    return "DSL" if name == "dsl" else _e(name.replace("_", " "))


def _time(moment: datetime) -> str:
    local = moment.astimezone(LONDON)
    return f"{day_words(local)}, {local:%H:%M}"


def _short(moment: datetime) -> str:
    local = moment.astimezone(LONDON)
    return f"<span class=whole>{day_short(local)},</span> <span class=whole>{local:%H:%M}</span>"


def _section(title: str, body: str) -> str:
    return f"<h2>{title}</h2>\n{body}" if body else ""


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{_e(part)}</p>" for part in text.splitlines() if part.strip())


def _list(items: Iterable[str]) -> str:
    inner = "".join(f"<li>{item}</li>" for item in items)
    return f"<ul>{inner}</ul>" if inner else ""


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{''.join(f'<th>{head}</th>' for head in heads)}</tr></thead><tbody>{body}</tbody></table>" if body else ""


def _standing(record: DecisionRecord, decision: dict[str, Any]) -> str:
    if decision["settled"]:
        return "<p>Settled: nothing that is still unknown could change it.</p>"
    others = ", ".join(_outcome(record, name) for name in decision["possible_outcomes"] if name != decision["outcome"])
    firm = "It cannot become milder. " if decision["firm"] else ""
    return f"<p>Not settled. {firm}It could still become: {others}.</p>" if others else ""


def _departure(record: DecisionRecord) -> str:
    one = record.override
    if one is None and (old := record.lapsed) is not None:
        was = f"{_outcome(record, old.outcome)} instead of {_outcome(record, old.advised or '')}"
        return f"<p>Decided before: {was}, by {_e(old.who)}, {_time(old.at)}. That no longer stands, for the advice has changed since.</p>"
    if one is None:
        return f"<p>Decided by {_e(record.decided_by)}: the advice is followed.</p>"
    made = "" if one.advised is None else f" The advice was then: {_outcome(record, one.advised)}."
    return (
        f"<p class=outcome>Decided instead: {_outcome(record, one.outcome)}</p>"
        f"<p>By {_e(one.who)}, {_time(one.at)}. Reason: {_e(REASONS[one.reason])}.{made}</p>{_paragraphs(one.text)}"
    )


def _warnings(decision: dict[str, Any]) -> str:
    """What a reader must know of the decision besides: contradictions, unconfirmed statements, drafts, overdue reviews."""
    told = _list(_NAMED.sub(r"<code>\1</code>", _e(one["message"][:1].upper() + one["message"][1:])) + "." for one in decision["warnings"])
    return f"<div class=missing>{told}</div>" if told else ""


def _facts(record: DecisionRecord) -> str:
    facts = sorted(record.facts, key=lambda one: one.known_at)
    rows = ((_e(one.question), _e(one.answer) or _value(one.value), _short(one.known_at), _e(one.source or "not said"), _e(one.who)) for one in facts)
    return _table(("Question", "Answer", "Known", "From", "Written by"), rows) or "<p class=note>Nothing yet.</p>"


def _value(value: object) -> str:
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{_words(str(test))} {_value(operand)}" for test, operand in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_value(one) for one in value)
    return _words(str(value))


def _actions(record: DecisionRecord) -> str:
    rows = (
        (
            f"{_e(one.title)}<br><span class=note>{_asked(one)}</span>",
            f'<span class="whole{" overdue" if one.state == "overdue" else ""}">{_e(one.state)}</span>',
            "" if one.due is None else _short(one.due),
            _became(one),
        )
        for one in record.duties
        if one.state is not None
    )
    return _table(("Action", "State", "Due", "Done, or why not"), rows)


def _asked(one: RecordedDuty) -> str:
    if one.modality is None:
        return "not asked for by policy"
    if one.modality in _LISTED:
        return f"<b>{_words(one.by)} {_LISTED[one.modality]}, by policy</b>"
    presumed = " (presumed)" if one.status == "presumed" else ""
    return f"{_words(one.by)} {_words(one.modality)}{presumed}"


def _became(one: RecordedDuty) -> str:
    if one.at is None:
        return "" if one.earlier is None else f"<span class=note>Done or waived {_short(one.earlier)}, before it arose anew</span>"
    reason = f"Not done: {_e(REASONS[one.reason])}. " if one.reason else ""
    said = f"{reason}{_e(one.text)}"
    return f"{said}{'<br>' if said else ''}<span class=note>{_e(one.who)}, {_short(one.at)}</span>"


def _prohibitions(record: DecisionRecord) -> str:
    chosen = [one for one in record.duties if one.modality in _LISTED and one.status != "depends"]
    groups: dict[tuple[str, str], list[str]] = {}
    for modality in _LISTED:
        for one in chosen:
            if one.modality == modality:
                groups.setdefault((one.by, modality), []).append(_e(_started(one.title)))
    return _list(
        f"<b>{_words(by).capitalize() if by != 'dsl' else 'DSL'} {_LISTED[modality]}</b> {'; '.join(titles)}"
        for (by, modality), titles in groups.items()
    )


def _started(title: str) -> str:
    """A title as part of a sentence."""
    return title[:1].lower() + title[1:]


def _headteacher(record: DecisionRecord) -> str:
    one = record.headteacher
    if one.agreed is None:
        return f"<p>Agreement needed ({_e(one.because)}), not yet given.</p>" if one.needed else ""
    said = f"{'Agrees' if one.agreed else 'Does not agree'} to “{_outcome(record, one.outcome or '')}”"
    return f"<p>{said}: {_e(one.who)}{'' if one.at is None else ', ' + _time(one.at)}</p>{_paragraphs(one.text)}"


def _review(record: DecisionRecord) -> str:
    one = record.review
    if one is None:
        return ""
    held = "" if one.held_at is None else f", held {_time(one.held_at)}"
    return f"<p>{day_words(one.on)}{held}</p>{_paragraphs(one.text)}"


def _history(record: DecisionRecord) -> str:
    rows = ((_at(one), _happened(one), _e(one.who)) for one in record.history)
    return _table(("When", "What", "Written by"), rows)


def _at(one: RecordedEvent) -> str:
    late = one.recorded_at - one.known_at > TOLERATED
    return _short(one.known_at) + (f"<br><span class=note>written down {_short(one.recorded_at)}</span>" if late else "")


def _happened(one: RecordedEvent) -> str:
    source = f"<br><span class=note>from: {_e(one.source)}</span>" if one.source else ""
    return f"{_e(one.told)}{source}{_paragraphs(one.text)}"


def _missing(record: DecisionRecord) -> str:
    items = _list(_NAMED.sub(r"<code>\1</code>", _e(one.item[:1].upper() + one.item[1:])) for one in record.missing)
    return f"<h2>Still to be written down</h2><div class=missing>{items}</div>" if items else ""


def _statements(record: DecisionRecord) -> str:
    unseen = {"seen": "", "secondary": " · seen only in another document", "recalled": " · not yet confirmed against its source"}
    return _list(
        f"<b>{_e(one.statement)}</b> {_e(one.text)} <span class=note>{_e(one.source)}, {_e(one.section)} ({_words(one.force)})"
        f"{unseen.get(one.checked, '')}</span>"
        for one in record.statements
    )


def _policy(record: DecisionRecord, decision: dict[str, Any]) -> str:
    packs = _list(f"{_e(one['pack'])} {_e(one['version'])} <span class=note>{_e(one['digest'])}</span>" for one in decision["policy"]["packs"])
    stamp = f"In force on {_e(decision['on'])} · {_e(decision['policy']['fingerprint'])} · library {_e(record.library_version)}"
    return f"{packs}<p class=note>{stamp}</p>"


def _signatures(record: DecisionRecord) -> str:
    people = ["Designated safeguarding lead", *(["Headteacher"] if record.headteacher.needed else [])]
    return "".join(f"<div class=sign><div>{one}</div><div>Signature</div><div>Date</div></div>" for one in people)
