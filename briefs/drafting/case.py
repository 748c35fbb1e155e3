"""The case for: value achieved, the need, what to recommend and why now."""

from __future__ import annotations

from collections.abc import Sequence

from briefs.brief import Claim, Signal
from briefs.drafting import use
from briefs.drafting.background import said_before
from briefs.drafting.facts import claim, dated, sentences_of
from briefs.drafting.material import Material
from briefs.drafting.phrasebook import fact, phrase
from briefs.drafting.quoting import shortened
from briefs.drafting.worth import paid_a_seat
from briefs.needs import Shelf
from briefs.recommend import NO_PRICE
from briefs.signals.evidence import data
from briefs.wording import day, listed, measure, money, number, sentence, with_the
from retrieval.records import Product

MOST_BROUGHT = 4
IN_USE = ("feature_adoption", "health_rising")
"""What is measured of them, and nothing they have achieved: told under their use."""
NEEDS = {"seat_saturation": "the full seats", "seats_requested": "more seats", "new_team": "a new team"}
"""What a need is called where it names no feature and no limit."""


def value(m: Material) -> list[Claim]:
    """What they have achieved, in their words or in growing use. How much of the product they use, and our score of them, is no achievement."""
    carrying = m.bearing("success")
    told = _stated(m, [s for s in carrying if s.type not in IN_USE], m.most_stated)
    if told:
        return told
    adopted = any(s.type == "feature_adoption" for s in carrying)
    words = phrase("value", "use_alone" if adopted else "health_alone") if carrying else phrase("counter", "missing_test", test="success")
    return [claim(words, "absence")]


def in_use(m: Material) -> list[Claim]:
    """How the product is used: the trend, then how much of it and the account's health where nothing else speaks for success."""
    carrying = m.bearing("success")
    alone = all(s.type in IN_USE for s in carrying)
    return [*use.usage(m), *(_stated(m, carrying, min(m.most_stated, len(IN_USE))) if alone else ())]


def need(m: Material) -> list[Claim]:
    return [*_before(m), *_stated(m, m.bearing("fit"), _needs_told(m))] or [claim(phrase("coverage", "need_unknown"), "absence")]


def _before(m: Material) -> list[Claim]:
    """What was said just before the first request, where the request alone does not tell the need."""
    first = next(iter(m.bearing("fit")), None)
    evidence = said_before(first, m) if first is not None else None
    if first is None or evidence is None:
        return []
    evidence = shortened(evidence)
    when, spoken = dated(evidence, first.observed_at)
    words = fact("said_before", first.id, who=m.records.who(evidence), day=when, quote=" ".join((evidence.quote or "").split()))
    return [claim(sentence(words), "customer_said", (evidence,), derived=spoken, internal=m.records.is_internal(evidence))]


def timing(m: Material) -> list[Claim]:
    """Dates first; a request that is timing by itself is dated here and quoted under the need."""
    asked = [s for s in m.bearing("timing") if s.test == "fit" and not s.detector.startswith("rule:")]
    others = [s for s in m.bearing("timing") if s not in asked]
    told = {s.id for s in m.bearing("fit")[: _needs_told(m)]}
    telling = _with_renewal([s for s in others if s.id not in told] or others, m.most_stated)
    made = _stated(m, sorted(telling, key=lambda s: (s.due or s.observed_at, s.id)), len(telling))
    for s in asked[: 0 if made and m.most_stated == 1 else 1]:  # in the shortest brief the day beside the quotation does
        ago = (m.dossier.as_of - s.observed_at).days
        words = phrase("timing", "asked" if ago > 1 else "asked_just_now", day=day(s.observed_at), ago=ago, as_of=day(m.dossier.as_of))
        made.append(claim(words, "computed", s.evidence[:1], signals=[s.id], derived={"days_ago": ago, "asked": s.observed_at.isoformat()}))
    return made or [claim(phrase("coverage", "timeline_unknown"), "absence")]


