"""What they said no to: a product or more seats, told with their words, so that nobody offers it again as if it were new."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from briefs.brief import Claim, Evidence
from briefs.drafting.facts import claim, shortened
from briefs.drafting.material import Material
from briefs.drafting.phrasebook import phrase
from briefs.reading import cues
from briefs.reading.grounds import concepts_in
from briefs.reading.patterns import Guarded
from briefs.reading.sentences import HEADLINES
from briefs.signals.said import evidence_of
from briefs.wording import day

MOST_DECLINED = 2
CLAUSES = re.compile(r"[,;:.!?]+\s|\s[-–—]\s|\b(?:but|though|however|aber|doch|sondern|pero|sino|mais|cependant)\b", re.I)  # dashes of four languages
STAYS = Guarded(r"(?i)\b(?:stay\w*|remain\w*|stick\w*|keep\w*|bleib\w*|belass\w*|qued\w+|segui\w+|mant\w+|rest(?:e|ons|er)|gard\w+)\b")
AS_NOW = re.compile(
    r"(?i)\b(?:current|present|existing|same|today'?s|jetzig\w*|aktuell\w*|bisherig\w*|gleich\w*|actual(?:es)?|mism\w+|actuel(?:le)?s?|mêmes?)\b"
)


def declined(m: Material) -> list[Claim]:
    """The latest of what they said no to, each product once; what they asked for afterwards is not among it."""
    latest: dict[str, Evidence] = {}
    for sku, evidence in _refusals(m):
        if evidence.at is not None and (sku not in latest or evidence.at >= (latest[sku].at or evidence.at)):
            latest[sku] = evidence
    standing = {sku: evidence for sku, evidence in latest.items() if not _asked_since(m, sku, evidence)}
    ordered = sorted(standing.items(), key=lambda pair: (pair[1].at or m.dossier.as_of, pair[0]), reverse=True)
    return [_told(m, sku, shortened(evidence)) for sku, evidence in ordered[:MOST_DECLINED]]


def _refusals(m: Material) -> Iterator[tuple[str, Evidence]]:
    """(sku, words) of every refusal that still counts; words that carry the case are no refusal."""
    since = m.dossier.as_of - timedelta(days=m.rubric.said_days)
    carrying = {(e.record_id, e.part, e.start) for s in m.bearing("fit") for e in s.evidence if e.quote}
    said = [(s, evidence_of(s)) for s in m.sentences if s.side in ("customer", "reported") and not s.quoted and s.part not in HEADLINES]
    for sentence, evidence in said:
        if sentence.at >= since and (evidence.record_id, evidence.part, evidence.start) not in carrying:
            for sku in _declined_in(m, sentence.text):
                yield sku, evidence
    for evidence in m.declined:
        if evidence.at is not None and evidence.at >= since:
            for sku in _about(m, evidence.quote or ""):
                yield sku, evidence


def _declined_in(m: Material, text: str) -> set[str]:
    """What a sentence says no to: the refusal and the thing refused stand in one clause."""
    found: set[str] = set()
    if not (cues.may_show("declined", text) or cues.may_show("same_scope", text) or STAYS.may_match(text)):
        return found
    for clause in CLAUSES.split(text):
        stays = STAYS.search(clause) is not None and AS_NOW.search(clause) is not None
        if cues.declined(clause) or cues.CUES["same_scope"](clause):
            found |= _about(m, clause)
        elif stays and "SEAT" in concepts_in(clause):
            found |= set(m.shelf.seat_products[:1])
    return found


def _about(m: Material, text: str) -> set[str]:
    """The products for sale that a text names; seats where it speaks of seats and names none."""
    named = {mention.sku for mention in m.shelf.wanted(text, by_meaning=False)}
    return named or (set(m.shelf.seat_products[:1]) if "SEAT" in concepts_in(text) else set())


def _asked_since(m: Material, sku: str, evidence: Evidence) -> bool:
    return any(
        sku in s.skus and evidence.at is not None and s.observed_at > evidence.at and any(e.quote for e in s.evidence) for s in m.bearing("fit")
    )


def _told(m: Material, sku: str, evidence: Evidence) -> Claim:
    product = m.shelf.catalogue.find(sku)
    what = phrase("do_not_say", "more_seats") if sku in m.shelf.seat_products or product is None else product.name
    when = evidence.at or m.dossier.as_of
    words = phrase("do_not_say", "declined", what=what, day=day(when), quote=" ".join((evidence.quote or "").split()))
    return claim(words, "computed", (evidence,), derived={"declined": what, "on": when.isoformat()}, internal=m.records.is_internal(evidence))
