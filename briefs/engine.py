"""An engine reads text and words a brief. There are two: the offline one, and one with a model that falls back to it and says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from briefs.brief import AccountResult, BriefBody, Cost
from briefs.drafting.assemble import assemble, verified
from briefs.drafting.material import Material
from briefs.drafting.offline import sections
from briefs.needs import Shelf
from briefs.reading.grounds import vendor_words
from briefs.reading.offline import Context, Reading
from briefs.reading.record_reader import RecordReader, Shop
from briefs.reading.sentences import Sentence
from briefs.subject import Subject
from briefs.verify import Court
from retrieval.dossier import Dossier
from retrieval.search import Hit

if TYPE_CHECKING:
    from retrieval.embedding import Vectors

    Embed = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True)
class Read:
    """What a reader made of an account's sentences, and by which engine at what cost."""

    readings: tuple[Reading, ...]
    name: str
    engine: Literal["offline", "llm"] = "offline"
    note: str | None = None
    model: str | None = None
    prompt_versions: Mapping[str, str] = field(default_factory=dict[str, str])
    cost: Cost = field(default_factory=Cost)
    left_out: tuple[str, ...] = ()


class Engine(Protocol):
    """`version` changes when the same text may be read differently; `examples` are prompt sentences that may never stand in a brief."""

    @property
    def version(self) -> str: ...
    @property
    def embed(self) -> Embed: ...
    @property
    def examples(self) -> tuple[str, ...]: ...

    def read(self, sentences: Sequence[Sentence], dossier: Dossier, subject: Subject, shelf: Shelf, hits: Sequence[Hit]) -> Read: ...
    def write(self, material: Material, result: AccountResult, court: Court) -> tuple[BriefBody, AccountResult]: ...


class OfflineEngine:
    """Rules, local embeddings, a small classifier and extractive drafting. No network, no key."""

    examples: tuple[str, ...] = ()

    def __init__(self, reader: RecordReader, embed: Embed) -> None:
        self.reader = reader
        self.embed = embed
        self.version = f"offline:{reader.version}"

    def read(self, sentences: Sequence[Sentence], dossier: Dossier, subject: Subject, shelf: Shelf, hits: Sequence[Hit]) -> Read:
        return Read(tuple(self.reader.read(sentences, context(dossier), shop(shelf))), "offline")

    def write(self, material: Material, result: AccountResult, court: Court) -> tuple[BriefBody, AccountResult]:
        kept, rejected = verified(sections(material), court)
        return assemble(material, result, kept, rejected, court), result


def context(dossier: Dossier) -> Context:
    """The names a reader must know to understand an account's sentences. Other customers are noticed later, for every engine alike."""
    return Context(
        account_names=(dossier.account.name, *dossier.account.aliases),
        contacts=tuple(c.name for c in dossier.contacts),
        sponsors=tuple(c.name for c in dossier.contacts if c.role in ("champion", "economic_buyer")),
        products=tuple(product.name for product in dossier.catalogue.products if product.kind == "module"),
    )


def shop(shelf: Shelf) -> Shop:
    """What the offline reader may ask of the catalogue."""
    return Shop(
        wanted=shelf.speaks_of_more,
        owned=lambda text: any(m.owned for m in shelf.named(text)),
        limit=shelf.limit_named,
        vendor=vendor_words(p.name for p in shelf.catalogue.products),
        products=frozenset(word for p in shelf.catalogue.products for word in p.name.casefold().split()),
    )
