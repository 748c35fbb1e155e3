"""Whole briefs to test with: a higher tier for a haulier, seats from a ticket for a clinic, and a thin one a person asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from briefs.brief import (
    Arr,
    BriefBody,
    Card,
    Claim,
    Conflict,
    Evidence,
    Factor,
    Override,
    Provenance,
    Question,
    RejectedClaim,
    Section,
    Source,
    TalkTrack,
    UsageRow,
)

AS_OF = date(2026, 3, 31)

RECORDS: dict[tuple[str, str], str] = {
    ("nw-n1", "body"): """QBR with Dana Ruiz (Head of Operations) and Piet Claes.
Dana: We cut unplanned downtime at Ghent by 31% since the roll-out, and the board has seen that slide twice.
Dana: The auditors want to know who changed what on a work order, and today I can't show them.
Piet: Lyon goes live on 1 June, that's forty technicians on day one.""",
    ("nw-n2", "body"): """Internal: Dana told Mira off the record that procurement has a hard stop at EUR 90k.
Do not quote. Helios Freight got 15% last year.""",
    ("nw-t7", "messages[0]"): """Hello, is there a log of who edited a job? Our auditor asks for it in May.
Everyone signs in with the company account except here, which IT dislikes.""",
    ("nw-t9", "messages[0]"): "The mobile app was slow again on Tuesday. Not blocking us, but the drivers notice.",
    ("nw-sv3", "comment"): "Planning is finally in one place. I recommend it to every depot.",
    ("nw-n3", "body"): """Call with Inés Roca, procurement.
Inés: Anything above the current contract needs the April budget round, and I am not promising it passes.""",
}
WHEN = {
    "nw-n1": date(2026, 3, 12),
    "nw-n2": date(2026, 3, 13),
    "nw-t7": date(2026, 3, 18),
    "nw-t9": date(2026, 3, 24),
    "nw-sv3": date(2026, 3, 2),
    "nw-n3": date(2026, 2, 27),
}
KINDS = {"n": "note", "t": "ticket", "s": "survey"}


def said(record_id: str, part: str, quote: str, speaker: str | None = None) -> Evidence:
    """Evidence in words, with the offsets at which the record really holds them."""
    start = RECORDS[record_id, part].index(quote)
    kind = KINDS[record_id.split("-")[1][0]]
    return Evidence(record_id=record_id, kind=kind, part=part, start=start, end=start + len(quote), quote=quote, at=WHEN[record_id], speaker=speaker)


def measured(record_id: str, kind: str, field: str, value: Any, at: date = AS_OF) -> Evidence:
    """Evidence in data: a usage row's number, an account's field."""
    return Evidence(record_id=record_id, kind=kind, field=field, value=value, at=at)


def quoting(text: str, *, record_id: str = "x-n1", kind: str = "note", **changes: Any) -> Evidence:
    """Evidence that quotes any text at all, as the whole of a note."""
    return Evidence(record_id=record_id, kind=kind, part="body", start=0, end=len(text), quote=text, at=AS_OF).model_copy(update=changes)


DOWNTIME = said("nw-n1", "body", "We cut unplanned downtime at Ghent by 31% since the roll-out", "Dana Ruiz")
AUDIT = said("nw-n1", "body", "The auditors want to know who changed what on a work order, and today I can't show them.", "Dana Ruiz")
LYON = said("nw-n1", "body", "Lyon goes live on 1 June, that's forty technicians on day one.", "Piet Claes")
SIGN_IN = said("nw-t7", "messages[0]", "Everyone signs in with the company account except here, which IT dislikes.", "Piet Claes")
IN_MAY = said("nw-t7", "messages[0]", "Our auditor asks for it in May.", "Piet Claes")
SLOW = said("nw-t9", "messages[0]", "The mobile app was slow again on Tuesday.", "Tom Aerts")
PRAISE = said("nw-sv3", "comment", "Planning is finally in one place. I recommend it to every depot.", "Dana Ruiz")
HARD_STOP = said("nw-n2", "body", "procurement has a hard stop at EUR 90k", "Mira Hoff")
BUDGET = said("nw-n3", "body", "Anything above the current contract needs the April budget round, and I am not promising it passes.", "Inés Roca")
RENEWAL = measured("account:nw", "account", "renewal_date", "2026-08-31")
SEATS = measured("usage:nw:2026-03-01", "usage", "seats_active", 112)
LICENSED = measured("usage:nw:2026-03-01", "usage", "seats_licensed", 120)
ACCOUNT_SEATS = measured("account:nw", "account", "seats", 100)

