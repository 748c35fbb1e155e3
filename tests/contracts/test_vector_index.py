"""What every vector index promises, on each: exact from SQL, Chroma in a folder, on a server, and for large accounts only."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from retrieval.archive import Archive
from retrieval.archive_writes import Batch
from retrieval.chroma import open_chroma, open_chroma_server
from retrieval.embedding import Vectors, unit
from retrieval.errors import IndexBroken
from retrieval.exact import ExactIndex
from retrieval.filing import filed, vector_key
from retrieval.index import VectorIndex
from retrieval.records import Account, Note, Passage
from retrieval.tiered import TieredIndex
from tests.retrieval.shelf import NOON, archive_in

MODEL, DIM = "random-1", 32
LARGE = 30
"""Passages from which an account has a collection: the accounts below lie on both sides."""


class Shelf:
    """An index beside the archive it belongs to: what is put goes to both, as an import does it."""

    def __init__(self, archive: Archive, index: VectorIndex) -> None:
        self.archive, self.index = archive, index

    def put(self, account: str, ids: Sequence[str], vectors: Vectors) -> None:
        rows = [filed(Account(id=account, name=account)), *(filed(Note(id=f"n-{i}", account_id=account, at=NOON, body=i)) for i in ids)]
        passages = [_passage(account, i, vectors[place]) for place, i in enumerate(ids)]
        keyed = {vector_key(MODEL, p.ranked_text): vectors[place] for place, p in enumerate(passages)}
        self.archive.save(Batch(MODEL, rows, replaced=[("note", f"n-{i}") for i in ids], passages=passages, vectors=keyed))
        self.index.upsert(account, ids, vectors)

    def drop(self, account: str, ids: Sequence[str]) -> None:
        for i in ids:
            self.archive.forget_record("note", f"n-{i}")
        self.index.delete(account, ids)

    def drop_account(self, account: str) -> None:
        self.archive.forget_account(account)
        self.index.delete(account, None)


def _passage(account: str, i: str, vector: Vectors) -> Passage:
    """The header carries the vector's hash: another vector is another text."""
    return Passage(
        id=i,
        account_id=account,
        record_id=f"n-{i}",
        kind="note",
        part="body",
        start=0,
        end=len(i),
        at=NOON,
        text=i,
        header=str(hash(vector.tobytes())),
    )


