"""Turns a claim into a sentence on the page: the customer's words visibly quoted, and a mark for what it rests on."""

from __future__ import annotations

from collections.abc import Iterable

from briefs.brief import BriefBody, Claim, Evidence
from briefs.rendering.audience import is_internal, rests_on_internal
from briefs.rendering.cleaning import one_line
from briefs.rendering.outline import Ledger, Line, Quote, Sentence, Span
from briefs.rendering.words import KINDS, day, named

OPEN, CLOSE = "\N{LEFT DOUBLE QUOTATION MARK}", "\N{RIGHT DOUBLE QUOTATION MARK}"
_OPENING = (
    "\"'\N{LEFT DOUBLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}\N{DOUBLE LOW-9 QUOTATION MARK}\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}"
)
_CLOSING = (
    "\"'\N{RIGHT DOUBLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}"
)
SHORTEST_QUOTE = 3
"""Words. Fewer (a product's name, "yes") are no quotation when a sentence happens to hold them."""
LONGEST_BESIDE = 280
"""Characters of a quote shown beside a sentence; the sources hold all of it."""

WITHOUT_EVIDENCE = {
    "advice": "advice",
    "computed": "computed",
    "absence": "searched, none found",
    "csm_statement": "CSM statement, not in the record",
}
"""What stands in place of a mark when a sentence names no record."""


def phrase(text: str, evidence: Iterable[Evidence]) -> Line:
    """The text with every stretch that repeats a quote of the evidence set in quotation marks."""
    plain = one_line(text)
    quotes = {one_line(item.quote) for item in evidence if item.quote}
    found = _stretches(plain, sorted((quote for quote in quotes if len(quote.split()) >= SHORTEST_QUOTE), key=lambda quote: (-len(quote), quote)))
    spans: list[Span] = []
    here = 0
    for start, end in found:
        spans += [Span(plain[here:start]), Span(_in_marks(plain[start:end]), "said")]
        here = end
    spans.append(Span(plain[here:]))
    return tuple(span for span in spans if span.text)


def _stretches(text: str, quotes: list[str]) -> list[tuple[int, int]]:
    """Where the quotes stand in the text, longest first, never overlapping; marks already round them are taken in."""
    taken: list[tuple[int, int]] = []
    for quote in quotes:
        start = text.find(quote)
        while start >= 0:
            end = start + len(quote)
            if all(end <= left or start >= right for left, right in taken):
                quoted = start > 0 and end < len(text) and text[start - 1] in _OPENING and text[end] in _CLOSING
                taken.append((start - 1, end + 1) if quoted else (start, end))
            start = text.find(quote, end)
    return sorted(taken)


def _in_marks(text: str) -> str:
    if len(text) > 1 and text[0] in _OPENING and text[-1] in _CLOSING:
        return OPEN + text[1:-1] + CLOSE
    return OPEN + text + CLOSE


def sentence(claim: Claim, body: BriefBody, ledger: Ledger) -> Sentence:
    """The claim ready to show. A customer's sentence stands as a quotation; a paraphrase has the words below it."""
    tail = _tail(claim, body, ledger)
    line = phrase(claim.text, claim.evidence)
    if claim.kind != "customer_said":
        return Sentence((*line, *tail))
    source = _quoted_whole(one_line(claim.text), claim.evidence)
    if source is not None:
        return Sentence((), (Quote(_bare(one_line(claim.text)), credit(source), tail),))
    if any(isinstance(item, Span) and item.style == "said" for item in line):
        return Sentence((*line, *tail))
    if not any(item.quote for item in claim.evidence):
        return Sentence((Span(_in_marks(one_line(claim.text)), "said"), *tail))
    return Sentence((*line, *tail), tuple(Quote(shortened(item.quote), credit(item)) for item in claim.evidence if item.quote))


def _quoted_whole(text: str, evidence: tuple[Evidence, ...]) -> Evidence | None:
    """The evidence whose quote is all there is to the sentence, or holds it."""
    core = _bare(text).rstrip("\N{HORIZONTAL ELLIPSIS}.").strip()
    return next((item for item in evidence if item.quote and core and core in one_line(item.quote)), None)


def _bare(text: str) -> str:
    return text[1:-1].strip() if len(text) > 2 and text[0] in _OPENING and text[-1] in _CLOSING else text


def shortened(quote: str) -> str:
    """The quote on one line, cut at a word after about LONGEST_BESIDE characters."""
    text = one_line(quote)
    if len(text) <= LONGEST_BESIDE:
        return text
    return text[:LONGEST_BESIDE].rsplit(" ", 1)[0] + " \N{HORIZONTAL ELLIPSIS}"


def credit(item: Evidence) -> str:
    """`Dana Ruiz, 12 Mar 2026`, or the kind of record when nobody is named."""
    return f"{one_line(item.speaker or '') or named(KINDS, item.kind).lower()}, {day(item.at)}"


def _tail(claim: Claim, body: BriefBody, ledger: Ledger) -> Line:
    """What follows a sentence: its marks (or the word in their place), and whether it is ours alone."""
    label = WITHOUT_EVIDENCE.get(claim.kind, "") if not claim.evidence or claim.kind == "csm_statement" else ""
    tail: Line = (Span(" "), ledger.mark(claim.evidence)) if claim.evidence else ()
    if not claim.evidence and not label:
        label = "no evidence"
    if label:
        tail += (Span(" "), Span(f"[{label}]", "warn" if label == "no evidence" else "tag"))
    return tail + (internal_tag() if is_internal(claim, body.sources) else ())


def internal_tag() -> Line:
    return (Span(" "), Span("[internal]", "tag"))


def cited(text: str, evidence: tuple[Evidence, ...], body: BriefBody, ledger: Ledger) -> Line:
    """A text with evidence of its own (a factor, a question) as a line: quotes marked, sources numbered, internal ones labelled."""
    line = phrase(text, evidence)
    if evidence:
        line += (Span(" "), ledger.mark(evidence))
    return line + (internal_tag() if rests_on_internal(evidence, body.sources) else ())
