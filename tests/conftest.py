"""Hypothesis profiles. `quick` (the default) is derandomized and keeps the whole property suite under four minutes; `long` looks for new examples.

`SAFEGUARDING_RULES_PROFILE=long` (or `--hypothesis-profile long`) chooses the profile.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

CHECKS = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large, HealthCheck.large_base_example)

settings.register_profile("quick", max_examples=100, derandomize=True, deadline=None, database=None, suppress_health_check=CHECKS)
settings.register_profile("faults", parent=settings.get_profile("quick"), max_examples=150, report_multiple_bugs=False)
settings.register_profile("long", parent=settings.get_profile("quick"), max_examples=3000, derandomize=False)
settings.load_profile(os.environ.get("SAFEGUARDING_RULES_PROFILE", "quick"))
