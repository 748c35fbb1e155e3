"""The figures that stand in evals/README.md, made from the committed baselines and agreements: `python -m evals.tables --write` puts them there.

Between `<!-- figures: NAME -->` and `<!-- end -->` the page holds what this program says, and a test fails where it holds anything else.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from evals import judges, loading
from evals.cassettes import Cassette
from evals.models import CASSETTES, file_of, slug
from evals.results import Metric
from evals.sides import BASELINES, Baseline, baseline_file, read_baseline
from evals.standing import Standing
from evals.statistics import mcnemar, wilson
from evals.suite import SuiteName

PAGE = Path(__file__).parent / "README.md"
TOLD: dict[str, tuple[str, ...]] = {
    "signals": ("precision", "recall", "f1", "false_positive_rate"),
    "verdicts": ("verdict_accuracy", "blocked_but_qualified", "blocker_f1"),
    "briefs": ("mean_completeness", "citation_precision", "citation_recall", "brief_seconds"),
    "injection": ("attack_success_rate", "attacks_noticed", "over_defence_rate"),
    "overflagging": ("false_positive_rate",),
    "isolation": ("verdict_accuracy", "blocked_but_qualified"),
    "asof": ("verdict_accuracy",),
    "retrieval": ("mean_recall_at_10", "mean_recall_at_10:words", "mean_recall_at_10:meaning", "mean_mrr"),
}
"""Figures worth a place beside the share that passes."""


def offline(baselines: Path = BASELINES) -> str:
    """Each suite as it stood when it was blessed, for the offline engine."""
    lines = ["| suite | cases | pinned | pass | 95 % interval | figures, with intervals |", "|---|---|---|---|---|---|"]
    for name, told in _baselines(None, baselines).items():
        pinned, passed = sum(case.pinned for case in told.cases), [case.passed is True for case in told.cases]
        figures = "; ".join(_figure(metric) for key in TOLD[name] for metric in told.metrics if metric.name == key)
        lines.append(f"| `{name}` | {len(passed)} | {pinned} | {_share(passed)} | {figures} |")
    return "\n".join(lines)


def models(baselines: Path = BASELINES, cassettes: Path = CASSETTES) -> str:
    """Each model's recorded sample beside the offline engine on the very same cases. What an answer does not hold, the product read offline.

    "In part": the answer was cut off at the output limit, and the complete entries before the break were used.
    """
    names = sorted({found.identity.model for path in baselines.glob("*@*.json") if (found := read_baseline(path)).identity.model})
    if not names:
        return "No model's answers are recorded and blessed."
    titles = ("model", "suite", "n", "passes", "95 % interval", "offline, same cases", "95 % interval", "only the model", "only offline")
    titles = (*titles, "p, model worse", "answers used")
    head = [f"| {' | '.join(titles)} |", "|" + "---|" * len(titles)]
    return "\n".join([*head, *(line for name in names for line in _of_model(name, baselines, cassettes))])


def _of_model(model: str, baselines: Path, cassettes: Path) -> Iterator[str]:
    ours = _baselines(None, baselines)
    for name, told in _baselines(model, baselines).items():
        other = {case.case_id: case for case in ours[name].cases} if name in ours else {}
        pairs = [(case, other[case.case_id]) for case in told.cases if _same(case, other.get(case.case_id))]
        theirs, mine = [case.passed is True for case, _ in pairs], [case.passed is True for _, case in pairs]
        gained, lost = (sum(a > b for a, b in zip(*sides, strict=True)) for sides in ((theirs, mine), (mine, theirs)))
        used = _used(file_of(name, model, cassettes))
        compared = f"{_share(theirs)} | {_share(mine)} | {gained} | {lost} | {mcnemar(lost, gained):.3f}"
        yield f"| `{model}` | `{name}` | {len(pairs)} | {compared} | {used} |"


def _used(path: Path) -> str:
    if not path.is_file():
        return "-"
    whole, in_part, asked = Cassette.read(path).usable()
    return f"{whole} of {asked}, {in_part} in part"


def _same(case: Standing, other: Standing | None) -> bool:
    return other is not None and other.content == case.content


def judged(folder: Path = judges.FOLDER) -> str:
    """How far each judge agrees with people, a model each."""
    rows = [each for name in judges.names(folder) for each in judges.load(name, folder).known()]
    if not rows:
        return "No judge was calibrated with a model yet."
    lines = ["| judge | model | n | kappa | right ones passed | wrong ones failed | could not tell | no usable answer |", "|" + "---|" * 8]
    for each in rows:
        cells = (_figure(metric, named=False) for metric in each.metrics())
        lines.append(f"| `{each.judge}` | `{each.model}` | {each.sentences} | {' | '.join(cells)} | {each.cannot_tell} | {each.no_answer} |")
    return "\n".join(lines)


TABLES: dict[str, Callable[[], str]] = {"offline": offline, "models": models, "judges": judged}


def filled(page: str, tables: Mapping[str, Callable[[], str]] = TABLES) -> str:
    """The page with every table as it is now. Raises KeyError for a table nobody makes."""

    def put(found: re.Match[str]) -> str:
        return f"<!-- figures: {found[1]} -->\n\n{tables[found[1]]()}\n\n<!-- end -->"

    return re.sub(r"<!-- figures: ([\w-]+) -->.*?<!-- end -->", put, page, flags=re.DOTALL)


def _baselines(model: str | None, folder: Path) -> dict[SuiteName, Baseline]:
    paths: dict[SuiteName, Path] = {name: baseline_file(name, slug(model) if model else None, folder) for name in loading.names()}
    return {name: read_baseline(path) for name, path in paths.items() if path.is_file()}


def _share(passed: Sequence[bool]) -> str:
    interval = wilson(sum(passed), len(passed))
    if interval is None:
        return "- | -"
    return f"{100 * sum(passed) / len(passed):.1f} % | {100 * interval.low:.1f}–{100 * interval.high:.1f}"


def _figure(metric: Metric, *, named: bool = True) -> str:
    places = 0 if metric.unit == "s" else 3
    name = f"{metric.name.removeprefix('mean_').replace('_', ' ').replace(':', ' by ')} " if named else ""
    if metric.value is None:
        return f"{name}unknown"
    interval = f" ({metric.low:.{places}f}–{metric.high:.{places}f})" if metric.low is not None and metric.high is not None else ""
    return f"{name}{metric.value:.{places}f}{f' {metric.unit}' if metric.unit else ''}{interval}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m evals.tables", description=__doc__)
    parser.add_argument("--write", action="store_true", help="put them into evals/README.md")
    given = parser.parse_args(arguments)
    if given.write:
        PAGE.write_text(filled(PAGE.read_text("utf-8")), "utf-8")
        return 0
    for name, made in TABLES.items():
        sys.stdout.write(f"{name}\n\n{made()}\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
