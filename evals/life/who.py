"""Who a dossier names, and the stand-ins there are for them: the words a redaction works with."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from evals.life.folding import folded, words_of
from retrieval.dossier import Dossier

PEOPLE = (
    "Alex Marlow", "Bea Lindqvist", "Carlos Rueda", "Dana Whitfield", "Emre Aydin", "Fiona Gallacher", "Goran Petrov", "Hana Sato", "Ivo Brandt",
    "Jude Okafor", "Kira Novak", "Leon Dumas", "Mara Castell", "Nils Aker", "Oona Reilly", "Pavel Simek", "Quinn Harper", "Rosa Benitez",
    "Sami Laine", "Tess Moreau",
)  # fmt: skip
COMPANIES = (
    "Northmere Group", "Calderbrook", "Vesper Works", "Tamarind Foods", "Halden Systems", "Ostrava Glass", "Pinecrest Labs", "Quayside Freight",
    "Redfern Mills", "Solvang Energy", "Thornbury Homes", "Umber Studios",
)  # fmt: skip
SHORTEST = 3
"""Letters of a first name or surname that is replaced by itself; shorter ones are words too often."""

PARTICLES = frozenset("af al av bin da das de del della den der di dos du el la las le los ten ter van vom von y zu zum zur".split())  # noqa: SIM905
"""Small words within a name, as they stand there."""
DESKS = frozenset(("admin", "billing", "contact", "hello", "help", "info", "mail", "noreply", "office", "sales", "service", "support", "team"))
"""What stands before an @ where nobody's name does."""
ALSO_WORDS = frozenset(
    ("april", "art", "august", "bill", "chase", "dean", "drew", "frank", "grace", "grant", "guy", "hope", "jack", "joy", "june", "mark", "max", "may",
     "miles", "pat", "penny", "ray", "rob", "rose", "sue", "will")
)  # fmt: skip
"""First names that would take words and months along: they are listed for the reviewer."""
AS_THEY_ARE = frozenset(
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


def people_of(dossier: Dossier) -> Iterator[str]:
    """Everybody the fields of the records name."""
    yield from (c.name for c in dossier.contacts)
    named = [*_written_by(dossier), *(t.requester for t in dossier.tickets), *(r.respondent for r in (*dossier.surveys, *dossier.scorecards))]
    named += [flag.by for flag in dossier.flags]
    ids = {c.id for c in dossier.contacts}
    yield from (name for name in named if name and "@" not in name and name not in ids and name[0].isalpha() and not name[0].islower())


def mailed(dossier: Dossier) -> Iterator[str]:
    """The names in the addresses of those who look after the account or wrote: `mira` and `d.moran` at the vendor sign as Mira and Moran."""
    addresses = dict.fromkeys(name for name in _written_by(dossier) if name and "@" in name)
    parts = dict.fromkeys(part for address in addresses for part in re.split(r"[\W\d_]+", address.casefold().split("@")[0]))
    yield from (part.title() for part in parts if len(part) >= SHORTEST and part not in DESKS)


def addresses_of(dossier: Dossier) -> Iterator[str]:
    """The e-mail addresses that stand in fields."""
    yield from (address for address in (*(c.email for c in dossier.contacts), dossier.account.csm, dossier.account.ae) if address and "@" in address)


def _written_by(dossier: Dossier) -> list[str | None]:
    wrote = [*(n.author for n in dossier.notes), *(m.author for t in dossier.tickets for m in t.messages)]
    return [*wrote, dossier.account.csm, dossier.account.ae]


def domain_in(site: str) -> str:
    """The bare domain of what a field holds: an address of a page, or of a mailbox, or the domain itself."""
    return re.sub(r"^(?:[a-z]+://)?(?:www\.)?", "", folded(site.strip()).rpartition("@")[2]).partition("/")[0].strip(".")


def unlike(stand_ins: Sequence[str], names: Collection[str]) -> list[str]:
    """The stand-ins that share no word with these names; all of them where every one does."""
    taken = {word for name in names for word in words_of(name)}
    return [stand_in for stand_in in stand_ins if not taken & set(words_of(stand_in))] or list(stand_ins)
