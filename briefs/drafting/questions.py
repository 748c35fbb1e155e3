"""The questions of a call: about this account's own words and numbers, and none whose answer is on record already."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefs.brief import Evidence, Question, Signal
from briefs.drafting.addressed import Call
from briefs.drafting.background import asks_price, features_in, said_after, said_before
from briefs.drafting.phrasebook import phrase
from briefs.drafting.quoting import LONGEST_QUOTE, shortened
from briefs.figures import days_in, numbers_in
from briefs.names import stands_in
from briefs.reading.grounds import concepts_in
from briefs.wording import day, listed, number, plain, resource, sentence, with_the

_DECIDES = re.compile(
    r"(?i)\b(?:decides?|will decide|signs? (?:it|this|that|off|for)|has the last word|gives? the go-ahead|approves?|must approve|"
    r"has to (?:approve|sign|agree)|"
    r"entscheidet|unterschreibt|unterzeichnet|genehmigt|freigibt|gibt .{1,20}frei|muss zustimmen|decide|firma|aprueba|autoriza|tiene que aprobar|"
    r"décide(?:nt|ra)?|signe(?:ra)?|valide(?:ra)?|approuve|doit (?:valider|approuver|signer))\b"
)
_FIGURE = re.compile(r"(?i)\b(?:zero|zéro|cero|null|half|halved|halves|doubled?|twice|hälfte|halbiert|doppelt|mitad|moitié)\b|%")
ANSWERED = {"product": "first", "more_seats": "first_seats", "team": "first_seats", "need": "need"}
"""Questions for the reason, the number or the people, and what is asked instead of somebody who told them in the same breath."""
REPEATING = ("need", "team", "first", "first_seats", "problem")
"""Questions that repeat a quotation: not the opener's or the date's once more, and not a request for a price."""


def questions(call: Call, product: str, opened_with: Evidence | None) -> Iterator[Question]:
    """Most telling first: the need in their words, the date, the numbers, the second need, the buyer, the money."""
    m = call.m
    dated = _dated(call)
    told = [e for e in (opened_with, dated.evidence[0] if dated is not None else None) if e is not None]
    needs = [q for s in m.bearing("fit") if (q := _about_fit(s, call, product, told)) is not None]
    about = [q for i, q in enumerate(needs) if q.listen_for not in {other.listen_for for other in needs[:i]}]  # nothing is asked twice in a call
    yield from about[:1]
    yield from _date(call, dated)
    yield from _value(call, opened_with)
    yield from about[1:2]
    if not decider_named(call):
        words = phrase("talk", "ask_buyer", who=call.contact.name if call.contact else m.dossier.account.name, product=product)
        yield Question(text=words, listen_for=phrase("talk", "listen_buyer", account=m.dossier.account.name))
    if not any(s.type == "budget_event" for s in m.finding.signals):
        yield Question(text=phrase("talk", "ask_budget", product=product), listen_for=phrase("talk", "listen_budget"))
    if not any(s.type == "value_stated" for s in m.finding.signals):
        yield Question(text=phrase("talk", "ask_proof", account=m.dossier.account.name), listen_for=phrase("talk", "listen_proof"))


def decider_named(call: Call) -> bool:
    """Does a form, or a record that the case rests on, name the body or the person who decides?"""
    m = call.m
    if any((form.decider or "").strip() for form in m.dossier.scorecards):
        return True
    resting = {e.record_id for s in (*m.bearing("fit"), *m.bearing("timing")) for e in s.evidence if e.quote}
    told = (s.text for s in m.sentences if s.record_id in resting and not s.quoted and s.side in ("customer", "reported"))
    return any(_names_a_decider(text, call) for text in told)


def _names_a_decider(text: str, call: Call) -> bool:
    held = concepts_in(text)
    if {"BOARD", "APPROVE"} <= held:
        return True
    names = {part for c in call.m.dossier.contacts for part in (c.name, c.name.split()[-1])}
    somebody = "ROLE" in held or any(stands_in(name, text) for name in names)
    return somebody and _DECIDES.search(text) is not None


def _dated(call: Call) -> Signal | None:
    """What gives the day that is the brief's reason for now, where that lies ahead and was not told in an internal record."""
    first = next((s for s in call.m.bearing("timing") if s.due is not None and s.type != "renewal_window"), None)
    ahead = first is not None and first.due is not None and first.due > call.m.dossier.as_of
    return first if first is not None and ahead and call.sayable(first.evidence[0]) else None


