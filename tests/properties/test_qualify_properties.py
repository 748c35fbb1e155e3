"""What must hold of every verdict, whatever the signals are."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from briefs.brief import BLOCKER_CODES, FIT_TYPES, SIGNAL_TYPES, Signal
from briefs.qualify import Finding, qualify
from briefs.signals.evidence import test_of
from tests.briefs.account_builders import AS_OF, RUBRIC, a_dossier, a_shelf, a_signal, ahead, an_override, at

RANK = {"insufficient_data": 0, "quiet": 0, "blocked": 1, "watch": 2, "qualified": 3}
DOSSIER = a_dossier()
SHELF = a_shelf()


@st.composite
def some_signals(draw: st.DrawFn, most: int = 6) -> list[Signal]:
    """Any signals of this account, each with an id of its own."""
    found: list[Signal] = []
    for number in range(draw(st.integers(0, most))):
        kind = draw(st.sampled_from(SIGNAL_TYPES))
        record = draw(st.sampled_from(("n1", "t1", "sv1", "u1", "a1", "c1")))
        changes: dict[str, Any] = {"id": f"s{number}", "strength": draw(st.sampled_from(("strong", "weak")))}
        if kind in FIT_TYPES:
            changes["skus"] = tuple(draw(st.sets(st.sampled_from(("seats", "enterprise", "analytics", "api_pack", "essential", "gone")))))
            changes["explicit_request"] = draw(st.booleans())
            changes["wants"] = draw(st.sampled_from(({}, {"quantity": 5}, {"active": 90, "licensed": 100})))
        if kind in ("dated_plan", "budget_event", "renewal_window"):
            changes["due"] = draw(st.one_of(st.none(), st.integers(-30, 300).map(ahead)))
        found.append(a_signal(kind, record, draw(st.integers(-5, 400)), **changes))
    return found


def judge(signals: list[Signal], **more: Any) -> Finding:
    return qualify(DOSSIER, signals, RUBRIC, SHELF, **more)


@given(some_signals(), st.randoms(use_true_random=False))
def test_the_order_of_signals_does_not_matter(signals: list[Signal], random: Any) -> None:
    shuffled = list(signals)
    random.shuffle(shuffled)

    assert judge(shuffled) == judge(signals)


@given(some_signals(), st.sampled_from(BLOCKER_CODES))
def test_a_blocker_added_never_leaves_an_account_qualified(signals: list[Signal], code: str) -> None:
    found = judge([*signals, a_signal(code, "t9", days=1, id="blocker")])
    succeeded = code == "sponsor_left" and any(s.type == "new_sponsor" for s in signals)

    assert found.verdict != "qualified" or succeeded


@given(some_signals(), st.sampled_from(("success", "fit", "timing")))
def test_dismissing_the_signals_of_a_test_never_raises_the_verdict(signals: list[Signal], test: str) -> None:
    before = judge(signals)
    dismissals = [an_override("dismiss_signal", s.id, id=f"ov-{s.id}") for s in signals if s.test == test]
    after = judge(signals, overrides=dismissals)

    assert RANK[after.verdict] <= RANK[before.verdict] or (before.verdict, after.verdict) == ("blocked", "blocked")


@given(some_signals(), some_signals(most=2))
def test_more_reasons_for_an_account_never_lower_its_verdict(signals: list[Signal], more: list[Signal]) -> None:
    good = [s.model_copy(update={"id": f"more-{s.id}"}) for s in more if s.test != "risk"]
    before, after = judge(signals), judge([*signals, *good])
    assume(not before.blockers)

    assert RANK[after.verdict] >= RANK[before.verdict]


@given(some_signals())
def test_a_verdict_hangs_together(signals: list[Signal]) -> None:
    found = judge(signals)
    met = sum((found.tests.success.met, found.tests.fit.met, found.tests.timing.met))
    qualified = found.verdict == "qualified"

    assert 0 <= found.priority <= 1
    assert found.would_change, "every verdict says what would change it"
    assert (found.verdict == "quiet") is (met < 2)
    assert qualified is (met == 3 and not found.blockers and len(found.kinds) >= 2)
    assert (found.lead_type is not None) is qualified
    assert found.arr is None or (qualified and found.arr.low <= found.arr.base <= found.arr.high)
    assert (found.tests.fit.sku is None) is (not found.tests.fit.met)
    assert found.tests.fit.sku not in found.tests.fit.also
    assert {s.id for s in found.signals} <= {s.id for s in signals}
    assert all(test_of(s.type) == "fit" for s in found.signals if s.id in found.tests.fit.signals)


@given(some_signals())
def test_a_person_who_clears_every_blocker_never_lowers_the_verdict(signals: list[Signal]) -> None:
    cleared = judge(signals, overrides=[an_override("clear_blocker", code, id=code, created_at=at(AS_OF)) for code in BLOCKER_CODES])

    assert cleared.blockers == ()
    assert RANK[cleared.verdict] >= RANK[judge(signals).verdict]
