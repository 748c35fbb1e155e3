"""The case against: risks, what weakens the case, what must not be said, and what nobody knows."""

from __future__ import annotations

from datetime import timedelta

from briefs.brief import Claim, Evidence, Section, Signal
from briefs.drafting.declined import declined
from briefs.drafting.facts import claim, sentences_of
from briefs.drafting.flags import flagged, flags_told
from briefs.drafting.material import Material
from briefs.drafting.phrasebook import phrase
from briefs.drafting.voices import buyer, others_of_it, present, spoken_of_it, told_of_it
from briefs.signals.evidence import data
from briefs.signals.said import STATED_BLOCKERS, Withdrawn
from briefs.signals.series import real_periods
from briefs.subject import Subject
from briefs.wording import day, listed, month, number, plain
from retrieval.records import Note, TextRecord, Ticket

RISK_WORDS = 4
"""Warnings quoted in full; more are left to the records."""

PASSING = ("negative_sentiment", "price_complaint")
"""Warnings that are over when the ticket they stand in is solved."""
OVER = frozenset({"solved", "taken_back"})
"""Figures of a claim by which a risk is told and stands no more."""
LONGEST_TITLE = 60
"""Characters of a title by which a record is found again."""


def risks(m: Material) -> list[Claim]:
    """Open tickets, warnings, blockers set aside and what support flagged; always said, also when there is nothing."""
    dossier, records = m.dossier, m.records
    open_ones = [t for t in dossier.tickets if t.status not in ("solved", "closed")]
    asking = {e.record_id for signal in m.bearing("fit") for e in signal.evidence}
    made = [_open(t, "open_asked" if t.id in asking else "open") for t in sorted(open_ones, key=lambda t: (t.priority or "P9", t.created_at))]
    if not open_ones:
        count = {"tickets": len(dossier.tickets)}
        key = {0: "no_tickets", 1: "none_open_one"}.get(len(dossier.tickets), "none_open")
        made.append(claim(phrase("risks", key, as_of=day(dossier.as_of), **count), "absence", derived=count | {"as_of": dossier.as_of.isoformat()}))
    warnings = [s for s in m.finding.signals if s.test == "risk" and s.type not in ("open_critical_ticket", "injection_suspected")]
    live = 0
    for s in sorted(warnings, key=lambda s: -s.observed_at.toordinal())[: min(RISK_WORDS, m.most_stated + 1)]:
        told = [_closed(c, s, m) for c in sentences_of(s, records, dossier.as_of)]
        if any(c.derived.keys() & OVER for c in told):
            told = told[:1]  # one sentence tells what is over
        else:
            live += 1
        made.extend(told)
    made.extend(_withdrawn(m))
    for code, by, reason, until in m.cleared:
        words = phrase("risks", "cleared", by=by, code=plain(code), reason=reason, day=day(until))
        made.append(claim(words, "csm_statement", derived={"until": until.isoformat()}))
    if not live:
        count = {"records": len(dossier.texts)}
        made.append(
            claim(phrase("risks", "none_other", as_of=day(dossier.as_of), **count), "absence", derived=count | {"as_of": dossier.as_of.isoformat()})
        )
    return [*made, *flags_told(flagged(dossier, m.subject))]


def _closed(risk: Claim, signal: Signal, m: Material) -> Claim:
    """Anger at what is solved by now is told as such: it is no live risk. Words about leaving or money stand, whatever became of their ticket."""
    ticket = m.records.by_id.get(signal.evidence[0].record_id)
    if signal.type not in PASSING or not isinstance(ticket, Ticket) or ticket.status not in ("solved", "closed"):
        return risk
    on = ticket.solved_at or ticket.updated_at
    words = phrase("risks", "solved" if on else "solved_undated", told=risk.text, day=day(on.date()) if on else "")
    state = {"solved": on.date().isoformat() if on else "ticket"}
    return claim(words, risk.kind, risk.evidence, signals=risk.signal_ids, derived=risk.derived | state, internal=risk.internal)


