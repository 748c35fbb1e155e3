"""A brief beside its evidence: each sentence with what kind it is, the numbers of what it rests on, and where in the record those words stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.pages.views.charts import Chart, charts
from api.pages.views.evidence import EvidencePane, pane
from api.pages.views.words import CLAIM_KINDS, REJECTIONS, said
from briefs.brief import BriefBody, Claim, Evidence, Factor, RejectedClaim
from briefs.editing import CardField, TalkField
from briefs.rendering.audience import is_internal, rests_on_internal
from briefs.rendering.cleaning import one_line
from briefs.rendering.numbers import arr_blocks
from briefs.rendering.outline import Block, Ledger, Line, Quote
from briefs.rendering.sentences import phrase, sentence
from briefs.rendering.words import SECTIONS, day, hyphenless, met_by, named
from retrieval.dossier import Dossier


@dataclass(frozen=True)
class Said:
    """One sentence. `marks` are numbers of evidence; `line` and `quotes` how it reads; `text` what an edit starts from."""

    id: str
    text: str
    line: Line
    quotes: tuple[Quote, ...]
    kind: str
    kind_name: str
    marks: tuple[int, ...]
    internal: bool


@dataclass(frozen=True)
class Chapter:
    key: str
    title: str
    sentences: tuple[Said, ...]


@dataclass(frozen=True)
class Words:
    """One text of the card or the talk track that a person may change. `key` is `card.FIELD` or `talk.FIELD`."""

    key: str
    label: str
    text: str


@dataclass(frozen=True)
class Ask:
    """A question of the talk track."""

    text: str
    listen_for: str
    marks: tuple[int, ...]


@dataclass(frozen=True)
class Known:
    """One factor of the frame: unknown is not unmet."""

    name: str
    state: str
    text: str
    question: str
    marks: tuple[int, ...]
    internal: bool


@dataclass(frozen=True)
class Side:
    who: str
    sentence: Said


@dataclass(frozen=True)
class Dispute:
    """Two records that do not agree, side by side."""

    topic: str
    sides: tuple[Side, ...]


@dataclass(frozen=True)
class Refused:
    """A sentence that failed verification, with the reason in words."""

    section: str
    text: str
    reason: str
    detail: str


@dataclass(frozen=True)
class BriefView:
    """Everything the review page shows of one version."""

    name: str
    offer: str
    as_of: str
    verdict: str
    card: tuple[Words, ...]
    card_fixed: tuple[tuple[str, str], ...]
    chapters: tuple[Chapter, ...]
    against: Chapter | None
    charts: tuple[Chart, ...]
    arr: tuple[Block, ...]
    coverage_frame: str
    coverage: tuple[Known, ...]
    talk: tuple[Words, ...]
    asks: tuple[Ask, ...]
    disputes: tuple[Dispute, ...]
    refused: tuple[Refused, ...]
    statements: int
    evidence: EvidencePane
    ledger: tuple[Evidence, ...]
    backs: dict[int, tuple[str, ...]]
    """Evidence number → anchors of the sentences that rest on it."""
    provenance: tuple[tuple[str, str], ...]


_CARD: tuple[tuple[CardField, str], ...] = (
    ("headline", "In one line"),
    ("why_now", "Why now"),
    ("top_risk", "Top risk"),
    ("next_step", "Next step"),
)
_TALK: tuple[tuple[TalkField, str], ...] = (
    ("objective", "Objective"),
    ("opener", "Opener"),
    ("risk", "The one risk"),
    ("say", "Say"),
    ("show", "Show"),
    ("avoid", "Avoid"),
)


def brief_view(body: BriefBody, dossier: Dossier, rejected: Sequence[RejectedClaim] = ()) -> BriefView:
    """The view of one version; `rejected` are the sentences of its scan that failed verification."""
    ledger = Ledger()
    chapters = [_chapter(section.key, section.title, section.claims, body, ledger) for section in body.sections]
    disputes = tuple(
        Dispute(one_line(conflict.topic), tuple(Side(_who(claim), _said(claim, body, ledger)) for claim in conflict.sides))
        for conflict in body.conflicts
    )
    coverage = tuple(_known(factor, body, ledger) for factor in body.coverage)
    asks = tuple(Ask(one_line(q.text), one_line(q.listen_for), _marks(q.evidence, ledger)) for q in body.talk_track.questions)
    return BriefView(
        name=one_line(body.account_name),
        offer=one_line(body.sku_name or "") or "No product recommended",
        as_of=day(body.as_of),
        verdict=body.verdict,
        card=tuple(Words(f"card.{field}", label, getattr(body.card, field)) for field, label in _CARD),
        card_fixed=(("ARR", body.card.arr), *((hyphenless(name), met_by(text)) for name, text in body.card.tests.items())),
        chapters=tuple(chapter for chapter in chapters if chapter.key != "against"),
        against=next((chapter for chapter in chapters if chapter.key == "against"), None),
        charts=charts(body, dossier),
        arr=arr_blocks(body),
        coverage_frame=body.coverage_frame,
        coverage=coverage,
        talk=tuple(Words(f"talk.{field}", label, getattr(body.talk_track, field)) for field, label in _TALK),
        asks=asks,
        disputes=disputes,
        refused=tuple(_refused(item) for item in (*body.rejected, *rejected)),
        statements=sum(claim.kind == "csm_statement" for claim in body.claims()),
        evidence=pane(dossier, ledger.items),
        ledger=tuple(ledger.items),
        backs=_backs((*chapters, *(Chapter("", "", tuple(side.sentence for side in d.sides)) for d in disputes))),
        provenance=_provenance(body),
    )


def _known(factor: Factor, body: BriefBody, ledger: Ledger) -> Known:
    internal = rests_on_internal(factor.evidence, body.sources)
    marks = _marks(factor.evidence, ledger)
    return Known(factor.name, factor.state, one_line(factor.text), one_line(factor.question or ""), marks, internal)


def _chapter(key: str, title: str, claims: Sequence[Claim], body: BriefBody, ledger: Ledger) -> Chapter:
    return Chapter(key, SECTIONS.get(key) or one_line(title), tuple(_said(claim, body, ledger) for claim in claims))


def _said(claim: Claim, body: BriefBody, ledger: Ledger) -> Said:
    numbers = _marks(claim.evidence, ledger)
    bare = claim.model_copy(update={"evidence": claim.evidence, "internal": False})
    shown = sentence(bare, body, Ledger())
    line = phrase(claim.text, claim.evidence) if shown.line else ()
    quotes = tuple(Quote(quote.text, quote.credit) for quote in shown.quotes)
    return Said(claim.id, one_line(claim.text), line, quotes, claim.kind, said(CLAIM_KINDS, claim.kind), numbers, is_internal(claim, body.sources))


def _marks(evidence: tuple[Evidence, ...], ledger: Ledger) -> tuple[int, ...]:
    return ledger.mark(evidence).numbers if evidence else ()


def _who(claim: Claim) -> str:
    item = next(iter(claim.evidence), None)
    return f"{hyphenless(item.kind)}, {day(item.at)}" if item else "No record"


def _refused(item: RejectedClaim) -> Refused:
    return Refused(SECTIONS.get(item.section) or one_line(item.section), one_line(item.text), said(REJECTIONS, item.reason), one_line(item.detail))


def _backs(chapters: Sequence[Chapter]) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = {}
    for chapter in chapters:
        for one in chapter.sentences:
            for number in one.marks:
                found.setdefault(number, []).append(f"s-{one.id}")
    return {number: tuple(anchors) for number, anchors in found.items()}


def _provenance(body: BriefBody) -> tuple[tuple[str, str], ...]:
    held = body.provenance
    engine = "Rules and local reading, no language model" if held.engine == "offline" else f"Language model {held.model or ''}".strip()
    rows = [("Written by", engine), ("Note", held.engine_note or ""), ("Left out", "; ".join(held.left_out))]
    rows += [("Overruled", f"{named({}, o.kind)} by {one_line(o.by)} until {day(o.expires_at)}: {one_line(o.reason)}") for o in body.overrides]
    return tuple((label, text) for label, text in rows if text)
