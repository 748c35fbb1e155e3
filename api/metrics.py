"""Counts and times of the service, as Prometheus reads them; the only file that imports its client. Nothing of a customer is a label."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import Scope

from api.traffic import route_of
from briefs.gate import State
from briefs.wiring import Workspace

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.25, 2.5, 5, 10)


class Metrics:
    """One registry an app: two apps in one process do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter("briefs_http_requests_total", "Requests answered.", ("method", "route", "status"), registry=self.registry)
        self._seconds = Histogram("briefs_http_request_seconds", "Time to an answer.", ("method", "route"), buckets=BUCKETS, registry=self.registry)
        self._briefs = Gauge("briefs_state_count", "Briefs in each state.", ("state",), registry=self.registry)

    def observe(self, scope: Scope, status: int, seconds: float) -> None:
        """One request answered."""
        labels = (scope["method"] if scope["method"] in METHODS else "other", route_of(scope))
        self._requests.labels(*labels, str(status)).inc()
        self._seconds.labels(*labels).observe(seconds)

    def text(self, workspace: Workspace) -> bytes:
        """Everything as text, what is counted in the store counted now."""
        counts = workspace.store.state_counts()
        for state in State:
            self._briefs.labels(state.value).set(counts.get(state, 0))
        return generate_latest(self.registry)


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
