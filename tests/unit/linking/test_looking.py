"""Questions and help texts that ask somebody to look at imagery are found; those that say that nobody need look are let be."""

from __future__ import annotations

import time

import pytest

from safeguarding_rules.linking.looking import asks_to_look
from safeguarding_rules.reading import Registry

ASKS = (
    "Look at the image and say how old the child seems.",
    "Please view the video before you answer.",
    "Does the image show a sexual act? Open the photo to check.",
    "If you are not sure, look at the imagery.",
    "You should view the images to decide.",
    "The designated safeguarding lead must look at the pupil's photos first.",
    "Ask a colleague to look at the picture with you.",
    "Have a teacher watch the clip.",
    "Looking at the image, does the child seem under 13?",
    "When you look at the photo, is a face shown?",
    "What can you see in the picture?",
    "Is the imagery violent? Watch it to the end.",
    "Take the phone and look at the photos.",
    "After viewing the video, how serious is it?",
    "Take a close look at the imagery.",
    "Staff need to view all of the images.",
    "Find out what was sent, then open the images.",
    "Having looked at the imagery, do you think an adult made it?",
    "The DSL is expected to view the nude images.",
)
DOES_NOT_ASK = (
    "Go by what you have been told; nobody needs to look at the imagery.",
    "Do not view the imagery.",
    "Never look at, copy or share the image.",
    "You do not need to look at the photo.",
    "Nobody should view or open the images.",
    "Has anyone suggested that a member of staff should look at the imagery?",
    "Has a member of staff already seen the imagery, by accident or otherwise?",
    "Has anybody been asked to copy or view the imagery?",
    "Did staff copy, share or view the imagery?",
    "The DSL may view the imagery only where nothing else helps.",
    "Does it look as if imagery was passed on in order to hurt?",
    "This can be answered without looking at the imagery.",
    "Is imagery of the child open to anyone online?",
    "Answer from the report rather than view the images.",
    "Who would be the viewer?",
    "Can strangers view the images online?",
    "Staff must not view the imagery.",
    "Staff should never open the video.",
    "Viewing the imagery is normally ruled out.",
    "If somebody asks you to look at the image, refuse.",
    "Please do not, in any case, view the imagery.",
    "Has the child said what the image shows?",
    "Open the case again if more becomes known.",
    "Look at the guidance about images.",
    "Was the video watched by other pupils?",
    "Do other pupils watch the video?",
    "No member of staff should look at the pictures.",
    "You cannot view the imagery, so ask the child what it shows.",
    "See the guidance on imagery.",
    "What does the child say that the picture shows?",
    "",
)


@pytest.mark.parametrize("text", ASKS)
def test_what_asks_somebody_to_look_is_found(text: str) -> None:
    found = asks_to_look(text)
    assert found is not None
    assert found in text


@pytest.mark.parametrize("text", DOES_NOT_ASK)
def test_what_asks_nobody_to_look_is_let_be(text: str) -> None:
    assert asks_to_look(text) is None


def test_what_denies_it_counts_in_its_own_clause_only() -> None:
    assert asks_to_look("If you do not know, view the image.") == "view the image"
    assert asks_to_look("Do not guess. View the image.") == "View the image"


def test_shipped_packs_ask_nobody_to_look() -> None:
    registry = Registry()
    texts = [text for one in registry.all_found() for fact in registry.load(one).facts.facts.values() for text in (fact.question, fact.help) if text]
    assert len(texts) > 200
    assert [text for text in texts if asks_to_look(text)] == []


@pytest.mark.parametrize("part", ["look at the ", "ask a b c d e ", "viewing the of the of ", "view ", "a's ", "not look at the image, "])
def test_long_texts_take_no_time(part: str) -> None:
    started = time.process_time()
    asks_to_look(part * (20_000 // len(part)))
    assert time.process_time() - started < 5
