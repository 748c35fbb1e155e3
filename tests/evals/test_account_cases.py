"""The cases about whole accounts hold what they claim: enough of them, none twice, nothing they name missing, and answers the contract allows."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest

from briefs.settings import Settings
from briefs.wiring import Workspace
from evals import loading
from evals.portfolios.agreement import read_labels
from evals.suite import (
    SUITES,
    SUITES_FOLDER,
    ApartExpected,
    AsOfExpected,
    BriefExpected,
    Case,
    Look,
    Pair,
    PassagesExpected,
    SuiteName,
    VerdictExpected,
)
from retrieval.chunking import split
from retrieval.ingest import ingest, quiet
from retrieval.records import TYPES, Kind, TextRecord, parts_of
from retrieval.sources import PLURALS
from tests.evals.test_cases import alike, words_of

WRITTEN: tuple[SuiteName, ...] = ("verdicts", "briefs", "isolation", "asof", "retrieval")
LEAST = 60
PORTFOLIOS = SUITES_FOLDER.parent / "portfolios"
RECORDS = SUITES_FOLDER / "records"
KIND_OF: dict[str, Kind] = {plural: kind for kind, plural in PLURALS.items()}
CASES: dict[SuiteName, tuple[Case, ...]] = {suite: loading.load(suite).cases for suite in WRITTEN}
LOOKS = [case for suite in WRITTEN[:4] for case in CASES[suite]]

Rows = dict[str, list[dict[str, Any]]]


@cache
def store(name: str) -> Rows:
    """Every row of a portfolio or a record set, by kind."""
    if (PORTFOLIOS / name).is_dir():
        return {path.stem: [json.loads(line) for line in path.read_text("utf-8").splitlines()] for path in (PORTFOLIOS / name).glob("*.jsonl")}
    told = cast("Rows", loading.read_yaml(RECORDS / f"{name}.yaml"))
    owner = told["accounts"][0]["id"]
    return {kind: [{"account_id": owner, **row} for row in rows] for kind, rows in told.items() if kind != "catalogue"}


def place_of(reference: str) -> tuple[str, str]:
    """(store, account id) of `sample/a01`, `pair_x/one` or `records/NAME`."""
    place, _, name = reference.rpartition("/")
    return (name, store(name)["accounts"][0]["id"]) if place == "records" else (place, name)


def rows_of(reference: str) -> Rows:
    place, account = place_of(reference)
    return {
        kind: [row for row in rows if (row.get("id") if kind == "accounts" else row.get("account_id")) == account]
        for kind, rows in store(place).items()
        if kind in KIND_OF
    }


def ids_in(rows: Rows, account: str) -> set[str]:
    usage = {f"usage:{account}:{row['period_start']}" for row in rows.get("usage", [])}
    return {str(row["id"]) for kind, held in rows.items() if kind not in ("accounts", "usage") for row in held} | usage | {f"account:{account}"}


def known_to(case: Case, *, with_dropped: bool = True) -> tuple[set[str], str]:
    """The record ids a case can name, and every word of its account's records, its own additions included."""
    given = cast("Look", case.input)
    rows = rows_of(given.account)
    added = {kind: [dict(row) for row in told] for kind, told in given.add.items()}
    ids = ids_in(rows, place_of(given.account)[1]) | ids_in(added, place_of(given.account)[1])
    words = " ".join(strings({"own": rows, "added": added}))
    return (ids if with_dropped else ids - set(given.drop)), words


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in cast("dict[str, Any]", value).values():
            yield from strings(inner)
    elif isinstance(value, (list, tuple)):
        for inner in cast("list[Any]", value):
            yield from strings(inner)
    else:
        yield str(value)


@pytest.mark.parametrize("suite", WRITTEN)
def test_a_suite_about_accounts_has_enough_cases_with_ids_of_their_own(suite: SuiteName) -> None:
    assert len(CASES[suite]) >= LEAST
    assert all(case.id.startswith(f"{suite}-") for case in CASES[suite])


