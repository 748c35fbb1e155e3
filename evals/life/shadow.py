"""Runs a candidate (other prompts, another model) over the dossiers stored here, beside what was decided then: nothing is stored, nobody is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from briefs.brief import AccountResult, BriefBody
from briefs.canonical import canonical_json
from briefs.errors import NotFound
from briefs.gate import State
from briefs.pipeline import may_draft
from briefs.store.drafts import MACHINE
from evals.bench import EngineOf
from evals.life.frozen import catalogue_of, rows_of
from evals.materials import write_rows
from evals.results import Measured
from evals.rooms import Home
from retrieval.dossier import Dossier

if TYPE_CHECKING:
    from briefs.store import Store
    from briefs.store.results import LastResult
    from briefs.wiring import Workspace

ACCEPTED = frozenset({State.ACCEPTED, State.WON})


class Looked(Measured):
    """One stored dossier, seen by the candidate. Claims are sentences of the machine's draft and of the candidate's."""

    account_id: str
    as_of: date
    before: str
    after: str
    sku_before: str | None
    sku_after: str | None
    claims_gained: tuple[str, ...] = ()
    claims_lost: tuple[str, ...] = ()
    brief_id: str | None = None
    accepted: bool = False
    amount: float | None = 0.0
    calls: int = 0
    overridden: bool = False

    @property
    def flipped(self) -> bool:
        return self.before != self.after

    @property
    def lost(self) -> bool:
        """A hand-off sales accepted, which the candidate would not have drafted, or for another product."""
        return self.accepted and (self.after != "qualified" or self.sku_before != self.sku_after)


@dataclass(frozen=True)
class Shadow:
    """All dossiers looked at. `skipped` could not be: their words were erased."""

    looked: tuple[Looked, ...]
    skipped: int


def run(opened: Workspace, engine: EngineOf, folder: Path, since: date | None, progress: Callable[[str, int, int | None], None]) -> Shadow:
    """Every account's stored dossiers as of `since` or later, each once. `folder` holds working copies; emptying it is the caller's."""
    store = opened.store
    stored = [one for account in opened.archive.accounts() for one in _distinct(store.history(account)) if since is None or one.as_of >= since]
    looked: list[Looked] = []
    skipped = 0
    for place, one in enumerate(stored):
        progress(one.account_id, place, len(stored))
        try:
            dossier = Dossier.model_validate_json(store.dossier(one.result.dossier_hash))
        except NotFound:
            skipped += 1
            continue
        looked.append(_look(opened, engine, folder / f"d{place}", one.result, dossier))
    return Shadow(tuple(looked), skipped)


def _distinct(history: Sequence[LastResult]) -> list[LastResult]:
    """Each dossier once, with its newest result."""
    return list({one.result.dossier_hash: one for one in sorted(history, key=lambda one: one.at)}.values())


def _look(opened: Workspace, engine: EngineOf, folder: Path, before: AccountResult, dossier: Dossier) -> Looked:
    rows = folder / "rows"
    frozen = rows_of(dossier, opened.archive.roster())
    write_rows(frozen, dossier.account.id, rows)
    (rows / "catalogue.json").write_bytes(canonical_json(catalogue_of(dossier)))
    home = Home(folder, opened.settings, opened)
    try:
        home.take_in(rows)
        home.flag(frozen, dossier.account.id)
        pipeline = home.pipeline(engine(home))
        examined = pipeline.examine(dossier.account.id, dossier.as_of)
        result, body = pipeline.result_of(examined), None
        if may_draft(result):
            body, result = pipeline.draft(examined, result)
    finally:
        home.close()
    old, state = _drafted(opened.store, before)
    was, now = _claims(old), _claims(body)
    return Looked(
        account_id=before.account_id,
        as_of=before.as_of,
        before=before.verdict,
        after=result.verdict,
        sku_before=before.tests.fit.sku,
        sku_after=result.tests.fit.sku,
        claims_gained=tuple(text for text in now if text not in was) if old else (),
        claims_lost=tuple(text for text in was if text not in now),
        brief_id=before.brief_id,
        accepted=state in ACCEPTED,
        amount=result.cost.amount,
        calls=result.cost.calls,
        overridden=bool(before.overrides),
    )


def _drafted(store: Store, result: AccountResult) -> tuple[BriefBody | None, State | None]:
    """The machine's own newest draft behind a result, and where its brief stands now."""
    if result.brief_id is None:
        return None, None
    drafts = [version for version in store.versions(result.brief_id) if version.author == MACHINE and not version.erased]
    body = BriefBody.model_validate_json(store.version(drafts[-1].hash)) if drafts else None
    return body, store.brief(result.brief_id).state


def _claims(body: BriefBody | None) -> tuple[str, ...]:
    return tuple(claim.text for section in body.sections for claim in section.claims) if body else ()
