"""Where two sources do not agree: shown side by side, resolved by nobody but a person."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefs.brief import Claim, Conflict, Evidence
from briefs.drafting.facts import claim
from briefs.drafting.material import Material
from briefs.drafting.phrasebook import fact
from briefs.reading.sentences import Sentence
from briefs.signals.evidence import data
from briefs.signals.said import evidence_of
from briefs.signals.series import latest, move
from briefs.verify import Court, verify
from briefs.wording import day, month, number

RECENT = 150
"""Days within which a statement about use is held against the table."""
POINTS_APART = 10
MOST_CONFLICTS = 4
USE = re.compile(r"\b(?:usage|use|adoption|activity|active|logins?|nutzung|uso|utilisation)\b", re.I)
UP = re.compile(r"\b(?:up|grew|grown|grows|rose|risen|rise|increase[ds]?|more|higher|plus|gestiegen|subid\w+|augment\w+|hausse)\b|\+", re.I)
DOWN = re.compile(r"\b(?:down|fell|fallen|drop(?:ped|s)?|decreas\w+|less|lower|declin\w+|gesunken|baj\w+|baisse)\b|(?<!\w)-(?=\d)", re.I)
PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s?(?:%|per ?cent|prozent|por ciento|pour cent)", re.I)
PAID = re.compile(
    r"\b(?:we|they|cust\w*|account)\s+(?:currently |now |only )?(?:have|has|pay for|hold|are on|own|licen[cs]ed?)\s+"
    r"(\d{1,5})\s+(?:seats?|licen[cs]es?|lics)\b"
    r"|\b(\d{1,5})\s+(?:seats?|licen[cs]es?|lics)\s+(?:licen[cs]ed|paid|under contract|in the contract|on contract|purchased|bought)\b",
    re.I,
)


def conflicts(m: Material, court: Court) -> tuple[Conflict, ...]:
    """Statements about use and seats that the usage table or the account field contradicts."""
    return tuple(c for c in candidates(m) if all(verify(side, court).ok for side in c.sides))[:MOST_CONFLICTS]


def candidates(m: Material) -> list[Conflict]:
    """What looks like a conflict, before every side is verified."""
    return [*_of_use(m), *_of_seats(m), *_of_tables(m)]


def _recent(m: Material) -> Iterator[Sentence]:
    """What was said lately, without the mails it repeats."""
    yield from (s for s in m.sentences if 0 <= (m.dossier.as_of - s.at).days <= RECENT and not s.quoted)


def _of_use(m: Material) -> Iterator[Conflict]:
    moved = move(m.dossier.usage, m.dossier.as_of, m.rubric)
    if moved is None:
        return
    for sentence in _recent(m):
        told = PERCENT.search(sentence.text)
        if told is None or not USE.search(sentence.text):
            continue
        up, down = UP.search(sentence.text), DOWN.search(sentence.text)
        if bool(up) == bool(down):
            continue
        percent = float(told.group(1).replace(",", ".")) * (1 if up else -1)
        if abs(percent - moved.percent) >= POINTS_APART:
            ends = (data(moved.latest, moved.metric, moved.after), data(moved.earlier, moved.metric, moved.before))
            kind = "usage_growth" if moved.percent >= 0 else "usage_decline"
            words = {
                "metric": "Active seats" if moved.metric == "seats_active" else moved.metric,
                "metric_low": "active seats",
                "before": number(moved.before),
                "after": number(moved.after),
                "percent": number(abs(round(moved.percent, 1))),
                "month_before": month(moved.earlier.period_start),
                "month_after": month(moved.latest.period_start),
            }
            table = claim(fact(kind, "conflict", **words), "computed", ends, derived={"percent": abs(round(moved.percent, 1))})
            yield Conflict(topic="how far use moved", sides=(_side(sentence), table))


def _of_seats(m: Material) -> Iterator[Conflict]:
    row = latest(m.dossier.usage, m.dossier.as_of, m.rubric)
    licensed = row.seats_licensed if row is not None and row.seats_licensed is not None else m.dossier.account.seats
    if licensed is None:
        return
    evidence = (
        data(row, "seats_licensed", licensed) if row is not None and row.seats_licensed is not None else data(m.dossier.account, "seats", licensed)
    )
    for sentence in _recent(m):
        told = PAID.search(sentence.text)
        if told and int(told.group(1) or told.group(2)) != licensed:
            yield Conflict(topic="how many seats are paid for", sides=(_side(sentence), _count(licensed, evidence)))


def _of_tables(m: Material) -> Iterator[Conflict]:
    row, seats = latest(m.dossier.usage, m.dossier.as_of, m.rubric), m.dossier.account.seats
    if row is not None and row.seats_licensed is not None and seats is not None and seats != row.seats_licensed:
        sides = (_count(seats, data(m.dossier.account, "seats", seats)), _count(row.seats_licensed, data(row, "seats_licensed", row.seats_licensed)))
        yield Conflict(topic="how many seats are paid for", sides=sides)


def _count(seats: int, evidence: Evidence) -> Claim:
    where = "the account field" if evidence.kind == "account" else "the usage table"
    return claim(f"By {where} {number(seats)} seats are paid for.", "fact", (evidence,))


def _side(sentence: Sentence) -> Claim:
    words = fact(
        "noted",
        sentence.record_id,
        day=day(sentence.at),
        kind="account" if sentence.kind == "note" else sentence.kind,
        quote=" ".join(sentence.text.split()),
    )
    return claim(words, "customer_said", (evidence_of(sentence),), internal=not sentence.public)
