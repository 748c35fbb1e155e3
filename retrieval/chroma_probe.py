"""Looks whether a Chroma folder can still be read, in a process of its own: a damaged one can end the process that opens it.

`python -m retrieval.chroma_probe FOLDER` ends with 0 and prints how many collections it read; anything else means: rebuild it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SECONDS = 300


def readable(folder: Path) -> bool:
    """True if another process could open, count and query every collection in `folder`."""
    root = str(Path(__file__).resolve().parent.parent)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))}
    command = [sys.executable, "-m", "retrieval.chroma_probe", str(folder)]
    try:
        return subprocess.run(command, env=environment, capture_output=True, timeout=SECONDS, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def main(folder: str) -> int:
    from retrieval.chroma import inspect

    sys.stdout.write(f"{inspect(Path(folder))}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