SECTIONS = (
    Section(
        key="value",
        title="Value achieved",
        claims=(
            Claim(
                id="c1",
                text="We cut unplanned downtime at Ghent by 31% since the roll-out",
                kind="customer_said",
                evidence=(DOWNTIME,),
                signal_ids=("s1",),
            ),
            Claim(id="c2", text="Dana Ruiz gave an NPS of 10 on 2 Mar 2026.", kind="fact", evidence=(PRAISE,), signal_ids=("s2",)),
            Claim(id="c3", text="Active seats rose from 94 to 112 in three months (19%).", kind="computed", evidence=(SEATS,), signal_ids=("s3",)),
        ),
    ),
    Section(
        key="need",
        title="Need, in the customer’s words",
        claims=(
            Claim(id="c4", text=AUDIT.quote or "", kind="customer_said", evidence=(AUDIT,)),
            Claim(id="c5", text="Sign-in with the company directory is missing.", kind="customer_said", evidence=(SIGN_IN,)),
        ),
    ),
    Section(
        key="recommendation",
        title="Recommended next step",
        claims=(
            Claim(
                id="c6",
                text="Fieldlane Enterprise adds the audit log and single sign-on; Nordwind owns Professional.",
                kind="fact",
                evidence=(AUDIT, SIGN_IN),
            ),
            Claim(id="c7", text="No cheaper product in the catalogue holds an audit log.", kind="absence"),
        ),
    ),
    Section(
        key="timing",
        title="Timing",
        claims=(
            Claim(id="c8", text="The contract renews on 31 Aug 2026, in 153 days.", kind="computed", evidence=(RENEWAL,)),
            Claim(id="c9", text="Piet Claes wrote: “Our auditor asks for it in May.”", kind="customer_said", evidence=(IN_MAY,)),
            Claim(id="c10", text=LYON.quote or "", kind="customer_said", evidence=(LYON,)),
        ),
    ),
    Section(
        key="stakeholders",
        title="Stakeholders",
        claims=(
            Claim(id="c11", text="Champion: Dana Ruiz, Head of Operations; last heard 12 Mar 2026.", evidence=(DOWNTIME,)),
            Claim(id="c12", text="Procurement: Inés Roca, cautious.", evidence=(BUDGET,), internal=True),
            Claim(id="c13", text="Economic buyer: not identified.", kind="absence"),
        ),
    ),
    Section(
        key="usage", title="Usage", claims=(Claim(id="c14", text="112 of 120 seats are used (93%).", kind="computed", evidence=(SEATS, LICENSED)),)
    ),
    Section(
        key="risks",
        title="Risks and open tickets",
        claims=(
            Claim(id="c15", text="One open ticket, P3: the app was slow on 24 Mar 2026.", evidence=(SLOW,)),
            Claim(id="c16", text="No P1 or P2 in 14 tickets to 31 Mar 2026.", kind="absence"),
        ),
    ),
    Section(
        key="against",
        title="What argues against",
        claims=(
            Claim(id="c17", text="Procurement does not promise the budget.", kind="customer_said", evidence=(BUDGET,)),
            Claim(id="c18", text="Procurement is said to stop at EUR 90k.", evidence=(HARD_STOP,), internal=True),
        ),
    ),
    Section(
        key="do_not_say",
        title="Do not say",
        claims=(Claim(id="c19", text="The EUR 90k limit, or what Helios Freight pays.", kind="advice", evidence=(HARD_STOP,), internal=True),),
    ),
    Section(
        key="unknowns",
        title="Unknowns",
        claims=(
            Claim(id="c20", text="Who signs above EUR 50k is not on file.", kind="absence"),
            Claim(id="c21", text="Piet told me at the trade fair that IT has already chosen SAML.", kind="csm_statement"),
        ),
    ),
)

COVERAGE = (
    Factor(
        name="Budget",
        state="partial",
        text="The April round decides; procurement promises nothing.",
        evidence=(BUDGET,),
        question="What has to be true for this to pass in April?",
    ),
    Factor(name="Authority", state="unknown", text="No economic buyer on file.", question="Who signs above today’s contract value?"),
    Factor(name="Need", state="met", text="Audit log and company sign-in, both asked for in writing.", evidence=(AUDIT, SIGN_IN)),
    Factor(name="Timeline", state="met", text="Audit in May; Lyon on 1 June.", evidence=(IN_MAY, LYON)),
)

