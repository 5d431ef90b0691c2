"""What a server allows: sizes, times, and how often somebody may ask."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

MOST_CALLERS = 10_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one server. Sizes in bytes, times in seconds; a rate of 0 is none."""

    largest_case: int = 64 * 1024
    largest_batch: int = 32 * 1024 * 1024
    most_cases: int = 10_000
    body_seconds: float = 10.0
    batch_seconds: float = 30.0
    rate: float = 100.0
    burst: int = 200


class Buckets:
    """A bucket of tokens for each caller: `rate` a second come in, at most `burst` stay, each request takes one."""

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, caller: str) -> float:
        """Take a token: 0 if there was one, else the seconds until there is."""
        if not self._rate:
            return 0.0
        now = self._clock()
        left, last = self._left.pop(caller, (float(self._burst), now))
        left = min(float(self._burst), left + (now - last) * self._rate)
        allowed = left >= 1
        self._left[caller] = (left - 1 if allowed else left, now)
        if len(self._left) > MOST_CALLERS:
            self._left.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self._rate
