"""What the service says of itself: one JSON object a line on stderr, without a customer's words and without the text of any error."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}
OUR_OWN = "briefs"
QUIET = ("uvicorn.error", "uvicorn.access", "httpx", "chromadb")
"""Loggers of libraries whose ordinary lines say nothing an admin needs."""


class JsonLines(logging.Formatter):
    """A record as JSON: when, how bad, who says it, what, and the fields given with it. Of an error only its kind and its places in the code."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told: dict[str, Any] = {"at": at, "level": record.levelname.lower(), "logger": record.name, "event": self._event(record)}
        told |= {name: value for name, value in vars(record).items() if name not in USUAL}
        if record.exc_info and record.exc_info[0] is not None:
            told["kind"] = record.exc_info[0].__name__
            told["places"] = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(record.exc_info[2])[-12:]]
        return json.dumps(told, ensure_ascii=False, default=str)

    @staticmethod
    def _event(record: logging.LogRecord) -> str:
        """Our own lines are fixed words. A library's may quote what it was given: only its template is kept."""
        return record.getMessage() if record.name.split(".")[0] == OUR_OWN else str(record.msg)[:200]


def to_stderr(level: int = logging.INFO) -> None:
    """Sends everything that is logged in this process to stderr as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
