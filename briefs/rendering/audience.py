"""Who may read what: the CSM everything, the AE all but rejected sentences, the customer only what is known to be theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from briefs.brief import BriefBody, Card, Claim, Evidence, Provenance, Section, Source, TalkTrack, UsageRow
from briefs.errors import BadInput
from briefs.rendering.addressing import suggestion, to_you
from briefs.rendering.cleaning import one_line
from briefs.rendering.words import CUSTOMER_TITLES

Audience = Literal["csm", "ae", "customer"]
AUDIENCES: tuple[Audience, ...] = ("csm", "ae", "customer")
CUSTOMER_CLAIMS = ("fact", "customer_said", "computed")
CUSTOMER_ACCOUNT_FIELDS = ("plan", "products", "seats", "start_date", "renewal_date")
_QUOTED = re.compile(r'"([^"]*)"')
_NAMES = re.compile(r"[^\W\d_][\w&'\N{RIGHT SINGLE QUOTATION MARK}-]*|\d+(?:[.,]\d+)?\s?%")
_COMMON = frozenset((
    "A", "An", "And", "Any", "Anything", "Are", "As", "At", "Avoid", "Be", "Before", "But", "By", "Do", "Don", "Even", "For",
    "From", "He", "Her", "His", "How", "If", "In", "Internal", "Is", "It", "Its", "Keep", "Leave", "Mention", "Name", "Never",
    "No", "Not", "Nothing", "Of", "Offer", "On", "Only", "Or", "Our", "Quote", "She", "So", "Say", "Talk", "That", "The", "Their",
    "They", "This", "To", "Until", "Unless", "We", "What", "When", "Who", "Why", "With", "You", "Your",
))  # fmt: skip


def check_audience(audience: str) -> Audience:
    """The audience, if there is such a one. Raises BadInput otherwise: an unknown reader sees nothing."""
    for known in AUDIENCES:
        if audience == known:
            return known
    raise BadInput("There is no such audience.", f"Use one of: {', '.join(AUDIENCES)}.")


def view(body: BriefBody, audience: str) -> BriefBody:
    """The brief with everything the audience may not read taken out. Raises BadInput for an unknown audience."""
    match check_audience(audience):
        case "csm":
            return body
        case "ae":
            return body.model_copy(update={"rejected": ()})
        case "customer":
            return _for_customer(body)


def rests_on_internal(evidence: Iterable[Evidence], sources: Iterable[Source]) -> bool:
    """Whether any of the evidence comes from a record marked internal, from a note that nobody marked safe, or from a message not public."""
    held = {source.record_id: source for source in sources}
    return any(evidence_is_internal(item, held.get(item.record_id)) for item in evidence)


def is_internal(claim: Claim, sources: Iterable[Source]) -> bool:
    """Whether a sentence is for us alone."""
    return claim.internal or rests_on_internal(claim.evidence, sources)


def source_is_internal(source: Source) -> bool:
    return source.visibility == "internal" or (source.kind == "note" and source.visibility != "customer_safe")


def evidence_is_internal(item: Evidence, source: Source | None) -> bool:
    """Whether these words of a record are for us alone; `source` is the record they come from, None where it is not among the brief's sources."""
    if source is None:
        return item.kind == "note"
    return source_is_internal(source) or item.part in source.private_parts


def words_are_internal(item: Evidence, body: BriefBody) -> bool:
    """As `evidence_is_internal`, also for words a person attached later: they are internal where a sentence marked so rests on them."""
    source = next((source for source in body.sources if source.record_id == item.record_id), None)
    if source is None and any(item in claim.evidence for claim in body.claims() if claim.internal):
        return True
    return evidence_is_internal(item, source)


def _customer_may_see(item: Evidence, source: Source | None) -> bool:
    """Only what is marked safe, the customer's own usage, and the contract fields they signed. Anything unknown: no."""
    if source is None or source.kind != item.kind or item.part in source.private_parts:
        return False
    if source.visibility is not None:
        return source.visibility == "customer_safe" and item.kind in ("note", "ticket", "survey", "scorecard", "usage")
    return item.kind == "usage" or (item.kind == "account" and item.field in CUSTOMER_ACCOUNT_FIELDS)


