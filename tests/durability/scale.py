"""How much is tried: a little in every run of the tests, the full numbers with `SAFEGUARDING_RULES_PROFILE=long`. Seeds are fixed."""

from __future__ import annotations

import os
from typing import Final

SEED: Final = 5


def often(few: int, full: int) -> int:
    """How often something is tried in this run."""
    return full if os.environ.get("SAFEGUARDING_RULES_PROFILE") == "long" else few
