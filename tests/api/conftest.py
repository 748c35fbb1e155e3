"""The command line as a person uses it, in this process, on a home that holds the scanned sample."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from api.cli import run

SAMPLE = Path(__file__).parents[2] / "evals" / "portfolios" / "sample"
AS_OF = "2026-03-31"


class Said(NamedTuple):
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Said]


@pytest.fixture(scope="session")
def scanned_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the sample imported and scanned once for the whole session; tests that change it take a copy."""
    home = tmp_path_factory.mktemp("sample") / "home"
    assert run(["--home", str(home), "ingest", str(SAMPLE), "--json"]) == 0
    assert run(["--home", str(home), "scan", "--as-of", AS_OF, "--json"]) == 0
    return home


@pytest.fixture
def home(scanned_home: Path, tmp_path: Path) -> Path:
    """A copy of the scanned home."""
    shutil.copytree(scanned_home, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def briefs(capfd: pytest.CaptureFixture[str]) -> Command:
    """Runs a command: `briefs(home, "scan", "--json")`."""

    def command(home: Path, *arguments: str) -> Said:
        capfd.readouterr()
        code = run(["--home", str(home), *arguments])
        out, err = capfd.readouterr()
        return Said(code, out, err)

    return command
