"""The product, read top to bottom: a dossier becomes signals, signals a verdict, a qualified account a verified brief a person can approve."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property, partial
from importlib import resources

from briefs import yamlfile
from briefs.brief import AccountResult, BriefBody, Override
from briefs.drafting.flags import flagged
from briefs.drafting.material import Material
from briefs.engine import Engine, Read
from briefs.filing import Filing, unlimited
from briefs.needs import PhraseBook, Shelf
from briefs.qualify import Finding, qualify
from briefs.reading.forwarded import read_all
from briefs.reading.sentences import Sentence
from briefs.reading.speakers import People
from briefs.rubric import Rubric
from briefs.signals import from_data
from briefs.signals.injection import suspected
from briefs.signals.said import Heard, interpret
from briefs.signals.serve import serve
from briefs.store import Store
from briefs.subject import Directory, Subject
from briefs.unchanged import basis, may_draft, stale
from briefs.verify import Court
from retrieval.archive import Archive
from retrieval.dossier import Dossier, collect, end_of
from retrieval.search import Hit, Searcher

HITS = 4
"""Passages looked at for each question."""
VERSION = "6"
"""Of the code between a record and a verdict: a change that alters verdicts raises it, so that accounts are looked at anew."""


@dataclass(frozen=True)
class Examined:
    """Everything one look at an account gives."""

    dossier: Dossier
    finding: Finding
    heard: Heard
    read: Read
    shelf: Shelf
    subject: Subject
    sentences: tuple[Sentence, ...]
    overrides: tuple[Override, ...]
    searched: int
    questions: int


@dataclass(frozen=True)
class Scanned:
    """A result, and whether anything had to be done for it."""

    result: AccountResult
    fresh: bool


@dataclass(frozen=True)
class Prepared:
    """One look at an account, ready to be kept: its result, the dossier's bytes, a new draft where one is due. Plain data: it crosses processes."""

    result: AccountResult
    dossier: bytes
    draft: BriefBody | None


Spread = Callable[[Sequence[str], date, bool, bool], Iterator[Prepared]]
"""Looks at many accounts at once, elsewhere: (accounts, as_of, draft, force) to what each gives, in their order."""

Beside = Callable[[str, date, bool, bool], Prepared | None]
"""Looks at one account in another process: (account, as_of, draft, force) to what it gives, or None where it has to be looked at here."""

Progress = Callable[[str, int, int], None]
"""(account, done, total)."""


def quiet(account: str, done: int, total: int) -> None:
    """Progress for nobody."""


