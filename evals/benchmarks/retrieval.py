"""How fast one account's questions are answered in a large store, and how well passages are ranked on questions with known answers.

Speed is taken side by side with the usual way, LangChain's Chroma store holding every account in one collection behind a metadata filter.
"""

from __future__ import annotations

import json
import os
import random
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from evals.benchmarks.ranking import Case, Figure, measured
from retrieval.archive import Archive
from retrieval.archive_writes import Batch
from retrieval.chroma import open_chroma
from retrieval.chunking import split
from retrieval.embedding import NAMES, Embedder, load
from retrieval.engine import open_engine
from retrieval.errors import EmbedderMissing
from retrieval.exact import ExactIndex
from retrieval.filing import filed, vector_key
from retrieval.records import TYPES, Account, Kind, Note, Passage, Record, TextRecord
from retrieval.search import Searcher

SAMPLE = Path(__file__).parent.parent / "portfolios" / "sample"
DATA_DIR = "../shared/data"
DAY = "2026-03-31T00:00:00Z"
K = 20


@dataclass(frozen=True)
class Scale:
    """How large the store is, how many accounts are asked, and how often in turn."""

    accounts: int
    passages_each: int
    asked: int
    rounds: int
    embedders: tuple[str, ...]
    resamples: int


SCALES = {
    "small": Scale(accounts=6, passages_each=40, asked=3, rounds=2, embedders=("wordllama",), resamples=200),
    "full": Scale(accounts=200, passages_each=500, asked=40, rounds=5, embedders=("wordllama", "minilm"), resamples=4000),
}


