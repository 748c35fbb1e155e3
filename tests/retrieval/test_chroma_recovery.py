"""However Chroma's folder was left, the next opening gives an index that agrees with SQL; and what was forgotten is off the disk."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from retrieval.archive import Archive
from retrieval.chroma import ChromaIndex, open_chroma
from retrieval.errors import StoreLocked
from retrieval.ownership import Ownership
from tests.retrieval.shelf import LetterEmbedder, archive_in, shelve_notes

EMBEDDER = LetterEmbedder()
WORDS = ["seats", "renewal", "budget", "outage", "training", "export", "login", "invoice"]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    made = archive_in(tmp_path)
    for account in ("acme", "bolt"):
        shelve_notes(made, EMBEDDER, account, [f"{WORDS[n % 8]} {WORDS[n // 8 % 8]} {WORDS[n // 64]} {account} {n}" for n in range(130)])
    yield made
    made.engine.dispose()


def opened(archive: Archive, home: Path) -> ChromaIndex:
    return open_chroma(home / "chroma", archive, EMBEDDER.name)


def assert_agrees(archive: Archive, index: ChromaIndex) -> None:
    for account in archive.accounts():
        ids, vectors = archive.vectors(account, EMBEDDER.name)
        assert index.ids(account) == set(ids)
        places = {i: place for place, i in enumerate(ids)}
        for row, vector in zip(index.query(account, vectors[:20], 3), vectors[:20], strict=True):
            assert np.allclose([score for _, score in row], [vectors[places[i]] @ vector for i, _ in row], atol=1e-3)
            assert row[0][1] > 0.999


def killed_here(home: Path) -> None:
    """What a killed owner leaves: its id in a file nobody locks."""
    (home / "index.lock").write_text("4194304")


def segments(home: Path) -> list[Path]:
    return sorted(entry for entry in (home / "chroma").iterdir() if entry.is_dir())


def test_a_new_index_is_built_from_the_archive(archive: Archive, tmp_path: Path):
    index = opened(archive, tmp_path)
    assert_agrees(archive, index)
    index.close()


def test_an_index_closed_well_is_opened_again_without_a_probe(archive: Archive, tmp_path: Path):
    opened(archive, tmp_path).close()
    before = [entry.name for entry in segments(tmp_path)]
    index = opened(archive, tmp_path)
    assert [entry.name for entry in segments(tmp_path)] == before
    assert_agrees(archive, index)
    index.close()


def empty_a_pickle(folder: Path) -> None:
    next(folder.rglob("index_metadata.pickle")).write_bytes(b"")


def cut_the_links(folder: Path) -> None:
    for links in folder.rglob("link_lists.bin"):
        with links.open("r+b") as file:
            file.truncate(links.stat().st_size // 2)
    for data in folder.rglob("data_level0.bin"):
        with data.open("r+b") as file:
            file.truncate(data.stat().st_size // 2)


def remove_a_segment(folder: Path) -> None:
    shutil.rmtree(next(entry for entry in folder.iterdir() if entry.is_dir()))


def garble_the_database(folder: Path) -> None:
    (folder / "chroma.sqlite3").write_bytes(b"not a database at all" * 100)


def remove_everything(folder: Path) -> None:
    shutil.rmtree(folder)


def blow_up_the_links(folder: Path) -> None:
    """As found after a kill: an apparent size of 200 GB, nearly nothing allocated."""
    for links in folder.rglob("link_lists.bin"):
        os.truncate(links, 200_000_000_000)


@pytest.mark.parametrize("damage", [empty_a_pickle, cut_the_links, remove_a_segment, garble_the_database, remove_everything, blow_up_the_links])
def test_a_damaged_index_is_rebuilt_after_an_unclean_end(archive: Archive, tmp_path: Path, damage):
    opened(archive, tmp_path).close()
    damage(tmp_path / "chroma")
    killed_here(tmp_path)
    index = opened(archive, tmp_path)
    assert_agrees(archive, index)
    index.close()
    assert (tmp_path / "index.lock").read_text() == ""


def test_rows_lost_without_damage_come_back_after_an_unclean_end(archive: Archive, tmp_path: Path):
    index = opened(archive, tmp_path)
    index.delete("acme", sorted(index.ids("acme"))[:50])
    index.close()
    killed_here(tmp_path)
    index = opened(archive, tmp_path)
    assert_agrees(archive, index)
    index.close()


def test_an_account_the_last_run_did_not_finish_is_rebuilt(archive: Archive, tmp_path: Path):
    opened(archive, tmp_path).close()
    archive.forget_record("note", "acme-n1")
    index = opened(archive, tmp_path)
    assert_agrees(archive, index)
    index.close()


def test_an_account_the_archive_no_longer_knows_is_dropped(archive: Archive, tmp_path: Path):
    opened(archive, tmp_path).close()
    archive.forget_account("acme")
    index = opened(archive, tmp_path)
    assert index.ids("acme") == set()
    assert len(segments(tmp_path)) == 1
    index.close()


def test_vectors_of_another_model_are_not_searched(archive: Archive, tmp_path: Path):
    opened(archive, tmp_path).close()
    index = open_chroma(tmp_path / "chroma", archive, "another-model")
    assert index.ids("acme") == set()
    index.close()


def test_a_second_owner_is_told_who_the_first_is(archive: Archive, tmp_path: Path):
    index = opened(archive, tmp_path)
    with pytest.raises(StoreLocked, match=str(os.getpid())):
        opened(archive, tmp_path)
    index.close()
    with Ownership(tmp_path) as mine:
        assert mine.clean


def test_the_limit_of_open_files_is_as_it_was(archive: Archive, tmp_path: Path):
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    opened(archive, tmp_path).close()
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == before


def test_a_forgotten_account_leaves_no_vector_on_disk(archive: Archive, tmp_path: Path):
    index = opened(archive, tmp_path)
    ids, vectors = archive.vectors("acme", EMBEDDER.name)
    (tmp_path / "chroma.broken").mkdir()
    assert traces(tmp_path / "chroma", vectors, ids) > 50
    archive.forget_account("acme")
    index.delete("acme", None)
    assert traces(tmp_path / "chroma", vectors, ids) == 0
    assert not (tmp_path / "chroma.broken").exists()
    index.close()
    assert traces(tmp_path / "chroma", vectors, ids) == 0
    assert len(segments(tmp_path)) == 1


def traces(folder: Path, vectors: np.ndarray, ids: list[str]) -> int:
    """How many of the ids, and of the vectors' first numbers (Chroma scales them anew, the last digit may differ), stand in the files."""
    raw = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return sum(raw.count(i.encode()) for i in ids) + sum(raw.count(vector[:8].tobytes()) for vector in vectors)