def _for_customer(body: BriefBody) -> BriefBody:
    held = {source.record_id: source for source in body.sources}
    hushed = _hushed(body, held)
    sections = tuple(
        Section(key=section.key, title=CUSTOMER_TITLES[section.key], claims=kept)
        for section in body.sections
        if section.key in CUSTOMER_TITLES and (kept := _told_to_them(section, body, held, hushed))
    )
    cited = {item.record_id for section in sections for claim in section.claims for item in claim.evidence}
    return body.model_copy(
        update={
            "card": Card(account="", headline="", why_now="", arr="", tests={}, top_risk="", next_step="", as_of=body.as_of),
            "sections": sections,
            "coverage": (),
            "arr": None,
            "usage": tuple(row.model_copy(update={"metrics": {}}) for row in body.usage if _usage_is_safe(row, held.get(row.record_id))),
            "talk_track": TalkTrack(objective="", opener="", questions=(), risk="", say="", show="", avoid=""),
            "conflicts": (),
            "rejected": (),
            "sources": tuple(source.model_copy(update={"author": None}) for source in body.sources if source.record_id in cited),
            "overrides": (),
            "provenance": Provenance(engine=body.provenance.engine, rubric_version="", dossier_hash=""),
        }
    )


def _told_to_them(section: Section, body: BriefBody, held: dict[str, Source], hushed: frozenset[str]) -> tuple[Claim, ...]:
    """The sentences of a section that the customer may read, turned to them; what is suggested stands first where it belongs."""
    kept = tuple(to_you(_stripped(claim), body.account_name) for claim in section.claims if _claim_is_safe(claim, held, hushed))
    suggested = suggestion(body, held, _customer_may_see) if section.key == "recommendation" else None
    return (suggested, *kept) if suggested is not None and not _mentions(suggested.text, hushed) else kept


def _usage_is_safe(row: UsageRow, source: Source | None) -> bool:
    """The customer's own numbers; what our tests made of them is nobody's use."""
    return not row.test_traffic and source is not None and source.kind == "usage" and source.visibility in (None, "customer_safe")


def _stripped(claim: Claim) -> Claim:
    return claim.model_copy(update={"id": "", "signal_ids": (), "derived": {}})


def _claim_is_safe(claim: Claim, held: dict[str, Source], hushed: frozenset[str]) -> bool:
    if claim.internal or claim.kind not in CUSTOMER_CLAIMS or not claim.evidence:
        return False
    if not all(_customer_may_see(item, held.get(item.record_id)) for item in claim.evidence):
        return False
    shown = [claim.text, *(item.quote or "" for item in claim.evidence), *(held[item.record_id].title for item in claim.evidence)]
    return not any(_mentions(text, hushed) for text in shown)


def _hushed(body: BriefBody, held: dict[str, Source]) -> frozenset[str]:
    """Names and figures that appear only where the customer may not look: whoever speaks or writes there, and what must not be said."""
    told = [item for section in body.sections for claim in section.claims for item in claim.evidence]
    known = {word for item in told if _customer_may_see(item, held.get(item.record_id)) for word in _names(item.speaker or "")}
    known |= _names(body.account_name) | _names(body.sku_name or "")
    secret = [item.speaker or "" for item in told if not _customer_may_see(item, held.get(item.record_id))]
    secret += [source.author or "" for source in body.sources if source_is_internal(source)]
    secret += [override.by for override in body.overrides]
    secret += [_untitled(claim) for section in body.sections if section.key == "do_not_say" for claim in section.claims if not _is_theirs(claim)]
    return frozenset(word for text in secret for word in _names(text)) - known


def _is_theirs(claim: Claim) -> bool:
    """What the customer said no to, in words of their own: the words hush nothing, as what holds them is no secret to them."""
    return claim.kind == "computed" and not claim.internal and any(item.quote for item in claim.evidence)


def _untitled(claim: Claim) -> str:
    """What must not be said without the titles by which we find the records again: a title's everyday words hush nothing."""
    titles = [one_line(item.value) for item in claim.evidence if item.field in ("title", "subject") and isinstance(item.value, str)]
    return _QUOTED.sub(lambda found: " " if any(found[1].removesuffix(" …") in title for title in titles) else found[0], one_line(claim.text))


def _names(text: str) -> set[str]:
    """Words that look like names (capitalised, not common) and percentages."""
    return {_bare(word) for word in _NAMES.findall(text) if word not in _COMMON and not word[0].islower() and len(word) > 1}


def _mentions(text: str, hushed: frozenset[str]) -> bool:
    return not hushed.isdisjoint(_bare(word) for word in _NAMES.findall(text))


def _bare(word: str) -> str:
    """A name without its genitive, in one case."""
    return re.sub(r"['\N{RIGHT SINGLE QUOTATION MARK}]s$", "", word).casefold()
