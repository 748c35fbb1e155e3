"""Files the machine's drafts: a new version of the brief that is open, a new brief where there is none, nothing where nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from briefs.canonical import canonical, digest
from briefs.gate import REDRAFTABLE, Action, State
from briefs.store import brief_rows
from briefs.store.brief_rows import COLUMNS, BriefRow, quarter_of
from briefs.store.dialect import lock
from briefs.store.tables import briefs

if TYPE_CHECKING:
    from briefs.brief import BriefBody

MACHINE = "machine"
"""The author of drafts. No person has this id, so it can never approve."""


def save_draft(connection: Connection, body: BriefBody, *, author: str, at: datetime, new_id: Callable[[], str]) -> str:
    """The id of the brief that holds this content.

    Content the newest brief of the account, motion, product and quarter already had from this author is filed already: a person's edits on top of
    it, and a person's rejection of it, stand. Otherwise it is a new version of the open brief, or a new brief; one that was approved but not yet
    on its way is then superseded, and so is an open one of an earlier quarter.
    """
    quarter, hash = quarter_of(body.as_of), digest(canonical(body))
    lock(connection, brief_rows.live_key(body.account_id, body.motion, body.sku, ""))
    same = [row for row in _of_key(connection, body) if row.quarter <= quarter]
    newest = next((row for row in same if row.quarter == quarter), None)
    if newest and hash == _last_by(connection, newest, author):
        return newest.id
    for older in same:
        if older.quarter < quarter and older.state in REDRAFTABLE:
            brief_rows.change(connection, older, Action.SUPERSEDE, by=author, at=at)
    if newest and newest.state in REDRAFTABLE:
        return brief_rows.add_version(connection, newest, body, Action.REDRAFT, by=author, at=at).id
    if newest and newest.state is State.APPROVED:
        brief_rows.change(connection, newest, Action.SUPERSEDE, by=author, at=at)
    return brief_rows.create(connection, new_id(), body, author, at).id


def newest(connection: Connection, body: BriefBody) -> BriefRow | None:
    """The brief a new draft of the same account, motion and product has to do with: an open one, else the newest; held against other writers."""
    lock(connection, brief_rows.live_key(body.account_id, body.motion, body.sku, ""))
    same = [row for row in _of_key(connection, body) if row.state is not State.SUPERSEDED]
    return same[0] if same else None


def _of_key(connection: Connection, body: BriefBody) -> list[BriefRow]:
    """The briefs of the account, motion and product; open ones first, then the newest."""
    query = select(*COLUMNS).where(briefs.c.account_id == body.account_id, briefs.c.motion == body.motion, briefs.c.sku == body.sku)
    order = (briefs.c.live_key.is_(None), briefs.c.created_at.desc(), briefs.c.id.desc())
    return brief_rows.find(connection, query.order_by(*order).with_for_update())


def _last_by(connection: Connection, row: BriefRow, author: str) -> str | None:
    """The hash of the author's newest version, unless its words were erased."""
    mine = [version for version in brief_rows.versions_of(connection, row.id) if version.author == author]
    return mine[-1].hash if mine and not mine[-1].erased else None
