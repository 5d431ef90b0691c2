"""Hypothesis profiles. `quick` (the default) is derandomized and keeps the whole property suite under four minutes; `long` looks for new examples.

`SAFEGUARDING_RULES_PROFILE=long` (or `--hypothesis-profile long`) chooses the profile.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

CHECKS = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large, HealthCheck.large_base_example)

QUICK = (Phase.explicit, Phase.generate)  # shrinking a stack takes minutes; the long profile does it

settings.register_profile("quick", max_examples=80, derandomize=True, deadline=None, database=None, suppress_health_check=CHECKS, phases=QUICK)
settings.register_profile("faults", settings.get_profile("quick"), max_examples=150, report_multiple_bugs=False)
settings.register_profile("long", settings.get_profile("quick"), max_examples=2000, derandomize=False, phases=(*QUICK, Phase.shrink))
settings.load_profile(os.environ.get("SAFEGUARDING_RULES_PROFILE", "quick"))

# Tests keep nothing in the cache of whoever runs them; those about the cache use one of their own.
os.environ.setdefault("SAFEGUARDING_RULES_CACHE", "off")
