"""Whom a text is about: this account, a company of its group, or somebody else whose facts must not stand in this account's brief."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache

from briefs.misfiled import tagged_misfiled, told_misfiled
from briefs.names import stands_in
from briefs.reading.patterns import fold
from retrieval.dossier import Dossier
from retrieval.records import Account, Note, Survey, TextRecord, Ticket, parts_of

MAIL = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
FREE_MAIL = frozenset(
    {"gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "gmx.de", "web.de", "proton.me", "orange.fr", "live.com"}
)
LEGAL_FORMS = re.compile(
    r"\b(?:inc|llc|ltd|limited|plc|gmbh|ag|kg|se|sa|s\.a|sas|sarl|srl|s\.r\.l|spa|bv|b\.v|nv|n\.v|oy|ab|a/s|aps|as|co|corp|corporation|company|group|holding|holdings)\b\.?",
    re.I,
)
_WORD = re.compile(r"\w+")

SIGNED = 3
"""Last lines of a record in which its writer signs."""
LONGEST_SIGNATURE = 60
"""A longer line is a sentence."""


def core_name(name: str) -> str:
    """A company's name without its legal form, folded for comparison."""
    return fold(" ".join(LEGAL_FORMS.sub(" ", name).replace(",", " ").replace("&", " & ").split()))


class Directory:
    """Every account's names, prepared once for a whole scan, to notice another customer in a text."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        self._owners: dict[str, set[str]] = defaultdict(set)
        self._parents: dict[str, str | None] = {}
        self._domains: dict[str, set[str]] = defaultdict(set)
        for account in accounts:
            self._parents[account.id] = account.parent_id
            for name in (account.name, *account.aliases):
                folded = core_name(name)
                if len(folded) >= 3:
                    self._owners[folded].add(account.id)
            if account.domain:
                self._domains[account.domain.casefold()].add(account.id)

    @cached_property
    def version(self) -> str:
        """Changes when a name, a domain or a parent does."""
        told = repr((sorted((n, sorted(o)) for n, o in self._owners.items()), sorted(self._parents.items(), key=str), sorted(self._domains)))
        return hashlib.sha256(told.encode()).hexdigest()

    @cached_property
    def _by_word(self) -> dict[str, list[str]]:
        """The names by their first word, so that a text is not held against every customer there is."""
        found: dict[str, list[str]] = defaultdict(list)
        for name in self._owners:
            first = _WORD.search(name)
            found[first.group() if first else ""].append(name)
        return found

    def _likely(self, folded: str) -> tuple[str, ...]:
        """The names whose first word a folded text holds, longest first."""
        words = {"", *_WORD.findall(folded)} & self._by_word.keys()
        return tuple(sorted((name for word in words for name in self._by_word[word]), key=lambda name: (-len(name), name)))

    def group_of(self, account_id: str) -> frozenset[str]:
        """The account, its parent, its children and its siblings: one customer's house."""
        parent = self._parents.get(account_id)
        family = {account_id, parent} - {None}
        return frozenset({other for other, above in self._parents.items() if other in family or above in family} | {account_id})

    def named_in(self, text: str) -> Iterator[tuple[str, set[str]]]:
        """Each account name found in a text, as written, and whose it is. A single word is a name only where it has a capital."""
        flat = " ".join(text.replace("&", " & ").split())
        folded = fold(flat)
        likely = self._likely(folded)
        if not likely:
            return
        places = _places(flat, folded)
        for match in _any_of(likely).finditer(folded):
            found = flat[places[match.start()] : places[match.end() - 1] + 1]
            if " " in found or not found[0].islower():
                yield found, self._owners[match.group()]

    def domains_of(self, accounts: Iterable[str]) -> frozenset[str]:
        wanted = set(accounts)
        return frozenset(domain for domain, owners in self._domains.items() if owners & wanted)

    def owns_domain(self, domain: str) -> bool:
        return domain in self._domains


