"""What to say on the call, and the thirty-second card: both made of this account's own words and numbers."""

from __future__ import annotations

from briefs.brief import Arr, Card, Evidence, Section, Signal, TalkTrack
from briefs.drafting.addressed import Call, quotable
from briefs.drafting.against import gravest
from briefs.drafting.background import said_before
from briefs.drafting.facts import dated, sentences_of
from briefs.drafting.material import Material
from briefs.drafting.phrasebook import phrase
from briefs.drafting.questions import questions
from briefs.drafting.quoting import day_named, shortened
from briefs.drafting.use import tested
from briefs.drafting.voices import decider, to_call
from briefs.verify import Court
from briefs.wording import day, money, number, plain

SHORT = 110
"""Characters of a quote on the card."""
MOST_QUESTIONS = 3
FEWEST_WORDS = 5
"""Shorter words ("Then I want both.") tell nothing by themselves: of one need's words the others come first."""


def talk_track(m: Material, risks: Section, court: Court | None = None) -> TalkTrack:
    """Objective, opener, at most three questions only this account would be asked, and the one risk to speak of. The court hears every quotation."""
    product = _product(m)
    who = _who(m)
    call = Call(m, to_call(m), court or Court(m.dossier, m.subject))
    opener, evidence = _opener(call)
    asked = tuple(questions(call, product, evidence[0] if evidence else None))[:MOST_QUESTIONS]
    risk = gravest(risks)
    if risk is not None and risk.internal:  # what the customer must not hear of is no part of a talk track
        risk = None
    objective = "objective_csm" if m.finding.route == "tech_touch" else "objective"
    return TalkTrack(
        objective=phrase("talk", objective, who=who, product=product),
        opener=opener,
        questions=asked,
        risk=_brief(risk.text) if risk else phrase("talk", "risk_none"),
        say=phrase("talk", "risk_say" if risk else "calm_say"),
        show=phrase("talk", "risk_show" if risk else "tested_show" if tested(m) else "calm_show"),
        avoid=phrase("talk", "risk_avoid" if risk else "calm_avoid"),
        evidence=evidence,
        risk_evidence=risk.evidence if risk else (),
    )


def card(m: Material, risks: Section, arr: Arr | None, court: Court | None = None) -> Card:
    """The thirty-second view: sixty words besides its labels."""
    chosen = m.finding.recommendation
    top = gravest(risks)
    headline = (
        phrase("card", "headline", motion=plain(chosen.motion).capitalize(), product=chosen.product.name)
        if chosen
        else phrase("card", "headline_none")
    )
    return Card(
        account=m.dossier.account.name,
        headline=headline,
        why_now=_why_now(m, court or Court(m.dossier, m.subject)),
        arr=_arr(arr, m),
        tests={name: _dated(m, name) for name in ("success", "fit", "timing")},
        top_risk=_brief(top.text) if top else phrase("card", "risk_none"),
        next_step=_next_step(m),
        as_of=m.dossier.as_of,
    )


def _product(m: Material) -> str:
    return m.finding.recommendation.product.name if m.finding.recommendation else "it"


def _why_now(m: Material, court: Court) -> str:
    """What the first need was told for, else its words, else the first words of the timing: the first quotation the court accepts."""
    for s in (*m.bearing("fit"), *m.bearing("timing")):
        quoted = sorted((e for e in s.evidence if e.quote), key=lambda e: len((e.quote or "").split()) < FEWEST_WORDS)
        for evidence in filter(None, (said_before(s, m), *quoted)):
            quote = quotable(evidence, m, court, SHORT, day_named(evidence, s.due))
            if quote is not None:
                when, _ = dated(evidence, s.observed_at)
                return phrase("card", "why_said", who=m.records.who(evidence).split(" (")[0], day=when, quote=quote)
    return _first_sentence(m)


def _brief(text: str, most: int = SHORT) -> str:
    """The start of a text at a word's end, marked where something follows."""
    flat = " ".join(text.split())
    if len(flat) <= most:
        return flat
    cut = flat[: flat.rfind(" ", 0, most)].rstrip(" ,;:.")
    return f'{cut} …"' if cut.count('"') % 2 else f"{cut} …"


