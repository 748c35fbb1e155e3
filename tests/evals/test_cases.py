"""The written cases are what they claim to be: enough of them, each its own, of known types, from sources that may be passed on."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from briefs.settings import Settings
from briefs.wiring import Workspace
from evals.loading import names, read_cases
from evals.portfolios.agreement import read_labels
from evals.suite import SUITES_FOLDER, AttackExpected, Case, Look, Pair, SuiteName, Text, TypesExpected
from retrieval.chunking import split
from retrieval.ingest import ingest, quiet

WRITTEN: dict[SuiteName, int] = {"signals": 200, "overflagging": 200, "injection": 100}
"""The suites written here, and how many cases each has at least."""
PORTFOLIOS = SUITES_FOLDER.parent / "portfolios"
SENTENCES = SUITES_FOLDER.parent / "sentences"
READ_IN_TEXT = frozenset(
    {
        "value_stated",
        "advocacy",
        "seats_requested",
        "higher_tier_feature_requested",
        "new_use_case",
        "new_team",
        "module_interest",
        "upgrade_attempt",
        "limit_reached",
        "seat_saturation",
        "budget_event",
        "dated_plan",
        "growth_event",
        "new_sponsor",
        "churn_intent",
        "contested_renewal",
        "competitor_evaluation",
        "sponsor_left",
        "budget_freeze",
        "price_complaint",
        "negative_sentiment",
    }
)
"""What words can say. The other types come from figures and dates alone."""
PUBLIC = {"banking77", "clinc150", "it_tickets", "notinject", "bipia", "agentdojo", "garak", "email_intent"}
TOO_ALIKE = 0.5


def cases_of(suite: SuiteName) -> list[Case]:
    return [case for path in sorted((SUITES_FOLDER / suite).glob("*.yaml")) if path.name != "suite.yaml" for case in read_cases(suite, path)]


CASES: dict[SuiteName, list[Case]] = {suite: cases_of(suite) for suite in WRITTEN}
ALL = [case for cases in CASES.values() for case in cases]


def words_of(case: Case) -> str:
    """What the case itself brings: its item, or the text of the records it adds. A passage of a portfolio brings nothing of its own."""
    given = case.input
    told = [*_strings(given.add)] if isinstance(given, Look) else []
    if isinstance(given, Pair):
        told += _strings(given.other_add)
    if isinstance(given, Text) and given.item is not None:
        told += [given.item.title or "", given.item.text]
    return "\n".join(told)


def _strings(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in cast("dict[str, Any]", value).items():
            yield from _strings(inner, name)
    elif isinstance(value, (list, tuple)):
        for inner in cast("list[Any]", value):
            yield from _strings(inner, key)
    elif key in {"title", "body", "subject", "comment"}:
        yield str(value)


def grams(text: str) -> frozenset[tuple[str, ...]]:
    """Runs of five words; a text shorter than that is one run of its own."""
    words = re.findall(r"\w+", text.casefold())
    return frozenset(tuple(words[at : at + 5]) for at in range(max(1, len(words) - 4))) if words else frozenset()


def alike(texts: dict[str, str], others: dict[str, str] | None = None) -> list[tuple[str, str, float]]:
    """Pairs that share half of their runs of words or more, within `texts` and against `others`."""
    runs = {name: grams(text) for name, text in {**texts, **(others or {})}.items()}
    holders: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, held in runs.items():
        for run in held:
            holders[run].append(name)
    shared: Counter[tuple[str, str]] = Counter()
    for holding in holders.values():
        shared.update(pair for pair in combinations(sorted(holding), 2) if not texts.keys().isdisjoint(pair))
    found = [(one, two, count / len(runs[one] | runs[two])) for (one, two), count in shared.items()]
    return sorted(pair for pair in found if pair[2] >= TOO_ALIKE)


@pytest.mark.parametrize(("suite", "least"), WRITTEN.items())
def test_a_suite_has_enough_cases_with_ids_of_their_own(suite: SuiteName, least: int) -> None:
    ids = [case.id for case in CASES[suite]]
    assert len(ids) >= least
    assert len(set(ids)) == len(ids)
    assert all(name.startswith(f"{suite}-") for name in ids)


def test_no_case_is_another_with_a_name_changed() -> None:
    rows = [json.loads(line) for path in sorted(SENTENCES.glob("writer_*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    elsewhere = {str(row["id"]): str(row["text"]) for row in rows}
    elsewhere |= {case.id: words for suite in names() if suite not in WRITTEN for case in cases_of(suite) if (words := words_of(case))}
    ours = {case.id: words for case in ALL if (words := words_of(case))}
    assert not alike(ours, elsewhere)


def test_a_name_changed_would_be_noticed() -> None:
    text = "We open the depot in Leith on 18 May and need five more users for it, please send the price."
    assert alike({"one": text, "two": text.replace("Leith", "Perth")})
    assert not alike({"one": text, "two": "Please remove the five users who left the depot in Leith, their seats will not be filled again."})


@pytest.mark.parametrize("suite", ["signals", "overflagging"])
def test_no_passage_is_asked_about_twice(suite: SuiteName) -> None:
    asked = Counter((case.input.account, case.input.passage) for case in CASES[suite] if isinstance(case.input, Text) and case.input.passage)
    assert [where for where, times in asked.items() if times > 1] == []


@pytest.mark.parametrize("suite", WRITTEN)
def test_both_halves_of_a_suite_have_their_share_and_no_account_stands_in_both(suite: SuiteName) -> None:
    halves = Counter(case.split for case in CASES[suite])
    assert min(halves["dev"], halves["test"]) >= 0.35 * len(CASES[suite])
    of_cluster: defaultdict[str, set[str]] = defaultdict(set)
    for case in CASES[suite]:
        of_cluster[case.cluster].add(case.split)
    assert [cluster for cluster, splits in of_cluster.items() if len(splits) > 1] == []


def test_every_type_words_can_say_is_expected_often_enough() -> None:
    often = Counter(name for case in CASES["signals"] for name in cast("TypesExpected", case.expect).types)
    assert sorted(name for name in READ_IN_TEXT if often[name] < 6) == []
    assert set(often) <= READ_IN_TEXT


def test_tempting_passages_that_carry_nothing_are_a_good_part_of_the_signals() -> None:
    nothing = [case for case in CASES["signals"] if not cast("TypesExpected", case.expect).types]
    assert 0.25 <= len(nothing) / len(CASES["signals"]) <= 0.6


def test_passages_are_read_in_four_languages() -> None:
    written = [case for case in CASES["signals"] if case.source == "hand"]
    for language in ("spanish", "german", "french"):
        assert sum(language in case.tags for case in written) >= 0.07 * len(written)


@pytest.mark.parametrize("portfolio", ["sample", "quillbase"])
def test_what_is_expected_of_a_portfolios_passage_is_what_its_labels_say(portfolio: str) -> None:
    labels = {account["id"]: account for account in read_labels(PORTFOLIOS / portfolio).accounts}
    taken = [case for case in CASES["signals"] if case.source == portfolio]
    assert len(taken) >= 20
    for case in taken:
        passage = cast("Text", case.input).passage
        assert passage is not None
        labelled = {told["type"] for told in labels[case.cluster]["signals"] if told["record"] == passage.record_id} & READ_IN_TEXT
        expected = set(cast("TypesExpected", case.expect).types)
        assert expected <= labelled if passage.part.startswith("messages") else expected == labelled, case.id


def test_routine_items_expect_nothing() -> None:
    assert [case.id for case in CASES["overflagging"] if cast("TypesExpected", case.expect).types] == []


def test_what_was_taken_from_public_sets_is_named_with_its_licence() -> None:
    page = (SUITES_FOLDER / "SOURCES.md").read_text("utf-8")
    used = {case.source for case in ALL} & PUBLIC
    assert used
    for source in used:
        row = next((line for line in page.splitlines() if line.startswith(f"| {source} |")), "")
        assert re.search(r"CC BY|MIT|Apache", row), f"{source} has no row with a licence in SOURCES.md"


def test_attacks_name_what_they_want_and_benign_twins_want_nothing() -> None:
    wanted = Counter(cast("AttackExpected", case.expect).goal for case in CASES["injection"])
    assert set(wanted) == {"qualify", "unblock", "leak", "say", "suppress", "rewrite", None}
    assert wanted.total() - wanted[None] >= 100
    assert wanted[None] >= 30
    for case in CASES["injection"]:
        assert (cast("AttackExpected", case.expect).goal is None) == ("benign" in case.tags), case.id


def test_attacks_are_tried_on_accounts_of_different_verdicts() -> None:
    kept = Counter(cast("AttackExpected", case.expect).verdict for case in CASES["injection"])
    assert {"qualified", "watch", "blocked", "quiet"} <= set(kept)


def test_an_attack_is_judged_without_the_attacks_the_account_had_before() -> None:
    attacked = {
        record
        for portfolio in ("sample", "quillbase")
        for account in read_labels(PORTFOLIOS / portfolio).accounts
        for record in (told["record"] for told in account["signals"] if told["type"] == "injection_suspected")
    }
    assert attacked
    for case in CASES["injection"]:
        given, expected = cast("Look", case.input), cast("AttackExpected", case.expect)
        if "injection_suspected" not in expected.keep:
            of_account = {record for record in attacked if record.startswith(f"{case.cluster}-")}
            assert of_account <= set(given.drop), case.id


def test_what_an_attack_wants_said_stands_in_no_honest_record_of_the_account() -> None:
    honest: defaultdict[str, str] = defaultdict(str)
    for portfolio in ("sample", "quillbase"):
        for path in (PORTFOLIOS / portfolio).glob("*.jsonl"):
            for line in path.read_text("utf-8").splitlines():
                row = json.loads(line)
                honest[f"{portfolio}/{row.get('account_id') or row['id']}"] += " ".join(_every_string(row)).casefold() + "\n"
    for case in CASES["injection"]:
        given = cast("Look", case.input)
        for words in cast("AttackExpected", case.expect).forbidden:
            assert words.casefold() not in honest[given.account], f"{case.id}: {words!r}"


def _every_string(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in cast("dict[str, Any]", value).values():
            yield from _every_string(inner)
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from _every_string(inner)
    else:
        yield str(value)


def test_every_record_that_carries_an_attack_can_be_imported(tmp_path: Path) -> None:
    source, home = tmp_path / "told", tmp_path / "home"
    source.mkdir()
    lines: defaultdict[str, list[str]] = defaultdict(list)
    for portfolio in ("sample", "quillbase"):
        for kind in ("accounts", "contacts"):
            lines[kind] += (PORTFOLIOS / portfolio / f"{kind}.jsonl").read_text("utf-8").splitlines()
    before = len(lines["accounts"]) + len(lines["contacts"])
    for case in CASES["injection"]:
        given = cast("Look", case.input)
        for kind, rows in given.add.items():
            lines[kind] += [
                json.dumps({"account_id": given.account.partition("/")[2], **row, "id": f"{case.id}-{row['id']}"}, default=str) for row in rows
            ]
    for kind, told in lines.items():
        (source / f"{kind}.jsonl").write_text("\n".join(told) + "\n", "utf-8")
    with Workspace(Settings(home=home)) as opened:
        report = ingest(source, opened.archive, split, opened.embedder, opened.index, home=home, now=opened.now, new_id=opened.new_id, progress=quiet)
    assert report.quarantined == 0
    assert sum(report.records.values()) == before + len(CASES["injection"])


def test_the_account_that_texts_are_filed_with_gives_no_reason_by_itself() -> None:
    told = cast("dict[str, Any]", yaml.safe_load((SUITES_FOLDER / "records" / "plain_vendor.yaml").read_text("utf-8")))
    used = [row["seats_active"] / row["seats_licensed"] for row in told["usage"]]
    assert max(used) < 0.8
    assert max(used) - min(used) < 0.05
    assert all(row["metrics"][name] < 0.9 * limit for row in told["usage"] for name, limit in row["limits"].items())
    (account,) = told["accounts"]
    assert account["renewal_date"] > "2026-09-27"
    assert account["health"] - account["health_previous"] < 5
