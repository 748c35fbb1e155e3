"""The `briefs` command: every command prints its result to stdout, progress and warnings to stderr, and one clear line where something is wrong."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

EXIT_NO, EXIT_BAD_INPUT, EXIT_SERVICE_MISSING, EXIT_CANNOT_TELL = 1, 2, 3, 4


_COLLECT_EVERY = 200_000
"""Allocations between two collections. Python's 700 would walk the modules being imported some hundred times: a third of a short command's time.

A short command leaves some hundred thousand, nearly all of them modules: it should end before the first collection.
"""
_NO_PLUGINS = ("PYDANTIC_DISABLE_PLUGINS", "true")
"""Pydantic would ask each of two hundred installed packages whether it is a plugin of pydantic; the product uses none. Yours wins where it is set."""


def main() -> None:
    """The console script."""
    gc.set_threshold(_COLLECT_EVERY)
    os.environ.setdefault(*_NO_PLUGINS)  # noqa: TID251  a setting of pydantic's, written and not read
    code = run(sys.argv[1:])
    gc.freeze()  # what is left goes with the process: nothing to search for cycles
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """One command. Exit codes: 0 done, 1 the answer is no, 2 bad use or bad input, 3 a needed service is missing, 4 it cannot be told."""
    from api.cli.app import app
    from api.cli.called import part_of
    from api.cli.faults import exit_code_of

    try:
        part_of(app, list(arguments))(args=list(arguments), prog_name="briefs", standalone_mode=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else EXIT_NO if end.code else 0
    except KeyboardInterrupt:
        print("briefs: stopped; what was done is kept, and the next run goes on from there.", file=sys.stderr)
        return EXIT_NO
    except Exception as fault:  # a named fault becomes one line; anything else is ours and stays a traceback
        code = exit_code_of(fault)
        if code is None:
            raise
        return code
    return 0