def _withdrawn(m: Material) -> list[Claim]:
    """What was said against us and taken back: each kind once, the latest; whoever calls should have heard of it."""
    since = m.dossier.as_of - timedelta(days=m.rubric.said_days)
    latest = {w.blocker.type: w for w in sorted(m.withdrawn, key=lambda w: w.blocker.observed_at) if w.blocker.observed_at >= since}
    standing = {s.type for s in m.finding.signals}
    gravest_first = sorted(latest.values(), key=lambda w: STATED_BLOCKERS.index(w.blocker.type))
    once = {(w.blocker.evidence[0].record_id, w.by.record_id): w for w in reversed(gravest_first) if w.blocker.type not in standing}
    return [_taken_back(w, m) for w in reversed(once.values())]


def _taken_back(withdrawn: Withdrawn, m: Material) -> Claim:
    said, back = withdrawn.blocker.evidence[0], withdrawn.by
    days = {"said": withdrawn.blocker.observed_at, "taken_back": back.at or m.dossier.as_of}
    who = m.records.who(said).split(" (")[0]
    words = phrase("risks", f"withdrawn_{withdrawn.blocker.type}", who=who, day=day(days["said"]), back=day(days["taken_back"]))
    internal = any(m.records.is_internal(e) for e in (said, back))
    return claim(words, "computed", (said, back), derived={name: value.isoformat() for name, value in days.items()}, internal=internal)


def _open(ticket: Ticket, wording: str) -> Claim:
    status, subject = ticket.status, " ".join(ticket.subject.split())
    since, priority = day(ticket.created_at.date()), ticket.priority or "no priority"
    words = phrase("risks", wording, record=ticket.id, status=status, priority=priority, since=since, subject=subject)
    fields = {"status": status, "priority": ticket.priority, "subject": ticket.subject}
    return claim(words, "fact", tuple(data(ticket, field, value) for field, value in fields.items()))


def gravest(risks: Section) -> Claim | None:
    """What to be warned of before a call; None where no more than everyday tickets are open."""
    return next((c for c in risks.claims if c.kind != "absence" and not _everyday(c) and not c.derived.keys() & OVER), None)


def _everyday(risk: Claim) -> bool:
    ticket = next((e for e in risk.evidence if e.kind == "ticket" and e.field == "priority"), None)
    return ticket is not None and ticket.value not in ("P1", "P2")


def against(m: Material) -> list[Claim]:
    """The case against: silent buyers, one voice, free seats, low marks, unused core features."""
    records, fit = m.records, m.bearing("fit")
    made: list[Claim] = []
    voices = {e.speaker for s in fit for e in s.evidence if e.quote and e.speaker}
    made.extend(_buyer(m, voices))
    if len(voices) == 1 and len({e.record_id for s in fit for e in s.evidence if e.quote}) == 1 and not others_of_it(m, voices):
        evidence = next(e for s in fit for e in s.evidence if e.speaker)
        made.append(claim(phrase("counter", "one_voice", who=records.who(evidence)), "advice", (evidence,)))
    made.extend(_low_marks(m))
    made.extend(_idle(m))
    if not made:
        counts = {"passages": m.searched_passages, "questions": m.searched_questions}
        made.append(claim(phrase("counter", "none", **counts), "absence", derived=counts))
    return made


def _low_marks(m: Material) -> list[Claim]:
    """Contacts whose NPS answer is low, whatever their role."""
    low = [
        (survey, contact)
        for survey in m.dossier.surveys
        if survey.kind == "nps"
        and survey.score is not None
        and survey.score <= m.rubric.nps_detractor_to
        and (m.dossier.as_of - survey.at.date()).days <= m.rubric.nps_days
        and (contact := m.dossier.contact(survey.respondent)) is not None
    ]
    return [
        claim(
            phrase("counter", "low_nps", who=contact.name, score=number(survey.score or 0), day=day(survey.at.date())),
            "fact",
            (data(survey, "score", survey.score), data(survey, "respondent", survey.respondent)),
        )
        for survey, contact in low
    ]


def _buyer(m: Material, voices: set[str]) -> list[Claim]:
    silent = buyer(m)
    if silent is None:
        return [claim(phrase("counter", "no_buyer"), "absence")]
    if any(c.name in voices or spoken_of_it(m, c) or told_of_it(m, c) for c in (silent, *present(m, "economic_buyer"))):
        return []
    named = "buyer_silent" if silent.role == "economic_buyer" else "decider_silent"
    return [claim(phrase("counter", named, name=silent.name), "absence", (data(silent, "role", silent.role),))]


