"""Showing a brief in a terminal must not cost the import of a PDF writer."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("fpdf", "markdown_it", "jinja2", "fontTools", "PIL", "rich", "sqlalchemy", "chromadb", "langchain")


def test_plain_text_imports_nothing_heavy() -> None:
    modules = "briefs.rendering.text, briefs.rendering.markdown, briefs.rendering.page"
    script = f"import sys, {modules}; print([name for name in {HEAVY!r} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip() == "[]"
