"""Gets a request through to a provider: waits and tries again where that can help, for a bounded time, and says plainly when it did not.

This is the only layer that retries; the provider's own client is told not to. Errors are judged by what they carry (an HTTP status, response
headers), so that any provider's are understood. Nothing of an error's text is passed on: a provider may quote the request in it, and the request
holds customers' words.
"""

from __future__ import annotations

import math
import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar, cast

from briefs.models import Unreachable, Usage

R = TypeVar("R")

AGAIN_STATUSES = frozenset({408, 409, 429})
"""With every 5xx, the answers after which another try can help."""
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 8.0
_HINTS = {
    400: "The server refuses this kind of request: check the model's name and whether it supports JSON schemas.",
    401: "Check the API key.",
    403: "The API key may not use this model.",
    404: "Check the model's name and the base URL.",
    429: "Too many requests, or the quota is used up: wait, or lower the number of requests at a time.",
}


class Overdue(Exception):
    """No answer within the time given."""


@dataclass(frozen=True)
class Trouble:
    """What an error of a provider means for us. `wait_s` is what the server asked for."""

    name: str
    status: int | None
    again: bool
    wait_s: float | None
    hint: str

    def __str__(self) -> str:
        return f"{self.name}, HTTP {self.status}" if self.status else self.name


@dataclass(frozen=True)
class Patience:
    """How often and how long to try, with the clock and the chance (0 to 1) that spread the waits."""

    retries: int
    deadline_s: float
    chance: Callable[[], float]
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.fromtimestamp(time.time(), UTC)

    def get(self, call: Callable[[], R], name: str) -> tuple[R, int]:
        """What `call` returns, and the number of further tries it took. Raises Unreachable, naming `name` and the error's class only."""
        end = self.clock() + self.deadline_s
        tries = 0
        while True:
            try:
                return within(end - self.clock(), call), tries
            except Exception as error:  # noqa: BLE001 - each provider has its own classes; all end in Unreachable
                trouble = understand(error, self.now)
            wait = trouble.wait_s if trouble.wait_s is not None else self._backoff(tries)
            in_time = self.clock() + wait < end
            if not (trouble.again and in_time and tries < self.retries):
                raise _unreachable(name, trouble, tries, in_time) from None
            self.sleep(wait)
            tries += 1

    def _backoff(self, tries: int) -> float:
        return min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0**tries) * (0.75 + self.chance() / 4)


def _unreachable(name: str, trouble: Trouble, tries: int, in_time: bool) -> Unreachable:
    taken = f" after {tries + 1} tries" if tries else ""
    asked = f" The server asked to wait {math.ceil(trouble.wait_s)} s." if trouble.wait_s is not None and not in_time else ""
    return Unreachable(f"No answer from {name}{taken} ({trouble}).{asked}", trouble.hint, usage=Usage(calls=1, retries=tries))


def within(seconds: float, call: Callable[[], R]) -> R:
    """What `call` returns or raises, or Overdue after `seconds`. A call left behind ends with its own time limit; nobody waits for it."""
    outcome: queue.SimpleQueue[tuple[R | None, BaseException | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            outcome.put((call(), None))
        except BaseException as error:  # noqa: BLE001 - handed to the waiting thread, whatever it is
            outcome.put((None, error))

    threading.Thread(target=run, daemon=True, name="model-call").start()
    try:
        value, error = outcome.get(timeout=max(0.0, seconds))
    except queue.Empty:
        raise Overdue from None
    if error is not None:
        raise error
    return value  # pyright: ignore[reportReturnType] - the queue holds a value where it holds no error


def understand(error: Exception, now: Callable[[], datetime]) -> Trouble:
    """What an error means, from its status, its headers and the classes it is of."""
    name = "no answer in time" if isinstance(error, Overdue) else type(error).__name__
    status = _status(error)
    if status is None:
        lost = any(word in kind.__name__ for kind in type(error).__mro__ for word in ("Connection", "Timeout"))
        again = lost or getattr(error, "is_retryable", False) is True
        return Trouble(name, None, again, None, "Check the base URL and the network." if again else "")
    spent_up = getattr(error, "code", None) == "insufficient_quota"
    again = (status in AGAIN_STATUSES or status >= 500) and not spent_up
    hint = _HINTS.get(status, "The server has trouble: try again later." if status >= 500 else "")
    return Trouble(name, status, again, _retry_after(_headers(error), now), hint)


def _status(error: Exception) -> int | None:
    for holder in (error, getattr(error, "response", None)):
        status = getattr(holder, "status_code", None)
        if isinstance(status, int):
            return status
    return None


def _headers(error: Exception) -> Mapping[str, str]:
    headers: Any = getattr(getattr(error, "response", None), "headers", None)
    return cast("Mapping[str, str]", headers) if isinstance(headers, Mapping) else {}


def _retry_after(headers: Mapping[str, str], now: Callable[[], datetime]) -> float | None:
    """Seconds a server asks to wait: `Retry-After` in seconds or as a date (RFC 9110, 10.2.3)."""
    asked = headers.get("retry-after") or headers.get("Retry-After")
    if not asked:
        return None
    try:
        return max(0.0, float(asked))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(asked) - now()).total_seconds())
    except (ValueError, TypeError):
        return None
