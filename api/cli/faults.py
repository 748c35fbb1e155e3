"""A user's mistake as one clear line with what to do, and the exit code it ends with."""

from __future__ import annotations

import sys

from api.cli import EXIT_BAD_INPUT, EXIT_CANNOT_TELL, EXIT_NO, EXIT_SERVICE_MISSING

SERVICE = frozenset({"embedder_missing", "store_locked", "model_unavailable", "schema_ignored", "index_broken", "service_missing"})
ANSWER_IS_NO = frozenset({"audit_broken", "stale_baseline"})
CANNOT_TELL = frozenset({"cassette_miss", "not_answered", "cannot_tell"})


def exit_code_of(fault: Exception) -> int | None:
    """Prints the fault and gives its exit code; None for a fault nobody named, which is ours."""
    from pydantic import ValidationError

    code = getattr(fault, "code", None)
    if isinstance(code, str) and hasattr(fault, "hint"):
        line = f"briefs: {fault} {getattr(fault, 'hint', '')}".rstrip()
        print(line, file=sys.stderr)
        return _of_code(code)
    if isinstance(fault, ValidationError) and fault.title == "Settings":
        first = fault.errors()[0]
        print(f"briefs: the setting BRIEFS_{str(first['loc'][0]).upper()} is not usable: {first['msg']}.", file=sys.stderr)
        return EXIT_BAD_INPUT
    if type(fault).__module__.startswith("sqlalchemy"):
        return _of_database(fault)
    if isinstance(fault, BrokenPipeError):
        return 0
    return None


def _of_code(code: str) -> int:
    if code in SERVICE:
        return EXIT_SERVICE_MISSING
    if code in CANNOT_TELL:
        return EXIT_CANNOT_TELL
    return EXIT_NO if code in ANSWER_IS_NO else EXIT_BAD_INPUT


def _of_database(fault: Exception) -> int:
    first = str(getattr(fault, "orig", fault)).splitlines()[0]
    print(
        f"briefs: the database does not answer: {first}. Check BRIEFS_DATABASE_URL, or that another process does not hold the file.", file=sys.stderr
    )
    return EXIT_SERVICE_MISSING
