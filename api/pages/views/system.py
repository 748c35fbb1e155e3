"""Whether the system is well, in plain words: what is stored, what it reads with, and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass

from briefs.rendering.words import number
from briefs.store import delivery_rows
from briefs.store.delivery_rows import State
from briefs.wiring import Workspace
from retrieval.errors import RetrievalError


@dataclass(frozen=True)
class Vital:
    """One thing looked at: `well` is None where it is a fact and no judgement."""

    name: str
    words: str
    well: bool | None = None


def vitals(space: Workspace, background: bool) -> tuple[Vital, ...]:
    """Database, records, index, engine, work beside the requests, deliveries, settings that matter. No secret is among them."""
    fault = space.fault()
    counts = space.archive.counts()
    settings = space.settings
    records = sum(value for name, value in counts.items() if name not in ("passages", "vectors", "account"))
    return (
        Vital("Database", fault or "answers, and is of this release", fault is None),
        Vital("On file", f"{number(counts['account'])} accounts, {number(records)} records, {number(counts['passages'])} passages"),
        _index(space),
        Vital("Reads with", f"the model {settings.model}" if settings.model else "rules and local reading, no language model"),
        Vital("Work beside the requests", "runs in this process" if background else "does not run in this process", background),
        _deliveries(space),
        Vital("Approvals", "two people" if settings.review_mode == "four_eyes" else "one person may edit and approve"),
        Vital("Home folder", str(space.home)),
    )


def _deliveries(space: Workspace) -> Vital:
    """What was given up waits for a person."""
    with space.store.reading() as connection:
        counts = delivery_rows.counts(connection)
    given_up, waiting, arrived = (counts.get(state, 0) for state in (State.DEAD, State.WAITING, State.DELIVERED))
    words = f"{number(given_up)} given up, {number(waiting)} waiting, {number(arrived)} arrived"
    return Vital("Deliveries", words, given_up == 0)


def _index(space: Workspace) -> Vital:
    """The index is behind while accounts wait to be put into it."""
    try:
        behind = len(space.archive.dirty_accounts())
        name = type(space.reading_index).__name__
    except RetrievalError as fault:
        return Vital("Search index", str(fault), False)
    words = f"{behind} accounts wait to be put into it: run briefs doctor --repair" if behind else "agrees with the records"
    exact = " (another process owns the index; search answers from the database)" if name == "ExactIndex" else ""
    return Vital("Search index", words + exact, behind == 0)
