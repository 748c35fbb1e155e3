"""Faults put into the product on purpose, to see whether the gate notices: one part is changed and handed in where the product is put together."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from briefs import rubric as rubrics
from briefs.brief import AccountResult, BriefBody, Claim, Section
from briefs.drafting.assemble import assemble, verified
from briefs.drafting.material import Material
from briefs.drafting.offline import sections
from briefs.engine import OfflineEngine
from briefs.verify import CHECKS, Court
from evals import scorers
from evals.bench import Bench, EngineOf, offline
from evals.comparing import Side, compare
from evals.engine import Job, evaluate
from evals.gate import Verdict, judge
from evals.results import CaseResult, Identity
from evals.rooms import PRODUCT, Parts
from evals.sides import metrics_of
from evals.standing import standings
from evals.suite import About, Case, Suite, SuiteName
from retrieval.chunking import split
from retrieval.dossier import Dossier
from retrieval.records import Passage, Record
from retrieval.search import Hit, Searcher

if TYPE_CHECKING:
    from briefs.engine import Embed, Read
    from briefs.needs import Shelf
    from briefs.reading.sentences import Sentence
    from briefs.subject import Subject
    from briefs.wiring import Workspace


@dataclass(frozen=True)
class Variant:
    """The product, or the product with one part changed."""

    engine: EngineOf = offline
    parts: Parts = PRODUCT
    settings: Mapping[str, object] = field(default_factory=dict[str, object])


def lowered(folder: Path, **thresholds: float) -> Variant:
    """The product with these thresholds of the rubric, in a file of its own in `folder`. Raises KeyError for one that is not there."""
    lines = Path(rubrics.__file__).with_name("rubric.yaml").read_text("utf-8").splitlines()
    for name, value in thresholds.items():
        place = next((at for at, line in enumerate(lines) if line.startswith(f"{name}:")), None)
        if place is None:
            raise KeyError(name)
        lines[place] = f"{name}: {value:g}"
    path = folder / "rubric.yaml"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return Variant(settings={"rubric": path})


class Changed:
    """The offline engine whose sections, or whose court, are changed before anything is verified."""

    examples: tuple[str, ...] = ()

    def __init__(
        self, engine: OfflineEngine, sentences: Callable[[tuple[Section, ...]], tuple[Section, ...]], court: Callable[[Court], Court]
    ) -> None:
        self._engine, self._sentences, self._court = engine, sentences, court
        self.version = engine.version

    @property
    def embed(self) -> Embed:
        return self._engine.embed

    def read(self, sentences: Sequence[Sentence], dossier: Dossier, subject: Subject, shelf: Shelf, hits: Sequence[Hit]) -> Read:
        return self._engine.read(sentences, dossier, subject, shelf, hits)

    def write(self, material: Material, result: AccountResult, court: Court) -> tuple[BriefBody, AccountResult]:
        court = self._court(court)
        kept, rejected = verified(self._sentences(sections(material)), court)
        return assemble(material, result, kept, rejected, court), result


def boasting(*, checked: bool) -> Variant:
    """A writer that adds a number of its own to each need; `checked` False: and a verifier that no longer looks at figures."""
    checks = {name: check for name, check in CHECKS.items() if checked or name != "figures"}
    return Variant(engine=lambda home: Changed(home.offline_engine, _boast, lambda court: replace(court, checks=checks)))


def _boast(told: tuple[Section, ...]) -> tuple[Section, ...]:
    """Each section's first sentence with evidence once more, with a number that stands nowhere."""

    def louder(section: Section) -> Section:
        first = next((claim for claim in section.claims if claim.evidence), None)
        if first is None:
            return section
        boast = first.model_copy(update={"id": f"{first.id}-x", "text": f"{first.text} (4711)"})
        return section.model_copy(update={"claims": (*section.claims, boast)})

    return tuple(map(louder, told))


def uncited() -> Variant:
    """A writer for whom the rule that every sentence names its evidence was dropped: every second one names none, and nothing checks it."""

    def forget(told: tuple[Section, ...]) -> tuple[Section, ...]:
        return tuple(section.model_copy(update={"claims": tuple(_bare(c) if n % 2 else c for n, c in enumerate(section.claims))}) for section in told)

    return Variant(engine=lambda home: Changed(home.offline_engine, forget, lambda court: replace(court, checks={})))


def _bare(claim: Claim) -> Claim:
    return claim.model_copy(update={"evidence": ()})


def forgetful_chunker() -> Variant:
    """A chunker that keeps the first passage of each part and loses the rest."""

    def cut(record: Record, account_name: str) -> list[Passage]:
        return list({passage.part: passage for passage in reversed(split(record, account_name))}.values())

    return Variant(parts=Parts(cut=cut))


class Upended(Searcher):
    """A retriever that gives the worst of its candidates first."""

    def search(self, account_id: str, questions: Sequence[str], k: int, as_of: date | None = None) -> list[list[Hit]]:
        found = super().search(account_id, questions, 1000, as_of)
        return [list(reversed(hits))[:k] for hits in found]


def upended_retriever() -> Variant:
    return Variant(parts=Parts(searcher=Upended))


def measured(suite: Suite, cases: Sequence[Case], variant: Variant, models: Workspace) -> Side:
    """What the product, or the changed one, gives for these cases, as one side of a comparison. In this process, one case after another."""
    results: list[CaseResult] = []
    loaded = [scorers.load(name) for name in suite.about.scorers]
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder) / "work", models.settings.model_copy(update=dict(variant.settings)), variant.engine, models, variant.parts)
        try:
            jobs = [Job(case, 0, case.id) for case in cases]
            evaluate(jobs, lambda job: bench.make(job.case), lambda _: loaded, results.append, concurrency=1)
        finally:
            bench.close()
    return side(suite, results)


def side(suite: Suite, results: Sequence[CaseResult], repeats: int = 1, *, figures: bool = True) -> Side:
    """Results as one side of a comparison, with the figures of the suite's scorers unless they are not wanted."""
    cases = standings(results, suite.about)
    return Side(
        label="planted",
        identity=Identity(engine="offline"),
        suites={suite.name: suite.hash},
        repeats=repeats,
        partial=len(cases) < len(suite.cases),
        cases={suite.name: cases},
        metrics={suite.name: tuple(metrics_of(results, list(cases.values()), suite))} if figures else {},
    )


def gated(suite: Suite, baseline: Side, candidate: Side) -> Verdict:
    """The gate's verdict on the two."""
    about: dict[SuiteName, About] = {suite.name: suite.about}
    return judge(compare(baseline, candidate, about), baseline, candidate, about)
