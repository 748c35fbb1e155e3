"""The reasons sales may give, as codes that can be counted; `other` needs words."""

from __future__ import annotations

from briefs.errors import BadInput

DECLINE_CODES = (
    "duplicate",
    "opportunity_in_progress",
    "already_owned",
    "recently_contacted",
    "wrong_contact",
    "insufficient_evidence",
    "no_budget",
    "bad_timing",
    "no_fit",
    "renewal_not_expansion",
    "territory",
    "other",
)
"""Why sales declines a hand-off."""

LOST_CODES = ("price", "competitor", "no_decision", "no_budget", "bad_timing", "no_fit", "churned", "other")
"""Why a deal was lost."""

LONGEST_WORDS = 4000


def check(codes: tuple[str, ...], code: str | None, text: str | None, what: str) -> None:
    """Raises BadInput unless `code` is one of them, with words where it is `other`."""
    if code not in codes:
        raise BadInput(f"{what} needs a reason code.", f"One of: {', '.join(codes)}.")
    if code == "other" and not (text or "").strip():
        raise BadInput("The reason `other` needs words.", "Say in a sentence what is the matter.")


def words(text: str | None, what: str) -> str:
    """A person's words without the blanks around them. Raises BadInput where there are none, or too many."""
    told = (text or "").strip()
    if not told:
        raise BadInput(f"{what} needs words.")
    if len(told) > LONGEST_WORDS:
        raise BadInput(f"{what} is too long: {len(told)} characters.", f"At most {LONGEST_WORDS}.")
    return told
