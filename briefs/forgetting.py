"""Forgets an account or one record in everything briefs keeps: dossiers, results, readings, versions, hand-offs. Briefs that cited it are reopened.

What stays is an audit row that says by ids and hashes what was erased. The archive and the index forget their own part (`retrieval.forget`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from briefs.canonical import canonical_json
from briefs.errors import MoveRefused
from briefs.gate import MOVES, Action
from briefs.store import Store, Transaction, audit_log, brief_rows, erasure, handoffs
from briefs.store.brief_rows import BriefRow
from retrieval.engine import scrub

NOTE = "a source was erased"
SHORTEST_TEXT = 8
SHORTEST_SENTENCE = 16
_SENTENCES = re.compile(r"(?<=[.!?])\s+|\n+")


@dataclass(frozen=True)
class Erased:
    """What was erased, in counts and ids. `off_disk` False: another process held the database open, so run it again when it has ended."""

    reopened: tuple[str, ...]
    versions: int
    dossiers: int
    results: int
    readings: int
    handoffs: tuple[str, ...]
    off_disk: bool


def forget_account(store: Store, account_id: str, *, by: str, now: Callable[[], datetime], remove_handoff: Callable[[str], None]) -> Erased:
    """Everything of the account goes. `remove_handoff` takes the folder of a hand-off id away. Safe to repeat."""
    with store.reading() as connection:
        mine = erasure.brief_ids(connection, account_id)
        folders = [handoff.id for brief_id in mine for handoff in handoffs.of_brief(connection, brief_id)]
    _remove(folders, remove_handoff)
    with store.writing() as connection:
        mine = erasure.brief_ids(connection, account_id)
        late = [handoff.id for brief_id in mine for handoff in handoffs.of_brief(connection, brief_id)]
        versions, dossiers = erasure.account_hashes(connection, account_id)
        row = audit_log.append(
            connection, now(), by, "forget", f"account:{account_id}", briefs=mine, versions=versions, dossiers=dossiers, handoffs=late
        )
        erasure.open_door(connection, mine, row.seq)
        gone = erasure.drop_account(connection, account_id)
    _remove({*folders, *late}, remove_handoff)
    return Erased(
        reopened=(),
        versions=gone["versions"],
        dossiers=gone["dossiers"],
        results=gone["results"],
        readings=gone["readings"] + gone["model_answers"],
        handoffs=tuple(late),
        off_disk=scrub(store.engine),
    )


def forget_record(
    store: Store,
    account_id: str,
    record_id: str,
    texts: Iterable[str],
    *,
    by: str,
    now: Callable[[], datetime],
    remove_handoff: Callable[[str], None],
) -> Erased:
    """Erases whatever names the record or repeats one of its `texts` (what it said, whole or a sentence of it), and reopens the briefs that did."""
    quotes = _quoting(record_id, texts)
    with store.writing() as connection:
        at = now()
        found = erasure.quoting_versions(connection, account_id, quotes)
        said = erasure.quoting_decisions(connection, account_id, quotes)
        hit = [brief_rows.get(connection, brief_id, lock=True) for brief_id in sorted({brief_id for brief_id, _, _ in found})]
        erased = sorted({hash for _, _, hash in found})
        gone = [handoff.id for row in hit for handoff in handoffs.of_brief(connection, row.id) if handoff.version_hash in erased]
        dossiers = erasure.redact_dossiers(connection, account_id, lambda body: _without(body, record_id, quotes), at)
        details = {"briefs": [row.id for row in hit], "versions": erased, "dossiers": dossiers, "handoffs": gone}
        row = audit_log.append(connection, at, by, "forget", f"record:{record_id}", account=account_id, **details)
        erasure.blank_briefs(connection, found, said, row.seq)
        erasure.blank_sales_words(connection, account_id, quotes, row.seq)
        results = erasure.drop_results(connection, account_id, quotes)
        readings = erasure.drop_cache(connection, account_id, record_id)
        erasure.blank_judgements(connection, account_id, record_id, quotes)
        cited = [row for row in hit if (row.id, row.versions) in {(brief_id, n) for brief_id, n, _ in found}]
        for brief in cited:
            _reopen(connection, brief, by, at)
        withdrawn = _withdrawn(connection, account_id)
    _remove(withdrawn, remove_handoff)
    return Erased(tuple(row.id for row in cited), len(found), len(dossiers), results, readings, tuple(gone), scrub(store.engine))


def _withdrawn(connection: Transaction, account_id: str) -> list[str]:
    """Every hand-off of the account that was taken back, also before: a crash may have left its folder."""
    mine = erasure.brief_ids(connection, account_id)
    return [handoff.id for brief_id in mine for handoff in handoffs.of_brief(connection, brief_id) if handoff.withdrawn_at is not None]


def _reopen(connection: Transaction, row: BriefRow, by: str, at: datetime) -> None:
    """Back to the desk; a brief that ended (won, lost, rejected ...) keeps its end, one whose place is taken is recalled."""
    handoffs.withdraw(connection, row.id, at)
    for action in (Action.REOPEN, Action.RECALL):
        if (row.state, action) not in MOVES:
            continue
        try:
            brief_rows.change(connection, row, action, by=by, at=at, note=NOTE)
            break
        except MoveRefused:
            continue
    erasure.blank_headline(connection, row.id, NOTE)


def _remove(folders: Iterable[str], remove_handoff: Callable[[str], None]) -> None:
    for handoff_id in folders:
        remove_handoff(handoff_id)


def _quoting(record_id: str, texts: Iterable[str]) -> erasure.Quotes:
    """Whether a text, or any string of a JSON document, is the record's id or repeats its words."""
    pieces = _pieces(texts)

    def quotes(document: str | bytes) -> bool:
        strings = list(_strings(_parsed(document)))
        if record_id in strings:
            return True
        whole = " ".join("\n".join(strings).split())
        return any(piece in whole for piece in pieces)

    return quotes


