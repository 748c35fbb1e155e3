"""Signals to a verdict: the three tests, the blockers and what would change the answer. Pure; no model ever has a say here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from briefs.brief import (
    BLOCKER_CODES,
    Arr,
    Blocker,
    Evidence,
    FitResult,
    LeadType,
    Motion,
    Override,
    Route,
    Signal,
    TestResult,
    Tests,
    VerdictName,
)
from briefs.needs import Shelf
from briefs.recommend import Recommendation, recommend
from briefs.rubric import Rubric
from briefs.signals.people import HANDOVER
from retrieval.dossier import Dossier
from retrieval.records import TextRecord, Ticket, parts_of

STATED = ("churn_intent", "contested_renewal", "competitor_evaluation", "budget_freeze")

CLEARS_WHEN = {
    "open_critical_ticket": "the ticket is solved",
    "churn_intent": "the customer takes it back, or {stated} days pass without a repeat",
    "contested_renewal": "the renewal is agreed or the customer takes it back, or {stated} days pass without a repeat",
    "competitor_evaluation": "the customer ends the evaluation, or {stated} days pass without a repeat",
    "sponsor_left": "a successor is named, or {sponsor} days pass",
    "budget_freeze": "the freeze is lifted, or {stated} days pass without a repeat",
    "usage_decline": "use is less than {decline:g} % below the third period before",
    "detractor": "their next answer is above {detractor}",
    "overdue_invoice": "the invoice is paid",
    "onboarding": "the account is {onboarding} days old",
    "open_expansion_opportunity": "that opportunity is won or lost",
    "do_not_contact": "the contact ban is lifted",
}

MISSING = {
    "success": "success is missing: no promoter, rising health, growth of use, {core:g} % of the core features or stated outcome in {said} days",
    "fit": "fit is missing: nothing they asked for or ran into is in the catalogue and not yet theirs",
    "timing": "timing is missing: no dated event in the next {ahead} days, no new sponsor, limit reached or request to buy in the days that count",
}


@dataclass(frozen=True)
class Finding:
    """What `qualify` says of a dossier; the pipeline adds who said it, by which engine and at what cost."""

    verdict: VerdictName
    tests: Tests
    blockers: tuple[Blocker, ...]
    would_change: tuple[str, ...]
    signals: tuple[Signal, ...]
    recommendation: Recommendation | None
    lead_type: LeadType | None
    route: Route | None
    motion: Motion | None
    arr: Arr | None
    priority: float
    kinds: frozenset[str] = field(default_factory=frozenset)


def qualify(dossier: Dossier, signals: Sequence[Signal], rubric: Rubric, shelf: Shelf, overrides: Sequence[Override] = ()) -> Finding:
    """The rubric's answer. `signals` are verified; each fit signal already names the products that serve it."""
    judged = [o for o in overrides if o.account_id == dossier.account.id and o.expires_at.date() >= dossier.as_of]
    own = [s for s in signals if s.subject_account_id == dossier.account.id and not _dismissed(s, judged)]
    live = tuple(_standing(own, dossier.as_of, rubric))
    success = [s for s in live if s.test == "success"]
    fit = [s for s in live if s.test == "fit" and shelf.sells(s.skus)]
    timing = [s for s in live if s.test == "timing" or _also_timing(s, dossier.as_of, rubric)]
    recommendation = recommend(fit, shelf, rubric, plans=[s for s in live if s.type == "dated_plan"]) if fit else None
    tests = Tests(
        success=TestResult(met=bool(success), signals=_ids(success)),
        fit=FitResult(
            met=recommendation is not None,
            signals=_ids(fit),
            sku=recommendation.product.sku if recommendation else None,
            also=recommendation.also if recommendation else (),
        ),
        timing=TestResult(met=bool(timing), signals=_ids(timing)),
    )
    blockers = _blockers(live, rubric, judged)
    kinds = frozenset(e.kind for s in (*success, *fit, *timing) for e in s.evidence)
    verdict = _verdict(dossier, tests, blockers, kinds, rubric)
    qualified = verdict == "qualified"
    return Finding(
        verdict=verdict,
        tests=tests,
        blockers=blockers,
        would_change=_would_change(verdict, tests, blockers, kinds, dossier, rubric),
        signals=live,
        recommendation=recommendation,
        lead_type=lead_type_of(fit, dossier) if qualified else None,
        route=recommendation.product.route if recommendation else None,
        motion=recommendation.motion if recommendation else None,
        arr=recommendation.arr if recommendation and qualified else None,
        priority=_priority(verdict, live, tests, recommendation, dossier, rubric),
        kinds=kinds,
    )


