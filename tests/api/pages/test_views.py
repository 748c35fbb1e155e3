"""What the pages show, worked out from the scanned sample before any HTML."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.pages.templating import STATIC
from api.pages.views.brief import BriefView, brief_view
from api.pages.views.charts import tallied
from api.pages.views.evidence import pane, pieces
from api.pages.views.funnel import lasting
from api.pages.views.inbox import BLOCKED, DECIDED, READY, Desk, Filters, Inbox, Seen, inbox
from api.pages.views.words import BLOCKERS, age
from briefs.brief import BLOCKER_CODES, SIGNAL_TYPES, BriefBody, Evidence
from briefs.gate import REJECT_CODES, State
from briefs.rendering.words import SIGNALS
from briefs.settings import Settings
from briefs.wiring import Workspace
from retrieval.dossier import Dossier
from retrieval.records import TicketFlag
from tests.briefs.account_builders import a_dossier

NOW = datetime(2026, 4, 2, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def opened(scanned_home: Path) -> Iterator[Workspace]:
    with Workspace(Settings(home=scanned_home)) as workspace:
        yield workspace


def box_of(opened: Workspace, desk: Desk | None = None, **filters: str | bool) -> Inbox:
    results, briefs = opened.store.last_results(), {}
    for row in opened.store.list():
        briefs.setdefault(row.account_id, []).append(row)
    rows = [(account, results[account.id].result, results[account.id].at) for account in opened.archive.roster()]
    return inbox(rows, desk or Desk(briefs), Filters(**filters), NOW)  # pyright: ignore[reportArgumentType]


def view_of(opened: Workspace, account: str) -> BriefView:
    row = opened.store.briefs_of(account)[0]
    body = BriefBody.model_validate_json(opened.store.version(row.head))
    return brief_view(body, Dossier.model_validate_json(opened.store.dossier(body.provenance.dossier_hash)))


def test_every_account_stands_under_one_tab(opened: Workspace) -> None:
    box = box_of(opened)
    assert sum(box.counts.values()) == box.total == len(opened.archive.accounts())
    assert box.counts[READY] == 11
    assert box.counts[DECIDED] == 0


def test_ranks_run_from_one_without_a_gap_and_follow_the_priority(opened: Workspace) -> None:
    rows = box_of(opened).rows
    assert [row.rank for row in rows] == list(range(1, 12))
    results = opened.store.last_results()
    priorities = [results[row.account_id].result.priority for row in rows]
    assert priorities == sorted(priorities, reverse=True)


def test_a_ready_account_says_why_in_the_customers_words(opened: Workspace) -> None:
    row = box_of(opened).rows[0]
    assert row.account_id == "a01"
    assert row.quote == "So we do need SSO on this, it's not a nice to have for me."
    assert "Declan Moran, 5 Mar 2026" in row.reason


def test_a_blocked_account_names_what_stands_in_the_way_and_what_clears_it(opened: Workspace) -> None:
    rows = {row.account_id: row for row in box_of(opened, tab=BLOCKED).rows}
    assert rows["a03"].clears == (("A critical ticket is open", "Clears when the ticket is solved."),)


def test_an_almost_ready_account_names_what_is_missing(opened: Workspace) -> None:
    rows = {row.account_id: row for row in box_of(opened, tab="almost").rows}
    assert rows["b03"].missing[0].startswith("Timing is missing:")
    assert all(row.missing for row in rows.values())


def test_what_changed_is_told_against_what_was_seen(opened: Workspace) -> None:
    everything = Desk(seen={"a01": Seen(datetime(2026, 3, 1, tzinfo=UTC), "watch"), "a02": Seen(datetime(2027, 1, 1, tzinfo=UTC), "qualified")})
    rows = {row.account_id: row for row in box_of(opened, everything).rows}
    assert "Was almost" in rows["a01"].changes
    assert any("new signal" in change for change in rows["a01"].changes)
    assert rows["a02"].changes == ()
    assert rows["b01"].changes == ("New to you",)


def test_a_snoozed_account_sleeps_until_it_is_asked_for_or_its_day_comes(opened: Workspace) -> None:
    asleep = Desk(snoozed={"a01": datetime(2026, 5, 1, tzinfo=UTC), "a02": datetime(2026, 4, 1, tzinfo=UTC)})
    assert "a01" not in {row.account_id for row in box_of(opened, asleep).rows}
    assert [row.account_id for row in box_of(opened, asleep, snoozed=True).rows] == ["a01"]
    assert "a02" in {row.account_id for row in box_of(opened, asleep).rows}


def test_filters_narrow_and_sorting_orders(opened: Workspace) -> None:
    rows = box_of(opened, motion="tier", sort="arr").rows
    assert {row.motion for row in rows} == {"tier"}
    assert [row.arr_base for row in rows] == sorted((row.arr_base for row in rows), reverse=True)


def test_a_filters_address_leaves_out_what_is_default() -> None:
    assert Filters(tab="blocked", motion="tier").query(sort="rank") == "tab=blocked&motion=tier"
    assert Filters().query() == ""


def test_every_mark_of_a_sentence_leads_to_exactly_one_place_and_back(opened: Workspace) -> None:
    for account in ("a01", "b01", "c09"):
        view = view_of(opened, account)
        marks = {n for chapter in (*view.chapters, view.against) if chapter for one in chapter.sentences for n in one.marks}
        papers = (*view.evidence.cited, *view.evidence.others)
        pins = [n for paper in papers for part in paper.parts for piece in part.pieces for n in piece.pins]
        pins += [n for paper in papers for field in paper.fields for n in field.marks] + [n for paper in papers for n in paper.loose]
        if view.evidence.use:
            pins += [n for row in view.evidence.use.rows for field in (*row.cells, *row.more) for n in field.marks]
        assert sorted(pins) == list(range(1, len(view.ledger) + 1))
        assert marks <= set(pins)
        assert all(view.backs[n] for n in marks)


def test_the_marked_words_are_the_quote_character_for_character(opened: Workspace) -> None:
    view = view_of(opened, "a01")
    shown: dict[int, str] = {}
    for paper in view.evidence.cited:
        for part in paper.parts:
            for piece in part.pieces:
                for n in piece.marks:
                    shown[n] = shown.get(n, "") + piece.text
    assert shown
    assert all(shown[n] == view.ledger[n - 1].quote for n in shown)


def test_what_support_flagged_is_a_paper_of_its_own_that_only_insiders_see() -> None:
    flag = TicketFlag(id="flag:f1", ticket_id="t1", at=NOW, by="Lena", reason="They asked <b>twice</b>.")
    cited = [Evidence(record_id=flag.id, kind="flag", field="reason", value=flag.reason, at=NOW.date())]
    shown = pane(a_dossier(flags=(flag,)), cited)
    assert shown.erased == ()
    (paper,) = shown.cited
    assert (paper.record_id, paper.internal, paper.cited) == (flag.id, True, (1,))
    assert [(field.name, field.value) for field in paper.fields if field.marks] == [("Reason", flag.reason)]


def test_overlapping_evidence_is_cut_without_losing_a_character() -> None:
    cut = pieces("abcdefghij", [(1, 2, 6), (2, 4, 8), (3, 4, 99)])
    assert "".join(piece.text for piece in cut) == "abcdefghij"
    assert [(piece.text, piece.marks, piece.pins) for piece in cut] == [
        ("ab", (), ()),
        ("cd", (1,), (1,)),
        ("ef", (1, 2, 3), (2, 3)),
        ("gh", (2, 3), ()),
        ("ij", (3,), ()),
    ]


def test_two_records_that_disagree_stand_side_by_side(opened: Workspace) -> None:
    dispute = view_of(opened, "b01").disputes[0]
    assert [side.who for side in dispute.sides] == ["Note, 12 Mar 2026", "Usage, 31 Mar 2026"]


def test_each_picture_has_its_numbers_beside_it(opened: Workspace) -> None:
    charts = view_of(opened, "a01").charts
    assert [chart.title for chart in charts] == ["Seats active, of those licensed", "Core features in use"]
    assert ("Mar 2026", "76", "80") in charts[0].rows


def test_reasons_are_drawn_longest_bar_first_told_and_with_their_counts_beside() -> None:
    picture = tallied("Rejected because", [("Too early", 4), ("Wrong <product>", 1)])
    assert [float(w) for w in re.findall(r'<rect class="value"[^>]* width="([\d.]+)"', picture.svg)] == [320.0, 80.0]
    assert 'aria-label="Rejected because. Too early: 4; Wrong &lt;product&gt;: 1"' in picture.svg
    assert "<product>" not in picture.svg
    assert [row[:2] for row in picture.rows] == [("Too early", "4"), ("Wrong <product>", "1")]


def test_every_signal_blocker_state_and_reason_has_words() -> None:
    from api.pages.views import words

    assert set(SIGNAL_TYPES) == set(SIGNALS) | set(BLOCKERS)
    assert set(BLOCKERS) == set(BLOCKER_CODES)
    assert set(words.STATES) == set(State)
    assert set(words.REASONS) == set(REJECT_CODES)


@pytest.mark.parametrize(("days", "told"), [(0, "today"), (1, "1 day"), (13, "13 days"), (20, "2 weeks"), (70, "2 months"), (800, "2 years")])
def test_an_age_is_told_in_the_unit_people_use(days: int, told: str) -> None:
    assert age(datetime.fromtimestamp(NOW.timestamp() - days * 86400, UTC), NOW) == told


@pytest.mark.parametrize(("hours", "told"), [(0.001, "1 min"), (0.5, "30 min"), (5.25, "5.2 h"), (100, "4 days"), (5761.8, "8 months")])
def test_a_time_between_steps_is_told_in_the_unit_people_use(hours: float, told: str) -> None:
    assert lasting(hours) == told


def test_the_vendored_script_is_the_file_that_was_published() -> None:
    script = (STATIC / "vendor" / "htmx.min.js").read_bytes()
    assert hashlib.sha256(script).hexdigest() == "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130"
    assert "Zero-Clause BSD" in (STATIC / "vendor" / "htmx.LICENSE").read_text("utf-8")


def test_no_template_holds_a_script_a_style_or_another_host() -> None:
    for template in (STATIC.parent / "templates").glob("*.html"):
        text = template.read_text("utf-8")
        assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|https?://|hx-on", text), template.name
