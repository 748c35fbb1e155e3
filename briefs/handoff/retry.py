"""How patiently a delivery is tried: longer and longer waits over hours, a little unequal, so that many do not return in the same second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

LONGEST_ASKED_S = 24 * 3600.0


@dataclass(frozen=True)
class Retry:
    """The waits double from `first_s` up to `longest_s`, each shortened by up to `jitter` of itself. The defaults: 13 tries in about 16 hours."""

    first_s: float = 30.0
    longest_s: float = 4 * 3600.0
    tries: int = 13
    jitter: float = 0.2

    def wait_s(self, tried: int, chance: Callable[[], float], asked_s: float | None = None) -> float | None:
        """Seconds until the next try after `tried` of them; None when it is given up. At least what the receiver asked for, within a day."""
        if tried >= self.tries:
            return None
        wait = min(self.first_s * 2.0 ** (tried - 1), self.longest_s) * (1.0 - self.jitter * chance())
        return max(wait, min(asked_s, LONGEST_ASKED_S)) if asked_s is not None else wait
