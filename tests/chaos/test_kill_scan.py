"""A scan killed at any moment leaves nothing half done: the next one completes it, with one live brief an account and a chain that adds up."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from briefs.brief import BriefBody
from briefs.canonical import digest
from briefs.settings import Settings
from briefs.wiring import Workspace
from retrieval.agreement import compare
from tests.chaos.scan_driver import AS_OF, SOME
from tests.sharing import imported_sample

pytestmark = pytest.mark.chaos

ROOT = Path(__file__).resolve().parents[2]
KILLS = 30
LIVE = ("draft", "in_review", "changes_requested")


def test_after_every_kill_the_next_scan_completes(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    home, chance = tmp_path / "home", random.Random(2026)
    shutil.copytree(imported_sample(tmp_path_factory), home)
    command = [sys.executable, "-m", "tests.chaos.scan_driver", str(home)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as driver:
        assert driver.stdin is not None
        assert driver.stdout is not None
        for _ in range(KILLS):
            print("scan", file=driver.stdin, flush=True)
            scanner = int(driver.stdout.readline())
            time.sleep(chance.uniform(0, 1.5))
            os.kill(scanner, signal.SIGKILL)
            assert driver.stdout.readline() == "gone\n"
            _completes(home)
        driver.stdin.close()


def _completes(home: Path) -> None:
    with Workspace(Settings(home=home)) as opened:
        results = [s.result for s in opened.pipeline(opened.offline_engine).scan(SOME, AS_OF)]
        assert len(results) == len(SOME)
        assert all((r.brief_id is not None) == (r.verdict == "qualified") for r in results)
        assert compare(opened.archive, opened.index, opened.embedder.name).holds
        assert opened.store.verify_audit() >= 1
        live = Counter((row.account_id, row.motion, row.sku, row.quarter) for row in opened.store.list() if row.state in LIVE)
        assert set(live.values()) == {1}
        for result in results:
            if result.brief_id:
                stored = opened.store.version(opened.store.brief(result.brief_id).head)
                assert digest(stored) == opened.store.brief(result.brief_id).head
                assert BriefBody.model_validate_json(stored).account_id == result.account_id
