"""Turns what a case refers to (an account of a portfolio, a frozen record set, a text of its own) into records in the native import format."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

from evals.errors import SuiteFault
from evals.loading import read_yaml
from evals.suite import SUITES_FOLDER, Case, Item, Pair
from retrieval.sources import PLURALS

PORTFOLIOS = Path(__file__).parent / "portfolios"
RECORDS = SUITES_FOLDER / "records"
ITEM_ID = "case-item"
"""The id of the record a case's own text is filed as."""
_KINDS = frozenset(PLURALS.values())
FLAGS = "flags"
"""What support flagged, in a record set: rows as a dossier holds them. They are set in a home, never imported."""

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
"""Records of the native format by kind, in the plural: {notes: [...], tickets: [...]}."""


@dataclass(frozen=True)
class Source:
    """Where an account's records come from, and its id there."""

    reference: str
    name: str
    """What is imported as a whole: a portfolio, or a record set."""
    account_id: str
    folder: Path | None = None
    file: Path | None = None


@cache
def source_of(reference: str) -> Source:
    """The source behind `sample/a01` or `records/plain_vendor`. Raises SuiteFault: nothing of that name."""
    place, slash, name = reference.rpartition("/")
    if slash and not {"..", ""} & set(reference.split("/")):
        if (PORTFOLIOS / place / "accounts.jsonl").is_file() and name in _by_account(PORTFOLIOS / place):
            return Source(reference, place, name, folder=PORTFOLIOS / place)
        for file in (RECORDS / f"{reference.removeprefix('records/')}.yaml", RECORDS / f"{place}.yaml"):
            if file.is_file():
                return Source(reference, file.stem, _first_account(file) if file.stem == name else name, file=file)
    raise SuiteFault(f"There is no account {reference[:60]!r}.", "Name PORTFOLIO/ACCOUNT, or records/NAME for evals/suites/records/NAME.yaml.")


@cache
def record_set(file: Path) -> dict[str, Any]:
    """A frozen record set: rows by kind, `flags` that support set, and `catalogue` (its products, or the name of the portfolio whose it takes).

    Raises SuiteFault.
    """
    told = read_yaml(file)
    if not isinstance(told, dict) or not cast("dict[str, Any]", told).get("accounts"):
        raise SuiteFault(f"records/{file.name} holds no accounts.", "It is a mapping of kinds to rows: accounts, contacts, notes, ...")
    rows = cast("dict[str, Any]", told)
    surplus = sorted(set(rows) - _KINDS - {FLAGS, "catalogue"})
    if surplus:
        raise SuiteFault(
            f"records/{file.name}: {surplus[0]!r} is no kind of record.", f"There are {', '.join(sorted(_KINDS))}, {FLAGS} and catalogue."
        )
    return rows


def _first_account(file: Path) -> str:
    return str(record_set(file)["accounts"][0]["id"])


@cache
def content_hash(reference: str) -> str:
    """Changes with any record of the account, and with the catalogue. Raises SuiteFault."""
    source = source_of(reference)
    digest = hashlib.sha256()
    if source.file is not None:
        digest.update(source.file.read_bytes())
    else:
        assert source.folder is not None
        for line in _by_account(source.folder).get(source.account_id, ()):
            digest.update(line)
        digest.update((source.folder / "catalogue.yaml").read_bytes())
    return digest.hexdigest()[:16]


def case_content(case: Case) -> str:
    """Hash of a case with the records it refers to. Raises SuiteFault."""
    referred = [case.input.account, *([case.input.other] if isinstance(case.input, Pair) else [])]
    return hashlib.sha256("|".join([case.hash, *map(content_hash, referred)]).encode()).hexdigest()[:16]


@cache
def _by_account(folder: Path) -> dict[str, list[bytes]]:
    """The lines of a portfolio's files by the account they are of."""
    lines: dict[str, list[bytes]] = {}
    for kind in sorted(_KINDS):
        path = folder / f"{kind}.jsonl"
        for line in path.read_bytes().splitlines() if path.is_file() else ():
            if line.strip():
                lines.setdefault(str(json.loads(line)["id" if kind == "accounts" else "account_id"]), []).append(line)
    return lines


def native_folder(source: Source, into: Path) -> Path:
    """The folder to import: the portfolio's own, or one written from the record set."""
    if source.folder is not None:
        return source.folder
    assert source.file is not None
    told = record_set(source.file)
    write_rows({kind: rows for kind, rows in told.items() if kind != "catalogue"}, source.account_id, into)
    catalogue = told.get("catalogue")
    if isinstance(catalogue, str):
        path = PORTFOLIOS / catalogue / "catalogue.yaml"
        if not path.is_file():
            raise SuiteFault(f"records/{source.file.name}: there is no portfolio {catalogue[:40]!r}.", "`catalogue: sample` takes the sample's.")
        (into / "catalogue.yaml").write_bytes(path.read_bytes())
    elif catalogue is not None:
        (into / "catalogue.json").write_text(json.dumps(catalogue, default=_plain), "utf-8")
    return into


def write_rows(rows: Rows, account_id: str, into: Path) -> None:
    """Native files of these rows, flags left out; a row that names no account is this one's. Raises SuiteFault for a kind nobody knows."""
    into.mkdir(parents=True, exist_ok=True)
    for kind, listed in rows.items():
        if kind == FLAGS:
            continue
        if kind not in _KINDS:
            raise SuiteFault(f"{kind[:40]!r} is no kind of record.", f"There are {', '.join(sorted(_KINDS))}.")
        owner = "id" if kind == "accounts" else "account_id"
        lines = [json.dumps({owner: account_id, **row}, ensure_ascii=False, default=_plain) for row in listed]
        (into / f"{kind}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


def item_rows(item: Item, contact: tuple[str, str] | None, csm: str | None) -> Rows:
    """The record a case's own text becomes. `contact` is the (id, name) of a person of the account, who speaks where the customer does."""
    at = item.at.isoformat()
    person_id, person = contact or (None, "the customer")
    ours = csm or "Account team"
    if item.kind == "survey":
        return {"surveys": [{"id": ITEM_ID, "at": at, "kind": "csat", "comment": item.text, "respondent": person_id}]}
    if item.kind == "ticket":
        role = "customer" if item.role == "customer" else "agent"
        said = {
            "at": at,
            "author": person if role == "customer" else "Support",
            "author_role": role,
            "body": item.text,
            "public": item.role != "internal",
        }
        told = {"id": ITEM_ID, "created_at": at, "status": "solved", "solved_at": at, "priority": "P4", "subject": item.title or "(no subject)"}
        return {"tickets": [{**told, "requester": person_id or person, "messages": [said]}]}
    kind = {"customer": "email", "agent": "call", "internal": "internal"}[item.role]
    author = person if item.role == "customer" else ours
    safe = "internal" if item.role == "internal" else "customer_safe"
    return {"notes": [{"id": ITEM_ID, "at": at, "author": author, "kind": kind, "title": item.title, "body": item.text, "visibility": safe}]}


def _plain(value: Any) -> str:
    """Dates, as YAML reads them."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no value of a record")
