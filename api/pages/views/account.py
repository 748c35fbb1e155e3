"""One account: the three tests with what they rest on, what stands in the way, what would change the verdict, and the record itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from api.pages.views.evidence import EvidencePane, pane
from api.pages.views.reasons import clearing, figure, missing
from api.pages.views.words import BLOCKERS, VERDICTS, arr_range, said
from briefs.brief import AccountResult, Evidence, Referral, Signal
from briefs.rendering.cleaning import one_line
from briefs.rendering.outline import Ledger
from briefs.rendering.sentences import credit
from briefs.rendering.words import SIGNALS, day
from retrieval.dossier import Dossier

TESTS = (("success", "Success", "They get real value"), ("fit", "Fit", "Something for sale serves a need"), ("timing", "Timing", "Now is the moment"))


@dataclass(frozen=True)
class Reason:
    """One signal: what it is, its words or figures, and the numbers of its evidence."""

    id: str
    type: str
    name: str
    day: str
    strength: str
    quote: str
    credit: str
    figure: str
    marks: tuple[int, ...]


@dataclass(frozen=True)
class Test:
    key: str
    name: str
    meaning: str
    met: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Obstacle:
    """A blocker, what clears it, and the evidence."""

    code: str
    name: str
    clears: str
    marks: tuple[int, ...]


@dataclass(frozen=True)
class AccountView:
    verdict: str
    verdict_name: str
    as_of: str
    arr: str
    formula: str
    tests: tuple[Test, ...]
    obstacles: tuple[Obstacle, ...]
    warnings: tuple[Reason, ...]
    changes: tuple[str, ...]
    undated: str
    referrals: tuple[Reason, ...]
    history: tuple[tuple[str, str], ...]
    evidence: EvidencePane
    backs: dict[int, tuple[str, ...]]


def account_view(result: AccountResult, dossier: Dossier, history: Sequence[tuple[date, str]] = ()) -> AccountView:
    """The view of the newest result; `history` are earlier verdicts, oldest first."""
    ledger, backs = Ledger(), dict[int, tuple[str, ...]]()
    by_id = {signal.id: signal for signal in result.signals}
    tests = tuple(
        Test(key, name, meaning, held.met, tuple(_reason(by_id[i], ledger, backs) for i in held.signals if i in by_id))
        for key, name, meaning in TESTS
        for held in (getattr(result.tests, key),)
    )
    hows = dict(clearing(result))
    obstacles = tuple(
        Obstacle(b.code, said(BLOCKERS, b.code), hows[said(BLOCKERS, b.code)], _marks(b.evidence, ledger, backs, f"b-{b.code}"))
        for b in result.blockers
    )
    codes = {b.code for b in result.blockers}
    warnings = tuple(_reason(s, ledger, backs) for s in result.signals if s.test == "risk" and s.type not in codes)
    referrals = tuple(_referral(n, referral, ledger, backs) for n, referral in enumerate(result.referrals, 1))
    return AccountView(
        verdict=result.verdict,
        verdict_name=said(VERDICTS, result.verdict),
        as_of=day(result.as_of),
        arr=arr_range(result.arr),
        formula=result.arr.formula if result.arr else "",
        tests=tests,
        obstacles=obstacles,
        warnings=warnings,
        changes=missing(result) or tuple(f"{line[:1].upper()}{line[1:]}." for line in result.would_change if " stands until " not in line),
        undated=", ".join(name.replace("_", " ") for name in result.undated_fields),
        referrals=referrals,
        history=_turns(history),
        evidence=pane(dossier, ledger.items),
        backs=backs,
    )


def _reason(signal: Signal, ledger: Ledger, backs: dict[int, tuple[str, ...]]) -> Reason:
    name = SIGNALS.get(signal.type) or said(BLOCKERS, signal.type)
    marks = _marks(signal.evidence, ledger, backs, f"g-{signal.id}")
    return Reason(signal.id, signal.type, name, day(signal.observed_at), signal.strength, *_words(signal.evidence), figure(signal), marks)


def _referral(n: int, referral: Referral, ledger: Ledger, backs: dict[int, tuple[str, ...]]) -> Reason:
    marks = _marks(referral.evidence, ledger, backs, f"g-ref-{n}")
    return Reason(f"ref-{n}", "referral", "Points at somebody else", day(referral.observed_at), "", *_words(referral.evidence), "", marks)


def _words(evidence: Sequence[Evidence]) -> tuple[str, str]:
    quoted = next((item for item in evidence if item.quote), None)
    return (one_line(quoted.quote or ""), credit(quoted)) if quoted else ("", "")


def _marks(evidence: tuple[Evidence, ...], ledger: Ledger, backs: dict[int, tuple[str, ...]], anchor: str) -> tuple[int, ...]:
    numbers = ledger.mark(evidence).numbers
    for number in numbers:
        backs[number] = (*backs.get(number, ()), anchor)
    return numbers


def _turns(history: Sequence[tuple[date, str]]) -> tuple[tuple[str, str], ...]:
    """Only the days on which the verdict turned, newest first."""
    turned = [(at, verdict) for i, (at, verdict) in enumerate(history) if i == 0 or history[i - 1][1] != verdict]
    return tuple((day(at), said(VERDICTS, verdict)) for at, verdict in reversed(turned))
