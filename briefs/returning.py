"""Whether a brief somebody already had may come back: only on new evidence, not at once, and saying what is new.

Pure: states, evidence and days in; an answer out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from briefs.brief import Evidence, Signal
from briefs.gate import State

ASKED = frozenset({"seats_requested", "higher_tier_feature_requested", "module_interest", "new_team", "upgrade_attempt"})
"""Signals by which the customer itself asks."""
AT_WORK = frozenset({State.DELIVERING, State.DELIVERED, State.ACCEPTED, State.CSM_OWNED})
"""Somebody is working on it: another brief of the same would be the same lead twice."""
SAID_NO = frozenset({State.REJECTED, State.DECLINED, State.LOST, State.WON})
ENDED = SAID_NO | {State.EXPIRED, State.RECALLED, State.RECYCLED}
SAME_DATA = ("usage", "account")
"""Records that come again every month: only a field not seen before is new in them."""

Key = tuple[str, str, str]
Stance = Literal["file", "leave", "hold"]
"""File the draft; leave the brief that is there; or look again at the next scan."""


@dataclass(frozen=True)
class Earlier:
    """The brief that was there: its state, since when, what it rested on, and until when sales sent it back."""

    state: State
    since: datetime
    known: frozenset[Key]
    recycled_until: date | None = None


def key(evidence: Evidence) -> Key:
    """What makes two pieces of evidence the same."""
    if evidence.kind in SAME_DATA:
        return (evidence.kind, evidence.field or "", "")
    return (evidence.record_id, evidence.part or evidence.field or "", evidence.quote or repr(evidence.value))


def keys(evidence: Iterable[Evidence]) -> frozenset[Key]:
    return frozenset(key(one) for one in evidence)


def is_asked(signal: Signal) -> bool:
    """Whether the customer itself asks for more by this signal."""
    return signal.explicit_request or signal.type in ASKED


def fresh(signals: Iterable[Signal], known: frozenset[Key]) -> list[Signal]:
    """Signals for expansion that rest on something not known before. A new reason against it brings nothing back."""
    return [signal for signal in signals if signal.test != "risk" and any(key(one) not in known for one in signal.evidence)]


def told(signals: Iterable[Signal], known: frozenset[Key]) -> tuple[str, ...]:
    """What is new, by signal, record and day: no customer's words."""
    lines = [
        f"{signal.type}: {one.record_id}, {signal.observed_at.isoformat()}" for signal in signals for one in signal.evidence if key(one) not in known
    ]
    return tuple(dict.fromkeys(lines))


def stance(earlier: Earlier | None, new: list[Signal], now: datetime, today: date, cool_down_days: int) -> Stance:
    """What to do with a new draft, given the newest brief of the same account, motion and product."""
    if earlier is None or earlier.state not in AT_WORK | ENDED:
        return "file"
    if earlier.state in AT_WORK:
        return "leave"
    asked = any(is_asked(signal) for signal in new)
    if earlier.state is State.RECYCLED and earlier.recycled_until is not None and not asked:
        return "file" if today >= earlier.recycled_until else "hold"
    if not new:
        return "leave"
    cooling = earlier.state in SAID_NO and now < earlier.since + timedelta(days=cool_down_days)
    return "hold" if cooling and not asked else "file"
