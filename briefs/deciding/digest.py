"""What a CSM reads once a week instead of a ping an event: what waits, what lapses, what sales said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from briefs.deciding.desk_work import is_asleep
from briefs.desk import Desk, visible
from briefs.gate import REDRAFTABLE
from briefs.people import Person
from briefs.store import notices
from briefs.store.brief_rows import BriefRow
from briefs.store.notices import Notice
from briefs.workdays import Workdays

TOP = 5
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Digest:
    """One CSM's week: the most urgent briefs to decide, how many more, what lapses within a week, what waits for its week, and what happened."""

    top: tuple[BriefRow, ...]
    more: int
    lapsing: tuple[BriefRow, ...]
    waiting: int
    asleep: int
    happened: tuple[tuple[str, int], ...]

    @property
    def empty(self) -> bool:
        """Nothing to tell: no digest is sent."""
        return not (self.top or self.lapsing or self.waiting or self.happened)


def weigh(rows: list[BriefRow], told: list[Notice], now: datetime, workdays: Workdays) -> Digest:
    """The digest of these briefs and of what the CSM was told in the last seven days. Pure."""
    today: date = workdays.day_of(now)
    undecided = [row for row in rows if row.state in REDRAFTABLE]
    asleep = [row for row in undecided if is_asleep(row, today)]
    waiting = [row for row in undecided if row.waiting]
    open_ones = sorted(
        (row for row in undecided if not row.waiting and not is_asleep(row, today)), key=lambda row: (-row.priority, row.created_at, row.id)
    )
    lapsing = [row for row in open_ones if row.expires_at is not None and row.expires_at <= now + WEEK]
    counts: dict[str, int] = {}
    for notice in told:
        if now - WEEK < notice.at <= now:
            what = str(notice.detail.get("answer") or notice.kind)
            counts[what] = counts.get(what, 0) + 1
    return Digest(tuple(open_ones[:TOP]), max(len(open_ones) - TOP, 0), tuple(lapsing), len(waiting), len(asleep), tuple(sorted(counts.items())))


def weekly(desk: Desk, person: Person) -> Digest:
    """This person's digest, of the accounts that name them or are theirs to decide."""
    store = desk.courier.store
    rows = [row for row in visible(desk, person, store.list()) if row.assignee in (None, person.id)]
    with store.reading() as connection:
        told = notices.of_person(connection, person.id, 1000)
    return weigh(rows, told, desk.courier.now(), desk.workdays)


def in_words(digest: Digest) -> str:
    """Plain text, one line a brief: names of accounts and headlines, nothing a customer wrote."""
    lines = [f"{len(digest.top) + digest.more} briefs to decide."] if digest.top else ["No brief to decide."]
    lines.extend(f"- {row.account_name}: {row.headline}" for row in digest.top)
    lines.extend([f"- and {digest.more} more"] if digest.more else [])
    lines.extend(f"Expires {row.expires_at.date().isoformat()}: {row.account_name}" for row in digest.lapsing if row.expires_at)
    lines.extend([f"{digest.waiting} wait for their week."] if digest.waiting else [])
    lines.extend([f"{digest.asleep} are put off."] if digest.asleep else [])
    lines.extend(f"{what.replace('_', ' ')}: {count}" for what, count in digest.happened)
    return "\n".join(lines) + "\n"
