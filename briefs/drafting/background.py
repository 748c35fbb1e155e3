"""What a customer said just before they asked: "please send what it costs" seldom says what for."""

from __future__ import annotations

from briefs.brief import Evidence, Signal
from briefs.drafting.material import Material
from briefs.reading.sentences import Sentence
from briefs.signals.said import evidence_of

SHORT_REQUEST = 14
"""Words: a request as long as this mostly says itself what it is for."""
FEWEST_WORDS = 6
LOOKED_BACK = 6
"""Sentences of the record, before the request."""


def said_before(signal: Signal, m: Material) -> Evidence | None:
    """The fullest sentence the same person said shortly before a short request, in the same part of the record; None where there is none."""
    asked = next((e for e in signal.evidence if e.quote), None)
    if signal.detector.startswith("rule:") or asked is None or asked.quote is None or len(asked.quote.split()) >= SHORT_REQUEST:
        return None
    part = [s for s in m.sentences if (s.record_id, s.part) == (asked.record_id, asked.part)]
    before = [s for s in part if asked.start is not None and s.end <= asked.start][-LOOKED_BACK:]
    told = {(e.record_id, e.part, e.start) for other in m.bearing("fit") for e in other.evidence[:1]}
    fitting = [s for s in before if s.side == "customer" and s.speaker == asked.speaker and _full(s) and (s.record_id, s.part, s.start) not in told]
    return evidence_of(max(fitting, key=lambda s: (len(s.text), s.start))) if fitting else None


def _full(sentence: Sentence) -> bool:
    return not sentence.quoted and len(sentence.text.split()) >= FEWEST_WORDS
