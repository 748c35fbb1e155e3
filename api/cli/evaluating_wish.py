"""What `briefs eval run` was asked to run, as a wish the evaluation understands; whoever names what is not there is told what is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from briefs.errors import BadInput

if TYPE_CHECKING:
    from briefs.wiring import Workspace
    from evals.suite import Suite
    from evals.wishes import Wish

MOST_NAMED = 12
"""Names a hint lists."""


@dataclass(frozen=True)
class Asked:
    """What to run, as the command line names it."""

    suite: str = "all"
    mode: str = "offline"
    repeat: int = 1
    tags: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    only_failing: str | None = None
    resume: str | None = None
    max_cost: float | None = None
    prompts: Path | None = None
    rubric: Path | None = None
    model: str | None = None
    judge_model: str | None = None
    workers: int = 2


def wish_of(workspace: Workspace, asked: Asked) -> Wish:
    """Raises BadInput and EvalError: no such mode, suite, case, tag or run, no model, or nothing left to run."""
    from evals import loading
    from evals.results import Mode
    from evals.wishes import Wish

    if asked.mode not in get_args(Mode):
        raise BadInput(f"No mode is called {asked.mode[:40]!r}.", f"There are {', '.join(get_args(Mode))}.")
    if asked.mode in ("record", "live") and not workspace.settings.model:
        raise BadInput("No model is set.", "Set BRIEFS_MODEL, or name one with --model provider:name.")
    names = tuple(loading.names()) if asked.suite == "all" else (asked.suite,)
    told: dict[str, Any] = {"mode": asked.mode, "repeats": asked.repeat, "only": _only(workspace, asked, names)}
    if asked.resume:
        names, told = _as_before(workspace, asked.resume)
    return Wish(names, tags=asked.tags, workers=asked.workers, max_cost=asked.max_cost, judge=asked.judge_model, **told)


def without_effect(asked: Asked) -> Iterator[str]:
    """What was asked for and changes nothing."""
    named = [name for name, given in (("--prompts", asked.prompts), ("--model", asked.model), ("--max-cost", asked.max_cost)) if given is not None]
    if asked.mode == "offline" and not asked.resume and named:
        yield f"offline asks no model to read or write, so {' and '.join(named)} {'change' if len(named) > 1 else 'changes'} nothing; see --mode"


def _only(workspace: Workspace, asked: Asked, names: Sequence[str]) -> dict[str, frozenset[str]] | None:
    """The cases that are chosen by name or by an earlier run; None: all."""
    from evals import loading
    from evals.checking import failing

    if asked.tags or asked.cases:
        _known([loading.load(name) for name in names], asked)
    if asked.cases:
        return dict.fromkeys(names, frozenset(asked.cases))
    if asked.only_failing is None:
        return None
    failed = {suite: cases for suite, cases in failing(workspace.home, asked.only_failing).items() if suite in names}
    if not any(failed.values()):
        raise BadInput("Every case of these suites passed in that run.", "There is nothing to run again.")
    return failed


def _known(suites: Sequence[Suite], asked: Asked) -> None:
    """Raises BadInput for a case or a tag that is in none of the suites."""
    cases = [case.id for suite in suites for case in suite.cases]
    tags = sorted({tag for suite in suites for case in suite.cases for tag in case.tags})
    where = suites[0].name if len(suites) == 1 else "any suite"
    for what, given, there in (("case", asked.cases, cases), ("tag", asked.tags, tags)):
        for name in given:
            if name in there:
                continue
            near = get_close_matches(name, there, MOST_NAMED if what == "tag" else 3, 0.4)
            listed = near or there[:MOST_NAMED]
            hint = f"{'Close to it' if near else 'There are'}: {', '.join(listed)}." if listed else "There are none."
            raise BadInput(f"There is no {what} {name[:60]!r} in {where}.", hint)


def _as_before(workspace: Workspace, run: str) -> tuple[tuple[str, ...], dict[str, Any]]:
    """The suites of a run that was stopped, and its mode, repeats and cases."""
    from evals.runlog import find, read

    head = read(find(workspace.home, run)).head
    only = {suite: frozenset(cases) for suite, cases in head.chosen.items()}
    return tuple(head.chosen), {"mode": head.mode, "repeats": head.repeats, "only": only}