@pytest.mark.parametrize("suite", WRITTEN)
def test_both_halves_have_their_share(suite: SuiteName) -> None:
    halves = Counter(case.split for case in CASES[suite])
    assert min(halves["dev"], halves["test"]) >= 0.35 * len(CASES[suite])


def test_an_account_stands_on_one_side_in_all_suites() -> None:
    sides: defaultdict[str, set[str]] = defaultdict(set)
    for suite in SUITES:
        for case in loading.load(suite).cases:
            sides[case.cluster].add(case.split)
    assert [cluster for cluster, both in sides.items() if len(both) > 1] == []


@pytest.mark.parametrize("suite", WRITTEN)
def test_nothing_is_asked_twice(suite: SuiteName) -> None:
    """Of a brief several things may be asked, then each asks for something else."""
    asked = Counter((case.input.model_dump_json(), case.expect.model_dump_json() if suite == "briefs" else "") for case in CASES[suite])
    assert [what for what, times in asked.items() if times > 1] == []


@pytest.mark.parametrize("suite", WRITTEN[:4])
def test_texts_are_alike_within_one_account_at_most(suite: SuiteName) -> None:
    """The same words with one thing changed are a contrast on one account; on another account they would be a copy."""
    by_id = {case.id: case for case in CASES[suite]}
    pairs = alike({case.id: words for case in CASES[suite] if (words := words_of(case))})
    assert [(one, two) for one, two, _ in pairs if by_id[one].cluster != by_id[two].cluster] == []


def test_no_record_set_is_another_with_a_name_changed() -> None:
    texts: dict[str, str] = {}
    for path in sorted(RECORDS.glob("*.yaml")):
        if path.stem == "qmsum":
            continue
        for kind in ("notes", "tickets"):
            for row in store(path.stem).get(kind, []):
                told = " ".join([str(row.get("body", "")), *(str(message["body"]) for message in row.get("messages", []))])
                if len(told.split()) >= 8:
                    texts[f"{path.stem} {row['id']}"] = told
    assert [(one, two) for one, two, _ in alike(texts) if one.split()[0] != two.split()[0]] == []


def test_what_is_dropped_is_there() -> None:
    missing = [(case.id, dropped) for case in LOOKS for dropped in cast("Look", case.input).drop if dropped not in known_to(case)[0]]
    assert missing == []


def test_every_verdict_of_a_portfolio_is_a_case_and_says_what_the_label_says() -> None:
    for portfolio, source in (("sample", "sample"), ("quillbase", "quillbase"), ("assayline", "third")):
        labels = {account["id"]: account for account in read_labels(PORTFOLIOS / portfolio).accounts}
        taken = {cast("Look", case.input).account.rpartition("/")[2]: case for case in CASES["verdicts"] if case.source == source}
        assert taken.keys() == labels.keys()
        for name, case in taken.items():
            expect = cast("VerdictExpected", case.expect)
            assert expect.verdict == labels[name]["verdict"], case.id
            assert set(expect.blockers or ()) == set(labels[name].get("blockers") or ()), case.id
            assert expect.lead_type == labels[name].get("lead_type"), case.id


def test_expected_verdicts_are_those_the_contract_allows() -> None:
    for case in CASES["verdicts"]:
        expect = cast("VerdictExpected", case.expect)
        met, blocked = sum(expect.tests.values()), bool(expect.blockers)
        assert (expect.lead_type is not None) == (expect.verdict == "qualified"), case.id
        assert blocked or expect.verdict != "blocked", case.id
        if not expect.tests or expect.verdict == "insufficient_data":
            continue
        allowed = {"quiet"} if met < 2 else {"blocked"} if blocked else {"watch"} if met == 2 else {"qualified", "watch"}
        assert expect.verdict in allowed, case.id
        if "sku" in expect.model_fields_set:
            assert (expect.sku is not None) == expect.tests.get("fit", False), case.id


def test_changed_accounts_say_why_their_answer_follows() -> None:
    changed = [case for case in CASES["verdicts"] if "variant" in case.tags]
    assert len(changed) >= 50
    assert [case.id for case in changed if len(case.why.split()) < 4] == []


