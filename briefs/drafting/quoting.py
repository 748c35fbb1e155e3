"""Which words of a quotation are shown where there is little room, which stretch of it tells most, and in which language it stands."""

from __future__ import annotations

import re
from datetime import date

from briefs.brief import Evidence
from briefs.reading.concepts import analysed, language
from briefs.reading.dates import plan_periods

LONGEST_QUOTE = 160
SPOKEN = {"de": "German", "es": "Spanish", "fr": "French"}
FEWEST_MARKS = 2
MARKED = 0.15
"""Share of a text's words that must be small words of one language and of no other before the language is named: its neighbours share some."""
_BUT = re.compile(r"(?i)\W*(?:but|yet|however|aber|jedoch|sondern|pero|sino|mais|cependant)\b")
STRANGE = {"de": frozenset("åæøœçñãõ"), "es": frozenset("ãõçêôàèøåæß"), "fr": frozenset("ãõñßåøìò")}
"""Letters by which a neighbour gives itself away: Portuguese shares half its small words with Spanish."""
_CLAUSE_END = re.compile(r"[.;!?,:](?=\s)|\s[-–](?=\s)")

Stretch = tuple[int, int]
"""Where words stand in a quote, end exclusive."""


def shortened(evidence: Evidence, most: int = LONGEST_QUOTE, keep: Stretch | None = None) -> Evidence:
    """A quote of bearable length: cut at a clause, still exact words at exact places. `keep` is in it wherever it stands."""
    quote = evidence.quote
    if quote is None or evidence.start is None or len(quote) <= most:
        return evidence
    first = 0 if keep is None or keep[1] <= most else _clause_before(quote, keep[0], most)
    kept = quote[first : _end(quote, first, most, keep)].rstrip(" ,;:-–")
    return evidence.model_copy(update={"quote": kept, "start": evidence.start + first, "end": evidence.start + first + len(kept)})


def _clause_before(quote: str, start: int, most: int) -> int:
    """Where the clause begins that holds `start`; a word's beginning close before it where that clause alone is too long."""
    begins = [m.end() for m in _CLAUSE_END.finditer(quote, 0, start)]
    first = begins[-1] if begins else 0
    if start - first > most // 2:
        first = quote.find(" ", start - most // 2)
    return first + len(quote[first:]) - len(quote[first:].lstrip())


def _end(quote: str, first: int, most: int, keep: Stretch | None) -> int:
    if len(quote) - first <= most:
        return len(quote)
    cut = max((m.end() for m in _CLAUSE_END.finditer(quote, first, first + most)), default=0)
    if cut - first < most // 3 or (keep is not None and first <= keep[0] and cut < keep[1] <= first + most):
        cut = quote.rfind(" ", first, first + most)
    return cut if cut > first else first + most


def shown(evidence: Evidence, most: int, keep: Stretch | None = None) -> str:
    """The quote on one line as it stands between quotation marks, marked where the sentence goes on."""
    cut = " ".join((shortened(evidence, most, keep).quote or "").split())
    whole = " ".join((evidence.quote or "").split())
    return cut if whole.endswith(cut) or cut.endswith((".", "!", "?")) else f"{cut} …"


def concedes(evidence: Evidence, words: str) -> bool:
    """Do the words of a cut quote end where its `but` begins? Then they give away what the speaker only grants."""
    rest = " ".join((evidence.quote or "").split()).partition(words.removesuffix(" …"))[2]
    return words.endswith(" …") and _BUT.match(rest) is not None


def day_named(evidence: Evidence, due: date | None) -> Stretch | None:
    """Where a quote names a day; of several the one meant by `due`."""
    quote, at = evidence.quote, evidence.at
    if quote is None or at is None:
        return None
    named = plan_periods(quote, at)
    meant = [p for p in named if due is not None and p.start <= due <= p.end]
    found = next(iter((*meant, *named)), None)
    return (found.start_offset, found.end_offset) if found is not None else None


def tongue(text: str) -> str | None:
    """`German`, `Spanish` or `French`, where the words tell it beyond doubt; None for English and where they do not."""
    words = [word for word in analysed(text).tokens if word[:1].isalpha()]
    told = language(words)
    if told not in SPOKEN or STRANGE[told].intersection(text.casefold()):
        return None
    own = sum(language((word,)) == told for word in words)
    others = sum(language((word,)) not in (told, None) for word in words)
    return SPOKEN[told] if own >= max(FEWEST_MARKS, MARKED * len(words)) and others * 3 <= own else None
