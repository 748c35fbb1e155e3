"""The `briefs` command: every command prints its result to stdout, progress and warnings to stderr, and one clear line where something is wrong."""

from __future__ import annotations

import sys

EXIT_NO, EXIT_BAD_INPUT, EXIT_SERVICE_MISSING = 1, 2, 3


def main() -> None:
    """The console script. Exit codes: 0 done, 1 the answer is no, 2 bad use or bad input, 3 a needed service is missing."""
    from api.cli.app import app
    from api.cli.faults import exit_code_of

    try:
        app(standalone_mode=True)
    except Exception as fault:  # the last line of defence: named faults become one line, anything else stays a traceback
        code = exit_code_of(fault)
        if code is None:
            raise
        sys.exit(code)
