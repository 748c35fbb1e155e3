"""One signal to one or two sentences: the customer's exact words or the table's exact numbers, each with its evidence."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from briefs.brief import Claim, ClaimKind, Evidence, Signal
from briefs.drafting.phrasebook import fact
from briefs.drafting.quoting import day_named, shortened, tongue
from briefs.wording import counted, day, days, listed, measure, month, number, plain, sentence, with_the
from retrieval.dossier import Dossier
from retrieval.records import Cited, Contact, Note, Opportunity, Ticket, TicketFlag, Usage, record_id

ROLES = {
    "champion": "the champion",
    "economic_buyer": "the economic buyer",
    "technical": "the technical contact",
    "user": "a user",
    "detractor": "a detractor",
    "unknown": "a contact",
}
METRIC_NAMES = {"seats_active": "active seats"}


def claim(
    text: str,
    kind: ClaimKind,
    evidence: Sequence[Evidence] = (),
    *,
    signals: Sequence[str] = (),
    derived: dict[str, Any] | None = None,
    internal: bool = False,
) -> Claim:
    """A claim whose id follows from its words and evidence."""
    name = "|".join((text, *(f"{e.record_id}:{e.part}:{e.start}:{e.field}" for e in evidence)))
    return Claim(
        id="c-" + hashlib.sha256(name.encode()).hexdigest()[:10],
        text=text,
        kind=kind,
        evidence=tuple(evidence),
        signal_ids=tuple(signals),
        derived=derived or {},
        internal=internal,
    )


class Records:
    """A dossier's records by the id evidence points at."""

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier
        every = (*dossier.texts, *dossier.usage, *dossier.opportunities, *dossier.contacts, *dossier.flags, dossier.account)
        self.by_id: dict[str, Cited] = {record_id(record): record for record in every}

    def is_internal(self, evidence: Evidence) -> bool:
        """Words not meant for the customer: an internal note, or a ticket message that was not public."""
        record = self.by_id.get(evidence.record_id)
        if isinstance(record, (Note, TicketFlag)):
            return record.visibility == "internal"
        return record is not None and evidence.part in private_parts(record)

    def is_noted(self, evidence: Evidence) -> bool:
        """Words of a note's author about the customer, not a customer's own."""
        record = self.by_id.get(evidence.record_id)
        if not isinstance(record, Note):
            return False
        return evidence.speaker is None or (evidence.speaker == record.author and self.dossier.contact(evidence.speaker) is None)

    def person(self, named: str | None) -> Contact | None:
        """The contact with that id, name, e-mail or login: a login is what stands before the at sign, where one contact alone has it."""
        found = self.dossier.contact(named)
        if found is not None or not named:
            return found
        login = named.strip().casefold()
        having = [c for c in self.dossier.contacts if c.email and c.email.casefold().partition("@")[0] == login]
        return having[0] if len(having) == 1 else None

    def who(self, evidence: Evidence) -> str:
        """The speaker with the title, where the record tells; else the account's name."""
        contact = self.dossier.contact(evidence.speaker)
        if contact is not None:
            return f"{contact.name} ({contact.title})" if contact.title else contact.name
        speaker = evidence.speaker or ""
        return speaker if speaker and "@" not in speaker else f"Somebody at {self.dossier.account.name}"


def private_parts(record: Cited) -> tuple[str, ...]:
    """The parts of a record that the customer never saw, by the names evidence gives them: a ticket's messages that were not public."""
    return tuple(f"messages[{n}]" for n, message in enumerate(record.messages) if not message.public) if isinstance(record, Ticket) else ()


def sentences_of(signal: Signal, records: Records, as_of: date) -> list[Claim]:
    """The sentences that state one signal, in reading order."""
    words = [shortened(e, keep=day_named(e, signal.due) if signal.due else None) for e in signal.evidence if e.quote is not None]
    made = _of_data(signal, records, as_of) if signal.detector.startswith("rule:") else [_said(signal, e, records) for e in words[:2]]
    if signal.due is not None and not signal.detector.startswith("rule:"):
        made.append(_due(signal, words[0], as_of))
    return made


