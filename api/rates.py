"""How many requests one token or session may make: a bucket each, filled steadily, so that one runaway script does not stop everything else."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from briefs.errors import BriefsError

BURST_SECONDS = 10
"""A bucket holds what flows into it in this time."""
REMEMBERED = 10_000
REFUSED_PER_MINUTE = 300
"""Refused tokens and sessions one peer may send; a proxy that many people come through is one peer."""


class TooMany(BriefsError):
    """More requests than one token, session or peer may make. `wait` says in how many whole seconds to try again."""

    code = "too_many"

    def __init__(self, wait: int) -> None:
        super().__init__("Too many requests.", f"Try again in {wait} seconds.")
        self.wait = wait


class Rates:
    """Buckets by name. `per_minute` 0 means no limit. Seconds are handed in, from any clock that only goes forward."""

    def __init__(self, per_minute: int) -> None:
        self._flow = per_minute / 60
        self._most = max(self._flow * BURST_SECONDS, 1.0)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, name: str, at: float) -> None:
        """Takes one request from the bucket. Raises TooMany where it is empty."""
        if not self._flow:
            return
        with self._lock:
            left, then = self._buckets.pop(name, (self._most, at))
            left = min(self._most, left + (at - then) * self._flow)
            self._buckets[name] = (left - 1 if left >= 1 else left, at)
            if len(self._buckets) > REMEMBERED:
                self._buckets.popitem(last=False)
        if left < 1:
            raise TooMany(int((1 - left) / self._flow) + 1)
