"""Who speaks: the customer's people, the vendor's, or the vendor's person telling what the customer said."""

# ruff: noqa: E501  # the patterns are lists of words: one alternative after another reads better than broken lines

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from briefs.reading.concepts import fold
from retrieval.dossier import Dossier
from retrieval.records import Contact, Note, Ticket

Side = Literal["customer", "agent", "reported", "internal"]

_CUSTOMER_WORDS = frozenset((
    "customer", "client", "cust", "caller", "requester", "kunde", "kundin", "cliente", "clienta", "user", "usuario", "utilisateur", "nutzer",
    "prospect",
))  # fmt: skip
_VENDOR_WORDS = frozenset((
    "agent", "csm", "ae", "support", "rep", "operator", "bot", "assistant", "vendor", "us", "me", "helpdesk", "advisor", "agente", "soporte",
    "comercial", "berater", "betreuer", "conseiller", "commercial",
))  # fmt: skip
_NOT_NAMES = frozenset((
    "note", "notes", "next", "steps", "step", "action", "actions", "risk", "risks", "update", "subject", "re", "fwd", "fw", "from", "to", "cc",
    "date", "sent", "attendees", "present", "agenda", "summary", "tldr", "todo", "topic", "topics", "ask", "asks", "outcome", "context",
    "background", "status", "goal", "goals", "timeline", "decision", "decisions", "key", "question", "questions", "answer", "ps", "nb", "fyi",
    "warning", "important", "follow", "asunto", "de", "para", "fecha", "betreff", "von", "an", "datum", "gesendet", "objet", "envoye", "a", "pour",
    "contexto", "resumen", "proximos", "pasos", "zusammenfassung", "teilnehmer", "riesgos", "http", "https", "renewal", "usage", "health", "budget",
    "pricing", "feedback", "issue", "error", "blockers", "positives", "negatives", "wins", "concerns", "nps", "seats", "plan", "product",
    "sentiment",
))  # fmt: skip
_TURN = re.compile(
    r"[ \t]*(?:\*\*)?[\[(]?(?P<clock>\d{1,2}:\d{2}(?::\d{2})?)?[\])]?[ \t]*[-–]?[ \t]*(?:\*\*)?"
    r"(?P<name>[^\W\d_][\w.'’-]{0,30}(?:[ \t]+[^\W\d_][\w.'’-]{0,30}){0,3})(?:[ \t]*[\[(](?P<aside>[^\])\n]{1,40})[\])])?"
    r"(?:\*\*)?[ \t]*(?P<mark>:|[-–—>](?=\s))(?:\*\*)?[ \t]*"
)


@dataclass(frozen=True)
class People:
    """The people of an account by every name a text may use, folded. Ambiguous names belong to nobody."""

    contacts: dict[str, str] = field(default_factory=dict)
    """name, first name, e-mail or id -> the contact's name"""
    vendor: frozenset[str] = frozenset()
    domain: str | None = None

    @classmethod
    def of(cls, dossier: Dossier) -> People:
        """The people a dossier knows: its contacts, and the vendor's as the account and its agents' messages name them."""
        customers = _names(dossier.contacts)
        authors = [m.author for t in dossier.tickets for m in t.messages if m.author_role == "agent"]
        named = [dossier.account.csm, dossier.account.ae, *authors, *(n.author for n in dossier.notes)]
        domain = (dossier.account.domain or "").casefold() or None
        ours = {key for name in named if name and not _of_domain(name, domain) for key in _keys(name)}
        return cls(customers, frozenset(ours - set(customers)), domain)

    def contact(self, name: str | None) -> str | None:
        """The contact meant by a name, first name, id or e-mail."""
        return self.contacts.get(_plain(name)) if name else None

    def side_of(self, name: str | None) -> Side | None:
        """`customer` or `agent`; None where nobody can tell."""
        if not name:
            return None
        plain = _plain(name)
        if plain in self.contacts or _of_domain(name, self.domain) or plain in _CUSTOMER_WORDS:
            return "customer"
        first = plain.split(" ")[0]
        return "agent" if plain in self.vendor or plain in _VENDOR_WORDS or first in self.vendor else None


@dataclass(frozen=True)
class Turn:
    """The head of a line that says who speaks: what is said begins at `end`. Without a name it is a heading: nobody's turn any more."""

    name: str
    end: int
    side: Side | None


def side_of_note(note: Note, people: People) -> tuple[Side, str | None]:
    """Who a note's plain text counts as, and the name to show. A CSM's e-mail that greets a contact is the vendor's own words."""
    own = people.contact(note.author)
    if people.side_of(note.author) == "customer":
        return "customer", own or note.author
    if note.kind in ("internal", "handoff"):
        return "internal", note.author
    if note.kind == "email":
        sender = _sender(note.body, people)
        if sender:
            return sender
    return "reported", note.author


