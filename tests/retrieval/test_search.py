"""One account's passages for a batch of questions: by meaning and by words, as of a day, and never from an index alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.archive import Archive
from retrieval.embedding import Vectors, load
from retrieval.errors import IndexBroken, UnknownAccount
from retrieval.exact import ExactIndex
from retrieval.index import Match
from retrieval.records import Message, Ticket
from retrieval.search import CANDIDATES, Searcher, fuse
from tests.retrieval.shelf import LetterEmbedder, archive_in, note, shelve, shelve_notes

EMBEDDER = LetterEmbedder()
BODIES = [
    "We need forty more seats by March.",
    "The login page is slow since the last release.",
    "Our chief financial officer approved the budget for next year.",
    "Single sign-on is what our security team keeps asking for.",
    "The cat slept on the printer again.",
]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    made = archive_in(tmp_path)
    yield made
    made.engine.dispose()


def searcher(archive: Archive) -> Searcher:
    return Searcher(archive, EMBEDDER, ExactIndex(archive, EMBEDDER.name))


def test_the_passage_that_answers_comes_first(archive: Archive):
    embedder = load("wordllama")
    shelve_notes(archive, embedder, "acme", BODIES)
    found = Searcher(archive, embedder, ExactIndex(archive, embedder.name)).search(
        "acme", ["Do they want additional licences for users, more seats?", "Is there money, a budget?", "SSO single sign on"], k=2
    )
    assert [hits[0].passage.text for hits in found] == [BODIES[0], BODIES[2], BODIES[3]]
    assert all(1 >= hits[0].score >= hits[1].score >= 0 for hits in found)


def test_a_batch_answers_as_each_question_alone_and_the_same_twice(archive: Archive):
    shelve_notes(archive, EMBEDDER, "acme", BODIES * 3)
    together = searcher(archive).search("acme", ["seats", "budget login", ""], k=10)
    alone = [searcher(archive).search("acme", [question], k=10)[0] for question in ["seats", "budget login", ""]]
    assert together == alone == searcher(archive).search("acme", ["seats", "budget login", ""], k=10)
    assert together[2] == []


def test_equal_passages_come_by_id(archive: Archive):
    shelve_notes(archive, EMBEDDER, "acme", ["more seats please"] * 5)
    ids = [hit.passage.id for hit in searcher(archive).search("acme", ["seats"], k=5)[0]]
    assert ids == sorted(ids)


def test_more_may_be_asked_for_than_each_ranking_proposes_by_itself(archive: Archive):
    shelve_notes(archive, EMBEDDER, "acme", [f"seat number {n}" for n in range(CANDIDATES * 2)])
    assert len(searcher(archive).search("acme", ["seat"], k=CANDIDATES * 2)[0]) == CANDIDATES * 2
    assert len(searcher(archive).search("acme", ["seat"], k=3)[0]) == 3
    assert searcher(archive).search("acme", ["seat"], k=0) == [[]]


def test_as_of_a_day_later_words_are_neither_returned_nor_counted(archive: Archive):
    days = [datetime(2026, 3, day, 23, 59, tzinfo=UTC) for day in (1, 2)]
    shelve(archive, EMBEDDER, "acme", [note("acme", "n1", "more seats", days[0]), note("acme", "n2", "no seats at all", days[0])])
    before = searcher(archive).search("acme", ["seats", "later"], k=9, as_of=date(2026, 3, 1))
    shelve(archive, EMBEDDER, "acme", [note("acme", f"later{n}", f"later seats {n}", days[1]) for n in range(80)])
    asked = searcher(archive)
    assert asked.search("acme", ["seats", "later"], k=9, as_of=date(2026, 3, 1)) == before
    assert len(asked.search("acme", ["seats"], k=100, as_of=date(2026, 3, 2))[0]) == 82
    assert asked.search("acme", ["seats"], k=9, as_of=date(2026, 2, 28)) == [[]]


def test_as_of_a_day_a_message_written_later_in_an_old_ticket_is_not_seen(archive: Archive):
    first, second = (Message(at=datetime(2026, 3, day, tzinfo=UTC), body=f"seats on day {day}") for day in (1, 9))
    shelve(
        archive,
        EMBEDDER,
        "acme",
        [Ticket(id="t", account_id="acme", created_at=datetime(2026, 3, 1, tzinfo=UTC), subject="x", messages=(first, second))],
    )
    found = searcher(archive).search("acme", ["seats"], k=9, as_of=date(2026, 3, 5))[0]
    assert {hit.passage.part for hit in found} == {"subject", "messages[0]"}


def test_an_account_without_text_has_no_hits_and_an_unknown_one_is_an_error(archive: Archive):
    shelve(archive, EMBEDDER, "acme", [])
    assert searcher(archive).search("acme", ["seats", "x"], k=3) == [[], []]
    with pytest.raises(UnknownAccount):
        searcher(archive).search("nobody", ["seats"], k=3)


def test_a_changed_account_is_ranked_by_what_it_says_now(archive: Archive):
    shelve_notes(archive, EMBEDDER, "acme", ["more seats", "login"])
    asked = searcher(archive)
    assert asked.search("acme", ["invoice"], k=1)[0][0].passage.text != "the invoice is late"
    shelve(archive, EMBEDDER, "acme", [note("acme", "n9", "the invoice is late")])
    assert asked.search("acme", ["invoice"], k=1)[0][0].passage.text == "the invoice is late"
    archive.forget_record("note", "acme-n9")
    assert all("invoice" not in hit.passage.text for hit in asked.search("acme", ["invoice"], k=9)[0])


class Lying:
    """An index gone wrong: it names passages of another account, and some that nobody knows."""

    def __init__(self, ids: Sequence[str]) -> None:
        self.wrong = [*ids, "f" * 24]

    def query(self, account_id: str, vectors: Vectors, k: int) -> list[list[Match]]:
        return [[(i, 0.99) for i in self.wrong] for _ in vectors]

    def upsert(self, account_id: str, ids: Sequence[str], vectors: Vectors) -> None: ...
    def delete(self, account_id: str, ids: Sequence[str] | None) -> None: ...
    def ids(self, account_id: str) -> set[str]:
        return set(self.wrong)

    def close(self) -> None: ...


class Broken(Lying):
    def query(self, account_id: str, vectors: Vectors, k: int) -> list[list[Match]]:
        raise IndexBroken("The vector index cannot be read.")


def test_what_an_index_says_is_checked_against_the_records(archive: Archive):
    shelve_notes(archive, EMBEDDER, "acme", ["more seats"])
    others = shelve_notes(archive, EMBEDDER, "bolt", ["bolt wants seats too"])
    found = Searcher(archive, EMBEDDER, Lying([p.id for p in others])).search("acme", ["seats"], k=9)[0]
    assert [hit.passage.account_id for hit in found] == ["acme"]


def test_when_the_index_is_broken_sql_answers_the_same(archive: Archive):
    shelve_notes(archive, EMBEDDER, "acme", BODIES)
    assert Searcher(archive, EMBEDDER, Broken([])).search("acme", ["seats", "budget"], k=5) == searcher(archive).search(
        "acme", ["seats", "budget"], k=5
    )


SCORES = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(-1, 1, allow_nan=False))


@given(SCORES, SCORES, st.floats(0, 1))
def test_fused_scores_lie_between_0_and_1_and_hold_every_candidate(dense: dict[str, float], lexical: dict[str, float], weight: float):
    fused = fuse(dense, lexical, weight)
    assert {i for i, _ in fused} == dense.keys() | lexical.keys()
    assert all(0 <= score <= 1 for _, score in fused)
    assert [score for _, score in fused] == sorted((score for _, score in fused), reverse=True)


@given(SCORES, SCORES, st.floats(0.1, 10), st.floats(-5, 5))
def test_how_a_ranking_is_scaled_does_not_matter(dense: dict[str, float], lexical: dict[str, float], factor: float, shift: float):
    spread = {i: round(score, 3) for i, score in lexical.items()}
    moved = {i: score * factor + shift for i, score in spread.items()}
    assert np.allclose(
        [dict(fuse(dense, spread, 0.3))[i] for i in sorted(dense | spread)],
        [dict(fuse(dense, moved, 0.3))[i] for i in sorted(dense | spread)],
        atol=1e-3,
    )
