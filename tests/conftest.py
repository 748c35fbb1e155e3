"""What every test shares: a clean environment, no network but loopback, and a reason for every test that is left out."""

from __future__ import annotations

import os
import shutil

import pytest
from hypothesis import HealthCheck, settings

SETTINGS_OF_A_PERSON = ("BRIEFS_", "OPENAI_", "LANGCHAIN_", "LANGSMITH_", "CHROMA_")
KEPT = "BRIEFS_TEST_"
POSTGRES = "BRIEFS_TEST_POSTGRES"
LONG = ("chaos", "browser", "slow")
"""Files with such tests go first: where two processes share the files, neither is left alone with a long one in the end."""

settings.register_profile("desk", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("desk"), max_examples=100, derandomize=True, print_blob=True)


def pytest_configure(config: pytest.Config) -> None:
    """Nobody's key, model or home folder may change what a test does; the commands a test starts inherit the same."""
    for name in [name for name in os.environ if name.startswith(SETTINGS_OF_A_PERSON) and not name.startswith(KEPT)]:
        del os.environ[name]
    os.environ |= {"HF_HUB_OFFLINE": "1", "LANGSMITH_TRACING": "false", "TOKENIZERS_PARALLELISM": "false", "COLUMNS": "150", "NO_COLOR": "1"}
    settings.load_profile("ci" if os.environ.get("CI") else "desk")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = str(config.getoption("markexpr") or "")
    long = {item.path for item in items if any(item.get_closest_marker(marker) for marker in LONG)}
    items.sort(key=lambda item: item.path not in long)
    missing = {
        "postgres": None if os.environ.get(POSTGRES) else f"set {POSTGRES} to the URL of a PostgreSQL database that may be emptied",
        "browser": None if shutil.which("chromium") or shutil.which("google-chrome") else "Chromium is not installed",
        "local_model": None if "local_model" in wanted else "serves a small model on this machine: make test-local-model",
    }
    for item in items:
        for marker, reason in missing.items():
            if reason and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))
