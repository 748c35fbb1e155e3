"""Brings the sample portfolio into an empty home beside the requests, and says how far it is: who just arrived can watch, leave or reload."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib import resources
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Literal

from briefs import importing
from briefs.errors import BriefsError
from retrieval.errors import RetrievalError

if TYPE_CHECKING:
    from briefs.people import Person
    from briefs.wiring import Workspace

log = logging.getLogger("briefs.api.pages")

AS_OF = date(2026, 3, 31)
"""The day the sample is seen as of; later, its dates would have gone by."""
NAME = "the sample portfolio"
PATIENCE_S = 20.0
Tell = Callable[[int, int], None]
"""(accounts read, of how many)."""


@dataclass(frozen=True)
class Progress:
    """How far it is: `fault` says what went wrong, in words."""

    step: Literal["importing", "reading", "done", "failed"]
    done: int = 0
    total: int = 0
    fault: str = ""

    @property
    def running(self) -> bool:
        return self.step in ("importing", "reading")


class Start:
    """The one first run of a service. It ends with the service; begun again, it goes on where it was: what is on file and read stays so."""

    def __init__(self) -> None:
        self._lock, self._stop = Lock(), Event()
        self._thread: Thread | None = None
        self._told: Progress | None = None

    def told(self) -> Progress | None:
        """None where nothing was begun since the service started."""
        with self._lock:
            return self._told

    def running(self) -> Progress | None:
        """How far it is, while it is under way."""
        told = self.told()
        return told if told is not None and told.running else None

    def begin(self, space: Workspace, person: Person) -> None:
        """Starts it; one under way is left alone."""
        with self._lock:
            if self._told is not None and self._told.running:
                return
            self._told = Progress("importing")
            self._thread = Thread(target=self._run, args=(space, person), name="first-run", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Waits for the account being read, and begins no other."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(PATIENCE_S)

    def _run(self, space: Workspace, person: Person) -> None:
        try:
            bring_sample(space, person, lambda done, total: self._tell(Progress("reading", done, total)), self._stop)
            self._tell(Progress("done"))
        except (BriefsError, RetrievalError) as fault:
            self._tell(Progress("failed", fault=f"{fault} {fault.hint}".strip()))
        except Exception as fault:  # noqa: BLE001 - whatever it was, the page has to say that it ended
            log.error("first run failed", extra={"kind": type(fault).__name__})
            self._tell(Progress("failed", fault="Something went wrong on our side. Try again; the log says where."))

    def _tell(self, progress: Progress) -> None:
        with self._lock:
            self._told = progress


def wanted(space: Workspace) -> bool:
    """Whether the sample may be brought: the home is empty, or holds the sample and nothing else."""
    here = space.archive.accounts()
    return not here or set(here) <= _of_sample()


def bring_sample(space: Workspace, person: Person, tell: Tell, stop: Event) -> None:
    """Imports and scans it offline. What was imported or read before is not done again."""
    with resources.as_file(resources.files("evals") / "portfolios" / "sample") as sample:
        importing.supplied(space.warehouse, person, NAME, sample)
    accounts = space.archive.accounts()
    tell(0, len(accounts))
    for done, _ in enumerate(space.pipeline(space.offline_engine).scan(accounts, AS_OF), 1):
        tell(done, len(accounts))
        if stop.is_set():
            return


def _of_sample() -> frozenset[str]:
    rows = (resources.files("evals") / "portfolios" / "sample" / "accounts.jsonl").read_text("utf-8")
    return frozenset(json.loads(row)["id"] for row in rows.splitlines() if row)
