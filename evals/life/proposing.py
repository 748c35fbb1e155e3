"""Turns what people did with a brief into proposed cases: an edit, a rejection, a decline or an outcome, each with its frozen, redacted dossier.

A proposal is a file in HOME/evals/proposed. Nothing enters a suite before a person has looked at it and accepted it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from briefs.brief import BriefBody
from briefs.errors import NotFound
from briefs.store import Store, answers
from evals.errors import SuiteFault
from evals.life.frozen import catalogue_of, rows_of
from evals.life.lessons import lessons
from evals.life.redaction import Redaction
from evals.loading import case_of, read_yaml
from evals.suite import SUITES_FOLDER, SuiteName
from retrieval.archive import Archive
from retrieval.dossier import Dossier

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
    versions = store.versions(brief_id)
    bodies = [BriefBody.model_validate_json(store.version(version.hash)) for version in versions]
    dossier = Dossier.model_validate_json(store.dossier(bodies[0].provenance.dossier_hash))
    redaction = Redaction(dossier, tuple(archive.roster()))
    records: dict[str, Any] = redaction.rows(rows_of(dossier))
    records["catalogue"] = catalogue_of(dossier)
    left = tuple(redaction.left_over(yaml.safe_dump({k: v for k, v in records.items() if k != "catalogue"}, allow_unicode=True, width=10_000)))
    written = [version.author for version in versions]
    with store.reading() as connection:
        said = answers.of_brief(connection, brief_id)
    found = list(lessons(store.brief(brief_id).state, bodies, written, store.decisions(brief_id), said, redaction))
    return [
        Proposal(
            f"{suite}-life-{brief_id}-{name}", suite, _case(f"{suite}-life-{brief_id}-{name}", brief_id, dossier, why, expect, name), records, left
        )
        for name, suite, why, expect in found
    ]


def _brief_id(name: str, store: Store) -> str:
    try:
        return store.handoff(name).brief_id
    except NotFound:
        return store.brief(name).id


def _case(case_id: str, brief_id: str, dossier: Dossier, why: str, expect: dict[str, Any], name: str) -> dict[str, Any]:
    return {
        "id": case_id,
        "cluster": f"life-{brief_id}",
        "source": "life",
        "tags": [name],
        "why": why,
        "input": {"account": f"records/life-{brief_id}", "as_of": dossier.as_of},
        "expect": expect,
    }


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
