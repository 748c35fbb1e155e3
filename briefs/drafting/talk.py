"""What to say on the call, and the thirty-second card: both made of this account's own words and numbers."""

from __future__ import annotations

from collections.abc import Iterator

from briefs.brief import Arr, Card, Evidence, Question, Section, Signal, TalkTrack
from briefs.drafting.against import gravest
from briefs.drafting.background import said_before
from briefs.drafting.facts import sentences_of, shortened
from briefs.drafting.material import Material
from briefs.drafting.phrasebook import phrase
from briefs.drafting.use import tested
from briefs.drafting.voices import decider, to_call
from briefs.wording import day, measure, money, number, plain

SHORT = 110
"""Characters of a quote on the card."""
HINT = 50
"""Characters of a quote in the talk track: enough to know it again; the whole stands in its section."""
MOST_QUESTIONS = 3


def talk_track(m: Material, risks: Section) -> TalkTrack:
    """Objective, opener, at most three questions only this account would be asked, and the one risk to speak of."""
    product = _product(m)
    who = _who(m)
    questions = tuple(_questions(m))[:MOST_QUESTIONS]
    opener, evidence = _opener(m)
    risk = gravest(risks)
    if risk is not None and risk.internal:  # what the customer must not hear of is no part of a talk track
        risk = None
    objective = "objective_csm" if m.finding.route == "tech_touch" else "objective"
    return TalkTrack(
        objective=phrase("talk", objective, who=who, product=product),
        opener=opener,
        questions=questions,
        risk=_brief(risk.text, 80) if risk else phrase("talk", "risk_none"),
        say=phrase("talk", "risk_say" if risk else "calm_say"),
        show=phrase("talk", "risk_show" if risk else "tested_show" if tested(m) else "calm_show"),
        avoid=phrase("talk", "risk_avoid" if risk else "calm_avoid"),
        evidence=evidence,
        risk_evidence=risk.evidence if risk else (),
    )


def card(m: Material, risks: Section, arr: Arr | None) -> Card:
    """The thirty-second view: sixty words besides its labels."""
    chosen, records = m.finding.recommendation, m.records
    top = gravest(risks)
    headline = (
        phrase("card", "headline", motion=plain(chosen.motion).capitalize(), product=chosen.product.name)
        if chosen
        else phrase("card", "headline_none")
    )
    said = next((s for s in (*m.bearing("fit"), *m.bearing("timing")) if _quote(s) is not None), None)
    if said is not None:
        evidence = said_before(said, m) or _quote(said)
        assert evidence is not None
        why = phrase(
            "card", "why_said", who=records.who(evidence).split(" (")[0], day=day(evidence.at or said.observed_at), quote=_brief(evidence.quote or "")
        )
    else:
        why = _first_sentence(m)
    return Card(
        account=m.dossier.account.name,
        headline=headline,
        why_now=why,
        arr=_arr(arr, m),
        tests={name: _dated(m, name) for name in ("success", "fit", "timing")},
        top_risk=_brief(top.text) if top else phrase("card", "risk_none"),
        next_step=_next_step(m),
        as_of=m.dossier.as_of,
    )


def _product(m: Material) -> str:
    return m.finding.recommendation.product.name if m.finding.recommendation else "it"


def _quote(signal: Signal) -> Evidence | None:
    return next((e for e in signal.evidence if e.quote), None)


