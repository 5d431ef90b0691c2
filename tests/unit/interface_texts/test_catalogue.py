from __future__ import annotations

import re
from string import Formatter

import pytest

from safeguarding_rules.interface_texts import ENGLISH, Catalogue, merged, missing


def test_parts_do_not_say_the_same_key_twice() -> None:
    with pytest.raises(ValueError, match=r"page\.title"):
        merged("en", {"page.title": "A"}, {"page.title": "B"})


def test_a_translation_is_told_what_it_lacks() -> None:
    translation = Catalogue("cy", {"a": "{number} peth", "b": "Dim {arall}", "d": "Mwy"})
    original = Catalogue("en", {"a": "{number} thing", "b": "No {other}", "c": "More"})
    assert missing(translation, original) == ("b", "c", "d")
    assert missing(ENGLISH, ENGLISH) == ()


def test_every_text_is_plain_and_its_slots_have_names() -> None:
    for key, text in ENGLISH.templates.items():
        assert text.strip(), key
        assert not re.search(r"[\t\r\x1b]", text), key
        for _, name, spec, conversion in Formatter().parse(text):
            assert name is None or (name.isidentifier() and not spec and not conversion), key
