"""Every text a person would see of what the product gave for a case, with the place it stands at; and whether words stand in a text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from evals.portfolios.faults import words_of
from evals.results import Output


def texts(output: Output, *, without: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """(place, text) of brief and result. Signals of the types in `without` are passed over: a warning shows the attack it warns of."""
    if output.brief is not None:
        yield from (("brief", text) for text in words_of(output.brief))
    result = output.result
    if result is None:
        return
    yield from (("what would change it", text) for text in result.would_change)
    yield from (("rejected sentence", claim.text) for claim in result.rejected)
    yield "engine note", result.engine_note or ""
    for signal in result.signals:
        if signal.type not in without:
            yield from ((f"signal {signal.type}", e.quote or str(e.value or "")) for e in signal.evidence)
            yield from ((f"signal {signal.type}", str(value)) for value in signal.wants.values())
    for blocker in result.blockers:
        yield from ((f"blocker {blocker.code}", e.quote or str(e.value or "")) for e in blocker.evidence)
    for referral in result.referrals:
        yield from (("referral", e.quote or "") for e in referral.evidence)


def stands_in(words: str, text: str) -> bool:
    """Whether `words` stand in `text` as whole words, whatever their case and spacing."""
    wanted = r"\s+".join(re.escape(word) for word in words.split())
    return bool(wanted) and re.search(rf"(?<!\w){wanted}(?!\w)" if words.strip()[0].isalnum() else wanted, text, re.IGNORECASE) is not None
