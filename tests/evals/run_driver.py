"""Runs a suite in a process of its own, for tests that kill it."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.evals.suite_builders import ran

if __name__ == "__main__":
    ran(Path(sys.argv[1]), Path(sys.argv[2]))