def _brief(text: str, most: int = SHORT) -> str:
    """The start of a text at a word's end, marked where something follows."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: flat.rfind(" ", 0, most)].rstrip(" ,;:.") + " …"


def _first_sentence(m: Material) -> str:
    for s in (*m.bearing("fit"), *m.bearing("timing")):
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


def _opener(m: Material) -> tuple[str, tuple[Evidence, ...]]:
    for s in (*m.bearing("success"), *m.bearing("fit")):
        evidence = _quote(s)
        if evidence is not None and not m.records.is_internal(evidence):
            said = _brief(evidence.quote or "", HINT)
            words = phrase(
                "talk",
                "opener_noted" if m.records.is_noted(evidence) else _opening(s),
                day=day(evidence.at or s.observed_at),
                quote=said,
                score=number(s.wants.get("score", 0)),
            )
            figures = tuple(e for e in s.evidence if e.quote is None)  # the score that praise names stands in the table, not in the words
            return words, (shortened(evidence), *figures)
    for s in m.bearing("fit"):
        if s.type == "seat_saturation" and "active" in s.wants:
            fact = f"{s.wants['active']} of {s.wants['licensed']} seats"
            return phrase("talk", "opener_data", fact=fact), s.evidence
    due = next((s.due for s in m.bearing("timing") if s.due), m.dossier.as_of)
    return phrase("talk", "opener_plain", day=day(due)), ()


def _opening(s: Signal) -> str:
    """How to begin from what they said: an outcome, praise, or something asked for."""
    if s.type == "nps_promoter":
        return "opener_praise"
    if s.test == "success":
        return "opener_value"
    return "opener_asked" if s.explicit_request or s.wants.get("feature") else "opener_said"


def _questions(m: Material) -> Iterator[Question]:
    """Most telling first: the need in their words, the date, the numbers, the second need, the buyer, the money."""
    about = list({q.text: q for s in m.bearing("fit") if (q := _about_fit(s, m)) is not None}.values())
    yield from about[:1]
    dated = next((s for s in m.bearing("timing") if s.due is not None and s.type != "renewal_window" and s.due > m.dossier.as_of), None)
    if dated is not None and dated.due is not None:
        words, named = dated.wants.get("due_as"), day(dated.due)
        text = phrase("talk", "ask_span", words=words) if words else phrase("talk", "ask_date", day=named)
        yield Question(text=text, listen_for=phrase("talk", "listen_date"), evidence=dated.evidence[:1])
    value = next((e for s in m.bearing("success") if s.type == "value_stated" and (e := _quote(s))), None)
    if value is not None:
        key = "ask_noted_value" if m.records.is_noted(value) else "ask_value"
        words = phrase("talk", key, quote=_brief(value.quote or "", HINT), day=day(value.at or m.dossier.as_of))
        yield Question(text=words, listen_for=phrase("talk", "listen_value"), evidence=(value,))
    yield from about[1:2]
    words = phrase("talk", "ask_buyer", who=_who(m), product=_product(m))
    yield Question(text=words, listen_for=phrase("talk", "listen_buyer", account=m.dossier.account.name))
    if not any(s.type == "budget_event" for s in m.finding.signals):
        yield Question(text=phrase("talk", "ask_budget", product=_product(m)), listen_for=phrase("talk", "listen_budget"))


def _about_fit(s: Signal, m: Material) -> Question | None:
    said, wants = _quote(s), s.wants
    if said is not None and not m.records.is_internal(said):
        key = _asking(s, _product(m))
        quantity, limit = number(wants.get("quantity") or 0), measure(str(wants.get("limit", "")))
        words = phrase(
            "talk",
            f"ask_{key}",
            quote=_brief(said.quote or "", HINT),
            feature=plain(str(wants.get("feature", ""))),
            product=_product(m),
            quantity=quantity,
            limit=limit,
        )
        return Question(text=words, listen_for=phrase("talk", f"listen_{key}"), evidence=(said,))
    if s.type == "seat_saturation" and "active" in wants:
        return Question(
            text=phrase("talk", "ask_seats", **_only(wants, "active", "licensed")), listen_for=phrase("talk", "listen_seats"), evidence=s.evidence
        )
    if s.type == "limit_reached" and "percent" in wants:
        words = phrase("talk", "ask_limit", percent=number(round(wants["percent"])), limit=measure(wants["limit"]))
        return Question(text=words, listen_for=phrase("talk", "listen_limit"), evidence=s.evidence)
    if s.type == "upgrade_attempt":
        words = phrase("talk", "ask_attempt", feature=plain(str(wants.get("feature", ""))), day=day(s.observed_at))
        return Question(text=words, listen_for=phrase("talk", "listen_attempt"), evidence=s.evidence)
    return None


def _asking(s: Signal, product: str) -> str:
    """Which question a need told in words calls for."""
    match s.type:
        case "seats_requested" if s.wants.get("quantity"):
            return "more_seats"
        case "higher_tier_feature_requested" | "module_interest" if feature := str(s.wants.get("feature") or ""):
            return "product" if feature.casefold() in product.casefold() else "feature"
        case "new_team":
            return "team"
        case "limit_reached" if s.wants.get("limit"):
            return "full"
        case _:
            return "need"


def _only(wants: dict[str, object], *names: str) -> dict[str, object]:
    return {name: wants[name] for name in names}
