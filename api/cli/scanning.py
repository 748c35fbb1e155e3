"""`scan` and `explain`: verdicts, with what carries them and what would change them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from api.cli.session import bar, note, out, put_json, workspace
from briefs.brief import AccountResult, Signal
from briefs.errors import BadInput
from briefs.jobs import at_work
from briefs.wiring import Workspace
from briefs.wording import listed, money, plain

STYLE = {"qualified": "bold green", "watch": "yellow", "blocked": "red", "quiet": "dim", "insufficient_data": "dim"}
ORDER = tuple(STYLE)


@dataclass(frozen=True)
class Wish:
    """What to scan and how."""

    accounts: tuple[str, ...] = ()
    as_of: date | None = None
    engine: str = "auto"
    draft: bool = True
    force: bool = False
    max_cost: float | None = None
    max_calls: int | None = None


def scan(home: Path | None, wish: Wish, json: bool) -> None:
    with workspace(home) as opened:
        results = scan_in(opened, wish, quiet=json)
    if json:
        put_json([r.model_dump(mode="json") for r in results])
        return
    show_results(results)


def scan_in(opened: Workspace, wish: Wish, *, quiet: bool = False) -> list[AccountResult]:
    """Scans the accounts asked for, or all of them."""
    from retrieval.errors import UnknownAccount

    if wish.engine not in ("auto", "offline", "llm"):
        raise BadInput(f"No engine is called {wish.engine[:40]!r}.", "auto, offline or llm.")
    known = opened.archive.accounts()
    if not known:
        raise BadInput("There is no account yet.", "`briefs ingest FOLDER` imports your own data; `briefs demo` shows the sample.")
    unknown = [a for a in wish.accounts if a not in set(known)]
    if unknown:
        raise UnknownAccount(f"No account {unknown[0][:80]!r}.", "Its id stands in the accounts file you imported.")
    if at_work(opened.home) is not None:
        return by_server(opened, wish, list(dict.fromkeys(wish.accounts)) or known, quiet)
    return scan_here(opened, wish, list(dict.fromkeys(wish.accounts)) or known, quiet)


def scan_here(opened: Workspace, wish: Wish, accounts: list[str], quiet: bool) -> list[AccountResult]:
    """Scans in this process, and says what was looked at."""
    engine = opened.engine(wish.engine, max_cost=wish.max_cost, max_calls=wish.max_calls)
    pipeline = opened.pipeline(engine)
    results: list[AccountResult] = []
    looked = 0
    with bar("Scanning", shown=not quiet) as progress:
        as_of = wish.as_of or opened.now().date()
        scanned = pipeline.scan(accounts, as_of, draft=wish.draft, force=wish.force, progress=progress)
        for one in scanned:
            results.append(one.result)
            looked += one.fresh
    for result in results:
        if result.engine_note:
            note(f"briefs: {result.account_id}: {result.engine_note}")
    if not quiet:
        note(f"{looked} of {len(results)} accounts looked at, the rest unchanged since the last scan.")
    return results


def by_server(opened: Workspace, wish: Wish, accounts: list[str], quiet: bool) -> list[AccountResult]:
    """Has the server that works on this home make the scan, and waits for it: two scanners on one home would get in each other's way."""
    from api.cli.handing_over import scan_elsewhere
    from briefs import scanning

    as_of = wish.as_of or opened.now().date()
    asked = scanning.Wish(as_of, tuple(accounts), wish.engine, wish.draft, wish.force, wish.max_cost, wish.max_calls)
    note(f"briefs: process {at_work(opened.home)} works on {opened.home}; it makes this scan.")
    with bar("Scanning", shown=not quiet) as progress:
        return scan_elsewhere(opened, asked, accounts, progress)


def show_results(results: Sequence[AccountResult]) -> None:
    """The verdict table, best first."""
    from rich.table import Table
    from rich.text import Text

    console = out()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in ("Account", "Verdict", "Next", "ARR", "Why", "Brief"):
        table.add_column(head, overflow="fold")
    for r in sorted(results, key=lambda r: (ORDER.index(r.verdict), -r.priority, r.account_id)):
        arr = money(r.arr.base, r.arr.currency) if r.arr else ""
        table.add_row(
            Text(f"{r.account_name} ({r.account_id})"),
            Text(plain(r.verdict), style=STYLE[r.verdict]),
            r.tests.fit.sku or "",
            arr,
            Text(reason(r)),
            r.brief_id or "",
        )
    console.print(table)
    counts = {name: sum(r.verdict == name for r in results) for name in ORDER}
    console.print("\n" + ", ".join(f"{count} {plain(name)}" for name, count in counts.items() if count))


