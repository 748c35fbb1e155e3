"""Replaces who is named in a dossier, each always by the same stand-in: companies, people, e-mail addresses, telephone numbers, domains, ids.

What stands in the fields of the records is known and replaced wherever it occurs in their texts too, whatever letters it is written in. A name that
stands in a text only cannot be known; `left_over` lists what looks like one, for the person who reviews the case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

from evals.life.folding import folded, folded_with_places, spellings
from evals.life.who import (
    ALSO_WORDS,
    AS_THEY_ARE,
    COMPANIES,
    PARTICLES,
    PEOPLE,
    SHORTEST,
    addresses_of,
    domain_in,
    mailed,
    people_of,
    unlike,
)
from retrieval.dossier import Dossier
from retrieval.records import Account

_BEFORE, _AFTER = r"(?<![^\W_])", r"(?![^\W_])"
_MAIL = r"(?<![\w.+'-])[\w.+'-]+@[\w-]+(?:\.[\w-]+)+"
_PATH = r"(?:[/?#]\S*)?"
_SITE = (
    r"(?:https?://|\bwww\.)[^\s<>\"')]+|\b(?:[\w-]+\.)+(?:com|net|org|io|eu|co|de|fr|es|uk|ie|nl|it|dk|se|no|fi|pl|ch|at|be|ai|us|app|dev|cz|sk|pt"
    rf"|gr|hu|ro|lu|ca|au|example)\b{_PATH}"
)
_PHONE = r"(?<![\w/-])(?<!\d\.)(?:\+|00|\()?\d(?:[\s()./-]{0,2}\d){7,14}(?![\w-])"
_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:[0-2]\d|3[01])(?!\d)|(?<![\d./])[0-3]?\d([./])[0-3]?\d\1(?:\d{4}|\d{2})(?![./]?\d)")
_DIGITS_OF_A_PHONE = 8
_CAPITALS = "".join(letter for letter in map(chr, range(0x530)) if letter.isupper())
_NAMELIKE = re.compile(rf"\b[{_CAPITALS}][\w'’-]{{2,}}(?:[ \t]+(?:de|van|von|der|la)\b)?[ \t]+[{_CAPITALS}][\w'’-]{{2,}}\b")
_SITELIKE = re.compile(r"\b(?:[\w-]+\.)*[^\W\d][\w-]+\.[^\W\d_]{2,}\b")


class Redaction:
    """The stand-ins of one case. The same text gives the same stand-in throughout."""

    def __init__(self, dossier: Dossier, others: tuple[Account, ...] = (), later: Iterable[Dossier] = ()) -> None:
        """`others` are the other accounts there are. `later` are dossiers of the same account of other days: they may name somebody more."""
        dossiers = (dossier, *later)
        accounts = (dossier.account, *(d.account for d in dossiers[1:]), *(a for a in others if a.id != dossier.account.id))
        people = list(dict.fromkeys(name for each in dossiers for name in people_of(each)))
        real = {*people, *(name for a in accounts for name in (a.name, *a.aliases))}
        self._people, self._companies = unlike(PEOPLE, real), unlike(COMPANIES, real)
        self._names: dict[str, str] = {}
        self._sites: dict[str, str] = {}
        self._doubtful: set[str] = set()
        self._kinds: dict[str, dict[str, str]] = {"mail": {}, "phone": {}, "site": {}, "id": {}}
        places = {account_id: place for place, account_id in enumerate(dict.fromkeys(a.id for a in accounts))}
        for account in accounts:
            self._company(account, places[account.id])
        for place, name in enumerate(people):
            self._person(name, place)
        for name in dict.fromkeys(name for each in dossiers for name in mailed(each)):
            self._first_name(name)
        mails = {folded(address.strip()) for each in dossiers for address in addresses_of(each)}
        for mail in sorted(mails):
            if domain := domain_in(mail):
                self._sites.setdefault(domain, f"mail{len(self._sites) + 1}.example")
        self._pattern = _pattern(mails, self._sites, self._names)

    def rows(self, rows: Mapping[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
        """Records with everybody replaced. Ids become plain numbers, the same wherever they are referred to."""
        for kind, listed in rows.items():
            for number, row in enumerate(listed, 1):
                if "id" in row:
                    stand_in = "account" if (kind, number) == ("accounts", 1) else f"flag:{number}" if kind == "flags" else f"{kind}-{number}"
                    self._kinds["id"].setdefault(str(row["id"]), stand_in)
        return {kind: [cast("dict[str, Any]", self._any(row, None)) for row in listed] for kind, listed in rows.items()}

    def text(self, text: str) -> str:
        """A text with everybody replaced."""
        low, places = folded_with_places(text)
        said, done = "", 0
        for found in self._pattern.finditer(low):
            start, end = places[found.start()], places[found.end() - 1] + 1
            if found.end() < len(places):
                end = max(end, places[found.end()])  # accents that stand as letters of their own go with the letter before
            instead = self._instead(str(found.lastgroup), found[0], text[start:end])
            if instead is not None:
                said, done = said + text[done:start] + instead, end
        return said + text[done:]

    def id(self, record_id: str) -> str:
        """The stand-in of a record's id; a usage row's and an account's follow their account."""
        ids = self._kinds["id"]
        head, *rest = record_id.split(":")
        if rest and record_id not in ids:
            return ":".join([head, ids.get(rest[0], rest[0]), *rest[1:]])
        return ids.get(record_id, record_id)

    def left_over(self, text: str) -> list[str]:
        """What still looks like somebody's: two capitals side by side that are no stand-in's, sites, and names that are words, or as short as one."""
        ours = {word for stand_in in self._names.values() for word in stand_in.casefold().split()}
        found = {m[0] for m in _NAMELIKE.finditer(text) if not set(m[0].casefold().split()) <= ours}
        found |= {m[0] for m in _SITELIKE.finditer(text) if not m[0].endswith(".example")}
        kept = {key for key in self._names if set(key.split()) <= ALSO_WORDS}
        return sorted(found | {name for name in self._doubtful | kept if re.search(rf"\b{re.escape(name)}\b", text)})

    def _instead(self, kind: str, low: str, written: str) -> str | None:
        """What stands in the place of a match; None leaves it as it is."""
        if kind in ("known_mail", "mail"):
            return self._stand_in("mail", low)
        if kind == "own":
            return next(stand_in for site, stand_in in sorted(self._sites.items(), key=lambda each: -len(each[0])) if site in low)
        if kind == "site":
            return self._stand_in("site", low)
        if kind == "phone":
            digits = re.sub(r"\D", "", _DATE.sub("", low))
            return self._stand_in("phone", re.sub(r"\D", "", low)) if len(digits) >= _DIGITS_OF_A_PHONE else None
        words = low.split()
        return None if written.islower() and set(words) <= ALSO_WORDS else self._names[" ".join(words)]

    def _any(self, value: Any, key: str | None) -> Any:
        if isinstance(value, dict):
            return {name: self._any(each, name) for name, each in cast("dict[str, Any]", value).items()}
        if isinstance(value, list):
            return [self._any(each, key) for each in cast("list[Any]", value)]
        if not isinstance(value, str) or key in AS_THEY_ARE:
            return value
        if value in self._kinds["id"]:
            return self._kinds["id"][value]
        return self.text(value)

    def _name(self, name: str, stand_in: str) -> None:
        for key in spellings(name):
            self._names.setdefault(key, stand_in)

    def _company(self, account: Account, place: int) -> None:
        stand_in = _numbered(self._companies, place)
        for name in (account.name, *account.aliases):
            self._name(name, stand_in)
        first = account.name.split()[0] if account.name.split() else ""
        if len(first) > SHORTEST:
            self._name(first, stand_in.split()[0])
        if account.domain and (domain := domain_in(account.domain)):
            number = place // len(self._companies)
            self._sites.setdefault(domain, f"{stand_in.split()[0].casefold()}{number + 1 if number else ''}.example")

    def _person(self, name: str, place: int) -> None:
        stand_in = _numbered(self._people, place)
        self._name(name, stand_in)
        parts, ours = [part for part in name.split() if part not in PARTICLES], stand_in.split()
        for own, part in [(ours[1], parts[-1]), *((ours[0], part) for part in parts[:-1])] if len(parts) > 1 else ():
            if len(part) >= SHORTEST:
                self._name(part, own)
            elif len(part) > 1:
                self._doubtful.add(part)

    def _first_name(self, name: str) -> None:
        """Of somebody the records give an address of, and no name."""
        if name.casefold() in ALSO_WORDS:
            self._doubtful.add(name)
        elif folded(name) not in self._names:
            self._name(name, self._people[len(self._names) % len(self._people)].split()[0])

    def _stand_in(self, kind: str, text: str) -> str:
        known = self._kinds[kind]
        number = len(known) + 1
        made = {"mail": f"person{number}@customer.example", "phone": f"+00 555 01{number:02d}", "site": f"site{number}.example"}[kind]
        if text in known.values():
            return text
        return known.setdefault(text, made)


