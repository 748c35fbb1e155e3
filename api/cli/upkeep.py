"""`forget`, `rubric` and `doctor`: erasing, the rules in words, and whether everything is in order."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from api.cli import EXIT_NO
from api.cli.session import bar, note, out, put_json, workspace
from briefs.errors import BadInput
from briefs.wiring import Workspace
from retrieval.records import Contact, Record, TextRecord, parts_of


def forget(home: Path | None, account: str | None, record: str | None, yes: bool, json: bool) -> None:
    if (account is None) == (record is None):
        raise BadInput("Say what to forget.", "--account ID or --record ID.")
    what = f"account {account}" if account else f"record {record}"
    if not yes and sys.stdin.isatty():
        import typer

        typer.confirm(f"Erase {what} everywhere, for good?", abort=True)
    elif not yes and not json:
        raise BadInput("Nobody is there to ask.", "Add --yes to erase without asking.")
    with workspace(home) as opened:
        removed = forget_in(opened, account, record)
    if json:
        put_json(removed)
        return
    told = ", ".join(_counted(count, name) for name, count in removed.items() if type(count) is int and count)
    out().print(f"Forgot {what}: {told}.", markup=False)
    if not removed["scrubbed"]:
        note("briefs: another process kept the database file open; run `briefs doctor --repair` when it is done, so that no byte lingers.")


def _counted(count: int, name: str) -> str:
    """`1 brief reopened`, `7 passages`."""
    words = name.split("_")
    return f"{count:,} {' '.join(word.removesuffix('s') if count == 1 else word for word in words)}"


def forget_in(opened: Workspace, account: str | None, record: str | None) -> dict[str, Any]:
    """Erases in the briefs first, while the record's words are still known, then in the archive, the index and the files."""
    from briefs import forgetting
    from briefs.people import CONSOLE, whose
    from briefs.store import Store
    from retrieval import forget as archive_forget

    token = opened.settings.token
    by = whose(opened.store, token.get_secret_value(), now=opened.now).id if token else CONSOLE
    store: Store = opened.store
    remove = opened.desk.courier.remove
    if account is not None:
        erased = forgetting.forget_account(store, account, by=by, now=opened.now, remove_handoff=remove)
        gone = archive_forget.forget_account(account, opened.archive, opened.index, opened.home)
    else:
        assert record is not None
        known = opened.archive.record(record)
        texts = tuple(_words_of(known)) if known is not None else ()
        owner = getattr(known, "account_id", "") if known is not None else ""
        erased = forgetting.forget_record(store, owner, record, texts, by=by, now=opened.now, remove_handoff=remove)
        gone = archive_forget.forget_record(record, opened.archive, opened.index, opened.home)
    return {
        "accounts": len(gone.account_ids),
        "records": len(gone.record_ids),
        "passages": gone.passages,
        "vectors": gone.vectors,
        "quarantined_rows": gone.quarantined,
        "briefs_reopened": len(erased.reopened),
        "scrubbed": gone.scrubbed,
    }


def _words_of(record: Record) -> list[str]:
    """What of a record could stand in a brief: its texts, or a person's name and address."""
    if isinstance(record, Contact):
        return [text for text in (record.name, record.email) if text]
    return list(parts_of(record).values()) if isinstance(record, TextRecord) else []


def rubric(home: Path | None, json: bool) -> None:
    from briefs.gate import REJECT_CODES

    with workspace(home) as opened:
        current = opened.rubric
    if json:
        put_json(
            {
                "version": current.version,
                "thresholds": current.model_dump(mode="json"),
                "words": current.in_words(),
                "reject_codes": list(REJECT_CODES),
            }
        )
        return
    console = out()
    for head, lines in current.in_words().items():
        console.print(f"\n[bold]{head}[/bold]")
        for line in lines:
            console.print(f"  {line}", markup=False)
    console.print("\n[bold]codes of a rejection or a request for changes[/bold]")
    console.print("  " + ", ".join(REJECT_CODES), markup=False)
    console.print(f"\nversion {current.version}", markup=False)


def doctor(home: Path | None, repair: bool, json: bool) -> None:
    with workspace(home) as opened, bar("Comparing", shown=not json) as progress:
        from api.cli.checkup import checkup

        findings = checkup(opened, repair, progress)
    if json:
        put_json([{"check": f.name, "ok": f.ok, "detail": f.detail, "fix": f.fix} for f in findings])
    else:
        for f in findings:
            mark = "[green]ok  [/green]" if f.ok else "[red]no  [/red]"
            console = out()
            console.print(mark, end="")
            console.print(f"{f.name}: {f.detail}" + (f" {f.fix}" if f.fix and not f.ok else ""), markup=False)
    if not all(f.ok for f in findings):
        raise SystemExit(EXIT_NO)
