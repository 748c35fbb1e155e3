"""Compares the archive with the index, account by account, and rebuilds what differs: what `doctor` and `doctor --repair` do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from retrieval.indexing import Progress, rebuild
from retrieval.ingest import quiet
from retrieval.tables import UNSYNCED

if TYPE_CHECKING:
    from retrieval.archive import Archive
    from retrieval.index import VectorIndex


class Difference(BaseModel):
    """One account where archive and index differ. `missing`, `surplus`: passages; `unembedded`: passages without a vector of this model, which
    only an import can mend; `dirty`: the last change did not reach the index."""

    model_config = ConfigDict(frozen=True)
    account_id: str
    missing: int
    surplus: int
    unembedded: int
    dirty: bool


class Agreement(BaseModel):
    """What a comparison found. `accounts` and `passages` say how much was compared."""

    model_config = ConfigDict(frozen=True)
    accounts: int
    passages: int
    differences: tuple[Difference, ...]

    @property
    def holds(self) -> bool:
        return not self.differences

    def __str__(self) -> str:
        if self.holds:
            return f"store and index agree: {self.passages:,} passages of {self.accounts:,} accounts"
        missing, surplus, unembedded = (sum(getattr(one, what) for one in self.differences) for what in ("missing", "surplus", "unembedded"))
        return (
            f"store and index differ for {len(self.differences):,} of {self.accounts:,} accounts: "
            f"{missing:,} passages missing, {surplus:,} too many, {unembedded:,} not embedded"
        )


def compare(archive: Archive, index: VectorIndex, model_id: str, progress: Progress = quiet) -> Agreement:
    """Compares ids, not vectors: an account whose vectors may be stale is marked dirty and counts as different. Raises IndexBroken."""
    dirt = archive.dirt()
    accounts = sorted({*archive.accounts(), *archive.indexed_accounts()})
    found: list[Difference] = []
    passages = 0
    for done, account in enumerate(accounts):
        progress("compare", done, len(accounts))
        ours, theirs = archive.passage_ids(account), index.ids(account)
        passages += len(ours)
        unembedded = len(ours) - archive.embedded(account, model_id)
        if ours != theirs or unembedded or account in dirt:
            found.append(
                Difference(
                    account_id=account,
                    missing=len(ours - theirs),
                    surplus=len(theirs - ours),
                    unembedded=unembedded,
                    dirty=account in dirt,
                )
            )
    return Agreement(accounts=len(accounts), passages=passages, differences=tuple(found))


def repair(archive: Archive, index: VectorIndex, model_id: str, progress: Progress = quiet) -> Agreement:
    """Rebuilds the index of every account that differs from the vectors in the archive, without embedding anything; returns how things stand after.

    An account that has to be split or embedded again stays marked: the next import does that.
    """
    differing = compare(archive, index, model_id).differences
    levels = archive.dirt()
    for done, difference in enumerate(differing):
        progress("repair", done, len(differing))
        rebuild(archive, index, difference.account_id, model_id)
        if levels.get(difference.account_id, UNSYNCED) == UNSYNCED:
            archive.settle([difference.account_id])
    return compare(archive, index, model_id)
