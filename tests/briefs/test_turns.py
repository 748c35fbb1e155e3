"""Who writes waits for those who came before, and for nobody else."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event, Thread

import pytest

from briefs.store import Store
from briefs.store.turns import Turns

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)


def test_turns_come_in_the_order_in_which_they_were_asked_for() -> None:
    turns, order = Turns(), list[int]()

    def act(number: int) -> None:
        with turns.turn():
            order.append(number)

    threads = [Thread(target=act, args=(number,)) for number in range(6)]
    with turns.turn():
        for thread in threads:
            thread.start()
            time.sleep(0.02)
    for thread in threads:
        thread.join()
    assert order == list(range(6))


def test_a_turn_that_fails_is_passed_on() -> None:
    turns = Turns()
    with pytest.raises(ValueError, match="no"), turns.turn():
        raise ValueError("no")
    with turns.turn():
        pass


def test_somebody_who_writes_without_a_pause_keeps_nobody_out(sqlite_store: Store) -> None:
    over, written = Event(), list[int]()

    def greedy() -> None:
        while not over.is_set():
            sqlite_store.note(NOON, "machine", "export", "brief:greedy")
            written.append(1)

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(greedy)
        before = len(written)
        for _ in range(20):
            sqlite_store.note(NOON, "machine", "export", "brief:patient")
        between = len(written) - before
        over.set()
        running.result()
    assert between <= 25, "each of the twenty waited for one other at most"
    assert sqlite_store.verify_audit() == len(written) + 20
