"""An import killed at any moment loses nothing and leaves nothing half done: the next one finishes it, and store and index agree."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.chaos

ROOT = Path(__file__).resolve().parents[2]
ACCOUNTS, NOTES = 6, 150


@pytest.mark.parametrize(("kind", "kills"), [("folder", 20), ("chroma", 5), ("tiered", 5)])
def test_after_every_kill_the_next_import_completes_and_store_and_index_agree(tmp_path: Path, kind: str, kills: int):
    chance = random.Random(f"{kind} 2026")
    folders = [_folder(tmp_path / f"v{version}", version) for version in range(kills + 1)]
    longest, cut = 0.5, 0
    for first, second in zip(folders, [*folders[1:], folders[-1]], strict=True):
        with _started(tmp_path / "home", kind, first, second) as driver:
            assert driver.stdout is not None
            assert driver.stdout.readline().split() == ["agrees", str(ACCOUNTS), str(NOTES), "0"]
            if first == second:
                assert driver.wait(timeout=30) == 0
                break
            assert driver.stdout.readline() == "go\n"
            began = time.monotonic()
            time.sleep(chance.uniform(0, longest))
            driver.send_signal(signal.SIGKILL)
            finished = "done" in driver.stdout.read()
            cut += not finished
            longest = min(longest, time.monotonic() - began) if finished else longest
    assert cut >= kills // 3  # else the kills came too late to prove anything


def _started(home: Path, kind: str, first: Path, second: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.chaos.import_driver", str(home), kind, str(first), str(second)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def _folder(folder: Path, version: int) -> Path:
    """A portfolio in which, from version to version, an account is renamed, and notes change their words, their account or neither."""
    chance = random.Random(version)
    folder.mkdir()
    accounts = [{"id": f"a{n}", "name": f"Account {n}" + (f" v{version}" if version % ACCOUNTS == n else "")} for n in range(ACCOUNTS)]
    (folder / "accounts.jsonl").write_text("".join(json.dumps(row) + "\n" for row in accounts))
    with (folder / "notes.jsonl").open("w") as stream:
        for n in range(NOTES):
            edition = version if n % 3 == version % 3 else "first"
            body = f"Note {n} of {edition}. " + " ".join(
                chance.choices(["seats", "renewal", "budget", "audit", "export"], k=5 if edition == "first" else 150)
            )
            body = body if edition != "first" else f"Note {n} as first written."
            owner = (n + (version if n % 10 == 0 else 0)) % ACCOUNTS
            stream.write(json.dumps({"id": f"n{n}", "account_id": f"a{owner}", "at": "2026-01-01", "body": body}) + "\n")
    return folder
