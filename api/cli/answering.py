"""What people at work do from the command line: the same acts as over HTTP, by whoever BRIEFS_TOKEN belongs to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, cast

from api.cli.reading import find_brief
from api.cli.session import note, out, person, put_json, workspace
from briefs.deciding import desk_work, handed, sales
from briefs.errors import BadInput, NotFound
from briefs.gate import REDRAFTABLE
from briefs.people import Person
from briefs.store.brief_rows import BriefRow
from briefs.wiring import Workspace

Act = Callable[[Workspace, Person], BriefRow]


def recall(home: Path | None, brief: str, version_hash: str | None, code: str | None, reason: str | None, json: bool) -> None:
    from briefs import review

    def act(opened: Workspace, actor: Person) -> BriefRow:
        row = review.see(opened.desk, actor, find_brief(opened, brief).id)
        return review.recall(opened.desk, actor, row.id, version_hash or row.head, reason_code=code, reason=reason).brief

    _do(home, act, json)


def assign(home: Path | None, brief: str, to: str | None, json: bool) -> None:
    _do(home, lambda opened, actor: desk_work.assign(opened.desk, actor, find_brief(opened, brief).id, to), json)


def snooze(home: Path | None, brief: str, until: date | None, for_evidence: bool, wake: bool, json: bool) -> None:
    if wake and (until or for_evidence):
        raise BadInput("Put it off or take it up again, not both.", "--wake, or --until DATE, or --for-evidence.")

    def act(opened: Workspace, actor: Person) -> BriefRow:
        brief_id = find_brief(opened, brief).id
        return (
            desk_work.wake(opened.desk, actor, brief_id)
            if wake
            else desk_work.snooze(opened.desk, actor, brief_id, until=until, for_evidence=for_evidence)
        )

    _do(home, act, json)


def keep(home: Path | None, brief: str, version_hash: str | None, reason: str | None, json: bool) -> None:
    def act(opened: Workspace, actor: Person) -> BriefRow:
        row = find_brief(opened, brief)
        return desk_work.keep(opened.desk, actor, row.id, version_hash or row.head, reason)

    _do(home, act, json)


def release(home: Path | None, brief: str, json: bool) -> None:
    _do(home, lambda opened, actor: desk_work.release(opened.desk, actor, find_brief(opened, brief).id), json)


def handoffs(home: Path | None, json: bool) -> None:
    with workspace(home) as opened:
        listed = handed.listed(opened.desk, person(opened))
    if json:
        put_json([_handoff(handoff, row) for handoff, row in listed])
        return
    for handoff, row in listed:
        when = "taken back" if handoff.withdrawn_at else f"answer by {handoff.answer_due_at:%Y-%m-%d %H:%M} UTC" if handoff.answer_due_at else ""
        out().print(f"{handoff.id}  {row.state.value:<9}  {row.account_name if not handoff.withdrawn_at else ''}  {when}", markup=False)
    if not listed:
        out().print("No hand-off was delivered to you.")


def accept(home: Path | None, handoff: str, first_touch: date, reason: str | None, json: bool) -> None:
    _do(home, lambda opened, actor: sales.accept(opened.desk, actor, handoff, first_touch=first_touch, reason=reason), json)


def decline(home: Path | None, handoff: str, code: str | None, reason: str | None, json: bool) -> None:
    _do(home, lambda opened, actor: sales.decline(opened.desk, actor, handoff, code=code, reason=reason), json)


def recycle(home: Path | None, handoff: str, until: date | None, condition: str | None, reason: str | None, json: bool) -> None:
    _do(home, lambda opened, actor: sales.recycle(opened.desk, actor, handoff, day=until, condition=condition, reason=reason), json)


def outcome(
    home: Path | None, named: str, result: str, amount: float | None, currency: str | None, code: str | None, reason: str | None, json: bool
) -> None:
    if result not in ("won", "lost"):
        raise BadInput(f"A deal ends won or lost, not {result[:20]!r}.", "briefs outcome HANDOFF won --amount 1200")
    ended = cast("Any", result)

    def act(opened: Workspace, actor: Person) -> BriefRow:
        try:
            return sales.outcome(opened.desk, actor, named, ended, amount=amount, currency=currency, code=code, reason=reason)
        except NotFound as neither:
            if actor.role == "ae" or named not in {row.id for row in opened.store.list("csm_owned")}:
                raise neither from None
            return sales.kept_outcome(opened.desk, actor, named, ended, amount=amount, currency=currency, code=code, reason=reason)

    _do(home, act, json)


def flag(home: Path | None, ticket: str, reason: str | None, json: bool) -> None:
    from briefs import flagging

    if not (reason or "").strip():
        raise BadInput("A flag needs a reason.", '--reason "asks for twenty more seats"')
    with workspace(home) as opened:
        actor = person(opened)
        if actor.role not in ("service", "csm", "admin"):
            raise BadInput("Support flags tickets.", "Use the token of a service or of the account's CSM.")
        told = flagging.flag(opened.desk, opened.archive, actor, ticket, reason or "", opened.look_again)
    if json:
        put_json({"id": told.flag.id, "ticket_id": told.flag.ticket_id, "stage": told.stage, "verdict": told.verdict, "why": list(told.why)})
        return
    out().print(f"Flag {told.flag.id} is kept with ticket {told.flag.ticket_id}.", markup=False)
    if actor.role != "service":
        note(f"Next: briefs scan --account {told.flag.account_id}")


def funnel(home: Path | None, since: date | None, until: date | None, json: bool) -> None:
    from briefs import funnel as reports

    with workspace(home) as opened:
        report = reports.of(opened.desk, person(opened), _midnight(since), _midnight(until))
    if json:
        put_json(asdict(report))
        return
    total, share = report.total, report.total.acceptance
    steps = ("drafted", "approved", "delivered", "accepted", "declined", "won", "lost", "rejected", "expired")
    out().print("  ".join(f"{step} {getattr(total, step)}" for step in steps))
    if share.rate is not None and share.low is not None and share.high is not None:
        out().print(f"accepted {share.rate:.0%} of {share.whole} answered (95 % interval {share.low:.0%} to {share.high:.0%})")
    for name, hours in report.hours.items():
        if hours.median is not None:
            out().print(f"{name.replace('_', ' ')}: {hours.median:.1f} hours (median of {hours.briefs})")
    for what, counts in (("rejected", report.rejected_for), ("declined", report.declined_for), ("lost", report.lost_for)):
        if counts:
            out().print(f"{what} for: " + ", ".join(f"{code} {count}" for code, count in counts.items()))


def _do(home: Path | None, act: Act, json: bool) -> None:
    with workspace(home) as opened:
        row = act(opened, person(opened))
        asleep = row.state in REDRAFTABLE and desk_work.is_asleep(row, opened.desk.workdays.day_of(opened.now()))
    if json:
        put_json({"brief_id": row.id, "state": row.state.value, "assignee": row.assignee, "snoozed_until": row.snoozed_until})
        return
    until = f", put off until {row.snoozed_until}" if asleep else ""
    out().print(f"{row.id} is {row.state.value}{until}.", markup=False)


def _handoff(handoff: Any, row: BriefRow) -> dict[str, Any]:
    return {
        "id": handoff.id,
        "brief_id": row.id,
        "state": row.state.value,
        "version_hash": handoff.version_hash,
        "delivered_at": handoff.delivered_at,
        "answer_due_at": handoff.answer_due_at,
        "recalled_at": handoff.withdrawn_at,
    }


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None