def _with_renewal(signals: Sequence[Signal], most: int) -> list[Signal]:
    """As many as may be told; the renewal is always one of them: whoever plans the call needs its day beside any other."""
    renewal = [s for s in signals if s.type == "renewal_window"]
    if not renewal:
        return list(signals[:most])
    return [s for s in signals if s not in renewal][: max(most - 1, 1)] + renewal[:1]


def _needs_told(m: Material) -> int:
    """The need keeps its words longest: never fewer than two."""
    return max(m.most_stated, 2)


def _stated(m: Material, signals: Sequence[Signal], most: int) -> list[Claim]:
    """The first signals in their own words: of each one quotation, and the day it names."""
    records = m.records
    made: list[Claim] = []
    for s in signals[:most]:
        quoted, *more = sentences_of(s, records, m.dossier.as_of)
        made += [quoted, *(c for c in more if c.kind != "customer_said")]
    return made


def recommendation(m: Material) -> list[Claim]:
    """Why this product closes the gap, what it costs more than today, what they own, and what would be cheaper."""
    chosen = m.finding.recommendation
    if chosen is None:
        return [claim(phrase("recommendation", "none"), "absence")]
    product, shelf, account = chosen.product, m.shelf, m.dossier.account
    full = _unhelped(m, product)
    served = [s for s in m.bearing("fit") if product.sku in s.skus and s not in full]
    evidence = tuple(e for s in served[:3] for e in s.evidence[:1])
    plan = shelf.catalogue.find(account.plan)
    made = [claim(_why(product, served, plan, shelf), "advice", evidence, signals=[s.id for s in served])]
    brought = _brought(m, product, plan)
    if brought and product.kind in ("tier", "module"):
        made.append(claim(phrase("recommendation", "brings", features=listed(brought)), "advice", derived={"features": brought}))
    made.append(_priced(m, product, plan))
    if chosen.with_skus:
        required = listed([_name(shelf, sku) for sku in chosen.with_skus])
        made.append(claim(phrase("recommendation", "requires", required=required), "advice"))
    owned = [p.name for sku in dict.fromkeys([account.plan, *account.products]) if sku and (p := shelf.catalogue.find(sku))]
    if owned:
        held = tuple(data(account, field, getattr(account, field)) for field in ("plan", "products") if getattr(account, field))
        made.append(claim(phrase("recommendation", "owned", account=account.name, owned=listed(owned)), "fact", held, derived={"own": owned}))
    made.extend(_alternatives(m, product, chosen.also, adds_no_seats=bool(full)))
    unserved = [s for s in m.finding.signals if s.id in chosen.unserved or s in full]
    if unserved:
        needs = listed(sorted({NEEDS.get(s.type) or measure(str(s.wants.get("feature") or s.wants.get("limit") or s.type)) for s in unserved}))
        made.append(claim(phrase("recommendation", "unserved", needs=needs), "advice", tuple(e for s in unserved for e in s.evidence[:1])))
    return made


def _unhelped(m: Material, product: Product) -> list[Signal]:
    """Full seats beside a change of tier: the rubric lets a tier answer them, and yet no seat is added by it."""
    if product.kind != "tier" or product.sku in m.shelf.seat_products:
        return []
    return [s for s in m.bearing("fit") if s.type == "seat_saturation"]


def _priced(m: Material, product: Product, plan: Product | None) -> Claim:
    words, derived = _price(product, plan, m.dossier.account.plan)
    paid = paid_a_seat(m)
    if paid is None:
        return claim(words, "computed" if derived else "absence", (), derived=derived)
    account = m.dossier.account
    evidence = (data(account, "arr", account.arr), data(account, "seats", account.seats))
    more = phrase("recommendation", "price_paid", listed=words.rstrip("."), paid=number(paid))
    return claim(more, "computed", evidence, derived=derived | {"paid_a_seat": paid})


