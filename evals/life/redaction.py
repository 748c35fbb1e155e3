"""Replaces who is named in a dossier, each always by the same stand-in: companies, people, e-mail addresses, telephone numbers, domains, ids.

What stands in the fields of the records is known and replaced wherever it occurs in their texts too. A name that stands in a text only cannot be
known; `left_over` lists what looks like one, for the person who reviews the case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from retrieval.dossier import Dossier
from retrieval.records import Account

PEOPLE = (
    "Alex Marlow", "Bea Lindqvist", "Carlos Rueda", "Dana Whitfield", "Emre Aydin", "Fiona Gallacher", "Goran Petrov", "Hana Sato", "Ivo Brandt",
    "Jude Okafor", "Kira Novak", "Leon Dumas", "Mara Castell", "Nils Aker", "Oona Reilly", "Pavel Simek", "Quinn Harper", "Rosa Benitez",
    "Sami Laine", "Tess Moreau",
)  # fmt: skip
COMPANIES = (
    "Northmere Group", "Calderbrook", "Vesper Works", "Tamarind Foods", "Halden Systems", "Ostrava Glass", "Pinecrest Labs", "Quayside Freight",
    "Redfern Mills", "Solvang Energy", "Thornbury Homes", "Umber Studios",
)  # fmt: skip
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w/.-])(?:\+|00|\()?\d(?:[\s()./-]{0,2}\d){7,14}(?![\w-])")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
_DOMAIN = re.compile(
    r"\b(?:https?://)?(?:[a-z0-9-]+\.)+(?:com|net|org|io|eu|co|de|fr|es|uk|ie|nl|it|dk|se|no|fi|pl|example)\b(?:/\S*)?", re.IGNORECASE
)
_NAMELIKE = re.compile(r"\b[A-ZÀ-Þ][\w'’-]{2,}(?:[ \t]+(?:de|van|von|der|la)\b)?[ \t]+[A-ZÀ-Þ][\w'’-]{2,}\b")
SHORTEST = 3
"""Letters of a first name or surname that is replaced by itself; shorter ones are words too often."""

DESKS = frozenset(("admin", "billing", "contact", "hello", "help", "info", "mail", "noreply", "office", "sales", "service", "support", "team"))
"""What stands before an @ where nobody's name does."""
ALSO_WORDS = frozenset(
    ("april", "art", "august", "bill", "chase", "dean", "drew", "frank", "grace", "grant", "guy", "hope", "jack", "joy", "june", "mark", "max", "may",
     "miles", "pat", "penny", "ray", "rob", "rose", "sue", "will")
)  # fmt: skip
"""First names that would take words and months along: they are listed for the reviewer."""


