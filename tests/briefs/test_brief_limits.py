"""Every brief of the sample is read in the time promised, and speaks of its own customer only."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefs.brief import BriefBody
from briefs.rendering.reading import BRIEF_SECONDS, CARD_SECONDS, reading_seconds
from briefs.settings import Settings
from briefs.wiring import Workspace
from evals.portfolios.agreement import read_labels
from evals.portfolios.faults import other_names
from retrieval.chunking import split
from retrieval.ingest import ingest, quiet

SAMPLE = Path(__file__).parents[2] / "evals" / "portfolios" / "sample"
Named = tuple[BriefBody, list[str]]


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> list[Named]:
    """Every brief the offline engine writes of the sample, with the other customers it names."""
    with Workspace(Settings(home=tmp_path_factory.mktemp("home"))) as opened:
        ingest(
            SAMPLE,
            opened.archive,
            split,
            opened.embedder,
            opened.index,
            home=opened.home,
            now=opened.now,
            new_id=opened.new_id,
            progress=quiet,
        )
        scanned = [one.result for one in opened.pipeline(opened.offline_engine).scan(opened.archive.accounts(), read_labels(SAMPLE).as_of)]
        bodies = [BriefBody.model_validate_json(opened.store.version(opened.store.brief(r.brief_id).head)) for r in scanned if r.brief_id]
        return [(body, other_names(body, opened.archive)) for body in bodies]


def test_the_limits_are_thirty_seconds_and_three_minutes(drafts: list[Named]) -> None:
    assert (CARD_SECONDS, BRIEF_SECONDS) == (30, 180)
    assert len(drafts) >= 10


@pytest.mark.parametrize("audience", ["csm", "ae", "customer"])
def test_no_card_takes_longer_than_thirty_seconds_and_no_brief_longer_than_three_minutes(drafts: list[Named], audience: str) -> None:
    times = {body.account_id: reading_seconds(body, audience) for body, _ in drafts}
    assert not {account: time for account, time in times.items() if time.card > 30 or time.brief > 180}


def test_no_brief_names_another_customer(drafts: list[Named]) -> None:
    assert not {body.account_id: names for body, names in drafts if names}


def test_what_was_cut_is_never_a_whole_section(drafts: list[Named]) -> None:
    assert not [(body.account_id, section.key) for body, _ in drafts for section in body.sections if not section.claims]