def _brought(m: Material, product: Product, plan: Product | None) -> list[str]:
    """Features the plan lacks: what they asked for, tried to open or speak of first, then the rest in the catalogue's order."""
    new = [f for f in product.features if plan is None or f not in plan.features]
    fit = m.bearing("fit")
    asked = {str(s.wants.get("feature")) for s in fit}
    words = " \n".join(e.quote for s in fit for e in s.evidence if e.quote)
    named = {mention.phrase for line in words.split("\n") for mention in m.shelf.named(line) if mention.sku == product.sku}
    return sorted(new, key=lambda f: (f not in asked, f not in named))[:MOST_BROUGHT]


def _why(product: Product, served: Sequence[Signal], plan: Product | None, shelf: Shelf) -> str:
    asked = [s for s in served if s.wants.get("feature") in {*product.features, *product.solves}]
    telling = sorted(asked, key=lambda s: not _names_it(s, shelf))  # the words quoted beside it had better hold it
    feature = str(telling[0].wants["feature"]) if telling else None
    if feature and product.kind in ("tier", "module"):
        wording = ("feature" if feature in product.features else "solves") + ("" if plan else "_no_plan")
        return phrase("recommendation", wording, product=product.name, feature=with_the(feature), plan=plan.name if plan else "")
    if product.kind == "seats":
        return phrase("recommendation", "team" if any(s.type == "new_team" for s in served) else "seats", product=product.name)
    if product.kind == "usage":
        return phrase("recommendation", "usage", product=product.name)
    return phrase("recommendation", "tier_more" if product.kind == "tier" and plan else "other", product=product.name, plan=plan.name if plan else "")


def _names_it(signal: Signal, shelf: Shelf) -> bool:
    """Whether the words of a request name what it asks for, and not only what stands beside them."""
    return any(mention.phrase == signal.wants["feature"] for e in signal.evidence if e.quote for mention in shelf.named(e.quote))


def _price(product: Product, plan: Product | None, plan_sku: str | None) -> tuple[str, dict[str, float]]:
    if product.unit_price is None or product.currency is None:
        return phrase("recommendation", "no_price"), {}
    price, derived = money(product.unit_price, product.currency), {"list_price": product.unit_price}
    if product.price_unit == "seat_year" and product.kind == "tier" and plan and plan.unit_price is not None and plan.sku != product.sku:
        return phrase("recommendation", "price_step", price=price, now=money(plan.unit_price, product.currency)), derived | {
            "price_today": plan.unit_price
        }
    key = {"seat_year": "price_seat", "unit_year": "price_unit"}.get(product.price_unit or "year", "price_year")
    return phrase("recommendation", key, price=price), derived


def _name(shelf: Shelf, sku: str) -> str:
    product = shelf.catalogue.find(sku)
    return product.name if product else sku


def _alternatives(m: Material, product: Product, also: Sequence[str], *, adds_no_seats: bool) -> list[Claim]:
    """What else would serve; beside a change of tier, what would add the seats it does not.

    A dearer product is named to an account executive alone: where an order is settled it only unsettles.
    """
    others = [p for sku in also if (p := m.shelf.catalogue.find(sku))]
    made: list[Claim] = []
    if adds_no_seats:
        adding = [p.name for p in others if p.sku in m.shelf.seat_products]
        others = [p for p in others if p.sku not in m.shelf.seat_products]
        key = "no_seats" if adding else "no_seats_at_all"
        made.append(claim(phrase("recommendation", key, others=listed(adding), product=product.name), "advice"))
    if others:
        names = listed([p.name for p in others])
        dearer = all((p.unit_price or NO_PRICE) >= (product.unit_price or 0) for p in others)
        if not dearer or m.finding.route == "ae":
            made.append(claim(phrase("recommendation", "also_dearer" if dearer else "also", others=names, product=product.name), "advice"))
        return made
    return made or [claim(phrase("recommendation", "cheaper_none"), "absence")]