def side_of_message(ticket: Ticket, number: int, people: People) -> tuple[Side, str | None]:
    """Who a ticket's message counts as, and the name to show; an unmarked first message is the requester's."""
    message = ticket.messages[number]
    name = people.contact(message.author) or message.author
    if not message.public:
        return "internal", name
    if message.author_role:
        return ("customer" if message.author_role == "customer" else "agent"), name
    side = people.side_of(message.author)
    if side is None:
        side = "customer" if number == 0 or (message.author is not None and message.author == ticket.requester) else "agent"
    return side, name


def turn_names(text: str) -> frozenset[str]:
    """Names that open at least two lines as a speaker does, so that strangers' turns are seen as turns."""
    counts: Counter[str] = Counter()
    for line in text.splitlines():
        found = _TURN.match(line[:160])
        if found and found["mark"] == ":":
            counts[_plain(found["name"])] += 1
    return frozenset(name for name, times in counts.items() if times >= 2 and name.split(" ")[0] not in _NOT_NAMES)


def turn(line: str, people: People, repeated: frozenset[str]) -> Turn | None:
    """Whether a line opens somebody's turn (`Dana: …`, `[00:12] Dana Ortiz: …`, `AGENT - …`), and whose."""
    found = _TURN.match(line[:160])
    if not found:
        return None
    if found["mark"] == ":" and _plain(found["name"]).split(" ")[0] in _NOT_NAMES and not people.side_of(found["name"]):
        return Turn("", 0, None)
    plain = _plain(found["name"])
    aside = _plain(found["aside"] or "").split(" ")
    side = people.side_of(found["name"])
    if side is None and set(aside) & (_CUSTOMER_WORDS | _VENDOR_WORDS):
        side = "customer" if set(aside) & _CUSTOMER_WORDS else "agent"
    known = side is not None or (found["mark"] == ":" and (plain in repeated or (found["clock"] and plain.split(" ")[0] not in _NOT_NAMES)))
    if not known or (found["mark"] != ":" and not found["name"].isupper() and not found["clock"]):
        return None
    return Turn(people.contact(found["name"]) or found["name"], found.end(), side)


_FROM = re.compile(r"(?im)^[ \t]*(?:from|von|de|expediteur|expéditeur)[ \t]*:[ \t]*(?P<who>[^\n<]{0,80})(?:<(?P<mail>[^>\n]{3,80})>)?")
_GREETING = re.compile(
    r"(?i)\A\s*(?:hi|hello|hey|dear|good (?:morning|afternoon)|hola|buenos d[ií]as|estimad[oa]|hallo|liebe[r]?|guten tag|bonjour|ch[eè]re?)\s+(?P<who>[^\W\d_]+)"
)
_LAST_LINES = 6


def _sender(body: str, people: People) -> tuple[Side, str | None] | None:
    """Who wrote the mail a note holds: by its head, by its signature, by whom it greets."""
    head = _FROM.search(body[:400])
    for who in (head["mail"], head["who"].strip()) if head else ():
        if who and people.side_of(who):
            return people.side_of(who) or "reported", people.contact(who) or who
    own = re.split(r"(?m)^\s*(?:>|-{3,}\s*Original|On .{5,80} wrote:|Am .{5,80} schrieb|El .{5,80} escribi|Le .{5,80} a écrit)", body, maxsplit=1)[0]
    for line in [line for line in own.splitlines() if line.strip()][-_LAST_LINES:]:
        signed = people.contact(re.split(r"[|,–-]", line.strip(" -*–,.!"))[0].strip())
        if signed and len(line) <= 80:
            return "customer", signed
    greeting = _GREETING.match(body)
    if greeting and people.contact(greeting["who"]):
        return "agent", None
    return None


def _names(contacts: Iterable[Contact]) -> dict[str, str]:
    firsts = Counter(_plain(c.name).split(" ")[0] for c in contacts)
    names: dict[str, str] = {}
    for contact in contacts:
        for key in (contact.id, contact.name, contact.email or ""):
            if key:
                names[_plain(key)] = contact.name
        parts = _plain(contact.name).split(" ")
        if firsts[parts[0]] == 1:
            names.setdefault(parts[0], contact.name)
        if len(parts) > 1:
            names.setdefault(parts[-1], contact.name)
            names.setdefault("".join(part[0] for part in parts), contact.name)
    return names


def _keys(name: str) -> set[str]:
    plain = _plain(name)
    local = plain.split("@")[0].replace(".", " ")
    return {plain, local, local.split(" ")[0]}


def _of_domain(name: str, domain: str | None) -> bool:
    return bool(domain) and name.casefold().rstrip("> ").endswith("@" + (domain or ""))


def _plain(name: str) -> str:
    return " ".join(fold(name).replace(".", " " if "@" not in name else ".").split())
