"""The log of a run: its head, then each result as it comes, a line each. What was written before a process is killed is kept."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from pydantic import ValidationError

from evals.errors import NoSuchRun
from evals.results import CaseResult, RunHead

LOG = "log.jsonl"
RUNS = Path("evals") / "runs"


@dataclass(frozen=True)
class Run:
    """A run with its results: one a case and repeat, in order of suite, case and repeat."""

    head: RunHead
    results: tuple[CaseResult, ...]

    def of_suite(self, suite: str) -> list[CaseResult]:
        return [result for result in self.results if result.suite == suite]


class RunLog:
    """Appends to a run's log from any thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        path = folder / LOG
        if path.is_file():
            _cut_torn(path)
        self._stream = path.open("ab")

    def write(self, line: RunHead | CaseResult) -> None:
        """Written through to the system at once: a process killed afterwards loses nothing."""
        with self._lock:
            self._stream.write(line.model_dump_json(exclude_defaults=True).encode() + b"\n")
            self._stream.flush()

    def __enter__(self) -> RunLog:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        os.fsync(self._stream.fileno())
        self._stream.close()


def _cut_torn(path: Path) -> None:
    """A line a killed process began and did not end is taken out, so that the next does not run into it."""
    told = path.read_bytes()
    whole = told.rfind(b"\n") + 1
    if whole < len(told):
        os.truncate(path, whole)


def read(folder: Path) -> Run:
    """A run from its folder; a torn last line is as good as not written. Raises NoSuchRun."""
    path = folder / LOG
    if not path.is_file():
        raise NoSuchRun(f"There is no run {folder.name[:60]!r}.", "`briefs eval list` names the runs there are.")
    with path.open("rb") as stream:
        lines = [line for line in stream if line.endswith(b"\n")]
    if not lines:
        raise NoSuchRun(f"The run {folder.name[:60]!r} was stopped before it began.", "Run it again.")
    try:
        head = RunHead.model_validate_json(lines[0])
        results = [CaseResult.model_validate_json(line) for line in lines[1:]]
    except ValidationError as fault:
        raise NoSuchRun(f"The run {folder.name[:60]!r} was written by another version of the program.", "Run it again.") from fault
    return Run(head, ordered(results))


def of_case(folder: Path, suite: str, case_id: str) -> list[CaseResult]:
    """What one case gave, repeat by repeat; nothing where the log is gone or of another version. Only its own lines are read."""
    path, named = folder / LOG, case_id.encode()
    if not path.is_file():
        return []
    with path.open("rb") as stream:
        lines = [line for n, line in enumerate(stream) if n and named in line and line.endswith(b"\n")]
    try:
        results = [CaseResult.model_validate_json(line) for line in lines]
    except ValidationError:
        return []
    return list(ordered([result for result in results if (result.suite, result.case_id) == (suite, case_id)]))


def ordered(results: Sequence[CaseResult]) -> tuple[CaseResult, ...]:
    """Each case and repeat once, the last one written."""
    last = {(result.suite, result.case_id, result.repeat): result for result in results}
    return tuple(last[key] for key in sorted(last))


def newest_first(home: Path) -> Iterator[Path]:
    """The folders of the runs in a home."""
    folder = home / RUNS
    if folder.is_dir():
        yield from sorted((path for path in folder.iterdir() if (path / LOG).is_file()), key=lambda path: path.name, reverse=True)


def find(home: Path, name: str) -> Path:
    """The folder of a run by its id, the beginning of it, `last`, or a path. Raises NoSuchRun."""
    if (Path(name) / LOG).is_file():
        return Path(name)
    folders = list(newest_first(home))
    if name == "last" and folders:
        return folders[0]
    found = [path for path in folders if path.name == name] or [path for path in folders if name and path.name.startswith(name)]
    if len(found) == 1:
        return found[0]
    said = f"{len(found)} runs begin with {name[:60]!r}." if found else f"There is no run {name[:60]!r}."
    raise NoSuchRun(said, "`briefs eval list` names the runs there are.")
