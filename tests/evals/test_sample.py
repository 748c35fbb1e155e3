"""The product held to the labels of the sample, which were written from the contract before any rule."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from briefs.brief import BLOCKER_CODES, SIGNAL_TYPES, AccountResult, BriefBody
from briefs.settings import Settings
from briefs.wiring import Workspace
from evals.portfolios.agreement import Agreement, compare, read_labels, read_questions
from evals.portfolios.faults import false_quotes, other_names
from retrieval.chunking import split
from retrieval.ingest import ingest, quiet

RECORD_KINDS = {"account", "contact", "note", "ticket", "usage", "survey", "scorecard", "opportunity"}
DERIVED = {"passages", "vectors"}
SAMPLE = Path(__file__).parents[2] / "evals" / "portfolios" / "sample"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory):
    with Workspace(Settings(home=tmp_path_factory.mktemp("home"))) as workspace:
        report = ingest(
            SAMPLE,
            workspace.archive,
            split,
            workspace.embedder,
            workspace.index,
            home=workspace.home,
            now=workspace.now,
            new_id=workspace.new_id,
            progress=quiet,
        )
        assert report.quarantined == 0
        yield workspace


@pytest.fixture(scope="module")
def results(opened: Workspace) -> list[AccountResult]:
    return [s.result for s in opened.pipeline(opened.offline_engine).scan(opened.archive.accounts(), read_labels(SAMPLE).as_of)]


@pytest.fixture(scope="module")
def told(results: list[AccountResult]) -> Agreement:
    return compare(results, read_labels(SAMPLE))


@pytest.fixture(scope="module")
def bodies(opened: Workspace, results: list[AccountResult]) -> list[BriefBody]:
    return [BriefBody.model_validate_json(opened.store.version(opened.store.brief(r.brief_id).head)) for r in results if r.brief_id]


def test_the_sample_holds_every_verdict_and_enough_records(opened: Workspace) -> None:
    labels = read_labels(SAMPLE)
    assert len(labels.accounts) >= 24
    assert {label["verdict"] for label in labels.accounts} == {"qualified", "watch", "blocked", "quiet", "insufficient_data"}
    counts = opened.archive.counts()
    assert set(counts) - DERIVED <= RECORD_KINDS
    assert sum(count for kind, count in counts.items() if kind in RECORD_KINDS) >= 300
    assert len({trap for label in labels.accounts for trap in label["traps"]}) >= 25
    assert len(read_questions(SAMPLE)) >= 60


def test_verdicts_are_those_of_the_labels(told: Agreement) -> None:
    assert told.verdict_accuracy >= 0.95, told.differences


def test_verdicts_lead_types_products_and_blockers_part_only_where_the_guide_says(results: list[AccountResult], told: Agreement) -> None:
    labels = {label["id"]: label for label in read_labels(SAMPLE).accounts}
    assert {r.account_id: r.verdict for r in results} == {name: label["verdict"] for name, label in labels.items()}
    assert {r.account_id: r.lead_type for r in results} == {name: label["lead_type"] for name, label in labels.items()}
    assert told.lead_types_due == sum(r.verdict == "qualified" for r in results) > 10
    assert {r.account_id: {b.code for b in r.blockers} for r in results} == {name: set(label["blockers"]) for name, label in labels.items()}
    assert told.products == told.products_due


def test_the_guide_lists_every_difference_and_none_that_is_gone(told: Agreement) -> None:
    rows = [[cell.strip().replace("`", "") for cell in line.split("|")[1:-1]] for line in (SAMPLE / "GUIDE.md").read_text("utf-8").splitlines()]
    listed = {(row[0], row[2], row[1]) for row in rows if len(row) == 4 and row[2] in ("misses", "adds")}
    words = {"missed": "misses", "not labelled:": "adds"}
    found = re.findall(r"^(\w+): (missed|not labelled:) (\w+ in \S+)$", "\n".join(told.differences), re.MULTILINE)
    assert {(account, words[how], what) for account, how, what in found} == listed


def test_no_blocked_account_is_qualified(told: Agreement) -> None:
    assert told.blocked_but_qualified == 0, told.differences


def test_the_product_recommended_is_the_labelled_one(told: Agreement) -> None:
    assert told.products >= 0.9 * told.products_due, told.differences


def test_signals_and_blockers_are_mostly_those_of_the_labels(told: Agreement) -> None:
    precision, recall = told.rates(SIGNAL_TYPES)
    assert min(precision, recall) >= 0.75, (precision, recall, told.differences)
    assert min(told.rates(BLOCKER_CODES)) >= 0.75, told.differences


def test_few_traps_are_fallen_into(told: Agreement) -> None:
    assert told.tempted <= 0.05 * told.temptations, told.differences


def test_no_quote_in_any_brief_is_false(opened: Workspace, bodies: list[BriefBody]) -> None:
    assert bodies
    assert not [fault for body in bodies for fault in false_quotes(body, opened.archive)]


def test_no_other_customer_is_named_in_any_brief(opened: Workspace, bodies: list[BriefBody]) -> None:
    assert not [name for body in bodies for name in other_names(body, opened.archive)]


def test_no_two_briefs_share_a_paragraph(bodies: list[BriefBody]) -> None:
    """Sentences that rest on evidence are the account's own; only absences and advice may read alike."""
    seen: dict[str, str] = {}
    for body in bodies:
        for claim in body.claims():
            if claim.kind in ("customer_said", "fact", "computed") and len(claim.text) > 60:
                assert seen.setdefault(claim.text, body.account_id) == body.account_id
