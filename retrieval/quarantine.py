"""Keeps the rows that could not be imported, with file, line and reason, so that somebody can mend them; one file an import, for its owner only.

An entry knows the account and the record it belongs to where that could be read, so that forgetting finds it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from retrieval.sources import Fault

FOLDER = "quarantine"


class Entry(BaseModel):
    """One row in quarantine. `id` is `<import id>:<number>`; `kind` is the plural of the contract; `line` 0 means the file as a whole."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    at: datetime
    file: str
    line: int
    kind: str
    account_id: str | None = None
    record_id: str | None = None
    reason: str
    raw: str


class Quarantine:
    """The quarantine file of one import; it exists from the first row on."""

    def __init__(self, home: Path, import_id: str, now: Callable[[], datetime]) -> None:
        self._folder = home / FOLDER
        self._import_id = import_id
        self._now = now
        self._stream: Any = None
        self.count = 0

    @property
    def path(self) -> Path | None:
        return self._folder / f"{self._import_id}.jsonl" if self.count else None

    def add(self, fault: Fault, data: Mapping[str, Any] | None = None) -> None:
        """Puts a row aside. `data` are its fields where it could be read that far."""
        if self._stream is None:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self._folder / f"{self._import_id}.jsonl", os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
            self._stream = os.fdopen(handle, "w", encoding="utf-8")
        self.count += 1
        account, record = _names(fault.kind, data or {})
        entry = Entry(
            id=f"{self._import_id}:{self.count}",
            at=self._now(),
            file=_text(fault.file),
            line=fault.line,
            kind=fault.kind,
            account_id=account,
            record_id=record,
            reason=_text(fault.reason),
            raw=_text(fault.raw),
        )
        self._stream.write(entry.model_dump_json() + "\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        if self._stream is not None:
            self._stream.close()


def entries(home: Path, import_id: str | None = None) -> Iterator[Entry]:
    """All rows in quarantine, oldest file name first. A line cut short by a crash is passed over: its import did not finish and will say it again."""
    for path in sorted((home / FOLDER).glob("*.jsonl")):
        if import_id is None or path.stem == import_id:
            yield from (entry for _, entry in _read(path) if entry is not None)


def take_out(home: Path, wanted: Callable[[Entry], bool]) -> int:
    """Removes the entries wanted (mended, or forgotten) and says how many. A file left empty is removed."""
    removed = 0
    for path in sorted((home / FOLDER).glob("*.jsonl")):
        lines = list(_read(path))
        kept = [line for line, entry in lines if entry is not None and not wanted(entry)]
        if len(kept) < len(lines):
            _rewrite(path, kept)
            removed += sum(entry is not None for _, entry in lines) - len(kept)
    return removed


def concerns(entry: Entry, account_id: str | None = None, record_id: str | None = None) -> bool:
    """Whether an entry is about this account, or this record. A row too broken to say is judged by whether the id stands in its text."""
    if account_id is not None:
        return entry.account_id == account_id if entry.account_id is not None else _mentions(entry.raw, account_id)
    if record_id is not None:
        return entry.record_id == record_id if entry.record_id is not None else _mentions(entry.raw, record_id)
    return False


def _mentions(raw: str, name: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", raw) is not None


def _names(kind: str, data: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """(account id, record id) of a row, as far as it says them."""
    own, account = _name(data.get("id")), _name(data.get("account_id"))
    if kind == "accounts":
        return own, f"account:{own}" if own else None
    if kind == "usage":
        start = data.get("period_start")
        return account, f"usage:{account}:{start}" if account and start else None
    return account, own


def _name(value: Any) -> str | None:
    usable = isinstance(value, (str, int)) and not isinstance(value, bool) and str(value)
    return _text(str(value)) if usable else None


def _text(text: str) -> str:
    """Text that a file can hold: half a surrogate pair is written as its escape."""
    return text.encode("utf-8", errors="backslashreplace").decode()


def _read(path: Path) -> Iterator[tuple[str, Entry | None]]:
    with path.open(encoding="utf-8", errors="replace") as stream:
        for line in stream:
            try:
                yield line, Entry.model_validate_json(line)
            except (ValidationError, json.JSONDecodeError):
                yield line, None


def _rewrite(path: Path, lines: list[str]) -> None:
    if not lines:
        path.unlink()
        return
    fresh = path.with_suffix(".new")
    handle = os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.writelines(lines)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)
