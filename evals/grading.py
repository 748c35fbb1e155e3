"""Who grades the cases of a suite that names judges: a model that is not the writer's own, the answers it gave before, or nobody."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from evals import judges
from evals.cassettes import Cassette, asking_for
from evals.engine import Grade, Job
from evals.models import JUDGE, as_recorded, file_of, head_of, opened_for_replay, opened_to_ask, slug
from evals.results import Score
from evals.wishes import Stage, Wish

if TYPE_CHECKING:
    from briefs.models import LanguageModel
    from briefs.wiring import Workspace
    from evals.bench import Made


def check(wish: Wish, stages: Sequence[Stage]) -> None:
    """Before anything is run. Raises SuiteFault where the judge would grade its own writing, CassetteMiss where its answers were never recorded."""
    for stage in stages:
        if wish.judge is None or not stage.suite.about.judges:
            continue
        judges.apart(wish.judge, stage.settings.model if wish.mode != "offline" else None)
        if wish.mode == "replay":
            Cassette.read(_file(stage, wish, wish.judge))


def grade_of(stage: Stage, wish: Wish, opened: Workspace) -> Grade | None:
    """Asks the judges of a suite; without a model for them they say "not scored". None where the suite names no judge."""
    named = [judges.load(name) for name in stage.suite.about.judges]
    if not named:
        return None
    model = _model(stage, wish, opened)

    def grade(job: Job, made: Made) -> list[Score]:
        with asking_for(job.case.id, job.repeat):
            return [score for judge in named for score in judge.grade(job.case, made.output, made.dossier, model)]

    return grade


def _model(stage: Stage, wish: Wish, opened: Workspace) -> LanguageModel | None:
    if wish.mode == "replay":
        return _recorded(stage, wish)
    if wish.judge is None:
        return None
    settings = stage.settings.model_copy(update={"model": wish.judge})
    cassette = None
    if wish.mode == "record":
        head = head_of(stage.suite.name, settings, opened.now().date(), wish.repeats)
        cassette = Cassette.begin(_file(stage, wish, wish.judge), head)
    return opened_to_ask(opened, settings, cassette, wish.max_cost).model


def _recorded(stage: Stage, wish: Wish) -> LanguageModel | None:
    """The judge that is named, else the only one that was recorded for this writer's answers."""
    found = [_file(stage, wish, wish.judge)] if wish.judge else sorted((wish.cassettes / stage.suite.name).glob(f"{JUDGE}*.jsonl"))
    if len(found) != 1:
        return None
    cassette = Cassette.read(found[0])
    return opened_for_replay(as_recorded(stage.settings, cassette.head), cassette).model


def _file(stage: Stage, wish: Wish, judge: str) -> Path:
    return file_of(stage.suite.name, f"{JUDGE}{slug(judge)}", wish.cassettes)