def _said(signal: Signal, evidence: Evidence, records: Records) -> Claim:
    """The words as they stand, with who said them, where and when."""
    record = records.by_id.get(evidence.record_id)
    internal = records.is_internal(evidence)
    when, spoken = dated(evidence, signal.observed_at)
    quote = (evidence.quote or "").strip()
    kind = record.kind if isinstance(record, Note) else evidence.kind
    if records.is_noted(evidence):
        key = "noted_internal" if kind in ("internal", "handoff") else "noted"
    else:
        key = {"email": "said_mail", "qbr": "said_qbr", "ticket": "said_ticket", "survey": "said_survey", "scorecard": "said_scorecard"}.get(
            str(kind), "said_call"
        )
    named = {"email": "e-mail", "qbr": "review", "call": "call"}.get(str(kind), "account")
    text = fact(key, signal.id, day=when, who=records.who(evidence), quote=" ".join(quote.split()), record=evidence.record_id, kind=named)
    return claim(sentence(text), "customer_said", (evidence,), signals=(signal.id,), derived=spoken, internal=internal)


def dated(evidence: Evidence, otherwise: date) -> tuple[str, dict[str, str]]:
    """The day of a quotation for its frame, with the language it stands in where that is not the reader's; the same beside it, for the verifier."""
    when, spoken = day(evidence.at or otherwise), tongue(evidence.quote or "")
    return (f"{when} (in {spoken})", {"language": spoken}) if spoken else (when, {})


def _due(signal: Signal, evidence: Evidence, as_of: date) -> Claim:
    assert signal.due is not None
    ahead = (signal.due - as_of).days
    named = signal.wants.get("due_as")
    key = _due_key(ahead, bool(named), before=bool(signal.wants.get("due_before")))
    text = fact(key, signal.id, day=day(signal.due), ahead=days(ahead), as_of=day(as_of), words=named)
    derived = {"due": signal.due.isoformat(), "days_ahead": ahead, "as_of": as_of.isoformat()}
    return claim(text, "computed", (evidence,), signals=(signal.id,), derived=derived | ({"words": named} if named else {}))


def _due_key(ahead: int, named: bool, *, before: bool) -> str:
    """Which wording a day calls for: days until it, whether words for a span stand for it, whether it is the last day rather than the first."""
    if before:
        return "due_before_span" if named else "due_before"
    if ahead <= 0:
        return "due_running" if named else "due_today"
    return "due_span" if named else "due"


def _of_data(signal: Signal, records: Records, as_of: date) -> list[Claim]:
    words, derived, key = _words_of_data(signal, records, as_of)
    kind = "computed" if derived.keys() - {"language"} else "fact"
    made = [claim(sentence(fact(key, signal.id, **words)), kind, signal.evidence, signals=(signal.id,), derived=derived)]
    if signal.type == "upgrade_attempt" and int(signal.wants.get("tries", 1)) > 1:
        tries = {"tries": signal.wants["tries"]}
        again = fact("upgrade_attempt_often", signal.id, feature=words["feature"], day=words["day"], **tries)
        made.append(claim(sentence(again), "computed", signal.evidence, signals=(signal.id,), derived=tries))
    return made


Worded = tuple[dict[str, Any], dict[str, Any], str]
"""The words of a table's fact, the figures code computed for it, and the wording to use."""


def _words_of_data(signal: Signal, records: Records, as_of: date) -> Worded:
    match signal.type:
        case "nps_promoter" | "detractor":
            return _words_of_answer(signal, records)
        case "health_rising":
            return {"now": number(signal.evidence[0].value), "before": number(signal.evidence[1].value)}, {}, signal.type
        case "usage_growth" | "usage_decline":
            return _words_of_move(signal, records)
        case "feature_adoption" | "seat_saturation" | "limit_reached":
            return _words_of_share(signal)
        case "upgrade_attempt":
            wants = signal.wants
            login = wants.get("user")
            contact = records.person(login)
            user = contact.name if contact else f"the user {login}" if login else None
            words = {"feature": with_the(plain(wants["feature"])), "day": day(signal.observed_at), "user": user}
            return words, {}, signal.type if user else "upgrade_attempt_unnamed"
        case "renewal_window":
            ahead = (signal.due - as_of).days if signal.due else 0
            words = {"day": day(signal.due or as_of), "ahead": days(ahead), "as_of": day(as_of)}
            auto = records.dossier.account.auto_renew
            return words, {"days_ahead": ahead, "as_of": as_of.isoformat()}, "renewal_window_auto" if auto else signal.type
        case _:
            return _words_of_people(signal, records)