WRITER = """
import sys, numpy as np
from pathlib import Path
from retrieval.chroma import open_chroma
from tests.retrieval.shelf import archive_in, LetterEmbedder
home = Path(sys.argv[1]); archive = archive_in(home); e = LetterEmbedder()
index = open_chroma(home / "chroma", archive, e.name)
print("ready", flush=True)
rng = np.random.default_rng(int(sys.argv[2]))
while True:
    for account in ("acme", "bolt"):
        ids, vectors = archive.vectors(account, e.name)
        some = rng.permutation(len(ids))[:60]
        index.delete(account, [ids[n] for n in some[:30]])
        index.upsert(account, [ids[n] for n in some], vectors[some])
"""


@pytest.mark.chaos
def test_a_killed_writer_leaves_an_index_that_agrees_after_the_next_opening(archive: Archive, tmp_path: Path):
    for turn in range(3):
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), str(turn)], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        time.sleep(0.3 + 0.17 * turn)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    index = opened(archive, tmp_path)
    assert_agrees(archive, index)
    index.close()


def test_small_accounts_take_no_more_than_their_share(tmp_path: Path):
    made = archive_in(tmp_path)
    for number in range(12):
        shelve_notes(made, EMBEDDER, f"small-{number}", ["one seat", "two seats"])
    index = opened(made, tmp_path)
    assert all(len(index.ids(f"small-{number}")) == 2 for number in range(12))
    index.close()
    with sqlite3.connect(tmp_path / "chroma" / "chroma.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM collections").fetchone() == (12,)
    database.close()
    made.engine.dispose()
