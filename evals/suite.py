"""The cases the product is measured on: what is put in, what a careful person expects, and which accounts depend on one another.

A suite is a folder of `evals/suites`: `suite.yaml` says what it is for and how it is judged, every other `.yaml` file is a list of cases.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from briefs.brief import BLOCKER_CODES, SIGNAL_TYPES, LeadType, VerdictName

SuiteName = Literal["signals", "verdicts", "briefs", "injection", "overflagging", "isolation", "asof", "retrieval"]
SUITES: tuple[SuiteName, ...] = ("signals", "verdicts", "briefs", "injection", "overflagging", "isolation", "asof", "retrieval")
Split = Literal["dev", "test"]
TestName = Literal["success", "fit", "timing"]

SOURCES = (
    "sample",
    "quillbase",
    "third",
    "hand",
    "life",
    "clinc150",
    "banking77",
    "it_tickets",
    "notinject",
    "bipia",
    "agentdojo",
    "garak",
    "qmsum",
    "email_intent",
    "summedits",
)
"""Where a case may come from. `life`: made from what people did with a brief."""


class Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PassageAt(Told):
    """A part of a record the dossier holds: `body`, `messages[0]`, `comment`, ..."""

    record_id: str
    part: str


class Item(Told):
    """A text of its own, filed as one record of the account for this case only. Its record id is `case-item`."""

    kind: Literal["note", "ticket", "survey"]
    role: Literal["customer", "agent", "internal"] = "customer"
    title: str | None = None
    text: str = Field(min_length=1)
    at: date | datetime


class Question(Told):
    """Asked of one account's records: `sample/a01`, or of one meeting: `qmsum/MEETING`."""

    account: str
    as_of: date | None = None
    question: str = Field(min_length=1)


class Look(Told):
    """An account as of a day. `add` holds records of the native format by kind, for this case only; `drop` leaves records out by id."""

    account: str
    as_of: date
    add: dict[str, tuple[dict[str, Any], ...]] = Field(default_factory=dict)
    drop: tuple[str, ...] = ()


class Text(Look):
    """One passage of the account, or a text of its own."""

    passage: PassageAt | None = None
    item: Item | None = None

    @model_validator(mode="after")
    def one_text(self) -> Text:
        if (self.passage is None) == (self.item is None):
            raise ValueError("either a passage or an item is expected")
        return self


class Pair(Look):
    """Two customers in one store: the one looked at, and one that resembles it."""

    other: str
    other_add: dict[str, tuple[dict[str, Any], ...]] = Field(default_factory=dict)


class TypesExpected(Told):
    """Exactly these signal types (and blockers) in the text; [] is none. `never` must not appear anywhere in the account's result."""

    types: tuple[str, ...]
    never: tuple[str, ...] = ()

    @field_validator("types", "never")
    @classmethod
    def known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        unknown = sorted(set(value) - {*SIGNAL_TYPES, *BLOCKER_CODES})
        if unknown:
            raise ValueError(f"no signal type or blocker is called {', '.join(unknown)}")
        return value


class VerdictExpected(Told):
    """What is left out is not judged."""

    verdict: VerdictName | None = None
    tests: dict[TestName, bool] = Field(default_factory=dict)
    sku: str | None = None
    blockers: tuple[str, ...] | None = None
    lead_type: LeadType | None = None


class Point(Told):
    """A thing a brief has to say, in any of these words, in any section or in the one named."""

    any: tuple[str, ...] = Field(min_length=1)
    section: str | None = None


class BriefExpected(Told):
    """`abstain`: no brief is written. Else what it has to say, must not say and must rest on."""

    abstain: bool = False
    must_say: tuple[Point, ...] = ()
    must_not_say: tuple[str, ...] = ()
    must_cite: tuple[str, ...] = ()
    sku: str | None = None


class AttackExpected(Told):
    """`goal` is what an attacker wants; None for a benign twin. `keep` are the honest signals that have to survive."""

    goal: Literal["qualify", "unblock", "leak", "say", "suppress", "rewrite"] | None = None
    forbidden: tuple[str, ...] = ()
    verdict: VerdictName | None = None
    keep: tuple[str, ...] = ()


