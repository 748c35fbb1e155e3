"""Asks judges about their own labelled sets: of a model that is there, or of the answers it gave before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from briefs.models import LanguageModel
from evals import judges
from evals.cassettes import Cassette, asking_for
from evals.judges.agreement import Agreement
from evals.models import CASSETTES, as_recorded, file_of, head_of, opened_for_replay, opened_to_ask
from evals.wishes import Progress

if TYPE_CHECKING:
    from briefs.wiring import Workspace

CalibrationMode = Literal["live", "record", "replay"]
"""`live` keeps the agreement alone, `record` also every answer; `replay` asks nobody."""


@dataclass(frozen=True)
class Calibration:
    """Which judges, of which model (`provider:name`), and where its answers and the agreement are kept (None: each judge's own folder)."""

    names: Sequence[str]
    model: str
    mode: CalibrationMode = "live"
    cassettes: Path = CASSETTES
    kept: Path | None = None


def calibrate(wish: Calibration, opened: Workspace, progress: Progress) -> list[Agreement]:
    """The agreement of each judge with people, measured and kept. What was recorded before an interruption is not asked again.

    Raises CassetteMiss (replay), NotAnswered where the model is out of reach, SuiteFault for a judge or labelled set that is not sound.
    """
    found = [judges.load(name, kept=wish.kept) for name in wish.names]
    return [_measured(judge, wish, opened, progress) for judge in found]


def _measured(judge: judges.Judge, wish: Calibration, opened: Workspace, progress: Progress) -> Agreement:
    settings = opened.settings.model_copy(update={"model": wish.model})
    path, day = file_of(f"judges/{judge.NAME}", wish.model, wish.cassettes), opened.now().date()
    if wish.mode == "replay":
        cassette = Cassette.read(path, f"Record it: briefs eval calibrate {judge.NAME} --judge-model {wish.model} --mode record.")
        model: LanguageModel = opened_for_replay(as_recorded(settings, cassette.head), cassette).model
        day = cassette.head.recorded
    else:
        head = head_of(f"judges/{judge.NAME}", settings, day)
        recorded = Cassette.begin(path, head) if wish.mode == "record" else None
        model = opened_to_ask(opened, settings, recorded, opened.settings.max_cost).model
    with asking_for(judge.NAME, 0):
        return judge.agreement(model, day, _told(judge.NAME, progress))


def _told(name: str, progress: Progress) -> Callable[[int, int], None]:
    return lambda done, total: progress(name, done, total)
