"""Homes that take long to make, made once for all test processes that run side by side; whoever changes or opens one takes a copy."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli import run

SAMPLE = Path(__file__).parents[1] / "evals" / "portfolios" / "sample"
AS_OF = "2026-03-31"


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder `make` fills, in this process or in the one that asked first; the others wait.

    The lock ends with the process that holds it, and what it had half made is made anew by the next.
    """
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    place, making = base / f"shared-{name}", base / f"making-{name}"
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.is_dir():
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir()
            make(making)
            making.rename(place)
    return place


def imported_sample(factory: pytest.TempPathFactory) -> Path:
    """A home with the sample imported."""
    return made_once(factory, "imported", lambda folder: _done(folder / "home", "ingest", str(SAMPLE))) / "home"


def scanned_sample(factory: pytest.TempPathFactory) -> Path:
    """A home with the sample imported and scanned, as the commands do it."""
    imported = imported_sample(factory)

    def make(folder: Path) -> None:
        shutil.copytree(imported, folder / "home")
        _done(folder / "home", "scan", "--as-of", AS_OF)

    return made_once(factory, "scanned", make) / "home"


def planted(factory: pytest.TempPathFactory) -> Path:
    """A home with the planted portfolio imported and scanned: two CSMs and two account executives share nothing."""
    from tests.api.world import make_home

    return made_once(factory, "planted", make_home) / "home"


def _done(home: Path, *command: str) -> None:
    assert run(["--home", str(home), *command, "--json"]) == 0
