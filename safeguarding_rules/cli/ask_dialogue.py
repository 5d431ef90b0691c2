"""The interview as a dialogue: shows a step, reads a line, and goes on until there is an end.

In: an interview, where lines come from and where text goes. Out: the State and Step of the end. Promised: a line that is no answer is never taken
for one: on a terminal the question is asked again, in a file of answers it is an error with its line, for later lines would answer other questions.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TextIO

from safeguarding_rules.cli.ask_page import AskPage
from safeguarding_rules.cli.terminal import WIDTH
from safeguarding_rules.diagnostics import Diagnostic, FactsError, Span, suggest
from safeguarding_rules.engine import Engine
from safeguarding_rules.interface_texts import Catalogue
from safeguarding_rules.interview.interview import Interview
from safeguarding_rules.interview.state import State, Step
from safeguarding_rules.interview.typed import NotUnderstoodError, Typed

FILE = "standard input"
_LONGEST_LINE = 1_000


class EndOfAnswersError(Exception):
    """No more lines."""


@dataclass(frozen=True)
class Screen:
    """Where a dialogue takes place. `show` writes text and `read` a line; `asks_again` where a person sits in front of it."""

    read: Callable[[], str]
    show: Callable[[str], None]
    asks_again: bool
    width: int = WIDTH


def screen(answers: TextIO, shown: TextIO) -> Screen:
    """Return the dialogue over two streams: lines are read from one, everything else is written to the other."""
    typed = answers.isatty()

    def show(text: str) -> None:
        shown.write(text)
        shown.flush()

    def read() -> str:
        line = answers.readline(_LONGEST_LINE)
        if not typed and line:
            show(line if line.endswith("\n") else line + "\n")
        return line

    columns = shutil.get_terminal_size((WIDTH, 24)).columns if shown.isatty() else WIDTH
    return Screen(read, show, typed, max(40, min(WIDTH, columns)))


class Dialogue:
    """One interview on one screen."""

    def __init__(self, engine: Engine, interview: Interview, on: Screen, texts: Catalogue) -> None:
        self._engine = engine
        self._interview = interview
        self._screen = on
        self._texts = texts
        self._say = texts.say
        self._typed = Typed(texts)
        self._infos = {info.spec.name: info for info in engine.program.policy.facts}
        self._page = AskPage(engine.program.policy, texts, on.width)
        self._earlier: list[State] = []
        self._lines = 0
        self._ended = False
        self._warned = False  # whether Ctrl-C would leave now
        self.answers_ended = False

    def run(self, state: State) -> tuple[State, Step]:
        """Ask until there is an end. Raises FactsError where a line of a file of answers is none."""
        step = self._interview.step(state)
        self._screen.show(self._page.beginning(step.decision))
        while step.kind != "end":
            self._screen.show("\n" + self._page.step(step, self._number_of(state)))
            try:
                state = self._answer(state, step)
            except EndOfAnswersError:
                self.answers_ended = not self._screen.asks_again
                state = self._stopped(state, step)
            step = self._interview.step(state)
        self._ended = self._warned = True
        self._screen.show("\n" + self._page.ending(step, answers_ended=self.answers_ended))
        return state, step

    def _number_of(self, state: State) -> int:
        """Which question this is; an offer to stop is none."""
        states = [*self._earlier, state]
        return 1 + sum(before.offered == after.offered for before, after in pairwise(states))

    # -- lines --------------------------------------------------------------------------------------------------------------------------

    def line(self) -> str:
        """Return the next line. Raises EndOfAnswersError; KeyboardInterrupt where a person interrupts twice, for once may have meant to copy."""
        while True:
            self._screen.show(self._say("interview.prompt"))
            try:
                line = self._screen.read()
            except KeyboardInterrupt:
                if self._warned or not self._screen.asks_again:
                    raise
                self._warned = True
                self._screen.show("\n" + self._page.remark(self._say("interview.interrupted")))
                continue
            self._warned = self._ended
            self._lines += 1
            if not line:
                self._screen.show("\n")
                raise EndOfAnswersError
            if self._screen.asks_again or not line.lstrip().startswith("#"):
                return line.strip()

    def _answer(self, state: State, step: Step) -> State:
        """Read lines until one leads to another state."""
        while True:
            line = self.line()
            try:
                after = self._command(state, step, line)
                if after is None:
                    after = self._remembered(state, self._taken(state, step, line))
            except NotUnderstoodError as problem:
                self._not_understood(line, str(problem))
                continue
            if after is not state:
                return after

    def _not_understood(self, line: str, problem: str) -> None:
        if self._screen.asks_again:
            self._screen.show(self._page.remark(self._say("interview.not_understood", problem=problem)))
            return
        place = Span(FILE, self._lines, 1, self._lines, len(line) + 1)
        # The line itself is not repeated: it is about a case, and errors end up in logs.
        raise FactsError([Diagnostic("SR817", "error", "the answer does not fit the question", place, problem)])

    def _remembered(self, before: State, after: State) -> State:
        self._earlier.append(before)
        return after

    # -- what a line means --------------------------------------------------------------------------------------------------------------

    def _command(self, state: State, step: Step, line: str) -> State | None:
        """What a line does that is no answer: the state it leads to, the same one where it only shows something; None where it is an answer."""
        says = self._typed.says
        if says("back", line):
            if not self._earlier:
                raise NotUnderstoodError(self._say("interview.back.none"))
            return self._earlier.pop()
        if says("stop", line):
            return self._remembered(state, self._stopped(state, step))
        if self._explained(state, step, line):
            return state
        if says("change", line):
            return self._changing(state, step)
        if says("skip", line) and step.kind in ("ask", "together"):
            # An answer that was to be changed is not asked for again, so it stays.
            after = self._unchanged(state) if state.again is not None else self._interview.skipped(state, step)
            return self._remembered(state, after)
        return None

    def _explained(self, state: State, step: Step, line: str) -> bool:
        """Show help or reasons where a line asks for them."""
        if self._typed.says("help", line):
            self._screen.show(self._page.help(step))
            return True
        if self._typed.says("why", line):
            self._screen.show(self._page.why(step) + "\n" + self._engine.explain(step.decision).short(self._texts))
            self._show_again(state, step)
            return True
        return False

    def _show_again(self, state: State, step: Step) -> None:
        """The question once more, after something longer than a screen."""
        self._screen.show("\n" + self._page.step(step, self._number_of(state)))

    def _stopped(self, state: State, step: Step) -> State:
        """The state after stopping. An answer that was to be changed, and was not given anew, stays as it was."""
        if (whole := self._unchanged(state)) is not state:
            state, step = whole, self._interview.step(whole)
        return self._interview.stopped(state, step)

    def _unchanged(self, state: State) -> State:
        """The state before answers were taken out to be given anew; the state itself where none was."""
        return next((one for one in reversed([*self._earlier, state]) if one.again is None), state)

    def _changing(self, state: State, step: Step) -> State:
        """Ask which answer to give anew, until it is one of them: a number that is none must not be taken for an answer to the question before."""
        if not state.order:
            raise NotUnderstoodError(self._say("interview.change.none"))
        self._screen.show(self._page.changing(state))
        while True:
            line = self.line()
            if not line or self._typed.says("back", line):
                self._show_again(state, step)
                return state
            if self._typed.says("stop", line):
                return self._remembered(state, self._stopped(state, step))
            try:
                chosen = self._number(line, len(state.order), "change")
            except NotUnderstoodError as problem:
                self._not_understood(line, str(problem))
            else:
                return self._remembered(state, self._interview.changing(state, state.order[chosen - 1]))

    def _number(self, line: str, count: int, what: str) -> int:
        if not (line.isascii() and line.isdigit() and 1 <= int(line[:9]) <= count):
            raise NotUnderstoodError(self._say(f"interview.problem.{what}", count=count))
        return int(line)

    def _taken(self, state: State, step: Step, line: str) -> State:
        """The state after a line that is an answer."""
        interview, typed = self._interview, self._typed
        if step.kind == "offer":
            if typed.says("go_on", line):
                return interview.gone_on(state, step)
            raise NotUnderstoodError(self._say("interview.problem.offer"))
        if step.kind == "conflict":
            if typed.says("keep", line):
                return interview.stopped(state, step)
            return interview.changing(state, step.facts[self._number(line, len(step.facts), "conflict") - 1].spec.name)
        name, colon, rest = line.partition(":")
        if colon:
            if name.strip() not in self._infos:
                raise NotUnderstoodError(self._unknown(name.strip()))
            return interview.answered(state, step, {name.strip(): typed.one(self._infos[name.strip()], rest.strip())})
        if step.kind == "together":
            return interview.answered(state, step, self._together(step, line))
        return interview.answered(state, step, {step.facts[0].spec.name: typed.one(step.facts[0], line)})

    def _together(self, step: Step, line: str) -> Mapping[str, object]:
        """The answers to several questions; says how many of them were not named, for a reader may take those for answered."""
        answers = self._typed.together(step.facts, line)
        if left := len(step.facts) - len(answers):
            self._screen.show(self._page.remark(self._say(f"interview.left_open.{'one' if left == 1 else 'many'}", number=left)))
        return answers

    def _unknown(self, name: str) -> str:
        return suggest(name, self._infos) or self._say("interview.problem.name", name=name[:60])
