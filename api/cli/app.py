"""The commands and their options; what they do is imported only when one is called, so that `briefs --help` is quick."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.days import Day
from api.cli.desk_commands import register
from api.cli.evaluation import app as evaluation
from api.cli.people_commands import users
from api.cli.sending import deliveries, targets

app = typer.Typer(
    name="briefs",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Reads account notes, tickets and usage; says which customers are ready to expand; drafts briefs a person approves word for word.",
    epilog="Start with `briefs demo`, or with `briefs ingest FOLDER` and `briefs scan`. State lives in --home (BRIEFS_HOME, default ./.briefs).",
)
audit = typer.Typer(name="audit", no_args_is_help=True, rich_markup_mode=None, help="The audit chain.")
for group in (users, evaluation, audit, targets, deliveries):
    app.add_typer(group)
register(app)

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Account = Annotated[str, typer.Argument(help="An account's id.")]
Brief = Annotated[str, typer.Argument(help="A brief's id, as `briefs list` shows it.")]
AsOf = Annotated[
    Day | None,
    typer.Option("--as-of", parser=Day.parse, metavar="DATE", help="See everything as it stood at the end of this day, such as 2026-03-31."),
]
EngineName = Annotated[str, typer.Option("--engine", help="auto (a model only if BRIEFS_MODEL is set), offline or llm.")]
Version = Annotated[str | None, typer.Option("--version-hash", help="The version you read; default: the newest. A decision names exactly one.")]
Code = Annotated[str | None, typer.Option("--code", help="Why, by code; `briefs rubric` lists the codes.")]
Reason = Annotated[str | None, typer.Option("--reason", help="Why, in words.")]


@app.callback()
def common(
    context: typer.Context,
    home: Annotated[Path | None, typer.Option("--home", help="The folder all state lives in.", envvar="BRIEFS_HOME")] = None,
) -> None:
    context.obj = home


@app.command()
def demo(context: typer.Context, json: Json = False) -> None:
    """Import the sample portfolio, scan it, print the verdicts and one whole brief."""
    from api.cli import demo as run

    run.demo(context.obj, json)


@app.command()
def ingest(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="A folder of exports, or one file.")],
    profile: Annotated[Path | None, typer.Option("--profile", help="A mapping profile for exports in another format.")] = None,
    json: Json = False,
) -> None:
    """Import records. Importing the same again changes nothing; rows that cannot be read go to a quarantine file."""
    from api.cli import importing

    importing.ingest(context.obj, path, profile, json)


@app.command()
def scan(
    context: typer.Context,
    account: Annotated[list[str] | None, typer.Option("--account", help="Only this account; may be given several times.")] = None,
    as_of: AsOf = None,
    engine: EngineName = "auto",
    no_draft: Annotated[bool, typer.Option("--no-draft", help="Verdicts only.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Look at every account and draft anew, also where nothing changed.")] = False,
    max_cost: Annotated[float | None, typer.Option("--max-cost", min=0, help="Stop asking the model at this cost.")] = None,
    max_calls: Annotated[int | None, typer.Option("--max-calls", min=0, help="Stop asking the model after this many calls.")] = None,
    json: Json = False,
) -> None:
    """Say which accounts are ready and why, and draft what changed since the last scan."""
    from api.cli import scanning

    wish = scanning.Wish(
        accounts=tuple(account or ()),
        as_of=as_of and as_of.date,
        engine=engine,
        draft=not no_draft,
        force=force,
        max_cost=max_cost,
        max_calls=max_calls,
    )
    scanning.scan(context.obj, wish, json)


@app.command()
def explain(
    context: typer.Context,
    account: Account,
    as_of: Annotated[
        Day | None,
        typer.Option(
            "--as-of",
            parser=Day.parse,
            metavar="DATE",
            help="See everything as it stood at the end of this day; default: the day the account was last looked at, today where it never was.",
        ),
    ] = None,
    engine: EngineName = "auto",
    json: Json = False,
) -> None:
    """Why this verdict, and what would change it."""
    from api.cli import scanning

    scanning.explain(context.obj, account, as_of and as_of.date, engine, json)


@app.command()
def search(
    context: typer.Context,
    account: Account,
    query: Annotated[str, typer.Argument(help="What to look for.")],
    k: Annotated[int, typer.Option("-k", min=1, max=200, help="How many passages.")] = 8,
    json: Json = False,
) -> None:
    """Passages of one account, best first."""
    from api.cli import importing

    importing.search(context.obj, account, query, k, json)


@app.command("list")
def list_briefs(
    context: typer.Context,
    state: Annotated[str | None, typer.Option("--state", help="Only briefs in this state, such as draft or delivered.")] = None,
    json: Json = False,
) -> None:
    """Briefs and where they stand."""
    from api.cli import reading

    reading.list_briefs(context.obj, state, json)


@app.command()
def show(
    context: typer.Context,
    brief: Annotated[str, typer.Argument(metavar="BRIEF|ACCOUNT", help="A brief's id, or an account's for its newest brief.")],
    format: Annotated[str, typer.Option("--format", help="text, json, md, html or pdf.")] = "text",
    audience: Annotated[str, typer.Option("--audience", help="csm (everything), ae or customer (nothing internal).")] = "csm",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file instead.")] = None,
) -> None:
    """Read a brief."""
    from api.cli import reading

    reading.show(context.obj, brief, format, audience, output)


@app.command()
def edit(
    context: typer.Context,
    brief: Brief,
    sentence: Annotated[str | None, typer.Option("--sentence", help="The id of the sentence to change (`show --format json` lists them).")] = None,
    text: Annotated[str | None, typer.Option("--text", help="Its new words.")] = None,
    drop: Annotated[bool, typer.Option("--drop", help="Take the sentence out.")] = False,
    section: Annotated[str | None, typer.Option("--section", help="Add --text as a new sentence to this section.")] = None,
    version_hash: Version = None,
    json: Json = False,
) -> None:
    """Change a sentence. It is checked against the record again; one the record does not carry is kept as a CSM statement."""
    from api.cli import deciding

    deciding.edit(context.obj, brief, sentence, text, drop, section, version_hash, json)


@app.command()
def approve(
    context: typer.Context,
    brief: Brief,
    version_hash: Version = None,
    accept_changes: Annotated[
        str | None,
        typer.Option("--accept-changes", metavar="DIGEST", help="You have read what changed in the record since: the digest told with it."),
    ] = None,
    reason: Reason = None,
    json: Json = False,
) -> None:
    """Approve exactly one version and hand it to sales."""
    from api.cli import deciding

    deciding.approve(context.obj, brief, version_hash, accept_changes, reason, json)


@app.command()
def reject(context: typer.Context, brief: Brief, code: Code = None, reason: Reason = None, version_hash: Version = None, json: Json = False) -> None:
    """Say no, with a code."""
    from api.cli import deciding

    deciding.refuse(context.obj, "reject", brief, version_hash, code, reason, json)


@app.command("request-changes")
def request_changes(
    context: typer.Context, brief: Brief, code: Code = None, reason: Reason = None, version_hash: Version = None, json: Json = False
) -> None:
    """Send it back for changes, with a code."""
    from api.cli import deciding

    deciding.refuse(context.obj, "request_changes", brief, version_hash, code, reason, json)


@app.command()
def override(
    context: typer.Context,
    account: Account,
    kind: Annotated[str | None, typer.Argument(metavar="KIND", help="draft_anyway, dismiss_signal or clear_blocker.")] = None,
    target: Annotated[str | None, typer.Option("--target", help="The signal type or id dismissed, or the blocker code cleared.")] = None,
    reason: Reason = None,
    days: Annotated[int, typer.Option("--days", min=1, max=365, help="How long it holds.")] = 30,
    revoke: Annotated[str | None, typer.Option("--revoke", metavar="ID", help="Take an override back.")] = None,
    json: Json = False,
) -> None:
    """Set your own judgement over the machine's: dated, reasoned, audited. Without KIND: those that stand."""
    from api.cli import deciding

    deciding.override(context.obj, account, kind, target, reason, days, revoke, json)


