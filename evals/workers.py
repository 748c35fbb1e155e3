"""Runs cases in processes of their own, each with the models loaded once. A process that dies costs the case it was at, and no other."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from briefs.settings import Settings
from evals.bench import Bench, Made
from evals.suite import Case

_SPAWN = multiprocessing.get_context("spawn")


class WorkerDied(Exception):
    """The process that ran a case ended without a word: it was killed, or ran out of memory."""


class Workers:
    """A pool of processes, each with a bench with the offline engine. `make` may be called from several threads."""

    def __init__(self, folder: Path, settings: Settings, number: int) -> None:
        """`folder` holds working copies; emptying it is the caller's."""
        self._folder, self._settings, self._number = folder, settings, number
        self._lock = threading.Lock()
        self._pool = self._started(number)

    def make(self, case: Case, repeat: int) -> Made:
        """What the product gave for a case. Raises WorkerDied, and whatever the product raises."""
        pool = self._pool
        try:
            return pool.submit(_make, case, repeat).result()
        except BrokenProcessPool:
            self._replace(pool)
        with self._started(1) as alone:  # a dead process takes its neighbours' cases down too: each gets a second chance, by itself
            try:
                return alone.submit(_make, case, repeat).result()
            except BrokenProcessPool:
                raise WorkerDied("the process that ran this case ended without a word") from None

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def _replace(self, broken: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is broken:
                broken.shutdown(wait=False, cancel_futures=True)
                self._pool = self._started(self._number)

    def _started(self, number: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(number, mp_context=_SPAWN, initializer=_start, initargs=(self._folder, self._settings))


class _Process:
    """What a worker process holds."""

    bench: Bench


def _start(folder: Path, settings: Settings) -> None:
    """Opens the bench of this process, which ends when the process that started it does, however that ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True, name="end-with-parent").start()
    _Process.bench = Bench(folder / f"process-{os.getpid()}", settings)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _make(case: Case, repeat: int) -> Made:
    return _Process.bench.make(case, repeat)
