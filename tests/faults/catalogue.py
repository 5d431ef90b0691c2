"""Seeded faults in the semantics: small source edits. The stages of `run` find each.

None is here that changes no answer. Those were tried and left out, since another part of the code does what they leave undone, only slower: what
holds by one term is not known to hold (`certain` of `evaluate`); what rules that are met give is not taken as certain (`strengths`); what looking,
walking and trying neighbours shows is not used (`at_cases`, `parts`, `within`, `above`); the box of all cases is not closed, nor a box by
constraints of three and more facts; a value that no
case has is looked at before it is passed over (`rest` of `reasons`); what limbs show of a rule beside is not read off (`_presumes`).
"""

from __future__ import annotations

from tests.faults.asking import ASKING
from tests.faults.cases import CASES_OF_A_STACK
from tests.faults.duties import ACTIONS
from tests.faults.reading import READING
from tests.faults.rules import RULES_OF_A_CASE
from tests.faults.telling import TELLING
from tests.faults.why import WHY

FAULTS = [*RULES_OF_A_CASE, *ACTIONS, *READING, *CASES_OF_A_STACK, *ASKING, *TELLING, *WHY]
