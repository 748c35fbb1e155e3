"""The shape of the code: who may import whom, how long a file may be, and what may not stand in it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("api", "briefs", "evals", "prompts", "retrieval")
FOLDERS = {*PACKAGES, "tests"}
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
MIGRATIONS = ROOT / "briefs/migrations/versions"
TESTS = sorted((ROOT / "tests").rglob("*.py"))
LONGEST, LONGEST_EVER = 300, 400
LONGEST_FUNCTION = 40

LONG_MODULES = {
    "briefs/brief.py": "the nouns of a brief read best on one page",
    "retrieval/records.py": "the record kinds of the import format read best on one page",
}
LONG_FUNCTIONS: dict[str, str] = {}

BANNED_MODULE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager"}
BANNED_IN_CODE = {
    "TO" + "DO": "finish it or leave it out",
    "FIX" + "ME": "mend it",
    "NotImplemented" + "Error": "a port is a Protocol; there is nothing left to implement",
    "Magic" + "Mock": "use a fake or the real part",
    "unittest." + "mock": "use a fake or the real part",
    "monkeypatch." + "setattr": "hand the part in",
    "# " + "---": "no section banners: split the file",
    "# " + "===": "no section banners: split the file",
}
INDEX_HOSTS = ("pythonhosted" + ".org", "pypi" + ".org", "--index" + "-url", "--extra-index" + "-url", "--find" + "-links", "file" + ":///")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def functions(path: Path) -> list[tuple[str, int]]:
    """Every function of a module and its length in lines, its docstring left out."""
    found: list[tuple[str, int]] = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            said = node.body[0] if ast.get_docstring(node) else None
            docstring = 0 if said is None or said.end_lineno is None else said.end_lineno - said.lineno + 1
            found.append((f"{name(path)}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1 - docstring))
    return found


def test_imports_follow_the_arrows_of_the_architecture():
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_there_is_no_other_top_level_package():
    assert {path.parent.name for path in ROOT.glob("*/__init__.py")} == FOLDERS


def test_no_module_is_longer_than_a_person_reads_in_one_go():
    long = {name(path): lines(path) for path in MODULES if lines(path) > LONGEST}
    assert sorted(long.keys() - LONG_MODULES.keys()) == [], f"longer than {LONGEST} lines, with no reason in LONG_MODULES"
    assert {path: count for path, count in long.items() if count > LONGEST_EVER} == {}
    assert sorted(LONG_MODULES.keys() - long.keys()) == [], "short again: take the exception away"


def test_no_function_is_longer_than_a_screen():
    long = {function: count for path in MODULES if path.parent != MIGRATIONS for function, count in functions(path) if count > LONGEST_FUNCTION}
    assert {function: count for function, count in long.items() if function not in LONG_FUNCTIONS} == {}
    assert sorted(LONG_FUNCTIONS.keys() - long.keys()) == [], "short again: take the exception away"


def test_every_module_opens_by_saying_what_it_is_for():
    silent = [name(path) for path in MODULES if (text := path.read_text("utf-8")).strip() and not ast.get_docstring(ast.parse(text))]
    assert silent == []


def test_modules_are_named_for_what_they_hold():
    assert [name(path) for path in MODULES + TESTS if path.stem in BANNED_MODULE_NAMES] == []


@pytest.mark.parametrize("words", BANNED_IN_CODE)
def test_nothing_unfinished_or_mocked_stands_in_the_code(words: str):
    where = [name(path) for path in MODULES + TESTS if words in path.read_text("utf-8")]
    assert where == [], BANNED_IN_CODE[words]


def test_no_lock_or_document_names_a_package_index():
    files = [*ROOT.glob("*.lock"), *ROOT.glob("*.md"), ROOT / "Makefile", ROOT / "pyproject.toml"]
    assert [(name(path), host) for path in files for host in INDEX_HOSTS if host in path.read_text("utf-8")] == []


@pytest.mark.parametrize("lock", sorted(ROOT.glob("requirements*.lock")), ids=lambda path: path.name)
def test_every_locked_package_has_a_version_and_a_hash(lock: Path):
    requirement = re.compile(
        r"^(?P<name>[A-Za-z0-9][\w.-]*)(\[[\w,.-]+\])?==\S+( ;[^\\]+)? \\\n(    --hash=sha256:[0-9a-f]{64}( \\)?\n)+", re.MULTILINE
    )
    rest = requirement.sub("", lock.read_text("utf-8") + "\n")
    assert [line for line in rest.splitlines() if line.strip() and not line.lstrip().startswith("#")] == []


def test_the_product_is_tested_with_the_versions_it_is_installed_with():
    locks = [(ROOT / lock).read_text("utf-8") for lock in ("requirements-run.lock", "requirements.lock")]
    product, everything = (set(re.findall(r"^\S+==\S+", text, re.MULTILINE)) for text in locks)
    assert product <= everything