def _pieces(texts: Iterable[str]) -> Sequence[str]:
    pieces: set[str] = set()
    for text in texts:
        words = " ".join(text.split())
        if len(words) >= SHORTEST_TEXT:
            pieces.add(words)
        sentences = (" ".join(sentence.split()) for sentence in _SENTENCES.split(text))
        pieces |= {sentence for sentence in sentences if len(sentence) >= SHORTEST_SENTENCE}
    return sorted(pieces)


def _parsed(document: str | bytes) -> Any:
    if isinstance(document, bytes):
        return json.loads(document)
    try:
        return json.loads(document)
    except ValueError:
        return document


def _strings(value: Any) -> Iterator[str]:
    """Every string of a JSON value, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in cast("dict[str, Any]", value).items():
            yield key
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from _strings(inner)


def _without(dossier: bytes, record_id: str, quotes: erasure.Quotes) -> bytes | None:
    """The dossier without that record and the flags on it, and other flags without its words; None where it holds nothing of the kind."""
    document: dict[str, Any] = json.loads(dossier)
    lists = {key: cast("list[Any]", rows) for key, rows in document.items() if isinstance(rows, list)}
    kept = document | {key: [_quiet(row, quotes) for row in rows if not _is(row, record_id)] for key, rows in lists.items()}
    return None if kept == document else canonical_json(kept)


def _quiet(row: Any, quotes: erasure.Quotes) -> Any:
    """A flag's reason goes with the words it repeats; every other row stays as it is."""
    if not isinstance(row, dict):
        return row
    fields = cast("dict[str, Any]", row)
    repeats = str(fields.get("id")).startswith("flag:") and quotes(str(fields.get("reason")))
    return fields | {"reason": erasure.ERASED} if repeats else fields


def _is(row: Any, record_id: str) -> bool:
    if not isinstance(row, dict):
        return False
    fields = cast("dict[str, Any]", row)
    flags_it = str(fields.get("id")).startswith("flag:") and fields.get("ticket_id") == record_id
    return flags_it or fields.get("id") == record_id or f"usage:{fields.get('account_id')}:{fields.get('period_start')}" == record_id
