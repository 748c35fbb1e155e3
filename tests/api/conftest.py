"""The command line as a person uses it, in this process, on a home that holds the scanned sample."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from api.cli import run
from tests.sharing import AS_OF, SAMPLE, planted, scanned_sample

if TYPE_CHECKING:
    from tests.api.world import World

__all__ = ["AS_OF", "SAMPLE"]


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
    """A home with the sample imported and scanned, a process's own; tests that change it take a copy."""
    home = tmp_path_factory.mktemp("sample") / "home"
    shutil.copytree(scanned_sample(tmp_path_factory), home)
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


@pytest.fixture(scope="session")
def planted_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home where two CSMs and two account executives share nothing, made once; tests take a copy."""
    return planted(tmp_path_factory)


@pytest.fixture
def world(planted_home: Path, tmp_path: Path) -> Iterator[World]:
    """The service over a copy of it."""
    from tests.api.world import serving

    shutil.copytree(planted_home, tmp_path / "planted")
    with serving(tmp_path / "planted") as world:
        yield world