class Pipeline:
    """What a scan holds open: the archive, the search, the engine and the store. Time and ids are handed in."""

    def __init__(
        self,
        archive: Archive,
        searcher: Callable[[], Searcher],
        engine: Engine,
        rubric: Rubric,
        store: Store,
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        concurrency: int = 1,
        spread: Spread | None = None,
        filing: Filing | None = None,
    ) -> None:
        self.archive, self._searcher, self.engine, self.rubric, self.store = archive, searcher, engine, rubric, store
        self.now, self.new_id, self.concurrency, self.spread = now, new_id, concurrency, spread
        self.filing = filing or unlimited(store, now, new_id)
        self.beside: Beside | None = None

    @cached_property
    def directory(self) -> Directory:
        return Directory(self.archive.roster())

    @cached_property
    def book(self) -> PhraseBook:
        return PhraseBook(self.archive.catalogue(), self.engine.embed)

    def scan(self, accounts: Sequence[str], as_of: date, *, draft: bool = True, force: bool = False, progress: Progress = quiet) -> Iterator[Scanned]:
        """Each account's result, in the order given. Accounts with nothing new are answered from the store; only the rest are looked at."""
        scan_id = self.new_id()
        self.store.start_scan(scan_id, as_of, "machine", self.now())
        known = self.store.last_results(accounts)
        keys = {account: self.inputs_key(account, as_of) for account in accounts}
        due = stale(accounts, known, keys, draft=draft, force=force)
        awaited = set(due)
        with ThreadPoolExecutor(max_workers=max(self.concurrency, 1)) as pool:
            pending = self._prepared(due, as_of, pool, draft=draft, force=force)
            for done, account in enumerate(accounts, start=1):
                if account not in awaited:
                    scanned = Scanned(known[account].result, fresh=False)
                else:
                    scanned = Scanned(self._keep(next(pending), keys[account], scan_id), fresh=True)
                progress(account, done, len(accounts))
                yield scanned
        self.filing.release()
        self.store.finish_scan(scan_id, f"{len(due)} of {len(accounts)} looked at", self.now())

    def stale(self, accounts: Sequence[str], as_of: date, *, draft: bool = True, force: bool = False) -> list[str]:
        """Those of the accounts that have to be looked at."""
        keys = {account: self.inputs_key(account, as_of) for account in accounts}
        return stale(accounts, self.store.last_results(accounts), keys, draft=draft, force=force)

    def settle(self, scan_id: str, account_id: str, as_of: date, *, draft: bool = True, force: bool = False) -> AccountResult:
        """Looks at one account of a scan and keeps what it gives."""
        key = self.inputs_key(account_id, as_of)
        return self._keep(self.look(account_id, as_of, draft=draft, force=force), key, scan_id)

    def look(self, account_id: str, as_of: date, *, draft: bool = True, force: bool = False) -> Prepared:
        """As `prepare`, in the process beside this one where there is one: then only the one who asked waits for it."""
        prepared = self.beside(account_id, as_of, draft, force) if self.beside is not None else None
        return prepared or self.prepare(account_id, as_of, draft=draft, force=force)

    def _prepared(self, accounts: Sequence[str], as_of: date, pool: ThreadPoolExecutor, *, draft: bool, force: bool) -> Iterator[Prepared]:
        """A look at each account in turn: in other processes, in threads that wait for a model, or here."""
        if self.spread is not None:
            return self.spread(accounts, as_of, draft, force)
        look: Callable[[str], Prepared] = partial(self.prepare, as_of=as_of, draft=draft, force=force)
        return pool.map(look, accounts) if self.concurrency > 1 else map(look, accounts)

    def inputs_key(self, account_id: str, as_of: date, fingerprint: str | None = None) -> str:
        """Changes with anything a verdict or a draft rests on. `fingerprint`: the account's, where it was just read."""
        overrides, flags = self.store.judged(account_id, self.now())
        parts = (
            VERSION,
            fingerprint or self.archive.fingerprint(account_id),
            as_of.isoformat(),
            self.rubric.version,
            self.engine.version,
            self.directory.version,
            *(f"{o.id}:{o.expires_at.isoformat()}" for o in overrides),
            *(flag.model_dump_json() for flag in flags if flag.at <= end_of(as_of)),
        )
        return hashlib.sha256("|".join(parts).encode()).hexdigest()

    def dossier(self, account_id: str, as_of: date) -> Dossier:
        """Everything known of an account as of a day: its records, and what support flagged by then. Raises UnknownAccount."""
        return collect(self.archive, account_id, as_of, flags=self.store.ticket_flags(account_id))

    def examine(self, account_id: str, as_of: date) -> Examined:
        """One look at an account: what is known, what is said, what it means. Writes nothing. Raises UnknownAccount."""
        dossier = self.dossier(account_id, as_of)
        subject = Subject(dossier, self.directory)
        sentences = tuple(read_all((record for record in dossier.texts if not subject.misfiled(record)), People.of(dossier)))
        asked = questions()
        hits = _unique(self._searcher().search(account_id, asked, HITS, as_of)) if sentences else []
        shelf = Shelf(self.book, dossier.account)
        read = self.engine.read(sentences, dossier, subject, shelf, hits)
        heard = interpret(read.readings, sentences, dossier, shelf, subject, read.name)
        signals = [*serve(from_data(dossier, self.rubric), shelf), *heard.signals, *suspected(sentences, dossier.account.id)]
        overrides = tuple(self.store.overrides(account_id, self.now()))
        finding = qualify(dossier, signals, self.rubric, shelf, overrides)
        return Examined(dossier, finding, heard, read, shelf, subject, sentences, overrides, len(hits), len(asked))

    def result_of(self, examined: Examined) -> AccountResult:
        """The account result of the contract, without a brief."""
        finding, dossier, read = examined.finding, examined.dossier, examined.read
        return AccountResult(
            account_id=dossier.account.id,
            account_name=dossier.account.name,
            as_of=dossier.as_of,
            verdict=finding.verdict,
            engine=read.engine,
            engine_note=read.note,
            tests=finding.tests,
            blockers=finding.blockers,
            would_change=finding.would_change,
            lead_type=finding.lead_type,
            route=finding.route,
            motion=finding.motion,
            priority=finding.priority,
            undated_fields=dossier.undated_fields,
            overrides=examined.overrides,
            referrals=examined.heard.referrals,
            flags=flagged(dossier, examined.subject),
            arr=finding.arr,
            signals=finding.signals,
            dossier_hash=dossier.hash,
            rubric_version=self.rubric.version,
            model=read.model,
            prompt_versions=dict(read.prompt_versions),
            cost=read.cost,
            left_out=read.left_out,
        )

    def draft(self, examined: Examined, result: AccountResult) -> tuple[BriefBody, AccountResult]:
        """A verified brief, and the result with what drafting cost and how it went."""
        material = self.material(examined)
        court = self.court(examined)
        return self.engine.write(material, result, court)

    def material(self, examined: Examined) -> Material:
        cleared = tuple((o.target or "", o.by, o.reason, o.expires_at.date()) for o in examined.overrides if o.kind == "clear_blocker")
        return Material(
            dossier=examined.dossier,
            finding=examined.finding,
            shelf=examined.shelf,
            rubric=self.rubric,
            subject=examined.subject,
            sentences=examined.sentences,
            searched_passages=examined.searched,
            searched_questions=examined.questions,
            cleared=cleared,
            withdrawn=examined.heard.withdrawn,
            declined=examined.heard.declined,
        )

    def court(self, examined: Examined) -> Court:
        words = frozenset(
            w.casefold()
            for p in examined.dossier.catalogue.products
            for w in (*p.name.split(), *(x for f in (*p.features, *p.solves) for x in f.split()))
        )
        return Court(examined.dossier, examined.subject, self.engine.embed, self.engine.examples, frozenset(w.strip("(),.") for w in words))

    def prepare(self, account_id: str, as_of: date, *, draft: bool = True, force: bool = False) -> Prepared:
        """Looks at an account and drafts where the verdict, the product or a cited signal changed. Writes nothing."""
        examined = self.examine(account_id, as_of)
        result, body = self.result_of(examined), None
        if draft and may_draft(result):
            last = self.store.last_result(account_id)
            if not force and last is not None and last.brief_id and basis(last.result) == basis(result):
                result = result.model_copy(update={"brief_id": last.brief_id, "rejected": last.result.rejected})
            else:
                body, result = self.draft(examined, result)
                result = result.model_copy(update={"rejected": body.rejected})
                body = body.model_copy(update={"rejected": ()})
        return Prepared(result, examined.dossier.canonical(), body)

    def _keep(self, prepared: Prepared, key: str, scan_id: str) -> AccountResult:
        """Stores the result, its dossier and its draft."""
        at, result = self.now(), prepared.result
        self.store.save_dossier(result.dossier_hash, result.account_id, result.as_of, prepared.dossier)
        if prepared.draft is not None:
            result = result.model_copy(update={"brief_id": self.filing.file(prepared.draft, result)})
        self.store.save_result(result, key, scan_id, at)
        return result


@cache
def questions() -> tuple[str, ...]:
    """What a scan asks of an account's records, in one batch."""
    listed = yamlfile.read(resources.files("briefs").joinpath("questions.yaml").read_text("utf-8"))
    return tuple(question for key in ("for", "against") for question in listed[key])


def _unique(hits: Iterable[Sequence[Hit]]) -> list[Hit]:
    """Each passage once, with its best score, best first."""
    best: dict[str, Hit] = {}
    for hit in (h for row in hits for h in row):
        if hit.passage.id not in best or hit.score > best[hit.passage.id].score:
            best[hit.passage.id] = hit
    return sorted(best.values(), key=lambda h: (-h.score, h.passage.id))
