"""Figures of a server for Prometheus. Promised: nothing about a case, no outcome, no fact, no caller; routes by their template only."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

MEDIA_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The figures of one server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        prefix = "safeguarding_rules"
        self._requests = Counter(f"{prefix}_requests", "Requests answered.", ("route", "method", "status"), registry=self.registry)
        self._seconds = Histogram(f"{prefix}_request_seconds", "Time to answer.", ("route",), buckets=_SECONDS, registry=self.registry)
        self.in_flight = Gauge(f"{prefix}_requests_in_flight", "Requests being answered.", registry=self.registry)
        self.decided = Counter(f"{prefix}_cases_decided", "Cases decided, those of batches included.", registry=self.registry)
        self._reloads = Counter(f"{prefix}_reloads", "Changes of packs, by what became of them.", ("result",), registry=self.registry)
        self._children: dict[tuple[str, str, int], Counter] = {}
        self._timers: dict[str, Histogram] = {}

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request."""
        key = (route, method, status)
        if key not in self._children:
            self._children[key] = self._requests.labels(route, method, str(status))
            self._timers[route] = self._seconds.labels(route)
        self._children[key].inc()
        self._timers[route].observe(seconds)

    def reloaded(self, result: str) -> None:
        """Count a reload: swapped, refused or unchanged."""
        self._reloads.labels(result).inc()

    def text(self) -> bytes:
        """The figures as Prometheus reads them."""
        return generate_latest(self.registry)
