"""A short command imports what it needs and nothing else: most of its time is spent on that."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

LOOK = """
import json, sys
from api.cli import main
sys.argv[:1] = ["briefs"]
try:
    main()
except SystemExit as end:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
    sys.exit(end.code)
"""
PLUGINS = "PYDANTIC_DISABLE_PLUGINS"
SAY_PLUGINS = f"""
import os, sys
from api.cli import main
try:
    main()
finally:
    print(os.environ[{PLUGINS!r}], file=sys.stderr)
"""
FOR_NO_SHORT_COMMAND = (
    "alembic", "chromadb", "cryptography", "fpdf", "httpx", "jinja2", "langchain_core", "numpy", "openai", "opentelemetry", "pydantic_settings",
    "sqlalchemy.ext", "sqlalchemy.orm", "yaml",
)  # fmt: skip
NOT_LISTED_WITH = ("briefs.brief", "briefs.store.sales_tables", "briefs.store.service_tables", "retrieval.archive", "retrieval.records")


def imported(*arguments: str) -> tuple[str, set[str]]:
    """What a command prints, and every module it imported."""
    command = [sys.executable, "-c", LOOK, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
    return done.stdout, set(json.loads(done.stderr))


def test_help_imports_neither_the_database_nor_the_models():
    said, modules = imported("--help")
    assert "briefs demo" in said
    assert modules & {*FOR_NO_SHORT_COMMAND, *NOT_LISTED_WITH, "pydantic", "rich", "sqlalchemy"} == set()


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["table", "json"])
def test_listing_briefs_in_a_pipe_imports_the_database_and_little_beside(scanned_home: Path, form: tuple[str, ...]):
    said, modules = imported("--home", str(scanned_home), "list", *form)
    assert "Corrib Lift Services" in said
    assert modules & {*FOR_NO_SHORT_COMMAND, *NOT_LISTED_WITH, "rich"} == set()


@pytest.mark.parametrize("told, found", [({}, "true"), ({PLUGINS: "one,two"}, "one,two")], ids=["bare", "told"])
def test_packages_are_not_searched_for_plugins_of_pydantic_unless_you_say_so(told: dict[str, str], found: str):
    bare = {name: value for name, value in os.environ.items() if name != PLUGINS}
    command = [sys.executable, "-c", SAY_PLUGINS, "--help"]
    done = subprocess.run(command, env=bare | told, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
    assert done.stderr.strip() == found