def _date(call: Call, dated: Signal | None) -> Iterator[Question]:
    m = call.m
    if dated is None or dated.due is None:
        return
    words = str(dated.wants.get("due_as") or "").rstrip(" .,;:!?")
    key = "ask_span" if words else "ask_date"
    teller = "Our notes" if m.records.is_noted(dated.evidence[0]) else call.teller(dated.evidence[0])
    verb = "name" if teller == "Our notes" else "named"
    text = phrase("talk", key, who=teller, named=verb, day=day(dated.due), words=words)
    yield Question(text=text, listen_for=phrase("talk", "listen_date"), evidence=dated.evidence[:1])


def _value(call: Call, opened_with: Evidence | None) -> Iterator[Question]:
    """A figure is asked for where they told an outcome without one."""
    m = call.m
    told = (e for s in m.bearing("success") if s.type == "value_stated" for e in call.spoken(s))
    value = next((e for e in told if not _same(e, opened_with) and not _has_figure(e.quote or "")), None)
    quote = call.quoted(value) if value is not None else None
    if value is None or quote is None:
        return
    key = "ask_noted_value" if m.records.is_noted(value) else "ask_value"
    words = phrase("talk", key, who=call.teller(value), quote=quote, day=day(value.at or m.dossier.as_of))
    yield Question(text=words, listen_for=phrase("talk", "listen_value"), evidence=(shortened(value),))


def _has_figure(text: str) -> bool:
    return bool(numbers_in(days_in(text)[1])) or _FIGURE.search(text) is not None


def _same(evidence: Evidence, other: Evidence | None) -> bool:
    return other is not None and (evidence.record_id, evidence.part, evidence.start) == (other.record_id, other.part, other.start)


def _about_fit(s: Signal, call: Call, product: str, told: list[Evidence]) -> Question | None:
    said = next(call.spoken(s), None)
    if said is not None:
        return _about_words(s, said, call, product, told)
    if any(e.quote for e in s.evidence):  # told in an internal record alone
        return None
    return _about_data(s, call)


def _about_words(s: Signal, said: Evidence, call: Call, product: str, told: list[Evidence]) -> Question | None:
    m, key = call.m, _asking(s, product)
    quantity = float(s.wants.get("quantity") or 0)
    named = features_in(said.quote or "", m)
    feature = str(s.wants.get("feature") or "")
    if key in ("product", "feature") and named:
        key, feature = ("which" if len(named) > 1 else "feature"), listed([with_the(plain(f)) for f in named])
    elif key == "feature":
        key, feature = ("feature" if _is_feature(feature, call) else "problem"), with_the(plain(feature))
    elif key in ANSWERED and (reason := said_after(said, m, (quantity,)) or said_before(s, m)) is not None:
        key, said = ANSWERED[key], reason
    if key in REPEATING and (asks_price(said.quote or "") or any(_same(said, e) for e in told)):
        return None
    quote = call.quoted(said)
    if quote is None:
        return None
    words = {"quote": quote, "feature": feature, "product": product, "quantity": number(quantity), "limit": resource(str(s.wants.get("limit", "")))}
    rests = said if len(quote) > LONGEST_QUOTE else shortened(said)
    text = phrase("talk", f"ask_{key}", who=call.teller(said), **words)
    return Question(text=text, listen_for=phrase("talk", f"listen_{key}"), evidence=(rests,))


def _is_feature(name: str, call: Call) -> bool:
    """Something a product holds, not a trouble it is made for: only the first can be done without."""
    return any(name.casefold() == f.casefold() for p in call.m.shelf.catalogue.products for f in p.features)


def _about_data(s: Signal, call: Call) -> Question | None:
    wants = s.wants
    asked = any(other.type in ("seats_requested", "new_team") for other in call.m.bearing("fit"))
    if s.type == "seat_saturation" and "active" in wants and not asked:
        words = phrase("talk", "ask_seats", active=wants["active"], licensed=wants["licensed"])
        return Question(text=words, listen_for=phrase("talk", "listen_seats"), evidence=s.evidence)
    if s.type == "limit_reached" and "percent" in wants:
        words = phrase("talk", "ask_limit", percent=number(round(wants["percent"])), limit=resource(wants["limit"]))
        return Question(text=words, listen_for=phrase("talk", "listen_limit"), evidence=s.evidence)
    if s.type == "upgrade_attempt":
        user = call.m.records.person(wants.get("user"))
        if user is not None and call.contact is not None and user.id == call.contact.id:
            return None
        feature = with_the(plain(str(wants.get("feature", ""))))
        words = phrase("talk", "ask_attempt", user=sentence(user.name if user else "somebody"), feature=feature, day=day(s.observed_at))
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