@app.command()
def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port to listen on; 0 takes a free one.")] = 8400,
) -> None:
    """Serve the API and the pages, with the background work, until stopped."""
    from api.cli import serving

    serving.serve(context.obj, host, port)


@audit.command("verify")
def audit_verify(
    context: typer.Context,
    head: Annotated[str | None, typer.Option("--head", help="A head hash you kept: finds a chain that was cut short.")] = None,
    json: Json = False,
) -> None:
    """Check the whole audit chain. Exit code 1 where it does not add up."""
    from api.cli import people

    people.verify_audit(context.obj, head, json)


@app.command()
def forget(
    context: typer.Context,
    account: Annotated[str | None, typer.Option("--account", help="Erase everything of this account.")] = None,
    record: Annotated[str | None, typer.Option("--record", help="Erase this record; briefs that cited it are reopened.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: Json = False,
) -> None:
    """Erase an account or a record everywhere, index and files included."""
    from api.cli import upkeep

    upkeep.forget(context.obj, account, record, yes, json)


@app.command()
def rubric(context: typer.Context, json: Json = False) -> None:
    """The rubric in words, with the codes a decision may name."""
    from api.cli import upkeep

    upkeep.rubric(context.obj, json)


@app.command()
def doctor(
    context: typer.Context,
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended: rebuild the index from SQL, finish deliveries.")] = False,
    json: Json = False,
) -> None:
    """Whether everything needed is there, and whether store and index agree."""
    from api.cli import upkeep

    upkeep.doctor(context.obj, repair, json)
