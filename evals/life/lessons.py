"""What can be learned from what people did with a brief: an edit, a rejection, a decline or an outcome, each as an expectation of a case.

A reason says something of the product only where the records could have told it: whoever declines because the contact was wrong, or loses to a budget
cut nobody wrote down, proposes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from briefs.brief import BriefBody, Claim
from briefs.gate import State
from briefs.store.answers import Answer
from briefs.store.decisions import Decision
from briefs.store.drafts import MACHINE
from evals.life.redaction import Redaction
from evals.suite import SuiteName

NO_BRIEF = frozenset(
    {"wrong_account", "not_incremental", "already_owned", "relationship_sensitive", "blocker_open", "no_buyer", "too_early", "low_value"}
)
"""Codes of a rejection that say no brief was due at all. The others say something was wrong with it, which an edit tells better."""
NO_LEAD = frozenset(
    {"duplicate", "opportunity_in_progress", "already_owned", "insufficient_evidence", "bad_timing", "no_fit", "renewal_not_expansion"}
)
"""Codes of sales' decline that say the same. A contact, a territory or a budget is no fault of the brief's."""
LOST: dict[str, dict[str, Any]] = {
    "no_fit": {"tests": {"fit": False}},
    "bad_timing": {"tests": {"timing": False}},
    "price": {"verdict": "qualified"},
    "competitor": {"verdict": "qualified"},
}
"""What a lost deal says: the fit or the time was wrong, or the need was real and somebody else served it. Other codes say nothing of the record."""
SAID = ("fact", "customer_said", "computed")
"""Kinds of sentences that rest on the record: what a person adds of their own opinion is no duty of the product."""

ENDS = ("decline", "won", "lost")
"""Answers of sales that end a hand-off."""

Lesson = tuple[int, str, SuiteName, str, dict[str, Any]]
"""(place of the version it is about, what happened, the suite of the case, why in words, what is expected)."""


@dataclass(frozen=True)
class Past:
    """A brief with its versions, oldest first, who wrote each, and what was decided and answered. `places`: versions by hash or hand-off."""

    state: State
    bodies: Sequence[BriefBody]
    authors: Sequence[str]
    places: Mapping[str, int]
    decisions: Sequence[Decision]
    said: Sequence[Answer]


def lessons(past: Past, redacted: Callable[[int], Redaction]) -> Iterator[Lesson]:
    """What can be learned from a brief. `redacted` gives the stand-ins of the dossier that the version at that place was written from."""
    bodies, authors = past.bodies, past.authors
    people = [place for place, author in enumerate(authors) if author != MACHINE]
    if people and people[-1] > 0:
        last = people[-1]
        before = max(place for place in range(last) if authors[place] == MACHINE) if MACHINE in authors[:last] else 0
        expect = edited(bodies[before], bodies[last], redacted(last))
        if expect:
            yield last, "edit", "briefs", "a person changed these sentences before it went out", expect
    refused = next((d for d in reversed(past.decisions) if d.decision in ("reject", "request_changes")), None)
    if refused is not None and refused.decision == "reject" and refused.reason_code in NO_BRIEF:
        yield past.places[refused.version_hash], "rejection", "briefs", f"rejected: {refused.reason_code or 'no code'}", {"abstain": True}
    yield from _of_sales(past, next((answer for answer in reversed(past.said) if answer.kind in ENDS), None))


def _of_sales(past: Past, answer: Answer | None) -> Iterator[Lesson]:
    """About the version that was handed over; the newest where no answer names a hand-off."""
    state, place = past.state, past.places.get(answer.handoff_id or "", len(past.bodies) - 1) if answer else len(past.bodies) - 1
    sku = past.bodies[place].sku
    code = (answer.code if answer else None) or "no code"
    if state is State.DECLINED and code in NO_LEAD:
        yield place, "decline", "briefs", f"sales declined the hand-off: {code}", {"abstain": True}
    if state is State.LOST and code in LOST:
        yield place, "outcome", "verdicts", f"the deal was lost: {code}", LOST[code]
    if state is State.WON:
        yield place, "outcome", "verdicts", "the expansion was won", {"verdict": "qualified"} | ({"sku": sku} if sku else {})


def edited(before: BriefBody, after: BriefBody, redaction: Redaction) -> dict[str, Any]:
    """Sentences a person put in that the record carries, and those they took out."""
    old, new = _claims(before), _claims(after)
    added = [(section, claim) for (section, text), claim in new.items() if (section, text) not in old and claim.kind in SAID and claim.evidence]
    gone = [claim.text for (section, text), claim in old.items() if (section, text) not in new]
    cited = sorted({redaction.id(e.record_id) for _, claim in added for e in claim.evidence})
    expect: dict[str, Any] = {}
    if added:
        expect["must_say"] = [{"any": [redaction.text(claim.text)], "section": section} for section, claim in added]
        expect["must_cite"] = cited
    if gone:
        expect["must_not_say"] = [redaction.text(text) for text in gone]
    return expect


def _claims(body: BriefBody) -> dict[tuple[str, str], Claim]:
    return {(section.key, claim.text): claim for section in body.sections for claim in section.claims}
