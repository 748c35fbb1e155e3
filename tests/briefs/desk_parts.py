"""A desk to review at: a valid brief, its dossier, people, a clock and a shelf for hand-offs, all real but the shelf."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from briefs import people
from briefs.brief import AccountResult, BriefBody, Card, Claim, Evidence, FitResult, Provenance, Section, TalkTrack, TestResult, Tests
from briefs.canonical import canonical, canonical_json, digest
from briefs.deciding.arriving import arrived
from briefs.delivery import Courier
from briefs.people import Person
from briefs.policy import DEFAULTS
from briefs.review import Desk, Edit, Owners, approve, edit
from briefs.store import Store, Transaction
from briefs.store.handoffs import Handoff
from briefs.workdays import WEEKDAYS

AS_OF = date(2026, 3, 31)
NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)
SELLER = "eve@acme.example"
NOTE_TEXT = "We would like to bring the Lyon team on board before summer."
DOSSIER = canonical_json(
    {"account": {"id": "a1"}, "notes": [{"id": "n1", "body": NOTE_TEXT}, {"id": "n2", "body": "Nothing new from the weekly call."}]}
)
SAID = Evidence(record_id="n1", kind="note", part="body", start=0, end=len(NOTE_TEXT), quote=NOTE_TEXT)


def body(
    account_id: str = "a1", *, sku: str = "enterprise", as_of: date = AS_OF, headline: str = "Acme is ready for Enterprise", dossier: bytes = DOSSIER
) -> BriefBody:
    """A brief of two sentences, one of them in the customer's words."""
    return BriefBody(
        account_id=account_id,
        account_name="Acme",
        as_of=as_of,
        motion="tier",
        sku=sku,
        sku_name="Enterprise",
        lead_type="customer_success",
        route="ae",
        verdict="qualified",
        card=Card(account="Acme", headline=headline, why_now="Renewal", arr="", tests={}, top_risk="none", next_step="Call", as_of=as_of),
        sections=(
            Section(
                key="need",
                title="Need",
                claims=(
                    Claim(id="c1", text=f"They said: {NOTE_TEXT}", kind="customer_said", evidence=(SAID,)),
                    Claim(id="c2", text="The plan has 50 seats."),
                ),
            ),
        ),
        coverage=(),
        arr=None,
        usage=(),
        talk_track=TalkTrack(objective="Learn", opener="Hello", questions=(), risk="", say="", show="", avoid=""),
        sources=(),
        provenance=Provenance(engine="offline", rubric_version="sha256:r", dossier_hash=digest(dossier)),
    )


def result(account_id: str = "a1", *, brief_id: str | None = None, as_of: date = AS_OF) -> AccountResult:
    met = TestResult(met=True)
    return AccountResult(
        account_id=account_id,
        account_name="Acme",
        as_of=as_of,
        verdict="qualified",
        engine="offline",
        tests=Tests(success=met, fit=FitResult(met=True, sku="enterprise"), timing=met),
        brief_id=brief_id,
        dossier_hash=digest(DOSSIER),
        rubric_version="sha256:r",
    )


