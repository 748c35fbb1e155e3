"""What is known of the buyer's side: BANT or MEDDICC, factor by factor. Unknown is not unmet, and each gap names the question that closes it."""

from __future__ import annotations

from collections.abc import Sequence

from briefs.brief import Evidence, Factor, FactorState, Signal
from briefs.drafting.facts import shortened
from briefs.drafting.material import Material
from briefs.drafting.phrasebook import phrase
from briefs.drafting.voices import buyer, decider, last_heard, spoken_of_it
from briefs.signals.evidence import data
from briefs.signals.said import evidence_of
from briefs.wording import day


def coverage(m: Material) -> tuple[Factor, ...]:
    """The factors of the rubric's frame, in its order."""
    return _bant(m) if m.rubric.coverage_frame == "BANT" else _meddicc(m)


def _bant(m: Material) -> tuple[Factor, ...]:
    return (_budget(m), _authority(m), _need(m), _timeline(m))


def _meddicc(m: Material) -> tuple[Factor, ...]:
    dated = _of(m, "budget_event")
    asked = [s for s in m.bearing("fit") if s.wants.get("feature")]
    rivals = _of(m, "competitor_evaluation")
    return (
        _metrics(m),
        _authority(m, "Economic buyer"),
        _factor(m, "Decision criteria", "met" if asked else "unknown", "criteria_met" if asked else "criteria_unknown", asked, "q_criteria"),
        _factor(m, "Decision process", "partial" if dated else "unknown", "process_partial" if dated else "process_unknown", dated, "q_process"),
        _need(m, "Identified pain"),
        _champion(m),
        _factor(m, "Competition", "unmet" if rivals else "met", "competition_unmet" if rivals else "competition_met", rivals, "q_competition"),
    )


def _of(m: Material, *types: str) -> list[Signal]:
    return [s for s in m.finding.signals if s.type in types]


def _factor(
    m: Material,
    factor: str,
    state: FactorState,
    key: str,
    signals: Sequence[Signal],
    question: str,
    evidence: Sequence[Evidence] = (),
    /,
    **words: str,
) -> Factor:
    rests = tuple(evidence) or tuple(e for s in signals[:2] for e in s.evidence[:1])
    product = m.finding.recommendation.product.name if m.finding.recommendation else "this"
    asked = None if state == "met" else phrase("coverage", question, product=product, account=m.dossier.account.name, **words)
    return Factor(name=factor, state=state, text=phrase("coverage", key, **words), evidence=rests, question=asked)


def _budget(m: Material) -> Factor:
    frozen, granted = _of(m, "budget_freeze"), _of(m, "budget_event")
    if frozen:
        return _factor(m, "Budget", "unmet", "budget_unmet", frozen, "q_budget")
    said = next((e for s in granted for e in s.evidence if e.quote), None)
    if said is not None:
        said = shortened(said)
        words = {
            "who": m.records.who(said).split(" (")[0],
            "day": day(said.at or granted[0].observed_at),
            "quote": " ".join((said.quote or "").split()),
        }
        return _factor(m, "Budget", "partial", "budget_said", granted, "q_budget", (said,), **words)
    return _factor(m, "Budget", "partial" if granted else "unknown", "budget_met" if granted else "budget_unknown", granted, "q_budget")


def _authority(m: Material, name: str = "Authority") -> Factor:
    """Met only by a buyer who speaks of it: to be named, or heard on something else, is not yet to be in favour."""
    who, named = buyer(m), decider(m)
    if who is None and named is not None and not m.subject.other_customers_in(named.words):
        return _factor(m, name, "partial", "authority_decider", (), "q_authority_unknown", (named.evidence,), words=named.words)
    if who is None:
        return _factor(m, name, "unknown", "authority_unknown", (), "q_authority_unknown")
    by_form = named if named is not None and named.contact is not None else None
    holds = phrase("coverage", "holds_form") if by_form else phrase("coverage", "holds_budget")
    rests = (by_form.evidence if by_form else data(who, "role", who.role),)
    words = {"name": who.name, "known": who.name, "holds": holds}
    spoken, heard = spoken_of_it(m, who), last_heard(m, who)
    if spoken is not None:
        return _factor(m, name, "met", "authority_met", (), "q_authority", (*rests, evidence_of(spoken)), **words)
    key = "authority_heard" if heard else "authority_named"
    return _factor(m, name, "partial", key, (), "q_authority", rests, day=day(heard) if heard else "", **words)


def _need(m: Material, name: str = "Need") -> Factor:
    fit = m.bearing("fit")
    said = [s for s in fit if any(e.quote for e in s.evidence)]
    if said:
        return _factor(m, name, "met", "need_met", said, "q_need")
    return _factor(m, name, "partial" if fit else "unknown", "need_partial" if fit else "need_unknown", fit, "q_need")


def _timeline(m: Material) -> Factor:
    dated = [s for s in m.bearing("timing") if s.due is not None and s.type != "renewal_window"]
    renewal = _of(m, "renewal_window")
    if dated:
        return _factor(m, "Timeline", "met", "timeline_met", dated, "q_timeline")
    return _factor(m, "Timeline", "partial" if renewal else "unknown", "timeline_partial" if renewal else "timeline_unknown", renewal, "q_timeline")


def _metrics(m: Material) -> Factor:
    stated, seen = _of(m, "value_stated"), m.bearing("success")
    if stated:
        return _factor(m, "Metrics", "met", "metrics_met", stated, "q_metrics")
    return _factor(m, "Metrics", "partial" if seen else "unknown", "metrics_partial" if seen else "metrics_unknown", seen, "q_metrics")


def _champion(m: Material) -> Factor:
    champions = [c for c in m.dossier.contacts if c.role == "champion" and c.left_at is None]
    if not champions:
        return _factor(m, "Champion", "unknown", "champion_unknown", (), "q_champion")
    rests = (data(champions[0], "role", "champion"),)
    return _factor(m, "Champion", "met", "champion_met", (), "q_champion", rests, name=champions[0].name)