def run(scale: str, data: Path | None = None, say: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """{"speed": ..., "quality": {set: {system: figures}}, "skipped": [reasons]}; `scale` is small or full, `data` the folder that holds qmsum/."""
    size = SCALES[scale]
    folder = data or Path(os.environ.get("DATA_DIR", DATA_DIR))
    skipped: list[str] = []
    quality: dict[str, Any] = {}
    for name, cases in (("portfolio", list(portfolio_cases())), ("qmsum", list(qmsum_cases(folder, 4 if scale == "small" else None)))):
        if not cases:
            skipped.append(f"{name}: no data in {folder if name == 'qmsum' else SAMPLE}")
        for model in size.embedders if cases else ():
            try:
                quality.setdefault(name, {})[model] = ranked(cases, _embedder(model), size.resamples)
            except EmbedderMissing as fault:
                skipped.append(f"{name} with {model}: {fault} {fault.hint}")
    for reason in skipped:
        say(f"skipped {reason}")
    return {"speed": speed(size, say), "quality": quality, "skipped": skipped}


def speed(size: Scale, say: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Milliseconds for all questions of one account, fused and checked against SQL, warm; and for the same questions in one filtered collection."""
    embedder, questions = load("wordllama"), _questions()
    accounts = [f"acct-{number:04d}" for number in range(size.accounts)]
    asked = random.Random(7).sample(accounts, size.asked)
    with tempfile.TemporaryDirectory() as home:
        archive = Archive(open_engine(f"sqlite:///{home}/briefs.db"))
        for number, account in enumerate(accounts):
            shelve(archive, embedder, _synthetic(account, size.passages_each, seed=number))
        say("archive filled")
        index = open_chroma(Path(home, "chroma"), archive, embedder.name)
        say("index built")
        store = _one_collection(Path(home, "langchain"), embedder, archive, accounts)
        say("LangChain store filled")
        searcher = Searcher(archive, embedder, index)
        ours = [lambda account=account: searcher.search(account, questions, K) for account in asked]
        theirs = [lambda account=account: [store.similarity_search(q, k=K, filter={"account_id": account}) for q in questions] for account in asked]
        times = _side_by_side(ours, theirs, size.rounds)
        agreed = _agreement(archive, embedder, index, asked, questions)
        counts = archive.counts()
        index.close()
        archive.engine.dispose()
    return {
        "passages": counts["passages"],
        "accounts": size.accounts,
        "questions": len(questions),
        **{name: _percentiles(taken) for name, taken in times.items()},
        "times_faster": {
            p: round(_percentiles(times["langchain_filter_ms"])[p] / max(_percentiles(times["fused_ms"])[p], 0.1), 1) for p in ("p50", "p95")
        },
        "dense_agreement_with_exact_at_50": agreed,
    }


def _side_by_side(ours: Sequence[Callable[[], object]], theirs: Sequence[Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Both warm and in turn, so that a busy machine slows both; an account's first touch is listed apart."""
    first = [_took(one) for one in ours]
    for warm in theirs[:3]:
        warm()
    fused: list[float] = []
    filtered: list[float] = []
    for one, other in zip(ours, theirs, strict=True):
        fused += [_took(one) for _ in range(rounds)]
        filtered.append(_took(other))
    return {"first_touch_ms": first, "fused_ms": fused, "langchain_filter_ms": filtered}


def ranked(cases: Sequence[Case], embedder: Embedder, resamples: int) -> dict[str, Figure]:
    """nDCG@10 and recall@20 of fused, dense-only and BM25-only ranking over the cases, with 95 % bootstrap intervals."""
    found: dict[str, list[list[str]]] = {"fused": [], "dense": [], "bm25": []}
    with tempfile.TemporaryDirectory() as home:
        archive = Archive(open_engine(f"sqlite:///{home}/briefs.db"))
        by_account: dict[str, list[Case]] = {}
        for case in cases:
            by_account.setdefault(case.account_id, []).append(case)
        for group in by_account.values():
            shelve(archive, embedder, list(group[0].records))
        for system, weight in (("fused", embedder.dense_weight), ("dense", 1.0), ("bm25", 0.0)):
            searcher = Searcher(archive, _Weighted(embedder, weight), ExactIndex(archive, embedder.name))
            for account, group in by_account.items():
                for case, hits in zip(group, searcher.search(account, [case.question for case in group], 50), strict=True):
                    found[system].append(case.answered([hit.passage for hit in hits if hit.score > 0]))
        archive.engine.dispose()
    ordered = [case for group in by_account.values() for case in group]
    return measured(ordered, found, resamples)


def portfolio_cases(folder: Path = SAMPLE) -> Iterator[Case]:
    """The questions of the sample portfolio; the answer is a list of records. What only rows of numbers answer is not asked of text."""
    records: dict[str, list[Record]] = {}
    kinds: dict[str, Kind] = {"accounts": "account", "notes": "note", "tickets": "ticket", "surveys": "survey", "scorecards": "scorecard"}
    for stem, kind in kinds.items():
        for row in _rows(folder / f"{stem}.jsonl"):
            record = TYPES[kind].model_validate(row)
            records.setdefault(row["id"] if kind == "account" else row["account_id"], []).append(record)
    for row in _rows(folder / "questions.jsonl"):
        known = tuple(records[row["account_id"]])
        if answers := frozenset(row["records"]) & {record.id for record in known if isinstance(record, TextRecord)}:
            yield Case(row["account_id"], row["question"], answers, known, by_record=True)


def qmsum_cases(folder: Path, meetings: int | None) -> Iterator[Case]:
    """QMSum's questions on meeting transcripts; the answer is the passages that lie at least half inside the turns marked relevant."""
    for file in ("product_test.jsonl", "committee_test.jsonl"):
        for number, meeting in enumerate(list(_rows(folder / "qmsum" / file))[:meetings]):
            account = f"{file[:-11]}-{number}"
            turns = [f"{turn['speaker']}: {turn['content']}\n" for turn in meeting["meeting_transcripts"]]
            starts = np.concatenate([[0], np.cumsum([len(turn) for turn in turns])])
            note = Note(id=f"{account}-n", account_id=account, at=DAY, kind="call", title="Meeting", body="".join(turns))  # pyright: ignore[reportArgumentType]
            records = (Account(id=account, name=account), note)
            passages = [passage for passage in split(note, account) if passage.part == "body"]
            for query in meeting["specific_query_list"]:
                marked = np.zeros(int(starts[-1]), dtype=bool)
                for first, last in query["relevant_text_span"]:
                    marked[starts[int(first)] : starts[min(int(last) + 1, len(turns))]] = True
                answers = frozenset(passage.id for passage in passages if marked[passage.start : passage.end].mean() >= 0.5)
                if answers:
                    yield Case(account, query["query"], answers, records, by_record=False)


def shelve(archive: Archive, embedder: Embedder, records: list[Record]) -> list[Passage]:
    """Files one account's records with their passages and vectors; returns the passages."""
    name = next(record.name for record in records if isinstance(record, Account))
    passages = [passage for record in records for passage in split(record, name)]
    vectors = embedder.embed([passage.ranked_text for passage in passages])
    keyed = {vector_key(embedder.name, passage.ranked_text): vector for passage, vector in zip(passages, vectors, strict=True)}
    archive.save(Batch(embedder.name, [filed(record) for record in records], passages=passages, vectors=keyed))
    return passages


class _Weighted:
    """The same vectors with another share in the fused ranking."""

    def __init__(self, embedder: Embedder, dense_weight: float) -> None:
        self.name, self.dim, self.dense_weight, self.embed = embedder.name, embedder.dim, dense_weight, embedder.embed


def _embedder(name: str) -> Embedder:
    assert name in NAMES
    return load(name, models=Path(tempfile.gettempdir(), "briefs-models")) if name == "minilm" else load(name)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    if path.is_file():
        yield from (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())


def _questions(count: int = 16) -> list[str]:
    asked = sorted({row["question"] for row in _rows(SAMPLE / "questions.jsonl")})
    return random.Random(3).sample(asked, count)


def _synthetic(account: str, passages: int, seed: int) -> list[Record]:
    """An account of notes, one passage each, of about 100 words, put together from the sample's sentences."""
    bodies = [row["body"] for row in _rows(SAMPLE / "notes.jsonl")] + [m["body"] for row in _rows(SAMPLE / "tickets.jsonl") for m in row["messages"]]
    sentences = sorted({s.strip() for body in bodies for s in re.split(r"(?<=[.!?])\s+|\n", body) if 20 < len(s) < 200})
    chance = random.Random(seed)
    records: list[Record] = [Account(id=account, name=f"Customer {seed}")]
    for number in range(passages):
        body = " ".join(chance.choices(sentences, k=9))[:950]
        records.append(Note(id=f"{account}-n{number}", account_id=account, at=DAY, kind="call", body=body))  # pyright: ignore[reportArgumentType]
    return records


def _one_collection(folder: Path, embedder: Embedder, archive: Archive, accounts: Sequence[str]) -> Any:
    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings

    class Same(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return embedder.embed(texts).tolist()

        def embed_query(self, text: str) -> list[float]:
            return embedder.embed([text])[0].tolist()

    store: Any = Chroma("passages", Same(), str(folder), collection_configuration={"hnsw": {"space": "cosine"}})
    for account in accounts:
        passages = archive.passages(account)
        store.add_texts([p.text for p in passages], [{"account_id": account} for _ in passages], [p.id for p in passages])
    return store


def _agreement(archive: Archive, embedder: Embedder, index: Any, accounts: Sequence[str], questions: Sequence[str]) -> float:
    """Share of the exact 50 nearest passages that the index finds too."""
    vectors, exact = embedder.embed(questions), ExactIndex(archive, embedder.name)
    shares: list[float] = []
    for account in accounts:
        for near, true in zip(index.query(account, vectors, 50), exact.query(account, vectors, 50), strict=True):
            shares.append(len({i for i, _ in near} & {i for i, _ in true}) / max(len(true), 1))
    return round(float(np.mean(shares)), 4)


def _took(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return 1000 * (perf_counter() - started)


def _percentiles(milliseconds: Sequence[float]) -> dict[str, float]:
    return {"p50": round(float(np.percentile(milliseconds, 50)), 1), "p95": round(float(np.percentile(milliseconds, 95)), 1)}
