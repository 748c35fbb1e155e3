"""Lays a brief out for one reader: the card, then the parts in the order in which an account executive asks for them."""

from __future__ import annotations

from dataclasses import dataclass

from briefs.brief import BriefBody, Section
from briefs.rendering.audience import check_audience, view
from briefs.rendering.cleaning import one_line
from briefs.rendering.numbers import arr_blocks, usage_blocks
from briefs.rendering.outline import Block, CardView, Document, Ledger, Line, Paragraph, Part, See, Sentences, Span
from briefs.rendering.reference import provenance_blocks, rejected_blocks, source_blocks
from briefs.rendering.sentences import phrase, sentence
from briefs.rendering.talk import conflict_blocks, coverage_blocks, talk_blocks
from briefs.rendering.words import LEADS, MOTIONS, OVERRIDES, ROUTES, SECTIONS, day, met_by, named

_BEFORE = ("value", "need", "recommendation", "timing", "stakeholders", "usage", "risks", "against")
_AFTER = ("do_not_say", "unknowns")
_NOTHING = {
    "risks": "Nothing was written about risks or tickets. Ask the customer success manager before the call.",
    "against": "Nothing was written about what argues against. Ask the customer success manager before the call.",
}
_CARD_ROWS = (("Why now", "why_now", "timing"), ("ARR", "arr", "arr"), ("Top risk", "top_risk", "risks"), ("Next step", "next_step", "talk-track"))
_TEST_PARTS = {"success": "value", "fit": "need", "timing": "timing"}


@dataclass(frozen=True, slots=True)
class _Planned:
    anchor: str
    title: str
    blocks: tuple[Block, ...]
    reference: bool = False


def document(body: BriefBody, audience: str) -> Document:
    """The brief as its audience may read it, laid out. Raises BadInput for an unknown audience."""
    reader = check_audience(audience)
    shown = view(body, reader)
    ledger = Ledger()
    planned = _customer_parts(shown, ledger) if reader == "customer" else _inside_parts(shown, ledger)
    parts = tuple(Part(n, part.anchor, part.title, part.blocks, part.reference) for n, part in enumerate((p for p in planned if p.blocks), 1))
    for_customer = reader == "customer"
    return Document(
        kicker="Summary for the customer" if for_customer else _lead(shown),
        title=one_line(shown.account_name),
        subtitle=_offer(shown),
        as_of=day(shown.as_of),
        meta=() if for_customer else _meta(shown),
        audience=reader,
        card=None if for_customer else _card(shown, parts),
        notices=() if for_customer else _notices(shown),
        parts=parts,
    )


def _lead(body: BriefBody) -> str:
    return named(LEADS, body.lead_type) if body.lead_type else "No qualified lead"


def _offer(body: BriefBody) -> str:
    """`Higher tier: Fieldlane Enterprise`, as far as it is known."""
    names = [named(MOTIONS, body.motion)] if body.motion else []
    names += [one_line(body.sku_name)] if body.sku_name else []
    return ": ".join(names) or "No product recommended"


def _inside_parts(body: BriefBody, ledger: Ledger) -> tuple[_Planned, ...]:
    others = [section.key for section in body.sections if section.key not in SECTIONS]
    before = [_section(key, body, ledger) for key in (*_BEFORE, *dict.fromkeys(others))]
    middle = [
        _Planned("coverage", f"{body.coverage_frame} coverage", coverage_blocks(body, ledger)),
        _Planned("arr", "ARR estimate, renewal left out", arr_blocks(body)),
        _Planned("talk-track", "Talk track", talk_blocks(body, ledger)),
    ]
    after = [_section(key, body, ledger) for key in _AFTER]
    end = [
        _Planned("conflicts", "Conflicts: sources that disagree", conflict_blocks(body, ledger)),
        _Planned("rejected", "Rejected sentences, not for use", rejected_blocks(body), reference=True),
        _Planned("sources", "Sources", source_blocks(body, ledger), reference=True),
        _Planned("provenance", "Provenance", provenance_blocks(body), reference=True),
    ]
    return (*before, *middle, *after, *end)


def _customer_parts(body: BriefBody, ledger: Ledger) -> tuple[_Planned, ...]:
    kept = [_section(section.key, body, ledger, always=False) for key in _BEFORE for section in body.sections if section.key == key]
    if body.usage and not any(part.anchor == "usage" for part in kept):
        kept.append(_section("usage", body, ledger, always=False))
    return (*kept, _Planned("sources", "Sources", source_blocks(body, ledger, uncited=False), reference=True))


def _section(key: str, body: BriefBody, ledger: Ledger, *, always: bool = True) -> _Planned:
    held = [section for section in body.sections if section.key == key]
    claims = tuple(sentence(claim, body, ledger) for section in held for claim in section.claims)
    blocks: tuple[Block, ...] = (Sentences(claims),) if claims else ()
    if key == "usage":
        blocks += usage_blocks(body)
    if not blocks and always:
        blocks = (Paragraph((Span(_NOTHING.get(key, "Nothing on file."), "warn" if key in _NOTHING else "muted"),)),)
    return _Planned(_anchor(key), _title(key, held), blocks)


def _anchor(key: str) -> str:
    """A section's key as an anchor: ASCII letters, digits and hyphens."""
    if key in SECTIONS:
        return key.replace("_", "-")
    return "more-" + "".join(c if c.isascii() and c.isalnum() else "-" for c in key.lower())


def _title(key: str, held: list[Section]) -> str:
    return next((one_line(section.title) for section in held if section.title.strip()), SECTIONS.get(key) or one_line(key))


def _meta(body: BriefBody) -> tuple[str, ...]:
    engine = "Written by rules, no model" if body.provenance.engine == "offline" else f"Written with {one_line(body.provenance.model or 'a model')}"
    return (f"Goes to {named(ROUTES, body.route)}", engine) if body.route else (engine,)


def _card(body: BriefBody, parts: tuple[Part, ...]) -> CardView:
    told = tuple(item for claim in body.claims() for item in claim.evidence)
    numbers = {part.anchor: part.number for part in parts}

    def shown(text: str, anchor: str | None) -> Line:
        line = phrase(text, told)
        return (*line, Span(" "), See(numbers[anchor], anchor)) if line and anchor in numbers else line

    card = body.card
    texts: dict[str, str] = {"why_now": card.why_now, "arr": card.arr, "top_risk": card.top_risk, "next_step": card.next_step}
    return CardView(
        headline=shown(card.headline, None),
        rows=tuple((label, shown(texts[name], anchor)) for label, name, anchor in _CARD_ROWS if texts[name].strip()),
        tests=tuple((one_line(name).capitalize(), shown(met_by(text), _TEST_PARTS.get(name))) for name, text in card.tests.items()),
    )


def _notices(body: BriefBody) -> tuple[Line, ...]:
    """What a reader must know before the first line: the verdict where it is not `qualified`, and who overruled it."""
    lines: list[Line] = []
    if body.verdict != "qualified":
        lines.append((Span(f"The rubric\N{RIGHT SINGLE QUOTATION MARK}s verdict is {named({}, body.verdict)}, not qualified.", "warn"),))
    for override in body.overrides:
        what = named(OVERRIDES, override.kind) + (f" ({named({}, override.target)})" if override.target else "")
        reason = f" by {one_line(override.by)} on {day(override.created_at)}, until {day(override.expires_at)}: {one_line(override.reason)}"
        lines.append((Span(what, "strong"), Span(reason)))
    return tuple(lines)
