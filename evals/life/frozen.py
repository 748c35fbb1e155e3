"""A stored dossier as records again, so that it can be put into a case or looked at by a candidate."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from retrieval.dossier import Dossier
from retrieval.records import Account, Cited

_PARTS = ("contacts", "notes", "tickets", "usage", "surveys", "scorecards", "opportunities", "flags")


def rows_of(dossier: Dossier, others: Iterable[Account] = ()) -> dict[str, list[dict[str, Any]]]:
    """The records of a dossier by kind. The account stays as dated or undated as it was; `others` come with their names alone."""
    account = _row(dossier.account)
    if not dossier.undated_fields:
        account["at"] = f"{dossier.as_of.isoformat()}T00:00:00Z"
    names = [{"id": a.id, "name": a.name, "aliases": list(a.aliases), "domain": a.domain} for a in others if a.id != dossier.account.id]
    rows = {"accounts": [account, *names]}
    for part in _PARTS:
        listed = [_row(record) for record in getattr(dossier, part)]
        if listed:
            rows[part] = listed
    return rows


def catalogue_of(dossier: Dossier) -> dict[str, Any]:
    """What was for sale."""
    return dossier.catalogue.model_dump(mode="json", exclude_none=True)


def _row(record: Cited) -> dict[str, Any]:
    return record.model_dump(mode="json", exclude={"extra"}, exclude_none=True, exclude_defaults=True)
