"""What a scan may leave alone: accounts with nothing new, and drafts that rest on what they rested on before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from briefs.brief import AccountResult
from briefs.store.results import LastResult


def stale(accounts: Sequence[str], known: Mapping[str, LastResult], keys: Mapping[str, str], *, draft: bool, force: bool) -> list[str]:
    """The accounts with no result, with one of other inputs, or without the draft they should have."""
    return [a for a in accounts if force or a not in known or known[a].inputs_key != keys[a] or (draft and _lacks_draft(known[a].result))]


def may_draft(result: AccountResult) -> bool:
    """Qualified accounts, and watched ones a person wants drafted anyway."""
    return result.verdict == "qualified" or (result.verdict == "watch" and any(o.kind == "draft_anyway" for o in result.overrides))


def basis(result: AccountResult) -> tuple[object, ...]:
    """What a draft rests on: while this stays, the draft does."""
    cited = sorted((s.id, s.type, s.due, tuple((e.record_id, e.quote, repr(e.value)) for e in s.evidence)) for s in result.signals)
    return (
        result.verdict,
        result.engine,
        result.model,
        result.tests.fit.sku,
        repr(cited),
        tuple(o.id for o in result.overrides),
        result.rubric_version,
        result.flags,
    )


def _lacks_draft(result: AccountResult) -> bool:
    return may_draft(result) and result.brief_id is None
