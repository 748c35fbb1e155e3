"""The commands of people at work on briefs and hand-offs: what each takes. What it does stands in answering.py, imported when a command runs."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.days import Day

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Brief = Annotated[str, typer.Argument(help="A brief's id, as `briefs list` shows it.")]
Handoff = Annotated[str, typer.Argument(metavar="HANDOFF", help="A hand-off's id, as `briefs handoffs` shows it.")]
Version = Annotated[str | None, typer.Option("--version-hash", help="The version you read; default: the newest. A decision names exactly one.")]
Code = Annotated[str | None, typer.Option("--code", help="Why, by code; the README of briefs lists the codes.")]
Reason = Annotated[str | None, typer.Option("--reason", help="Why, in words.")]
Until = Annotated[Day | None, typer.Option("--until", parser=Day.parse, metavar="DATE", help="Until this day.")]


def recall(context: typer.Context, brief: Brief, code: Code = None, reason: Reason = None, version_hash: Version = None, json: Json = False) -> None:
    """Take an approved or delivered brief back, with a code. Sales hears of it; its folder goes."""
    from api.cli import answering

    answering.recall(context.obj, brief, version_hash, code, reason, json)


def assign(
    context: typer.Context,
    brief: Brief,
    to: Annotated[str | None, typer.Option("--to", metavar="PERSON", help="An id or e-mail; without it, back to whoever the account names.")] = None,
    json: Json = False,
) -> None:
    """Give an undecided brief to a colleague who may see it."""
    from api.cli import answering

    answering.assign(context.obj, brief, to, json)


def snooze(
    context: typer.Context,
    brief: Brief,
    until: Until = None,
    for_evidence: Annotated[bool, typer.Option("--for-evidence", help="Until something new is known; at the latest in 90 days.")] = False,
    wake: Annotated[bool, typer.Option("--wake", help="Take it up again now.")] = False,
    json: Json = False,
) -> None:
    """Put an undecided brief off. Its time to decide runs from the day it comes back."""
    from api.cli import answering

    answering.snooze(context.obj, brief, until and until.date, for_evidence, wake, json)


def keep(context: typer.Context, brief: Brief, reason: Reason = None, version_hash: Version = None, json: Json = False) -> None:
    """Keep a small deal: it stays with its CSM and goes to nobody in sales."""
    from api.cli import answering

    answering.keep(context.obj, brief, version_hash, reason, json)


def release(context: typer.Context, brief: Brief, json: Json = False) -> None:
    """Take a brief that waits for its week onto the desk now."""
    from api.cli import answering

    answering.release(context.obj, brief, json)


def handoffs(context: typer.Context, json: Json = False) -> None:
    """Hand-offs delivered to you, and by when to answer."""
    from api.cli import answering

    answering.handoffs(context.obj, json)


def accept(
    context: typer.Context,
    handoff: Handoff,
    first_touch: Annotated[Day, typer.Option("--first-touch", parser=Day.parse, metavar="DATE", help="When you will first speak with them.")],
    reason: Reason = None,
    json: Json = False,
) -> None:
    """Sales takes a hand-off and says when it will first speak with the customer."""
    from api.cli import answering

    answering.accept(context.obj, handoff, first_touch.date, reason, json)


def decline(context: typer.Context, handoff: Handoff, code: Code = None, reason: Reason = None, json: Json = False) -> None:
    """Sales says no, with a code."""
    from api.cli import answering

    answering.decline(context.obj, handoff, code, reason, json)


def recycle(
    context: typer.Context,
    handoff: Handoff,
    until: Until = None,
    condition: Annotated[str | None, typer.Option("--condition", help="Until this holds, in words.")] = None,
    reason: Reason = None,
    json: Json = False,
) -> None:
    """Not now: back to the CSM until a day, or until something holds."""
    from api.cli import answering

    answering.recycle(context.obj, handoff, until and until.date, condition, reason, json)


def outcome(
    context: typer.Context,
    handoff: Annotated[str, typer.Argument(metavar="HANDOFF|BRIEF", help="A hand-off's id, or the id of a brief its CSM kept.")],
    result: Annotated[str, typer.Argument(metavar="RESULT", help="won or lost.")],
    amount: Annotated[float | None, typer.Option("--amount", help="What a deal won adds a year.")] = None,
    currency: Annotated[str | None, typer.Option("--currency", help="Three letters; default: the brief's.")] = None,
    code: Code = None,
    reason: Reason = None,
    json: Json = False,
) -> None:
    """How it ended: won with its amount, or lost with a code."""
    from api.cli import answering

    answering.outcome(context.obj, handoff, result, amount, currency, code, reason, json)


def flag(
    context: typer.Context,
    ticket: Annotated[str, typer.Argument(metavar="TICKET", help="The ticket's id, as it was imported.")],
    reason: Reason = None,
    json: Json = False,
) -> None:
    """Say that a ticket holds something for sales. It is evidence, not a verdict: the account is looked at again."""
    from api.cli import answering

    answering.flag(context.obj, ticket, reason, json)


def funnel(
    context: typer.Context,
    since: Annotated[Day | None, typer.Option("--since", parser=Day.parse, metavar="DATE", help="Only briefs drafted from this day on.")] = None,
    until: Annotated[Day | None, typer.Option("--until", parser=Day.parse, metavar="DATE", help="Only briefs drafted before this day.")] = None,
    json: Json = False,
) -> None:
    """What became of the briefs of your accounts: counts, acceptance rate, hours between steps, reasons."""
    from api.cli import answering

    answering.funnel(context.obj, since and since.date, until and until.date, json)


def register(app: typer.Typer) -> None:
    """Puts these commands beside the others."""
    for command in (recall, assign, snooze, keep, release, handoffs, accept, decline, recycle, outcome, flag, funnel):
        app.command(command.__name__)(command)
