"""The commands of `briefs eval`: what each takes. What it does stands in evaluating.py, which is imported when a command runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.days import Day

app = typer.Typer(
    name="eval",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Prompt regression: run suites, compare runs, bless baselines, make cases from what people did.",
    epilog="A change, from start to end: `briefs eval run SUITE` compares it with the baseline, `briefs eval show CASE` says why a case failed, "
    "`briefs eval bless RUN` makes the run the baseline. "
    "Exit codes: 0 pass or warning, 1 a regression, 2 bad use, 3 a service is missing, 4 cannot tell.",
)

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
RunName = Annotated[str, typer.Argument(metavar="RUN", help="A run's id, the beginning of it, or `last`.")]
Prompts = Annotated[Path | None, typer.Option("--prompts", help="A folder of prompts to try in place of those that ship.")]
Model = Annotated[str | None, typer.Option("--model", help="provider:name; default: BRIEFS_MODEL.")]


@app.command(
    "run",
    epilog="Other prompts on a model: --mode live --model openai:NAME --prompts FOLDER --max-cost 2. Only what failed: --only-failing last. "
    "After a stop: --resume last.",
)
def run(
    context: typer.Context,
    suite: Annotated[str, typer.Argument(help="A suite's name, or `all`.")] = "all",
    mode: Annotated[str, typer.Option("--mode", help="offline, replay (recorded answers), record, or live.")] = "offline",
    repeat: Annotated[int, typer.Option("--repeat", min=1, max=20, help="Runs of each case; most of them decide.")] = 1,
    tag: Annotated[list[str] | None, typer.Option("--tag", help="Only cases with this tag, or any of several given.")] = None,
    case: Annotated[list[str] | None, typer.Option("--case", help="Only this case, by id; may be given again.")] = None,
    only_failing: Annotated[
        str | None, typer.Option("--only-failing", metavar="RUN", help="Only what did not pass in that run: its id, or `last`.")
    ] = None,
    resume: Annotated[str | None, typer.Option("--resume", metavar="RUN", help="Go on with a run that was stopped: its id, or `last`.")] = None,
    max_cost: Annotated[float | None, typer.Option("--max-cost", min=0, help="Stop asking the model at this cost.")] = None,
    prompts: Prompts = None,
    rubric: Annotated[Path | None, typer.Option("--rubric", help="A rubric to try in place of the one in use.")] = None,
    model: Model = None,
    judge_model: Annotated[str | None, typer.Option("--judge-model", help="The model that grades, where a suite names judges.")] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="Processes for the offline engine.")] = 2,
    json: Json = False,
) -> None:
    """Run a suite, compare it with the committed baseline, write the report."""
    from api.cli import evaluating

    wish = evaluating.Asked(
        suite, mode, repeat, tuple(tag or ()), tuple(case or ()), only_failing, resume, max_cost, prompts, rubric, model, judge_model, workers
    )
    evaluating.run(context.obj, wish, json)


@app.command("check")
def check(
    context: typer.Context,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="Processes.")] = 2,
    json: Json = False,
) -> None:
    """Every suite offline, and all recorded answers by replay, against the committed baselines (`make evals`)."""
    from api.cli import evaluating

    evaluating.check(context.obj, workers, json)


@app.command("compare", epilog="`briefs eval list` names the runs; `last` is the newest: briefs eval compare baseline last.")
def compare(
    context: typer.Context,
    one: Annotated[str, typer.Argument(metavar="A", help="A run, or `baseline`.")],
    other: Annotated[str, typer.Argument(metavar="B", help="The run that is judged.")],
    json: Json = False,
) -> None:
    """Compare two runs case by case. Exit code 1 where B is worse, 4 where it cannot be told."""
    from api.cli import evaluating

    evaluating.compare(context.obj, one, other, json)


@app.command(
    "bless", epilog="Writes evals/baselines/SUITE.json, which somebody reads in the commit. A part of a suite, or cases not measured: refused."
)
def bless(context: typer.Context, run: RunName, json: Json = False) -> None:
    """Make a run the committed baseline of its suites. The only way a baseline changes."""
    from api.cli import evaluating

    evaluating.bless(context.obj, run, json)


@app.command("rescore")
def rescore(context: typer.Context, run: RunName, json: Json = False) -> None:
    """Score what a run gave anew, without asking the product or a model."""
    from api.cli import evaluating

    evaluating.rescore(context.obj, run, json)


@app.command("show")
def show(
    context: typer.Context,
    case: Annotated[str, typer.Argument(help="A case's id.")],
    run: Annotated[list[str] | None, typer.Option("--run", help="A run; give two to see both sides. Default: the last.")] = None,
    json: Json = False,
) -> None:
    """One case: what was asked, expected and given, with the evidence, on one or both sides."""
    from api.cli import evaluating

    evaluating.show(context.obj, case, run or ["last"], json)


@app.command("list")
def list_runs(context: typer.Context, json: Json = False) -> None:
    """The suites there are, and the runs of this home, newest first."""
    from api.cli import evaluating

    evaluating.list_runs(context.obj, json)


@app.command("calibrate")
def calibrate(
    context: typer.Context,
    judge: Annotated[str, typer.Argument(help="A judge's name, or `all`.")],
    judge_model: Annotated[str, typer.Option("--judge-model", help="The model that grades, provider:name.")],
    mode: Annotated[str, typer.Option("--mode", help="live, record (keep every answer too), or replay (recorded answers).")] = "live",
    kept: Annotated[Path | None, typer.Option("--into", help="Where the agreement is kept; default: the judge's own folder.")] = None,
    json: Json = False,
) -> None:
    """Ask a judge about its own labelled set and print how far it agrees with people: kappa and both rates, with intervals."""
    from api.cli import evaluating_judges

    evaluating_judges.calibrate(context.obj, judge, judge_model, mode, kept, json)


@app.command("stale")
def stale(context: typer.Context, json: Json = False) -> None:
    """Baselines blessed with other prompts or another rubric than those here. Exit code 1 where there are any."""
    from api.cli import evaluating

    evaluating.stale(json)


@app.command("case-from")
def case_from(
    context: typer.Context,
    brief: Annotated[str, typer.Argument(help="A brief or a hand-off, by id.")],
    json: Json = False,
) -> None:
    """Propose cases from what people did with a brief: an edit, a rejection, a decline or an outcome. Names are replaced."""
    from api.cli import evaluating_life

    evaluating_life.case_from(context.obj, brief, json)


@app.command("review")
def review(
    context: typer.Context,
    case: Annotated[str | None, typer.Argument(help="A proposed case's id; none: those that wait.")] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Put it into its suite.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="Throw it away.")] = False,
    into: Annotated[Path | None, typer.Option("--into", help="The folder of suites it goes into; default: evals/suites.")] = None,
    json: Json = False,
) -> None:
    """Look at proposed cases, and put them into a suite or throw them away."""
    from api.cli import evaluating_life

    evaluating_life.review(context.obj, case, accept, reject, into, json)


@app.command("shadow", epilog="Nothing is stored and nobody is told. Prompts need a model: --prompts FOLDER --model openai:NAME.")
def shadow(
    context: typer.Context,
    prompts: Prompts = None,
    model: Model = None,
    since: Annotated[
        Day | None, typer.Option("--since", parser=Day.parse, metavar="DATE", help="Only dossiers as of this day or later; default: all.")
    ] = None,
    json: Json = False,
) -> None:
    """Run a candidate over the dossiers stored here: verdicts that flip, claims gained and lost, cost, accepted hand-offs it would lose."""
    from api.cli import evaluating_life

    evaluating_life.shadow(context.obj, prompts, model, since, json)


@app.command("backtest", epilog="Needs the past: opportunities with closed_at, and best a row of `accounts` a month, dated with `at`.")
def backtest(
    context: typer.Context,
    months: Annotated[int, typer.Option("--months", min=1, max=36, help="How many past month ends to look from.")] = 12,
    json: Json = False,
) -> None:
    """Scan as of past month ends and compare flags with expansions won later: precision at k, lead time, missed wins."""
    from api.cli import evaluating_life

    evaluating_life.backtest(context.obj, months, json)
