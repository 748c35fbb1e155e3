"""`targets` and `deliveries`: where hand-offs are sent, and what became of each; what was given up can be sent again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

targets = typer.Typer(name="targets", no_args_is_help=True, rich_markup_mode=None, help="Where approved hand-offs are sent.")
deliveries = typer.Typer(name="deliveries", no_args_is_help=True, rich_markup_mode=None, help="What became of each hand-off on its way.")

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Target = Annotated[str, typer.Argument(help="A target's id, as `briefs targets list` shows it.")]
Secret = Annotated[str | None, typer.Option("--secret", help="The secret, token or (Slack) address; a webhook without one gets one made.")]


@targets.command("add")
def add(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="webhook, slack, email, salesforce or hubspot.")],
    name: Annotated[str, typer.Option("--name", help="What people call it.")] = "",
    url: Annotated[str | None, typer.Option("--url", help="Its address.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="An e-mail address, or `ae`: the account executive each hand-off names.")] = None,
    secret: Secret = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="A further setting of the kind, as NAME=VALUE; may be given several times.")] = None,
    json: Json = False,
) -> None:
    """Send every hand-off approved from now on there too."""
    from api.cli.session import note, out, put_json
    from briefs import targets as service
    from briefs.errors import BadInput

    given = [pair.partition("=") for pair in set_ or []]
    if any(not value or not key for key, _, value in given):
        raise BadInput("--set takes NAME=VALUE.", "--set stage=Qualification")
    settings = {key: value for key, _, value in given} | {key: value for key, value in (("url", url), ("to", to)) if value is not None}
    with _opened(context.obj) as (opened, actor):
        made = service.add(opened.targets, kind, name or kind, settings, secret, by=actor)
    if json:
        put_json({**_shown(made.target), "secret": made.secret})
        return
    out().print(f"{made.target.name} ({made.target.kind}) is {made.target.id}.", markup=False)
    if made.secret:
        out().print(f"Secret, shown once: {made.secret}", markup=False)
        note("Give it to the receiver: it checks the signature of each message with it.")


@targets.command("list")
def list_targets(context: typer.Context, json: Json = False) -> None:
    """Every target, those switched off too. No secret is shown."""
    from api.cli.session import out, put_json
    from briefs import targets as service

    with _opened(context.obj) as (opened, actor):
        rows = service.everything(opened.targets, by=actor)
    if json:
        put_json([_shown(row) for row in rows])
        return
    for row in rows:
        off = f"  off: {row.disabled_reason}" if row.disabled_at else ""
        out().print(f"{row.id}  {row.kind:<10}  {row.name}  {row.host or row.settings.get('to', '')}{off}", markup=False)


@targets.command("disable")
def disable(context: typer.Context, target: Target, json: Json = False) -> None:
    """Send nothing more there."""
    from briefs import targets as service

    with _opened(context.obj) as (opened, actor):
        _print(service.disable(opened.targets, target, by=actor), json, "is switched off")


@targets.command("enable")
def enable(context: typer.Context, target: Target, json: Json = False) -> None:
    """Send there again what is approved from now on."""
    from briefs import targets as service

    with _opened(context.obj) as (opened, actor):
        _print(service.enable(opened.targets, target, by=actor), json, "is switched on")


@targets.command("rotate")
def rotate(
    context: typer.Context,
    target: Target,
    secret: Secret = None,
    drop_old: Annotated[bool, typer.Option("--drop-old", help="Stop signing with the older secrets: the receiver has changed over.")] = False,
    json: Json = False,
) -> None:
    """Change the secret. A webhook is signed with the old one too until --drop-old."""
    from api.cli.session import out, put_json
    from briefs import targets as service

    with _opened(context.obj) as (opened, actor):
        made = service.rotate(opened.targets, target, secret, drop_old=drop_old, by=actor)
    if json:
        put_json({**_shown(made.target), "secret": made.secret})
        return
    out().print(f"{made.target.name} is signed with {made.target.secrets} secret(s).", markup=False)
    if made.secret:
        out().print(f"Secret, shown once: {made.secret}", markup=False)


@deliveries.command("list")
def list_deliveries(
    context: typer.Context,
    state: Annotated[str | None, typer.Option("--state", help="Only these: waiting, delivered, dead or cancelled.")] = None,
    json: Json = False,
) -> None:
    """The newest hundred deliveries and how they went."""
    from api.cli.session import out, put_json
    from briefs import deliveries as service

    with _opened(context.obj) as (opened, actor):
        rows = service.page(opened.desk.courier, by=actor, state=state)
    if json:
        put_json([{**vars(each.row), "target": each.target_name, "brief_id": each.brief_id, "account_id": each.account_id} for each in rows])
        return
    for each in rows:
        fault = f"  {each.row.last_error}" if each.row.last_error else ""
        line = f"{each.row.id}  {each.row.state:<9}  {each.row.purpose:<7}  {each.target_name}  {each.account_id}  {each.row.attempts} tries{fault}"
        out().print(line, markup=False)


@deliveries.command("resend")
def resend(
    context: typer.Context,
    delivery: Annotated[str, typer.Argument(help="A delivery's id, as `briefs deliveries list` shows it.")],
    json: Json = False,
) -> None:
    """Send again what was given up, under the same id; the approval is looked at again first."""
    from api.cli.session import out, put_json
    from briefs import deliveries as service
    from briefs.delivery import attempt

    with _opened(context.obj) as (opened, actor):
        opened.jobs.ready()
        row = service.resend(opened.desk.courier, delivery, by=actor)
        if opened.desk.courier.here(row.kind):
            row = attempt(opened.desk.courier, row.id)
    put_json(vars(row)) if json else out().print(f"{row.id} is {row.state}.", markup=False)


class _opened:
    """The home folder, and who acts: the token's person, or whoever holds the home folder where there is no token."""

    def __init__(self, home: Path | None) -> None:
        from api.cli.session import workspace

        self._space = workspace(home)

    def __enter__(self) -> tuple[Any, Any]:
        from briefs.people import whose

        opened = self._space.__enter__()
        token = opened.settings.token
        return opened, whose(opened.store, token.get_secret_value(), now=opened.now) if token else None

    def __exit__(self, *fault: Any) -> None:
        self._space.__exit__(*fault)


def _print(row: Any, json: bool, what: str) -> None:
    from api.cli.session import out, put_json

    put_json(_shown(row)) if json else out().print(f"{row.name} {what}.", markup=False)


def _shown(row: Any) -> dict[str, Any]:
    return {**vars(row), "settings": dict(row.settings)}
