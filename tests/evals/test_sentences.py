"""The labelled sentences: enough, varied, half of them hard negatives, and nobody's sentence twice."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "evals" / "sentences"
GUIDE = (FOLDER / "GUIDE.md").read_text("utf-8")
ALIKE = 0.5
"""Share of three-word sequences that two sentences have in common, of those of both."""
Row = dict[str, Any]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return [json.loads(line) for path in sorted(FOLDER.glob("writer_*.jsonl")) for line in path.read_text("utf-8").splitlines()]


def named(section: str) -> set[str]:
    """What the table of a section of the guide names."""
    text = GUIDE.split(section, 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| `(\w+)`", text, re.MULTILINE))


def test_there_are_enough_in_four_languages_by_many_writers_of_many_trades(rows: list[Row]) -> None:
    assert len(rows) >= 1200
    assert len({row["id"] for row in rows}) == len(rows)
    languages = Counter(row["lang"] for row in rows)
    assert set(languages) == {"en", "de", "fr", "es"}
    assert languages["en"] > len(rows) / 2
    assert min(languages.values()) >= 500
    assert len({row["writer"] for row in rows}) >= 10
    assert len({row["trade"] for row in rows}) >= 100


def test_every_label_and_every_temptation_is_one_the_guide_defines(rows: list[Row]) -> None:
    labels = Counter(label for row in rows for label in row["labels"])
    assert set(labels) == named("## Labels")
    assert min(labels.values()) >= 50
    kinds = Counter(row["negative_kind"] for row in rows if row["negative_kind"])
    assert [kind for kind in kinds if f"`{kind}`" not in GUIDE] == []
    assert len(kinds) >= 12
    assert min(kinds.values()) >= 50
    assert [row["id"] for row in rows if not row["labels"] and not row["negative_kind"]] == []
    assert {tuple(row["labels"]) for row in rows if row["labels"] and row["negative_kind"]} == {("negative_sentiment",)}
    assert {row["speaker"] for row in rows} == {"customer", "csm", "agent"}


def test_the_shares_are_those_the_guide_states(rows: list[Row]) -> None:
    labelled = [row for row in rows if row["labels"]]
    without = [row for row in rows if not row["labels"]]
    mocking = [row for row in labelled if row["negative_kind"]]
    hard = [row for row in without if row["negative_kind"] != "routine"] + mocking
    assert len(hard) >= 0.5 * len(rows)
    for count in (len(rows), len(labelled), len(hard), len(hard) - len(mocking), len(rows) - len(labelled) - len(hard) + len(mocking), len(mocking)):
        assert f"{count:,}" in GUIDE
    assert f"{len(hard) / len(rows):.0%}".replace("%", " %") in GUIDE


def test_no_two_sentences_are_alike(rows: list[Row]) -> None:
    held = [sequences(row["text"]) for row in rows]
    by_sequence: dict[tuple[str, ...], list[int]] = defaultdict(list)
    shared: Counter[tuple[int, int]] = Counter()
    for place, found in enumerate(held):
        for sequence in found:
            shared.update((earlier, place) for earlier in by_sequence[sequence])
            by_sequence[sequence].append(place)
    alike = {pair for pair, count in shared.items() if count >= ALIKE * len(held[pair[0]] | held[pair[1]])}
    assert [(rows[one]["id"], rows[other]["id"]) for one, other in alike] == []


def sequences(text: str) -> frozenset[tuple[str, ...]]:
    """Every three words in a row; a shorter sentence is one sequence."""
    words = re.findall(r"\w+", text.casefold())
    return frozenset((one, two, three) for (one, two), (_, three) in pairwise(pairwise(words))) or frozenset([tuple(words)])
