"""What each question to a model holds and what its answer says, as plain frozen types; places (0, 1, 2 ...) stand for the things asked about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from briefs.models import Usage
from briefs.models.shapes import Carried, Firmness, SpeaksFor, Stance, TextSignal

MOST_SENTENCES = 400
"""Sentences one question may hold; providers limit the length of an enumeration."""
LONGEST_SENTENCE = 300
"""Characters of a drafted sentence."""
MOST_SENTENCES_A_SECTION = 3


@dataclass(frozen=True)
class AccountFacts:
    """What is shown of an account before its sentences. Nothing here moves from day to day, so that a reading stays valid."""

    name: str
    aliases: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    """Names of the plan and products held."""
    features: tuple[str, ...] = ()
    """Features these already hold."""
    people: tuple[str, ...] = ()
    """As in `Dana Ito (champion)`."""
    other_companies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Passage:
    """A sentence or a piece of evidence as a model sees it: words, and who said them where and when."""

    text: str
    kind: str
    at: date | None = None
    speaker: str | None = None
    role: str | None = None
    """customer, csm, agent, or a contact's role."""
    internal: bool = False


@dataclass(frozen=True)
class Asked:
    """What every answer tells beside its content. `refused` says in words what code left out of it; it holds no text of a customer.

    `cut_off`: the model was stopped at its output limit. What it did not come to is unknown, and nothing it meant to leave out.
    """

    refused: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)
    cached: bool = False
    cut_off: bool = False
    prompt: str = ""
    prompt_version: str = ""


@dataclass(frozen=True)
class ExtractRequest:
    account: AccountFacts
    sentences: tuple[Passage, ...]

    def __post_init__(self) -> None:
        if len(self.sentences) > MOST_SENTENCES:
            raise ValueError(f"{len(self.sentences)} sentences; one question may hold {MOST_SENTENCES}.")


@dataclass(frozen=True)
class ReadSignal:
    """What the sentence at place `sentence` says, by the model's word."""

    sentence: int
    type: TextSignal
    stance: Stance
    speaks_for: SpeaksFor
    firmness: Firmness


@dataclass(frozen=True)
class Extraction(Asked):
    signals: tuple[ReadSignal, ...] = ()


@dataclass(frozen=True)
class SectionAsk:
    """A section to write; `evidence` holds the places of the pieces it may use."""

    key: str
    title: str
    evidence: tuple[int, ...]


@dataclass(frozen=True)
class DraftRequest:
    """`as_of` and `offer` in words: the last day of the records, and the product and quantity that would be offered."""

    account: str
    as_of: str
    offer: str
    sections: tuple[SectionAsk, ...]
    evidence: tuple[Passage, ...]


@dataclass(frozen=True)
class Drafted:
    """A sentence and the places of the evidence it names: at least one, all offered to its section."""

    section: str
    text: str
    evidence: tuple[int, ...]


@dataclass(frozen=True)
class DraftAnswer(Asked):
    sentences: tuple[Drafted, ...] = ()


@dataclass(frozen=True)
class RejectedSentence:
    """A drafted sentence that failed verification, with the reason in words."""

    sentence: Drafted
    reason: str


@dataclass(frozen=True)
class RedraftRequest:
    draft: DraftRequest
    rejected: tuple[RejectedSentence, ...]


@dataclass(frozen=True)
class RedraftAnswer(Asked):
    """At most one sentence for each rejected one, by its place; a place that is missing was given up."""

    sentences: tuple[tuple[int, Drafted], ...] = ()


@dataclass(frozen=True)
class ClaimAsk:
    text: str
    evidence: tuple[Passage, ...]


@dataclass(frozen=True)
class CheckRequest:
    account: str
    claims: tuple[ClaimAsk, ...]


@dataclass(frozen=True)
class CheckAnswer(Asked):
    """One judgement a claim, in the order asked; a claim the model passed over cannot be told."""

    carried: tuple[Carried, ...] = ()