def lead_type_of(signals: Iterable[Signal], dossier: Dossier | None = None) -> LeadType:
    """`service` where a signal of fit rests on what a customer wrote in a ticket. Without the dossier every ticket counts as theirs."""
    tickets = {t.id: t for t in dossier.tickets} if dossier else {}
    words = (e for s in signals if s.test == "fit" and s.skus for e in s.evidence if e.kind == "ticket" and e.quote is not None)
    return "service" if any(_of_customer(e, tickets.get(e.record_id)) for e in words) else "customer_success"


def _of_customer(evidence: Evidence, ticket: Ticket | None) -> bool:
    found = re.fullmatch(r"messages\[(\d+)\]", evidence.part or "")
    if ticket is None or found is None or int(found.group(1)) >= len(ticket.messages):
        return True
    message = ticket.messages[int(found.group(1))]
    return message.public and message.author_role != "agent"


def _ids(signals: Iterable[Signal]) -> tuple[str, ...]:
    return tuple(s.id for s in signals)


def _standing(signals: Sequence[Signal], as_of: date, rubric: Rubric) -> list[Signal]:
    """Signals young enough to count, the newest of each kind first."""
    lives = {
        "advocacy": rubric.advocacy_days,
        "nps_promoter": rubric.nps_days,
        "detractor": rubric.nps_days,
        "new_sponsor": rubric.new_sponsor_days,
        "growth_event": rubric.growth_event_days,
        "limit_reached": rubric.limit_fit_days,
        "upgrade_attempt": rubric.limit_fit_days,
        "sponsor_left": rubric.sponsor_left_days,
        **dict.fromkeys(STATED, rubric.stated_blocker_days),
    }
    ageless = {"open_critical_ticket", "open_expansion_opportunity", "usage_growth", "usage_decline", "feature_adoption", "seat_saturation"}
    measured = {s.id for s in signals if s.type in ageless and s.detector.startswith("rule:")}
    young = [s for s in signals if s.id in measured or 0 <= (as_of - s.observed_at).days <= lives.get(s.type, rubric.said_days)]
    ahead = timedelta(days=rubric.plan_ahead_days)
    dated = [s for s in young if s.type not in ("dated_plan", "budget_event") or s.due is None or as_of <= s.due <= as_of + ahead]
    dated = [s for s in dated if s.type != "dated_plan" or s.due is not None]
    kept = [s for s in dated if s.type != "sponsor_left" or not any(_succeeds(other, s) for other in dated)]
    return sorted(kept, key=lambda s: (s.test, s.type, -s.observed_at.toordinal(), s.id))


def _succeeds(found: Signal, gone: Signal) -> bool:
    """A new sponsor in the place of one who left. Where both roles are known they must be the same."""
    roles = {found.wants.get("role"), gone.wants.get("role")} - {None}
    return found.type == "new_sponsor" and len(roles) < 2 and found.observed_at >= gone.observed_at - HANDOVER


def _dismissed(signal: Signal, overrides: Sequence[Override]) -> bool:
    return any(o.kind == "dismiss_signal" and o.target in (signal.id, signal.type) for o in overrides)


def _cleared(signal: Signal, overrides: Sequence[Override]) -> bool:
    """A person clears what was on file when they said so: a second critical ticket, opened later, stands."""
    return any(o.kind == "clear_blocker" and o.target == signal.type and signal.observed_at <= o.created_at.date() for o in overrides)


def _also_timing(signal: Signal, as_of: date, rubric: Rubric) -> bool:
    age = (as_of - signal.observed_at).days
    if signal.type in ("limit_reached", "upgrade_attempt"):
        return age <= rubric.limit_timing_days
    return _asks_now(signal, as_of, rubric)


def _asks_now(signal: Signal, as_of: date, rubric: Rubric) -> bool:
    return signal.explicit_request and (as_of - signal.observed_at).days <= rubric.request_timing_days


def _blockers(signals: Sequence[Signal], rubric: Rubric, overrides: Sequence[Override]) -> tuple[Blocker, ...]:
    found: list[Blocker] = []
    for code in BLOCKER_CODES:
        standing = [s for s in signals if s.type == code and not _cleared(s, overrides)]
        if standing:
            words = CLEARS_WHEN[code].format(
                stated=rubric.stated_blocker_days,
                sponsor=rubric.sponsor_left_days,
                decline=rubric.use_decline_percent,
                detractor=rubric.nps_detractor_to,
                onboarding=rubric.onboarding_days,
            )
            evidence = tuple(e for s in standing for e in s.evidence)
            found.append(Blocker(code=code, evidence=evidence, clears_when=words, observed_at=max(s.observed_at for s in standing)))
    return tuple(found)


