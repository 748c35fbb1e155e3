"""Has what a brief rests on changed since it was written? Asked before every approval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, cast

from briefs.brief import BriefBody, Evidence
from briefs.citations import held_in, misread
from briefs.drafting.facts import Records
from briefs.standing import Standings
from briefs.wording import listed, number, plain
from retrieval.archive import Archive
from retrieval.archive_file import AccountFile
from retrieval.dossier import Dossier, collect, end_of
from retrieval.records import Account, Catalogue, Cited, Record, Ticket

LONGEST_SHOWN = 60
_DATED = ("at", "updated_at", "solved_at", "closed_at", "joined_at", "left_at")


@dataclass(frozen=True)
class Difference:
    """One thing that is otherwise: `kind` is record_gone, record_changed, blocker or verdict; `subject` the record, blocker code or verdict."""

    kind: str
    subject: str
    words: str


def compare(body: BriefBody, archive: Archive, standings: Standings, today: date) -> list[Difference]:
    """What a brief rests on and is otherwise now: cited records, blockers that stand now and did not when it was written, the verdict."""
    file = _File(archive.file(body.account_id))
    flagged = any(e.kind == "flag" for claim in body.claims() for e in claim.evidence)
    flags = standings.pipeline().store.ticket_flags(body.account_id) if flagged else ()
    found = _changed(body, collect(file, body.account_id, body.as_of, flags=flags))
    standing = standings.of(body.account_id, max(body.as_of, file.last_day(today) or body.as_of), file.held.stamps)
    cleared = {o.target for o in body.overrides if o.kind == "clear_blocker"}
    found.extend(
        Difference("blocker", b.code, f"a blocker stands: {plain(b.code)}, until {b.clears_when}") for b in standing.blockers if b.code not in cleared
    )
    if standing.verdict != body.verdict:
        found.append(Difference("verdict", standing.verdict, f"the verdict is {standing.verdict} now, it was {body.verdict}"))
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class _File:
    """What is on file about one account, read once: a `retrieval.dossier.Source` of that account alone."""

    held: AccountFile

    def account_rows(self, account_id: str) -> list[Account]:
        return self.held.rows

    def records(self, account_id: str) -> list[Record]:
        return self.held.records

    def catalogue(self) -> Catalogue:
        return self.held.catalogue

    def last_day(self, today: date) -> date | None:
        """The last day (UTC) up to today on which something happened: a record, a later message or change of one, a new row of the account."""
        limit = end_of(today)
        stamps = (stamp for each in (*self.held.rows, *self.held.records) for stamp in _stamps(each))
        last = max((stamp for stamp in stamps if stamp is not None and stamp <= limit), default=None)
        return None if last is None else last.astimezone(UTC).date()


def _stamps(each: Account | Record) -> Iterator[datetime | None]:
    yield from (getattr(each, name) for name in _dated(type(each)))
    if isinstance(each, Ticket):
        yield from (message.at for message in each.messages)


@cache
def _dated(kind: type[Account | Record]) -> tuple[str, ...]:
    """Which moments a kind of record holds, as fields or worked out from others: to ask a record for what it does not have costs ten answers."""
    return tuple(name for name in _DATED if name in kind.model_fields or hasattr(kind, name))


def _changed(body: BriefBody, dossier: Dossier) -> list[Difference]:
    records = Records(dossier).by_id
    told: list[Difference] = []
    for e in (e for claim in body.claims() for e in claim.evidence):
        if e.record_id not in records:
            told.append(Difference("record_gone", e.record_id, f"{e.record_id} is gone from the record"))
        elif misread(e, records) is not None:
            told.append(Difference("record_changed", e.record_id, _otherwise(e, records[e.record_id])))
    return told


def _otherwise(evidence: Evidence, record: Cited) -> str:
    """In words: of a value what it was and what it is, of a text only that it reads otherwise."""
    if evidence.field is None:
        return f"{evidence.record_id} does not read as it did"
    return f"{evidence.field} of {evidence.record_id} was {_shown(evidence.value)}, is {_shown(held_in(record, evidence.field))}"


def _shown(value: Any) -> str:
    """A value of a table as a reader says it: numbers, days and names; what is longer is somebody's text and is not repeated here."""
    match value:
        case None:
            return "not told"
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return number(value)
        case list() | tuple():
            return listed([_shown(each) for each in cast("Sequence[Any]", value)]) or "empty"
        case date():
            return value.isoformat()
        case str() if len(value) <= LONGEST_SHOWN and value.isprintable():
            return value
        case _:
            return "something else"
