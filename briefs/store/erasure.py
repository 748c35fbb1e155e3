"""Erases customers' words from the briefs' tables, through the one door the walls leave open: an audited erasure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, or_, select, update

from briefs.store.drafts import MACHINE
from briefs.store.instants import stamp
from briefs.store.results import forget_what_was_read
from briefs.store.sales_tables import answers, brief_facts, deliveries, delivery_tries, feedback, handoff_changes, looks, notices, questions
from briefs.store.service_tables import idempotency, import_rows, seen
from briefs.store.tables import briefs, decisions, dossiers, erasures, flags, handoffs, model_answers, overrides, readings, results, versions

Quotes = Callable[[str | bytes], bool]
"""Whether a text or a JSON document holds words of what is to be erased."""
ERASED = "(erased)"


def open_door(connection: Connection, brief_ids: Iterable[str], audit_seq: int) -> None:
    """Lets the content of these briefs be erased in this transaction; the last audit row must be the `forget` row of that number."""
    rows = [{"brief_id": brief_id, "audit_seq": audit_seq} for brief_id in sorted(set(brief_ids))]
    if rows:
        connection.execute(insert(erasures), rows)


def close_door(connection: Connection) -> None:
    connection.execute(delete(erasures))


def brief_ids(connection: Connection, account_id: str) -> list[str]:
    return list(connection.execute(select(briefs.c.id).where(briefs.c.account_id == account_id).order_by(briefs.c.id)).scalars())


def quoting_versions(connection: Connection, account_id: str, quotes: Quotes) -> list[tuple[str, int, str]]:
    """(brief id, n, hash) of the account's versions that hold the words, and of people's edits on top: they may say it in other words."""
    query = select(versions).join(briefs, briefs.c.id == versions.c.brief_id).where(briefs.c.account_id == account_id, versions.c.body.is_not(None))
    found: list[tuple[str, int, str]] = []
    for row in connection.execute(query.order_by(versions.c.brief_id, versions.c.n)):
        edited = row.author != MACHINE and (row.brief_id, row.n - 1) in {(brief_id, n) for brief_id, n, _ in found[-1:]}
        if edited or quotes(row.body):
            found.append((row.brief_id, row.n, row.hash))
    return found


def quoting_decisions(connection: Connection, account_id: str, quotes: Quotes) -> list[tuple[str, str]]:
    """(brief id, decision id) of the account's decisions whose reason or accepted changes hold the words."""
    query = select(decisions).join(briefs, briefs.c.id == decisions.c.brief_id).where(briefs.c.account_id == account_id)
    rows = connection.execute(query.order_by(decisions.c.id))
    return [(row.brief_id, row.id) for row in rows if quotes(f"{row.reason or ''}\n{row.accepted_changes or ''}")]


def blank_briefs(connection: Connection, found: Sequence[tuple[str, int, str]], said: Sequence[tuple[str, str]], audit_seq: int) -> None:
    """Takes the bytes out of versions and the words out of decisions; hashes, authors and times stay."""
    open_door(connection, [*(brief_id for brief_id, _, _ in found), *(brief_id for brief_id, _ in said)], audit_seq)
    for brief_id, n, _ in found:
        connection.execute(update(versions).where(versions.c.brief_id == brief_id, versions.c.n == n).values(body=None))
    for _, decision_id in said:
        connection.execute(update(decisions).where(decisions.c.id == decision_id).values(reason=None, accepted_changes=None))
    close_door(connection)


def blank_headline(connection: Connection, brief_id: str, note: str) -> None:
    connection.execute(update(briefs).where(briefs.c.id == brief_id).values(headline="", note=note, new_evidence=None))


def redact_dossiers(connection: Connection, account_id: str, redact: Callable[[bytes], bytes | None], at: datetime) -> list[str]:
    """Rewrites the account's dossiers; `redact` gives the new bytes, or None where nothing is to change. The hashes rewritten."""
    changed: list[str] = []
    for row in connection.execute(select(dossiers).where(dossiers.c.account_id == account_id).order_by(dossiers.c.hash)).all():
        body = redact(bytes(row.body))
        if body is not None:
            connection.execute(update(dossiers).where(dossiers.c.hash == row.hash).values(body=body, redacted_at=stamp(at)))
            changed.append(row.hash)
    return changed