def test_a_checklist_names_records_that_are_there_and_asks_for_something() -> None:
    for case in CASES["briefs"]:
        expect = cast("BriefExpected", case.expect)
        ids, _ = known_to(case, with_dropped=False)
        assert set(expect.must_cite) <= ids, case.id
        assert expect.abstain or expect.must_say or expect.must_not_say or expect.must_cite, case.id
        weak = [words for point in expect.must_say for words in point.any if re.fullmatch(r"\d", words.strip())]
        assert weak == [], f"{case.id}: a single figure stands in every brief"
    assert sum(cast("BriefExpected", case.expect).abstain for case in CASES["briefs"]) >= 15


def test_what_must_not_cross_over_is_the_others_and_not_ones_own() -> None:
    for case in CASES["isolation"]:
        given, expect = cast("Pair", case.input), cast("ApartExpected", case.expect)
        theirs = " ".join(strings([rows_of(given.other), {kind: [dict(row) for row in told] for kind, told in given.other_add.items()}])).casefold()
        mine = known_to(case)[1].casefold()
        assert expect.forbidden, case.id
        assert [words for words in expect.forbidden if words.casefold() not in theirs] == [], f"{case.id}: nobody says it"
        assert [words for words in expect.forbidden if words.casefold() in mine] == [], f"{case.id}: stands in its own records"


def test_what_must_not_be_seen_before_its_day_is_in_the_store() -> None:
    for case in CASES["asof"]:
        expect = cast("AsOfExpected", case.expect)
        ids, words = known_to(case)
        assert [what for what in (*expect.absent, *expect.present) if what not in ids and what not in words] == [], case.id
        assert any((expect.absent, expect.present, expect.signals_absent, expect.signals_present, expect.verdict)), case.id


def test_every_kind_of_record_has_its_days() -> None:
    tags = Counter(tag for case in CASES["asof"] for tag in case.tags)
    assert {"note", "ticket", "survey", "usage", "contact", "opportunity", "roll_back", "account_row", "scorecard"} <= set(tags)


def test_answers_of_questions_are_texts_that_are_there() -> None:
    for case in CASES["retrieval"]:
        expect = cast("PassagesExpected", case.expect)
        parts: dict[str, dict[str, str]] = {}
        for kind, rows in rows_of(cast("Any", case.input).account).items():
            for row in rows:
                if kind in ("notes", "tickets", "surveys", "scorecards"):
                    record = cast("TextRecord", TYPES[KIND_OF[kind]].model_validate(row))
                    parts[record.id] = dict(parts_of(record))
        assert set(expect.records) <= parts.keys(), case.id
        assert expect.records or expect.passages, case.id
        for place in expect.passages:
            held = parts[place.record_id][place.part]
            assert place.start is not None, case.id
            assert place.end is not None, case.id
            assert 0 <= place.start < place.end <= len(held), case.id


def test_record_sets_can_be_imported_whole(tmp_path: Path) -> None:
    source = tmp_path / "told"
    source.mkdir()
    lines: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(RECORDS.glob("*.yaml")):
        if path.stem.startswith(("pair_", "rollback_")):
            for kind, rows in store(path.stem).items():
                lines[kind] += [json.dumps({k: v for k, v in row.items() if (kind, k) != ("accounts", "account_id")}, default=str) for row in rows]
    for kind, told in lines.items():
        (source / f"{kind}.jsonl").write_text("\n".join(told) + "\n", "utf-8")
    home = tmp_path / "home"
    with Workspace(Settings(home=home)) as opened:
        report = ingest(source, opened.archive, split, opened.embedder, opened.index, home=home, now=opened.now, new_id=opened.new_id, progress=quiet)
    assert report.quarantined == 0
    assert sum(report.records.values()) == sum(map(len, lines.values()))


def test_what_was_taken_from_meetings_is_named_with_its_licence() -> None:
    page = (SUITES_FOLDER / "SOURCES.md").read_text("utf-8")
    assert any(line.startswith("| qmsum |") and "MIT" in line for line in page.splitlines())
    assert (SUITES_FOLDER / "licences" / "qmsum.txt").is_file()
