"""`briefs eval case-from`, `review`, `shadow` and `backtest`: what people did with briefs becomes cases, and candidates are held against it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.days import Day
from api.cli.evaluating import opened
from api.cli.importing import clean
from api.cli.session import bar, note, out, put_json
from briefs.errors import BadInput

if TYPE_CHECKING:
    from briefs.wiring import Workspace
    from evals.bench import EngineOf
    from evals.life.proposing import Proposal


def case_from(home: Path | None, brief: str, json: bool) -> None:
    from evals.life.proposing import keep, propose

    with opened(home) as workspace:
        proposals = propose(brief, workspace.store, workspace.archive)
        paths = [keep(proposal, workspace.home) for proposal in proposals]
    if json:
        put_json(
            [{"id": p.case_id, "suite": p.suite, "file": str(path), "names_left": p.names_left} for p, path in zip(proposals, paths, strict=True)]
        )
        return
    for proposal, path in zip(proposals, paths, strict=True):
        out().print(f"{proposal.case_id} is proposed for {proposal.suite}: {path}")
    if not proposals:
        out().print("Nothing can be learned from it yet: nobody edited, rejected or declined it, and nothing was won.")
    elif proposals[0].names_left:
        note(f"briefs: these may still be names: {', '.join(clean(name) for name in proposals[0].names_left[:20])}. Look before you accept.")


def review(home: Path | None, case: str | None, accept: bool, reject: bool, into: Path | None, json: bool) -> None:
    from evals.life import proposing
    from evals.suite import SUITES_FOLDER

    if accept and reject:
        raise BadInput("A case is accepted or rejected, not both.", "Give one of --accept and --reject.")
    if case is None and (accept or reject):
        raise BadInput("No case is named.", "`briefs eval review` lists those that wait; name one of them.")
    with opened(home) as workspace:
        root = workspace.home
        if case is None:
            _list(proposing.waiting(root), json)
            return
        if accept:
            written = [str(path) for path in proposing.accept(case, root, into or SUITES_FOLDER)]
            said, told = f"{case} is in its suite now: {', '.join(written)}", {"accepted": case, "files": written}
        elif reject:
            proposing.reject(case, root)
            said, told = f"{case} is thrown away.", {"rejected": case}
        else:
            path = root / proposing.PROPOSED / f"{case}.yaml"
            proposal = proposing.read(path)
            said, told = (
                clean(path.read_text("utf-8")),
                {"id": case, "suite": proposal.suite, "case": proposal.case, "names_left": proposal.names_left},
            )
    if json:
        put_json(told)
    else:
        out().print(said, markup=False)


def _list(proposals: list[Proposal], json: bool) -> None:
    if json:
        put_json([{"id": p.case_id, "suite": p.suite, "why": p.case.get("why", ""), "names_left": p.names_left} for p in proposals])
        return
    for p in proposals:
        out().print(f"{p.case_id}  {p.suite}  {p.case.get('why', '')}", markup=False)
    if not proposals:
        out().print("No case waits for review.")


def shadow(home: Path | None, prompts: Path | None, model: str | None, since: Day | None, json: bool) -> None:
    from evals.life import shadow as shadows

    with opened(home, prompts=prompts, model=model) as workspace, tempfile.TemporaryDirectory() as work:
        engine = _engine(workspace, prompts)
        with bar("Shadowing", shown=not json) as progress:
            found = shadows.run(workspace, engine, Path(work), since.date if since else None, progress)
    if not found.looked and not found.skipped:
        of = f" as of {since.date} or later" if since else ""
        raise BadInput(f"No dossier{of} is stored here.", "A scan stores one an account: briefs scan.")
    flips = [one for one in found.looked if one.flipped]
    lost = [one for one in found.looked if one.lost]
    amounts = [one.amount for one in found.looked]
    amount = None if None in amounts else sum(a for a in amounts if a is not None)
    if json:
        told = [one.model_dump(mode="json") for one in found.looked]
        put_json(
            {"looked_at": len(told), "erased": found.skipped, "flips": len(flips), "accepted_lost": len(lost), "amount": amount, "dossiers": told}
        )
        return
    console = out()
    console.print(f"{len(found.looked)} dossiers looked at, {len(flips)} verdicts flip, cost {'unknown' if amount is None else f'{amount:.4f}'}.")
    for one in flips:
        because = " (a person's override held then)" if one.overridden else ""
        console.print(f"  {one.account_id} as of {one.as_of}: {one.before} → {one.after}{because}")
    gained, gone = sum(len(one.claims_gained) for one in found.looked), sum(len(one.claims_lost) for one in found.looked)
    console.print(f"Sentences of briefs: {gained} gained, {gone} lost.")
    for one in lost:
        console.print(f"  sales accepted {one.brief_id} ({one.account_id}); the candidate says {one.after}, product {one.sku_after or 'none'}")
    console.print(f"Accepted hand-offs it would have lost: {len(lost)}.")


def _engine(workspace: Workspace, prompts: Path | None) -> EngineOf:
    """The candidate: its model where one is set, else the offline engine (which prompts do not move)."""
    from evals.bench import offline
    from evals.models import engine_of, opened_to_ask

    if workspace.settings.model:
        return engine_of(opened_to_ask(workspace, workspace.settings, None, None), workspace.settings)
    if prompts is not None:
        note("briefs: no model is set, so the offline engine runs, and prompts change nothing. Set BRIEFS_MODEL or --model.")
    return offline


def backtest(home: Path | None, months: int, json: bool) -> None:
    from evals.life import backtest as backtests
    from evals.report_page import figure

    with opened(home) as workspace, bar("Looking back", shown=not json) as progress:
        found = backtests.look_back(workspace, months, progress)
    if json:
        put_json(found)
        return
    console = out()
    console.print(f"{len(found.days)} month ends to {found.days[-1]}, {found.accounts} accounts known until {found.known_until}:", end=" ")
    console.print(f"{found.flags} flags, {found.wins} expansions won.")
    for metric in found.metrics:
        interval = f" ({figure(metric.low)}–{figure(metric.high)})" if metric.low is not None else ""
        console.print(f"  {metric.name.replace('_', ' ')}: {figure(metric.value)}{interval}, n = {metric.n} {metric.note}")
    for missed in found.missed:
        console.print(f"  missed: {missed}")
    if found.warning:
        note(f"briefs: {found.warning}.")