def drop_results(connection: Connection, account_id: str, quotes: Quotes) -> int:
    """Deletes the account's results that hold the words; how many."""
    rows = connection.execute(select(results.c.seq, results.c.body).where(results.c.account_id == account_id)).all()
    found = [row.seq for row in rows if quotes(row.body)]
    for seq in found:
        connection.execute(delete(results).where(results.c.seq == seq))
    forget_what_was_read()
    return len(found)


def drop_cache(connection: Connection, account_id: str, record_id: str | None) -> int:
    """Deletes what was read in the record (None: in any of the account) and every model answer of the account; how many."""
    of_record = readings.c.account_id == account_id
    if record_id is not None:
        of_record &= or_(readings.c.record_id == record_id, readings.c.record_id.is_(None))
    gone = connection.execute(delete(readings).where(of_record)).rowcount
    return gone + connection.execute(delete(model_answers).where(model_answers.c.account_id == account_id)).rowcount


def blank_judgements(connection: Connection, account_id: str, record_id: str, quotes: Quotes) -> None:
    """Takes the words out of overrides' and flags' reasons; flags on the record itself go."""
    connection.execute(delete(flags).where(flags.c.account_id == account_id, flags.c.ticket_id == record_id))
    for table in (overrides, flags):
        for row in connection.execute(select(table.c.id, table.c.reason).where(table.c.account_id == account_id)).all():
            if quotes(row.reason):
                connection.execute(update(table).where(table.c.id == row.id).values(reason=ERASED))


def drop_account(connection: Connection, account_id: str) -> dict[str, int]:
    """Deletes everything of the account, through the open door; how many rows of each table."""
    mine = brief_ids(connection, account_id)
    counts: dict[str, int] = {}
    _drop_sales_side(connection, mine)
    for table in (handoffs, decisions, versions):
        counts[table.name] = connection.execute(delete(table).where(table.c.brief_id.in_(mine))).rowcount
    close_door(connection)
    connection.execute(delete(idempotency))
    for table in (briefs, dossiers, results, overrides, flags, readings, model_answers, notices, seen):
        counts[table.name] = connection.execute(delete(table).where(table.c.account_id == account_id)).rowcount
    return counts


def _drop_sales_side(connection: Connection, brief_ids: Sequence[str]) -> None:
    """Answers, questions, changes told and deliveries of these briefs, innermost first."""
    mine = select(handoffs.c.id).where(handoffs.c.brief_id.in_(brief_ids))
    sent = select(deliveries.c.id).where(deliveries.c.handoff_id.in_(mine))
    connection.execute(delete(delivery_tries).where(delivery_tries.c.delivery_id.in_(sent)))
    for table in (deliveries, questions, feedback, handoff_changes):
        connection.execute(delete(table).where(table.c.handoff_id.in_(mine)))
    for table in (answers, looks, brief_facts):
        connection.execute(delete(table).where(table.c.brief_id.in_(brief_ids)))


def blank_sales_words(connection: Connection, account_id: str, quotes: Quotes, audit_seq: int) -> None:
    """Takes the words out of answers, questions, feedback, changes told and rows waiting to be mended, and drops stored answers to requests."""
    briefs_of = brief_ids(connection, account_id)
    mine = handoffs.c.brief_id.in_(briefs_of)
    open_door(connection, briefs_of, audit_seq)
    for table, words in ((answers, ("reason", "condition")), (questions, ("text",)), (feedback, ("text",)), (handoff_changes, ("detail",))):
        of_account = answers.c.brief_id.in_(briefs_of) if table is answers else table.c.handoff_id.in_(select(handoffs.c.id).where(mine))
        for row in connection.execute(select(table).where(of_account)).mappings().all():
            if any(quotes(row[word] or "") for word in words):
                blank = {word: "{}" if word == "detail" else None for word in words}
                connection.execute(update(table).where(table.c.id == row["id"]).values(**blank))
    close_door(connection)
    for row in connection.execute(select(import_rows.c.id, import_rows.c.row)).all():
        if quotes(row.row):
            connection.execute(update(import_rows).where(import_rows.c.id == row.id).values(row=ERASED))
    connection.execute(delete(idempotency))


def account_hashes(connection: Connection, account_id: str) -> tuple[list[str], list[str]]:
    """The hashes of the account's versions and dossiers."""
    mine = select(versions.c.hash).join(briefs, briefs.c.id == versions.c.brief_id).where(briefs.c.account_id == account_id)
    kept = select(dossiers.c.hash).where(dossiers.c.account_id == account_id)
    return sorted(connection.execute(mine).scalars()), sorted(connection.execute(kept).scalars())
