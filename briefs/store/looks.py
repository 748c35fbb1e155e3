"""How long a person had a version before them: what tells an approval that was read from one that was not."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert

from briefs.store.instants import stamp
from briefs.store.sales_tables import looks


def add(
    connection: Connection, look_id: str, brief_id: str, version_hash: str, person_id: str, at: datetime, seconds: float, evidence_opened: int
) -> None:
    """One reading of one version."""
    connection.execute(
        insert(looks).values(
            id=look_id,
            brief_id=brief_id,
            version_hash=version_hash,
            person_id=person_id,
            at=stamp(at),
            seconds=seconds,
            evidence_opened=evidence_opened,
        )
    )