class Redaction:
    """The stand-ins of one case. The same text gives the same stand-in throughout."""

    def __init__(self, dossier: Dossier, others: tuple[Account, ...] = ()) -> None:
        self._names: dict[str, str] = {}
        self._kinds: dict[str, dict[str, str]] = {"mail": {}, "phone": {}, "domain": {}, "id": {}}
        for place, account in enumerate((dossier.account, *(a for a in others if a.id != dossier.account.id))):
            self._company(account, place)
        for place, name in enumerate(dict.fromkeys(_people(dossier))):
            self._person(name, place)
        self._doubtful: set[str] = set()
        for name in _mailed(dossier):
            self._first_name(name)
        self._pattern = _any_of(self._names)

    def rows(self, rows: Mapping[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
        """Records with everybody replaced. Ids become plain numbers, the same wherever they are referred to."""
        for kind, listed in rows.items():
            for number, row in enumerate(listed, 1):
                if "id" in row:
                    self._kinds["id"].setdefault(str(row["id"]), "account" if (kind, number) == ("accounts", 1) else f"{kind}-{number}")
        return {kind: [cast("dict[str, Any]", self._any(row, None)) for row in listed] for kind, listed in rows.items()}

    def text(self, text: str) -> str:
        """A text with everybody replaced."""
        text = _MAIL.sub(lambda m: self._stand_in("mail", m[0].casefold()), text)
        if self._pattern is not None:
            text = self._pattern.sub(lambda m: self._names[m[0].casefold()], text)
        text = _DOMAIN.sub(lambda m: m[0] if m[0].endswith("@example") else self._stand_in("domain", m[0].casefold()), text)
        return _PHONE.sub(lambda m: m[0] if _DATE.search(m[0]) else self._stand_in("phone", re.sub(r"\D", "", m[0])), text)

    def id(self, record_id: str) -> str:
        """The stand-in of a record's id; a usage row's and an account's follow their account."""
        head, *rest = record_id.split(":")
        if rest:
            return ":".join([head, self._kinds["id"].get(rest[0], rest[0]), *rest[1:]])
        return self._kinds["id"].get(record_id, record_id)

    def left_over(self, text: str) -> list[str]:
        """What still looks like somebody's name: two capitals side by side that are no stand-in's, and first names that are words, too."""
        ours = {word for stand_in in self._names.values() for word in stand_in.casefold().split()}
        pairs = {m[0] for m in _NAMELIKE.finditer(text) if not set(m[0].casefold().split()) <= ours}
        return sorted(pairs | {name for name in self._doubtful if re.search(rf"\b{re.escape(name)}\b", text)})

    def _any(self, value: Any, key: str | None) -> Any:
        if isinstance(value, dict):
            return {name: self._any(each, name) for name, each in cast("dict[str, Any]", value).items()}
        if isinstance(value, list):
            return [self._any(each, key) for each in cast("list[Any]", value)]
        if not isinstance(value, str) or key in _AS_THEY_ARE:
            return value
        if value in self._kinds["id"]:
            return self._kinds["id"][value]
        return self.text(value)

    def _company(self, account: Account, place: int) -> None:
        stand_in = COMPANIES[place % len(COMPANIES)] + (f" {place // len(COMPANIES) + 1}" if place >= len(COMPANIES) else "")
        for name in (account.name, *account.aliases):
            self._names[name.casefold()] = stand_in
        first = account.name.split()[0]
        if len(first) > SHORTEST:
            self._names.setdefault(first.casefold(), stand_in.split()[0])
        if account.domain:
            self._kinds["domain"][account.domain.casefold()] = f"{stand_in.split()[0].casefold()}.example"

    def _person(self, name: str, place: int) -> None:
        stand_in = PEOPLE[place % len(PEOPLE)] + (f" {place // len(PEOPLE) + 1}" if place >= len(PEOPLE) else "")
        self._names.setdefault(name.casefold(), stand_in)
        parts, ours = name.split(), stand_in.split()
        for part, own in ((parts[0], ours[0]), (parts[-1], ours[1])):
            if len(part) >= SHORTEST and len(parts) > 1:
                self._names.setdefault(part.casefold(), own)

    def _first_name(self, name: str) -> None:
        """Of somebody the records give an address of, and no name."""
        known = name.casefold()
        if known in ALSO_WORDS:
            self._doubtful.add(name)
        elif known not in self._names:
            self._names[known] = PEOPLE[len(self._names) % len(PEOPLE)].split()[0]

    def _stand_in(self, kind: str, text: str) -> str:
        known = self._kinds[kind]
        number = len(known) + 1
        made = {"mail": f"person{number}@customer.example", "phone": f"+00 555 01{number:02d}", "domain": f"site{number}.example"}[kind]
        if text in known.values():
            return text
        return known.setdefault(text, made)


_AS_THEY_ARE = frozenset(
    [
        "at",
        "created_at",
        "updated_at",
        "solved_at",
        "closed_at",
        "joined_at",
        "left_at",
        "start_date",
        "renewal_date",
        "period_start",
        "period_end",
        "kind",
        "status",
        "priority",
        "stage",
        "role",
        "author_role",
        "visibility",
        "billing_status",
        "plan",
        "products",
        "sku",
        "currency",
        "features_adopted",
        "features_core",
        "feature",
        "segment",
        "industry",
        "region",
    ]
)
"""Fields that name nobody."""


def _people(dossier: Dossier) -> Iterator[str]:
    """Everybody the fields of the records name."""
    yield from (c.name for c in dossier.contacts)
    authors = [*(n.author for n in dossier.notes), *(m.author for t in dossier.tickets for m in t.messages), dossier.account.csm, dossier.account.ae]
    authors += [t.requester for t in dossier.tickets]
    ids = {c.id for c in dossier.contacts}
    yield from (name for name in authors if name and "@" not in name and name not in ids and name[0].isupper())


def _mailed(dossier: Dossier) -> Iterator[str]:
    """The names in the addresses of those who look after the account or wrote: `mira` and `d.moran` at the vendor sign as Mira and Moran."""
    written = [*(n.author for n in dossier.notes), *(m.author for t in dossier.tickets for m in t.messages), dossier.account.csm, dossier.account.ae]
    addresses = dict.fromkeys(name for name in written if name and "@" in name)
    parts = dict.fromkeys(part for address in addresses for part in re.split(r"[^a-zà-ÿ]+", address.casefold().split("@")[0]))
    yield from (part.title() for part in parts if len(part) >= SHORTEST and part not in DESKS)


def _any_of(names: Mapping[str, str]) -> re.Pattern[str] | None:
    if not names:
        return None
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)", re.IGNORECASE)
