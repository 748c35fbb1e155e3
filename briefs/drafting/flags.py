"""What support flagged: who, which ticket and why, told as what it is, an agent's hint and never the customer's own words."""

from __future__ import annotations

from collections.abc import Sequence

from briefs.brief import Claim, Evidence, FlaggedTicket
from briefs.drafting.facts import claim
from briefs.drafting.phrasebook import phrase
from briefs.drafting.quoting import LONGEST_QUOTE
from briefs.reading.injection import suspected
from briefs.subject import Subject
from briefs.wording import day
from retrieval.dossier import Dossier
from retrieval.records import TicketFlag


def flagged(dossier: Dossier, subject: Subject) -> tuple[FlaggedTicket, ...]:
    """The dossier's flags, oldest first. A reason that names another customer or addresses a machine stays in the flag and goes nowhere else."""
    return tuple(_flagged(flag, subject) for flag in dossier.flags)


def flags_told(flags: Sequence[FlaggedTicket]) -> list[Claim]:
    """A sentence for each: for our own people, never for the customer."""
    return [claim(_words(flag), "fact", flag.evidence, internal=True) for flag in flags]


def _flagged(flag: TicketFlag, subject: Subject) -> FlaggedTicket:
    withheld = "other_customer" if subject.other_customers_in(flag.reason) else "addresses_a_machine" if suspected(flag.reason) else None
    told = ("ticket_id", "by") if withheld else ("reason", "ticket_id", "by")
    evidence = (Evidence(record_id=flag.id, kind="flag", field=name, value=getattr(flag, name), at=flag.at.date()) for name in told)
    return FlaggedTicket(
        ticket_id=flag.ticket_id, by=flag.by, at=flag.at, reason=None if withheld else flag.reason, withheld=withheld, evidence=tuple(evidence)
    )


def _words(flag: FlaggedTicket) -> str:
    words = {"ticket": flag.ticket_id, "day": day(flag.at.date()), "by": flag.by}
    if flag.reason is None:
        return phrase("flags", flag.withheld or "", **words)
    whole = " ".join(flag.reason.split())
    short = whole if len(whole) <= LONGEST_QUOTE else whole[:LONGEST_QUOTE].rsplit(" ", 1)[0].rstrip(" ,;:-") + " …"
    return phrase("flags", "told", reason=short, **words)
