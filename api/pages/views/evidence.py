"""The record a brief rests on, laid out to be checked: every ticket, note, survey and usage row, with the words and cells a sentence cites marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from briefs.brief import Evidence
from briefs.rendering.cleaning import harmless, one_line
from briefs.rendering.words import KINDS, count, day, hyphenless, named, period, plain_value
from retrieval.dossier import Dossier
from retrieval.records import Contact, Note, Opportunity, Scorecard, Survey, TextRecord, Ticket, TicketFlag, Usage, parts_of

Numbered = Sequence[tuple[int, Evidence]]


@dataclass(frozen=True)
class Piece:
    """A run of a record's text. `marks` are the numbers of the evidence that covers it; `pins` those that begin, `ends` those that end with it."""

    text: str
    marks: tuple[int, ...] = ()
    pins: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


@dataclass(frozen=True)
class Part:
    """One text of a record: a note's body, a ticket's message, with who wrote it."""

    name: str
    who: str
    role: str
    at: str
    pieces: tuple[Piece, ...]
    internal: bool = False


@dataclass(frozen=True)
class Field:
    """One fact of a record that is no prose: its name, its value, and the evidence that rests on it."""

    name: str
    value: str
    marks: tuple[int, ...] = ()


@dataclass(frozen=True)
class Paper:
    """One record in the evidence pane. `cited` are the numbers of all evidence in it."""

    anchor: str
    record_id: str
    kind: str
    title: str
    day: str
    at: date | None
    fields: tuple[Field, ...] = ()
    parts: tuple[Part, ...] = ()
    cited: tuple[int, ...] = ()
    internal: bool = False

    @property
    def loose(self) -> tuple[int, ...]:
        """Evidence that points at the record and at no place that is shown: a link to it still has to land somewhere."""
        placed = {n for field in self.fields for n in field.marks} | {n for part in self.parts for piece in part.pieces for n in piece.pins}
        return tuple(n for n in self.cited if n not in placed)


@dataclass(frozen=True)
class UseRow:
    """One period of the usage table; each cell may be cited."""

    label: str
    cells: tuple[Field, ...]
    more: tuple[Field, ...]
    cited: tuple[int, ...]


@dataclass(frozen=True)
class UseTable:
    columns: tuple[str, ...]
    rows: tuple[UseRow, ...]


@dataclass(frozen=True)
class EvidencePane:
    """Records with cited words first, newest first within each group; the usage table on its own."""

    cited: tuple[Paper, ...]
    others: tuple[Paper, ...]
    use: UseTable | None
    erased: tuple[tuple[int, str], ...]
    """Evidence whose record is no longer on file: its number and the record's id."""


def pane(dossier: Dossier, ledger: Sequence[Evidence]) -> EvidencePane:
    """The records of a dossier with the evidence of a ledger (numbered from 1) marked in them."""
    by_record: dict[str, list[tuple[int, Evidence]]] = {}
    for number, item in enumerate(ledger, 1):
        by_record.setdefault(item.record_id, []).append((number, item))
    papers = [_paper(record, by_record, dossier) for record in dossier.texts]
    papers += [_account(by_record, dossier), *_people(by_record, dossier), *_deals(by_record, dossier)]
    papers += [_flag(flag, by_record.get(flag.id, ())) for flag in dossier.flags]
    papers.sort(key=lambda paper: (-(paper.at or date.min).toordinal(), paper.record_id))
    known = {paper.record_id for paper in papers} | {row.id for row in dossier.usage}
    return EvidencePane(
        cited=tuple(paper for paper in papers if paper.cited),
        others=tuple(paper for paper in papers if not paper.cited),
        use=_use(dossier.usage, by_record),
        erased=tuple((number, item.record_id) for number, item in enumerate(ledger, 1) if item.record_id not in known),
    )


def anchor_of(record_id: str) -> str:
    """A record's id as an anchor of the page."""
    return "r-" + "".join(c if c.isascii() and c.isalnum() else f"_{ord(c):x}" for c in record_id)


