"""Before an approval the record is looked at again; what a scan has just read of it is not read a second time."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from briefs.brief import BriefBody, Override
from briefs.freshness import Difference, compare
from briefs.pipeline import Examined, Pipeline
from briefs.settings import Settings
from briefs.standing import Standings
from briefs.store import judgements
from briefs.wiring import Workspace
from retrieval.records import Kind, Record, Usage
from retrieval.records import record_id as id_of
from tests.briefs.reimporting import ACCOUNT, AS_OF, FILES, import_again, import_row, take_in
from tests.sharing import planted

LATER = date(2026, 4, 2)


class Counting(Pipeline):
    """A pipeline that counts how often it looks at an account."""

    looks = 0

    def examine(self, account_id: str, as_of: date) -> Examined:
        self.looks += 1
        return super().examine(account_id, as_of)


class Bench:
    """A scanned home, one of its briefs, and what a comparison of it costs."""

    def __init__(self, space: Workspace) -> None:
        self.space, self.today = space, AS_OF
        engine = space.offline_engine
        self.counting = Counting(space.archive, lambda: space.searcher, engine, space.rubric, space.store, now=space.now, new_id=space.new_id)
        self.opened = 0
        self.standings = Standings(space.archive, self._open)
        self.body = BriefBody.model_validate_json(space.store.version(space.store.briefs_of(ACCOUNT)[0].head))

    def _open(self) -> Pipeline:
        self.opened += 1
        return self.counting

    def compare(self) -> list[Difference]:
        return compare(self.body, self.space.archive, self.standings, self.today)

    def import_(self, folder: Path, kind: str, **row: Any) -> None:
        import_row(self.space, folder, kind, **row)

    def record(self, record_id: str) -> Record:
        """As it is on file."""
        return next(record for record in self.space.archive.records(ACCOUNT) if id_of(record) == record_id)

    def told(self) -> dict[tuple[str, str], str]:
        """Kind and subject of each difference, with its words."""
        return {(found.kind, found.subject): found.words for found in self.compare()}


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return planted(tmp_path_factory)


@pytest.fixture
def bench(scanned: Path, tmp_path: Path) -> Iterator[Bench]:
    shutil.copytree(scanned, tmp_path / "home")
    with Workspace(Settings(home=tmp_path / "home"), now=lambda: datetime(2026, 4, 2, 9, tzinfo=UTC)) as space:
        yield Bench(space)


def test_what_the_scan_has_read_is_not_read_again(bench: Bench) -> None:
    assert bench.compare() == []
    bench.today = LATER
    assert bench.compare() == [], "a day later, with nothing new on file"
    assert (bench.counting.looks, bench.opened) == (0, 1)


def test_a_new_critical_ticket_is_seen_and_looked_at_once(bench: Bench, tmp_path: Path) -> None:
    bench.today = LATER
    bench.import_(tmp_path / "new", "tickets", id="p1", created_at="2026-04-01", status="open", priority="P1", subject="Down since this morning")
    kinds = {(found.kind, found.subject) for found in bench.compare()}
    assert kinds == {("blocker", "open_critical_ticket"), ("verdict", "blocked")}
    assert {(found.kind, found.subject) for found in bench.compare()} == kinds
    assert bench.counting.looks == 1


def test_a_ticket_of_tomorrow_is_not_seen_today(bench: Bench, tmp_path: Path) -> None:
    bench.import_(tmp_path / "new", "tickets", id="p1", created_at="2026-04-01", status="open", priority="P1", subject="Down since this morning")
    assert bench.compare() == []


def test_notice_given_in_an_old_ticket_is_seen(bench: Bench, tmp_path: Path) -> None:
    bench.today = LATER
    said = [
        {"at": "2026-03-02", "author_role": "customer", "body": "How do I export the list of sites?"},
        {"at": "2026-04-01", "author_role": "customer", "body": "We are cancelling our contract and will leave at the end of the term."},
    ]
    bench.import_(tmp_path / "new", "tickets", id="old", created_at="2026-03-02", status="open", priority="P4", subject="Export", messages=said)
    assert ("blocker", "churn_intent") in {(found.kind, found.subject) for found in bench.compare()}


def test_a_cited_record_that_is_gone_is_told(bench: Bench) -> None:
    cited = next(e for claim in bench.body.claims() for e in claim.evidence if e.part is not None)
    bench.space.archive.forget_record(cast("Kind", cited.kind), cited.record_id)
    assert ("record_gone", cited.record_id) in {(found.kind, found.subject) for found in bench.compare()}


def test_a_cited_seat_count_that_is_another_now_is_told_with_both(bench: Bench, tmp_path: Path) -> None:
    cited = next(e for claim in bench.body.claims() for e in claim.evidence if e.field == "seats_active")
    usage = bench.record(cited.record_id)
    assert isinstance(usage, Usage)
    import_again(bench.space, tmp_path / "again", usage, seats_active=cited.value - 1)
    words = f"seats_active of {cited.record_id} was {cited.value}, is {cited.value - 1}"
    assert bench.told()["record_changed", cited.record_id] == words


def test_a_cited_field_that_says_nothing_any_more_is_told(bench: Bench, tmp_path: Path) -> None:
    cited = next(e for claim in bench.body.claims() for e in claim.evidence if e.field == "seats_active")
    import_again(bench.space, tmp_path / "again", bench.record(cited.record_id), seats_active=None)
    assert bench.told()["record_changed", cited.record_id] == f"seats_active of {cited.record_id} was {cited.value}, is not told"


def test_a_cited_row_told_again_as_it_was_is_no_difference(bench: Bench, tmp_path: Path) -> None:
    for n, record_id in enumerate(sorted({e.record_id for claim in bench.body.claims() for e in claim.evidence if e.kind == "usage"})):
        import_again(bench.space, tmp_path / str(n), bench.record(record_id))
    assert bench.compare() == []


def test_a_cited_sentence_that_reads_otherwise_is_told_without_its_words(bench: Bench, tmp_path: Path) -> None:
    cited = next(e for claim in bench.body.claims() for e in claim.evidence if e.quote is not None and e.kind in FILES)
    record = bench.record(cited.record_id)
    stored = json.dumps(record.model_dump(mode="json", exclude_defaults=True))
    otherwise = stored.replace(json.dumps(cited.quote)[1:-1], "We talked about the weather.")
    assert otherwise != stored
    import_again(bench.space, tmp_path / "again", record, **json.loads(otherwise))
    assert bench.told()["record_changed", cited.record_id] == f"{cited.record_id} does not read as it did"


def test_an_override_is_another_question(bench: Bench) -> None:
    """What a person said over the machine's verdict changes what stands: the result of before must not answer."""
    assert bench.compare() == []
    at = bench.space.now()
    signal = bench.space.store.last_results([ACCOUNT])[ACCOUNT].result.tests.fit.signals[0]
    with bench.space.store.writing() as connection:
        judgements.add_override(
            connection,
            Override(
                id="o1",
                account_id=ACCOUNT,
                kind="dismiss_signal",
                target=signal,
                reason="They meant another team.",
                by="mira",
                created_at=at,
                expires_at=at + timedelta(days=30),
            ),
        )
    bench.compare()
    assert bench.counting.looks == 1


def test_another_name_in_the_portfolio_opens_the_names_anew(bench: Bench, tmp_path: Path) -> None:
    bench.compare()
    folder = tmp_path / "named"
    folder.mkdir()
    (folder / "accounts.jsonl").write_text(json.dumps({"id": "z9", "name": "Quarrystone"}) + "\n", "utf-8")
    take_in(folder, bench.space)
    bench.compare()
    assert bench.opened == 2
