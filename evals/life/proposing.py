"""Turns what people did with a brief into proposed cases: an edit, a rejection, a decline or an outcome, each with its frozen, redacted dossier.

A proposal is a file in HOME/evals/proposed. Nothing enters a suite before a person has looked at it and accepted it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from briefs.brief import BriefBody
from briefs.errors import NotFound
from briefs.store import Store, answers
from evals.errors import SuiteFault
from evals.life.frozen import catalogue_of, rows_of
from evals.life.lessons import Past, lessons
from evals.life.redaction import Redaction
from evals.loading import case_of, read_yaml
from evals.suite import SUITES_FOLDER, SuiteName
from retrieval.archive import Archive
from retrieval.dossier import Dossier
from retrieval.records import Account

PROPOSED = Path("evals") / "proposed"


@dataclass(frozen=True)
class Proposal:
    """A case somebody has to look at. `names_left` is what may still be somebody's name."""

    case_id: str
    suite: SuiteName
    case: dict[str, Any]
    records: dict[str, Any]
    names_left: tuple[str, ...]


def propose(brief_or_handoff: str, store: Store, archive: Archive) -> list[Proposal]:
    """What can be learned from a brief. [] where nobody did anything with it yet. Raises NotFound: no such brief, or its dossier was erased."""
    brief_id = _brief_id(brief_or_handoff, store)
    past = _past(brief_id, store)
    dossiers = [Dossier.model_validate_json(store.dossier(body.provenance.dossier_hash)) for body in past.bodies]
    roster = tuple(archive.roster())
    made: dict[int, _Frozen] = {}

    def frozen(place: int) -> _Frozen:
        """One for all the versions that were written from the same dossier: the first of them names it."""
        first = dossiers.index(dossiers[place])
        if first not in made:
            made[first] = _Frozen(brief_id, dossiers, first, roster)
        return made[first]

    return [
        frozen(place).proposal(name, suite, why, expect) for place, name, suite, why, expect in lessons(past, lambda place: frozen(place).redaction)
    ]


class _Frozen:
    """A dossier of a brief with everybody replaced, also those whom the brief's other dossiers name alone."""

    def __init__(self, brief_id: str, dossiers: Sequence[Dossier], place: int, roster: tuple[Account, ...]) -> None:
        self._brief, self._dossier = brief_id, dossiers[place]
        self._name = f"life-{brief_id}" + (f"-v{place + 1}" if place else "")
        self.redaction = Redaction(self._dossier, roster, [dossier for dossier in dossiers if dossier != self._dossier])
        self._rows = self.redaction.rows(rows_of(self._dossier))

    def proposal(self, name: str, suite: SuiteName, why: str, expect: dict[str, Any]) -> Proposal:
        case_id = f"{suite}-life-{self._brief}-{name}"
        case = {
            "id": case_id,
            "cluster": f"life-{self._brief}",
            "source": "life",
            "tags": [name],
            "why": why,
            "input": {"account": f"records/{self._name}", "as_of": self._dossier.as_of},
            "expect": expect,
        }
        left = self.redaction.left_over(yaml.safe_dump([case, self._rows], allow_unicode=True, width=10_000))
        return Proposal(case_id, suite, case, {**self._rows, "catalogue": catalogue_of(self._dossier)}, tuple(left))


def _past(brief_id: str, store: Store) -> Past:
    versions = store.versions(brief_id)
    places = {version.hash: place for place, version in enumerate(versions)}
    with store.reading() as connection:
        said = answers.of_brief(connection, brief_id)
    return Past(
        state=store.brief(brief_id).state,
        bodies=[BriefBody.model_validate_json(store.version(version.hash)) for version in versions],
        authors=[version.author for version in versions],
        places=places | {handoff.id: places[handoff.version_hash] for handoff in store.handoffs(brief_id)},
        decisions=store.decisions(brief_id),
        said=said,
    )


def _brief_id(name: str, store: Store) -> str:
    try:
        return store.handoff(name).brief_id
    except NotFound:
        return store.brief(name).id


def keep(proposal: Proposal, home: Path) -> Path:
    """Writes a proposal down. The case's form is checked first. Raises SuiteFault."""
    case_of(proposal.suite, proposal.case, proposal.case_id)
    folder = home / PROPOSED
    folder.mkdir(parents=True, exist_ok=True)
    told = {"suite": proposal.suite, "case": proposal.case, "names_left": list(proposal.names_left), "records": proposal.records}
    path = folder / f"{proposal.case_id}.yaml"
    path.write_text(yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=110), "utf-8")
    return path


def waiting(home: Path) -> list[Proposal]:
    """The proposals nobody decided on."""
    return [read(path) for path in sorted((home / PROPOSED).glob("*.yaml"))]


def read(path: Path) -> Proposal:
    """Raises SuiteFault: no such proposal, or it was changed into something else."""
    if not path.is_file():
        raise SuiteFault(f"There is no proposed case {path.stem[:80]!r}.", "`briefs eval review` lists them.")
    told = cast("dict[str, Any]", read_yaml(path))
    try:
        return Proposal(told["case"]["id"], told["suite"], told["case"], told["records"], tuple(told.get("names_left") or ()))
    except (KeyError, TypeError) as fault:
        raise SuiteFault(f"{path.name} is no proposal.", "Make it anew: briefs eval case-from BRIEF.") from fault


def accept(case_id: str, home: Path, into: Path = SUITES_FOLDER) -> tuple[Path, Path]:
    """Puts a proposal into its suite, with its record set beside. Raises SuiteFault, also where the id is taken."""
    path = home / PROPOSED / f"{case_id}.yaml"
    proposal = read(path)
    case_of(proposal.suite, proposal.case, proposal.case_id)
    cases, name = into / proposal.suite / "life.yaml", str(proposal.case["input"]["account"]).removeprefix("records/")
    listed = cast("list[dict[str, Any]]", read_yaml(cases) or []) if cases.is_file() else []
    if any(row["id"] == case_id for row in listed):
        raise SuiteFault(f"{case_id} is in {proposal.suite} already.", "Reject the proposal, or give it another id.")
    records = into / "records" / f"{name}.yaml"
    for target, told in ((records, proposal.records), (cases, [*listed, proposal.case])):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=110), "utf-8")
    path.unlink()
    return cases, records


def reject(case_id: str, home: Path) -> None:
    """Throws a proposal away. Raises SuiteFault."""
    path = home / PROPOSED / f"{case_id}.yaml"
    read(path)
    path.unlink()