def _idle(m: Material) -> list[Claim]:
    rows = real_periods(m.dossier.usage, m.rubric)
    if not rows:
        return []
    last, made = rows[-1], list[Claim]()
    if last.seats_licensed and last.seats_active is not None and 100 * last.seats_active < m.rubric.seats_used_percent * last.seats_licensed:
        free = last.seats_licensed - last.seats_active
        words = phrase("counter", "free_seats", free=free, licensed=last.seats_licensed, month=month(last.period_start))
        made.append(
            claim(
                words,
                "computed",
                (data(last, "seats_active", last.seats_active), data(last, "seats_licensed", last.seats_licensed)),
                derived={"free": free},
            )
        )
    unused = len(set(last.features_core) - set(last.features_adopted))
    if last.features_core and unused:
        core = len(set(last.features_core))
        words = phrase("counter", "unadopted_one" if unused == 1 else "unadopted", unused=unused, core=core)
        made.append(
            claim(words, "computed", (data(last, "features_adopted", list(last.features_adopted)),), derived={"unused": unused, "core": core})
        )
    return made


def do_not_say(m: Material) -> list[Claim]:
    """Internal notes and records that speak of another company, by place and day; what they say stays in them."""
    since = m.dossier.as_of - timedelta(days=m.rubric.said_days)
    kept = [n for n in m.dossier.notes if n.visibility == "internal" and n.kind in ("internal", "handoff") and n.at.date() >= since]
    made: list[Claim] = []
    if kept:
        words = phrase("do_not_say", "internal", notes=listed([_called(n, m.subject) for n in kept]))
        made.append(claim(words, "advice", tuple(_name_of(n, m.subject) or data(n, "visibility", "internal") for n in kept), internal=True))
    for record in m.dossier.texts:
        if record.at.date() >= since and _speaks_of_others(record, m.subject):
            named = _name_of(record, m.subject)
            words = phrase("do_not_say", "other_company", record=_called(record, m.subject))
            made.append(claim(words, "advice", (named,) if named else (), derived={"day": record.at.date().isoformat()}, internal=True))
    made.extend(declined(m))
    return made or [claim(phrase("do_not_say", "none"), "absence", internal=True)]


def _called(record: TextRecord, subject: Subject) -> str:
    """A record as somebody can find it again: its title and day; by its id where it has no title, or one that names another customer."""
    named = _name_of(record, subject)
    when = day(record.at.date())
    if named is None:
        return f"{when} ({record.id})"
    whole = " ".join(str(named.value).split())
    return f'"{whole if len(whole) <= LONGEST_TITLE else whole[:LONGEST_TITLE].rsplit(" ", 1)[0] + " …"}" of {when}'


def _name_of(record: TextRecord, subject: Subject) -> Evidence | None:
    field = "subject" if isinstance(record, Ticket) else "title"
    title = getattr(record, field, None)
    return data(record, field, title) if isinstance(title, str) and title.strip() and not subject.other_customers_in(title) else None


def _speaks_of_others(record: object, subject: Subject) -> bool:
    texts = [msg.body for msg in record.messages] if isinstance(record, Ticket) else [record.body] if isinstance(record, Note) else []
    return any(subject.other_customers_in(text) for text in texts)


def unknowns(m: Material) -> list[Claim]:
    """What the checklist asks for and the records do not hold, from absence alone."""
    dossier, made = m.dossier, list[str]()
    held = {c.role for c in dossier.contacts if c.left_at is None}
    made.extend(phrase("unknowns", "role", role=plain(role)) for role in ("economic_buyer", "champion") if role not in held)
    types = {s.type for s in m.finding.signals}
    if not types & {"budget_event", "budget_freeze"}:
        made.append(phrase("unknowns", "budget"))
    if dossier.account.renewal_date is None:
        made.append(phrase("unknowns", "renewal"))
    if not dossier.usage:
        made.append(phrase("unknowns", "usage"))
    chosen = m.finding.recommendation
    if chosen and chosen.product.price_unit in ("seat_year", "unit_year") and not any("quantity" in s.wants for s in m.bearing("fit")):
        made.append(phrase("unknowns", "quantity"))
    if dossier.account.health is None:
        made.append(phrase("unknowns", "health"))
    return [claim(text, "absence") for text in made] or [claim(phrase("unknowns", "none"), "absence")]
