"""The commands of `briefs users`: what each takes. What it does stands in people.py, which is imported when a command runs."""

from __future__ import annotations

from typing import Annotated

import typer

users = typer.Typer(name="users", no_args_is_help=True, rich_markup_mode=None, help="People and their tokens.")

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
PersonId = Annotated[str, typer.Argument(metavar="PERSON", help="The person's id.")]
Days = Annotated[int | None, typer.Option("--days", min=1, max=3650, help="Days the token works; without it, until it is revoked.")]


@users.command("add")
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The person's name.")],
    role: Annotated[str, typer.Option("--role", help="csm, ae, evaluator, admin or service.")],
    email: Annotated[str | None, typer.Option("--email", help="As the accounts' csm and ae fields name them.")] = None,
    team: Annotated[str | None, typer.Option("--team", help="Whose accounts they see beside their own, where BRIEFS_TEAM_ACCESS is team.")] = None,
    days: Days = None,
    json: Json = False,
) -> None:
    """Add a person. The token is shown once and stored hashed."""
    from api.cli import people

    people.add(context.obj, name, role, email, team, days, json)


@users.command("list")
def list_people(context: typer.Context, json: Json = False) -> None:
    """Who may act here, and with which tokens."""
    from api.cli import people

    people.list_people(context.obj, json)


@users.command("token")
def token(
    context: typer.Context,
    person: PersonId,
    label: Annotated[str | None, typer.Option("--label", help="What it is for, such as a machine's name.")] = None,
    days: Days = None,
    json: Json = False,
) -> None:
    """One more token for a person, shown once. Those they have go on working."""
    from api.cli import people

    people.another_token(context.obj, person, label, days, json)


@users.command("team")
def team(
    context: typer.Context,
    person: PersonId,
    name: Annotated[str | None, typer.Argument(help="The team; without it, none.")] = None,
    json: Json = False,
) -> None:
    """Put a person into a team, or take them out."""
    from api.cli import people

    people.put_in_team(context.obj, person, name, json)


@users.command("revoke")
def revoke(
    context: typer.Context,
    person: Annotated[str | None, typer.Argument(metavar="PERSON", help="The person's id: all their tokens and sessions stop.")] = None,
    token: Annotated[str | None, typer.Option("--token", metavar="ID", help="Only this token, by the id `users list` shows.")] = None,
    json: Json = False,
) -> None:
    """Stop a person's tokens, or one token. What they decided stands."""
    from api.cli import people

    people.revoke(context.obj, person, token, json)
