"""Sequences of events on which durable-rules and the compiled engine are compared: `python -m tests.properties.followed_cases [COUNT] [SEED]`.

Prints how many sequences and events agreed; fails with the smallest sequence on which they do not.
"""

from __future__ import annotations

import sys

import hypothesis
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

import tests.conftest  # noqa: F401  registers the profiles
from tests.properties.test_live_case import FollowedCase


class Counted(FollowedCase):
    """Counts what was compared."""

    sequences = 0
    compared = 0

    def teardown(self) -> None:
        if hasattr(self, "case"):
            Counted.sequences += 1
            Counted.compared += len(self.case.events)
        super().teardown()


CHUNK = 250


def main() -> None:
    """Compare, a chunk at a time, and print after each."""
    count, seed = (int(text) for text in (*sys.argv[1:], *("2000", "1")[len(sys.argv) - 1 :]))
    for chunk in range(-(-count // CHUNK)):
        wanted = min(CHUNK, count - chunk * CHUNK)
        profile = settings(settings.get_profile("quick"), max_examples=wanted, stateful_step_count=6, derandomize=False)
        hypothesis.seed(seed * 1000 + chunk)(Counted)
        run_state_machine_as_test(Counted, settings=profile)
        print(f"{Counted.sequences} sequences, {Counted.compared} events compared, 0 disagreements", flush=True)


if __name__ == "__main__":
    main()
