"""Cases from life: nobody is named, what people did becomes an expectation, nothing enters a suite unseen."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml

from briefs import review
from briefs.people import add
from evals import loading
from evals.bench import offline
from evals.errors import SuiteFault
from evals.life import proposing
from evals.life.frozen import rows_of
from evals.life.redaction import Redaction
from evals.life.shadow import run as shadow
from evals.materials import native_folder, source_of
from evals.rooms import Home
from retrieval.records import Contact, Message, Note, Ticket
from tests.briefs.account_builders import a_dossier, an_account
from tests.evals.suite_builders import workspace

NOTE = (
    "Dana Ruiz (dana.ruiz@kestrel-lifts.com, +44 20 7946 0958) of Kestrel Lifts says Dana's team grew. See https://kestrel-lifts.com/rota. "
    "On 2026-03-01 Ruiz asked for 12 seats. Helen Ward joined the call."
)


def redacted() -> tuple[Redaction, str]:
    account = an_account(name="Kestrel Lifts", aliases=("Kestrel",), domain="kestrel-lifts.com")
    who = Contact(id="c1", account_id=account.id, name="Dana Ruiz", email="dana.ruiz@kestrel-lifts.com", role="champion")
    at = datetime(2026, 3, 2, tzinfo=UTC)
    note = Note(id="kestrel-n1", account_id=account.id, at=at, author="Paul Best", body=NOTE)
    said = Message(at=at, author="Dana Ruiz", author_role="customer", body="Dana here, from Kestrel.")
    ticket = Ticket(id="t1", account_id=account.id, created_at=at, subject="Seats for Kestrel Lifts", requester="c1", messages=(said,))
    dossier = a_dossier(account=account, contacts=(who,), notes=(note,), tickets=(ticket,), surveys=(), usage=())
    redaction = Redaction(dossier)
    return redaction, yaml.safe_dump(redaction.rows(rows_of(dossier)), allow_unicode=True, width=10_000)


@pytest.mark.parametrize("name", ["Dana", "Ruiz", "Kestrel", "kestrel", "7946", "Paul Best"])
def test_whoever_the_records_name_is_named_nowhere(name: str) -> None:
    assert name not in redacted()[1]


def test_stand_ins_are_the_same_throughout_and_facts_stay() -> None:
    redaction, text = redacted()
    stand_in = redaction.text("Dana Ruiz")
    assert text.count(stand_in) >= 3
    assert stand_in.split()[0] + " here" in text
    assert "12 seats" in text
    assert "2026-03-01" in text
    assert redaction.text("dana.ruiz@kestrel-lifts.com") == redaction.text("Dana.Ruiz@kestrel-lifts.com")


def test_who_is_known_by_an_address_only_is_named_nowhere_and_names_that_are_words_are_listed() -> None:
    account = an_account(name="Kestrel Lifts", csm="mira@vendor.example", ae="will.stone@vendor.example")
    said = Note(
        id="n1", account_id=account.id, at=datetime(2026, 3, 2, tzinfo=UTC), author="support@vendor.example", body="Hi Mira, Will and Stone? I will."
    )
    redaction = Redaction(a_dossier(account=account, contacts=(), notes=(said,), tickets=(), surveys=(), usage=()))
    text = redaction.text(said.body)
    assert "Mira" not in text
    assert "Stone" not in text
    assert text.endswith("? I will.")
    assert redaction.left_over(text) == ["Will"]
    assert redaction.text("our support team") == "our support team"


def test_what_may_be_a_name_is_told_within_one_line_and_no_stand_in_is() -> None:
    redaction, _ = redacted()
    ours = redaction.text("Dana Ruiz")
    assert redaction.left_over(f"{ours}\n\n    Alex\n{ours.split()[0]}\n{ours.split()[1]}") == []


def test_names_that_stand_in_a_text_only_are_listed_for_the_reviewer() -> None:
    redaction, text = redacted()
    assert "Helen Ward" in redaction.left_over(text)
    assert redaction.text("Dana Ruiz") not in redaction.left_over(text)


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, str]:
    """A home with one portfolio, in which one account was scanned and drafted."""
    folder = tmp_path_factory.mktemp("life")
    home = Home(folder / "home", workspace(folder / "models").settings, workspace(folder / "models"))
    home.take_in(native_folder(source_of("sample/a01"), folder / "unused"))
    (scanned,) = home.pipeline(home.offline_engine).scan(["a01"], date(2026, 3, 31))
    assert scanned.result.brief_id is not None
    return home, scanned.result.brief_id


def test_a_rejection_becomes_a_proposed_case_that_can_be_accepted_and_run(drafted: tuple[Home, str], tmp_path: Path) -> None:
    home, brief = drafted
    assert proposing.propose(brief, home.store, home.archive) == []
    unchanged = shadow(home, offline, tmp_path / "shadow", None, lambda *_: None)
    assert [(one.flipped, one.lost, one.claims_lost) for one in unchanged.looked] == [(False, False, ())]
    someone = add(home.store, "Rita", "admin", by=None, now=home.now, new_id=home.new_id, new_token=lambda: "token").person
    review.reject(home.desk, someone, brief, home.store.brief(brief).head, reason_code="too_early", reason="They asked us to wait.")
    (proposal,) = proposing.propose(brief, home.store, home.archive)
    assert proposal.case["expect"] == {"abstain": True}
    assert "Corrib" not in yaml.safe_dump(proposal.records)
    proposing.keep(proposal, tmp_path)
    suites = tmp_path / "suites"
    (suites / "briefs").mkdir(parents=True)
    (suites / "briefs" / "suite.yaml").write_text("title: t\nwhy: w\nscorers: [abstention]\n", "utf-8")
    assert [one.case_id for one in proposing.waiting(tmp_path)] == [proposal.case_id]
    proposing.accept(proposal.case_id, tmp_path, suites)
    (case,) = loading.load("briefs", suites).cases
    assert (case.id, case.source) == (proposal.case_id, "life")
    assert (suites / "records" / f"life-{brief}.yaml").is_file()
    with pytest.raises(SuiteFault):
        proposing.accept(proposal.case_id, tmp_path, suites)