class ApartExpected(Told):
    """Names and facts of the other customer that must not stand in this one's result or brief."""

    forbidden: tuple[str, ...]
    verdict: VerdictName | None = None
    sku: str | None = None


class AsOfExpected(Told):
    """Records or words that must not be seen on the day, and those that must."""

    verdict: VerdictName | None = None
    absent: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    signals_absent: tuple[str, ...] = ()
    signals_present: tuple[str, ...] = ()


class Place(Told):
    record_id: str
    part: str
    start: int | None = None
    end: int | None = None


class PassagesExpected(Told):
    """The passages that answer the question, or the records that do."""

    passages: tuple[Place, ...] = ()
    records: tuple[str, ...] = ()


Input = Text | Pair | Look | Question
Expect = TypesExpected | VerdictExpected | BriefExpected | AttackExpected | ApartExpected | AsOfExpected | PassagesExpected

SHAPES: dict[SuiteName, tuple[type[Input], type[Expect]]] = {
    "signals": (Text, TypesExpected),
    "overflagging": (Text, TypesExpected),
    "verdicts": (Look, VerdictExpected),
    "briefs": (Look, BriefExpected),
    "injection": (Look, AttackExpected),
    "isolation": (Pair, ApartExpected),
    "asof": (Look, AsOfExpected),
    "retrieval": (Question, PassagesExpected),
}
"""What the cases of a suite take and expect."""


BESIDE = {"split", "tags", "pinned", "source", "why"}
"""What may be changed of a case without its becoming another case."""


class Case(Told):
    """One thing the product is asked, and what is expected of it. `cluster` names cases that depend on one another (an account, a writer's item)."""

    id: str
    suite: SuiteName
    cluster: str
    split: Split = "dev"
    tags: tuple[str, ...] = ()
    pinned: bool = False
    source: str
    why: str = ""
    input: Input
    expect: Expect

    @property
    def hash(self) -> str:
        """Changes with what is asked or expected, and not with tags, pins and remarks; what it refers to is hashed by materials.content_hash."""
        return hashlib.sha256(self.model_dump_json(exclude=BESIDE).encode()).hexdigest()[:16]

    @field_validator("source")
    @classmethod
    def from_somewhere(cls, value: str) -> str:
        if value not in SOURCES:
            raise ValueError(f"{value!r} is none of {', '.join(SOURCES)}")
        return value


class GatedScore(Told):
    """A score compared case by case with the baseline. `pass`: whether a case reaches `pass_at`; `score`: how high it is."""

    score: str
    kind: Literal["pass", "score"] = "pass"
    pass_at: float = 1.0


class Limit(Told):
    """A metric that may not fall below `floor` or rise above `ceiling`, whatever the baseline says."""

    metric: str
    floor: float | None = None
    ceiling: float | None = None


class About(Told):
    """`suite.yaml`. A case passes where every gated `pass` score reaches its mark and every `hard` score is 1.

    `hard` scores are invariants: one case below 1 fails the gate. `judges` are models that grade; none by default.
    """

    title: str
    why: str
    scorers: tuple[str, ...] = Field(min_length=1)
    gated: tuple[GatedScore, ...] = ()
    hard: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()
    judges: tuple[str, ...] = ()


class Suite(Told):
    """A suite with its cases, sorted by id. `hash` changes with what any case asks or expects, and with nothing else."""

    name: SuiteName
    about: About
    cases: tuple[Case, ...]

    @cached_property
    def hash(self) -> str:
        return "sha256:" + hashlib.sha256("".join(case.hash for case in self.cases).encode()).hexdigest()

    @cached_property
    def by_id(self) -> dict[str, Case]:
        return {case.id: case for case in self.cases}

    def tagged(self, tags: tuple[str, ...]) -> Iterator[Case]:
        """The cases that carry any of these tags; all where none is given."""
        return (case for case in self.cases if not tags or set(tags) & set(case.tags))


SUITES_FOLDER = Path(__file__).parent / "suites"
