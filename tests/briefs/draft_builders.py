"""What a draft is made of, for tests of single sections: the verdict comes from the rubric, the sentences from the records."""

from __future__ import annotations

from typing import Any

from briefs.brief import AccountResult, Section, Signal
from briefs.drafting import against
from briefs.drafting.material import Material
from briefs.qualify import qualify
from briefs.reading.forwarded import read_all
from briefs.reading.speakers import People
from briefs.subject import Directory, Subject
from briefs.verify import Court, verify
from retrieval.dossier import Dossier
from tests.briefs.account_builders import RUBRIC, a_shelf


def a_material(dossier: Dossier, *signals: Signal, **changes: Any) -> Material:
    """The material of one dossier and these signals."""
    shelf = a_shelf(dossier.account)
    sentences = tuple(read_all(dossier.texts, People.of(dossier)))
    finding = qualify(dossier, signals, RUBRIC, shelf)
    return Material(dossier, finding, shelf, RUBRIC, Subject(dossier, Directory((dossier.account,))), sentences, **changes)


def the_risks(m: Material) -> Section:
    """The section of risks alone."""
    return Section(key="risks", title="Risks", claims=tuple(against.risks(m)))


def refused(m: Material, *claims: Any) -> list[tuple[str, str]]:
    """The sentences the court does not let pass, with its reason."""
    court = Court(m.dossier, m.subject)
    return [(c.text, f"{verdict.reason}: {verdict.detail}") for c in claims if not (verdict := verify(c, court)).ok]


def a_result(m: Material) -> AccountResult:
    """The account result of a material, as the pipeline makes it."""
    finding, dossier = m.finding, m.dossier
    return AccountResult(
        account_id=dossier.account.id,
        account_name=dossier.account.name,
        as_of=dossier.as_of,
        verdict=finding.verdict,
        engine="offline",
        tests=finding.tests,
        signals=finding.signals,
        arr=finding.arr,
        dossier_hash=dossier.hash,
        rubric_version="sha256:0",
    )