def _first_sentence(m: Material) -> str:
    for s in (*m.bearing("fit"), *m.bearing("timing")):
        if not any(e.quote for e in s.evidence):
            return sentences_of(s, m.records, m.dossier.as_of)[0].text
    return phrase("coverage", "need_unknown")


def _dated(m: Material, test: str) -> str:
    signals = m.bearing(test)
    if not signals:
        return "not met"
    first = signals[0]
    return f"{plain(first.type)}, {day(first.due or first.observed_at)}"


def _arr(arr: Arr | None, m: Material) -> str:
    if arr is None:
        return phrase("card", "arr_no_quantity" if _no_quantity(m) else "arr_none")
    if arr.low == arr.high:
        return phrase("card", "arr_one", base=money(arr.base, arr.currency), basis=arr.base_from)
    low, base, high = (number(round(v)) for v in (arr.low, arr.base, arr.high))
    return phrase("card", "arr", low=low, base=base, high=f"{high} {arr.currency}", basis=arr.base_from)


def _who(m: Material) -> str:
    contact = to_call(m)
    return contact.name if contact else m.dossier.account.name


def _no_quantity(m: Material) -> bool:
    """It has a price, and nobody has said how much of it they want."""
    chosen = m.finding.recommendation
    return chosen is not None and chosen.arr is None and chosen.product.unit_price is not None


def _next_step(m: Material) -> str:
    """The first step, and who decides where that is another person whom a form of the customer's names."""
    contact, named = to_call(m), decider(m)
    if contact is None:
        return phrase("card", "next_nobody", product=_product(m))
    key = {"tech_touch": "next_touch", "csm": "next_csm"}.get(m.finding.route or "ae", "next_ae")
    if key == "next_touch" and _no_quantity(m):
        key = "next_number"
    step = phrase("card", key, who=contact.name, product=_product(m))
    if named is None or named.contact is None or named.contact.id == contact.id:
        return step
    return phrase("card", "next_decides", step=step.rstrip("."), decider=named.contact.name)


def _opener(call: Call) -> tuple[str, tuple[Evidence, ...]]:
    """What the person on the call said themselves before what a colleague said; an outcome or praise before a request."""
    m = call.m
    said = [(s, e) for s in (*m.bearing("success"), *m.bearing("fit")) if (e := next(call.spoken(s), None)) is not None]
    for s, evidence in sorted(said, key=lambda pair: m.records.is_noted(pair[1]) or not call.is_own(pair[1])):
        quote = call.quoted(evidence)
        if quote is None:
            continue
        words = phrase(
            "talk",
            _opening(s, call, evidence),
            who=call.teller(evidence),
            verb="asked" if s.explicit_request or quote.endswith("?") else "told",
            day=day(evidence.at or s.observed_at),
            quote=quote,
            score=number(s.wants.get("score", 0)),
        )
        figures = tuple(e for e in s.evidence if e.quote is None)  # the score that praise names stands in the table, not in the words
        return words, (shortened(evidence), *figures)
    for s in m.bearing("fit"):
        if s.type == "seat_saturation" and "active" in s.wants:
            fact = f"{s.wants['active']} of {s.wants['licensed']} seats"
            return phrase("talk", "opener_data", fact=fact), s.evidence
    due = next((s.due for s in m.bearing("timing") if s.due and s.due > m.dossier.as_of and call.sayable(s.evidence[0])), None)
    return (phrase("talk", "opener_plain", day=day(due)) if due else phrase("talk", "opener_open")), ()


def _opening(s: Signal, call: Call, evidence: Evidence) -> str:
    """How to begin from what was said: an outcome, praise, or something asked for; a colleague's words are asked after, not answered."""
    if call.m.records.is_noted(evidence):
        return "opener_noted"
    if s.type == "nps_promoter":
        return "opener_praise" if call.is_own(evidence) else "opener_praise_of"
    if s.test == "success":
        return "opener_value" if call.is_own(evidence) else "opener_value_of"
    return "opener_asked" if s.explicit_request or s.wants.get("feature") else "opener_said"
