"""`demo`: the sample portfolio imported, scanned and read, in one command."""

from __future__ import annotations

import shutil
import sys
from datetime import date
from importlib import resources
from pathlib import Path

from api.cli.importing import import_into
from api.cli.reading import print_text, rendered
from api.cli.scanning import Wish, scan_in, show_results
from api.cli.session import bar, note, out, put_json, workspace
from briefs import people
from briefs.wiring import new_token

AS_OF = date(2026, 3, 31)
PEOPLE = (
    ("Mira", "csm", "mira@fieldlane.example"),
    ("Jonas", "csm", "jonas@fieldlane.example"),
    ("Ana", "ae", "ana@fieldlane.example"),
    ("Ada", "admin", "ada@fieldlane.example"),
)


def demo(home: Path | None, json: bool) -> None:
    with workspace(home) as opened:
        with resources.as_file(resources.files("evals") / "portfolios" / "sample") as sample, bar("Importing", shown=not json) as progress:
            report = import_into(opened, sample, progress)
        if not json:
            total = sum(report.records.values()) + report.unchanged
            note(f"Fieldlane, an invented vendor: {total} records of {len(opened.archive.accounts())} accounts, seen as of {AS_OF}.")
        results = scan_in(opened, Wish(as_of=AS_OF, engine="auto"), quiet=json)
        if json:
            put_json([r.model_dump(mode="json") for r in results])
            return
        team = people.demo_people(opened.store, PEOPLE, now=opened.now, new_id=opened.new_id, new_token=new_token)
        show_results(results)
        best = max((r for r in results if r.brief_id), key=lambda r: r.priority, default=None)
        if best is not None and best.brief_id:
            row = opened.store.brief(best.brief_id)
            out().print(f"\nThe brief of {best.account_name}, as its CSM sees it:\n", markup=False)
            print_text(str(rendered(opened.store.version(row.head), "text", "csm")), "text")
            owner = next((p for p in team if p.person.is_named(opened.owners(best.account_id).csm)), team[0])
            _next_steps(str(opened.home), best.account_id, best.brief_id, owner)


def _next_steps(home: str, account: str, brief: str, owner: people.NewPerson) -> None:
    told = out()
    told.print("\n[bold]What to do next[/bold]")
    command = "briefs" if shutil.which("briefs") else sys.argv[0]
    for line in (
        f"{command} --home {home} explain {account} --as-of {AS_OF}      why this verdict, and what would change it",
        f"{command} --home {home} show {brief} --format html -o brief.html",
        f"BRIEFS_TOKEN={owner.token} {command} --home {home} approve {brief}      as {owner.person.name}, the account's CSM",
        f"{command} --home {home} list      all briefs; `{command} --help` has the rest",
        f"{command} --home my-data ingest FOLDER && {command} --home my-data scan      your own data",
    ):
        told.print("  " + line, markup=False)