def pieces(text: str, spans: Iterable[tuple[int, int, int]]) -> tuple[Piece, ...]:
    """The text cut where evidence begins and ends; `spans` are (number, start, end) in code points. Cutting comes before cleaning."""
    held = [(n, max(start, 0), min(end, len(text))) for n, start, end in spans]
    held = [(n, start, end) for n, start, end in held if start < end]
    edges = sorted({0, len(text), *(start for _, start, _ in held), *(end for _, _, end in held)})
    cut: list[Piece] = []
    for left, right in pairwise(edges):
        marks = tuple(n for n, start, end in held if start <= left and right <= end)
        pins = tuple(n for n, start, _ in held if start == left)
        ends = tuple(n for n, _, end in held if end == right)
        cut.append(Piece(harmless(text[left:right]), marks, pins, ends))
    return tuple(cut)


def _paper(record: TextRecord, by_record: Mapping[str, Numbered], dossier: Dossier) -> Paper:
    told = by_record.get(record.id, ())
    texts = parts_of(record)
    parts = tuple(_part(record, name, text, told, dossier) for name, text in texts.items() if name not in ("title", "subject"))
    title = _title(record)
    return Paper(
        anchor=anchor_of(record.id),
        record_id=record.id,
        kind=_kind(record),
        title=one_line(title),
        day=day(record.at),
        at=record.at.date(),
        fields=_fields(record, told, dossier),
        parts=parts,
        cited=tuple(number for number, _ in told),
        internal=isinstance(record, Note) and record.visibility == "internal",
    )


def _title(record: TextRecord) -> str:
    match record:
        case Note():
            return record.title or ""
        case Ticket():
            return record.subject
        case Survey():
            return f"{record.kind.upper()} answer"
        case Scorecard():
            return "Answers after a ticket"


def _kind(record: TextRecord) -> str:
    if isinstance(record, Note) and record.kind:
        return {"call": "Call note", "qbr": "Review note", "email": "E-mail", "internal": "Internal note", "handoff": "Hand-off note"}[record.kind]
    return named(KINDS, "note" if isinstance(record, Note) else type(record).__name__.lower())


def _part(record: TextRecord, name: str, text: str, told: Numbered, dossier: Dossier) -> Part:
    spans = [(n, e.start, e.end) for n, e in told if e.part == name and e.start is not None and e.end is not None]
    who, role, at, internal = "", "", "", False
    if isinstance(record, Ticket) and name.startswith("messages["):
        message = record.messages[int(name[9:-1])]
        who, role = message.author or "", {"customer": "customer", "agent": "our support"}.get(message.author_role or "", "")
        at, internal = _moment(message.at), not message.public
    elif isinstance(record, Note):
        who = record.author or ""
    elif isinstance(record, Survey):
        who = record.respondent or ""
    elif isinstance(record, Scorecard):
        who, role = record.respondent or "", hyphenless(name).lower()
    contact = dossier.contact(who)
    return Part(name, one_line(contact.name if contact else who), role, at, pieces(text, spans), internal)


def _moment(at: datetime | None) -> str:
    return f"{day(at)}, {at:%H:%M}" if at else ""


def _fields(record: TextRecord, told: Numbered, dossier: Dossier) -> tuple[Field, ...]:
    """Facts of the record shown above its text, and any other field that is cited."""
    shown: dict[str, object] = {}
    if isinstance(record, Ticket):
        requester = dossier.contact(record.requester)
        shown = {"status": record.status, "priority": record.priority, "requester": requester.name if requester else record.requester}
    if isinstance(record, Survey):
        shown = {"score": record.score}
    return _cited_fields(shown, told)


def _cited_fields(shown: Mapping[str, object], told: Numbered) -> tuple[Field, ...]:
    marks: dict[str, list[int]] = {}
    values = dict(shown)
    for number, item in told:
        if item.part is None and item.field:
            marks.setdefault(item.field, []).append(number)
            values.setdefault(item.field, item.value)
    titles = {"title", "subject"}
    for number, item in told:
        if item.part in titles:
            marks.setdefault(str(item.part), []).append(number)
            values.setdefault(str(item.part), item.quote)
    return tuple(
        Field(hyphenless(name), harmless(plain_value(value)), tuple(marks.get(name, ()))) for name, value in values.items() if value is not None
    )