def too_little(dossier: Dossier, rubric: Rubric) -> str | None:
    """Why there is too little to tell, None where there is enough."""
    records = len(dossier.notes) + len(dossier.tickets) + len(dossier.surveys) + len(dossier.usage)
    if records <= rubric.few_records:
        return f"{records} records in all; more than {rubric.few_records} are needed"
    since = dossier.as_of - timedelta(days=rubric.text_fresh_days)
    if not any(row.period_end >= since for row in dossier.usage) and not any(
        _last_word(record) >= since for record in dossier.texts if parts_of(record)
    ):
        return f"no usage and no text in the last {rubric.text_fresh_days} days"
    return None


def _last_word(record: TextRecord) -> date:
    stamps = [m.at for m in record.messages if m.at is not None and m.body] if isinstance(record, Ticket) else []
    return max([record.at, *stamps]).date()


def _verdict(dossier: Dossier, tests: Tests, blockers: Sequence[Blocker], kinds: frozenset[str], rubric: Rubric) -> VerdictName:
    if too_little(dossier, rubric):
        return "insufficient_data"
    met = sum((tests.success.met, tests.fit.met, tests.timing.met))
    if met < 2:
        return "quiet"
    if blockers:
        return "blocked"
    return "qualified" if met == 3 and len(kinds) >= 2 else "watch"


def _would_change(
    verdict: VerdictName, tests: Tests, blockers: Sequence[Blocker], kinds: frozenset[str], dossier: Dossier, rubric: Rubric
) -> tuple[str, ...]:
    """The nearest facts that would give another verdict, in words."""
    said: list[str] = []
    lacking = too_little(dossier, rubric)
    if lacking:
        said.append(f"too little to tell: {lacking}")
    for name in ("success", "fit", "timing"):
        if not getattr(tests, name).met:
            said.append(MISSING[name].format(core=rubric.core_adoption_percent, said=rubric.said_days, ahead=rubric.plan_ahead_days))
    if tests.success.met and tests.fit.met and tests.timing.met and len(kinds) == 1:
        said.append(f"a second kind of record is missing: all evidence is from one kind ({next(iter(kinds))})")
    said.extend(f"{blocker.code} stands until {blocker.clears_when}" for blocker in blockers)
    if verdict == "qualified":
        said.append(
            f"a blocker would stop it: a critical ticket, a threat to leave, a freeze, a sponsor gone or use down by {rubric.use_decline_percent:g} %"
        )
        said.extend(_single_points(tests))
    return tuple(said)


def _single_points(tests: Tests) -> list[str]:
    named = {"success": tests.success, "fit": tests.fit, "timing": tests.timing}
    return [f"{name} rests on one signal: without it the account is watch" for name, test in named.items() if len(test.signals) == 1]


def _priority(
    verdict: VerdictName, signals: Sequence[Signal], tests: Tests, recommendation: Recommendation | None, dossier: Dossier, rubric: Rubric
) -> float:
    """The formula of the rubric: verdict, strength, nearness of the date, size. Between 0 and 1; sorts, never qualifies."""
    carrying = {*tests.success.signals, *tests.fit.signals, *tests.timing.signals}
    bearing = [s for s in signals if s.id in carrying]
    strength = sum(s.strength == "strong" for s in bearing) / len(bearing) if bearing else 0.0
    nearness = max((_nearness(s, s.id in tests.timing.signals, dossier.as_of, rubric) for s in bearing), default=0.0)
    base = recommendation.arr.base if recommendation and recommendation.arr else 0.0
    weight = rubric.priority
    standing = {"qualified": 1.0, "watch": 0.5, "blocked": 0.25}.get(verdict, 0.0)
    score = (
        weight.verdict * standing
        + weight.strength * strength
        + weight.timing * max(0.0, min(1.0, nearness))
        + weight.size * base / (base + rubric.arr_half)
    )
    return round(score, 3)


def _nearness(signal: Signal, is_timing: bool, as_of: date, rubric: Rubric) -> float:
    """1 today, 0 at the end of the window; a request to buy that counts for timing is 1."""
    if is_timing and _asks_now(signal, as_of, rubric):
        return 1.0
    if signal.due is not None and signal.due >= as_of:
        return 1 - (signal.due - as_of).days / rubric.renewal_ahead_days
    return 1 - (as_of - signal.observed_at).days / rubric.new_sponsor_days if is_timing else 0.0
