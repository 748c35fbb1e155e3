"""Everyday messages are hardly ever read as a wish to buy more; the trained model is the one its figures speak of."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from briefs.engine import shop
from briefs.needs import PhraseBook, Shelf
from briefs.reading.classifier import MODEL, load
from briefs.reading.looked import Shop
from briefs.reading.offline import ASKS, FACTS, Context
from briefs.reading.record_reader import RecordReader
from briefs.reading.sentences import Sentence
from briefs.reading.splitting import split
from retrieval.records import Account
from retrieval.sources.native import NativeFiles
from tests.public_sets import public

ALLOWED = 0.015


def _shop(portfolio: Path) -> Shop:
    """What an account on the lowest tier of this vendor may buy; and every limit is for sale."""
    read = NativeFiles(portfolio).catalogue()
    assert read is not None
    lowest = min((p for p in read.catalogue.products if p.kind == "tier"), key=lambda p: p.rank or 0)
    shelf = Shelf(PhraseBook(read.catalogue), Account(id="a1", name="Some House", plan=lowest.sku))
    return replace(shop(shelf), limit=_any_limit)


def _any_limit(text: str) -> str | None:
    return text and "messages"


PORTFOLIOS = Path(__file__).parents[3] / "evals" / "portfolios"
SHOPS = {name: _shop(PORTFOLIOS / name) for name in ("sample", "quillbase", "assayline")}


def _csv(path: Path, *columns: str) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return [". ".join(row[c] for c in columns) for row in csv.DictReader(file)]


def _bank() -> list[str]:
    with public("banking77/test.csv").open(encoding="utf-8", newline="") as file:
        return [row[0] for row in list(csv.reader(file))[1:]]


def _clinc() -> list[str]:
    data = json.loads(public("clinc150/data_full.json").read_text(encoding="utf-8"))
    return [text for text, _ in data["test"] + data["oos_test"]]


def _tickets() -> list[str]:
    return _csv(public("it_tickets_soba101/tickets_500.csv"), "short_description", "description")


@pytest.mark.parametrize("texts", [_bank, _clinc, _tickets])
def test_public_routine_messages_are_hardly_ever_flagged(texts: Callable[[], list[str]]) -> None:
    listed = texts()
    sentences = [
        Sentence(str(n), "ticket", "messages[0]", a, b, text[a:b], date(2026, 3, 31), None, "customer")
        for n, text in enumerate(listed)
        for a, b in split(text)
    ]
    for name, for_sale in SHOPS.items():
        flagged = {r.sentence.record_id for r in RecordReader().read(sentences, Context(), for_sale) if r.label in ASKS | FACTS}
        assert len(flagged) / len(listed) <= ALLOWED, name


def test_the_model_is_small() -> None:
    assert MODEL.stat().st_size <= 2_000_000
    assert len(load().labels) == 22