def reason(r: AccountResult) -> str:
    """One line: what carries the verdict, or what stands in the way."""
    by_id = {s.id: s for s in r.signals}
    if r.verdict == "blocked":
        return "blocked by " + listed([plain(b.code) for b in r.blockers])
    if r.verdict == "qualified":
        tests = (r.tests.success, r.tests.fit, r.tests.timing)
        carried = [by_id[t.signals[0]].type for t in tests if t.signals and t.signals[0] in by_id]
        return "; ".join(plain(type) for type in dict.fromkeys(carried))  # what a customer asks for now is fit and timing at once
    return r.would_change[0].split(":")[0] if r.would_change else ""


def explain(home: Path | None, account: str, as_of: date | None, engine: str, json: bool) -> None:
    with workspace(home) as opened:
        pipeline = opened.pipeline(opened.engine(engine))
        last = opened.store.last_result(account)
        looked_at = last.as_of if last is not None else opened.now().date()
        examined = pipeline.examine(account, as_of or looked_at)
        result = pipeline.result_of(examined)
        if last is not None and last.result.as_of == result.as_of:
            result = result.model_copy(update={"brief_id": last.brief_id})
    if json:
        put_json(result)
        return
    unnamed = ", the day it was last looked at" if last is not None else ", today, as it was never looked at"
    show_explanation(result, "" if as_of else unnamed)


def show_explanation(r: AccountResult, day: str = "") -> None:
    """Tests with their signals and words, blockers, warnings, revenue, and what would change the verdict.

    `day` follows the date where nobody named one: which day it is.
    """
    from rich.text import Text

    console = out()
    console.print(Text(f"{r.account_name} ({r.account_id}), as of {r.as_of}{day}: ") + Text(plain(r.verdict), style=STYLE[r.verdict]))
    by_id = {s.id: s for s in r.signals}
    for name in ("success", "fit", "timing"):
        test = getattr(r.tests, name)
        console.print(Text(f"\n{name}: {'met' if test.met else 'not met'}", style="bold"))
        for s in (by_id[i] for i in test.signals if i in by_id):
            console.print(Text("\n".join(_lines_of(s))))
    for b in r.blockers:
        records = ", ".join(dict.fromkeys(e.record_id for e in b.evidence))
        console.print(Text(f"\nblocker {b.code}: ", style="red") + Text(f"{records}; clears when {b.clears_when}"))
    for s in (s for s in r.signals if s.test == "risk" and s.type not in {b.code for b in r.blockers}):
        console.print(Text(f"\nwarning {plain(s.type)}: {s.evidence[0].record_id} ({s.observed_at})"))
    for flag in r.flags:
        why = flag.reason if flag.reason is not None else f"(left out: {plain(flag.withheld or '')})"
        console.print(Text(f"\nflagged by support: {flag.ticket_id}, {flag.by} ({flag.at.date()}): {' '.join(why.split())}"))
    if r.arr:
        a = r.arr
        console.print(f"\nARR {money(a.low, a.currency)} / {money(a.base, a.currency)} / {money(a.high, a.currency)}: {a.formula}")
    if r.undated_fields:
        console.print(f"\nTaken as they stand today, since the record gives them no date: {', '.join(r.undated_fields)}")
    console.print(Text("\nWhat would change it", style="bold"))
    console.print(Text("\n".join(f"  {line}" for line in r.would_change)))


def _lines_of(s: Signal) -> list[str]:
    """A signal and each piece of its evidence, a line each."""
    from api.cli.importing import clean

    due = f", due {s.due}" if s.due else ""
    lines = [f"  {plain(s.type)} ({s.observed_at}{due}; {s.strength})"]
    for e in s.evidence:
        where = f"{e.part}:{e.start}-{e.end}" if e.part else e.field
        said = f'"{clean(" ".join((e.quote or "").split()))}"' if e.quote else str(e.value)
        lines.append(f"    {e.record_id} {where}: {said}")
    return lines
