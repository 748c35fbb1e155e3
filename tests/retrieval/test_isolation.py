"""Nothing another customer says can appear in an account's answers or move their order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st

from retrieval.chroma import open_chroma
from retrieval.exact import ExactIndex
from retrieval.search import Hit, Searcher
from tests.retrieval.shelf import LetterEmbedder, archive_in, shelve_notes

EMBEDDER = LetterEmbedder()
QUESTIONS = ["Do they need more seats?", "budget", "single sign-on login", "Acme", "renewal price competitor"]
WORDS = st.sampled_from(["seats", "budget", "login", "renewal", "price", "SSO", "Acme", "competitor", "the", "we", "\n", "zebra", "é", "forty"])
TEXTS = st.lists(st.lists(WORDS, min_size=1, max_size=12).map(" ".join), min_size=1, max_size=8)


def answers(acme: Sequence[str], other: Sequence[str], *, chroma: bool) -> list[list[Hit]]:
    """What Acme's questions find, beside another account with those texts."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        archive = archive_in(home)
        shelve_notes(archive, EMBEDDER, "acme", acme)
        if other:
            shelve_notes(archive, EMBEDDER, "acme-2", other)
        index = open_chroma(home / "chroma", archive, EMBEDDER.name) if chroma else ExactIndex(archive, EMBEDDER.name)
        found = Searcher(archive, EMBEDDER, index).search("acme", QUESTIONS, k=10)
        index.close()
        archive.engine.dispose()
    return found


@settings(max_examples=25)
@given(TEXTS, TEXTS)
@example(["we need seats"], ["we need seats"] * 8)
def test_another_accounts_text_changes_neither_order_nor_score(acme: list[str], other: list[str]):
    beside = answers(acme, other, chroma=False)
    assert beside == answers(acme, [], chroma=False)
    assert all(hit.passage.account_id == "acme" for hits in beside for hit in hits)


@settings(max_examples=3)
@given(TEXTS, TEXTS)
def test_nor_does_it_in_chroma(acme: list[str], other: list[str]):
    def placed(found: list[list[Hit]]) -> list[list[tuple[str, float]]]:
        return [[(hit.passage.id, round(hit.score, 3)) for hit in hits] for hits in found]

    beside = answers(acme, other, chroma=True)
    assert placed(beside) == placed(answers(acme, [], chroma=True))
    assert all(hit.passage.account_id == "acme" for hits in beside for hit in hits)