@lru_cache(maxsize=256)
def _any_of(names: tuple[str, ...]) -> re.Pattern[str]:
    """Finds names as whole words in a folded text."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")


def _places(text: str, folded: str) -> Sequence[int]:
    """Where in `text` each letter of it folded stands: ß is one letter there, and two here."""
    return range(len(text)) if len(text) == len(folded) else [place for place, letter in enumerate(text) for _ in fold(letter)]


class Subject:
    """Answers for one dossier: does this text speak of somebody else?"""

    def __init__(self, dossier: Dossier, directory: Directory) -> None:
        account = dossier.account
        self.dossier = dossier
        self._directory = directory
        self._group = directory.group_of(account.id)
        self.own = tuple(n for n in {core_name(name) for name in (account.name, *account.aliases)} if n)
        self.group_domains: frozenset[str] = directory.domains_of(self._group) | frozenset({account.domain.casefold()} if account.domain else ())

    def other_customers_in(self, text: str) -> tuple[str, ...]:
        """Names of customers outside this account's group that stand in a text."""
        flat = fold(text)
        strangers = {found for found, owners in self._directory.named_in(text) if not owners & self._group}
        return tuple(sorted(name for name in strangers if not any(fold(name) in own and own in flat for own in self.own)))

    def misfiled(self, record: TextRecord) -> bool:
        """A record that is plainly about another company: written by nobody we know here, from another company's address or in its name."""
        writer, texts = _written_by(record)
        known = self.dossier.contact(writer) is not None
        if not known and isinstance(record, Ticket) and _told_misfiled(record):
            return True
        if known:
            return False
        if (not isinstance(record, Note) or record.kind == "email") and self._of_another(record):
            return True
        if writer is None:
            return False
        if isinstance(record, Note) and not self._outside(writer):
            return False
        domains = {d.casefold() for d in MAIL.findall(" ".join((writer, *texts)))} - FREE_MAIL
        foreign = {d for d in domains if not any(d == own or d.endswith("." + own) for own in self.group_domains)}
        home = domains - foreign
        if home:
            return False
        if any(self._directory.owns_domain(d) for d in foreign):
            return True
        return self.dossier.account.domain is not None and bool(foreign) and not any(self._names_us(text) for text in texts)

    def _of_another(self, record: TextRecord) -> bool:
        """Another customer's name in the heading or the signature (or `here at Helios`), and nowhere ours nor anybody's of our contacts."""
        parts = parts_of(record)
        whole = "\n".join(parts.values())
        if self._names_us(whole) or self._names_a_contact(whole):
            return False
        lines = [line.strip() for text in parts.values() for line in text.splitlines() if line.strip()]
        signature = [
            line for line in lines[1:][-SIGNED:] if len(line) <= LONGEST_SIGNATURE and not LEGAL_FORMS.sub("", line).endswith((".", "!", "?"))
        ]
        ends = fold("\n".join([text for part, text in parts.items() if part in ("title", "subject")] + signature))
        return any(fold(name) in ends or _speaks_for(name, whole) for name in self.other_customers_in(whole))

    def _names_a_contact(self, text: str) -> bool:
        names = {n for c in self.dossier.contacts for n in (c.name.split()[0], c.name.split()[-1], c.name, c.email or "") if len(n) > 1}
        return any(stands_in(name, text) for name in names)

    def _outside(self, writer: str) -> bool:
        """A note by somebody with a mail address is an e-mail; one by our own people is a report."""
        found = MAIL.findall(writer)
        mine = {(self.dossier.account.csm or "").split("@")[-1].casefold(), (self.dossier.account.ae or "").split("@")[-1].casefold()}
        return bool(found) and found[0].casefold() not in mine

    def _names_us(self, text: str) -> bool:
        folded = " ".join(fold(text).split())
        return any(name in folded for name in self.own)


def _told_misfiled(ticket: Ticket) -> bool:
    """Our people say, in a message or by a tag, that it is another customer's."""
    ours = [line for m in ticket.messages if not m.public or m.author_role == "agent" for line in re.split(r"[.!?\n]", m.body)]
    return any(map(told_misfiled, ours)) or tagged_misfiled(ticket.tags)


def _speaks_for(name: str, text: str) -> bool:
    """`We at Helios`, `here from Helios`, `wir bei Helios`: the writer's own company."""
    here = r"(?:we|us|here|team|wir|hier|nosotros|aquí|nous|ici) (?:at|from|of|bei|von|de|en|chez) (?:the |der |la |l')?"
    return re.search(rf"(?i)\b{here}{re.escape(name)}(?!\w)", " ".join(text.split())) is not None


def _written_by(record: TextRecord) -> tuple[str | None, Iterable[str]]:
    match record:
        case Ticket():
            return record.requester, [m.body for m in record.messages if m.author_role == "customer"]
        case Note():
            return record.author, [record.body]
        case Survey():
            return record.respondent, [record.comment or ""]
        case _:
            return record.respondent, [record.goals or ""]
