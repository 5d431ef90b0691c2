"""What the interview says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

INTERVIEW: Final[Mapping[str, str]] = {
    # -- the beginning
    "interview.title": "Questions by {packs}, for {day}",
    "interview.begin": "If a child is in danger now, call 999 first. Nobody needs to look at any imagery to answer.",
    "interview.begin.keys": "Type an answer and press Enter. At any time: h help, s skip, b back, w why, q stop.",
    "interview.begin.known": "Known from the start:",
    # -- where things stand
    "interview.so_far": "So far: {outcome}. {certainty}",
    "interview.so_far.as_before": "So far: {outcome} ({certainty}).",
    "interview.so_far.settled": "Settled: no answer can change this.",
    "interview.so_far.firm": "Firm: act on it. It could still rise to {outcomes}.",
    "interview.so_far.open": "Not settled: it could still be {outcomes}.",
    "interview.so_far.contradiction": "Not settled: some answers cannot all be true.",
    "interview.so_far.settled.as_before": "settled",
    "interview.so_far.firm.as_before": "firm, could still rise",
    "interview.so_far.open.as_before": "not settled yet",
    # -- a question
    "interview.number": "--- {question} ---",
    "interview.any_of_these": "Does any of these apply?",
    "interview.which_of_these": "Which of these apply?",
    "interview.so_far.range": "anything from “{least}” to “{most}”",
    "interview.so_far.one": "“{outcome}”",
    "interview.between": "{question} ({low} to {high})",
    "interview.keys.boolean": "y yes | n no | ? don't know | h help",
    "interview.keys.integer": "a number, or: under 13 | ? don't know | h help",
    "interview.keys.choice": "a number | ? don't know | h help",
    "interview.keys.choices": "the numbers of all that apply, + if there may be more | 0 none | ? don't know | h help",
    "interview.keys.together": "numbers, such as 2, or 2 others no | 0 none | a all | ? don't know | h help",
    "interview.left_open.one": "The other one stays open.",
    "interview.left_open.many": "The other {number} stay open.",
    "interview.prompt": "> ",
    "interview.interrupted": "Nothing is lost. Go on, or type q to stop and see the answer. Ctrl-C once more leaves without an answer.",
    # -- other steps
    "interview.offer.settled": "The outcome is settled: {outcome}.",
    "interview.offer.firm": "The answer is firm: {outcome}. It could still rise, but act on it now.",
    "interview.offer.raising.one": "One answer could still raise it: {lines}.",
    "interview.offer.raising.many": "{number} answers could still raise it: {lines}.",
    "interview.offer.raising.more": "{lines}; and others",
    "interview.offer.left.one": "One more answer could change what else must be done.",
    "interview.offer.left.many": "Up to {number} more answers could change what else must be done.",
    "interview.keys.offer": "q stop here | g go on | b back | h more",
    "interview.conflict": "These answers cannot all be true. Which one is wrong?",
    "interview.keys.conflict": "a number to answer it again | k keep them all and stop | b back | h more",
    "interview.answered": "{question} {answer}",
    "interview.answered.unknown": "Don't know",
    "interview.change": "Which answer do you want to change?",
    "interview.change.none": "Nothing has been answered yet.",
    "interview.keys.change": "a number, or Enter to leave all as they are",
    "interview.back.none": "This is the first question.",
    "interview.not_understood": "That was not understood: {problem}",
    "interview.help": (
        "? don't know: the answer stays open, and the safer course is taken.\n"
        "s skip: the question comes again at the end.\n"
        "b back: take the last answer back.\n"
        "c change: answer an earlier question again; the other answers stay, and so does this one until there is another.\n"
        "w why: what the answer could change, and the answer so far with its reasons.\n"
        "q stop: stop here and print the answer."
    ),
    "interview.help.in_full": "These in full:",
    "interview.help.group": "Several at once: 1 3, or 1 3 others no, or 1 no 2 ? 4. Those not named stay open and may be asked again.",
    "interview.why.outcome": "The answer could make it: {outcomes}.",
    "interview.why.must": "The answer could change something that must be done or must not be done.",
    "interview.why.left.one": "It is the last answer that can still matter.",
    "interview.why.left.many": "Up to {number} answers can still matter.",
    # -- the end
    "interview.end.settled": "No answer can change the outcome, or anything that must be done.",
    "interview.end.open": "Nothing is left to ask. What is not known stays open, so the safer course is taken.",
    "interview.end.stopped": "Stopped here. What has not been answered counts as not known.",
    "interview.end.answers": "The answers end here. What has not been answered counts as not known.",
    "interview.save.facts": "Save the answers? A file name such as case.yaml, or Enter for no.",
    "interview.save.decision": "Save the decision, too? A file name such as decision.json, or Enter for no.",
    "interview.save.exists": "`{name}` cannot be used, or is there already. Another name, or Enter for no.",
    "interview.save.another": "Another name, or Enter for no.",
    "interview.saved": "Saved to {name}",
    # -- what counts as an answer; several ways of saying it stand beside each other, with | between them
    "interview.words.yes": "y|yes",
    "interview.words.no": "n|no",
    "interview.words.unknown": "?|don't know|dont know|not known|unknown",
    "interview.words.none": "0|none|none of these",
    "interview.words.all": "a|all|all of these",
    "interview.words.others": "others|rest",
    "interview.words.below": "under|below|<|less than|younger than",
    "interview.words.at_most": "at most|<=|up to",
    "interview.words.at_least": "at least|>=",
    "interview.words.above": "over|above|>|more than|older than",
    "interview.words.skip": "s|skip",
    "interview.words.back": "b|back",
    "interview.words.change": "c|change",
    "interview.words.why": "w|why",
    "interview.words.help": "h|help",
    "interview.words.stop": "q|quit|stop",
    "interview.words.go_on": "g|go on",
    "interview.words.keep": "k|keep",
    # -- answers that cannot be used
    "interview.problem.boolean": "answer y, n or ?",
    "interview.problem.number": "type one number from {low} to {high}, or a limit such as: under 13",
    "interview.problem.outside": "{number} is outside {low} to {high}",
    "interview.problem.choice": "type a number from 1 to {count}, or ? if it is not known",
    "interview.problem.change": "type a number from 1 to {count}, or press Enter to leave all as they are",
    "interview.problem.choices": "type numbers from 1 to {count}, or 0 for none of these",
    "interview.problem.offer": "type q to stop or g to go on",
    "interview.problem.conflict": "type a number from 1 to {count}, or k",
    "interview.problem.name": "no fact is called `{name}`",
    "interview.problem.empty": "type an answer, or ? if it is not known",
}