TALK = TalkTrack(
    objective="Agree a date for an audit-log walk-through with Dana and the auditor.",
    opener="Dana, you told Mira the auditors want to see who changed a work order. May I show you how two other depots answer that?",
    questions=(
        Question(
            text="What will the auditor ask for in May, and in what form?", listen_for="an export, a named standard, a date", evidence=(IN_MAY,)
        ),
        Question(text="How will the forty technicians in Lyon sign in on 1 June?", listen_for="IT as a second sponsor", evidence=(LYON, SIGN_IN)),
        Question(text="Who decides in the April round besides Inés?", listen_for="a name and a threshold", evidence=(BUDGET,)),
    ),
    risk="Procurement reads this as a price rise before renewal.",
    say="The tier closes two open points; the renewal is a separate matter.",
    show="The audit log on Nordwind’s own work orders.",
    avoid="Naming a discount, or the renewal price.",
    evidence=(AUDIT,),
)

SOURCES = (
    Source(record_id="nw-n1", kind="note", title="QBR March", at=WHEN["nw-n1"], author="Mira Hoff", visibility="customer_safe"),
    Source(record_id="nw-n2", kind="note", title="After the QBR", at=WHEN["nw-n2"], author="Mira Hoff", visibility="internal"),
    Source(record_id="nw-n3", kind="note", title="Procurement call", at=WHEN["nw-n3"], author="Mira Hoff"),
    Source(record_id="nw-t7", kind="ticket", title="Who edited a job?", at=WHEN["nw-t7"], author="Piet Claes", visibility="customer_safe"),
    Source(record_id="nw-t9", kind="ticket", title="App slow", at=WHEN["nw-t9"], author="Tom Aerts"),
    Source(record_id="nw-sv3", kind="survey", title="NPS 10", at=WHEN["nw-sv3"], author="Dana Ruiz", visibility="customer_safe"),
    Source(record_id="usage:nw:2026-03-01", kind="usage", title="Usage, March 2026", at=AS_OF),
    Source(record_id="account:nw", kind="account", title="Account Nordwind", at=AS_OF),
    Source(record_id="nw-t2", kind="ticket", title="Invoice copy", at=date(2026, 1, 9), author="Tom Aerts"),
)

ACTIVE = (81, 84, 83, 88, 90, 94, 93, 101, 112)


