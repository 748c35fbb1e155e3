"""Counts and times of the service, as Prometheus reads them; the only file that imports its client. Nothing of a customer is a label.

What is counted in the store is read when somebody asks, one small query each, whichever process did the work. Counters begin at zero with the
process, as Prometheus expects: a result kept before that is not counted again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from threading import Lock

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import Scope

from api.traffic import route_of
from briefs.delivery_wiring import QUEUES
from briefs.gate import State
from briefs.store import delivery_rows, workload
from briefs.store.workload import Look
from briefs.wiring import Workspace

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.25, 2.5, 5, 10)
AT_ONCE = 2000
"""Results read for one answer; after a great scan the counters catch up over several."""
CODE = re.compile(r"[a-z_]{1,40}")


class Metrics:
    """One registry an app: two apps in one process do not mix."""

    def __init__(self) -> None:
        self.registry = made = CollectorRegistry()
        self._requests = Counter("briefs_http_requests_total", "Requests answered.", ("method", "route", "status"), registry=made)
        self._seconds = Histogram("briefs_http_request_seconds", "Time to an answer.", ("method", "route"), buckets=BUCKETS, registry=made)
        self._briefs = Gauge("briefs_state_count", "Briefs in each state.", ("state",), registry=made)
        self._deliveries = Gauge("briefs_deliveries", "Deliveries to targets in each state.", ("state",), registry=made)
        self._queues = Gauge("briefs_queue_depth", "Jobs that wait or run.", ("queue",), registry=made)
        self._looks = Counter("briefs_accounts_looked_at_total", "Looks at accounts.", ("verdict", "engine"), registry=made)
        self._calls = Counter("briefs_model_calls_total", "Calls to the language model.", ("model",), registry=made)
        self._retries = Counter("briefs_model_retries_total", "Calls made once more.", ("model",), registry=made)
        self._tokens = Counter("briefs_model_tokens_total", "Tokens sent to and received from the model.", ("model", "direction"), registry=made)
        self._rejected = Counter("briefs_claims_rejected_total", "Sentences that failed verification.", ("reason",), registry=made)
        self._read_to: int | None = None
        self._turn = Lock()

    def begin(self, workspace: Workspace) -> None:
        """Counts from here: what was kept before belongs to an earlier process."""
        with workspace.store.reading() as connection:
            self._read_to = workload.newest(connection)

    def observe(self, scope: Scope, status: int, seconds: float) -> None:
        """One request answered."""
        labels = (scope["method"] if scope["method"] in METHODS else "other", route_of(scope))
        self._requests.labels(*labels, str(status)).inc()
        self._seconds.labels(*labels).observe(seconds)

    def text(self, workspace: Workspace) -> bytes:
        """Everything as text, what is counted in the store counted now."""
        with self._turn, workspace.store.reading() as connection:
            deliveries, depth = delivery_rows.counts(connection), workload.depth(connection)
            counts = workspace.store.state_counts()
            self._read_to, looks = workload.looks_after(connection, self._read_to or 0, AT_ONCE)
            self._count(looks)
            self._set(self._briefs, {state.value: counts.get(state, 0) for state in State})
            self._set(self._deliveries, {state.value: deliveries.get(state.value, 0) for state in delivery_rows.State})
            self._set(self._queues, {**dict.fromkeys(QUEUES.values(), 0), **depth})
            return generate_latest(self.registry)

    def _set(self, gauge: Gauge, values: dict[str, int]) -> None:
        for label, value in values.items():
            gauge.labels(label).set(value)

    def _count(self, looks: Iterable[Look]) -> None:
        for look in looks:
            self._looks.labels(look.verdict, look.engine).inc()
            for reason in look.rejected:
                self._rejected.labels(reason if CODE.fullmatch(reason) else "other").inc()
            if look.model is None:
                continue
            self._calls.labels(look.model).inc(look.calls)
            self._retries.labels(look.model).inc(look.retries)
            self._tokens.labels(look.model, "in").inc(look.tokens_in)
            self._tokens.labels(look.model, "out").inc(look.tokens_out)


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
