"""The interview as text: what each step looks like.

In: steps. Out: lines of plain text, at most as wide as the page. Must not know: where lines go, or where answers come from.
"""

from __future__ import annotations

from collections.abc import Mapping

from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.explaining.layout import UNBROKEN, Page
from safeguarding_rules.explaining.wording import FactWording
from safeguarding_rules.interface_texts import Catalogue
from safeguarding_rules.interview.state import State, Step
from safeguarding_rules.linking.policy import FactInfo, Policy

_SHORT = 20
_NAMED = 3  # facts that could raise the outcome and are named in an offer to stop
_LISTED = 2  # more outcomes are told as a range


class AskPage:
    """Writes the steps of one interview."""

    def __init__(self, policy: Policy, texts: Catalogue, width: int) -> None:
        self._policy = policy
        self._texts = texts
        self._say = texts.say
        self._width = width
        self._infos = {info.spec.name: info for info in policy.facts}
        self._wording = FactWording(policy.facts, texts)
        self._titles = {outcome.name: outcome.title for outcome in policy.outcomes}
        self._said = ""

    def beginning(self, decision: Decision) -> str:
        """What stands above the first question."""
        page = Page(self._width)
        on = decision.on
        day = self._say("day", day=on.day, month=self._say(f"month.{on.month}"), year=on.year)
        packs = self._texts.join([f"{pack.id} {pack.version}" for pack in reversed(self._policy.packs)], "list.and")
        page.paragraph(self._say("interview.title", packs=packs, day=day))
        page.paragraph(self._say("interview.begin"))
        page.paragraph(self._say("interview.begin.keys"))
        if decision.facts:
            page.blank()
            page.paragraph(self._say("interview.begin.known"))
            self._answers(page, decision.facts, numbered=False)
        return page.text()

    def step(self, step: Step, number: int) -> str:
        """A step that is to be answered."""
        page = Page(self._width)
        if step.kind == "conflict":
            page.paragraph(self._say("interview.conflict"))
            self._answers(page, {info.spec.name: step.decision.facts[info.spec.name] for info in step.facts})
            self._keys(page, "interview.keys.conflict")
            return page.text()
        if step.kind == "offer":
            self._offer(page, step)
            return page.text()
        if step.decision.facts or self._said:
            page.paragraph(self.so_far(step))
        page.blank()
        page.paragraph(self._say("interview.number", question=number))
        if step.kind == "together":
            page.paragraph(self._say("interview.any_of_these" if step.waited_for else "interview.which_of_these"))
            for place, info in enumerate(step.facts, 1):
                page.item(str(place), info.line, 1, 4)
            self._keys(page, "interview.keys.together")
            return page.text()
        info = step.facts[0]
        self._question(page, info)
        for place, value in enumerate(info.spec.values, 1):
            if self._can_be(step.decision, info, value):
                # The others keep their numbers, so that a file of answers means the same after any other answer.
                page.item(str(place), info.labels.get(value, value), 1, 4)
        self._keys(page, f"interview.keys.{info.spec.type}")
        return page.text()

    @staticmethod
    def _can_be(decision: Decision, info: FactInfo, value: str) -> bool:
        """Whether the answers so far leave a value possible; where they contradict, all are shown."""
        space = decision.program.space
        if info.spec.type != "choice" or decision.contradiction is not None:
            return True
        cell = space.cell_of(space.variable_of(info.spec.name), value)
        return cell is None or bool(decision.verdict.box & cell)

    def _keys(self, page: Page, key: str) -> None:
        """What can be typed; what belongs together stays on one line."""
        parts = [part.replace(" ", UNBROKEN) if len(part) <= _SHORT else part for part in self._say(key).split(" | ")]
        page.paragraph(" | ".join(parts))

    def _question(self, page: Page, info: FactInfo, marker: str = "", *, helping: bool = False) -> None:
        """A question in full, under a marker among others, with or without its help."""
        indent, hang = (1, 4) if marker else (0, 0)
        question = info.question
        if info.spec.type == "integer":
            question = self._say("interview.between", question=question, low=info.spec.low, high=info.spec.high)
        page.item(marker, question, indent, hang)
        if info.help and helping:
            page.paragraph(info.help, max(hang, 2))

    def _offer(self, page: Page, step: Step) -> None:
        title = self._titles[step.decision.outcome]
        certainty = "settled" if step.decision.settled else "firm"
        page.paragraph(self._say(f"interview.offer.{certainty}", outcome=title))
        if step.raising:
            lines = self._texts.join([info.line for info in step.raising[:_NAMED]], "list.semicolon")
            lines = lines if len(step.raising) <= _NAMED else self._say("interview.offer.raising.more", lines=lines)
            page.paragraph(self._texts.count("interview.offer.raising", len(step.raising), lines=lines))
        if others := max(0, step.left - len(step.raising)):
            page.paragraph(self._texts.count("interview.offer.left", others))
        self._keys(page, "interview.keys.offer")

    def so_far(self, step: Step) -> str:
        """The answer so far, whether it is firm, and why it is not settled; the reason only where that is new."""
        decision = step.decision
        others = [self._titles[name] for name in decision.possible_outcomes if name != decision.outcome]
        listed = self._texts.join([self._say("interview.so_far.one", outcome=one) for one in others], "list.or")
        if len(others) > _LISTED:
            listed = self._say("interview.so_far.range", least=others[0], most=others[-1])
        title = self._titles[decision.outcome]
        if decision.contradiction is not None:
            return self._say("interview.so_far", outcome=title, certainty=self._say("interview.so_far.contradiction"))
        how = "settled" if decision.settled else "firm" if decision.firm else "open"
        if how == self._said:
            return self._say("interview.so_far.as_before", outcome=title, certainty=self._say(f"interview.so_far.{how}.as_before"))
        self._said = how
        return self._say("interview.so_far", outcome=title, certainty=self._say(f"interview.so_far.{how}", outcomes=listed))

    def why(self, step: Step) -> str:
        """What the answer could change."""
        page = Page(self._width)
        if step.could_become:
            listed = self._texts.join([self._titles[name] for name in step.could_become], "list.semicolon")
            page.paragraph(self._say("interview.why.outcome", outcomes=listed))
        elif step.facts:
            page.paragraph(self._say("interview.why.must"))
        page.paragraph(self._texts.count("interview.why.left", step.left))
        return page.text()

    def changing(self, state: State) -> str:
        """What has been answered, numbered, to choose from."""
        page = Page(self._width)
        page.paragraph(self._say("interview.change"))
        self._answers(page, {name: state.facts.get(name) for name in state.order})
        self._keys(page, "interview.keys.change")
        return page.text()

    def _answers(self, page: Page, facts: Mapping[str, object], *, numbered: bool = True) -> None:
        for place, (name, value) in enumerate(facts.items(), 1):
            answer = self._say("interview.answered.unknown") if value is None else self._wording.answer(name, value)
            text = self._say("interview.answered", question=self._infos[name].question, answer=answer)
            page.item(str(place) if numbered else "-", text, 1, 4)

    def help(self, step: Step) -> str:
        """Questions on one screen in full, with what counts and what does not; and all that can be typed."""
        page = Page(self._width)
        lines = self._say("interview.help").splitlines()
        if step.kind == "together":
            page.paragraph(self._say("interview.help.in_full"))
            for place, info in enumerate(step.facts, 1):
                self._question(page, info, str(place), helping=True)
            page.blank()
            lines.insert(0, self._say("interview.help.group"))
        elif step.facts:
            self._question(page, step.facts[0], helping=True)
            page.blank()
        for line in lines:
            page.item("", line, 2, 4)
        return page.text()

    def remark(self, text: str) -> str:
        """A remark on what was typed."""
        page = Page(self._width)
        page.paragraph(text)
        return page.text()

    def ending(self, step: Step, *, answers_ended: bool) -> str:
        """Why the questions end."""
        ending = "answers" if answers_ended else "stopped" if step.ending in ("stopped", "kept") else "settled" if step.decision.settled else "open"
        page = Page(self._width)
        page.paragraph(self._say(f"interview.end.{ending}"))
        return page.text()
