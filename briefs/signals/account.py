"""What the account's own fields and opportunities say: health, renewal, onboarding, invoices, contact bans, deals under way."""

from __future__ import annotations

from briefs.brief import Signal
from briefs.rubric import Rubric
from briefs.signals.evidence import TOLERANCE, data, signal
from retrieval.dossier import Dossier


def read(dossier: Dossier, rubric: Rubric) -> list[Signal]:
    """`health_rising`, `renewal_window`, `onboarding`, `overdue_invoice`, `do_not_contact`, `open_expansion_opportunity`."""
    account, as_of = dossier.account, dossier.as_of
    found: list[Signal] = []

    def add(kind: str, *evidence: tuple[str, object], **more: object) -> None:
        found.append(signal(account.id, kind, as_of, f"rule:{kind}", *(data(account, f, v) for f, v in evidence), **more))  # pyright: ignore[reportArgumentType]

    if (
        account.health is not None
        and account.health_previous is not None
        and account.health - account.health_previous >= rubric.health_rise_points - TOLERANCE
    ):
        add("health_rising", ("health", account.health), ("health_previous", account.health_previous))
    if account.renewal_date is not None and 0 <= (account.renewal_date - as_of).days <= rubric.renewal_ahead_days:
        add("renewal_window", ("renewal_date", account.renewal_date.isoformat()), due=account.renewal_date)
    if account.start_date is not None and (as_of - account.start_date).days < rubric.onboarding_days:
        add("onboarding", ("start_date", account.start_date.isoformat()))
    if account.billing_status == "overdue":
        add("overdue_invoice", ("billing_status", "overdue"))
    if account.do_not_contact:
        add("do_not_contact", ("do_not_contact", True))
    return found + _deals(dossier)


def _deals(dossier: Dossier) -> list[Signal]:
    """`open_expansion_opportunity` for every expansion deal under way."""
    return [
        signal(
            dossier.account.id,
            "open_expansion_opportunity",
            deal.created_at.date() if deal.created_at else dossier.as_of,
            "rule:opportunity",
            data(deal, "stage", "open"),
            wants={"sku": deal.sku},
        )
        for deal in dossier.opportunities
        if deal.kind == "expansion" and deal.stage == "open"
    ]