def _account(by_record: Mapping[str, Numbered], dossier: Dossier) -> Paper:
    held = dossier.account
    record = f"account:{held.id}"
    told = by_record.get(record, ())
    shown = {name: getattr(held, name) for name in ("plan", "products", "seats", "renewal_date", "auto_renew", "billing_status", "health")}
    fields = _cited_fields({name: value for name, value in shown.items() if value not in (None, ())}, told)
    return Paper(anchor_of(record), record, "Account", one_line(held.name), "", held.at.date() if held.at else None, fields, (), _numbers(told))


def _people(by_record: Mapping[str, Numbered], dossier: Dossier) -> list[Paper]:
    return [_person(contact, by_record.get(contact.id, ())) for contact in dossier.contacts]


def _person(contact: Contact, told: Numbered) -> Paper:
    shown = {"title": contact.title, "role": named({}, contact.role), "left_at": contact.left_at}
    fields = _cited_fields({name: str(value) for name, value in shown.items() if value}, told)
    when = contact.left_at or contact.joined_at
    return Paper(anchor_of(contact.id), contact.id, "Contact", one_line(contact.name), day(when) if when else "", None, fields, (), _numbers(told))


def _deals(by_record: Mapping[str, Numbered], dossier: Dossier) -> list[Paper]:
    return [_deal(deal, by_record.get(deal.id, ())) for deal in dossier.opportunities]


def _deal(deal: Opportunity, told: Numbered) -> Paper:
    shown = {"kind": deal.kind, "stage": deal.stage, "sku": deal.sku, "amount": deal.amount}
    fields = _cited_fields({name: value for name, value in shown.items() if value is not None}, told)
    at = deal.created_at
    return Paper(anchor_of(deal.id), deal.id, "Opportunity", "", day(at) if at else "", at.date() if at else None, fields, (), _numbers(told))


def _flag(flag: TicketFlag, told: Numbered) -> Paper:
    fields = _cited_fields({"ticket": flag.ticket_id, "by": flag.by, "reason": flag.reason}, told)
    at = flag.at.date()
    return Paper(anchor_of(flag.id), flag.id, named(KINDS, "flag"), flag.ticket_id, day(at), at, fields, (), _numbers(told), internal=True)


def _use(rows: Sequence[Usage], by_record: Mapping[str, Numbered]) -> UseTable | None:
    """Newest period last, as a trend is read; cited periods are marked."""
    if not rows:
        return None
    metrics = sorted({name for row in rows for name in row.metrics})
    columns = ("seats_licensed", "seats_active", *metrics)
    return UseTable(tuple(hyphenless(name) for name in columns), tuple(_use_row(row, columns, by_record.get(row.id, ())) for row in rows))


def _use_row(row: Usage, columns: Sequence[str], told: Numbered) -> UseRow:
    marks: dict[str, list[int]] = {}
    for number, item in told:
        marks.setdefault((item.field or "").removeprefix("metrics."), []).append(number)
    cells = tuple(Field(name, count(_value(row, name)), tuple(marks.get(name, ()))) for name in columns)
    others = [(number, item) for number, item in told if (item.field or "").removeprefix("metrics.") not in columns]
    grouped: dict[tuple[str, str], list[int]] = {}
    for number, item in others:
        grouped.setdefault((hyphenless(item.field or ""), harmless(plain_value(item.value))), []).append(number)
    more = tuple(Field(name, value, tuple(numbers)) for (name, value), numbers in grouped.items())
    return UseRow(period(row.period_start, row.period_end), cells, more, _numbers(told))


def _value(row: Usage, name: str) -> float | None:
    return row.metrics.get(name) if name in row.metrics else getattr(row, name, None)


def _numbers(told: Numbered) -> tuple[int, ...]:
    return tuple(number for number, _ in told)