def draw(seed: int, rows: int) -> Vectors:
    return unit(np.random.default_rng(seed).normal(size=(rows, DIM)))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("server")
    code = "from chromadb.cli.cli import app; app()"
    command = [sys.executable, "-c", code, "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    for _ in range(150):
        try:
            urllib.request.urlopen(f"{url}/api/v2/heartbeat", timeout=1).close()
            break
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    yield url
    process.terminate()
    process.wait()


@pytest.fixture(params=["exact", "chroma", "chroma server", "tiered"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shelf]:
    archive = archive_in(tmp_path)
    if request.param == "exact":
        index: VectorIndex = ExactIndex(archive, MODEL)
    elif request.param == "chroma":
        index = open_chroma(tmp_path / "chroma", archive, MODEL)
    elif request.param == "tiered":
        index = TieredIndex(open_chroma(tmp_path / "chroma", archive, MODEL, LARGE), archive, MODEL, LARGE)
    else:
        index = open_chroma_server(request.getfixturevalue("server"), archive, MODEL)
        for account in ("a", "b", "Ä, Inc."):
            index.delete(account, None)
    yield Shelf(archive, index)
    index.close()
    archive.engine.dispose()


def test_the_nearest_come_first_with_their_cosine(shelf: Shelf):
    vectors = draw(1, 120)
    shelf.put("a", [f"p{n:03}" for n in range(120)], vectors)
    (found,) = shelf.index.query("a", vectors[7:8], 5)
    order = np.argsort(-(vectors @ vectors[7]))[:5]
    assert [i for i, _ in found] == [f"p{n:03}" for n in order]
    assert np.allclose([score for _, score in found], (vectors @ vectors[7])[order], atol=1e-4)


def test_many_questions_are_answered_in_their_order(shelf: Shelf):
    vectors = draw(2, 30)
    shelf.put("a", [f"p{n:02}" for n in range(30)], vectors)
    assert [row[0][0] for row in shelf.index.query("a", vectors[::-1], 1)] == [f"p{n:02}" for n in reversed(range(30))]


def test_another_account_is_never_seen(shelf: Shelf):
    vectors = draw(3, 40)
    shelf.put("a", [f"a{n}" for n in range(20)], vectors[:20])
    shelf.put("b", [f"b{n}" for n in range(20)], vectors[20:])
    for row in shelf.index.query("a", vectors, 40):
        assert {i[0] for i, _ in row} == {"a"}
    assert shelf.index.ids("b") == {f"b{n}" for n in range(20)}


def test_an_account_never_seen_has_nothing(shelf: Shelf):
    assert shelf.index.query("a", draw(4, 2), 3) == [[], []]
    assert shelf.index.ids("a") == set()
    shelf.index.delete("a", ["p1"])
    shelf.index.delete("a", None)


def test_asking_for_more_than_there_is_gives_all_and_for_none_gives_none(shelf: Shelf):
    shelf.put("a", ["p1", "p2"], draw(5, 2))
    assert len(shelf.index.query("a", draw(6, 1), 50)[0]) == 2
    assert shelf.index.query("a", draw(6, 1), 0) == [[]]
    assert shelf.index.query("a", np.zeros((0, DIM), dtype=np.float32), 5) == []


def test_a_question_of_zeros_finds_nothing(shelf: Shelf):
    shelf.put("a", ["p1"], draw(7, 1))
    assert [len(row) for row in shelf.index.query("a", np.vstack([np.zeros((1, DIM)), draw(7, 1)]).astype(np.float32), 5)] == [0, 1]


def test_equal_passages_come_by_id(shelf: Shelf):
    same = np.repeat(draw(8, 1), 4, axis=0)
    shelf.put("a", ["p3", "p1", "p4", "p2"], same)
    assert [i for i, _ in shelf.index.query("a", same[:1], 4)[0]] == ["p1", "p2", "p3", "p4"]


def test_what_is_put_again_is_replaced(shelf: Shelf):
    old, new = draw(9, 2)
    shelf.put("a", ["p1", "p2"], np.stack([old, old]))
    shelf.put("a", ["p1"], np.stack([new]))
    assert shelf.index.query("a", np.stack([new]), 1)[0][0][0] == "p1"
    assert shelf.index.query("a", np.stack([old]), 1)[0][0][0] == "p2"
    assert shelf.index.ids("a") == {"p1", "p2"}


def test_what_is_deleted_is_not_found_again(shelf: Shelf):
    vectors = draw(10, 150)
    shelf.put("a", [f"p{n:03}" for n in range(150)], vectors)
    shelf.put("b", ["q1"], vectors[:1])
    shelf.drop("a", [f"p{n:03}" for n in range(100)])
    assert shelf.index.ids("a") == {f"p{n:03}" for n in range(100, 150)}
    assert {i for row in shelf.index.query("a", vectors, 150) for i, _ in row} == shelf.index.ids("a")
    shelf.drop_account("a")
    assert shelf.index.query("a", vectors[:1], 5) == [[]]
    assert shelf.index.ids("b") == {"q1"}


def test_names_of_accounts_may_be_anything(shelf: Shelf):
    shelf.put("Ä, Inc.", ["p1"], draw(11, 1))
    assert shelf.index.ids("Ä, Inc.") == {"p1"}


def test_a_server_that_does_not_answer_is_a_broken_index(tmp_path: Path):
    archive = archive_in(tmp_path)
    with pytest.raises(IndexBroken, match="cannot be reached"):
        open_chroma_server("http://127.0.0.1:9", archive, MODEL)
    archive.engine.dispose()