def _numbered(stand_ins: list[str], place: int) -> str:
    return stand_ins[place % len(stand_ins)] + (f" {place // len(stand_ins) + 1}" if place >= len(stand_ins) else "")


def _pattern(mails: Iterable[str], sites: Iterable[str], names: Iterable[str]) -> re.Pattern[str]:
    """Everything that is replaced in a folded text, each kind a group. Names in letters without capitals stand in words without spaces, too."""
    free = {name for name in names if len(name) > 1 and name.upper() == name and any(letter.isalpha() for letter in name)}
    kinds = {
        "known_mail": rf"{_BEFORE}(?:{_any_of(mails)}){_AFTER}",
        "mail": _MAIL,
        "own": rf"{_BEFORE}(?:https?://)?(?:[\w-]+\.)*(?:{_any_of(sites)}){_AFTER}{_PATH}",
        "site": _SITE,
        "name": rf"{_BEFORE}(?:{_any_of(set(names) - free)}){_AFTER}",
        "uncased": _any_of(free),
        "phone": _PHONE,
    }
    return re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in kinds.items()))


def _any_of(texts: Iterable[str]) -> str:
    """Any of these, the longest first, with any space between their words; what never matches where there are none."""
    longest_first = sorted(texts, key=lambda text: (-len(text), text))
    return "|".join(r"\s+".join(map(re.escape, text.split())) for text in longest_first) or r"(?!)"