class Clock:
    """Every look at it is a second later."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@dataclass
class Shelf:
    """Where hand-offs are put: the bytes written, by hand-off id. `breaks` raises on the next write, after or before it is done."""

    written: dict[str, bytes] = field(default_factory=dict)
    breaks: BaseException | None = None
    breaks_after: bool = False

    def write(self, handoff: Handoff, data: bytes) -> Mapping[str, str]:
        trouble, self.breaks = self.breaks, None
        if trouble and not self.breaks_after:
            raise trouble
        self.written[handoff.id] = data
        if trouble:
            raise trouble
        return {"body.json": digest(data)}

    def remove(self, handoff_id: str) -> None:
        self.written.pop(handoff_id, None)


def counter(prefix: str) -> Callable[[], str]:
    numbers = itertools.count(1)
    return lambda: f"{prefix}{next(numbers)}"


class Died(BaseException):
    """The process was killed here."""


class MortalStore(Store):
    """A store whose process is killed at its `lives`-th writing transaction: right before it is committed, or right after."""

    def __init__(self, engine: Engine, lives: int, *, committed: bool) -> None:
        super().__init__(engine)
        self.lives, self.committed = lives, committed

    @contextlib.contextmanager
    def writing(self) -> Generator[Transaction]:
        self.lives -= 1
        with super().writing() as connection:
            yield connection
            if self.lives == 0 and not self.committed:
                raise Died
        if self.lives == 0:
            raise Died


@dataclass
class Office:
    """A desk with people: `dana` is the CSM of every account, `otto` the CSM of none, `eve` sells, `max` is admin."""

    desk: Desk
    shelf: Shelf
    clock: Clock
    dana: Person
    otto: Person
    eve: Person
    max: Person
    tokens: dict[str, str]

    @property
    def store(self) -> Store:
        return self.desk.courier.store

    def draft(self, written: BriefBody | None = None) -> str:
        """A draft of the machine, with its dossier."""
        written = written or body()
        self.draft_dossier(written)
        return self.store.save_draft(written, at=self.clock(), new_id=self.desk.courier.new_id)

    def draft_dossier(self, written: BriefBody) -> None:
        self.store.save_dossier(digest(DOSSIER), written.account_id, written.as_of, DOSSIER)

    def head(self, brief_id: str) -> str:
        return self.store.brief(brief_id).head

    def approve(self, brief_id: str, person: Person | None = None):
        return approve(self.desk, person or self.dana, brief_id, self.head(brief_id), current_dossier_check=unchanged)

    def mortal(self, lives: int, *, committed: bool) -> Office:
        """The same office with a store that dies."""
        return replace(
            self, desk=replace(self.desk, courier=replace(self.desk.courier, store=MortalStore(self.store.engine, lives, committed=committed)))
        )

    def approve_without_delivering(self, brief_id: str) -> None:
        """As if the process died right after the decision was written."""
        with contextlib.suppress(Died):
            self.mortal(1, committed=True).approve(brief_id)

    def edit(self, brief_id: str, text: str = "They want the Lyon team in by summer.", person: Person | None = None):
        change = Edit(sentences={"c1": text})
        return edit(self.desk, person or self.dana, brief_id, self.head(brief_id), change, verify_sentence=carried)

    def four_eyes(self) -> Office:
        return replace(self, desk=replace(self.desk, four_eyes=True))


def office(store: Store) -> Office:
    clock, shelf, new_id, new_token = Clock(), Shelf(), counter("id"), counter("token")
    courier = Courier(
        store=store,
        write=shelf.write,
        remove=shelf.remove,
        now=clock,
        new_id=new_id,
        seller=lambda connection, account_id: SELLER,
        arrived=partial(arrived, policy=DEFAULTS, workdays=WEEKDAYS, new_id=new_id),
    )
    desk = Desk(courier=courier, owners=lambda account_id: Owners(csm="Dana@acme.example", ae=SELLER))
    roles = {"dana": "csm", "otto": "csm", "eve": "ae", "max": "admin"}
    made = {
        name: people.add(store, name.title(), role, f"{name}@acme.example", by=None, now=clock, new_id=counter(name), new_token=new_token)
        for name, role in roles.items()
    }
    return Office(
        desk=desk,
        shelf=shelf,
        clock=clock,
        **{name: new.person for name, new in made.items()},
        tokens={name: new.token for name, new in made.items()},
    )


def unchanged(written: BriefBody) -> list[str]:
    return []


def carried(text: str, dossier: bytes, evidence: tuple[Evidence, ...]) -> Claim:
    """A record carries what the dossier says literally; everything else is the CSM's word."""
    in_record = text in dossier.decode()
    return Claim(id="new", text=text, kind="fact" if in_record else "csm_statement", evidence=evidence if in_record else ())


def database_bytes(path: Path) -> bytes:
    """Everything the database keeps on disk, its journals included."""
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(path.name + "*")))


def canonical_hash(written: BriefBody) -> str:
    return digest(canonical(written))