def _words_of_answer(signal: Signal, records: Records) -> Worded:
    wants = signal.wants
    said = next((e for e in signal.evidence if e.quote), None)
    who = records.who(signal.evidence[0].model_copy(update={"speaker": wants.get("respondent")}))
    words = {"who": who, "score": number(wants["score"]), "day": day(signal.observed_at)}
    spoken: dict[str, str] = {}
    if said is not None:
        words["quote"] = " ".join((shortened(said).quote or "").split())
        words["day"], spoken = dated(said, signal.observed_at)
    return words, spoken, signal.type + ("_words" if said is not None else "")


def _words_of_share(signal: Signal) -> Worded:
    """A share of something: features adopted, seats in use, a limit used up. The percentage is computed, the rest stands in the table."""
    wants, percent = signal.wants, round(signal.wants["percent"])
    words: dict[str, Any] = {"percent": number(percent), "month": month(signal.observed_at)}
    computed: dict[str, Any] = {"percent": percent}
    whole = ""
    if signal.type == "feature_adoption":
        words |= {"adopted": wants["adopted"], "core": wants["core"], "features": listed([plain(f) for f in signal.evidence[0].value])}
        computed |= {"adopted": wants["adopted"], "core": wants["core"]}
    elif signal.type == "seat_saturation":
        words |= {"active": wants["active"], "licensed": wants["licensed"]}
        whole = "_all" if wants["active"] == wants["licensed"] else ""
    else:
        words |= {"used": number(wants["used"]), "allowed": number(wants["allowed"]), "limit": counted(wants["limit"])}
        whole = "_all" if wants["used"] == wants["allowed"] else ""
    return words, computed, signal.type + whole


def _words_of_move(signal: Signal, records: Records) -> Worded:
    after, before = signal.evidence[0], signal.evidence[1]
    name = METRIC_NAMES.get(after.field or "", measure((after.field or "use").removeprefix("metrics.")))
    earlier, later = records.by_id.get(before.record_id), records.by_id.get(after.record_id)
    percent = abs(round(signal.wants["percent"], 1))
    words = {
        "metric": name,
        "metric_low": name,
        "before": number(before.value),
        "after": number(after.value),
        "percent": number(percent),
        "month_before": month(earlier.period_start) if isinstance(earlier, Usage) else "",
        "month_after": month(later.period_start) if isinstance(later, Usage) else "",
    }
    return words, {"percent": percent}, signal.type


def _words_of_people(signal: Signal, records: Records) -> Worded:
    wants, first = signal.wants, signal.evidence[0]
    title = f", {wants['title']}," if wants.get("title") else ""
    record = records.by_id.get(first.record_id)
    since = date.fromisoformat(first.value) if isinstance(first.value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", first.value) else signal.observed_at
    words: dict[str, Any] = {
        "name": wants.get("name"),
        "title_clause": title if signal.type == "new_sponsor" else title.rstrip(","),
        "role": ROLES.get(str(wants.get("role")), "a contact"),
        "day": day(since),
        "record": first.record_id,
        "subject": " ".join(str(wants.get("subject", "")).split()),
        "priority": getattr(record, "priority", ""),
    }
    return words, {}, signal.type


def title_of(record: object) -> str:
    """A record's name in the list of sources."""
    match record:
        case Ticket():
            return record.subject
        case Note():
            return record.title or f"{record.kind or 'account'} note"
        case Usage():
            return f"usage {record.period_start.isoformat()} to {record.period_end.isoformat()}"
        case Opportunity():
            return f"{record.kind} opportunity, {record.stage}"
        case TicketFlag():
            return f"flag of ticket {record.ticket_id}"
        case _:
            return str(getattr(record, "name", "") or type(record).__name__.lower())