def usage_rows(account: str, active: tuple[int, ...], licensed: int, **metrics: float) -> tuple[UsageRow, ...]:
    """Monthly rows that end in March 2026."""
    months = [((2 - i) // 12, (2 - i) % 12 + 1) for i in reversed(range(len(active)))]
    last = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return tuple(
        UsageRow(
            record_id=f"usage:{account}:{2026 + year}-{month:02}-01",
            period_start=date(2026 + year, month, 1),
            period_end=date(2026 + year, month, last[month - 1]),
            seats_licensed=licensed,
            seats_active=seats,
            metrics={name: round(value * seats / active[-1]) for name, value in metrics.items()},
        )
        for (year, month), seats in zip(months, active, strict=True)
    )


def a_brief(**changes: Any) -> BriefBody:
    """A higher tier for Nordwind Logistik, every part filled; `changes` replace fields."""
    body = BriefBody(
        account_id="nw",
        account_name="Nordwind Logistik GmbH",
        as_of=AS_OF,
        motion="tier",
        sku="enterprise",
        sku_name="Fieldlane Enterprise",
        lead_type="customer_success",
        route="ae",
        verdict="qualified",
        card=Card(
            account="Nordwind Logistik GmbH",
            headline="Auditors ask who changed a work order; Enterprise answers it.",
            why_now="Audit in May, Lyon live on 1 June, renewal 31 Aug 2026",
            arr="EUR 24,000 to 28,800 a year, from seats in use",
            tests={"success": "NPS 10, seats up 19%", "fit": "audit log and sign-in missing", "timing": "audit in May"},
            top_risk="Budget waits for the April round",
            next_step="Call Dana before 10 April",
            as_of=AS_OF,
        ),
        sections=SECTIONS,
        coverage=COVERAGE,
        arr=Arr(
            low=24000,
            base=26880,
            high=38400,
            currency="EUR",
            low_from="100 seats in the contract (account field)",
            base_from="112 seats active in March 2026 (usage)",
            high_from="160 seats: 120 licensed and 40 technicians in Lyon (stated plan)",
            formula="seats × (660 − 420) EUR a seat and year",
        ),
        usage=usage_rows("nw", ACTIVE, 120, work_orders=12400, api_calls=88210),
        talk_track=TALK,
        conflicts=(
            Conflict(
                topic="How many seats are licensed",
                sides=(
                    Claim(id="x1", text="120 seats are licensed.", kind="computed", evidence=(LICENSED,)),
                    Claim(id="x2", text="The contract holds 100 seats.", kind="fact", evidence=(ACCOUNT_SEATS,)),
                ),
            ),
        ),
        rejected=(
            RejectedClaim(
                section="value",
                text="Nordwind saved EUR 2 million.",
                reason="number_not_in_evidence",
                detail="2 million is in no record",
                source="model",
            ),
        ),
        sources=SOURCES,
        provenance=Provenance(
            engine="offline",
            rubric_version="sha256:" + "5a" * 32,
            dossier_hash="sha256:" + "c3" * 32,
            left_out=("2 tickets older than 12 months",),
        ),
    )
    return body.model_copy(update=changes)


def a_thin_brief(**changes: Any) -> BriefBody:
    """A watched account somebody had drafted all the same: little on file, a German ticket, no price."""
    ask = quoting(
        "Können wir fünf weitere Zugänge bekommen? Unsere neue Praxis in Köln öffnet am 4. Mai.",
        record_id="kl-t1",
        kind="ticket",
        speaker="Jana Öztürk",
    )
    override = Override(
        id="o1",
        account_id="kl",
        kind="draft_anyway",
        reason="They asked twice; the survey is overdue.",
        by="Jonas Brandt",
        created_at=datetime(2026, 3, 30, 9, tzinfo=UTC),
        expires_at=datetime(2026, 4, 30, 9, tzinfo=UTC),
    )
    changed: dict[str, Any] = {
        "account_id": "kl",
        "account_name": "Klinikum Ærø & Søn",
        "motion": "seats",
        "sku": "seats",
        "sku_name": "Additional seats",
        "lead_type": "service",
        "route": "csm",
        "verdict": "watch",
        "card": Card(
            account="Klinikum Ærø & Søn",
            headline="A new practice asks for five more seats.",
            why_now="Opens 4 May 2026",
            arr="No price in the catalogue",
            tests={"success": "not shown yet", "fit": "five seats asked for", "timing": "4 May 2026"},
            top_risk="No usage on file since January",
            next_step="Answer the ticket, then call",
            as_of=AS_OF,
        ),
        "sections": (
            Section(
                key="need",
                title="Need, in the customer’s words",
                claims=(Claim(id="k1", text=ask.quote or "", kind="customer_said", evidence=(ask,)),),
            ),
        ),
        "coverage": (),
        "arr": None,
        "usage": (),
        "talk_track": TalkTrack(
            objective="Confirm the five seats.", opener="You wrote about Köln.", questions=(), risk="Too early", say="", show="", avoid=""
        ),
        "conflicts": (),
        "rejected": (),
        "sources": (Source(record_id="kl-t1", kind="ticket", title="Weitere Zugänge", at=AS_OF, author="Jana Öztürk"),),
        "overrides": (override,),
    }
    return a_brief(**(changed | changes))


def a_brief_saying(text: str, **changes: Any) -> BriefBody:
    """A brief whose customer wrote `text`: as a need, a title, a name, a conflict and a rejected sentence."""
    item = quoting(text, speaker=text)
    claims = (
        Claim(id="q1", text=text, kind="customer_said", evidence=(item,)),
        Claim(id="q2", text=f"They wrote {text} to us.", evidence=(item,)),
        Claim(id="q3", text="A paraphrase of it.", kind="customer_said", evidence=(item,)),
    )
    changed: dict[str, Any] = {
        "account_name": text,
        "sections": (Section(key="need", title=text, claims=claims), Section(key=text, title="", claims=claims[:1])),
        "coverage": (Factor(name="Need", state="met", text=text, evidence=(item,), question=text),),
        "conflicts": (Conflict(topic=text, sides=claims[:2]),),
        "rejected": (RejectedClaim(section="need", text=text, reason="r", detail=text, source="model"),),
        "sources": (Source(record_id="x-n1", kind="note", title=text, at=AS_OF, author=text, visibility="customer_safe"),),
        "talk_track": TALK.model_copy(update={"opener": text}),
    }
    return a_brief(**(changed | changes))
