"""What `pip install .` gives: a wheel with everything the product reads and nothing else, and a command that works outside the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from tests.demo_words import lacks

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = {"api", "briefs", "evals", "prompts", "retrieval"}
NEEDED = (
    "briefs/rubric.yaml",
    "briefs/migrations/env.py",
    "briefs/migrations/script.py.mako",
    "evals/portfolios/sample/accounts.jsonl",
    "evals/portfolios/sample/catalogue.yaml",
    "prompts/extract_signals.md",
)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def content(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_the_wheel_holds_the_packages_and_no_tests(content: set[str]):
    assert {PurePosixPath(name).parts[0] for name in content} == PACKAGES


def test_the_wheel_holds_every_file_the_packages_read(content: set[str]):
    committed = subprocess.run(["git", "ls-files", *sorted(PACKAGES)], cwd=ROOT, capture_output=True, text=True, check=False)
    files = set(committed.stdout.split()) if committed.returncode == 0 else set[str]()
    assert sorted((files | set(NEEDED)) - content) == []


def test_the_wheel_carries_its_licence_and_no_compiled_files(wheel: Path, content: set[str]):
    with zipfile.ZipFile(wheel) as archive:
        assert any(name.endswith(".dist-info/licenses/LICENSE") for name in archive.namelist())
    assert [name for name in content if name.endswith((".pyc", ".db", ".lock"))] == []


@pytest.mark.slow
def test_the_demo_works_from_the_wheel_outside_the_checkout(wheel: Path, tmp_path: Path):
    """The wheel goes into a fresh environment; its dependencies are those of this one, which the lock made."""
    environment, elsewhere = tmp_path / "env", tmp_path / "elsewhere"
    elsewhere.mkdir()
    venv.create(environment, symlinks=True)
    installed = _site(environment / "bin/python")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    (installed / "dependencies.pth").write_text(f"{_site(Path(sys.executable))}\n")
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"BRIEFS_HOME": str(tmp_path / "home")}
    start = [environment / "bin/python", "-c", "import sys, api.cli; print(api.cli.__file__, file=sys.stderr); sys.exit(api.cli.main())", "demo"]
    demo = subprocess.run(start, cwd=elsewhere, env=clean, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert demo.returncode == 0, demo.stdout + demo.stderr
    assert demo.stderr.startswith(str(installed))
    assert lacks(demo.stdout) == []
    assert "\x1b" not in demo.stdout
    assert list(elsewhere.iterdir()) == []


def _site(python: Path) -> Path:
    """The folder an interpreter's packages are installed in."""
    command = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    return Path(subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip())
